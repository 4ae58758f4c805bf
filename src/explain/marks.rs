//! What else is true of a change: late, units, restored, rule and data, other source.
//!
//! Any number of marks stand beside the one cause. Start at [`marks`].

use jiff::SignedDuration;

use super::causes::same_claims;
use super::history::{History, Step, same, same_record};
use crate::answer::{Cause, Mark};
use crate::catalog::Catalog;
use crate::value::Canonical;

/// What a change of units multiplies or divides by.
pub(super) const UNIT_FACTORS: [f64; 4] = [100.0, 1e3, 1e6, 1e9];
/// How near to such a factor a ratio must lie, relatively.
const UNIT_SLACK: std::ops::RangeInclusive<f64> = 0.95..=1.05;

/// What marking a change takes, beside the change.
#[derive(Debug, Clone, Copy)]
pub(super) struct Marking<'a> {
    pub(super) history: &'a History<'a>,
    pub(super) catalog: &'a Catalog,
    /// The attribute's threshold.
    pub(super) late_after: SignedDuration,
}

impl Marking<'_> {
    /// The marks of the change at this step, in the order of [`Mark::ALL`].
    pub(super) fn marks(&self, at: usize, cause: Cause) -> Vec<Mark> {
        let Some(step) = self.history.step(at) else {
            return Vec::new();
        };
        let before = self.history.before(at);
        Mark::ALL
            .into_iter()
            .filter(|mark| match mark {
                Mark::Late => before.is_some_and(|before| self.is_late(before, step)),
                Mark::Units => self.is_units(before, step),
                Mark::Restored => is_restored(self.history, at),
                Mark::RuleAndData => {
                    before.is_some_and(|before| self.is_rule_and_data(before, step))
                }
                Mark::OtherSource => {
                    cause == Cause::FormatOnly
                        && before.is_some_and(|before| has_other_winner(before, step))
                }
            })
            .collect()
    }

    /// The winner's claim is new to the pipeline but old in the world.
    fn is_late(&self, before: &Step<'_>, step: &Step<'_>) -> bool {
        let Some(winner) = step.winner() else {
            return false;
        };
        let Some(observed) = winner.candidate.observed_at else {
            return false;
        };
        step.decision.value.is_some()
            && step.decision.decided_at.duration_since(observed) > self.late_after
            && observed < before.decision.decided_at
            && !before.claims.iter().any(|claim| claim.says_what(winner))
    }

    /// Where the decision before was not read, the recorded previous_value stands for it.
    fn is_units(&self, before: Option<&Step<'_>>, step: &Step<'_>) -> bool {
        let from = match before {
            Some(before) => before.value.clone(),
            None => self.history.recorded_before(),
        };
        from.as_ref()
            .and_then(Canonical::number)
            .zip(step.value.as_ref().and_then(Canonical::number))
            .is_some_and(|(from, to)| unit_factor(from, to).is_some())
    }

    fn is_rule_and_data(&self, before: &Step<'_>, step: &Step<'_>) -> bool {
        let (old, new) = (before.decision, step.decision);
        let versions_count = new
            .rule
            .as_deref()
            .is_some_and(|rule| self.catalog.declares_versions_of(rule));
        let rule_differs =
            old.rule != new.rule || versions_count && old.rule_version != new.rule_version;
        rule_differs && !same_claims(before, step)
    }
}

/// An older value that is not the one just before came back; of numbers, which
/// pass through the same value by chance, only the one before that.
fn is_restored(history: &History<'_>, at: usize) -> bool {
    let Some(before) = history
        .runs
        .binary_search_by_key(&at, |run| run.start)
        .ok()
        .and_then(|run| run.checked_sub(1))
    else {
        return false;
    };
    let value_at = |at: usize| history.step(at).and_then(|step| step.value.as_ref());
    let runs = history.runs.get(..before).unwrap_or_default();
    // What was served before the first decision that was read is an older value too.
    let recorded = history.recorded_before();
    let older = runs.iter().rev().map(|run| value_at(run.start));
    let older = older.chain(recorded.as_ref().map(Some));
    let counted = if history.kind.is_numeric() {
        1
    } else {
        usize::MAX
    };
    older.take(counted).any(|older| same(older, value_at(at)))
}

fn has_other_winner(before: &Step<'_>, step: &Step<'_>) -> bool {
    let winners = before.winner().zip(step.winner());
    winners.is_some_and(|(old, new)| !same_record(old.candidate, new.candidate))
}

/// By how much the larger number exceeds the smaller; `None` for zero. Negative
/// where their signs differ.
pub(super) fn ratio(a: f64, b: f64) -> Option<f64> {
    let (small, large) = if a.abs() < b.abs() { (a, b) } else { (b, a) };
    let ratio = large / small;
    (small != 0.0 && ratio.is_finite()).then_some(ratio)
}

/// The change of units that two numbers differ by, nearly.
pub(super) fn unit_factor(a: f64, b: f64) -> Option<f64> {
    let ratio = ratio(a, b)?;
    UNIT_FACTORS
        .into_iter()
        .find(|factor| UNIT_SLACK.contains(&(ratio / factor)))
}
