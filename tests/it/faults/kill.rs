//! `kill -9` at any moment, and a successor on the same state file.

use std::path::Path;
use std::time::Duration;

use futures::future::join_all;
use why::slack_demo::fake::Fake;
use why::slack_demo::fake::state::{GRACE, Message, PUBLIC, TRIAGE, Workspace};

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

/// Until the last of them is under way.
const PRESSES_LIFE: Duration = Duration::from_millis(500);

/// Somebody with an answer of their own.
async fn asked(slack: &Fake, app: &App, state: &Path, number: usize) -> (Question, Message) {
    let question = Question::new(slack, Means::Command, number);
    assert!(question.send(&app.address).await.unwrap().is_taken());
    settled(state).await;
    let answers = question.answers(slack);
    (question, answers[0].clone())
}

async fn form(slack: &Fake, state: &Path, question: &Question, answer: &Message) {
    let pressed = slack.press(&question.user, &answer.ts, "This looks wrong");
    pressed.await.unwrap();
    settled(state).await;
}

/// What is there of ours and names this person, but for placeholders.
fn naming(w: &Workspace, channel: &str, user: &str) -> usize {
    let named = format!("<@{user}>");
    let ours = w
        .messages
        .iter()
        .filter(|m| m.channel == channel && !m.is_placeholder());
    ours.filter(|m| m.private_to.is_none() && format!("{m:?}").contains(&named))
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_killed_what_was_pressed_is_shared_reported_and_told_once() {
    const WORDS: [(&str, &str); 1] = [("wrong", "all of it")];
    let slack = Fake::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state.sqlite");
    let mut taken = [0; 3];
    let mut all = Vec::new();
    for round in 0..rounds() {
        let mut app = App::start(&slack, &state, "");
        let number = 5_000 + round * 10;
        let (sharing, answer) = asked(&slack, &app, &state, number).await;
        let (reporting, wrong) = asked(&slack, &app, &state, number + 1).await;
        form(&slack, &state, &reporting, &wrong).await;
        let (told, other) = asked(&slack, &app, &state, number + 2).await;
        form(&slack, &state, &told, &other).await;
        slack.submit(&told.user, &WORDS).await.unwrap();
        settled(&state).await;
        let named = format!("<@{}>", told.user);
        let report = slack.read(|w| {
            let mut all = w.messages.iter().filter(|m| m.channel == TRIAGE);
            all.find(|m| m.text.contains(&named)).cloned()
        });
        let report = report.unwrap();
        // Nobody waits for the end of these but this test.
        let presses = async {
            tokio::join!(
                slack.press(&sharing.user, &answer.ts, "Share to channel"),
                slack.submit(&reporting.user, &WORDS),
                slack.press(GRACE, &report.ts, "Explained"),
            )
        };
        let killed = async {
            tokio::time::sleep(PRESSES_LIFE.mul_f64(rand::random())).await;
            app.kill();
        };
        let ((shared, reported, explained), ()) = tokio::join!(presses, killed);
        let are_taken = [shared.is_ok(), reported.is_ok(), explained.is_ok()];
        for (taken, is_taken) in taken.iter_mut().zip(are_taken) {
            *taken += usize::from(is_taken);
        }
        all.push((sharing, reporting, told, are_taken));
    }
    let _last = App::start(&slack, &state, "");
    settled(&state).await;
    for (sharing, reporting, told, are_taken) in &all {
        let direct = told.user.replacen('U', "D", 1);
        let counts = slack.read(|w| {
            let news = w.messages.iter().filter(|m| {
                let is_told = m.channel == direct || m.private_to.as_ref() == Some(&told.user);
                is_told && m.text.contains("is explained")
            });
            [
                naming(w, PUBLIC, &sharing.user),
                naming(w, TRIAGE, &reporting.user),
                news.count(),
            ]
        });
        for (count, is_taken) in counts.into_iter().zip(are_taken) {
            let is_right = count == 1 || (!is_taken && count == 0);
            assert!(
                is_right,
                "{counts:?} of {are_taken:?}\n{}",
                slack.transcript()
            );
        }
        // The report of before, once as well, whatever was pressed under it.
        assert_eq!(slack.read(|w| naming(w, TRIAGE, &told.user)), 1);
    }
    assert!(taken.iter().all(|taken| *taken > 0), "{taken:?}");
    println!(
        "{} rounds: taken {taken:?} of shares, reports and words of stewards",
        rounds()
    );
}
