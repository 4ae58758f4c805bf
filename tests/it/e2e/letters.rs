//! What is not answered at once: repeated, cut off, given up.

use std::time::Instant;

use futures::future::join_all;
use serde_json::{Value, json};
use why::slack_demo::fake::state::{Message, Workspace};
use why::slack_demo::fake::{Fault, SECRET};

use super::alone;
use super::conversation::{blocks_on_this_machine, of_the_answer};
use super::door::Traffic;
use super::request::Question;
use super::stage::{PATIENCE, POLL, Stage, VISIBLE_AFTER, WORKER};

const WORDS: &str = "3M sector";

#[test]
fn what_slack_sends_several_times_is_answered_once() {
    alone(async |stage| {
        let user = stage.somebody();
        for question in [
            Question::command(stage, &user, WORDS),
            Question::mention(stage, &stage.somebody(), WORDS),
        ] {
            let sent = join_all((0..4).map(|_| question.send(stage, SECRET))).await;
            assert!(sent.iter().all(|reply| reply.status == 200), "{sent:?}");
            stage.settled().await;
            // A day later, as it were.
            assert_eq!(question.send(stage, SECRET).await.status, 200);
            stage.settled().await;
            let answers = stage.answers_to(&question);
            assert_eq!(answers.len(), 1, "{answers:#?}");
            assert_eq!(stage.placeholders(&question), 0);
        }
    });
}

#[test]
fn a_worker_killed_in_the_middle_leaves_the_question_to_a_successor_who_answers_it_once() {
    alone(async |stage| {
        stage.lake_door.set(Traffic::Hanging);
        let question = Question::mention(stage, &stage.somebody(), WORDS);
        assert_eq!(question.send(stage, SECRET).await.status, 200);
        let looking = |w: &Workspace| {
            let here = |m: &&Message| m.thread_ts == question.thread && m.is_placeholder();
            w.messages.iter().find(here).map(|m| m.ts.clone())
        };
        let looking = stage.slack.wait_for(looking, PATIENCE).await;
        let looking = looking.unwrap_or_else(|| panic!("{}", stage.slack.transcript()));
        noted(stage, &looking).await;
        let killed = stage.ask(json!({"do": "kill", "function": WORKER}));
        assert!(killed.as_u64() > Some(0), "nothing was there to kill");
        stage.lake_door.set(Traffic::Open);
        stage.settled().await;
        let answers = stage.answers_to(&question);
        assert_eq!(answers.len(), 1, "{answers:#?}");
        assert_eq!(stage.placeholders(&question), 0);
        let expected = blocks_on_this_machine(stage, WORDS);
        assert_eq!(of_the_answer(&answers[0].blocks), expected);
    });
}

#[test]
fn in_a_batch_garbage_is_kept_and_announced_what_fails_comes_again_and_the_rest_is_answered() {
    alone(async |stage| {
        stage.deploy_for_batches("direct", 10);
        let trigger = stage.ask(json!({"do": "resource", "name": "WorkerQuestions"}));
        let enable = |is_enabled: bool| {
            let told = json!({"UUID": trigger, "Enabled": is_enabled});
            stage.aws("lambda", "update_event_source_mapping", told);
        };
        enable(false);
        let garbage = format!("no job at all {}", stage.somebody());
        let queue = stage.stack.output("QueueUrl");
        let message = json!({"QueueUrl": queue, "MessageBody": garbage});
        stage.aws("sqs", "send_message", message);
        let questions = [
            Question::command(stage, &stage.somebody(), WORDS),
            Question::mention(stage, &stage.somebody(), WORDS),
            Question::command(stage, &stage.somebody(), WORDS),
        ];
        for question in &questions {
            assert_eq!(question.send(stage, SECRET).await.status, 200);
        }
        assert_eq!(stage.depth("QueueUrl"), 4, "they do not wait");
        // The mention's alone: commands are answered through their URLs.
        stage.slack.fault("chat.postMessage", Fault::Status(503));
        enable(true);
        stage.settled().await;
        stage.deploy("direct");
        for question in &questions {
            assert_eq!(stage.answers_to(question).len(), 1, "{question:?}");
        }
        let log = stage.log();
        let partly = "processed 3 SQS messages from why-Questions";
        let partly = log.lines().find(|line| line.contains(partly));
        assert!(
            partly.is_some_and(|line| line.contains("1 partial failures")),
            "{log}"
        );
        let kept = letters(stage);
        assert_eq!(
            kept.iter().filter(|l| l.contains(&garbage)).count(),
            1,
            "{kept:#?}"
        );
        let alarms = log
            .lines()
            .filter(|line| line.contains("ALARM: a dead letter"));
        assert_eq!(alarms.count(), 1, "{log}");
        assert_eq!(log.matches("\"JobsBuried\":1").count(), 1, "{log}");
        assert!(!log.contains(&garbage), "a body is in the log");
    });
}

#[test]
fn a_question_that_no_worker_survives_is_apologised_for_once() {
    alone(async |stage| {
        let told = json!({"FunctionName": WORKER});
        let told = stage.aws("lambda", "get_function_configuration", told);
        let mut broken = told["Environment"].clone();
        // It does not even start, and can't give up.
        broken["Variables"]["WHY_LEDGER_TABLE"] = json!("");
        let set = |environment: &Value, seen_again_after: &str| {
            let told = json!({"FunctionName": WORKER, "Environment": environment});
            stage.aws("lambda", "update_function_configuration", told);
            stage.set_visibility("QueueUrl", seen_again_after);
        };
        set(&broken, "1");
        // Whoever apologises needs no lake.
        stage.lake_door.set(Traffic::Refusing);
        let question = Question::mention(stage, &stage.somebody(), WORDS);
        let reply = question.send(stage, SECRET).await;
        let apologised = stage.first_answer(&question).await;
        set(&told["Environment"], VISIBLE_AFTER);
        stage.lake_door.set(Traffic::Open);
        assert_eq!(reply.status, 200, "{reply:?}");
        let apology = apologised.unwrap_or_else(|| panic!("{}", stage.log())).text;
        assert!(apology.contains("gave it up"), "{apology}");
        assert!(apology.contains("Reference:"), "{apology}");
        stage.settled().await;
        let kept = letters(stage);
        let of_theirs = kept.iter().filter(|letter| letter.contains(&question.user));
        assert_eq!(of_theirs.count(), 1, "{kept:#?}");
        let next = Question::mention(stage, &stage.somebody(), WORDS);
        assert_eq!(next.send(stage, SECRET).await.status, 200);
        stage.settled().await;
        for question in [question, next] {
            assert_eq!(stage.answers_to(&question).len(), 1);
        }
    });
}

/// Until the ledger knows this placeholder: one whose worker dies sooner stays behind in a channel.
async fn noted(stage: &Stage, ts: &str) {
    let end = Instant::now() + PATIENCE;
    while !ledger(stage)
        .iter()
        .any(|item| item["posted_ts"]["S"] == ts)
    {
        assert!(Instant::now() < end, "{:#?}", ledger(stage));
        tokio::time::sleep(POLL).await;
    }
}

/// What the ledger keeps of dead letters.
fn letters(stage: &Stage) -> Vec<String> {
    let is_letter = |item: &&Value| item["pk"]["S"].as_str().unwrap().starts_with("letter");
    let items = ledger(stage);
    items
        .iter()
        .filter(is_letter)
        .map(Value::to_string)
        .collect()
}

fn ledger(stage: &Stage) -> Vec<Value> {
    let table = stage.stack.output("LedgerTable");
    let found = stage.aws("dynamodb", "scan", json!({"TableName": table}));
    found["Items"].as_array().unwrap().clone()
}
