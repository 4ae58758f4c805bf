//! The worker function: batches of SQS, record by record; and the function that takes the dead
//! letters, which is the same program behind another queue.
//!
//! Each record ends by itself: garbage, a failure or a panic in one says nothing of the others,
//! and only what is to come again is reported. The lake is opened when a question first needs it,
//! so that letters need none. Start at [`run`]; a record becomes a delivery in `batch`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use aws_config::SdkConfig;
use aws_lambda_events::sqs::SqsBatchResponse;
use jiff::Timestamp;
use lambda_runtime::{LambdaEvent, service_fn};
use serde_json::Value;
use tokio::task::JoinSet;
use tracing::Instrument;

use super::emf::{self, Line, Metric};
use super::{Error, refused, sdk, start_log, trace};
use crate::ask::{self, Lake, Why};
use crate::chat::{self, Client};
use crate::config::Environment;
use crate::config::lambda::Worker as Told;
use crate::engine::Choice;
use crate::error::Class;
use crate::ledger::Ledger;
use crate::link::{self, Links};
use crate::queue::{self, Delivery, Queue, Urls};
use crate::secrets::{self, Kept, Secret};
use crate::worker::note::{Note, Notes};
use crate::worker::{self, Ended, Worker};
use batch::{Record, Source};

mod batch;
mod letters;
#[cfg(test)]
mod tests;

/// Nobody waits for an acknowledgement here.
const SECRET: secrets::Times = secrets::Times {
    attempt: Duration::from_secs(1),
    operation: Duration::from_secs(3),
};
/// A token that was changed is in use after this.
const TOKEN_FRESH: Duration = Duration::from_secs(5 * 60);
/// No call to Slack takes longer,
const SLACK_TIMEOUT: Duration = Duration::from_secs(10);
/// nor than this part of what time there is: a delivery makes several.
const CALLS_IN_LEASE: u32 = 6;
/// Before the end of Lambda's time: to report what was done. A process that is ended by Lambda
/// reports nothing, and everything comes again.
const MARGIN: Duration = Duration::from_millis(500);
/// Less time than this is not enough to begin anything.
const LEAST: Duration = Duration::from_secs(2);
/// Seven waits between them: one to two minutes in all, and what the tries take. SQS itself gives
/// up at ten.
const MOST_RECEIVES: u32 = 8;

/// Until Lambda ends the process.
///
/// # Errors
/// A variable is missing or wrong.
pub async fn run(environment: &Environment, now: fn() -> Timestamp) -> Result<(), Error> {
    start_log(environment);
    let told = Told::told(environment).map_err(refused)?;
    let stack = told.stack.clone();
    let notes = Notes::new(move |note| count(note, &stack, now));
    let choice = ask::choice(told.engine.clone()).map_err(refused)?;
    let function = Arc::new(Function::new(told, choice, &sdk().await, notes, now));
    // In init, at a whole processor: TLS's first call as well.
    let _ = function.kept.within(TOKEN_FRESH).await;
    let take = move |event: LambdaEvent<Value>| {
        let function = Arc::clone(&function);
        async move {
            let until = deadline(event.context.deadline);
            let header = event.context.xray_trace_id.as_deref();
            let trace = header.and_then(trace::id).map(str::to_owned);
            Ok::<_, Error>(function.take(event.payload, until, trace).await)
        }
    };
    lambda_runtime::run(service_fn(take)).await
}

/// Milliseconds since 1970.
fn deadline(milliseconds: u64) -> Timestamp {
    let milliseconds = i64::try_from(milliseconds).unwrap_or(i64::MAX);
    Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::MAX)
}

fn queue(sdk: &SdkConfig, url: &str, dead_letters: Option<&str>) -> Queue {
    let urls = Urls {
        queue: url.to_owned(),
        dead_letters: dead_letters.map(str::to_owned),
    };
    Queue::sqs(sdk, urls, Delivery::Lambda)
}

/// What lives as long as the process.
struct Function {
    told: Told,
    kept: Arc<Kept>,
    lake: Lake,
    questions: Queue,
    letters: Queue,
    ledger: Ledger,
    chat: tokio::sync::Mutex<Option<Known>>,
    /// Slack refused the token: it is read again, however fresh.
    is_doubted: Arc<AtomicBool>,
    notes: Notes,
    now: fn() -> Timestamp,
}

/// A client, and the token that it has.
struct Known {
    token: String,
    client: Client,
}

impl Function {
    fn new(
        told: Told,
        choice: Choice,
        sdk: &SdkConfig,
        notes: Notes,
        now: fn() -> Timestamp,
    ) -> Self {
        let asked = (told.catalog_file.clone(), told.s3.clone(), choice);
        let lake = Lake::lazy(move || {
            let (catalog_file, aws, choice) = asked.clone();
            async move { Why::unchecked(&catalog_file, &aws, &choice).await }
        });
        let is_doubted = Arc::new(AtomicBool::new(false));
        let doubted = Arc::clone(&is_doubted);
        Function {
            kept: Arc::new(Kept::new(sdk, &told.secret, SECRET)),
            lake,
            questions: queue(sdk, &told.queue_url, Some(&told.dead_letters_url)),
            letters: queue(sdk, &told.dead_letters_url, None),
            ledger: Ledger::dynamo(sdk, &told.ledger_table),
            chat: tokio::sync::Mutex::default(),
            is_doubted,
            notes: notes.and(move |note| {
                if *note == Note::TokenRefused {
                    doubted.store(true, Ordering::Relaxed);
                }
            }),
            told,
            now,
        }
    }

    /// A batch; what is to be delivered again is in the answer.
    async fn take(
        self: &Arc<Self>,
        batch: Value,
        until: Timestamp,
        trace: Option<String>,
    ) -> SqsBatchResponse {
        let mut tasks = JoinSet::new();
        let mut response = SqsBatchResponse::default();
        let mut under_way = std::collections::HashMap::new();
        for record in batch::records(batch, batch::name(&self.told.dead_letters_url)) {
            let record = match record {
                Ok(record) => record,
                Err(unreadable) => {
                    tracing::error!(why = %unreadable, "ALARM: a record can't be read");
                    if let Some(id) = unreadable.message_id {
                        response.add_failure(id);
                    }
                    continue;
                }
            };
            let root = record.trace.clone().or_else(|| trace.clone());
            // A job's id is its request's id: see `ingress/job.rs`.
            let request = &record.received.id;
            let span = tracing::info_span!("record", request.id = %request, trace.id = root);
            let function = Arc::clone(self);
            let taken = record.clone();
            let task = async move { function.record(&taken, until).await };
            let task = tasks.spawn(task.instrument(span));
            under_way.insert(task.id(), record);
        }
        while let Some(joined) = tasks.join_next_with_id().await {
            let (id, ended) = match joined {
                Ok((id, ended)) => (id, Some(ended)),
                Err(error) => (error.id(), None),
            };
            let Some(record) = under_way.remove(&id) else {
                continue;
            };
            let ended = match ended {
                Some(ended) => ended,
                None => self.panicked(&record).await,
            };
            if ended == Ended::Again {
                response.add_failure(record.message_id);
            }
        }
        response
    }

    async fn record(&self, record: &Record, until: Timestamp) -> Ended {
        let received = &record.received;
        let now = (self.now)();
        tracing::info!(
            job.id = %received.id,
            step = "receive",
            attempt = received.receive_count,
            // In the queue since it was first sent, earlier tries included.
            duration_ms = now.as_millisecond() - received.sent_at.as_millisecond(),
            "a delivery"
        );
        let left = Duration::try_from(until.duration_since(now)).unwrap_or_default();
        let lease = left.saturating_sub(MARGIN);
        if lease < LEAST {
            tracing::warn!(job.id = %received.id, "no time is left to begin it");
            return self.again(record).await;
        }
        let Some(chat) = self.client(lease).await else {
            return self.again(record).await;
        };
        let worker = Worker {
            lake: self.lake.clone(),
            queue: self.queue(record.source).clone(),
            ledger: self.ledger.clone(),
            chat,
            settings: worker::Settings {
                triage_channel: self.told.triage_channel.clone(),
                most_receives: MOST_RECEIVES,
                lease,
                links: self.links(),
            },
            notes: self.notes.clone(),
            now: self.now,
        };
        match record.source {
            Source::Questions => worker.handle(received).await,
            Source::Letters => self.letter(&worker, record).await,
        }
    }

    fn queue(&self, source: Source) -> &Queue {
        match source {
            Source::Questions => &self.questions,
            Source::Letters => &self.letters,
        }
    }

    /// Without anybody's fault in the job: what it needs is not there.
    async fn again(&self, record: &Record) -> Ended {
        let received = &record.received;
        let delay = queue::backoff(received.receive_count, rand::random());
        let queue = self.queue(record.source);
        if let Err(error) = queue.again(received, delay, (self.now)()).await {
            tracing::warn!(job.id = %received.id, %error, "comes back when its delivery runs out");
        }
        self.notes.take(worker::given_back(received, (self.now)()));
        Ended::Again
    }

    /// The lease is still held, by nobody.
    async fn panicked(&self, record: &Record) -> Ended {
        let received = &record.received;
        // Where, the hook has said (`logs::hush_panics`).
        tracing::error!(job.id = %received.id, "ALARM: the worker panicked over a job");
        if let Err(error) = self.ledger.release(&received.id).await {
            tracing::warn!(job.id = %received.id, %error, "the lease runs on");
        }
        self.again(record).await
    }

    /// With the token that holds now; `None` where none can be had.
    async fn client(&self, lease: Duration) -> Option<Client> {
        let secret = self.secret().await?;
        let mut known = self.chat.lock().await;
        if let Some(known) = known
            .as_ref()
            .filter(|known| known.token == secret.bot_token)
        {
            return Some(known.client.clone());
        }
        let client = Client::new(chat::Settings {
            token: secret.bot_token.clone(),
            api_url: self.told.slack.api_url.clone(),
            response_hosts: self.told.slack.response_hosts.clone(),
            timeout: SLACK_TIMEOUT.min(lease / CALLS_IN_LEASE),
        });
        match client {
            Ok(client) => {
                *known = Some(Known {
                    token: secret.bot_token.clone(),
                    client: client.clone(),
                });
                Some(client)
            }
            Err(error) => {
                tracing::error!(%error, "ALARM: Slack can't be spoken to");
                self.is_doubted.store(true, Ordering::Relaxed);
                None
            }
        }
    }

    /// Signed with the key of now, which was read with the token.
    fn links(&self) -> Option<Links> {
        Some(Links {
            base: self.told.page_url.clone()?,
            key: self.kept.known()?.link_key.clone()?,
            kept: link::KEPT,
        })
    }

    async fn secret(&self) -> Option<Arc<Secret>> {
        if self.is_doubted.swap(false, Ordering::Relaxed) {
            // Where it was read a moment ago, what is known is as good.
            let _ = self.kept.doubted().await;
        }
        self.kept.within(TOKEN_FRESH).await.ok()
    }
}

/// Into CloudWatch.
fn count(note: Note, stack: &str, now: fn() -> Timestamp) {
    emf::write(&line(note), stack, now());
}

fn line(note: Note) -> Line {
    match note {
        #[expect(
            clippy::cast_precision_loss,
            reason = "a question reads far fewer bytes than an f64 counts"
        )]
        Note::Answered(read) => Line::new([
            (Metric::QuestionsAnswered, 1.0),
            (Metric::EnginePlanning, read.planning_ms),
            (Metric::EngineTime, read.total_ms),
            (Metric::BytesScanned, read.bytes_read as f64),
            (Metric::CostUsd, read.cost_usd),
        ]),
        Note::Failed { code, class } => {
            let broken = match class {
                Class::Internal => Some((Metric::QuestionsBroken, 1.0)),
                Class::Rejected | Class::User | Class::Retry => None,
            };
            let failed = std::iter::once((Metric::QuestionsFailed, 1.0));
            Line::new(failed.chain(broken).collect::<Vec<_>>()).with_code(code)
        }
        Note::Told(took) => Line::new([(Metric::TimeToAnswer, emf::milliseconds(took))]),
        Note::Again(age) => Line::new([
            (Metric::JobsAgain, 1.0),
            (Metric::JobAge, age.as_secs_f64()),
        ]),
        Note::Buried => Line::one(Metric::JobsBuried),
        Note::ApologyOwed => Line::one(Metric::ApologiesOwed),
        Note::TokenRefused => Line::one(Metric::TokenRefused),
    }
}
