//! `/`: the search, and where its words lead.

use axum::response::Response;

use super::reply::{Shown, respond};
use super::visit::Visit;
use crate::ask::{Intent, Names, Why};
use crate::error::Failure;
use crate::layout::utc_date;
use crate::question::{self, Parts, Question};
use crate::render::page::{self, Known, Place, links};

/// Letters that names begin with: enough to find a company for the examples.
const LETTERS: &str = "aeimstb";

pub(super) async fn search(visit: Visit) -> Response {
    respond(visit, |visit| async move { found(&visit).await }).await
}

async fn found(visit: &Visit) -> Result<Shown, Failure> {
    let why = visit.why().await?;
    let Some(words) = visit.parameters.get("q") else {
        return Ok(home(visit, &why));
    };
    // As they are typed in Slack.
    let typed = ["/why ", "@why "].into_iter();
    let words = typed.fold(words, |words, before| {
        words.strip_prefix(before).unwrap_or(words)
    });
    if let Some(two) = both(visit, &why, words) {
        return Ok(Shown::Elsewhere(two));
    }
    let names = Names {
        catalog: &why.catalog,
        directory: &why.directory,
    };
    let intent = names.intent(&visit.request(words), visit.now);
    if intent.is_err() {
        // What is answered is written down where it leads to.
        visit.note(None, None, &intent).await?;
    }
    Ok(Shown::Elsewhere(match intent? {
        Intent::Attribute(question) => links::answer(&links::parts(&question)),
        Intent::Overview(about) => {
            let as_of = links::parts(&about).as_of;
            links::overview(about.entity_id, as_of)
        }
        Intent::Changes(about, since) => links::changes(about.entity_id, utc_date(since)),
    }))
}

/// One attribute of two companies in one text: side by side.
fn both(visit: &Visit, why: &Why, words: &str) -> Option<String> {
    let questions = why.several(words, visit.now);
    let [one, other] = questions.as_slice() else {
        return None;
    };
    let understood = |text: &String| {
        why.understand(&visit.request(text.as_str()), visit.now)
            .ok()
    };
    let (one, other) = (understood(one)?, understood(other)?);
    let differ = one.attribute != other.attribute || one.as_of != other.as_of;
    if differ || one.entity_id == other.entity_id {
        return None;
    }
    let (first, second) = (one.entity_id.to_string(), other.entity_id.to_string());
    let at = links::parts(&one).as_of.map(links::instant);
    let mut pairs = vec![
        ("entity", first.as_str()),
        ("attribute", one.attribute.as_str()),
        ("with", second.as_str()),
    ];
    pairs.extend(at.as_deref().map(|at| ("at", at)));
    Some(links::compare(&pairs))
}

fn home(visit: &Visit, why: &Why) -> Shown {
    let frame = visit.frame(why, "");
    let found = LETTERS
        .chars()
        .flat_map(|letter| why.directory.search(&letter.to_string(), 3));
    let example = found.max_by(|one, other| one.entity.rank.total_cmp(&other.entity.rank));
    let known = Known {
        companies: why.directory.len(),
        data_as_of: why.data_as_of(),
        example: example.as_ref().map(|found| found.entity.name.as_str()),
    };
    let page = page::home(&known, &visit.view(&frame, Place::Open));
    Shown::page(page, frame)
}

/// What was asked, with the company's name, as it stands in the search box: plain where the plain
/// words ask the same.
pub(super) fn words(visit: &Visit, why: &Why, question: &Question) -> String {
    let parts = Parts {
        look_back: question::LookBack::Auto,
        ..links::parts(question)
    };
    let start = format!("#{} {}", parts.entity_id, parts.attribute);
    let phrase = question::phrase(&parts);
    let attribute = why.catalog.attribute(&question.attribute);
    let label = attribute.map_or(question.attribute.as_str(), |known| known.label.as_str());
    let rest = phrase.strip_prefix(&start).unwrap_or_default();
    let plain = format!("{} {label}{rest}", question.entity_name);
    let understood = why.understand(&visit.request(plain.as_str()), visit.now);
    let same = understood.is_ok_and(|read| {
        (read.entity_id, &read.attribute) == (question.entity_id, &question.attribute)
    });
    match same {
        true => plain,
        false => question::about(&question.entity_name, &parts),
    }
}
