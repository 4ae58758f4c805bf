//! The catalog as a writer of its lake needs it: `why catalog json`.
//!
//! What decides where a decision lies and what its columns are called, with every default
//! written out; nothing of who may see what. Shapes: the test below, and
//! `infra/pipeline/settings.py`, which reads it.

use serde_json::{Value, json};

use crate::catalog::{Catalog, Columns};
use crate::layout::{Format, Layout, PartitionColumn, Step};

/// Grows when a reader of the old form would go wrong.
const VERSION: u32 = 1;

pub(super) fn json(catalog: &Catalog) -> Value {
    let (lake, layout) = (&catalog.lake, &catalog.layout);
    let attributes: Vec<&str> = catalog.attributes.iter().map(|a| a.name.as_str()).collect();
    json!({
        "version": VERSION,
        "location": lake.location,
        "database": lake.database,
        "format": match layout.format {
            Format::Parquet => "parquet",
            Format::Hudi => "hudi",
        },
        "tables": { "trace": lake.trace, "latest": lake.latest, "entities": lake.entities },
        "layout": {
            "order": layout.order.map(key),
            "buckets": layout.buckets,
            "step": match layout.step {
                Step::Day => "day",
                Step::Month => "month",
            },
            "first_date": layout.first_date.to_string(),
        },
        "columns": columns(&catalog.columns, layout),
        "attributes": attributes,
    })
}

fn key(column: PartitionColumn) -> &'static str {
    match column {
        PartitionColumn::Attribute => "attribute_name",
        PartitionColumn::Bucket => "entity_id_mod",
        PartitionColumn::Date => "created_date",
    }
}

/// The team's own names by those of the contract.
fn columns(columns: &Columns, layout: &Layout) -> Value {
    // Whole, so that a column that is added can't be left out.
    let Columns {
        decision_id,
        entity_id,
        decided_at,
        value,
        previous_value,
        rule,
        rule_version,
        reason,
        run_id,
        actor,
        is_override,
        evidence,
        decision_dates,
    } = columns;
    json!({
        "decision_id": decision_id,
        "entity_id": entity_id,
        "decided_at": decided_at,
        "value": value,
        "previous_value": previous_value,
        "rule": rule,
        "rule_version": rule_version,
        "reason": reason,
        "run_id": run_id,
        "actor": actor,
        "override": is_override,
        "evidence": evidence,
        "decision_dates": decision_dates,
        "attribute_name": layout.column(PartitionColumn::Attribute),
        "entity_id_mod": layout.column(PartitionColumn::Bucket),
        "created_date": layout.column(PartitionColumn::Date),
    })
}
