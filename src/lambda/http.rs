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
use crate::ingress::front::Outcome;
use crate::ingress::{self, front};

/// A router, and how long it may take.
#[derive(Clone)]
pub(super) struct Door {
    pub(super) router: axum::Router,
    /// For a request; Slack waits for three seconds, and a cold start is part of them.
    pub(super) whole: Duration,
    pub(super) now: fn() -> Timestamp,
    /// Takes what is counted.
    pub(super) count: fn(&Line, Timestamp),
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
        if let Some(line) = counted(&response, began.elapsed()) {
            (self.count)(&line, (self.now)());
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
fn counted(response: &Response, took: Duration) -> Option<Line> {
    let Outcome(outcome) = *response.extensions().get()?;
    let status = response.status();
    if status == StatusCode::UNAUTHORIZED {
        return Some(Line::one(Metric::SignatureRejected));
    }
    if outcome == "refused" {
        return None;
    }
    let is_taken =
        status == StatusCode::OK && !["late", "no_secrets", "not_taken"].contains(&outcome);
    Some(match is_taken {
        true => Line::new([
            (Metric::Acknowledged, 1.0),
            (Metric::AcknowledgeTime, emf::milliseconds(took)),
        ]),
        false => Line::one(Metric::NotTaken),
    })
}
