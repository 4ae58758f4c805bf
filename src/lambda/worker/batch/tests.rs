//! What a batch of SQS is read as.

use serde_json::json;

use super::*;
use crate::job::{Asker, Place, Work};

const LETTERS: &str = "why-dead-letters";

fn message(id: &str, body: &str) -> Value {
    json!({
        "messageId": id,
        "receiptHandle": "handle",
        "body": body,
        "attributes": {
            "ApproximateReceiveCount": "3",
            "SentTimestamp": "1795521600250",
            "SenderId": "AIDA",
            "ApproximateFirstReceiveTimestamp": "1795521600300",
            "AWSTraceHeader": "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=1;Sampled=1",
        },
        "messageAttributes": {},
        "md5OfBody": "x",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-west-1:000000000000:why-questions",
        "awsRegion": "eu-west-1",
    })
}

fn job() -> Job {
    Job {
        id: "J1".to_owned(),
        request_id: "J1".to_owned(),
        accepted_at: "2026-11-24T12:00:00Z".parse().unwrap(),
        asker: Asker {
            user: "U1".to_owned(),
            team: None,
            enterprise: None,
        },
        place: Place::default(),
        work: Work::Home,
    }
}

fn read_all(messages: Value) -> Vec<Result<Record, Unreadable>> {
    records(json!({ "Records": messages }), LETTERS)
}

#[test]
fn a_message_becomes_a_delivery_with_its_jobs_id_count_time_and_trace() {
    let read = read_all(json!([message("m1", &job().encode())]));
    let record = read[0].as_ref().unwrap();
    assert_eq!(
        record.received,
        Received {
            id: "J1".to_owned(),
            receipt: "handle".to_owned(),
            body: job().encode(),
            receive_count: 3,
            sent_at: "2026-11-24T12:00:00.25Z".parse().unwrap(),
        }
    );
    let root = "1-5759e988-bd862e3fe1be46a994272793";
    assert_eq!(
        (record.message_id.as_str(), record.source),
        ("m1", Source::Questions)
    );
    assert_eq!(
        (record.trace.as_deref(), record.why.as_deref()),
        (Some(root), None)
    );
}

#[test]
fn a_letter_is_known_by_its_queue_and_says_why_if_the_worker_buried_it() {
    let mut letter = message("m1", "{}");
    letter["eventSourceARN"] = json!(format!("arn:aws:sqs:eu-west-1:000000000000:{LETTERS}"));
    letter["messageAttributes"] = json!({
        "why": {"stringValue": "no answer now", "dataType": "String",
                "stringListValues": [], "binaryListValues": []},
    });
    let read = read_all(json!([letter]));
    let record = read[0].as_ref().unwrap();
    assert_eq!(record.source, Source::Letters);
    assert_eq!(record.why.as_deref(), Some("no answer now"));
    // What can't be read as a job has the message's own id.
    assert_eq!(record.received.id, "m1");
    let url = format!("https://sqs.eu-west-1.amazonaws.com/000000000000/{LETTERS}");
    assert_eq!(name(&url), LETTERS);
}

#[test]
fn one_bad_record_says_nothing_of_the_others() {
    let mut without_body = message("m2", "");
    without_body.as_object_mut().unwrap().remove("body");
    let mut odd = message("m3", "{}");
    odd["attributes"] = json!("none");
    let read = read_all(json!([
        message("m1", "garbage"),
        without_body,
        odd,
        5,
        message("m4", "")
    ]));
    let shown: Vec<String> = read
        .iter()
        .map(|record| match record {
            Ok(record) => record.message_id.clone(),
            Err(bad) => format!("{}: {bad}", bad.message_id.as_deref().unwrap_or("-")),
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n"), @r"
    m1
    m2: it has no body
    m3: it has no shape of a message
    -: it has no shape of a message
    m4
    ");
}

#[test]
fn what_is_no_batch_holds_no_records() {
    for batch in [
        json!(null),
        json!([]),
        json!({}),
        json!({"Records": "none"}),
    ] {
        assert!(records(batch, LETTERS).is_empty());
    }
}
