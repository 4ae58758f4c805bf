//! Who belongs to us, and which channels others read: what is not known is outside.

use super::*;

const HOME: &str = r#"{"ok":true,"user_id":"UB","team_id":"T1","enterprise_id":"E1"}"#;

#[tokio::test]
async fn guests_strangers_and_unknown_people_are_outside() {
    let fake = Fake::start().await;
    fake.answer("auth.test", HOME);
    let client = client(&fake.url);
    let user = |fields: &str| format!(r#"{{"ok":true,"user":{{{fields}}}}}"#);
    let error = |code: &str| format!(r#"{{"ok":false,"error":"{code}"}}"#);
    use Standing::{Member, Outsider};
    for (answer, expected) in [
        (user(r#""team_id":"T1""#), Member),
        (user(r#""team_id":"T1","is_restricted":false"#), Member),
        (user(r#""team_id":"T1","is_restricted":true"#), Outsider),
        (
            user(r#""team_id":"T1","is_ultra_restricted":true"#),
            Outsider,
        ),
        (user(r#""team_id":"T1","is_stranger":true"#), Outsider),
        (user(r#""team_id":"T2""#), Outsider),
        (user(r#""team_id":"E1""#), Member),
        (
            user(r#""team_id":"T2","enterprise_user":{"enterprise_id":"E1"}"#),
            Member,
        ),
        (
            user(r#""team_id":"T2","enterprise_user":{"teams":["T3","T1"]}"#),
            Member,
        ),
        (
            user(r#""team_id":"T2","enterprise_user":{"enterprise_id":"E2","teams":["T3"]}"#),
            Outsider,
        ),
        (user(""), Outsider),
        (r#"{"ok":true}"#.to_owned(), Outsider),
        (error("missing_scope"), Outsider),
        (error("user_not_found"), Outsider),
        (error("user_not_visible"), Outsider),
    ] {
        fake.answer("users.info", &answer);
        assert_eq!(client.standing("U1").await, Ok(expected), "{answer}");
    }
    let of = |method: &str| {
        let calls = fake.calls();
        calls.iter().filter(|c| c.path.contains(method)).count()
    };
    assert_eq!(of("auth.test"), 1);
    assert_eq!(of("users.info?user=U1"), 15);
}

#[tokio::test]
async fn a_failure_is_not_taken_for_a_guest() {
    let fake = Fake::start().await;
    let client = client(&fake.url);
    for (answer, expected) in [
        ("invalid_auth", Error::Auth("invalid_auth".to_owned())),
        ("internal_error", Error::Retry("internal_error".to_owned())),
    ] {
        let answer = format!(r#"{{"ok":false,"error":"{answer}"}}"#);
        fake.answer("users.info", &answer);
        fake.answer("conversations.info", &answer);
        assert_eq!(client.standing("U1").await.unwrap_err(), expected);
        assert_eq!(client.is_shared_outside("C1").await.unwrap_err(), expected);
    }
}

#[tokio::test]
async fn shared_and_unknown_channels_are_outside() {
    let fake = Fake::start().await;
    fake.answer("auth.test", HOME);
    fake.answer("users.info", r#"{"ok":true,"user":{"team_id":"T1"}}"#);
    let client = client(&fake.url);
    for (channel, expected) in [
        (r#""is_ext_shared":false"#, false),
        (r#""is_ext_shared":true"#, true),
        (r#""is_ext_shared":false,"is_org_shared":true"#, false),
        (
            r#""is_ext_shared":false,"is_pending_ext_shared":true"#,
            true,
        ),
        (r#""name":"general""#, true),
        (r#""is_im":true,"user":"U1""#, false),
        (r#""is_im":true,"user":"U1","is_ext_shared":true"#, true),
        (r#""is_im":true"#, true),
    ] {
        let answer = format!(r#"{{"ok":true,"channel":{{{channel}}}}}"#);
        fake.answer("conversations.info", &answer);
        let got = client.is_shared_outside("C1").await;
        assert_eq!(got, Ok(expected), "{channel}");
    }
    for code in ["missing_scope", "channel_not_found"] {
        let answer = format!(r#"{{"ok":false,"error":"{code}"}}"#);
        fake.answer("conversations.info", &answer);
        assert_eq!(client.is_shared_outside("C1").await, Ok(true), "{code}");
    }
    fake.answer(
        "users.info",
        r#"{"ok":true,"user":{"team_id":"T1","is_restricted":true}}"#,
    );
    fake.answer(
        "conversations.info",
        r#"{"ok":true,"channel":{"is_im":true,"user":"U1"}}"#,
    );
    assert_eq!(client.is_shared_outside("D1").await, Ok(true));
}
