//! Buttons, modals and what they ask for: the one place that knows their ids.
//!
//! The renderers write an [`Action`] into a button and a [`Kept`] into a modal, [`super::request`]
//! reads them back. Values hold words that parse as a question (`#17 revenue`), and for a
//! report whose it is, never data.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::request::Action;
use crate::job::{Place, TriageState};

#[cfg(test)]
mod tests;

/// `callback_id` of the modal that takes a question.
pub const ASK_MODAL: &str = "why_ask";
/// `callback_id` of the modal that takes a report.
pub const REPORT_MODAL: &str = "why_report";

// The block_ids of the modals' inputs; an input's action_id is the same.
/// External select; an option's value is words for a company (`#17`).
pub const COMPANY: &str = "company";
/// Static select; an option's value is an attribute's name.
pub const ATTRIBUTE: &str = "attribute";
/// Date picker.
pub const AS_OF: &str = "as_of";
/// Plain text.
pub const EXPECTED: &str = "expected";
/// Plain text.
pub const WRONG: &str = "wrong";
/// Plain text or a URL.
pub const LINK: &str = "link";

/// Slack's limit for a value.
const MOST_VALUE: usize = 2_000;
/// Slack's limit for an action_id.
const MOST_ACTION_ID: usize = 255;

/// What a button or a date picker carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// At most 255 characters, unique in its message where `index` differs.
    pub action_id: String,
    /// At most 2,000 characters.
    pub value: String,
}

/// For a button or a date picker; `None` where there are no words, or too many for one.
///
/// A date picker has no value in Slack: its question also stands in its action_id.
#[must_use]
pub fn button(action: &Action, index: usize) -> Option<Button> {
    let (action_id, value) = match action {
        Action::Ask(words) => (format!("why:ask:{index}"), words.as_str()),
        Action::Choose(words) => (format!("why:choose:{index}"), words.as_str()),
        Action::Share(words) => (numbered("why:share", index), words.as_str()),
        Action::Wrong(words) => (numbered("why:wrong", index), words.as_str()),
        Action::AsOf { question, .. } => {
            (format!("why:as_of:{index}:{question}"), question.as_str())
        }
        Action::Triage { report, state } => {
            let id = format!("why:triage:{}", state_name(*state));
            (numbered(&id, index), report.as_str())
        }
        // Slack wants some value; nobody reads it.
        Action::Link => (numbered("why:link", index), "link"),
    };
    let fits = !is_blank(value)
        && value.chars().count() <= MOST_VALUE
        && action_id.chars().count() <= MOST_ACTION_ID;
    fits.then(|| Button {
        action_id,
        value: value.to_owned(),
    })
}

/// What was pressed; `day` is what a date picker says. `None` for ids that are not ours.
#[must_use]
pub fn pressed(action_id: &str, value: &str, day: Option<&str>) -> Option<Action> {
    let (verb, rest) = split(action_id.strip_prefix("why:")?);
    let words = || (!is_blank(value)).then(|| value.to_owned());
    match verb {
        "ask" if is_number(rest) => words().map(Action::Ask),
        "choose" if is_number(rest) => words().map(Action::Choose),
        "share" if is_index(rest) => words().map(Action::Share),
        "wrong" if is_index(rest) => words().map(Action::Wrong),
        "link" if is_index(rest) => Some(Action::Link),
        "as_of" => {
            let day = day.filter(|day| day.parse::<Date>().is_ok())?.to_owned();
            let question = words().or_else(|| picked(rest))?;
            Some(Action::AsOf { question, day })
        }
        "triage" => {
            let (state, rest) = split(rest);
            let state = is_index(rest).then(|| state_of(state))??;
            words().map(|report| Action::Triage { report, state })
        }
        _ => None,
    }
}

/// The id of a button that asks the same, but not in the place of its message.
#[must_use]
pub fn not_in_place(action_id: &str) -> String {
    match action_id.strip_prefix("why:choose:") {
        Some(index) => format!("why:ask:{index}"),
        None => action_id.to_owned(),
    }
}

/// The first of its kind goes without a number.
fn numbered(id: &str, index: usize) -> String {
    match index {
        0 => id.to_owned(),
        _ => format!("{id}:{index}"),
    }
}

fn split(id: &str) -> (&str, &str) {
    id.split_once(':').unwrap_or((id, ""))
}

/// The question in a date picker's action_id.
fn picked(rest: &str) -> Option<String> {
    let (index, question) = split(rest);
    (is_number(index) && !is_blank(question)).then(|| question.to_owned())
}

fn is_blank(words: &str) -> bool {
    words.trim().is_empty()
}

fn is_number(rest: &str) -> bool {
    !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_index(rest: &str) -> bool {
    rest.is_empty() || is_number(rest)
}

fn state_name(state: TriageState) -> &'static str {
    match state {
        TriageState::Looking => "looking",
        TriageState::Explained => "explained",
        TriageState::DataError => "data_error",
    }
}

fn state_of(name: &str) -> Option<TriageState> {
    [
        TriageState::Looking,
        TriageState::Explained,
        TriageState::DataError,
    ]
    .into_iter()
    .find(|state| state_name(*state) == name)
}

/// What a modal's private_metadata keeps (Slack allows 3,000 characters): where the answer goes
/// and, for a report, which question it is about. JSON: the fields of [`Place`] and `question`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    #[serde(flatten)]
    pub place: Place,
}

impl Kept {
    #[must_use]
    pub fn encode(&self) -> String {
        serde_json::json!(self).to_string()
    }

    /// `None` for what we did not write.
    #[must_use]
    pub fn decode(metadata: &str) -> Option<Kept> {
        serde_json::from_str(metadata).ok()
    }
}
