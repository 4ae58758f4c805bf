//! What people do, from the API's URL to what they read.

use serde_json::Value;
use why::slack_demo::fake::SECRET;
use why::slack_demo::fake::state::{GRACE, Message, PUBLIC};

use super::alone;
use super::request::{Question, unsigned};
use super::stage::{Stage, why};

/// What this machine's own `why` shows for these words over the same lake.
pub(super) fn blocks_on_this_machine(stage: &Stage, words: &str) -> Vec<Value> {
    let lake = stage.lake.to_str().unwrap();
    let said = why(&["--catalog", lake, "ask", "--blocks", words]);
    let said: Value = serde_json::from_str(&said).unwrap();
    of_the_answer(said["blocks"].as_array().unwrap())
}

/// All that the lake decides: not the receipt, which tells of the engine, and not the buttons.
pub(super) fn of_the_answer(blocks: &[Value]) -> Vec<Value> {
    let is_answer = |b: &&Value| b["type"] != "context" && b["type"] != "actions";
    blocks.iter().filter(is_answer).cloned().collect()
}

#[test]
fn a_signed_command_goes_in_at_the_api_and_its_answer_arrives_in_slack() {
    alone(async |stage| {
        let words = "3M sector";
        let question = Question::command(stage, &stage.somebody(), words);
        let reply = question.send(stage, SECRET).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        assert!(reply.body.contains('\u{2026}'), "no first words: {reply:?}");
        let answer = stage.answer(&question).await;
        assert_eq!(
            of_the_answer(&answer.blocks),
            blocks_on_this_machine(stage, words),
            "{}",
            answer.text
        );
        stage.settled().await;
        assert_eq!(stage.answers_to(&question).len(), 1);
        is_told_to_operators(stage);
    });
}

/// One id leads from the request to the answer, and both are counted.
fn is_told_to_operators(stage: &Stage) {
    let (log, at_the_door) = (stage.log(), stage.log_of("ingress"));
    let lines = at_the_door
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    let ids: Vec<String> = lines
        .filter_map(|line: Value| Some(line["request.id"].as_str()?.to_owned()))
        .collect();
    assert_eq!(ids.len(), 1, "{at_the_door}");
    let mut done = log
        .lines()
        .filter(|l| l.contains("\"a job\"") && l.contains("\"done\""));
    assert!(done.any(|line| line.contains(&ids[0])), "{ids:?}: {log}");
    let counted: Vec<Value> = log
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .filter(|line: &Value| line.get("_aws").is_some())
        .collect();
    for metric in [
        "Acknowledged",
        "AcknowledgeTime",
        "QuestionsAnswered",
        "TimeToAnswer",
        "BytesScanned",
        "CostUsd",
    ] {
        let of_it: Vec<_> = counted
            .iter()
            .filter_map(|line| line[metric].as_f64())
            .collect();
        assert_eq!(of_it.len(), 1, "{metric}: {log}");
        assert!(of_it[0] > 0.0 || metric == "CostUsd", "{metric}: {of_it:?}");
    }
}

#[test]
fn a_request_that_slack_did_not_sign_is_turned_away_and_queues_nothing() {
    alone(async |stage| {
        let question = Question::command(stage, &stage.somebody(), "3M sector");
        let reply = question.send(stage, "another secret").await;
        assert_eq!(reply.status, 401, "{reply:?}");
        assert_eq!(unsigned(stage, "POST", "/slack/commands").await.status, 401);
        assert_eq!(unsigned(stage, "GET", "/healthz").await.status, 200);
        assert_eq!(unsigned(stage, "GET", "/slack/commands").await.status, 404);
        assert_eq!(stage.depth("QueueUrl"), 0);
        stage.settled().await;
        assert_eq!(stage.answers_to(&question), []);
    });
}

#[test]
fn a_mention_is_answered_in_its_thread_which_remembers_the_company() {
    alone(async |stage| {
        let question = Question::mention(stage, &stage.somebody(), "3M sector");
        assert_eq!(question.send(stage, SECRET).await.status, 200);
        let first = stage.answer(&question).await;
        assert!(first.text.contains("3M"), "{}", first.text);
        let thread = question.thread.as_deref();
        let and = stage
            .slack
            .mention(GRACE, PUBLIC, thread, "and the headquarters?");
        and.await.unwrap();
        stage.settled().await;
        let answers = stage.answers_to(&question);
        assert_eq!(answers.len(), 2, "{answers:#?}");
        let expected = blocks_on_this_machine(stage, "3M headquarters");
        assert_eq!(of_the_answer(&answers[1].blocks), expected);
    });
}

#[test]
fn a_pressed_button_shares_the_answer_with_the_channel() {
    alone(async |stage| {
        let question = Question::command(stage, &stage.somebody(), "Apple sector");
        assert_eq!(question.send(stage, SECRET).await.status, 200);
        let answer = stage.answer(&question).await;
        stage.settled().await;
        let share = button(&answer, "why:share");
        let pressed = stage.slack.press(&question.user, &answer.ts, &share);
        pressed.await.unwrap();
        stage.settled().await;
        let shared = stage.slack.read(|w| w.last_answer().cloned()).unwrap();
        assert_eq!(
            (shared.channel.as_str(), &shared.private_to),
            (PUBLIC, &None)
        );
        assert!(shared.text.contains("Apple"), "{}", shared.text);
    });
}

/// The action_id that begins so.
pub(super) fn button(message: &Message, begins: &str) -> String {
    let lists = message
        .blocks
        .iter()
        .filter_map(|b| b["elements"].as_array());
    let mut ids = lists.flatten().filter_map(|e| e["action_id"].as_str());
    let found = ids.find(|id| id.starts_with(begins));
    found
        .unwrap_or_else(|| panic!("no {begins} in {message:#?}"))
        .to_owned()
}

#[test]
fn companies_are_offered_while_somebody_types() {
    alone(async |stage| {
        let offered = stage
            .slack
            .suggest(&stage.somebody(), "company", "micros")
            .await;
        let offered = offered.unwrap();
        let options = offered["options"].as_array().unwrap();
        let labels: Vec<_> = options
            .iter()
            .filter_map(|o| o["text"]["text"].as_str())
            .collect();
        assert!(labels.iter().any(|l| l.contains("Microsoft")), "{labels:?}");
        let nobody = stage
            .slack
            .suggest(&stage.somebody(), "company", "qqqqq")
            .await;
        assert_eq!(nobody.unwrap()["options"], serde_json::json!([]));
    });
}
