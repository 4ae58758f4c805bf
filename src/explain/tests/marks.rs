//! For every mark: where it stands, and the nearest case where it does not.

use super::{D, ask, crm, d};
use crate::answer::Mark::{self, Late, OtherSource, Restored, RuleAndData, Units};

/// The marks of the newest change.
fn check(attribute: &str, decisions: &[D], expected: &[Mark]) {
    let answer = ask(attribute, decisions).answer();
    assert_eq!(answer.changes[0].marks, expected, "{decisions:#?}");
}

#[test]
fn late_is_new_to_us_but_old_in_the_world() {
    let before = || crm("2024-03-01", "12M").against("vendor", "v1", "11M");
    let late = |value: &str| d("2024-03-10").value(value).by("vendor", "v1", value);
    let seen = |d: D, marks: &[Mark]| check("revenue", &[before(), d], marks);
    seen(late("14M").observed("2024-02-08"), &[Late]);
    seen(late("14M").observed("2024-02-09"), &[]);
    seen(late("11M").observed("2024-01-01"), &[]);
    seen(late("14M").never_observed(), &[]);
    seen(
        d("2024-03-10")
            .value("14M")
            .against("vendor", "v1", "14M")
            .observed("2024-01-01"),
        &[],
    );
    seen(
        d("2024-03-10")
            .by("vendor", "v1", "-")
            .observed("2024-01-01"),
        &[],
    );
    // Observed after the last decision: nothing decided then could have missed it.
    check(
        "revenue",
        &[
            crm("2023-01-01", "12M"),
            crm("2024-03-10", "14M").observed("2024-01-01"),
        ],
        &[],
    );
    check(
        "revenue",
        &[crm("2024-03-10", "14M").observed("2023-01-01")],
        &[],
    );
    // The attribute's own threshold.
    check(
        "headcount",
        &[crm("2024-03-01", "12"), late("14").observed("2024-02-28")],
        &[Late],
    );
}

#[test]
fn units_are_ratios_near_a_hundred_a_thousand_a_million_a_billion() {
    let rows: &[(&str, &str, &[Mark])] = &[
        ("63.802B", "63.802", &[Units]),
        ("63.802", "63.802B", &[Units]),
        ("12k", "12", &[Units]),
        ("12", "12M", &[Units]),
        ("12", "1200", &[Units]),
        ("-12", "-1200", &[Units]),
        ("100", "10500", &[Units]),
        ("100", "9500", &[Units]),
        ("100", "10501", &[]),
        ("100", "9499", &[]),
        ("12", "120", &[]),
        ("12", "120000", &[]),
        ("12", "-1200", &[]),
        ("0", "100", &[]),
        ("12", "twelve", &[]),
    ];
    for (from, to, marks) in rows {
        check(
            "revenue",
            &[crm("2024-01-01", from), crm("2024-02-01", to)],
            marks,
        );
    }
    check(
        "legal_name",
        &[crm("2024-01-01", "12"), crm("2024-02-01", "1200")],
        &[],
    );
    check("revenue", &[crm("2024-01-01", "12"), d("2024-02-01")], &[]);
    // What came before was not read, but is on record.
    check("revenue", &[crm("2024-01-01", "12M").after("12")], &[Units]);
    check("revenue", &[crm("2024-01-01", "12M")], &[]);
}

#[test]
fn restored_is_an_older_value_that_came_back() {
    let history = |values: &[&str]| -> Vec<D> {
        let days = 1..;
        values
            .iter()
            .zip(days)
            .map(|(v, day)| crm(&format!("2024-01-{day:02}"), v))
            .collect()
    };
    let rows: &[(&str, &[&str], &[Mark])] = &[
        ("sector", &["A", "B", "A"], &[Restored]),
        ("sector", &["A", "B", "a"], &[Restored]),
        ("sector", &["A", "B", "C", "A"], &[Restored]),
        ("sector", &["A", "B", "C"], &[]),
        ("sector", &["A", "B", "b"], &[]),
        ("sector", &["A", "-", "A"], &[Restored]),
        ("sector", &["-", "A", "-"], &[Restored]),
        ("sector", &["A", "-"], &[]),
        ("founded", &["1999", "2000", "2001", "1999"], &[Restored]),
        // Numbers only come back from the value just before.
        ("revenue", &["1", "2", "1"], &[Restored]),
        ("revenue", &["1", "2", "2.0", "1"], &[Restored]),
        ("revenue", &["1", "-", "1"], &[Restored]),
        ("revenue", &["1", "2", "3", "1"], &[]),
        ("revenue", &["1", "2", "3"], &[]),
    ];
    for (attribute, values, marks) in rows {
        check(attribute, &history(values), marks);
    }
    // What was there before the first decision that was read.
    let unread = |from: &str| vec![crm("2024-01-01", "B").after(from), crm("2024-01-02", "A")];
    check("sector", &unread("A"), &[Restored]);
    check("sector", &unread("C"), &[]);
    check("sector", &unread("-"), &[]);
    check("sector", &[crm("2024-01-01", "B").after("A")], &[]);
}

#[test]
fn rule_and_data_change_together() {
    let before = |rule: &str, version: &str| crm("2024-01-01", "12M").rule(rule, version);
    let now = |value: &str, rule: &str, version: &str| crm("2024-02-01", value).rule(rule, version);
    check(
        "revenue",
        &[before("priority", "1"), now("13M", "newest", "1")],
        &[RuleAndData],
    );
    check(
        "revenue",
        &[before("priority", "1"), now("13M", "priority", "1")],
        &[],
    );
    // Versions count only where the catalog declares them.
    check(
        "revenue",
        &[before("priority", "1"), now("13M", "priority", "2")],
        &[],
    );
    check(
        "revenue",
        &[before("versioned", "1"), now("13M", "versioned", "2")],
        &[RuleAndData],
    );
    check(
        "revenue",
        &[before("versioned", "2"), now("13M", "versioned", "2")],
        &[],
    );
    // The same candidates.
    check(
        "revenue",
        &[before("priority", "1"), now("12m", "newest", "1")],
        &[],
    );
}

#[test]
fn the_same_value_may_come_from_another_source() {
    let before = || crm("2024-01-01", "12M");
    let vendor = |value: &str| d("2024-02-01").value(value).by("vendor", "v1", value);
    check("revenue", &[before(), vendor("12m")], &[OtherSource]);
    check("revenue", &[before(), crm("2024-02-01", "12m")], &[]);
    check("revenue", &[before(), vendor("13M")], &[]);
    check(
        "revenue",
        &[
            before(),
            d("2024-02-01").value("12m").against("vendor", "v1", "12m"),
        ],
        &[],
    );
}
