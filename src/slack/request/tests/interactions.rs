//! Presses, shortcuts, the typeahead.

use super::*;

#[test]
fn a_press_under_a_private_answer_replaces_it_and_under_a_public_one_stands_beside_it() {
    check(
        "press",
        &[
            (
                json!({}),
                "Pressed U1@T1/E1 C1 !1764000003.000400 +hooks.slack.com Ephemeral \
                 by 51.52.trigger: Ask(\"#17 revenue\")",
            ),
            (
                json!({"container": {"is_ephemeral": false},
                       "message": {"type": "message", "ts": "1764000003.000400", "bot_id": "B1", "text": "…"}}),
                "Pressed U1@T1/E1 C1 !1764000003.000400 +hooks.slack.com Beside \
                 by 51.52.trigger: Ask(\"#17 revenue\")",
            ),
            (
                json!({"container": {"is_ephemeral": null, "thread_ts": "1764000000.000100"}}),
                "Pressed U1@T1/E1 C1 >1764000000.000100 !1764000003.000400 +hooks.slack.com Beside \
                 by 51.52.trigger: Ask(\"#17 revenue\")",
            ),
            (
                json!({"container": NULL, "message": {"ts": "1.2", "thread_ts": "1.1"}}),
                "Pressed U1@T1/E1 C1 >1.1 !1.2 +hooks.slack.com Beside \
                 by 51.52.trigger: Ask(\"#17 revenue\")",
            ),
            (
                json!({"channel": NULL}),
                "Pressed U1@T1/E1 C1 !1764000003.000400 +hooks.slack.com Ephemeral \
                 by 51.52.trigger: Ask(\"#17 revenue\")",
            ),
            // An organisation install: no workspace.
            (
                json!({"team": NULL, "is_enterprise_install": true,
                       "enterprise": {"id": "E2", "name": "Org"}, "user": {"id": "W1", "team_id": null}}),
                "Pressed W1@-/E2 C1 !1764000003.000400 +hooks.slack.com Ephemeral \
                 by 51.52.trigger: Ask(\"#17 revenue\")",
            ),
            // Whoever presses in a shared channel may be of another organisation.
            (
                json!({"user": {"id": "U9", "team_id": "T9"}, "response_url": null}),
                "Pressed U9@T9/E1 C1 !1764000003.000400 Ephemeral \
                 by 51.52.trigger: Ask(\"#17 revenue\")",
            ),
        ],
    );
}

#[test]
fn each_element_is_read_and_the_first_that_is_ours_counts() {
    let rows: [(Value, &str); 13] = [
        (
            json!([{"action_id": "why:share", "value": "#17 revenue", "type": "button"}]),
            "Share(\"#17 revenue\")",
        ),
        (
            json!([{"action_id": "why:wrong", "value": "#17 revenue", "type": "button"}]),
            "Wrong(\"#17 revenue\")",
        ),
        (
            json!([{"action_id": "why:link:2", "value": "link", "type": "button", "url": "https://example.com"}]),
            "Link",
        ),
        (
            json!([{"action_id": "why:triage:data_error", "value": "R1", "type": "button"}]),
            "Triage { report: \"R1\", state: DataError }",
        ),
        (
            json!([{"action_id": "why:as_of:0:#17 revenue", "type": "datepicker",
                    "selected_date": "2025-03-01", "initial_date": "2025-01-01"}]),
            "AsOf { question: \"#17 revenue\", day: \"2025-03-01\" }",
        ),
        (
            json!([{"action_id": "why:ask:3", "type": "overflow",
                    "selected_option": {"text": {"type": "plain_text", "text": "Full"}, "value": "#17 revenue full history"}}]),
            "Ask(\"#17 revenue full history\")",
        ),
        (
            json!([{"action_id": "why:ask:3", "type": "static_select", "placeholder": {},
                    "selected_option": {"text": {"type": "plain_text", "text": "Employees"}, "value": "#17 employees"}}]),
            "Ask(\"#17 employees\")",
        ),
        (
            json!([{"action_id": "other"}, {"action_id": "why:ask:1", "value": "#1 x"},
                   {"action_id": "why:ask:2", "value": "#2 x"}]),
            "Ask(\"#1 x\")",
        ),
        // A date picker that was cleared.
        (
            json!([{"action_id": "why:as_of:0:#17 revenue", "type": "datepicker", "selected_date": NULL}]),
            "-",
        ),
        (
            json!([{"action_id": "company", "type": "external_select"}]),
            "-",
        ),
        (json!([{"action_id": "why:later:1", "value": "x"}]), "-"),
        (json!([5, NULL, "why:ask:0", [], {"value": "x"}]), "-"),
        (json!([]), "-"),
    ];
    for (actions, expected) in rows {
        let mut changes = json!({});
        changes["actions"] = actions;
        let request = read_patched("press", &changes).unwrap();
        let found = if let Request::Pressed { action, .. } = &request {
            format!("{action:?}")
        } else {
            assert_eq!(show(&request), "ignored: an action that is not ours");
            "-".to_owned()
        };
        assert_eq!(found, expected, "{changes}");
    }
}

#[test]
fn a_press_in_a_view_goes_where_the_view_came_from_or_to_the_asker_alone() {
    let view = json!({"type": "view", "view_id": "V1", "message_ts": null, "channel_id": null, "is_ephemeral": null});
    let home = json!({"container": view, "channel": null, "response_url": null,
                      "view": {"id": "V1", "type": "home", "private_metadata": ""}});
    let mut modal = home.clone();
    modal["view"]["private_metadata"] =
        json!("{\"channel\":\"C7\",\"message_ts\":\"1.2\",\"reply\":\"update\"}");
    let mut foreign = home.clone();
    foreign["view"]["private_metadata"] = json!("This is for you!");
    check(
        "press",
        &[
            (
                home,
                "Pressed U1@T1/E1 Thread by 51.52.trigger: Ask(\"#17 revenue\")",
            ),
            (
                modal,
                "Pressed U1@T1/E1 C7 !1.2 Update by 51.52.trigger: Ask(\"#17 revenue\")",
            ),
            (
                foreign,
                "Pressed U1@T1/E1 Thread by 51.52.trigger: Ask(\"#17 revenue\")",
            ),
        ],
    );
}

#[test]
fn a_message_shortcut_brings_the_thread_and_what_the_message_says() {
    let ours = |message: &str| {
        format!(
            "Shortcut U1@T1/- C1 >1764000006.000700 !1764000006.000700 +hooks.slack.com Thread \
             by 61.62.trigger: {message}"
        )
    };
    let plain = ours("Some(\"Acme's revenue looks off, should be 10M\")");
    check(
        "message_shortcut",
        &[
            (json!({}), plain.as_str()),
            (
                json!({"message": {"thread_ts": "1764000000.000100"}}),
                "Shortcut U1@T1/- C1 >1764000000.000100 !1764000006.000700 +hooks.slack.com Thread \
                 by 61.62.trigger: Some(\"Acme's revenue looks off, should be 10M\")",
            ),
            (json!({"message_ts": null}), plain.as_str()),
            (
                json!({"team": NULL, "enterprise": {"id": "E1", "name": "Org"}, "is_enterprise_install": true}),
                "Shortcut U1@T1/E1 C1 >1764000006.000700 !1764000006.000700 +hooks.slack.com Thread \
                 by 61.62.trigger: Some(\"Acme's revenue looks off, should be 10M\")",
            ),
            // Another bot's message, with metadata of every type.
            (
                json!({"message": {"user": null, "subtype": "bot_message", "bot_id": "B9", "username": "alerts",
                       "bot_profile": {"id": "B9", "icons": {}},
                       "metadata": {"event_type": "alert", "event_payload": {"n": 1, "list": [true, NULL]}}}}),
                plain.as_str(),
            ),
            (
                json!({"response_url": null}),
                "Shortcut U1@T1/- C1 >1764000006.000700 !1764000006.000700 Thread \
                 by 61.62.trigger: Some(\"Acme's revenue looks off, should be 10M\")",
            ),
            (json!({"message": NULL}), ours("None").as_str()),
            (
                json!({"message": {"text": "  ", "files": [{"title": "a.png"}]}}),
                ours("None").as_str(),
            ),
        ],
    );
}

#[test]
fn a_message_without_a_text_speaks_through_its_blocks_and_attachments() {
    let rows: [(Value, Option<&str>); 9] = [
        (
            json!({"blocks": [
                {"type": "header", "text": {"type": "plain_text", "text": "Revenue alarm"}},
                {"type": "section", "text": {"type": "mrkdwn", "text": "*Acme* fell"},
                 "fields": [{"type": "mrkdwn", "text": "was 12M"}, {"type": "mrkdwn", "text": "is 10M"}],
                 "accessory": {"type": "button", "text": {"type": "plain_text", "text": "Mute"}}},
                {"type": "actions", "elements": [{"type": "button", "value": "x", "text": {"type": "plain_text", "text": "Ack"}}]},
                {"type": "context", "elements": [{"type": "mrkdwn", "text": "by monitor"}, {"type": "image", "alt_text": "i"}]}]}),
            Some("Revenue alarm\n*Acme* fell\nwas 12M\nis 10M\nby monitor"),
        ),
        (
            json!({"blocks": [{"type": "rich_text", "elements": [
                {"type": "rich_text_section", "elements": [
                    {"type": "user", "user_id": "U2"}, {"type": "text", "text": "Ac"},
                    {"type": "text", "text": "me", "style": {"bold": true}}, {"type": "text", "text": " on "},
                    {"type": "link", "url": "https://acme.com"}]},
                {"type": "rich_text_list", "style": "bullet", "elements": [
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": "revenue"}]},
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": "employees"}]}]}]}]}),
            Some("Acme on https://acme.com\nrevenue\nemployees"),
        ),
        (
            json!({"attachments": [{"color": "#f00", "fallback": "fell back", "pretext": "Alarm", "title": "Acme",
                   "text": "revenue fell", "fields": [{"title": "Was", "value": "12M", "short": true}]}]}),
            Some("Alarm\nAcme\nrevenue fell\nWas\n12M"),
        ),
        (
            json!({"attachments": [{"fallback": "fell back", "id": 1}]}),
            Some("fell back"),
        ),
        (
            json!({"attachments": [{"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "inner"}}]}]}),
            Some("inner"),
        ),
        (
            json!({"text": "said", "blocks": [{"type": "section", "text": {"text": "not said"}}]}),
            Some("said"),
        ),
        (json!({"blocks": "none", "attachments": 7}), None),
        (json!({"blocks": [], "attachments": []}), None),
        (json!([]), None),
    ];
    for (message, expected) in rows {
        assert_eq!(message::words(&message).as_deref(), expected, "{message}");
    }
}

#[test]
fn a_global_shortcut_knows_no_channel() {
    check(
        "global_shortcut",
        &[
            (json!({}), "Shortcut W1@T1/E1 Thread by 71.72.trigger: None"),
            (
                json!({"team": NULL, "enterprise": {"id": "E1"}, "user": {"team_id": "E1"}}),
                "Shortcut W1@E1/E1 Thread by 71.72.trigger: None",
            ),
        ],
    );
}

#[test]
fn a_typeahead_says_what_was_typed_on_either_path() {
    check(
        "suggestion",
        &[
            (json!({}), "Options \"acm\""),
            (json!({"value": ""}), "Options \"\""),
            (json!({"value": null, "team": NULL}), "Options \"\""),
            (
                json!({"type": "interactive_message"}),
                "ignored: not a typeahead",
            ),
        ],
    );
    let (_, json) = payload("suggestion");
    let read = read(Endpoint::Interactions, &body(Endpoint::Interactions, &json));
    assert_eq!(show(&read.unwrap()), "Options \"acm\"");
}

#[test]
fn interactions_of_other_kinds_are_ignored_with_the_reason() {
    check(
        "press",
        &[
            (
                json!({"type": "interactive_message"}),
                "ignored: an interaction of another kind",
            ),
            (
                json!({"type": "dialog_submission"}),
                "ignored: an interaction of another kind",
            ),
            (
                json!({"type": "view_closed"}),
                "ignored: a modal was closed",
            ),
        ],
    );
}
