//! The served decisions with what is compared of them, worked out once.
//!
//! A [`Step`] is a decision with canonical values; a run is an unbroken stretch
//! of canonically equal ones. Knows no causes and no thresholds. Start at [`History::new`].

use std::ops::Range;

use jiff::Timestamp;

use crate::trace::{Candidate, Decision};
use crate::value::{Canonical, Kind, canonical};

/// Slack for figures that are equal but for their binary fractions.
pub(super) const SLACK: f64 = 1e-9;

/// A candidate with its canonical value.
#[derive(Debug)]
pub(super) struct Claim<'a> {
    pub(super) candidate: &'a Candidate,
    pub(super) value: Option<Canonical>,
}

impl Claim<'_> {
    /// The same source says the same value under the same record id; confidence
    /// and observed_at do not count.
    pub(super) fn says_what(&self, other: &Claim<'_>) -> bool {
        same_record(self.candidate, other.candidate)
            && same(self.value.as_ref(), other.value.as_ref())
    }

    /// As a number to compute with; hostile data may say NaN.
    pub(super) fn confidence(&self) -> Option<f64> {
        self.candidate.confidence.filter(|c| c.is_finite())
    }
}

/// A decision with its canonical values.
#[derive(Debug)]
pub(super) struct Step<'a> {
    pub(super) decision: &'a Decision,
    pub(super) value: Option<Canonical>,
    pub(super) claims: Vec<Claim<'a>>,
}

impl<'a> Step<'a> {
    fn new(kind: Kind, decision: &'a Decision) -> Self {
        let read = |text: &Option<String>| text.as_deref().map(|text| canonical(kind, text));
        let claims = decision.evidence.iter();
        Step {
            decision,
            value: read(&decision.value),
            claims: claims
                .map(|candidate| Claim {
                    candidate,
                    value: read(&candidate.value),
                })
                .collect(),
        }
    }

    /// The one selected candidate; `None` where there are none or several.
    pub(super) fn winner(&self) -> Option<&Claim<'a>> {
        let mut selected = self.claims.iter().filter(|claim| claim.candidate.selected);
        let first = selected.next()?;
        selected.next().is_none().then_some(first)
    }

    pub(super) fn winning_source(&self) -> Option<&'a str> {
        self.winner().map(|winner| winner.candidate.source.as_str())
    }
}

/// The decisions up to as-of, oldest first.
#[derive(Debug)]
pub(super) struct History<'a> {
    pub(super) kind: Kind,
    pub(super) steps: Vec<Step<'a>>,
    /// Which steps hold one value, oldest run first; together they are all steps.
    pub(super) runs: Vec<Range<usize>>,
}

impl<'a> History<'a> {
    pub(super) fn new(kind: Kind, decisions: &'a [Decision]) -> Self {
        let steps: Vec<Step<'a>> = decisions.iter().map(|d| Step::new(kind, d)).collect();
        let mut runs: Vec<Range<usize>> = Vec::new();
        let mut before: Option<&Step<'_>> = None;
        for (at, step) in steps.iter().enumerate() {
            let goes_on = before.is_some_and(|b| same(b.value.as_ref(), step.value.as_ref()));
            match runs.last_mut() {
                Some(run) if goes_on => run.end = at + 1,
                Some(_) | None => runs.push(at..at + 1),
            }
            before = Some(step);
        }
        History { kind, steps, runs }
    }

    pub(super) fn step(&self, at: usize) -> Option<&Step<'a>> {
        self.steps.get(at)
    }

    /// The step before, where there is one.
    pub(super) fn before(&self, at: usize) -> Option<&Step<'a>> {
        at.checked_sub(1).and_then(|before| self.steps.get(before))
    }

    /// The current decision.
    pub(super) fn last(&self) -> Option<&Step<'a>> {
        self.steps.last()
    }

    /// When the current value's run began, and whether it may have begun earlier
    /// (`complete`: everything there is was read).
    pub(super) fn since(&self, complete: Completeness) -> Option<(Timestamp, bool)> {
        let run = self.runs.last()?;
        let first = self.step(run.start)?;
        let earlier = match complete {
            Completeness::Everything => false,
            Completeness::Bounded => run.start == 0 && self.may_go_back(first),
        };
        Some((first.decision.decided_at, earlier))
    }

    /// Whether the recorded previous_value is this very value.
    fn may_go_back(&self, first: &Step<'_>) -> bool {
        let previous = first.decision.previous_value.as_deref();
        previous.is_some_and(|text| same(Some(&canonical(self.kind, text)), first.value.as_ref()))
    }

    /// The recorded previous_value of the first decision: what was served before
    /// anything that was read.
    pub(super) fn recorded_before(&self) -> Option<Canonical> {
        let first = self.steps.first()?;
        first
            .decision
            .previous_value
            .as_deref()
            .map(|text| canonical(self.kind, text))
    }
}

/// Whether everything there is up to as-of was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Completeness {
    Everything,
    Bounded,
}

/// Null equals only null.
pub(super) fn same(a: Option<&Canonical>, b: Option<&Canonical>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a.same(b),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

pub(super) fn same_record(a: &Candidate, b: &Candidate) -> bool {
    a.source == b.source && a.record_id == b.record_id
}
