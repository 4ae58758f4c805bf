//! Tests of folding.

use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::answer::Cause;

/// One change a second through these values, newest first; `-` is null.
fn changes(values: &[&str]) -> Vec<Change> {
    let text = |value: &str| (value != "-").then(|| value.to_owned());
    let mut changes: Vec<Change> = values
        .windows(2)
        .zip(1..)
        .map(|(pair, second)| Change {
            at: Timestamp::from_second(second).unwrap(),
            from: text(pair[0]),
            to: text(pair[1]),
            cause: Cause::NewObservation,
            marks: Vec::new(),
            source: None,
            source_label: None,
            rule: None,
            rule_version: None,
            run_id: None,
            actor: None,
            reason: None,
            decision_id: second.to_string(),
        })
        .collect();
    changes.reverse();
    changes
}

/// A line each, newest first: `a>b`, or `4 b<>a 1..4`.
fn check(values: &[&str], expected: &[&str]) {
    let changes = changes(values);
    let show = |value: Option<&str>| value.unwrap_or("-").to_owned();
    let lines: Vec<String> = fold(&changes)
        .into_iter()
        .map(|line| match line {
            Line::One(one) => format!("{}>{}", show(one.from.as_deref()), show(one.to.as_deref())),
            Line::Swaps {
                newest,
                oldest,
                between: (left, led),
                count,
            } => {
                let (since, until) = (oldest.at.as_second(), newest.at.as_second());
                format!("{count} {}<>{} {since}..{until}", show(left), show(led))
            }
        })
        .collect();
    assert_eq!(lines, expected, "{values:?}");
}

#[test]
fn four_swaps_are_one_line() {
    check(&[], &[]);
    check(&["a", "b"], &["a>b"]);
    check(&["a", "b", "a", "b"], &["a>b", "b>a", "a>b"]);
    check(&["a", "b", "a", "b", "a"], &["4 b<>a 1..4"]);
    check(&["-", "a", "-", "a", "-", "a"], &["5 -<>a 1..5"]);
}

#[test]
fn what_stands_around_a_run_stays_single() {
    check(
        &["-", "a", "b", "a", "b", "a", "c"],
        &["a>c", "4 b<>a 2..5", "->a"],
    );
    check(
        &["a", "b", "c", "a", "b", "c"],
        &["b>c", "a>b", "c>a", "b>c", "a>b"],
    );
}

#[test]
fn a_change_that_keeps_the_value_breaks_a_run() {
    check(
        &["a", "b", "a", "a", "b", "a"],
        &["b>a", "a>b", "a>a", "b>a", "a>b"],
    );
    check(&["a", "a", "a", "a", "a", "a"], &["a>a"; 5]);
}

#[test]
fn two_runs_are_two_lines() {
    check(
        &["a", "b", "a", "b", "a", "c", "a", "c", "a"],
        &["4 c<>a 5..8", "4 b<>a 1..4"],
    );
}

proptest! {
    #[test]
    fn every_change_is_in_one_line(values in prop::collection::vec("[ab-]", 0..40)) {
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        let changes = changes(&values);
        let mut at = 0;
        for line in fold(&changes) {
            match line {
                Line::One(one) => {
                    prop_assert_eq!(one, &changes[at]);
                    at += 1;
                }
                Line::Swaps { newest, oldest, count, .. } => {
                    prop_assert!(count >= 4);
                    prop_assert_eq!((newest, oldest), (&changes[at], &changes[at + count - 1]));
                    at += count;
                }
            }
        }
        prop_assert_eq!(at, changes.len());
    }
}
