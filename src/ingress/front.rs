//! The front door of every path that Slack calls: type, size and signature, before any parsing.
//!
//! Of a request that is refused nothing is logged but why. Start at [`verified`].

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use jiff::Timestamp;
use serde_json::Value;

use super::keys::{Again, Keys};
use super::{path, words};
use crate::slack::request::Endpoint;
use crate::slack::signature::{self, Headers, Secrets};

/// Slack's own payloads are far smaller.
pub(crate) const MOST_BYTES: usize = 64 * 1024;

/// For a router: no body is read further than that.
pub(crate) fn limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(MOST_BYTES)
}

/// A body must be there within this: Slack sends one at once, and waits no longer for the answer.
const BODY_TIMEOUT: Duration = Duration::from_secs(3);

/// What came, unread. No `Debug`: it holds what must not be printed.
pub(crate) struct Signed {
    headers: HeaderMap,
    body: Result<Bytes, StatusCode>,
}

impl<S: Send + Sync> FromRequest<S> for Signed {
    type Rejection = std::convert::Infallible;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let headers = request.headers().clone();
        let body = Bytes::from_request(request, state);
        let body = match tokio::time::timeout(BODY_TIMEOUT, body).await {
            Ok(body) => body.map_err(|rejection| rejection.status()),
            Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
        };
        Ok(Signed { headers, body })
    }
}

/// In a response's extensions: what became of the request, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Outcome(pub(crate) &'static str);

/// Not answered by whom it was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// 415, 413 (or 400 where the body broke off, 408 where it did not end), 401.
    As(StatusCode),
    /// Nobody can tell now whether it is Slack's.
    NoSecrets,
    /// There is no time left to find out, or to do what it asks.
    #[cfg(feature = "lambda")]
    Late,
}

/// What is answered where the time is over, whatever hangs.
#[cfg(feature = "lambda")]
pub(crate) fn late(asked: &str) -> Response {
    let endpoint = super::endpoint_at(asked);
    // A 503 for what is no path of ours as well.
    Refused::Late.reply(endpoint.unwrap_or(Endpoint::Options))
}

impl Refused {
    /// Whoever typed a command reads why nothing comes; the rest Slack sends again, or shows that
    /// it failed. No word of an unverified request is in it.
    pub(crate) fn reply(self, endpoint: Endpoint) -> Response {
        let told = |text| match endpoint {
            Endpoint::Commands => reply(StatusCode::OK, Some(&words::not_accepted(text))),
            Endpoint::Events | Endpoint::Interactions | Endpoint::Options => {
                reply(StatusCode::SERVICE_UNAVAILABLE, None)
            }
        };
        let (mut response, outcome) = match self {
            Refused::As(status) => (reply(status, None), "refused"),
            Refused::NoSecrets => (told(words::NOT_TAKEN), "no_secrets"),
            #[cfg(feature = "lambda")]
            Refused::Late => (told(words::MAYBE_TAKEN), "late"),
        };
        response.extensions_mut().insert(Outcome(outcome));
        response
    }
}

/// The raw body, if Slack sent it just now. Where the signature is another's, the secrets may
/// have been changed since they were read: they are asked for once more.
///
/// # Errors
/// Why it is refused; logged.
pub(crate) async fn verified<'r>(
    endpoint: Endpoint,
    request: &'r Signed,
    keys: &Keys,
    now: fn() -> Timestamp,
) -> Result<&'r [u8], Refused> {
    let judged = match judge(endpoint, request, &keys.known(now()).await, now()) {
        Err(Unverified::Signature(signature::Refused::Mismatch)) => match keys.again(now()).await {
            Again::Known => Err(Unverified::Signature(signature::Refused::Mismatch)),
            Again::Read(secrets) => judge(endpoint, request, &secrets, now()),
            Again::None => {
                let endpoint = path(endpoint);
                tracing::error!(endpoint, outcome = "no_secrets", "ALARM: no signing secret");
                return Err(Refused::NoSecrets);
            }
        },
        judged => judged,
    };
    judged.map_err(|unverified| {
        let status = unverified.status();
        tracing::warn!(
            endpoint = path(endpoint),
            outcome = "refused",
            status = status.as_u16(),
            reason = %unverified
        );
        Refused::As(status)
    })
}

/// The Display text is for the log.
#[derive(Debug, thiserror::Error)]
enum Unverified {
    #[error("another content type")]
    Type,
    #[error("the body can't be taken")]
    Body(StatusCode),
    #[error(transparent)]
    Signature(signature::Refused),
}

impl Unverified {
    fn status(&self) -> StatusCode {
        match self {
            Unverified::Type => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Unverified::Body(status) => *status,
            Unverified::Signature(_) => StatusCode::UNAUTHORIZED,
        }
    }
}

fn judge<'r>(
    endpoint: Endpoint,
    request: &'r Signed,
    secrets: &Secrets,
    now: Timestamp,
) -> Result<&'r [u8], Unverified> {
    if !has_type(&request.headers, content_type(endpoint)) {
        return Err(Unverified::Type);
    }
    let body = match &request.body {
        Ok(body) => body.as_ref(),
        Err(status) => return Err(Unverified::Body(*status)),
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
    signature::verify(headers, body, now, secrets).map_err(Unverified::Signature)?;
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
