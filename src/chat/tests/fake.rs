//! A server that answers as it is told and remembers what it was asked.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

#[derive(Debug, Clone)]
pub(in crate::chat) struct Call {
    pub(in crate::chat) path: String,
    pub(in crate::chat) authorization: String,
    pub(in crate::chat) body: String,
}

impl Call {
    pub(in crate::chat) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

#[derive(Debug, Default)]
struct Script {
    answers: HashMap<String, (u16, String)>,
    calls: Vec<Call>,
}

#[derive(Debug, Clone)]
pub(in crate::chat) struct Fake {
    pub(in crate::chat) url: String,
    script: Arc<Mutex<Script>>,
}

impl Fake {
    pub(in crate::chat) async fn start() -> Fake {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let fake = Fake {
            url: format!("http://{}", listener.local_addr().unwrap()),
            script: Arc::default(),
        };
        let router = axum::Router::new()
            .fallback(play)
            .with_state(fake.script.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        fake
    }

    pub(in crate::chat) fn answer(&self, method: &str, json: &str) {
        self.status(method, 200, json);
    }

    pub(in crate::chat) fn status(&self, method: &str, status: u16, body: &str) {
        let answer = (status, body.to_owned());
        let mut script = self.script.lock().unwrap();
        script.answers.insert(method.to_owned(), answer);
    }

    pub(in crate::chat) fn calls(&self) -> Vec<Call> {
        self.script.lock().unwrap().calls.clone()
    }
}

/// JSON has JSON's content type; all else is a page. Retry-After and scopes are always there.
async fn play(State(script): State<Arc<Mutex<Script>>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let authorization = head.headers.get("authorization");
    let mut script = script.lock().unwrap();
    script.calls.push(Call {
        path: head.uri.to_string(),
        authorization: authorization
            .map(|value| value.to_str().unwrap().to_owned())
            .unwrap_or_default(),
        body: String::from_utf8(body.to_vec()).unwrap(),
    });
    let method = head.uri.path().rsplit('/').next().unwrap();
    let ok = || (200, r#"{"ok":true}"#.to_owned());
    let (status, body) = script.answers.get(method).cloned().unwrap_or_else(ok);
    let kind = if body.starts_with('{') {
        "application/json; charset=utf-8"
    } else {
        "text/html"
    };
    let headers = [
        ("content-type", kind),
        ("date", "Fri, 20 Nov 2026 12:00:00 GMT"),
        ("retry-after", "7"),
        ("x-oauth-scopes", "commands,chat:write"),
    ];
    let status = axum::http::StatusCode::from_u16(status).unwrap();
    (status, headers, body).into_response()
}

/// A server that says exactly this to every request and hangs up; nothing: it never answers.
pub(in crate::chat) async fn raw(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut open = Vec::new();
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            if answer.is_empty() {
                open.push(stream);
            } else {
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        }
    });
    url
}

/// An address where nobody listens.
pub(in crate::chat) async fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}
