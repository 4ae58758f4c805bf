//! Which copies of a decision are told, and that few of them are held.

use super::{Copies, Format, Kind, link};
use crate::check::copies::Left;

/// Copies of one decision: whose, its value, when it was written, and where.
type Copy<'a> = (i64, &'a str, &'a str, &'a str);

fn found(format: Format, rows: &[Copy<'_>]) -> (Vec<String>, Left) {
    let mut copies = Copies::new(format);
    let mut found = Vec::new();
    for (entity_id, value, written, file) in rows {
        let mut decision = link(*entity_id, "a", 1, None).decision;
        decision.decision_id = "d".to_owned();
        decision.value = Some((*value).to_owned());
        decision.written = (*written).to_owned();
        if let Some(finding) = copies.see(("trace", &decision), true, file) {
            assert_eq!(finding.kind, Kind::DuplicateDecision);
            found.push(format!("{}: {}", finding.found.1, finding.examples[0]));
        }
    }
    (found, copies.finish())
}

#[test]
fn of_plain_parquet_every_copy_is_told_once() {
    let check = |rows: &[Copy<'_>], expected: &[&str]| {
        assert_eq!(found(Format::Parquet, rows).0, expected);
    };
    check(&[(1, "x", "f", "f")], &[]);
    check(
        &[(1, "x", "f", "f"), (1, "x", "g", "g"), (1, "x", "h", "h")],
        &["copies that say the same: d (company 1) in f and in g"],
    );
    check(
        &[(1, "x", "f", "f"), (1, "y", "f", "f")],
        &["copies that differ in value: d (company 1) twice in f"],
    );
    check(
        &[(1, "x", "f", "f"), (2, "x", "g", "g")],
        &["copies that differ in company: d (companies 1 and 2) in f and in g"],
    );
}

#[test]
fn of_hudi_only_what_no_commit_puts_in_order_is_told() {
    let check = |rows: &[Copy<'_>], expected: &[&str], superseded: u64| {
        let (found, left) = found(Format::Hudi, rows);
        assert_eq!(found, expected);
        assert_eq!(left.superseded, superseded);
    };
    check(&[(1, "x", "1", "f"), (1, "y", "2", "g")], &[], 1);
    check(&[(1, "x", "2", "f"), (1, "y", "1", "g")], &[], 1);
    check(
        &[(1, "x", "1", "f"), (1, "y", "2", "g"), (1, "z", "2", "h")],
        &["copies that differ in value: d (company 1) in g and in h"],
        1,
    );
    check(
        &[(1, "x", "1", "f"), (2, "x", "2", "g")],
        &["copies that differ in company: d (companies 1 and 2) in f and in g"],
        0,
    );
}

#[test]
fn where_there_are_too_many_some_are_looked_at_and_copies_of_those_are_found() {
    let mut copies = Copies::new(Format::Parquet).of_at_most(100);
    let mut found = 0_u64;
    for round in 0..2 {
        for number in 0..1_000 {
            let mut decision = link(1, "a", 1, None).decision;
            decision.decision_id = format!("d{number}");
            let file = format!("file {round}");
            found += u64::from(copies.see(("trace", &decision), true, &file).is_some());
        }
    }
    let left = copies.finish();
    assert!(left.thinned >= 3 && left.thinned < 8, "{}", left.thinned);
    assert!(found > 20 && found <= 100, "{found}");
    let notes = left.notes("trace");
    let part = 1 << left.thinned;
    assert!(
        notes[0].contains(&format!("one decision in {part} ")),
        "{notes:?}"
    );
}
