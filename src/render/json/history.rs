//! What changed of one attribute as JSON: `schema/history.v1.json`, a page at a time.

use serde_json::{Value, json};

use super::{attribute, change, read, time};
use crate::answer::{Answer, Change};

/// `{ "entity", "attribute", "as_of", "changes": [a change of an answer], "next", "read" }`, newest
/// first. `next` leads to the next page.
#[must_use]
pub fn history(answer: &Answer, changes: &[Change], next: Option<&str>) -> Value {
    let question = &answer.question;
    json!({
        "entity": {"id": question.entity_id, "name": question.entity_name},
        "attribute": attribute(&answer.attribute),
        "as_of": time(question.as_of),
        "changes": changes.iter().map(change).collect::<Vec<_>>(),
        "next": next,
        "read": read(&answer.read),
    })
}
