//! What a person reads at once: the placeholder, the usage, and what was wrong.
//!
//! Pure; everything typed is escaped. Where an answer follows, it replaces these words.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::catalog::Catalog;
use crate::error::{Class, Failure, sentence};
use crate::question::{self, AsOf, EntityRef, Parsed, Reading};
use crate::render::blocks::{self, escape};
use crate::render::views;
use crate::visibility::{self, Audience, Standing};

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
    said(&views::usage(catalog, now).text)
}

/// The attributes that nobody need be kept from: who asks is not known here.
pub(super) fn for_everyone(catalog: &Catalog) -> Catalog {
    let anybody = Audience::Channel {
        channel: String::new(),
        standing: Standing::Outsider,
    };
    visibility::offered(catalog, &anybody)
}

/// What was wrong with the words, what to do, and where to learn how to ask.
pub(super) fn unusable(error: &question::Error, catalog: &Catalog) -> Value {
    let failure = Failure::new(
        Class::User,
        error.code(),
        sentence(error),
        format!("{}\n`/why help` tells how to ask.", error.advice(catalog)),
    );
    ephemeral(blocks::payload(&blocks::failure(&failure)))
}

/// What is wrong with the words of a form, beside the field of its day: it holds nothing else
/// that can be wrong before the company is looked up.
pub(super) fn wrong_day(text: &str, catalog: &Catalog, now: Timestamp) -> Option<String> {
    let first = catalog.layout.first_date;
    match question::parse(text, catalog, now) {
        Err(error) => Some(format!("{} {}", sentence(&error), error.advice(catalog))),
        Ok(parsed) => match parsed.as_of {
            Some(AsOf::Day(day)) if day < first => Some(format!(
                "The lake begins on {first}: choose that day or a later one."
            )),
            Some(AsOf::Day(_) | AsOf::Instant(_)) | None => None,
        },
    }
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
