//! A report in the triage channel, for stewards to judge.
//!
//! The only mentions are the reporter's and the steward's, by the ids that Slack gave. Start at
//! [`triage`].

use serde_json::Value;

use super::elements::{actions, mention, name, page_button};
use super::{AsItWas, Triage};
use crate::answer::{Answer, Level};
use crate::job::TriageState;
use crate::render::blocks::limits::{self, length};
use crate::render::blocks::mrkdwn::{escape, link};
use crate::render::blocks::{self, Message, button, context, section};
use crate::render::words::clean::clean;
use crate::render::words::{self, VALUE};
use crate::slack::request::Action;

/// Warnings that are repeated.
const WARNINGS: usize = 3;
/// Lines of what the reporter says.
const LINES: usize = 20;
/// The longest of them, in columns.
const LINE: usize = 800;
/// The longest address that is shown.
const ADDRESS: usize = 200;

pub(super) fn triage(report: &Triage<'_>) -> Message {
    let question = escape(&name(report.question, limits::BUTTON));
    let subject = report.answer.map(|answer| &answer.subject);
    let head = format!(
        "{} says that this looks wrong: {}",
        mention(report.reporter),
        subject.map_or_else(|| question.clone(), |subject| escape(subject))
    );
    let state = report.state.map(|state| standing(state, report.state_by));
    let said = said(report);
    let mut blocks = vec![section(std::slice::from_ref(&head)), section(&said)];
    match report.answer {
        Some(answer) => blocks.extend(answer.blocks.iter().cloned()),
        None => blocks.push(context(&["The answer could not be read again.".to_owned()])),
    }
    blocks.extend(
        state
            .iter()
            .map(|state| section(std::slice::from_ref(state))),
    );
    blocks.extend(actions(offered(report)));
    let id = escape(&name(report.id, limits::BUTTON));
    blocks.push(context(&[format!("Report {id}: {question}")]));
    Message {
        text: text(head, &said, report.answer, state),
        blocks,
    }
}

/// The reporter's words, what was expected, where that can be seen.
fn said(report: &Triage<'_>) -> Vec<String> {
    let all: Vec<&str> = report
        .wrong
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let shown = all.iter().take(LINES);
    let mut lines: Vec<String> = shown.map(|line| escape(&clean(line, LINE))).collect();
    if all.len() > LINES {
        lines.push(format!("\u{2026} and {} more lines", all.len() - LINES));
    }
    let filled = |said: Option<&str>| -> Option<String> {
        let said = said.map(str::trim).filter(|said| !said.is_empty())?;
        Some(said.to_owned())
    };
    if let Some(expected) = filled(report.expected) {
        lines.push(format!("Expected: {}", escape(&clean(&expected, VALUE))));
    }
    if let Some(address) = filled(report.link) {
        let label = clean(&address, ADDRESS);
        lines.push(format!("See: {}", link(Some(&address), &label)));
    }
    if lines.is_empty() {
        lines.push("(nothing more)".to_owned());
    }
    lines
}

/// Headline, winner, rule, expectation and the first alarms.
pub(super) fn as_it_was(answer: &Answer) -> AsItWas {
    let mut found = vec![blocks::headline(answer)];
    found.extend(blocks::facts(answer));
    found.extend(blocks::expectation(answer));
    let alarms = words::warnings(answer, Level::Alarm);
    let mut lines: Vec<String> = alarms
        .iter()
        .take(WARNINGS)
        .map(|alarm| format!(":warning: {}", escape(alarm)))
        .collect();
    if alarms.len() > WARNINGS {
        lines.push(format!("\u{2026} and {} more", alarms.len() - WARNINGS));
    }
    if !lines.is_empty() {
        found.push(context(&lines));
    }
    let was = words::headline(answer);
    let mut said = vec![escape(&format!(
        "{}: {}{}.",
        was.subject, was.value, was.since
    ))];
    said.extend(words::because(answer).map(|why| escape(&why)));
    AsItWas {
        subject: was.subject,
        blocks: found,
        lines: said,
        page: None,
    }
}

/// The answer as a page, and what may still be said of it: all but what was said last.
fn offered(report: &Triage<'_>) -> Vec<Value> {
    let page = report.page.and_then(page_button);
    let states = TriageState::ALL
        .into_iter()
        .filter(|state| report.state != Some(*state))
        .filter_map(|state| {
            let action = Action::Triage {
                report: report.id.to_owned(),
                state,
            };
            button(state.label(), &action, 0)
        });
    page.into_iter().chain(states).collect()
}

/// `*Looking into it*: <@U2>`
fn standing(state: TriageState, by: Option<&str>) -> String {
    let by = by.map(|user| format!(": {}", mention(user)));
    format!("*{}*{}", state.label(), by.unwrap_or_default())
}

/// What a screen reader reads: all of it is escaped already.
fn text(head: String, said: &[String], answer: Option<&AsItWas>, state: Option<String>) -> String {
    let mut lines = vec![head];
    lines.extend(state.map(|state| state.replace('*', "")));
    lines.extend_from_slice(said);
    if let Some(answer) = answer {
        lines.extend_from_slice(&answer.lines);
    }
    let mut used = 0;
    let kept = lines.iter().take_while(|line| {
        used += length(line) + 1;
        used < limits::ALT
    });
    let kept: Vec<&str> = kept.map(String::as_str).collect();
    kept.join("\n")
}
