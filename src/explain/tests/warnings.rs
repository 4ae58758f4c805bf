//! For every warning about the history: what it says where it fires, and the
//! nearest case where it does not. Those about the current decision: `doubts.rs`.

use super::{Asked, D, ask, at, crm, d, warned};
use crate::answer::{Level, WarningId};

/// What a warning says, with its advice below; empty where it does not fire.
pub(super) fn text(id: WarningId, asked: &Asked) -> String {
    let answer = asked.answer();
    let found = answer.warnings.iter().find(|warning| warning.id == id);
    found
        .map(|warning| format!("{}\n{}", warning.text, warning.advice))
        .unwrap_or_default()
}

/// Whether it fires, for each case.
pub(super) fn check(id: WarningId, rows: &[(&str, Asked, bool)]) {
    for (what, asked, fires) in rows {
        assert_eq!(
            warned(&asked.answer()).contains(&id),
            *fires,
            "{}: {what}",
            id.as_str()
        );
    }
}

pub(super) fn revenue(decisions: &[D]) -> Asked {
    ask("revenue", decisions)
}

/// One a day from 2024-12-01 on, by CRM.
fn days(values: &[&str]) -> Vec<D> {
    (1..)
        .zip(values)
        .map(|(day, value)| crm(&format!("2024-12-{day:02}"), value))
        .collect()
}

#[test]
fn flapping() {
    let five = days(&["1", "2", "1", "2", "1"]);
    insta::assert_snapshot!(text(WarningId::Flapping, &revenue(&five)), @"
    An earlier value came back 3 times in the 30 days before 2025-01-01, the last time 1 on 2024-12-05.
    Don't rely on either value: ask the owner of the pipeline which one is right.
    ");
    check(
        WarningId::Flapping,
        &[
            ("three returns", revenue(&five), true),
            ("two returns", revenue(&days(&["1", "2", "1", "2"])), false),
            (
                "no returns",
                revenue(&days(&["1", "2", "3", "4", "5"])),
                false,
            ),
            ("30 days later", revenue(&five).on("2025-01-02"), true),
            (
                "31 days after the first return",
                revenue(&five).on("2024-12-31"),
                true,
            ),
            (
                "before the third return",
                revenue(&five).on("2024-12-04"),
                false,
            ),
            (
                "the attribute's own limits",
                ask("headcount", &days(&["1", "2", "1", "2"])).on("2024-12-10"),
                true,
            ),
            (
                "its own window",
                ask("headcount", &days(&["1", "2", "1", "2"])),
                false,
            ),
        ],
    );
    let mut old = revenue(&five);
    old.now = at("2025-02-01");
    check(
        WarningId::Flapping,
        &[("too long ago", old.on("2025-01-03"), false)],
    );
}

#[test]
fn jump() {
    let from_to = |from: &str, to: &str| [crm("2024-12-01", from), crm("2024-12-20", to)];
    insta::assert_snapshot!(text(WarningId::Jump, &revenue(&from_to("1.2M", "15M"))), @"
    The value went from 1.2M to 15M on 2024-12-20: 12.5 times as much.
    Check the source's record for a slip before you rely on the value.
    ");
    insta::assert_snapshot!(text(WarningId::Jump, &revenue(&from_to("15M", "1.2M"))), @"
    The value went from 15M to 1.2M on 2024-12-20: 12.5 times less.
    Check the source's record for a slip before you rely on the value.
    ");
    insta::assert_snapshot!(text(WarningId::Jump, &ask("headcount", &from_to("5", "-5")).on("2024-12-21")), @"
    The value went from 5 to -5 on 2024-12-20: the sign changed, which this attribute's should not.
    Check the source's record for a slip before you rely on the value.
    ");
    let reconfirmed = [
        &from_to("1", "15")[..],
        &[crm("2024-12-21", "15").rule("newest", "1")],
    ]
    .concat();
    check(
        WarningId::Jump,
        &[
            ("ten times", revenue(&from_to("1", "10")), false),
            ("ten times", revenue(&from_to("0.7", "7")), false),
            ("just above", revenue(&from_to("1", "10.01")), true),
            ("a change of units", revenue(&from_to("1", "1000")), false),
            ("between units", revenue(&from_to("1", "500")), true),
            ("from zero", revenue(&from_to("0", "500")), false),
            ("to zero", revenue(&from_to("500", "0")), false),
            ("losses", revenue(&from_to("-1", "-15")), true),
            ("sign, which is free", revenue(&from_to("1", "-15")), false),
            (
                "sign, which is fixed",
                ask("headcount", &from_to("1", "-1")).on("2024-12-21"),
                true,
            ),
            (
                "its own factor",
                ask("headcount", &from_to("1", "3.1")).on("2024-12-25"),
                true,
            ),
            (
                "its own window",
                ask("headcount", &from_to("1", "3.1")).on("2024-12-26"),
                false,
            ),
            ("no number", revenue(&from_to("1", "many")), false),
            ("text", ask("legal_name", &from_to("1", "15")), false),
            (
                "a newer change",
                revenue(&[&from_to("1", "15")[..], &[crm("2024-12-21", "16")]].concat()),
                false,
            ),
            ("decided differently since", revenue(&reconfirmed), true),
            (
                "30 days ago",
                revenue(&[crm("2024-11-01", "1"), crm("2024-12-02", "15")]),
                true,
            ),
            (
                "31 days ago",
                revenue(&[crm("2024-11-01", "1"), crm("2024-12-01", "15")]),
                false,
            ),
        ],
    );
}

#[test]
fn units() {
    let from_to = |from: &str, to: &str| [crm("2024-01-01", from), crm("2024-02-01", to)];
    insta::assert_snapshot!(text(WarningId::Units, &revenue(&from_to("63.802B", "63.9"))), @"
    The value went from 63.802B to 63.9 on 2024-02-01: almost exactly 1,000,000,000 times less, so perhaps only the unit changed.
    Check in which unit the source reports before you compare with older values.
    ");
    insta::assert_snapshot!(text(WarningId::Units, &revenue(&from_to("12", "1,200"))), @"
    The value went from 12 to 1,200 on 2024-02-01: almost exactly 100 times as much, so perhaps only the unit changed.
    Check in which unit the source reports before you compare with older values.
    ");
    let since = |later: D| revenue(&[&from_to("12", "12k")[..], &[later]].concat());
    check(
        WarningId::Units,
        &[
            ("no factor", revenue(&from_to("12", "120")), false),
            ("a newer change", since(crm("2024-03-01", "13k")), false),
            (
                "decided differently since",
                since(crm("2024-03-01", "12k").rule("newest", "1")),
                true,
            ),
        ],
    );
}

#[test]
fn gap() {
    let missing = [
        crm("2024-01-01", "10M"),
        crm("2024-02-01", "12M").after("11M"),
    ];
    insta::assert_snapshot!(text(WarningId::Gap, &revenue(&missing)), @"
    A decision seems to be missing before 2024-02-01: the one then replaced 11M, but the last one stored is 10M.
    The history may lack a change: report it to the owner of the pipeline.
    ");
    let two = [
        crm("2024-01-01", "10M").after("9M"),
        crm("2024-02-01", "12M").after("-"),
    ];
    insta::assert_snapshot!(text(WarningId::Gap, &revenue(&two)), @"
    A decision seems to be missing before 2024-02-01: the one then replaced no value, but the last one stored is 10M. There are 2 such gaps.
    The history may lack a change: report it to the owner of the pipeline.
    ");
    check(
        WarningId::Gap,
        &[
            (
                "in a bounded read too, between two decisions",
                revenue(&missing).bounded(),
                false,
            ),
            (
                "chained",
                revenue(&[crm("2024-01-01", "10M"), crm("2024-02-01", "12M")]),
                false,
            ),
            (
                "confirmed",
                revenue(&[crm("2024-01-01", "10M"), crm("2024-02-01", "10M")]),
                false,
            ),
            (
                "before the first",
                revenue(&[crm("2024-01-01", "10M").after("9M")]),
                true,
            ),
            (
                "the same before the first",
                revenue(&[crm("2024-01-01", "10M").after("10M")]),
                true,
            ),
            (
                "before the first, bounded",
                revenue(&[crm("2024-01-01", "10M").after("9M")]).bounded(),
                false,
            ),
            (
                "null after a value",
                revenue(&[crm("2024-01-01", "1"), crm("2024-02-01", "2").after("-")]),
                true,
            ),
            (
                "null after null",
                revenue(&[
                    crm("2024-01-01", "1"),
                    d("2024-02-01"),
                    crm("2024-03-01", "2"),
                ]),
                false,
            ),
            (
                "written differently",
                revenue(&[
                    crm("2024-01-01", "1k"),
                    crm("2024-02-01", "2").after("1,000"),
                ]),
                true,
            ),
            ("after as-of", revenue(&missing).on("2024-01-31"), false),
        ],
    );
}

#[test]
fn future() {
    let one = [crm("2024-12-01", "12M"), crm("2031-01-01", "13M")];
    let two = [
        crm("2024-12-01", "12M"),
        crm("2031-01-01", "13M"),
        crm("2032-01-01", "14M"),
    ];
    insta::assert_snapshot!(text(WarningId::Future, &revenue(&one)), @"
    1 decision is dated after now, 2031-01-01 00:00:00 UTC, and is not served.
    Report it to the owner of the pipeline: a clock or a time zone is wrong.
    ");
    insta::assert_snapshot!(text(WarningId::Future, &revenue(&two)), @"
    2 decisions are dated after now, the first 2031-01-01 00:00:00 UTC, and are not served.
    Report it to the owner of the pipeline: a clock or a time zone is wrong.
    ");
    check(
        WarningId::Future,
        &[
            ("as of the past too", revenue(&one).on("2024-12-02"), true),
            (
                "merely later than as-of",
                revenue(&[crm("2024-12-01", "12M")]).on("2024-11-01"),
                false,
            ),
            (
                "at this moment",
                revenue(&[crm("2025-01-01", "12M")]),
                false,
            ),
            (
                "a moment later",
                revenue(&[crm("2025-01-01T00:00:00.001", "12M")]),
                true,
            ),
            ("as of the future", revenue(&one).on("2033-01-01"), true),
        ],
    );
    let served = revenue(&two).on("2033-01-01").answer();
    assert_eq!(served.current.unwrap().value.as_deref(), Some("12M"));
}

#[test]
fn late() {
    let old = |day: &str| {
        revenue(&[
            crm("2024-03-01", "12M"),
            crm("2024-12-01", "13M").observed(day),
        ])
    };
    insta::assert_snapshot!(text(WarningId::Late, &old("2023-10-28")), @"
    13M reached us late: CRM observed it on 2023-10-28, 400 days before it was decided on 2024-12-01.
    Answers given before it was decided could not know it.
    ");
    check(
        WarningId::Late,
        &[
            ("fresh", old("2024-11-30"), false),
            ("after the last", old("2024-03-02"), false),
        ],
    );
    let newer = [
        crm("2024-03-01", "1"),
        crm("2024-04-01", "2").observed("2024-01-01"),
        crm("2024-05-01", "3"),
    ];
    check(
        WarningId::Late,
        &[("an older change", revenue(&newer), false)],
    );
}

#[test]
fn incomplete() {
    let asked = revenue(&[crm("2024-12-01", "12M")]);
    insta::assert_snapshot!(text(WarningId::Incomplete, &asked.clone().bounded()), @"
    Only decisions from 2020-01-01 to 2025-01-01 were read; what came before is not known.
    Add “full history” to the question to read all there is.
    ");
    check(
        WarningId::Incomplete,
        &[
            ("everything", asked, false),
            ("nothing found", revenue(&[]).bounded(), true),
        ],
    );
}

#[test]
fn warnings_come_in_their_order_alarms_first_and_once_each() {
    let one = crm("2024-01-01", "1")
        .against("vendor", "v1", "x")
        .sure(0.9);
    let last = crm("2024-12-20", "15")
        .sure(0.1)
        .against("vendor", "v1", "x")
        .sure(0.1)
        .rule("priority", "1");
    let answer = revenue(&[one.after("7"), last, crm("2026-01-01", "1")]).answer();
    let ids = warned(&answer);
    assert!(ids.len() >= 5, "{ids:?}");
    assert!(ids.is_sorted());
    assert!(ids.is_sorted_by_key(|id| id.level()) && ids[0].level() == Level::Alarm);
}

#[test]
fn a_healthy_answer_has_no_warning() {
    let healthy = [
        crm("2024-06-01", "12M"),
        crm("2024-12-01", "12.5M").against("vendor", "v1", "12.5M"),
    ];
    assert_eq!(warned(&revenue(&healthy).answer()), []);
}
