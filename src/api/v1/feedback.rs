//! `POST /v1/feedback`: this looks wrong.
//!
//! Where there is a queue it becomes the same job as a report in Slack, and the worker posts it for
//! the stewards; else the ledger keeps it. Told once: a request with the same Idempotency-Key and
//! the same words is the same report. Start at [`feedback`]; [`keep`] is the page's too.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, FromRequest, Request as HttpRequest};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::caller::{About, Caller, Query, missing_scope};
use crate::access::Reader;
use crate::api::Api;
use crate::api::problem::Problem;
use crate::ask::{Request, Why, failure};
use crate::error::{Class, Failure};
use crate::job::{self, Asker, Job, Place, Work};
use crate::ledger::Report;
use crate::question::{self, AsOf, MOST_CHARACTERS, Parts, Question};
use crate::visibility;

#[cfg(test)]
mod tests;

pub(in crate::api) const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// More than every field at its longest, in any script.
pub(in crate::api) const LONGEST_BODY: usize = 32_000;
/// As long as the forms in Slack take.
pub(in crate::api) const LONGEST_WRONG: usize = 3_000;
pub(in crate::api) const LONGEST_LINK: usize = 2_000;
const LONGEST_KEY: usize = 200;

/// What somebody says of a value.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct Said {
    /// The question whose answer looks wrong, in words.
    pub(in crate::api) question: String,
    /// What is wrong.
    pub(in crate::api) wrong: String,
    #[serde(default)]
    pub(in crate::api) expected: Option<String>,
    /// Where the right value can be seen.
    #[serde(default)]
    pub(in crate::api) link: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct NoParameters {}

/// This looks wrong
///
/// Passes a report on to those who look after the data, with the answer as it is now. Send an
/// Idempotency-Key to be sure that a repeated request is one report.
#[utoipa::path(
    post,
    path = "/v1/feedback",
    tag = "feedback",
    params(
        ("Idempotency-Key" = Option<String>, Header,
         description = "Names this report: sent again with the same words, it is not told again. 1 to 200 visible ASCII characters.",
         min_length = 1, max_length = 200, pattern = "^[!-~]+$")
    ),
    request_body(
        content = ref("#/components/schemas/feedback"), content_type = "application/json",
        description = "At most 32,000 bytes."
    ),
    responses(
        (status = 202, description = "It is taken, and goes to whoever looks after the data.",
         body = ref("#/components/schemas/feedback/$defs/accepted"), content_type = "application/json")
    )
)]
pub(in crate::api) async fn feedback(
    caller: Caller,
    Query(NoParameters {}): Query<NoParameters>,
    Json(said): Json,
) -> Result<Response, Problem> {
    let key = key(&caller.headers)?;
    let kept = report(&caller, said, key.as_deref()).await?;
    let mut body = json!({"report": kept}).to_string();
    body.push('\n');
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (CACHE_CONTROL, "no-store"),
    ];
    Ok((StatusCode::ACCEPTED, headers, body).into_response())
}

/// The report's id.
///
/// # Errors
/// They may not report, or may not see what they report; the question can't be understood; it
/// could not be kept.
async fn report(caller: &Caller, said: Said, key: Option<&str>) -> Result<String, Problem> {
    if !caller.reader.may.feedback {
        return caller.heed(Err(missing_scope("feedback"))).await;
    }
    caller.heed(short(&said)).await?;
    let id = report_id(&caller.reader, &said, key);
    let opened = caller.within(caller.api.lake.why()).await;
    let understood = opened.and_then(|why| {
        let request = caller.request(said.question.as_str());
        understood(&why, &request, caller.now)
    });
    let asked = caller.heed(understood).await?;
    let question = lasting(&asked, caller.now);
    let about = About::of(asked);
    let said = Said { question, ..said };
    let report = report_of(&caller.reader, said, id.clone(), caller.now);
    let kept = keep(&caller.api, report).await;
    let outcome = kept
        .as_ref()
        .err()
        .map_or("reported", |failure| failure.code);
    caller.note(&about, outcome).await?;
    kept?;
    Ok(id)
}

/// What this reader says, whose question means the same tomorrow.
pub(in crate::api) fn report_of(reader: &Reader, said: Said, id: String, now: Timestamp) -> Report {
    Report {
        expected: said.expected,
        link: said.link,
        ..Report::new(id, now, asker(reader), said.question, said.wrong)
    }
}

/// What the report is about. The lake is not read for it: it is kept however busy that is.
///
/// # Errors
/// It is no question, or not for whoever asks.
pub(in crate::api) fn understood(
    why: &Why,
    request: &Request,
    now: Timestamp,
) -> Result<Question, Failure> {
    let question = why.understand(request, now)?;
    if let Some(attribute) = why.catalog.attribute(&question.attribute) {
        visibility::may_see(attribute, &request.audience)
            .map_err(|restricted| failure::restricted(&restricted))?;
    }
    Ok(question)
}

/// In words that mean the same tomorrow: what is mended later must not mend the report.
pub(in crate::api) fn lasting(question: &Question, now: Timestamp) -> String {
    let whole_milliseconds = Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now);
    question::phrase(&Parts {
        as_of: Some(AsOf::Instant(question.as_of.min(whole_milliseconds))),
        ..Parts::of(question, now)
    })
}

/// Somebody in Slack is told there what becomes of it. Whoever is nobody there is named, and has a
/// name that nobody there can have.
fn asker(reader: &Reader) -> String {
    use visibility::Audience;
    match &reader.audience {
        Audience::Person { user, .. } if job::is_in_slack(user) => user.clone(),
        Audience::Person { .. } | Audience::Channel { .. } | Audience::Operator => {
            format!("{}{}", reader.name, job::OF_THE_WEB)
        }
    }
}

/// The same for the same key and the same words, as they were sent, of the same reader: a key that is
/// taken again for other words loses nothing.
pub(in crate::api) fn report_id(reader: &Reader, said: &Said, key: Option<&str>) -> String {
    let Some(key) = key else {
        return format!(
            "web-{:016x}{:016x}",
            rand::random::<u64>(),
            rand::random::<u64>()
        );
    };
    let other = |text: &Option<String>| format!("{text:?}");
    let (expected, link) = (other(&said.expected), other(&said.link));
    let mut hash = Sha256::new();
    // A name means something only with its door.
    let parts = [
        reader.through.name(),
        &reader.name,
        key,
        &said.question,
        &said.wrong,
        &expected,
        &link,
    ];
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let digest = hash.finalize();
    let digits: String = digest.iter().take(16).map(|b| format!("{b:02x}")).collect();
    format!("web-{digits}")
}

/// Into the queue, for the worker to post with the answer as it is now; where there is no Slack, the
/// ledger alone keeps it. What is kept already is what was sent again.
pub(in crate::api) async fn keep(api: &Api, report: Report) -> Result<(), Failure> {
    let known = api
        .ledger
        .report(&report.id)
        .await
        .map_err(|e| not_kept(&e))?;
    if known.is_some() {
        return Ok(());
    }
    let Some(queue) = &api.queue else {
        return api
            .ledger
            .save_report(&report)
            .await
            .map_err(|e| not_kept(&e));
    };
    let at = report.at;
    let job = job_of(report);
    let sent = queue.send(&job.id, &job.encode(), at).await;
    sent.map(drop).map_err(|e| not_kept(&e))
}

fn not_kept(error: &impl std::fmt::Display) -> Failure {
    tracing::error!(%error, "ALARM: a report could not be kept");
    Failure::new(
        Class::Retry,
        "no_ledger",
        "Your report could not be kept.",
        "Send it again in a moment.",
    )
}

fn job_of(report: Report) -> Job {
    Job {
        id: report.id.clone(),
        request_id: report.id,
        accepted_at: report.at,
        asker: Asker {
            user: report.user,
            team: None,
            enterprise: None,
        },
        place: Place::default(),
        work: Work::Report {
            text: report.question,
            wrong: report.wrong,
            expected: report.expected,
            link: report.link,
        },
    }
}

fn bad_body(text: String, advice: String) -> Failure {
    Failure::new(Class::User, "bad_body", text, advice)
}

fn short(said: &Said) -> Result<(), Failure> {
    let fields = [
        ("question", Some(&said.question), MOST_CHARACTERS),
        ("wrong", Some(&said.wrong), LONGEST_WRONG),
        ("expected", said.expected.as_ref(), MOST_CHARACTERS),
        ("link", said.link.as_ref(), LONGEST_LINK),
    ];
    let is_web = |link: &String| link.starts_with("https://") || link.starts_with("http://");
    if said.link.as_ref().is_some_and(|link| !is_web(link)) {
        return Err(bad_body(
            "`link` is no address of a page.".to_owned(),
            "It must begin with https:// or http://.".to_owned(),
        ));
    }
    for (name, text, most) in fields {
        let Some(text) = text else { continue };
        let length = text.chars().count();
        if length > most {
            return Err(bad_body(
                format!("`{name}` is {length} characters long."),
                format!("{most} are the most."),
            ));
        }
        if text.trim().is_empty() {
            return Err(bad_body(
                format!("`{name}` says nothing."),
                "Say something, or leave it out where it may be.".to_owned(),
            ));
        }
    }
    Ok(())
}

fn key(headers: &HeaderMap) -> Result<Option<String>, Failure> {
    let mut said = headers.get_all(IDEMPOTENCY_KEY).iter();
    let (Some(key), next) = (said.next(), said.next()) else {
        return Ok(None);
    };
    let key = key.to_str().ok().filter(|key| {
        let visible = key.bytes().all(|b| b.is_ascii_graphic());
        next.is_none() && visible && (1..=LONGEST_KEY).contains(&key.len())
    });
    key.map(|key| Some(key.to_owned())).ok_or_else(|| {
        Failure::new(
            Class::User,
            "bad_key",
            "This is no Idempotency-Key.",
            "Send one header with 1 to 200 visible ASCII characters.",
        )
    })
}

/// The body, as JSON in UTF-8.
#[derive(Debug)]
pub(in crate::api) struct Json(Said);

impl<S: Send + Sync> FromRequest<S> for Json {
    type Rejection = Problem;

    async fn from_request(request: HttpRequest, state: &S) -> Result<Self, Problem> {
        let media = request.headers().get(CONTENT_TYPE);
        let media = media
            .and_then(|media| media.to_str().ok())
            .unwrap_or_default();
        let media = media.split(';').next().unwrap_or_default().trim();
        if !media.eq_ignore_ascii_case("application/json") {
            return Err(Problem::user(
                "not_json",
                "The body is to be JSON.",
                "Send it with `Content-Type: application/json`.",
            ));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(unread)?;
        let said = serde_json::from_slice(&bytes).map_err(|error| {
            bad_body(
                "The body is not the JSON that this path takes.".to_owned(),
                format!("{error}. It is to be an object with `question` and `wrong`, and `expected` and `link` where they are known."),
            )
        })?;
        Ok(Json(said))
    }
}

fn unread(rejection: BytesRejection) -> Problem {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::user(
            "too_large",
            format!("The body has more than {LONGEST_BODY} bytes."),
            "Say it in fewer words.",
        ),
        _ => Problem::user("bad_body", "The body broke off.", "Send it again."),
    }
}

pub(super) fn limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(LONGEST_BODY)
}
