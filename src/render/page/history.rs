//! The history as a list: in brief under an answer, or all of it with filters, a page at a time.

use jiff::Timestamp;
use maud::{Markup, html};

use super::frame::Page;
use super::links::{self, Place};
use super::marks::{self, Shape};
use super::{View, chart, parts, receipt};
use crate::answer::filter::Filter;
use crate::answer::fold::{Line, fold};
use crate::answer::{Answer, Cause, Change};
use crate::layout::utc_date;
use crate::render::words::clean::clean;
use crate::render::words::{self, tell_apart};

/// Changes on one page.
pub const PER_PAGE: usize = 50;
/// Choices of one filter.
const CHOICES: usize = 100;

/// The same filter, another page.
fn query(filter: &Filter, page: usize, as_of: Option<&str>) -> String {
    let (page, pairs) = (page.to_string(), filter.pairs());
    let said: Vec<(&str, &str)> = as_of
        .map(|as_of| ("as_of", as_of))
        .into_iter()
        .chain(borrowed(&pairs))
        .chain([("page", page.as_str())])
        .collect();
    format!("?{}", links::encoded(&said))
}

/// What is listed, to be kept; nothing lies after the time that was asked about.
fn csv(filter: &Filter, answer: &Answer, place: Place<'_>) -> String {
    let within = Filter {
        to: filter.to.filter(|to| *to < answer.question.as_of),
        ..filter.clone()
    };
    let pairs = within.pairs();
    let fit: Vec<(&str, &str)> = borrowed(&pairs).collect();
    place.csv(answer, &fit)
}

fn borrowed<'a>(pairs: &'a [(&'static str, String)]) -> impl Iterator<Item = (&'a str, &'a str)> {
    pairs.iter().map(|(name, value)| (*name, value.as_str()))
}

/// The newest lines; what swaps is folded.
pub(super) fn brief(answer: &Answer, most: usize, place: Place<'_>) -> Markup {
    let lines = fold(&answer.changes);
    let shown = lines.get(..most.min(lines.len())).unwrap_or_default();
    let newest: Vec<Timestamp> = shown.iter().map(|line| newest(line).at).collect();
    html! {
        ol.changes {
            @for (line, when) in shown.iter().zip(tell_apart(&newest)) {
                (entry(answer, line, when, place))
            }
        }
        @if lines.len() > shown.len() {
            p.rest { "\u{2026} and " (words::count(lines.len() - shown.len(), "older line")) }
        }
    }
}

fn newest<'a>(line: &Line<'a>) -> &'a Change {
    match line {
        Line::One(change) => change,
        Line::Swaps { newest, .. } => newest,
    }
}

fn entry(answer: &Answer, line: &Line<'_>, when: String, place: Place<'_>) -> Markup {
    let change = newest(line);
    let event = words::event(answer, line, when);
    let shape = Shape::of(change);
    html! {
        li.(shape.class()).alarming[marks::is_alarming(change)] {
            span.when {
                @if place.is_open() {
                    a href=(parts::as_of(answer, change.at)) { (parts::time(change.at, &event.when)) }
                } @else { (parts::time(change.at, &event.when)) }
            }
            span.what { (parts::from_to(&event.what)) }
            span.cause { (shape.icon()) " " bdi { (event.why) } }
        }
    }
}

/// The whole history, and which page of it: the first is 1.
pub(super) fn page(answer: &Answer, (filter, at): (&Filter, usize), view: &View<'_>) -> Page {
    let subject = words::headline(answer).subject;
    let title = format!("History of {subject}");
    let found: Vec<&Change> = answer.changes.iter().filter(|c| filter.keeps(c)).collect();
    let pages = found.len().div_ceil(PER_PAGE).max(1);
    let at = at.clamp(1, pages);
    let shown: Vec<&Change> = found
        .iter()
        .skip((at - 1) * PER_PAGE)
        .take(PER_PAGE)
        .copied()
        .collect();
    let as_of = links::parts(&answer.question).as_of.map(links::instant);
    let body = html! {
        (parts::crumbs(answer, view.place, "history"))
        article.history {
            h1 { "History of " bdi { (subject) } }
            p.now { "It is " b { bdi { (words::headline(answer).value) } } (words::headline(answer).since) ". "
                (words::history(answer, 0).extent) "." }
            (chart::chart(answer, view.place))
            div.columns.filtered {
                div.wide {
                    h2 #list { (extent(&found, filter)) }
                    @if shown.is_empty() {
                        p.empty { "No change fits these filters. "
                            a href=(links::history(&links::parts(&answer.question))) { "Show all" } }
                    }
                    (list(answer, &shown, view.place))
                    (pager(filter, at, pages, as_of.as_deref()))
                }
                div.narrow {
                    (filters(answer, filter, as_of.as_deref()))
                    p.more {
                        a href=(csv(filter, answer, view.place)) download {
                            @if filter.is_set() { "These changes as CSV" } @else { "All changes as CSV" }
                        }
                    }
                    (receipt::receipt(answer))
                }
            }
        }
    };
    Page { title, body }
}

fn extent(found: &[&Change], filter: &Filter) -> String {
    let changes = words::count(found.len(), "change");
    match filter.is_set() {
        true => format!("{changes} that fit"),
        false => changes,
    }
}

fn list(answer: &Answer, shown: &[&Change], place: Place<'_>) -> Markup {
    let times: Vec<Timestamp> = shown.iter().map(|change| change.at).collect();
    html! {
        ol.changes.whole {
            @for (change, when) in shown.iter().zip(tell_apart(&times)) {
                (entry(answer, &Line::One(change), when, place))
            }
        }
    }
}

fn pager(filter: &Filter, at: usize, pages: usize, as_of: Option<&str>) -> Markup {
    if pages < 2 {
        return html! {};
    }
    html! {
        nav.pager aria-label="Pages" {
            @if at > 1 { a rel="prev" href=(query(filter, at - 1, as_of)) { "Newer" } }
            span { "Page " (at) " of " (pages) }
            @if at < pages { a rel="next" href=(query(filter, at + 1, as_of)) { "Older" } }
        }
    }
}

fn filters(answer: &Answer, filter: &Filter, as_of: Option<&str>) -> Markup {
    let causes = Cause::ALL
        .into_iter()
        .filter(|cause| answer.changes.iter().any(|change| change.cause == *cause))
        .map(|cause| (cause.as_str().to_owned(), cause.words().to_owned()));
    let sources = distinct(answer, |change| {
        let source = change.source.as_deref()?;
        Some((source, change.source_label.as_deref().unwrap_or(source)))
    });
    let actors = distinct(answer, |change| {
        let actor = change.actor.as_deref()?;
        Some((actor, actor))
    });
    html! {
        section.ask aria-labelledby="filters" {
            h2 #filters { "Filter" }
            form method="get" {
                @if let Some(as_of) = as_of { input type="hidden" name="as_of" value=(as_of); }
                (select("cause", "Cause", &filter.cause(), causes.collect()))
                (select("source", "Source", filter.source.as_deref().unwrap_or_default(), sources))
                (select("actor", "By", filter.actor.as_deref().unwrap_or_default(), actors))
                div.field { label for="from" { "From" } input #from type="date" name="from" value=[filter.from.map(utc_date)]; }
                div.field { label for="to" { "To" } input #to type="date" name="to" value=[filter.to.map(utc_date)]; }
                button type="submit" { "Filter" }
            }
        }
    }
}

/// Each once, with what people call it.
fn distinct<'a>(
    answer: &'a Answer,
    told: impl Fn(&'a Change) -> Option<(&'a str, &'a str)>,
) -> Vec<(String, String)> {
    let mut found: Vec<(&str, &str)> = answer.changes.iter().filter_map(told).collect();
    found.sort_unstable();
    found.dedup_by_key(|(name, _)| *name);
    found
        .into_iter()
        .take(CHOICES)
        .map(|(name, label)| (name.to_owned(), clean(label, words::NAME)))
        .collect()
}

fn select(name: &str, label: &str, chosen: &str, choices: Vec<(String, String)>) -> Markup {
    html! {
        div.field {
            label for=(name) { (label) }
            select id=(name) name=(name) {
                option value="" { "any" }
                // What nothing here has is still what was asked for.
                @if !chosen.is_empty() && !choices.iter().any(|(value, _)| value == chosen) {
                    option value=(chosen) selected { (clean(chosen, words::NAME)) }
                }
                @for (value, shown) in choices {
                    option value=(value) selected[value == chosen] { (shown) }
                }
            }
        }
    }
}
