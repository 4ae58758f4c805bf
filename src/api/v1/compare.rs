//! `/v1/compare`: an attribute of one company at two times, or of two companies.

use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::answer::{self, is_id, moment_means};
use super::cache::{self, Kept, Means};
use super::caller::{About, Caller, Query};
use super::query::clash;
use crate::api::problem::Problem;
use crate::ask::{Request, Why};
use crate::comparison::{Comparison, Of};
use crate::error::Failure;
use crate::render::json;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::api) struct Compared {
    /// The company: its id (`17`), its name, an alias or its domain.
    #[param(example = "17", min_length = 1, max_length = 1000)]
    entity: String,
    /// The attribute, by a name that `/v1/catalog` has for it.
    #[param(example = "revenue", min_length = 1, max_length = 1000)]
    attribute: String,
    /// One time: a day (its end, UTC), an instant, or words. Of two companies the time of both; now
    /// where nothing is said.
    #[param(example = "2024-03-01", min_length = 1, max_length = 100)]
    at: Option<String>,
    /// The other time; now where neither this nor `with` is said.
    #[param(example = "2025-06-01", min_length = 1, max_length = 100)]
    and: Option<String>,
    /// The other company, instead of another time.
    #[param(min_length = 1, max_length = 1000)]
    with: Option<String>,
}

/// Two times, or two companies, side by side
///
/// With `at` (and `and`) what the attribute was then and what it is, and what changed between; with
/// `with` the two companies' values. `differs` names what is not the same.
#[utoipa::path(
    get,
    path = "/v1/compare",
    tag = "answers",
    params(Compared),
    responses(
        (status = 200, description = "Both, and what differs.",
         body = ref("#/components/schemas/comparison"), content_type = "application/json"),
        (status = 304, description = "It is still what `If-None-Match` names.")
    )
)]
pub(in crate::api) async fn compare(
    caller: Caller,
    Query(compared): Query<Compared>,
) -> Result<Response, Problem> {
    let why = caller.why().await?;
    let pair = compared.pair(&why, &caller);
    let (of, one, other) = caller.heed(pair).await?;
    let about = caller.about(&why, &one);
    let work = why.compare(of, (&one, &other), caller.now);
    let comparison = caller.ask(&about, work).await?;
    if of == Of::Companies {
        let second = About {
            entity_id: Some(comparison.other.question.entity_id),
            ..about
        };
        caller.note(&second, "answered").await?;
    }
    let kept = compared.kept(&comparison, caller.now);
    let said = json::comparison(&comparison);
    Ok(cache::json(&caller.headers, &said, kept))
}

impl Compared {
    fn pair(&self, why: &Why, caller: &Caller) -> Result<(Of, Request, Request), Failure> {
        let at = answer::as_of(self.at.as_deref(), &why.catalog, caller.now)?;
        let and = answer::as_of(self.and.as_deref(), &why.catalog, caller.now)?;
        let one = Request {
            as_of: at,
            ..caller.request("")
        };
        let named =
            |company: &str| answer::about(why, (company, Some(self.attribute.as_str())), &one);
        let text = named(&self.entity)?.1;
        let (of, other) = match (&self.with, at, and) {
            (Some(_), _, Some(_)) => {
                return Err(clash(
                    "Two companies are compared at one time.",
                    "Give `and` or `with`, and the time of both companies as `at`.",
                ));
            }
            (Some(company), _, None) => {
                let text = named(company)?.1;
                (
                    Of::Companies,
                    Request {
                        text,
                        ..one.clone()
                    },
                )
            }
            (None, None, None) => {
                return Err(clash(
                    "There is nothing to compare with.",
                    "Give another time as `at`, or another company as `with`.",
                ));
            }
            (None, _, and) => {
                let other = Request {
                    as_of: and,
                    text: text.clone(),
                    ..one.clone()
                };
                (Of::Times, other)
            }
        };
        Ok((of, Request { text, ..one }, other))
    }

    fn kept(&self, comparison: &Comparison, now: jiff::Timestamp) -> Kept {
        let by_id = is_id(&self.entity) && self.with.as_deref().is_none_or(is_id);
        let times = [
            Some(&self.at),
            Some(&self.and).filter(|_| self.with.is_none()),
        ];
        let fixed = times
            .into_iter()
            .flatten()
            .all(|time| moment_means(time.as_deref()) == Means::TheSame);
        let means = match by_id && fixed {
            true => Means::TheSame,
            false => Means::SomethingElseTomorrow,
        };
        let (one, other) = (&comparison.one.question, &comparison.other.question);
        let newest = one.as_of.max(other.as_of);
        cache::kept(Some(newest).filter(|newest| *newest < now), means, now)
    }
}
