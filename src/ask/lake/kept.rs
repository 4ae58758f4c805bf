//! What it takes time to find out, found out once for all who ask, and kept.
//!
//! The work goes on where who asked goes away: somebody who waits for a second takes up where
//! somebody before them left. What was found once is answered from while it is found anew. Knows
//! nothing of lakes. Start at [`Kept::get`].

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use futures::future::{BoxFuture, Shared};
use tokio::time::{Instant, timeout};

use crate::error::{Class, Failure};

/// How long what is known is good enough.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// A failure is passed on to whoever asks at the same time, not to whoever asks next.
    pub(super) failed_for: Duration,
    /// What was found is found anew after this.
    pub(super) found_for: Duration,
    /// Whoever could be answered from what is known waits no longer for what is new.
    pub(super) hold: Duration,
}

type Work<T> = Shared<BoxFuture<'static, Result<T, Failure>>>;

pub(super) struct Kept<T>(Mutex<State<T>>);

struct State<T> {
    last: Option<Last<T>>,
    under_way: Option<Work<T>>,
}

/// How it went last.
struct Last<T> {
    at: Instant,
    found: Result<T, Failure>,
}

impl<T> Last<T> {
    fn is_fresh(&self, pace: Pace) -> bool {
        let good_for = match self.found {
            Ok(_) => pace.found_for,
            Err(_) => pace.failed_for,
        };
        self.at.elapsed() < good_for
    }
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Kept(Mutex::new(State {
            last: None,
            under_way: None,
        }))
    }
}

impl<T: Clone + Send + Sync + 'static> Kept<T> {
    /// What is known, if it is good enough; else what `find` comes to, which is given what is
    /// known.
    ///
    /// # Errors
    /// Why it can't be found out.
    pub(super) async fn get<F, Fut>(self: &Arc<Self>, pace: Pace, find: F) -> Result<T, Failure>
    where
        F: FnOnce(Option<T>) -> Fut,
        Fut: Future<Output = Result<T, Failure>> + Send + 'static,
    {
        let (known, work) = {
            let mut state = self.state();
            if let Some(last) = state.last.as_ref().filter(|last| last.is_fresh(pace)) {
                return last.found.clone();
            }
            let last = state.last.as_ref();
            let known = last.and_then(|last| last.found.clone().ok());
            // One that has ended and is still there has panicked.
            let under_way = state.under_way.clone().filter(|work| work.peek().is_none());
            let work = under_way.unwrap_or_else(|| self.begin(find(known.clone())));
            state.under_way = Some(work.clone());
            (known, work)
        };
        match known {
            None => work.await,
            Some(known) => timeout(pace.hold, work).await.unwrap_or(Ok(known)),
        }
    }

    fn begin(
        self: &Arc<Self>,
        finding: impl Future<Output = Result<T, Failure>> + Send + 'static,
    ) -> Work<T> {
        let kept = Arc::clone(self);
        let task = tokio::spawn(async move {
            let found = finding.await;
            let mut state = kept.state();
            state.last = Some(Last {
                at: Instant::now(),
                found: found.clone(),
            });
            state.under_way = None;
            found
        });
        let ended = async move { task.await.unwrap_or_else(|_| Err(broken())) };
        ended.boxed().shared()
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn broken() -> Failure {
    Failure::new(
        Class::Internal,
        "broken",
        "Opening the lake ended in a panic.",
        "The log says where: please report it.",
    )
}
