//! What changed for a company, newest first, with the cause of each change.

use super::Offers;
use super::buttons::share;
use super::elements::{about, actions, menu, name, sections};
use crate::layout::utc_date;
use crate::overview::Changes;
use crate::question::{Parts, phrase};
use crate::render::blocks::mrkdwn::escape;
use crate::render::blocks::{Message, alt, button, context, section};
use crate::render::words::clean::clean;
use crate::render::words::{self, MANY, NAME, SENTENCE, count, minute};
use crate::slack::request::Action;

pub(super) fn changes(changes: &Changes, offers: Offers) -> Message {
    let company = name(&changes.entity_name, NAME);
    let what = headline(changes);
    let lines = lines(changes);
    let doubts = doubts(changes);
    let head = format!("*{}*{}", escape(&company), escape(&what));
    let bullets: Vec<String> = lines
        .iter()
        .map(|line| format!("\u{2022} {}", escape(line)))
        .collect();
    let mut blocks = vec![section(&[head])];
    blocks.extend(sections(&bullets));
    if !doubts.is_empty() {
        let doubts: Vec<String> = doubts.iter().map(|doubt| escape(doubt)).collect();
        blocks.push(context(&doubts));
    }
    blocks.extend(offered(changes, offers));
    let read = words::days_read(&changes.read);
    blocks.push(context(&[escape(&read)]));
    let text: Vec<String> = std::iter::once(format!("{company}{what}."))
        .chain(lines)
        .chain(doubts)
        .collect();
    Message {
        text: alt::fitted(&text, Some(&read)),
        blocks,
    }
}

/// ` · 3 changes since 2026-03-31 00:00 UTC`; nothing is said of what was not read.
fn headline(changes: &Changes) -> String {
    let what = match (changes.changes.len(), changes.left_out.is_empty()) {
        (0, true) => "nothing changed".to_owned(),
        (0, false) => "nothing changed in what was read".to_owned(),
        (many, _) => count(many, "change"),
    };
    let until = match words::asked_about(changes.as_of) {
        Some(_) => format!(", up to {}", minute(changes.as_of)),
        None => String::new(),
    };
    format!(" \u{b7} {what} since {}{until}", minute(changes.since))
}

fn lines(changes: &Changes) -> Vec<String> {
    let all = &changes.changes;
    let mut lines: Vec<String> = all
        .iter()
        .take(MANY)
        .map(|(attribute, change)| {
            let (what, why) = words::change(attribute, change);
            let label = name(&attribute.label, NAME);
            format!("{} \u{b7} {label}: {what}, {why}", minute(change.at))
        })
        .collect();
    if all.len() > MANY {
        lines.push(format!(
            "\u{2026} and {}: ask for one attribute, or since a later day",
            count(all.len() - MANY, "earlier change")
        ));
    }
    lines
}

/// What may have changed without being in the list.
fn doubts(changes: &Changes) -> Vec<String> {
    let mut doubts: Vec<String> = changes
        .left_out
        .iter()
        .map(|(attribute, why)| {
            let label = name(&attribute.label, NAME);
            format!("Left out: {label} ({})", clean(why, SENTENCE))
        })
        .collect();
    let read = &changes.read;
    if !read.complete && read.from > utc_date(changes.since) {
        doubts.push(format!("What came before {} was not read.", read.from));
    }
    doubts
}

/// The attributes that changed, the company at a glance, sharing.
fn offered(changes: &Changes, offers: Offers) -> Option<serde_json::Value> {
    let id = changes.entity_id;
    let mut questions: Vec<(String, Parts<'_>)> = Vec::new();
    for (attribute, _) in &changes.changes {
        let parts = about(id, &attribute.name);
        if !questions.iter().any(|(_, asked)| *asked == parts) {
            questions.push((attribute.label.clone(), parts));
        }
    }
    let since = utc_date(changes.since);
    let elements = [
        menu("Ask why\u{2026}", &questions, 0),
        button("All attributes", &Action::Ask(phrase(&about(id, ""))), 1),
        longer(changes),
        share(&format!("#{id} changes since {since}"), offers),
    ];
    actions(elements.into_iter().flatten().collect())
}

/// The next longer time, up to now: who names none gets a week.
fn longer(changes: &Changes) -> Option<serde_json::Value> {
    const LONGER: [i32; 3] = [30, 90, 365];
    if words::asked_about(changes.as_of).is_some() {
        return None;
    }
    let span = utc_date(changes.as_of)
        .since(utc_date(changes.since))
        .ok()?;
    let days = LONGER.into_iter().find(|days| *days > span.get_days())?;
    let words = format!("#{} changes in the last {days} days", changes.entity_id);
    button(&format!("Last {days} days"), &Action::Ask(words), 2)
}
