//! The signing secrets that requests are verified with: told at the start, or kept elsewhere.
//!
//! Where they are kept they change under way: whoever meets a signature that does not fit asks
//! again. Start at [`Keys`].

#[cfg(feature = "lambda")]
use std::sync::Arc;
#[cfg(feature = "lambda")]
use std::time::Duration;

use jiff::Timestamp;

#[cfg(feature = "lambda")]
use crate::secrets::{Asked, Kept};
use crate::slack::signature::Secrets;

/// What an operator takes away is accepted for so long at most.
#[cfg(feature = "lambda")]
const FRESH: Duration = Duration::from_secs(10 * 60);

#[derive(Debug, Clone)]
pub enum Keys {
    /// For good.
    Told(Secrets),
    #[cfg(feature = "lambda")]
    Kept(Arc<Kept>),
}

/// What asking again came to.
#[derive(Debug)]
pub(super) enum Again {
    /// Nothing else than is known.
    Known,
    /// As they are now.
    #[cfg_attr(
        not(feature = "lambda"),
        expect(dead_code, reason = "nobody keeps any")
    )]
    Read(Secrets),
    /// There are none, and none can be had.
    #[cfg_attr(
        not(feature = "lambda"),
        expect(dead_code, reason = "nobody keeps any")
    )]
    None,
}

impl Keys {
    /// Maybe none. Never waits for long: see [`crate::secrets::Times`].
    pub(super) async fn known(&self, now: Timestamp) -> Secrets {
        match self {
            Keys::Told(secrets) => secrets.clone(),
            #[cfg(feature = "lambda")]
            Keys::Kept(kept) => match kept.tried_within(FRESH).await {
                Some(secret) => secret.signing(now),
                None => Secrets::new([]),
            },
        }
    }

    /// Never waits for long: see [`crate::secrets::Times`].
    pub(super) async fn again(&self, now: Timestamp) -> Again {
        match self {
            Keys::Told(_) => Again::Known,
            #[cfg(feature = "lambda")]
            Keys::Kept(kept) => match kept.doubted().await {
                Asked::Lately => Again::Known,
                Asked::Now(secret) => Again::Read(secret.signing(now)),
                Asked::None => Again::None,
            },
        }
    }
}
