//! Reports as JSON: `schema/reports.v1.json`.

use serde_json::{Value, json};

use crate::job::TriageState;
use crate::ledger::Report;
use crate::render::json::time;

/// Grows when a reader of the old form would go wrong.
const VERSION: u32 = 1;

pub(super) fn reports(reports: &[Report]) -> Value {
    json!({
        "version": VERSION,
        "reports": reports.iter().map(report).collect::<Vec<_>>(),
    })
}

fn report(report: &Report) -> Value {
    json!({
        "id": report.id,
        "at": time(report.at),
        "user": report.user,
        "channel": report.channel,
        "question": report.question,
        "wrong": report.wrong,
        "expected": report.expected,
        "link": report.link,
        "state": report.state.map(TriageState::name),
        "state_by": report.state_by,
        "in_slack": report.posted.is_some(),
    })
}
