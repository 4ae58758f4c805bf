//! Counts the calls that failed, by what the failure means. Start at [`Tally::counted`].

use std::sync::atomic::{AtomicU64, Ordering};

use super::Error;

/// One number for each of [`Error`]'s classes; shared by all clones of a client.
#[derive(Debug, Default)]
pub(super) struct Tally {
    rate_limited: AtomicU64,
    retry: AtomicU64,
    unreachable: AtomicU64,
    gone: AtomicU64,
    refused: AtomicU64,
    auth: AtomicU64,
    unknown: AtomicU64,
}

impl Tally {
    /// As it came, and counted where it is an error.
    pub(super) fn counted<T>(&self, answer: Result<T, Error>) -> Result<T, Error> {
        if let Err(error) = &answer {
            self.of(error).fetch_add(1, Ordering::Relaxed);
        }
        answer
    }

    fn of(&self, error: &Error) -> &AtomicU64 {
        match error {
            Error::RateLimited(_) => &self.rate_limited,
            Error::Retry(_) => &self.retry,
            Error::Unreachable(_) => &self.unreachable,
            Error::Gone(_) => &self.gone,
            Error::Refused(_) => &self.refused,
            Error::Auth(_) => &self.auth,
            Error::Unknown(_) => &self.unknown,
        }
    }

    /// Every class, those that never came too: a rate needs a zero to begin with.
    pub(super) fn numbers(&self) -> [(&'static str, u64); 7] {
        [
            ("rate_limited", &self.rate_limited),
            ("retry", &self.retry),
            ("unreachable", &self.unreachable),
            ("gone", &self.gone),
            ("refused", &self.refused),
            ("auth", &self.auth),
            ("unknown", &self.unknown),
        ]
        .map(|(class, count)| (class, count.load(Ordering::Relaxed)))
    }
}
