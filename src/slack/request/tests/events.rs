//! Mentions, direct messages, the Home tab.

use super::*;

#[test]
fn a_mention_is_answered_in_its_thread_or_begins_one() {
    let ts = "1764000000.000100";
    let plain = format!("Mention U1@T1/E1 C1 >{ts} !{ts} Thread: acme revenue");
    check(
        "mention",
        &[
            (json!({}), plain.as_str()),
            (
                json!({"event": {"thread_ts": "1763999999.000001"}}),
                "Mention U1@T1/E1 C1 >1763999999.000001 !1764000000.000100 Thread: acme revenue",
            ),
            // Organisation installs.
            (
                json!({"team_id": "T2", "authorizations": [{"enterprise_id": "E1", "team_id": NULL,
                       "user_id": "U0WHY", "is_bot": true, "is_enterprise_install": true}]}),
                plain.as_str(),
            ),
            (
                json!({"team_id": NULL, "enterprise_id": NULL, "event": {"team": NULL}}),
                "Mention U1@-/- C1 >1764000000.000100 !1764000000.000100 Thread: acme revenue",
            ),
            // A shared channel: the asker is of another organisation.
            (
                json!({"is_ext_shared_channel": true, "event": {"user_team": "T9", "source_team": "T9"}}),
                "Mention U1@T9/E1 C1 >1764000000.000100 !1764000000.000100 Thread: acme revenue",
            ),
            // No authorizations, as old apps get them.
            (
                json!({"authorizations": null, "authed_users": ["U0WHY"]}),
                plain.as_str(),
            ),
            // An authorization of a person, who may ask too.
            (
                json!({"authorizations": [{"user_id": "U1", "team_id": "T1", "is_bot": false}]}),
                plain.as_str(),
            ),
            (
                json!({"event": {"text": "<@U0WHY|why> acme revenue\n"}}),
                plain.as_str(),
            ),
            (
                json!({"event": {"text": "  <@U0WHY>acme revenue"}}),
                plain.as_str(),
            ),
            // Another mention is left to the question parser, and so is ours in the midst.
            (
                json!({"event": {"text": "<@U2> <@U0WHY> acme revenue"}}),
                "Mention U1@T1/E1 C1 >1764000000.000100 !1764000000.000100 Thread: \
                 <@U2> <@U0WHY> acme revenue",
            ),
            (
                json!({"event": {"text": "<@U0WHY> <@U2> says acme &lt; 10M"}}),
                "Mention U1@T1/E1 C1 >1764000000.000100 !1764000000.000100 Thread: \
                 <@U2> says acme &lt; 10M",
            ),
            (
                json!({"event": {"text": "<@U0WHY acme"}}),
                "Mention U1@T1/E1 C1 >1764000000.000100 !1764000000.000100 Thread: <@U0WHY acme",
            ),
            (
                json!({"event": {"subtype": "file_share", "files": [{"id": "F1"}], "upload": false}}),
                plain.as_str(),
            ),
            // No words: whoever said none is told how to ask.
            (
                json!({"event": {"text": "<@U0WHY>"}}),
                "Mention U1@T1/E1 C1 >1764000000.000100 !1764000000.000100 Thread: ",
            ),
            (
                json!({"event": {"text": " \n"}}),
                "Mention U1@T1/E1 C1 >1764000000.000100 !1764000000.000100 Thread: ",
            ),
            (
                json!({"event": {"text": null}}),
                "Mention U1@T1/E1 C1 >1764000000.000100 !1764000000.000100 Thread: ",
            ),
            (
                json!({"event": {"blocks": "not blocks", "reactions": 5, "some_new_field": {}}}),
                plain.as_str(),
            ),
        ],
    );
}

#[test]
fn a_direct_message_is_answered_there() {
    let plain = "Direct U1@T1/- D1 !1764000001.000200 Thread: acme revenue";
    check(
        "direct",
        &[
            (json!({}), plain),
            (
                json!({"event": {"thread_ts": "1764000000.000001"}}),
                "Direct U1@T1/- D1 >1764000000.000001 !1764000001.000200 Thread: acme revenue",
            ),
            (
                json!({"event": {"subtype": "file_share", "files": []}}),
                plain,
            ),
            (
                json!({"event": {"subtype": "file_share", "text": ""}}),
                "Direct U1@T1/- D1 !1764000001.000200 Thread: ",
            ),
            (
                json!({"event": {"subtype": "thread_broadcast", "thread_ts": "1.1", "root": {}}}),
                "Direct U1@T1/- D1 >1.1 !1764000001.000200 Thread: acme revenue",
            ),
            (json!({"event": {"channel_type": null}}), plain),
            (json!({"event": {"channel_type": "app_home"}}), plain),
            (json!({"event": {"text": "<@U0WHY> acme revenue"}}), plain),
            (
                json!({"event": {"text": "<@U2> acme revenue"}}),
                "Direct U1@T1/- D1 !1764000001.000200 Thread: <@U2> acme revenue",
            ),
        ],
    );
}

#[test]
fn what_bots_post_and_what_nobody_wrote_is_ignored_with_the_reason() {
    check(
        "mention",
        &[
            (
                json!({"event": {"bot_id": "B9", "bot_profile": {"id": "B9", "app_id": "A9"}}}),
                "ignored: a bot's post",
            ),
            (
                json!({"event": {"bot_profile": {"id": "B9"}}}),
                "ignored: a bot's post",
            ),
            (json!({"event": {"bot_id": "B9"}}), "ignored: a bot's post"),
            (
                json!({"event": {"subtype": "bot_message", "user": null, "username": "classic"}}),
                "ignored: a bot's post",
            ),
            (
                json!({"event": {"user": "USLACKBOT"}}),
                "ignored: a bot's post",
            ),
            (
                json!({"event": {"user": "U0WHY", "bot_id": "B1"}}),
                "ignored: our own post",
            ),
            (
                json!({"event": {"edited": {"user": "U1", "ts": "1.1"}}}),
                "ignored: an edit",
            ),
        ],
    );
    check(
        "direct",
        &[
            (
                json!({"event": {"subtype": "message_changed", "message": {"text": "new"},
                       "previous_message": {}, "hidden": true, "text": null, "user": null}}),
                "ignored: an edit",
            ),
            (
                json!({"event": {"subtype": "message_deleted", "deleted_ts": "1.1", "text": null}}),
                "ignored: a message that nobody wrote",
            ),
            (
                json!({"event": {"subtype": "channel_join"}}),
                "ignored: a message that nobody wrote",
            ),
            (
                json!({"event": {"subtype": "bot_message", "bot_id": "B1", "user": null}}),
                "ignored: a bot's post",
            ),
            (
                json!({"event": {"channel_type": "channel", "channel": "C1"}}),
                "ignored: a message that is not direct",
            ),
            (
                json!({"event": {"channel_type": "mpim", "channel": "G1"}}),
                "ignored: a message that is not direct",
            ),
            (
                json!({"event": {"channel_type": null, "channel": "C1"}}),
                "ignored: a message that is not direct",
            ),
            (
                json!({"event": {"type": "reaction_added"}}),
                "ignored: an event of another kind",
            ),
            (
                json!({"event": {"type": "app_uninstalled"}}),
                "ignored: an event of another kind",
            ),
            (
                json!({"type": "app_rate_limited", "event": null, "minute_rate_limited": 1}),
                "ignored: Slack holds events back: too many an hour",
            ),
            (
                json!({"type": "some_new_callback"}),
                "ignored: a callback of another kind",
            ),
        ],
    );
}

#[test]
fn the_home_tab_is_filled_when_it_is_opened_and_only_that_tab() {
    check(
        "home_opened",
        &[
            (json!({}), "Home W1@T1/E1"),
            (
                json!({"event": {"view": {"id": "V1", "private_metadata": ""}}}),
                "Home W1@T1/E1",
            ),
            (
                json!({"team_id": NULL, "enterprise_id": NULL}),
                "Home W1@-/-",
            ),
            (
                json!({"event": {"tab": "messages"}}),
                "ignored: another tab than Home",
            ),
            (
                json!({"event": {"tab": null}}),
                "ignored: another tab than Home",
            ),
        ],
    );
}

#[test]
fn the_challenge_is_given_back() {
    let body = br#"{"token":"s3cret","challenge":"3eZbrw1aB","type":"url_verification"}"#;
    let read = read(Endpoint::Events, body);
    assert_eq!(read, Ok(Request::Challenge("3eZbrw1aB".to_owned())));
}
