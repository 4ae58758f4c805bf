//! A batch of SQS, as Lambda hands it over: record by record, so that garbage fails alone.
//!
//! Pure. Start at [`records`].

use aws_lambda_events::sqs::SqsMessage;
use jiff::Timestamp;
use serde_json::Value;

use crate::job::Job;
use crate::lambda::trace;
use crate::queue::Received;

#[cfg(test)]
mod tests;

/// Which queue delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Questions,
    /// What was given up.
    Letters,
}

/// One delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    /// What Lambda is told where it is to come again.
    pub(super) message_id: String,
    pub(super) source: Source,
    pub(super) received: Received,
    /// What the worker wrote on a letter that it buried; SQS itself writes nothing.
    pub(super) why: Option<String>,
    /// X-Ray's.
    pub(super) trace: Option<String>,
}

/// No record. The Display text, which quotes nothing, is for the log.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("it has no {lacks}")]
pub(super) struct Unreadable {
    /// By which Lambda can be told that it failed.
    pub(super) message_id: Option<String>,
    lacks: &'static str,
}

/// `letters` is the name of the queue of dead letters; every other one holds questions.
pub(super) fn records(batch: Value, letters: &str) -> Vec<Result<Record, Unreadable>> {
    let mut batch = batch;
    match batch.get_mut("Records").map(Value::take) {
        Some(Value::Array(records)) => records
            .into_iter()
            .map(|record| read(record, letters))
            .collect(),
        _ => Vec::new(),
    }
}

/// The name of a queue: the end of its ARN, and of its URL.
pub(super) fn name(of: &str) -> &str {
    of.rsplit([':', '/']).next().unwrap_or(of)
}

fn read(record: Value, letters: &str) -> Result<Record, Unreadable> {
    let message_id = record
        .get("messageId")
        .and_then(Value::as_str)
        .map(str::to_owned);
    let lacks = |lacks| Unreadable {
        message_id: message_id.clone(),
        lacks,
    };
    let message: SqsMessage =
        serde_json::from_value(record).map_err(|_| lacks("shape of a message"))?;
    let attribute = |name: &str| message.attributes.get(name).map(String::as_str);
    let why = message.message_attributes.get("why");
    let why = why.and_then(|why| why.string_value.clone());
    let trace = attribute("AWSTraceHeader").and_then(trace::id);
    let is_letter = message.event_source_arn.as_deref().map(name) == Some(letters);
    let receive_count = attribute("ApproximateReceiveCount").and_then(|count| count.parse().ok());
    let sent_at = attribute("SentTimestamp")
        .and_then(|at| at.parse().ok())
        .and_then(|at| Timestamp::from_millisecond(at).ok());
    let id = message_id.clone().ok_or_else(|| lacks("messageId"))?;
    let body = message.body.ok_or_else(|| lacks("body"))?;
    let received = Received {
        id: Job::id_in(&body).unwrap_or_else(|| id.clone()),
        receipt: message
            .receipt_handle
            .ok_or_else(|| lacks("receiptHandle"))?,
        receive_count: receive_count.ok_or_else(|| lacks("ApproximateReceiveCount"))?,
        sent_at: sent_at.ok_or_else(|| lacks("SentTimestamp"))?,
        body,
    };
    Ok(Record {
        source: if is_letter {
            Source::Letters
        } else {
            Source::Questions
        },
        why,
        trace: trace.map(str::to_owned),
        message_id: id,
        received,
    })
}
