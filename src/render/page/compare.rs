//! Two answers side by side: one attribute at two times, or of two companies.

use maud::{Markup, html};

use super::frame::Page;
use super::{View, answer, candidates, chart, history, links, parts, receipt};
use crate::answer::{Answer, Level};
use crate::comparison::{Aspect, Comparison, Of};
use crate::question::{AsOf, Parts};
use crate::render::words::{self, asked_about, clean::clean, minute};

/// Lines of each history.
const LINES: usize = 4;

pub(super) fn page(comparison: &Comparison, view: &View<'_>) -> Page {
    match comparison.of {
        Of::Times => times(comparison, view),
        Of::Companies => companies(comparison, view),
    }
}

fn times(comparison: &Comparison, view: &View<'_>) -> Page {
    let Comparison { one, other, .. } = comparison;
    // As they happened, whichever was named first.
    let (then, now) = match one.question.as_of <= other.question.as_of {
        true => (one, other),
        false => (other, one),
    };
    let subject = format!(
        "{} \u{b7} {}",
        parts::company(&now.question.entity_name),
        parts::label(now)
    );
    let between = Answer {
        changes: comparison.between.clone().unwrap_or_default(),
        ..now.clone()
    };
    let body = html! {
        (parts::crumbs(now, view.place, "two days"))
        article.compare {
            h1 { bdi { (subject) } }
            p.verdict { (words_of(then, now)) " " (verdict(comparison)) }
            div.sides {
                (side(&capital(&when(then)), then, None, view))
                (side(&capital(&when(now)), now, None, view))
            }
            section aria-labelledby="between" {
                h2 #between { "What changed between" }
                @if between.changes.is_empty() { p { "Nothing." } }
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

/// `Different values (12.2 % more). Also different: the source.`
fn verdict(comparison: &Comparison) -> String {
    let differs = &comparison.differs;
    if differs.contains(&Aspect::Presence) {
        return "One of them has no decision.".to_owned();
    }
    let values = match (&comparison.one.current, differs.contains(&Aspect::Value)) {
        (None, _) => return "Neither has a decision.".to_owned(),
        (Some(_), true) => format!("Different values{}.", by_how_much(comparison)),
        (Some(current), false) if current.value.is_none() => "No value in both.".to_owned(),
        (Some(_), false) => "The same value.".to_owned(),
    };
    let others: Vec<&str> = differs.iter().filter_map(|aspect| told(*aspect)).collect();
    match others.as_slice() {
        [] => values,
        others => format!("{values} Also different: {}.", others.join(", ")),
    }
}

/// Beside the value, where it says more than the others.
fn told(aspect: Aspect) -> Option<&'static str> {
    Some(match aspect {
        Aspect::Writing => "how it is written",
        Aspect::Source => "the source",
        Aspect::Record => "the source\u{2019}s record",
        Aspect::Rule => "the rule",
        Aspect::RuleVersion => "the version of the rule",
        Aspect::Override => "whether a person decided",
        Aspect::Candidates => "what the sources say",
        Aspect::Alarms => "what looks wrong",
        // Each confirmation is another decision.
        Aspect::Decision | Aspect::Presence | Aspect::Value => return None,
    })
}

/// ` (12.2 % more)`
fn by_how_much(comparison: &Comparison) -> String {
    let ratio = comparison.numbers.and_then(|numbers| numbers.ratio);
    let percent = ratio.map(|ratio| (ratio - 1.0) * 100.0);
    match percent.filter(|percent| (0.05..1_000.0).contains(&percent.abs())) {
        Some(more) if more > 0.0 => format!(" ({more:.1} % more)"),
        Some(less) => format!(" ({:.1} % less)", less.abs()),
        None => String::new(),
    }
}

fn when(answer: &Answer) -> String {
    match asked_about(answer.question.as_of) {
        None => "now".to_owned(),
        Some(AsOf::Day(day)) => format!("on {day}"),
        Some(AsOf::Instant(instant)) => format!("at {}", minute(instant)),
    }
}

fn companies(comparison: &Comparison, view: &View<'_>) -> Page {
    let Comparison { one, other, .. } = comparison;
    let names = [one, other].map(|answer| parts::company(&answer.question.entity_name));
    let label = clean(&one.attribute.label, words::NAME);
    let [first, second] = &names;
    let title = format!("{label}: {first} and {second}");
    let body = html! {
        article.compare {
            h1 { bdi { (label) } ": " bdi { (first) } " and " bdi { (second) } }
            p.verdict { (capital(&when(one))) ". " (verdict(comparison)) }
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
