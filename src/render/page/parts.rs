//! Small pieces that several pages share: times, names, values, warnings.

use jiff::Timestamp;
use maud::{Markup, html};

use super::links::{self, Place};
use crate::answer::{Answer, Level};
use crate::question::{AsOf, LookBack, Parts};
use crate::render::words::clean::{clean, clean_name};
use crate::render::words::{self, NAME};

/// A moment as people read it, with the exact one behind it.
pub(super) fn time(at: Timestamp, shown: &str) -> Markup {
    let exact = at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
    let title = at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string();
    html! { time datetime=(exact) title=(title) { (shown) } }
}

/// A company's name, whatever its direction.
pub(super) fn company(name: &str) -> String {
    clean_name(name, NAME)
}

pub(super) fn label(answer: &Answer) -> String {
    clean(&answer.attribute.label, NAME)
}

/// Company, attribute, and what of it is here.
pub(super) fn crumbs(answer: &Answer, place: Place<'_>, here: &str) -> Markup {
    if !place.is_open() {
        return html! {};
    }
    let question = &answer.question;
    let parts = Parts {
        look_back: LookBack::Auto,
        ..links::parts(question)
    };
    html! {
        nav.crumbs aria-label="Where this is" {
            ol {
                li { a href=(links::overview(question.entity_id, parts.as_of)) dir="auto" { (company(&question.entity_name)) } }
                li { a href=(links::answer(&parts)) { (label(answer)) } }
                li aria-current="page" { (here) }
            }
        }
    }
}

/// Line one, the same words as everywhere; the value is what is seen first.
pub(super) fn headline(answer: &Answer, place: Place<'_>) -> Markup {
    let head = words::headline(answer);
    let name = company(&answer.question.entity_name);
    let rest = head.subject.strip_prefix(&name).unwrap_or_default();
    let all = links::overview(
        answer.question.entity_id,
        links::parts(&answer.question).as_of,
    );
    let since = answer.current.as_ref().map(|current| {
        let day = words::day(current.since);
        let before = head.since.strip_suffix(&day).unwrap_or(&head.since);
        (before.to_owned(), time(current.since, &day))
    });
    html! {
        span.subject {
            @match place.is_open() && !rest.is_empty() {
                true => { a href=(all) { bdi { (name) } } (rest) },
                false => bdi { (head.subject) },
            }
            ":"
        } " "
        bdi.value.is-none[answer.current.as_ref().is_none_or(|c| c.value.is_none())] { (head.value) }
        @if let Some((before, day)) = since {
            span.since { (before) (day) }
        }
    }
}

/// Line one, as every surface says it.
#[must_use]
pub fn line_one(answer: &Answer) -> String {
    let head = words::headline(answer);
    format!("{}: {}{}", head.subject, head.value, head.since)
}

/// `11.9M → 12.4M USD`: the arrow points from left to right, whatever direction the values have.
pub(super) fn from_to(what: &str) -> Markup {
    const ARROWS: [&str; 2] = [" \u{2192} ", " \u{21c4} "];
    let mut found = ARROWS
        .into_iter()
        .filter(|arrow| what.matches(arrow).count() == 1);
    let split = found
        .next()
        .and_then(|arrow| Some((what.split_once(arrow)?, arrow)));
    html! {
        @match split {
            Some(((from, to), arrow)) => { bdi { (from) } (arrow) bdi { (to) } },
            None => bdi { (what) },
        }
    }
}

/// What stands between backticks, as code.
#[must_use]
pub fn with_code(text: &str) -> Markup {
    let pieces: Vec<&str> = text.split('`').collect();
    // One alone is itself.
    if pieces.len().is_multiple_of(2) {
        return html! { (text) };
    }
    html! {
        @for (at, piece) in pieces.into_iter().enumerate() {
            @if at.is_multiple_of(2) { (piece) } @else { code { (piece) } }
        }
    }
}

/// Warnings of one level, each with its word.
pub(super) fn warnings(answer: &Answer, level: Level) -> Markup {
    let of_level: Vec<_> = answer
        .warnings
        .iter()
        .filter(|warning| warning.id.level() == level)
        .collect();
    if of_level.is_empty() {
        return html! {};
    }
    let word = match level {
        Level::Alarm => "Alarm",
        Level::Note => "Note",
    };
    html! {
        ul.warnings.(level.as_str()) aria-label=(match level { Level::Alarm => "Alarms", Level::Note => "Notes" }) {
            @for warning in of_level {
                li {
                    span.level { (word) } " "
                    span.what {
                        bdi { (clean(&warning.text, words::SENTENCE)) }
                        @let advice = clean(&warning.advice, words::SENTENCE);
                        @if !advice.is_empty() { " " span.advice { (advice) } }
                    }
                }
            }
        }
    }
}

/// The answer as of a moment that is pressed.
pub(super) fn as_of(answer: &Answer, at: Timestamp) -> String {
    let parts = links::parts(&answer.question);
    links::answer(&Parts {
        as_of: Some(AsOf::Instant(at)),
        look_back: LookBack::Auto,
        ..parts
    })
}
