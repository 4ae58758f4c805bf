//! Events of API Gateway in, responses out: whatever hangs or is rotated, in time.

use std::time::Instant;

use axum::response::Response;
use serde_json::{Value, json};

use super::*;
use crate::config::lambda::Slack;
use crate::job::{Job, Work};
use crate::lambda::emf::Line;
use crate::lambda::tests::{CURRENT, Fake, Fault, PREVIOUS, SIGNING, event, form, now};

const OTHER: &str = "0123456789abcdef0123456789abcdef";
const COMMAND: &str = include_str!("../../slack/request/tests/payloads/command.json");
const SHORTCUT: &str = include_str!("../../slack/request/tests/payloads/global_shortcut.json");
const MENTION: &str = include_str!("../../slack/request/tests/payloads/mention.json");

/// A function that has started, with its AWS and its Slack.
struct Function {
    door: Door,
    fake: Fake,
    _folder: tempfile::TempDir,
}

struct Answer {
    status: u16,
    body: Value,
    took: Duration,
}

impl Answer {
    fn text(&self) -> &str {
        self.body["text"].as_str().unwrap_or_default()
    }
}

impl Function {
    async fn start() -> Function {
        Function::over(Fake::start().await).await
    }

    async fn over(fake: Fake) -> Function {
        let folder = tempfile::tempdir().unwrap();
        let catalog_file = folder.path().join("why.toml");
        std::fs::write(&catalog_file, crate::catalog::example::TEXT).unwrap();
        let told = Told {
            stack: "why".to_owned(),
            catalog_file,
            secret: "why".to_owned(),
            queue_url: format!("http://{}/000000000000/questions", fake.address),
            slack: Slack {
                api_url: fake.api_url(),
                response_hosts: Vec::new(),
            },
        };
        let door = open(&told, &fake.sdk(), now).await.unwrap();
        let door = Door {
            count: |_, _, _| {},
            stack: "why".to_owned(),
            ..door
        };
        Function {
            door,
            fake,
            _folder: folder,
        }
    }

    async fn take(&self, event: Value) -> Answer {
        let request = lambda_http::request::from_str(&event.to_string()).unwrap();
        let began = Instant::now();
        let response: Response = self.door.clone().take(request).await;
        let took = began.elapsed();
        let status = response.status().as_u16();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX);
        let body = serde_json::from_slice(&body.await.unwrap()).unwrap_or_default();
        Answer { status, body, took }
    }

    async fn command(&self, secret: &str) -> Answer {
        self.take(form("/slack/commands", &command("acme revenue"), secret))
            .await
    }

    async fn shortcut(&self) -> Answer {
        let body = serialized(&[("payload", SHORTCUT)]);
        self.take(form("/slack/interactions", &body, SIGNING)).await
    }

    fn jobs(&self) -> Vec<Job> {
        let sent = self.fake.calls("SendMessage");
        let body = |call: &Value| Job::decode(call["MessageBody"].as_str().unwrap()).unwrap();
        sent.iter().map(body).collect()
    }
}

fn serialized(pairs: &[(&str, &str)]) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(pairs);
    form.finish()
}

fn command(text: &str) -> String {
    let mut payload: Value = serde_json::from_str(COMMAND).unwrap();
    payload["text"] = json!(text);
    let pairs: Vec<(&str, &str)> = payload
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
        .collect();
    serialized(&pairs)
}

#[tokio::test]
async fn a_command_in_base64_becomes_a_job_and_a_placeholder() {
    let function = Function::start().await;
    let answer = function.command(SIGNING).await;
    assert_eq!(answer.status, 200);
    assert!(answer.text().starts_with("Looking up"), "{}", answer.text());
    let jobs = function.jobs();
    assert_eq!(jobs.len(), 1);
    assert_eq!(
        jobs[0].work,
        Work::Ask {
            text: "acme revenue".to_owned()
        }
    );
    let sent = function.fake.calls("SendMessage");
    let url = format!("http://{}/000000000000/questions", function.fake.address);
    assert_eq!(sent[0]["QueueUrl"], json!(url));
}

#[tokio::test]
async fn an_event_is_plain_text_and_becomes_a_job() {
    let function = Function::start().await;
    let event = event("/slack/events", "application/json", MENTION, SIGNING);
    assert_eq!(function.take(event).await.status, 200);
    assert_eq!(function.jobs().len(), 1);
}

#[tokio::test]
async fn what_is_not_signed_by_slack_is_refused_and_asks_for_the_secret_once() {
    let function = Function::start().await;
    let read = function.fake.calls("GetSecretValue").len();
    for _ in 0..3 {
        assert_eq!(function.command(OTHER).await.status, 401);
    }
    // It was read at the start, a moment ago.
    assert_eq!(function.fake.calls("GetSecretValue").len(), read);
    assert_eq!(function.jobs().len(), 0);
}

#[tokio::test]
async fn both_secrets_of_a_rotation_are_accepted() {
    let fake = Fake::start().await;
    fake.set_secret(CURRENT, "xoxb-2", OTHER);
    fake.set_secret(PREVIOUS, "xoxb-1", SIGNING);
    let function = Function::over(fake).await;
    assert_eq!(function.command(OTHER).await.status, 200);
    assert_eq!(function.command(SIGNING).await.status, 200);
    assert_eq!(function.jobs().len(), 2);
}

#[tokio::test]
async fn a_function_that_started_without_a_secret_finds_it_at_the_first_request() {
    let fake = Fake::start().await;
    fake.fault("GetSecretValue", Fault::Fails);
    let function = Function::over(fake).await;
    function.fake.mend("GetSecretValue");
    let answer = function.command(SIGNING).await;
    assert!(answer.text().starts_with("Looking up"), "{}", answer.text());
}

#[tokio::test]
async fn without_a_secret_a_command_is_told_in_words_and_all_else_fails_to_be_sent_again() {
    let fake = Fake::start().await;
    fake.fault("GetSecretValue", Fault::Hangs);
    let began = Instant::now();
    let function = Function::over(fake).await;
    let init = began.elapsed();
    let answer = function.command(SIGNING).await;
    assert_eq!(answer.status, 200);
    assert!(
        answer.text().contains("no answer will"),
        "{}",
        answer.text()
    );
    assert_eq!(answer.body["response_type"], json!("ephemeral"));
    // The cold start is part of what somebody waits for.
    let waited = init + answer.took;
    assert!(waited < Duration::from_millis(1_500), "{waited:?}");
    let event = event("/slack/events", "application/json", MENTION, SIGNING);
    assert_eq!(function.take(event).await.status, 503);
    assert_eq!(function.jobs().len(), 0);
}

#[tokio::test]
async fn a_queue_that_hangs_is_told_in_time() {
    let function = Function::start().await;
    function.fake.fault("SendMessage", Fault::Hangs);
    let answer = function.command(SIGNING).await;
    assert_eq!(answer.status, 200);
    assert!(
        answer.text().contains("could not make sure"),
        "{}",
        answer.text()
    );
    assert!(
        answer.took < Duration::from_millis(1_500),
        "{:?}",
        answer.took
    );
    let event = event("/slack/events", "application/json", MENTION, SIGNING);
    let answer = function.take(event).await;
    assert_eq!(answer.status, 503);
    assert!(
        answer.took < Duration::from_millis(1_500),
        "{:?}",
        answer.took
    );
}

#[tokio::test]
async fn a_shortcut_opens_a_modal_with_the_token_and_is_filled_by_a_job() {
    let function = Function::start().await;
    let answer = function.shortcut().await;
    assert_eq!(answer.status, 200);
    assert_eq!(function.fake.tokens(), ["xoxb-1"]);
    let opened = function.fake.calls("views.open");
    assert!(opened[0]["trigger_id"].is_string() && opened[0]["view"].is_object());
    let Work::FillModal { view_id, .. } = &function.jobs()[0].work else {
        panic!("{:?}", function.jobs());
    };
    assert_eq!(view_id, "V1");
}

#[tokio::test]
async fn a_slack_that_hangs_fails_or_lies_opens_nothing_and_is_told_in_time() {
    for fault in [Fault::Hangs, Fault::Fails, Fault::Garbage] {
        let function = Function::start().await;
        function.fake.fault("views.open", fault);
        let answer = function.shortcut().await;
        assert_eq!(answer.status, 503, "{fault:?}");
        assert!(
            answer.took < Duration::from_millis(1_500),
            "{:?}",
            answer.took
        );
        assert_eq!(function.jobs().len(), 0, "{fault:?}");
    }
}

#[tokio::test]
async fn all_that_is_slow_together_ends_before_slack_gives_up() {
    let fake = Fake::start().await;
    fake.fault("GetSecretValue", Fault::Hangs);
    let began = Instant::now();
    let function = Function::over(fake).await;
    let fake = &function.fake;
    fake.fault("GetSecretValue", Fault::Slow(200));
    fake.fault("views.open", Fault::Slow(700));
    fake.fault("SendMessage", Fault::Hangs);
    let answer = function.shortcut().await;
    assert_eq!(answer.status, 503);
    assert_eq!(fake.calls("views.open").len(), 1);
    let waited = began.elapsed();
    assert!(waited < SLACK, "{waited:?}");
}

/// What can be waited for in one request, and before it in the same process.
#[test]
fn the_times_add_up_to_less_than_slack_waits() {
    let cold = SECRET.operation + WHOLE;
    assert!(cold < SLACK - Duration::from_millis(100), "{cold:?}");
    // What a command alone waits for: it is told within a second and a half.
    for one in [SECRET.operation + SECRET.operation, QUEUE, OPEN] {
        assert!(one < Duration::from_millis(1_500), "{one:?}");
    }
    assert!(
        QUEUE > Duration::from_millis(1_200),
        "the queue's own time ends first"
    );
}

#[tokio::test]
async fn a_request_that_takes_too_long_whatever_for_is_told_so() {
    let mut function = Function::start().await;
    function.door.whole = Duration::from_millis(50);
    function.fake.fault("SendMessage", Fault::Slow(500));
    let answer = function.command(SIGNING).await;
    assert_eq!(answer.status, 200);
    // Sooner than the queue's own time would end it.
    assert!(
        answer.took < Duration::from_millis(350),
        "{:?}",
        answer.took
    );
    assert!(
        answer.text().contains("could not make sure"),
        "{}",
        answer.text()
    );
    assert_eq!(function.shortcut().await.status, 503);
}

/// One request after another: what is counted of them.
#[tokio::test]
async fn what_becomes_of_requests_is_counted() {
    static COUNTED: std::sync::Mutex<Vec<String>> = std::sync::Mutex::new(Vec::new());
    let mut function = Function::start().await;
    function.door.count = |line: &Line, stack, _| {
        let line: Value = serde_json::from_str(&line.render(stack, now())).unwrap();
        let metrics = &line["_aws"]["CloudWatchMetrics"][0]["Metrics"];
        let names = metrics
            .as_array()
            .unwrap()
            .iter()
            .map(|metric| &metric["Name"]);
        let names: Vec<&str> = names.map(|name| name.as_str().unwrap()).collect();
        COUNTED.lock().unwrap().push(names.join("+"));
    };
    let _ = function.command(SIGNING).await;
    let _ = function.command(OTHER).await;
    function.fake.fault("SendMessage", Fault::Fails);
    let _ = function.command(SIGNING).await;
    let event = event("/slack/events", "application/json", MENTION, SIGNING);
    let _ = function.take(event).await;
    // Slack's, and of no form that is known.
    let body = serialized(&[("payload", "{")]);
    let unreadable = form("/slack/interactions", &body, SIGNING);
    assert_eq!(function.take(unreadable).await.status, 400);
    function.fake.fault("views.open", Fault::Fails);
    assert_eq!(function.shortcut().await.status, 503);
    let mut health = self::event("/healthz", "text/plain", "", SIGNING);
    health["requestContext"]["http"]["method"] = json!("GET");
    assert_eq!(function.take(health).await.status, 200);
    assert_eq!(
        *COUNTED.lock().unwrap(),
        [
            "Acknowledged+AcknowledgeTime",
            "SignatureRejected",
            "NotTaken",
            "NotTaken",
            "Unreadable",
            "NotOpened"
        ]
    );
}
