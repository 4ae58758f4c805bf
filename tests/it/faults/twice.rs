//! The same thing more than once: Slack's redeliveries, and two servers at one queue.

use futures::future::join_all;
use why::slack_demo::fake::Fake;

use super::{Means, Question, VALUE, address, clock, rounds, running, settled};

const ALL: [Means; 3] = [Means::Command, Means::Mention, Means::Direct];

#[tokio::test(flavor = "multi_thread")]
async fn what_slack_sends_ten_times_is_answered_once_also_by_two_servers() {
    let slack = Fake::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state.sqlite");
    let first = running(&slack, &state, clock).await;
    let second = running(&slack, &state, clock).await;
    let apps = [address(&first), address(&second)];
    for round in 0..rounds() {
        let means = ALL.into_iter().enumerate();
        let questions: Vec<_> = means
            .map(|(at, means)| Question::new(&slack, means, round * 10 + at))
            .collect();
        // Interleaved, and at both doors at once.
        let sent = (0..10).flat_map(|time: usize| {
            let app = &apps[time % 2];
            questions.iter().map(move |question| question.send(app))
        });
        for reply in join_all(sent).await {
            let reply = reply.unwrap();
            assert!(reply.is_taken(), "{reply:?}");
        }
        settled(&state).await;
        // Once more, when it is done.
        for question in &questions {
            assert!(question.send(&apps[round % 2]).await.unwrap().is_taken());
        }
        settled(&state).await;
        for question in &questions {
            let (answers, placeholders) = slack.read(|w| question.seen(w));
            assert_eq!(answers.len(), 1, "{question:?}: {answers:#?}");
            assert_eq!(placeholders, 0, "{question:?}");
            assert!(answers[0].text.contains(VALUE), "{question:?}");
        }
    }
    first.stop().await;
    second.stop().await;
}
