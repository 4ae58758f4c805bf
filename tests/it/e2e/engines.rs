//! One question through each engine, and an Athena that is not at its best.

use serde_json::json;
use why::slack_demo::fake::SECRET;

use super::alone;
use super::conversation::{blocks_on_this_machine, button, of_the_answer};
use super::request::Question;
use super::stage::Stage;

const WORDS: &str = "Apple sector";

/// Asked with this engine; the answer's text, whose blocks are those of this machine.
async fn answer(stage: &Stage, words: &str) -> String {
    let question = Question::command(stage, &stage.somebody(), words);
    assert_eq!(question.send(stage, SECRET).await.status, 200);
    stage.settled().await;
    let answers = stage.answers_to(&question);
    assert_eq!(answers.len(), 1, "{answers:#?}");
    answers[0].text.clone() + &json!(answers[0].blocks).to_string()
}

#[test]
fn athena_the_lakes_own_files_and_auto_give_the_same_answer() {
    alone(async |stage| {
        // Auto takes few files itself.
        for (engine, queries) in [("athena", 1), ("direct", 1), ("auto", 1)] {
            stage.deploy(engine);
            let question = Question::command(stage, &stage.somebody(), WORDS);
            assert_eq!(question.send(stage, SECRET).await.status, 200);
            let answer = stage.answer(&question).await;
            assert_eq!(
                of_the_answer(&answer.blocks),
                blocks_on_this_machine(stage, WORDS),
                "{engine}: {}",
                answer.text
            );
            let asked = stage.athena.queries().await;
            assert_eq!(asked.len(), queries, "{engine}: {asked:#?}");
            assert_eq!(asked[0]["workgroup"], stage.stack.output("Workgroup"));
            assert_eq!(asked[0]["database"], "sp500");
            assert_eq!(asked[0]["state"], "SUCCEEDED");
            assert!(asked[0]["token"].is_string(), "{asked:#?}");
            stage.settled().await;
        }
    });
}

#[test]
fn a_query_that_athena_throttles_or_loses_is_asked_again_and_answered_once() {
    alone(async |stage| {
        stage.deploy("athena");
        for fault in [
            json!({"fault": "throttle", "operation": "StartQueryExecution", "times": 1}),
            json!({"fault": "5xx", "operation": "GetQueryExecution", "times": 1}),
            json!({"fault": "fail", "times": 1, "category": 1, "retryable": true,
                   "message": "GENERIC_INTERNAL_ERROR: try again"}),
        ] {
            stage.athena.reset().await;
            stage.athena.fault(fault.clone()).await;
            let said = answer(stage, WORDS).await;
            assert!(said.contains("Information Technology"), "{fault}: {said}");
            assert!(
                !stage.athena.queries().await.is_empty(),
                "{fault}: Athena was not asked"
            );
        }
    });
}

#[test]
fn a_query_that_would_scan_too_much_is_told_with_a_narrower_one_to_press() {
    alone(async |stage| {
        stage.deploy("athena");
        let cut_off = "Bytes scanned limit was exceeded";
        let cut_off = json!({"fault": "cancel", "times": 1, "message": cut_off});
        stage.athena.fault(cut_off).await;
        let question = Question::command(stage, &stage.somebody(), WORDS);
        assert_eq!(question.send(stage, SECRET).await.status, 200);
        stage.settled().await;
        let told = stage.answer(&question).await;
        assert!(!told.text.contains("Information Technology"), "{told:#?}");
        assert!(told.text.contains("since"), "no narrower way: {told:#?}");
        let narrower = button(&told, "why:ask");
        let pressed = stage.slack.press(&question.user, &told.ts, &narrower);
        pressed.await.unwrap();
        stage.settled().await;
        let answers = stage.answers_to(&question);
        assert!(answers[0].text.contains("Apple"), "{answers:#?}");
        assert_eq!(answers.len(), 1, "{answers:#?}");
        let asked = stage.athena.queries().await;
        assert_eq!(asked.len(), 2, "{asked:#?}");
    });
}
