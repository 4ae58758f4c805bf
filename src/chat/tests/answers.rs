//! Every way in which Slack fails, through the real connector; and that nothing leaks.

use super::fake::nobody;
use super::*;

async fn check(client: &Client, post: &str, update: &str) {
    let message = json!({ "text": "secret words" });
    let posted = client.post("C1", &message).await.map(|p| p.ts);
    let at = Posted {
        channel: "C1".to_owned(),
        ts: "1.2".to_owned(),
    };
    let updated = client.update(&at, &message).await;
    for (got, expected) in [
        (format!("{posted:?}"), post),
        (format!("{updated:?}"), update),
    ] {
        assert_eq!(got, expected);
        for secret in ["secret", TOKEN, "127.0.0.1", "hooks"] {
            assert!(!got.contains(secret), "{got}");
        }
    }
}

#[tokio::test]
async fn answers_are_sorted_by_what_to_do_next() {
    let fake = Fake::start().await;
    for (status, body, post, update) in [
        (
            200,
            r#"{"ok":true,"channel":"C1","ts":"1.2"}"#,
            r#"Ok("1.2")"#,
            "Ok(())",
        ),
        (
            200,
            r#"{"ok":true,"secret":1}"#,
            r#"Err(Unknown("unreadable"))"#,
            "Ok(())",
        ),
        (
            200,
            r#"{"ok":false,"error":"channel_not_found"}"#,
            r#"Err(Unreachable("channel_not_found"))"#,
            r#"Err(Unreachable("channel_not_found"))"#,
        ),
        (
            200,
            r#"{"ok":false,"error":"xoxb-1-secret"}"#,
            r#"Err(Refused("an unreadable code"))"#,
            r#"Err(Refused("an unreadable code"))"#,
        ),
        (
            200,
            r#"{"ok":false}"#,
            r#"Err(Refused("an unreadable code"))"#,
            r#"Err(Refused("an unreadable code"))"#,
        ),
        (
            200,
            r#"{"ok":tr"#,
            r#"Err(Unknown("unreadable"))"#,
            r#"Err(Retry("unreadable"))"#,
        ),
        (
            200,
            "<html>secret",
            r#"Err(Unknown("unreadable"))"#,
            r#"Err(Retry("unreadable"))"#,
        ),
        (429, "later", "Err(RateLimited(7s))", "Err(RateLimited(7s))"),
        (
            429,
            r#"{"ok":false,"error":"ratelimited"}"#,
            "Err(RateLimited(7s))",
            "Err(RateLimited(7s))",
        ),
        (
            503,
            "secret",
            r#"Err(Retry("HTTP 503"))"#,
            r#"Err(Retry("HTTP 503"))"#,
        ),
        (
            404,
            "secret",
            r#"Err(Auth("HTTP 404"))"#,
            r#"Err(Auth("HTTP 404"))"#,
        ),
    ] {
        fake.status("chat.postMessage", status, body);
        fake.status("chat.update", status, body);
        check(&client(&fake.url), post, update).await;
    }
}

#[tokio::test]
async fn failed_calls_are_counted_by_what_they_mean() {
    let fake = Fake::start().await;
    let client = client(&fake.url);
    let url = ResponseUrl(format!("{}/response", fake.url));
    for (method, status, body) in [
        ("chat.update", 200, r#"{"ok":true}"#),
        ("chat.update", 429, ""),
        ("chat.update", 503, ""),
        (
            "chat.update",
            200,
            r#"{"ok":false,"error":"invalid_blocks"}"#,
        ),
        ("users.info", 200, r#"{"ok":false,"error":"invalid_auth"}"#),
        ("auth.test", 503, ""),
        ("response", 404, ""),
    ] {
        fake.status(method, status, body);
        let at = Posted {
            channel: "C1".to_owned(),
            ts: "1.2".to_owned(),
        };
        let _ = match method {
            "chat.update" => client.update(&at, &json!({})).await,
            "users.info" => client.standing("U1").await.map(drop),
            "auth.test" => client.who_am_i().await.map(drop),
            _ => client.respond(&url, &json!({})).await,
        };
    }
    let counted = client
        .errors()
        .map(|(class, count)| format!("{class} {count}"));
    assert_eq!(
        counted.join(", "),
        "rate_limited 1, retry 2, unreachable 0, gone 1, refused 1, auth 1, unknown 0"
    );
}

#[tokio::test]
async fn a_connection_that_fails_before_the_request_is_retried_and_after_it_is_not() {
    let no = r#"Err(Retry("no connection"))"#;
    check(&client(&nobody().await), no, no).await;
    let broke = (
        r#"Err(Unknown("the connection broke"))"#,
        r#"Err(Retry("the connection broke"))"#,
    );
    for answer in [
        "garbage\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{\"ok\":",
    ] {
        check(&client(&raw(answer).await), broke.0, broke.1).await;
    }
    let slow = (
        r#"Err(Unknown("no answer in time"))"#,
        r#"Err(Retry("no answer in time"))"#,
    );
    check(&hasty(&raw("").await), slow.0, slow.1).await;
}

#[tokio::test]
async fn a_response_url_that_fails_once_is_gone() {
    let fake = Fake::start().await;
    let url = ResponseUrl(format!("{}/commands/T1/hookssecret", fake.url));
    for (status, body, once, replacing) in [
        (200, "ok", "Ok(())", "Ok(())"),
        (200, r#"{"ok":true}"#, "Ok(())", "Ok(())"),
        (
            200,
            r#"{"ok":false,"error":"used_url"}"#,
            r#"Err(Gone("used_url"))"#,
            r#"Err(Gone("used_url"))"#,
        ),
        (
            200,
            r#"{"ok":false,"error":"invalid_blocks"}"#,
            r#"Err(Refused("invalid_blocks"))"#,
            r#"Err(Refused("invalid_blocks"))"#,
        ),
        (
            200,
            r#"{"broken"#,
            r#"Err(Unknown("unreadable"))"#,
            r#"Err(Retry("unreadable"))"#,
        ),
        (
            404,
            r#"{"ok":false,"error":"expired_url"}"#,
            r#"Err(Gone("HTTP 404"))"#,
            r#"Err(Gone("HTTP 404"))"#,
        ),
        (
            400,
            "secret",
            r#"Err(Gone("HTTP 400"))"#,
            r#"Err(Gone("HTTP 400"))"#,
        ),
        (
            302,
            "secret",
            r#"Err(Gone("HTTP 302"))"#,
            r#"Err(Gone("HTTP 302"))"#,
        ),
        (429, "later", "Err(RateLimited(7s))", "Err(RateLimited(7s))"),
        (
            500,
            "secret",
            r#"Err(Unknown("HTTP 500"))"#,
            r#"Err(Retry("HTTP 500"))"#,
        ),
    ] {
        fake.status("hookssecret", status, body);
        for (message, expected) in [
            (json!({ "text": "x" }), once),
            (json!({ "text": "x", "replace_original": true }), replacing),
        ] {
            let got = client(&fake.url).respond(&url, &message).await;
            assert_eq!(format!("{got:?}"), expected, "{status} {body}");
        }
    }
    let call = fake.calls().pop().unwrap();
    assert_eq!(call.authorization, "");
    assert_eq!(
        call.json(),
        json!({ "text": "x", "replace_original": true,
                "unfurl_links": false, "unfurl_media": false })
    );
}

#[tokio::test]
async fn a_response_url_of_another_host_is_never_called() {
    let fake = Fake::start().await;
    let host = fake.url.trim_start_matches("http://").to_owned();
    let slack = Settings {
        response_hosts: vec!["hooks.slack.com".to_owned()],
        ..settings(&fake.url)
    };
    let client = Client::new(slack).unwrap();
    for url in [
        fake.url.clone(),
        format!("https://{host}/hooks.slack.com"),
        format!("https://hooks.slack.com@{host}/"),
        "https://hooks.slack.com.evil.example/".to_owned(),
        "http://hooks.slack.com/".to_owned(),
        "https://hooks.slack.com:8443/".to_owned(),
        "ftp://hooks.slack.com/".to_owned(),
        "not a URL".to_owned(),
    ] {
        let got = client.respond(&ResponseUrl(url.clone()), &json!({})).await;
        assert!(matches!(got, Err(Error::Gone(_))), "{url}: {got:?}");
    }
    assert_eq!(fake.calls().len(), 0);
}
