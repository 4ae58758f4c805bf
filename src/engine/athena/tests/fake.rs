//! An Athena that answers each call as it is told and remembers what it was asked.
//!
//! It speaks HTTP by itself, so that it can also hang, hang up and talk garbage.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What a call is answered with.
#[derive(Debug, Clone)]
pub(super) enum Reply {
    Json(u16, Value),
    /// Status 200 and these bytes.
    Bytes(&'static str),
    /// Half of what is announced.
    Cut,
    HangUp,
    Hang,
}

#[derive(Debug, Default)]
struct Script {
    /// In turn; the last for ever.
    replies: HashMap<String, VecDeque<Reply>>,
    calls: Vec<(String, Value)>,
}

#[derive(Debug, Clone)]
pub(super) struct Fake {
    pub(super) url: String,
    script: Arc<Mutex<Script>>,
}

impl Fake {
    pub(super) async fn start() -> Fake {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let fake = Fake {
            url: format!("http://{}", listener.local_addr().unwrap()),
            script: Arc::default(),
        };
        let script = fake.script.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(stream, script.clone()));
            }
        });
        fake.on(
            "StopQueryExecution",
            [Reply::Json(200, serde_json::json!({}))],
        );
        fake
    }

    pub(super) fn on(&self, operation: &str, replies: impl IntoIterator<Item = Reply>) {
        let replies = replies.into_iter().collect();
        let mut script = self.script.lock().unwrap();
        script.replies.insert(operation.to_owned(), replies);
    }

    pub(super) fn answers(&self, operation: &str, replies: impl IntoIterator<Item = Value>) {
        let replies = replies.into_iter().map(|reply| Reply::Json(200, reply));
        self.on(operation, replies);
    }

    pub(super) fn calls(&self, operation: &str) -> Vec<Value> {
        let script = self.script.lock().unwrap();
        let calls = script.calls.iter();
        let of_it = calls.filter(|(name, _)| name == operation);
        of_it.map(|(_, body)| body.clone()).collect()
    }

    /// Names alone, in order.
    pub(super) fn operations(&self) -> Vec<String> {
        let script = self.script.lock().unwrap();
        script.calls.iter().map(|(name, _)| name.clone()).collect()
    }
}

async fn serve(mut stream: TcpStream, script: Arc<Mutex<Script>>) {
    let Some((operation, body)) = request(&mut stream).await else {
        return;
    };
    let reply = {
        let mut script = script.lock().unwrap();
        script.calls.push((operation.clone(), body));
        let replies = script.replies.get_mut(&operation);
        let replies = replies.unwrap_or_else(|| panic!("nobody told how to answer {operation}"));
        match replies.len() {
            1 => replies[0].clone(),
            _ => replies.pop_front().unwrap(),
        }
    };
    let (status, text, announced) = match reply {
        Reply::Json(status, json) => {
            let text = json.to_string();
            (status, text.clone(), text.len())
        }
        Reply::Bytes(bytes) => (200, bytes.to_owned(), bytes.len()),
        Reply::Cut => (200, "{\"QueryExec".to_owned(), 200),
        Reply::HangUp => return,
        Reply::Hang => {
            std::future::pending::<()>().await;
            return;
        }
    };
    let answer = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/x-amz-json-1.1\r\n\
         content-length: {announced}\r\nconnection: close\r\n\r\n{text}"
    );
    let _ = stream.write_all(answer.as_bytes()).await;
}

/// One request a connection: its operation and body.
async fn request(stream: &mut TcpStream) -> Option<(String, Value)> {
    let mut read = Vec::new();
    let end = loop {
        let mut part = [0; 4096];
        let count = stream
            .read(&mut part)
            .await
            .ok()
            .filter(|count| *count > 0)?;
        read.extend_from_slice(&part[..count]);
        if let Some(at) = read.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            break at + 4;
        }
    };
    let head = String::from_utf8_lossy(&read[..end]).to_ascii_lowercase();
    let header = |name: &str| {
        let line = head.lines().find_map(|line| line.strip_prefix(name));
        line.map(|value| value.trim().to_owned())
    };
    let length: usize = header("content-length:")?.parse().ok()?;
    let mut body = read.split_off(end);
    let mut rest = vec![0; length - body.len()];
    stream.read_exact(&mut rest).await.ok()?;
    body.extend(rest);
    let target = header("x-amz-target:")?;
    let operation = ["Start", "Stop"]
        .iter()
        .find(|verb| target.contains(&verb.to_ascii_lowercase()))
        .map(|verb| format!("{verb}QueryExecution"));
    let operation = operation.unwrap_or_else(|| {
        let results = target.contains("getqueryresults");
        let name = if results { "Results" } else { "Execution" };
        format!("GetQuery{name}")
    });
    Some((operation, serde_json::from_slice(&body).unwrap()))
}
