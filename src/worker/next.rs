//! What becomes of a job that is not done. Pure: one `match`, and nothing else decides it.

use std::time::Duration;

use super::Trouble;
use crate::chat;
use crate::queue;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Next {
    /// Back to the queue, for so long.
    Again(Duration),
    /// To the dead letters, with an apology.
    GiveUp,
}

impl Next {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Next::Again(_) => "again",
            Next::GiveUp => "given_up",
        }
    }
}

/// How often and for how long a job has been tried.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tried {
    pub(super) received: u32,
    pub(super) most: u32,
    /// Since it was accepted.
    pub(super) age: Duration,
}

impl Tried {
    /// Before anything is begun. What comes again had its chance, also where no worker lived to say
    /// so: each that dies over it costs a visibility time-out. What comes for the first time is
    /// worked on, however long it lay in the queue.
    pub(super) fn is_enough(self) -> bool {
        self.received > self.most || (self.received > 1 && self.age >= OLDEST)
    }
}

/// Whoever asked does not wait longer for an answer, and half of the time in which their response
/// URL works is left to tell them so.
const OLDEST: Duration = Duration::from_secs(15 * 60);

/// What was told to wait comes back within this much more of its time.
const SPREAD: f64 = 0.25;

/// `chance` from 0 to 1 spreads what failed together.
pub(super) fn after(trouble: &Trouble, tried: Tried, chance: f64) -> Next {
    match in_itself(trouble, tried, chance) {
        Next::Again(delay) if tried.received < tried.most && tried.age + delay < OLDEST => {
            Next::Again(delay)
        }
        Next::Again(_) | Next::GiveUp => Next::GiveUp,
    }
}

fn in_itself(trouble: &Trouble, tried: Tried, chance: f64) -> Next {
    let in_a_while = Next::Again(queue::backoff(tried.received, chance));
    match trouble {
        Trouble::Chat(error) => match error {
            // Not sooner: Slack would count it against us.
            chat::Error::RateLimited(delay) => Next::Again(delay.mul_f64(1.0 + SPREAD * chance)),
            // Unknown: only what can be repeated without a second answer comes here.
            chat::Error::Retry(_) | chat::Error::Auth(_) | chat::Error::Unknown(_) => in_a_while,
            // Every other way and every plainer form has been tried.
            chat::Error::Unreachable(_) | chat::Error::Gone(_) | chat::Error::Refused(_) => {
                Next::GiveUp
            }
        },
        Trouble::Ledger(_) | Trouble::Failed(_) | Trouble::TimedOut => in_a_while,
        Trouble::Exhausted => Next::GiveUp,
    }
}

/// An operator must act, however often it is tried.
pub(super) fn is_alarm(trouble: &Trouble) -> bool {
    match trouble {
        Trouble::Chat(error) => match error {
            chat::Error::Auth(_) | chat::Error::Refused(_) => true,
            chat::Error::RateLimited(_)
            | chat::Error::Retry(_)
            | chat::Error::Unreachable(_)
            | chat::Error::Gone(_)
            | chat::Error::Unknown(_) => false,
        },
        Trouble::Ledger(_) | Trouble::Failed(_) | Trouble::TimedOut | Trouble::Exhausted => false,
    }
}
