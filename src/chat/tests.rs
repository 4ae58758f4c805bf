//! The client against a server that plays Slack: what it sends, how it sorts what comes back.

use std::time::Instant;

use fake::{Fake, raw};

use super::*;

mod answers;
pub(super) mod fake;
mod places;

pub(super) const TOKEN: &str = "xoxb-1-secret";

pub(super) fn settings(url: &str) -> Settings {
    Settings {
        token: TOKEN.to_owned(),
        api_url: format!("{url}/api"),
        response_hosts: vec![url.trim_start_matches("http://").to_owned()],
        timeout: Duration::from_secs(20),
    }
}

/// Waits for nothing: for servers that never answer.
fn hasty(url: &str) -> Client {
    Client::new(Settings {
        timeout: Duration::from_millis(300),
        ..settings(url)
    })
    .unwrap()
}

pub(super) fn client(url: &str) -> Client {
    Client::new(settings(url)).unwrap()
}

#[tokio::test]
async fn a_post_is_sent_whole_and_gives_the_place_of_the_message() {
    let fake = Fake::start().await;
    fake.answer(
        "chat.postMessage",
        r#"{"ok":true,"channel":"C1","ts":"1.2","message":{"blocks":7}}"#,
    );
    let message = json!({ "text": "é & <", "thread_ts": "1.0", "unfurl_links": true });
    let posted = client(&fake.url).post("C1", &message).await.unwrap();
    assert_eq!((posted.channel.as_str(), posted.ts.as_str()), ("C1", "1.2"));
    let call = fake.calls().pop().unwrap();
    assert_eq!(call.path, "/api/chat.postMessage");
    assert_eq!(call.authorization, format!("Bearer {TOKEN}"));
    assert_eq!(
        call.json(),
        json!({ "text": "é & <", "thread_ts": "1.0", "channel": "C1",
                "unfurl_links": false, "unfurl_media": false })
    );
}

#[tokio::test]
async fn every_other_method_sends_what_slack_documents() {
    let fake = Fake::start().await;
    fake.answer("conversations.open", r#"{"ok":true,"channel":{"id":"D1"}}"#);
    fake.answer("views.open", r#"{"ok":true,"view":{"id":"V1"}}"#);
    fake.answer(
        "usergroups.users.list",
        r#"{"ok":true,"users":["U1","U2"]}"#,
    );
    let client = client(&fake.url);
    let at = Posted {
        channel: "C1".to_owned(),
        ts: "1.2".to_owned(),
    };
    let message = json!({ "text": "x" });
    client.update(&at, &message).await.unwrap();
    client.ephemeral("C1", "U1", &message).await.unwrap();
    assert_eq!(client.open_dm("U1").await.unwrap(), "D1");
    let view = json!({ "type": "modal" });
    assert_eq!(client.open_view("t.1", &view).await.unwrap(), "V1");
    client.update_view("V1", &view).await.unwrap();
    client.publish_home("U1", &view).await.unwrap();
    assert_eq!(client.group_members("S1").await.unwrap(), ["U1", "U2"]);
    let shown = json!({ "https://why.example.com/links/a": {"blocks": []} });
    let message = Unfurl::Message {
        channel: "C1",
        ts: "1.2",
    };
    client.unfurl(&message, &shown).await.unwrap();
    let pasted = Pasted {
        unfurl_id: "U1-909b".to_owned(),
        source: crate::job::Source::Composer,
    };
    let pasted = Unfurl::Pasted(&pasted);
    client.unfurl(&pasted, &json!({})).await.unwrap();
    let sent: Vec<String> = fake
        .calls()
        .iter()
        .map(|call| format!("{} {}", call.path, call.body))
        .collect();
    assert_eq!(
        sent,
        [
            r#"/api/chat.update {"channel":"C1","text":"x","ts":"1.2"}"#,
            r#"/api/chat.postEphemeral {"channel":"C1","text":"x","user":"U1"}"#,
            r#"/api/conversations.open {"users":"U1"}"#,
            r#"/api/views.open {"trigger_id":"t.1","view":{"type":"modal"}}"#,
            r#"/api/views.update {"view":{"type":"modal"},"view_id":"V1"}"#,
            r#"/api/views.publish {"user_id":"U1","view":{"type":"modal"}}"#,
            "/api/usergroups.users.list?usergroup=S1 ",
            r#"/api/chat.unfurl {"channel":"C1","ts":"1.2","unfurls":{"https://why.example.com/links/a":{"blocks":[]}}}"#,
            r#"/api/chat.unfurl {"source":"composer","unfurl_id":"U1-909b","unfurls":{}}"#,
        ]
    );
}

#[tokio::test]
async fn auth_test_tells_who_we_are_and_what_we_may() {
    let fake = Fake::start().await;
    fake.answer(
        "auth.test",
        r#"{"ok":true,"user_id":"UB","bot_id":"B1","team_id":null}"#,
    );
    let myself = client(&fake.url).who_am_i().await.unwrap();
    assert_eq!(
        myself,
        Myself {
            user: "UB".to_owned(),
            bot: Some("B1".to_owned()),
            team: None,
            scopes: vec!["commands".to_owned(), "chat:write".to_owned()],
            date: Some("2026-11-20T12:00:00Z".parse().unwrap()),
        }
    );
    fake.answer("auth.test", r#"{"ok":false,"error":"invalid_auth"}"#);
    assert_eq!(
        client(&fake.url).who_am_i().await.unwrap_err(),
        Error::Auth("invalid_auth".to_owned())
    );
    fake.status("auth.test", 429, "");
    assert_eq!(
        client(&fake.url).who_am_i().await.unwrap_err(),
        Error::RateLimited(Duration::from_secs(7))
    );
    fake.status("auth.test", 502, "<html>");
    assert_eq!(
        client(&fake.url).who_am_i().await.unwrap_err(),
        Error::Retry("HTTP 502".to_owned())
    );
}

#[tokio::test]
async fn a_server_that_never_answers_holds_nobody_up() {
    let url = raw("").await;
    let client = hasty(&url);
    let before = Instant::now();
    let unknown = Error::Unknown("no answer in time".to_owned());
    assert_eq!(client.post("C1", &json!({})).await.unwrap_err(), unknown);
    let retry = Error::Retry("no answer in time".to_owned());
    assert_eq!(client.who_am_i().await.unwrap_err(), retry);
    assert!(before.elapsed() < Duration::from_secs(10));
}

#[test]
fn clones_share_their_connections_and_debug_shows_no_secret() {
    let client = client("http://127.0.0.1:1");
    assert!(Arc::ptr_eq(&client.wire, &client.clone().wire));
    assert_eq!(format!("{client:?}"), "Client(http://127.0.0.1:1/api)");
}

#[test]
fn a_client_refuses_what_would_leak_the_token() {
    let check = |api_url: &str, token: &str| {
        let settings = Settings {
            api_url: api_url.to_owned(),
            token: token.to_owned(),
            ..settings("http://127.0.0.1:1")
        };
        Client::new(settings)
            .map(drop)
            .map_err(|error| error.to_string())
    };
    assert_eq!(check("https://slack.com/api", TOKEN), Ok(()));
    assert_eq!(check("https://slack.com/api/", TOKEN), Ok(()));
    assert_eq!(check("http://localhost:1/api", TOKEN), Ok(()));
    assert_eq!(check("http://[::1]:1/api", TOKEN), Ok(()));
    let url = "can't post there: the API's URL must be https (http only on this machine)";
    for wrong in [
        "http://slack.com/api",
        "slack.com",
        "",
        "file:///api",
        "ftp://localhost/",
    ] {
        assert_eq!(check(wrong, TOKEN), Err(url.to_owned()), "{wrong}");
    }
    let token = "Slack refused the app: the token is empty or holds characters that no token has";
    for wrong in ["", "xoxb 1", "xoxb-1\n"] {
        assert_eq!(
            check("https://slack.com/api", wrong),
            Err(token.to_owned()),
            "{wrong:?}"
        );
    }
}
