//! The front door of a function behind API Gateway: one request in, one response out, in time.
//!
//! Lambda's HTTP events (payload 2.0; Slack's forms come in base64) become requests to the same
//! router that `why serve` has. Counts what became of each. Start at [`Door`].

use std::time::{Duration, Instant};

use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use lambda_http::{Request, Service, service_fn};
use tracing::Instrument;

use super::emf::{self, Line, Metric};
use super::{Error, trace};
use crate::ingress;
use crate::ingress::front::{self, Outcome};
use crate::slack::request::Endpoint;

/// A router, and how long it may take.
#[derive(Clone)]
pub(super) struct Door {
    pub(super) router: axum::Router,
    /// For a request; Slack waits for three seconds, and a cold start is part of them.
    pub(super) whole: Duration,
    pub(super) now: fn() -> Timestamp,
    /// Takes what is counted, of this stack.
    pub(super) count: fn(&Line, &str, Timestamp),
    pub(super) stack: String,
}

impl Door {
    /// Until Lambda ends the process.
    pub(super) async fn run(self) -> Result<(), Error> {
        let take = move |request: Request| {
            let door = self.clone();
            async move { Ok::<Response, Error>(door.take(request).await) }
        };
        lambda_http::run(service_fn(take)).await
    }

    pub(super) async fn take(mut self, request: Request) -> Response {
        let began = Instant::now();
        // What follows may be a link, which opens what it leads to.
        let path = head(request.uri().path()).to_owned();
        let header = request.headers().get("x-amzn-trace-id");
        let trace = header.and_then(|value| trace::id(value.to_str().ok()?));
        let span = tracing::info_span!("request", trace.id = trace);
        let answered = Service::<Request>::call(&mut self.router, request).instrument(span);
        let response = match tokio::time::timeout(self.whole, answered).await {
            Ok(Ok(response)) => response,
            Ok(Err(never)) => match never {},
            Err(_) => {
                tracing::error!(endpoint = path, outcome = "late", "ALARM: out of time");
                front::late(&path)
            }
        };
        if let Some(line) = counted(&path, &response, began.elapsed()) {
            (self.count)(&line, &self.stack, (self.now)());
        }
        response
    }
}

/// `/links` of `/links/abc`; Slack's paths as they are.
fn head(path: &str) -> &str {
    match ingress::endpoint_at(path) {
        Some(_) => path,
        None => {
            let end = path.get(1..).and_then(|rest| rest.find('/'));
            end.and_then(|end| path.get(..=end)).unwrap_or(path)
        }
    }
}

/// What is said of a response in the metrics; nothing of health checks and unknown paths.
fn counted(asked: &str, response: &Response, took: Duration) -> Option<Line> {
    let Outcome(outcome) = *response.extensions().get()?;
    let is_typing = asked == ingress::path(Endpoint::Options);
    Some(match (response.status(), outcome) {
        (StatusCode::UNAUTHORIZED, _) => Line::one(Metric::SignatureRejected),
        // Nobody knows whose it was.
        (_, "refused") => return None,
        (_, "unreadable") => Line::one(Metric::Unreadable),
        (StatusCode::OK, _) if is_typing => return None,
        _ if is_typing => Line::one(Metric::NotSuggested),
        (_, "not_opened") => Line::one(Metric::NotOpened),
        // A command is told in words, with a 200.
        (_, "late" | "no_secrets" | "not_taken") => Line::one(Metric::NotTaken),
        (StatusCode::OK, _) => Line::new([
            (Metric::Acknowledged, 1.0),
            (Metric::AcknowledgeTime, emf::milliseconds(took)),
        ]),
        _ => Line::one(Metric::NotTaken),
    })
}
