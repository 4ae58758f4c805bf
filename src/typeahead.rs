//! Companies while their name is being typed: `/slack/options`.
//!
//! Lives where the directory lives, apart from ingress: its URL is the manifest's to set. The
//! front door is the same. Start at [`router`].

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use axum::response::Response;
use axum::routing;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::ask::Lake;
use crate::directory::{Directory, Match};
use crate::ingress::{Keys, front, path};
use crate::slack::limits;
use crate::slack::request::{self, Endpoint, Request};

#[cfg(test)]
mod tests;

#[derive(Debug)]
pub struct Typeahead {
    pub lake: Lake,
    pub secrets: Keys,
    /// The directory must be open within this: whoever types sees nothing until then.
    pub patience: Duration,
    pub now: fn() -> Timestamp,
}

impl Typeahead {
    /// At most 100 options, best first, as `block_suggestion` is answered; `None` where the
    /// directory does not open. Over a socket there is no request to verify: it calls this.
    pub async fn options(&self, typed: &str) -> Option<Value> {
        let code = match tokio::time::timeout(self.patience, self.lake.names()).await {
            Ok(Ok(why)) => return Some(options(&why.directory, typed)),
            Ok(Err(failure)) => failure.code,
            Err(_) => "timed_out",
        };
        tracing::error!(
            endpoint = path(Endpoint::Options),
            outcome = "no_lake",
            reason = code
        );
        None
    }

    /// With the outcome beside it, for whoever counts.
    async fn take(&self, body: &[u8]) -> Response {
        let (status, answer, outcome) = match request::read(Endpoint::Options, body) {
            Ok(Request::Options { typed }) => match self.options(&typed).await {
                Some(options) => (StatusCode::OK, Some(options), "suggested"),
                None => (StatusCode::SERVICE_UNAVAILABLE, None, "no_lake"),
            },
            Ok(_) => (StatusCode::OK, None, "ignored"),
            Err(unreadable) => {
                tracing::warn!(
                    endpoint = path(Endpoint::Options),
                    outcome = "unreadable",
                    reason = unreadable.to_string()
                );
                (StatusCode::BAD_REQUEST, None, "unreadable")
            }
        };
        let mut response = front::reply(status, answer.as_ref());
        response.extensions_mut().insert(front::Outcome(outcome));
        response
    }
}

/// `/slack/options`.
pub fn router(typeahead: Arc<Typeahead>) -> axum::Router {
    let endpoint = Endpoint::Options;
    let handler = move |request: front::Signed| async move {
        let verified = front::verified(endpoint, &request, &typeahead.secrets, typeahead.now);
        match verified.await {
            Ok(body) => typeahead.take(body).await,
            Err(refused) => refused.reply(endpoint),
        }
    };
    axum::Router::new()
        .route(path(endpoint), routing::post(handler))
        .layer(front::limit())
}

fn options(directory: &Directory, typed: &str) -> Value {
    let found = directory.search(typed, limits::CHOICES);
    let options: Vec<Value> = found.iter().map(option).collect();
    json!({ "options": options })
}

fn option(found: &Match) -> Value {
    json!({
        "text": {"type": "plain_text", "text": label(found), "emoji": false},
        "value": format!("#{}", found.entity.entity_id),
    })
}

/// `Acme Ltd · acme.com · #17`: the end, which tells namesakes apart, is never cut off.
fn label(found: &Match) -> String {
    let id = format!("#{}", found.entity.entity_id);
    let detail = Some(found.detail()).filter(|detail| limits::length(detail) < limits::BUTTON / 2);
    let end = format!(" \u{b7} {}", detail.unwrap_or(id));
    let room = limits::BUTTON.saturating_sub(limits::length(&end));
    let name = limits::clip(&found.entity.name, room);
    match name.strip_suffix('\u{2026}') {
        Some(cut) => format!("{}\u{2026}{end}", cut.trim_end()),
        None => format!("{name}{end}"),
    }
}
