//! The signing secrets that requests are verified with: told at the start, or kept elsewhere.
//!
//! Where they are kept they change under way: whoever meets a signature that does not fit asks
//! again. Start at [`Keys`].

#[cfg(feature = "lambda")]
use std::sync::Arc;

#[cfg(feature = "lambda")]
use crate::secrets::{Asked, Kept};
use crate::slack::signature::Secrets;

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
    /// Maybe none.
    pub(super) fn known(&self) -> Secrets {
        match self {
            Keys::Told(secrets) => secrets.clone(),
            #[cfg(feature = "lambda")]
            Keys::Kept(kept) => match kept.known() {
                Some(secret) => secret.signing.clone(),
                None => Secrets::new([]),
            },
        }
    }

    /// Never waits for long: see [`crate::secrets::Times`].
    pub(super) async fn again(&self) -> Again {
        match self {
            Keys::Told(_) => Again::Known,
            #[cfg(feature = "lambda")]
            Keys::Kept(kept) => match kept.doubted().await {
                Asked::Lately => Again::Known,
                Asked::Now(secret) => Again::Read(secret.signing.clone()),
                Asked::None => Again::None,
            },
        }
    }
}
