//! An answer as text for a terminal. Line one is the answer.
//!
//! Lays out what `words` says: short enough for a phone, never wider than the
//! terminal, and readable without colour. Start at [`answer`]; `paint` has the
//! five styles, `page` breaks lines, `chart` draws a numeric history.

mod chart;
mod glance;
mod page;
mod paint;

use unicode_width::UnicodeWidthStr;

pub use glance::{changes, overview};
use page::Page;
use paint::{Paint, Span, plain, span};

use super::words::{self, CandidateWords};
use crate::answer::{Answer, Level, Status};
use crate::error::Failure;

/// Candidates that are listed; the JSON has all.
const CANDIDATES: usize = 8;
/// Narrower is a phone.
const PHONE: usize = 60;
/// What stands above the columns of the candidates, in the line of the title.
const HEADS: [&str; 5] = ["", "", "", "seen", "confidence"];

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
    candidates(&mut page, answer, style.verbosity);
    warnings(&mut page, answer);
    history(&mut page, answer, style.verbosity);
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
        page.with_paths(&[span(Paint::Strong, &line)]);
    }
    for line in words::sentences(&failure.advice) {
        page.with_paths(&[plain(&line)]);
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

/// A label, and beside it words on lines of at most `width` columns; what fits on one is left as
/// it is, and paths are not broken.
#[must_use]
pub fn beside(label: &str, words: &str, width: usize) -> String {
    if label.width() + words.width() <= width {
        return format!("{label}{words}");
    }
    let mut page = Page::new(&Style {
        width,
        colour: Colour::Off,
        verbosity: Verbosity::Usual,
    });
    page.behind(label, words);
    page.finish().trim_end_matches('\n').to_owned()
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

fn candidates(page: &mut Page, answer: &Answer, verbosity: Verbosity) {
    let Some(current) = answer.current.as_ref().filter(|c| !c.candidates.is_empty()) else {
        return;
    };
    page.gap();
    let shown: Vec<CandidateWords> = current
        .candidates
        .iter()
        .take(CANDIDATES)
        .map(|explained| words::candidate(answer, current, explained))
        .collect();
    let table = Table::new(&shown);
    let fits = page.fits(table.width());
    match fits {
        true => table.head(page),
        false => page.line(&[span(Paint::Strong, "Candidates")]),
    }
    let first_lost = shown.iter().position(|c| c.status == Status::Lost);
    for (at, candidate) in shown.iter().enumerate() {
        let why = match verbosity {
            Verbosity::Usual => Why::brief(candidate, first_lost == Some(at)),
            Verbosity::Verbose => Why::whole(candidate),
        };
        match fits {
            true => table.row(page, candidate, &why),
            false => list_item(page, candidate, &why),
        }
    }
    let more = current.candidates.len() - shown.len();
    if more > 0 {
        let more = format!("\u{2026} and {more} more; --json has all");
        page.indented(&[span(Paint::Dim, &more)], 2);
    }
}

/// Why a candidate won or lost.
struct Why {
    /// What is said in any case; may be empty.
    text: String,
    /// The same and more, where it fits into the candidate's own line.
    more: Option<String>,
}

impl Why {
    fn brief(candidate: &CandidateWords, first_lost: bool) -> Self {
        let parts = [candidate.brief.as_str(), candidate.would_win.as_str()];
        let all: Vec<&str> = parts.into_iter().filter(|p| !p.is_empty()).collect();
        Why {
            text: candidate.brief.clone(),
            more: first_lost.then(|| all.join("; ")),
        }
    }

    fn whole(candidate: &CandidateWords) -> Self {
        Why {
            text: candidate.why.clone(),
            more: None,
        }
    }
}

/// Candidates one a row; days and figures under a word each in the line of the title.
struct Table {
    widths: [usize; 5],
}

impl Table {
    fn new(shown: &[CandidateWords]) -> Self {
        let rows: Vec<[String; 5]> = shown.iter().map(cells).collect();
        let mut widths = page::widths(&rows);
        for (width, head) in widths.iter_mut().zip(HEADS) {
            if *width > 0 {
                *width = (*width).max(head.len());
            }
        }
        Table { widths }
    }

    fn width(&self) -> usize {
        2 + self.widths.iter().sum::<usize>() + 2 * (self.widths.len() - 1)
    }

    fn head(&self, page: &mut Page) {
        let [outcome, source, value, seen, confidence] = self.widths;
        let head = |width: usize, word| span(Paint::Dim, if width > 0 { word } else { "" });
        let [.., seen_word, confidence_word] = HEADS;
        page.row(
            &[
                span(Paint::Strong, "Candidates"),
                head(seen, seen_word),
                head(confidence, confidence_word),
            ],
            &[2 + outcome + 2 + source + 2 + value, seen, confidence],
            0,
        );
    }

    fn row(&self, page: &mut Page, candidate: &CandidateWords, why: &Why) {
        let [outcome, rest @ ..] = cells(candidate);
        let mut line = vec![span(outcome_paint(candidate), &outcome)];
        line.extend(rest.iter().map(|cell| plain(cell)));
        let fits = |text: &&str| page.fits(self.width() + 2 + text.width());
        let beside = why.more.as_deref().filter(fits);
        match beside.or(Some(why.text.as_str()).filter(fits)) {
            Some(beside) => {
                line.push(span(Paint::Dim, beside));
                let [a, b, c, d, e] = self.widths;
                page.row(&line, &[a, b, c, d, e, 0], 2);
            }
            None => {
                page.row(&line, &self.widths, 2);
                page.indented(&[span(Paint::Dim, &why.text)], 4);
            }
        }
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
        candidate.observed.clone(),
        candidate.confidence.clone(),
    ]
}

/// On a phone: what tells a candidate from the winner stands for its figures.
fn list_item(page: &mut Page, candidate: &CandidateWords, why: &Why) {
    let figures = [
        labelled("seen", &candidate.observed),
        labelled("confidence", &candidate.confidence),
    ];
    let facts: Vec<String> = match (candidate.status, why.text.as_str()) {
        (Status::Agrees | Status::NoValue, "") => Vec::new(),
        (Status::Winner | Status::Undecided | Status::Lost, "") => figures.to_vec(),
        (_, why) => vec![why.to_owned()],
    };
    let facts: String = facts
        .iter()
        .filter(|fact| !fact.is_empty())
        .map(|fact| format!("; {fact}"))
        .collect();
    let said = match candidate.status {
        Status::NoValue => candidate.source.clone(),
        Status::Winner | Status::Agrees | Status::Lost | Status::Undecided => {
            format!("{}, {}", candidate.source, candidate.value)
        }
    };
    page.entry(&[
        span(
            outcome_paint(candidate),
            &format!("{}: ", candidate.outcome),
        ),
        plain(&said),
        span(Paint::Dim, &facts),
    ]);
}

fn history(page: &mut Page, answer: &Answer, verbosity: Verbosity) {
    let usual = words::lines_for(answer);
    let lines = match (verbosity, page.fits(PHONE)) {
        (Verbosity::Verbose, _) => usual.max(words::MANY),
        (Verbosity::Usual, true) => usual,
        // Each of them takes two or three here.
        (Verbosity::Usual, false) if usual < words::MANY => usual.saturating_sub(1),
        (Verbosity::Usual, false) => usual,
    };
    let history = words::history(answer, lines);
    if history.events.is_empty() {
        return;
    }
    page.gap();
    page.line(&[
        span(Paint::Strong, "History"),
        span(Paint::Dim, &format!(": {}", history.title())),
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
}

fn receipt(page: &mut Page, answer: &Answer) {
    page.gap();
    page.line(&[span(Paint::Strong, "Receipt")]);
    for (label, value) in words::receipt(answer) {
        page.entry(&[span(Paint::Dim, &format!("{label}: ")), plain(&value)]);
    }
}
