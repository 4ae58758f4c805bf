//! Companies while their name is being typed: `/slack/options`.
//!
//! Lives where the directory lives, apart from ingress: its URL is the manifest's to set. Start at
//! [`router`].

use std::sync::Arc;

use crate::ask::Why;
use crate::slack::signature::Secrets;

#[derive(Debug)]
pub struct Typeahead {
    pub why: Arc<Why>,
    pub secrets: Secrets,
    pub now: fn() -> jiff::Timestamp,
}

impl Typeahead {
    /// At most 100 options, best first, as `block_suggestion` is answered. Over a socket there is
    /// no request to verify: it calls this.
    #[must_use]
    pub fn options(&self, typed: &str) -> serde_json::Value {
        let _ = typed;
        serde_json::Value::Null
    }
}

/// `/slack/options`.
pub fn router(typeahead: Arc<Typeahead>) -> axum::Router {
    let _ = typeahead;
    axum::Router::new()
}
