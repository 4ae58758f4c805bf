//! The modals: a question, and a report of a value that looks wrong.
//!
//! Where the answer goes is kept in private_metadata; what the inputs are called is
//! `slack::actions`'. Start at [`ask`].

use serde_json::{Value, json};

use super::AskModal;
use super::elements::{choice, name};
use crate::catalog::Catalog;
use crate::error::Match;
use crate::job::Place;
use crate::render::blocks::mrkdwn::escape;
use crate::render::blocks::{context, limits, plain, section};
use crate::render::words::clean::clean;
use crate::render::words::{NAME, VALUE};
use crate::slack::actions::{
    AS_OF, ASK_MODAL, ATTRIBUTE, COMPANY, EXPECTED, Kept, LINK, REPORT_MODAL, WRONG,
};

/// Slack's limit for a title and for what submits or closes.
const TITLE: usize = 24;
/// Slack's limit for what stands before an input is filled.
const PLACEHOLDER: usize = 150;
/// Longer questions are none: see `question::parse`.
const QUESTION: usize = 1_000;
/// The most that can be said of a wrong value.
const MOST_WRONG: usize = 1_000;
/// The most of an expected value.
const MOST_EXPECTED: usize = 200;
/// Companies that are named beside the best.
const OTHERS: usize = 4;
/// The longest words for whose attribute a report is about, in columns.
const SUBJECT: usize = 120;
/// Only this modal has it: where the answer goes, when that is not known.
const WHERE: &str = "where";

pub(super) fn skeleton(place: &Place) -> Value {
    let blocks = vec![section(&["Looking\u{2026}".to_owned()])];
    of_question(blocks, place)
}

pub(super) fn unfilled(place: &Place) -> Value {
    let words = "I could not prepare this form just now. Close it, and try again in a minute.";
    of_question(vec![section(&[words.to_owned()])], place)
}

pub(super) fn ask(modal: &AskModal, catalog: &Catalog) -> Value {
    let mut blocks = vec![company(&modal.companies)];
    blocks.extend(others(&modal.companies));
    blocks.extend(attribute(modal.attribute.as_deref(), catalog));
    let mut day = json!({
        "type": "datepicker",
        "action_id": AS_OF,
        "placeholder": plain("Now", PLACEHOLDER),
    });
    let as_of = modal.as_of.map(|day| Value::from(day.to_string()));
    set(&mut day, "initial_date", as_of);
    blocks.push(input(AS_OF, "As of", day, Need::Optional));
    let mut expected = text_input(EXPECTED, MOST_EXPECTED);
    let said = modal.expected.as_deref();
    let said = said.filter(|said| !said.trim().is_empty());
    let said = said.map(|said| limits::clip(&clean(said, MOST_EXPECTED), MOST_EXPECTED));
    set(&mut expected, "initial_value", said.map(Value::from));
    blocks.push(input(EXPECTED, "Expected value", expected, Need::Optional));
    let place = &modal.place;
    if place.channel.is_none() && place.response_url.is_none() {
        blocks.push(place_to_answer());
    }
    submitted(of_question(blocks, place), "Ask")
}

fn of_question(blocks: Vec<Value>, place: &Place) -> Value {
    modal(ASK_MODAL, "Ask why", blocks, &kept(None, place))
}

pub(super) fn report(question: &str, about: &str, place: &Place) -> Value {
    let mut wrong = text_input(WRONG, MOST_WRONG);
    set(&mut wrong, "multiline", Some(json!(true)));
    let link = json!({"type": "url_text_input", "action_id": LINK});
    let about = format!("About {}", escape(&name(about, SUBJECT)));
    let blocks = vec![
        context(&[about]),
        input(WRONG, "What looks wrong?", wrong, Need::Required),
        input(
            EXPECTED,
            "What should it be?",
            text_input(EXPECTED, MOST_EXPECTED),
            Need::Optional,
        ),
        input(LINK, "Where can that be seen?", link, Need::Optional),
    ];
    let kept = kept(Some(question), place);
    submitted(
        modal(REPORT_MODAL, "This looks wrong", blocks, &kept),
        "Send",
    )
}

/// Without control characters, so that it fits however it is escaped.
fn kept(question: Option<&str>, place: &Place) -> String {
    let fitting = |question: &str| -> String {
        let seen = question.chars().filter(|c| !c.is_control());
        seen.take(QUESTION).collect()
    };
    Kept {
        question: question.map(fitting),
        place: place.clone(),
    }
    .encode()
}

fn modal(callback_id: &str, title: &str, blocks: Vec<Value>, kept: &str) -> Value {
    json!({
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, TITLE),
        "close": plain("Cancel", TITLE),
        "blocks": blocks,
        "private_metadata": kept,
    })
}

fn submitted(mut modal: Value, submit: &str) -> Value {
    set(&mut modal, "submit", Some(plain(submit, TITLE)));
    modal
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Need {
    Required,
    Optional,
}

fn input(id: &str, label: &str, element: Value, need: Need) -> Value {
    json!({
        "type": "input",
        "block_id": id,
        "label": plain(label, limits::TEXT),
        "element": element,
        "optional": need == Need::Optional,
    })
}

fn text_input(id: &str, most: usize) -> Value {
    json!({"type": "plain_text_input", "action_id": id, "max_length": most})
}

/// Sets what is there.
fn set(object: &mut Value, field: &str, value: Option<Value>) {
    if let (Some(fields), Some(value)) = (object.as_object_mut(), value) {
        fields.insert(field.to_owned(), value);
    }
}

/// Typeahead, filled with the best that was found.
fn company(found: &[Match]) -> Value {
    let mut select = json!({
        "type": "external_select",
        "action_id": COMPANY,
        "placeholder": plain("Name, domain, ticker or #id", PLACEHOLDER),
        "min_query_length": 2,
    });
    let best = found
        .first()
        .and_then(|best| choice(&described(best), &best.question));
    set(&mut select, "initial_option", best);
    input(COMPANY, "Company", select, Need::Required)
}

/// `Acme Corporation (acme.com · #17)`
fn described(company: &Match) -> String {
    let label = name(&company.label, NAME);
    match clean(&company.detail, VALUE).trim() {
        "" => label,
        detail => format!("{label} ({detail})"),
    }
}

fn others(found: &[Match]) -> Option<Value> {
    let others = found.get(1..).filter(|others| !others.is_empty())?;
    let mut named: Vec<String> = others
        .iter()
        .take(OTHERS)
        .map(|company| escape(&described(company)))
        .collect();
    if others.len() > OTHERS {
        named.push(format!("{} more", others.len() - OTHERS));
    }
    Some(context(&[format!("It may also be {}.", named.join(", "))]))
}

/// All that a menu holds, the one that was found among them; none chosen asks for all.
fn attribute(found: Option<&str>, catalog: &Catalog) -> Option<Value> {
    let known = found.and_then(|found| catalog.attribute(found));
    let chosen = known.and_then(|known| choice(&known.label, &known.name));
    let mut options: Vec<Value> = catalog
        .attributes
        .iter()
        .filter_map(|attribute| choice(&attribute.label, &attribute.name))
        .take(limits::CHOICES)
        .collect();
    if let Some(chosen) = &chosen
        && !options.contains(chosen)
        && let Some(last) = options.last_mut()
    {
        last.clone_from(chosen);
    }
    if options.is_empty() {
        return None;
    }
    let mut select = json!({
        "type": "static_select",
        "action_id": ATTRIBUTE,
        "placeholder": plain("All of them", PLACEHOLDER),
        "options": options,
    });
    set(&mut select, "initial_option", chosen);
    Some(input(ATTRIBUTE, "Attribute", select, Need::Optional))
}

/// Slack then sends a response URL for the place that was chosen; without one it is a direct message.
fn place_to_answer() -> Value {
    let select = json!({
        "type": "conversations_select",
        "action_id": WHERE,
        "response_url_enabled": true,
        "default_to_current_conversation": true,
    });
    input(WHERE, "Where to answer", select, Need::Optional)
}
