//! The loop of the workers: receives jobs while somebody is free, hands each to the worker, and at
//! the end finishes what is under way or gives it back.
//!
//! Knows no job's meaning. Start at [`Work::run`].

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::Instant;

use super::metrics::{CutOff, Metrics};
use crate::queue::Received;
use crate::worker::{Ended, Worker};

/// Looks into the queue this often: another process may have put something in, or a wait is over.
const IDLE: Duration = Duration::from_millis(100);
/// After the queue failed.
const QUEUE_REST: Duration = Duration::from_secs(1);

pub(super) struct Work {
    pub(super) worker: Arc<Worker>,
    pub(super) at_once: usize,
    pub(super) grace: Duration,
    /// Told when a request came in.
    pub(super) wake: Arc<Notify>,
    pub(super) metrics: Arc<Metrics>,
}

/// Jobs under way, by their task.
#[derive(Default)]
struct UnderWay {
    tasks: JoinSet<Ended>,
    received: HashMap<Id, Received>,
}

impl Work {
    pub(super) async fn run(self, mut stopped: watch::Receiver<bool>) {
        let mut under_way = UnderWay::default();
        let worker = self.worker.clone();
        // Dropped with this: what is owed stays in the queue.
        let mut owed = JoinSet::new();
        owed.spawn(async move {
            loop {
                worker.apologise_pending().await;
                // One that was owed by a worker that died can be made when its lease is over.
                tokio::time::sleep(worker.settings.lease).await;
            }
        });
        while !*stopped.borrow() {
            let wait = match self.at_once - under_way.tasks.len() {
                // Until one is done.
                0 => Duration::MAX,
                free => self.take(free, &mut under_way).await,
            };
            tokio::select! {
                Some(ended) = under_way.tasks.join_next_with_id() => self.ended(ended, &mut under_way),
                () = tokio::time::sleep(wait) => {}
                () = self.wake.notified() => {}
                _ = stopped.changed() => break,
            }
        }
        owed.shutdown().await;
        self.finish(under_way).await;
    }

    /// How long to wait before the next look.
    async fn take(&self, free: usize, under_way: &mut UnderWay) -> Duration {
        let (queue, lease) = (&self.worker.queue, self.worker.settings.lease);
        let received = match queue.receive(free, lease, (self.worker.now)()).await {
            Ok(received) => received,
            Err(error) => {
                tracing::error!(%error, "nothing can be received");
                return QUEUE_REST;
            }
        };
        // As many as could be: there may be more.
        let wait = if received.len() == free {
            Duration::ZERO
        } else {
            IDLE
        };
        for received in received {
            self.metrics.received();
            let (worker, job) = (self.worker.clone(), received.clone());
            let task = under_way
                .tasks
                .spawn(async move { worker.handle(&job).await });
            under_way.received.insert(task.id(), received);
        }
        wait
    }

    fn ended(&self, ended: Result<(Id, Ended), JoinError>, under_way: &mut UnderWay) {
        let id = match &ended {
            Ok((id, _)) => *id,
            Err(error) => error.id(),
        };
        let Some(received) = under_way.received.remove(&id) else {
            return;
        };
        match ended {
            Ok((_, ended)) => self.metrics.ended(&ended),
            Err(error) if error.is_panic() => {
                // The panic's own words may quote what a person wrote.
                tracing::error!(job.id = %received.id, "the worker panicked over a job");
                self.metrics.cut_off(CutOff::Panicked);
            }
            Err(_) => {}
        }
    }

    /// What is not done in time goes back to the queue, and was not tried.
    async fn finish(&self, mut under_way: UnderWay) {
        let end = Instant::now() + self.grace;
        while let Ok(Some(ended)) =
            tokio::time::timeout_at(end, under_way.tasks.join_next_with_id()).await
        {
            self.ended(ended, &mut under_way);
        }
        under_way.tasks.shutdown().await;
        for received in under_way.received.values() {
            self.give_back(received).await;
        }
    }

    async fn give_back(&self, received: &Received) {
        let worker = &self.worker;
        if let Err(error) = worker.ledger.release(&received.id).await {
            tracing::warn!(%error, job.id = %received.id, "the lease runs on");
        }
        match worker.queue.give_back(received, (worker.now)()).await {
            Ok(()) => self.metrics.cut_off(CutOff::GivenBack),
            Err(error) => {
                tracing::warn!(%error, job.id = %received.id, "comes back when its lease ends");
            }
        }
    }
}
