//! What looks wrong: EXPLAIN.md's alarms and notes, each in figures and with what to do.
//!
//! Warnings are few: what fires on every answer is read on none. Those of the
//! history are here, those of the current decision in `doubts.rs`. Start at
//! [`warnings`].

use jiff::{SignedDuration, Timestamp};

use super::doubts;
use super::history::{History, SLACK};
use super::marks::{ratio, unit_factor};
use super::rules::Judgement;
use super::words;
use crate::answer::{Cause, Change, Explained, Mark, Read, Warning, WarningId};
use crate::catalog::{Attribute, Catalog};
use crate::trace::Decision;
use crate::value::canonical;

/// All that a warning may look at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts<'a> {
    pub(super) history: &'a History<'a>,
    pub(super) attribute: &'a Attribute,
    pub(super) catalog: &'a Catalog,
    pub(super) as_of: Timestamp,
    pub(super) read: &'a Read,
    /// Newest first.
    pub(super) changes: &'a [Change],
    pub(super) candidates: &'a [Explained],
    pub(super) judgement: Option<&'a Judgement<'a>>,
    /// Decisions after now, oldest first.
    pub(super) future: &'a [Decision],
}

/// A sentence and what to do.
pub(super) struct Said {
    pub(super) text: String,
    pub(super) advice: &'static str,
}

/// What fires, in the order of [`WarningId::ALL`]: alarms first.
pub(super) fn warnings(facts: &Facts<'_>) -> Vec<Warning> {
    let fired = WarningId::ALL.into_iter().filter_map(|id| {
        let Said { text, advice } = facts.check(id)?;
        Some(Warning {
            id,
            text,
            advice: advice.to_owned(),
        })
    });
    fired.collect()
}

impl Facts<'_> {
    fn check(&self, id: WarningId) -> Option<Said> {
        match id {
            WarningId::Flapping => self.flapping(),
            WarningId::Tie => doubts::tie(self),
            WarningId::Jump => self.jump(),
            WarningId::Units => self.units(),
            WarningId::Misfiled => doubts::misfiled(self),
            WarningId::RuleDisagrees => doubts::rule_disagrees(self),
            WarningId::SeveralWinners => doubts::several_winners(self),
            WarningId::NoWinner => doubts::no_winner(self),
            WarningId::Gap => self.gap(),
            WarningId::Stale => doubts::stale(self),
            WarningId::Future => self.future(),
            WarningId::Disagree => doubts::disagree(self),
            WarningId::SingleSource => doubts::single_source(self),
            WarningId::LowConfidence => doubts::low_confidence(self),
            WarningId::Late => self.late(),
            WarningId::Unparsed => doubts::unparsed(self),
            WarningId::Incomplete => self.incomplete(),
        }
    }

    /// A value inside a sentence.
    pub(super) fn value(&self, stored: Option<&str>) -> String {
        words::value(self.attribute.kind, stored)
    }

    /// How long before as-of.
    pub(super) fn age(&self, at: Timestamp) -> SignedDuration {
        self.as_of.duration_since(at)
    }

    /// The newest change of the stored value; a value that was only decided
    /// differently since does not hide it.
    fn newest_change(&self) -> Option<&Change> {
        self.changes
            .iter()
            .find(|change| change.cause != Cause::Reconfirmed)
    }

    fn newest_marked(&self, mark: Mark) -> Option<&Change> {
        self.newest_change()
            .filter(|change| change.marks.contains(&mark))
    }

    fn flapping(&self) -> Option<Said> {
        let limits = &self.attribute.thresholds;
        let returns: Vec<&Change> = self
            .changes
            .iter()
            .filter(|change| change.marks.contains(&Mark::Restored))
            .filter(|change| self.age(change.at) <= limits.flapping_within)
            .collect();
        let newest = returns.first()?;
        if returns.len() < usize::try_from(limits.flapping_changes).unwrap_or(usize::MAX) {
            return None;
        }
        Some(Said {
            text: format!(
                "An earlier value came back {} in the {} before {}, the last time {} on {}.",
                words::count(returns.len() as u64, "time"),
                words::span(limits.flapping_within),
                words::day(self.as_of),
                self.value(newest.to.as_deref()),
                words::day(newest.at),
            ),
            advice: "Don't rely on either value: ask the owner of the pipeline which one is right.",
        })
    }

    fn jump(&self) -> Option<Said> {
        let limits = &self.attribute.thresholds;
        let change = self.newest_change()?;
        if self.age(change.at) > limits.jump_within || change.marks.contains(&Mark::Units) {
            return None;
        }
        let (from, to) = self.numbers(change)?;
        let ratio = ratio(from, to)?;
        let how = if ratio < 0.0 && self.attribute.sign_fixed {
            "the sign changed, which this attribute's should not".to_owned()
        } else if ratio > limits.jump_factor * (1.0 + SLACK) {
            times(from, to, ratio)
        } else {
            return None;
        };
        Some(Said {
            text: format!("{}: {how}.", self.went(change)),
            advice: "Check the source's record for a slip before you rely on the value.",
        })
    }

    fn units(&self) -> Option<Said> {
        let change = self.newest_marked(Mark::Units)?;
        let (from, to) = self.numbers(change)?;
        let factor = unit_factor(from, to)?;
        Some(Said {
            text: format!(
                "{}: almost exactly {}, so perhaps only the unit changed.",
                self.went(change),
                times(from, to, factor),
            ),
            advice: "Check in which unit the source reports before you compare with older values.",
        })
    }

    /// `Went from 12M to 200M on 2024-03-01`
    fn went(&self, change: &Change) -> String {
        format!(
            "The value went from {} to {} on {}",
            self.value(change.from.as_deref()),
            self.value(change.to.as_deref()),
            words::day(change.at),
        )
    }

    fn numbers(&self, change: &Change) -> Option<(f64, f64)> {
        let number =
            |stored: &Option<String>| canonical(self.attribute.kind, stored.as_deref()?).number();
        number(&change.from).zip(number(&change.to))
    }

    fn gap(&self) -> Option<Said> {
        if !self.read.complete {
            return None;
        }
        let steps = self.history.steps.iter().enumerate();
        let gaps = steps.filter_map(|(at, step)| {
            let before = self.history.before(at).map(|before| before.decision);
            let stored = before.and_then(|before| before.value.as_ref());
            (step.decision.previous_value.as_ref() != stored).then_some((step.decision, before))
        });
        let gaps: Vec<(&Decision, Option<&Decision>)> = gaps.collect();
        let (newest, before) = gaps.last()?;
        let stored = before.map_or("nothing is stored before it".to_owned(), |before| {
            format!(
                "the last one stored is {}",
                self.value(before.value.as_deref())
            )
        });
        let more = match gaps.len() {
            1 => String::new(),
            several => format!(" There are {}.", words::count(several as u64, "such gap")),
        };
        Some(Said {
            text: format!(
                "A decision seems to be missing before {}: the one then replaced {}, but {stored}.{more}",
                words::day(newest.decided_at),
                self.value(newest.previous_value.as_deref()),
            ),
            advice: "The history may lack a change: report it to the owner of the pipeline.",
        })
    }

    fn future(&self) -> Option<Said> {
        let first = self.future.first()?;
        let when = words::moment(first.decided_at);
        let text = match self.future.len() {
            1 => format!("1 decision is dated after now, {when}, and is not served."),
            several => format!(
                "{} are dated after now, the first {when}, and are not served.",
                words::count(several as u64, "decision"),
            ),
        };
        Some(Said {
            text,
            advice: "Report it to the owner of the pipeline: a clock or a time zone is wrong.",
        })
    }

    fn late(&self) -> Option<Said> {
        let change = self.newest_marked(Mark::Late)?;
        let step = self
            .history
            .steps
            .iter()
            .rfind(|step| step.decision.decision_id == change.decision_id)?;
        let winner = step.winner()?.candidate;
        let observed = winner.observed_at?;
        Some(Said {
            text: format!(
                "{} reached us late: {} observed it on {}, {} before it was decided on {}.",
                self.value(change.to.as_deref()),
                self.catalog.source_label(&winner.source),
                words::day(observed),
                words::span(change.at.duration_since(observed)),
                words::day(change.at),
            ),
            advice: "Answers given before it was decided could not know it.",
        })
    }

    fn incomplete(&self) -> Option<Said> {
        (!self.read.complete).then(|| Said {
            text: format!(
                "Only decisions from {} to {} were read; what came before is not known.",
                self.read.from, self.read.to
            ),
            advice: "Add \u{201c}full history\u{201d} to the question to read all there is.",
        })
    }
}

/// `12.5 times as much`, `10.0 times less`.
fn times(from: f64, to: f64, factor: f64) -> String {
    let which = if to.abs() > from.abs() {
        "as much"
    } else {
        "less"
    };
    format!("{} times {which}", words::factor(factor))
}
