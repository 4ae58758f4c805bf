//! A company at a glance, and what changed for it.

use maud::{Markup, html};

use super::frame::Page;
use super::{View, answer, chart, links, marks, parts, receipt};
use crate::answer::{Answer, AttributeInfo, Change};
use crate::overview::{self, Asked, Changes, Outcome, Row, State};
use crate::question::{AsOf, LookBack, Parts};
use crate::render::words::clean::clean;
use crate::render::words::{self, NAME, SENTENCE, VALUE, asked_about, day, minute};

pub(super) fn page(asked: &Asked, view: &View<'_>) -> Page {
    let overview = overview::overview(asked.clone());
    let name = parts::company(&overview.entity_name);
    let as_of = asked_about(overview.as_of);
    let answers = asked.outcomes.iter().map(|(_, outcome)| match outcome {
        Outcome::Answered(answer) => Some(&**answer),
        Outcome::Restricted(_) | Outcome::Unread(_) => None,
    });
    let week = crate::layout::utc_date(overview.as_of).saturating_sub(jiff::Span::new().days(30));
    let body = html! {
        article.overview {
            h1 { bdi { (name) } " " span.id { "#" (overview.entity_id) } }
            p.now {
                @match as_of {
                    None => "Every attribute as it is now.",
                    Some(at) => { "Every attribute " (moment(at)) ". " a href=(links::overview(overview.entity_id, None)) { "Back to now" } }
                }
            }
            ul.cards {
                @for (row, answer) in overview.rows.iter().zip(answers) {
                    (card(overview.entity_id, row, answer, as_of))
                }
            }
            div.under {
                form.inline method="get" action=(links::overview(overview.entity_id, None)) {
                    (answer::day_field("as-of", "as_of", "As of", None, view))
                    button type="submit" { "Show" }
                }
                p { a href=(links::changes(overview.entity_id, week)) { "What changed in the last 30 days" } }
                (receipt::read(&overview.read))
            }
        }
    };
    Page { title: name, body }
}

fn moment(at: AsOf) -> String {
    match at {
        AsOf::Day(day) => format!("on {day}"),
        AsOf::Instant(at) => format!("at {}", minute(at)),
    }
}

fn card(entity_id: i64, row: &Row, answer: Option<&Answer>, as_of: Option<AsOf>) -> Markup {
    let label = clean(&row.attribute.label, NAME);
    let link = links::answer(&Parts {
        entity_id,
        attribute: &row.attribute.name,
        as_of,
        expected: None,
        look_back: LookBack::Auto,
    });
    html! {
        li.card.alarming[matches!(&row.state, State::Served { alarms, .. } if !alarms.is_empty())] {
            @match &row.state {
                State::Served { display, since, since_at_least, alarms } => {
                    h2 { a href=(link) { bdi { (label) } } }
                    p.value { bdi title=[whole(display)] { (clean(display, VALUE)) } }
                    @if let Some(answer) = answer { (chart::spark(answer)) }
                    p.since { @if *since_at_least { "at least " } "since " (parts::time(*since, &day(*since))) }
                    @if !alarms.is_empty() {
                        p.alarm { (marks::Shape::Alarm.icon()) " " (alarms.join(", ").replace('_', " ")) }
                    }
                }
                State::Nothing => {
                    h2 { a href=(link) { bdi { (label) } } }
                    p.none { "no decision found" }
                }
                State::Restricted => {
                    h2 { bdi { (label) } }
                    p.none { "restricted: not for you to see" }
                }
                State::Unread(why) => {
                    h2 { a href=(link) { bdi { (label) } } }
                    p.alarm { (marks::Shape::Alarm.icon()) " not read: " (clean(why, SENTENCE)) }
                }
            }
        }
    }
}

/// What the card cuts off.
fn whole(display: &str) -> Option<String> {
    let shown = clean(display, VALUE);
    let whole = clean(display, 2_000);
    (whole != shown).then_some(whole)
}

pub(super) fn changes(changes: &Changes, view: &View<'_>) -> Page {
    let name = parts::company(&changes.entity_name);
    let extent = match changes.changes.len() {
        0 => "nothing changed".to_owned(),
        many => words::count(many, "change"),
    };
    let body = html! {
        article.history {
            h1 {
                bdi { (name) } ": " (extent) " "
                span.since { "from " (parts::time(changes.since, &day(changes.since))) " to " (parts::time(changes.as_of, &minute(changes.as_of))) }
            }
            ol.changes.whole {
                @for (attribute, change) in &changes.changes {
                    (changed(changes.entity_id, attribute, change))
                }
            }
            @for (attribute, why) in &changes.left_out {
                p.none { "Without " (clean(&attribute.label, NAME)) ": " (clean(why, SENTENCE)) }
            }
            div.under {
                form.inline method="get" action=(links::overview(changes.entity_id, None)) {
                    (answer::day_field("since", "since", "Since", Some(day(changes.since)), view))
                    button type="submit" { "Show" }
                }
                p { a href=(links::overview(changes.entity_id, None)) { "All attributes of this company" } }
                p.read-line { (words::days_read(&changes.read)) }
            }
        }
    };
    Page {
        title: format!("{name}: {extent}"),
        body,
    }
}

fn changed(entity_id: i64, attribute: &AttributeInfo, change: &Change) -> Markup {
    let (what, why) = words::change(attribute, change);
    let shape = marks::Shape::of(change);
    let link = links::answer(&Parts {
        entity_id,
        attribute: &attribute.name,
        as_of: Some(AsOf::Instant(change.at)),
        expected: None,
        look_back: LookBack::Auto,
    });
    html! {
        li.(shape.class()) {
            span.when { a href=(link) { (parts::time(change.at, &day(change.at))) } }
            span.what { b { bdi { (clean(&attribute.label, NAME)) } } " " (parts::from_to(&what)) }
            span.cause { (shape.icon()) " " bdi { (why) } }
        }
    }
}
