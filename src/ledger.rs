//! The ledger: what was done, for whom, and what a thread talks about.
//!
//! Keeps a redelivered job from being answered twice, each person's last questions, the company of
//! a thread, reports of wrong values, who asked what (audit), and on AWS what was given up. An enum
//! of stores: SQLite on one machine, a DynamoDB table on AWS. Entries expire, but for the few last
//! questions of each person; the clock is a parameter. On one machine it also keeps who may ask over
//! HTTP and the key of links (`sqlite/tokens`). Start at [`Ledger::begin`].
// DynamoDB forgets by itself, and keeps a person's questions in the order in which they come: some
// calls need no clock.
#![cfg_attr(not(feature = "sqlite"), allow(unused_variables))]

#[cfg(feature = "sqlite")]
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;

use crate::access::{Through, Token};
use crate::job::{DeadLetter, Posted, TriageState};
#[cfg(feature = "sqlite")]
use crate::link;

#[cfg(feature = "dynamodb")]
mod dynamo;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(feature = "sqlite")]
#[cfg(test)]
mod tests;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// How long it is remembered that a job was answered.
const FINISHED_KEPT: Duration = Duration::from_secs(7 * DAY.as_secs());
/// How long a thread keeps its company after the last answer.
const TOPIC_KEPT: Duration = Duration::from_secs(7 * DAY.as_secs());
/// How long it is known who asked what.
const AUDIT_KEPT: Duration = Duration::from_secs(90 * DAY.as_secs());
/// How long a person's last questions are kept after the newest: no longer than who asked what.
const QUESTIONS_KEPT: Duration = AUDIT_KEPT;
/// How long it is known what looked wrong to whom.
const REPORTS_KEPT: Duration = Duration::from_secs(365 * DAY.as_secs());
/// The most of one person's questions that are kept.
const MOST_QUESTIONS: u32 = 20;

#[derive(Debug, Clone)]
pub enum Ledger {
    #[cfg(feature = "sqlite")]
    Sqlite(sqlite::Ledger),
    #[cfg(feature = "dynamodb")]
    Dynamo(dynamo::Ledger),
}

/// What is known of a job when a worker takes it up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// Nobody worked on it; the lease is ours.
    New,
    /// A worker before us died on the way. What it had posted is to be replaced.
    Resumed { posted: Option<Posted> },
    /// Answered: do nothing.
    Done,
    /// Another worker holds the lease until then.
    Busy { until: Timestamp },
}

/// A line of the audit: who asked what, where, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    pub at: Timestamp,
    pub user: String,
    pub team: Option<String>,
    pub channel: Option<String>,
    pub entity_id: Option<i64>,
    pub attribute: Option<String>,
    /// `answered`, or the failure's code.
    pub outcome: String,
    /// The door, which says what kind of name `user` is.
    pub through: Through,
}

/// Somebody said that a value looks wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub id: String,
    pub at: Timestamp,
    pub user: String,
    /// The question in words that parse (`#17 revenue as of …`).
    pub question: String,
    pub wrong: String,
    pub expected: Option<String>,
    pub link: Option<String>,
    /// Where the reporter was.
    pub channel: Option<String>,
    pub thread_ts: Option<String>,
    /// The answer as it was, as it is rendered: never asked for again.
    pub answer: Option<String>,
    /// The post in the triage channel, once there.
    pub posted: Option<Posted>,
    pub state: Option<TriageState>,
    pub state_by: Option<String>,
}

impl Report {
    /// One that stands nowhere else yet; `at` is when it was made.
    #[must_use]
    pub fn new(id: String, at: Timestamp, user: String, question: String, wrong: String) -> Self {
        Report {
            id,
            at,
            user,
            question,
            wrong,
            expected: None,
            link: None,
            channel: None,
            thread_ts: None,
            answer: None,
            posted: None,
            state: None,
            state_by: None,
        }
    }
}

/// What a thread talked about last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    pub entity_id: i64,
    pub attribute: Option<String>,
}

/// The Display text is for the log.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the ledger at {file} can't be opened: {reason}")]
    Open { file: String, reason: String },
    #[error("the ledger did not answer in time")]
    TimedOut,
    #[error("the ledger failed: {reason}")]
    Failed { reason: String },
}

impl Error {
    /// Said aloud: what is not written down here would be answered a second time.
    fn never_begun() -> Self {
        Error::Failed {
            reason: "something was posted for a job that nobody began".to_owned(),
        }
    }

    #[cfg(all(feature = "dynamodb", feature = "sqlite"))]
    fn one_machines() -> Self {
        Error::Failed {
            reason:
                "tokens, the key of links and the list of reports are kept in a state file only"
                    .to_owned(),
        }
    }
}

impl Ledger {
    /// Opens or makes the file; the queue may lie in the same one.
    #[cfg(feature = "sqlite")]
    pub async fn sqlite(file: &Path) -> Result<Self, Error> {
        Ok(Ledger::Sqlite(sqlite::Ledger::open(file).await?))
    }

    /// The table of that name, with the keys `pk` and `sk`. `config` says where AWS is and who asks;
    /// the time-outs are ours, whatever it says: every call ends within 3 s.
    #[cfg(feature = "dynamodb")]
    #[must_use]
    pub fn dynamo(config: &aws_config::SdkConfig, table: &str) -> Self {
        Ledger::Dynamo(dynamo::Ledger::new(config, table))
    }

    /// Takes a job up, with a lease; conditional, so that of several workers one wins.
    pub async fn begin(&self, job: &str, lease: Duration, now: Timestamp) -> Result<Begun, Error> {
        match *self {
            #[cfg(feature = "sqlite")]
            Ledger::Sqlite(ref ledger) => ledger.begin(job, lease, now).await,
            #[cfg(feature = "dynamodb")]
            Ledger::Dynamo(ref ledger) => ledger.begin(job, lease, now).await,
        }
    }

    /// A placeholder or an answer stands there. An error where the job was never begun.
    pub async fn posted(&self, job: &str, posted: &Posted) -> Result<(), Error> {
        match *self {
            #[cfg(feature = "sqlite")]
            Ledger::Sqlite(ref ledger) => ledger.posted(job, posted).await,
            #[cfg(feature = "dynamodb")]
            Ledger::Dynamo(ref ledger) => ledger.posted(job, posted).await,
        }
    }

    /// Answered or apologised for; remembered for 7 days.
    pub async fn finish(&self, job: &str, now: Timestamp) -> Result<(), Error> {
        match *self {
            #[cfg(feature = "sqlite")]
            Ledger::Sqlite(ref ledger) => ledger.finish(job, now).await,
            #[cfg(feature = "dynamodb")]
            Ledger::Dynamo(ref ledger) => ledger.finish(job, now).await,
        }
    }

    /// Gives the lease back, for a later try. What is finished stays finished.
    pub async fn release(&self, job: &str) -> Result<(), Error> {
        match *self {
            #[cfg(feature = "sqlite")]
            Ledger::Sqlite(ref ledger) => ledger.release(job).await,
            #[cfg(feature = "dynamodb")]
            Ledger::Dynamo(ref ledger) => ledger.release(job).await,
        }
    }

    /// A job that was given up is to be tried again: it counts as not answered, and what was
    /// posted for it (the apology) is there to be replaced.
    pub async fn reopen(&self, job: &str) -> Result<(), Error> {
        match *self {
            #[cfg(feature = "sqlite")]
            Ledger::Sqlite(ref ledger) => ledger.reopen(job).await,
            #[cfg(feature = "dynamodb")]
            Ledger::Dynamo(ref ledger) => ledger.reopen(job).await,
        }
    }

    /// The last 20 of each person are kept, each once.
    pub async fn remember_question(
        &self,
        user: &str,
        question: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        match *self {
            #[cfg(feature = "sqlite")]
            Ledger::Sqlite(ref ledger) => ledger.remember_question(user, question, now).await,
            #[cfg(feature = "dynamodb")]
            Ledger::Dynamo(ref ledger) => ledger.remember_question(user, question, now).await,
        }
    }

    /// Newest first, each once, at most `most`.
    pub async fn last_questions(&self, user: &str, most: usize) -> Result<Vec<String>, Error> {
        match *self {
            #[cfg(feature = "sqlite")]
            Ledger::Sqlite(ref ledger) => ledger.last_questions(user, most).await,
            #[cfg(feature = "dynamodb")]
            Ledger::Dynamo(ref ledger) => ledger.last_questions(user, most).await,
        }
    }

    /// Forgotten 7 days later.
    pub async fn set_topic(
        &self,
        channel: &str,
        thread_ts: &str,
        topic: &Topic,
        now: Timestamp,
    ) -> Result<(), Error> {
        match *self {
            #[cfg(feature = "sqlite")]
            Ledger::Sqlite(ref ledger) => ledger.set_topic((channel, thread_ts), topic, now).await,
            #[cfg(feature = "dynamodb")]
            Ledger::Dynamo(ref ledger) => ledger.set_topic((channel, thread_ts), topic, now).await,
        }
    }

    pub async fn topic(
        &self,
        channel: &str,
        thread_ts: &str,
        now: Timestamp,
    ) -> Result<Option<Topic>, Error> {
        match *self {
            #[cfg(feature = "sqlite")]
            Ledger::Sqlite(ref ledger) => ledger.topic(channel, thread_ts, now).await,
            #[cfg(feature = "dynamodb")]
            Ledger::Dynamo(ref ledger) => ledger.topic(channel, thread_ts, now).await,
        }
    }

    /// Inserts or replaces.
    pub async fn save_report(&self, report: &Report) -> Result<(), Error> {
        match *self {
            #[cfg(feature = "sqlite")]
            Ledger::Sqlite(ref ledger) => ledger.save_report(report).await,
            #[cfg(feature = "dynamodb")]
            Ledger::Dynamo(ref ledger) => ledger.save_report(report).await,
        }
    }

    /// Where the report stands. Leaves alone what a steward said; nothing where there is no report.
    pub async fn set_report_posted(&self, id: &str, posted: &Posted) -> Result<(), Error> {
        match *self {
            #[cfg(feature = "sqlite")]
            Ledger::Sqlite(ref ledger) => ledger.set_report_posted(id, posted).await,
            #[cfg(feature = "dynamodb")]
            Ledger::Dynamo(ref ledger) => ledger.set_report_posted(id, posted).await,
        }
    }

    /// What a steward said of it. Leaves alone where it stands; nothing where there is no report.
    pub async fn set_report_state(
        &self,
        id: &str,
        state: TriageState,
        by: &str,
    ) -> Result<(), Error> {
        match *self {
            #[cfg(feature = "sqlite")]
            Ledger::Sqlite(ref ledger) => ledger.set_report_state(id, state, by).await,
            #[cfg(feature = "dynamodb")]
            Ledger::Dynamo(ref ledger) => ledger.set_report_state(id, state, by).await,
        }
    }

    pub async fn report(&self, id: &str) -> Result<Option<Report>, Error> {
        match *self {
            #[cfg(feature = "sqlite")]
            Ledger::Sqlite(ref ledger) => ledger.report(id).await,
            #[cfg(feature = "dynamodb")]
            Ledger::Dynamo(ref ledger) => ledger.report(id).await,
        }
    }

    /// Newest first; kept for a year. On AWS reports stand in Slack.
    #[cfg(feature = "sqlite")]
    pub async fn reports(&self, most: usize, now: Timestamp) -> Result<Vec<Report>, Error> {
        match *self {
            Ledger::Sqlite(ref ledger) => ledger.reports(most, now).await,
            #[cfg(feature = "dynamodb")]
            Ledger::Dynamo(_) => Err(Error::one_machines()),
        }
    }

    /// Kept for 90 days.
    pub async fn audit(&self, access: &Access) -> Result<(), Error> {
        match *self {
            #[cfg(feature = "sqlite")]
            Ledger::Sqlite(ref ledger) => ledger.audit(access).await,
            #[cfg(feature = "dynamodb")]
            Ledger::Dynamo(ref ledger) => ledger.audit(access).await,
        }
    }

    /// Newest first.
    pub async fn accesses(&self, most: usize, now: Timestamp) -> Result<Vec<Access>, Error> {
        match *self {
            #[cfg(feature = "sqlite")]
            Ledger::Sqlite(ref ledger) => ledger.accesses(most, now).await,
            #[cfg(feature = "dynamodb")]
            Ledger::Dynamo(ref ledger) => ledger.accesses(most, now).await,
        }
    }

    /// Whose hash this is, unless it has expired. On AWS there are no tokens: an issuer says who
    /// somebody is.
    pub async fn token(&self, hash: &str, now: Timestamp) -> Result<Option<Token>, Error> {
        match *self {
            #[cfg(feature = "sqlite")]
            Ledger::Sqlite(ref ledger) => ledger.token(hash, now).await,
            #[cfg(feature = "dynamodb")]
            Ledger::Dynamo(_) => Ok(None),
        }
    }

    /// Every token, by name; also those that have expired.
    pub async fn tokens(&self) -> Result<Vec<Token>, Error> {
        match *self {
            #[cfg(feature = "sqlite")]
            Ledger::Sqlite(ref ledger) => ledger.tokens().await,
            #[cfg(feature = "dynamodb")]
            Ledger::Dynamo(_) => Ok(Vec::new()),
        }
    }

    /// Whether it was kept: not where another has its name.
    #[cfg(feature = "sqlite")]
    pub async fn create_token(&self, token: &Token, hash: &str) -> Result<bool, Error> {
        match *self {
            Ledger::Sqlite(ref ledger) => ledger.create_token(token, hash).await,
            #[cfg(feature = "dynamodb")]
            Ledger::Dynamo(_) => Err(Error::one_machines()),
        }
    }

    /// Whether there was one of that name. From now on nobody asks with it.
    #[cfg(feature = "sqlite")]
    pub async fn revoke_token(&self, name: &str) -> Result<bool, Error> {
        match *self {
            Ledger::Sqlite(ref ledger) => ledger.revoke_token(name).await,
            #[cfg(feature = "dynamodb")]
            Ledger::Dynamo(_) => Err(Error::one_machines()),
        }
    }

    /// The key that signs links, made once. On AWS it lies with the other secrets.
    #[cfg(feature = "sqlite")]
    pub async fn link_key(&self) -> Result<link::Key, Error> {
        match *self {
            Ledger::Sqlite(ref ledger) => ledger.link_key().await,
            #[cfg(feature = "dynamodb")]
            Ledger::Dynamo(_) => Err(Error::one_machines()),
        }
    }

    /// Inserts or replaces; kept for 14 days. For SQS, whose dead letters go when they are read. On
    /// one machine the queue keeps them itself, in the same place: what it buries is here already.
    pub async fn keep_letter(&self, letter: &DeadLetter) -> Result<(), Error> {
        match *self {
            #[cfg(feature = "sqlite")]
            Ledger::Sqlite(ref ledger) => ledger.keep_letter(letter).await,
            #[cfg(feature = "dynamodb")]
            Ledger::Dynamo(ref ledger) => ledger.keep_letter(letter).await,
        }
    }

    /// Its job is in the queue again. Nothing where there is no such letter.
    pub async fn forget_letter(&self, id: &str) -> Result<(), Error> {
        match *self {
            #[cfg(feature = "sqlite")]
            Ledger::Sqlite(ref ledger) => ledger.forget_letter(id).await,
            #[cfg(feature = "dynamodb")]
            Ledger::Dynamo(ref ledger) => ledger.forget_letter(id).await,
        }
    }

    /// Newest first.
    pub async fn letters(&self, now: Timestamp) -> Result<Vec<DeadLetter>, Error> {
        match *self {
            #[cfg(feature = "sqlite")]
            Ledger::Sqlite(ref ledger) => ledger.letters(now).await,
            #[cfg(feature = "dynamodb")]
            Ledger::Dynamo(ref ledger) => ledger.letters(now).await,
        }
    }
}
