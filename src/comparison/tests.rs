//! What is said to differ.

use super::*;
use crate::answer::{AttributeInfo, Explained, Read};
use crate::question::{LookBack, Question};
use crate::trace::Candidate;
use crate::value::Kind;

fn at(day: &str) -> Timestamp {
    format!("{day}T00:00:00Z").parse().unwrap()
}

fn winner(source: &str, record: &str, value: &str) -> Explained {
    Explained {
        candidate: Candidate {
            source: source.to_owned(),
            record_id: Some(record.to_owned()),
            value: Some(value.to_owned()),
            observed_at: None,
            confidence: None,
            selected: true,
            reason: None,
            url: None,
        },
        label: source.to_owned(),
        url: None,
        status: Status::Winner,
        older_by_s: None,
        confidence_margin: None,
        rule_says: None,
        would_win_if: None,
    }
}

fn answer(day: &str, value: Option<&str>) -> Answer {
    let current = value.map(|value| Current {
        value: Some(value.to_owned()),
        display: value.to_owned(),
        since: at("2024-01-01"),
        since_at_least: false,
        decided_at: at("2024-01-01"),
        decision_id: "d1".to_owned(),
        rule: Some("recency".to_owned()),
        rule_version: Some("1".to_owned()),
        run_id: None,
        actor: None,
        is_override: false,
        reason: None,
        candidates: vec![winner("crm", "r1", value)],
    });
    let day_read = utc_day(day);
    Answer {
        question: Question {
            text: String::new(),
            entity_id: 17,
            entity_name: "Acme".to_owned(),
            attribute: "revenue".to_owned(),
            as_of: at(day),
            expected: None,
            look_back: LookBack::Auto,
        },
        attribute: AttributeInfo {
            name: "revenue".to_owned(),
            label: "revenue".to_owned(),
            kind: Kind::Money,
            unit: None,
        },
        current,
        changes: Vec::new(),
        confirmations: 0,
        warnings: Vec::new(),
        expectation: None,
        read: Read {
            complete: false,
            ..Read::of_nothing(day_read, day_read)
        },
        nothing: None,
        id: String::new(),
    }
}

fn utc_day(day: &str) -> jiff::civil::Date {
    day.parse().unwrap()
}

fn check(of: Of, other: Answer, differs: &[&str]) {
    let compared = compare(of, answer("2025-01-01", Some("10M")), other);
    let found: Vec<&str> = compared.differs.iter().map(|a| a.as_str()).collect();
    assert_eq!(found, differs);
}

fn changed(change: impl Fn(&mut Current)) -> Answer {
    let mut answer = answer("2025-06-01", Some("10M"));
    change(answer.current.as_mut().unwrap());
    answer
}

#[test]
fn what_is_the_same_differs_in_nothing() {
    check(Of::Times, answer("2025-06-01", Some("10M")), &[]);
    check(Of::Companies, answer("2025-01-01", Some("10M")), &[]);
}

#[test]
fn each_aspect_is_named() {
    check(Of::Times, answer("2025-06-01", None), &["presence"]);
    check(Of::Times, changed(|c| c.value = None), &["value"]);
    check(
        Of::Times,
        changed(|c| c.value = Some("$10,000,000".to_owned())),
        &["writing"],
    );
    check(
        Of::Times,
        answer("2025-06-01", Some("12M")),
        &["value", "candidates"],
    );
    check(
        Of::Times,
        changed(|c| c.candidates = vec![winner("registry", "r1", "10M")]),
        &["source", "candidates"],
    );
    let record = |c: &mut Current| c.candidates = vec![winner("crm", "r2", "10 M")];
    check(Of::Times, changed(record), &["record"]);
    check(Of::Times, changed(|c| c.rule = None), &["rule"]);
    check(
        Of::Times,
        changed(|c| c.rule_version = None),
        &["rule_version"],
    );
    check(Of::Times, changed(|c| c.is_override = true), &["override"]);
    let decision = |c: &mut Current| c.decision_id = "d2".to_owned();
    check(Of::Times, changed(decision), &["decision"]);
    // Two companies have records and decisions of their own.
    check(Of::Companies, changed(record), &[]);
    check(Of::Companies, changed(decision), &[]);
}

#[test]
fn numbers_are_told_as_difference_and_ratio() {
    let of = |one: &str, other: &str| {
        let (one, other) = (
            answer("2025-01-01", Some(one)),
            answer("2025-01-02", Some(other)),
        );
        compare(Of::Times, one, other).numbers
    };
    let numbers = of("10M", "12.5M").unwrap();
    assert!((numbers.difference - 2_500_000.0).abs() < 1e-6);
    assert_eq!(numbers.ratio, Some(1.25));
    assert_eq!(of("0", "5").unwrap().ratio, None);
    assert_eq!(of("much", "5"), None);
}

#[test]
fn what_was_read_from_the_earlier_day_on_knows_all_between() {
    let later = answer("2025-06-01", Some("10M"));
    assert!(knows_between(&later, at("2025-06-01")));
    assert!(!knows_between(&later, at("2025-05-31")));
    let mut whole = later;
    whole.read.complete = true;
    assert!(knows_between(&whole, at("1999-01-01")));
}
