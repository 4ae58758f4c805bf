//! Tests of ingress: signed requests through the router, and what then lies in the queue.
//!
//! Payloads are those that reading is tested with. Start at [`Door`].

use std::sync::Mutex;

use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::json;
use tower::ServiceExt;

use super::*;
use crate::catalog::example::example;
use crate::job::{Job, Work};
use crate::slack::signature::{Secrets, sign};

mod door;
mod failing;
mod jobs;

const SECRET: &str = "signing-s3cret";
const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

const COMMAND: &str = include_str!("../slack/request/tests/payloads/command.json");
const MENTION: &str = include_str!("../slack/request/tests/payloads/mention.json");
const DIRECT: &str = include_str!("../slack/request/tests/payloads/direct.json");
const HOME: &str = include_str!("../slack/request/tests/payloads/home_opened.json");
const LINKS: &str = include_str!("../slack/request/tests/payloads/links.json");
const PRESS: &str = include_str!("../slack/request/tests/payloads/press.json");
const ON_MESSAGE: &str = include_str!("../slack/request/tests/payloads/message_shortcut.json");
const GLOBAL: &str = include_str!("../slack/request/tests/payloads/global_shortcut.json");
const ASKED: &str = include_str!("../slack/request/tests/payloads/ask_submission.json");
const REPORTED: &str = include_str!("../slack/request/tests/payloads/report_submission.json");
const SUGGESTION: &str = include_str!("../slack/request/tests/payloads/suggestion.json");

fn now() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

/// An ingress with a queue in a folder of its own, and a Slack that opens every modal.
struct Door {
    router: axum::Router,
    queue: Queue,
    folder: tempfile::TempDir,
    opened: Arc<Mutex<Vec<(String, Value)>>>,
}

/// What came back.
#[derive(Debug, PartialEq)]
struct Answer {
    status: u16,
    body: String,
}

impl Answer {
    fn text(&self) -> String {
        let json: Value = serde_json::from_str(&self.body).unwrap();
        assert_eq!(json["response_type"], "ephemeral");
        json["text"].as_str().unwrap().to_owned()
    }
}

impl Door {
    async fn new() -> Self {
        let opened: Arc<Mutex<Vec<(String, Value)>>> = Arc::default();
        let seen = Arc::clone(&opened);
        let views = Views::new(move |trigger_id, view| {
            seen.lock().unwrap().push((trigger_id, view));
            std::future::ready(Ok("V9".to_owned()))
        });
        Door {
            opened,
            ..Door::with(views).await
        }
    }

    async fn with(views: Views) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let queue = Queue::sqlite(&folder.path().join("state.sqlite"))
            .await
            .unwrap();
        let ingress = Ingress {
            catalog: example().unwrap(),
            secrets: Keys::Told(Secrets::new([SECRET.to_owned()])),
            queue: queue.clone(),
            views,
            now,
            queue_timeout: Duration::from_millis(200),
            open_timeout: Duration::from_millis(1_400),
        };
        Door {
            router: router(Arc::new(ingress)),
            queue,
            folder,
            opened: Arc::default(),
        }
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX);
        let body = String::from_utf8(body.await.unwrap().to_vec()).unwrap();
        Answer { status, body }
    }

    /// As Slack sends this payload to this path.
    async fn slack(&self, endpoint: Endpoint, payload: &Value) -> Answer {
        let (content_type, body) = encoded(endpoint, payload);
        self.send(signed(path(endpoint), content_type, &body)).await
    }

    /// `/why …`
    async fn why(&self, text: &str) -> Answer {
        let payload = patched(COMMAND, json!({"text": text, "trigger_id": text}));
        self.slack(Endpoint::Commands, &payload).await
    }

    async fn jobs(&self) -> Vec<Job> {
        let received = self.queue.receive(100, Duration::from_secs(60), now());
        let jobs = received.await.unwrap();
        jobs.iter()
            .map(|received| {
                let job = Job::decode(&received.body).unwrap();
                assert_eq!(job.id, received.id);
                job
            })
            .collect()
    }

    /// The only job there is.
    async fn job(&self) -> Job {
        let mut jobs = self.jobs().await;
        assert_eq!(jobs.len(), 1, "{jobs:?}");
        jobs.remove(0)
    }
}

fn patched(payload: &str, changes: Value) -> Value {
    let mut json: Value = serde_json::from_str(payload).unwrap();
    for (key, value) in changes.as_object().unwrap() {
        json[key] = value.clone();
    }
    json
}

fn payload(payload: &str) -> Value {
    patched(payload, json!({}))
}

/// A press of what has this action_id and this value.
fn press(action_id: &str, value: &str) -> Value {
    patched(
        PRESS,
        json!({"actions": [{"action_id": action_id, "value": value, "type": "button"}]}),
    )
}

fn encoded(endpoint: Endpoint, payload: &Value) -> (&'static str, String) {
    let mut form = form_urlencoded::Serializer::new(String::new());
    match endpoint {
        Endpoint::Events => return (JSON, payload.to_string()),
        Endpoint::Commands => {
            for (name, value) in payload.as_object().unwrap() {
                form.append_pair(name, value.as_str().unwrap());
            }
        }
        Endpoint::Interactions | Endpoint::Options => {
            form.append_pair("payload", &payload.to_string());
        }
    }
    (FORM, form.finish())
}

fn signed(path: &str, content_type: &str, body: &str) -> Request<Body> {
    let timestamp = now().as_second().to_string();
    Request::builder()
        .method(Method::POST)
        .uri(path)
        .header("content-type", content_type)
        .header(
            "x-slack-signature",
            sign(SECRET, &timestamp, body.as_bytes()),
        )
        .header("x-slack-request-timestamp", timestamp)
        .body(Body::from(body.to_owned()))
        .unwrap()
}
