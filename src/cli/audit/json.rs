//! The audit as JSON: `schema/audit.v1.json`.

use serde_json::{Value, json};

use crate::ledger::Access;
use crate::render::json::time;

/// Grows when a reader of the old form would go wrong.
const VERSION: u32 = 1;

pub(super) fn accesses(accesses: &[Access]) -> Value {
    json!({
        "version": VERSION,
        "accesses": accesses.iter().map(access).collect::<Vec<_>>(),
    })
}

fn access(access: &Access) -> Value {
    json!({
        "at": time(access.at),
        "user": access.user,
        "team": access.team,
        "channel": access.channel,
        "entity_id": access.entity_id,
        "attribute": access.attribute,
        "outcome": access.outcome,
        "through": access.through.name(),
    })
}
