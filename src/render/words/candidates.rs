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
    /// The same in a few words, without figures.
    pub(in crate::render) brief: String,
    /// `would win if CRM had no value`; may be empty.
    pub(in crate::render) would_win: String,
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
        outcome: outcome(current, explained),
        source: clean(&explained.label, NAME),
        value: clean(&shown, VALUE),
        observed: candidate.observed_at.map(day).unwrap_or_default(),
        confidence: candidate
            .confidence
            .filter(|c| c.is_finite())
            .map(decimal)
            .unwrap_or_default(),
        why: why(current, explained),
        brief: brief(current, explained),
        would_win: would_win(explained),
    }
}

fn outcome(current: &Current, explained: &Explained) -> &'static str {
    match explained.status {
        Status::Winner => "won",
        Status::Agrees => "agrees",
        Status::NoValue => "no value",
        Status::Lost => "lost",
        Status::Undecided if current.is_override => "set aside",
        Status::Undecided if explained.candidate.selected => "marked",
        Status::Undecided => "undecided",
    }
}

/// What the pipeline says of all that lost, where it says the same of each:
/// line two says it once.
pub(super) fn shared_reason(current: &Current) -> Option<&str> {
    let mut lost = current
        .candidates
        .iter()
        .filter(|c| c.status == Status::Lost)
        .map(|c| c.candidate.reason.as_deref());
    let first = lost.next()??;
    (!first.is_empty() && lost.all(|reason| reason == Some(first))).then_some(first)
}

/// The pipeline's words on a candidate, unless line two has them.
fn reason<'a>(current: &Current, explained: &'a Explained) -> Option<&'a str> {
    let reason = explained.candidate.reason.as_deref()?;
    let said = match explained.status {
        Status::Winner => !current.is_override || current.reason.as_deref() == Some(reason),
        Status::Lost => shared_reason(current).is_some(),
        Status::Agrees | Status::NoValue | Status::Undecided => false,
    };
    (!said && !reason.is_empty()).then_some(reason)
}

/// What is said of a candidate; nothing twice.
#[derive(Default)]
struct Parts(Vec<String>);

impl Parts {
    /// What says the same with more words takes the place of what said less.
    fn add(&mut self, part: String) {
        let folded = part.to_lowercase();
        if self.0.iter().any(|p| p.to_lowercase().contains(&folded)) {
            return;
        }
        self.0.retain(|p| !folded.contains(&p.to_lowercase()));
        self.0.push(part);
    }
}

/// `4 months older`
fn age(explained: &Explained) -> Option<String> {
    let seconds = explained
        .older_by_s
        .filter(|s| s.is_finite() && s.abs() >= 1.0)?;
    let older = if seconds > 0.0 { "older" } else { "newer" };
    Some(format!("{} {older}", span(seconds)))
}

/// How much less or more confident, and the word for it.
fn margin(explained: &Explained) -> Option<(f64, &'static str)> {
    let margin = explained
        .confidence_margin
        .filter(|m| m.is_finite() && m.abs() > SAME_CONFIDENCE)?;
    let less = if margin > 0.0 { "less" } else { "more" };
    Some((margin.abs(), less))
}

/// All there is to say.
fn why(current: &Current, explained: &Explained) -> String {
    let mut parts = Parts::default();
    if let Some(reason) = reason(current, explained) {
        parts.add(clean(reason, REMARK));
    }
    age(explained).into_iter().for_each(|age| parts.add(age));
    let rule_says = explained.rule_says.as_deref().unwrap_or_default();
    if let Some((margin, less)) = margin(explained) {
        let figure = decimal(margin);
        // `0.15 below the winner`: the rule's words have it.
        if !rule_says.contains(&format!(", {figure} ")) {
            parts.add(format!("{figure} {less} confident"));
        }
    }
    if !rule_says.is_empty() {
        parts.add(clean(rule_says, SENTENCE));
    }
    match would_win(explained) {
        none if none.is_empty() => {}
        condition => parts.add(condition),
    }
    parts.0.join("; ")
}

/// Only what the row of the candidate does not say: a few words.
fn brief(current: &Current, explained: &Explained) -> String {
    let mut parts = Parts::default();
    let said = match explained.status {
        // That it agrees needs no excuse.
        Status::Agrees => return String::new(),
        Status::Winner | Status::NoValue | Status::Lost | Status::Undecided => {
            reason(current, explained)
        }
    };
    let said = said.map(|reason| clean(reason, VALUE));
    if let Some(reason) = said.filter(|said| said.to_lowercase() != outcome(current, explained)) {
        parts.add(reason);
    }
    if explained.status == Status::Lost {
        age(explained).into_iter().for_each(|age| parts.add(age));
        if let Some((_, less)) = margin(explained) {
            parts.add(format!("{less} confident"));
        }
    }
    parts.0.join("; ")
}

/// `would win if CRM had no value`; empty where the rule says nothing.
fn would_win(explained: &Explained) -> String {
    explained
        .would_win_if
        .as_ref()
        .map(|condition| format!("would win if {}", clean(condition, SENTENCE)))
        .unwrap_or_default()
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
