//! Tells whoever asked that their question was given up: once, through whatever way is left.
//!
//! The letter says whether an apology is owed, the ledger whether it was made, so that a worker
//! that dies between the two apologises at most once. Start at [`Worker::apologise_pending`].

use std::time::Duration;

use jiff::Timestamp;

use serde_json::json;

use super::ask::reference;
use super::delivery::Forms;
use super::delivery::ways::Purpose;
use super::note::Note;
use super::{Task, Trouble, Worker};
use crate::chat::Error;
use crate::error::{Class, Failure};
use crate::job::{self, Job, Work};
use crate::ledger::Begun;
use crate::render::blocks;

/// After this an apology would be news of yesterday.
const OWED: Duration = Duration::from_secs(24 * 60 * 60);
/// The next are tried a lease later.
const MOST_AT_ONCE: usize = 50;
/// As much of the question as an apology repeats.
const QUOTED: usize = 120;

/// Whether whoever asked knows that nothing will come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Apology {
    Made,
    /// Nobody knows whom to tell, no way leads to them, or it would be news of yesterday.
    Never,
    /// Not yet: it is to be tried again.
    Owed,
}

impl Worker {
    /// Tries again what no way led to before; to be called now and then. Never fails: what does
    /// not work is logged and stays owed, for a day.
    pub async fn apologise_pending(&self) {
        let since = (self.now)().checked_sub(OWED).unwrap_or(Timestamp::MIN);
        let letters = match self.queue.owed(MOST_AT_ONCE, since).await {
            Ok(letters) => letters,
            Err(error) => {
                tracing::error!(%error, "the dead letters can't be read");
                return;
            }
        };
        for letter in &letters {
            // Nobody knows who sent what can't be read.
            if let Ok(job) = Job::decode(&letter.body) {
                let _ = self.apologise_later(&letter.id, &job).await;
            }
        }
    }

    /// For a letter that was delivered by itself, and has its job's id.
    pub async fn apologise_for(&self, job: Option<&Job>, sent_at: Timestamp) -> Apology {
        // Nobody knows who sent what can't be read.
        let Some(job) = job else {
            return Apology::Never;
        };
        let age = (self.now)().duration_since(sent_at);
        if Duration::try_from(age).unwrap_or_default() > OWED {
            tracing::error!(
                job.id = %job.id,
                request.id = %job.request_id,
                "ALARM: an apology was never made"
            );
            return Apology::Never;
        }
        self.apologise_later(&job.id, job).await
    }

    async fn apologise_later(&self, letter: &str, job: &Job) -> Apology {
        let begun = self
            .ledger
            .begin(&job.id, self.settings.lease, (self.now)())
            .await;
        let mut task = match begun {
            Ok(Begun::New) => Task::new(job),
            Ok(Begun::Resumed { posted }) => Task::resumed(job, posted),
            Ok(Begun::Done) => {
                self.apology_made(letter, job).await;
                return Apology::Made;
            }
            Ok(Begun::Busy { .. }) => return Apology::Owed,
            Err(error) => {
                tracing::error!(job.id = %job.id, request.id = %job.request_id, %error, "no ledger");
                return Apology::Owed;
            }
        };
        self.settle_apology(letter, &mut task).await
    }

    /// Apologises under a lease that is ours, and lets go of it. What is still owed is in the log.
    pub(super) async fn settle_apology(&self, letter: &str, task: &mut Task<'_>) -> Apology {
        let job = task.job;
        let apology = tokio::time::timeout(self.settings.apology(), self.apologise(task)).await;
        match apology.unwrap_or_else(|_| task.cut_off()) {
            Ok(()) => {
                let finished = self.ledger.finish(&job.id, (self.now)()).await;
                logged(job, finished);
                self.apology_made(letter, job).await;
                Apology::Made
            }
            // It would fail the same way for a day, with an alarm each time.
            Err(Trouble::Chat(
                error @ (Error::Unreachable(_) | Error::Gone(_) | Error::Refused(_)),
            )) => {
                tracing::error!(
                    job.id = %job.id,
                    request.id = %job.request_id,
                    why = %error,
                    "ALARM: an apology reaches nobody, and is not tried again"
                );
                logged(job, self.ledger.finish(&job.id, (self.now)()).await);
                self.apology_made(letter, job).await;
                Apology::Never
            }
            Err(trouble) => {
                tracing::error!(
                    job.id = %job.id,
                    request.id = %job.request_id,
                    why = %trouble,
                    "ALARM: an apology is owed"
                );
                self.notes.take(Note::ApologyOwed);
                logged(job, self.ledger.release(&job.id).await);
                Apology::Owed
            }
        }
    }

    async fn apology_made(&self, letter: &str, job: &Job) {
        logged(job, self.queue.apologised(letter).await);
    }

    async fn apologise(&self, task: &mut Task<'_>) -> Result<(), Trouble> {
        let failure = apology(task.job);
        let purpose = match &task.job.work {
            // The answer under which it was pressed stays.
            Work::Ask { .. } if task.job.place.is_pressed() => Purpose::ApologyBeside,
            Work::Ask { .. } => Purpose::Apology,
            Work::Share { .. } => Purpose::ApologyBeside,
            // It came through another door, and nobody waits here.
            Work::Report { .. } if !job::is_in_slack(&task.job.asker.user) => return Ok(()),
            // What is there is for others, or not in the place of whoever is told.
            Work::Report { .. } | Work::Triage { .. } => {
                task.posted = None;
                Purpose::ApologyBeside
            }
            Work::FillModal { view_id, .. } => {
                let view = modal(&failure);
                return match self.chat.update_view(view_id, &view).await {
                    // Closed: nobody waits for it.
                    Err(Error::Unreachable(_)) => Ok(()),
                    updated => Ok(updated?),
                };
            }
            // Nobody asked; the tab shows what it showed, and a link is a link.
            Work::Home | Work::Unfurl { .. } => return Ok(()),
        };
        let forms = Forms::simple(blocks::failure(&failure));
        self.tell(task, purpose, &forms).await
    }
}

/// What happened, what to do, and the name under which operators find it.
pub(super) fn apology(job: &Job) -> Failure {
    let text = match &job.work {
        Work::Ask { text } => format!(
            "Sorry, I could not answer \u{201c}{}\u{201d}: it failed again and again, and I gave it up.",
            quoted(text)
        ),
        Work::Share { .. } => "Sorry, I could not share the answer, and gave it up.".to_owned(),
        Work::Report { .. } => {
            "Sorry, I could not pass your report on: nobody has been told yet.".to_owned()
        }
        Work::Triage { .. } => "Sorry, I could not note what you pressed.".to_owned(),
        Work::FillModal { .. } => "Sorry, I could not prepare this form.".to_owned(),
        Work::Home => "Sorry, I could not fill this tab.".to_owned(),
        Work::Unfurl { .. } => "Sorry, I could not show what this link leads to.".to_owned(),
    };
    Failure {
        class: Class::Internal,
        code: "given_up",
        text,
        advice: "Try again in a few minutes. If it fails again, give whoever runs `why` here the reference below."
            .to_owned(),
        matches: Vec::new(),
        reference: Some(reference(job)),
    }
}

fn quoted(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(QUOTED) {
        Some((at, _)) => format!("{}\u{2026}", text.get(..at).unwrap_or(text)),
        None => text.to_owned(),
    }
}

fn modal(failure: &Failure) -> serde_json::Value {
    json!({
        "type": "modal",
        "title": {"type": "plain_text", "text": "Ask why"},
        "blocks": blocks::failure(failure).blocks,
    })
}

fn logged<E: std::fmt::Display>(job: &Job, result: Result<(), E>) {
    if let Err(error) = result {
        tracing::error!(job.id = %job.id, request.id = %job.request_id, %error, "state");
    }
}
