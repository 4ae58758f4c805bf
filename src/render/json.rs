//! An answer as JSON: EXPLAIN.md's shape, one object.
//!
//! An overview, what changed and others have shapes and schemas of their own: [`overview`],
//! [`changes`], [`history`], [`comparison`], [`catalog()`].
//! The API, `why ask --json`, receipts and tests read this; `schema/answer.v1.json`
//! describes it. Stored text is given whole and as it is. What is absent is null.

use jiff::Timestamp;
use serde_json::{Value, json};

pub use catalog::catalog;
pub use compared::comparison;
pub use history::history;

use crate::answer::{
    Answer, AttributeInfo, Change, Current, Expectation, Explained, Nothing, Queries, Read, Warning,
};
use crate::error::Failure;
use crate::overview::{Changes, Overview, Row, State};

mod catalog;
mod compared;
mod history;

/// The answer as one JSON object.
#[must_use]
pub fn answer(answer: &Answer) -> Value {
    let question = &answer.question;
    let current = answer.current.as_ref();
    with(
        served(current),
        json!({
            "question": {
                "text": question.text,
                "as_of": time(question.as_of),
                "expected": question.expected,
                "look_back": question.look_back.to_string(),
            },
            "entity": {"id": question.entity_id, "name": question.entity_name},
            "attribute": attribute(&answer.attribute),
            "candidates": current.map_or_else(Vec::new, |c| c.candidates.iter().map(candidate).collect()),
            "changes": answer.changes.iter().map(change).collect::<Vec<_>>(),
            "confirmations": answer.confirmations,
            "warnings": answer.warnings.iter().map(warning).collect::<Vec<_>>(),
            "expectation": answer.expectation.as_ref().map(expectation),
            "nothing": answer.nothing.as_ref().map(nothing),
            "read": read(&answer.read),
            "id": answer.id,
        }),
    )
}

/// The value that is served, and who decided so.
fn served(current: Option<&Current>) -> Value {
    json!({
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
    })
}

/// One object with the fields of both.
fn with(mut fields: Value, more: Value) -> Value {
    if let (Value::Object(fields), Value::Object(more)) = (&mut fields, more) {
        fields.extend(more);
    }
    fields
}

/// `{ "entity", "as_of", "attributes": [{ "name", "kind", "unit", "state", "display", "since",
/// "since_at_least", "alarms", "why" }], "read" }`; `state` is `served`, `nothing`, `restricted`
/// or `unread`.
#[must_use]
pub fn overview(overview: &Overview) -> Value {
    json!({
        "entity": {"id": overview.entity_id, "name": overview.entity_name},
        "as_of": time(overview.as_of),
        "attributes": overview.rows.iter().map(row).collect::<Vec<_>>(),
        "read": read(&overview.read),
    })
}

fn row(row: &Row) -> Value {
    let mut value = attribute(&row.attribute);
    let (state, display, since, at_least, alarms, why) = match &row.state {
        State::Served {
            display,
            since,
            since_at_least,
            alarms,
        } => (
            "served",
            Some(display),
            Some(time(*since)),
            *since_at_least,
            alarms.as_slice(),
            None,
        ),
        State::Nothing => ("nothing", None, None, false, [].as_slice(), None),
        State::Restricted => ("restricted", None, None, false, [].as_slice(), None),
        State::Unread(why) => ("unread", None, None, false, [].as_slice(), Some(why)),
    };
    if let Value::Object(fields) = &mut value {
        let more = [
            ("state", json!(state)),
            ("display", json!(display)),
            ("since", json!(since)),
            ("since_at_least", json!(at_least)),
            ("alarms", json!(alarms)),
            ("why", json!(why)),
        ];
        fields.extend(more.map(|(name, value)| (name.to_owned(), value)));
    }
    value
}

/// `{ "entity", "since", "as_of", "changes": [a change of an answer, with its "attribute"],
/// "left_out": [{ "attribute", "why" }], "read" }`, newest first.
#[must_use]
pub fn changes(changes: &Changes) -> Value {
    let listed = changes.changes.iter().map(|(info, one)| {
        let mut value = change(one);
        if let Value::Object(fields) = &mut value {
            fields.insert("attribute".to_owned(), attribute(info));
        }
        value
    });
    let left_out = changes
        .left_out
        .iter()
        .map(|(info, why)| json!({"attribute": attribute(info), "why": why}));
    json!({
        "entity": {"id": changes.entity_id, "name": changes.entity_name},
        "since": time(changes.since),
        "as_of": time(changes.as_of),
        "changes": listed.collect::<Vec<_>>(),
        "left_out": left_out.collect::<Vec<_>>(),
        "read": read(&changes.read),
    })
}

fn attribute(attribute: &AttributeInfo) -> Value {
    json!({
        "name": attribute.name,
        "kind": attribute.kind.as_str(),
        "unit": attribute.unit,
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
#[must_use]
pub fn time(at: Timestamp) -> String {
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

/// A change of an answer: one line, where they come as lines.
#[must_use]
pub fn change(change: &Change) -> Value {
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
        "engine_reason": read.engine_reason,
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
        "athena": read.athena.as_ref().map(queries),
    })
}

fn queries(queries: &Queries) -> Value {
    json!({
        "query_ids": queries.ids,
        "reused": queries.reused,
        "queue_ms": queries.queue_ms,
        "planning_ms": queries.planning_ms,
        "engine_ms": queries.engine_ms,
        "service_ms": queries.service_ms,
        "total_ms": queries.total_ms,
    })
}
