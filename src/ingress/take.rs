//! One thing that Slack sent, from its bytes to the acknowledgement: read, queued or answered.
//!
//! Logs one line for each, with ids and an outcome, never with what was sent. Start at
//! [`Ingress::take`].

use std::time::{Duration, Instant};

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::front::{self, Outcome};
use super::job::{self, Wanted};
use super::{Ingress, path, words};
use crate::job::{Place, Work};
use crate::queue::Sent;
use crate::render::views;
use crate::slack::actions::{AS_OF, COMPANY, WRONG};
use crate::slack::request::{self, Action, Endpoint, Request, Submission, Surface};

/// Kept back from the queue's time, for the words that tell that a modal can't be filled.
const UPDATE_TIMEOUT: Duration = Duration::from_millis(600);

/// How it ended, for Slack and for the log.
pub(super) struct Done {
    status: StatusCode,
    answer: Option<Value>,
    outcome: &'static str,
    /// What went wrong, or why it is not for us.
    reason: Option<String>,
    job: Option<String>,
}

impl Done {
    fn new(status: StatusCode, outcome: &'static str) -> Self {
        Done {
            status,
            answer: None,
            outcome,
            reason: None,
            job: None,
        }
    }

    fn ok(outcome: &'static str) -> Self {
        Done::new(StatusCode::OK, outcome)
    }

    fn answer(self, answer: Value) -> Self {
        Done {
            answer: Some(answer),
            ..self
        }
    }

    fn reason(self, reason: impl Into<String>) -> Self {
        Done {
            reason: Some(reason.into()),
            ..self
        }
    }

    /// With the outcome beside it, for whoever counts.
    pub(super) fn reply(&self) -> Response {
        let mut response = front::reply(self.status, self.answer.as_ref());
        response.extensions_mut().insert(Outcome(self.outcome));
        response
    }
}

/// Why the queue has no job, or may not have it.
struct NotTaken {
    reason: String,
    /// For the person.
    words: &'static str,
}

impl Ingress {
    /// What Slack is answered: the status and, where there is one, a JSON body. For what is known
    /// to come from Slack: a verified request, or an envelope of its socket.
    pub async fn take(&self, endpoint: Endpoint, body: &[u8]) -> (StatusCode, Option<Value>) {
        let done = self.taken(endpoint, body).await;
        (done.status, done.answer)
    }

    pub(super) async fn taken(&self, endpoint: Endpoint, body: &[u8]) -> Done {
        let started = Instant::now();
        let done = match request::read(endpoint, body) {
            Ok(request) => self.handle(request).await,
            Err(unreadable) => {
                Done::new(StatusCode::BAD_REQUEST, "unreadable").reason(unreadable.to_string())
            }
        };
        log(endpoint, &done, started.elapsed());
        done
    }

    async fn handle(&self, request: Request) -> Done {
        match request {
            Request::SslCheck => Done::ok("ssl_check"),
            Request::Challenge(challenge) => {
                Done::ok("challenge").answer(json!({ "challenge": challenge }))
            }
            Request::Ignored(why) => Done::ok("ignored").reason(why),
            Request::Words {
                id,
                asker,
                place,
                text,
                surface,
            } => {
                let wanted = Wanted { id, asker, place };
                match surface {
                    Surface::Command => self.command(wanted, text).await,
                    Surface::Mention | Surface::Direct => {
                        let text = words::unless_help(text);
                        self.or_again(wanted, Work::Ask { text }).await
                    }
                }
            }
            Request::HomeOpened { id, asker } => {
                let place = Place::default();
                self.or_again(Wanted { id, asker, place }, Work::Home).await
            }
            Request::Links {
                id,
                asker,
                place,
                links,
                pasted,
            } => {
                let work = Work::Unfurl { links, pasted };
                self.or_again(Wanted { id, asker, place }, work).await
            }
            Request::Shortcut {
                id,
                asker,
                place,
                trigger_id,
                message,
            } => {
                let wanted = Wanted { id, asker, place };
                self.shortcut(wanted, trigger_id, message).await
            }
            Request::Pressed {
                id,
                asker,
                place,
                trigger_id,
                action,
            } => {
                let wanted = Wanted { id, asker, place };
                self.pressed(wanted, trigger_id, action).await
            }
            Request::Submitted {
                id,
                asker,
                submission,
            } => {
                let (input, wrong) = match &submission {
                    Submission::Ask { text, .. } => {
                        let wrong = words::wrong_day(text, &self.catalog, (self.now)());
                        (COMPANY, wrong)
                    }
                    Submission::Report { .. } => (WRONG, None),
                };
                if let Some(wrong) = wrong {
                    return Done::ok("unusable").answer(words::modal_error(AS_OF, &wrong));
                }
                let (work, place) = job::submitted(submission);
                let queued = self.queue(Wanted { id, asker, place }, work).await;
                queued.unwrap_or_else(|not| {
                    Done::ok("not_taken")
                        .answer(words::modal_error(input, not.words))
                        .reason(not.reason)
                })
            }
            // The directory is not here; whoever has it answers on its own path.
            Request::Options { .. } => Done::ok("ignored")
                .answer(json!({ "options": [] }))
                .reason("a typeahead, which has its own path"),
        }
    }

    /// What needs no lake is answered at once; the rest gets a placeholder.
    async fn command(&self, wanted: Wanted, text: String) -> Done {
        let now = (self.now)();
        if words::asks_for_help(&text) {
            let offered = words::for_everyone(&self.catalog);
            return Done::ok("usage").answer(words::usage(&offered, now));
        }
        let asked = match words::understood(&text, &self.catalog, now) {
            Ok(asked) => asked,
            Err(error) => {
                return Done::ok("unusable")
                    .answer(words::unusable(&error, &words::for_everyone(&self.catalog)))
                    .reason(error.code());
            }
        };
        match self.queue(wanted, Work::Ask { text }).await {
            Ok(done) => done.answer(words::looking(&asked, &self.catalog)),
            Err(not) => Done::ok("not_taken")
                .answer(words::not_accepted(not.words))
                .reason(not.reason),
        }
    }

    async fn shortcut(&self, wanted: Wanted, trigger_id: String, message: Option<String>) -> Done {
        let began = Instant::now();
        // Opened, queued for, and changed where the queue refused: within what the first two may
        // take, which is less than Slack waits for.
        let whole = self.open_timeout + self.queue_timeout;
        let left = || whole.saturating_sub(began.elapsed());
        let view_id = match self.open(trigger_id, views::skeleton(&wanted.place)).await {
            Ok(view_id) => view_id,
            Err(reason) => return not_opened(reason),
        };
        let work = Work::FillModal {
            view_id: view_id.clone(),
            message,
        };
        let place = wanted.place.clone();
        let patience = left().saturating_sub(UPDATE_TIMEOUT);
        let not = match self.queue_within(patience, wanted, work).await {
            Ok(done) => return done,
            Err(not) => not,
        };
        // Where it was taken after all, the worker's form replaces these words.
        let update = self.views.update(view_id, views::unfilled(&place));
        match tokio::time::timeout(left(), update).await {
            Ok(Ok(())) => Done::ok("not_taken").reason(not.reason),
            Ok(Err(why)) => not_taken(not).reason(format!("not said in the modal: {why}")),
            Err(_) => not_taken(not).reason("not said in the modal: no answer in time"),
        }
    }

    async fn pressed(&self, wanted: Wanted, trigger_id: String, action: Action) -> Done {
        let work = match action {
            Action::Ask(text) | Action::Choose(text) => Work::Ask { text },
            Action::Share(text) => Work::Share { text },
            Action::Triage { report, state } => Work::Triage { report, state },
            Action::AsOf { question, day } => Work::Ask {
                text: job::as_of(&question, &day, &self.catalog, (self.now)()),
            },
            Action::Wrong(words) => {
                let (question, about) = words.split_once('\n').unwrap_or((&words, &words));
                let view = views::report(question, about, &wanted.place);
                return match self.open(trigger_id, view).await {
                    Ok(_) => Done::ok("opened"),
                    Err(reason) => not_opened(reason),
                };
            }
            Action::Link => return Done::ok("link"),
        };
        self.or_again(wanted, work).await
    }

    /// Queued, or a 503: events are sent again, and at a press Slack shows that it failed.
    async fn or_again(&self, wanted: Wanted, work: Work) -> Done {
        self.queue(wanted, work).await.unwrap_or_else(not_taken)
    }

    async fn queue(&self, wanted: Wanted, work: Work) -> Result<Done, NotTaken> {
        self.queue_within(self.queue_timeout, wanted, work).await
    }

    async fn queue_within(
        &self,
        patience: Duration,
        wanted: Wanted,
        work: Work,
    ) -> Result<Done, NotTaken> {
        let patience = patience.min(self.queue_timeout);
        let now = (self.now)();
        let job = wanted.job(work, now);
        let body = job.encode();
        let sent = tokio::time::timeout(patience, self.queue.send(&job.id, &body, now));
        let outcome = match sent.await {
            Ok(Ok(Sent::New)) => "queued",
            Ok(Ok(Sent::Known)) => "known",
            Ok(Err(error)) => {
                let words = match error {
                    crate::queue::Error::TimedOut | crate::queue::Error::Unknown { .. } => {
                        words::MAYBE_TAKEN
                    }
                    crate::queue::Error::Open { .. }
                    | crate::queue::Error::Full { .. }
                    | crate::queue::Error::Failed { .. }
                    | crate::queue::Error::NoSuchLetter { .. } => words::NOT_TAKEN,
                };
                let reason = error.to_string();
                return Err(NotTaken { reason, words });
            }
            Err(_) => {
                return Err(NotTaken {
                    reason: "the queue did not answer in time".to_owned(),
                    words: words::MAYBE_TAKEN,
                });
            }
        };
        Ok(Done {
            job: Some(job.id),
            ..Done::ok(outcome)
        })
    }

    async fn open(&self, trigger_id: String, view: Value) -> Result<String, String> {
        let opened = tokio::time::timeout(self.open_timeout, (self.views.open)(trigger_id, view));
        opened
            .await
            .unwrap_or_else(|_| Err("Slack did not answer in time".to_owned()))
    }
}

/// Slack sends an event again, or shows that a press failed.
fn not_taken(not: NotTaken) -> Done {
    Done::new(StatusCode::SERVICE_UNAVAILABLE, "not_taken").reason(not.reason)
}

/// Slack tells whoever pressed that it did not work.
fn not_opened(reason: String) -> Done {
    Done::new(StatusCode::SERVICE_UNAVAILABLE, "not_opened").reason(reason)
}

fn log(endpoint: Endpoint, done: &Done, took: Duration) {
    let endpoint = path(endpoint);
    // A job's id is its request's id: see `job.rs`.
    let job = done.job.as_deref();
    let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    let Done {
        outcome, reason, ..
    } = done;
    let reason = reason.as_deref();
    if done.status.is_success() && *outcome != "not_taken" {
        tracing::info!(
            step = "acknowledge",
            endpoint,
            outcome,
            reason,
            request.id = job,
            job.id = job,
            duration_ms
        );
    } else {
        tracing::warn!(
            endpoint,
            outcome,
            reason,
            request.id = job,
            job.id = job,
            duration_ms
        );
    }
}
