//! `/compare`: one attribute at two times, or of two companies.

use axum::response::Response;

use super::reply::{Shown, respond_leading};
use super::search::words;
use super::visit::Visit;
use crate::ask::Request;
use crate::comparison::Of;
use crate::error::{Class, Failure, Match};
use crate::question::{self, AsOf, LookBack, Parts};
use crate::render::page::{self, Place, links};

pub(super) async fn compare(visit: Visit) -> Response {
    respond_leading(visit, lead, |visit| async move { compared(&visit).await }).await
}

async fn compared(visit: &Visit) -> Result<Shown, Failure> {
    let why = visit.why().await?;
    let parameters = &visit.parameters;
    let said = |name: &str| parameters.get(name).ok_or_else(|| missing(name));
    let (entity, attribute) = (said("entity")?, said("attribute")?);
    let moment = |name: &str| parameters.as_of(name, &why.catalog, visit.now);
    let at = moment("at")?;
    let one = request(visit, (entity, attribute), at);
    let (of, other) = match parameters.get("with") {
        Some(other) => (Of::Companies, request(visit, (other, attribute), at)),
        None => {
            let and = moment("and")?;
            if at.is_none() && and.is_none() {
                return Err(missing("and"));
            }
            (Of::Times, request(visit, (entity, attribute), and))
        }
    };
    let work = why.compare(of, (&one, &other), visit.now);
    let comparison = visit.ask(work).await;
    let asked = comparison
        .as_ref()
        .ok()
        .map(|both| (both.one.question.entity_id, both.other.question.entity_id));
    visit
        .note(
            asked.map(|(one, _)| one).or(id(entity)),
            Some(attribute),
            &comparison,
        )
        .await?;
    if let (Of::Companies, Some((_, other))) = (of, asked) {
        visit
            .note(Some(other), Some(attribute), &comparison)
            .await?;
    }
    let comparison = comparison?;
    let frame = visit.frame(&why, words(visit, &why, &comparison.one.question));
    let page = page::compare(&comparison, &visit.view(&frame, Place::Open));
    Ok(Shown::page(page, frame))
}

fn request(visit: &Visit, (entity, attribute): (&str, &str), as_of: Option<AsOf>) -> Request {
    let parts = Parts {
        entity_id: id(entity).unwrap_or_default(),
        attribute,
        as_of: None,
        expected: None,
        look_back: LookBack::Auto,
    };
    let text = match id(entity) {
        Some(_) => question::phrase(&parts),
        None => question::about(entity, &parts),
    };
    Request {
        as_of,
        ..visit.request(text)
    }
}

/// `17`, `#17`
fn id(entity: &str) -> Option<i64> {
    entity.strip_prefix('#').unwrap_or(entity).parse().ok()
}

/// A company that is chosen takes the place of the one that was not clear.
fn lead(visit: &Visit, found: &Match) -> String {
    // `#17 revenue`
    let chosen = found.question.strip_prefix('#').unwrap_or_default();
    let mut pieces = chosen.split(' ');
    let (Some(digits), Some(attribute)) = (pieces.next(), pieces.next()) else {
        return links::choice(found);
    };
    let said = |name: &str| visit.parameters.get(name).unwrap_or_default();
    let (entity, other) = match said("with") {
        "" => (digits, ""),
        // The first is an id where this comes from an answer's page.
        _ if id(said("entity")).is_some() => (said("entity"), digits),
        other => (digits, other),
    };
    let pairs = [
        ("entity", entity),
        ("attribute", attribute),
        ("with", other),
        ("at", said("at")),
        ("and", said("and")),
    ];
    let said: Vec<(&str, &str)> = pairs
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .collect();
    links::compare(&said)
}

fn missing(name: &str) -> Failure {
    Failure::new(
        Class::User,
        "missing_parameter",
        format!("To compare, `{name}` is missing."),
        "Open an answer, and compare from there.",
    )
}
