//! The trace: what the pipeline decided about one entity and attribute.
//!
//! [`Decision`] and [`Candidate`] are the rows of the data contract
//! (`attribute_trace`), already decoded; nothing here knows whether they came
//! from Athena or from a Parquet file. [`Trace::new`] puts them into the one
//! order that every explanation follows.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use jiff::Timestamp;

#[cfg(test)]
mod tests;

/// One source's claim of a value, as it stood when the pipeline decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    pub source: String,
    pub record_id: Option<String>,
    /// Stored text; `None` where the source had no value.
    pub value: Option<String>,
    pub observed_at: Option<Timestamp>,
    /// 0 to 1 by convention; not enforced, since it is the team's own number.
    pub confidence: Option<f64>,
    /// The pipeline's mark of the winner.
    pub selected: bool,
    /// The pipeline's own words on why it won or lost.
    pub reason: Option<String>,
    pub url: Option<String>,
}

/// The pipeline (or a person) chose a value: one row of `attribute_trace`.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    pub decision_id: String,
    pub entity_id: i64,
    /// The attribute's name in the catalog, not its label.
    pub attribute: String,
    /// When this became the served value; whole milliseconds (see [`round_to_millis`]).
    pub decided_at: Timestamp,
    /// Stored text; `None` is "no value", an empty string is a value.
    pub value: Option<String>,
    pub previous_value: Option<String>,
    pub rule: Option<String>,
    pub rule_version: Option<String>,
    /// The pipeline's own words.
    pub reason: Option<String>,
    pub run_id: Option<String>,
    pub actor: Option<String>,
    /// A person decided.
    pub is_override: bool,
    pub evidence: Vec<Candidate>,
    /// Orders copies of one decision by when they were written: Hudi's commit
    /// time, or the file's name (which sorts by time). Never shown.
    pub written: String,
}

impl Decision {
    /// The one candidate marked as selected; `None` where there are none or several.
    #[must_use]
    pub fn winner(&self) -> Option<&Candidate> {
        let mut selected = self.evidence.iter().filter(|c| c.selected);
        match (selected.next(), selected.next()) {
            (Some(winner), None) => Some(winner),
            (Some(_), Some(_)) | (None, _) => None,
        }
    }

    /// What must be said of one, and nothing else: for tests to add to.
    #[cfg(test)]
    pub(crate) fn bare(
        id: &str,
        (entity_id, attribute): (i64, &str),
        decided_at: Timestamp,
    ) -> Self {
        Decision {
            decision_id: id.to_owned(),
            entity_id,
            attribute: attribute.to_owned(),
            decided_at,
            value: None,
            previous_value: None,
            rule: None,
            rule_version: None,
            reason: None,
            run_id: None,
            actor: None,
            is_override: false,
            evidence: Vec::new(),
            written: String::new(),
        }
    }

    /// Whether a candidate must have won: not where a person decided, or nothing was chosen.
    #[must_use]
    pub fn needs_winner(&self) -> bool {
        !self.is_override && self.value.is_some()
    }
}

/// Nearest millisecond, half up: what Athena gives for Hive timestamps (Trino
/// rounds), so that both engines see the same instant.
#[must_use]
pub fn round_to_millis(micros: i64) -> Option<Timestamp> {
    let millis = micros.div_euclid(1_000) + i64::from(micros.rem_euclid(1_000) >= 500);
    Timestamp::from_millisecond(millis).ok()
}

/// The decisions of one entity and attribute, once each, oldest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    decisions: Vec<Decision>,
}

impl Trace {
    /// Drops copies and orders what is left.
    ///
    /// Of copies with one `decision_id` the one written last stays. The order
    /// is `decided_at`; within one millisecond the order in which
    /// `previous_value` chains, else `decision_id`. The order of the input
    /// does not matter.
    #[must_use]
    pub fn new(decisions: Vec<Decision>) -> Self {
        let mut newest: HashMap<String, Decision> = HashMap::with_capacity(decisions.len());
        for decision in decisions {
            match newest.entry(decision.decision_id.clone()) {
                Entry::Vacant(place) => {
                    place.insert(decision);
                }
                Entry::Occupied(mut place) => {
                    if written_later(&decision, place.get()) {
                        place.insert(decision);
                    }
                }
            }
        }
        let mut decisions: Vec<Decision> = newest.into_values().collect();
        decisions.sort_by(|a, b| {
            a.decided_at
                .cmp(&b.decided_at)
                .then_with(|| a.decision_id.cmp(&b.decision_id))
        });
        let mut ordered: Vec<Decision> = Vec::with_capacity(decisions.len());
        let mut rest = decisions.into_iter().peekable();
        while let Some(first) = rest.next() {
            let at = first.decided_at;
            let mut together = vec![first];
            while let Some(next) = rest.next_if(|next| next.decided_at == at) {
                together.push(next);
            }
            let before = ordered.last().and_then(|decision| decision.value.clone());
            ordered.extend(chained(before, together));
        }
        Trace { decisions: ordered }
    }

    #[must_use]
    pub fn decisions(&self) -> &[Decision] {
        &self.decisions
    }
}

/// Of two copies, whichever was written later; copies written together differ
/// only by accident, and then the order of their texts decides, not the input's.
fn written_later(a: &Decision, b: &Decision) -> bool {
    match a.written.cmp(&b.written) {
        Ordering::Greater => true,
        Ordering::Less => false,
        Ordering::Equal => a != b && format!("{a:?}") > format!("{b:?}"),
    }
}

/// Decisions of one millisecond in the order in which each one's previous_value
/// is the value before it; as they came (by decision_id) where there is no such
/// order. `before` is the value served before them; with none, or nothing, a chain
/// that begins with no previous_value is preferred.
fn chained(before: Option<String>, together: Vec<Decision>) -> Vec<Decision> {
    if together.len() < 2 {
        return together;
    }
    let starts = (0..together.len()).filter(|start| {
        together
            .get(*start)
            .is_some_and(|d| before == d.previous_value)
    });
    let order = starts
        .chain(0..together.len())
        .find_map(|start| walk(&together, start));
    let Some(order) = order else { return together };
    let mut slots: Vec<Option<Decision>> = together.into_iter().map(Some).collect();
    order
        .into_iter()
        .filter_map(|at| slots.get_mut(at).and_then(Option::take))
        .collect()
}

/// An order through all decisions that begins at `start` and follows the chain:
/// an Eulerian trail whose edges lead from previous_value to value (Hierholzer).
fn walk(together: &[Decision], start: usize) -> Option<Vec<usize>> {
    let mut by_previous: HashMap<Option<&str>, Vec<usize>> = HashMap::new();
    for (at, decision) in together.iter().enumerate().rev() {
        if at != start {
            by_previous
                .entry(decision.previous_value.as_deref())
                .or_default()
                .push(at);
        }
    }
    let mut stack = vec![start];
    let mut order = Vec::with_capacity(together.len());
    while let Some(at) = stack.last().copied() {
        let value = together
            .get(at)
            .and_then(|decision| decision.value.as_deref());
        match by_previous.get_mut(&value).and_then(Vec::pop) {
            Some(next) => stack.push(next),
            None => order.extend(stack.pop()),
        }
    }
    order.reverse();
    let follows = order.windows(2).all(|pair| match pair {
        [a, b] => together.get(*a).map(|d| &d.value) == together.get(*b).map(|d| &d.previous_value),
        _ => true,
    });
    (order.len() == together.len() && order.first() == Some(&start) && follows).then_some(order)
}
