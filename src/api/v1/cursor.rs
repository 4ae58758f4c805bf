//! Where the next page begins: opaque to whoever holds it.
//!
//! Holds the moment of the first page, so that decisions that come meanwhile shift nothing, and the
//! last change that was given, by its time and its decision: one that is written late, and lies
//! before it, is not given, and none is given twice. It grants nothing: what it leads to is asked
//! for, and held against the catalog's limits, like any question. Start at [`Cursor::decode`].

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::answer::Change;
use crate::error::{Class, Failure};

#[cfg(test)]
mod tests;

/// A longer one was not given by us.
const LONGEST: usize = 4_000;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cursor {
    /// The moment as of which the list is given.
    #[serde(rename = "o")]
    pub(super) as_of: Timestamp,
    /// The last change that was given.
    #[serde(rename = "t")]
    pub(super) at: Timestamp,
    #[serde(rename = "d")]
    pub(super) decision_id: String,
    /// What was asked for: with another list or other filters it means nothing.
    #[serde(rename = "q")]
    pub(super) asked: String,
}

impl Cursor {
    pub(super) fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    /// # Errors
    /// It was not given for this.
    pub(super) fn decode(text: &str, asked: &str, now: Timestamp) -> Result<Self, Failure> {
        let bytes = Some(text)
            .filter(|text| text.len() <= LONGEST)
            .and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
        let cursor: Option<Cursor> = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let own = cursor.filter(|cursor| cursor.asked == asked && cursor.as_of <= now);
        own.ok_or_else(|| {
            Failure::new(
                Class::User,
                "bad_cursor",
                "This cursor does not belong to this list.",
                "Take `next` from the page before, and keep all other parameters; or begin without one.",
            )
        })
    }

    /// Where the list goes on, newest first. Where the decision is gone, after its time: rather
    /// once more than never.
    pub(super) fn rest<'a>(&self, changes: &'a [&'a Change]) -> &'a [&'a Change] {
        let own = changes
            .iter()
            .position(|change| change.at == self.at && change.decision_id == self.decision_id);
        let from = match own {
            Some(at) => at + 1,
            None => changes.partition_point(|change| change.at > self.at),
        };
        changes.get(from..).unwrap_or_default()
    }
}
