//! This looks wrong: reports in the triage channel, and what stewards make of them.
//!
//! A report is kept before it is posted and has its job's id, so that a redelivery posts nothing
//! twice. The answer is asked for once, as of when it was reported, for whoever reads the triage
//! channel, and kept: a press later shows it even where the lake does not answer.
//! Texts are in `report/texts.rs`.

use serde_json::{Value, json};

use super::delivery::{in_thread, once};
use super::{Task, Trouble, Worker};
use crate::answer::Answer;
use crate::ask;
use crate::chat::Error;
use crate::job::{self, Job, Place, Posted, TriageState};
use crate::ledger::Report;
use crate::question::{self, AsOf};
use crate::render::blocks;
use crate::render::views::{self, AsItWas};

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

/// The answer that a report is about, for whoever reads the triage channel, and where they have it
/// as a page.
enum Looked {
    Answer(Box<Answer>, Option<String>),
    /// It could not be had; the report stands without it.
    Unanswered,
    /// They may not see it; why.
    Restricted(String),
}

impl Worker {
    pub(super) async fn report(&self, task: &mut Task<'_>, said: Said<'_>) -> Result<(), Trouble> {
        let job = task.job;
        let Some(channel) = self.settings.triage_channel.as_deref() else {
            self.keep_alone(task, said).await?;
            return self.whisper(task, texts::NOWHERE).await;
        };
        // A redelivery finds what was kept, and what a steward may have said since.
        let report = match self.ledger.report(&job.id).await? {
            Some(known) => known,
            None => {
                let mut report = new_report(job, said);
                match self.look(&report, channel).await? {
                    Looked::Answer(answer, page) => {
                        report.answer = kept(&AsItWas::of(&answer).with_page(page));
                    }
                    Looked::Unanswered => {}
                    Looked::Restricted(why) => {
                        self.keep_alone(task, said).await?;
                        return self.whisper(task, &texts::not_for_stewards(&why)).await;
                    }
                }
                self.ledger.save_report(&report).await?;
                report
            }
        };
        if report.posted.is_none() {
            match self.put(task, channel, None, &self.shown(&report)).await {
                Ok(()) => {}
                Err(Trouble::Chat(Error::Unreachable(code))) => {
                    tracing::error!(job.id = %job.id, code, "can't post in the triage channel");
                    return self.whisper(task, texts::UNREACHABLE).await;
                }
                Err(trouble) => return Err(trouble),
            }
            if let Some(posted) = task.posted.as_ref().filter(|at| at.channel == channel) {
                self.ledger.set_report_posted(&report.id, posted).await?;
            }
        }
        self.whisper(task, &texts::passed_on(channel)).await
    }

    /// Whoever is not in Slack was told that it is taken, and can't be told that it leads nowhere.
    async fn keep_alone(&self, task: &Task<'_>, said: Said<'_>) -> Result<(), Trouble> {
        let job = task.job;
        if job::is_in_slack(&job.asker.user) {
            return Ok(());
        }
        tracing::warn!(job.id = %job.id, "a report is kept, and shown to nobody");
        Ok(self.ledger.save_report(&new_report(job, said)).await?)
    }

    /// A steward pressed a button: shows in place and is told to the asker.
    pub(super) async fn triage(
        &self,
        task: &mut Task<'_>,
        report: &str,
        state: TriageState,
    ) -> Result<(), Trouble> {
        let job = task.job;
        let channel = self.settings.triage_channel.as_deref();
        if channel.is_none() || job.place.channel.as_deref() != channel {
            return self.whisper(task, texts::NOT_A_STEWARD).await;
        }
        let Some(mut report) = self.ledger.report(report).await? else {
            return self.whisper(task, texts::FORGOTTEN).await;
        };
        if report.state == Some(state) {
            return Ok(());
        }
        let by = &job.asker.user;
        report.state = Some(state);
        report.state_by = Some(by.clone());
        // Where the ledger does not know where it stands, it is what was pressed.
        let stands = report.posted.clone().or_else(|| pressed(&job.place));
        if let Some(at) = stands {
            self.update_plainer(&at, &self.shown(&report)).await?;
        }
        self.tell_reporter(task, &report, state).await?;
        // Last: what fails before is done again, and whoever presses again changes nothing.
        self.ledger.set_report_state(&report.id, state, by).await?;
        Ok(())
    }

    /// As it stands in the triage channel. A link that has expired is not shown any more.
    fn shown(&self, report: &Report) -> Value {
        let answer = report.answer.as_deref().and_then(as_it_was);
        let kept = self.settings.links.as_ref().map(|links| links.kept);
        let until = kept.and_then(|kept| report.at.checked_add(kept).ok());
        let lasts = until.is_some_and(|until| (self.now)() < until);
        blocks::payload(&views::triage(&views::Triage {
            id: &report.id,
            reporter: &report.user,
            question: &report.question,
            wrong: &report.wrong,
            expected: report.expected.as_deref(),
            link: report.link.as_deref(),
            answer: answer.as_ref(),
            state: report.state,
            state_by: report.state_by.as_deref(),
            page: answer.as_ref().and_then(AsItWas::page).filter(|_| lasts),
        }))
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
            Ok(answer) => {
                let page = self.pages(&request.audience).of(&answer);
                Looked::Answer(Box::new(answer), page)
            }
            Err(failure) if failure.code == RESTRICTED => Looked::Restricted(failure.text),
            Err(failure) => {
                tracing::warn!(failure.code, "a report is passed on without its answer");
                Looked::Unanswered
            }
        })
    }

    /// In the thread where they asked, else in a direct message. That they can't be reached holds
    /// no steward up.
    async fn tell_reporter(
        &self,
        task: &mut Task<'_>,
        report: &Report,
        state: TriageState,
    ) -> Result<(), Trouble> {
        let by = report.state_by.as_deref().unwrap_or_default();
        let thread = report.channel.as_deref().zip(report.thread_ts.as_deref());
        if let Some((channel, thread_ts)) = thread {
            let message = plain(&texts::in_thread(&report.user, by, state));
            let told = self.put(task, channel, Some(thread_ts), &message).await;
            if arrived(told)? {
                return Ok(());
            }
        }
        if !job::is_in_slack(&report.user) {
            return Ok(());
        }
        let told = plain(&texts::in_private(&report.question, by, state));
        let told = self.direct(task, &report.user, &told).await;
        arrived(told).map(drop)
    }

    /// To the asker alone, where they are, else in a direct message; to nobody where they are not
    /// in Slack.
    async fn whisper(&self, task: &mut Task<'_>, text: &str) -> Result<(), Trouble> {
        let job = task.job;
        let user = &job.asker.user;
        if !job::is_in_slack(user) {
            return Ok(());
        }
        let here = job.place.channel.as_deref();
        if let Some(channel) = here.filter(|id| !job::is_direct(id)) {
            let mut message = plain(text);
            in_thread(&mut message, job.place.thread_ts.as_deref());
            let whispered = once(task, self.chat.ephemeral(channel, user, &message)).await;
            if arrived(whispered.map_err(Trouble::from))? {
                return Ok(());
            }
        }
        self.direct(task, user, &plain(text)).await
    }

    async fn direct(
        &self,
        task: &mut Task<'_>,
        user: &str,
        message: &Value,
    ) -> Result<(), Trouble> {
        let channel = self.chat.open_dm(user).await?;
        self.put(task, &channel, None, message).await
    }

    /// In place of a placeholder that the ledger knows, so that a repeat shows nothing twice; once
    /// more as text alone, where Slack refuses the blocks.
    async fn put(
        &self,
        task: &mut Task<'_>,
        channel: &str,
        thread_ts: Option<&str>,
        message: &Value,
    ) -> Result<(), Trouble> {
        match self.fill(task, channel, thread_ts, message).await {
            Err(Trouble::Chat(Error::Refused(code))) => {
                tracing::warn!(code, "a report is posted as text alone");
                let plainer = without_blocks(message);
                self.fill(task, channel, thread_ts, &plainer).await
            }
            filled => filled,
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
        expected: said.expected.map(str::to_owned),
        link: said.link.map(str::to_owned),
        channel: channel.clone(),
        thread_ts: thread_ts.clone(),
        ..Report::new(
            job.id.clone(),
            job.accepted_at,
            job.asker.user.clone(),
            said.question.to_owned(),
            said.wrong.to_owned(),
        )
    }
}

fn kept(answer: &AsItWas) -> Option<String> {
    serde_json::to_string(answer).ok()
}

/// Nothing where another version kept it in another form.
fn as_it_was(kept: &str) -> Option<AsItWas> {
    serde_json::from_str(kept).ok()
}

/// The message whose button was pressed.
fn pressed(place: &Place) -> Option<Posted> {
    Some(Posted {
        channel: place.channel.clone()?,
        ts: place.message_ts.clone()?,
    })
}

/// Whether a word to somebody is there, or may be; what may work in a moment goes back to the
/// queue; else there is another way.
fn arrived(told: Result<(), Trouble>) -> Result<bool, Trouble> {
    let error = match told {
        Ok(()) => return Ok(true),
        Err(Trouble::Chat(error)) => error,
        Err(trouble) => return Err(trouble),
    };
    match error {
        Error::RateLimited(_) | Error::Retry(_) | Error::Auth(_) => Err(error.into()),
        Error::Unknown(_) => {
            tracing::warn!(error = %error, "a word may be there; it is not repeated");
            Ok(true)
        }
        Error::Unreachable(_) | Error::Gone(_) | Error::Refused(_) => {
            tracing::warn!(error = %error, "a word did not arrive");
            Ok(false)
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
