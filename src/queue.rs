//! The queue of jobs: at least once, with a visibility time-out, retries and dead letters.
//!
//! Holds bodies, not jobs: what they mean is the worker's to know, and one that means nothing must
//! not block the rest. An enum of stores: SQLite on one machine, SQS on AWS, which has a clock of
//! its own; to SQLite the clock is a parameter. Start at [`Queue`].
// SQS needs no clock; and an ingress built without a store has a queue that nobody can open.
#![cfg_attr(not(feature = "sqlite"), allow(unused_variables))]

#[cfg(feature = "sqlite")]
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;

pub use crate::job::DeadLetter;
#[cfg(feature = "sqs")]
pub use sqs::{Delivery, Urls};

#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(feature = "sqs")]
mod sqs;
#[cfg(feature = "sqlite")]
#[cfg(test)] // apart, so that clippy knows tests when it sees them
mod tests;

/// The first wait before a job is tried again, and the longest.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(5 * 60);

#[derive(Debug, Clone)]
pub enum Queue {
    #[cfg(feature = "sqlite")]
    Sqlite(sqlite::Queue),
    #[cfg(feature = "sqs")]
    Sqs(sqs::Queue),
}

/// Whether a job was new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    New,
    /// Slack sent it before: nothing was queued. SQS never says so; the ledger knows.
    Known,
}

/// One delivery of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    pub id: String,
    /// Names this delivery: an older one no longer counts.
    pub receipt: String,
    pub body: String,
    /// From 1.
    pub receive_count: u32,
    pub sent_at: Timestamp,
}

/// A queue that did not do as told. The Display text is for the log.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the queue at {file} can't be opened: {reason}")]
    Open { file: String, reason: String },
    #[error("the queue is full: {reason}")]
    Full { reason: String },
    /// A body that was sent may be queued.
    #[error("the queue did not answer in time")]
    TimedOut,
    /// A body that was sent may be queued.
    #[error("it is not known whether the queue took it: {reason}")]
    Unknown { reason: String },
    #[error("the queue failed: {reason}")]
    Failed { reason: String },
    #[error("there is no dead letter {id}")]
    NoSuchLetter { id: String },
}

impl Queue {
    /// Opens or makes the file (WAL; survives kill -9); the ledger may lie in the same one.
    #[cfg(feature = "sqlite")]
    pub async fn sqlite(file: &Path) -> Result<Self, Error> {
        Ok(Queue::Sqlite(sqlite::Queue::open(file).await?))
    }

    /// `config` says where AWS is and who asks; the time-outs are ours, whatever it says.
    #[cfg(feature = "sqs")]
    #[must_use]
    pub fn sqs(config: &aws_config::SdkConfig, urls: Urls, delivery: Delivery) -> Self {
        Queue::Sqs(sqs::Queue::new(config, urls, delivery))
    }

    /// Durable when it returns. One id is queued once, ever: it is known while it waits, is under
    /// way or dead, and for 7 days after it is done. After a time-out send it again. SQS knows no
    /// ids: it queues whatever comes, and answers or fails within 1.2 s.
    pub async fn send(&self, id: &str, body: &str, now: Timestamp) -> Result<Sent, Error> {
        match *self {
            #[cfg(feature = "sqlite")]
            Queue::Sqlite(ref queue) => queue.send(id, body, now).await,
            #[cfg(feature = "sqs")]
            Queue::Sqs(ref queue) => queue.send(body).await,
        }
    }

    /// Whether a job could be queued now: one is written and taken back, unseen by anybody. SQS is
    /// asked how full it is.
    pub async fn probe(&self, now: Timestamp) -> Result<(), Error> {
        match *self {
            #[cfg(feature = "sqlite")]
            Queue::Sqlite(ref queue) => queue.probe(now).await,
            #[cfg(feature = "sqs")]
            Queue::Sqs(ref queue) => queue.depth().await.map(drop),
        }
    }

    /// At most `most` bodies, the oldest first; nobody else gets them for `invisible`. SQS gives
    /// 10 at most, in no order, and waits a second for the first. On AWS nobody calls this: Lambda
    /// receives.
    pub async fn receive(
        &self,
        most: usize,
        invisible: Duration,
        now: Timestamp,
    ) -> Result<Vec<Received>, Error> {
        match *self {
            #[cfg(feature = "sqlite")]
            Queue::Sqlite(ref queue) => queue.receive(most, invisible, now).await,
            #[cfg(feature = "sqs")]
            Queue::Sqs(ref queue) => queue.receive(most, invisible).await,
        }
    }

    /// Done with: gone. A stale receipt changes nothing. Where Lambda delivers it deletes, too.
    pub async fn done(&self, received: &Received) -> Result<(), Error> {
        match *self {
            #[cfg(feature = "sqlite")]
            Queue::Sqlite(ref queue) => queue.done(received).await,
            #[cfg(feature = "sqs")]
            Queue::Sqs(ref queue) => queue.done(received).await,
        }
    }

    /// Back to the queue, visible again after `delay`. Lambda must be told as well that it failed.
    pub async fn again(
        &self,
        received: &Received,
        delay: Duration,
        now: Timestamp,
    ) -> Result<(), Error> {
        match *self {
            #[cfg(feature = "sqlite")]
            Queue::Sqlite(ref queue) => queue.again(received, delay, now).await,
            #[cfg(feature = "sqs")]
            Queue::Sqs(ref queue) => queue.again(received, delay).await,
        }
    }

    /// Back to the queue at once, by a worker that ends: it was received in vain, and that does not
    /// count as a try. SQS counts it all the same.
    pub async fn give_back(&self, received: &Received, now: Timestamp) -> Result<(), Error> {
        match *self {
            #[cfg(feature = "sqlite")]
            Queue::Sqlite(ref queue) => queue.give_back(received, now).await,
            #[cfg(feature = "sqs")]
            Queue::Sqs(ref queue) => queue.again(received, Duration::ZERO).await,
        }
    }

    /// To the dead letters, which are kept for 14 days. A stale receipt changes nothing; SQS can't
    /// know, and buries it then as well.
    pub async fn bury(&self, received: &Received, why: &str, now: Timestamp) -> Result<(), Error> {
        match *self {
            #[cfg(feature = "sqlite")]
            Queue::Sqlite(ref queue) => queue.bury(received, why, now).await,
            #[cfg(feature = "sqs")]
            Queue::Sqs(ref queue) => queue.bury(received, why).await,
        }
    }

    /// Newest first. Of SQS those that no function has taken yet, seen by nobody else meanwhile;
    /// taken ones are in the ledger (`Ledger::letters`).
    pub async fn dead_letters(&self) -> Result<Vec<DeadLetter>, Error> {
        match *self {
            #[cfg(feature = "sqlite")]
            Queue::Sqlite(ref queue) => queue.dead_letters().await,
            #[cfg(feature = "sqs")]
            Queue::Sqs(ref queue) => queue.dead_letters().await,
        }
    }

    /// At most `most` of those that died after `since` and whose askers have not been told, in no
    /// order: what can't be done for some must not keep the rest waiting. Of SQS none: there each
    /// letter is delivered by itself.
    pub async fn owed(&self, most: usize, since: Timestamp) -> Result<Vec<DeadLetter>, Error> {
        match *self {
            #[cfg(feature = "sqlite")]
            Queue::Sqlite(ref queue) => queue.owed(most, since).await,
            #[cfg(feature = "sqs")]
            Queue::Sqs(_) => Ok(Vec::new()),
        }
    }

    /// The asker has been told. Nothing is noted in SQS: the ledger knows.
    pub async fn apologised(&self, id: &str) -> Result<(), Error> {
        match *self {
            #[cfg(feature = "sqlite")]
            Queue::Sqlite(ref queue) => queue.apologised(id).await,
            #[cfg(feature = "sqs")]
            Queue::Sqs(_) => Ok(()),
        }
    }

    /// Back from the dead letters, as if just sent. Of SQS from those that no function has taken.
    pub async fn retry(&self, id: &str, now: Timestamp) -> Result<(), Error> {
        match *self {
            #[cfg(feature = "sqlite")]
            Queue::Sqlite(ref queue) => queue.retry(id, now).await,
            #[cfg(feature = "sqs")]
            Queue::Sqs(ref queue) => queue.retry(id).await,
        }
    }

    /// How many wait or are under way, and when the oldest was sent. SQS counts roughly, and says
    /// nothing of the oldest.
    pub async fn depth(&self) -> Result<(u64, Option<Timestamp>), Error> {
        match *self {
            #[cfg(feature = "sqlite")]
            Queue::Sqlite(ref queue) => queue.depth().await,
            #[cfg(feature = "sqs")]
            Queue::Sqs(ref queue) => queue.depth().await,
        }
    }
}

/// Before the next try: doubles from 1 s to 5 min, with jitter (`chance` from 0 to 1) between half
/// of that and the whole, so that what failed together does not come back together.
#[must_use]
pub fn backoff(receive_count: u32, chance: f64) -> Duration {
    let doublings = receive_count.saturating_sub(1);
    let whole = FIRST_WAIT
        .saturating_mul(2_u32.saturating_pow(doublings))
        .min(LONGEST_WAIT);
    // Not a number: no jitter.
    let chance = if chance.is_nan() { 1.0 } else { chance };
    whole.mul_f64(0.5 + chance.clamp(0.0, 1.0) / 2.0)
}
