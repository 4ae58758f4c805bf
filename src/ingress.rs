//! What Slack calls: verifies, reads, queues, acknowledges within its three seconds.
//!
//! Knows the catalog's words and the queue, neither the lake nor the directory: what needs them is
//! a job. The same router serves one machine and the Lambda. Start at [`router`]; over a socket
//! there is nothing to verify, and [`Ingress::take`] is called instead.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use axum::routing;
use jiff::Timestamp;
use serde_json::Value;

use crate::catalog::Catalog;
use crate::queue::Queue;
use crate::slack::request::Endpoint;
pub use keys::Keys;

pub(crate) mod front;
mod job;
mod keys;
mod take;
#[cfg(feature = "sqlite")] // their queue is SQLite's
#[cfg(test)]
mod tests;
mod words;

/// What the router needs.
#[derive(Debug)]
pub struct Ingress {
    pub catalog: Catalog,
    pub secrets: Keys,
    pub queue: Queue,
    pub views: Views,
    /// Reads the clock: a parameter, so that tests can set it.
    pub now: fn() -> Timestamp,
    /// The queue must take a job within this, or the person is told at once.
    pub queue_timeout: Duration,
    /// Slack must open a modal within this, or its presser is told so.
    pub open_timeout: Duration,
}

/// How ingress opens a modal within the trigger's three seconds, and says in it that nobody will
/// fill it. Not a chat client: what becomes a small Lambda brings another than `why serve`.
#[derive(Clone)]
pub struct Views {
    open: Arc<Call<String>>,
    update: Arc<Call<()>>,
}

type Called<T> = Pin<Box<dyn Future<Output = Result<T, String>> + Send>>;
type Call<T> = dyn Fn(String, Value) -> Called<T> + Send + Sync;

impl std::fmt::Debug for Views {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Views(…)")
    }
}

impl Views {
    /// `open` takes a trigger_id and a view and calls `views.open`; gives the view's id, or what
    /// went wrong, in words for the log. Updates none until [`Views::with_update`].
    pub fn new<F, Fut>(open: F) -> Self
    where
        F: Fn(String, Value) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<String, String>> + Send + 'static,
    {
        Views {
            open: Arc::new(move |trigger_id, view| Box::pin(open(trigger_id, view))),
            update: Arc::new(|_, _| Box::pin(std::future::ready(Err("no update".to_owned())))),
        }
    }

    /// `update` takes a view's id and a view and calls `views.update`.
    #[must_use]
    pub fn with_update<F, Fut>(self, update: F) -> Self
    where
        F: Fn(String, Value) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), String>> + Send + 'static,
    {
        Views {
            update: Arc::new(move |view_id, view| Box::pin(update(view_id, view))),
            ..self
        }
    }

    /// Changes a view; what went wrong is in words for the log.
    pub(crate) async fn update(&self, view_id: String, view: Value) -> Result<(), String> {
        (self.update)(view_id, view).await
    }
}

/// The path that Slack calls: the router's and the manifest's.
#[must_use]
pub fn path(endpoint: Endpoint) -> &'static str {
    match endpoint {
        Endpoint::Commands => "/slack/commands",
        Endpoint::Events => "/slack/events",
        Endpoint::Interactions => "/slack/interactions",
        Endpoint::Options => "/slack/options",
    }
}

/// What Slack calls at this path, if anything.
#[must_use]
pub fn endpoint_at(called: &str) -> Option<Endpoint> {
    let all = [
        Endpoint::Commands,
        Endpoint::Events,
        Endpoint::Interactions,
        Endpoint::Options,
    ];
    all.into_iter().find(|endpoint| path(*endpoint) == called)
}

/// `/slack/commands`, `/slack/events`, `/slack/interactions`; `/healthz`.
pub fn router(ingress: Arc<Ingress>) -> axum::Router {
    let own = [Endpoint::Commands, Endpoint::Events, Endpoint::Interactions];
    let routed = own
        .into_iter()
        .fold(axum::Router::new(), |router, endpoint| {
            let ingress = Arc::clone(&ingress);
            let handler = move |request: front::Signed| async move {
                let verified = front::verified(endpoint, &request, &ingress.secrets, ingress.now);
                match verified.await {
                    Ok(body) => ingress.taken(endpoint, body).await.reply(),
                    Err(refused) => refused.reply(endpoint),
                }
            };
            router.route(path(endpoint), routing::post(handler))
        });
    routed.merge(health()).layer(front::limit())
}

/// `/healthz`: this process answers.
pub(crate) fn health() -> axum::Router {
    axum::Router::new().route("/healthz", routing::get(|| async { StatusCode::OK }))
}
