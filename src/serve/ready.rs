//! Whether this process can do its work: the lake is there, the queue could take a job (it writes
//! one: a disk may be full), Slack knows the token.
//!
//! Asked at most once a second, whoever calls: `/readyz` is open to all who reach the listener.
//! Start at [`Readiness::now`].

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use super::Config;
use crate::ask::Why;
use crate::chat::{self, Client};
use crate::engine::{Choice, Error, direct};
use crate::queue::{self, Queue};

/// An answer is good for this long.
const FRESH: Duration = Duration::from_secs(1);
/// A lake or a queue that takes longer is not ready.
const PATIENCE: Duration = Duration::from_secs(3);
/// Between two looks at the token: while Slack knows it, and while it does not.
const SLACK_WELL: Duration = Duration::from_secs(5 * 60);
const SLACK_UNWELL: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub(super) struct Readiness {
    why: Arc<Why>,
    base: PathBuf,
    s3: BTreeMap<String, String>,
    engine: Choice,
    queue: Queue,
    /// `None` where there is no Slack.
    slack: Option<AtomicBool>,
    now: fn() -> jiff::Timestamp,
    last: Mutex<Option<(Instant, State)>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct State {
    pub(super) lake: bool,
    /// What is wrong with it.
    pub(super) queue: Result<(), &'static str>,
    pub(super) slack: Option<bool>,
}

impl Readiness {
    pub(super) fn new(
        config: &Config,
        (why, queue): (Arc<Why>, Queue),
        slack: Option<bool>,
    ) -> Self {
        let base = config.catalog_file.parent();
        Readiness {
            why,
            base: base.map_or_else(PathBuf::new, Path::to_path_buf),
            s3: config.s3.clone(),
            engine: config.engine.clone(),
            queue,
            slack: slack.map(AtomicBool::new),
            now: config.now,
            last: Mutex::new(None),
        }
    }

    pub(super) async fn now(&self) -> State {
        let mut last = self.last.lock().await;
        if let Some((at, state)) = *last
            && at.elapsed() < FRESH
        {
            return state;
        }
        let lake = tokio::time::timeout(PATIENCE, self.lake());
        let queue = tokio::time::timeout(PATIENCE, self.queue.probe((self.now)()));
        let (lake, queue) = tokio::join!(lake, queue);
        let state = State {
            lake: matches!(lake, Ok(Ok(()))),
            queue: queue.unwrap_or(Err(queue::Error::TimedOut)).map_err(wrong),
            slack: self
                .slack
                .as_ref()
                .map(|slack| slack.load(Ordering::Relaxed)),
        };
        *last = Some((Instant::now(), state));
        state
    }

    /// Opening looks at every table, and reads none. What Athena reads is its own to check: each
    /// query would cost.
    async fn lake(&self) -> Result<(), Error> {
        let (catalog, base, s3) = (&self.why.catalog, &self.base, &self.s3);
        match self.engine {
            Choice::Direct => direct::Engine::open(catalog, base, s3).await.map(|_| ()),
            #[cfg(feature = "athena")]
            Choice::Athena(_) | Choice::Auto(_) => {
                direct::Engine::unchecked(catalog, base, s3).map(|_| ())
            }
        }
    }

    /// Until it is dropped. A token that is revoked shows here, and in the log.
    pub(super) async fn keep_asking_slack(self: Arc<Self>, chat: Client) {
        let Some(slack) = &self.slack else {
            return;
        };
        loop {
            let wait = if slack.load(Ordering::Relaxed) {
                SLACK_WELL
            } else {
                SLACK_UNWELL
            };
            tokio::time::sleep(wait).await;
            match chat.who_am_i().await {
                Ok(_) => slack.store(true, Ordering::Relaxed),
                Err(error @ chat::Error::Auth(_)) => {
                    tracing::error!(%error, "Slack no longer knows the token");
                    slack.store(false, Ordering::Relaxed);
                }
                // Slack is away: that says nothing about the token.
                Err(error) => tracing::warn!(%error, "Slack does not answer"),
            }
        }
    }
}

/// Anybody may ask: paths and the store's own words go to the log.
fn wrong(error: queue::Error) -> &'static str {
    tracing::warn!(%error, "the queue takes no jobs");
    match error {
        queue::Error::Full { .. } => "its disk is full",
        queue::Error::TimedOut | queue::Error::Unknown { .. } => "it did not answer in time",
        queue::Error::Open { .. }
        | queue::Error::Failed { .. }
        | queue::Error::NoSuchLetter { .. } => "it can't be written",
    }
}
