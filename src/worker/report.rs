//! This looks wrong: reports in the triage channel, and what stewards make of them.
//!
//! A report is kept before it is posted and has its job's id, so that a redelivery posts nothing
//! twice. The answer is asked for as of when it was reported, for whoever reads the triage channel.
//! Texts are in `report/texts.rs`.

use serde_json::{Value, json};

use super::delivery::in_thread;
use super::{Trouble, Worker};
use crate::answer::Answer;
use crate::ask;
use crate::chat::Error;
use crate::job::{self, Job, Place, Posted, TriageState};
use crate::ledger::Report;
use crate::question::{self, AsOf};
use crate::render::blocks;
use crate::render::views;

mod texts;

/// What a person said of a value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Said<'a> {
    /// The question in words that parse (`#17 revenue as of …`).
    pub(super) question: &'a str,
    pub(super) wrong: &'a str,
    pub(super) expected: Option<&'a str>,
    pub(super) link: Option<&'a str>,
}

/// The answer that a report is about, for whoever reads the triage channel.
enum Looked {
    Answer(Box<Answer>),
    /// It could not be had; the report stands without it.
    Unanswered,
    /// They may not see it; why.
    Restricted(String),
}

impl Looked {
    fn answer(&self) -> Option<&Answer> {
        match self {
            Looked::Answer(answer) => Some(answer),
            Looked::Unanswered | Looked::Restricted(_) => None,
        }
    }
}

impl Worker {
    pub(super) async fn report(&self, job: &Job, said: Said<'_>) -> Result<(), Trouble> {
        let Some(channel) = self.settings.triage_channel.as_deref() else {
            return self.whisper(job, texts::NOWHERE).await;
        };
        // A redelivery finds what was kept, and what a steward may have said since.
        let mut report = match self.ledger.report(&job.id).await? {
            Some(known) => known,
            None => new_report(job, said),
        };
        if report.posted.is_none() {
            let looked = self.look(&report, channel).await?;
            if let Looked::Restricted(why) = &looked {
                return self.whisper(job, &texts::not_for_stewards(why)).await;
            }
            self.ledger.save_report(&report).await?;
            let message = blocks::payload(&views::triage(&shown(&report, looked.answer())));
            let posted = match self.post_plainer(channel, &message).await {
                Ok(posted) => posted,
                Err(Error::Unreachable(code)) => {
                    tracing::error!(job.id = %job.id, code, "can't post in the triage channel");
                    return self.whisper(job, texts::UNREACHABLE).await;
                }
                // It may stand there: posted again, it would stand there twice.
                Err(Error::Unknown(code)) => {
                    tracing::error!(job.id = %job.id, code, "a report can't be updated in place");
                    return self.whisper(job, &texts::passed_on(channel)).await;
                }
                Err(error) => return Err(error.into()),
            };
            report.posted = Some(posted);
            self.ledger.save_report(&report).await?;
        }
        self.whisper(job, &texts::passed_on(channel)).await
    }

    /// A steward pressed a button: shows in place and is told to the asker.
    pub(super) async fn triage(
        &self,
        job: &Job,
        report: &str,
        state: TriageState,
    ) -> Result<(), Trouble> {
        let channel = self.settings.triage_channel.as_deref();
        let Some(channel) = channel.filter(|own| job.place.channel.as_deref() == Some(own)) else {
            return self.whisper(job, texts::NOT_A_STEWARD).await;
        };
        let Some(mut report) = self.ledger.report(report).await? else {
            return self.whisper(job, texts::FORGOTTEN).await;
        };
        if report.state == Some(state) {
            return Ok(());
        }
        report.state = Some(state);
        report.state_by = Some(job.asker.user.clone());
        if let Some(posted) = &report.posted {
            let looked = self.look(&report, channel).await?;
            let message = blocks::payload(&views::triage(&shown(&report, looked.answer())));
            self.update_plainer(posted, &message).await?;
        }
        self.tell_reporter(&report, state).await?;
        // Last: what fails before is done again, and whoever presses again changes nothing.
        self.ledger.save_report(&report).await?;
        Ok(())
    }

    async fn look(&self, report: &Report, channel: &str) -> Result<Looked, Trouble> {
        let why = self.why().await?;
        let audience = self.everybody(&why.catalog, channel).await?;
        let now = (self.now)();
        let dated = question::parse(&report.question, &why.catalog, now)
            .is_ok_and(|parsed| parsed.as_of.is_some());
        let request = ask::Request {
            // What is mended later must not mend the report.
            as_of: (!dated).then(|| AsOf::Instant(report.at.min(now))),
            expected: report.expected.clone(),
            audience,
            ..ask::Request::new(&report.question)
        };
        Ok(match why.ask(&request, now).await {
            Ok(answer) => Looked::Answer(Box::new(answer)),
            Err(failure) if failure.code == RESTRICTED => Looked::Restricted(failure.text),
            Err(failure) => {
                tracing::warn!(failure.code, "a report is passed on without its answer");
                Looked::Unanswered
            }
        })
    }

    /// In the thread where they asked, else in a direct message. That they can't be reached holds
    /// no steward up.
    async fn tell_reporter(&self, report: &Report, state: TriageState) -> Result<(), Trouble> {
        let by = report.state_by.as_deref().unwrap_or_default();
        let thread = report.channel.as_deref().zip(report.thread_ts.as_deref());
        if let Some((channel, thread_ts)) = thread {
            let mut message = plain(&texts::in_thread(&report.user, by, state));
            in_thread(&mut message, Some(thread_ts));
            match self.chat.post(channel, &message).await {
                Ok(_) => return Ok(()),
                Err(error) => passing(error)?,
            }
        }
        let told = texts::in_private(&report.question, by, state);
        match self.direct(&report.user, &plain(&told)).await {
            Ok(()) => Ok(()),
            Err(error) => passing(error),
        }
    }

    /// To the asker alone, where they are, else in a direct message.
    async fn whisper(&self, job: &Job, text: &str) -> Result<(), Trouble> {
        let user = &job.asker.user;
        let mut message = plain(text);
        if let Some(channel) = job
            .place
            .channel
            .as_deref()
            .filter(|id| !job::is_direct(id))
        {
            in_thread(&mut message, job.place.thread_ts.as_deref());
            match self.chat.ephemeral(channel, user, &message).await {
                Ok(()) => return Ok(()),
                Err(error) => passing(error)?,
            }
            message = plain(text);
        }
        Ok(self.direct(user, &message).await?)
    }

    async fn direct(&self, user: &str, message: &Value) -> Result<(), Error> {
        let channel = self.chat.open_dm(user).await?;
        self.chat.post(&channel, message).await?;
        Ok(())
    }

    /// Once more as text alone, where Slack refuses the blocks.
    async fn post_plainer(&self, channel: &str, message: &Value) -> Result<Posted, Error> {
        match self.chat.post(channel, message).await {
            Err(Error::Refused(code)) => {
                tracing::warn!(code, "a report is posted as text alone");
                self.chat.post(channel, &without_blocks(message)).await
            }
            posted => posted,
        }
    }

    async fn update_plainer(&self, at: &Posted, message: &Value) -> Result<(), Error> {
        match self.chat.update(at, message).await {
            Err(Error::Refused(code)) => {
                tracing::warn!(code, "a report is updated as text alone");
                self.chat.update(at, &without_blocks(message)).await
            }
            updated => updated,
        }
    }
}

/// The failure of a question whose attribute is not for this audience.
const RESTRICTED: &str = "restricted";

fn new_report(job: &Job, said: Said<'_>) -> Report {
    let Place {
        channel, thread_ts, ..
    } = &job.place;
    Report {
        id: job.id.clone(),
        at: job.accepted_at,
        user: job.asker.user.clone(),
        question: said.question.to_owned(),
        wrong: said.wrong.to_owned(),
        expected: said.expected.map(str::to_owned),
        link: said.link.map(str::to_owned),
        channel: channel.clone(),
        thread_ts: thread_ts.clone(),
        posted: None,
        state: None,
        state_by: None,
    }
}

fn shown<'a>(report: &'a Report, answer: Option<&'a Answer>) -> views::Triage<'a> {
    views::Triage {
        id: &report.id,
        reporter: &report.user,
        question: &report.question,
        wrong: &report.wrong,
        expected: report.expected.as_deref(),
        link: report.link.as_deref(),
        answer,
        state: report.state,
        state_by: report.state_by.as_deref(),
    }
}

/// What may work in a moment goes back to the queue; else there is another way.
fn passing(error: Error) -> Result<(), Trouble> {
    match error {
        Error::RateLimited(_) | Error::Retry(_) | Error::Auth(_) => Err(error.into()),
        Error::Unreachable(_) | Error::Gone(_) | Error::Refused(_) | Error::Unknown(_) => {
            tracing::warn!(error = %error, "a word to the asker did not arrive");
            Ok(())
        }
    }
}

fn plain(text: &str) -> Value {
    json!({ "text": text })
}

fn without_blocks(message: &Value) -> Value {
    plain(
        message
            .get("text")
            .and_then(Value::as_str)
            .unwrap_or_default(),
    )
}
