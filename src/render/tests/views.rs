//! What stands around an answer in Slack, and what a press asks: buttons here, the rest in rooms of
//! their own; and that all of it stays within Slack's limits, whatever the data.

use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::sample::*;
use super::blocks::shown;
use super::{hostile, slack};
use crate::answer::{AttributeInfo, Cause};
use crate::catalog::{Catalog, example};
use crate::error::Match;
use crate::job::{Place, ResponseUrl, TriageState};
use crate::overview::{Changes, Overview, Row, State};
use crate::question::{self, AsOf, LookBack};
use crate::render::blocks::{self, Flavour, Message};
use crate::render::views::*;
use crate::slack::actions::{Kept, pressed};
use crate::slack::request::Action;

mod forms;
mod glances;
mod pages;
mod reports;

const ALL: Offers = Offers {
    share: Offered::Yes,
    report: Offered::Yes,
};

fn catalog() -> Catalog {
    example::example().unwrap()
}

fn now() -> Timestamp {
    at("2026-04-01T09:30:00.123456Z")
}

fn info(label: &str) -> AttributeInfo {
    AttributeInfo {
        name: label.to_owned(),
        label: label.to_owned(),
        ..acme().attribute
    }
}

fn served(display: &str, alarms: &[&'static str]) -> State {
    State::Served {
        display: display.to_owned(),
        since: at("2026-03-02"),
        since_at_least: false,
        alarms: alarms.to_vec(),
    }
}

pub(super) fn glance() -> Overview {
    let row = |label: &str, state| Row {
        attribute: info(label),
        state,
    };
    Overview {
        entity_id: 17,
        entity_name: "Acme Corporation".to_owned(),
        as_of: now(),
        rows: vec![
            row(
                "revenue",
                served("12.4M USD", &["flapping", "rule_disagrees"]),
            ),
            row("employees", served("410", &[])),
            row("sector", State::Nothing),
            row("owner", State::Restricted),
            row("founded", State::Unread("the store timed out".to_owned())),
        ],
        read: acme().read,
    }
}

pub(super) fn changed(many: usize) -> Changes {
    let of_acme = acme().changes;
    Changes {
        entity_id: 17,
        entity_name: "Acme Corporation".to_owned(),
        since: at("2025-02-01T00:00:00Z"),
        as_of: now(),
        changes: of_acme
            .into_iter()
            .cycle()
            .take(many)
            .map(|change| (info("revenue"), change))
            .collect(),
        left_out: vec![],
        read: acme().read,
    }
}

fn reported(answer: &AsItWas) -> Triage<'_> {
    Triage {
        id: "r-1",
        reporter: "U1",
        question: "#17 revenue",
        wrong: "Their report says 10M.\n<!channel> look",
        expected: Some("10M"),
        link: Some("https://acme.example/report"),
        answer: Some(answer),
        state: None,
        state_by: None,
        page: None,
    }
}

/// Without our own mentions, which only a report has.
fn accepts_triage(message: &Message) {
    let without = |text: &str| text.replace("<@U1>", "U1").replace("<@U2>", "U2");
    let blocks = without(&json!(message.blocks).to_string());
    slack::accepts(&Message {
        text: without(&message.text),
        blocks: serde_json::from_str(&blocks).unwrap(),
    });
}

/// What each element of the buttons asks; a date picker for a day.
fn asked(blocks: &[Value]) -> Vec<Action> {
    let elements = blocks
        .iter()
        .filter_map(|block| block["elements"].as_array());
    elements
        .flatten()
        .filter(|element| element["action_id"].is_string())
        .map(|element| {
            let value = element["value"].as_str();
            let chosen = element.pointer("/options/0/value").and_then(Value::as_str);
            let value = value.or(chosen).unwrap_or_default();
            let id = element["action_id"].as_str().unwrap();
            pressed(id, value, element["initial_date"].as_str())
                .unwrap_or_else(|| panic!("nobody reads {element}"))
        })
        .collect()
}

fn under(answer: &crate::answer::Answer) -> String {
    let mut message = blocks::answer(answer, Flavour::Plain);
    message.blocks = buttons(answer, &catalog(), ALL, None);
    slack::accepts(&message);
    let shown = shown(&message);
    shown.split_once("--- actions\n").unwrap().1.to_owned()
}

#[test]
fn an_answer_offers_what_to_ask_next() {
    let mut answer = acme();
    answer.read.complete = false;
    let shown = under(&answer);
    for line in [
        "[Full history] #17 revenue full history",
        "#17 revenue as of 2026-03-01",
        "[As of\u{2026}] 2026-04-01",
        "[Another attribute]",
        "[Share to channel] #17 revenue",
        "[This looks wrong] #17 revenue",
        "Acme Corporation \u{b7} revenue",
    ] {
        assert!(shown.lines().any(|shown| shown == line), "{line}\n{shown}");
    }
}

#[test]
fn buttons_keep_the_day_and_what_was_expected() {
    let mut answer = expecting();
    answer.read.complete = false;
    let shown = under(&answer);
    for line in [
        "[Full history] #17 revenue as of 2026-03-31 expected \"10M\" full history",
        "[Compare with previous] #17 revenue as of 2026-03-31 expected \"10M\"",
        "#17 revenue as of 2026-03-01 expected \"10M\"",
        "[This looks wrong] #17 revenue as of 2026-03-31",
    ] {
        assert!(shown.lines().any(|shown| shown == line), "{line}\n{shown}");
    }
}

#[test]
fn nothing_is_offered_that_makes_no_sense() {
    assert!(!under(&not_found()).contains("Compare"));
    assert!(!under(&acme()).contains("[Full history]"));
    let mut whole = acme();
    whole.read.complete = false;
    whole.question.look_back = LookBack::All;
    assert!(!under(&whole).contains("[Full history]"));
    let none = buttons(&acme(), &catalog(), Offers::default(), None);
    let asked = asked(&none);
    assert!(
        !asked
            .iter()
            .any(|a| matches!(a, Action::Share(_) | Action::Wrong(_))),
        "{asked:?}"
    );
}

#[test]
fn the_previous_of_two_changes_on_a_day_is_the_millisecond_before() {
    let mut answer = acme();
    answer.changes[1].at = at("2026-03-02T05:00:00Z");
    let shown = under(&answer);
    assert!(
        shown.contains("\n#17 revenue as of 2026-03-02T05:59:59.999Z"),
        "{shown}"
    );
}

#[test]
fn what_a_button_asks_parses_to_what_it_says() {
    let catalog = catalog();
    let answer = expecting();
    for action in asked(&buttons(&answer, &catalog, ALL, None)) {
        let words = match action {
            // Both questions of a comparison, of which the second is new.
            Action::Ask(words) | Action::Choose(words) | Action::Share(words) => {
                words.lines().last().unwrap().to_owned()
            }
            Action::Wrong(words) => words.lines().next().unwrap().to_owned(),
            Action::AsOf { question, day } => format!("{question} as of {day}"),
            Action::Triage { .. } | Action::Link => panic!("{action:?}"),
        };
        let parsed = question::parse(&words, &catalog, now()).unwrap();
        assert_eq!(
            parsed.readings[0].entity,
            Some(question::EntityRef::Id(17)),
            "{words}"
        );
        assert!(matches!(parsed.as_of, Some(AsOf::Day(_))), "{words}");
    }
}

#[test]
fn several_answers_share_one_messages_limits() {
    let one = || {
        let mut message = blocks::answer(&expecting(), Flavour::Rich);
        message
            .blocks
            .extend(buttons(&expecting(), &catalog(), ALL, None));
        message
    };
    assert_eq!(joined(vec![one()]), one());
    for many in [0, 2, 5, 12, 40] {
        let message = joined((0..many).map(|_| one()).collect());
        if many == 0 {
            continue;
        }
        slack::accepts(&message);
        let bars = message
            .blocks
            .iter()
            .filter(|b| b["type"] == "actions")
            .count();
        assert_eq!(bars, many.min(12), "every answer has its buttons");
        let said = message
            .text
            .matches("revenue on 2026-03-31: 12.4M USD")
            .count();
        assert_eq!(said, many.min(12), "every answer is read out");
    }
    let message = joined((0..40).map(|_| one()).collect());
    assert!(
        message
            .text
            .ends_with("and 28 more: ask for them in a message of their own.")
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_the_data_views_stay_within_slacks_limits(
        answer in hostile::answer(),
        words in proptest::collection::vec(hostile::hostile(), 1..120),
        many in 0_usize..120,
    ) {
        let word = |n: usize| words[n % words.len()].clone();
        let info = |n: usize| AttributeInfo { name: word(n), label: word(n + 1), unit: Some(word(n + 2)), ..info("x") };
        let mut catalog = catalog();
        catalog.attributes = (0..many).map(|n| {
            let mut attribute = catalog.attributes[0].clone();
            attribute.name = word(n);
            attribute.label = word(n + 3);
            attribute
        }).collect();
        let mut message = blocks::answer(&answer, Flavour::Rich);
        message.blocks.extend(buttons(&answer, &catalog, ALL, None));
        slack::accepts(&message);
        slack::accepts(&joined(vec![message; many % 15 + 1]));

        let mut glance = glance();
        glance.entity_name = word(0);
        glance.rows = (0..many).map(|n| Row {
            attribute: info(n),
            state: match n % 3 {
                0 => State::Unread(word(n)),
                1 => State::Restricted,
                _ => served(&word(n), &["flapping"]),
            },
        }).collect();
        slack::accepts(&overview(&glance, ALL));

        let mut changed = changed(0);
        changed.entity_name = word(1);
        changed.changes = answer.changes.iter().enumerate().map(|(n, c)| (info(n), c.clone())).collect();
        changed.left_out = (0..many).map(|n| (info(n), word(n))).collect();
        slack::accepts(&changes(&changed, ALL));

        let (wrong, expected, link) = (word(2).repeat(3), word(3), word(4));
        accepts_triage(&triage(&Triage {
            id: "r-1",
            question: &word(5),
            wrong: &wrong,
            expected: Some(&expected),
            link: Some(&link),
            state: Some(TriageState::Explained),
            // No id that Slack gives.
            state_by: Some(&format!("U{}!", word(6))),
            ..reported(&AsItWas::of(&answer))
        }));

        let place = Place { response_url: Some(ResponseUrl("https://hooks.example/1".to_owned())), ..Place::default() };
        slack::accepts_view(&report(&word(7), &word(8), &place));
        let found = |n: usize| Match { label: word(n), detail: word(n + 1), question: word(n + 2) };
        slack::accepts_view(&ask(&AskModal {
            companies: (0..many % 9).map(found).collect(),
            attribute: Some(word(many)),
            as_of: None,
            expected: Some(word(8)),
            place,
        }, &catalog));
        slack::accepts_view(&home(&Home {
            last_questions: words.clone(),
            companies: many,
            attributes: words.clone(),
            data_as_of: None,
        }));
    }
}
