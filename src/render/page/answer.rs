//! One answer, from line one to the receipt.

use maud::{Markup, html};

use super::frame::Page;
use super::links::{self, Place};
use super::{View, candidates, chart, history, parts, receipt};
use crate::answer::{Answer, Level};
use crate::layout::utc_date;
use crate::question::{AsOf, LookBack, Parts, phrase};
use crate::render::words::{self, clean::clean};

/// Lines of the history; the history's own page has all.
const LINES: usize = 8;

pub(super) fn page(answer: &Answer, view: &View<'_>) -> Page {
    let place = view.place;
    let body = html! {
        article.answer {
            (head(answer, place))
            (actions(answer, view))
            (expectation(answer))
            (parts::warnings(answer, Level::Alarm))
            div.columns {
                div.wide {
                    (nothing(answer, place))
                    (candidates::table(answer))
                    (past(answer, view))
                    (parts::warnings(answer, Level::Note))
                }
                div.narrow {
                    @if place.is_open() {
                        (when(answer, view))
                        (against(answer, view))
                    }
                    (receipt::receipt(answer))
                }
            }
        }
    };
    Page {
        title: parts::line_one(answer),
        body,
    }
}

fn head(answer: &Answer, place: Place<'_>) -> Markup {
    html! {
        h1.headline { (parts::headline(answer, place)) }
        @if let Some(because) = words::because(answer) {
            p.because { bdi { (because) } }
        }
    }
}

/// What can be done with an answer that stands there.
fn actions(answer: &Answer, view: &View<'_>) -> Markup {
    let place = view.place;
    let question = phrase(&links::parts(&answer.question));
    let file = format!("{}-{}", answer.question.entity_id, answer.attribute.name);
    html! {
        div.actions {
            details.share {
                summary { "Copy for Slack" }
                div.sheet {
                    label for="for-slack" { "As text, to paste into a message" }
                    textarea #for-slack readonly rows="5" dir="auto" { (for_slack(answer, view)) }
                    button.copy type="button" data-copies="for-slack" hidden { "Copy" }
                    @if place.is_open() {
                        label for="permalink" { "Permalink" }
                        input #permalink readonly value=(permalink(answer, view));
                        button.copy type="button" data-copies="permalink" hidden { "Copy" }
                    }
                }
            }
            a href=(place.json(answer)) download=(format!("{file}.json")) { "JSON" }
            a href=(place.csv(answer, &[])) download=(format!("{file}.csv")) { "CSV" }
            @if view.may_report && place.is_open() {
                a.report href=(links::wrong(&question)) { "This looks wrong" }
            }
        }
    }
}

fn permalink(answer: &Answer, view: &View<'_>) -> String {
    let path = links::answer(&links::parts(&answer.question));
    let base = view.public_url.unwrap_or_default().trim_end_matches('/');
    format!("{base}{path}")
}

/// Line one, line two, alarms, and where to read on.
fn for_slack(answer: &Answer, view: &View<'_>) -> String {
    let mut lines = vec![parts::line_one(answer)];
    lines.extend(words::because(answer));
    lines.extend(
        words::warnings(answer, Level::Alarm)
            .into_iter()
            .map(|alarm| format!("Alarm: {alarm}")),
    );
    if view.place.is_open() {
        lines.push(permalink(answer, view));
    }
    lines.join("\n")
}

fn expectation(answer: &Answer) -> Markup {
    let Some((head, hits)) = words::expectation(answer) else {
        return html! {};
    };
    html! {
        section.expectation aria-label="What you expected" {
            p { b { bdi { (head) } } ":" }
            ul { @for hit in hits { li { bdi { (hit) } } } }
        }
    }
}

/// What was looked for and where, and what there is instead.
fn nothing(answer: &Answer, place: Place<'_>) -> Markup {
    let Some(nothing) = &answer.nothing else {
        return html! {};
    };
    let parts = links::parts(&answer.question);
    html! {
        section.empty {
            @for sentence in words::nothing(answer) { p { bdi { (sentence) } } }
            @if place.is_open() {
                ul.choices {
                    @if !answer.read.complete && !nothing.outside_range {
                        li { a href=(links::answer(&Parts { look_back: LookBack::All, ..parts })) { "Read all there is" } }
                    }
                    @for other in &nothing.other_attributes {
                        li { a href=(links::answer(&Parts { attribute: other, ..parts })) { (clean(other, words::NAME)) } }
                    }
                }
            }
        }
    }
}

fn past(answer: &Answer, view: &View<'_>) -> Markup {
    if answer.changes.is_empty() {
        return html! {};
    }
    let (place, all) = (view.place, links::history(&links::parts(&answer.question)));
    html! {
        section.past aria-labelledby="history" {
            div.title {
                h2 #history { "History" }
                p.extent { (words::history(answer, 0).extent) }
            }
            (chart::chart(answer, place))
            (history::brief(answer, LINES, place))
            @if place.is_open() { p.more { a href=(all) { "All changes, with filters" } } }
        }
    }
}

/// Another moment.
fn when(answer: &Answer, view: &View<'_>) -> Markup {
    let parts = links::parts(&answer.question);
    let now = Parts {
        as_of: None,
        ..parts
    };
    html! {
        section.ask aria-labelledby="as-of-title" {
            h2 #as-of-title { "As of" }
            form method="get" action=(links::answer(&Parts { expected: None, as_of: None, look_back: LookBack::Auto, ..parts })) {
                (day_field("as-of", "as_of", "Date", day(parts.as_of, view), view))
                @if let Some(expected) = parts.expected {
                    input type="hidden" name="expected" value=(expected);
                }
                button type="submit" { "Show" }
            }
            @if parts.as_of.is_some() { p { a href=(links::answer(&now)) { "Back to now" } } }
            form method="get" action=(links::answer(&Parts { expected: None, ..now })) {
                div.field {
                    label for="expected" { "I expected" }
                    input #expected name="expected" value=[parts.expected] dir="auto" maxlength="200" required;
                }
                @if let Some(at) = parts.as_of { input type="hidden" name="as_of" value=(links::instant(at)); }
                button type="submit" { "Check" }
            }
        }
    }
}

/// Another moment, another company, beside this one.
fn against(answer: &Answer, view: &View<'_>) -> Markup {
    let parts = links::parts(&answer.question);
    let at = parts.as_of.map(links::instant);
    html! {
        section.ask aria-labelledby="compare-title" {
            h2 #compare-title { "Compare" }
            form method="get" action="/compare" {
                (hidden(&parts, at.as_deref()))
                (day_field("and", "and", "Another day", None, view))
                button type="submit" { "Compare" }
            }
            form method="get" action="/compare" {
                (hidden(&parts, at.as_deref()))
                div.field {
                    label for="other" { "Another company" }
                    input #other name="with" dir="auto" maxlength="200" autocomplete="off" required;
                }
                button type="submit" { "Compare" }
            }
        }
    }
}

fn hidden(parts: &Parts<'_>, at: Option<&str>) -> Markup {
    html! {
        input type="hidden" name="entity" value=(parts.entity_id);
        input type="hidden" name="attribute" value=(parts.attribute);
        @if let Some(at) = at { input type="hidden" name="at" value=(at); }
    }
}

/// A day of the calendar, today at the latest.
pub(super) fn day_field(
    id: &str,
    name: &str,
    label: &str,
    value: Option<String>,
    view: &View<'_>,
) -> Markup {
    html! {
        div.field {
            label for=(id) { (label) }
            input id=(id) type="date" name=(name) value=[value] max=(utc_date(view.now)) required;
        }
    }
}

fn day(as_of: Option<AsOf>, view: &View<'_>) -> Option<String> {
    let at = match as_of {
        None => utc_date(view.now),
        Some(AsOf::Day(day)) => day,
        Some(AsOf::Instant(at)) => utc_date(at),
    };
    Some(at.to_string())
}
