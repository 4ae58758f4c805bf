//! Two answers side by side: one attribute at two times, or of two companies.

use maud::{Markup, html};

use super::frame::Page;
use super::{View, answer, candidates, chart, history, links, parts, receipt};
use crate::answer::{Answer, Level};
use crate::question::{AsOf, Parts};
use crate::render::words::{self, asked_about, clean::clean, minute};
use crate::value::canonical;

/// Lines of each history.
const LINES: usize = 4;

/// What is compared.
#[derive(Debug, Clone, Copy)]
pub enum Compared<'a> {
    /// The earlier first.
    Times(&'a Answer, &'a Answer),
    Companies(&'a Answer, &'a Answer),
}

pub(super) fn page(compared: &Compared<'_>, view: &View<'_>) -> Page {
    match compared {
        Compared::Times(then, now) => times(then, now, view),
        Compared::Companies(one, other) => companies(one, other, view),
    }
}

fn times(then: &Answer, now: &Answer, view: &View<'_>) -> Page {
    let subject = format!(
        "{} \u{b7} {}",
        parts::company(&now.question.entity_name),
        parts::label(now)
    );
    let between: Answer = Answer {
        changes: now
            .changes
            .iter()
            .filter(|change| change.at > then.question.as_of)
            .cloned()
            .collect(),
        ..now.clone()
    };
    let body = html! {
        (parts::crumbs(now, view.place, "two days"))
        article.compare {
            h1 { bdi { (subject) } }
            p.verdict { (words_of(then, now)) " " (both(then, now)) }
            div.sides {
                (side(&capital(&when(then)), then, None, view))
                (side(&capital(&when(now)), now, None, view))
            }
            section aria-labelledby="between" {
                h2 #between { "What changed between" }
                @if between.changes.is_empty() { p { "Nothing that is listed." } }
                (history::brief(&between, 20, view.place))
            }
            (again(now, Some(then), view))
            (receipt::receipt(now))
        }
    };
    Page {
        title: format!("{subject}: two days"),
        body,
    }
}

/// `on 2025-03-01, 9.8M USD; now, 12.4M USD`
fn words_of(then: &Answer, now: &Answer) -> Markup {
    let (before, after) = (words::headline(then).value, words::headline(now).value);
    html! {
        (capital(&when(then))) ", " b { bdi { (before) } } "; "
        (when(now)) ", " b { bdi { (after) } } "."
    }
}

fn capital(words: &str) -> String {
    let mut chars = words.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars).collect()
}

fn both(one: &Answer, other: &Answer) -> &'static str {
    let value = |answer: &Answer| {
        let current = answer.current.as_ref()?;
        Some(
            current
                .value
                .as_deref()
                .map(|text| canonical(answer.attribute.kind, text)),
        )
    };
    match (value(one), value(other)) {
        (Some(Some(one)), Some(Some(other))) if one.same(&other) => "The same value.",
        (Some(None), Some(None)) => "No value in both.",
        (Some(_), Some(_)) => "They differ.",
        (None, _) | (_, None) => "One of them has no decision.",
    }
}

fn when(answer: &Answer) -> String {
    match asked_about(answer.question.as_of) {
        None => "now".to_owned(),
        Some(AsOf::Day(day)) => format!("on {day}"),
        Some(AsOf::Instant(instant)) => format!("at {}", minute(instant)),
    }
}

fn companies(one: &Answer, other: &Answer, view: &View<'_>) -> Page {
    let names = [one, other].map(|answer| parts::company(&answer.question.entity_name));
    let label = clean(&one.attribute.label, words::NAME);
    let [first, second] = &names;
    let title = format!("{label}: {first} and {second}");
    let body = html! {
        article.compare {
            h1 { bdi { (label) } ": " bdi { (first) } " and " bdi { (second) } }
            p.verdict { (capital(&when(one))) ". " (both(one, other)) }
            div.sides {
                (side(first, one, Some(LINES), view))
                (side(second, other, Some(LINES), view))
            }
            (again(one, None, view))
        }
    };
    Page { title, body }
}

/// `lines` of its history, where it is not told elsewhere.
fn side(heading: &str, answer: &Answer, lines: Option<usize>, view: &View<'_>) -> Markup {
    html! {
        section.side {
            h2 { a href=(links::answer(&links::parts(&answer.question))) { bdi { (heading) } } }
            p.value { bdi { (words::headline(answer).value) } span.since { (words::headline(answer).since) } }
            @if let Some(because) = words::because(answer) { p.because { bdi { (because) } } }
            @for sentence in words::nothing(answer) { p { bdi { (sentence) } } }
            (parts::warnings(answer, Level::Alarm))
            (candidates::short(answer))
            (chart::spark(answer))
            @if let Some(lines) = lines { (history::brief(answer, lines, view.place)) }
        }
    }
}

/// Other days to compare.
fn again(now: &Answer, then: Option<&Answer>, view: &View<'_>) -> Markup {
    let parts: Parts<'_> = links::parts(&now.question);
    let day = |answer: &Answer| crate::layout::utc_date(answer.question.as_of).to_string();
    html! {
        section.ask aria-labelledby="again" {
            h2 #again { @if then.is_some() { "Other days" } @else { "This company on two days" } }
            form.inline method="get" action="/compare" {
                input type="hidden" name="entity" value=(parts.entity_id);
                input type="hidden" name="attribute" value=(parts.attribute);
                (answer::day_field("at", "at", "First", then.map(day), view))
                (answer::day_field("and", "and", "Second", Some(day(now)), view))
                button type="submit" { "Compare" }
            }
        }
    }
}
