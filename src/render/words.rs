//! What an answer says, in words: the phrases that text and blocks share.
//!
//! Each function gives plain, cleaned pieces without layout, colour or markup.
//! Knows no threshold and compares no values: that is `explain`'s. Start at
//! `headline`, the answer in one line.

mod candidates;
pub(super) mod clean;
mod headline;
mod history;
mod read;
mod time;

pub(super) use candidates::{CandidateWords, candidate};
#[cfg(any(feature = "page", feature = "slack"))]
pub(super) use headline::asked_about;
pub(super) use headline::{because, headline};
#[cfg(feature = "page")]
pub(super) use history::event;
pub(super) use history::{change, history, lines_for};
#[cfg(any(feature = "page", feature = "slack"))]
pub(super) use read::{days_read, what_was_read};
pub(super) use read::{nothing, read, receipt};
pub(crate) use time::minute;
pub(super) use time::{day, tell_apart};

use std::borrow::Cow;

use crate::answer::{Answer, Level, Warning};
use crate::error::{Failure, Match};
use clean::{clean, clean_name};

/// The longest name of a company, source, rule or person, in columns.
pub(super) const NAME: usize = 40;
/// The longest value in a sentence or a cell.
pub(super) const VALUE: usize = 60;
/// The longest remark of the pipeline or of a person.
pub(super) const REMARK: usize = 120;
/// Lines of a history where there is room.
pub(super) const MANY: usize = 20;
/// Lines of a failure: a catalog may have many errors at once.
const LINES: usize = 40;
/// Choices that are offered.
const MATCHES: usize = 10;
/// The longest sentence that comes whole from `explain`.
pub(super) const SENTENCE: usize = 400;

/// `1 change`, `12 changes`.
pub(super) fn count(how_many: usize, what: &str) -> String {
    let plural = if how_many == 1 { "" } else { "s" };
    format!("{how_many} {what}{plural}")
}

/// A source as people know it: by its label, where a candidate tells one.
pub(super) fn source_label(answer: &Answer, source: &str) -> String {
    let candidates = answer.current.iter().flat_map(|c| &c.candidates);
    let known = candidates
        .filter(|c| c.candidate.source == source)
        .map(|c| c.label.as_str())
        .next();
    clean(known.unwrap_or(source), NAME)
}

/// `source_priority v3`; a version that is a hash stays as it is, shortened.
pub(super) fn rule(name: Option<&str>, version: Option<&str>) -> Option<String> {
    let name = clean(name?, NAME);
    Some(match version.map(|v| clean(v, 12)) {
        None => name,
        Some(v) if v.len() < 8 && v.starts_with(|c: char| c.is_ascii_digit()) => {
            format!("{name} v{v}")
        }
        Some(v) => format!("{name} {v}"),
    })
}

/// The expectation: how it begins, and what was found, one sentence a hit.
pub(super) fn expectation(answer: &Answer) -> Option<(String, Vec<String>)> {
    let expectation = answer.expectation.as_ref()?;
    let head = format!("Expected {}", clean(&expectation.expected, VALUE));
    let hits: Vec<String> = expectation
        .hits
        .iter()
        .map(|hit| clean(&hit.text, SENTENCE))
        .collect();
    if hits.is_empty() {
        let (from, to) = (answer.read.from, answer.read.to);
        let none = format!("no source said so in what was read ({from} to {to}).");
        return Some((head, vec![none]));
    }
    Some((head, hits))
}

/// A warning: what it says, and what to do.
pub(super) fn warning(warning: &Warning) -> String {
    let text = clean(&warning.text, SENTENCE);
    match clean(&warning.advice, SENTENCE).as_str() {
        "" => text,
        advice => format!("{text} {advice}"),
    }
}

/// Those of one level, in the answer's order.
pub(super) fn warnings(answer: &Answer, level: Level) -> Vec<String> {
    let of_level = answer.warnings.iter().filter(|w| w.id.level() == level);
    of_level.map(warning).collect()
}

/// The lines of a text that may have several, each cleaned; none for no text.
pub(super) fn sentences(text: &str) -> Vec<String> {
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .take(LINES)
        .map(|line| clean(&ended_once(line), SENTENCE))
        .collect()
}

/// A sentence that ends in `Apple Inc.` needs no second full stop.
fn ended_once(line: &str) -> Cow<'_, str> {
    match line.strip_suffix("..") {
        Some(sentence) if !sentence.ends_with('.') => Cow::Owned(format!("{sentence}.")),
        Some(_) | None => Cow::Borrowed(line),
    }
}

/// What went wrong; never nothing.
pub(super) fn what_failed(failure: &Failure) -> Vec<String> {
    let said = sentences(&failure.text);
    match said.is_empty() {
        true => vec![format!("No answer: {}.", failure.code)],
        false => said,
    }
}

/// What may have been meant, cleaned.
pub(super) fn matches(failure: &Failure) -> Vec<Match> {
    failure
        .matches
        .iter()
        .take(MATCHES)
        .map(|found| Match {
            label: clean_name(&found.label, NAME),
            detail: clean_name(&found.detail, VALUE),
            question: clean(&found.question, REMARK),
        })
        .collect()
}

/// `Reference: 7f3a`, for whoever asks the operators.
pub(super) fn reference(failure: &Failure) -> Option<String> {
    let reference = failure.reference.as_deref()?;
    Some(format!("Reference: {}", clean(reference, NAME)))
}
