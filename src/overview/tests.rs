//! From answers to an overview and to what changed.

use super::*;
use crate::answer::{Current, Mark, Queries, Warning};
use crate::question::{LookBack, Question};
use crate::value::Kind;

fn at(when: &str) -> Timestamp {
    format!("{when}T06:00:00Z").parse().unwrap()
}

fn info(name: &str) -> AttributeInfo {
    AttributeInfo {
        name: name.to_owned(),
        label: name.to_owned(),
        kind: Kind::Text,
        unit: None,
    }
}

fn change(when: &str, from: Option<&str>, to: &str, cause: Cause) -> Change {
    Change {
        at: at(when),
        from: from.map(str::to_owned),
        to: Some(to.to_owned()),
        cause,
        marks: Vec::<Mark>::new(),
        source: None,
        source_label: None,
        rule: None,
        rule_version: None,
        run_id: None,
        actor: None,
        reason: None,
        decision_id: when.to_owned(),
    }
}

fn answer(name: &str, changes: Vec<Change>) -> Answer {
    let as_of = at("2026-03-17");
    let read = Read {
        from: "2026-01-01".parse().unwrap(),
        requests: 3,
        cost_usd: 0.5,
        data_as_of: Some(as_of),
        ..nothing(as_of)
    };
    Answer {
        question: Question {
            text: name.to_owned(),
            entity_id: 17,
            entity_name: "Acme".to_owned(),
            attribute: name.to_owned(),
            as_of,
            expected: None,
            look_back: LookBack::Latest,
        },
        attribute: info(name),
        current: None,
        changes,
        confirmations: 4,
        warnings: Vec::new(),
        expectation: None,
        read,
        nothing: None,
        id: String::new(),
    }
}

fn served(name: &str, display: &str, warnings: &[WarningId]) -> Answer {
    let warning = |id: &WarningId| Warning {
        id: *id,
        text: String::new(),
        advice: String::new(),
    };
    Answer {
        current: Some(Current {
            value: Some(display.to_owned()),
            display: display.to_owned(),
            since: at("2026-03-01"),
            since_at_least: true,
            decided_at: at("2026-03-10"),
            decision_id: String::new(),
            rule: None,
            rule_version: None,
            run_id: None,
            actor: None,
            is_override: false,
            reason: None,
            candidates: Vec::new(),
        }),
        warnings: warnings.iter().map(warning).collect(),
        ..answer(name, Vec::new())
    }
}

fn asked(outcomes: Vec<(&str, Outcome)>) -> Asked {
    Asked {
        entity_id: 17,
        entity_name: "Acme".to_owned(),
        as_of: at("2026-03-17"),
        outcomes: outcomes
            .into_iter()
            .map(|(name, outcome)| (info(name), outcome))
            .collect(),
    }
}

fn answered(answer: Answer) -> Outcome {
    Outcome::Answered(Box::new(answer))
}

#[test]
fn each_attribute_has_a_row_whatever_became_of_its_question() {
    let overview = overview(asked(vec![
        (
            "revenue",
            answered(served(
                "revenue",
                "12M USD",
                &[WarningId::Flapping, WarningId::Late],
            )),
        ),
        ("sector", answered(answer("sector", Vec::new()))),
        ("limit", Outcome::Restricted("it is".to_owned())),
        ("website", Outcome::Unread("broken file".to_owned())),
    ]));
    let states: Vec<&State> = overview.rows.iter().map(|row| &row.state).collect();
    assert_eq!(
        states,
        [
            &State::Served {
                display: "12M USD".to_owned(),
                since: at("2026-03-01"),
                since_at_least: true,
                alarms: vec!["flapping"],
            },
            &State::Nothing,
            &State::Restricted,
            &State::Unread("broken file".to_owned()),
        ]
    );
    assert_eq!(overview.read.requests, 6);
    assert!((overview.read.cost_usd - 1.0).abs() < 1e-9);
    assert!(!overview.read.complete, "one was not read");
}

#[test]
fn where_all_is_restricted_nothing_was_read() {
    let overview = overview(asked(vec![(
        "limit",
        Outcome::Restricted("it is".to_owned()),
    )]));
    assert_eq!(overview.read, nothing(at("2026-03-17")));
}

#[test]
fn changes_are_those_within_the_time_newest_first() {
    let revenue = answer(
        "revenue",
        vec![
            change("2026-03-12", Some("1"), "2", Cause::NewObservation),
            change("2026-03-02", Some("0"), "1", Cause::NewObservation),
        ],
    );
    let sector = answer(
        "sector",
        vec![change("2026-03-14", Some("a"), "b", Cause::RuleChanged)],
    );
    let confirmed = answer(
        "website",
        vec![change("2026-03-13", Some("x"), "x", Cause::NotRead)],
    );
    let changes = changes(
        asked(vec![
            ("revenue", answered(revenue)),
            ("sector", answered(sector)),
            ("website", answered(confirmed)),
            ("limit", Outcome::Restricted("it is".to_owned())),
            ("name", Outcome::Unread("broken".to_owned())),
        ]),
        at("2026-03-10"),
    );
    let listed: Vec<(&str, &str)> = changes
        .changes
        .iter()
        .map(|(attribute, change)| (attribute.name.as_str(), change.decision_id.as_str()))
        .collect();
    assert_eq!(
        listed,
        [("sector", "2026-03-14"), ("revenue", "2026-03-12")]
    );
    let left_out: Vec<(&str, &str)> = changes
        .left_out
        .iter()
        .map(|(attribute, why)| (attribute.name.as_str(), why.as_str()))
        .collect();
    assert_eq!(left_out, [("limit", "it is"), ("name", "broken")]);
}

#[test]
fn readings_by_two_engines_are_summed_and_say_so() {
    let as_of = at("2026-03-17");
    let queries = |id: &str| Queries {
        ids: vec![id.to_owned()],
        queue_ms: 60.0,
        ..Queries::default()
    };
    let athena = |id| Read {
        engine: "athena",
        engine_reason: Some("up to 900 partitions, more than 200".to_owned()),
        athena: Some(queries(id)),
        ..nothing(as_of)
    };
    let both = read_twice(athena("q-1"), athena("q-2"));
    let said = both.athena.unwrap();
    assert_eq!(
        (said.ids, said.queue_ms),
        (vec!["q-1".to_owned(), "q-2".to_owned()], 120.0)
    );
    assert_eq!(
        (both.engine, both.engine_reason.is_some()),
        ("athena", true)
    );
    let mixed = read_twice(nothing(as_of), athena("q-1"));
    assert_eq!((mixed.engine, mixed.engine_reason), ("auto", None));
    assert_eq!(mixed.athena, Some(queries("q-1")));
}
