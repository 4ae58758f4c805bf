//! The fake Athena does what it says it does: other tests lean on it.

use std::time::Duration;

use serde_json::json;
use why::ask::Request;
use why::engine::{Call, Choice, Settings};

use super::{Athena, acme, acme_questions, check, open};
use crate::harness::NOW;
use crate::moto::BUCKET;
use crate::s3::S3;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lake_on_s3_is_read_there() {
    let lake = acme("acme-s3", &["--latest"]);
    let s3 = S3::start();
    s3.copy(&lake, "deep/why").await;
    let there = format!("s3://{BUCKET}/deep/why");
    let endpoint = &s3.options["aws_endpoint_url"];
    let athena = Athena::start(&there, &["--s3-endpoint", endpoint]);
    assert!(check(&lake, &athena, &acme_questions()).await > 40);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_fake_plays_every_fault_that_it_names() {
    let lake = acme("acme-faults", &["--latest"]);
    let athena = Athena::start(lake.to_str().unwrap(), &[]);
    let choice = Choice::Athena(Settings {
        attempt: Duration::from_millis(500),
        operation: Duration::from_secs(2),
        ..Settings::default()
    });
    let why = open(&lake, &athena, &choice).await;
    let now = NOW.parse().unwrap();
    let ask = async || {
        let request = Request {
            call: Call {
                seed: None,
                budget: Some(Duration::from_secs(4)),
            },
            ..Request::new("acme revenue")
        };
        let answer = why.ask(&request, now).await;
        answer.map_or_else(|failure| failure.code.to_owned(), |_| "answered".to_owned())
    };
    let rows = [
        (json!({"fault": "throttle", "times": 1}), "answered"),
        (json!({"fault": "throttle"}), "throttled"),
        (json!({"fault": "5xx", "times": 1}), "answered"),
        (
            json!({"fault": "5xx", "operation": "StartQueryExecution"}),
            "unavailable",
        ),
        (json!({"fault": "reset", "times": 1}), "answered"),
        (json!({"fault": "reset"}), "unavailable"),
        (
            json!({"fault": "cut", "operation": "GetQueryResults"}),
            "unavailable",
        ),
        (
            json!({"fault": "garbage", "operation": "GetQueryExecution", "times": 1}),
            "answered",
        ),
        (json!({"fault": "garbage"}), "unavailable"),
        (json!({"fault": "empty"}), "unavailable"),
        (json!({"fault": "hang", "times": 1}), "answered"),
        (json!({"fault": "hang"}), "timed_out"),
        (json!({"fault": "slow", "seconds": 0.2}), "answered"),
        (
            json!({"fault": "error", "code": "AccessDeniedException", "message": "no"}),
            "athena_denied",
        ),
        (
            json!({"fault": "error", "message": "WorkGroup is not found"}),
            "query_refused",
        ),
        (
            json!({"fault": "fail", "category": 1, "retryable": true, "times": 1}),
            "answered",
        ),
        (
            json!({"fault": "fail", "category": 1, "retryable": true}),
            "query_interrupted",
        ),
        (
            json!({"fault": "fail", "category": 2, "message": "TABLE_NOT_FOUND"}),
            "query_failed",
        ),
        (
            json!({"fault": "cancel", "message": "Bytes scanned limit was exceeded"}),
            "scan_cut_off",
        ),
        (json!({"fault": "cancel"}), "query_cancelled"),
        (json!({"fault": "stay_queued"}), "query_timed_out"),
        (json!({"fault": "stay_running"}), "query_timed_out"),
        (json!({"fault": "requeue"}), "answered"),
    ];
    for (fault, expected) in rows {
        athena.reset().await;
        athena.fault(fault.clone()).await;
        assert_eq!(ask().await, expected, "{fault}");
    }
}
