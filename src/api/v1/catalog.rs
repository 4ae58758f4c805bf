//! `/v1/catalog`: what can be asked about.

use axum::response::Response;
use serde::Deserialize;

use super::cache::{self, Kept};
use super::caller::{Caller, Query};
use crate::api::problem::Problem;
use crate::render::json;
use crate::visibility;

/// None.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct Nothing {}

/// What can be asked about
///
/// The attributes that whoever asks may see, with the words for them; sources, rules, and what
/// causes and marks mean. A source that may not be named to whoever asks has another name.
#[utoipa::path(
    get,
    path = "/v1/catalog",
    tag = "catalog",
    responses(
        (status = 200, description = "The catalog, as far as whoever asks may see it.",
         body = ref("#/components/schemas/catalog"), content_type = "application/json"),
        (status = 304, description = "It is still what `If-None-Match` names.")
    )
)]
pub(in crate::api) async fn catalog(
    caller: Caller,
    Query(Nothing {}): Query<Nothing>,
) -> Result<Response, Problem> {
    let why = caller.why().await?;
    let audience = &caller.reader.audience;
    let (_, disguised) = visibility::redact(Vec::new(), &why.catalog, audience);
    let said = json::catalog(&visibility::offered(&disguised, audience));
    Ok(cache::json(&caller.headers, &said, Kept::Minute))
}
