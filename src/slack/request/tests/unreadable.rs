//! What was signed and still can't be read.

use super::*;

#[test]
fn what_lacks_a_field_that_is_needed_says_which() {
    check(
        "command",
        &[
            (json!({"command": null}), "unreadable: no command"),
            (json!({"user_id": null}), "unreadable: no user_id"),
            (json!({"user_id": ""}), "unreadable: no user_id"),
        ],
    );
    check(
        "mention",
        &[
            (json!({"type": null}), "unreadable: no type"),
            (json!({"type": 5}), "unreadable: no type"),
            (json!({"event": null}), "unreadable: no event type"),
            (json!({"event": [1]}), "unreadable: no event type"),
            (
                json!({"event": {"type": null}}),
                "unreadable: no event type",
            ),
            (json!({"event": {"user": null}}), "unreadable: no user"),
            (
                json!({"event": {"user": {"id": "U1"}}}),
                "unreadable: no user",
            ),
            (json!({"event": {"ts": null}}), "unreadable: no ts"),
            (
                json!({"event": {"channel": null}}),
                "unreadable: no channel",
            ),
            (
                json!({"type": "url_verification"}),
                "unreadable: no challenge",
            ),
        ],
    );
    check(
        "home_opened",
        &[(json!({"event": {"user": null}}), "unreadable: no user")],
    );
    check(
        "press",
        &[
            (json!({"type": null}), "unreadable: no type"),
            (json!({"user": null}), "unreadable: no user"),
            (json!({"user": "U1"}), "unreadable: no user"),
        ],
    );
    check(
        "message_shortcut",
        &[
            (json!({"trigger_id": null}), "unreadable: no trigger_id"),
            (json!({"channel": null}), "unreadable: no channel"),
            (json!({"user": NULL}), "unreadable: no user"),
        ],
    );
    check(
        "global_shortcut",
        &[(json!({"trigger_id": 5}), "unreadable: no trigger_id")],
    );
    check(
        "ask_submission",
        &[
            (json!({"user": NULL}), "unreadable: no user"),
            (json!({"view": {"state": null}}), "unreadable: no company"),
            (
                json!({"view": {"state": {"values": {"company": {"company": {"selected_option": NULL}}}}}}),
                "unreadable: no company",
            ),
            (
                json!({"view": {"state": {"values": {"company": []}}}}),
                "unreadable: no company",
            ),
        ],
    );
    check(
        "report_submission",
        &[
            (
                json!({"view": {"private_metadata": ""}}),
                "unreadable: no question",
            ),
            (
                json!({"view": {"private_metadata": "{\"reply\":\"thread\"}"}}),
                "unreadable: no question",
            ),
            (
                json!({"view": {"state": {"values": {"wrong": {"wrong": {"value": " "}}}}}}),
                "unreadable: no wrong",
            ),
        ],
    );
    check(
        "suggestion",
        &[(json!({"type": null}), "unreadable: no type")],
    );
}

#[test]
fn what_is_no_form_and_no_json_says_where_it_breaks() {
    let rows: [(Endpoint, &[u8], &str); 13] = [
        (Endpoint::Commands, b"", "no command"),
        (Endpoint::Commands, b"text=acme", "no command"),
        (
            Endpoint::Commands,
            b"text=\xff",
            "not a form: byte 5 is not UTF-8",
        ),
        (
            Endpoint::Commands,
            b"{\"command\":",
            "not JSON: Eof at line 1 column 11",
        ),
        (Endpoint::Events, b"", "not JSON: Eof at line 1 column 0"),
        (
            Endpoint::Events,
            b"payload=%7B%7D",
            "not JSON: Syntax at line 1 column 1",
        ),
        (Endpoint::Events, b"[]", "no type"),
        (Endpoint::Events, b"\"s3cret\"", "no type"),
        (
            Endpoint::Events,
            b"{\"type\":\"\xff\"}",
            "not JSON: Syntax at line 1 column 10",
        ),
        (Endpoint::Interactions, b"", "no payload"),
        (
            Endpoint::Interactions,
            b"payload=s3cret",
            "not JSON: Syntax at line 1 column 1",
        ),
        (
            Endpoint::Interactions,
            b"payload=",
            "not JSON: Eof at line 1 column 0",
        ),
        (Endpoint::Options, b"value=acm", "no payload"),
    ];
    for (endpoint, body, expected) in rows {
        let error = read(endpoint, body).unwrap_err();
        assert_eq!(
            error.to_string(),
            expected,
            "{}",
            String::from_utf8_lossy(body)
        );
    }
}
