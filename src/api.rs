//! The JSON API and the page: the same answers over HTTP, for `why serve` and the api function.
//!
//! One router. [`gate`] finds out who asks, [`v1`] answers in JSON, [`page`] in HTML; both ask
//! [`crate::ask::Why`] and write down who asked what. Start at [`router`].

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use jiff::Timestamp;

use crate::ask::Lake;
use crate::ledger::Ledger;
use crate::queue::Queue;

mod audit;
mod gate;
mod page;
mod v1;

/// What the API and the page are made of.
#[derive(Debug)]
pub struct Api {
    pub lake: Lake,
    pub ledger: Ledger,
    /// Takes what looks wrong, for the worker to post; `None` where there is no Slack: the ledger
    /// alone keeps it then.
    pub queue: Option<Queue>,
    pub settings: Settings,
    pub now: fn() -> Timestamp,
}

#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// How people reach the page (`https://why.example.com`), for permalinks.
    pub public_url: Option<String>,
    /// Origins of other pages whose scripts may read the API; none unless configured.
    pub cors: Vec<String>,
    /// How long one question may take.
    pub budget: Option<Duration>,
}

/// Everything but Slack's paths and health.
pub fn router(api: Arc<Api>) -> Router {
    let open = v1::router(api.clone()).merge(page::router(api.clone()));
    gate::guard(open, &api)
}
