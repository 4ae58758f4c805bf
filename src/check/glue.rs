//! Glue's tables against what the catalog would make of them (`ddl`), asked through Athena.
//!
//! Start at [`check`]; [`compare`] is pure.

use std::collections::{BTreeMap, BTreeSet};

use super::columns;
use super::finding::{Finding, Findings, Kind, Side};
use crate::ask;
use crate::catalog::Catalog;
use crate::contract::{Field, Type, drift};
use crate::ddl::{self, Table};
use crate::engine::athena::{Described, Engine};
use crate::engine::{self, Settings};
use crate::error::{Class, Failure};

/// What these credentials need.
const NEEDS: &str = "Let them look at the tables (athena:GetTableMetadata on the workgroup and the data catalog, \
    glue:GetDatabase and glue:GetTable), and renew them where they ran out.";

pub(super) async fn check(
    catalog: &Catalog,
    settings: &Settings,
    aws: &BTreeMap<String, String>,
    findings: &mut Findings,
) -> Result<(), Failure> {
    let tables = ddl::tables(catalog, &catalog.lake.location).map_err(|error| {
        Failure::new(
            Class::User,
            "no_glue",
            format!(
                "Glue's tables lie on S3, and the catalog's location is \"{}\".",
                catalog.lake.location
            ),
            format!(
                "{}, or leave --glue out.",
                error.advice().trim_end_matches('.')
            ),
        )
    })?;
    let failed = |error: engine::Error| {
        let mut failure = ask::failure::engine(&error);
        if let engine::Error::AthenaDenied { .. } = error {
            NEEDS.clone_into(&mut failure.advice);
        }
        failure
    };
    let athena = Engine::open(catalog, settings, aws).await.map_err(failed)?;
    for table in &tables {
        match athena.table(&table.name).await.map_err(failed)? {
            Some(found) => compare(table, &found, findings),
            None => findings.add(Finding::new(
                Kind::GlueTableMissing,
                &table.name,
                (
                    Side::Catalog,
                    format!(
                        "a table {} in the database {}",
                        table.name, catalog.lake.database
                    ),
                ),
                (Side::Glue, "no such table".to_owned()),
            )),
        }
    }
    Ok(())
}

/// What of a table differs from what `why ddl` prints.
pub(super) fn compare(table: &Table, found: &Described, findings: &mut Findings) {
    let expected = fields(&table.columns);
    for difference in drift::differences(&expected, &found.columns) {
        findings.add(columns::finding(&table.name, &difference, Side::Glue));
    }
    let keys = |columns: &[Field]| {
        let keys = columns.iter();
        let keys = keys.map(|key| format!("{} {}", key.name.to_lowercase(), key.of));
        keys.collect::<Vec<String>>().join(", ")
    };
    let (expected, seen) = (keys(&fields(&table.partitions)), keys(&found.partitions));
    if expected != seen {
        let shown = |keys: String| {
            if keys.is_empty() {
                "none".to_owned()
            } else {
                keys
            }
        };
        findings.add(Finding::new(
            Kind::GluePartitions,
            &table.name,
            (Side::Catalog, shown(expected)),
            (Side::Glue, shown(seen)),
        ));
    }
    projection(table, found, findings);
    storage(table, found, findings);
}

fn fields(columns: &[ddl::Column]) -> Vec<Field> {
    let field = |column: &ddl::Column| Field {
        name: column.name.clone(),
        of: Type::parse(&column.of),
    };
    columns.iter().map(field).collect()
}

fn projection(table: &Table, found: &Described, findings: &mut Findings) {
    // Glue's columns have no case, and so have the keys that are made of them.
    let lower = |key: &str| key.to_lowercase();
    let expected: BTreeMap<String, &str> = table
        .properties
        .iter()
        .map(|(key, value)| (lower(key), value.as_str()))
        .collect();
    let seen: BTreeMap<String, &str> = found
        .properties
        .iter()
        .map(|(key, value)| (lower(key), value.as_str()))
        .filter(|(key, _)| key.starts_with("projection.") || key == "storage.location.template")
        .collect();
    let keys: BTreeSet<&String> = expected.keys().chain(seen.keys()).collect();
    for key in keys {
        let (own, other) = (expected.get(key).copied(), seen.get(key).copied());
        let is_enum = key.ends_with(".values");
        if own == other || (is_enum && own.map(values) == other.map(values)) {
            continue;
        }
        // By default a projection steps by one, and counts days where its format has days.
        if other.is_none() && key.ends_with(".interval") && own == Some("1") {
            continue;
        }
        let (own, other) = match (own, other) {
            (Some(own), Some(other)) if is_enum => enums(own, other),
            (own, other) => {
                let shown = |value: Option<&str>| value.unwrap_or("not set").to_owned();
                (shown(own), shown(other))
            }
        };
        findings.add(
            Finding::new(
                Kind::GlueProjection,
                &table.name,
                (Side::Catalog, own),
                (Side::Glue, other),
            )
            .column(key),
        );
    }
}

/// White space is part of a value, the order says nothing.
fn values(text: &str) -> BTreeSet<&str> {
    text.split(',').collect()
}

/// What each of two enums has and the other lacks.
fn enums(own: &str, other: &str) -> (String, String) {
    let lacks = |a: &str, b: &str, what: &str| {
        let (a, b) = (values(a), values(b));
        let more: Vec<String> = a
            .difference(&b)
            .map(|v| format!("\u{201c}{v}\u{201d}"))
            .collect();
        match more.is_empty() {
            true => "all of these values".to_owned(),
            false => format!("{what} {}", more.join(", ")),
        }
    };
    (
        lacks(own, other, "has also"),
        lacks(other, own, "has also").replace("all of these values", "lacks them"),
    )
}

fn storage(table: &Table, found: &Described, findings: &mut Findings) {
    let expected = [
        ("location", table.location.as_str()),
        ("inputformat", table.input_format()),
        ("outputformat", ddl::OUTPUT_FORMAT),
        ("serde.serialization.lib", ddl::SERDE),
    ];
    for (key, own) in expected {
        // Athena may leave it out.
        let Some(other) = found.properties.get(key) else {
            continue;
        };
        if other.trim_end_matches('/') != own.trim_end_matches('/') {
            findings.add(
                Finding::new(
                    Kind::GlueStorage,
                    &table.name,
                    (Side::Catalog, own.to_owned()),
                    (Side::Glue, other.clone()),
                )
                .column(key),
            );
        }
    }
}
