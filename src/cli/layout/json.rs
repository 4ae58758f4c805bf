//! Advice on a layout as JSON: `schema/layout_advice.v1.json`.

use serde_json::{Value, json};

use super::super::measure::rounded;
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
            "bytes_of_a_decision": rounded(tally.bytes_of_a_row(), 1),
            "bytes_of_all_files": tally.on_disk().map(|(_, bytes)| bytes),
            "bytes_are_measured": counted.is_measured(),
            "refused": counted.refused,
            "unreadable": counted.unreadable,
        },
        "catalog_is_inferred": counted.is_inferred,
        "notes": counted.notes,
        "left_out": text::named(counted),
        "present": side(&advice.present, &advice.questions),
        "proposed": side(&advice.proposed, &advice.questions),
        "changes": advice.changes(),
        "moves_files": advice.moves_files(),
        "trade": text::trade(advice),
        "passed_over": text::passed_over(advice),
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
        "partitions_existing": rounded(side.existing, 1),
        "partitions_projected": side.projected,
        "files": rounded(side.files, 1),
        "median_file_bytes": rounded(side.median_bytes, 0),
        "largest_file_bytes": rounded(side.largest_bytes, 0),
        "questions": priced.map(|(asked, of)| question(asked, *of)).collect::<Vec<_>>(),
        "warnings": warnings.collect::<Vec<_>>(),
    })
}

fn question(asked: &Asked, price: Option<Price>) -> Value {
    json!({
        "question": asked.text,
        "attribute": asked.attribute,
        "price": price.map(|price| json!({
            "queries": rounded(price.queries, 3),
            "partitions_named": rounded(price.projected, 1),
            "partitions_existing": rounded(price.existing, 1),
            "files": rounded(price.files, 1),
            "bytes": rounded(price.bytes, 0),
            "planning_ms": rounded(price.planning_ms, 3),
            "partitions_ms": rounded(price.partitions_ms, 3),
            "cost_usd": rounded(price.usd, 9),
        })),
    })
}
