//! What went wrong, as RFC 9457's problem details: a [`Failure`] over HTTP.
//!
//! One table says what each code means and which status it has; a code that is not in it has the
//! status of its class. `/docs` lists the table. Start at [`Problem`].

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::error::{Class, Failure};

#[cfg(test)]
mod tests;

pub(crate) const MEDIA_TYPE: &str = "application/problem+json";
/// Seconds until it is worth trying again.
const AGAIN: u32 = 2;

/// A failure on its way to whoever asked.
#[derive(Debug)]
pub(super) struct Problem {
    failure: Box<Failure>,
    /// Seconds to wait before trying again.
    retry_after: Option<u32>,
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Problem {
            retry_after: (failure.class == Class::Retry).then_some(AGAIN),
            failure: Box::new(failure),
        }
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
        let failure = told(*self.failure);
        let status = status(failure.class, failure.code);
        let mut body = body(&failure, status).to_string();
        body.push('\n');
        let headers = [(CONTENT_TYPE, MEDIA_TYPE), (CACHE_CONTROL, "no-store")];
        let mut response = (status, headers, body).into_response();
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(seconds));
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

/// A code, its status, and what it means.
pub(super) struct Known {
    pub(super) code: &'static str,
    pub(super) status: u16,
    pub(super) meaning: &'static str,
}

const fn known(code: &'static str, status: u16, meaning: &'static str) -> Known {
    Known {
        code,
        status,
        meaning,
    }
}

/// Every code but those of a broken lake, which are all `500`.
pub(super) const KNOWN: &[Known] = &[
    // The request.
    known(
        "unknown_parameter",
        400,
        "The URL has a parameter that this path does not take.",
    ),
    known(
        "doubled_parameter",
        400,
        "A parameter stands twice in the URL.",
    ),
    known(
        "missing_parameter",
        400,
        "A parameter that this path needs is missing.",
    ),
    known(
        "empty_parameter",
        400,
        "A parameter has no value. Leave it out instead.",
    ),
    known(
        "clashing_parameters",
        400,
        "Parameters that exclude each other were given together.",
    ),
    known("bad_encoding", 400, "The URL is not percent-encoded UTF-8."),
    known("bad_id", 400, "A company's id is a whole number."),
    known(
        "bad_limit",
        400,
        "The limit is no whole number, or out of its range.",
    ),
    known("bad_cause", 400, "A cause that does not exist."),
    known("bad_period", 400, "The period ends before it begins."),
    known(
        "bad_cursor",
        400,
        "The cursor was not given by this list with these filters.",
    ),
    known("bad_format", 400, "A format that this list does not have."),
    known(
        "bad_body",
        400,
        "The body is not the JSON that this path takes.",
    ),
    known(
        "bad_key",
        400,
        "An Idempotency-Key has 1 to 200 visible ASCII characters.",
    ),
    known("no_such_path", 404, "There is nothing under this path."),
    known(
        "wrong_method",
        405,
        "The path does not take this method. `Allow` says which.",
    ),
    known(
        "not_acceptable",
        406,
        "None of the formats that `Accept` allows is offered.",
    ),
    known("too_large", 413, "The body is larger than this path takes."),
    known("url_too_long", 414, "The URL is longer than 8,000 bytes."),
    known(
        "not_json",
        415,
        "The body's Content-Type is not application/json.",
    ),
    // Who asks.
    known("no_login", 401, "Nobody is signed in."),
    known("bad_token", 401, "The token is none, or counts no longer."),
    known(
        "scope",
        403,
        "The token does not have the scope that this path needs.",
    ),
    known("other_origin", 403, "A page of somebody else's sent this."),
    known("bad_link", 404, "The link was not signed here."),
    known("link_expired", 410, "The link has expired."),
    known("too_slow", 408, "The request took too long to come."),
    known(
        "restricted",
        403,
        "Whoever asks may not see this attribute.",
    ),
    known(
        "too_many_requests",
        429,
        "Too many requests. `Retry-After` says when to go on.",
    ),
    // The question.
    known("empty", 400, "There is no question."),
    known(
        "too_long",
        400,
        "The question, or another parameter, has more than 1,000 characters.",
    ),
    known("bad_date", 400, "A date that can't be read."),
    known("no_such_day", 400, "A day that the calendar does not have."),
    known(
        "ambiguous_date",
        400,
        "A date that can be read in two ways.",
    ),
    known(
        "said_twice",
        400,
        "Two dates, or two expectations, that can't both hold.",
    ),
    known(
        "unfinished",
        400,
        "A clause such as `as of` without what follows it.",
    ),
    known(
        "bad_look_back",
        400,
        "A span to look back that can't be read.",
    ),
    known(
        "future",
        400,
        "The time that was asked about has not come yet.",
    ),
    known(
        "since_after_as_of",
        400,
        "The time to look back to lies after the time asked about.",
    ),
    known("missing_company", 400, "An attribute without a company."),
    known("missing_attribute", 400, "A company without an attribute."),
    known(
        "not_understood",
        400,
        "Words in which no company or no attribute was found.",
    ),
    known(
        "unknown_attribute",
        404,
        "The catalog has no such attribute.",
    ),
    known("unknown_company", 404, "The directory has no such company."),
    known(
        "several_companies",
        409,
        "Several companies are called so. `choices` has them.",
    ),
    known(
        "too_much",
        400,
        "The question would read more than the catalog allows.",
    ),
    known(
        "scan_cut_off",
        400,
        "The question would scan more than Athena's workgroup allows.",
    ),
    // The lake.
    known(
        "table_rewritten",
        503,
        "The table was rewritten while it was read. Ask again.",
    ),
    known(
        "unavailable",
        503,
        "The lake's store does not answer. Ask again.",
    ),
    known(
        "throttled",
        503,
        "The lake's store asks for patience. Ask again.",
    ),
    known(
        "query_interrupted",
        503,
        "Athena's query broke off. Ask again.",
    ),
    known(
        "query_cancelled",
        503,
        "Athena's query was cancelled. Ask again.",
    ),
    known(
        "login_unavailable",
        503,
        "Nobody can tell now who asks. Try again.",
    ),
    known(
        "no_ledger",
        503,
        "What was sent could not be kept. Send it again.",
    ),
    known(
        "no_audit",
        503,
        "It could not be written down who reads what is not for everyone.",
    ),
    known("timed_out", 504, "The lake's store took too long."),
    known("query_timed_out", 504, "Athena's query took too long."),
    known("no_such_page", 404, "There is no page at this address."),
    known("no_such_link", 404, "The link opens nothing."),
    known("late", 504, "The answer took longer than one question may."),
];
