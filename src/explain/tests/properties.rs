//! What holds for any decisions, however hostile.

use jiff::Timestamp;
use proptest::prelude::*;

use super::{Asked, ask, at};
use crate::answer::{Answer, Cause, Status};
use crate::trace::{Candidate, Decision};

fn value() -> impl Strategy<Value = Option<String>> {
    let known = [
        "1M",
        "1,000,000",
        "1",
        "-1",
        "100",
        "0",
        "x",
        "1e308",
        "-1e308",
        "",
        "2013 (1888)",
        "3M Co",
    ];
    prop_oneof![
        1 => Just(None),
        8 => prop::sample::select(known.to_vec()).prop_map(|text| Some(text.to_owned())),
        1 => ".{0,90}".prop_map(Some),
    ]
}

/// Mostly of one quarter, with some at the ends of time.
fn time() -> impl Strategy<Value = Timestamp> {
    prop_oneof![
        8 => (0i64..90).prop_map(|day| at("2024-10-20") + jiff::SignedDuration::from_hours(day * 24)),
        1 => Just(Timestamp::MIN),
        1 => Just(Timestamp::MAX),
    ]
}

fn confidence() -> impl Strategy<Value = Option<f64>> {
    prop::option::of(prop_oneof![
        4 => 0.0..1.0f64,
        1 => prop::sample::select(&[f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, -0.0][..]),
    ])
}

fn candidate() -> impl Strategy<Value = Candidate> {
    let source = prop::sample::select(&["crm", "filings", "vendor", "stranger", ""][..]);
    let record = prop::option::of("[a-c/]{0,2}");
    (
        source,
        record,
        value(),
        prop::option::of(time()),
        confidence(),
        any::<bool>(),
    )
        .prop_map(
            |(source, record_id, value, observed_at, confidence, selected)| Candidate {
                source: source.to_owned(),
                record_id,
                value,
                observed_at,
                confidence,
                selected,
                reason: None,
                url: None,
            },
        )
}

fn decision() -> impl Strategy<Value = Decision> {
    let rules = [
        "priority",
        "newest",
        "surest",
        "majority",
        "versioned",
        "legacy",
    ];
    let id = (0u8..12).prop_map(|id| id.to_string());
    let rule = prop::option::of(prop::sample::select(rules.to_vec()));
    let evidence = prop::collection::vec(candidate(), 0..4);
    (
        id,
        time(),
        value(),
        value(),
        rule,
        any::<bool>(),
        evidence,
        0u8..3,
    )
        .prop_map(
            |(
                decision_id,
                decided_at,
                value,
                previous_value,
                rule,
                is_override,
                evidence,
                written,
            )| {
                Decision {
                    value,
                    previous_value,
                    rule: rule.map(str::to_owned),
                    rule_version: Some(written.to_string()),
                    is_override,
                    evidence,
                    written: written.to_string(),
                    ..Decision::bare(&decision_id, (1, ""), decided_at)
                }
            },
        )
}

/// Any question over any decisions.
fn asked() -> impl Strategy<Value = Asked> {
    let attributes = [
        "revenue",
        "headcount",
        "sector",
        "founded",
        "listed",
        "website",
        "undeclared",
    ];
    let decisions = prop::collection::vec(decision(), 0..14);
    (
        prop::sample::select(attributes.to_vec()),
        decisions,
        time(),
        value(),
        any::<bool>(),
    )
        .prop_map(|(attribute, mut decisions, as_of, expected, complete)| {
            let mut asked = ask(attribute, &[]);
            for decision in &mut decisions {
                decision.attribute = attribute.to_owned();
            }
            asked.decisions = decisions;
            asked.question.as_of = as_of;
            asked.question.expected = expected;
            asked.read.complete = complete;
            asked
        })
}

/// NaN equals nothing, itself included: answers are compared as they are written.
fn written(answer: &Answer) -> String {
    format!("{answer:?}")
}

proptest! {
    #[test]
    fn the_order_of_the_input_and_copies_change_nothing(asked in asked(), turn in 0usize..14, copies in any::<u16>()) {
        let mut other = asked.clone();
        let length = other.decisions.len();
        if length > 0 {
            other.decisions.rotate_left(turn % length);
            other.decisions.swap(0, turn % length);
        }
        let copied = asked.decisions.iter().enumerate().filter(|(at, _)| copies >> at & 1 == 1);
        other.decisions.extend(copied.map(|(_, decision)| decision.clone()));
        prop_assert_eq!(written(&asked.answer()), written(&other.answer()));
    }

    #[test]
    fn as_of_is_monotone(asked in asked(), earlier in time()) {
        let later = asked.answer();
        let mut before = asked.clone();
        before.question.as_of = earlier.min(asked.question.as_of);
        let earlier = before.answer();
        prop_assert!(later.changes.ends_with(&earlier.changes));
        prop_assert!(later.confirmations >= earlier.confirmations);
    }

    #[test]
    fn every_decision_is_a_change_with_one_cause_or_a_confirmation(asked in asked()) {
        let answer = asked.answer();
        let trace = crate::trace::Trace::new(asked.decisions.clone());
        let as_of = asked.question.as_of.min(asked.now);
        let served = trace.decisions().iter().filter(|d| d.decided_at <= as_of).count();
        prop_assert_eq!(answer.changes.len() + answer.confirmations, served);
        prop_assert_eq!(answer.current.is_none(), served == 0);
        prop_assert_eq!(answer.nothing.is_some(), served == 0);
        for change in &answer.changes {
            let first = [Cause::FirstSeen, Cause::NotRead].contains(&change.cause);
            prop_assert_eq!(change.cause == Cause::Reconfirmed, change.from == change.to && !first);
            prop_assert!(change.marks.is_sorted());
        }
        let causes: Vec<Cause> = answer.changes.iter().map(|change| change.cause).collect();
        let only_the_oldest = causes.iter().rev().skip(1).all(|c| *c > Cause::NotRead);
        prop_assert!(only_the_oldest, "{:?}", causes);
    }

    #[test]
    fn candidates_are_all_there_and_hits_keep_their_limits(asked in asked()) {
        let answer = asked.answer();
        if let Some(current) = &answer.current {
            let decision = asked.decisions.iter().filter(|d| d.decision_id == current.decision_id);
            prop_assert!(decision.clone().any(|d| d.evidence.len() == current.candidates.len()));
            let winners = current.candidates.iter().filter(|c| c.status == Status::Winner).count();
            prop_assert!(winners <= 1);
            prop_assert!(current.since <= current.decided_at);
        }
        for hit in answer.expectation.iter().flat_map(|expectation| &expectation.hits) {
            let hits = &answer.expectation.as_ref().unwrap().hits;
            let alike = hits.iter().filter(|other| other.kind == hit.kind);
            prop_assert!(alike.clone().count() <= 5);
            prop_assert_eq!(alike.filter(|other| other.source == hit.source).count(), 1);
            prop_assert!(!hit.text.contains('\n'));
        }
        for warning in &answer.warnings {
            prop_assert!(warning.text.chars().count() < 400 && !warning.text.contains('\n'), "{}", warning.text);
            prop_assert!(warning.text.ends_with('.'));
        }
    }
}
