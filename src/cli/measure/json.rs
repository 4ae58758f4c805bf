//! A measurement as JSON: `schema/measure.v1.json`.

use serde_json::{Map, Value, json};

use super::{Measured, Report};
use crate::measure::{Figures, Mend, Part, Verdict};

/// Grows when a reader of the old form would go wrong.
const VERSION: u32 = 1;

pub(super) fn report(
    report: &Report,
    verdict: Option<&Verdict>,
    answered: &[(&str, &Figures)],
) -> Value {
    let question = |at: usize| answered.get(at).map(|(text, _)| *text);
    json!({
        "version": VERSION,
        "engine": report.engine,
        "rounds": report.rounds,
        "cost_usd": report.cost_usd.map(usd),
        "questions": report.measured.iter().map(|one| question_of(one, report)).collect::<Vec<_>>(),
        "dominates": verdict.map(|verdict| json!({
            "part": verdict.part.as_str(),
            "share": rounded(verdict.share, 4),
            "question": question(verdict.most),
            "nothing_to_mend": verdict.mend == Mend::Nothing,
            "advice": verdict.advice,
        })),
    })
}

fn question_of(measured: &Measured, report: &Report) -> Value {
    let figures = match &measured.outcome {
        Ok(figures) => figures,
        Err(failure) => {
            return json!({
                "question": measured.text,
                "failure": { "code": failure.code, "text": failure.text },
            });
        }
    };
    let parts: Map<String, Value> = Part::ALL
        .into_iter()
        .zip(figures.parts_ms)
        .map(|(part, took)| (part.as_str().to_owned(), json!(took.map(ms))))
        .collect();
    json!({
        "question": measured.text,
        "found": measured.found,
        "engine": figures.engine,
        "total_ms": ms(figures.total_ms),
        "slowest_ms": ms(figures.slowest_ms),
        "parts_ms": parts,
        "partitions_planned": figures.partitions_planned,
        "partitions_read": figures.partitions_read,
        "bytes": figures.bytes,
        "files": figures.files,
        "requests": figures.requests,
        "cost_usd": report.cost_usd.map(|_| usd(figures.cost_usd)),
    })
}

/// A figure to so many places: no measurement is finer.
pub(in crate::cli) fn rounded(figure: f64, places: i32) -> f64 {
    let unit = 10_f64.powi(places);
    (figure * unit).round() / unit
}

fn ms(millis: f64) -> f64 {
    rounded(millis, 3)
}

fn usd(usd: f64) -> f64 {
    rounded(usd, 9)
}
