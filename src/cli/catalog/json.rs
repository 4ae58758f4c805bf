//! The catalog as a writer of its lake needs it: `why catalog json`.
//!
//! What decides where a decision lies and what its columns are called, with every default
//! written out; nothing of who may see what. Shapes: the test below, and
//! `infra/pipeline/settings.py`, which reads it.

use serde_json::{Map, Value, json};

use crate::catalog::Catalog;
use crate::layout::{Format, PartitionColumn, Step};

/// Grows when a reader of the old form would go wrong.
const VERSION: u32 = 1;

pub(super) fn json(catalog: &Catalog) -> Value {
    let (lake, layout) = (&catalog.lake, &catalog.layout);
    let attributes: Vec<&str> = catalog.attributes.iter().map(|a| a.name.as_str()).collect();
    let columns: Map<String, Value> = catalog
        .named_columns()
        .into_iter()
        .map(|(key, name)| (key.to_owned(), json!(name)))
        .collect();
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
        "columns": columns,
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
