use std::time::Duration;

use serde_json::{Value, json};

use super::state::{ADA, GRACE, PRIVATE, PUBLIC, Written};
use super::web::use_url;
use super::{Fake, state};

/// The id of a response URL of this fake.
fn url_of(fake: &Fake) -> String {
    let url = fake.response_url(ADA, PUBLIC);
    url.split_once("/commands/").unwrap().1.to_owned()
}

/// `ok` or Slack's code.
fn post(fake: &Fake, id: &str, said: &Value) -> &'static str {
    fake.change(|w| use_url(w, id, said).map_or_else(|refused| refused.code, |()| "ok"))
}

#[tokio::test]
async fn a_response_url_works_five_times() {
    let fake = Fake::start().await.unwrap();
    let id = url_of(&fake);
    let said: Vec<&str> = (0..6)
        .map(|n| post(&fake, &id, &json!({"text": format!("{n}")})))
        .collect();
    assert_eq!(said, ["ok", "ok", "ok", "ok", "ok", "used_url"]);
    assert_eq!(fake.read(|w| w.messages.len()), 5);
}

#[tokio::test]
async fn a_response_url_works_for_thirty_minutes() {
    let fake = Fake::start().await.unwrap();
    let id = url_of(&fake);
    fake.pass(Duration::from_secs(30 * 60));
    assert_eq!(post(&fake, &id, &json!({"text": "just"})), "ok");
    fake.pass(Duration::from_secs(1));
    assert_eq!(post(&fake, &id, &json!({"text": "late"})), "expired_url");
    assert_eq!(post(&fake, "foreign", &json!({"text": "x"})), "no_such_url");
}

#[tokio::test]
async fn a_response_url_replaces_what_it_said_and_stays_private() {
    let fake = Fake::start().await.unwrap();
    let id = url_of(&fake);
    post(&fake, &id, &json!({"text": "first"}));
    post(
        &fake,
        &id,
        &json!({"text": "second", "replace_original": true}),
    );
    post(
        &fake,
        &id,
        &json!({"text": "for all", "response_type": "in_channel", "thread_ts": "7.1"}),
    );
    let seen = fake.read(|w| {
        let seen = w.messages.iter();
        seen.map(|m| (m.text.clone(), m.private_to.is_some(), m.thread_ts.clone()))
            .collect::<Vec<_>>()
    });
    assert_eq!(
        seen,
        [
            ("second".to_owned(), true, None),
            ("for all".to_owned(), false, Some("7.1".to_owned()))
        ]
    );
    assert_eq!(post(&fake, &id, &json!({"delete_original": true})), "ok");
    assert_eq!(fake.read(|w| w.messages.len()), 1);
}

#[tokio::test]
async fn who_asked_is_settled_by_an_answer_and_not_by_a_placeholder() {
    let fake = Fake::start().await.unwrap();
    fake.change(|w| {
        w.waiting.push(state::Waiting {
            user: ADA.to_owned(),
            channel: Some(PUBLIC.to_owned()),
            thread_ts: None,
        });
    });
    let id = url_of(&fake);
    post(&fake, &id, &json!({"text": "Looking it up\u{2026}"}));
    assert!(!fake.settled(Duration::ZERO).await);
    post(
        &fake,
        &id,
        &json!({"text": "10M", "replace_original": true}),
    );
    assert!(fake.settled(Duration::ZERO).await);
}

#[tokio::test]
async fn a_transcript_reads_as_people_see_it() {
    let fake = Fake::start().await.unwrap();
    let asked = fake.say(GRACE, PUBLIC, None, "<@U0WHY> acme revenue");
    let id = url_of(&fake);
    let answer = json!({"text": "t", "blocks": [
        {"type": "section", "text": {"type": "mrkdwn", "text": "*10M* &amp; <https://a.example/1|record>"}},
        {"type": "data_table", "caption": "Candidates", "rows": [
            [{"type": "raw_text", "text": "Source"}, {"type": "raw_text", "text": "Value"}],
            [{"type": "raw_text", "text": "filings"}, {"type": "raw_number", "value": 10}],
        ]},
        {"type": "data_visualization", "title": "Each change", "chart": {"type": "line", "series": [
            {"name": "Revenue", "data": [{"label": "2024", "value": 9}, {"label": "2025", "value": 10}]},
        ]}},
        {"type": "actions", "elements": [
            {"type": "button", "action_id": "why:share", "text": {"type": "plain_text", "text": "Share"}},
        ]},
    ]});
    let mut private = answer.clone();
    private["text"] = json!("Looking\u{2026}");
    post(&fake, &id, &json!({"text": "Looking\u{2026}"}));
    private["replace_original"] = json!(true);
    post(&fake, &id, &private);
    fake.change(|w| {
        let place = Written {
            channel: PUBLIC,
            thread_ts: Some(&asked),
            user: state::BOT,
            private_to: None,
        };
        w.add(place, &json!({"text": "It is 10M."}))
    });
    insta::assert_snapshot!(fake.transcript(), @"");
}

#[tokio::test]
async fn a_channel_without_the_bot_is_not_there_for_it() {
    let fake = Fake::start().await.unwrap();
    let id = fake.response_url(ADA, PRIVATE);
    let id = id.split_once("/commands/").unwrap().1;
    assert_eq!(post(&fake, id, &json!({"text": "still reaches"})), "ok");
}
