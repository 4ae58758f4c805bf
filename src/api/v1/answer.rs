//! `/v1/answer`: a question in words, or in its parts.

use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::cache::{self, Kept, Means};
use super::caller::{Caller, Query};
use super::query::clash;
use crate::api::problem::Problem;
use crate::ask::{self, Names, Request, Why, failure};
use crate::catalog::Catalog;
use crate::directory::Entity;
use crate::error::{Class, Failure};
use crate::question::{self, AsOf, LookBack};
use crate::render::json;

/// A question: `q` in words, or `entity` and `attribute`. What is said beside wins over the words.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::api) struct Asked {
    /// The question in plain words, as in Slack and on the command line. A company alone asks for
    /// all its attributes, `acme changes since monday` for what changed.
    #[param(
        example = "acme revenue as of 2025-03-01 expected 10M",
        min_length = 1,
        max_length = 1000
    )]
    pub(in crate::api) q: Option<String>,
    /// The company: its id (`17`), its name, an alias or its domain.
    #[param(example = "17", min_length = 1, max_length = 1000)]
    pub(in crate::api) entity: Option<String>,
    /// The attribute, by a name that `/v1/catalog` has for it.
    #[param(example = "revenue", min_length = 1, max_length = 1000)]
    pub(in crate::api) attribute: Option<String>,
    /// The moment that is asked about: a day (its end, UTC), an instant, or words such as
    /// `yesterday`. Now where nothing is said.
    #[param(example = "2025-03-01", min_length = 1, max_length = 100)]
    pub(in crate::api) as_of: Option<String>,
    /// The value you believe in: the answer says whether anybody ever said so.
    #[param(example = "10M", min_length = 1, max_length = 1000)]
    pub(in crate::api) expected: Option<String>,
    /// How far back to read: `90d`, `12w`, `6 months`, `2y`, `since 2024-01-01`, `all`, `latest`.
    #[param(example = "90d", min_length = 1, max_length = 100)]
    pub(in crate::api) look_back: Option<String>,
}

/// Why an attribute has its value
///
/// The value, since when, who said so and who else said what, which rule decided, what changed and
/// why. A company alone (`q=acme`) gives all its attributes, `q=acme changes` what changed.
#[utoipa::path(
    get,
    path = "/v1/answer",
    tag = "answers",
    params(Asked),
    responses(
        (status = 200, description = "The answer; where nothing was decided, `nothing` says what there is instead.",
         body = ref("#/components/schemas/answered"), content_type = "application/json",
         headers(
            ("ETag" = String, description = "Weak: the same for all answers that say the same."),
            ("Cache-Control" = String, description = "`immutable` for an hour where the past is settled and the URL names the company by its id and the moment by its date."))),
        (status = 304, description = "It is still what `If-None-Match` names.")
    )
)]
pub(in crate::api) async fn answer(
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let why = caller.why().await?;
    let read = asked.request(&why, &caller);
    let request = caller.heed(read).await?;
    let about = caller.about(&why, &request);
    let response = caller
        .ask(&about, why.respond(&request, caller.now))
        .await?;
    let (said, as_of) = match &response {
        ask::Response::Answer(answer) => (json::answer(answer), answer.question.as_of),
        ask::Response::Overview(overview) => (json::overview(overview), overview.as_of),
        ask::Response::Changes(changes) => (json::changes(changes), changes.as_of),
    };
    let kept = match is_whole(&response) {
        true => cache::kept(
            Some(as_of).filter(|as_of| *as_of < caller.now),
            asked.means(),
            caller.now,
        ),
        false => Kept::Not,
    };
    Ok(cache::json(&caller.headers, &said, kept))
}

/// Whether all that was asked for could be read.
fn is_whole(response: &ask::Response) -> bool {
    match response {
        ask::Response::Answer(_) => true,
        ask::Response::Overview(overview) => overview.is_whole(),
        // What is restricted is left out as well: it is not worth telling apart.
        ask::Response::Changes(changes) => changes.left_out.is_empty(),
    }
}

impl Asked {
    fn request(&self, why: &Why, caller: &Caller) -> Result<Request, Failure> {
        let now = caller.now;
        let beside = Request {
            as_of: as_of(self.as_of.as_deref(), &why.catalog, now)?,
            expected: self.expected.clone(),
            look_back: look_back(self.look_back.as_deref(), &why.catalog, now)?,
            ..caller.request("")
        };
        let text = match (&self.q, &self.entity, &self.attribute) {
            (Some(words), None, None) => words.clone(),
            (None, Some(company), attribute) => {
                about(why, (company, attribute.as_deref()), &beside)?.1
            }
            (None, None, _) => {
                return Err(Failure::new(
                    Class::User,
                    "missing_parameter",
                    "There is no question.",
                    "Give it in words as `q` (such as `q=acme+revenue`), or as `entity` and `attribute`.",
                ));
            }
            (Some(_), _, _) => {
                return Err(clash(
                    "The question stands in the words and in its parts.",
                    "Give `q`, or `entity` and `attribute`.",
                ));
            }
        };
        Ok(Request { text, ..beside })
    }

    fn means(&self) -> Means {
        let company = self.entity.as_deref();
        match self.q.is_none() && company.is_some_and(is_id) {
            true => moment_means(self.as_of.as_deref()),
            false => Means::SomethingElseTomorrow,
        }
    }
}

pub(super) fn is_id(company: &str) -> bool {
    company
        .strip_prefix('#')
        .unwrap_or(company)
        .bytes()
        .all(|b| b.is_ascii_digit())
}

pub(super) fn moment_means(as_of: Option<&str>) -> Means {
    match as_of.is_some_and(cache::is_fixed) {
        true => Means::TheSame,
        false => Means::SomethingElseTomorrow,
    }
}

/// A company and an attribute, and words for both.
pub(super) fn about(
    why: &Why,
    (company, attribute): (&str, Option<&str>),
    request: &Request,
) -> Result<(Entity, String), Failure> {
    let names = why.names();
    let company = names.company(company, attribute, request)?;
    let attribute = names.attribute(attribute, &company, request)?;
    let words = Names::phrase(&company, &attribute);
    Ok((company, words))
}

pub(in crate::api) fn as_of(
    typed: Option<&str>,
    catalog: &Catalog,
    now: jiff::Timestamp,
) -> Result<Option<AsOf>, Failure> {
    let read = typed.map(|typed| question::when(typed, now)).transpose();
    read.map_err(|error| failure::question(&error, catalog))
}

/// `since 2024-01-01` too, as answers say it themselves.
pub(in crate::api) fn look_back(
    typed: Option<&str>,
    catalog: &Catalog,
    now: jiff::Timestamp,
) -> Result<Option<LookBack>, Failure> {
    let read = typed.map(|typed| match typed.trim().strip_prefix("since ") {
        Some(day) => question::day(day, now).map(LookBack::Since),
        None => question::look_back(typed),
    });
    read.transpose()
        .map_err(|error| failure::question(&error, catalog))
}
