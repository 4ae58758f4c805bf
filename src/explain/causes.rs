//! What kind of thing changed the value: the first cause of EXPLAIN.md's table that applies.
//!
//! Compares a decision with the one before it and knows nothing else. Start at [`cause`].

use super::history::{Claim, Step, same, same_record};
use crate::answer::Cause;
use crate::trace::Decision;

/// The cause of a listed change; `None` for a confirmation.
pub(super) fn cause(before: Option<&Step<'_>>, step: &Step<'_>) -> Option<Cause> {
    let Some(before) = before else {
        return of_first(step.decision);
    };
    if before.decision.value == step.decision.value {
        return decided_differently(before, step).then_some(Cause::Reconfirmed);
    }
    Some(of_change(before, step))
}

fn of_first(first: &Decision) -> Option<Cause> {
    match &first.previous_value {
        previous if *previous == first.value => None,
        None => Some(Cause::FirstSeen),
        Some(_) => Some(Cause::NotRead),
    }
}

/// By an override where there was none (or the reverse), by another source
/// record, or by another rule. A winner that is not known is not another one.
fn decided_differently(before: &Step<'_>, step: &Step<'_>) -> bool {
    let other_winner = before
        .winner()
        .zip(step.winner())
        .is_some_and(|(old, new)| !same_record(old.candidate, new.candidate));
    let (before, now) = (before.decision, step.decision);
    before.is_override != now.is_override || before.rule != now.rule || other_winner
}

fn of_change(before: &Step<'_>, step: &Step<'_>) -> Cause {
    let (old, new) = (before.decision, step.decision);
    if new.is_override {
        Cause::Override
    } else if new.value.is_none() {
        Cause::Cleared
    } else if old.is_override {
        Cause::OverrideLifted
    } else if same(before.value.as_ref(), step.value.as_ref()) {
        Cause::FormatOnly
    } else if rule_differs(old, new) && same_claims(before, step) {
        Cause::RuleChanged
    } else if old.value.is_none() {
        Cause::Filled
    } else if before
        .winner()
        .is_some_and(|winner| withdrawn(winner, step))
    {
        Cause::Withdrawn
    } else {
        match before.winner().zip(step.winner()) {
            Some((old, new)) => of_winners(old, new, step),
            None => Cause::Unknown,
        }
    }
}

fn rule_differs(old: &Decision, new: &Decision) -> bool {
    old.rule != new.rule || old.rule_version != new.rule_version
}

/// The old winner had a value, and its source has none any more.
fn withdrawn(winner: &Claim<'_>, step: &Step<'_>) -> bool {
    winner.value.is_some() && !has_value(&winner.candidate.source, step)
}

fn has_value(source: &str, step: &Step<'_>) -> bool {
    step.claims
        .iter()
        .any(|claim| claim.candidate.source == source && claim.value.is_some())
}

/// Of two decisions with one winner each.
fn of_winners(old: &Claim<'_>, new: &Claim<'_>, step: &Step<'_>) -> Cause {
    if same_record(old.candidate, new.candidate) {
        return match (old.candidate.observed_at, new.candidate.observed_at) {
            (Some(before), Some(now)) if now <= before => Cause::Corrected,
            (Some(_), Some(_)) => Cause::NewObservation,
            (Some(_), None) | (None, Some(_) | None) => Cause::Unknown,
        };
    }
    let still_speaks =
        |claim: &Claim<'_>| same_record(claim.candidate, old.candidate) && claim.value.is_some();
    // A second record of a source that still speaks under the first has not
    // replaced it: it has overtaken it.
    if old.candidate.source == new.candidate.source && !step.claims.iter().any(still_speaks) {
        Cause::Rekeyed
    } else if has_value(&old.candidate.source, step) {
        Cause::Overtaken
    } else {
        Cause::Unknown
    }
}

/// The same set of source, record id and canonical value.
pub(super) fn same_claims(a: &Step<'_>, b: &Step<'_>) -> bool {
    let within = |some: &[Claim<'_>], all: &[Claim<'_>]| {
        some.iter()
            .all(|claim| all.iter().any(|other| other.says_what(claim)))
    };
    within(&a.claims, &b.claims) && within(&b.claims, &a.claims)
}
