//! The whole answer as plain sentences: what a screen reader reads.
//!
//! It reads nothing but the top-level text, so tables and charts are sentences
//! here. Shortened from the end of the history, never from the answer.

use super::limits::{ALT, length};
use super::mrkdwn::escape;
use crate::answer::{Answer, Level};
use crate::error::Failure;
use crate::render::words::{self, CandidateWords};

/// Candidates that are read out.
const CANDIDATES: usize = 8;

pub(super) fn answer(answer: &Answer) -> String {
    let head = words::headline(answer);
    let mut lines = vec![format!("{}: {}{}.", head.subject, head.value, head.since)];
    lines.extend(words::because(answer));
    lines.extend(words::nothing(answer));
    if let Some((head, hits)) = words::expectation(answer) {
        lines.push(format!("{head}: {}", hits.join(" ")));
    }
    let alarms = words::warnings(answer, Level::Alarm);
    lines.extend(alarms.iter().map(|alarm| format!("Warning: {alarm}")));
    lines.extend(candidates(answer));
    let notes = words::warnings(answer, Level::Note);
    lines.extend(notes.iter().map(|note| format!("Note: {note}")));
    lines.extend(history(answer));
    let last = answer.current.is_some().then(|| words::read(answer));
    fitted(&lines, last.as_deref())
}

pub(super) fn failure(failure: &Failure) -> String {
    let mut lines = words::what_failed(failure);
    lines.extend(words::sentences(&failure.advice));
    for found in words::matches(failure) {
        let detail = match found.detail.as_str() {
            "" => String::new(),
            detail => format!(" ({detail})"),
        };
        lines.push(format!(
            "{}{detail}: ask \u{201c}{}\u{201d}",
            found.label, found.question
        ));
    }
    fitted(&lines, words::reference(failure).as_deref())
}

fn candidates(answer: &Answer) -> Vec<String> {
    let Some(current) = &answer.current else {
        return Vec::new();
    };
    let all = &current.candidates;
    let mut lines: Vec<String> = all
        .iter()
        .take(CANDIDATES)
        .map(|explained| sentence(&words::candidate(answer, current, explained)))
        .collect();
    if all.len() > CANDIDATES {
        lines.push(format!(
            "\u{2026} and {} more candidates.",
            all.len() - CANDIDATES
        ));
    }
    lines
}

/// `CRM (lost): 11.9M USD, seen 2025-11-02; 4 months older.`
pub(super) fn sentence(candidate: &CandidateWords) -> String {
    let mut said = format!(
        "{} ({}): {}",
        candidate.source, candidate.outcome, candidate.value
    );
    if !candidate.observed.is_empty() {
        said.push_str(&format!(", seen {}", candidate.observed));
    }
    if !candidate.confidence.is_empty() {
        said.push_str(&format!(", confidence {}", candidate.confidence));
    }
    if !candidate.why.is_empty() {
        said.push_str(&format!("; {}", candidate.why));
    }
    said + "."
}

fn history(answer: &Answer) -> Vec<String> {
    let history = words::history(answer, words::lines_for(answer));
    if history.events.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![format!("History: {}.", history.extent)];
    for event in &history.events {
        lines.push(format!("{}: {}, {}.", event.when, event.what, event.why));
    }
    lines.extend(history.rest());
    lines
}

/// Escaped lines, as many as fit with the last.
pub(in crate::render) fn fitted(lines: &[String], last: Option<&str>) -> String {
    let last = last.map(escape);
    let reserved = last.as_deref().map_or(0, |last| length(last) + 1) + 40;
    let mut text: Vec<String> = Vec::new();
    let mut used = reserved;
    for (at, line) in lines.iter().enumerate() {
        let line = escape(line);
        used += length(&line) + 1;
        if used >= ALT {
            text.push(format!("\u{2026} {} more lines", lines.len() - at));
            break;
        }
        text.push(line);
    }
    text.extend(last);
    text.join("\n")
}
