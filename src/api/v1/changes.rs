//! `/v1/entities/{id}/attributes/{name}/changes`: what happened to one attribute, filtered and in
//! pages, as JSON, as lines of JSON or as CSV.
//!
//! The list is that of an answer: each change has its cause, since all that came before is read,
//! whatever is left out then. Start at [`changes`].

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, LINK};
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::accept::{self, Form};
use super::answer::moment_means;
use super::cache::{self, Means, Reply};
use super::caller::{Caller, Place, Query, id};
use super::cursor::Cursor;
use super::{answer, csv, query};
use crate::answer::filter::Filter;
use crate::answer::{Answer, Change};
use crate::api::filter::{self, Said};
use crate::api::problem::Problem;
use crate::ask::{Request, Why, a_month_before};
use crate::error::Failure;
use crate::layout::utc_date;
use crate::overview;
use crate::question::{AsOf, LookBack};
use crate::render::json;

/// Changes of a page of JSON; lines and CSV come whole where no limit is given.
const USUAL: usize = 100;
const MOST: usize = 1_000;
/// Lines that are sent at once.
const CHUNK: usize = 64;

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::api) struct Wanted {
    /// Only these causes, with commas between them.
    #[param(example = "override,overtaken", min_length = 1, max_length = 1000)]
    cause: Option<String>,
    /// Only changes after which this source's value won, by its name or label.
    #[param(example = "crm", min_length = 1, max_length = 1000)]
    source: Option<String>,
    /// Only what this person or process decided.
    #[param(min_length = 1, max_length = 1000)]
    actor: Option<String>,
    /// Only changes at or after this day (its beginning, UTC) or instant.
    #[param(example = "2024-01-01", min_length = 1, max_length = 100)]
    from: Option<String>,
    /// Only changes at or before this day (its end, UTC) or instant.
    #[param(example = "2025-12-31", min_length = 1, max_length = 100)]
    to: Option<String>,
    /// How many at most: 100 of JSON, all of the others, where nothing is said.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 1000, example = 100)]
    limit: Option<String>,
    /// Where to go on: `next` of the page before, with the same parameters beside.
    #[param(min_length = 1, max_length = 4000)]
    cursor: Option<String>,
    /// `json`, `ndjson` (a change a line) or `csv`; wins over `Accept`.
    #[param(example = "csv", min_length = 1, max_length = 10)]
    format: Option<String>,
}

/// What changed, and why
///
/// Newest first. `next` (and the `Link` header) lead to the next page, which stays the next page
/// while new decisions arrive. As JSON, as a change a line (streamed), or as CSV, where a cell that
/// a spreadsheet would take for a formula has an apostrophe before it.
#[utoipa::path(
    get,
    path = "/v1/entities/{id}/attributes/{name}/changes",
    tag = "companies",
    params(
        ("id" = i64, Path, description = "The company's id.", example = 17),
        ("name" = String, Path, description = "The attribute.", example = "revenue"),
        Wanted
    ),
    responses(
        (status = 200, description = "The changes, newest first.",
         headers(("Link" = String, description = "The next page, where there is one (`rel=\"next\"`).")),
         content(
            (ref("#/components/schemas/history") = "application/json"),
            (String = "application/x-ndjson"),
            (String = "text/csv"))),
        (status = 304, description = "It is still what `If-None-Match` names.")
    )
)]
pub(in crate::api) async fn changes(
    caller: Caller,
    Place((company, attribute)): Place<(String, String)>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let id = id(&company)?;
    let form = accept::chosen(wanted.format.as_deref(), &caller.headers)?;
    let limit = query::limit(
        wanted.limit.as_deref(),
        match form {
            Form::Json => USUAL,
            Form::Lines | Form::Csv => usize::MAX,
        },
        MOST,
    )?;
    let why = caller.why().await?;
    let list = wanted.list(&why, &caller, (id, &attribute));
    let list = caller.heed(list).await?;
    let about = caller.about(&why, &list.request);
    let work = list.answer(&why, &caller);
    let answer = caller.ask(&about, work).await?;
    let page = list.page(&answer, limit);
    let as_of = answer.question.as_of;
    let means = match wanted.to.is_some() || wanted.cursor.is_some() {
        true => means(&wanted),
        false => Means::SomethingElseTomorrow,
    };
    let kept = cache::kept(
        Some(as_of).filter(|as_of| *as_of < caller.now),
        means,
        caller.now,
    );
    let next = page.next.clone();
    let mut response = shown(&caller, (&answer, page), form, kept);
    let headers = response.headers_mut();
    if let Some(next) = next {
        let link = next_link(&wanted, (id, &answer.question.attribute), &next);
        if let Ok(link) = HeaderValue::from_str(&link) {
            headers.insert(LINK, link);
        }
    }
    if form == Form::Csv {
        let name = csv::file_name(id, &answer.question.attribute);
        let named = format!("attachment; filename=\"{name}\"");
        if let Ok(named) = HeaderValue::from_str(&named) {
            headers.insert(CONTENT_DISPOSITION, named);
        }
    }
    Ok(response)
}

/// A cursor names its moment.
fn means(wanted: &Wanted) -> Means {
    match wanted.cursor {
        Some(_) => Means::TheSame,
        None => moment_means(wanted.to.as_deref()),
    }
}

/// What was asked for, read.
struct List {
    request: Request,
    filter: Filter,
    cursor: Option<Cursor>,
    /// What a cursor of this list is bound to.
    asked: String,
}

/// A page of it.
struct Page {
    changes: Vec<Change>,
    next: Option<String>,
}

impl Wanted {
    fn list(
        &self,
        why: &Why,
        caller: &Caller,
        (id, attribute): (i64, &str),
    ) -> Result<List, Failure> {
        let now = caller.now;
        let to = answer::as_of(self.to.as_deref(), &why.catalog, now)?;
        let filter = filter::read(self.said(), &why.catalog, now)?;
        let asked = self.asked(id, attribute);
        let cursor = self
            .cursor
            .as_deref()
            .map(|cursor| Cursor::decode(cursor, &asked, now))
            .transpose()?;
        let as_of = match &cursor {
            Some(cursor) => Some(AsOf::Instant(cursor.as_of)),
            None => to,
        };
        let request = Request {
            as_of,
            ..caller.request("")
        };
        let (_, text) = answer::about(why, (&format!("#{id}"), Some(attribute)), &request)?;
        Ok(List {
            request: Request { text, ..request },
            filter,
            cursor,
            asked,
        })
    }

    fn said(&self) -> Said<'_> {
        Said {
            cause: self.cause.as_deref(),
            source: self.source.as_deref(),
            actor: self.actor.as_deref(),
            from: self.from.as_deref(),
            to: self.to.as_deref(),
        }
    }

    /// All that makes it another list.
    fn asked(&self, id: i64, attribute: &str) -> String {
        let id = id.to_string();
        let all = [
            Some(id.as_str()),
            Some(attribute),
            self.cause.as_deref(),
            self.source.as_deref(),
            self.actor.as_deref(),
            self.from.as_deref(),
            self.to.as_deref(),
        ];
        let all: Vec<u8> = all
            .into_iter()
            .flat_map(|part| match part {
                Some(part) => [&[1], part.as_bytes(), &[0]].concat(),
                None => vec![0],
            })
            .collect();
        cache::tag_of(&[&all])
            .chars()
            .filter(char::is_ascii_hexdigit)
            .take(16)
            .collect()
    }
}

impl List {
    /// Everything, or back to the beginning of the period: each change with its cause.
    async fn answer(&self, why: &Why, caller: &Caller) -> Result<Answer, Failure> {
        let now = caller.now;
        let from = self.filter.from;
        let first = Request {
            look_back: from.map(|from| a_month_before(utc_date(from))),
            ..self.request.clone()
        };
        let answer = why.ask(&first, now).await?;
        let lacks = from.is_none_or(|from| overview::lacks_a_cause(&answer, from));
        if answer.read.complete || !lacks {
            return Ok(answer);
        }
        let whole = Request {
            look_back: Some(LookBack::All),
            call: caller.request("").call,
            ..self.request.clone()
        };
        why.ask(&whole, now).await
    }

    fn page(&self, answer: &Answer, limit: usize) -> Page {
        let wanted: Vec<&Change> = answer
            .changes
            .iter()
            .filter(|change| self.filter.keeps(change))
            .collect();
        let rest = match &self.cursor {
            Some(cursor) => cursor.rest(&wanted),
            None => &wanted,
        };
        let (page, more) = rest.split_at(limit.min(rest.len()));
        let next = page.last().filter(|_| !more.is_empty()).map(|last| {
            let cursor = Cursor {
                as_of: answer.question.as_of,
                at: last.at,
                decision_id: last.decision_id.clone(),
                asked: self.asked.clone(),
            };
            cursor.encode()
        });
        Page {
            changes: page.iter().copied().cloned().collect(),
            next,
        }
    }
}

fn shown(
    caller: &Caller,
    (answer, page): (&Answer, Page),
    form: Form,
    kept: cache::Kept,
) -> Response {
    let said = json::history(answer, &page.changes, page.next.as_deref());
    let tag = cache::tag(&said, form, kept);
    cache::reply(&caller.headers, Reply { tag, kept, form }, || {
        let changes: Arc<[Change]> = page.changes.into();
        match form {
            Form::Json => format!("{said}\n").into(),
            Form::Lines => streamed(Vec::new(), changes, |change| {
                format!("{}\n", json::change(change)).into_bytes()
            }),
            Form::Csv => streamed(csv::head(), changes, csv::row),
        }
    })
}

/// Written while it is sent, some lines at a time.
fn streamed(head: Vec<u8>, changes: Arc<[Change]>, line: fn(&Change) -> Vec<u8>) -> Body {
    let starts = (0..changes.len()).step_by(CHUNK);
    let chunks = starts.map(move |from| {
        let lines = changes.iter().skip(from).take(CHUNK).flat_map(line);
        Bytes::from(lines.collect::<Vec<u8>>())
    });
    let head = Some(Bytes::from(head)).filter(|head| !head.is_empty());
    let all = head.into_iter().chain(chunks);
    Body::from_stream(futures::stream::iter(
        all.map(Ok::<_, std::convert::Infallible>),
    ))
}

/// RFC 8288.
fn next_link(wanted: &Wanted, (id, attribute): (i64, &str), next: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let kept = [
        ("cause", &wanted.cause),
        ("source", &wanted.source),
        ("actor", &wanted.actor),
        ("from", &wanted.from),
        ("to", &wanted.to),
        ("limit", &wanted.limit),
        ("format", &wanted.format),
    ];
    for (name, value) in kept {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    query.append_pair("cursor", next);
    let attribute =
        percent_encoding::utf8_percent_encode(attribute, percent_encoding::NON_ALPHANUMERIC);
    let query = query.finish();
    format!("</v1/entities/{id}/attributes/{attribute}/changes?{query}>; rel=\"next\"")
}
