//! The two listeners: Slack's requests, the page, the API and health on one, metrics on the other.
//!
//! Counts requests and wakes the workers after each; what a request means is ingress's to know.
//! Start at [`router`].

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::sync::Notify;

use super::metrics::{self, Metrics};
use super::ready::Readiness;
use crate::api::{self, Api};
use crate::ingress::{self, Ingress};
use crate::queue::Queue;
use crate::slack::request::Endpoint;
use crate::typeahead::{self, Typeahead};

pub(super) struct Parts {
    /// Slack's, where there is one.
    pub(super) doors: Option<(Arc<Ingress>, Arc<Typeahead>)>,
    pub(super) api: Arc<Api>,
    pub(super) readiness: Arc<Readiness>,
    pub(super) metrics: Arc<Metrics>,
    pub(super) wake: Arc<Notify>,
}

#[derive(Clone)]
struct Counted {
    metrics: Arc<Metrics>,
    wake: Arc<Notify>,
}

pub(super) fn router(parts: Parts) -> Router {
    let counted = Counted {
        metrics: parts.metrics,
        wake: parts.wake,
    };
    let ready = Router::new()
        .route("/readyz", get(ready))
        .with_state(parts.readiness);
    let slack = match parts.doors {
        Some((ingress, typeahead)) => ingress::router(ingress).merge(typeahead::router(typeahead)),
        None => ingress::health(),
    };
    // The last one's answer to unknown paths is everybody's: nobody learns which there are.
    slack
        .merge(ready)
        .merge(api::router(parts.api))
        .layer(middleware::from_fn_with_state(counted, count))
}

/// 200, or 503 with a line for each: `lake ok`, `queue not ok: its disk is full`.
async fn ready(State(readiness): State<Arc<Readiness>>) -> Response {
    let state = readiness.now().await;
    let well = |is_well: bool| is_well.then_some(()).ok_or("");
    let checks = [
        Some(("lake", well(state.lake))),
        Some(("queue", state.queue)),
        state.slack.map(|is_known| ("slack", well(is_known))),
    ];
    let checks: Vec<_> = checks.into_iter().flatten().collect();
    let status = if checks.iter().all(|(_, found)| found.is_ok()) {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let lines = checks.into_iter().map(|(name, found)| match found {
        Ok(()) => format!("{name} ok\n"),
        Err("") => format!("{name} not ok\n"),
        Err(wrong) => format!("{name} not ok: {wrong}\n"),
    });
    (status, lines.collect::<String>()).into_response()
}

async fn count(State(counted): State<Counted>, request: Request, next: Next) -> Response {
    let endpoint = endpoint(request.uri().path());
    let response = next.run(request).await;
    counted
        .metrics
        .request(endpoint, response.status().as_u16());
    counted.wake.notify_one();
    response
}

/// A closed set: anybody may ask for any path.
fn endpoint(path: &str) -> &'static str {
    match ingress::endpoint_at(path) {
        Some(Endpoint::Commands) => "commands",
        Some(Endpoint::Events) => "events",
        Some(Endpoint::Interactions) => "interactions",
        Some(Endpoint::Options) => "options",
        None => match path.split('/').nth(1).unwrap_or_default() {
            "healthz" => "healthz",
            "readyz" => "readyz",
            "v1" | "openapi.json" => "api",
            "links" => "link",
            "" | "companies" | "compare" | "wrong" | "docs" => "page",
            "sign-in" | "sign-out" => "sign_in",
            "assets" => "assets",
            _ => "other",
        },
    }
}

/// What the metrics show beside what was counted.
#[derive(Clone)]
pub(super) struct Watched {
    pub(super) metrics: Arc<Metrics>,
    pub(super) queue: Queue,
    pub(super) now: fn() -> jiff::Timestamp,
}

pub(super) fn metrics_router(watched: Watched) -> Router {
    Router::new()
        .route("/metrics", get(show_metrics))
        .with_state(watched)
}

async fn show_metrics(State(watched): State<Watched>) -> Response {
    match watched.queue.depth().await {
        Ok(depth) => watched.metrics.queue(depth, (watched.now)()),
        Err(error) => tracing::warn!(%error, "the queue's depth is not known"),
    }
    match watched.metrics.text() {
        Ok(text) => ([(header::CONTENT_TYPE, metrics::CONTENT_TYPE)], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
