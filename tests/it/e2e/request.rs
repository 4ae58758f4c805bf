//! A question as Slack's request: its bytes are kept, so that it can be sent again, signed with any
//! secret, to the API by its own name.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use jiff::Timestamp;
use serde_json::json;
use why::slack::signature::sign;
use why::slack_demo::fake::state::{BOT, PUBLIC};

use super::stage::Stage;

const COMMANDS: &str = "/slack/commands";
const EVENTS: &str = "/slack/events";

#[derive(Debug, Clone)]
pub(super) struct Question {
    pub(super) user: String,
    /// Of a mention: its answer is in this thread.
    pub(super) thread: Option<String>,
    path: &'static str,
    kind: &'static str,
    body: String,
}

#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) body: String,
    pub(super) took: Duration,
}

impl Question {
    pub(super) fn command(stage: &Stage, user: &str, words: &str) -> Question {
        let url = stage.slack.response_url(user, PUBLIC);
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs([
            ("team_id", "T1"),
            ("channel_id", PUBLIC),
            ("user_id", user),
            ("command", "/why"),
            ("text", words),
            ("response_url", &url),
            ("trigger_id", &stage.slack.trigger(user)),
        ]);
        Question {
            user: user.to_owned(),
            thread: None,
            path: COMMANDS,
            kind: "application/x-www-form-urlencoded",
            body: form.finish(),
        }
    }

    pub(super) fn mention(stage: &Stage, user: &str, words: &str) -> Question {
        let text = format!("<@{BOT}> {words}");
        let ts = stage.slack.say(user, PUBLIC, None, &text);
        let body = json!({
            "team_id": "T1",
            "event": {
                "type": "app_mention", "text": text, "user": user, "ts": ts, "team": "T1",
                "channel": PUBLIC, "event_ts": ts,
            },
            "type": "event_callback",
            "event_id": format!("Ev{ts}"),
            "authorizations": [{"team_id": "T1", "user_id": BOT, "is_bot": true}],
        });
        Question {
            user: user.to_owned(),
            thread: Some(ts),
            path: EVENTS,
            kind: "application/json",
            body: body.to_string(),
        }
    }

    /// Signed now, with this secret.
    pub(super) async fn send(&self, stage: &Stage, secret: &str) -> Reply {
        let at = clock().as_second().to_string();
        let request = Request::post(stage.url(self.path))
            .header("host", stage.api_host())
            .header("content-type", self.kind)
            .header("x-slack-signature", sign(secret, &at, self.body.as_bytes()))
            .header("x-slack-request-timestamp", at)
            .body(Body::from(self.body.clone()));
        call(request.unwrap()).await
    }
}

/// Without a signature.
pub(super) async fn unsigned(stage: &Stage, method: &str, path: &str) -> Reply {
    let request = Request::builder()
        .method(method)
        .uri(stage.url(path))
        .header("host", stage.api_host())
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::empty());
    call(request.unwrap()).await
}

pub(super) async fn call(request: Request<Body>) -> Reply {
    let began = Instant::now();
    let client = Client::builder(TokioExecutor::new()).build_http();
    let answer = client.request(request).await.unwrap();
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    Reply {
        status,
        body: String::from_utf8_lossy(&body).into_owned(),
        took: began.elapsed(),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the functions have the machine's clock"
)]
pub(super) fn clock() -> Timestamp {
    Timestamp::now()
}
