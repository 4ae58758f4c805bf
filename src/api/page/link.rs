//! `/links/{token}`: what a signed link opens, and nothing beside it.
//!
//! The door has verified the link and put it into the request. Start at [`answer`].

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

use super::reply::{Shown, respond};
use super::visit::{Frame, Visit};
use crate::answer::Answer;
use crate::api::problem::Problem;
use crate::api::{Api, v1};
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
        Err(failure) => Problem::from(failure).into_response(),
    }
}

pub(super) async fn csv(State(_): State<Arc<Api>>, link: Opened, visit: Visit) -> Response {
    match opened(&visit, link).await {
        Ok(answer) => {
            let rows = answer.changes.iter().flat_map(v1::csv::row);
            let body: Vec<u8> = v1::csv::head().into_iter().chain(rows).collect();
            ([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], body).into_response()
        }
        Err(failure) => Problem::from(failure).into_response(),
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
    let answer = visit.ask(why.ask(&request, visit.now)).await;
    let about = match &answer {
        Ok(answer) => Some(answer.question.clone()),
        Err(_) => why.understand(&request, visit.now).ok(),
    };
    let (entity, attribute) = match &about {
        Some(about) => (Some(about.entity_id), Some(about.attribute.as_str())),
        None => (None, None),
    };
    visit.note(entity, attribute, &answer).await?;
    answer
}
