//! Whether the emulated Lambda does what Lambda does, with a function that behaves as it is told.
//!
//! The function is this very test, in a process of its own: it knows by its environment. It runs
//! on the same runtime crate as the real ones.

use std::path::Path;
use std::time::Duration;

use axum::http::{HeaderMap, Method, Uri};
use lambda_runtime::{LambdaEvent, service_fn};
use serde_json::{Value, json};

use super::aws::{Aws, Stack};
use super::function::{Function, Launch, Outcome, arn};
use super::{gateway, mapping};

const TIMEOUT: Duration = Duration::from_secs(1);

fn probe(variables: &[(&str, &str)]) -> Function {
    let this = "lambda::probe::it_starts_once_and_answers_again_and_again";
    let variables = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Function::new(Launch {
        name: "probe".to_owned(),
        program: std::env::current_exe().unwrap(),
        arguments: ["--exact", this, "--nocapture"].map(str::to_owned).to_vec(),
        task_root: Path::new(env!("CARGO_TARGET_TMPDIR")).to_owned(),
        variables: variables.collect(),
        timeout: TIMEOUT,
        memory_mb: 128,
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "a function knows where it runs by its environment"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Does as the event says.
async fn act(event: LambdaEvent<Value>) -> Result<Value, lambda_runtime::Error> {
    let (payload, context) = event.into_parts();
    if let Some(records) = payload["Records"].as_array() {
        let bad = records.iter().filter(|record| record["body"] == "bad");
        let bad: Vec<Value> = bad
            .map(|record| json!({"itemIdentifier": record["messageId"]}))
            .collect();
        return Ok(json!({"batchItemFailures": bad}));
    }
    match payload["do"].as_str() {
        Some("panic") => panic!("as told"),
        Some("fail") => Err("as told".into()),
        Some("exit") => std::process::exit(3),
        Some("hang") => std::future::pending().await,
        Some("say") => Ok(json!(
            "x".repeat(usize::try_from(payload["bytes"].as_u64().unwrap())?)
        )),
        Some("environment") => Ok(json!(
            std::env::vars_os()
                .map(|(n, _)| n.into_string().unwrap())
                .collect::<Vec<_>>()
        )),
        _ => Ok(json!({
            "payload": payload,
            "process": std::process::id(),
            "request_id": context.request_id,
            "arn": context.invoked_function_arn,
            "trace_id": context.xray_trace_id,
            "left_ms": i64::try_from(context.deadline)? - clock_ms(),
        })),
    }
}

#[expect(clippy::disallowed_methods, reason = "what is left until a deadline")]
fn clock_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

fn answer(outcome: &Outcome) -> Value {
    let Outcome::Answered(body) = outcome else {
        panic!("{outcome:?}");
    };
    serde_json::from_slice(body).unwrap()
}

/// In the process that is the function: runs it, and does not come back.
async fn be_the_function() {
    if variable("AWS_LAMBDA_RUNTIME_API").is_none() {
        return;
    }
    assert!(
        variable("PROBE_BREAKS").is_none(),
        "told to break at the start"
    );
    lambda_runtime::run(service_fn(act)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn it_starts_once_and_answers_again_and_again() {
    be_the_function().await;
    let function = probe(&[]);
    let cold = function.invoke(r#"{"n": 1}"#).await;
    assert!(cold.start.unwrap() > Duration::ZERO);
    let said = answer(&cold.outcome);
    assert_eq!(said["payload"], json!({"n": 1}));
    assert_eq!(said["request_id"], json!(cold.request_id));
    assert_eq!(said["arn"], json!(arn("probe")));
    let trace = said["trace_id"].as_str().unwrap();
    assert!(
        trace.starts_with("Root=1-") && trace.contains(";Parent="),
        "{trace}"
    );
    let left = said["left_ms"].as_i64().unwrap();
    assert!((1..=1000).contains(&left), "{left}");

    let warm = function.invoke("{}").await;
    let again = answer(&warm.outcome);
    assert_eq!((warm.start, &again["process"]), (None, &said["process"]));
    assert_ne!(again["request_id"], said["request_id"]);
    let memory = function.memory().await.unwrap();
    assert!(
        memory.now > 1_000 && memory.most >= memory.now,
        "{memory:?}"
    );

    function.kill().await;
    assert!(function.memory().await.is_none());
    let after = function.invoke("{}").await;
    assert!(after.start.is_some());
    assert_ne!(answer(&after.outcome)["process"], said["process"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_is_reported_as_an_error_and_the_process_lives_on() {
    let function = probe(&[]);
    let before = answer(&function.invoke("{}").await.outcome);
    for (told, words) in [("panic", "Lambda panicked: as told"), ("fail", "as told")] {
        let event = json!({"do": told}).to_string();
        let outcome = function.invoke(event).await.outcome;
        let Outcome::Failed(failed) = &outcome else {
            panic!("{outcome:?}");
        };
        assert_eq!(failed.message, words);
    }
    let after = answer(&function.invoke("{}").await.outcome);
    assert_eq!(before["process"], after["process"]);
    // What it wrote comes through a pipe of its own.
    let said = async {
        while !function.log().contains("as told") {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let said = tokio::time::timeout(Duration::from_secs(10), said).await;
    assert!(said.is_ok(), "{}", function.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn at_the_deadline_the_process_is_killed_and_the_next_event_has_a_new_one() {
    let function = probe(&[]);
    let before = answer(&function.invoke("{}").await.outcome);
    let hung = function.invoke(r#"{"do": "hang"}"#).await;
    assert_eq!(hung.outcome, Outcome::TimedOut);
    assert!(hung.took >= TIMEOUT && hung.took < TIMEOUT * 2, "{hung:?}");
    let process = before["process"].as_u64().unwrap();
    assert!(!Path::new("/proc").join(process.to_string()).exists());
    let next = function.invoke("{}").await;
    assert!(next.start.is_some());
    answer(&next.outcome);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_ends_is_noticed_at_once() {
    let function = probe(&[]);
    let ended = function.invoke(r#"{"do": "exit"}"#).await;
    assert_eq!(ended.outcome, Outcome::Exited);
    assert!(ended.took < TIMEOUT, "{ended:?}");
    assert!(function.invoke("{}").await.start.is_some());

    let broken = probe(&[("PROBE_BREAKS", "1")]);
    let never = broken.invoke("{}").await.outcome;
    assert_eq!(
        never,
        Outcome::NotStarted("it ended before it began".to_owned())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_the_tests_environment_reaches_the_function() {
    let function = probe(&[("WHY_LOG", "debug")]);
    let names = answer(&function.invoke(r#"{"do": "environment"}"#).await.outcome);
    let names: Vec<&str> = names
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert!(names.contains(&"WHY_LOG") && names.contains(&"AWS_LAMBDA_RUNTIME_API"));
    assert!(
        !names
            .iter()
            .any(|name| name.starts_with("CARGO") || *name == "HOME"),
        "{names:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_six_megabytes_are_no_answer() {
    let function = probe(&[]);
    let event = |bytes: u64| json!({"do": "say", "bytes": bytes}).to_string();
    answer(&function.invoke(event(6_000_000)).await.outcome);
    let outcome = function.invoke(event(6_300_000)).await.outcome;
    let Outcome::Failed(failed) = &outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(failed.kind, "Function.ResponseSizeTooLarge");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_batch_what_failed_comes_again_and_after_ten_times_lies_with_the_dead_letters() {
    let function = probe(&[]);
    let stack = Stack::make(0, "", "").await;
    for body in ["good", "bad", "good"] {
        let sent = json!({"QueueUrl": stack.queue.url, "MessageBody": body});
        Aws::get().sqs("SendMessage", sent).await;
    }
    for received in 1..=10 {
        assert!(mapping::batch(&stack.queue, &function).await, "{received}");
        let left = (stack.queue.depth().await, stack.dead_letters.depth().await);
        assert_eq!(left, (1, 0), "{received}");
    }
    assert!(!mapping::batch(&stack.queue, &function).await);
    let left = (stack.queue.depth().await, stack.dead_letters.depth().await);
    assert_eq!(left, (0, 1));
}

#[test]
fn a_form_comes_as_base64_and_json_as_text() {
    let event = |kind: &str| {
        let headers: HeaderMap = [("content-type", kind)]
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .into_iter()
            .collect();
        gateway::event(
            &Method::POST,
            &Uri::from_static("/slack/commands?a=b"),
            &headers,
            b"a=b",
        )
    };
    let form = event("application/x-www-form-urlencoded");
    assert_eq!(
        (&form["body"], &form["isBase64Encoded"]),
        (&json!("YT1i"), &json!(true))
    );
    assert_eq!(
        (&form["rawPath"], &form["rawQueryString"]),
        (&json!("/slack/commands"), &json!("a=b"))
    );
    let text = event("application/json");
    assert_eq!(
        (&text["body"], &text["isBase64Encoded"]),
        (&json!("a=b"), &json!(false))
    );
}
