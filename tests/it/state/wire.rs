//! What goes wrong at the wire: each call ends within its time, and says what is true.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use why::access::Through;
use why::job::{DeadLetter, Posted};
use why::ledger::{self, Access, Ledger, Report, Topic};
use why::queue::{self, Delivery, Queue, Received, Urls};

use super::peer::{Answer, Peer, nobody};
use super::{LEASE, at, table, urls};
use crate::moto;

/// For a machine that is busy with other tests.
const BUSY: Duration = Duration::from_millis(600);
const SEND: Duration = Duration::from_millis(1200);
const CALL: Duration = Duration::from_secs(3);

const DENIED: Answer = Answer::Says(
    403,
    "{\"__type\":\"AccessDeniedException\",\"message\":\"no\"}",
);
const THROTTLED: Answer = Answer::Says(
    400,
    "{\"__type\":\"com.amazon.coral.service#ThrottlingException\",\"message\":\"slow down\"}",
);
const TOO_BUSY: Answer = Answer::Says(503, "{\"__type\":\"ServiceUnavailable\"}");
const BROKEN: Answer = Answer::Says(500, "{\"__type\":\"InternalFailure\"}");
const GARBAGE: Answer = Answer::Says(200, "<html>Welcome</html>");
const NOTHING: Answer = Answer::Says(200, "{}");

fn queue_at(url: &str, urls: &Urls) -> Queue {
    // The URL of a queue says nothing of where SQS is: that is the endpoint's to say.
    Queue::sqs(&moto::config(url), urls.clone(), Delivery::Polled)
}

/// What became of a body that was sent, in one word, and how often it was tried.
async fn send(script: &[Answer]) -> (&'static str, usize) {
    let peer = Peer::start(script).await;
    let queue = queue_at(&peer.url, &urls().await);
    (sent(&queue).await, peer.seen().len())
}

async fn sent(queue: &Queue) -> &'static str {
    let start = Instant::now();
    let sent = queue.send("a", "{}", at(0)).await;
    assert!(start.elapsed() < SEND + BUSY, "{:?}", start.elapsed());
    match sent {
        Ok(_) => "taken",
        Err(queue::Error::TimedOut | queue::Error::Unknown { .. }) => "maybe",
        Err(queue::Error::Failed { .. }) => "not taken",
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn whoever_sends_is_told_in_time_whether_it_was_taken() {
    for (script, expected, least, most) in [
        (&[Answer::PassOn][..], "taken", 1, 1),
        (&[Answer::Late(Duration::from_millis(150))], "taken", 1, 1),
        // Tried again, and then it works.
        (&[TOO_BUSY, Answer::PassOn], "taken", 2, 2),
        (&[THROTTLED, THROTTLED, Answer::PassOn], "taken", 3, 3),
        (&[Answer::Hang, Answer::PassOn], "taken", 2, 2),
        (&[Answer::Lost, Answer::PassOn], "taken", 2, 2),
        // Refused, every time or for good.
        (&[THROTTLED], "not taken", 3, 9),
        (&[TOO_BUSY], "not taken", 3, 9),
        (&[DENIED], "not taken", 1, 1),
        // Nobody knows.
        (&[Answer::Hang], "maybe", 2, 3),
        (&[Answer::HangUp], "maybe", 2, 9),
        (&[Answer::HalfBody], "maybe", 1, 9),
        (&[BROKEN], "maybe", 3, 9),
        (&[GARBAGE], "maybe", 1, 1),
        (&[NOTHING], "maybe", 1, 1),
        // One of the tries may have done it, whatever the last one says.
        (&[Answer::Hang, DENIED], "maybe", 2, 2),
        (&[Answer::HangUp, TOO_BUSY], "maybe", 2, 9),
        (&[Answer::Lost, DENIED], "maybe", 2, 2),
    ] {
        let (told, tries) = send(script).await;
        assert_eq!(told, expected, "{script:?}");
        assert!((least..=most).contains(&tries), "{script:?}: {tries} tries");
    }
}

#[tokio::test]
async fn where_nobody_listens_nothing_was_taken() {
    let queue = queue_at(&nobody().await, &urls().await);
    assert_eq!(sent(&queue).await, "not taken");
}

#[tokio::test]
async fn an_error_of_the_queue_says_what_sqs_said_and_nothing_of_the_body() {
    for (answer, expected) in [
        (DENIED, "AccessDeniedException"),
        (THROTTLED, "ThrottlingException"),
        (Answer::HangUp, "dispatch failure"),
    ] {
        let peer = Peer::start(&[answer]).await;
        let queue = queue_at(&peer.url, &urls().await);
        let error = queue.send("a", "secret", at(0)).await.unwrap_err();
        let said = error.to_string();
        assert!(said.contains(expected), "{said}");
        assert!(!said.contains("secret"), "{said}");
        assert!(said.len() < 400, "{said}");
    }
}

/// Every other call of a queue at this address, all at once: none may wait for another.
async fn other_calls(queue: &Queue) -> Vec<(&'static str, Result<(), queue::Error>)> {
    let received = Received {
        id: "a".to_owned(),
        receipt: "receipt".to_owned(),
        body: "{}".to_owned(),
        receive_count: 1,
        sent_at: at(0),
    };
    let (one, now) = (Duration::from_secs(1), at(0));
    let (receive, done, again, bury, letters, retry, depth) = tokio::join!(
        queue.receive(1, one, now),
        queue.done(&received),
        queue.again(&received, one, now),
        queue.bury(&received, "broken", now),
        queue.dead_letters(),
        queue.retry("a", now),
        queue.depth(),
    );
    vec![
        ("receive", receive.map(drop)),
        ("done", done),
        ("again", again),
        ("bury", bury),
        ("dead_letters", letters.map(drop)),
        ("retry", retry),
        ("depth", depth.map(drop)),
    ]
}

#[tokio::test]
async fn no_other_call_of_the_queue_waits_longer_than_it_may() {
    // A long poll may take a second more.
    let longest = CALL + Duration::from_secs(1) + BUSY;
    for answer in [Answer::Hang, Answer::HangUp, BROKEN, THROTTLED, DENIED] {
        let peer = Peer::start(&[answer]).await;
        let queue = queue_at(&peer.url, &urls().await);
        let start = Instant::now();
        for (call, ended) in other_calls(&queue).await {
            let timed_out = matches!(ended, Err(queue::Error::TimedOut));
            let failed = matches!(ended, Err(queue::Error::Failed { .. }));
            let hangs = matches!(answer, Answer::Hang);
            assert!(
                if hangs { timed_out } else { failed },
                "{answer:?} {call}: {ended:?}"
            );
        }
        assert!(
            start.elapsed() < longest,
            "{answer:?}: {:?}",
            start.elapsed()
        );
    }
}

/// Every call of a ledger at this address, all at once.
async fn calls(ledger: &Ledger) -> Vec<(&'static str, Result<(), ledger::Error>)> {
    let posted = Posted {
        channel: "C1".to_owned(),
        ts: "1.1".to_owned(),
    };
    let topic = Topic {
        entity_id: 17,
        attribute: None,
    };
    let (text, now) = (|| "secret".to_owned(), at(0));
    let report = Report::new("R1".to_owned(), now, text(), text(), text());
    let access = Access {
        at: now,
        user: text(),
        team: None,
        channel: None,
        entity_id: None,
        attribute: None,
        outcome: text(),
        through: Through::Slack,
    };
    let letter = DeadLetter {
        id: text(),
        body: text(),
        why: text(),
        receive_count: 1,
        sent_at: now,
        died_at: now,
        apologised: false,
    };
    let (begin, posted, finish, release, reopen, remember, questions) = tokio::join!(
        ledger.begin("j", LEASE, now),
        ledger.posted("j", &posted),
        ledger.finish("j", now),
        ledger.release("j"),
        ledger.reopen("j"),
        ledger.remember_question("U1", "secret", now),
        ledger.last_questions("U1", 9),
    );
    let (set_topic, found_topic, save_report, found_report, audit, accesses, keep, letters, forget) = tokio::join!(
        ledger.set_topic("C1", "1.1", &topic, now),
        ledger.topic("C1", "1.1", now),
        ledger.save_report(&report),
        ledger.report("R1"),
        ledger.audit(&access),
        ledger.accesses(9, now),
        ledger.keep_letter(&letter),
        ledger.letters(now),
        ledger.forget_letter("no letter"),
    );
    vec![
        ("begin", begin.map(drop)),
        ("posted", posted),
        ("finish", finish),
        ("release", release),
        ("reopen", reopen),
        ("remember_question", remember),
        ("last_questions", questions.map(drop)),
        ("set_topic", set_topic),
        ("topic", found_topic.map(drop)),
        ("save_report", save_report),
        ("report", found_report.map(drop)),
        ("audit", audit),
        ("accesses", accesses.map(drop)),
        ("keep_letter", keep),
        ("letters", letters.map(drop)),
        ("forget_letter", forget),
    ]
}

#[tokio::test]
async fn every_call_of_the_ledger_ends_in_time_and_says_what_went_wrong() {
    for (answer, timed_out, said) in [
        (Answer::Hang, true, ""),
        (Answer::HangUp, false, "dispatch failure"),
        (BROKEN, false, "InternalFailure"),
        (THROTTLED, false, "ThrottlingException"),
        (DENIED, false, "AccessDeniedException"),
        (GARBAGE, false, ""),
    ] {
        let peer = Peer::start(&[answer]).await;
        let ledger = Ledger::dynamo(&moto::config(&peer.url), "t");
        let start = Instant::now();
        for (call, ended) in calls(&ledger).await {
            match ended {
                Err(ledger::Error::TimedOut) => assert!(timed_out, "{answer:?} {call}"),
                Err(ledger::Error::Failed { reason }) => {
                    assert!(
                        !timed_out && reason.contains(said),
                        "{answer:?} {call}: {reason}"
                    );
                    assert!(!reason.contains("secret"), "{reason}");
                }
                other => panic!("{answer:?} {call}: {other:?}"),
            }
        }
        // Two lots, one after the other.
        assert!(
            start.elapsed() < 2 * CALL + BUSY,
            "{answer:?}: {:?}",
            start.elapsed()
        );
    }
    let ledger = Ledger::dynamo(&moto::config(&nobody().await), "t");
    for (call, ended) in calls(&ledger).await {
        assert!(
            matches!(ended, Err(ledger::Error::Failed { .. })),
            "{call}: {ended:?}"
        );
    }
}

/// `infra/STATE.md` is what the functions' rights are made from.
#[tokio::test]
async fn every_action_that_is_asked_for_is_documented_and_no_other() {
    let peer = Peer::start(&[Answer::PassOn]).await;
    let queue = queue_at(&peer.url, &urls().await);
    assert_eq!(sent(&queue).await, "taken");
    other_calls(&queue).await;
    let ledger = Ledger::dynamo(&moto::config(&peer.url), &table().await);
    ledger.begin("j", LEASE, at(0)).await.unwrap();
    for (call, ended) in calls(&ledger).await {
        assert!(ended.is_ok(), "{call}: {ended:?}");
    }
    let asked_for: BTreeSet<String> = peer
        .seen()
        .iter()
        .map(|seen| seen.replace("DynamoDB.", "dynamodb:"))
        .map(|seen| seen.replace("AmazonSQS.", "sqs:"))
        .collect();
    let documented: BTreeSet<String> = include_str!("../../../infra/STATE.md")
        .split('`')
        .filter(|word| word.starts_with("dynamodb:") || word.starts_with("sqs:"))
        .map(str::to_owned)
        .collect();
    assert_eq!(asked_for, documented);
}

#[tokio::test]
async fn what_passes_is_not_noticed() {
    let table = table().await;
    for script in [
        &[THROTTLED, Answer::PassOn][..],
        &[BROKEN, BROKEN, Answer::PassOn],
        &[Answer::Hang, Answer::PassOn],
        &[Answer::HangUp, Answer::HalfBody, Answer::PassOn],
        &[Answer::Late(Duration::from_millis(500))],
    ] {
        let peer = Peer::start(script).await;
        let ledger = Ledger::dynamo(&moto::config(&peer.url), &table);
        let job = format!("{script:?}");
        assert_eq!(
            ledger.begin(&job, LEASE, at(0)).await.unwrap(),
            ledger::Begun::New
        );
        ledger.finish(&job, at(0)).await.unwrap();
        assert_eq!(
            ledger.begin(&job, LEASE, at(0)).await.unwrap(),
            ledger::Begun::Done
        );
    }
}
