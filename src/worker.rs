//! Takes jobs from the queue and answers them in Slack, each in one visible message.
//!
//! Resolves, plans, reads, explains, renders, posts; falls back where Slack refuses; gives back to
//! the queue what may work later; apologises for what it gives up. What is to be done next is
//! decided in `next` and `delivery::ways`, both pure. Start at [`Worker::handle`].

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::ask::{Lake, Why};
use crate::chat::{self, Client};
use crate::error::Failure;
use crate::job::{Job, Posted, Undecodable, Work};
use crate::ledger::{self, Begun, Ledger};
use crate::link::Links;
use crate::queue::{self, Queue, Received};
use apology::Apology;
use next::Next;
use note::{Note, Notes};
use report::Said;

pub mod apology;
mod ask;
mod delivery;
mod home;
mod modal;
mod next;
pub mod note;
mod report;
mod rights;
mod share;
#[cfg(test)]
mod tests;
mod unfurl;

#[derive(Debug, Clone)]
pub struct Worker {
    pub lake: Lake,
    pub queue: Queue,
    pub ledger: Ledger,
    pub chat: Client,
    pub settings: Settings,
    pub notes: Notes,
    /// Reads the clock.
    pub now: fn() -> jiff::Timestamp,
}

#[derive(Debug, Clone)]
pub struct Settings {
    /// Where reports of wrong values go; without one the button is not shown.
    pub triage_channel: Option<String>,
    /// After this many receives a job is given up.
    pub most_receives: u32,
    /// How long a job is invisible to others while it is worked on.
    pub lease: Duration,
    /// Links to the page under answers; without a page or a key there are none.
    pub links: Option<Links>,
}

impl Settings {
    /// For a whole delivery: ends before the lease does.
    fn whole(&self) -> Duration {
        self.lease.mul_f64(0.95)
    }

    /// For the work itself; what is left of the whole is for an apology, queue and ledger.
    fn work(&self) -> Duration {
        self.lease.mul_f64(0.6)
    }

    fn apology(&self) -> Duration {
        self.lease.mul_f64(0.2)
    }
}

/// What became of one delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// A question has its reply, this long after it was accepted.
    Answered { after: Duration },
    /// Done, and no question: a share, a form, a report, a Home tab, a preview.
    Done,
    /// Given up, and whoever asked knows.
    Apologised,
    /// Given up, and nobody could be told: an apology is owed, or nobody knows whose it was.
    Buried,
    /// It is to be delivered again.
    Again,
    /// It had been answered before.
    Repeated,
}

/// Why a job is not done: what it means for the queue is decided in one place (`next`).
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    #[error(transparent)]
    Chat(#[from] chat::Error),
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
    /// The lake did not answer; it may in a moment.
    #[error("no answer now: {}", .0.code)]
    Failed(Box<Failure>),
    #[error("the work took too long")]
    TimedOut,
    /// Workers died over it, or it was busy, too often or for too long.
    #[error("received too often, or again after too long")]
    Exhausted,
}

/// One delivery of a job, with what stands in Slack for it.
#[derive(Debug)]
struct Task<'a> {
    job: &'a Job,
    /// A message of ours for this job: updated, never joined by a second one.
    posted: Option<Posted>,
    /// A placeholder may be there of which the ledger does not know.
    unsure: bool,
    /// Something that nothing replaces was sent, and nobody has said that it is not there.
    may_be_there: bool,
    began: Instant,
}

impl<'a> Task<'a> {
    fn new(job: &'a Job) -> Self {
        Task {
            job,
            posted: None,
            unsure: false,
            may_be_there: false,
            began: Instant::now(),
        }
    }

    /// One that a worker before us began.
    fn resumed(job: &'a Job, posted: Option<Posted>) -> Self {
        Task {
            unsure: posted.is_none(),
            posted,
            ..Task::new(job)
        }
    }

    /// What it means that there was no time for the end: to repeat what may be there would show
    /// it twice.
    fn cut_off(&self) -> Result<(), Trouble> {
        if !self.may_be_there {
            return Err(Trouble::TimedOut);
        }
        tracing::warn!(
            job.id = %self.job.id,
            request.id = %self.job.request_id,
            "cut off, but it may be there; it is not repeated"
        );
        Ok(())
    }
}

impl Worker {
    /// One delivery, to its end: answered, given back, or buried with an apology. Never fails:
    /// what goes wrong is logged and dealt with.
    pub async fn handle(&self, received: &Received) -> Ended {
        let whole = self.settings.whole();
        let delivered = tokio::time::timeout(whole, self.deliver(received)).await;
        delivered.unwrap_or_else(|_| {
            tracing::error!(
                job.id = %received.id,
                attempt = received.receive_count,
                outcome = "stuck",
                "the delivery took as long as its lease; it comes again"
            );
            self.notes.take(given_back(received, (self.now)()));
            Ended::Again
        })
    }

    async fn deliver(&self, received: &Received) -> Ended {
        let job = match Job::decode(&received.body) {
            Ok(job) => job,
            Err(undecodable) => return self.bury_unread(received, &undecodable).await,
        };
        let began = (self.now)();
        match self.ledger.begin(&job.id, self.settings.lease, began).await {
            Ok(Begun::New) => self.attempt(received, Task::new(&job), began).await,
            Ok(Begun::Resumed { posted }) => {
                let task = Task::resumed(&job, posted);
                self.attempt(received, task, began).await
            }
            Ok(Begun::Done) => {
                log(received, &job, "done_before", began, began);
                heed(received, self.queue.done(received).await);
                Ended::Repeated
            }
            Ok(Begun::Busy { until }) => {
                log(received, &job, "busy", began, began);
                let delay = Duration::try_from(until.duration_since(began)).unwrap_or_default();
                self.again(received, delay, began).await
            }
            // Nothing was begun, so nothing is to be released.
            Err(error) => {
                let delay = queue::backoff(received.receive_count, rand::random());
                tracing::error!(job.id = %job.id, request.id = %job.request_id, %error, "no ledger");
                self.again(received, delay, began).await
            }
        }
    }

    async fn again(&self, received: &Received, delay: Duration, now: Timestamp) -> Ended {
        heed(received, self.queue.again(received, delay, now).await);
        self.notes.take(given_back(received, now));
        Ended::Again
    }

    /// Another version's job, or garbage: never blocks the rest, and an operator must know.
    async fn bury_unread(&self, received: &Received, undecodable: &Undecodable) -> Ended {
        let why = undecodable.in_short();
        tracing::error!(
            job.id = %received.id,
            attempt = received.receive_count,
            outcome = "undecodable",
            why,
            "ALARM: a job can't be read"
        );
        self.bury(received, &why).await
    }

    /// Where it can't be buried, it comes again when its delivery runs out.
    async fn bury(&self, received: &Received, why: &str) -> Ended {
        let buried = self.queue.bury(received, why, (self.now)()).await;
        let (ended, note) = match &buried {
            Ok(()) => (Ended::Buried, Note::Buried),
            Err(_) => (Ended::Again, given_back(received, (self.now)())),
        };
        heed(received, buried);
        self.notes.take(note);
        ended
    }

    async fn attempt(&self, received: &Received, mut task: Task<'_>, began: Timestamp) -> Ended {
        let job = task.job;
        let tried = next::Tried {
            received: received.receive_count,
            most: self.settings.most_receives,
            age: age(job, began),
        };
        let worked = if tried.is_enough() {
            Err(Trouble::Exhausted)
        } else {
            let work = tokio::time::timeout(self.settings.work(), self.work(&mut task)).await;
            work.unwrap_or_else(|_| task.cut_off())
        };
        let trouble = match worked {
            Ok(()) => {
                let now = (self.now)();
                log(received, job, "done", began, now);
                self.finish(received, job).await;
                return done(job, now);
            }
            Err(trouble) => trouble,
        };
        let next = next::after(
            &trouble,
            next::Tried {
                age: age(job, (self.now)()),
                ..tried
            },
            rand::random(),
        );
        if let Trouble::Chat(chat::Error::Auth(_)) = trouble {
            self.notes.take(Note::TokenRefused);
        }
        let duration_ms = milliseconds(began, (self.now)());
        if next::is_alarm(&trouble) || next == Next::GiveUp {
            tracing::error!(
                job.id = %job.id,
                request.id = %job.request_id,
                attempt = received.receive_count,
                outcome = next.as_str(),
                duration_ms,
                why = %trouble,
                "ALARM: a job failed"
            );
        } else {
            tracing::warn!(
                job.id = %job.id,
                request.id = %job.request_id,
                attempt = received.receive_count,
                outcome = next.as_str(),
                duration_ms,
                why = %trouble,
                "a job did not work yet"
            );
        }
        match next {
            Next::Again(delay) => {
                heed(received, self.ledger.release(&job.id).await);
                self.again(received, delay, (self.now)()).await
            }
            Next::GiveUp => self.give_up(received, &mut task, &trouble).await,
        }
    }

    async fn work(&self, task: &mut Task<'_>) -> Result<(), Trouble> {
        let job = task.job;
        match &job.work {
            Work::Ask { text } => self.answer(task, text).await,
            Work::Share { text } => self.share(task, text).await,
            Work::FillModal { view_id, message } => {
                self.fill_modal(job, view_id, message.as_deref()).await
            }
            Work::Home => self.home(job).await,
            Work::Report {
                text,
                wrong,
                expected,
                link,
            } => {
                let said = Said {
                    question: text,
                    wrong,
                    expected: expected.as_deref(),
                    link: link.as_deref(),
                };
                self.report(task, said).await
            }
            Work::Triage { report, state } => self.triage(task, report, *state).await,
            Work::Unfurl { links, pasted } => self.unfurl(task, links, pasted.as_ref()).await,
        }
    }

    /// The ledger first: where this ends between the two, the next delivery finds it done. One of
    /// the two is enough, so the second is done even where the first failed.
    async fn finish(&self, received: &Received, job: &Job) {
        heed(received, self.ledger.finish(&job.id, (self.now)()).await);
        heed(received, self.queue.done(received).await);
    }

    /// Buried first: where this ends before the apology, the letter says that one is owed.
    async fn give_up(&self, received: &Received, task: &mut Task<'_>, trouble: &Trouble) -> Ended {
        let ended = self.bury(received, &trouble.to_string()).await;
        if ended == Ended::Again {
            heed(received, self.ledger.release(&task.job.id).await);
            return ended;
        }
        match self.settle_apology(&received.id, task).await {
            Apology::Made => Ended::Apologised,
            // What is still owed then stands in the letter.
            Apology::Owed | Apology::Never => Ended::Buried,
        }
    }

    /// The lake, for what can't even be begun without it.
    async fn why(&self) -> Result<Arc<Why>, Trouble> {
        let why = self.lake.why().await;
        why.map_err(|failure| Trouble::Failed(Box::new(failure)))
    }
}

/// How it is counted: several questions in one text are one.
fn done(job: &Job, now: Timestamp) -> Ended {
    match job.work {
        Work::Ask { .. } => Ended::Answered {
            after: age(job, now),
        },
        Work::Share { .. }
        | Work::FillModal { .. }
        | Work::Home
        | Work::Report { .. }
        | Work::Triage { .. }
        | Work::Unfurl { .. } => Ended::Done,
    }
}

/// Nothing where another machine's clock accepted it and runs ahead of ours.
fn age(job: &Job, now: Timestamp) -> Duration {
    Duration::try_from(now.duration_since(job.accepted_at)).unwrap_or_default()
}

/// How it is counted.
pub(crate) fn given_back(received: &Received, now: Timestamp) -> Note {
    let age = now.duration_since(received.sent_at);
    Note::Again(Duration::try_from(age).unwrap_or_default())
}

fn milliseconds(from: Timestamp, to: Timestamp) -> i64 {
    to.as_millisecond() - from.as_millisecond()
}

fn log(received: &Received, job: &Job, outcome: &'static str, from: Timestamp, to: Timestamp) {
    tracing::info!(
        job.id = %job.id,
        request.id = %job.request_id,
        attempt = received.receive_count,
        step = "job",
        outcome,
        duration_ms = milliseconds(from, to),
        "a job"
    );
}

/// Queue or ledger did not do as told: a lease that runs out mends it, so it is only logged.
fn heed<E: std::fmt::Display>(received: &Received, result: Result<(), E>) {
    if let Err(error) = result {
        tracing::error!(job.id = %received.id, attempt = received.receive_count, %error, "state");
    }
}
