//! An answer as Slack's Block Kit, always within Slack's limits.
//!
//! The answer first, then what is wrong, then the evidence. Data stands in
//! `raw_text` and `plain_text` where it can, else it goes through
//! `mrkdwn::escape`. Start at [`answer`]; `limits` has Slack's numbers.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

pub(super) mod alt;
mod chart;
pub(super) mod limits;
pub(super) mod mrkdwn;
mod table;

pub(crate) use mrkdwn::escape;
use mrkdwn::{fitting, link};
use table::{Budget, Table};

use super::words;
use crate::answer::{Answer, Current, Level};
use crate::error::{Failure, Match};
use crate::slack::actions::{self, Button};
use crate::slack::request::Action;

/// Candidates that are listed without a table.
const CANDIDATES: usize = 8;
/// What the table of candidates may take of all that tables may hold.
const CANDIDATES_SHARE: usize = 4_500;

/// Between the details of a company.
const DETAILS: &str = " \u{b7} ";

/// Which blocks may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// With `data_table` and `data_visualization`.
    Rich,
    /// Without them: for workspaces that refuse them.
    Plain,
}

/// What Slack is sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Top-level text: carries the whole answer, for screen readers and notifications.
    pub text: String,
    pub blocks: Vec<Value>,
}

/// The answer as blocks: at most a dozen, whatever the answer holds.
#[must_use]
pub fn answer(answer: &Answer, flavour: Flavour) -> Message {
    let mut blocks = vec![headline(answer)];
    blocks.extend(facts(answer));
    blocks.extend(expectation(answer));
    blocks.extend(warnings(answer));
    match flavour {
        Flavour::Rich => blocks.extend(tables(answer)),
        Flavour::Plain => {
            blocks.extend(candidates(answer));
            blocks.extend(history(answer));
        }
    }
    if answer.current.is_some() {
        blocks.push(context(&[escape(&words::read(answer))]));
    }
    Message {
        text: alt::answer(answer),
        blocks,
    }
}

/// What went wrong and what to do next; what may have been meant are buttons that ask it.
#[must_use]
pub fn failure(failure: &Failure) -> Message {
    let text = words::what_failed(failure);
    let advice = words::sentences(&failure.advice);
    let lines: Vec<String> = text
        .iter()
        .map(|line| format!("*{}*", escape(line)))
        .chain(advice.iter().map(|line| advised(line)))
        .collect();
    let mut blocks = vec![section(&lines)];
    let shown = words::matches(failure);
    let buttons: Vec<Value> = told_apart(&shown)
        .iter()
        .zip(&failure.matches)
        .enumerate()
        .filter_map(|(at, (label, found))| {
            button(label, &Action::Choose(found.question.clone()), at)
        })
        .collect();
    if !buttons.is_empty() {
        blocks.push(json!({"type": "actions", "elements": buttons}));
    }
    blocks.extend(words::reference(failure).map(|reference| context(&[escape(&reference)])));
    Message {
        text: alt::failure(failure),
        blocks,
    }
}

/// Advice shows what to type between backticks; anything but plain words there is data.
fn advised(line: &str) -> String {
    let parts: Vec<&str> = line.split('`').collect();
    let is_code =
        parts.len() % 2 == 1 && parts.iter().skip(1).step_by(2).all(|code| is_plain(code));
    let shown: Vec<String> = parts
        .iter()
        .enumerate()
        .map(|(at, part)| match at % 2 {
            0 => escape(part),
            _ => (*part).to_owned(),
        })
        .collect();
    let shown = shown.join("`");
    match is_code && limits::length(&shown) <= mrkdwn::LINE {
        true => shown,
        false => escape(line),
    }
}

/// Words as they are typed: nothing that Slack could read as anything else.
fn is_plain(code: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || " .,:#_-/'?\"".contains(c);
    !code.is_empty() && code.chars().all(plain)
}

/// What a button of each says: its name, and of its details the first, or the
/// last (its id) where another button would say the same.
fn told_apart(shown: &[Match]) -> Vec<String> {
    let first = |found: &Match| found.detail.split(DETAILS).next().map(str::to_owned);
    let last = |found: &Match| found.detail.rsplit(DETAILS).next().map(str::to_owned);
    let label = |found: &Match, detail: Option<String>| match (
        found.label.as_str(),
        detail.unwrap_or_default().as_str(),
    ) {
        ("", _) => found.question.clone(),
        (name, "") => name.to_owned(),
        (name, detail) => format!("{name} ({detail})"),
    };
    let labels: Vec<String> = shown.iter().map(|f| label(f, first(f))).collect();
    let alike = |said: &String| labels.iter().filter(|other| *other == said).count() > 1;
    shown
        .iter()
        .zip(&labels)
        .map(|(found, said)| match alike(said) {
            true => label(found, last(found)),
            false => said.clone(),
        })
        .collect()
}

/// `None` where no button can hold what it asks for.
pub(super) fn button(label: &str, action: &Action, index: usize) -> Option<Value> {
    let Button { action_id, value } = actions::button(action, index)?;
    let fits = limits::length(&value) <= limits::BUTTON_VALUE && !label.is_empty();
    fits.then(|| {
        json!({
            "type": "button",
            "action_id": action_id,
            "text": plain(label, limits::BUTTON),
            "value": value,
        })
    })
}

/// Text that Slack shows as it is.
pub(super) fn plain(text: &str, most: usize) -> Value {
    json!({"type": "plain_text", "text": limits::clip(text, most), "emoji": false})
}

/// `{"text", "blocks"}`, as the Web API takes it.
#[must_use]
pub fn payload(message: &Message) -> Value {
    json!({"text": message.text, "blocks": message.blocks})
}

/// A link that shows the blocks in Slack's Block Kit Builder.
#[must_use]
pub fn builder_link(message: &Message) -> String {
    let blocks = json!({"blocks": message.blocks}).to_string();
    let encoded = utf8_percent_encode(&blocks, NON_ALPHANUMERIC);
    format!("https://app.slack.com/block-kit-builder/#{encoded}")
}

/// Data in it is escaped already.
fn mrkdwn(text: &str) -> Value {
    // Without `verbatim` Slack would make links of what looks like one.
    json!({"type": "mrkdwn", "text": text, "verbatim": true})
}

pub(super) fn section(lines: &[String]) -> Value {
    json!({"type": "section", "text": mrkdwn(&fitting(lines))})
}

pub(super) fn context(lines: &[String]) -> Value {
    json!({"type": "context", "elements": [mrkdwn(&fitting(lines))]})
}

pub(super) fn headline(answer: &Answer) -> Value {
    let head = words::headline(answer);
    let mut lines = vec![format!(
        "{}: *{}*{}",
        escape(&head.subject),
        escape(&head.value),
        escape(&head.since)
    )];
    lines.extend(words::because(answer).iter().map(|why| escape(why)));
    lines.extend(words::nothing(answer).iter().map(|said| escape(said)));
    section(&lines)
}

/// Who and what stands behind the value, with a link to the record.
pub(super) fn facts(answer: &Answer) -> Option<Value> {
    let current = answer.current.as_ref()?;
    let mut facts = Vec::new();
    if let Some(winner) = current.winner() {
        let label = words::candidate(answer, current, winner).source;
        facts.push(format!("Source: {}", link(winner.url.as_deref(), &label)));
    }
    let rule = words::rule(current.rule.as_deref(), current.rule_version.as_deref());
    facts.extend(rule.map(|rule| format!("rule: {}", escape(&rule))));
    let at_least = if current.since_at_least {
        "at least "
    } else {
        ""
    };
    facts.push(format!("{at_least}since {}", words::minute(current.since)));
    if current.decided_at != current.since {
        facts.push(format!(
            "last decided {}",
            words::minute(current.decided_at)
        ));
    }
    Some(context(&[facts.join(" \u{b7} ")]))
}

pub(super) fn expectation(answer: &Answer) -> Option<Value> {
    let (head, hits) = words::expectation(answer)?;
    let head = format!("*{}*", escape(&head));
    Some(match hits.as_slice() {
        [only] => section(&[format!("{head}: {}", escape(only))]),
        _ => section(&bulleted(head, hits.iter().map(|hit| escape(hit)))),
    })
}

fn bulleted(head: String, items: impl Iterator<Item = String>) -> Vec<String> {
    std::iter::once(head)
        .chain(items.map(|item| format!("\u{2022} {item}")))
        .collect()
}

/// Alarms first and in full size; notes small.
pub(super) fn warnings(answer: &Answer) -> Vec<Value> {
    let lines = |level, mark: &str| -> Vec<String> {
        let warnings = words::warnings(answer, level);
        warnings
            .iter()
            .map(|w| format!("{mark} {}", escape(w)))
            .collect()
    };
    let alarms = lines(Level::Alarm, ":warning:");
    let notes = lines(Level::Note, "Note:");
    let mut blocks = Vec::new();
    if !alarms.is_empty() {
        blocks.push(section(&alarms));
    }
    if !notes.is_empty() {
        blocks.push(context(&notes));
    }
    blocks
}

/// The evidence as tables and a chart.
fn tables(answer: &Answer) -> Vec<Value> {
    let mut budget = Budget::new();
    let mut blocks = Vec::new();
    if let Some(current) = &answer.current {
        blocks.extend(candidates_table(answer, current, &mut budget));
    }
    blocks.extend(chart::chart(answer));
    blocks.extend(history_table(answer, &mut budget));
    blocks
}

fn candidates_table(answer: &Answer, current: &Current, budget: &mut Budget) -> Option<Value> {
    let rows = current.candidates.iter().map(|explained| {
        let words = words::candidate(answer, current, explained);
        [
            words.source,
            words.value,
            words.outcome.to_owned(),
            words.observed,
            words.confidence,
            words.why,
        ]
    });
    let head = ["Source", "Value", "Outcome", "Seen", "Confidence", "Why"];
    let table = Table::new("Candidates", head, rows, budget, CANDIDATES_SHARE);
    let more = current.candidates.len() - table.len();
    let remark = (more > 0).then(|| format!("{more} more in the JSON"));
    table.block(remark.as_deref())
}

fn history_table(answer: &Answer, budget: &mut Budget) -> Option<Value> {
    let mut history = words::history(answer, words::MANY);
    let rows = history
        .events
        .iter()
        .map(|event| [event.when.clone(), event.what.clone(), event.why.clone()]);
    let caption = format!("History: {}", history.extent);
    let table = Table::new(
        &caption,
        ["When", "Change", "Cause"],
        rows,
        budget,
        limits::TABLES,
    );
    history.keep(table.len());
    table.block(history.rest().as_deref())
}

/// The candidates as a list.
fn candidates(answer: &Answer) -> Option<Value> {
    let current = answer
        .current
        .as_ref()
        .filter(|c| !c.candidates.is_empty())?;
    let all = &current.candidates;
    let shown = all.iter().take(CANDIDATES);
    let items = shown.map(|c| escape(&alt::sentence(&words::candidate(answer, current, c))));
    let mut lines = bulleted("*Candidates*".to_owned(), items);
    if all.len() > CANDIDATES {
        lines.push(format!(
            "\u{2026} and {} more in the JSON",
            all.len() - CANDIDATES
        ));
    }
    Some(section(&lines))
}

/// The history as a list.
fn history(answer: &Answer) -> Option<Value> {
    let history = words::history(answer, words::lines_for(answer));
    if history.events.is_empty() {
        return None;
    }
    let items = history
        .events
        .iter()
        .map(|e| format!("{}: {}, {}", e.when, escape(&e.what), escape(&e.why)));
    let mut lines = bulleted(format!("*History*: {}", history.extent), items);
    lines.extend(history.rest());
    Some(section(&lines))
}
