//! A Hudi table's own words against the contract: its configuration, and its newest schema.
//!
//! What makes a table unreadable is refused before (`engine/direct/hudi/properties.rs`); here is
//! what lets it be read and goes wrong later. Start at [`check`].

use super::columns::{self, expected};
use super::finding::{Finding, Findings, Kind, Side};
use crate::catalog::Catalog;
use crate::contract::{Nulls, Table, drift};
use crate::engine::direct::Said;

/// Key generators that name folders as the columns' values do.
const GENERATORS: [&str; 8] = [
    "org.apache.hudi.keygen.ComplexKeyGenerator",
    "org.apache.hudi.keygen.ComplexAvroKeyGenerator",
    "org.apache.hudi.keygen.SimpleKeyGenerator",
    "org.apache.hudi.keygen.SimpleAvroKeyGenerator",
    "COMPLEX",
    "COMPLEX_AVRO",
    "SIMPLE",
    "SIMPLE_AVRO",
];

pub(super) fn check(
    said: &Said,
    (table, name): (Table, &str),
    catalog: &Catalog,
    findings: &mut Findings,
) {
    let get = |key: &str| {
        let value = said.properties.get(key).map(String::as_str);
        value.filter(|value| !value.is_empty())
    };
    let mut config = |key: &str, rule: String, found: &str| {
        findings.add(
            Finding::new(
                Kind::HudiConfig,
                name,
                (Side::Contract, rule),
                (Side::Hudi, found.to_owned()),
            )
            .column(key),
        );
    };
    let key = "hoodie.table.recordkey.fields";
    let needed = catalog.column(
        table,
        match table {
            Table::Trace => "decision_id",
            Table::Latest | Table::Entities => "entity_id",
        },
    );
    let fields = get(key).unwrap_or("nothing");
    if !fields.split(',').any(|field| field.trim() == needed) {
        config(key, format!("{needed} is part of the record key"), fields);
    }
    for key in [
        "hoodie.table.keygenerator.class",
        "hoodie.table.keygenerator.type",
    ] {
        if let Some(generator) = get(key)
            && !GENERATORS.contains(&generator)
        {
            let rule = "a key generator that takes folders' names from the columns as they are (ComplexKeyGenerator)";
            config(key, rule.to_owned(), generator);
        }
    }
    let key = "hoodie.populate.meta.fields";
    if let Some(value) = get(key).filter(|value| *value != "true") {
        let rule =
            "true: Hudi's own columns are in the files, and say which copy of a row is the newest";
        config(key, rule.to_owned(), value);
    }
    let Some((file, fields)) = &said.schema else {
        return;
    };
    let required = table.columns();
    let required: Vec<&str> = required
        .iter()
        .filter(|column| column.nulls == Nulls::Never)
        .map(|column| catalog.column(table, column.name))
        .collect();
    for difference in drift::differences(&expected(table, catalog), fields) {
        // One that a table never had may be missing, and is named where the files are looked at.
        if difference.found.is_some() || required.contains(&difference.column.as_str()) {
            let finding = columns::finding(name, &difference, Side::Hudi);
            findings.add(finding.example(format!("{name}/{file}")));
        }
    }
}
