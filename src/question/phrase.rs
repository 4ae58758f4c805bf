//! A question written out, in words that [`super::parse`] reads back: choices to press.
//!
//! The one home of that form. Knows the parts of a question, not where they come
//! from. Start at [`phrase`].

use jiff::Timestamp;

use super::{AsOf, LookBack, Question, text, words};

/// What a question asks, without what was typed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parts<'a> {
    pub entity_id: i64,
    /// The attribute's name in the catalog; empty where it is still to be chosen.
    pub attribute: &'a str,
    /// `None` is now.
    pub as_of: Option<AsOf>,
    pub expected: Option<&'a str>,
    pub look_back: LookBack,
}

impl<'a> Parts<'a> {
    /// Of a question that is asked now.
    #[must_use]
    pub fn of(question: &'a Question, now: Timestamp) -> Self {
        Parts {
            entity_id: question.entity_id,
            attribute: &question.attribute,
            as_of: Some(question.as_of)
                .filter(|as_of| *as_of < now)
                .map(AsOf::Instant),
            expected: question.expected.as_deref(),
            look_back: question.look_back,
        }
    }
}

/// One line of words for the whole question: `#17 revenue as of 2025-03-01 expected "10M"`.
///
/// Reads back to the same parts, but for gaps within the expected value, and for its
/// double quotes where it holds every kind of quote there is.
#[must_use]
pub fn phrase(parts: &Parts<'_>) -> String {
    let words = format!("#{} {}{}", parts.entity_id, parts.attribute, clauses(parts));
    words.trim_end().to_owned()
}

/// All but company and attribute, each with a space before it.
pub(super) fn clauses(parts: &Parts<'_>) -> String {
    let mut words = String::new();
    match parts.as_of {
        Some(AsOf::Day(day)) => words.push_str(&format!(" as of {day}")),
        Some(AsOf::Instant(instant)) => words.push_str(&format!(" as of {instant}")),
        None => {}
    }
    if let Some(value) = parts.expected.and_then(expected) {
        words.push_str(&format!(" expected {value}"));
    }
    match parts.look_back {
        LookBack::Since(day) => words.push_str(&format!(" since {day}")),
        LookBack::Days(days) => words.push_str(&format!(" in the last {days} days")),
        LookBack::All => words.push_str(" full history"),
        LookBack::Latest => words.push_str(" look-back latest"),
        LookBack::Auto => {}
    }
    words
}

/// The value in quotes, escaped only where it would be taken for Slack's markup;
/// `None` where nothing can be seen of it.
fn expected(value: &str) -> Option<String> {
    let escaped = text::escape(value);
    if text::clean(&escaped).is_empty() {
        return None;
    }
    let escaped = words::quote(&escaped);
    let read = text::clean(&escaped);
    let plain = words::quote(value);
    Some(if text::clean(&plain) == read {
        plain
    } else {
        escaped
    })
}
