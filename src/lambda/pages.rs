//! What the page and its API need on AWS around their router: an end in time, and responses that
//! a function may return.
//!
//! A function returns one JSON document of 6 MB at most, and an HTTP API waits for 30 seconds:
//! past either people would read API Gateway's own words. Nothing is streamed. Start at [`bounded`].

use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::Response;

use crate::api::problem;
use crate::error::{Class, Failure};

#[cfg(test)]
mod tests;

/// Of a body. What is compressed grows by a third in base64, and text by what JSON escapes of it,
/// at most to twice its length: either fits into 6 MB with its headers.
pub(super) const MOST_BYTES: usize = 3_000_000;

/// The router, which answers within this.
pub(super) fn bounded(router: Router, whole: Duration) -> Router {
    let within = move |request: Request, next: Next| async move {
        let answered = async { fitting(next.run(request).await).await };
        match tokio::time::timeout(whole, answered).await {
            Ok(response) => response,
            Err(_) => {
                // Not the path: a link stands in it.
                tracing::error!(outcome = "late", "ALARM: a page is out of time");
                told(&LATE)
            }
        }
    };
    router.layer(middleware::from_fn(within))
}

async fn fitting(response: Response) -> Response {
    let (head, body) = response.into_parts();
    match to_bytes(body, MOST_BYTES).await {
        Ok(bytes) => Response::from_parts(head, Body::from(bytes)),
        Err(error) => {
            let is_long = std::error::Error::source(&error)
                .is_some_and(|source| source.is::<http_body_util::LengthLimitError>());
            if is_long {
                tracing::warn!(
                    outcome = "too_long",
                    "a response is longer than may be returned"
                );
                return told(&TOO_LONG);
            }
            // Its first lines were read well: a reader of a stream would have had them.
            tracing::error!(outcome = "broken", "ALARM: a response ended in the midst");
            told(&BROKEN)
        }
    }
}

/// RFC 9457, as the API says it.
struct Problem {
    status: StatusCode,
    code: &'static str,
    class: Class,
    title: &'static str,
    detail: &'static str,
}

const LATE: Problem = Problem {
    status: StatusCode::GATEWAY_TIMEOUT,
    code: "late",
    class: Class::Retry,
    title: "This took too long.",
    detail: "Ask for a shorter time: `in the last 30 days`, or as of an earlier day.",
};

const TOO_LONG: Problem = Problem {
    status: StatusCode::BAD_REQUEST,
    code: "too_long",
    class: Class::User,
    title: "The answer is longer than can be sent here at once.",
    detail: "Ask for a part of it: a shorter period, one cause or source, or pages of fewer changes.",
};

const BROKEN: Problem = Problem {
    status: StatusCode::BAD_GATEWAY,
    code: "broken",
    class: Class::Retry,
    title: "The lake stopped in the midst of the answer.",
    detail: "Try again in a moment.",
};

fn told(problem: &Problem) -> Response {
    let failure = Failure::new(problem.class, problem.code, problem.title, problem.detail);
    let body = problem::body(&failure, problem.status);
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = problem.status;
    let headers = [
        (header::CONTENT_TYPE, problem::MEDIA_TYPE),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    for (name, value) in headers {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}
