//! Tests of buttons: what is written into one is what is read when it is pressed.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::job::{Reply, ResponseUrl};
use crate::slack::request::{Endpoint, Request, read};

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        "#[0-9]{1,6} [a-z_]{1,20}( as of 2025-03-01)?",
        "\\PC{1,60}",
        "[:0-9 ]{1,8}",
    ]
    .prop_filter("words", |words| !words.trim().is_empty())
}

fn action() -> impl Strategy<Value = Action> {
    let state = prop_oneof![
        Just(TriageState::Looking),
        Just(TriageState::Explained),
        Just(TriageState::DataError),
    ];
    prop_oneof![
        words().prop_map(Action::Ask),
        words().prop_map(Action::Choose),
        words().prop_map(Action::Share),
        words().prop_map(Action::Wrong),
        (words(), 1..=28u8).prop_map(|(question, day)| Action::AsOf {
            question,
            day: format!("2025-02-{day:02}"),
        }),
        (words(), state).prop_map(|(report, state)| Action::Triage { report, state }),
        Just(Action::Link),
    ]
}

fn day_of(action: &Action) -> Option<&str> {
    match action {
        Action::AsOf { day, .. } => Some(day),
        Action::Ask(_)
        | Action::Choose(_)
        | Action::Share(_)
        | Action::Wrong(_)
        | Action::Triage { .. }
        | Action::Link => None,
    }
}

proptest! {
    #[test]
    fn what_is_pressed_is_what_was_written(action in action(), index in 0..100usize) {
        let written = button(&action, index).unwrap();
        prop_assert!(written.action_id.chars().count() <= 255);
        prop_assert!(!written.value.is_empty() && written.value.chars().count() <= 2_000);
        let day = day_of(&action);
        prop_assert_eq!(pressed(&written.action_id, &written.value, day), Some(action.clone()));
        // A date picker comes back without its value.
        if day.is_some() {
            prop_assert_eq!(pressed(&written.action_id, "", day), Some(action));
        }
    }

    #[test]
    fn what_slack_sends_of_a_press_is_what_was_written(action in action(), index in 0..100usize) {
        let Button { action_id, value } = button(&action, index).unwrap();
        let element = match day_of(&action) {
            Some(day) => json!({"type": "datepicker", "action_id": action_id, "selected_date": day}),
            None => json!({"type": "button", "action_id": action_id, "value": value}),
        };
        let payload = json!({"type": "block_actions", "user": {"id": "U1"}, "actions": [element]});
        let read = read(Endpoint::Interactions, payload.to_string().as_bytes());
        prop_assert!(
            matches!(&read, Ok(Request::Pressed { action: found, .. }) if *found == action),
            "{:?}", read
        );
    }

    #[test]
    fn another_index_is_another_id(action in action(), one in 0..100usize, other in 0..100usize) {
        prop_assume!(one != other);
        let id = |index| button(&action, index).unwrap().action_id;
        prop_assert_ne!(id(one), id(other));
    }

    #[test]
    fn any_ids_are_read_or_not(id in "(why:)?\\PC{0,40}", value in "\\PC{0,10}", day in "\\PC{0,10}") {
        let _ = pressed(&id, &value, Some(&day));
    }
}

#[test]
fn ids_say_what_they_are_for() {
    let question = || "#17 revenue".to_owned();
    let triage = |state| Action::Triage {
        report: "R1".to_owned(),
        state,
    };
    let as_of = Action::AsOf {
        question: question(),
        day: String::new(),
    };
    for (action, index, expected) in [
        (Action::Ask(question()), 0, "why:ask:0 = #17 revenue"),
        (Action::Ask(question()), 7, "why:ask:7 = #17 revenue"),
        (Action::Choose(question()), 1, "why:choose:1 = #17 revenue"),
        (Action::Share(question()), 0, "why:share = #17 revenue"),
        (Action::Wrong(question()), 0, "why:wrong = #17 revenue"),
        (as_of, 0, "why:as_of:0:#17 revenue = #17 revenue"),
        (triage(TriageState::Looking), 0, "why:triage:looking = R1"),
        (
            triage(TriageState::Explained),
            0,
            "why:triage:explained = R1",
        ),
        (
            triage(TriageState::DataError),
            1,
            "why:triage:data_error:1 = R1",
        ),
        (Action::Link, 0, "why:link = link"),
        (Action::Link, 2, "why:link:2 = link"),
    ] {
        let Button { action_id, value } = button(&action, index).unwrap();
        assert_eq!(format!("{action_id} = {value}"), expected);
    }
}

#[test]
fn words_that_do_not_fit_make_no_button() {
    let as_of = |question: String| Action::AsOf {
        question,
        day: "2025-03-01".to_owned(),
    };
    for (action, fits) in [
        (Action::Ask("ü".repeat(2_000)), true),
        (Action::Ask("ü".repeat(2_001)), false),
        (Action::Ask(String::new()), false),
        (Action::Share(" \n".to_owned()), false),
        (as_of("x".repeat(255 - "why:as_of:0:".len())), true),
        (as_of("x".repeat(256 - "why:as_of:0:".len())), false),
        (as_of(String::new()), false),
    ] {
        assert_eq!(button(&action, 0).is_some(), fits, "{action:?}");
    }
}

#[test]
fn what_is_not_ours_is_no_action() {
    for (id, value, day) in [
        ("", "x", None),
        ("ask:0", "x", None),
        ("why", "x", None),
        ("why:", "x", None),
        ("why:ask", "x", None),
        ("why:ask:", "x", None),
        ("why:ask:one", "x", None),
        ("why:ask:0", "", None),
        ("why:asks:0", "x", None),
        ("why:share:x", "x", None),
        ("why:wrong", "", None),
        ("why:link:x", "x", None),
        ("why:as_of:0:#17 revenue", "", None),
        ("why:as_of:0:#17 revenue", "", Some("")),
        ("why:as_of:0:#17 revenue", "", Some("2025-02-30")),
        ("why:as_of:0:", "", Some("2025-03-01")),
        ("why:as_of:#17 revenue", "", Some("2025-03-01")),
        ("why:triage:", "R1", None),
        ("why:triage:solved", "R1", None),
        ("why:triage:looking", "", None),
        ("why:triage:looking:x", "R1", None),
    ] {
        assert_eq!(pressed(id, value, day), None, "{id}");
    }
}

#[test]
fn what_a_modal_keeps_is_read_back() {
    let place = Place {
        channel: Some("C1".to_owned()),
        thread_ts: Some("1.1".to_owned()),
        message_ts: None,
        response_url: Some(ResponseUrl("https://hooks.slack.com/s3cret".to_owned())),
        reply: Reply::Update,
    };
    for question in [None, Some("#17 \"revenue\"".to_owned())] {
        let place = place.clone();
        let kept = Kept { question, place };
        assert_eq!(Kept::decode(&kept.encode()), Some(kept));
    }
    // A place alone is enough for a question.
    let alone = serde_json::to_string(&place).unwrap();
    assert_eq!(Kept::decode(&alone).map(|kept| kept.place), Some(place));
    for foreign in ["", "{}", "This is for you!", "{\"reply\":\"shout\"}", "[]"] {
        assert_eq!(Kept::decode(foreign), None, "{foreign}");
    }
}
