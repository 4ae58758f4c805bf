//! A report as JSON: `schema/check.v1.json`.

use serde_json::{Value, json};

use super::{Finding, Looked, Report};

#[must_use]
pub fn report(report: &Report) -> Value {
    json!({
        "lake": report.lake,
        "clean": report.is_clean(),
        "whole": report.is_whole(),
        "tables": report.tables.iter().map(looked).collect::<Vec<Value>>(),
        "findings": report.findings.iter().map(finding).collect::<Vec<Value>>(),
        "notes": report.notes,
    })
}

fn looked(looked: &Looked) -> Value {
    json!({
        "table": looked.table,
        "folders": looked.folders,
        "folders_read": looked.folders_read,
        "files": looked.files,
        "files_read": looked.files_read,
        "bytes_read": looked.bytes_read,
        "rows": looked.rows,
    })
}

fn finding(finding: &Finding) -> Value {
    json!({
        "code": finding.kind.code(),
        "table": finding.table,
        "column": finding.column,
        "expected": { "by": finding.expected.0.code(), "says": finding.expected.1 },
        "found": { "by": finding.found.0.code(), "says": finding.found.1 },
        "count": finding.count,
        "counted": finding.kind.unit().code(),
        "examples": finding.examples,
        "advice": finding.advice,
    })
}
