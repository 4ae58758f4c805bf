//! Answers words: each question in them, for who will read it, as one message.
//!
//! Start at [`Worker::answer`].

use jiff::Timestamp;

use super::delivery::Forms;
use super::delivery::ways::Purpose;
use super::note::Note;
use super::{Task, Trouble, Worker, age, milliseconds};
use crate::access::Through;
use crate::answer::{Answer, Read};
use crate::ask::{self, About, Request, Response, Why};
use crate::catalog::Catalog;
use crate::engine::Call;
use crate::error::{Class, Failure};
use crate::job::{self, Job, Place, Reply};
use crate::ledger::{Access, Topic};
use crate::link::Links;
use crate::render::blocks::{self, Flavour, Message};
use crate::render::views::{self, Offered, Offers};
use crate::visibility::{self, Audience};

/// As much of a request's id as a person is asked to copy; `why jobs` finds a letter by it.
const REFERENCE: usize = 8;

/// Of the time for the work: the rest is for Slack.
const READING: f64 = 0.8;
/// The code of a text that asks nothing.
const NO_WORDS: &str = "empty";

/// What became of each question in a text.
pub(super) type Outcomes = Vec<Result<Response, Failure>>;

impl Worker {
    pub(super) async fn answer(&self, task: &mut Task<'_>, text: &str) -> Result<(), Trouble> {
        self.hold_place(task).await?;
        let (job, place) = (task.job, &task.job.place);
        let why = match self.lake.why().await {
            Ok(why) => why,
            Err(failure) => {
                let failure = final_failure(job, failure)?;
                let forms = Forms::simple(blocks::failure(&failure));
                let outcomes = vec![Err(failure)];
                self.tell(task, purpose(place, &outcomes), &forms).await?;
                self.count(job, &outcomes);
                return Ok(());
            }
        };
        let catalog = &why.catalog;
        let audience = match shared_channel(place) {
            Some(channel) => self.here(catalog, &job.asker, channel).await?,
            None => self.person(catalog, &job.asker, place).await?,
        };
        let outcomes = self.respond(&why, task, text, &audience).await?;
        let offers = Offers {
            share: offered(shared_channel(place).is_none() && is_channel(place)),
            report: offered(self.settings.triage_channel.is_some()),
        };
        let offered = visibility::offered(catalog, &audience);
        let forms = match outcomes.as_slice() {
            // Whoever only says hello is told how to ask.
            [Err(failure)] if failure.code == NO_WORDS => {
                Forms::simple(views::usage(&offered, (self.now)()))
            }
            _ => forms(&outcomes, &offered, offers, self.pages(&audience)),
        };
        self.tell(task, purpose(place, &outcomes), &forms).await?;
        self.count(job, &outcomes);
        Ok(())
    }

    /// For whoever reads what is rendered for this audience.
    pub(super) fn pages<'a>(&'a self, audience: &'a Audience) -> Pages<'a> {
        Pages {
            links: self.settings.links.as_ref(),
            audience,
            now: (self.now)(),
        }
    }

    /// When it stands in Slack, so that what is done again counts once.
    pub(super) fn count(&self, job: &Job, outcomes: &Outcomes) {
        for outcome in outcomes {
            self.notes.take(match outcome {
                Ok(response) => Note::Answered(Box::new(read(response).clone())),
                Err(failure) => Note::Failed {
                    code: failure.code,
                    class: failure.class,
                },
            });
        }
        self.notes.take(Note::Told(age(job, (self.now)())));
    }

    /// Each question in the text, one after the other: the next is about the company of the last.
    ///
    /// # Errors
    /// What may work later: then nothing is said yet.
    pub(super) async fn respond(
        &self,
        why: &Why,
        task: &Task<'_>,
        text: &str,
        audience: &Audience,
    ) -> Result<Outcomes, Trouble> {
        let job = task.job;
        let thread = thread(&job.place);
        let known = match thread {
            Some((channel, thread_ts)) => {
                self.ledger.topic(channel, thread_ts, (self.now)()).await?
            }
            None => None,
        };
        let mut topic = known.as_ref().map(before);
        let mut outcomes = Vec::new();
        let mut questions = why.several(text, (self.now)());
        if questions.is_empty() {
            // Whoever said nothing is told how to ask.
            questions.push(text.to_owned());
        }
        for text in questions {
            let request = Request {
                audience: audience.clone(),
                topic: topic.clone(),
                call: self.call(task),
                ..Request::new(text)
            };
            let began = (self.now)();
            let outcome = why.respond(&request, began).await;
            log_read(job, &outcome, milliseconds(began, (self.now)()));
            self.audit(why, job, &request, &outcome).await?;
            match outcome {
                Ok(response) => {
                    let about = about(&response);
                    topic = Some(before(&about));
                    self.remember(why, job, &request, &about).await?;
                    outcomes.push(Ok(response));
                }
                Err(failure) => outcomes.push(Err(final_failure(job, failure)?)),
            }
        }
        Ok(outcomes)
    }

    /// The same job takes up the same queries, and leaves time to say what came of them.
    pub(super) fn call(&self, task: &Task<'_>) -> Call {
        let reading = self.settings.work().mul_f64(READING);
        Call {
            seed: Some(task.job.id.clone()),
            budget: Some(reading.saturating_sub(task.began.elapsed())),
        }
    }

    /// Who asked what, however it ended; before anybody reads it.
    pub(super) async fn audit(
        &self,
        why: &Why,
        job: &Job,
        request: &Request,
        outcome: &Result<Response, Failure>,
    ) -> Result<(), Trouble> {
        let now = (self.now)();
        let about = match outcome {
            Ok(response) => Some(about(response)),
            Err(_) => why.understand(request, now).ok().map(|asked| Topic {
                entity_id: asked.entity_id,
                attribute: Some(asked.attribute),
            }),
        };
        let access = Access {
            at: now,
            user: job.asker.user.clone(),
            team: job.asker.team.clone(),
            channel: job.place.channel.clone(),
            entity_id: about.as_ref().map(|about| about.entity_id),
            attribute: about.and_then(|about| about.attribute),
            outcome: match outcome {
                Ok(_) => "answered".to_owned(),
                Err(failure) => failure.code.to_owned(),
            },
            through: Through::Slack,
        };
        Ok(self.ledger.audit(&access).await?)
    }

    async fn remember(
        &self,
        why: &Why,
        job: &Job,
        request: &Request,
        about: &Topic,
    ) -> Result<(), Trouble> {
        let now = (self.now)();
        if let Some((channel, thread_ts)) = spoken_in(&job.place) {
            self.ledger
                .set_topic(channel, thread_ts, about, now)
                .await?;
        }
        // It must say the same without the thread.
        let text = match request.topic {
            Some(_) if !names(why, &request.text, about, now) => {
                alone(why, &request.text, about, now)
            }
            Some(_) | None => request.text.clone(),
        };
        let user = &job.asker.user;
        Ok(self.ledger.remember_question(user, &text, now).await?)
    }
}

/// Whether the words alone name this company.
fn names(why: &Why, text: &str, about: &Topic, now: Timestamp) -> bool {
    let alone = why.understand(&Request::new(text), now);
    about.attribute.is_none() || alone.is_ok_and(|asked| asked.entity_id == about.entity_id)
}

/// What was pressed is not replaced by what only the presser can mend.
fn purpose(place: &Place, outcomes: &Outcomes) -> Purpose {
    match place.is_pressed() && outcomes.iter().all(Result::is_err) {
        true => Purpose::Note,
        false => Purpose::Answer,
    }
}

/// Words of a thread that say the same without it.
fn alone(why: &Why, text: &str, about: &Topic, now: Timestamp) -> String {
    let (id, words) = (about.entity_id, ask::unlinked(text));
    let with_company = format!("#{id} {words}");
    let asked = why.understand(&Request::new(&with_company), now);
    match &about.attribute {
        Some(attribute) if !asked.is_ok_and(|asked| asked.attribute == *attribute) => {
            format!("#{id} {attribute} {words}")
        }
        Some(_) | None => with_company,
    }
}

/// Where answers are pages, for whoever reads them; nowhere without a page or a key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pages<'a> {
    links: Option<&'a Links>,
    audience: &'a Audience,
    now: Timestamp,
}

impl Pages<'_> {
    /// A link that opens this answer alone, as this audience was shown it.
    pub(super) fn of(&self, answer: &Answer) -> Option<String> {
        let links = self.links?;
        Some(links.url(&answer.question, self.audience, self.now))
    }
}

/// `catalog` has what may be offered to whoever reads.
pub(super) fn forms(
    outcomes: &Outcomes,
    catalog: &Catalog,
    offers: Offers,
    pages: Pages<'_>,
) -> Forms {
    let joined = |flavour| {
        let one = |outcome| message(outcome, catalog, flavour, offers, pages);
        let mut messages: Vec<Message> = outcomes.iter().map(one).collect();
        if let [Ok(Response::Answer(now)), Ok(Response::Answer(then))] = outcomes.as_slice()
            && let Some(first) = messages.first_mut()
        {
            views::compare(now, then, first);
        }
        match (messages.pop(), messages.is_empty()) {
            (Some(only), true) => only,
            (last, _) => {
                messages.extend(last);
                views::joined(messages)
            }
        }
    };
    Forms::new(joined(Flavour::Rich), joined(Flavour::Plain))
}

fn message(
    outcome: &Result<Response, Failure>,
    catalog: &Catalog,
    flavour: Flavour,
    offers: Offers,
    pages: Pages<'_>,
) -> Message {
    match outcome {
        Ok(Response::Answer(answer)) => {
            let mut message = blocks::answer(answer, flavour);
            let page = pages.of(answer);
            let buttons = views::buttons(answer, catalog, offers, page.as_deref());
            message.blocks.extend(buttons);
            message
        }
        Ok(Response::Overview(overview)) => views::overview(overview, offers),
        Ok(Response::Changes(changes)) => views::changes(changes, offers),
        Err(failure) => blocks::failure(failure),
    }
}

/// What a person reads; `Err` where it may work later.
pub(super) fn final_failure(job: &Job, failure: Failure) -> Result<Failure, Trouble> {
    match failure.class {
        Class::Retry => Err(Trouble::Failed(Box::new(failure))),
        Class::Internal => {
            tracing::error!(
                job.id = %job.id,
                request.id = %job.request_id,
                code = failure.code,
                why = failure.text,
                "ALARM: a question failed"
            );
            Ok(Failure {
                reference: Some(reference(job)),
                ..apology_of(failure)
            })
        }
        Class::User | Class::Rejected => Ok(failure),
    }
}

/// What broke is in the log: files and addresses are not for a channel.
fn apology_of(failure: Failure) -> Failure {
    Failure {
        text: "Sorry, I can't answer this: something is wrong with the lake or with me, not with \
               your question."
            .to_owned(),
        advice: "Give whoever runs `why` here the reference below: it leads them to what is wrong."
            .to_owned(),
        ..failure
    }
}

/// Names a job to a person.
pub(super) fn reference(job: &Job) -> String {
    job.request_id.chars().take(REFERENCE).collect()
}

/// As the next words are understood.
fn before(topic: &Topic) -> About {
    About {
        entity_id: topic.entity_id,
        attribute: topic.attribute.clone(),
    }
}

fn about(response: &Response) -> Topic {
    match response {
        Response::Answer(answer) => Topic {
            entity_id: answer.question.entity_id,
            attribute: Some(answer.question.attribute.clone()),
        },
        Response::Overview(overview) => Topic {
            entity_id: overview.entity_id,
            attribute: None,
        },
        Response::Changes(changes) => Topic {
            entity_id: changes.entity_id,
            attribute: None,
        },
    }
}

/// What was read for it.
/// The step between receiving and posting: what an engine did for one question. No words of it.
fn log_read(job: &Job, outcome: &Result<Response, Failure>, duration_ms: i64) {
    let read = outcome.as_ref().ok().map(read);
    let query = read.and_then(|read| read.athena.as_ref()?.ids.first());
    tracing::info!(
        job.id = %job.id,
        request.id = %job.request_id,
        step = "read",
        outcome = outcome.as_ref().map_or_else(|failure| failure.code, |_| "answered"),
        engine = read.map(|read| read.engine),
        duration_ms,
        planning_ms = read.map(|read| read.planning_ms),
        engine_ms = read.map(|read| read.total_ms),
        requests = read.map(|read| read.requests),
        scanned_bytes = read.map(|read| read.bytes_read),
        athena.query_id = query,
        "a question"
    );
}

pub(super) fn read(response: &Response) -> &Read {
    match response {
        Response::Answer(answer) => &answer.read,
        Response::Overview(overview) => &overview.read,
        Response::Changes(changes) => &changes.read,
    }
}

/// The thread whose readers all see the answer: what one person looks up beside it is not what the
/// others speak of.
pub(super) fn spoken_in(place: &Place) -> Option<(&str, &str)> {
    thread(place).filter(|(channel, _)| job::is_direct(channel) || shared_channel(place).is_some())
}

fn thread(place: &Place) -> Option<(&str, &str)> {
    place.channel.as_deref().zip(place.thread_ts.as_deref())
}

fn is_channel(place: &Place) -> bool {
    matches!(&place.channel, Some(channel) if !job::is_direct(channel))
}

/// The channel whose readers all see the answer; `None` where the asker alone does.
pub(super) fn shared_channel(place: &Place) -> Option<&str> {
    match place.reply {
        Reply::Ephemeral | Reply::Beside => None,
        Reply::Thread | Reply::Update => place.channel.as_deref().filter(|_| is_channel(place)),
    }
}

fn offered(is_so: bool) -> Offered {
    if is_so { Offered::Yes } else { Offered::No }
}
