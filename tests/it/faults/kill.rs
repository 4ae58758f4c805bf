//! `kill -9` at any moment, and a successor on the same state file.

use std::time::Duration;

use futures::future::join_all;
use why::slack_demo::fake::Fake;

use super::{App, Means, Question, VALUE, rounds, settled};

/// Most questions are answered in less.
const LONGEST_LIFE: Duration = Duration::from_millis(1000);

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_killed_each_question_that_was_taken_is_answered_once() {
    let slack = Fake::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state.sqlite");
    let (mut taken, mut others) = (Vec::new(), Vec::new());
    let mut under_way = 0;
    for round in 0..rounds() {
        let mut app = App::start(&slack, &state, "");
        let means = [Means::Command, Means::Mention, Means::Direct].repeat(2);
        let asked = means.into_iter().enumerate();
        let questions: Vec<_> = asked
            .map(|(at, means)| Question::new(&slack, means, round * 10 + at))
            .collect();
        let address = app.address.clone();
        let sent = tokio::spawn(async move {
            let send = |question: Question| {
                let address = address.clone();
                async move {
                    let reply = question.send(&address).await;
                    let is_taken = reply.is_ok_and(|reply| reply.is_taken());
                    (question, is_taken)
                }
            };
            join_all(questions.into_iter().map(send)).await
        });
        tokio::time::sleep(LONGEST_LIFE.mul_f64(rand::random())).await;
        app.kill();
        for (question, is_taken) in sent.await.unwrap() {
            if is_taken {
                under_way += usize::from(question.answers(&slack).is_empty());
                taken.push(question);
            } else {
                others.push(question);
            }
        }
    }
    let _last = App::start(&slack, &state, "");
    settled(&state).await;
    let (mut apologies, mut left, mut left_direct) = (0, 0, 0);
    for question in &taken {
        let (answers, placeholders) = slack.read(|w| question.seen(w));
        assert_eq!(answers.len(), 1, "{question:?}: {answers:#?}");
        apologies += usize::from(!answers[0].text.contains(VALUE));
        left += placeholders;
        if question.means == Means::Direct {
            left_direct += placeholders;
        }
    }
    // Where we may read, what a killed process posted is found.
    assert_eq!(left_direct, 0, "placeholders left in direct messages");
    // Nobody was told that these were taken: once at most.
    for question in &others {
        let answers = question.answers(&slack);
        assert!(answers.len() <= 1, "{question:?}: {answers:#?}");
    }
    assert!(
        under_way > 0,
        "nothing was ever under way when it was killed"
    );
    println!(
        "{} rounds: {} taken ({under_way} under way at a kill), {} not; \
         {apologies} apologies, {left} placeholders left over",
        rounds(),
        taken.len(),
        others.len(),
    );
}
