//! What Slack calls: verifies, reads, queues, acknowledges within its three seconds.
//!
//! Knows the catalog's words and the queue, neither the lake nor the directory: what needs them is
//! a job. The same router serves one machine and the Lambda. Start at [`router`].

use std::sync::Arc;
use std::time::Duration;

use crate::catalog::Catalog;
use crate::queue::Queue;
use crate::slack::signature::Secrets;

/// What the router needs.
#[derive(Debug)]
pub struct Ingress {
    pub catalog: Catalog,
    pub secrets: Secrets,
    pub queue: Queue,
    pub views: Views,
    /// Reads the clock: a parameter, so that tests can set it.
    pub now: fn() -> jiff::Timestamp,
    /// The queue must take a job within this, or the person is told at once.
    pub queue_timeout: Duration,
}

/// How ingress opens a modal within the trigger's three seconds.
#[derive(Debug, Clone)]
pub struct Views {
    pub api_url: String,
    pub token: String,
}

/// `/slack/commands`, `/slack/events`, `/slack/interactions`; `/healthz`.
pub fn router(ingress: Arc<Ingress>) -> axum::Router {
    let _ = ingress;
    axum::Router::new()
}
