//! How often somebody may ask: each reader by name, strangers by their address.
//!
//! Whoever sits at this machine is not held back: the processor is theirs. Start at [`Limits`].

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::refused::Refused;
use crate::access::{Reader, Through};

/// After so many requests those who asked long ago are forgotten.
const TIDIED_AT: usize = 10_000;

/// How many requests, at once and after that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Of one reader, at once,
    pub burst: NonZeroU32,
    /// and in a minute.
    pub a_minute: NonZeroU32,
    /// Of one address from which nobody is known: guesses, stale links, closed doors.
    pub strangers_burst: NonZeroU32,
    pub strangers_a_minute: NonZeroU32,
}

impl Default for Pace {
    /// A person who types fast, with a page that asks at each letter; a script that waits.
    fn default() -> Self {
        let number = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        Pace {
            burst: number(120),
            a_minute: number(600),
            strangers_burst: number(30),
            strangers_a_minute: number(30),
        }
    }
}

/// A name means something together with its door.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Name(&'static str, String);

#[derive(Debug)]
pub(super) struct Limits {
    readers: DefaultKeyedRateLimiter<Name>,
    strangers: DefaultKeyedRateLimiter<IpAddr>,
    clock: DefaultClock,
}

impl Limits {
    pub(super) fn new(pace: Pace) -> Self {
        let quota = |burst, a_minute| Quota::per_minute(a_minute).allow_burst(burst);
        Limits {
            readers: RateLimiter::keyed(quota(pace.burst, pace.a_minute)),
            strangers: RateLimiter::keyed(quota(pace.strangers_burst, pace.strangers_a_minute)),
            clock: DefaultClock::default(),
        }
    }

    pub(super) fn reader(&self, reader: &Reader) -> Result<(), Refused> {
        if reader.through == Through::Loopback {
            return Ok(());
        }
        if self.readers.len() > TIDIED_AT {
            self.readers.retain_recent();
        }
        let name = Name(reader.through.name(), reader.name.clone());
        let judged = self.readers.check_key(&name);
        judged.map_err(|until| self.refused(until.wait_time_from(self.clock.now())))
    }

    /// Without an address somebody else stands before us, who counts.
    pub(super) fn stranger(&self, peer: Option<IpAddr>) -> Result<(), Refused> {
        let Some(peer) = peer else {
            return Ok(());
        };
        if self.strangers.len() > TIDIED_AT {
            self.strangers.retain_recent();
        }
        let judged = self.strangers.check_key(&network(peer));
        judged.map_err(|until| self.refused(until.wait_time_from(self.clock.now())))
    }

    fn refused(&self, wait: Duration) -> Refused {
        Refused::TooMany(wait)
    }
}

/// Whoever has one address of IPv6 has as many as there are in its /64.
fn network(peer: IpAddr) -> IpAddr {
    match peer {
        IpAddr::V4(_) => peer,
        IpAddr::V6(address) => {
            let prefix = u128::from(address) & !u128::from(u64::MAX);
            IpAddr::V6(prefix.into())
        }
    }
}
