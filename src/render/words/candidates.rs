//! One candidate of the current decision, in words: what it said and why it lost.

use super::clean::clean;
use super::time::span;
use super::{NAME, REMARK, SENTENCE, VALUE, day};
use crate::answer::{Answer, Current, Explained, Status};
use crate::value::display;

/// Smaller differences of confidence are noise of binary fractions.
const SAME_CONFIDENCE: f64 = 1e-9;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::render) struct CandidateWords {
    pub(in crate::render) status: Status,
    /// `won`, `lost`, `agrees` …
    pub(in crate::render) outcome: &'static str,
    pub(in crate::render) source: String,
    /// With its unit.
    pub(in crate::render) value: String,
    /// The day on which the source observed it; empty where not recorded.
    pub(in crate::render) observed: String,
    /// `0.95`; empty where not recorded.
    pub(in crate::render) confidence: String,
    /// Why it won or lost, as far as line two does not say it; may be empty.
    pub(in crate::render) why: String,
}

pub(in crate::render) fn candidate(
    answer: &Answer,
    current: &Current,
    explained: &Explained,
) -> CandidateWords {
    let candidate = &explained.candidate;
    let shown = display(candidate.value.as_deref(), answer.attribute.unit.as_deref());
    CandidateWords {
        status: explained.status,
        outcome: outcome(explained),
        source: clean(&explained.label, NAME),
        value: clean(&shown, VALUE),
        observed: candidate.observed_at.map(day).unwrap_or_default(),
        confidence: candidate
            .confidence
            .filter(|c| c.is_finite())
            .map(decimal)
            .unwrap_or_default(),
        why: why(current, explained),
    }
}

fn outcome(explained: &Explained) -> &'static str {
    match explained.status {
        Status::Winner => "won",
        Status::Agrees => "agrees",
        Status::NoValue => "no value",
        Status::Lost => "lost",
        Status::Undecided if explained.candidate.selected => "marked",
        Status::Undecided => "undecided",
    }
}

fn why(current: &Current, explained: &Explained) -> String {
    let mut parts: Vec<String> = Vec::new();
    let reason = explained.candidate.reason.as_deref();
    // Line two has the winner's reason already, unless the decision has its own.
    let said = explained.status == Status::Winner
        && (current.reason.is_none() || current.reason.as_deref() == reason);
    if let Some(reason) = reason.filter(|reason| !said && !reason.is_empty()) {
        parts.push(clean(reason, REMARK));
    }
    if let Some(seconds) = explained
        .older_by_s
        .filter(|s| s.is_finite() && s.abs() >= 1.0)
    {
        let older = if seconds > 0.0 { "older" } else { "newer" };
        parts.push(format!("{} {older}", span(seconds)));
    }
    if let Some(margin) = explained
        .confidence_margin
        .filter(|m| m.is_finite() && m.abs() > SAME_CONFIDENCE)
    {
        let less = if margin > 0.0 { "less" } else { "more" };
        parts.push(format!("{} {less} confident", decimal(margin.abs())));
    }
    if let Some(says) = &explained.rule_says {
        parts.push(clean(says, SENTENCE));
    }
    if let Some(condition) = &explained.would_win_if {
        parts.push(format!("would win if {}", clean(condition, SENTENCE)));
    }
    parts.join("; ")
}

/// To four places at most: `0.9`, `0.0125`.
fn decimal(value: f64) -> String {
    let text = if value.abs() < 1e6 {
        format!("{value:.4}")
    } else {
        format!("{value:.4e}")
    };
    match text.contains('e') || !text.contains('.') {
        true => text,
        false => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
    }
}
