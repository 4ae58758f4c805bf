//! What a person reads at once: the placeholder, the usage, and what was wrong.
//!
//! Pure; everything typed is escaped. Where an answer follows, it replaces these words.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::catalog::{Attribute, Catalog};
use crate::error::{Class, Failure, sentence};
use crate::question::{self, EntityRef, Parsed, Reading};
use crate::render::blocks::{self, escape};
use crate::value::Kind;

/// Attributes that the usage names; the rest are counted.
const NAMED: usize = 20;

/// Only for whoever asked.
fn ephemeral(mut message: Value) -> Value {
    if let Some(fields) = message.as_object_mut() {
        fields.insert("response_type".to_owned(), json!("ephemeral"));
    }
    message
}

/// No blocks: Slack shows the text, as mrkdwn.
fn said(text: &str) -> Value {
    ephemeral(json!({ "text": text }))
}

/// The words that were typed, read: what will be looked up, or why nothing can be.
///
/// # Errors
/// Words of which no part is a question.
pub(super) fn understood(
    text: &str,
    catalog: &Catalog,
    now: Timestamp,
) -> Result<Vec<Parsed>, question::Error> {
    let whole = question::parse(text, catalog, now);
    let parts: Vec<Parsed> = question::several(text, catalog, now)
        .iter()
        .filter_map(|part| question::parse(part, catalog, now).ok())
        .collect();
    match parts.is_empty() {
        true => whole.map(|parsed| vec![parsed]),
        false => Ok(parts),
    }
}

/// `Looking up *revenue* of *acme*…`
pub(super) fn looking(asked: &[Parsed], catalog: &Catalog) -> Value {
    let named: Vec<String> = asked
        .iter()
        .filter_map(|parsed| Some(subject(parsed.readings.first()?, catalog)))
        .collect();
    said(&format!("Looking up {}\u{2026}", named.join(", ")))
}

fn subject(reading: &Reading, catalog: &Catalog) -> String {
    let attribute = reading.attribute.as_deref().map(|name| {
        let label = catalog.attribute(name).map_or(name, |a| a.label.as_str());
        format!("*{}*", escape(label))
    });
    let company = reading.entity.as_ref().map(|entity| match entity {
        EntityRef::Id(id) => format!("*#{id}*"),
        EntityRef::Name(name) => format!("*{}*", escape(name)),
    });
    let parts: Vec<String> = [attribute, company].into_iter().flatten().collect();
    parts.join(" of ")
}

pub(super) fn asks_for_help(text: &str) -> bool {
    let text = text.trim();
    text.is_empty() || text == "?" || text.eq_ignore_ascii_case("help")
}

/// Nobody looks for a company called Help: who answers no words tells how to ask.
pub(super) fn unless_help(text: String) -> String {
    match asks_for_help(&text) {
        true => String::new(),
        false => text,
    }
}

/// How to ask, with the catalog's own attributes.
pub(super) fn usage(catalog: &Catalog, now: Timestamp) -> Value {
    said(&usage_text(catalog, now))
}

fn usage_text(catalog: &Catalog, now: Timestamp) -> String {
    let names: Vec<String> = catalog.attributes.iter().map(|a| escape(&a.name)).collect();
    let first = names.first().map_or("revenue", String::as_str);
    let second = names.get(1).map_or(first, String::as_str);
    let year = crate::layout::utc_date(now).year() - 1;
    let number = catalog.attributes.iter().find(|a| is_number(a));
    let mut lines = vec![
        "*Ask why an attribute of a company has the value it has:*".to_owned(),
        format!("`/why acme {first}`"),
        format!("`/why acme.com {second} as of {year}-12-31`"),
    ];
    lines.extend(number.map(|a| format!("`/why acme {} expected 10M`", escape(&a.name))));
    lines.push("`/why acme` \u{b7} all there is on a company".to_owned());
    lines.push("`/why acme changes since yesterday`".to_owned());
    let (named, others) = names.split_at(names.len().min(NAMED));
    let more = match others.len() {
        0 => String::new(),
        count => format!(" and {count} more"),
    };
    lines.push(format!("Attributes: {}{more}.", named.join(", ")));
    lines.push(
        "In a thread, mention me instead: slash commands do not work there. The answer is yours \
         alone until you share it."
            .to_owned(),
    );
    lines.join("\n")
}

fn is_number(attribute: &Attribute) -> bool {
    match attribute.kind {
        Kind::Number | Kind::Money => true,
        Kind::Text | Kind::Enum | Kind::Percent | Kind::Date | Kind::Year | Kind::Url => false,
    }
}

/// What was wrong with the words, what to do, and how to ask.
pub(super) fn unusable(error: &question::Error, catalog: &Catalog, now: Timestamp) -> Value {
    let failure = Failure::new(
        Class::User,
        error.code(),
        sentence(error),
        error.advice(catalog),
    );
    let mut message = blocks::failure(&failure);
    let usage = usage_text(catalog, now);
    message.text.push('\n');
    message.text.push_str(&usage);
    let usage = json!({"type": "mrkdwn", "text": usage, "verbatim": true});
    message
        .blocks
        .push(json!({"type": "section", "text": usage}));
    ephemeral(blocks::payload(&message))
}

/// The queue refused: nothing will come.
pub(super) const NOT_TAKEN: &str = "I could not take your question just now, so no answer will \
     come. Please ask again in a minute.";
/// The queue was slow: it may have taken the job all the same.
pub(super) const MAYBE_TAKEN: &str = "I could not make sure in time that your question was \
     taken. If no answer comes in a minute, please ask again.";

pub(super) fn not_accepted(why: &str) -> Value {
    said(why)
}

/// Shown beside an input of the modal, which stays open.
pub(super) fn modal_error(block_id: &str, why: &str) -> Value {
    json!({"response_action": "errors", "errors": { block_id: why }})
}
