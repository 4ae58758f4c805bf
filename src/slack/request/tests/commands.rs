//! The slash command.

use super::*;

#[test]
fn a_slash_command_is_words_from_a_person_with_a_place_to_reply() {
    check(
        "command",
        &[
            (
                json!({}),
                "Command U1@T1/- C1 +hooks.slack.com Ephemeral: acme revenue",
            ),
            (
                json!({"enterprise_id": "E1", "enterprise_name": "Lake Org"}),
                "Command U1@T1/E1 C1 +hooks.slack.com Ephemeral: acme revenue",
            ),
            // An organisation install names no workspace.
            (
                json!({"team_id": null, "enterprise_id": "E1", "is_enterprise_install": "true"}),
                "Command U1@-/E1 C1 +hooks.slack.com Ephemeral: acme revenue",
            ),
            (
                json!({"team_id": ""}),
                "Command U1@-/- C1 +hooks.slack.com Ephemeral: acme revenue",
            ),
            (
                json!({"text": ""}),
                "Command U1@T1/- C1 +hooks.slack.com Ephemeral: ",
            ),
            (
                json!({"text": null}),
                "Command U1@T1/- C1 +hooks.slack.com Ephemeral: ",
            ),
            (
                json!({"text": "help"}),
                "Command U1@T1/- C1 +hooks.slack.com Ephemeral: help",
            ),
            // Slack's escapes and a phone's quotes are the question parser's to read.
            (
                json!({"text": "<http://acme.com|acme.com> revenue &gt; \u{201c}10M\u{201d}"}),
                "Command U1@T1/- C1 +hooks.slack.com Ephemeral: \
                 <http://acme.com|acme.com> revenue &gt; \u{201c}10M\u{201d}",
            ),
            (
                json!({"text": "a+b %41 & c=d \u{2014} ü"}),
                "Command U1@T1/- C1 +hooks.slack.com Ephemeral: a+b %41 & c=d \u{2014} ü",
            ),
            (
                json!({"response_url": null}),
                "Command U1@T1/- C1 Ephemeral: acme revenue",
            ),
            (json!({"ssl_check": "1"}), "ssl check"),
            (
                json!({"ssl_check": "0", "some_new_field": "x"}),
                "Command U1@T1/- C1 +hooks.slack.com Ephemeral: acme revenue",
            ),
        ],
    );
}

#[test]
fn a_certificate_check_comes_without_the_other_fields() {
    let read = read(Endpoint::Commands, b"ssl_check=1&token=s3cret");
    assert_eq!(read, Ok(Request::SslCheck));
}

#[test]
fn over_a_socket_the_same_fields_come_as_json() {
    for (name, ..) in PAYLOADS {
        let (endpoint, json) = payload(name);
        let over_http = read(endpoint, &body(endpoint, &json)).unwrap();
        let over_socket = read(endpoint, json.to_string().as_bytes()).unwrap();
        assert_eq!(show(&over_http), show(&over_socket), "{name}");
        if json.get("trigger_id").is_some() {
            assert_eq!(id_of(&over_http), id_of(&over_socket), "{name}");
        }
    }
}
