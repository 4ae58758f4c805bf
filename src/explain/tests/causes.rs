//! For every cause: where it applies, and the nearest case where another does.

use super::{D, ask, causes, crm, d};

/// The causes of the changes, newest first.
fn check(what: &str, decisions: &[D], expected: &str) {
    assert_eq!(
        causes(&ask("revenue", decisions).answer()),
        expected,
        "{what}"
    );
}

#[test]
fn of_the_first_decision_the_recorded_previous_value_tells() {
    check("nothing before", &[crm("2024-01-01", "12M")], "first_seen");
    check(
        "something before",
        &[crm("2024-01-01", "12M").after("11M")],
        "not_read",
    );
    check(
        "an empty text before",
        &[crm("2024-01-01", "12M").after("")],
        "not_read",
    );
    check(
        "the same before",
        &[crm("2024-01-01", "12M").after("12M")],
        "",
    );
    check(
        "written differently before",
        &[crm("2024-01-01", "12M").after("12m")],
        "not_read",
    );
    check(
        "cleared, unread before",
        &[d("2024-01-01").after("12M")],
        "not_read",
    );
    check("never a value", &[d("2024-01-01")], "");
}

#[test]
fn the_same_value_is_listed_where_it_was_decided_differently() {
    let first = crm("2024-01-01", "12M").against("vendor", "v1", "12M");
    let again = |d: D| causes(&ask("revenue", &[first.clone(), d]).answer());
    let by_crm = || crm("2024-02-01", "12M").against("vendor", "v1", "12M");
    assert_eq!(again(by_crm()), "first_seen", "a confirmation");
    assert_eq!(
        again(by_crm().sure(0.1).observed("2024-01-31")),
        "first_seen",
        "only fresher"
    );
    assert_eq!(
        again(by_crm().rule("legacy", "2")),
        "first_seen",
        "another version"
    );
    assert_eq!(
        again(by_crm().rule("newest", "1")),
        "reconfirmed first_seen",
        "another rule"
    );
    assert_eq!(
        again(by_crm().rule("-", "1")),
        "reconfirmed first_seen",
        "no rule"
    );
    assert_eq!(
        again(by_crm().overridden()),
        "reconfirmed first_seen",
        "an override"
    );
    let vendor = d("2024-02-01").value("12M").by("vendor", "v1", "12M");
    assert_eq!(again(vendor), "reconfirmed first_seen", "another source");
    let record = d("2024-02-01").value("12M").by("crm", "r2", "12M");
    assert_eq!(again(record), "reconfirmed first_seen", "another record");
    let nobody = d("2024-02-01").value("12M").against("crm", "r1", "12M");
    assert_eq!(
        again(nobody),
        "first_seen",
        "a winner that is not known is not another one"
    );
}

#[test]
fn what_people_do_comes_before_what_data_does() {
    let first = || crm("2024-01-01", "12M");
    let overridden = || d("2024-02-01").value("15M").overridden();
    check(
        "an override",
        &[first(), overridden()],
        "override first_seen",
    );
    check(
        "one that clears",
        &[first(), d("2024-02-01").overridden()],
        "override first_seen",
    );
    check("cleared", &[first(), d("2024-02-01")], "cleared first_seen");
    check(
        "cleared after an override",
        &[first(), overridden(), d("2024-03-01")],
        "cleared override first_seen",
    );
    check(
        "lifted",
        &[first(), overridden(), crm("2024-03-01", "12M")],
        "override_lifted override first_seen",
    );
    check(
        "lifted, and only the form differs",
        &[first(), overridden(), crm("2024-03-01", "15,000,000")],
        "override_lifted override first_seen",
    );
    check(
        "an override of an override",
        &[
            first(),
            overridden(),
            d("2024-03-01").value("16M").overridden(),
        ],
        "override override first_seen",
    );
    check(
        "long after an override was lifted",
        &[
            first(),
            overridden(),
            crm("2024-03-01", "12M"),
            crm("2024-04-01", "13M"),
        ],
        "new_observation override_lifted override first_seen",
    );
}

#[test]
fn form_is_told_from_value() {
    check(
        "another form",
        &[
            crm("2024-01-01", "12M"),
            crm("2024-02-01", "$ 12,000,000").rule("newest", "9"),
        ],
        "format_only first_seen",
    );
    check(
        "another value",
        &[crm("2024-01-01", "12M"), crm("2024-02-01", "12.1M")],
        "new_observation first_seen",
    );
    check(
        "an empty text is a value",
        &[
            d("2024-01-01").value("").by("crm", "r1", ""),
            crm("2024-02-01", "12M"),
        ],
        "new_observation first_seen",
    );
}

#[test]
fn the_rule_changed_where_the_candidates_are_the_same() {
    let before = || {
        crm("2024-01-01", "12M")
            .against("vendor", "v1", "11M")
            .rule("priority", "1")
    };
    let now = |vendor: &str| {
        d("2024-02-01")
            .value("11M")
            .by("vendor", vendor, "11M")
            .against("crm", "r1", "12,000,000")
    };
    check(
        "rule",
        &[before(), now("v1").rule("newest", "1")],
        "rule_changed first_seen",
    );
    check(
        "version",
        &[before(), now("v1").rule("priority", "2")],
        "rule_changed first_seen",
    );
    check(
        "neither",
        &[before(), now("v1").rule("priority", "1")],
        "overtaken first_seen",
    );
    check(
        "other candidates",
        &[before(), now("v2").rule("newest", "1")],
        "overtaken first_seen",
    );
    check(
        "one candidate more",
        &[
            before(),
            now("v1").against("filings", "f", "9M").rule("newest", "1"),
        ],
        "overtaken first_seen",
    );
    check(
        "without winners",
        &[
            d("2024-01-01")
                .value("12M")
                .against("crm", "r1", "12M")
                .rule("priority", "1"),
            d("2024-02-01")
                .value("11M")
                .against("crm", "r1", "12M")
                .rule("newest", "1"),
        ],
        "rule_changed first_seen",
    );
}

#[test]
fn a_value_appears_after_none() {
    let cleared = || d("2024-02-01");
    check(
        "filled",
        &[
            crm("2024-01-01", "12M"),
            cleared(),
            crm("2024-03-01", "12M"),
        ],
        "filled cleared first_seen",
    );
    check(
        "the first decision recorded no value",
        &[d("2024-01-01"), crm("2024-02-01", "12M")],
        "filled",
    );
}

#[test]
fn a_winner_goes_or_is_outdone() {
    let before = || crm("2024-01-01", "12M").against("vendor", "v1", "11M");
    let vendor = |value: &str| d("2024-02-01").value(value).by("vendor", "v1", value);
    check("gone", &[before(), vendor("11M")], "withdrawn first_seen");
    check(
        "no value",
        &[before(), vendor("11M").against("crm", "r1", "-")],
        "withdrawn first_seen",
    );
    check(
        "gone, and nobody is marked as the winner",
        &[
            before(),
            d("2024-02-01").value("11M").against("vendor", "v1", "11M"),
        ],
        "withdrawn first_seen",
    );
    check(
        "outdone",
        &[before(), vendor("11M").against("crm", "r1", "12M")],
        "overtaken first_seen",
    );
    check(
        "outdone by one that was not there before",
        &[
            crm("2024-01-01", "12M"),
            vendor("11M").against("crm", "r9", "12M"),
        ],
        "overtaken first_seen",
    );
    check(
        "the winner had no value to withdraw",
        &[
            d("2024-01-01").value("12M").by("crm", "r1", "-"),
            vendor("11M"),
        ],
        "unknown first_seen",
    );
}

#[test]
fn a_record_gets_another_id() {
    let before = || crm("2024-01-01", "12M");
    let rekeyed = || d("2024-02-01").value("13M").by("crm", "r2", "13M");
    check("another id", &[before(), rekeyed()], "rekeyed first_seen");
    check(
        "no id",
        &[before(), d("2024-02-01").value("13M").by("crm", "-", "13M")],
        "rekeyed first_seen",
    );
    check(
        "silent under the old",
        &[before(), rekeyed().against("crm", "r1", "-")],
        "rekeyed first_seen",
    );
    check(
        "still speaks under the old",
        &[before(), rekeyed().against("crm", "r1", "12M")],
        "overtaken first_seen",
    );
    check(
        "the same id",
        &[before(), crm("2024-02-01", "13M")],
        "new_observation first_seen",
    );
}

#[test]
fn one_record_says_something_else() {
    let before = || crm("2024-01-01", "12M").observed("2023-12-01");
    let now = || crm("2024-02-01", "13M");
    check("later", &[before(), now()], "new_observation first_seen");
    check(
        "at the same time",
        &[before(), now().observed("2023-12-01")],
        "corrected first_seen",
    );
    check(
        "earlier",
        &[before(), now().observed("2023-11-01")],
        "corrected first_seen",
    );
    check(
        "a moment later",
        &[before(), now().observed("2023-12-01T00:00:00.001")],
        "new_observation first_seen",
    );
    check(
        "never observed",
        &[before(), now().never_observed()],
        "unknown first_seen",
    );
    check(
        "never before",
        &[before().never_observed(), now()],
        "unknown first_seen",
    );
}

#[test]
fn without_single_winners_the_cause_is_unknown() {
    let several = || {
        d("2024-02-01")
            .value("13M")
            .by("crm", "r1", "13M")
            .by("vendor", "v1", "13M")
    };
    let none = || d("2024-02-01").value("13M").against("crm", "r1", "13M");
    check(
        "several",
        &[crm("2024-01-01", "12M"), several()],
        "unknown first_seen",
    );
    check(
        "none",
        &[crm("2024-01-01", "12M"), none()],
        "unknown first_seen",
    );
    check(
        "after several",
        &[several(), crm("2024-03-01", "14M")],
        "unknown first_seen",
    );
}
