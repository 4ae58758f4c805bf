//! A service is away for a while: whoever asked is told in time, nothing is lost, nothing is
//! answered twice.

use std::time::Duration;

use why::slack_demo::fake::state::Workspace;
use why::slack_demo::fake::{Fault, SECRET};

use super::alone;
use super::door::Traffic;
use super::request::Question;
use super::stage::{PATIENCE, Stage};

/// Slack's own patience.
const SLACK_WAITS: Duration = Duration::from_secs(3);
const WORDS: &str = "3M sector";

fn both(stage: &Stage) -> [Question; 2] {
    [
        Question::command(stage, &stage.somebody(), WORDS),
        Question::mention(stage, &stage.somebody(), WORDS),
    ]
}

fn answered_once(stage: &Stage, question: &Question) {
    let answers = stage.answers_to(question);
    assert_eq!(answers.len(), 1, "{answers:#?}");
    assert!(answers[0].text.contains("Industrials"), "{answers:#?}");
}

#[test]
fn while_slack_is_away_answers_wait_and_then_come_once() {
    alone(async |stage| {
        let refused = |w: &Workspace| {
            let refused = w.calls.iter().filter_map(|call| call.refused.as_ref());
            refused.filter(|refused| refused.code == "fault").count()
        };
        let before = stage.slack.read(refused);
        stage.slack.change(|w| w.outage = Some(Fault::Status(503)));
        let questions = both(stage);
        for question in &questions {
            assert_eq!(question.send(stage, SECRET).await.status, 200);
        }
        // Both were tried, and tried again.
        let tried = |w: &Workspace| (refused(w) >= before + 4).then_some(());
        assert!(stage.slack.wait_for(tried, PATIENCE).await.is_some());
        stage.slack.change(|w| w.outage = None);
        stage.settled().await;
        questions
            .iter()
            .for_each(|question| answered_once(stage, question));
    });
}

#[test]
fn where_the_queue_takes_nothing_whoever_asks_is_told_in_time_and_slack_asks_again() {
    alone(async |stage| {
        for traffic in [Traffic::Refusing, Traffic::Hanging] {
            let [command, mention] = both(stage);
            stage.queue_door.set(traffic);
            let told = command.send(stage, SECRET).await;
            let refused = mention.send(stage, SECRET).await;
            stage.queue_door.set(Traffic::Open);
            // A command is told in words, an event by a status at which Slack sends it again.
            assert_eq!(told.status, 200, "{traffic:?}: {told:?}");
            assert!(!told.body.contains('\u{2026}'), "{traffic:?}: {told:?}");
            assert_eq!(refused.status, 503, "{traffic:?}: {refused:?}");
            assert!(told.took < SLACK_WAITS, "{traffic:?}: {told:?}");
            assert!(refused.took < SLACK_WAITS, "{traffic:?}: {refused:?}");
            assert_eq!(mention.send(stage, SECRET).await.status, 200);
            stage.settled().await;
            answered_once(stage, &mention);
            assert_eq!(stage.answers_to(&command), []);
        }
    });
}
