//! A report from the API reaches the stewards in Slack, from somebody who is not there.

use why::slack_demo::fake::state::{GRACE, TRIAGE};

use super::*;
use crate::conversation::{Talk, talk};

async fn report(talk: &Talk, key: &str) -> Seen {
    let queue = Queue::sqlite(&talk.state).await.unwrap();
    let site = site_over(&talk.state, Some(queue), Settings::default()).await;
    let headers = [
        "Content-Type: application/json",
        &format!("Idempotency-Key: {key}"),
    ];
    let body = serde_json::json!({
        "question": "acme revenue",
        "wrong": "The 2025 report says more & <better>",
        "expected": "13.1M",
        "link": "https://acme.example/report.pdf",
    });
    site.send("POST /v1/feedback", &headers, &body.to_string())
        .await
}

#[tokio::test]
async fn it_is_shown_once_and_by_name_and_nobody_is_whispered_to() {
    let talk = talk("api-report").await;
    let first = report(&talk, "k1").await;
    assert_eq!(first.status, 202, "{first:?}");
    let again = report(&talk, "k1").await;
    assert_eq!(again.json(), first.json());
    talk.settled().await;
    let posted = talk.slack().read(|w| w.messages.clone());
    let [post] = posted.as_slice() else {
        panic!("{posted:#?}")
    };
    assert_eq!(post.channel, TRIAGE);
    assert!(
        post.text.starts_with("operator (web) says"),
        "{}",
        post.text
    );
    assert!(!post.text.contains("<@"), "{}", post.text);
    talk.press(GRACE, post, "Explained").await;
    talk.end(1).await;
}
