//! What was given up, as an operator sees it and brings it back.

use std::time::Duration;

use why::queue::Queue;
use why::slack_demo::fake::{Fake, Fault};

use super::{Means, Question, VALUE, WORDS, address, clock, harness, rounds, running, settled};

/// Until a job is given up.
const SOON: Duration = Duration::from_secs(20);
/// An answer has three forms, an apology two.
const ANSWER: usize = 3;
const APOLOGY: usize = 2;

fn jobs(arguments: &[&str], state: &std::path::Path) -> String {
    let mut command = harness::command();
    command
        .arg("jobs")
        .args(arguments)
        .arg("--state")
        .arg(state);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_was_given_up_is_listed_and_brought_back_and_answered_in_place() {
    let slack = Fake::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state.sqlite");
    let running = running(&slack, &state, clock).await;
    let queue = Queue::sqlite(&state).await.unwrap();
    let rows = [
        (Means::Command, "respond", true),
        (Means::Mention, "chat.update", true),
        // The apology is refused as well: nothing more is tried.
        (Means::Mention, "chat.update", false),
        (Means::Direct, "chat.update", true),
    ];
    for (number, (means, method, is_told)) in rows.into_iter().cycle().take(rounds()).enumerate() {
        let refusals = if is_told { ANSWER } else { ANSWER + APOLOGY };
        for _ in 0..refusals {
            slack.fault(method, Fault::Error("invalid_blocks"));
        }
        let before = slack.read(|w| w.calls_of(method).count());
        let question = Question::new(&slack, means, number);
        assert!(question.send(&address(&running)).await.unwrap().is_taken());
        let calls = ANSWER + if is_told { 1 } else { APOLOGY };
        let all = slack.wait_for(
            |w| (w.calls_of(method).count() == before + calls).then_some(()),
            SOON,
        );
        assert!(all.await.is_some(), "{}", slack.transcript());
        settled(&state).await;
        if is_told {
            let answers = question.answers(&slack);
            assert!(
                answers.len() == 1 && answers[0].text.starts_with("Sorry"),
                "{answers:#?}"
            );
        }
        let list = jobs(&["list"], &state);
        assert!(
            list.contains(WORDS) && list.contains("asker told or out of reach"),
            "{list}"
        );
        let letters = queue.dead_letters().await.unwrap();
        assert_eq!(letters.len(), 1, "{list}");
        assert!(list.contains(&letters[0].id), "{list}");
        jobs(&["retry", &letters[0].id], &state);
        settled(&state).await;
        let (answers, left) = slack.read(|w| question.seen(w));
        assert_eq!(
            (answers.len(), left),
            (1, 0),
            "{means:?} {is_told}: {answers:#?}"
        );
        assert!(answers[0].text.contains(VALUE), "{answers:#?}");
        assert!(jobs(&["list"], &state).contains("No job was given up"));
    }
    running.stop().await;
}
