//! Whether what the asker expected was ever said by anyone.
//!
//! Looks for the expected value in the current value, in older ones, in what
//! lost, in other units and nearby; six kinds of hit, in that order. Start at
//! [`expectation`].

use jiff::Timestamp;

use super::history::{Claim, Completeness, History, SLACK, Step, same};
use super::marks::UNIT_FACTORS;
use super::words;
use crate::answer::{Cause, Change, Expectation, Explained, Hit, HitKind, Status};
use crate::catalog::Catalog;
use crate::value::{Canonical, canonical};

/// At most this many of each kind.
const MOST_OF_A_KIND: usize = 5;
/// Shorter texts are contained in too much to mean anything.
const SHORTEST_TEXT: usize = 3;

/// Where to look.
#[derive(Debug, Clone, Copy)]
pub(super) struct Search<'a> {
    pub(super) history: &'a History<'a>,
    pub(super) catalog: &'a Catalog,
    /// Newest first.
    pub(super) changes: &'a [Change],
    pub(super) candidates: &'a [Explained],
    pub(super) complete: Completeness,
    /// The attribute's threshold.
    pub(super) close_within: f64,
}

/// All hits for this value, in the order of [`HitKind`].
pub(super) fn expectation(expected: &str, search: &Search<'_>) -> Expectation {
    let mut looked = Looked {
        search,
        value: canonical(search.history.kind, expected),
        said: words::value(search.history.kind, Some(expected)),
        hits: Vec::new(),
    };
    if let Some(current) = search.history.last() {
        let is = same(current.value.as_ref(), Some(&looked.value));
        if is {
            looked.is(current);
        } else {
            looked.was();
        }
        looked.candidate(current);
        looked.older_candidate();
        // Neither adds anything where the value is what was expected.
        if !is {
            looked.units(current);
            looked.close(current);
        }
    }
    Expectation {
        expected: expected.to_owned(),
        hits: looked.hits,
    }
}

/// Who said a value, when, and that in words.
struct Told<'a> {
    by: Option<&'a str>,
    at: Timestamp,
    told: String,
}

struct Looked<'a> {
    search: &'a Search<'a>,
    value: Canonical,
    /// The expected value inside a sentence.
    said: String,
    hits: Vec<Hit>,
}

impl Looked<'_> {
    /// Takes a hit unless its kind is full or its kind and source have a newer one.
    fn take(&mut self, hit: Hit) {
        let kind = self.hits.iter().filter(|known| known.kind == hit.kind);
        let known = kind.clone().any(|known| known.source == hit.source);
        if !known && kind.count() < MOST_OF_A_KIND {
            self.hits.push(hit);
        }
    }

    fn label<'b>(&'b self, source: &'b str) -> &'b str {
        self.search.catalog.source_label(source)
    }

    fn stored(&self, value: Option<&str>) -> String {
        words::value(self.search.history.kind, value)
    }

    fn matches(&self, value: Option<&Canonical>) -> bool {
        same(value, Some(&self.value))
    }

    fn is(&mut self, current: &Step<'_>) {
        let Some((since, earlier)) = self.search.history.since(self.search.complete) else {
            return;
        };
        let at_least = if earlier { ", at least" } else { "" };
        let text = format!(
            "{} is the value{at_least} since {}.",
            self.said,
            words::day(since)
        );
        self.take(Hit {
            kind: HitKind::Is,
            text,
            at: Some(since),
            until: None,
            source: current.winning_source().map(str::to_owned),
        });
    }

    /// Runs before the current one, newest first, then what the first decision
    /// that was read took over from.
    fn was(&mut self) {
        let history = self.search.history;
        for run in history.runs.iter().rev().skip(1) {
            let (Some(first), Some(next)) = (history.step(run.start), history.step(run.end)) else {
                continue;
            };
            if self.matches(first.value.as_ref()) {
                self.was_until(Some(first), next);
            }
        }
        let recorded = history.recorded_before();
        if let Some(first) = history.steps.first()
            && self.matches(recorded.as_ref())
            && !self.matches(first.value.as_ref())
        {
            self.was_until(None, first);
        }
    }

    /// `first` is `None` where the decision that began it was not read.
    fn was_until(&mut self, first: Option<&Step<'_>>, next: &Step<'_>) {
        let from = first.map(|first| first.decision.decided_at);
        let until = next.decision.decided_at;
        let began = from
            .map(|from| format!(" from {}", words::day(from)))
            .unwrap_or_default();
        let ended = self
            .search
            .changes
            .iter()
            .find(|change| change.decision_id == next.decision.decision_id)
            .filter(|change| change.cause != Cause::NotRead)
            .map(|change| format!("{}: ", change.cause.words()))
            .unwrap_or_default();
        let text = format!(
            "{} was the value{began} until {}; then {ended}{}.",
            self.said,
            words::day(until),
            self.stored(next.decision.value.as_deref()),
        );
        self.take(Hit {
            kind: HitKind::Was,
            text,
            at: from,
            until: Some(until),
            source: first.and_then(Step::winning_source).map(str::to_owned),
        });
    }

    /// Of the candidates that lost. Where no single one won, those that say
    /// something else than the value.
    fn candidate(&mut self, current: &Step<'_>) {
        let kind = self.search.history.kind;
        for explained in self.search.candidates {
            let own = explained
                .candidate
                .value
                .as_deref()
                .map(|text| canonical(kind, text));
            let rejected = match explained.status {
                Status::Lost => true,
                Status::Undecided => !same(own.as_ref(), current.value.as_ref()),
                Status::Winner | Status::Agrees | Status::NoValue => false,
            };
            if !rejected || !self.matches(own.as_ref()) {
                continue;
            }
            let why = match (&explained.candidate.reason, &explained.rule_says) {
                (Some(reason), _) if !reason.trim().is_empty() => words::clipped(reason),
                (_, Some(says)) => says.clone(),
                (_, None) => "no reason is recorded".to_owned(),
            };
            let text = format!(
                "{} says {}, but was not chosen: {why}.",
                explained.label,
                self.stored(explained.candidate.value.as_deref())
            );
            self.take(Hit {
                kind: HitKind::Candidate,
                text,
                at: explained.candidate.observed_at,
                until: None,
                source: Some(explained.candidate.source.clone()),
            });
        }
    }

    /// Said before the current decision, by one that was not chosen.
    fn older_candidate(&mut self) {
        for step in self.search.history.steps.iter().rev().skip(1) {
            if self.matches(step.value.as_ref()) {
                continue;
            }
            for claim in rejected(step) {
                if !self.matches(claim.value.as_ref()) {
                    continue;
                }
                let source = &claim.candidate.source;
                let seen = claim.candidate.observed_at;
                let seen = seen.map(|at| format!(" (seen {})", words::day(at)));
                let text = format!(
                    "{} said {}{}, but {} was chosen on {}.",
                    self.label(source),
                    self.stored(claim.candidate.value.as_deref()),
                    seen.unwrap_or_default(),
                    self.stored(step.decision.value.as_deref()),
                    words::day(step.decision.decided_at),
                );
                self.take(Hit {
                    kind: HitKind::OlderCandidate,
                    text,
                    at: Some(said_at(claim, step)),
                    until: None,
                    source: Some(source.clone()),
                });
            }
        }
    }

    /// Values and what was not chosen, newest first, in another unit.
    fn units(&mut self, current: &Step<'_>) {
        if self.value.number().is_none() {
            return;
        }
        for step in self.search.history.steps.iter().rev() {
            let decided = step.decision.decided_at;
            let told = if std::ptr::eq(step, current) {
                "that is the value".to_owned()
            } else {
                format!("that was the value on {}", words::day(decided))
            };
            let (value, stored) = (step.value.as_ref(), step.decision.value.as_deref());
            let source = step.winning_source();
            self.in_another_unit(
                value,
                stored,
                Told {
                    by: source,
                    at: decided,
                    told,
                },
            );
            for claim in rejected(step) {
                let at = said_at(claim, step);
                let source = claim.candidate.source.as_str();
                let told = format!("{} said that on {}", self.label(source), words::day(at));
                let (value, stored) = (claim.value.as_ref(), claim.candidate.value.as_deref());
                self.in_another_unit(
                    value,
                    stored,
                    Told {
                        by: Some(source),
                        at,
                        told,
                    },
                );
            }
        }
    }

    /// Takes a hit where this value is the expected one in another unit.
    fn in_another_unit(&mut self, value: Option<&Canonical>, stored: Option<&str>, told: Told<'_>) {
        let number = |value: &Canonical| value.number().filter(|number| *number != 0.0);
        let Some((expected, value)) = number(&self.value).zip(value.and_then(number)) else {
            return;
        };
        let equal = |a: f64, b: f64| Canonical::Number(a).same(&Canonical::Number(b));
        let how = UNIT_FACTORS.into_iter().find_map(|factor| {
            if equal(expected, value * factor) {
                Some(format!("times {}", words::factor(factor)))
            } else if equal(expected * factor, value) {
                Some(format!("divided by {}", words::factor(factor)))
            } else {
                None
            }
        });
        let Some(how) = how else { return };
        let stored = self.stored(stored);
        self.take(Hit {
            kind: HitKind::Units,
            text: format!("{} is {stored} {how}, and {}.", self.said, told.told),
            at: Some(told.at),
            until: None,
            source: told.by.map(str::to_owned),
        });
    }

    fn close(&mut self, current: &Step<'_>) {
        let Some(how) = current
            .value
            .as_ref()
            .and_then(|value| self.how_close(value))
        else {
            return;
        };
        let stored = self.stored(current.decision.value.as_deref());
        self.take(Hit {
            kind: HitKind::Close,
            text: format!("{} is close: the value {stored} {how}.", self.said),
            at: Some(current.decision.decided_at),
            until: None,
            source: current.winning_source().map(str::to_owned),
        });
    }

    fn how_close(&self, value: &Canonical) -> Option<String> {
        match (value, &self.value) {
            (Canonical::Number(value), Canonical::Number(expected)) => {
                let apart = (expected - value).abs() / value.abs();
                let within = apart <= self.search.close_within * (1.0 + SLACK);
                within.then(|| format!("differs by {:.1} %", apart * 100.0))
            }
            (Canonical::Text(value), Canonical::Text(expected)) => {
                if expected.chars().count() < SHORTEST_TEXT {
                    None
                } else if value.contains(expected.as_str()) {
                    Some("contains it".to_owned())
                } else if strsim::osa_distance(value, expected) == 1 {
                    Some("differs by one letter".to_owned())
                } else {
                    None
                }
            }
            (
                Canonical::Text(_) | Canonical::Number(_) | Canonical::Date(_) | Canonical::Year(_),
                _,
            ) => None,
        }
    }
}

fn rejected<'s, 'a>(step: &'s Step<'a>) -> impl Iterator<Item = &'s Claim<'a>> {
    step.claims.iter().filter(|claim| !claim.candidate.selected)
}

fn said_at(claim: &Claim<'_>, step: &Step<'_>) -> Timestamp {
    claim
        .candidate
        .observed_at
        .unwrap_or(step.decision.decided_at)
}
