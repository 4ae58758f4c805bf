//! Modals, the Home tab, and what stands around answers in Slack: buttons, overviews, reports. Pure.
//!
//! What a press asks for is words, written by `slack::actions`; data goes through
//! `words::clean` and `blocks::mrkdwn`. Start at [`buttons`].

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::answer::Answer;
use crate::catalog::Catalog;
use crate::error::Match;
use crate::job::{Place, TriageState};
use crate::overview::{Changes, Overview};
use crate::render::blocks::Message;

mod buttons;
mod changes;
mod compared;
mod elements;
mod home;
mod joined;
mod modal;
mod overview;
mod triage;
mod unfurled;
mod usage;

/// What the "Ask why…" modal is filled with.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AskModal {
    /// Companies found in the message, best first: `detail` tells them apart, `question` is `#17`.
    pub companies: Vec<Match>,
    /// The attribute's name.
    pub attribute: Option<String>,
    pub as_of: Option<jiff::civil::Date>,
    pub expected: Option<String>,
    /// The modal was opened from a message: the answer goes into its thread.
    pub place: Place,
}

/// "Looking…", opened within the trigger's three seconds and filled in later.
#[must_use]
pub fn skeleton(place: &Place) -> Value {
    modal::skeleton(place)
}

/// In the skeleton's place where nothing will fill it.
#[must_use]
pub fn unfilled(place: &Place) -> Value {
    modal::unfilled(place)
}

/// Company (typeahead), attribute, as-of, expected.
#[must_use]
pub fn ask(modal: &AskModal, catalog: &Catalog) -> Value {
    modal::ask(modal, catalog)
}

/// What is wrong, what was expected, a link. `question` comes back in private_metadata; `about` is
/// what a person reads of it.
#[must_use]
pub fn report(question: &str, about: &str, place: &Place) -> Value {
    modal::report(question, about, place)
}

/// How to ask, with the attributes of this catalog.
#[must_use]
pub fn usage(catalog: &Catalog, now: jiff::Timestamp) -> Message {
    usage::usage(catalog, now)
}

/// What the Home tab shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Home {
    pub last_questions: Vec<String>,
    pub companies: usize,
    pub attributes: Vec<String>,
    pub data_as_of: Option<jiff::Timestamp>,
}

#[must_use]
pub fn home(home: &Home) -> Value {
    home::home(home)
}

/// The blocks under an answer: one of buttons, or none where nothing can be asked. `page` is where
/// it is a page.
#[must_use]
pub fn buttons(
    answer: &Answer,
    catalog: &Catalog,
    offers: Offers,
    page: Option<&str>,
) -> Vec<Value> {
    buttons::buttons(answer, catalog, offers, page)
}

/// What `chat.unfurl` shows under a link to an answer.
#[must_use]
pub fn unfurled(answer: &Answer) -> Value {
    unfurled::answer(answer)
}

/// The same under a link to a company at a glance.
#[must_use]
pub fn unfurled_overview(overview: &Overview) -> Value {
    unfurled::overview(overview)
}

/// A company at a glance, each attribute a button that asks for it.
#[must_use]
pub fn overview(overview: &Overview, offers: Offers) -> Message {
    overview::overview(overview, offers)
}

/// What changed for a company, with causes.
#[must_use]
pub fn changes(changes: &Changes, offers: Offers) -> Message {
    changes::changes(changes, offers)
}

/// Where the two say what one attribute is and was, a first line that says both.
pub fn compare(now: &Answer, then: &Answer, message: &mut Message) {
    compared::compare(now, then, message);
}

/// Several answers as one message, within Slack's limits: 50 blocks, one set of tables, one text.
#[must_use]
pub fn joined(messages: Vec<Message>) -> Message {
    joined::joined(messages)
}

/// A report in the triage channel: the answer as it was, the asker's words, the expectation
/// check, buttons for stewards and what they have said so far.
#[must_use]
pub fn triage(report: &Triage<'_>) -> Message {
    triage::triage(report)
}

/// An answer as it was when it was reported: kept with the report, so that stewards go on reading
/// what the reporter read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AsItWas {
    subject: String,
    blocks: Vec<Value>,
    /// The same for a screen reader.
    lines: Vec<String>,
    /// Where it is a page, while the link lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    page: Option<String>,
}

impl AsItWas {
    #[must_use]
    pub fn of(answer: &Answer) -> Self {
        triage::as_it_was(answer)
    }

    #[must_use]
    pub fn with_page(self, page: Option<String>) -> Self {
        AsItWas { page, ..self }
    }

    #[must_use]
    pub fn page(&self) -> Option<&str> {
        self.page.as_deref()
    }
}

/// What a report says.
#[derive(Debug, Clone, Copy)]
pub struct Triage<'a> {
    pub id: &'a str,
    /// Slack's id of who reported; of who set the state.
    pub reporter: &'a str,
    pub question: &'a str,
    pub wrong: &'a str,
    pub expected: Option<&'a str>,
    pub link: Option<&'a str>,
    /// The answer as it was; `None` where it could not be had.
    pub answer: Option<&'a AsItWas>,
    pub state: Option<TriageState>,
    pub state_by: Option<&'a str>,
    /// Where the answer is a page, for whoever reads it here.
    pub page: Option<&'a str>,
}

/// What may be offered under an answer here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Offers {
    /// It is private and there is a channel to share it in.
    pub share: Offered,
    /// There is a triage channel.
    pub report: Offered,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Offered {
    #[default]
    No,
    Yes,
}
