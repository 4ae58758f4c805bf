//! Slack's own faults: away, slow, unreadable, refusing.

use std::time::Duration;

use futures::StreamExt;
use futures::future::join_all;
use rand::seq::IndexedRandom;
use why::slack_demo::fake::state::{ARCHIVED, Message, NOT_JOINED, PRIVATE, PUBLIC};
use why::slack_demo::fake::{Fake, Fault};

use super::{App, LEASE, Means, Question, VALUE, WORDS, clock, log_of, rounds, running, settled};

/// Longer than a call may take.
const TOO_SLOW: Fault = Fault::Slow(LEASE);

const PASSING: [Fault; 9] = [
    Fault::RateLimited(1),
    Fault::Status(500),
    Fault::Status(503),
    Fault::StatusAfter(500),
    Fault::StatusAfter(502),
    Fault::Error("internal_error"),
    TOO_SLOW,
    Fault::Hangup,
    Fault::Garbage,
];

/// What one person sees in the end, under these faults; and the placeholders beside it.
async fn asked(means: Means, channel: &str, set: impl Fn(&Fake)) -> (Fake, Vec<Message>, usize) {
    let slack = Fake::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state.sqlite");
    let running = running(&slack, &state, clock).await;
    let question = Question::in_channel(&slack, means, 1, channel);
    set(&slack);
    let reply = question.send(&super::address(&running)).await.unwrap();
    assert!(reply.is_taken(), "{reply:?}");
    settled(&state).await;
    running.stop().await;
    let (answers, placeholders) = slack.read(|w| question.seen(w));
    let is_answer = |m: &Message| m.text.contains(VALUE);
    assert!(answers.iter().all(is_answer), "{answers:#?}");
    (slack, answers, placeholders)
}

#[tokio::test(flavor = "multi_thread")]
async fn after_any_fault_that_passes_there_is_one_answer() {
    let rows = PASSING.iter().flat_map(|fault| {
        [
            (Means::Command, "respond", *fault),
            (Means::Mention, "chat.postMessage", *fault),
            (Means::Mention, "chat.update", *fault),
            (Means::Direct, "chat.postMessage", *fault),
        ]
    });
    let tried = rows.map(|(means, method, fault)| async move {
        let (_, answers, _) = asked(means, PUBLIC, |slack| slack.fault(method, fault)).await;
        assert_eq!(answers.len(), 1, "{method} {fault:?}: {answers:#?}");
    });
    join_all(tried).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_slack_did_before_it_failed_is_not_done_twice() {
    for fault in [Fault::StatusAfter(500), Fault::Hangup, Fault::Garbage] {
        let (slack, answers, _) = asked(Means::Command, PUBLIC, |slack| {
            // The response URL is over: an ephemeral message, which nothing replaces.
            slack.pass(Duration::from_secs(31 * 60));
            slack.fault("chat.postEphemeral", fault);
        })
        .await;
        assert_eq!(answers.len(), 1, "{fault:?}: {answers:#?}");
        assert_eq!(slack.read(|w| w.calls_of("chat.postEphemeral").count()), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_storm_of_faults_each_question_is_answered_once() {
    let storms = (0..rounds()).map(|_| async {
        let slack = Fake::start().await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state.sqlite");
        let running = running(&slack, &state, clock).await;
        let mut script = Vec::new();
        for _ in 0..4 {
            let methods = ["respond", "chat.postMessage", "chat.update"];
            let method = *methods.choose(&mut rand::rng()).unwrap();
            let fault = *PASSING.choose(&mut rand::rng()).unwrap();
            slack.fault(method, fault);
            script.push((method, fault));
        }
        let means = [Means::Command, Means::Mention, Means::Direct];
        let questions: Vec<_> = (0..)
            .zip(means)
            .map(|(n, m)| Question::new(&slack, m, n))
            .collect();
        for question in &questions {
            let reply = question.send(&super::address(&running)).await.unwrap();
            assert!(reply.is_taken(), "{reply:?}");
        }
        settled(&state).await;
        running.stop().await;
        for question in &questions {
            let answers = question.answers(&slack);
            assert_eq!(answers.len(), 1, "{script:?}: {answers:#?}");
        }
    });
    // Not all at once: each has a server of its own.
    let all: Vec<()> = futures::stream::iter(storms)
        .buffer_unordered(10)
        .collect()
        .await;
    assert_eq!(all.len(), rounds());
}

#[tokio::test(flavor = "multi_thread")]
async fn blocks_that_slack_refuses_are_sent_plainer_in_the_same_place() {
    let refused = Fault::Error("invalid_blocks");
    let rows = [(Means::Command, "respond"), (Means::Mention, "chat.update")];
    for (means, method) in rows {
        let (_, answers, left) = asked(means, PUBLIC, |slack| {
            slack.change(|w| w.refuses_rich = true);
        })
        .await;
        assert_eq!((answers.len(), left), (1, 0), "{answers:#?}");
        let is_rich = |b: &serde_json::Value| b["type"] == "data_table";
        assert!(!answers[0].blocks.is_empty() && !answers[0].blocks.iter().any(is_rich));

        let (_, answers, left) = asked(means, PUBLIC, |slack| {
            slack.fault(method, refused);
            slack.fault(method, refused);
        })
        .await;
        assert_eq!((answers.len(), left), (1, 0), "{answers:#?}");
        assert!(answers[0].blocks.is_empty(), "{answers:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_response_url_is_over_the_answer_comes_as_an_ephemeral_or_a_direct_message() {
    let over = |slack: &Fake| slack.pass(Duration::from_secs(31 * 60));
    for (channel, method) in [
        (PUBLIC, "chat.postEphemeral"),
        (PRIVATE, "chat.postMessage"),
    ] {
        let (slack, answers, left) = asked(Means::Command, channel, over).await;
        assert_eq!((answers.len(), left), (1, 0), "{answers:#?}");
        let calls = slack.read(|w| w.calls_of(method).filter(|c| c.refused.is_none()).count());
        assert_eq!(calls, 1, "{channel}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_we_may_not_post_the_asker_alone_is_answered_and_told_how_to_invite_us() {
    for channel in [NOT_JOINED, PRIVATE, ARCHIVED] {
        let (_, answers, left) = asked(Means::Mention, channel, |_| ()).await;
        assert_eq!((answers.len(), left), (1, 0), "{channel}: {answers:#?}");
        assert!(answers[0].channel.starts_with('D'), "{answers:#?}");
        assert!(answers[0].text.contains("/invite"), "{answers:#?}");
    }
    // A channel that takes no messages, only ephemeral ones.
    let (_, answers, left) = asked(Means::Mention, PUBLIC, |slack| {
        slack.fault("chat.postMessage", Fault::Error("restricted_action"));
        slack.fault("chat.postMessage", Fault::Error("restricted_action"));
    })
    .await;
    assert_eq!((answers.len(), left), (1, 0), "{answers:#?}");
    assert!(answers[0].private_to.is_some() && answers[0].text.contains("/invite"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_no_longer_known_raises_an_alarm_and_the_question_is_kept() {
    let slack = Fake::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state.sqlite");
    let app = App::start(&slack, &state, "");
    for _ in 0..2 {
        slack.fault("chat.postMessage", Fault::Error("invalid_auth"));
    }
    let question = Question::new(&slack, Means::Mention, 1);
    assert!(question.send(&app.address).await.unwrap().is_taken());
    settled(&state).await;
    assert_eq!(question.answers(&slack).len(), 1);
    let log = log_of(&state);
    let alarms = log.lines().filter(|line| line.contains("ALARM"));
    let of_the_token = alarms.filter(|line| line.contains("invalid_auth"));
    assert_eq!(of_the_token.count(), 2, "{log}");
    assert!(!log.contains(WORDS), "{log}");
}
