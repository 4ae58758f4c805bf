//! The Lambda Runtime API, as one execution environment sees it.
//!
//! Serves `/2018-06-01/runtime/…`: an event waits in `next`, what becomes of it comes to
//! `response` or `error`, and nothing else is taken. Knows no process: see `function`. Facts are of
//! AWS's "Using the Lambda runtime API". The bench uses this file too.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

const VERSION: &str = "/2018-06-01/runtime";
/// What a response may hold: 6 MB and a little.
const MOST_BYTES: usize = 6_291_556;
const KIND: &str = "lambda-runtime-function-error-type";
/// Echoed by newer runtimes, so that nobody answers another's invocation.
const INVOCATION: &str = "lambda-runtime-invocation-id";

/// One event on its way to the function.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) request_id: String,
    pub(crate) trace_id: String,
    pub(crate) arn: String,
    /// Milliseconds since 1970, UTC.
    pub(crate) deadline_ms: i64,
    pub(crate) payload: Bytes,
    pub(crate) ended: oneshot::Sender<Ended>,
}

/// What the function made of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ended {
    Answered(Bytes),
    Failed(Failed),
}

/// What a runtime reports instead of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failed {
    pub(crate) kind: String,
    pub(crate) message: String,
}

/// How far the function's start has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Start {
    Pending,
    /// It asked for its first event then.
    Polled(Instant),
    Failed(Failed),
}

/// The API on a free loopback port; it ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Runtime {
    address: SocketAddr,
    events: mpsc::UnboundedSender<Event>,
    start: watch::Receiver<Start>,
    server: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    events: tokio::sync::Mutex<mpsc::UnboundedReceiver<Event>>,
    start: watch::Sender<Start>,
    open: Mutex<Option<Open>>,
}

/// The invocation that is under way: there is one at a time.
#[derive(Debug)]
struct Open {
    request_id: String,
    ended: oneshot::Sender<Ended>,
}

impl Runtime {
    pub(crate) async fn start() -> Runtime {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (events, waiting) = mpsc::unbounded_channel();
        let (starting, start) = watch::channel(Start::Pending);
        let shared = Arc::new(Shared {
            events: tokio::sync::Mutex::new(waiting),
            start: starting,
            open: Mutex::new(None),
        });
        let router = Router::new()
            .route(&format!("{VERSION}/invocation/next"), get(next))
            .route(
                &format!("{VERSION}/invocation/{{id}}/response"),
                post(response),
            )
            .route(&format!("{VERSION}/invocation/{{id}}/error"), post(error))
            .route(&format!("{VERSION}/init/error"), post(init_error))
            .layer(DefaultBodyLimit::disable())
            .with_state(shared);
        let server = tokio::spawn(async move {
            // Ends with the task: there is nobody to tell.
            let _ = axum::serve(listener, router).await;
        });
        Runtime {
            address,
            events,
            start,
            server,
        }
    }

    /// The value of AWS_LAMBDA_RUNTIME_API.
    pub(crate) fn address(&self) -> String {
        self.address.to_string()
    }

    /// Until the function asks for its first event or says that it can't start.
    pub(crate) async fn started(&self) -> Result<Instant, Failed> {
        let mut start = self.start.clone();
        let start = start.wait_for(|start| *start != Start::Pending).await;
        match start.unwrap().clone() {
            Start::Polled(at) => Ok(at),
            Start::Failed(failed) => Err(failed),
            Start::Pending => unreachable!("waited for anything else"),
        }
    }

    /// Waits in `next` until the function asks for it.
    pub(crate) fn queue(&self, event: Event) {
        self.events.send(event).unwrap();
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn next(State(shared): State<Arc<Shared>>) -> Response {
    let now = Instant::now();
    shared.start.send_if_modified(|start| {
        let is_first = *start == Start::Pending;
        if is_first {
            *start = Start::Polled(now);
        }
        is_first
    });
    let event = shared.events.lock().await.recv().await;
    let Some(event) = event else {
        return refused(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Runtime.Ended",
            "no more",
        );
    };
    let headers = [
        ("lambda-runtime-aws-request-id", event.request_id.clone()),
        (INVOCATION, event.request_id.clone()),
        ("lambda-runtime-deadline-ms", event.deadline_ms.to_string()),
        ("lambda-runtime-invoked-function-arn", event.arn),
        ("lambda-runtime-trace-id", event.trace_id),
        ("content-type", "application/json".to_owned()),
    ];
    *shared.open() = Some(Open {
        request_id: event.request_id,
        ended: event.ended,
    });
    (StatusCode::OK, headers, event.payload).into_response()
}

async fn response(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if body.len() > MOST_BYTES {
        let kind = "Function.ResponseSizeTooLarge";
        let message = format!("Response payload size ({}) exceeded", body.len());
        let failed = Failed {
            kind: kind.to_owned(),
            message: message.clone(),
        };
        let ended = shared.end(&id, &headers, Ended::Failed(failed));
        return ended.unwrap_or_else(|| refused(StatusCode::PAYLOAD_TOO_LARGE, kind, &message));
    }
    shared
        .end(&id, &headers, Ended::Answered(body))
        .unwrap_or_else(accepted)
}

async fn error(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let failed = Failed::read(&headers, &body);
    shared
        .end(&id, &headers, Ended::Failed(failed))
        .unwrap_or_else(accepted)
}

async fn init_error(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    shared
        .start
        .send_replace(Start::Failed(Failed::read(&headers, &body)));
    accepted()
}

impl Shared {
    /// It is over, or why that can't be said.
    fn end(&self, id: &str, headers: &HeaderMap, ended: Ended) -> Option<Response> {
        let mut open = self.open();
        let is_another = |open: &Open| {
            let invocation = headers.get(INVOCATION);
            open.request_id != id || invocation.is_some_and(|it| it != open.request_id.as_str())
        };
        match open.take() {
            None => Some(refused(
                StatusCode::FORBIDDEN,
                "InvalidStateTransition",
                "no invocation is under way",
            )),
            Some(other) if is_another(&other) => {
                *open = Some(other);
                let message = format!("{id} is not the invocation that is under way");
                Some(refused(
                    StatusCode::BAD_REQUEST,
                    "InvalidRequestID",
                    &message,
                ))
            }
            Some(open) => {
                // Whoever invoked may have given up.
                let _ = open.ended.send(ended);
                None
            }
        }
    }

    fn open(&self) -> MutexGuard<'_, Option<Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Failed {
    /// `{"errorType": …, "errorMessage": …}`; the type may be in a header.
    fn read(headers: &HeaderMap, body: &[u8]) -> Failed {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
        let header = headers.get(KIND).and_then(|kind| kind.to_str().ok());
        let kind = text("errorType").or_else(|| header.map(str::to_owned));
        Failed {
            kind: kind.unwrap_or_else(|| "Unknown".to_owned()),
            message: text("errorMessage").unwrap_or_default(),
        }
    }
}

fn accepted() -> Response {
    said(StatusCode::ACCEPTED, &json!({"status": "OK"}))
}

fn refused(status: StatusCode, kind: &str, message: &str) -> Response {
    said(status, &json!({"errorType": kind, "errorMessage": message}))
}

fn said(status: StatusCode, body: &Value) -> Response {
    let kind = [("content-type", "application/json")];
    (status, kind, body.to_string()).into_response()
}

/// How long a function may take to start before Lambda begins again.
pub(crate) const LONGEST_START: Duration = Duration::from_secs(10);
