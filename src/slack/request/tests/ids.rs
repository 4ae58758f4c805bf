//! Ids: one for what Slack sent, however often it comes.

use std::collections::BTreeSet;

use super::*;

fn id(name: &str, changes: &Value) -> String {
    let request = read_patched(name, changes).unwrap();
    id_of(&request).unwrap().to_owned()
}

#[test]
fn every_id_is_short_hexadecimal_and_differs_from_all_others() {
    let ids: Vec<String> = PAYLOADS
        .iter()
        .filter(|(name, ..)| *name != "suggestion")
        .map(|(name, ..)| id(name, &json!({})))
        .collect();
    for id in &ids {
        assert!(
            id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit()),
            "{id}"
        );
    }
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
}

#[test]
fn a_command_and_a_press_never_share_an_id() {
    let same = json!({"trigger_id": "1.2.same"});
    assert_ne!(id("command", &same), id("press", &same));
}

#[test]
fn what_comes_again_has_the_same_id_and_what_is_new_has_another() {
    let rows = [
        // What else a redelivery may say differently does not matter.
        ("command", json!({"text": "acme"}), true),
        ("command", json!({"trigger_id": "41.42.other"}), false),
        (
            "mention",
            json!({"event_time": 5, "event": {"text": "<@U0WHY> x"}}),
            true,
        ),
        ("mention", json!({"event_id": "Ev9"}), false),
        ("direct", json!({"event_context": "x"}), true),
        ("home_opened", json!({"event_id": "Ev9"}), false),
        ("press", json!({"state": {"values": {"x": {}}}}), true),
        ("press", json!({"trigger_id": "51.52.other"}), false),
        ("message_shortcut", json!({"trigger_id": "x"}), false),
        ("global_shortcut", json!({"trigger_id": "x"}), false),
        // Sent twice by an impatient finger: another trigger, the same view.
        ("ask_submission", json!({"trigger_id": "x"}), true),
        ("ask_submission", json!({"view": {"hash": "x"}}), false),
        ("report_submission", json!({"view": {"id": "V9"}}), false),
    ];
    for (name, changes, same) in rows {
        assert_eq!(
            id(name, &json!({})) == id(name, &changes),
            same,
            "{name} {changes}"
        );
    }
}

#[test]
fn without_what_slack_usually_names_it_by_the_rest_makes_the_id() {
    let rows = [
        (
            "command",
            json!({"trigger_id": null}),
            json!({"text": "other"}),
        ),
        (
            "press",
            json!({"trigger_id": null}),
            json!({"container": {"message_ts": "1.1"}}),
        ),
        (
            "ask_submission",
            json!({"view": {"hash": null}}),
            json!({"view": {"id": "V9"}}),
        ),
        (
            "mention",
            json!({"event_id": null}),
            json!({"event": {"event_ts": "1.1"}}),
        ),
        (
            "mention",
            json!({"event_id": null, "team_id": NULL}),
            json!({"event": {"text": "x"}}),
        ),
    ];
    for (name, absent, changed) in rows {
        let mut other = absent.clone();
        let both = other.as_object_mut().unwrap();
        for (field, change) in changed.as_object().unwrap() {
            patch(both.entry(field.clone()).or_insert(json!({})), change);
        }
        if name == "ask_submission" {
            other["view"]["hash"] = Value::Null;
        }
        assert_eq!(id(name, &absent), id(name, &absent), "{name}");
        assert_ne!(id(name, &absent), id(name, &other), "{name} {other}");
        assert_ne!(id(name, &absent), id(name, &json!({})), "{name}");
    }
    let again = json!({"event_id": null, "event": {"text": "retold"}});
    assert_eq!(
        id("mention", &json!({"event_id": null})),
        id("mention", &again)
    );
}
