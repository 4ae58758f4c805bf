//! The ledger in a DynamoDB table: the calls. What they mean is said in `ledger.rs`, what lies
//! where in `infra/STATE.md`.
//!
//! One table, no index. Every call ends within its time; throttling and failures of DynamoDB
//! itself are tried again within it, by the SDK. DynamoDB deletes what expired late, so that is
//! compared here as well. A job's lease is in `work`, reading and writing of items in `item`.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config;
use aws_sdk_dynamodb::config::retry::{RetryConfig, RetryPartition};
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use jiff::Timestamp;

use super::{Error, MOST_QUESTIONS, QUESTIONS_KEPT, REPORTS_KEPT, Report, TOPIC_KEPT, Topic};
use crate::error::chain;
use crate::job::{Posted, TriageState};
use item::{Found, Key, Row, expiry};

mod item;
mod letters;
mod lines;
#[cfg(test)]
mod tests;
mod work;

const CONNECT: Duration = Duration::from_millis(500);
/// For one request, and for all tries of it.
const ATTEMPT: Duration = Duration::from_secs(1);
const WHOLE: Duration = Duration::from_secs(3);
/// More than time allows: the time is what ends it.
const MOST_ATTEMPTS: u32 = 8;
const FIRST_WAIT: Duration = Duration::from_millis(50);
const LONGEST_WAIT: Duration = Duration::from_millis(500);

/// A person's questions are tidied up when there are so many: hardly ever.
const MOST_UNTIDY: usize = 2 * MOST_QUESTIONS as usize;

#[derive(Debug, Clone)]
pub struct Ledger {
    client: Client,
    table: String,
    tokens: Arc<Tokens>,
}

/// Names for calls: no two are alike, and those of one process sort as they were made.
#[derive(Debug)]
struct Tokens {
    process: u64,
    made: AtomicU64,
}

impl Ledger {
    pub(super) fn new(config: &SdkConfig, table: &str) -> Self {
        let times = TimeoutConfig::builder()
            .connect_timeout(CONNECT)
            .operation_attempt_timeout(ATTEMPT)
            .operation_timeout(WHOLE)
            .build();
        let retries = RetryConfig::standard()
            .with_max_attempts(MOST_ATTEMPTS)
            .with_initial_backoff(FIRST_WAIT)
            .with_max_backoff(LONGEST_WAIT);
        let config = config::Builder::from(config)
            .timeout_config(times)
            .retry_config(retries)
            // What fails elsewhere in this process takes no tries from us.
            .retry_partition(RetryPartition::custom("ledger").build())
            .build();
        Ledger {
            client: Client::from_conf(config),
            table: table.to_owned(),
            tokens: Arc::new(Tokens {
                process: rand::random(),
                made: AtomicU64::new(0),
            }),
        }
    }

    fn token(&self) -> String {
        let made = self.tokens.made.fetch_add(1, Ordering::Relaxed);
        format!("{made:010}-{:016x}", self.tokens.process)
    }

    /// Inserts or replaces.
    async fn put(&self, row: Row) -> Result<(), Error> {
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(row.into()))
            .send()
            .await;
        put.map(|_| ()).map_err(|error| failed(&error))
    }

    /// Consistent: what somebody has just written is there.
    async fn get(&self, key: Key) -> Result<Option<Found>, Error> {
        let got = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key.into()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| failed(&error))?;
        Ok(got.item.map(Found))
    }

    /// One write: the newest in front, repeats and all. Repeats are left out when it is read.
    pub(super) async fn remember_question(
        &self,
        user: &str,
        question: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        let expires_at = expiry(later(now, QUESTIONS_KEPT)).to_string();
        let newest = AttributeValue::L(vec![AttributeValue::S(question.to_owned())]);
        let added = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(Key::questions(user).into()))
            .update_expression(
                "SET questions = list_append(:newest, if_not_exists(questions, :none)), \
                 expires_at = :expires_at",
            )
            .expression_attribute_values(":expires_at", AttributeValue::N(expires_at))
            .expression_attribute_values(":newest", newest)
            .expression_attribute_values(":none", AttributeValue::L(Vec::new()))
            .return_values(ReturnValue::UpdatedNew)
            .send()
            .await
            .map_err(|error| failed(&error))?;
        let all = Found(added.attributes.unwrap_or_default()).texts("questions");
        if all.len() > MOST_UNTIDY {
            return self.tidy(user, all).await;
        }
        Ok(())
    }

    /// Unless somebody has added one meanwhile: then the next call does it.
    async fn tidy(&self, user: &str, all: Vec<String>) -> Result<(), Error> {
        let list = |questions: Vec<String>| {
            AttributeValue::L(questions.into_iter().map(AttributeValue::S).collect())
        };
        let tidied = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(Key::questions(user).into()))
            .update_expression("SET questions = :kept")
            .condition_expression("questions = :all")
            .expression_attribute_values(":kept", list(each_once(all.clone())))
            .expression_attribute_values(":all", list(all))
            .send()
            .await;
        unless_refused(tidied).map(|_| ())
    }

    pub(super) async fn last_questions(
        &self,
        user: &str,
        most: usize,
    ) -> Result<Vec<String>, Error> {
        let found = self.get(Key::questions(user)).await?;
        let all = found.map(|found| found.texts("questions"));
        let mut questions = each_once(all.unwrap_or_default());
        questions.truncate(most);
        Ok(questions)
    }

    pub(super) async fn set_topic(
        &self,
        (channel, thread_ts): (&str, &str),
        topic: &Topic,
        now: Timestamp,
    ) -> Result<(), Error> {
        let row = Row::new(Key::topic(channel, thread_ts))
            .number("entity_id", topic.entity_id)
            .maybe_text("attribute", topic.attribute.as_deref())
            .expires(later(now, TOPIC_KEPT));
        self.put(row).await
    }

    pub(super) async fn topic(
        &self,
        channel: &str,
        thread_ts: &str,
        now: Timestamp,
    ) -> Result<Option<Topic>, Error> {
        let found = self.get(Key::topic(channel, thread_ts)).await?;
        let Some(found) = found.filter(|found| !found.has_expired(now)) else {
            return Ok(None);
        };
        Ok(Some(Topic {
            entity_id: found.number("entity_id")?,
            attribute: found.maybe_text("attribute"),
        }))
    }

    pub(super) async fn save_report(&self, report: &Report) -> Result<(), Error> {
        let posted = report.posted.as_ref();
        let row = Row::new(Key::report(&report.id))
            .instant("at", report.at)
            .text("user", &report.user)
            .text("question", &report.question)
            .text("wrong", &report.wrong)
            .maybe_text("expected", report.expected.as_deref())
            .maybe_text("link", report.link.as_deref())
            .maybe_text("channel", report.channel.as_deref())
            .maybe_text("thread_ts", report.thread_ts.as_deref())
            .maybe_text(
                "posted_channel",
                posted.map(|posted| posted.channel.as_str()),
            )
            .maybe_text("posted_ts", posted.map(|posted| posted.ts.as_str()))
            .maybe_text("state", report.state.map(TriageState::name))
            .maybe_text("state_by", report.state_by.as_deref())
            .maybe_text("answer", report.answer.as_deref())
            .expires(later(report.at, REPORTS_KEPT));
        self.put(row).await
    }

    pub(super) async fn set_report_posted(&self, id: &str, posted: &Posted) -> Result<(), Error> {
        let expression = "SET posted_channel = :channel, posted_ts = :ts";
        let values = [(":channel", &*posted.channel), (":ts", &*posted.ts)];
        self.set_in_report(id, expression, values).await
    }

    pub(super) async fn set_report_state(
        &self,
        id: &str,
        state: TriageState,
        by: &str,
    ) -> Result<(), Error> {
        let values = [(":state", state.name()), (":by", by)];
        self.set_in_report(id, "SET #state = :state, state_by = :by", values)
            .await
    }

    /// Of a report that is there; the rest of it stays.
    async fn set_in_report(
        &self,
        id: &str,
        expression: &str,
        values: [(&str, &str); 2],
    ) -> Result<(), Error> {
        let mut set = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(Key::report(id).into()))
            .update_expression(expression)
            .condition_expression("attribute_exists(pk)");
        // A word of DynamoDB's own; a name that is not used is refused.
        if expression.contains("#state") {
            set = set.expression_attribute_names("#state", "state");
        }
        for (name, value) in values {
            set = set.expression_attribute_values(name, AttributeValue::S(value.to_owned()));
        }
        unless_refused(set.send().await).map(|_| ())
    }

    pub(super) async fn report(&self, id: &str) -> Result<Option<Report>, Error> {
        let Some(found) = self.get(Key::report(id)).await? else {
            return Ok(None);
        };
        Ok(Some(Report {
            id: id.to_owned(),
            at: found.instant("at")?,
            user: found.text("user")?,
            question: found.text("question")?,
            wrong: found.text("wrong")?,
            expected: found.maybe_text("expected"),
            link: found.maybe_text("link"),
            channel: found.maybe_text("channel"),
            thread_ts: found.maybe_text("thread_ts"),
            posted: found.posted(),
            state: found
                .maybe_text("state")
                .as_deref()
                .and_then(TriageState::named),
            state_by: found.maybe_text("state_by"),
            answer: found.maybe_text("answer"),
        }))
    }
}

/// The first of each, and no more than are kept.
fn each_once(questions: Vec<String>) -> Vec<String> {
    let mut seen = HashSet::new();
    let first = questions
        .into_iter()
        .filter(|question| seen.insert(question.clone()));
    first.take(MOST_QUESTIONS as usize).collect()
}

fn later(at: Timestamp, by: Duration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// Nothing where the condition did not hold.
fn unless_refused<T>(done: Result<T, SdkError<UpdateItemError>>) -> Result<Option<T>, Error> {
    match done {
        Ok(done) => Ok(Some(done)),
        Err(error) => match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(None),
            Some(_) | None => Err(failed(&error)),
        },
    }
}

fn failed<E>(error: &SdkError<E>) -> Error
where
    E: std::error::Error + 'static,
{
    let is_timeout = matches!(error, SdkError::TimeoutError(_))
        || matches!(error, SdkError::DispatchFailure(failure) if failure.is_timeout());
    if is_timeout {
        return Error::TimedOut;
    }
    Error::Failed {
        reason: chain(error),
    }
}
