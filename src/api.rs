//! The JSON API and the page: the same answers over HTTP, for `why serve` and the api function.
//!
//! One router. [`gate`] finds out who asks, [`v1`] answers in JSON, [`page`] in HTML; both ask
//! [`crate::ask::Why`] and write down who asked what. What goes wrong is a [`problem`], what there
//! is to ask is [`openapi`]'s document. Start at [`router`].

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use jiff::Timestamp;

use crate::ask::Lake;
use crate::error::Failure;
use crate::ledger::Ledger;
use crate::oidc::Issuer;
use crate::queue::Queue;

mod audit;
mod docs;
mod filter;
mod gate;
pub mod openapi;
mod page;
pub(crate) mod problem;
mod turns;
mod v1;
mod wire;

pub use gate::{LinkKeys, Pace};
pub use turns::Turns;

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
    /// What is behind this listener is passed on to it by somebody else: whoever comes from this
    /// machine may come from anywhere.
    pub is_published: bool,
    /// Nothing can be sent before all of it is there.
    pub is_buffered: bool,
    /// Origins of other pages whose scripts may read the API; none unless configured.
    pub cors: Vec<String>,
    /// How long one question may take.
    pub budget: Option<Duration>,
    /// By which links are known; of the page where they lead.
    pub link_keys: LinkKeys,
    /// Who vouches for people, beside tokens.
    pub issuer: Option<Issuer>,
    /// How often somebody may ask.
    pub pace: Pace,
    /// How many questions read the lake at once, of all who ask.
    pub turns: Turns,
}

impl Api {
    /// Has the lake read for one question, once it is its turn.
    ///
    /// # Errors
    /// It was not its turn in time; or those of the work.
    async fn read<T>(&self, work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        let _turn = self.settings.turns.take().await?;
        work.await
    }
}

/// Everything but Slack's paths and health.
pub fn router(api: Arc<Api>) -> Router {
    let open = v1::router(api.clone())
        .merge(docs::router())
        .merge(page::router(api.clone()));
    wire::wrap(gate::guard(open, &api), &api.settings)
}
