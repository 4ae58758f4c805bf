//! The page: answers in HTML. What it looks like is [`crate::render::page`]'s.
//!
//! A handler reads its address, asks, and hands what it was told to the renderer; `visit` holds
//! what they share, `reply` sends a page whole, or begins it where the answer takes its time.
//! Start at [`router`].

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::Api;
use crate::error::{Class, Failure};
use crate::render::page;
use reply::{Shown, respond};
use visit::Visit;

mod answer;
mod compare;
mod link;
mod parameters;
mod reply;
mod search;
#[cfg(feature = "serve")]
#[cfg(test)]
mod tests;
mod visit;
mod wrong;

pub(super) fn router(api: Arc<Api>) -> Router {
    Router::new()
        .route("/", get(search::search))
        .route("/companies/{id}", get(answer::overview))
        .route("/companies/{id}/{attribute}", get(answer::answer))
        .route("/companies/{id}/{attribute}/history", get(answer::history))
        .route("/compare", get(compare::compare))
        .route("/wrong", get(wrong::form).post(wrong::report))
        .route("/links/{token}", get(link::answer))
        .route("/links/{token}/answer.json", get(link::json))
        .route("/links/{token}/changes.csv", get(link::csv))
        .route("/assets/{name}", get(asset))
        .fallback(nowhere)
        .method_not_allowed_fallback(not_so)
        .with_state(api)
}

/// For good: another build has other names.
async fn asset(Path(name): Path<String>) -> Response {
    match page::asset(&name) {
        Some(asset) => (
            [
                (header::CONTENT_TYPE, asset.content_type),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            ],
            asset.text,
        )
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn nowhere(State(_): State<Arc<Api>>, visit: Visit) -> Response {
    respond(visit, |_| async { Err::<Shown, _>(not_here()) }).await
}

async fn not_so(State(_): State<Arc<Api>>, visit: Visit) -> Response {
    let failure = Failure::new(
        Class::User,
        "wrong_method",
        "A page is opened, and nothing can be sent to this one.",
        "Open it with GET.",
    );
    respond(visit, |_| async { Err::<Shown, _>(failure) }).await
}

/// An address that leads nowhere.
fn not_here() -> Failure {
    Failure::new(
        Class::User,
        "no_such_page",
        "There is no such page.",
        "Search for a company and an attribute instead.",
    )
}
