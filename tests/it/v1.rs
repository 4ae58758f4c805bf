//! The JSON API over the wire: the whole router behind a real listener, over the lake of acme.
//!
//! What each path answers to whom is tested beside its code; here is what only the wire shows.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use why::api::{self, Api, Settings};
use why::ask::{Lake, Why};
use why::ledger::Ledger;
use why::queue::Queue;

use crate::harness::{NOW, acme_lake, scratch};

mod reports;
mod schemathesis;
mod wire;

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

/// A running API, until it is dropped.
struct Site {
    address: SocketAddr,
    server: tokio::task::JoinHandle<()>,
}

impl Drop for Site {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// One that keeps what it must in a file of its own.
async fn site(name: &str, settings: Settings) -> Site {
    let folder = scratch().join(format!("v1-{name}"));
    std::fs::create_dir_all(&folder).unwrap();
    site_over(&folder.join("why-state.sqlite"), None, settings).await
}

async fn site_over(state: &Path, queue: Option<Queue>, settings: Settings) -> Site {
    let catalog: PathBuf = acme_lake().join("why.toml");
    let why = Why::open(&catalog, &BTreeMap::new()).await.unwrap();
    let api = Api {
        lake: Lake::opened(Arc::new(why)),
        ledger: Ledger::sqlite(state).await.unwrap(),
        queue,
        settings,
        now,
    };
    let router = api::router(Arc::new(api));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let server = tokio::spawn(async move {
        axum::serve(listener, service).await.unwrap();
    });
    Site { address, server }
}

/// What came back, byte for byte.
#[derive(Debug)]
struct Seen {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Seen {
    fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let mut own = lines.filter(|(own, _)| own.eq_ignore_ascii_case(name));
        own.next().map(|(_, value)| value)
    }

    fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }
}

impl Site {
    /// Sends this request line, these headers and this body as they are.
    async fn send(&self, line: &str, headers: &[&str], body: &str) -> Seen {
        let mut request = format!("{line} HTTP/1.1\r\nHost: {}\r\n", self.address);
        for header in headers {
            request.push_str(&format!("{header}\r\n"));
        }
        if !body.is_empty() {
            request.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        request.push_str(&format!("Connection: close\r\n\r\n{body}"));
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let end = answer.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(answer[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let mut seen = Seen {
            status,
            head,
            body: answer[end + 4..].to_vec(),
        };
        if seen.header("transfer-encoding") == Some("chunked") {
            seen.body = unchunked(&seen.body);
        }
        seen
    }

    async fn get(&self, path: &str) -> Seen {
        self.send(&format!("GET {path}"), &[], "").await
    }
}

fn unchunked(mut bytes: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    loop {
        let end = bytes.windows(2).position(|w| w == b"\r\n").unwrap();
        let length = std::str::from_utf8(&bytes[..end]).unwrap();
        let length = usize::from_str_radix(length, 16).unwrap();
        if length == 0 {
            return whole;
        }
        whole.extend(&bytes[end + 2..end + 2 + length]);
        bytes = &bytes[end + 2 + length + 2..];
    }
}
