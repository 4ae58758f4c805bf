//! What went wrong, as RFC 9457's problem details: a [`Failure`] over HTTP.
//!
//! One table (`known`) says what each code means and which status it has; a code that is not in it has
//! the status of its class. Start at [`Problem`].

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::error::{Class, Failure};

mod known;
#[cfg(test)]
mod tests;

pub(super) use known::{KNOWN, Raised};

pub(crate) const MEDIA_TYPE: &str = "application/problem+json";
/// Seconds until it is worth trying again.
const AGAIN: u32 = 2;

/// A failure on its way to whoever asked.
#[derive(Debug)]
pub(super) struct Problem(Box<Failure>);

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Problem(Box::new(failure))
    }
}

impl Problem {
    pub(super) fn user(code: &'static str, text: impl Into<String>, advice: &str) -> Self {
        Failure::new(Class::User, code, text, advice).into()
    }
}

/// What is wrong here is for the log; whoever asked gets a name under which it is found there.
pub(super) fn told(failure: Failure) -> Failure {
    match failure.class {
        Class::Internal => {
            let reference = format!("{:08x}", rand::random::<u32>());
            tracing::error!(
                reference,
                code = failure.code,
                why = failure.text,
                "ALARM: a question failed"
            );
            Failure {
                text: "Something went wrong here, not in your question.".to_owned(),
                advice:
                    "Try again. If it happens again, give whoever runs `why` here the reference."
                        .to_owned(),
                matches: Vec::new(),
                reference: Some(reference),
                ..failure
            }
        }
        Class::Rejected | Class::User | Class::Retry => failure,
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let failure = told(*self.0);
        let status = status(failure.class, failure.code);
        let mut body = body(&failure, status).to_string();
        body.push('\n');
        let headers = [(CONTENT_TYPE, MEDIA_TYPE), (CACHE_CONTROL, "no-store")];
        let mut response = (status, headers, body).into_response();
        if let Some(seconds) = again(status) {
            let headers = response.headers_mut();
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// `{"type", "title", "status", "detail", "code", "class", "choices", "reference"}`:
/// `schema/problem.v1.json`.
pub(crate) fn body(failure: &Failure, status: StatusCode) -> Value {
    let choices: Vec<Value> = failure
        .matches
        .iter()
        .map(|m| json!({"label": m.label, "detail": m.detail, "question": m.question}))
        .collect();
    json!({
        "type": format!("/docs#error-{}", failure.code),
        "title": failure.text,
        "status": status.as_u16(),
        "detail": failure.advice,
        "code": failure.code,
        "class": failure.class.as_str(),
        "choices": choices,
        "reference": failure.reference,
    })
}

/// By the code, else by the class.
pub(super) fn status(class: Class, code: &str) -> StatusCode {
    let known = KNOWN.iter().find(|known| known.code == code);
    let by_code = known.and_then(|known| StatusCode::from_u16(known.status).ok());
    // Only what somebody can mend, or wait for, has a status of its own: a broken lake is ours.
    match class {
        Class::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        Class::Rejected => by_code.unwrap_or(StatusCode::UNAUTHORIZED),
        Class::User => by_code.unwrap_or(StatusCode::BAD_REQUEST),
        Class::Retry => by_code.unwrap_or(StatusCode::SERVICE_UNAVAILABLE),
    }
}

/// Seconds after which the same may work, where it may: what `Retry-After` says.
pub(super) fn again(status: StatusCode) -> Option<u32> {
    let passes = [
        StatusCode::TOO_MANY_REQUESTS,
        StatusCode::SERVICE_UNAVAILABLE,
        StatusCode::GATEWAY_TIMEOUT,
    ];
    passes.contains(&status).then_some(AGAIN)
}
