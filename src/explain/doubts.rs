//! The warnings about the current decision: its winner, its candidates, its value.
//!
//! Each is `None` where it does not fire. `warnings.rs` has the list and the
//! warnings about the history.

use super::history::{SLACK, Step};
use super::warnings::{Facts, Said};
use super::words;
use crate::answer::{Explained, Status};
use crate::trace::Candidate;
use crate::value::{Kind, is_unparsed, number};

/// `CRM says 12M`
fn says(facts: &Facts<'_>, candidate: &Candidate) -> String {
    let label = facts.catalog.source_label(&candidate.source);
    format!("{label} says {}", facts.value(candidate.value.as_deref()))
}

fn lost<'a>(facts: &Facts<'a>) -> impl Iterator<Item = &'a Explained> {
    facts
        .candidates
        .iter()
        .filter(|explained| explained.status == Status::Lost)
}

fn winner<'a>(facts: &Facts<'a>) -> Option<&'a Explained> {
    facts
        .candidates
        .iter()
        .find(|explained| explained.status == Status::Winner)
}

pub(super) fn tie(facts: &Facts<'_>) -> Option<Said> {
    let limits = &facts.attribute.thresholds;
    let winner = winner(facts)?;
    let rival = lost(facts).find(|rival| {
        let confident = rival
            .confidence_margin
            .is_some_and(|margin| margin.abs() <= limits.tie_confidence + SLACK);
        let recent = rival
            .older_by_s
            .is_some_and(|older| older.abs() <= limits.tie_within.as_secs_f64());
        confident && recent
    })?;
    Some(Said {
        text: format!(
            "Close call: {} and is about as sure ({}) and as recent ({}) as {} ({}, {}).",
            says(facts, &rival.candidate),
            confidence(rival),
            observed(rival),
            winner.label,
            confidence(winner),
            observed(winner),
        ),
        advice: "Check both records before you rely on the value.",
    })
}

fn confidence(explained: &Explained) -> String {
    explained
        .candidate
        .confidence
        .map(words::confidence)
        .unwrap_or_default()
}

fn observed(explained: &Explained) -> String {
    explained
        .candidate
        .observed_at
        .map(words::day)
        .unwrap_or_default()
}

/// A text that reads as a number where others do not: a slipped column, perhaps.
pub(super) fn misfiled(facts: &Facts<'_>) -> Option<Said> {
    let current = facts.history.last()?;
    let value = current.decision.value.as_deref()?;
    // A company may be called `3M`.
    if !facts.attribute.kind.is_text() || facts.attribute.is_name || number(value).is_none() {
        return None;
    }
    let worded = |text: &&str| number(text).is_none();
    let candidates = current
        .claims
        .iter()
        .filter(|claim| !claim.candidate.selected);
    let other = candidates
        .filter_map(|claim| Some((claim.candidate, claim.candidate.value.as_deref()?)))
        .find(|(_, text)| worded(text))
        .map(|(candidate, _)| says(facts, candidate));
    let older = || {
        let older = facts.history.steps.iter().rev().skip(1);
        let mut texts = older.filter_map(|step| step.decision.value.as_deref());
        let text = texts.find(worded)?;
        Some(format!("earlier it was {}", facts.value(Some(text))))
    };
    let evidence = other.or_else(older)?;
    Some(Said {
        text: format!(
            "{} reads as a number, but {evidence}.",
            facts.value(Some(value))
        ),
        advice: "It may belong to another attribute: check the source's record and report it.",
    })
}

pub(super) fn rule_disagrees(facts: &Facts<'_>) -> Option<Said> {
    let judgement = facts.judgement?;
    let should = judgement.disagrees()?;
    let winner = winner(facts)?;
    Some(Said {
        text: format!(
            "By the declared rule \u{201c}{}\u{201d} {} should have won, but {} was chosen.",
            words::clipped(judgement.rule),
            of(facts, should.candidate),
            of(facts, &winner.candidate),
        ),
        advice: "Report it to the owner of the pipeline: either it or the catalog has the rule wrong.",
    })
}

/// `12M (CRM)`
fn of(facts: &Facts<'_>, candidate: &Candidate) -> String {
    let label = facts.catalog.source_label(&candidate.source);
    format!("{} ({label})", facts.value(candidate.value.as_deref()))
}

pub(super) fn several_winners(facts: &Facts<'_>) -> Option<Said> {
    let current = facts.history.last()?;
    let selected: Vec<String> = current
        .claims
        .iter()
        .filter(|claim| claim.candidate.selected)
        .map(|claim| of(facts, claim.candidate))
        .collect();
    (selected.len() > 1).then(|| Said {
        text: format!(
            "{} are marked as the winner: {}.",
            words::count(selected.len() as u64, "candidate"),
            words::list(&selected),
        ),
        advice: "What decided can't be told: report it to the owner of the pipeline.",
    })
}

pub(super) fn no_winner(facts: &Facts<'_>) -> Option<Said> {
    let current = facts.history.last()?;
    let decision = current.decision;
    let selected = current.claims.iter().any(|claim| claim.candidate.selected);
    if selected || !decision.needs_winner() {
        return None;
    }
    let text = match current.claims.len() {
        0 => "No candidate was recorded for this value.".to_owned(),
        1 => "The one candidate is not marked as the winner.".to_owned(),
        several => format!("None of the {several} candidates is marked as the winner."),
    };
    Some(Said {
        text,
        advice: "What decided can't be told: report it to the owner of the pipeline.",
    })
}

pub(super) fn stale(facts: &Facts<'_>) -> Option<Said> {
    let stale_after = facts.attribute.stale_after?;
    let winner = winner(facts)?;
    let observed = winner.candidate.observed_at?;
    let age = facts.age(observed);
    (age > stale_after).then(|| Said {
        text: format!(
            "{} observed it on {}, {} before {}; it counts as stale after {}.",
            winner.label,
            words::day(observed),
            words::span(age),
            words::day(facts.as_of),
            words::span(stale_after),
        ),
        advice: "Ask the source for a fresh value before you rely on it.",
    })
}

pub(super) fn disagree(facts: &Facts<'_>) -> Option<Said> {
    let others: Vec<String> = lost(facts)
        .map(|other| says(facts, &other.candidate))
        .collect();
    let winner = winner(facts)?;
    (!others.is_empty()).then(|| Said {
        text: format!(
            "Sources disagree: {}, but {} was chosen.",
            words::list(&others),
            of(facts, &winner.candidate),
        ),
        advice: "If one of them is right, report this value as wrong.",
    })
}

pub(super) fn single_source(facts: &Facts<'_>) -> Option<Said> {
    let with_value = |step: &Step<'_>| step.claims.iter().filter(|c| c.value.is_some()).count();
    let current = facts.history.last()?;
    let only = current.claims.iter().find(|claim| claim.value.is_some())?;
    let earlier = facts
        .history
        .steps
        .iter()
        .rev()
        .find(|step| with_value(step) > 1)?;
    (with_value(current) == 1).then(|| Said {
        text: format!(
            "Only {} has a value now; {} had one on {}.",
            facts.catalog.source_label(&only.candidate.source),
            words::count(with_value(earlier) as u64, "candidate"),
            words::day(earlier.decision.decided_at),
        ),
        advice: "Nothing else confirms it: check it elsewhere if much depends on it.",
    })
}

pub(super) fn low_confidence(facts: &Facts<'_>) -> Option<Said> {
    let limit = facts.attribute.thresholds.low_confidence;
    let winner = winner(facts)?;
    let confidence = winner.candidate.confidence?;
    (confidence < limit).then(|| Said {
        text: format!(
            "{}'s confidence is {}; below {} counts as low.",
            winner.label,
            words::confidence(confidence),
            words::confidence(limit),
        ),
        advice: "Check the record before you rely on the value.",
    })
}

pub(super) fn unparsed(facts: &Facts<'_>) -> Option<Said> {
    let kind = facts.attribute.kind;
    let current = facts.history.last()?;
    let value = current.decision.value.as_deref();
    let odd = |text: &&str| is_unparsed(kind, text);
    let what = match value.filter(odd) {
        Some(text) => facts.value(Some(text)),
        None => {
            let claim = current.claims.iter().find(|claim| {
                claim
                    .candidate
                    .value
                    .as_deref()
                    .is_some_and(|text| is_unparsed(kind, text))
            })?;
            of(facts, claim.candidate)
        }
    };
    Some(Said {
        text: format!("{what} does not read as {}: compared as text.", a(kind)),
        advice: "Report it to the source: a figure that can't be read can't be checked.",
    })
}

/// The kind with its article.
fn a(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Enum => "a text",
        Kind::Number => "a number",
        Kind::Money => "an amount of money",
        Kind::Percent => "a percentage",
        Kind::Date => "a date",
        Kind::Year => "a year",
        Kind::Url => "a web address",
    }
}
