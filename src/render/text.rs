//! An answer as text for a terminal. Line one is the answer.
//!
//! Lays out what `words` says: short enough for a phone, never wider than the
//! terminal, and readable without colour. Start at [`answer`]; `paint` has the
//! five styles, `page` breaks lines, `chart` draws a numeric history.

mod chart;
mod page;
mod paint;

use page::Page;
use paint::{Paint, Span, plain, span};

use super::words::{self, CandidateWords};
use crate::answer::{Answer, Level, Status};
use crate::error::Failure;

/// Candidates that are listed; the JSON has all.
const CANDIDATES: usize = 8;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    On,
    Off,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verbosity {
    Usual,
    /// With the receipt.
    Verbose,
}

/// How to write for this terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// In columns. Less than 20 is taken as 20.
    pub width: usize,
    pub colour: Colour,
    pub verbosity: Verbosity,
}

/// The answer as lines of at most `style.width` columns, each ending in a newline.
#[must_use]
pub fn answer(answer: &Answer, style: &Style) -> String {
    let mut page = Page::new(style);
    let head = words::headline(answer);
    page.line(&[
        span(Paint::Strong, &format!("{}: ", head.subject)),
        span(Paint::Value, &head.value),
        plain(&head.since),
    ]);
    if let Some(why) = words::because(answer) {
        page.line(&[plain(&why)]);
    }
    for sentence in words::nothing(answer) {
        page.line(&[plain(&sentence)]);
    }
    expectation(&mut page, answer);
    candidates(&mut page, answer);
    warnings(&mut page, answer);
    history(&mut page, answer);
    if answer.current.is_some() {
        page.gap();
        page.line(&[span(Paint::Dim, &words::read(answer))]);
    }
    match style.verbosity {
        Verbosity::Usual => {}
        Verbosity::Verbose => receipt(&mut page, answer),
    }
    page.finish()
}

/// What went wrong, what to do next, and what may have been meant.
#[must_use]
pub fn failure(failure: &Failure, style: &Style) -> String {
    let mut page = Page::new(style);
    for line in words::what_failed(failure) {
        page.line(&[span(Paint::Strong, &line)]);
    }
    for line in words::sentences(&failure.advice) {
        page.line(&[plain(&line)]);
    }
    for found in words::matches(failure) {
        let detail = match found.detail.as_str() {
            "" => String::new(),
            detail => format!(" ({detail})"),
        };
        page.entry(&[
            span(Paint::Strong, &found.label),
            span(Paint::Dim, &detail),
            plain(&format!(": {}", command(&found.question))),
        ]);
    }
    if let Some(reference) = words::reference(failure) {
        page.line(&[span(Paint::Dim, &reference)]);
    }
    page.finish()
}

/// What to type: `why acme revenue`; quoted where a shell would read it otherwise.
fn command(question: &str) -> String {
    let bare = |c: char| c.is_alphanumeric() || " .-_,@".contains(c);
    match (question.chars().all(bare), question.contains('\'')) {
        (true, _) => format!("why {question}"),
        (false, false) => format!("why '{question}'"),
        (false, true) => format!("why \"{question}\""),
    }
}

fn expectation(page: &mut Page, answer: &Answer) {
    let Some((head, hits)) = words::expectation(answer) else {
        return;
    };
    page.gap();
    if let [only] = hits.as_slice() {
        page.line(&[span(Paint::Strong, &format!("{head}: ")), plain(only)]);
        return;
    }
    page.line(&[span(Paint::Strong, &format!("{head}:"))]);
    for hit in &hits {
        page.line(&[plain("- "), plain(hit)]);
    }
}

fn warnings(page: &mut Page, answer: &Answer) {
    let alarms = words::warnings(answer, Level::Alarm);
    let notes = words::warnings(answer, Level::Note);
    if !(alarms.is_empty() && notes.is_empty()) {
        page.gap();
    }
    for alarm in alarms {
        page.line(&[span(Paint::Alarm, "! "), span(Paint::Alarm, &alarm)]);
    }
    for note in notes {
        page.line(&[span(Paint::Dim, "- "), span(Paint::Dim, &note)]);
    }
}

fn candidates(page: &mut Page, answer: &Answer) {
    let Some(current) = answer.current.as_ref().filter(|c| !c.candidates.is_empty()) else {
        return;
    };
    page.gap();
    page.line(&[span(Paint::Strong, "Candidates")]);
    let shown: Vec<CandidateWords> = current
        .candidates
        .iter()
        .take(CANDIDATES)
        .map(|explained| words::candidate(answer, current, explained))
        .collect();
    let rows: Vec<[String; 5]> = shown.iter().map(cells).collect();
    let widths = page::widths(&rows);
    let table = page.fits(2 + widths.iter().sum::<usize>() + 2 * (widths.len() - 1));
    for (candidate, row) in shown.iter().zip(&rows) {
        match table {
            true => page.row(row, &widths, outcome_paint(candidate)),
            false => list_item(page, candidate),
        }
        if table && !candidate.why.is_empty() {
            page.indented(&[span(Paint::Dim, &candidate.why)], 4);
        }
    }
    let more = current.candidates.len() - shown.len();
    if more > 0 {
        page.indented(
            &[span(
                Paint::Dim,
                &format!("\u{2026} and {more} more; --json has all"),
            )],
            2,
        );
    }
}

fn outcome_paint(candidate: &CandidateWords) -> Paint {
    match candidate.status {
        Status::Winner => Paint::Value,
        Status::Agrees | Status::NoValue | Status::Lost | Status::Undecided => Paint::Plain,
    }
}

/// A labelled word, or nothing for nothing.
fn labelled(label: &str, word: &str) -> String {
    match word {
        "" => String::new(),
        word => format!("{label} {word}"),
    }
}

fn cells(candidate: &CandidateWords) -> [String; 5] {
    [
        candidate.outcome.to_owned(),
        candidate.source.clone(),
        candidate.value.clone(),
        labelled("seen", &candidate.observed),
        labelled("confidence", &candidate.confidence),
    ]
}

fn list_item(page: &mut Page, candidate: &CandidateWords) {
    let facts: Vec<String> = [
        labelled("seen", &candidate.observed),
        labelled("confidence", &candidate.confidence),
        candidate.why.clone(),
    ]
    .into_iter()
    .filter(|fact| !fact.is_empty())
    .collect();
    page.entry(&[
        span(
            outcome_paint(candidate),
            &format!("{}: ", candidate.outcome),
        ),
        plain(&format!("{}, {}", candidate.source, candidate.value)),
    ]);
    if !facts.is_empty() {
        page.indented(&[span(Paint::Dim, &facts.join("; "))], 4);
    }
}

fn history(page: &mut Page, answer: &Answer) {
    let history = words::history(answer, words::lines_for(answer));
    if history.events.is_empty() {
        return;
    }
    page.gap();
    page.line(&[
        span(Paint::Strong, "History"),
        span(Paint::Dim, &format!(": {}", history.extent)),
    ]);
    if let Some(chart) = chart::chart(answer, page.width()) {
        page.entry(&[plain(&chart.bars), span(Paint::Dim, &chart.range)]);
    }
    for event in &history.events {
        let spans: [Span; 3] = [
            span(Paint::Dim, &format!("{}: ", event.when)),
            plain(&event.what),
            span(Paint::Dim, &format!(", {}", event.why)),
        ];
        page.entry(&spans);
    }
    if let Some(rest) = history.rest() {
        page.entry(&[span(Paint::Dim, &rest)]);
    }
}

fn receipt(page: &mut Page, answer: &Answer) {
    page.gap();
    page.line(&[span(Paint::Strong, "Receipt")]);
    for (label, value) in words::receipt(answer) {
        page.entry(&[span(Paint::Dim, &format!("{label}: ")), plain(&value)]);
    }
}
