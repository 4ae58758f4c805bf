//! Tests of the import: bad lines, what is written, what is added.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;
use parquet::arrow::ArrowSchemaConverter;
use serde_json::{Value, json};

use super::row::Row;
use super::{Import, LatestTable, Mode, Report, stored, table};
use crate::catalog::Catalog;
use crate::contract::{Nulls, Table};
use crate::error::Failure;
use crate::layout::Partition;

mod adding;
mod bad_lines;
mod files;
mod names;
mod round_trip;

const NOW: Timestamp = Timestamp::constant(1_795_000_000, 0);

/// A folder that goes with the test, an input file in it, and a place for a lake.
struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        Desk {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    fn import(&self, decisions: &Path) -> Import {
        Import {
            catalog: None,
            decisions: decisions.to_owned(),
            entities: None,
            latest: LatestTable::Always,
            into: self.path("lake"),
            mode: Mode::Create,
            max_rejects: 0.01,
            rejects: None,
            now: NOW,
        }
    }
}

fn run(import: &Import) -> Result<Report, Failure> {
    import.run(&mut |_| {})
}

fn lines(rows: &[Value]) -> String {
    rows.iter().map(|row| format!("{row}\n")).collect()
}

/// A decision that nothing is wrong with.
fn decision(id: &str, entity_id: i64, decided_at: &str, value: &str) -> Value {
    json!({
        "decision_id": id, "entity_id": entity_id, "attribute_name": "sector",
        "decided_at": decided_at, "value": value, "previous_value": null,
        "evidence": [{"source": "crm", "value": value, "selected": true}],
    })
}

fn catalog_of(lake: &Path) -> Catalog {
    let text = std::fs::read_to_string(lake.join("why.toml")).unwrap();
    Catalog::parse(&text, "why.toml").unwrap_or_else(|errors| panic!("{errors}"))
}

/// What a lake holds, as a reader that follows the rules of `append` sees it.
#[derive(Debug, PartialEq)]
struct Contents {
    rows: BTreeMap<String, (Partition, Row<'static>)>,
    /// Attribute and entity: the newest decision, and the dates.
    latest: BTreeMap<(String, i64), (String, Vec<i32>)>,
    companies: BTreeMap<i64, (String, Vec<String>)>,
}

fn read(lake: &Path) -> Contents {
    let catalog = catalog_of(lake);
    let tables = table::Tables::new(&catalog);
    let root = lake.join(&catalog.lake.trace);
    let mut rows = BTreeMap::new();
    for folder in leaves(&root) {
        let path = folder
            .strip_prefix(&root)
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        let partition = catalog.layout.parse_path(&path).unwrap();
        for part in stored::parts(&folder).unwrap() {
            let mut last = (i64::MIN, i64::MIN);
            for batch in stored::open(&part, None).unwrap() {
                let columns = stored::conform(&batch.unwrap(), &tables.trace, &part).unwrap();
                for at in 0..columns[0].len() {
                    let row = stored::decode_row(&columns, &partition.attribute, at).unwrap();
                    assert!(
                        last <= (row.entity_id, row.decided_at),
                        "{} is not sorted",
                        part.display()
                    );
                    last = (row.entity_id, row.decided_at);
                    let before = rows.insert(row.decision_id.to_string(), (partition.clone(), row));
                    assert!(before.is_none(), "{before:?} is there twice");
                }
            }
        }
    }
    let mut latest = BTreeMap::new();
    for attribute in &catalog.attributes {
        for bucket in 0..catalog.layout.buckets {
            let Some(name) = &catalog.lake.latest else {
                continue;
            };
            let folder = lake
                .join(name)
                .join(catalog.layout.latest_path(&attribute.name, bucket));
            for row in stored::latest(&folder, &attribute.name, &tables.latest).unwrap() {
                let row = row.unwrap();
                let key = (attribute.name.clone(), row.row.entity_id);
                assert!(
                    latest
                        .insert(key, (row.row.decision_id.into_owned(), row.dates))
                        .is_none()
                );
            }
        }
    }
    let companies = stored::entities(&lake.join(&catalog.lake.entities), &tables.entities).unwrap();
    let companies = companies
        .into_iter()
        .map(|c| (c.entity_id, (c.name, c.aliases)))
        .collect();
    Contents {
        rows,
        latest,
        companies,
    }
}

/// Folders that hold files.
fn leaves(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(leaves(&path));
        } else {
            found.insert(folder.to_owned());
        }
    }
    found
}

fn days(text: &str) -> i32 {
    table::days(text.parse::<Date>().unwrap())
}

#[test]
fn files_hold_what_the_contract_says_in_the_types_that_it_says() {
    let catalog = Catalog::parse(
        "[attributes.sector]\n[layout]\nfirst_date = 2020-01-01",
        "x",
    )
    .unwrap();
    let tables = table::Tables::new(&catalog);
    for (table, schema) in [
        (Table::Trace, tables.trace),
        (Table::Latest, tables.latest),
        (Table::Entities, tables.entities),
    ] {
        let parquet = ArrowSchemaConverter::new().convert(&schema).unwrap();
        let fields = parquet.root_schema().get_fields();
        assert_eq!(fields.len(), table.columns().len());
        for (column, field) in table.columns().iter().zip(fields) {
            assert_eq!(column.name, field.name());
            let marked = format!("{:?}", field.get_basic_info().logical_type_ref());
            let (physical, mark) = match field.is_primitive() {
                true => (field.get_physical_type().to_string(), marked),
                false => ("group".to_owned(), marked),
            };
            let said = column.of.parquet();
            assert_eq!(
                said.split(' ').next(),
                Some(physical.as_str()),
                "{}",
                column.name
            );
            let mark = mark.to_lowercase();
            let expected = said
                .split(['(', ',', ')'])
                .nth(1)
                .unwrap_or("none")
                .to_lowercase();
            assert!(
                mark.contains(&expected),
                "{}: {said} is {mark}",
                column.name
            );
            assert_eq!(field.is_optional(), matches!(column.nulls, Nulls::Mean(_)));
        }
    }
}
