//! `/companies/…`: a company at a glance, one answer, its history.

use axum::extract::Path;
use axum::response::Response;

use super::not_here;
use super::reply::{Shown, respond};
use super::search::words;
use super::visit::Visit;
use crate::answer::Answer;
use crate::api::filter::{self, Said};
use crate::ask::{Request, Response as Told, Why, failure};
use crate::error::Failure;
use crate::question::{self, LookBack, Parts};
use crate::render::page::{self, Place};

pub(super) async fn overview(Path(id): Path<String>, visit: Visit) -> Response {
    respond(visit, |visit| async move {
        let entity_id = entity_id(&id)?;
        let why = visit.why().await?;
        match visit.parameters.get("since") {
            Some(since) => changes(&visit, &why, entity_id, since).await,
            None => glance(&visit, &why, entity_id).await,
        }
    })
    .await
}

async fn glance(visit: &Visit, why: &Why, entity_id: i64) -> Result<Shown, Failure> {
    if why.directory.get(entity_id).is_none() {
        return Err(failure::no_company_found(&format!("#{entity_id}")));
    }
    let request = Request {
        as_of: visit.parameters.as_of("as_of", &why.catalog, visit.now)?,
        ..visit.request(format!("#{entity_id}"))
    };
    let asked = visit.ask(why.glance(&request, visit.now)).await;
    visit.note(Some(entity_id), None, &asked).await?;
    let asked = asked?;
    let frame = visit.frame(why, asked.entity_name.as_str());
    let page = page::overview(&asked, &visit.view(&frame, Place::Open));
    Ok(Shown::page(page, frame))
}

async fn changes(visit: &Visit, why: &Why, entity_id: i64, since: &str) -> Result<Shown, Failure> {
    let day = question::day(since, visit.now);
    let day = day.map_err(|e| crate::ask::failure::question(&e, &why.catalog))?;
    let request = visit.request(format!("#{entity_id} changes since {day}"));
    let told = visit.ask(why.respond(&request, visit.now)).await;
    visit.note(Some(entity_id), None, &told).await?;
    match told? {
        Told::Changes(changes) => {
            let frame = visit.frame(why, format!("{} changes since {day}", changes.entity_name));
            let page = page::changes(&changes, &visit.view(&frame, Place::Open));
            Ok(Shown::page(page, frame))
        }
        Told::Answer(_) | Told::Overview(_) => Err(not_here()),
    }
}

pub(super) async fn answer(
    Path((id, attribute)): Path<(String, String)>,
    visit: Visit,
) -> Response {
    respond(visit, |visit| async move {
        let why = visit.why().await?;
        let look_back = visit.parameters.look_back(&why.catalog, visit.now)?;
        let answer = asked(&visit, &why, (&id, &attribute), look_back).await?;
        let frame = visit.frame(&why, words(&visit, &why, &answer.question));
        let page = page::answer(&answer, &visit.view(&frame, Place::Open));
        Ok(Shown::page(page, frame))
    })
    .await
}

/// The whole past, unless another was asked for.
pub(super) async fn history(
    Path((id, attribute)): Path<(String, String)>,
    visit: Visit,
) -> Response {
    respond(visit, |visit| async move {
        let why = visit.why().await?;
        let said = visit.parameters.look_back(&why.catalog, visit.now)?;
        let look_back = Some(said.unwrap_or(LookBack::All));
        let said = |name| visit.parameters.get(name);
        let wanted = Said {
            cause: said("cause"),
            source: said("source"),
            actor: said("actor"),
            from: said("from"),
            to: said("to"),
        };
        let filter = filter::read(wanted, &why.catalog, visit.now)?;
        let at = said("page").and_then(|page| page.parse().ok()).unwrap_or(1);
        let answer = asked(&visit, &why, (&id, &attribute), look_back).await?;
        let frame = visit.frame(&why, words(&visit, &why, &answer.question));
        let page = page::history(&answer, (&filter, at), &visit.view(&frame, Place::Open));
        Ok(Shown::page(page, frame))
    })
    .await
}

/// The answer that an address stands for.
async fn asked(
    visit: &Visit,
    why: &Why,
    (id, attribute): (&str, &str),
    look_back: Option<LookBack>,
) -> Result<Answer, Failure> {
    let entity_id = entity_id(id)?;
    let known = why.catalog.attribute(attribute);
    let attribute = known.map_or(attribute, |known| known.name.as_str());
    let text = match known {
        Some(_) => question::phrase(&Parts {
            entity_id,
            attribute,
            as_of: None,
            expected: None,
            look_back: LookBack::Auto,
        }),
        // Says what there is instead.
        None => format!("#{entity_id} {attribute}"),
    };
    let request = Request {
        as_of: visit.parameters.as_of("as_of", &why.catalog, visit.now)?,
        expected: visit.parameters.get("expected").map(str::to_owned),
        look_back,
        ..visit.request(text)
    };
    let answer = visit.ask(why.ask(&request, visit.now)).await;
    visit
        .note(Some(entity_id), Some(attribute), &answer)
        .await?;
    answer
}

fn entity_id(typed: &str) -> Result<i64, Failure> {
    typed.parse().map_err(|_| not_here())
}
