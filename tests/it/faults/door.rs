//! At the door: clocks that are wrong, and a state file that can't be written.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use why::slack_demo::fake::Fake;

use super::{App, Means, Question, get, running, settled};

/// Slack's three seconds, less what its own way takes: what ingress promises is half of them.
const PROMISED: Duration = Duration::from_millis(1500);
const MARGIN: Duration = Duration::from_millis(500);

fn fixed() -> Timestamp {
    crate::harness::NOW.parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_of_299_seconds_ago_or_ahead_is_taken_one_of_301_is_refused() {
    let slack = Fake::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let running = running(&slack, &folder.path().join("state.sqlite"), fixed).await;
    let app = super::address(&running);
    let rows = [(-301, 401), (-299, 200), (0, 200), (299, 200), (301, 401)];
    for (number, (seconds, expected)) in rows.into_iter().enumerate() {
        for (at, means) in [Means::Command, Means::Mention].into_iter().enumerate() {
            let question = Question::new(&slack, means, number * 10 + at);
            let signed = fixed() + SignedDuration::from_secs(seconds);
            let reply = question.send_at(&app, signed).await.unwrap();
            assert_eq!(reply.status, expected, "{seconds} s: {reply:?}");
        }
    }
    running.stop().await;
}

/// A limit on the size of files stands for a full disk: writes fail, and none is needed to try it.
#[tokio::test(flavor = "multi_thread")]
async fn where_the_disk_is_full_people_are_told_at_once_and_nothing_that_was_taken_is_lost() {
    let slack = Fake::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state.sqlite");
    // In units of 512 bytes. Its signal would end the process: a full disk sends none.
    let mut app = App::start(&slack, &state, "trap '' XFSZ; ulimit -f 500");
    let (mut taken, mut refused) = (Vec::new(), Vec::new());
    for number in 0..2_000 {
        let question = Question::new(&slack, Means::Command, number);
        let reply = question.send(&app.address).await.unwrap();
        assert_eq!(reply.status, 200, "{reply:?}");
        assert!(reply.took < PROMISED + MARGIN, "{reply:?}");
        if reply.is_taken() {
            taken.push(question);
            continue;
        }
        assert!(reply.body.contains("ask again"), "{reply:?}");
        refused.push(question);
        if refused.len() == 3 {
            break;
        }
    }
    assert_eq!(refused.len(), 3, "the disk was never full");
    // Slack sends an event again; the rest of the router is well. Whoever balances load sends the
    // next one elsewhere. What is answered meanwhile makes a little room, for a while.
    let mut refused_mention = None;
    for number in 9_000..9_200 {
        let mention = Question::new(&slack, Means::Mention, number);
        let reply = mention.send(&app.address).await.unwrap();
        let is_ready = get(&app.address, "/readyz").await;
        assert_eq!(get(&app.address, "/healthz").await, 200);
        match (reply.status, is_ready) {
            (503, 503) => {
                refused_mention = Some(mention);
                break;
            }
            (200, _) => taken.push(mention),
            (503, _) => {}
            (other, _) => panic!("{other}: {reply:?}"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let mention = refused_mention.expect("the disk was never full for long");

    app.kill();
    let app = App::start(&slack, &state, "");
    assert_eq!(get(&app.address, "/readyz").await, 200);
    assert!(mention.send(&app.address).await.unwrap().is_taken());
    taken.push(mention);
    settled(&state).await;
    for question in &taken {
        let answers = question.answers(&slack);
        assert_eq!(answers.len(), 1, "{question:?}: {answers:#?}");
    }
    for question in &refused {
        assert!(question.answers(&slack).is_empty(), "{question:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_another_process_holds_the_file_people_are_told_in_time() {
    let slack = Fake::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state.sqlite");
    let app = App::start(&slack, &state, "");
    let holder = rusqlite::Connection::open(&state).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let question = Question::new(&slack, Means::Command, 1);
    let reply = question.send(&app.address).await.unwrap();
    assert_eq!(reply.status, 200);
    assert!(reply.took < PROMISED + MARGIN, "{reply:?}");
    assert!(reply.body.contains("could not make sure"), "{reply:?}");
    assert_eq!(get(&app.address, "/healthz").await, 200);
    holder.execute_batch("ROLLBACK").unwrap();
    // Asked again, as told to: answered.
    let again = Question::new(&slack, Means::Command, 2);
    assert!(again.send(&app.address).await.unwrap().is_taken());
    settled(&state).await;
    assert_eq!(again.answers(&slack).len(), 1);
    assert!(question.answers(&slack).len() <= 1);
}
