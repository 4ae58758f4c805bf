//! Two answers side by side: of one company at two times, or of two companies.
//!
//! Pure; made from the answers, so that it can say nothing else than they do. What differs is a
//! list of names ([`Aspect`]): whoever shows it need compare nothing. Start at [`compare`].

use jiff::Timestamp;

use crate::answer::{Answer, Change, Current, Level, Status, WarningId};
use crate::layout::utc_date;
use crate::overview;
use crate::value::{Canonical, canonical};

#[cfg(test)]
mod tests;

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// One company at two times.
    Times,
    /// Two companies at one time.
    Companies,
}

impl Of {
    /// The name in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Of::Times => "times",
            Of::Companies => "companies",
        }
    }
}

/// Something in which two answers may differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aspect {
    /// A decision was found for one of them only.
    Presence,
    /// Other values, by the attribute's kind.
    Value,
    /// The same value, written differently.
    Writing,
    /// Another source won.
    Source,
    /// Another record of the same source won.
    Record,
    Rule,
    RuleVersion,
    /// A person decided one of them.
    Override,
    /// Another decision is served.
    Decision,
    /// Other sources say other things, whoever won.
    Candidates,
    /// Other alarms.
    Alarms,
}

impl Aspect {
    pub const ALL: [Aspect; 11] = [
        Aspect::Presence,
        Aspect::Value,
        Aspect::Writing,
        Aspect::Source,
        Aspect::Record,
        Aspect::Rule,
        Aspect::RuleVersion,
        Aspect::Override,
        Aspect::Decision,
        Aspect::Candidates,
        Aspect::Alarms,
    ];

    /// The name in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Aspect::Presence => "presence",
            Aspect::Value => "value",
            Aspect::Writing => "writing",
            Aspect::Source => "source",
            Aspect::Record => "record",
            Aspect::Rule => "rule",
            Aspect::RuleVersion => "rule_version",
            Aspect::Override => "override",
            Aspect::Decision => "decision",
            Aspect::Candidates => "candidates",
            Aspect::Alarms => "alarms",
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    pub of: Of,
    pub one: Answer,
    pub other: Answer,
    /// In the order of [`Aspect::ALL`].
    pub differs: Vec<Aspect>,
    /// Where both are numbers.
    pub numbers: Option<Numbers>,
    /// What changed between the two times, newest first; `None` of two companies.
    pub between: Option<Vec<Change>>,
}

/// How two numbers differ: the other against the one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Numbers {
    pub difference: f64,
    /// `None` where the one is zero.
    pub ratio: Option<f64>,
}

/// Of two answers about the same attribute.
#[must_use]
pub fn compare(of: Of, one: Answer, other: Answer) -> Comparison {
    Comparison {
        of,
        differs: differs(of, &one, &other),
        numbers: numbers(&one, &other),
        between: match of {
            Of::Times => Some(between(&one, &other)),
            Of::Companies => None,
        },
        one,
        other,
    }
}

fn differs(of: Of, one: &Answer, other: &Answer) -> Vec<Aspect> {
    let mut differs = Vec::new();
    let mut note = |aspect, is_other: bool| {
        if is_other {
            differs.push(aspect);
        }
    };
    let (Some(a), Some(b)) = (&one.current, &other.current) else {
        note(
            Aspect::Presence,
            one.current.is_some() != other.current.is_some(),
        );
        note(Aspect::Alarms, alarms(one) != alarms(other));
        return differs;
    };
    let same_value = match (said(one), said(other)) {
        (Some(a), Some(b)) => a.same(&b),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    };
    let sources = (winner(a), winner(b));
    note(Aspect::Value, !same_value);
    note(Aspect::Writing, same_value && a.value != b.value);
    note(Aspect::Source, sources.0 != sources.1);
    // Records and decisions of two companies are never the same.
    if of == Of::Times {
        let same_source = sources.0 == sources.1;
        note(Aspect::Record, same_source && record(a) != record(b));
    }
    note(Aspect::Rule, a.rule != b.rule);
    note(
        Aspect::RuleVersion,
        a.rule == b.rule && a.rule_version != b.rule_version,
    );
    note(Aspect::Override, a.is_override != b.is_override);
    if of == Of::Times {
        note(Aspect::Decision, a.decision_id != b.decision_id);
        note(Aspect::Candidates, claims(one, a) != claims(other, b));
    }
    note(Aspect::Alarms, alarms(one) != alarms(other));
    differs
}

fn said(answer: &Answer) -> Option<Canonical> {
    let value = answer.current.as_ref()?.value.as_deref()?;
    Some(canonical(answer.attribute.kind, value))
}

fn winner(current: &Current) -> Option<&str> {
    Some(&current.winner()?.candidate.source)
}

fn record(current: &Current) -> Option<&str> {
    current.winner()?.candidate.record_id.as_deref()
}

/// Who says what, in one order, in a form in which equal values are equal.
fn claims(answer: &Answer, current: &Current) -> Vec<(String, String)> {
    let kind = answer.attribute.kind;
    let claim = |value: &str| format!("{:?}", canonical(kind, value));
    let candidates = current.candidates.iter();
    let mut claims: Vec<(String, String)> = candidates
        .filter(|candidate| candidate.status != Status::NoValue)
        .map(|candidate| {
            let candidate = &candidate.candidate;
            let value = candidate.value.as_deref().map(claim);
            (candidate.source.clone(), value.unwrap_or_default())
        })
        .collect();
    claims.sort();
    claims
}

/// The alarms of an answer, in its order.
#[must_use]
pub fn alarms(answer: &Answer) -> Vec<WarningId> {
    let warnings = answer.warnings.iter().map(|warning| warning.id);
    warnings.filter(|id| id.level() == Level::Alarm).collect()
}

fn numbers(one: &Answer, other: &Answer) -> Option<Numbers> {
    let (a, b) = (said(one)?.number()?, said(other)?.number()?);
    let difference = b - a;
    let ratio = (a != 0.0).then(|| b / a).filter(|ratio| ratio.is_finite());
    difference
        .is_finite()
        .then_some(Numbers { difference, ratio })
}

fn between(one: &Answer, other: &Answer) -> Vec<Change> {
    let (earlier, later) = match one.question.as_of <= other.question.as_of {
        true => (one, other),
        false => (other, one),
    };
    let after = earlier.question.as_of;
    let within = |change: &&Change| change.at > after && !overview::confirms(change);
    later.changes.iter().filter(within).cloned().collect()
}

/// Whether the later of two answers read far enough back to know all between, and why.
#[must_use]
pub fn knows_between(later: &Answer, earlier: Timestamp) -> bool {
    let reaches = utc_date(earlier) >= later.read.from;
    later.read.complete || (reaches && !overview::lacks_a_cause(later, earlier))
}
