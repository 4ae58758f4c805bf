//! For every warning about the current decision: what it says where it fires, and
//! the nearest case where it does not.

use super::warnings::{check, revenue, text};
use super::{D, ask, crm, d};
use crate::answer::WarningId;

#[test]
fn tie() {
    let close = |d: D| revenue(&[crm("2024-12-10", "12M"), d]);
    let rival = |value: &str| {
        crm("2024-12-20", "12M")
            .against("vendor", "v1", value)
            .sure(0.89)
    };
    insta::assert_snapshot!(text(WarningId::Tie, &close(rival("11M"))), @"
    Close call: data vendor says 11M and is about as sure (0.89) and as recent (2024-12-20) as CRM (0.9, 2024-12-20).
    Check both records before you rely on the value.
    ");
    check(
        WarningId::Tie,
        &[
            ("more confident", close(rival("11M").sure(0.91)), true),
            ("less confident", close(rival("11M").sure(0.8899)), false),
            (
                "a day older",
                close(rival("11M").observed("2024-12-19")),
                true,
            ),
            (
                "a day newer",
                close(rival("11M").observed("2024-12-21")),
                true,
            ),
            (
                "older",
                close(rival("11M").observed("2024-12-18T23:59:59")),
                false,
            ),
            ("agrees", close(rival("12M")), false),
            ("unknown time", close(rival("11M").never_observed()), false),
            ("no number", close(rival("11M").sure(f64::NAN)), false),
            (
                "its own limits",
                ask(
                    "headcount",
                    &[rival("11M").sure(0.7).observed("2024-12-17")],
                ),
                true,
            ),
        ],
    );
}

#[test]
fn misfiled() {
    let was = |d: D| ask("sector", &[crm("2024-01-01", "Health Care"), d]);
    insta::assert_snapshot!(text(WarningId::Misfiled, &was(crm("2024-02-01", "44.68"))), @"
    “44.68” reads as a number, but earlier it was “Health Care”.
    It may belong to another attribute: check the source's record and report it.
    ");
    let candidate = crm("2024-02-01", "44.68").against("vendor", "v1", "Health Care");
    insta::assert_snapshot!(text(WarningId::Misfiled, &ask("sector", &[candidate])), @"
    “44.68” reads as a number, but data vendor says “Health Care”.
    It may belong to another attribute: check the source's record and report it.
    ");
    check(
        WarningId::Misfiled,
        &[
            ("a word", was(crm("2024-02-01", "Energy")), false),
            ("with a suffix", was(crm("2024-02-01", "63.802B")), true),
            (
                "nothing else is known",
                ask("sector", &[crm("2024-01-01", "44.68")]),
                false,
            ),
            (
                "always numbers",
                ask("sector", &[crm("2024-01-01", "1"), crm("2024-02-01", "2")]),
                false,
            ),
            (
                "a number's kind",
                revenue(&[crm("2024-01-01", "n/a"), crm("2024-02-01", "2")]),
                false,
            ),
            (
                "a name",
                ask(
                    "legal_name",
                    &[crm("2024-01-01", "3M Company"), crm("2024-02-01", "3M")],
                ),
                false,
            ),
            ("cleared", was(d("2024-02-01")), false),
        ],
    );
}

#[test]
fn rule_disagrees() {
    let wrong = d("2024-12-01")
        .value("11M")
        .by("vendor", "v1", "11M")
        .against("crm", "r1", "12M");
    let asked = revenue(&[wrong.rule("priority", "1")]);
    insta::assert_snapshot!(text(WarningId::RuleDisagrees, &asked), @"
    By the declared rule “priority” 12M (CRM) should have won, but 11M (data vendor) was chosen.
    Report it to the owner of the pipeline: either it or the catalog has the rule wrong.
    ");
}

#[test]
fn several_winners_and_none() {
    let two = crm("2024-12-01", "12M").by("vendor", "v1", "11M");
    let none = d("2024-12-01")
        .value("12M")
        .against("crm", "r1", "12M")
        .against("vendor", "v1", "11M");
    insta::assert_snapshot!(text(WarningId::SeveralWinners, &revenue(std::slice::from_ref(&two))), @"
    2 candidates are marked as the winner: 12M (CRM) and 11M (data vendor).
    What decided can't be told: report it to the owner of the pipeline.
    ");
    insta::assert_snapshot!(text(WarningId::NoWinner, &revenue(std::slice::from_ref(&none))), @"
    None of the 2 candidates is marked as the winner.
    What decided can't be told: report it to the owner of the pipeline.
    ");
    let one = d("2024-12-01").value("12M").against("crm", "r1", "12M");
    insta::assert_snapshot!(text(WarningId::NoWinner, &revenue(&[one])), @"
    The one candidate is not marked as the winner.
    What decided can't be told: report it to the owner of the pipeline.
    ");
    insta::assert_snapshot!(text(WarningId::NoWinner, &revenue(&[d("2024-12-01").value("12M")])), @"
    No candidate was recorded for this value.
    What decided can't be told: report it to the owner of the pipeline.
    ");
    check(
        WarningId::SeveralWinners,
        &[
            ("one", revenue(&[crm("2024-12-01", "12M")]), false),
            (
                "earlier",
                revenue(&[two.clone(), crm("2024-12-02", "12M")]),
                false,
            ),
            ("none", revenue(std::slice::from_ref(&none)), false),
        ],
    );
    check(
        WarningId::NoWinner,
        &[
            ("one", revenue(&[crm("2024-12-01", "12M")]), false),
            ("several", revenue(&[two]), false),
            ("an override", revenue(&[none.clone().overridden()]), false),
            ("cleared", revenue(&[none.value("-")]), false),
        ],
    );
}

#[test]
fn stale() {
    let observed = |day: &str| [crm("2024-12-01", "12M").observed(day)];
    insta::assert_snapshot!(text(WarningId::Stale, &revenue(&observed("2023-11-01"))), @"
    CRM observed it on 2023-11-01, 427 days before 2025-01-01; it counts as stale after 400 days.
    Ask the source for a fresh value before you rely on it.
    ");
    check(
        WarningId::Stale,
        &[
            ("400 days", revenue(&observed("2023-11-28")), false),
            ("401 days", revenue(&observed("2023-11-27")), true),
            (
                "as of then",
                revenue(&observed("2023-11-27")).on("2024-12-31"),
                false,
            ),
            (
                "unknown",
                revenue(&[crm("2024-12-01", "12M").never_observed()]),
                false,
            ),
            ("never stale", ask("sector", &observed("2013-11-01")), false),
        ],
    );
}

#[test]
fn disagree() {
    let one = crm("2024-12-01", "12M")
        .against("vendor", "v1", "11M")
        .sure(0.5);
    insta::assert_snapshot!(text(WarningId::Disagree, &revenue(std::slice::from_ref(&one))), @"
    Sources disagree: data vendor says 11M, but 12M (CRM) was chosen.
    If one of them is right, report this value as wrong.
    ");
    let many = one
        .against("a", "1", "1")
        .against("b", "1", "2")
        .against("c", "1", "3");
    insta::assert_snapshot!(text(WarningId::Disagree, &revenue(&[many])), @"
    Sources disagree: a says 1, b says 2 and 2 more, but 12M (CRM) was chosen.
    If one of them is right, report this value as wrong.
    ");
    check(
        WarningId::Disagree,
        &[
            (
                "agrees",
                revenue(&[crm("2024-12-01", "12M").against("vendor", "v1", "12,000,000")]),
                false,
            ),
            (
                "silent",
                revenue(&[crm("2024-12-01", "12M").against("vendor", "v1", "-")]),
                false,
            ),
            (
                "undecided",
                revenue(&[d("2024-12-01").value("1").against("a", "1", "2")]),
                false,
            ),
        ],
    );
}

#[test]
fn single_source() {
    let two = crm("2024-01-01", "12M").against("vendor", "v1", "11M");
    let now = |d: D| revenue(&[two.clone(), d]);
    let alone = crm("2024-12-01", "12M").against("vendor", "v1", "-");
    insta::assert_snapshot!(text(WarningId::SingleSource, &now(alone.clone())), @"
    Only CRM has a value now; 2 candidates had one on 2024-01-01.
    Nothing else confirms it: check it elsewhere if much depends on it.
    ");
    check(
        WarningId::SingleSource,
        &[
            (
                "still two",
                now(crm("2024-12-01", "12M").against("vendor", "v1", "12M")),
                false,
            ),
            ("none", now(d("2024-12-01")), false),
            (
                "always one",
                revenue(&[crm("2024-01-01", "12M"), alone]),
                false,
            ),
        ],
    );
}

#[test]
fn low_confidence() {
    let sure = |confidence: f64| revenue(&[crm("2024-12-01", "12M").sure(confidence)]);
    insta::assert_snapshot!(text(WarningId::LowConfidence, &sure(0.42)), @"
    CRM's confidence is 0.42; below 0.5 counts as low.
    Check the record before you rely on the value.
    ");
    check(
        WarningId::LowConfidence,
        &[
            ("half", sure(0.5), false),
            ("no number", sure(f64::NAN), false),
            (
                "a loser",
                revenue(&[crm("2024-12-01", "1").against("vendor", "v", "1").sure(0.1)]),
                false,
            ),
            (
                "its own limit",
                ask("headcount", &[crm("2024-12-01", "1")]),
                true,
            ),
        ],
    );
}

#[test]
fn unparsed() {
    insta::assert_snapshot!(text(WarningId::Unparsed, &revenue(&[crm("2024-12-01", "12,5")])), @"
    12,5 does not read as an amount of money: compared as text.
    Report it to the source: a figure that can't be read can't be checked.
    ");
    let candidate = crm("2024-12-01", "12M").against("vendor", "v1", "a\nlot");
    insta::assert_snapshot!(text(WarningId::Unparsed, &revenue(&[candidate])), @"
    a lot (data vendor) does not read as an amount of money: compared as text.
    Report it to the source: a figure that can't be read can't be checked.
    ");
    check(
        WarningId::Unparsed,
        &[
            ("a number", revenue(&[crm("2024-12-01", "12.5")]), false),
            (
                "an older value",
                revenue(&[crm("2024-11-01", "n/a"), crm("2024-12-01", "12.5")]),
                false,
            ),
            (
                "no value",
                revenue(&[d("2024-12-01").by("crm", "r1", "-")]),
                false,
            ),
            ("a date", ask("listed", &[crm("2024-12-01", "2001?")]), true),
            (
                "a year",
                ask("founded", &[crm("2024-12-01", "c. 1888")]),
                true,
            ),
            (
                "a year with a remark",
                ask("founded", &[crm("2024-12-01", "2013 (1888)")]),
                false,
            ),
            ("a text", ask("sector", &[crm("2024-12-01", "12,5")]), false),
            (
                "an address",
                ask("website", &[crm("2024-12-01", "??")]),
                false,
            ),
        ],
    );
}
