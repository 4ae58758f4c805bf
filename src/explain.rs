//! From decisions to an answer: EXPLAIN.md, as a pure function.
//!
//! Knows no engine, no clock and no renderer: what was read and what time it is
//! come in, an [`Answer`] goes out, the same for the same decisions in any
//! order. Start at [`explain`]; each part of the answer has its file below.
//!
//! **Invariant:** every listed change has exactly one cause, and the changes as
//! of an instant are the last ones of those as of any later instant.

use jiff::Timestamp;

use crate::answer::{Answer, AttributeInfo, Change, Current, Explained, Nothing, Read};
use crate::catalog::{Attribute, Catalog, Thresholds, Visibility, default_label};
use crate::layout::utc_date;
use crate::question::Question;
use crate::trace::{Decision, Trace};
use crate::value::{Kind, display};

use expectation::Search;
use history::{Completeness, History};
use marks::Marking;
use warnings::Facts;
pub(crate) use words::list;

mod candidates;
mod causes;
mod doubts;
mod expectation;
mod history;
mod identity;
mod marks;
mod rules;
#[cfg(test)]
mod tests;
mod warnings;
mod words;

/// Works out what the answer says. `decisions` in any order, with copies; those
/// of another entity or attribute are ignored.
#[must_use]
pub fn explain(
    question: &Question,
    decisions: Vec<Decision>,
    read: Read,
    catalog: &Catalog,
    now: Timestamp,
) -> Answer {
    let asked =
        |d: &Decision| d.entity_id == question.entity_id && d.attribute == question.attribute;
    let trace = Trace::new(decisions.into_iter().filter(asked).collect());
    // Decisions after as-of but not after now are simply later.
    let as_of = question.as_of.min(now);
    let (served, later) = until(trace.decisions(), as_of);
    let (_, future) = until(later, now);

    let attribute = declared(&question.attribute, catalog);
    let history = History::new(attribute.kind, served);
    let (changes, confirmations) = changes(&history, &attribute, catalog);
    let judgement = history
        .last()
        .and_then(|current| rules::judge(current, catalog));
    let complete = if read.complete {
        Completeness::Everything
    } else {
        Completeness::Bounded
    };
    let candidates = history.last().map_or_else(Vec::new, |current| {
        candidates::candidates(current, judgement.as_ref(), catalog)
    });
    let warnings = warnings::warnings(&Facts {
        history: &history,
        attribute: &attribute,
        catalog,
        as_of,
        read: &read,
        changes: &changes,
        candidates: &candidates,
        judgement: judgement.as_ref(),
        future,
    });
    let search = Search {
        history: &history,
        catalog,
        changes: &changes,
        candidates: &candidates,
        complete,
        close_within: attribute.thresholds.close_within,
    };
    let expected = question.expected.as_deref();
    let expectation = expected.map(|expected| expectation::expectation(expected, &search));
    let current = current(&history, &attribute, complete, candidates);
    let outside_range = utc_date(as_of) < catalog.layout.floor(catalog.layout.first_date);
    Answer {
        question: question.clone(),
        nothing: current.is_none().then(|| Nothing {
            outside_range,
            lake_begins: Some(catalog.layout.first_date),
            other_attributes: Vec::new(),
        }),
        current,
        changes,
        confirmations,
        warnings,
        expectation,
        id: identity::id(question, served, future),
        read,
        attribute: AttributeInfo {
            name: attribute.name,
            label: attribute.label,
            kind: attribute.kind,
            unit: attribute.unit,
        },
    }
}

/// Decisions up to an instant and those after it; they are in order.
fn until(decisions: &[Decision], instant: Timestamp) -> (&[Decision], &[Decision]) {
    decisions.split_at(decisions.partition_point(|d| d.decided_at <= instant))
}

/// As the catalog has it; a text where it does not.
fn declared(name: &str, catalog: &Catalog) -> Attribute {
    catalog
        .attribute(name)
        .cloned()
        .unwrap_or_else(|| Attribute {
            name: name.to_owned(),
            label: default_label(name),
            aliases: Vec::new(),
            kind: Kind::Text,
            unit: None,
            stale_after: None,
            sign_fixed: false,
            is_name: false,
            visible_to: Visibility::Everyone,
            thresholds: Thresholds::default(),
        })
}

/// What is listed, newest first, and how many decisions only confirmed.
fn changes(
    history: &History<'_>,
    attribute: &Attribute,
    catalog: &Catalog,
) -> (Vec<Change>, usize) {
    let marking = Marking {
        history,
        catalog,
        late_after: attribute.thresholds.late_after,
    };
    let mut changes = Vec::new();
    for (at, step) in history.steps.iter().enumerate().rev() {
        let before = history.before(at);
        let Some(cause) = causes::cause(before, step) else {
            continue;
        };
        let decision = step.decision;
        let from = before.map_or(&decision.previous_value, |before| &before.decision.value);
        changes.push(Change {
            at: decision.decided_at,
            from: from.clone(),
            to: decision.value.clone(),
            cause,
            marks: marking.marks(at, cause),
            source: step.winning_source().map(str::to_owned),
            source_label: step
                .winning_source()
                .map(|source| catalog.source_label(source).to_owned()),
            rule: decision.rule.clone(),
            rule_version: decision.rule_version.clone(),
            run_id: decision.run_id.clone(),
            actor: decision.actor.clone(),
            reason: decision.reason.clone(),
            decision_id: decision.decision_id.clone(),
        });
    }
    let confirmations = history.steps.len() - changes.len();
    (changes, confirmations)
}

/// The last decision.
fn current(
    history: &History<'_>,
    attribute: &Attribute,
    complete: Completeness,
    candidates: Vec<Explained>,
) -> Option<Current> {
    let step = history.last()?;
    let (since, since_at_least) = history.since(complete)?;
    let decision = step.decision;
    Some(Current {
        value: decision.value.clone(),
        display: display(decision.value.as_deref(), attribute.unit.as_deref()),
        since,
        since_at_least,
        decided_at: decision.decided_at,
        decision_id: decision.decision_id.clone(),
        rule: decision.rule.clone(),
        rule_version: decision.rule_version.clone(),
        run_id: decision.run_id.clone(),
        actor: decision.actor.clone(),
        is_override: decision.is_override,
        reason: decision.reason.clone(),
        candidates,
    })
}
