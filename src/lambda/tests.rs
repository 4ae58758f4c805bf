//! A fake AWS and a fake Slack on one port of this machine, and the events that Lambda sends.
//!
//! Speaks the wire's JSON, keeps what it was sent, and fails as it is told. Start at [`Fake`].

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_secretsmanager::config::{Credentials, SharedCredentialsProvider};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::slack::signature::sign;

pub(crate) const CURRENT: &str = "AWSCURRENT";
pub(crate) const PREVIOUS: &str = "AWSPREVIOUS";
/// A signing secret as Slack makes them.
pub(crate) const SIGNING: &str = "8f742231b10e8888abcd99badc0ffee0";

pub(crate) fn now() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

/// How a call goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Hangs,
    /// Comes after so many milliseconds.
    Slow(u64),
    Fails,
    Garbage,
}

#[derive(Debug, Default)]
struct Wire {
    /// By stage.
    secrets: BTreeMap<String, String>,
    /// How old the newest of them is.
    age: Duration,
    /// By the service's or method's name.
    faults: BTreeMap<String, Fault>,
    /// What Slack's methods answer, where it is not `ok`.
    codes: BTreeMap<String, &'static str>,
    calls: Vec<(String, Value)>,
    tokens: Vec<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct Fake {
    pub(crate) address: SocketAddr,
    wire: Arc<Mutex<Wire>>,
}

impl Fake {
    /// With a secret that was never rotated.
    pub(crate) async fn start() -> Fake {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let fake = Fake {
            address: listener.local_addr().unwrap(),
            wire: Arc::default(),
        };
        fake.set_secret(CURRENT, "xoxb-1", SIGNING);
        let router = axum::Router::new()
            .fallback(answer)
            .with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        fake
    }

    pub(crate) fn sdk(&self) -> SdkConfig {
        let credentials = Credentials::new("id", "secret", None, None, "test");
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("eu-west-1"))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .endpoint_url(format!("http://{}", self.address))
            .build()
    }

    pub(crate) fn api_url(&self) -> String {
        format!("http://{}/api", self.address)
    }

    pub(crate) fn set_secret(&self, stage: &str, bot_token: &str, signing_secret: &str) {
        let value = json!({"bot_token": bot_token, "signing_secret": signing_secret});
        self.set_value(stage, &value.to_string());
    }

    pub(crate) fn set_value(&self, stage: &str, value: &str) {
        let mut wire = self.wire.lock().unwrap();
        wire.secrets.insert(stage.to_owned(), value.to_owned());
    }

    pub(crate) fn take_away(&self, stage: &str) {
        self.wire.lock().unwrap().secrets.remove(stage);
    }

    /// The secret was put in so long ago.
    pub(crate) fn age(&self, age: Duration) {
        self.wire.lock().unwrap().age = age;
    }

    /// `name` is the end of a target (`GetSecretValue`), or a method (`views.open`).
    pub(crate) fn fault(&self, name: &str, fault: Fault) {
        self.wire
            .lock()
            .unwrap()
            .faults
            .insert(name.to_owned(), fault);
    }

    pub(crate) fn mend(&self, name: &str) {
        self.wire.lock().unwrap().faults.remove(name);
    }

    pub(crate) fn refuse(&self, method: &str, code: &'static str) {
        self.wire
            .lock()
            .unwrap()
            .codes
            .insert(method.to_owned(), code);
    }

    /// The bodies of all calls of this name so far.
    pub(crate) fn calls(&self, name: &str) -> Vec<Value> {
        let wire = self.wire.lock().unwrap();
        let of_name = wire.calls.iter().filter(|(called, _)| called == name);
        of_name.map(|(_, body)| body.clone()).collect()
    }

    /// The tokens that came with calls to Slack.
    pub(crate) fn tokens(&self) -> Vec<String> {
        self.wire.lock().unwrap().tokens.clone()
    }
}

async fn answer(State(fake): State<Fake>, headers: HeaderMap, uri: Uri, body: Bytes) -> Response {
    let text = |name: &str| Some(headers.get(name)?.to_str().ok()?.to_owned());
    let name = match text("x-amz-target") {
        Some(target) => target.rsplit('.').next().unwrap_or_default().to_owned(),
        None => uri.path().trim_start_matches("/api/").to_owned(),
    };
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let fault = {
        let mut wire = fake.wire.lock().unwrap();
        wire.calls.push((name.clone(), body.clone()));
        let token = text("authorization").unwrap_or_default();
        if let Some(token) = token.strip_prefix("Bearer ") {
            wire.tokens.push(token.to_owned());
        }
        wire.faults.get(&name).copied()
    };
    match fault {
        Some(Fault::Hangs) => std::future::pending().await,
        Some(Fault::Slow(milliseconds)) => {
            tokio::time::sleep(Duration::from_millis(milliseconds)).await;
        }
        Some(Fault::Fails) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Some(Fault::Garbage) => return "<html>".into_response(),
        None => {}
    }
    fake.usual(&name, &body)
}

impl Fake {
    fn usual(&self, name: &str, body: &Value) -> Response {
        let wire = self.wire.lock().unwrap();
        if let Some(code) = wire.codes.get(name) {
            return json_of(&json!({"ok": false, "error": code}));
        }
        match name {
            "GetSecretValue" => {
                let stage = body["VersionStage"].as_str().unwrap_or(CURRENT);
                match wire.secrets.get(stage) {
                    Some(value) => json_of(&json!({
                        "Name": "why",
                        "SecretString": value,
                        "CreatedDate": (now() - wire.age).as_second(),
                    })),
                    None => {
                        let error = json!({"__type": "ResourceNotFoundException"});
                        (StatusCode::BAD_REQUEST, error.to_string()).into_response()
                    }
                }
            }
            "SendMessage" => json_of(&json!({"MessageId": "m1"})),
            "views.open" => json_of(&json!({"ok": true, "view": {"id": "V1"}})),
            _ => json_of(&json!({"ok": true, "channel": "C1", "ts": "1.2"})),
        }
    }
}

fn json_of(value: &Value) -> Response {
    ([("content-type", "application/json")], value.to_string()).into_response()
}

/// As API Gateway sends a form: in base64.
pub(crate) fn form(path: &str, body: &str, secret: &str) -> Value {
    let mut event = event(path, "application/x-www-form-urlencoded", body, secret);
    event["isBase64Encoded"] = json!(true);
    event["body"] = json!(base64(body.as_bytes()));
    event
}

/// Payload 2.0 of an HTTP API.
pub(crate) fn event(path: &str, content_type: &str, body: &str, secret: &str) -> Value {
    let timestamp = now().as_second().to_string();
    json!({
        "version": "2.0",
        "routeKey": format!("POST {path}"),
        "rawPath": path,
        "rawQueryString": "",
        "headers": {
            "content-type": content_type,
            "host": "abc123.execute-api.eu-west-1.amazonaws.com",
            "x-amzn-trace-id": "Root=1-5759e988-bd862e3fe1be46a994272793",
            "x-slack-request-timestamp": timestamp,
            "x-slack-signature": sign(secret, &timestamp, body.as_bytes()),
        },
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "abc123",
            "domainName": "abc123.execute-api.eu-west-1.amazonaws.com",
            "domainPrefix": "abc123",
            "http": {
                "method": "POST",
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            },
            "requestId": "r1",
            "routeKey": format!("POST {path}"),
            "stage": "$default",
            "time": "24/Nov/2026:12:00:00 +0000",
            "timeEpoch": now().as_millisecond(),
        },
        "body": body,
        "isBase64Encoded": false,
    })
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let mut word = [0_u8; 4];
        word[1..=chunk.len()].copy_from_slice(chunk);
        let word = u32::from_be_bytes(word);
        for (place, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let digit = DIGITS[(word >> shift & 63) as usize] as char;
            text.push(if place <= chunk.len() { digit } else { '=' });
        }
    }
    text
}
