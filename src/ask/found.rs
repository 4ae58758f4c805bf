//! Companies that a search found, as JSON: for the command line and the API.

use serde_json::{Value, json};

use crate::directory::Match;

/// `{"entity_id", "name", "domain", "aliases", "parent_id", "parent", "rank", "fit", "through",
/// "detail"}`: one of `schema/entities.v1.json`.
#[must_use]
pub fn json(found: &Match) -> Value {
    let entity = &found.entity;
    json!({
        "entity_id": entity.entity_id,
        "name": entity.name,
        "domain": entity.domain,
        "aliases": entity.aliases,
        "parent_id": entity.parent_id,
        "parent": found.parent,
        "rank": entity.rank,
        "fit": found.fit.as_str(),
        "through": found.through,
        "detail": found.detail(),
    })
}
