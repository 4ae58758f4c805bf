//! Tests of the trace.

use proptest::prelude::*;

use super::*;

/// At a second, from one value to another; `-` is null.
fn decision(id: &str, second: i64, from: &str, to: &str) -> Decision {
    let text = |value: &str| (value != "-").then(|| value.to_owned());
    let at = Timestamp::from_second(second).unwrap();
    Decision {
        value: text(to),
        previous_value: text(from),
        ..Decision::bare(id, (1, "revenue"), at)
    }
}

fn ids(decisions: &[Decision]) -> String {
    let trace = Trace::new(decisions.to_vec());
    let ids: Vec<&str> = trace
        .decisions()
        .iter()
        .map(|d| d.decision_id.as_str())
        .collect();
    ids.join(" ")
}

/// Rows of id, second, previous value and value; the ids in the expected order.
fn check(rows: &[(&str, i64, &str, &str)], expected: &str) {
    let decisions: Vec<Decision> = rows
        .iter()
        .map(|(id, second, from, to)| decision(id, *second, from, to))
        .collect();
    assert_eq!(ids(&decisions), expected, "{rows:?}");
    let backwards: Vec<Decision> = decisions.into_iter().rev().collect();
    assert_eq!(ids(&backwards), expected, "{rows:?} backwards");
}

#[test]
fn decisions_are_in_the_order_of_their_time() {
    check(&[], "");
    check(&[("a", 2, "x", "y"), ("b", 1, "-", "x")], "b a");
}

#[test]
fn within_a_millisecond_the_previous_values_chain() {
    check(
        &[("a", 1, "y", "z"), ("b", 1, "x", "y"), ("c", 1, "-", "x")],
        "c b a",
    );
    // From the value that was served before.
    check(
        &[("k", 0, "-", "y"), ("a", 1, "x", "y"), ("b", 1, "y", "x")],
        "k b a",
    );
    check(
        &[("k", 0, "-", "x"), ("a", 1, "x", "y"), ("b", 1, "y", "x")],
        "k a b",
    );
    // From nothing, where there was nothing before.
    check(&[("a", 1, "x", "-"), ("b", 1, "-", "x")], "b a");
    // Through a value more than once.
    check(
        &[
            ("a", 1, "x", "y"),
            ("b", 1, "y", "x"),
            ("c", 1, "x", "z"),
            ("k", 0, "-", "x"),
        ],
        "k a b c",
    );
    // A confirmation stays beside what it confirms.
    check(
        &[("a", 1, "y", "y"), ("b", 1, "x", "y"), ("k", 0, "-", "x")],
        "k b a",
    );
}

#[test]
fn without_a_chain_the_ids_decide() {
    check(&[("b", 1, "-", "x"), ("a", 1, "q", "r")], "a b");
    check(
        &[("c", 1, "x", "y"), ("b", 1, "x", "z"), ("a", 1, "x", "q")],
        "a b c",
    );
}

#[test]
fn of_copies_the_one_written_last_stays() {
    let old = Decision {
        written: "001".to_owned(),
        ..decision("a", 1, "-", "old")
    };
    let new = Decision {
        written: "002".to_owned(),
        ..decision("a", 2, "-", "new")
    };
    for copies in [[old.clone(), new.clone()], [new.clone(), old]] {
        assert_eq!(
            Trace::new(copies.to_vec()).decisions(),
            std::slice::from_ref(&new)
        );
    }
    // Written together, the input's order must not decide.
    let other = Decision {
        written: "002".to_owned(),
        ..decision("a", 2, "-", "other")
    };
    let one_way = Trace::new(vec![new.clone(), other.clone()]);
    assert_eq!(one_way, Trace::new(vec![other, new]));
}

#[test]
fn there_is_a_winner_only_where_one_candidate_is_selected() {
    let candidate = |selected| Candidate {
        source: "crm".to_owned(),
        record_id: None,
        value: None,
        observed_at: None,
        confidence: None,
        selected,
        reason: None,
        url: None,
    };
    let rows: &[(&[bool], bool)] = &[
        (&[], false),
        (&[false], false),
        (&[true, false], true),
        (&[true, true], false),
    ];
    for (selected, expected) in rows {
        let evidence = selected
            .iter()
            .map(|selected| candidate(*selected))
            .collect();
        let decision = Decision {
            evidence,
            ..decision("a", 1, "-", "x")
        };
        assert_eq!(decision.winner().is_some(), *expected, "{selected:?}");
    }
}

#[test]
fn times_are_rounded_to_the_nearest_millisecond_half_up() {
    let rows = [
        (0, 0),
        (499, 0),
        (500, 1),
        (1_499, 1),
        (1_500, 2),
        (-1, 0),
        (-500, 0),
        (-501, -1),
        (-1_500, -1),
        (-1_501, -2),
    ];
    for (micros, millis) in rows {
        let rounded = round_to_millis(micros).map(Timestamp::as_millisecond);
        assert_eq!(rounded, Some(millis), "{micros} µs");
    }
    assert_eq!(round_to_millis(i64::MAX), None);
    assert_eq!(round_to_millis(i64::MIN), None);
}

proptest! {
    #[test]
    fn the_order_of_the_input_and_copies_do_not_matter(
        rows in prop::collection::vec((0u8..6, 0i64..3, 0u8..3, 0u8..3, 0u8..2), 0..12),
        seed in any::<u64>(),
    ) {
        let value = |n: u8| ["-", "x", "y"][usize::from(n)];
        let decisions: Vec<Decision> = rows
            .iter()
            .map(|(id, second, from, to, written)| Decision {
                written: written.to_string(),
                ..decision(&id.to_string(), *second, value(*from), value(*to))
            })
            .collect();
        let mut shuffled = decisions.clone();
        shuffled.extend(decisions.clone());
        shuffled.sort_by_key(|d| {
            let mut hash = std::hash::DefaultHasher::new();
            std::hash::Hash::hash(&(seed, format!("{d:?}")), &mut hash);
            std::hash::Hasher::finish(&hash)
        });
        let trace = Trace::new(decisions);
        prop_assert_eq!(&trace, &Trace::new(shuffled));
        let ordered = trace.decisions().windows(2).all(|d| d[0].decided_at <= d[1].decided_at);
        prop_assert!(ordered);
    }
}
