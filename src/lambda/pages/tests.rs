//! Tests of responses that are late or too long.

use axum::routing::get;
use lambda_http::Service;
use serde_json::Value;

use super::*;

async fn asked(path: &str) -> (StatusCode, Value, usize) {
    let long = |length: usize| move || async move { "x".repeat(length) };
    let broken = || async {
        let parts = [
            Ok(bytes::Bytes::from_static(b"{}\n")),
            Err(std::io::Error::other("the store hung up")),
        ];
        Body::from_stream(futures::stream::iter(parts))
    };
    let router = Router::new()
        .route("/short", get(|| async { "{}" }))
        .route("/most", get(long(MOST_BYTES)))
        .route("/long", get(long(MOST_BYTES + 1)))
        .route("/broken", get(broken))
        .route("/hangs", get(std::future::pending::<&str>));
    let mut router = bounded(router, Duration::from_millis(200));
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = router.call(request).await.unwrap();
    let status = response.status();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let json = serde_json::from_slice(&bytes).unwrap_or_default();
    (status, json, bytes.len())
}

#[tokio::test]
async fn what_fits_goes_out_as_it_is() {
    let (status, _, length) = asked("/short").await;
    assert_eq!((status, length), (StatusCode::OK, 2));
    let (status, _, length) = asked("/most").await;
    assert_eq!((status, length), (StatusCode::OK, MOST_BYTES));
}

#[tokio::test]
async fn what_does_not_is_a_problem_that_says_what_to_do() {
    for (path, code, status) in [
        ("/long", "too_long", 400),
        ("/broken", "broken", 502),
        ("/hangs", "late", 504),
    ] {
        let (answered, problem, _) = asked(path).await;
        assert_eq!(answered.as_u16(), status, "{path}");
        assert_eq!(problem["status"], status, "{path}");
        assert_eq!(problem["code"], code, "{path}");
        assert_eq!(problem["type"], format!("/docs#error-{code}"), "{path}");
        for field in ["title", "detail", "class"] {
            assert!(problem[field].is_string(), "{path} {field}");
        }
    }
}
