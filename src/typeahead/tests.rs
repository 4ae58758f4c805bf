//! Tests of the typeahead: what a menu says, and its front door.

use axum::body::Body;
use axum::http::Request as HttpRequest;
use tower::ServiceExt;

use super::*;
use crate::ask::Why;
use crate::catalog::example;
use crate::directory::{Entity, build};
use crate::slack::signature::{Secrets, sign};

const SECRET: &str = "signing-s3cret";

fn now() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

fn company(entity_id: i64, name: &str, domain: Option<&str>) -> Entity {
    Entity {
        entity_id,
        name: name.to_owned(),
        domain: domain.map(str::to_owned),
        aliases: Vec::new(),
        parent_id: None,
        rank: 0.0,
    }
}

fn directory(entities: Vec<Entity>) -> (tempfile::TempDir, Directory) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("directory.why");
    build(entities, &file).unwrap();
    let directory = Directory::open(&file).unwrap();
    (folder, directory)
}

/// `text → value` of each option.
fn lines(options: &Value) -> Vec<String> {
    let options = options["options"].as_array().unwrap();
    let line = |option: &Value| {
        let text = option["text"]["text"].as_str().unwrap().to_owned();
        format!("{text} \u{2192} {}", option["value"].as_str().unwrap())
    };
    options.iter().map(line).collect()
}

#[test]
fn namesakes_are_told_apart_and_the_best_comes_first() {
    let (_folder, directory) = directory(vec![
        company(17, "Acme Corporation", Some("acme.com")),
        company(18, "Acme Corporation", Some("acme.de")),
        company(19, "Acme Holding", None),
        company(20, "Beta", Some("beta.com")),
    ]);
    insta::assert_snapshot!(lines(&options(&directory, "acme.de")).join("\n"), @"Acme Corporation · acme.de · #18 → #18");
    insta::assert_snapshot!(lines(&options(&directory, "acme")).join("\n"), @r"
    Acme Corporation · acme.com · #17 → #17
    Acme Corporation · acme.de · #18 → #18
    Acme Holding · #19 → #19
    ");
    assert_eq!(lines(&options(&directory, "zzzzzz")), [""; 0]);
    assert_eq!(lines(&options(&directory, "")), [""; 0]);
}

#[test]
fn a_menu_stays_within_slacks_limits_and_every_text_is_another() {
    let long = "Acme \u{e9}".repeat(40);
    let entities = (0..300).map(|id| company(id, &long, Some("a-very-long-domain-name.example")));
    let (_folder, directory) = directory(entities.collect());
    let all = options(&directory, "acme");
    let texts = lines(&all);
    assert_eq!(texts.len(), limits::CHOICES);
    for option in all["options"].as_array().unwrap() {
        let text = option["text"]["text"].as_str().unwrap();
        assert!(
            (1..=limits::BUTTON).contains(&limits::length(text)),
            "{text}"
        );
        let value = option["value"].as_str().unwrap();
        assert!(text.ends_with(value), "{text}: {value}");
    }
}

#[tokio::test]
async fn the_door_is_that_of_ingress() {
    let folder = tempfile::tempdir().unwrap();
    let catalog = example::TEXT.replace("s3://acme-lake/why", ".");
    let file = folder.path().join("why.toml");
    std::fs::write(&file, catalog).unwrap();
    for table in ["attribute_trace", "attribute_latest"] {
        std::fs::create_dir(folder.path().join(table)).unwrap();
    }
    let entities = [company(17, "Acme Corporation", Some("acme.com"))];
    build(entities, &folder.path().join("directory.why")).unwrap();
    let why = Why::open(&file, &std::collections::BTreeMap::new())
        .await
        .unwrap();
    let router = router(Arc::new(Typeahead {
        lake: Lake::opened(Arc::new(why)),
        secrets: Keys::Told(Secrets::new([SECRET.to_owned()])),
        patience: Duration::from_secs(1),
        now,
    }));
    let suggestion = include_str!("../slack/request/tests/payloads/suggestion.json");
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("payload", suggestion)
        .finish();
    let send = |method: &str, body: &str, content_type: &str, secret: &str| {
        let timestamp = now().as_second().to_string();
        let request = HttpRequest::builder()
            .method(method)
            .uri("/slack/options")
            .header("content-type", content_type)
            .header(
                "x-slack-signature",
                sign(secret, &timestamp, body.as_bytes()),
            )
            .header("x-slack-request-timestamp", timestamp)
            .body(Body::from(body.to_owned()))
            .unwrap();
        let router = router.clone();
        async move {
            let response = router.oneshot(request).await.unwrap();
            let status = response.status().as_u16();
            let body = axum::body::to_bytes(response.into_body(), usize::MAX);
            let body = body.await.unwrap().to_vec();
            (status, String::from_utf8(body).unwrap())
        }
    };
    let form = "application/x-www-form-urlencoded";
    let (status, answer) = send("POST", &body, form, SECRET).await;
    assert_eq!(status, 200);
    let answer: Value = serde_json::from_str(&answer).unwrap();
    let expected = ["Acme Corporation \u{b7} acme.com \u{b7} #17 \u{2192} #17"];
    assert_eq!(lines(&answer), expected);
    let refused = |status: u16| (status, String::new());
    assert_eq!(send("POST", &body, form, "another").await, refused(401));
    let json = "application/json";
    assert_eq!(send("POST", &body, json, SECRET).await, refused(415));
    assert_eq!(send("GET", &body, form, SECRET).await, refused(405));
    let long = "x".repeat(front::MOST_BYTES + 1);
    assert_eq!(send("POST", &long, form, SECRET).await, refused(413));
    assert_eq!(send("POST", "payload={", form, SECRET).await, refused(400));
}
