//! What is not answered at once: repeated, cut off, given up.

use futures::future::join_all;
use serde_json::{Value, json};
use why::slack_demo::fake::SECRET;
use why::slack_demo::fake::state::Workspace;

use super::alone;
use super::conversation::{blocks_on_this_machine, of_the_answer};
use super::door::Traffic;
use super::request::Question;
use super::stage::{PATIENCE, Stage};

const WORDS: &str = "3M sector";
const WORKER: &str = "why-worker";

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
            let answers = stage.answers(&question.user, question.thread.as_deref());
            assert_eq!(answers.len(), 1, "{answers:#?}");
            assert_eq!(stage.placeholders(&question), 0);
        }
    });
}

#[test]
fn a_worker_killed_in_the_middle_leaves_the_question_to_a_successor_who_answers_it_once() {
    alone(async |stage| {
        // The lease of the one that dies ends with its time: a minute in the template.
        let time = |seconds: u64| {
            let told = json!({"FunctionName": WORKER, "Timeout": seconds});
            stage.aws("lambda", "update_function_configuration", told);
        };
        time(10);
        stage.lake_door.set(Traffic::Hanging);
        let question = Question::mention(stage, &stage.somebody(), WORDS);
        assert_eq!(question.send(stage, SECRET).await.status, 200);
        let begun = |w: &Workspace| {
            let in_thread = |m: &&why::slack_demo::fake::state::Message| {
                m.thread_ts == question.thread && m.is_placeholder()
            };
            w.messages.iter().find(in_thread).map(|_| ())
        };
        let begun = stage.slack.wait_for(begun, PATIENCE).await;
        assert!(begun.is_some(), "{}", stage.slack.transcript());
        let killed = stage.ask(json!({"do": "kill", "function": WORKER}));
        assert!(killed.as_u64() > Some(0), "nothing was there to kill");
        stage.lake_door.set(Traffic::Open);
        stage.settled().await;
        time(60);
        let answers = stage.answers(&question.user, question.thread.as_deref());
        assert_eq!(answers.len(), 1, "{answers:#?}");
        assert_eq!(stage.placeholders(&question), 0);
        let expected = blocks_on_this_machine(stage, WORDS);
        assert_eq!(of_the_answer(&answers[0].blocks), expected);
    });
}

#[test]
fn a_message_that_nobody_can_read_is_kept_raises_an_alarm_and_holds_up_nothing() {
    alone(async |stage| {
        let body = format!("no job at all {}", stage.somebody());
        let queue = stage.stack.output("QueueUrl");
        stage.aws("sqs", "send_message", json!({"QueueUrl": queue, "MessageBody": body}));
        let question = Question::command(stage, &stage.somebody(), WORDS);
        assert_eq!(question.send(stage, SECRET).await.status, 200);
        stage.settled().await;
        assert_eq!(stage.answers(&question.user, None).len(), 1);
        let kept = letters(stage);
        assert_eq!(kept.iter().filter(|l| l.contains(&body)).count(), 1, "{kept:#?}");
        let log = stage.log();
        let alarms = log.lines().filter(|line| line.contains("ALARM"));
        assert!(alarms.count() > 0, "{log}");
        assert!(log.contains("\"JobsBuried\""), "{log}");
        assert!(!log.contains(&body), "a body is in the log");
    });
}

#[test]
fn a_question_that_no_worker_survives_is_apologised_for_once() {
    alone(async |stage| {
        let queue = stage.stack.output("QueueUrl");
        let before = stage.aws(
            "lambda",
            "get_function_configuration",
            json!({"FunctionName": WORKER}),
        );
        let before = before["Environment"].clone();
        let mut broken = before.clone();
        broken["Variables"]["WHY_CATALOG"] = json!("nowhere.toml");
        let set = |environment: &Value, visible_after: &str| {
            stage.aws(
                "lambda",
                "update_function_configuration",
                json!({"FunctionName": WORKER, "Environment": environment}),
            );
            stage.aws(
                "sqs",
                "set_queue_attributes",
                json!({"QueueUrl": queue, "Attributes": {"VisibilityTimeout": visible_after}}),
            );
        };
        set(&broken, "1");
        let question = Question::mention(stage, &stage.somebody(), WORDS);
        assert_eq!(question.send(stage, SECRET).await.status, 200);
        let apology = stage.answer(&question.user, question.thread.as_deref()).await;
        assert!(apology.text.contains("gave it up"), "{}", apology.text);
        assert!(apology.text.contains("Reference:"), "{}", apology.text);
        stage.settled().await;
        set(&before, super::stage::VISIBLE_AFTER);
        assert_eq!(letters(stage).iter().filter(|l| l.contains(&question.user)).count(), 1);
        let next = Question::mention(stage, &stage.somebody(), WORDS);
        assert_eq!(next.send(stage, SECRET).await.status, 200);
        stage.settled().await;
        for question in [question, next] {
            let answers = stage.answers(&question.user, question.thread.as_deref());
            assert_eq!(answers.len(), 1, "{answers:#?}");
        }
    });
}

/// What the ledger keeps of dead letters.
fn letters(stage: &Stage) -> Vec<String> {
    let table = stage.stack.output("LedgerTable");
    let found = stage.aws("dynamodb", "scan", json!({"TableName": table}));
    let items = found["Items"].as_array().unwrap().iter();
    let letters = items.filter(|item| item["pk"]["S"].as_str().unwrap().starts_with("letter"));
    letters.map(Value::to_string).collect()
}
