//! Statuses: what is let in, and what is answered without a job.

use super::*;

#[tokio::test]
async fn each_wrong_request_has_its_status_and_no_words() {
    let door = Door::new().await;
    let event = || payload(MENTION).to_string();
    let build = |method: Method, path: &str, content_type: &str, body: String| {
        let mut request = signed(path, content_type, &body);
        *request.method_mut() = method;
        request
    };
    let unsigned = |remove: &str| {
        let mut request = signed("/slack/events", JSON, &event());
        request.headers_mut().remove(remove);
        request
    };
    let other_body = {
        let mut request = signed("/slack/events", JSON, &event());
        *request.body_mut() = Body::from(event().replace("acme", "acne"));
        request
    };
    let post = Method::POST;
    let long = |bytes: usize| format!("{{\"type\":\"{}\"}}", "x".repeat(bytes - 11));
    let rows = [
        (404, build(post.clone(), "/slack/nowhere", JSON, event())),
        (404, build(post.clone(), "/", JSON, event())),
        (
            404,
            build(post.clone(), "/slack/options", FORM, String::new()),
        ),
        (405, build(Method::GET, "/slack/events", JSON, event())),
        (405, build(Method::PUT, "/slack/commands", FORM, event())),
        (415, build(post.clone(), "/slack/events", FORM, event())),
        (415, build(post.clone(), "/slack/commands", JSON, event())),
        (415, build(post.clone(), "/slack/interactions", "", event())),
        (415, unsigned("content-type")),
        (
            413,
            build(
                post.clone(),
                "/slack/events",
                JSON,
                long(front::MOST_BYTES + 1),
            ),
        ),
        (401, unsigned("x-slack-signature")),
        (401, unsigned("x-slack-request-timestamp")),
        (401, other_body),
        (
            400,
            build(post.clone(), "/slack/events", JSON, "{".to_owned()),
        ),
        (
            400,
            build(post, "/slack/interactions", FORM, "a=b".to_owned()),
        ),
    ];
    for (at, (status, request)) in rows.into_iter().enumerate() {
        let answer = door.send(request).await;
        let body = String::new();
        assert_eq!(answer, Answer { status, body }, "row {at}");
    }
    assert_eq!(door.jobs().await, []);
}

#[tokio::test]
async fn a_body_of_the_greatest_size_and_a_type_with_parameters_are_taken() {
    let door = Door::new().await;
    let body = format!("{{\"type\":\"{}\"}}", "x".repeat(front::MOST_BYTES - 11));
    let content_type = "application/JSON; charset=utf-8";
    let answer = door
        .send(signed("/slack/events", content_type, &body))
        .await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn health_is_told_without_a_signature() {
    let door = Door::new().await;
    let request = Request::get("/healthz").body(Body::empty()).unwrap();
    assert_eq!(door.send(request).await.status, 200);
}

#[tokio::test]
async fn what_is_no_question_is_acknowledged_without_a_job() {
    let door = Door::new().await;
    let rows = [
        (Endpoint::Commands, json!({"ssl_check": "1"}), ""),
        (
            Endpoint::Events,
            json!({"type": "url_verification", "challenge": "c1"}),
            "{\"challenge\":\"c1\"}",
        ),
        (
            Endpoint::Events,
            patched(
                MENTION,
                json!({"event": {"type": "app_mention", "bot_id": "B1", "text": "acme revenue"}}),
            ),
            "",
        ),
        (Endpoint::Interactions, press("why:link", "link"), ""),
        (Endpoint::Interactions, press("another's", "x"), ""),
        (Endpoint::Interactions, json!({"type": "view_closed"}), ""),
        (
            Endpoint::Interactions,
            payload(SUGGESTION),
            "{\"options\":[]}",
        ),
    ];
    for (endpoint, payload, body) in rows {
        let (status, body) = (200, body.to_owned());
        let expected = Answer { status, body };
        assert_eq!(door.slack(endpoint, &payload).await, expected, "{payload}");
    }
    assert_eq!(door.jobs().await, []);
}

#[tokio::test]
async fn usage_is_answered_at_once_with_the_catalogs_own_attributes() {
    let door = Door::new().await;
    for text in ["", "  ", "help", " HELP ", "?"] {
        let answer = door.why(text).await.text();
        let lines = [
            "`/why acme revenue`",
            "`/why acme.com employees as of 2025-12-31`",
            "`/why acme revenue expected 10M`",
            "Attributes: revenue, employees, sector, headquarters",
        ];
        for line in lines {
            assert!(answer.contains(line), "{text:?}: no {line} in\n{answer}");
        }
    }
    assert_eq!(door.jobs().await, []);
}

#[tokio::test]
async fn an_unusable_question_is_answered_at_once_with_what_to_do_alone() {
    let door = Door::new().await;
    let rows = [
        ("acme revenue as of 2099-01-01", "lies in the future"),
        ("acme revenue as of 3/4/2025", "3 April 2025"),
        ("acme revenue expected", "nothing follows"),
        (&"acme ".repeat(250), "characters long"),
    ];
    for (text, said) in rows {
        let answer = door.why(text).await;
        let read = answer.text();
        let told = read.to_lowercase().contains(&said.to_lowercase());
        assert!(told, "{text}: {read}");
        assert!(read.contains("/why help"), "{read}");
        // The two lines that matter are not lost above all of the help.
        assert!(!read.contains("/why acme revenue"), "{read}");
    }
    assert_eq!(door.jobs().await, []);
}

#[tokio::test]
async fn the_placeholder_says_what_was_understood_and_mentions_nobody() {
    let door = Door::new().await;
    let rows = [
        ("acme revenue", "Looking up *revenue* of *acme*\u{2026}"),
        ("#17 hq", "Looking up *headquarters* of *#17*\u{2026}"),
        ("acme", "Looking up *acme*\u{2026}"),
        ("why is the revenue so", "Looking up *revenue*\u{2026}"),
    ];
    for (text, expected) in rows {
        assert_eq!(door.why(text).await.text(), expected, "{text}");
    }
    for hostile in [
        "<!channel> revenue",
        "&amp;lt;!here&amp;gt; revenue",
        "\"<@U1>\" revenue",
        "*bold* `code` revenue",
    ] {
        let text = door.why(hostile).await.text();
        assert!(!text.contains(['<', '>', '`']), "{hostile}: {text}");
        assert!(text.contains("*revenue*"), "{hostile}: {text}");
    }
}
