//! What a spreadsheet is given.

use super::*;
use crate::answer::{Cause, Mark};

#[test]
fn no_cell_is_a_formula() {
    for (cell, given) in [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0"),
        ("-1+1", "'-1+1"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("\u{ff1d}1", "'\u{ff1d}1"),
        ("-", "'-"),
        ("-inf", "'-inf"),
        ("-3.2", "-3.2"),
        ("+1e9", "+1e9"),
        ("-e5", "'-e5"),
        ("12.4M", "12.4M"),
        ("", ""),
        ("a=b", "a=b"),
    ] {
        assert_eq!(safe(cell), given, "{cell}");
    }
}

#[test]
fn a_row_has_every_column_and_keeps_line_breaks_and_quotes() {
    let change = Change {
        at: "2025-03-01T10:00:00Z".parse().unwrap(),
        from: None,
        to: Some("a \"b\",\nc".to_owned()),
        cause: Cause::Overtaken,
        marks: vec![Mark::Late, Mark::Units],
        source: Some("crm".to_owned()),
        source_label: None,
        rule: None,
        rule_version: None,
        run_id: Some("=r".to_owned()),
        actor: None,
        reason: None,
        decision_id: "d1".to_owned(),
    };
    let text = String::from_utf8([head(), row(&change)].concat()).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.headers().unwrap().len(), COLUMNS.len());
    let row = reader.records().next().unwrap().unwrap();
    assert_eq!(&row[0], "2025-03-01T10:00:00.000Z");
    assert_eq!(&row[1], "");
    assert_eq!(&row[2], "a \"b\",\nc");
    assert_eq!(&row[4], "late units");
    assert_eq!(&row[8], "'=r");
    assert!(text.ends_with("\r\n"));
}

#[test]
fn a_file_is_named_in_plain_letters() {
    assert_eq!(file_name(17, "revenue"), "17-revenue-changes.csv");
    assert_eq!(
        file_name(-1, "\"; x=\"\u{e9}/.."),
        "-1-___x______-changes.csv"
    );
}
