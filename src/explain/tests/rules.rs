//! What each declared rule says of the losers, what would make them win, and when
//! it disagrees with the winner on record.

use super::{D, ask, crm, d, warned};
use crate::answer::WarningId::RuleDisagrees;

/// `source: what the rule says; would win if …`, in the answer's order.
fn said(decision: D) -> Vec<String> {
    let current = ask("revenue", &[decision]).answer().current.unwrap();
    let line = |e: &crate::answer::Explained| {
        let says = e.rule_says.as_deref().unwrap_or("-");
        let clause = e.would_win_if.as_deref().unwrap_or("-");
        format!("{}: {says}; {clause}", e.candidate.source)
    };
    current.candidates.iter().map(line).collect()
}

#[test]
fn source_priority_ranks_the_sources() {
    let decision = crm("2024-01-01", "12M")
        .against("filings", "f1", "11M")
        .against("vendor", "v1", "-")
        .against("stranger", "s1", "9M")
        .against("crm", "r2", "8M");
    insta::assert_snapshot!(said(decision.rule("priority", "7")).join("\n"), @"
    crm: ranks 1st of 3 in source priority; -
    crm: ranks 1st of 3 in source priority, level with the winner; -
    filings: ranks 2nd of 3 in source priority; CRM had no value
    stranger: -; -
    vendor: ranks 3rd of 3 in source priority, but has no value; it had a value and CRM and filings had none
    ");
    let beaten = d("2024-01-01")
        .value("9M")
        .by("vendor", "v1", "9M")
        .against("crm", "r1", "-");
    insta::assert_snapshot!(said(beaten.against("filings", "f1", "-").rule("priority", "-")).join("\n"), @"
    vendor: ranks 3rd of 3 in source priority; -
    crm: ranks 1st of 3 in source priority, but has no value; it had a value
    filings: ranks 2nd of 3 in source priority, but has no value; it had a value
    ");
    let wrong = d("2024-01-01")
        .value("9M")
        .by("vendor", "v1", "9M")
        .against("crm", "r1", "12M");
    insta::assert_snapshot!(said(wrong.against("filings", "f1", "11M").rule("priority", "-")).join("\n"), @"
    vendor: ranks 3rd of 3 in source priority; -
    crm: ranks 1st of 3 in source priority: the rule would choose this; -
    filings: ranks 2nd of 3 in source priority; CRM had no value
    ");
}

#[test]
fn recency_compares_times_of_observation() {
    let decision = crm("2024-01-10T12:00:00", "12M")
        .against("filings", "f1", "11M")
        .observed("2024-01-07")
        .against("vendor", "v1", "10M")
        .observed("2024-01-10T09:00:00")
        .against("a", "1", "-")
        .against("b", "1", "9M")
        .never_observed()
        .against("c", "1", "8M");
    insta::assert_snapshot!(said(decision.rule("newest", "1")).join("\n"), @"
    crm: observed on 2024-01-10; -
    b: has no time of observation; it had been observed after 2024-01-10
    c: observed on 2024-01-10, level with the winner; -
    filings: observed on 2024-01-07, 3 days before the winner; it had been observed after 2024-01-10
    vendor: observed on 2024-01-10, 3 hours before the winner; it had been observed after 2024-01-10 12:00:00 UTC
    a: has no value; it had a value observed after 2024-01-10 12:00:00 UTC
    ");
    let wrong = crm("2024-01-10", "12M")
        .against("vendor", "v1", "10M")
        .observed("2024-01-12");
    insta::assert_snapshot!(said(wrong.rule("newest", "1")).join("\n"), @"
    crm: observed on 2024-01-10; -
    vendor: observed on 2024-01-12, 2 days after the winner: the rule would choose this; -
    ");
}

#[test]
fn confidence_compares_confidences() {
    let decision = crm("2024-01-10", "12M")
        .against("filings", "f1", "11M")
        .against("vendor", "v1", "-")
        .against("b", "1", "9M")
        .sure(f64::NAN)
        .against("c", "1", "8M")
        .sure(0.9);
    insta::assert_snapshot!(said(decision.rule("surest", "1")).join("\n"), @"
    crm: confidence 0.9; -
    b: has no confidence; its confidence were above 0.9
    c: confidence 0.9, level with the winner; -
    filings: confidence 0.7, 0.2 below the winner; its confidence were above 0.9
    vendor: has no value; it had a value with a confidence above 0.9
    ");
    let wrong = crm("2024-01-10", "12M")
        .against("vendor", "v1", "10M")
        .sure(0.95);
    insta::assert_snapshot!(said(wrong.rule("surest", "1")).join("\n"), @"
    crm: confidence 0.9; -
    vendor: confidence 0.95, 0.05 above the winner: the rule would choose this; -
    ");
}

#[test]
fn frequency_counts_sources() {
    let decision = crm("2024-01-10", "12M")
        .against("filings", "f1", "12,000,000")
        .against("vendor", "v1", "10M")
        .against("vendor", "v2", "10M")
        .against("b", "1", "-");
    insta::assert_snapshot!(said(decision.rule("majority", "1")).join("\n"), @"
    crm: said by 2 sources; -
    vendor: said by 1 source, the winner's value by 2; more than 2 sources said so
    vendor: said by 1 source, the winner's value by 2; more than 2 sources said so
    filings: said by 2 sources; -
    b: has no value; it had a value that more than 2 sources said
    ");
    let tied = crm("2024-01-10", "12M").against("vendor", "v1", "10M");
    insta::assert_snapshot!(said(tied.rule("majority", "1")).join("\n"), @"
    crm: said by 1 source; -
    vendor: said by 1 source, the winner's value by 1, level with the winner; -
    ");
}

#[test]
fn a_rule_does_not_judge_what_it_does_not_speak_for() {
    let lost = || crm("2024-01-01", "12M").against("vendor", "v1", "11M");
    let silent = [
        ("undeclared", lost().rule("legacy", "1")),
        ("no rule", lost().rule("-", "1")),
        ("undeclared version", lost().rule("versioned", "1")),
        ("no version", lost().rule("versioned", "-")),
        ("override", lost().rule("priority", "1").overridden()),
        (
            "cleared",
            d("2024-01-01")
                .by("crm", "r1", "-")
                .against("vendor", "v1", "1")
                .rule("priority", "1"),
        ),
        (
            "no winner",
            d("2024-01-01")
                .value("1")
                .against("vendor", "v1", "1")
                .rule("priority", "1"),
        ),
    ];
    for (what, decision) in silent {
        assert!(
            said(decision).iter().all(|line| line.ends_with(": -; -")),
            "{what}"
        );
    }
    let speaks = |d: D| said(d).iter().any(|line| line.contains("ranks"));
    assert!(speaks(lost().rule("priority", "1")) && speaks(lost().rule("versioned", "2")));
}

#[test]
fn a_rule_disagrees_where_it_would_have_chosen_another_value() {
    let right = || crm("2024-01-01", "12M").against("vendor", "v1", "11M");
    let wrong = || {
        d("2024-01-01")
            .value("11M")
            .by("vendor", "v1", "11M")
            .against("crm", "r1", "12M")
    };
    let rows = [
        ("priority, right", right().rule("priority", "1"), false),
        ("priority, wrong", wrong().rule("priority", "1"), true),
        ("a declared version", wrong().rule("versioned", "2"), true),
        (
            "an undeclared version",
            wrong().rule("versioned", "1"),
            false,
        ),
        ("an undeclared rule", wrong().rule("legacy", "1"), false),
        (
            "an override",
            wrong().rule("priority", "1").overridden(),
            false,
        ),
        (
            "cleared",
            d("2024-01-01")
                .by("vendor", "v", "-")
                .against("crm", "r", "1")
                .rule("priority", "1"),
            false,
        ),
        (
            "another record, the same value",
            d("2024-01-01")
                .value("12m")
                .by("vendor", "v1", "12m")
                .against("crm", "r1", "12M")
                .rule("priority", "1"),
            false,
        ),
        (
            "another record of the strongest source",
            crm("2024-01-01", "12M")
                .against("crm", "r0", "11M")
                .rule("priority", "1"),
            false,
        ),
        (
            "the winner's source is not listed",
            d("2024-01-01")
                .value("1")
                .by("stranger", "s", "1")
                .against("crm", "r", "2")
                .rule("priority", "1"),
            false,
        ),
        (
            "only a stranger says something else",
            crm("2024-01-01", "1")
                .against("stranger", "s", "2")
                .rule("priority", "1"),
            false,
        ),
        (
            "the stronger has no value",
            wrong().with(|c| c.value = None).rule("priority", "1"),
            false,
        ),
        (
            "recency, older",
            right().observed("2023-12-31").rule("newest", "1"),
            false,
        ),
        ("recency, tied", right().rule("newest", "1"), false),
        (
            "recency, newer",
            right().observed("2024-01-02").rule("newest", "1"),
            true,
        ),
        (
            "recency, unknown",
            right().never_observed().rule("newest", "1"),
            false,
        ),
        ("confidence, less", right().rule("surest", "1"), false),
        (
            "confidence, tied",
            right().sure(0.9 + 1e-12).rule("surest", "1"),
            false,
        ),
        (
            "confidence, more",
            right().sure(0.91).rule("surest", "1"),
            true,
        ),
        (
            "confidence, no number",
            right().sure(f64::INFINITY).rule("surest", "1"),
            false,
        ),
        ("frequency, tied", right().rule("majority", "1"), false),
        (
            "frequency, two records of one source",
            right().against("vendor", "v2", "11M").rule("majority", "1"),
            false,
        ),
        (
            "frequency, two sources",
            right().against("filings", "f", "11M").rule("majority", "1"),
            true,
        ),
    ];
    for (what, decision, expected) in rows {
        let answer = ask("revenue", &[decision]).answer();
        assert_eq!(warned(&answer).contains(&RuleDisagrees), expected, "{what}");
    }
}

/// Makes true what the answer says would make the loser win; then it must win.
#[test]
fn what_would_make_it_win_makes_it_win() {
    type Repair = fn(D) -> D;
    let rows: [(&str, D, Repair); 3] = [
        (
            "newest",
            crm("2024-01-10", "12M")
                .against("vendor", "v1", "11M")
                .observed("2024-01-01"),
            |d| d.observed("2024-01-11"),
        ),
        (
            "surest",
            crm("2024-01-10", "12M").against("vendor", "v1", "11M"),
            |d| d.sure(0.91),
        ),
        (
            "majority",
            crm("2024-01-10", "12M")
                .against("vendor", "v1", "11M")
                .against("filings", "f1", "12M"),
            |d| d.against("a", "1", "11M").against("b", "1", "11M"),
        ),
    ];
    for (rule, decision, repair) in rows {
        let fine = ask("revenue", &[decision.clone().rule(rule, "1")]).answer();
        assert!(!warned(&fine).contains(&RuleDisagrees), "{rule}");
        let repaired = ask("revenue", &[repair(decision).rule(rule, "1")]).answer();
        assert!(warned(&repaired).contains(&RuleDisagrees), "{rule}");
    }
}
