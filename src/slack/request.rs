//! A verified body becomes a [`Request`]: what happened in Slack, in the fields that are used.
//!
//! Tolerant: unknown fields, absent optional ones and null teams are usual; what is not for us
//! (bots, edits, our own posts) is [`Request::Ignored`], never an error. Start at [`read`].

use crate::job::{Asker, Pasted, Place, TriageState};
use payload::Payload;

mod command;
mod event;
mod interaction;
mod message;
mod payload;
mod submission;

#[cfg(test)]
mod tests;

/// The four paths that Slack calls, without their prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Endpoint {
    Commands,
    Events,
    Interactions,
    Options,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// `ssl_check`: answer 200.
    SslCheck,
    /// `url_verification`: answer with this.
    Challenge(String),
    /// Not for us; why, for the log.
    Ignored(&'static str),
    /// Words: `/why …`, a mention, a direct message.
    Words {
        id: String,
        asker: Asker,
        place: Place,
        text: String,
        surface: Surface,
    },
    HomeOpened {
        id: String,
        asker: Asker,
    },
    /// Links of ours stand in what somebody wrote.
    Links {
        id: String,
        asker: Asker,
        place: Place,
        links: Vec<String>,
        pasted: Option<Pasted>,
    },
    /// "Ask why…": a modal is to be opened with `trigger_id`, at once.
    Shortcut {
        id: String,
        asker: Asker,
        place: Place,
        trigger_id: String,
        message: Option<String>,
    },
    /// A button under an answer, or a date picked under it.
    Pressed {
        id: String,
        asker: Asker,
        place: Place,
        trigger_id: String,
        action: Action,
    },
    /// A modal was sent.
    Submitted {
        id: String,
        asker: Asker,
        submission: Submission,
    },
    /// What was typed into the company field so far.
    Options {
        typed: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    Command,
    Mention,
    Direct,
}

/// What a button asks for; values hold ids, typed words and names, never data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Ask these words.
    Ask(String),
    /// One of what may have been meant: ask these words, in place of the choice.
    Choose(String),
    Share(String),
    /// Open the modal that takes a report about this question; on a second line, whose attribute
    /// it is, as people call them.
    Wrong(String),
    /// A date was picked: ask this question as of it.
    AsOf {
        question: String,
        day: String,
    },
    Triage {
        report: String,
        state: TriageState,
    },
    /// A link button: acknowledged, nothing to do.
    Link,
}

/// What a modal said. Where the answer goes was kept in its private_metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Submission {
    Ask {
        text: String,
        place: Place,
    },
    Report {
        text: String,
        wrong: String,
        expected: Option<String>,
        link: Option<String>,
        place: Place,
    },
}

/// A body that can't be read, though it was signed. The Display text is for the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    #[error("not a form: {0}")]
    NotAForm(String),
    #[error("not JSON: {0}")]
    NotJson(String),
    #[error("no {0}")]
    Missing(&'static str),
}

/// Reads a body that came to this path: a form, or the JSON that Socket Mode has in its place.
///
/// # Errors
/// What is neither readable nor known to be ignorable.
pub fn read(endpoint: Endpoint, body: &[u8]) -> Result<Request, Unreadable> {
    match endpoint {
        Endpoint::Commands => command::read(&Payload::of_command(body)?),
        Endpoint::Events => event::read(&Payload::of_event(body)?),
        Endpoint::Interactions => interaction::read(&Payload::of_interaction(body)?),
        Endpoint::Options => interaction::options(&Payload::of_interaction(body)?),
    }
}
