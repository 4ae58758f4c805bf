//! Tiny lakes for tests: Parquet files of a few decisions in a folder of their own.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::builder::{
    BooleanBuilder, Date32Builder, Float64Builder, ListBuilder, StringBuilder, StructBuilder,
    TimestampMicrosecondBuilder,
};
use arrow_array::{
    ArrayRef, BooleanArray, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use arrow_schema::{DataType, Field, Fields, TimeUnit};
use jiff::Timestamp;
use jiff::civil::Date;
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;

use super::Engine;
use super::store::Visit;
use crate::catalog::Catalog;
use crate::engine::{Error, Rows};
use crate::plan;
use crate::question::{LookBack, Question};

/// The instant at which every test asks.
pub(super) const NOW: &str = "2024-06-15T12:00:00Z";

const CATALOG: &str = r#"
[lake]
location = "LOCATION"
[layout]
buckets = 4
first_date = 2020-01-01
[attributes.sector]
"#;

/// A decision of entity 5 (bucket 1) unless said otherwise.
#[derive(Debug, Clone)]
pub(super) struct Made {
    pub(super) id: &'static str,
    pub(super) entity: i64,
    pub(super) at: &'static str,
    pub(super) value: &'static str,
}

pub(super) fn made(id: &'static str, at: &'static str, value: &'static str) -> Made {
    Made {
        id,
        entity: 5,
        at,
        value,
    }
}

impl Made {
    pub(super) fn of(self, entity: i64) -> Self {
        Made { entity, ..self }
    }
}

/// The data contract's columns, to be changed before they are written.
pub(super) struct Columns(pub(super) Vec<(&'static str, ArrayRef)>);

impl Columns {
    pub(super) fn of(rows: &[Made]) -> Self {
        let texts = |text: fn(&Made) -> &'static str| -> ArrayRef {
            Arc::new(StringArray::from_iter_values(rows.iter().map(text)))
        };
        let micros = rows
            .iter()
            .map(|row| row.at.parse::<Timestamp>().unwrap().as_microsecond());
        let ids = rows.iter().map(|row| row.entity);
        Columns(vec![
            ("decision_id", texts(|row| row.id)),
            ("entity_id", Arc::new(Int64Array::from_iter_values(ids))),
            (
                "decided_at",
                Arc::new(TimestampMicrosecondArray::from_iter_values(micros)),
            ),
            ("value", texts(|row| row.value)),
            ("previous_value", texts(|_| "before")),
            ("rule", texts(|_| "source_priority")),
            ("rule_version", texts(|_| "v1")),
            ("reason", texts(|_| "because")),
            ("run_id", texts(|_| "run")),
            ("actor", texts(|_| "pipeline")),
            (
                "override",
                Arc::new(BooleanArray::from(vec![true; rows.len()])),
            ),
            ("evidence", evidence(rows.len(), &EVIDENCE)),
        ])
    }

    pub(super) fn with(mut self, name: &'static str, column: ArrayRef) -> Self {
        self.0.retain(|(other, _)| *other != name);
        self.0.push((name, column));
        self
    }

    /// Another type for a column.
    pub(super) fn cast(self, name: &'static str, to: &DataType) -> Self {
        let cast = arrow_cast::cast(self.get(name), to).unwrap();
        self.with(name, cast)
    }

    pub(super) fn without(mut self, name: &str) -> Self {
        self.0.retain(|(other, _)| *other != name);
        self
    }

    pub(super) fn named(mut self, name: &str, new: &'static str) -> Self {
        self.0
            .iter_mut()
            .filter(|(other, _)| *other == name)
            .for_each(|column| column.0 = new);
        self
    }

    pub(super) fn get(&self, name: &str) -> &ArrayRef {
        &self.0.iter().find(|(other, _)| *other == name).unwrap().1
    }

    pub(super) fn write(self) -> Vec<u8> {
        self.write_as(WriterProperties::default())
    }

    pub(super) fn write_as(self, properties: WriterProperties) -> Vec<u8> {
        let columns = self
            .0
            .into_iter()
            .map(|(name, column)| (name, column, true));
        let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
        let mut writer =
            ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).unwrap();
        writer.write(&batch).unwrap();
        writer.into_inner().unwrap()
    }
}

pub(super) fn parquet(rows: &[Made]) -> Vec<u8> {
    Columns::of(rows).write()
}

pub(super) const EVIDENCE: [&str; 8] = [
    "source",
    "record_id",
    "value",
    "observed_at",
    "confidence",
    "selected",
    "reason",
    "url",
];

/// One candidate for each row, with these fields in this order.
pub(super) fn evidence(rows: usize, names: &[&str]) -> ArrayRef {
    let of = |name: &str| match name {
        "observed_at" => DataType::Timestamp(TimeUnit::Microsecond, None),
        "confidence" => DataType::Float64,
        "selected" => DataType::Boolean,
        _ => DataType::Utf8,
    };
    let fields: Fields = names
        .iter()
        .map(|name| Field::new(*name, of(name), true))
        .collect();
    let mut list = ListBuilder::new(StructBuilder::from_fields(fields, rows));
    for _ in 0..rows {
        let item = list.values();
        for (at, name) in names.iter().enumerate() {
            match *name {
                "observed_at" => item
                    .field_builder::<TimestampMicrosecondBuilder>(at)
                    .unwrap()
                    .append_value(1_700_000_000_123_000),
                "confidence" => {
                    item.field_builder::<Float64Builder>(at)
                        .unwrap()
                        .append_value(0.5);
                }
                "selected" => item
                    .field_builder::<BooleanBuilder>(at)
                    .unwrap()
                    .append_value(true),
                text => item
                    .field_builder::<StringBuilder>(at)
                    .unwrap()
                    .append_value(text),
            }
        }
        item.append(true);
        list.append(true);
    }
    Arc::new(list.finish())
}

/// The same days for each row.
pub(super) fn dates(rows: usize, days: &[&str]) -> ArrayRef {
    let mut list = ListBuilder::new(Date32Builder::new());
    for _ in 0..rows {
        for day in days {
            let since = day.parse::<Date>().unwrap() - Date::constant(1970, 1, 1);
            list.values().append_value(since.get_days());
        }
        list.append(true);
    }
    Arc::new(list.finish())
}

/// A lake in a folder that goes with it.
pub(super) struct Lake {
    folder: tempfile::TempDir,
    pub(super) catalog: Catalog,
}

impl Lake {
    /// Plain Parquet by months; `more` goes into the catalog's text by replacing.
    pub(super) fn new(changes: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let location = folder.path().display().to_string();
        let text = changes
            .iter()
            .fold(CATALOG.to_owned(), |text, (from, to)| {
                text.replace(from, to)
            })
            .replace("LOCATION", &location);
        let catalog = Catalog::parse(&text, "why.toml").unwrap();
        std::fs::create_dir_all(folder.path().join("attribute_trace")).unwrap();
        Lake { folder, catalog }
    }

    pub(super) fn with_latest(changes: &[(&str, &str)]) -> Self {
        let latest = ("[layout]", "latest = \"attribute_latest\"\n[layout]");
        let lake = Lake::new(&[&[latest], changes].concat());
        std::fs::create_dir_all(lake.folder.path().join("attribute_latest")).unwrap();
        lake
    }

    pub(super) fn hudi() -> Self {
        Lake::new(&[("[layout]", "format = \"hudi\"\n[layout]")])
    }

    /// Writes a file below the lake's location.
    pub(super) fn put(&self, path: &str, bytes: impl AsRef<[u8]>) -> &Self {
        let path = self.folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
        self
    }

    /// Writes a file into entity 5's partition of a month.
    pub(super) fn month(&self, month: &str, name: &str, bytes: impl AsRef<[u8]>) -> &Self {
        self.put(&format!("{}/{name}", leaf(month)), bytes)
    }

    pub(super) fn remove(&self, path: &str) -> &Self {
        std::fs::remove_file(self.folder.path().join(path)).unwrap();
        self
    }

    pub(super) async fn open(&self) -> Result<Engine, Error> {
        Engine::open(&self.catalog, std::path::Path::new(""), &BTreeMap::new()).await
    }

    pub(super) fn plan(&self, look_back: LookBack, as_of: &str) -> plan::Plan {
        let question = Question {
            text: String::new(),
            entity_id: 5,
            entity_name: String::new(),
            attribute: "sector".to_owned(),
            as_of: as_of.parse().unwrap(),
            expected: None,
            look_back,
        };
        plan::plan(&question, &self.catalog, NOW.parse().unwrap()).unwrap()
    }

    pub(super) async fn ask(&self, look_back: LookBack) -> Result<Rows, Error> {
        self.open().await?.read(&self.plan(look_back, NOW)).await
    }

    /// Ids of what was found, and the lists and reads that it took.
    pub(super) async fn count(&self, look_back: LookBack) -> (Vec<String>, (u64, u64)) {
        let engine = self.open().await.unwrap();
        let visit = Visit::new(&engine.store);
        let rows = engine
            .read_in(&visit, &self.plan(look_back, NOW))
            .await
            .unwrap();
        (ids(&rows), visit.lists_and_gets())
    }

    /// What a person reads of the error, without the folder's own name.
    pub(super) async fn failure(&self) -> String {
        let error = self.ask(LookBack::All).await.unwrap_err();
        self.shown(&error.to_string())
    }

    pub(super) fn shown(&self, text: &str) -> String {
        text.replace(&self.folder.path().display().to_string(), "LAKE")
    }
}

pub(super) fn leaf(month: &str) -> String {
    format!("attribute_trace/attribute_name=sector/entity_id_mod=1/created_date={month}-01")
}

/// Sorted, with repetitions.
pub(super) fn ids(rows: &Rows) -> Vec<String> {
    let mut ids: Vec<String> = rows
        .decisions
        .iter()
        .map(|d| d.decision_id.clone())
        .collect();
    ids.sort();
    ids
}
