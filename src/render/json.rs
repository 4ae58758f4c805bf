//! An answer as JSON: EXPLAIN.md's shape, one object.

use crate::answer::Answer;
use crate::error::Failure;

/// The answer as one JSON object.
#[must_use]
pub fn answer(answer: &Answer) -> serde_json::Value {
    serde_json::json!({"id": answer.id})
}

/// `{ "error": … }`.
#[must_use]
pub fn failure(failure: &Failure) -> serde_json::Value {
    serde_json::json!({"error": {"code": failure.code}})
}
