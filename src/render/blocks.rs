//! An answer as Slack's Block Kit, always within Slack's limits.

use serde_json::Value;

use crate::answer::Answer;
use crate::error::Failure;

/// Which blocks may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// With `data_table` and `data_visualization`.
    Rich,
    /// Without them: for workspaces that refuse them.
    Plain,
}

/// What Slack is sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Top-level text: carries the whole answer, for screen readers and notifications.
    pub text: String,
    pub blocks: Vec<Value>,
}

#[must_use]
pub fn answer(answer: &Answer, flavour: Flavour) -> Message {
    let _ = flavour;
    Message {
        text: answer.id.clone(),
        blocks: vec![],
    }
}

#[must_use]
pub fn failure(failure: &Failure) -> Message {
    Message {
        text: failure.to_string(),
        blocks: vec![],
    }
}

/// `{"text", "blocks"}`, as the Web API takes it.
#[must_use]
pub fn payload(message: &Message) -> Value {
    serde_json::json!({"text": message.text, "blocks": message.blocks})
}

/// A link that shows the blocks in Slack's Block Kit Builder.
#[must_use]
pub fn builder_link(message: &Message) -> String {
    let _ = message;
    String::new()
}
