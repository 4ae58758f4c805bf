//! Changes as CSV (RFC 4180, UTF-8), for spreadsheets.
//!
//! A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@`, a tab or a line break for a
//! formula, and a source's value may be anything: such a cell gets an apostrophe before it, but for
//! plain numbers (`-3.2`), which no formula can be made of. JSON has every value as it is, and tells
//! no value from an empty one. Start at [`row`].

use crate::answer::Change;

#[cfg(test)]
mod tests;

const COLUMNS: [&str; 12] = [
    "at",
    "from",
    "to",
    "cause",
    "marks",
    "source",
    "rule",
    "rule_version",
    "run_id",
    "actor",
    "reason",
    "decision_id",
];

pub(in crate::api) fn head() -> Vec<u8> {
    line(COLUMNS.map(str::to_owned))
}

pub(in crate::api) fn row(change: &Change) -> Vec<u8> {
    let marks: Vec<&str> = change.marks.iter().map(|mark| mark.as_str()).collect();
    let at = change.at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string();
    let marks = marks.join(" ");
    let text = |text: &Option<String>| text.as_deref().map(safe).unwrap_or_default();
    line([
        at,
        text(&change.from),
        text(&change.to),
        change.cause.as_str().to_owned(),
        marks,
        text(&change.source),
        text(&change.rule),
        text(&change.rule_version),
        text(&change.run_id),
        text(&change.actor),
        text(&change.reason),
        safe(&change.decision_id),
    ])
}

/// Nothing that a spreadsheet would compute. Wide forms count: some keyboards write them.
fn safe(cell: &str) -> String {
    const STARTS: [char; 11] = [
        '=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
    ];
    match cell.starts_with(STARTS) && !is_plain_number(cell) {
        true => format!("'{cell}"),
        false => cell.to_owned(),
    }
}

fn is_plain_number(cell: &str) -> bool {
    let digits = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-');
    cell.chars().all(digits) && cell.parse::<f64>().is_ok_and(f64::is_finite)
}

fn line<const N: usize>(cells: [String; N]) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    // Into memory: nothing can go wrong.
    let _ = writer.write_record(&cells);
    writer.into_inner().unwrap_or_default()
}

/// Of letters that every system takes: `17-revenue-changes.csv`.
pub(super) fn file_name(entity_id: i64, attribute: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let attribute: String = attribute.chars().take(60).map(plain).collect();
    format!("{entity_id}-{attribute}-changes.csv")
}
