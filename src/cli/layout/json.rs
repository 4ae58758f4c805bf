//! Advice on a layout as JSON: `schema/layout_advice.v1.json`.

use serde_json::{Value, json};

use super::text;
use crate::advice::{Advice, Asked, Price, Side};
use crate::import::Counted;
use crate::layout::Step;

/// Grows when a reader of the old form would go wrong.
const VERSION: u32 = 1;

pub(super) fn advice(advice: &Advice, counted: &Counted) -> Value {
    let tally = &counted.tally;
    let (companies, may_be_more) = tally.companies();
    let days = tally.days();
    json!({
        "version": VERSION,
        "data": {
            "decisions": tally.decisions(),
            "attributes": tally.attributes().len(),
            "companies": companies,
            "companies_may_be_more": may_be_more,
            "first": days.map(|(first, _)| first.to_string()),
            "last": days.map(|(_, last)| last.to_string()),
            "bytes_of_a_decision": tally.bytes_of_a_row(),
            "bytes_are_measured": counted.is_measured(),
            "refused": counted.refused,
        },
        "catalog_is_inferred": counted.is_inferred,
        "notes": counted.notes,
        "present": side(&advice.present, &advice.questions),
        "proposed": side(&advice.proposed, &advice.questions),
        "changes": advice.changes(),
        "moves_files": advice.moves_files(),
        "lines": text::lines(advice),
    })
}

fn side(side: &Side, questions: &[Asked]) -> Value {
    let warnings = side.warnings.iter().map(|warning| {
        json!({
            "id": warning.id.as_str(),
            "text": warning.text,
            "advice": warning.advice,
        })
    });
    let priced = questions.iter().zip(&side.prices);
    json!({
        "step": match side.layout.step {
            Step::Day => "day",
            Step::Month => "month",
        },
        "buckets": side.layout.buckets,
        "first_date": side.layout.first_date.to_string(),
        "ladder_days": side.ladder_days,
        "is_exact": side.is_exact,
        "partitions_existing": side.existing,
        "partitions_projected": side.projected,
        "files": side.files,
        "median_file_bytes": side.median_bytes,
        "largest_file_bytes": side.largest_bytes,
        "questions": priced.map(|(asked, of)| question(asked, *of)).collect::<Vec<_>>(),
        "warnings": warnings.collect::<Vec<_>>(),
    })
}

fn question(asked: &Asked, price: Option<Price>) -> Value {
    json!({
        "question": asked.text,
        "attribute": asked.attribute,
        "price": price.map(|price| json!({
            "queries": price.queries,
            "partitions_named": price.projected,
            "partitions_existing": price.existing,
            "files": price.files,
            "bytes": price.bytes,
            "planning_ms": price.planning_ms,
            "partitions_ms": price.partitions_ms,
            "cost_usd": price.usd,
        })),
    })
}
