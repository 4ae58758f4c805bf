//! `/links/{token}`: what a signed link opens, and nothing beside it.
//!
//! The door has verified the link and put it into the request. Start at [`answer`].

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

use super::reply::{Shown, respond};
use super::visit::{Frame, Visit};
use crate::answer::Answer;
use crate::api::Api;
use crate::ask::Request;
use crate::error::{Class, Failure};
use crate::link::Link;
use crate::render::json as shape;
use crate::render::page::{self, Place};

type Opened = Option<Extension<Link>>;

pub(super) async fn answer(Path(token): Path<String>, link: Opened, visit: Visit) -> Response {
    let mut response = respond(visit, |visit| async move {
        let answer = opened(&visit, link).await?;
        let frame = Frame::default();
        let place = Place::Link { token: &token };
        let page = page::answer(&answer, &visit.view(&frame, place));
        Ok(Shown::page(page, frame))
    })
    .await;
    // A link is no page to be found by others.
    let robots = header::HeaderValue::from_static("noindex, nofollow");
    response.headers_mut().insert("x-robots-tag", robots);
    response
}

pub(super) async fn json(State(_): State<Arc<Api>>, link: Opened, visit: Visit) -> Response {
    match opened(&visit, link).await {
        Ok(answer) => {
            let body = format!("{}\n", shape::answer(&answer));
            ([(header::CONTENT_TYPE, "application/json")], body).into_response()
        }
        Err(failure) => refused(&failure),
    }
}

pub(super) async fn csv(State(_): State<Arc<Api>>, link: Opened, visit: Visit) -> Response {
    let written = match opened(&visit, link).await {
        Ok(answer) => changes(&answer),
        Err(failure) => return refused(&failure),
    };
    match written {
        Some(body) => ([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], body).into_response(),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// As it is shown to whoever holds the link.
async fn opened(visit: &Visit, link: Opened) -> Result<Answer, Failure> {
    let Some(Extension(link)) = link else {
        return Err(Failure::new(
            Class::User,
            "no_such_link",
            "This link opens nothing.",
            "Copy the whole link, or ask again.",
        ));
    };
    let why = visit.api.lake.why().await?;
    let request = Request {
        audience: link.audience,
        ..visit.request(&link.question)
    };
    let answer = why.ask(&request, visit.now).await;
    let about = why.understand(&request, visit.now).ok();
    let (entity, attribute) = match &about {
        Some(about) => (Some(about.entity_id), Some(about.attribute.as_str())),
        None => (None, None),
    };
    visit.note(entity, attribute, &answer).await?;
    answer
}

fn refused(failure: &Failure) -> Response {
    let status = match failure.class {
        Class::User => StatusCode::NOT_FOUND,
        Class::Rejected => StatusCode::UNAUTHORIZED,
        Class::Retry => StatusCode::SERVICE_UNAVAILABLE,
        Class::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let text = match failure.class {
        Class::Internal => "Something went wrong here.\n".to_owned(),
        Class::User | Class::Rejected | Class::Retry => format!("{failure}\n"),
    };
    (status, text).into_response()
}

/// Newest first, with the columns that the JSON's fields have.
fn changes(answer: &Answer) -> Option<Vec<u8>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table
        .write_record([
            "at",
            "from",
            "to",
            "cause",
            "marks",
            "source",
            "rule",
            "rule_version",
            "run_id",
            "actor",
            "reason",
            "decision_id",
        ])
        .ok()?;
    for change in &answer.changes {
        let marks: Vec<&str> = change.marks.iter().map(|mark| mark.as_str()).collect();
        let text = |field: &Option<String>| harmless(field.as_deref().unwrap_or_default());
        table
            .write_record([
                change.at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string(),
                text(&change.from),
                text(&change.to),
                change.cause.as_str().to_owned(),
                marks.join(" "),
                text(&change.source),
                text(&change.rule),
                text(&change.rule_version),
                text(&change.run_id),
                text(&change.actor),
                text(&change.reason),
                text(&Some(change.decision_id.clone())),
            ])
            .ok()?;
    }
    table.into_inner().ok()
}

/// No spreadsheet may take a text for a formula.
fn harmless(text: &str) -> String {
    let formula = text.starts_with(['=', '@', '\t', '\r'])
        || (text.starts_with(['+', '-']) && crate::value::number(text).is_none());
    match formula {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}
