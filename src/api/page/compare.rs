//! `/compare`: one attribute at two times, or of two companies.

use axum::response::Response;
use futures::future::try_join;

use super::reply::{Shown, respond_leading};
use super::search::words;
use super::visit::Visit;
use crate::answer::Answer;
use crate::ask::{Request, Why};
use crate::error::{Class, Failure, Match};
use crate::question::{self, AsOf, LookBack, Parts};
use crate::render::page::{self, Compared, Place, links};

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
    let (one, other, companies) = match parameters.get("other") {
        Some(other) => {
            let one = ask(visit, &why, (entity, attribute), at);
            let other = ask(visit, &why, (other, attribute), at);
            {
                let (one, other) = try_join(one, other).await?;
                (one, other, true)
            }
        }
        None => {
            let and = moment("and")?;
            if at.is_none() && and.is_none() {
                return Err(missing("and"));
            }
            let one = ask(visit, &why, (entity, attribute), at);
            let other = ask(visit, &why, (entity, attribute), and);
            let (one, other) = try_join(one, other).await?;
            match one.question.as_of <= other.question.as_of {
                true => (one, other, false),
                false => (other, one, false),
            }
        }
    };
    let compared = match companies {
        true => Compared::Companies(&one, &other),
        false => Compared::Times(&one, &other),
    };
    let frame = visit.frame(&why, words(visit, &why, &one.question));
    let page = page::compare(&compared, &visit.view(&frame, Place::Open));
    Ok(Shown::page(page, frame))
}

async fn ask(
    visit: &Visit,
    why: &Why,
    (entity, attribute): (&str, &str),
    as_of: Option<AsOf>,
) -> Result<Answer, Failure> {
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
    let request = Request {
        as_of,
        ..visit.request(text)
    };
    let answer = why.ask(&request, visit.now).await;
    let about = answer.as_ref().ok().map(|answer| answer.question.entity_id);
    visit
        .note(about.or(id(entity)), Some(attribute), &answer)
        .await?;
    answer
}

/// `17`, `#17`
fn id(entity: &str) -> Option<i64> {
    entity.strip_prefix('#').unwrap_or(entity).parse().ok()
}

/// A company that is chosen takes the place of the one that was not clear.
fn lead(visit: &Visit, found: &Match) -> String {
    let digits: String = found
        .question
        .strip_prefix('#')
        .unwrap_or_default()
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    if digits.is_empty() {
        return links::choice(found);
    }
    let said = |name: &str| visit.parameters.get(name).unwrap_or_default();
    let (entity, other) = match said("other") {
        "" => (digits.as_str(), ""),
        // The first is an id where this comes from an answer's page.
        _ if id(said("entity")).is_some() => (said("entity"), digits.as_str()),
        other => (digits.as_str(), other),
    };
    let pairs = [
        ("entity", entity),
        ("attribute", said("attribute")),
        ("other", other),
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
