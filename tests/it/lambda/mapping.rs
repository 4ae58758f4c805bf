//! What Lambda does between a queue and a function: receives, invokes with a batch, deletes what
//! was done and leaves the rest to come again.
//!
//! With `ReportBatchItemFailures`, as the template has it: whatever is no well-formed list of
//! failures counts as a failure of all. Redriving is the queue's own. Start at [`Mapping::start`].

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::aws::{Aws, Queue};
use super::function::{Function, Outcome, REGION};

/// The most that the template's `WorkerBatchSize` takes, which is 1 by default: batches are harder.
const BATCH: u32 = 10;
/// Between two looks at an empty queue.
const PAUSE: Duration = Duration::from_millis(100);

/// It ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Mapping {
    poller: JoinHandle<()>,
}

impl Mapping {
    pub(crate) fn start(queue: Queue, function: Arc<Function>) -> Mapping {
        let poller = tokio::spawn(async move {
            loop {
                if !batch(&queue, &function).await {
                    tokio::time::sleep(PAUSE).await;
                }
            }
        });
        Mapping { poller }
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        self.poller.abort();
    }
}

/// False where there was nothing.
pub(crate) async fn batch(queue: &Queue, function: &Function) -> bool {
    let asked = json!({
        "QueueUrl": queue.url, "MaxNumberOfMessages": BATCH, "AttributeNames": ["All"],
        "MessageAttributeNames": ["All"],
    });
    let received = Aws::get().sqs("ReceiveMessage", asked).await;
    let Some(messages) = received["Messages"]
        .as_array()
        .filter(|all| !all.is_empty())
    else {
        return false;
    };
    let records: Vec<Value> = messages
        .iter()
        .map(|message| record(queue, message))
        .collect();
    let event = json!({"Records": records}).to_string();
    let outcome = function.invoke(event).await.outcome;
    // An id that nobody sent fails the whole batch, too.
    let is_known = |id: &Value| messages.iter().any(|message| message["MessageId"] == *id);
    let failed = failures(&outcome).filter(|failed| failed.iter().all(is_known));
    for message in messages {
        let is_done = failed
            .as_ref()
            .is_some_and(|failed| !failed.contains(&message["MessageId"]));
        if is_done {
            let done = json!({
                "QueueUrl": queue.url, "ReceiptHandle": message["ReceiptHandle"],
            });
            Aws::get().sqs("DeleteMessage", done).await;
        }
    }
    true
}

/// As Lambda writes it: lower camel case, attributes with their type inside.
fn record(queue: &Queue, message: &Value) -> Value {
    let attributes = message["MessageAttributes"].as_object();
    let attributes: serde_json::Map<String, Value> = attributes
        .into_iter()
        .flatten()
        .map(|(name, value)| {
            let value = json!({
                "stringValue": value["StringValue"], "dataType": value["DataType"],
                "stringListValues": [], "binaryListValues": [],
            });
            (name.clone(), value)
        })
        .collect();
    json!({
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": attributes,
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue.arn,
        "awsRegion": REGION,
    })
}

/// The ids that come again; `None` where all do.
fn failures(outcome: &Outcome) -> Option<Vec<Value>> {
    let Outcome::Answered(body) = outcome else {
        return None;
    };
    let body: Value = serde_json::from_slice(body).ok()?;
    if body.is_null() {
        return Some(Vec::new());
    }
    let list = body.as_object()?.get("batchItemFailures");
    let Some(list) = list.filter(|list| !list.is_null()) else {
        return Some(Vec::new());
    };
    let ids = list.as_array()?.iter().map(|item| {
        let id = item.get("itemIdentifier")?;
        id.as_str().filter(|id| !id.is_empty()).map(|_| id.clone())
    });
    ids.collect()
}

#[test]
fn what_is_no_list_of_failures_fails_the_whole_batch() {
    let of = |body: &str| failures(&Outcome::Answered(body.to_owned().into()));
    for all_done in [
        "null",
        "{}",
        r#"{"batchItemFailures": null}"#,
        r#"{"batchItemFailures": []}"#,
    ] {
        assert_eq!(of(all_done), Some(Vec::new()), "{all_done}");
    }
    let one = r#"{"batchItemFailures": [{"itemIdentifier": "a"}]}"#;
    assert_eq!(of(one), Some(vec![json!("a")]));
    for all_failed in [
        "nothing",
        r#""a""#,
        r#"{"batchItemFailures": "a"}"#,
        r#"{"batchItemFailures": [{"itemIdentifier": ""}]}"#,
        r#"{"batchItemFailures": [{"itemIdentifier": null}]}"#,
        r#"{"batchItemFailures": [{"id": "a"}]}"#,
    ] {
        assert_eq!(of(all_failed), None, "{all_failed}");
    }
    assert_eq!(failures(&Outcome::TimedOut), None);
}
