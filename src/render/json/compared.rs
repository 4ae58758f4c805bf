//! Two answers side by side as JSON: `schema/comparison.v1.json`.

use serde_json::{Value, json};

use super::{attribute, change, read, source, time};
use crate::answer::{Answer, Current};
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
    let current = answer.current.as_ref();
    let alarms: Vec<&str> = alarms(answer).into_iter().map(|id| id.as_str()).collect();
    json!({
        "entity": {"id": question.entity_id, "name": question.entity_name},
        "as_of": time(question.as_of),
        "value": current.and_then(|c| c.value.as_deref()),
        "display": current.map(|c| &c.display),
        "since": current.map(|c| time(c.since)),
        "since_at_least": current.is_some_and(|c| c.since_at_least),
        "decided_at": current.map(|c| time(c.decided_at)),
        "decision_id": current.map(|c| &c.decision_id),
        "rule": {
            "name": current.and_then(|c| c.rule.as_deref()),
            "version": current.and_then(|c| c.rule_version.as_deref()),
        },
        "run_id": current.and_then(|c| c.run_id.as_deref()),
        "actor": current.and_then(|c| c.actor.as_deref()),
        "override": current.is_some_and(|c| c.is_override),
        "reason": current.and_then(|c| c.reason.as_deref()),
        "winner": current.and_then(Current::winner).map(source),
        "alarms": alarms,
        "id": answer.id,
    })
}
