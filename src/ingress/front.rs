//! The front door of every path that Slack calls: type, size and signature, before any parsing.
//!
//! Of a request that is refused nothing is logged but why. Start at [`verified`].

use axum::body::{Body, Bytes};
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use jiff::Timestamp;
use serde_json::Value;

use super::path;
use crate::slack::request::Endpoint;
use crate::slack::signature::{self, Headers, Secrets};

/// Slack's own payloads are far smaller.
pub(crate) const MOST_BYTES: usize = 64 * 1024;

/// For a router: no body is read further than that.
pub(crate) fn limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(MOST_BYTES)
}

/// What came, unread. No `Debug`: it holds what must not be printed.
pub(crate) struct Signed {
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
}

impl<S: Send + Sync> FromRequest<S> for Signed {
    type Rejection = std::convert::Infallible;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let headers = request.headers().clone();
        let body = Bytes::from_request(request, state).await;
        Ok(Signed { headers, body })
    }
}

/// The raw body, if Slack sent it just now.
///
/// # Errors
/// The status that it is refused with: 415, 413 (or 400 where the body broke off), 401.
pub(crate) fn verified<'r>(
    endpoint: Endpoint,
    request: &'r Signed,
    secrets: &Secrets,
    now: Timestamp,
) -> Result<&'r [u8], StatusCode> {
    judge(endpoint, request, secrets, now).map_err(|(status, reason)| {
        tracing::warn!(
            endpoint = path(endpoint),
            outcome = "refused",
            status = status.as_u16(),
            reason
        );
        status
    })
}

fn judge<'r>(
    endpoint: Endpoint,
    request: &'r Signed,
    secrets: &Secrets,
    now: Timestamp,
) -> Result<&'r [u8], (StatusCode, String)> {
    if !has_type(&request.headers, content_type(endpoint)) {
        let reason = "another content type".to_owned();
        return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, reason));
    }
    let body = match &request.body {
        Ok(body) => body.as_ref(),
        Err(rejection) => return Err((rejection.status(), "the body can't be taken".to_owned())),
    };
    let all = |name: &str| -> Vec<&[u8]> {
        let values = request.headers.get_all(name).iter();
        values.map(HeaderValue::as_bytes).collect()
    };
    let timestamp = all("x-slack-request-timestamp");
    let signature = all("x-slack-signature");
    let headers = Headers {
        timestamp: &timestamp,
        signature: &signature,
    };
    signature::verify(headers, body, now, secrets)
        .map_err(|refused| (StatusCode::UNAUTHORIZED, refused.to_string()))?;
    Ok(body)
}

/// Events are JSON; all else is a form.
fn content_type(endpoint: Endpoint) -> &'static str {
    match endpoint {
        Endpoint::Events => "application/json",
        Endpoint::Commands | Endpoint::Interactions | Endpoint::Options => {
            "application/x-www-form-urlencoded"
        }
    }
}

/// Whatever its parameters (`; charset=utf-8`).
fn has_type(headers: &HeaderMap, wanted: &str) -> bool {
    let said = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    said.and_then(|said| said.split(';').next())
        .is_some_and(|said| said.trim().eq_ignore_ascii_case(wanted))
}

/// JSON, or nothing.
pub(crate) fn reply(status: StatusCode, answer: Option<&Value>) -> Response {
    let body = answer.map_or_else(Body::empty, |answer| Body::from(answer.to_string()));
    let mut response = Response::new(body);
    *response.status_mut() = status;
    if answer.is_some() {
        let json = HeaderValue::from_static("application/json; charset=utf-8");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
    }
    response
}
