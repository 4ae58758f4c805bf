//! `/wrong`: a value looks wrong to somebody.
//!
//! What was said goes where the API's reports go ([`feedback`]).

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;

use super::parameters::Parameters;
use super::reply::{Shown, respond};
use super::search::words;
use super::visit::{Frame, Visit};
use crate::answer::Answer;
use crate::api::Api;
use crate::api::v1::feedback::{self, Said};
use crate::api::v1::missing_scope;
use crate::ask::Why;
use crate::error::{Class, Failure};
use crate::question::{self, MOST_CHARACTERS, Question};
use crate::render::page::{self, Draft, Page, Place, line_one, links};

/// In the audit, as the API calls what it can't take.
const REFUSED: &str = "bad_body";

pub(super) async fn form(visit: Visit) -> Response {
    respond(visit, |visit| async move {
        let why = visit.why().await?;
        if let (Some(_), Some(question)) = (
            visit.parameters.get("done"),
            visit.parameters.get("question"),
        ) {
            return told(&visit, &why, question);
        }
        let fields = &visit.parameters;
        let answer = about(&visit, &why, fields).await?;
        let about = line_one(&answer);
        let (page, frame) = drafted(&visit, &why, fields, (&answer.question, &about, None));
        Ok(Shown::page(page, frame))
    })
    .await
}

pub(super) async fn report(State(_): State<Arc<Api>>, visit: Visit, body: Bytes) -> Response {
    respond(visit, |visit| async move {
        let fields = Parameters::read(&body);
        let why = visit.why().await?;
        if !visit.reader.may.feedback {
            return Err(missing_scope("feedback"));
        }
        let asked = feedback::understood(&why, &visit.request(question_of(&fields)?), visit.now);
        if asked.is_err() {
            visit.note(None, None, &asked).await?;
        }
        let asked = asked?;
        let (entity_id, attribute) = (Some(asked.entity_id), Some(asked.attribute.as_str()));
        if let Some(refused) = refused(&fields) {
            visit.noted(entity_id, attribute, REFUSED).await?;
            // The value is left out: what was typed comes back however busy the lake is.
            let words = words(&visit, &why, &asked);
            let (page, frame) = drafted(&visit, &why, &fields, (&asked, &words, Some(refused)));
            let status = StatusCode::BAD_REQUEST;
            return Ok(Shown::Page {
                status,
                page,
                frame,
            });
        }
        let kept = keep(&visit, &fields, &asked).await;
        let outcome = kept
            .as_ref()
            .err()
            .map_or("reported", |failure| failure.code);
        visit.noted(entity_id, attribute, outcome).await?;
        kept?;
        let question = question::phrase(&links::parts(&asked));
        Ok(Shown::Elsewhere(links::reported(&question)))
    })
    .await
}

/// What can't be taken, in words.
fn refused(fields: &Parameters) -> Option<&'static str> {
    let long = |name: &str, most: usize| {
        fields
            .whole(name)
            .is_some_and(|value| value.chars().count() > most)
    };
    if fields.get("wrong").is_none() {
        return Some("Say in a few words what is wrong with it.");
    }
    let is_long = long("wrong", feedback::LONGEST_WRONG)
        || long("expected", MOST_CHARACTERS)
        || long("link", feedback::LONGEST_LINK);
    if is_long {
        return Some("That is too long. Shorten it, or link to where it stands.");
    }
    match fields.whole("link") {
        Some(link) if !(link.starts_with("https://") || link.starts_with("http://")) => {
            Some("The link must begin with https:// or http://.")
        }
        Some(_) | None => None,
    }
}

fn question_of(fields: &Parameters) -> Result<&str, Failure> {
    fields.get("question").ok_or_else(|| {
        Failure::new(
            Class::User,
            "missing_question",
            "Which value looks wrong?",
            "Open an answer, and report it from there.",
        )
    })
}

async fn about(visit: &Visit, why: &Why, fields: &Parameters) -> Result<Answer, Failure> {
    let request = visit.request(question_of(fields)?);
    let answer = visit.ask(why.ask(&request, visit.now)).await;
    let asked = answer.as_ref().ok().map(|answer| &answer.question);
    let attribute = asked.map(|asked| asked.attribute.as_str());
    visit
        .note(asked.map(|asked| asked.entity_id), attribute, &answer)
        .await?;
    answer
}

/// The form, filled in as far as it was, about a question in some words.
fn drafted(
    visit: &Visit,
    why: &Why,
    fields: &Parameters,
    (asked, about, refused): (&Question, &str, Option<&str>),
) -> (Page, Frame) {
    let parts = links::parts(asked);
    let said = |name: &str| fields.whole(name).unwrap_or_default();
    let question = question::phrase(&parts);
    let back = links::answer(&parts);
    let draft = Draft {
        question: &question,
        about: Some(about),
        wrong: said("wrong"),
        expected: match said("expected") {
            "" => parts.expected.unwrap_or_default(),
            typed => typed,
        },
        link: said("link"),
        back: &back,
        refused,
    };
    let frame = visit.frame(why, words(visit, why, asked));
    let page = page::wrong(&draft, &visit.view(&frame, Place::Open));
    (page, frame)
}

fn told(visit: &Visit, why: &Why, question: &str) -> Result<Shown, Failure> {
    let asked = why.understand(&visit.request(question), visit.now)?;
    let back = links::answer(&links::parts(&asked));
    let words = words(visit, why, &asked);
    let frame = visit.frame(why, words.as_str());
    let page = page::told(&words, &back, &visit.view(&frame, Place::Open));
    Ok(Shown::page(page, frame))
}

async fn keep(visit: &Visit, fields: &Parameters, asked: &Question) -> Result<(), Failure> {
    let now = visit.now;
    let said = |name: &str| fields.whole(name).map(str::to_owned);
    let said = Said {
        question: feedback::lasting(asked, now),
        wrong: said("wrong").unwrap_or_default(),
        expected: said("expected"),
        link: said("link"),
    };
    let id = feedback::report_id(&visit.reader, &said, None);
    let report = feedback::report_of(&visit.reader, said, id, now);
    feedback::keep(&visit.api, report).await
}
