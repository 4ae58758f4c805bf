//! The answer as a whole: as-of, since, what is current, what there is not, its id.

use super::{D, ask, at, causes, crm, d};
use crate::answer::Nothing;

#[test]
fn decisions_up_to_and_at_as_of_count() {
    let decisions = [
        crm("2024-01-01", "1M"),
        crm("2024-02-01", "2M"),
        crm("2024-03-01", "3M"),
    ];
    let rows = [
        ("2023-12-31", None, 0),
        ("2024-01-31T23:59:59.999", Some("1M"), 1),
        ("2024-02-01", Some("2M"), 2),
        ("2024-12-01", Some("3M"), 3),
        ("2030-01-01", Some("3M"), 3),
    ];
    for (as_of, value, changes) in rows {
        let answer = ask("revenue", &decisions).on(as_of).answer();
        let current = answer
            .current
            .as_ref()
            .and_then(|current| current.value.as_deref());
        assert_eq!((current, answer.changes.len()), (value, changes), "{as_of}");
        assert_eq!(answer.nothing.is_some(), value.is_none(), "{as_of}");
        assert_eq!(answer.warnings, [], "{as_of}");
    }
}

#[test]
fn the_current_decision_is_told_whole() {
    let mut asked = ask(
        "revenue",
        &[
            crm("2024-01-01", "1M"),
            crm("2024-02-01", "12M").rule("newest", "3"),
        ],
    );
    let last = asked.decisions.last_mut().unwrap();
    last.reason = Some("fresher".to_owned());
    last.run_id = Some("run 7".to_owned());
    last.actor = Some("nightly".to_owned());
    let answer = asked.answer();
    let current = answer.current.unwrap();
    assert_eq!(current.display, "12M USD");
    assert_eq!(
        (current.since, current.decided_at),
        (at("2024-02-01"), at("2024-02-01"))
    );
    assert_eq!(
        (current.decision_id.as_str(), current.is_override),
        ("d1", false)
    );
    assert_eq!(
        (current.rule.as_deref(), current.rule_version.as_deref()),
        (Some("newest"), Some("3"))
    );
    assert_eq!(current.reason.as_deref(), Some("fresher"));
    let newest = &answer.changes[0];
    assert_eq!(
        (newest.from.as_deref(), newest.to.as_deref()),
        (Some("1M"), Some("12M"))
    );
    assert_eq!(
        (newest.run_id.as_deref(), newest.actor.as_deref()),
        (Some("run 7"), Some("nightly"))
    );
    assert_eq!(
        (newest.source.as_deref(), newest.decision_id.as_str()),
        (Some("crm"), "d1")
    );
    assert_eq!(answer.attribute.unit.as_deref(), Some("USD"));
}

#[test]
fn confirmations_are_counted_not_listed() {
    let decisions = [
        crm("2024-01-01", "1M"),
        crm("2024-02-01", "1M"),
        crm("2024-03-01", "1m"),
        crm("2024-04-01", "1m"),
    ];
    let answer = ask("revenue", &decisions).answer();
    assert_eq!(
        (causes(&answer).as_str(), answer.confirmations),
        ("format_only first_seen", 2)
    );
}

#[test]
fn since_is_where_the_run_of_equal_values_began() {
    let since = |decisions: &[D]| ask("revenue", decisions).answer().current.unwrap().since;
    let run = [
        crm("2024-01-01", "1M"),
        crm("2024-02-01", "2M"),
        crm("2024-03-01", "2,000,000"),
        crm("2024-04-01", "2m"),
    ];
    assert_eq!(since(&run), at("2024-02-01"));
    let broken = [
        crm("2024-01-01", "2M"),
        d("2024-02-01"),
        crm("2024-03-01", "2M"),
    ];
    assert_eq!(since(&broken), at("2024-03-01"));
    assert_eq!(since(&broken[..2]), at("2024-02-01"));
}

#[test]
fn at_least_since_where_the_run_may_have_begun_before_what_was_read() {
    let rows = [
        ("the same before", crm("2024-01-01", "2M").after("2M"), true),
        (
            "written differently before",
            crm("2024-01-01", "2M").after("2,000,000"),
            true,
        ),
        ("another before", crm("2024-01-01", "2M").after("1M"), false),
        ("nothing before", crm("2024-01-01", "2M").after("-"), false),
        ("cleared from a value", d("2024-01-01").after("1M"), false),
    ];
    for (what, first, at_least) in rows {
        let second = crm("2024-02-01", "3M").after("3M");
        let asked = ask("revenue", &[first.clone(), second]);
        let later = asked.clone().bounded().answer().current.unwrap();
        assert!(!later.since_at_least, "{what}: the run began within");
        let asked = asked.on("2024-01-31");
        let bounded = asked.clone().bounded().answer().current.unwrap();
        assert_eq!(bounded.since_at_least, at_least, "{what}");
        assert!(
            !asked.answer().current.unwrap().since_at_least,
            "{what}: all was read"
        );
    }
}

#[test]
fn nothing_says_whether_the_question_lay_outside() {
    let outside = |as_of: &str| {
        let answer = ask("revenue", &[]).on(as_of).answer();
        assert_eq!((answer.changes.len(), answer.confirmations), (0, 0));
        answer.nothing.map(|nothing: Nothing| nothing.outside_range)
    };
    // The layout begins on 2020-01-15, in the partition of that month.
    assert_eq!(outside("2019-12-31T23:59:59.999"), Some(true));
    assert_eq!(outside("2020-01-01"), Some(false));
    assert_eq!(outside("2024-12-01"), Some(false));
}

#[test]
fn decisions_of_others_are_ignored() {
    let mut asked = ask(
        "revenue",
        &[
            crm("2024-01-01", "1M"),
            crm("2024-02-01", "2M"),
            crm("2024-03-01", "3M"),
        ],
    );
    asked.decisions[1].entity_id = 2;
    asked.decisions[2].attribute = "headcount".to_owned();
    let answer = asked.answer();
    assert_eq!(answer.current.unwrap().value.as_deref(), Some("1M"));
    assert_eq!((answer.changes.len(), answer.confirmations), (1, 0));
}

#[test]
fn an_attribute_that_is_not_declared_is_a_text() {
    let answer = ask(
        "tax_id",
        &[crm("2024-01-01", "12"), crm("2024-02-01", "12.0")],
    )
    .answer();
    assert_eq!(answer.attribute.label, "tax id");
    assert_eq!(causes(&answer), "new_observation first_seen");
}

#[test]
fn the_id_names_the_question_and_the_decisions() {
    let asked = ask(
        "revenue",
        &[
            crm("2024-01-01", "1M").against("vendor", "v1", "2M"),
            crm("2030-01-01", "3M"),
        ],
    );
    let id = asked.answer().id;
    assert!(
        id.len() == 16 && id.bytes().all(|b| b.is_ascii_hexdigit()),
        "{id}"
    );

    let mut receipt = asked.clone();
    receipt.read.total_ms = 12.0;
    receipt.read.engine = "athena";
    receipt.decisions[0].written = "002".to_owned();
    assert_eq!(receipt.answer().id, id, "how it was read does not count");

    type Change = fn(&mut super::Asked);
    let changes: [Change; 9] = [
        |a| a.question.text.push('?'),
        |a| a.question.as_of = at("2024-06-01"),
        |a| a.question.expected = Some(String::new()),
        |a| a.question.look_back = crate::question::LookBack::Auto,
        |a| a.decisions[0].value = None,
        |a| a.decisions[0].reason = Some(String::new()),
        |a| a.decisions[0].evidence[1].confidence = None,
        |a| a.decisions[0].evidence[1].selected = true,
        |a| a.decisions[1].value = None,
    ];
    let mut ids = vec![id];
    for change in changes {
        let mut changed = asked.clone();
        change(&mut changed);
        ids.push(changed.answer().id);
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 10);
}
