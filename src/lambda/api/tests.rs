//! The function over a lake on S3 that lets it do no more than its role does, or that is slow.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use axum::extract::State;
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::*;
use crate::config::EngineSaid;
use crate::config::web::Web;
use crate::directory::{Entity, build};
use crate::lambda::tests::{Fake, SIGNING, form, now};

const SUGGESTION: &str = include_str!("../../slack/request/tests/payloads/suggestion.json");

/// A bucket that gives the directory to whoever has its name, and nothing else to anybody: a list
/// is refused, as AWS refuses what a role does not say.
#[derive(Clone)]
struct Bucket(Arc<Held>);

struct Held {
    directory: Vec<u8>,
    /// What a whole file takes.
    takes: Duration,
    reads: AtomicUsize,
    refused: AtomicUsize,
}

impl Bucket {
    async fn start(takes: Duration) -> (Bucket, SocketAddr) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("directory.why");
        let entity = Entity {
            entity_id: 17,
            name: "Acme Corporation".to_owned(),
            domain: Some("acme.com".to_owned()),
            aliases: Vec::new(),
            parent_id: None,
            rank: 0.0,
        };
        build([entity], &file).unwrap();
        let bucket = Bucket(Arc::new(Held {
            directory: std::fs::read(&file).unwrap(),
            takes,
            reads: AtomicUsize::new(0),
            refused: AtomicUsize::new(0),
        }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = axum::Router::new()
            .fallback(serve)
            .with_state(bucket.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        (bucket, address)
    }
}

async fn serve(State(Bucket(held)): State<Bucket>, method: Method, uri: Uri) -> Response {
    if uri.path() != "/acme-lake/why/directory.why" {
        held.refused.fetch_add(1, Ordering::Relaxed);
        return StatusCode::FORBIDDEN.into_response();
    }
    let headers = [
        (header::ETAG, "\"1\""),
        (header::LAST_MODIFIED, "Tue, 24 Nov 2026 12:00:00 GMT"),
    ];
    if method == Method::GET {
        held.reads.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(held.takes).await;
    }
    (headers, held.directory.clone()).into_response()
}

struct Function {
    door: Door,
    bucket: Arc<Held>,
    _folder: tempfile::TempDir,
}

impl Function {
    /// Started as Lambda starts it.
    async fn start(takes: Duration) -> Function {
        let (Bucket(bucket), s3) = Bucket::start(takes).await;
        let folder = tempfile::tempdir().unwrap();
        let catalog_file = folder.path().join("why.toml");
        std::fs::write(&catalog_file, crate::catalog::example::TEXT).unwrap();
        let endpoint = format!("http://{s3}");
        let options = [
            ("aws_endpoint", endpoint.as_str()),
            ("aws_region", "eu-west-1"),
            ("aws_access_key_id", "id"),
            ("aws_secret_access_key", "secret"),
        ];
        let told = Told {
            catalog_file,
            secret: "why".to_owned(),
            stack: "why".to_owned(),
            queue_url: "http://127.0.0.1:9/000000000000/questions".to_owned(),
            ledger_table: "why".to_owned(),
            web: Web::default(),
            engine: EngineSaid::default(),
            s3: BTreeMap::from(options.map(|(name, value)| (name.to_owned(), value.to_owned()))),
        };
        let sdk = Fake::start().await.sdk();
        let door = open(told, Choice::Direct, &sdk, now).await.unwrap();
        Function {
            door: Door {
                count: |_, _, _| {},
                ..door
            },
            bucket,
            _folder: folder,
        }
    }

    /// Status, how many companies were suggested, and how long it took.
    async fn typed(&self) -> (u16, usize, Duration) {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.append_pair("payload", SUGGESTION);
        let event = form("/slack/options", &body.finish(), SIGNING);
        let request = lambda_http::request::from_str(&event.to_string()).unwrap();
        let began = Instant::now();
        let response = self.door.clone().take(request).await;
        let took = began.elapsed();
        let status = response.status().as_u16();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX);
        let body: Value = serde_json::from_slice(&body.await.unwrap()).unwrap_or_default();
        let options = body["options"].as_array().map_or(0, Vec::len);
        (status, options, took)
    }
}

#[tokio::test]
async fn companies_are_suggested_by_a_role_that_may_read_the_directory_and_nothing_else() {
    let function = Function::start(Duration::ZERO).await;
    let (status, options, _) = function.typed().await;
    assert_eq!((status, options), (200, 1));
    assert_eq!(function.bucket.refused.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_directory_that_takes_longer_than_init_and_a_request_is_open_for_a_later_one() {
    let function = Function::start(OPEN + PATIENCE + Duration::from_millis(500)).await;
    let (status, _, took) = function.typed().await;
    assert_eq!(status, 503);
    assert!(took < WHOLE, "{took:?}");
    let (status, options, _) = function.typed().await;
    assert_eq!((status, options), (200, 1));
    assert_eq!(function.bucket.reads.load(Ordering::Relaxed), 1);
}

/// One request after another: what is counted of them.
#[tokio::test]
async fn whoever_is_offered_no_company_is_counted_as_that() {
    static COUNTED: std::sync::Mutex<Vec<String>> = std::sync::Mutex::new(Vec::new());
    let mut function = Function::start(OPEN + PATIENCE + Duration::from_millis(500)).await;
    function.door.count = |line, stack, _| COUNTED.lock().unwrap().push(line.render(stack, now()));
    assert_eq!(function.typed().await.0, 503);
    assert_eq!(function.typed().await.0, 200);
    let counted = COUNTED.lock().unwrap();
    assert_eq!(counted.len(), 1, "{counted:?}");
    assert!(counted[0].contains("\"NotSuggested\":1.0"), "{counted:?}");
}
