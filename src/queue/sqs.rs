//! The queue in SQS: the calls. What they mean is said in `queue.rs`.
//!
//! A standard queue: at least once, in no order, and no id is remembered. Every call ends within
//! its time; throttling and failures of SQS itself are tried again within it, by the SDK. Start at
//! [`Queue::send`]; whether a message may lie there although nobody said so is watched in `doubt`.

use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::config::retry::{RetryConfig, RetryPartition};
use aws_sdk_sqs::config::timeout::TimeoutConfig;
use aws_sdk_sqs::config::{self, Config};
use aws_sdk_sqs::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sqs::types::{
    Message, MessageAttributeValue, MessageSystemAttributeName, QueueAttributeName,
};
use jiff::Timestamp;

use super::{Error, Received, Sent};
use crate::error::chain;
use crate::job::Job;
use doubt::Doubt;

mod doubt;
mod letters;
#[cfg(test)]
mod tests;

/// Somebody waits for `send`: Slack wants its answer within 3 s, ours included.
const SEND: Patience = Patience {
    attempt: Duration::from_millis(400),
    whole: Duration::from_millis(1200),
};
/// Nobody waits but a worker.
const USUAL: Patience = Patience {
    attempt: Duration::from_secs(1),
    whole: Duration::from_secs(3),
};
const CONNECT: Duration = Duration::from_millis(300);
/// More than time allows: the time is what ends it.
const MOST_ATTEMPTS: u32 = 6;
const FIRST_WAIT: Duration = Duration::from_millis(50);
const LONGEST_WAIT: Duration = Duration::from_millis(200);

/// A long poll asks all of SQS's servers, a short one only some, and may miss what is there.
const POLL: Duration = Duration::from_secs(1);
/// SQS's limit for one ReceiveMessage.
const MOST_AT_ONCE: usize = 10;
/// SQS's longest visibility time-out.
const LONGEST_INVISIBLE: Duration = Duration::from_secs(12 * 60 * 60);
/// As much of a reason as an attribute carries.
const LONGEST_WHY: usize = 1000;

/// The attributes of a dead letter that a worker buried.
const WHY: &str = "why";
const RECEIVE_COUNT: &str = "receive_count";
const SENT_AT: &str = "sent_at";

/// Who takes messages from the queue, and so who deletes what is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// Lambda receives, and deletes whatever the function does not report as failed.
    Lambda,
    /// A worker calls `receive`, and `done` and `bury` delete.
    Polled,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Urls {
    /// The queue that is served. For a function that takes dead letters that is theirs.
    pub queue: String,
    /// Where to what is buried goes; without one nothing can be.
    pub dead_letters: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Queue {
    client: Client,
    urls: Urls,
    delivery: Delivery,
}

#[derive(Debug, Clone, Copy)]
struct Patience {
    /// For one request.
    attempt: Duration,
    /// For all tries of it.
    whole: Duration,
}

impl Patience {
    fn config(self) -> TimeoutConfig {
        TimeoutConfig::builder()
            .connect_timeout(CONNECT)
            .operation_attempt_timeout(self.attempt)
            .operation_timeout(self.whole)
            .build()
    }

    fn instead(self) -> config::Builder {
        Config::builder().timeout_config(self.config())
    }
}

impl Queue {
    pub(super) fn new(config: &SdkConfig, urls: Urls, delivery: Delivery) -> Self {
        let retries = RetryConfig::standard()
            .with_max_attempts(MOST_ATTEMPTS)
            .with_initial_backoff(FIRST_WAIT)
            .with_max_backoff(LONGEST_WAIT);
        let config = config::Builder::from(config)
            .timeout_config(USUAL.config())
            .retry_config(retries)
            // What fails elsewhere in this process takes no tries from us.
            .retry_partition(RetryPartition::custom("queue").build())
            .build();
        Queue {
            client: Client::from_conf(config),
            urls,
            delivery,
        }
    }

    pub(super) async fn send(&self, body: &str) -> Result<Sent, Error> {
        let doubt = Doubt::default();
        let sent = self
            .client
            .send_message()
            .queue_url(&self.urls.queue)
            .message_body(body)
            .customize()
            .interceptor(doubt.clone())
            .config_override(SEND.instead())
            .send()
            .await;
        match sent {
            Ok(sent) if sent.message_id().is_some() => Ok(Sent::New),
            Ok(_) => Err(Error::Unknown {
                reason: "SQS gave no message id".to_owned(),
            }),
            Err(error) => Err(doubt.told(failed(&error))),
        }
    }

    pub(super) async fn receive(
        &self,
        most: usize,
        invisible: Duration,
    ) -> Result<Vec<Received>, Error> {
        if most == 0 {
            return Ok(Vec::new());
        }
        let messages = self.take(&self.urls.queue, most, invisible, POLL).await?;
        messages.iter().map(received).collect()
    }

    /// At most 10, whatever is asked for; with all that SQS knows of each.
    async fn take(
        &self,
        url: &str,
        most: usize,
        invisible: Duration,
        wait: Duration,
    ) -> Result<Vec<Message>, Error> {
        let patience = Patience {
            attempt: USUAL.attempt + wait,
            whole: USUAL.whole + wait,
        };
        let taken = self
            .client
            .receive_message()
            .queue_url(url)
            .max_number_of_messages(i32::try_from(most.min(MOST_AT_ONCE)).unwrap_or(1))
            .visibility_timeout(seconds(invisible))
            .wait_time_seconds(seconds(wait))
            .message_system_attribute_names(MessageSystemAttributeName::ApproximateReceiveCount)
            .message_system_attribute_names(MessageSystemAttributeName::SentTimestamp)
            .message_attribute_names("All")
            .customize()
            .config_override(patience.instead())
            .send()
            .await;
        let taken = taken.map_err(|error| failed(&error))?;
        Ok(taken.messages.unwrap_or_default())
    }

    pub(super) async fn done(&self, received: &Received) -> Result<(), Error> {
        match self.delivery {
            Delivery::Lambda => Ok(()),
            Delivery::Polled => self.delete(&self.urls.queue, &received.receipt).await,
        }
    }

    async fn delete(&self, url: &str, receipt: &str) -> Result<(), Error> {
        let deleted = self
            .client
            .delete_message()
            .queue_url(url)
            .receipt_handle(receipt)
            .send()
            .await;
        stale_is_done(deleted)
    }

    pub(super) async fn again(&self, received: &Received, delay: Duration) -> Result<(), Error> {
        self.hide(&self.urls.queue, &received.receipt, delay).await
    }

    async fn hide(&self, url: &str, receipt: &str, delay: Duration) -> Result<(), Error> {
        let hidden = self
            .client
            .change_message_visibility()
            .queue_url(url)
            .receipt_handle(receipt)
            .visibility_timeout(seconds(delay))
            .send()
            .await;
        stale_is_done(hidden)
    }

    /// The letter first: where this ends between the two, it is delivered and buried once more.
    pub(super) async fn bury(&self, received: &Received, why: &str) -> Result<(), Error> {
        let Some(dead_letters) = &self.urls.dead_letters else {
            return Err(no_dead_letters());
        };
        let buried = self
            .client
            .send_message()
            .queue_url(dead_letters)
            .message_body(&received.body)
            .message_attributes(WHY, attribute("String", &writable(why))?)
            .message_attributes(
                RECEIVE_COUNT,
                attribute("Number", &received.receive_count.to_string())?,
            )
            .message_attributes(SENT_AT, attribute("String", &received.sent_at.to_string())?)
            .send()
            .await;
        buried.map_err(|error| failed(&error))?;
        self.done(received).await
    }

    /// As far as SQS knows, which is not to the message; how old the oldest is it does not say.
    pub(super) async fn depth(&self) -> Result<(u64, Option<Timestamp>), Error> {
        let counts = [
            QueueAttributeName::ApproximateNumberOfMessages,
            QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
            QueueAttributeName::ApproximateNumberOfMessagesDelayed,
        ];
        let known = self
            .client
            .get_queue_attributes()
            .queue_url(&self.urls.queue)
            .set_attribute_names(Some(counts.to_vec()))
            .send()
            .await
            .map_err(|error| failed(&error))?;
        let mut depth = 0;
        for count in &counts {
            let count = known
                .attributes()
                .and_then(|known| known.get(count)?.parse::<u64>().ok());
            depth += count.ok_or_else(|| unreadable("a count"))?;
        }
        Ok((depth, None))
    }
}

fn received(message: &Message) -> Result<Received, Error> {
    let body = message.body().ok_or_else(|| unreadable("a body"))?;
    let receipt = message.receipt_handle();
    Ok(Received {
        id: id(message)?,
        receipt: receipt.ok_or_else(|| unreadable("a receipt"))?.to_owned(),
        body: body.to_owned(),
        receive_count: receive_count(message)?,
        sent_at: sent_at(message)?,
    })
}

/// The job's, where the body is one.
fn id(message: &Message) -> Result<String, Error> {
    let job = message.body().and_then(Job::id_in);
    job.or_else(|| message.message_id().map(str::to_owned))
        .ok_or_else(|| unreadable("a message id"))
}

fn system<'a>(message: &'a Message, name: &MessageSystemAttributeName) -> Option<&'a str> {
    message.attributes()?.get(name).map(String::as_str)
}

fn receive_count(message: &Message) -> Result<u32, Error> {
    system(
        message,
        &MessageSystemAttributeName::ApproximateReceiveCount,
    )
    .and_then(|count| count.parse().ok())
    .ok_or_else(|| unreadable("a receive count"))
}

fn sent_at(message: &Message) -> Result<Timestamp, Error> {
    system(message, &MessageSystemAttributeName::SentTimestamp)
        .and_then(|milliseconds| Timestamp::from_millisecond(milliseconds.parse().ok()?).ok())
        .ok_or_else(|| unreadable("when it was sent"))
}

fn attribute(data_type: &str, value: &str) -> Result<MessageAttributeValue, Error> {
    MessageAttributeValue::builder()
        .data_type(data_type)
        .string_value(value)
        .build()
        .map_err(|error| Error::Failed {
            reason: error.to_string(),
        })
}

/// SQS takes the characters of XML 1.0 alone, and nothing that is empty.
fn writable(why: &str) -> String {
    let why = why.trim();
    if why.is_empty() {
        return "unknown".to_owned();
    }
    let in_xml = |c: char| match c {
        '\t' | '\n' | '\r' => c,
        '\u{fffe}' | '\u{ffff}' | '\u{0}'..'\u{20}' => '\u{fffd}',
        _ => c,
    };
    why.chars().map(in_xml).take(LONGEST_WHY).collect()
}

/// SQS counts whole seconds: none is cut short.
fn seconds(time: Duration) -> i32 {
    let time = time.min(LONGEST_INVISIBLE);
    let whole = time.as_secs() + u64::from(time.subsec_nanos() > 0);
    i32::try_from(whole).unwrap_or(i32::MAX)
}

/// The message has gone, or somebody else has it: not ours to change.
fn stale_is_done<T, E>(changed: Result<T, SdkError<E>>) -> Result<(), Error>
where
    E: std::error::Error + ProvideErrorMetadata + 'static,
{
    let stale = |code: &str| {
        [
            "MessageNotInflight",
            "ReceiptHandleIsInvalid",
            "InvalidParameterValue",
        ]
        .iter()
        // With the protocol's decorations: `AWS.SimpleQueueService.MessageNotInflight`.
        .any(|known| code.contains(known))
    };
    match changed {
        Ok(_) => Ok(()),
        Err(error) if error.code().is_some_and(stale) => Ok(()),
        Err(error) => Err(failed(&error)),
    }
}

fn unreadable(what: &str) -> Error {
    Error::Failed {
        reason: format!("SQS answered without {what}"),
    }
}

fn no_dead_letters() -> Error {
    Error::Failed {
        reason: "no queue of dead letters is named".to_owned(),
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
