//! One query, from start to end, whatever Athena does.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::fake::{Fake, Reply};
use super::{catalog, ended, engine, next_page, page, planned, row, started, status};
use crate::engine::{Call, Error, Rows};
use crate::error::Class;
use crate::question::LookBack;

const START: &str = "StartQueryExecution";
const GET: &str = "GetQueryExecution";
const RESULTS: &str = "GetQueryResults";
const STOP: &str = "StopQueryExecution";

/// Athena as it is on a good day, with nothing found.
async fn well() -> Fake {
    let fake = Fake::start().await;
    fake.answers(START, [started("q-1")]);
    fake.answers(GET, [status("SUCCEEDED")]);
    fake.answers(RESULTS, [page(&[])]);
    fake
}

async fn ask(fake: &Fake, call: &Call) -> Result<Rows, Error> {
    let catalog = catalog();
    let plan = planned(&catalog, LookBack::Latest);
    engine(fake, &catalog).await.read(&plan, call).await
}

fn seeded(seed: &str) -> Call {
    Call {
        seed: Some(seed.to_owned()),
        budget: None,
    }
}

#[tokio::test]
async fn a_query_is_started_awaited_and_read_page_by_page() {
    let fake = well().await;
    fake.answers(GET, ["QUEUED", "RUNNING", "SUCCEEDED"].map(status));
    let header = super::COLUMNS.map(|name| Some(name.to_owned())).to_vec();
    let first = row(&[("decision_dates", Some("[]"))]);
    let second = row(&[
        ("decision_id", Some("d2")),
        ("value", None),
        ("decided_at", Some("2026-11-04 10:00:00.000")),
    ]);
    let pages = [
        next_page(&[header], Some("two")),
        next_page(&[first], Some("three")),
        next_page(&[second], None),
    ];
    fake.answers(RESULTS, pages);
    let rows = ask(&fake, &seeded("job-1")).await.unwrap();
    assert_eq!(
        fake.operations(),
        [START, GET, GET, GET, RESULTS, RESULTS, RESULTS]
    );
    assert_eq!(rows.decisions.len(), 1);
    assert_eq!(
        (
            rows.decisions[0].decision_id.as_str(),
            &rows.decisions[0].value
        ),
        ("d2", &None)
    );
    let read = rows.read;
    assert_eq!(
        (read.engine, read.requests, read.rows_read),
        ("athena", 7, 2)
    );
    assert_eq!(read.bytes_read, 12_345_678);
    // 13 MB at 5 dollars a terabyte.
    assert_eq!(format!("{:.8}", read.cost_usd), "0.00006500");
    assert_eq!(format!("{:.1}", read.planning_ms), "110.0");
    let said = read.athena.unwrap();
    assert_eq!(said.ids, ["q-1"]);
    assert_eq!(
        [
            said.queue_ms,
            said.engine_ms,
            said.service_ms,
            said.total_ms
        ],
        [60.0, 700.0, 40.0, 800.0]
    );
    let tokens: Vec<Value> = fake
        .calls(RESULTS)
        .iter()
        .map(|c| c["NextToken"].clone())
        .collect();
    assert_eq!(tokens, [Value::Null, json!("two"), json!("three")]);
}

#[tokio::test]
async fn a_request_says_where_and_how_and_holds_no_parameters() {
    let fake = well().await;
    ask(&fake, &seeded("job-1")).await.unwrap();
    let mut request = fake.calls(START).remove(0);
    let token = request["ClientRequestToken"].take();
    assert!(
        request["QueryString"]
            .take()
            .as_str()
            .unwrap()
            .starts_with("SELECT")
    );
    assert_eq!(token.as_str().unwrap().len(), 64);
    assert_eq!(
        request,
        json!({
            "QueryString": null,
            "ClientRequestToken": null,
            "QueryExecutionContext": {"Catalog": "AwsDataCatalog", "Database": "mdm"},
            "WorkGroup": "why",
            "ResultReuseConfiguration": {
                "ResultReuseByAgeConfiguration": {"Enabled": true, "MaxAgeInMinutes": 30},
            },
        })
    );
}

/// Athena compares the SQL and the database alone: all else that matters is in the token.
#[tokio::test]
async fn the_same_job_takes_up_the_same_query_and_no_other_does() {
    let token = |fake: &Fake| fake.calls(START).pop().unwrap()["ClientRequestToken"].clone();
    let fake = well().await;
    let mut tokens = Vec::new();
    for call in [
        seeded("job-1"),
        seeded("job-1"),
        seeded("job-2"),
        Call::default(),
        Call::default(),
    ] {
        ask(&fake, &call).await.unwrap();
        tokens.push(token(&fake));
    }
    assert_eq!(tokens[0], tokens[1]);
    let catalog = catalog();
    let other = planned(&catalog, LookBack::Days(3));
    let engine = engine(&fake, &catalog).await;
    engine.read(&other, &seeded("job-1")).await.unwrap();
    tokens.push(token(&fake));
    tokens.remove(0);
    for (at, token) in tokens.iter().enumerate() {
        assert!(!tokens[at + 1..].contains(token), "{tokens:?}");
    }
}

#[tokio::test]
async fn what_a_call_is_refused_with_has_its_class_and_its_words() {
    let error = |code: &str, message: Value| {
        let mut body = message;
        body["__type"] = json!(code);
        body
    };
    let rows = [
        (
            400,
            error(
                "TooManyRequestsException",
                json!({"Message": "Rate exceeded"}),
            ),
        ),
        (
            400,
            error("ThrottlingException", json!({"message": "Rate exceeded"})),
        ),
        (
            400,
            error(
                "InvalidRequestException",
                json!({"Message": "line 1:8: mismatched input"}),
            ),
        ),
        (
            400,
            error(
                "InvalidRequestException",
                json!({"message": "WorkGroup why is not found."}),
            ),
        ),
        (
            400,
            error(
                "AccessDeniedException",
                json!({"Message": "not authorized to perform: athena:StartQueryExecution"}),
            ),
        ),
        (
            403,
            error(
                "com.amazon.coral.service#ExpiredTokenException",
                json!({"message": "expired"}),
            ),
        ),
        (
            500,
            error(
                "InternalServerException",
                json!({"Message": "Internal failure"}),
            ),
        ),
        (503, json!({})),
    ];
    let mut said = Vec::new();
    for (status, body) in rows {
        let fake = well().await;
        fake.on(START, [Reply::Json(status, body)]);
        let error = ask(&fake, &Call::default()).await.unwrap_err();
        said.push(format!("{:?} {}: {error}", error.class(), error.code()));
    }
    insta::assert_snapshot!(said.join("\n"), @r#"
    Retry throttled: Athena takes no more at the moment: StartQueryExecution: Rate exceeded
    Retry throttled: Athena takes no more at the moment: StartQueryExecution: Rate exceeded
    Internal query_refused: Athena refused StartQueryExecution: line 1:8: mismatched input
    Internal query_refused: Athena refused StartQueryExecution: WorkGroup why is not found.
    Internal athena_denied: Athena did not let these credentials do it: StartQueryExecution: not authorized to perform: athena:StartQueryExecution
    Internal athena_denied: Athena did not let these credentials do it: StartQueryExecution: expired
    Retry unavailable: the lake could not be reached: Athena, StartQueryExecution: Internal failure
    Retry unavailable: the lake could not be reached: Athena, StartQueryExecution: its answer can't be read
    "#);
}

#[tokio::test]
async fn what_works_at_the_second_try_is_not_told() {
    for trouble in [
        Reply::Json(400, json!({"__type": "TooManyRequestsException"})),
        Reply::Json(500, json!({"__type": "InternalServerException"})),
        Reply::HangUp,
        Reply::Hang,
    ] {
        let fake = well().await;
        fake.on(START, [trouble.clone(), Reply::Json(200, started("q-1"))]);
        fake.on(
            GET,
            [trouble.clone(), Reply::Json(200, status("SUCCEEDED"))],
        );
        fake.on(RESULTS, [trouble.clone(), Reply::Json(200, page(&[]))]);
        let rows = ask(&fake, &Call::default()).await;
        assert!(rows.is_ok(), "{trouble:?}: {rows:?}");
        let starts = fake.calls(START);
        assert_eq!(
            starts[0]["ClientRequestToken"],
            starts[1]["ClientRequestToken"]
        );
    }
}

#[tokio::test]
async fn whatever_an_athena_that_is_broken_says_may_be_right_in_a_moment() {
    for trouble in [
        Reply::Hang,
        Reply::HangUp,
        Reply::Cut,
        Reply::Bytes("<html>"),
        Reply::Bytes("{}"),
        Reply::Bytes("null"),
        Reply::Bytes(""),
    ] {
        for operation in [START, GET, RESULTS] {
            let fake = well().await;
            fake.on(operation, [trouble.clone()]);
            let began = Instant::now();
            let error = ask(&fake, &Call::default()).await.unwrap_err();
            assert_eq!(
                error.class(),
                Class::Retry,
                "{operation} {trouble:?}: {error}"
            );
            assert!(
                began.elapsed() < Duration::from_secs(12),
                "{operation} {trouble:?}"
            );
        }
    }
}

#[tokio::test]
async fn where_nobody_listens_it_can_not_be_reached() {
    let mut fake = well().await;
    "http://127.0.0.1:1".clone_into(&mut fake.url);
    let error = ask(&fake, &Call::default()).await.unwrap_err();
    assert_eq!((error.class(), error.code()), (Class::Retry, "unavailable"));
}

#[tokio::test]
async fn how_a_query_ended_is_told_in_its_class() {
    let system =
        json!({"ErrorCategory": 1, "ErrorType": 1, "Retryable": true, "ErrorMessage": "x"});
    let ours =
        json!({"ErrorCategory": 2, "ErrorType": 1006, "Retryable": false, "ErrorMessage": "x"});
    let other = json!({"ErrorCategory": 3, "ErrorType": 300, "Retryable": true});
    let rows = [
        ended("FAILED", "GENERIC_INTERNAL_ERROR: no node", system),
        ended("FAILED", "TABLE_NOT_FOUND: mdm.newest", ours),
        ended("FAILED", "S3 SlowDown", other),
        ended("FAILED", "", Value::Null),
        ended("CANCELLED", "", Value::Null),
        ended("CANCELLED", "Bytes scanned limit was exceeded", Value::Null),
        ended(
            "FAILED",
            "Bytes scanned limit was exceeded",
            json!({"ErrorCategory": 2}),
        ),
    ];
    let mut said = Vec::new();
    for row in rows {
        let fake = well().await;
        fake.answers(GET, [status("RUNNING"), row]);
        let error = ask(&fake, &Call::default()).await.unwrap_err();
        let starts = fake.calls(START).len();
        said.push(format!(
            "{:?} {}, {starts} starts: {error}",
            error.class(),
            error.code()
        ));
        assert_eq!(fake.calls(STOP).len(), 0, "{said:?}");
    }
    insta::assert_snapshot!(said.join("\n"), @r#"
    Retry query_interrupted, 3 starts: Athena's query q-1 was interrupted: GENERIC_INTERNAL_ERROR: no node
    Internal query_failed, 1 starts: Athena's query q-1 failed: TABLE_NOT_FOUND: mdm.newest
    Retry query_interrupted, 3 starts: Athena's query q-1 was interrupted: S3 SlowDown
    Internal query_failed, 1 starts: Athena's query q-1 failed: it does not say why
    Retry query_cancelled, 1 starts: Athena's query q-1 was cancelled by somebody else; what it had scanned is billed
    User scan_cut_off, 1 starts: this question would scan more than the cut-off of Athena's workgroup why allows; what was scanned until then is billed
    User scan_cut_off, 1 starts: this question would scan more than the cut-off of Athena's workgroup why allows; what was scanned until then is billed
    "#);
}

/// The first delivery's query was stopped when its time was up: its token brings it back.
#[tokio::test]
async fn what_an_earlier_delivery_left_cancelled_or_failed_is_passed_over() {
    let old = [
        ended("CANCELLED", "", Value::Null),
        ended(
            "FAILED",
            "TABLE_NOT_FOUND",
            json!({"ErrorCategory": 2, "Retryable": false}),
        ),
    ];
    for old in old {
        let fake = well().await;
        fake.answers(START, ["q-1", "q-2"].map(started));
        fake.answers(GET, [old, status("SUCCEEDED")]);
        let rows = ask(&fake, &seeded("job-1")).await.unwrap();
        assert_eq!(rows.read.athena.unwrap().ids, ["q-2"]);
        let starts = fake.calls(START);
        assert_ne!(
            starts[0]["ClientRequestToken"],
            starts[1]["ClientRequestToken"]
        );
    }
}

/// It was charged for what it had scanned, and nothing of that is in the answer.
#[tokio::test]
async fn what_a_cancelled_query_scanned_is_in_the_receipt_and_a_failed_one_costs_nothing() {
    let mut said = Vec::new();
    for state in ["CANCELLED", "FAILED"] {
        let fake = well().await;
        fake.answers(START, ["q-1", "q-2"].map(started));
        let mut old = ended(state, "", json!({"ErrorCategory": 1}));
        old["QueryExecution"]["Statistics"]["DataScannedInBytes"] = json!(700_000_000);
        fake.answers(GET, [old, status("SUCCEEDED")]);
        let read = ask(&fake, &seeded("job-1")).await.unwrap().read;
        said.push((read.bytes_read, read.cost_usd));
    }
    let fake = well().await;
    let read = ask(&fake, &seeded("job-2")).await.unwrap().read;
    let more = read.bytes_read + 700_000_000;
    let cost = read.cost_usd + 700.0 / 1e6 * 5.0;
    assert!((said[0].1 - cost).abs() < 1e-12, "{said:?}");
    assert_eq!((said[0].0, said[1].0), (more, more));
    assert!((said[1].1 - read.cost_usd).abs() < 1e-12, "{said:?}");
}

#[tokio::test]
async fn a_query_that_outlasts_the_budget_is_stopped_and_billed() {
    let fake = well().await;
    fake.answers(GET, [status("RUNNING")]);
    let call = Call {
        seed: Some("job-1".to_owned()),
        budget: Some(Duration::from_millis(2_400)),
    };
    let began = Instant::now();
    let error = ask(&fake, &call).await.unwrap_err();
    assert!(began.elapsed() < Duration::from_millis(2_400));
    assert_eq!(error.class(), Class::Retry);
    assert!(
        error
            .to_string()
            .contains("what it had scanned by then is billed"),
        "{error}"
    );
    assert_eq!(fake.calls(STOP), [json!({"QueryExecutionId": "q-1"})]);

    fake.on(STOP, [Reply::Hang]);
    let error = ask(&fake, &call).await.unwrap_err();
    assert!(
        error.to_string().contains("it could not be stopped"),
        "{error}"
    );
}

#[tokio::test]
async fn a_query_that_nobody_waits_for_any_more_is_stopped() {
    let fake = well().await;
    fake.answers(GET, [status("RUNNING")]);
    let call = Call::default();
    let waited = tokio::time::timeout(Duration::from_millis(600), ask(&fake, &call));
    assert!(waited.await.is_err());
    for _ in 0..100 {
        if !fake.calls(STOP).is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(fake.calls(STOP), [json!({"QueryExecutionId": "q-1"})]);
}

/// It comes back for it by its token, and nothing is scanned twice.
#[tokio::test]
async fn a_query_that_can_not_be_looked_at_goes_on_where_the_job_comes_back() {
    let fake = well().await;
    fake.on(GET, [Reply::HangUp]);
    ask(&fake, &seeded("job-1")).await.unwrap_err();
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(fake.calls(STOP).len(), 0);
}

#[tokio::test]
async fn an_earlier_result_costs_nothing() {
    let fake = well().await;
    let mut reused = status("SUCCEEDED");
    let statistics = &mut reused["QueryExecution"]["Statistics"];
    statistics["ResultReuseInformation"] = json!({"ReusedPreviousResult": true});
    statistics["DataScannedInBytes"] = json!(0);
    fake.answers(GET, [reused]);
    let read = ask(&fake, &Call::default()).await.unwrap().read;
    assert_eq!((read.athena.unwrap().reused, read.requests), (1, 3));
    assert!(read.cost_usd.abs() < f64::EPSILON);
}

#[tokio::test]
async fn pages_without_an_end_are_no_result() {
    let fake = well().await;
    fake.answers(RESULTS, [next_page(&[], Some("again"))]);
    let error = ask(&fake, &Call::default()).await.unwrap_err();
    assert_eq!(
        (error.class(), error.code()),
        (Class::Internal, "bad_result")
    );
}
