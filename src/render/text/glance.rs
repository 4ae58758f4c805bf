//! A company at a glance, and what changed, as text for a terminal.
//!
//! One attribute or change an entry. Start at [`overview`] and [`changes`].

use super::Style;
use super::page::Page;
use super::paint::{Paint, plain, span};
use crate::overview::{Changes, Overview, Row, State};
use crate::render::words::clean::{clean, clean_name};
use crate::render::words::{NAME, SENTENCE, VALUE, change, count, day, minute, tell_apart};

/// Every attribute: its value, since when, its alarms.
#[must_use]
pub fn overview(overview: &Overview, style: &Style) -> String {
    let mut page = Page::new(style);
    page.line(&[
        span(Paint::Strong, &clean_name(&overview.entity_name, NAME)),
        span(
            Paint::Dim,
            &format!(" (#{}), {}", overview.entity_id, minute(overview.as_of)),
        ),
    ]);
    for row in &overview.rows {
        entry(&mut page, row);
    }
    page.finish()
}

fn entry(page: &mut Page, row: &Row) {
    let label = span(
        Paint::Strong,
        &format!("{}: ", clean(&row.attribute.label, NAME)),
    );
    match &row.state {
        State::Served {
            display,
            since,
            since_at_least,
            alarms,
        } => {
            let at_least = if *since_at_least { "at least " } else { "" };
            let alarms = match alarms.is_empty() {
                true => String::new(),
                false => format!(" ! {}", alarms.join(", ")),
            };
            page.entry(&[
                label,
                span(Paint::Value, &clean(display, VALUE)),
                plain(&format!(", {at_least}since {}", day(*since))),
                span(Paint::Alarm, &alarms),
            ]);
        }
        State::Nothing => page.entry(&[label, span(Paint::Dim, "no decision found")]),
        State::Restricted => page.entry(&[label, span(Paint::Dim, "restricted")]),
        State::Unread(why) => page.entry(&[
            label,
            span(Paint::Alarm, &format!("not read: {}", clean(why, SENTENCE))),
        ]),
    }
}

/// What changed, newest first, and what is not in the list.
#[must_use]
pub fn changes(changes: &Changes, style: &Style) -> String {
    let mut page = Page::new(style);
    let extent = match changes.changes.len() {
        0 => "nothing changed".to_owned(),
        many => count(many, "change"),
    };
    page.line(&[
        span(Paint::Strong, &clean_name(&changes.entity_name, NAME)),
        plain(&format!(
            ": {extent} from {} to {}",
            day(changes.since),
            minute(changes.as_of)
        )),
    ]);
    let times: Vec<_> = changes
        .changes
        .iter()
        .map(|(_, change)| change.at)
        .collect();
    for ((attribute, one), when) in changes.changes.iter().zip(tell_apart(&times)) {
        let (what, why) = change(attribute, one);
        page.entry(&[
            span(Paint::Dim, &format!("{when}: ")),
            span(Paint::Strong, &clean(&attribute.label, NAME)),
            plain(&format!(" {what}")),
            span(Paint::Dim, &format!(", {why}")),
        ]);
    }
    for (attribute, why) in &changes.left_out {
        page.line(&[span(
            Paint::Dim,
            &format!(
                "Without {}: {}",
                clean(&attribute.label, NAME),
                clean(why, SENTENCE)
            ),
        )]);
    }
    page.finish()
}
