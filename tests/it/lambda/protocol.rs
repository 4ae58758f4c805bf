//! What the Runtime API takes and what it refuses, without any function: by plain requests.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use tokio::sync::oneshot;

use super::runtime::{Ended, Event, Failed, Runtime};

const OPEN: &str = "8476a536-e9f4-11e8-9739-2dfe598c3fcd";

/// An event that waits in `next`, and where its end comes to.
fn event() -> (Event, oneshot::Receiver<Ended>) {
    let (ended, end) = oneshot::channel();
    let event = Event {
        request_id: OPEN.to_owned(),
        trace_id: "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700".to_owned(),
        arn: "arn".to_owned(),
        deadline_ms: 1_542_409_706_888,
        payload: "{}".into(),
        ended,
    };
    (event, end)
}

/// Status, error type or status text, and headers.
async fn call(runtime: &Runtime, request: Request<Body>) -> (u16, String) {
    let path = request.uri().path().to_owned();
    let (mut parts, body) = request.into_parts();
    let address = runtime.address();
    parts.uri = format!("http://{address}/2018-06-01/runtime{path}")
        .parse()
        .unwrap();
    let client = Client::builder(TokioExecutor::new()).build_http();
    let answer = client
        .request(Request::from_parts(parts, body))
        .await
        .unwrap();
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8_lossy(&body).into_owned())
}

async fn post(
    runtime: &Runtime,
    path: &str,
    invocation: Option<&str>,
    body: &str,
) -> (u16, String) {
    let mut request = Request::post(path);
    if let Some(invocation) = invocation {
        request = request.header("lambda-runtime-invocation-id", invocation);
    }
    call(runtime, request.body(Body::from(body.to_owned())).unwrap()).await
}

#[tokio::test]
async fn only_the_invocation_that_is_under_way_can_be_answered_and_only_once() {
    let runtime = Runtime::start().await;
    let response = format!("/invocation/{OPEN}/response");
    let (status, body) = post(&runtime, &response, None, "1").await;
    assert!(
        status == 403 && body.contains("InvalidStateTransition"),
        "{status} {body}"
    );

    let (event, end) = event();
    runtime.queue(event);
    let next = Request::get("/invocation/next")
        .body(Body::empty())
        .unwrap();
    assert_eq!(call(&runtime, next).await, (200, "{}".to_owned()));
    let (status, body) = post(&runtime, "/invocation/another/response", None, "1").await;
    assert!(
        status == 400 && body.contains("InvalidRequestID"),
        "{status} {body}"
    );
    let (status, body) = post(&runtime, &response, Some("another"), "1").await;
    assert!(
        status == 400 && body.contains("InvalidRequestID"),
        "{status} {body}"
    );
    assert_eq!(post(&runtime, &response, Some(OPEN), "1").await.0, 202);
    assert_eq!(end.await.unwrap(), Ended::Answered("1".into()));
    assert_eq!(post(&runtime, &response, None, "2").await.0, 403);
}

#[tokio::test]
async fn who_can_not_start_says_why_and_who_asks_for_an_event_has_started() {
    let runtime = Runtime::start().await;
    let body = r#"{"errorType": "Extension.NoCatalog", "errorMessage": "no catalog"}"#;
    assert_eq!(post(&runtime, "/init/error", None, body).await.0, 202);
    let failed = Failed {
        kind: "Extension.NoCatalog".to_owned(),
        message: "no catalog".to_owned(),
    };
    assert_eq!(runtime.started().await, Err(failed));

    let runtime = Runtime::start().await;
    let soon = Duration::from_millis(100);
    assert!(tokio::time::timeout(soon, runtime.started()).await.is_err());
    let next = Request::get("/invocation/next")
        .body(Body::empty())
        .unwrap();
    let (started, _) = tokio::join!(
        runtime.started(),
        tokio::time::timeout(soon, call(&runtime, next))
    );
    started.unwrap();
}
