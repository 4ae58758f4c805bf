//! Every kind of code, and what is never printed.

use super::*;

fn check(code: &str, once: &str, repeatable: &str) {
    for (effect, expected) in [(Effect::Once, once), (Effect::Repeatable, repeatable)] {
        let got = format!("{:?}", of_code(code, effect));
        assert_eq!(got, expected, "{code} {effect:?}");
    }
}

#[test]
fn codes_are_sorted_by_what_to_do_next() {
    for (class, codes) in [
        (
            "Auth",
            "invalid_auth not_authed token_revoked token_expired account_inactive missing_scope not_allowed_token_type no_permission",
        ),
        (
            "Unreachable",
            "channel_not_found not_in_channel is_archived restricted_action restricted_action_read_only_channel user_not_found cannot_dm_bot expired_trigger_id message_not_found cannot_unfurl_url cannot_unfurl_message cannot_find_service invalid_unfurl_id",
        ),
        (
            "Refused",
            "invalid_blocks invalid_blocks_format msg_too_long msg_blocks_too_long no_text invalid_arguments never_heard_of",
        ),
        (
            "Retry",
            "service_unavailable request_timeout team_added_to_org",
        ),
    ] {
        for code in codes.split(' ') {
            let expected = format!("{class}({code:?})");
            check(code, &expected, &expected);
        }
    }
    for code in ["ratelimited", "rate_limited"] {
        check(code, "RateLimited(5s)", "RateLimited(5s)");
    }
    for code in ["internal_error", "fatal_error"] {
        let (once, repeatable) = (format!("Unknown({code:?})"), format!("Retry({code:?})"));
        check(code, &once, &repeatable);
    }
}

#[test]
fn what_does_not_look_like_a_code_is_not_repeated() {
    for code in [
        "",
        "xoxb-1-2",
        "https://hooks.slack.com/x",
        "a b",
        "É",
        &"a".repeat(65),
    ] {
        let expected = r#"Refused("an unreadable code")"#;
        check(code, expected, expected);
    }
}

#[test]
fn statuses_are_sorted_and_delays_are_bounded() {
    for (status, once, repeatable) in [
        (408, "Retry", "Retry"),
        (500, "Unknown", "Retry"),
        (503, "Retry", "Retry"),
        (504, "Unknown", "Retry"),
        (599, "Unknown", "Retry"),
        (413, "Refused", "Refused"),
        (401, "Auth", "Auth"),
        (302, "Auth", "Auth"),
    ] {
        for (effect, expected) in [(Effect::Once, once), (Effect::Repeatable, repeatable)] {
            let got = format!("{:?}", of_status(status, effect));
            assert_eq!(got, format!("{expected}(\"HTTP {status}\")"));
        }
    }
    let delay = |seconds| rate_limited(Some(Duration::from_secs(seconds)));
    assert_eq!(delay(7), Error::RateLimited(Duration::from_secs(7)));
    assert_eq!(delay(u64::MAX), Error::RateLimited(LONGEST_DELAY));
}
