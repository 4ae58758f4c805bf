//! What the declared survivorship rule says of the candidates.
//!
//! The catalog declares a rule as a kind; this ranks the candidates by it and
//! compares with the recorded winner, by value. It judges only what the
//! declaration speaks for. Start at [`judge`].

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::history::{Claim, SLACK, Step, same};
use super::words;
use crate::catalog::{Catalog, RuleKind};

/// The declared rule, applied to the candidates of one decision.
#[derive(Debug)]
pub(super) struct Judgement<'a> {
    catalog: &'a Catalog,
    step: &'a Step<'a>,
    winner: &'a Claim<'a>,
    pub(super) rule: &'a str,
    kind: &'a RuleKind,
    /// What the rule would choose: several where they tie.
    best: Vec<&'a Claim<'a>>,
}

/// `None` where the rule does not judge: an override, a cleared value, no single
/// winner, a rule or version that is not declared, a winner whose source the
/// rule does not list or that lacks what the rule compares.
pub(super) fn judge<'a>(step: &'a Step<'a>, catalog: &'a Catalog) -> Option<Judgement<'a>> {
    let decision = step.decision;
    if decision.is_override || decision.value.is_none() {
        return None;
    }
    let rule = catalog.rule(decision.rule.as_deref()?, decision.rule_version.as_deref())?;
    let winner = step.winner().filter(|winner| winner.value.is_some())?;
    score(&rule.kind, winner, step)?;
    let scored: Vec<(f64, &Claim<'_>)> = step
        .claims
        .iter()
        .filter(|claim| claim.value.is_some())
        .filter_map(|claim| Some((score(&rule.kind, claim, step)?, claim)))
        .collect();
    let highest = scored
        .iter()
        .map(|(score, _)| *score)
        .max_by(f64::total_cmp)?;
    let level = match rule.kind {
        RuleKind::Confidence => highest - SLACK,
        RuleKind::SourcePriority(_) | RuleKind::Recency | RuleKind::Frequency => highest,
    };
    let best = scored.into_iter().filter(|(score, _)| *score >= level);
    let best = best.map(|(_, claim)| claim).collect();
    Some(Judgement {
        catalog,
        step,
        winner,
        rule: &rule.name,
        kind: &rule.kind,
        best,
    })
}

/// Higher wins; `None` where the rule does not judge this candidate.
fn score(kind: &RuleKind, claim: &Claim<'_>, step: &Step<'_>) -> Option<f64> {
    match kind {
        RuleKind::SourcePriority(order) => rank(order, claim).map(|rank| -(rank as f64)),
        RuleKind::Recency => claim
            .candidate
            .observed_at
            .map(|at| at.as_microsecond() as f64),
        RuleKind::Confidence => claim.confidence(),
        RuleKind::Frequency => Some(sources_saying(claim, step) as f64),
    }
}

/// From 1, the strongest.
fn rank(order: &[String], claim: &Claim<'_>) -> Option<usize> {
    order
        .iter()
        .position(|source| *source == claim.candidate.source)
        .map(|at| at + 1)
}

/// How many sources say this value.
fn sources_saying(claim: &Claim<'_>, step: &Step<'_>) -> usize {
    let saying = step
        .claims
        .iter()
        .filter(|other| other.value.is_some() && same(other.value.as_ref(), claim.value.as_ref()));
    saying
        .map(|other| other.candidate.source.as_str())
        .collect::<BTreeSet<_>>()
        .len()
}

impl<'a> Judgement<'a> {
    /// What should have won, where none of the best says what the winner says.
    pub(super) fn disagrees(&self) -> Option<&'a Claim<'a>> {
        let agrees = |claim: &&Claim<'_>| same(claim.value.as_ref(), self.winner.value.as_ref());
        let first = self.best.first().copied()?;
        (!self.best.iter().any(agrees)).then_some(first)
    }

    /// What the rule says of a candidate; `None` where it does not judge it.
    pub(super) fn says(&self, claim: &Claim<'_>) -> Option<String> {
        let no_value = claim.value.is_none();
        let said = match self.kind {
            RuleKind::SourcePriority(order) => {
                let place = words::ordinal(rank(order, claim)?);
                let but = if no_value { ", but has no value" } else { "" };
                format!("ranks {place} of {} in source priority{but}", order.len())
            }
            RuleKind::Recency | RuleKind::Confidence | RuleKind::Frequency if no_value => {
                "has no value".to_owned()
            }
            RuleKind::Recency => self.says_recency(claim),
            RuleKind::Confidence => self.says_confidence(claim),
            RuleKind::Frequency => self.says_frequency(claim),
        };
        let alike = same(claim.value.as_ref(), self.winner.value.as_ref());
        let verdict = match (self.is_best(claim) && !alike, self.is_best(self.winner)) {
            (true, true) => ", level with the winner",
            (true, false) => ": the rule would choose this",
            (false, true | false) => "",
        };
        Some(format!("{said}{verdict}"))
    }

    fn says_frequency(&self, claim: &Claim<'_>) -> String {
        let said = words::count(sources_saying(claim, self.step) as u64, "source");
        if same(claim.value.as_ref(), self.winner.value.as_ref()) {
            return format!("said by {said}");
        }
        let winners = sources_saying(self.winner, self.step);
        format!("said by {said}, the winner's value by {winners}")
    }

    fn says_recency(&self, claim: &Claim<'_>) -> String {
        let (winner, own) = (
            self.winner.candidate.observed_at,
            claim.candidate.observed_at,
        );
        let Some(own) = own else {
            return "has no time of observation".to_owned();
        };
        let day = words::day(own);
        match winner
            .filter(|_| !self.is_winner(claim))
            .map(|winner| winner.duration_since(own))
        {
            Some(older) if older.is_positive() => {
                format!(
                    "observed on {day}, {} before the winner",
                    words::span(older)
                )
            }
            Some(older) if older.is_negative() => {
                format!("observed on {day}, {} after the winner", words::span(older))
            }
            Some(_) | None => format!("observed on {day}"),
        }
    }

    fn says_confidence(&self, claim: &Claim<'_>) -> String {
        let Some(own) = claim.confidence() else {
            return "has no confidence".to_owned();
        };
        let said = format!("confidence {}", words::confidence(own));
        match self.winner.confidence().map(|winner| winner - own) {
            Some(less) if less > SLACK => {
                format!("{said}, {} below the winner", words::confidence(less))
            }
            Some(less) if less < -SLACK => {
                format!("{said}, {} above the winner", words::confidence(-less))
            }
            Some(_) | None => said,
        }
    }

    /// What would make a loser win by the rule; `None` for what the rule does not
    /// judge, and for what it holds to be as good as any.
    pub(super) fn would_win_if(&self, claim: &Claim<'_>) -> Option<String> {
        if self.is_best(claim) {
            return None;
        }
        let best = self.best.first()?;
        let value = if claim.value.is_none() {
            "it had a value"
        } else {
            ""
        };
        Some(match self.kind {
            RuleKind::SourcePriority(order) => self.would_outrank(order, claim)?,
            RuleKind::Recency => {
                let newest = after(claim, best.candidate.observed_at?);
                match value {
                    "" => format!("it had been observed after {newest}"),
                    value => format!("{value} observed after {newest}"),
                }
            }
            RuleKind::Confidence => {
                let highest = words::confidence(best.confidence()?);
                match value {
                    "" => format!("its confidence were above {highest}"),
                    value => format!("{value} with a confidence above {highest}"),
                }
            }
            RuleKind::Frequency => {
                let most = words::count(sources_saying(best, self.step) as u64, "source");
                match value {
                    "" => format!("more than {most} said so"),
                    value => format!("{value} that more than {most} said"),
                }
            }
        })
    }

    /// What stands above it would have to fall silent.
    fn would_outrank(&self, order: &[String], claim: &Claim<'_>) -> Option<String> {
        let own = rank(order, claim)?;
        let above: Vec<String> = order
            .iter()
            .take(own.saturating_sub(1))
            .filter(|source| {
                self.step
                    .claims
                    .iter()
                    .any(|claim| claim.candidate.source == **source && claim.value.is_some())
            })
            .map(|source| self.catalog.source_label(source).to_owned())
            .collect();
        match (claim.value.is_some(), above.is_empty()) {
            (true, true) => None,
            (true, false) => Some(format!("{} had no value", words::list(&above))),
            (false, true) => Some("it had a value".to_owned()),
            (false, false) => Some(format!(
                "it had a value and {} had none",
                words::list(&above)
            )),
        }
    }

    fn is_best(&self, claim: &Claim<'_>) -> bool {
        self.best.iter().any(|best| std::ptr::eq(*best, claim))
    }

    fn is_winner(&self, claim: &Claim<'_>) -> bool {
        std::ptr::eq(self.winner, claim)
    }
}

/// The day, or the time where the day is the candidate's own.
fn after(claim: &Claim<'_>, newest: Timestamp) -> String {
    match claim.candidate.observed_at.map(words::day) {
        Some(own) if own == words::day(newest) => words::moment(newest),
        Some(_) | None => words::day(newest),
    }
}
