//! How many questions read the lake at once: whoever comes then waits for a turn, for some seconds.
//!
//! The same for the API, the page and what a link opens. A question that is given up, by whoever
//! asked or by us, gives its turn back. Start at [`Turns::take`].

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::error::{Class, Failure};

#[cfg(test)]
mod tests;

/// A question reads some files side by side, and waits for a store for most of its time.
const USUAL: usize = 64;
/// Whoever waits for longer presses again.
const PATIENCE: Duration = Duration::from_secs(3);

/// Cheap to clone: all clones share the turns.
#[derive(Debug, Clone)]
pub struct Turns {
    free: Arc<Semaphore>,
    patience: Duration,
}

/// Somebody's turn, until it is dropped.
#[derive(Debug)]
pub(super) struct Turn(#[expect(dead_code, reason = "held")] OwnedSemaphorePermit);

impl Default for Turns {
    fn default() -> Self {
        Turns::of(USUAL, PATIENCE)
    }
}

impl Turns {
    #[must_use]
    pub fn new(at_once: NonZeroUsize) -> Self {
        Turns::of(at_once.get(), PATIENCE)
    }

    pub(super) fn of(at_once: usize, patience: Duration) -> Self {
        Turns {
            free: Arc::new(Semaphore::new(at_once)),
            patience,
        }
    }

    /// In the order in which they came.
    ///
    /// # Errors
    /// There was none in time.
    pub(super) async fn take(&self) -> Result<Turn, Failure> {
        let turn = Arc::clone(&self.free).acquire_owned();
        match timeout(self.patience, turn).await {
            Ok(Ok(turn)) => Ok(Turn(turn)),
            // Nobody closes it.
            Ok(Err(_)) | Err(_) => {
                tracing::warn!("a question waited for its turn in vain");
                Err(Failure::new(
                    Class::Retry,
                    "busy",
                    "So many questions are being answered at the moment that yours had to wait too long.",
                    "Ask again in a moment.",
                ))
            }
        }
    }
}
