//! `/v1/entities`: companies by what somebody types, and one company at a glance.

use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;

use super::answer::{self, moment_means};
use super::cache::{self, Kept};
use super::caller::{About, Caller, Place, Query, id};
use super::query;
use crate::api::problem::Problem;
use crate::ask::{self, found};
use crate::error::{Class, Failure};
use crate::overview;
use crate::question::MOST_CHARACTERS;
use crate::render::json as shape;

const USUAL: usize = 10;
const MOST: usize = 50;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::api) struct Searched {
    /// What the company may be called: some letters, a ticker, a domain, an id. Typos are forgiven.
    #[param(example = "acme", min_length = 1, max_length = 1000)]
    q: String,
    /// How many at most.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 50, example = 10)]
    limit: Option<String>,
}

/// Companies by name
///
/// Best first, each with what tells it apart from its namesakes. Empty where nobody is called
/// anything like it.
#[utoipa::path(
    get,
    path = "/v1/entities",
    tag = "companies",
    params(Searched),
    responses(
        (status = 200, description = "The companies that fit, best first.",
         body = ref("#/components/schemas/entities"), content_type = "application/json"),
        (status = 304, description = "It is still what `If-None-Match` names.")
    )
)]
pub(in crate::api) async fn search(
    caller: Caller,
    Query(searched): Query<Searched>,
) -> Result<Response, Problem> {
    let limit = query::limit(searched.limit.as_deref(), USUAL, MOST)?;
    let typed = searched.q.trim();
    short(typed)?;
    let why = caller.why().await?;
    let companies: Vec<_> = why
        .directory
        .search(typed, limit)
        .iter()
        .map(found::json)
        .collect();
    let said = json!({"q": typed, "entities": companies});
    Ok(cache::json(&caller.headers, &said, Kept::Minute))
}

fn short(typed: &str) -> Result<(), Failure> {
    let user = |code, text: String, advice| Err(Failure::new(Class::User, code, text, advice));
    match typed.chars().count() {
        0 => user(
            "empty",
            "There is nothing to look for.".to_owned(),
            "Type some letters of the company's name.",
        ),
        length if length > MOST_CHARACTERS => user(
            "too_long",
            format!("This name is {length} characters long; {MOST_CHARACTERS} are the most."),
            "Type the beginning of the name.",
        ),
        _ => Ok(()),
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::api) struct Glanced {
    /// The moment that is asked about: a day (its end, UTC), an instant, or words such as
    /// `yesterday`. Now where nothing is said.
    #[param(example = "2025-03-01", min_length = 1, max_length = 100)]
    as_of: Option<String>,
}

/// A company at a glance
///
/// Every attribute of the catalog with its value, since when, and what is alarming about it. One
/// that whoever asks may not see is `restricted`.
#[utoipa::path(
    get,
    path = "/v1/entities/{id}",
    tag = "companies",
    params(("id" = i64, Path, description = "The company's id.", example = 17), Glanced),
    responses(
        (status = 200, description = "Every attribute, in the catalog's order.",
         body = ref("#/components/schemas/overview"), content_type = "application/json"),
        (status = 304, description = "It is still what `If-None-Match` names.")
    )
)]
pub(in crate::api) async fn overview(
    caller: Caller,
    Place(typed): Place<String>,
    Query(glanced): Query<Glanced>,
) -> Result<Response, Problem> {
    let id = id(&typed)?;
    let why = caller.why().await?;
    let as_of = answer::as_of(glanced.as_of.as_deref(), &why.catalog, caller.now);
    let request = ask::Request {
        as_of: caller.heed(as_of).await?,
        ..caller.request(format!("#{id}"))
    };
    let company = why.names().company(&request.text, None, &request);
    caller.heed(company).await?;
    let about = About {
        entity_id: Some(id),
        attribute: None,
    };
    let asked = caller.ask(&about, why.glance(&request, caller.now)).await?;
    let overview = overview::overview(asked);
    let as_of = Some(overview.as_of).filter(|as_of| *as_of < caller.now);
    let kept = match overview.is_whole() {
        true => cache::kept(as_of, moment_means(glanced.as_of.as_deref()), caller.now),
        false => Kept::Not,
    };
    Ok(cache::json(
        &caller.headers,
        &shape::overview(&overview),
        kept,
    ))
}
