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

/// `chance` from 0 to 1 spreads what failed together.
pub(super) fn after(
    trouble: &Trouble,
    receive_count: u32,
    most_receives: u32,
    chance: f64,
) -> Next {
    if receive_count >= most_receives {
        return Next::GiveUp;
    }
    let in_a_while = Next::Again(queue::backoff(receive_count, chance));
    match trouble {
        Trouble::Chat(error) => match error {
            chat::Error::RateLimited(delay) => Next::Again(*delay),
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
