//! An answer as JSON: EXPLAIN.md's shape, one object.
//!
//! The API, `why ask --json`, receipts and tests read this; `schema/answer.v1.json`
//! describes it. Stored text is given whole and as it is. What is absent is null.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::answer::{Answer, Change, Current, Expectation, Explained, Nothing, Read, Warning};
use crate::error::Failure;

/// The answer as one JSON object.
#[must_use]
pub fn answer(answer: &Answer) -> Value {
    let question = &answer.question;
    let current = answer.current.as_ref();
    json!({
        "question": {
            "text": question.text,
            "as_of": time(question.as_of),
            "expected": question.expected,
            "look_back": question.look_back.to_string(),
        },
        "entity": {"id": question.entity_id, "name": question.entity_name},
        "attribute": {
            "name": answer.attribute.name,
            "kind": answer.attribute.kind.as_str(),
            "unit": answer.attribute.unit,
        },
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
        "candidates": current.map_or_else(Vec::new, |c| c.candidates.iter().map(candidate).collect()),
        "changes": answer.changes.iter().map(change).collect::<Vec<_>>(),
        "confirmations": answer.confirmations,
        "warnings": answer.warnings.iter().map(warning).collect::<Vec<_>>(),
        "expectation": answer.expectation.as_ref().map(expectation),
        "nothing": answer.nothing.as_ref().map(nothing),
        "read": read(&answer.read),
        "id": answer.id,
    })
}

/// `{ "error": … }`.
#[must_use]
pub fn failure(failure: &Failure) -> Value {
    let matches: Vec<Value> = failure
        .matches
        .iter()
        .map(|m| json!({"label": m.label, "detail": m.detail, "question": m.question}))
        .collect();
    json!({"error": {
        "class": failure.class.as_str(),
        "code": failure.code,
        "text": failure.text,
        "advice": failure.advice,
        "matches": matches,
        "reference": failure.reference,
    }})
}

/// RFC 3339, UTC, milliseconds.
fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

fn source(explained: &Explained) -> Value {
    let candidate = &explained.candidate;
    json!({
        "source": candidate.source,
        "label": explained.label,
        "record_id": candidate.record_id,
        "value": candidate.value,
        "observed_at": candidate.observed_at.map(time),
        "confidence": candidate.confidence,
        "url": explained.url,
    })
}

fn candidate(explained: &Explained) -> Value {
    let mut value = source(explained);
    if let Value::Object(fields) = &mut value {
        let more = [
            ("status", json!(explained.status.as_str())),
            ("reason", json!(explained.candidate.reason)),
            ("older_by_s", json!(explained.older_by_s)),
            ("confidence_margin", json!(explained.confidence_margin)),
            ("rule_says", json!(explained.rule_says)),
            ("would_win_if", json!(explained.would_win_if)),
        ];
        fields.extend(more.map(|(name, value)| (name.to_owned(), value)));
    }
    value
}

fn change(change: &Change) -> Value {
    let marks: Vec<&str> = change.marks.iter().map(|mark| mark.as_str()).collect();
    json!({
        "at": time(change.at),
        "from": change.from,
        "to": change.to,
        "cause": change.cause.as_str(),
        "marks": marks,
        "source": change.source,
        "rule": change.rule,
        "rule_version": change.rule_version,
        "run_id": change.run_id,
        "actor": change.actor,
        "reason": change.reason,
        "decision_id": change.decision_id,
    })
}

fn warning(warning: &Warning) -> Value {
    json!({
        "id": warning.id.as_str(),
        "level": warning.id.level().as_str(),
        "text": warning.text,
        "advice": warning.advice,
    })
}

fn expectation(expectation: &Expectation) -> Value {
    let hits: Vec<Value> = expectation
        .hits
        .iter()
        .map(|hit| {
            json!({
                "kind": hit.kind.as_str(),
                "text": hit.text,
                "at": hit.at.map(time),
                "until": hit.until.map(time),
                "source": hit.source,
            })
        })
        .collect();
    json!({"expected": expectation.expected, "hits": hits})
}

fn nothing(nothing: &Nothing) -> Value {
    json!({
        "outside_range": nothing.outside_range,
        "other_attributes": nothing.other_attributes,
    })
}

fn read(read: &Read) -> Value {
    json!({
        "from": read.from.to_string(),
        "to": read.to.to_string(),
        "complete": read.complete,
        "engine": read.engine,
        "partitions_planned": read.partitions_planned,
        "partitions_read": read.partitions_read,
        "files_read": read.files_read,
        "rows_read": read.rows_read,
        "bytes_read": read.bytes_read,
        "requests": read.requests,
        "planning_ms": read.planning_ms,
        "total_ms": read.total_ms,
        "cost_usd": read.cost_usd,
        "data_as_of": read.data_as_of.map(time),
    })
}
