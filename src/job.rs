//! What has to be done for a person in Slack, as it lies in the queue.
//!
//! Ingress writes a [`Job`], the worker reads it; both may run different versions, so the envelope
//! carries one. Pure: knows no queue and no Slack client. Every question is words
//! (`#17 revenue as of 2025-03-01`): a pressed button, a modal and typed text become the same
//! [`Work`]. Start at [`Job::encode`].

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

/// The version that is written. A reader refuses all others.
pub const VERSION: u32 = 1;

/// One thing to do, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Made from what Slack sent (trigger_id, event_id): a redelivery has the same.
    pub id: String,
    /// Names this job in every log line and, shortened, in an apology.
    pub request_id: String,
    pub accepted_at: Timestamp,
    pub asker: Asker,
    pub place: Place,
    pub work: Work,
}

/// Who asks. A workspace may be absent (organisation installs).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asker {
    pub user: String,
    pub team: Option<String>,
    pub enterprise: Option<String>,
}

/// Where to, and through what.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub channel: Option<String>,
    /// The thread that the answer belongs in.
    pub thread_ts: Option<String>,
    /// The message that was pressed or mentioned us.
    pub message_ts: Option<String>,
    pub response_url: Option<ResponseUrl>,
    pub reply: Reply,
}

impl Place {
    /// The channel that the asker is known to be in: one may be chosen for an answer by whoever has
    /// only heard of it.
    #[must_use]
    pub fn asked_in(&self) -> Option<&str> {
        match self.reply {
            Reply::Beside if self.message_ts.is_none() => None,
            Reply::Ephemeral | Reply::Beside | Reply::Thread | Reply::Update => {
                self.channel.as_deref()
            }
        }
    }

    /// Whether it is a message of ours in which something was pressed.
    #[must_use]
    pub fn is_pressed(&self) -> bool {
        match self.reply {
            Reply::Ephemeral | Reply::Update | Reply::Beside => self.message_ts.is_some(),
            Reply::Thread => false,
        }
    }
}

/// Whether a channel is a direct message: Slack's ids of these begin with D.
#[must_use]
pub fn is_direct(channel: &str) -> bool {
    channel.starts_with('D')
}

/// Whether somebody has an id of Slack's (`U012AB3CD`): whoever has none came through another door,
/// and can't be told anything there.
#[must_use]
pub fn is_in_slack(user: &str) -> bool {
    let letters = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    user.starts_with(['U', 'W']) && user.len() <= 32 && user.bytes().all(letters)
}

/// What stands behind the name of somebody who came through the page or the API: nobody in Slack has
/// such a name.
pub const OF_THE_WEB: &str = " (web)";

/// How an answer is delivered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// Replace the ephemeral message that the response URL stands for.
    #[default]
    Ephemeral,
    /// Post into the thread (or the direct message).
    Thread,
    /// Update the message that was pressed, in place.
    Update,
    /// One more ephemeral message, for the asker: beside the message that was pressed, which is
    /// everybody's and stays, or where nothing of ours stands yet.
    Beside,
}

/// Where Slack takes replies without a token: as good as a secret, so never printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ResponseUrl(pub String);

impl std::fmt::Debug for ResponseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ResponseUrl(…)")
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Work {
    /// Answer these words; several questions may stand in one text.
    Ask { text: String },
    /// Post the answer for everybody here, as they may see it.
    Share { text: String },
    /// Fill the modal that ingress opened, from what a message says (or from nothing).
    FillModal {
        view_id: String,
        message: Option<String>,
    },
    /// Fill the Home tab.
    Home,
    /// This looks wrong: to the triage channel.
    Report {
        text: String,
        wrong: String,
        expected: Option<String>,
        link: Option<String>,
    },
    /// A steward pressed a button under a report.
    Triage { report: String, state: TriageState },
    /// Show under a message what the links of ours in it lead to.
    Unfurl {
        /// As Slack writes them.
        links: Vec<String>,
        pasted: Option<Pasted>,
    },
}

/// Slack's own name for where links were pasted; without it, it is channel and message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pasted {
    pub unfurl_id: String,
    pub source: Source,
}

/// Whether others read it already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Somebody is still writing, and may send it anywhere.
    Composer,
    ConversationsHistory,
}

impl Source {
    pub const ALL: [Source; 2] = [Source::Composer, Source::ConversationsHistory];

    /// As Slack has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Source::Composer => "composer",
            Source::ConversationsHistory => "conversations_history",
        }
    }

    #[must_use]
    pub fn named(name: &str) -> Option<Source> {
        Self::ALL.into_iter().find(|source| source.name() == name)
    }
}

/// What stewards say of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TriageState {
    Looking,
    Explained,
    DataError,
}

impl TriageState {
    pub const ALL: [TriageState; 3] = [
        TriageState::Looking,
        TriageState::Explained,
        TriageState::DataError,
    ];

    /// As it stands in buttons' ids and in the ledger; a job and `why reports` say it in the same words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            TriageState::Looking => "looking",
            TriageState::Explained => "explained",
            TriageState::DataError => "data_error",
        }
    }

    /// As it stands on buttons, and under a report.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            TriageState::Looking => "Looking into it",
            TriageState::Explained => "Explained",
            TriageState::DataError => "Data error",
        }
    }

    #[must_use]
    pub fn named(name: &str) -> Option<TriageState> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// A message of ours, where it stands: to be updated instead of a second one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posted {
    pub channel: String,
    pub ts: String,
}

/// How long a dead letter can be shown and retried.
pub const LETTERS_KEPT: Duration = Duration::from_secs(14 * 24 * 60 * 60);

/// A job that was given up, or what could not be read as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    pub id: String,
    pub body: String,
    pub why: String,
    pub receive_count: u32,
    pub sent_at: Timestamp,
    pub died_at: Timestamp,
    /// Whoever asked has been told.
    pub apologised: bool,
}

/// A body that is no job of this version. The Display text is for the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Undecodable {
    #[error("not JSON: {0}")]
    NotJson(String),
    #[error("version {found}, this one reads {VERSION}")]
    Version { found: u64 },
    #[error("no version")]
    NoVersion,
    #[error("not a job: {0}")]
    Shape(String),
}

impl Undecodable {
    /// For people: without the reader's own words, which may quote the body.
    #[must_use]
    pub fn in_short(&self) -> String {
        match self {
            Undecodable::NotJson(_) => "not JSON".to_owned(),
            Undecodable::Shape(_) => "not a job".to_owned(),
            Undecodable::Version { .. } | Undecodable::NoVersion => self.to_string(),
        }
    }
}

impl Job {
    /// `{"version": 1, "job": {…}}`, in the characters that SQS takes: those of XML 1.0.
    #[must_use]
    pub fn encode(&self) -> String {
        let encoded = serde_json::json!({ "version": VERSION, "job": self }).to_string();
        // The only two beyond XML that JSON leaves as they are, and they stand in texts alone.
        encoded
            .replace('\u{fffe}', "\\ufffe")
            .replace('\u{ffff}', "\\uffff")
    }

    /// The id of a job, where this body is one: garbage goes by the name that its queue gave it.
    #[must_use]
    pub fn id_in(body: &str) -> Option<String> {
        Job::decode(body).ok().map(|job| job.id)
    }

    /// # Errors
    /// Garbage, or another version: both belong among the dead letters.
    pub fn decode(body: &str) -> Result<Job, Undecodable> {
        let mut envelope: serde_json::Value =
            serde_json::from_str(body).map_err(|e| Undecodable::NotJson(e.to_string()))?;
        let version = envelope.get("version").and_then(serde_json::Value::as_u64);
        match version {
            None => return Err(Undecodable::NoVersion),
            Some(found) if found != u64::from(VERSION) => {
                return Err(Undecodable::Version { found });
            }
            Some(_) => {}
        }
        let job = envelope
            .get_mut("job")
            .map(serde_json::Value::take)
            .unwrap_or_default();
        serde_json::from_value(job).map_err(|e| Undecodable::Shape(e.to_string()))
    }
}
