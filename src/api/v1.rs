//! `/v1`: answers in JSON.
//!
//! Each path is a file: it reads its parameters strictly (`query`), asks [`crate::ask::Why`], and
//! says the same as the command line does. What may be kept for how long is `cache`'s to say, in
//! which form a list comes `accept`'s. Start at [`router`].

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::header::ALLOW;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{self, MethodRouter};

use super::Api;
use super::problem::Problem;

mod accept;
pub(super) mod answer;
mod cache;
mod caller;
pub(super) mod catalog;
pub(super) mod changes;
pub(super) mod compare;
pub(super) mod csv;
mod cursor;
pub(super) mod entities;
pub(super) mod feedback;
mod query;
#[cfg(test)]
mod tests;

pub(super) use accept::Form;
pub(super) use cache::{Kept, Reply, reply, tag_of};
pub(super) use caller::missing_scope;
pub(super) use feedback::IDEMPOTENCY_KEY;

/// A longer URL asks nothing that could be answered.
const LONGEST_URL: usize = 8_000;
const READS: &str = "GET, HEAD, OPTIONS";
const WRITES: &str = "POST, OPTIONS";

type Methods = MethodRouter<Arc<Api>>;

pub(super) fn router(api: Arc<Api>) -> Router {
    Router::new()
        .route("/v1/answer", reads(routing::get(answer::answer)))
        .route("/v1/entities", reads(routing::get(entities::search)))
        .route("/v1/entities/{id}", reads(routing::get(entities::overview)))
        .route(
            "/v1/entities/{id}/attributes/{name}/changes",
            reads(routing::get(changes::changes)),
        )
        .route("/v1/compare", reads(routing::get(compare::compare)))
        .route("/v1/catalog", reads(routing::get(catalog::catalog)))
        .route(
            "/v1/feedback",
            writes(routing::post(feedback::feedback).layer(feedback::limit())),
        )
        .route("/openapi.json", reads(routing::get(super::openapi::show)))
        .route("/v1", routing::any(no_such_path))
        .route("/v1/", routing::any(no_such_path))
        .route("/v1/{*rest}", routing::any(no_such_path))
        .layer(middleware::from_fn(short_url))
        .with_state(api)
}

fn reads(methods: Methods) -> Methods {
    only(methods, READS)
}

fn writes(methods: Methods) -> Methods {
    only(methods, WRITES)
}

/// `OPTIONS` says which methods there are; whatever else is refused, and says so too.
fn only(methods: Methods, allowed: &'static str) -> Methods {
    let allow = move || async move { (StatusCode::NO_CONTENT, [(ALLOW, allowed)]) };
    let refuse = move || async move {
        let problem = Problem::user(
            "wrong_method",
            "This path does not take this method.",
            &format!("It takes {allowed}."),
        );
        let mut response = problem.into_response();
        response
            .headers_mut()
            .insert(ALLOW, HeaderValue::from_static(allowed));
        response
    };
    methods.options(allow).fallback(refuse)
}

async fn no_such_path() -> Problem {
    Problem::user(
        "no_such_path",
        "There is nothing under this path.",
        "/docs lists every path.",
    )
}

async fn short_url(request: Request, next: Next) -> Response {
    let uri = request.uri();
    let length = uri.path().len() + uri.query().map_or(0, str::len);
    if length > LONGEST_URL {
        let problem = Problem::user(
            "url_too_long",
            format!("This URL has {length} bytes; {LONGEST_URL} are the most."),
            "Ask in fewer words.",
        );
        return problem.into_response();
    }
    next.run(request).await
}
