//! What Slack said of people and groups a moment ago: rights are checked for each answer, and Slack
//! allows some twenty calls a minute of a method.
//!
//! The clock is a parameter. Start at [`Lately::said`].

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// As long as somebody who became a guest, or left a group, may go on reading as before.
pub(super) const KEPT: Duration = Duration::from_secs(60);

/// More than ask in that time.
const MOST: usize = 10_000;

#[derive(Debug)]
pub(super) struct Lately<T> {
    said: Mutex<HashMap<String, (Instant, T)>>,
}

impl<T> Default for Lately<T> {
    fn default() -> Self {
        Lately {
            said: Mutex::default(),
        }
    }
}

impl<T: Clone> Lately<T> {
    pub(super) fn said(&self, of: &str, now: Instant) -> Option<T> {
        let said = self.lock();
        let (at, said) = said.get(of)?;
        (now.duration_since(*at) < KEPT).then(|| said.clone())
    }

    pub(super) fn keep(&self, of: &str, said: T, now: Instant) {
        let mut all = self.lock();
        if all.len() >= MOST {
            all.retain(|_, (at, _)| now.duration_since(*at) < KEPT);
        }
        if all.len() < MOST {
            all.insert(of.to_owned(), (now, said));
        }
    }

    /// Whoever panicked meanwhile left nothing half done.
    fn lock(&self) -> MutexGuard<'_, HashMap<String, (Instant, T)>> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    //! How long and how much is kept.

    use super::*;

    #[test]
    fn what_was_said_counts_for_a_minute_and_one_at_a_time() {
        let lately = Lately::default();
        let start = Instant::now();
        lately.keep("U1", 1, start);
        assert_eq!(lately.said("U1", start + KEPT / 2), Some(1));
        assert_eq!(lately.said("U2", start), None);
        assert_eq!(lately.said("U1", start + KEPT), None);
        lately.keep("U1", 2, start + KEPT);
        assert_eq!(lately.said("U1", start + KEPT), Some(2));
    }

    #[test]
    fn no_more_is_kept_than_fits_and_the_old_makes_room() {
        let lately = Lately::default();
        let start = Instant::now();
        for number in 0..MOST {
            lately.keep(&number.to_string(), number, start);
        }
        lately.keep("late", 0, start);
        assert_eq!(lately.said("late", start), None);
        lately.keep("later", 0, start + KEPT);
        assert_eq!(lately.said("later", start + KEPT), Some(0));
        assert_eq!(lately.lock().len(), 1);
    }
}
