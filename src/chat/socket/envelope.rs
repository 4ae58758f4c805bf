//! What Slack says over a WebSocket, and how it is acknowledged.
//!
//! Pure. A payload is kept byte for byte: a redelivery must give the same job. Start at [`read`].

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::slack::request::Endpoint;

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Said {
    Hello,
    /// This connection will end: open the next.
    Refresh,
    /// Socket Mode was turned off for this app.
    TurnedOff,
    Payload(Payload),
    /// Nothing that we know; acknowledged where it has an id.
    NotForUs {
        id: Option<String>,
    },
}

#[derive(PartialEq, Eq)]
pub(super) struct Payload {
    pub(super) id: String,
    pub(super) endpoint: Endpoint,
    pub(super) body: Vec<u8>,
    /// Whether Slack takes a body with the acknowledgement.
    pub(super) takes_answer: bool,
}

/// Without the body: people's words and response URLs.
impl std::fmt::Debug for Payload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Payload({}, {:?}, {})",
            self.id, self.endpoint, self.takes_answer
        )
    }
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(rename = "type")]
    kind: String,
    envelope_id: Option<String>,
    #[serde(borrow)]
    payload: Option<&'a RawValue>,
    accepts_response_payload: Option<bool>,
    reason: Option<String>,
}

#[derive(Deserialize)]
struct Interaction {
    #[serde(rename = "type")]
    kind: String,
}

pub(super) fn read(text: &str) -> Said {
    let Ok(envelope) = serde_json::from_str::<Envelope<'_>>(text) else {
        return Said::NotForUs { id: None };
    };
    match envelope.kind.as_str() {
        "hello" => Said::Hello,
        "disconnect" if envelope.reason.as_deref() == Some("link_disabled") => Said::TurnedOff,
        "disconnect" => Said::Refresh,
        _ => payload(envelope),
    }
}

fn payload(envelope: Envelope<'_>) -> Said {
    let id = envelope.envelope_id;
    let endpoint = envelope
        .payload
        .and_then(|payload| endpoint(&envelope.kind, payload.get()));
    match (id, endpoint, envelope.payload) {
        (Some(id), Some(endpoint), Some(payload)) => Said::Payload(Payload {
            id,
            endpoint,
            body: payload.get().as_bytes().to_vec(),
            takes_answer: envelope.accepts_response_payload != Some(false),
        }),
        (id, _, _) => Said::NotForUs { id },
    }
}

fn endpoint(kind: &str, payload: &str) -> Option<Endpoint> {
    match kind {
        "slash_commands" => Some(Endpoint::Commands),
        "events_api" => Some(Endpoint::Events),
        // Over HTTP a suggestion has a URL of its own.
        "interactive" => match serde_json::from_str::<Interaction>(payload) {
            Ok(interaction) if interaction.kind == "block_suggestion" => Some(Endpoint::Options),
            Ok(_) | Err(_) => Some(Endpoint::Interactions),
        },
        _ => None,
    }
}

pub(super) fn acknowledge(id: &str, answer: Option<Value>) -> String {
    match answer {
        Some(answer) => json!({ "envelope_id": id, "payload": answer }),
        None => json!({ "envelope_id": id }),
    }
    .to_string()
}
