//! Two answers side by side as JSON: `schema/comparison.v1.json`.

use serde_json::{Value, json};

use super::{attribute, change, read, served, time, with};
use crate::answer::Answer;
use crate::comparison::{Aspect, Comparison, Numbers, alarms};
use crate::overview;

/// `{ "of", "attribute", "one", "other", "differs", "numbers", "changes", "read" }`; the two are
/// `{ "entity", "as_of", "value", "display", "since", "since_at_least", "decided_at",
/// "decision_id", "rule", "run_id", "actor", "override", "reason", "winner", "alarms", "id" }`.
#[must_use]
pub fn comparison(comparison: &Comparison) -> Value {
    let Comparison { one, other, .. } = comparison;
    let differs = comparison
        .differs
        .iter()
        .map(|aspect| Aspect::as_str(*aspect));
    let between = comparison.between.as_ref();
    json!({
        "of": comparison.of.as_str(),
        "attribute": attribute(&one.attribute),
        "one": side(one),
        "other": side(other),
        "differs": differs.collect::<Vec<_>>(),
        "numbers": comparison.numbers.map(numbers),
        "changes": between.map(|changes| changes.iter().map(change).collect::<Vec<_>>()),
        "read": read(&overview::both(one.read.clone(), other.read.clone())),
    })
}

fn numbers(numbers: Numbers) -> Value {
    json!({"difference": numbers.difference, "ratio": numbers.ratio})
}

fn side(answer: &Answer) -> Value {
    let question = &answer.question;
    let alarms: Vec<&str> = alarms(answer).into_iter().map(|id| id.as_str()).collect();
    let more = json!({
        "entity": {"id": question.entity_id, "name": question.entity_name},
        "as_of": time(question.as_of),
        "alarms": alarms,
        "id": answer.id,
    });
    with(served(answer.current.as_ref()), more)
}
