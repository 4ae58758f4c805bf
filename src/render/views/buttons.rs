//! What can be asked next, under an answer.
//!
//! Every button asks words made from ids, typed words and dates. Start at [`buttons`].

use serde_json::{Value, json};

use super::elements::{actions, menu, page_button};
use super::{Offered, Offers};
use crate::answer::{Answer, Cause, Change};
use crate::catalog::Catalog;
use crate::layout::utc_date;
use crate::question::{AsOf, LookBack, Parts, phrase};
use crate::render::blocks::{button, limits, plain};
use crate::render::words::{MANY, asked_about, headline};
use crate::slack::actions as ids;
use crate::slack::request::Action;

pub(super) fn buttons(
    answer: &Answer,
    catalog: &Catalog,
    offers: Offers,
    page: Option<&str>,
) -> Vec<Value> {
    let asked = asked(answer);
    let elements = [
        page.and_then(page_button),
        full_history(answer, asked),
        previous(answer, asked),
        as_of(answer, asked),
        another_attribute(catalog, asked),
        share(&phrase(&asked), offers),
        wrong(answer, asked, offers),
    ];
    actions(elements.into_iter().flatten().collect())
        .into_iter()
        .collect()
}

/// What was asked, without a moment where that was now.
fn asked(answer: &Answer) -> Parts<'_> {
    let question = &answer.question;
    Parts {
        entity_id: question.entity_id,
        attribute: &question.attribute,
        as_of: asked_about(question.as_of),
        expected: question.expected.as_deref(),
        look_back: question.look_back,
    }
}

/// Only where there is more than is shown.
fn full_history(answer: &Answer, asked: Parts<'_>) -> Option<Value> {
    let all = Parts {
        look_back: LookBack::All,
        ..asked
    };
    let is_more = !answer.read.complete || answer.changes.len() > MANY;
    (is_more && asked.look_back != LookBack::All)
        .then(|| button("Full history", &Action::Ask(phrase(&all)), 0))?
}

/// The answer beside the one as of just before the value came; only where there was another value.
fn previous(answer: &Answer, asked: Parts<'_>) -> Option<Value> {
    let at = answer.changes.iter().position(replaced)?;
    let change = answer.changes.get(at)?;
    let older = answer.changes.get(at + 1).map(|older| older.at);
    let before = Parts {
        as_of: Some(just_before(change, older)?),
        look_back: LookBack::Auto,
        ..asked
    };
    let both = format!("{}\n{}", phrase(&asked), phrase(&before));
    button("Compare with previous", &Action::Ask(both), 1)
}

fn replaced(change: &Change) -> bool {
    let as_written = matches!(change.cause, Cause::FormatOnly | Cause::Reconfirmed);
    change.from.is_some() && change.from != change.to && !as_written
}

/// The day before, where the value before was served at its end; else the millisecond before.
fn just_before(change: &Change, older: Option<jiff::Timestamp>) -> Option<AsOf> {
    let day = utc_date(change.at).yesterday().ok()?;
    if older.is_none_or(|older| utc_date(older) <= day) {
        return Some(AsOf::Day(day));
    }
    let millisecond = change.at.as_millisecond().checked_sub(1)?;
    let before = jiff::Timestamp::from_millisecond(millisecond).ok()?;
    Some(AsOf::Instant(before))
}

/// A date picker: its question stands in its action_id, which is short.
fn as_of(answer: &Answer, asked: Parts<'_>) -> Option<Value> {
    let whole = Parts {
        as_of: None,
        look_back: LookBack::Auto,
        ..asked
    };
    let short = Parts {
        expected: None,
        ..whole
    };
    let id = |parts: &Parts<'_>| {
        let action = Action::AsOf {
            question: phrase(parts),
            day: String::new(),
        };
        let id = ids::button(&action, 2)?.action_id;
        (limits::length(&id) <= limits::ID).then_some(id)
    };
    let action_id = id(&whole).or_else(|| id(&short))?;
    Some(json!({
        "type": "datepicker",
        "action_id": action_id,
        "placeholder": plain("As of\u{2026}", limits::BUTTON),
        "initial_date": utc_date(answer.question.as_of).to_string(),
    }))
}

/// As of the same moment; what was expected is of this attribute alone.
fn another_attribute(catalog: &Catalog, asked: Parts<'_>) -> Option<Value> {
    let others: Vec<(String, Parts<'_>)> = catalog
        .attributes
        .iter()
        .filter(|attribute| attribute.name != asked.attribute)
        .map(|attribute| {
            let parts = Parts {
                attribute: &attribute.name,
                expected: None,
                look_back: LookBack::Auto,
                ..asked
            };
            (attribute.label.clone(), parts)
        })
        .collect();
    menu("Another attribute", &others, 3)
}

/// For whoever may not see all of it yet: what is shared is asked anew.
pub(super) fn share(words: &str, offers: Offers) -> Option<Value> {
    match offers.share {
        Offered::Yes => button("Share to channel", &Action::Share(words.to_owned()), 0),
        Offered::No => None,
    }
}

/// What is expected instead the report asks for itself. Whoever opens its form knows no company by
/// its id, so the button says whose attribute it is, on a line of its own.
fn wrong(answer: &Answer, asked: Parts<'_>, offers: Offers) -> Option<Value> {
    let parts = Parts {
        expected: None,
        ..asked
    };
    let words = format!("{}\n{}", phrase(&parts), headline(answer).subject);
    match offers.report {
        Offered::Yes => button("This looks wrong", &Action::Wrong(words), 0),
        Offered::No => None,
    }
}
