//! Reads back what an import wrote before: ids, newest decisions, companies.
//!
//! Only `--append` needs it. Files may come from another writer of the same
//! layout, so columns are found by name and cast.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fs::File;
use std::path::{Path, PathBuf};

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef, RecordBatch, StringArray, StructArray, new_null_array};
use arrow_schema::{DataType, SchemaRef};
use bytes::Bytes;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use super::failure;
use super::latest::{Latest, Stored};
use super::row::{Claim, Row};
use crate::directory::Entity;
use crate::error::Failure;
use crate::layout::Format;

const BATCH_ROWS: usize = 1_024;

/// The files of a partition's folder that readers read, oldest first; none where there is no folder.
pub(super) fn parts(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(folder, &error)),
    };
    let mut parts = Vec::new();
    for entry in entries {
        let path = entry.map_err(|e| unreadable(folder, &e))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if Format::Parquet.is_data(&name) && !path.is_dir() {
            parts.push(path);
        }
    }
    parts.sort_unstable();
    Ok(parts)
}

/// Of parts, those that the last import wrote: they hold the whole folder.
pub(super) fn newest(parts: Vec<PathBuf>) -> Vec<PathBuf> {
    let newest = parts.last().map(|path| written(path).to_owned());
    parts
        .into_iter()
        .filter(|path| Some(written(path)) == newest.as_deref())
        .collect()
}

/// The stamp in a part's name.
pub(super) fn written(path: &Path) -> &str {
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let stamp = name
        .strip_prefix("part-")
        .and_then(|rest| rest.split('-').next());
    stamp.unwrap_or(name)
}

/// The ids of all decisions in a folder.
pub(super) fn ids(folder: &Path, column: &str) -> Result<HashSet<String>, Failure> {
    let mut ids = HashSet::new();
    for path in parts(folder)? {
        for batch in open(&path, Some(column))? {
            let batch = batch.map_err(|e| unreadable(&path, &e))?;
            let values = cast(&batch, column, &DataType::Utf8, &path)?;
            ids.extend(
                values
                    .as_string::<i32>()
                    .iter()
                    .flatten()
                    .map(str::to_owned),
            );
        }
    }
    Ok(ids)
}

/// The rows of a latest table's folder, in the order of the files.
pub(super) fn latest(
    folder: &Path,
    attribute: &str,
    schema: &SchemaRef,
) -> Result<Stored, Failure> {
    let attribute = attribute.to_owned();
    let schema = SchemaRef::clone(schema);
    let mut files = Vec::new();
    for path in newest(parts(folder)?) {
        files.push((open(&path, None)?, path));
    }
    let rows = files.into_iter().flat_map(move |(reader, path)| {
        let (attribute, schema) = (attribute.clone(), SchemaRef::clone(&schema));
        reader.flat_map(move |batch| {
            let rows = batch
                .map_err(|e| unreadable(&path, &e))
                .and_then(|batch| conform(&batch, &schema, &path))
                .and_then(|columns| {
                    decode(&columns, &attribute)
                        .ok_or_else(|| unreadable(&path, &"its rows do not decode"))
                });
            match rows {
                Ok(rows) => rows.into_iter().map(Ok).collect(),
                Err(failure) => vec![Err(failure)],
            }
        })
    });
    Ok(Box::new(rows))
}

/// The companies of the entities table.
pub(super) fn entities(folder: &Path, schema: &SchemaRef) -> Result<Vec<Entity>, Failure> {
    let mut entities = Vec::new();
    for path in newest(parts(folder)?) {
        for batch in open(&path, None)? {
            let batch = batch.map_err(|e| unreadable(&path, &e))?;
            let columns = conform(&batch, schema, &path)?;
            let decoded = decode_entities(&columns);
            entities.extend(decoded.ok_or_else(|| unreadable(&path, &"its rows do not decode"))?);
        }
    }
    Ok(entities)
}

/// The companies of one file of an entities table that anybody may have written: what it has no
/// column for, but for id and name, is not known.
pub(super) fn companies(
    bytes: Vec<u8>,
    schema: &SchemaRef,
    shown: &str,
) -> Result<Vec<Entity>, Failure> {
    let bad = |reason: &dyn std::fmt::Display| {
        failure::user(
            "bad_entities",
            format!("{shown} can't be read as companies: {reason}."),
            "The entities table has entity_id, name, domain, aliases, parent_id and rank \
             (`why ddl`); or name JSON lines with --entities.",
        )
    };
    let reader = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(bytes));
    let reader = reader.map_err(|e| bad(&e))?.with_batch_size(BATCH_ROWS);
    let mut found = Vec::new();
    for batch in reader.build().map_err(|e| bad(&e))? {
        let batch = batch.map_err(|e| bad(&e))?;
        let mut columns = Vec::new();
        for field in schema.fields() {
            let name = field.name().as_str();
            let column = batch.column_by_name(name);
            let is_key = ["entity_id", "name"].contains(&name);
            columns.push(match column {
                Some(column) => arrow_cast::cast(column, field.data_type()).map_err(|e| bad(&e))?,
                None if is_key => return Err(bad(&format!("it has no column {name}"))),
                None => new_null_array(field.data_type(), batch.num_rows()),
            });
        }
        if columns.first().is_some_and(|ids| ids.null_count() > 0) {
            return Err(bad(&"a company has no entity_id"));
        }
        let decoded = decode_entities(&columns);
        found.extend(decoded.ok_or_else(|| bad(&"its rows do not decode"))?);
    }
    Ok(found)
}

pub(super) fn open(path: &Path, only: Option<&str>) -> Result<ParquetRecordBatchReader, Failure> {
    let file = File::open(path).map_err(|e| unreadable(path, &e))?;
    let mut builder =
        ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| unreadable(path, &e))?;
    if let Some(column) = only {
        let mask = ProjectionMask::columns(builder.parquet_schema(), [column]);
        builder = builder.with_projection(mask);
    }
    builder
        .with_batch_size(BATCH_ROWS)
        .build()
        .map_err(|e| unreadable(path, &e))
}

fn unreadable(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    failure::internal(
        "corrupt_file",
        format!("{} can't be read: {error}.", path.display()),
        "Restore or remove that file, then append again; the lake was not changed.",
    )
}

fn cast(
    batch: &RecordBatch,
    column: &str,
    wanted: &DataType,
    path: &Path,
) -> Result<ArrayRef, Failure> {
    let found = batch.column_by_name(column);
    let found = found.ok_or_else(|| unreadable(path, &format!("it has no column {column}")))?;
    arrow_cast::cast(found, wanted).map_err(|e| unreadable(path, &e))
}

/// The columns of a schema, in its order and types.
pub(super) fn conform(
    batch: &RecordBatch,
    schema: &SchemaRef,
    path: &Path,
) -> Result<Vec<ArrayRef>, Failure> {
    schema
        .fields()
        .iter()
        .map(|field| cast(batch, field.name(), field.data_type(), path))
        .collect()
}

fn text(array: &StringArray, at: usize) -> Option<Cow<'static, str>> {
    (!array.is_null(at)).then(|| Cow::Owned(array.value(at).to_owned()))
}

fn decode(columns: &[ArrayRef], attribute: &str) -> Option<Vec<Latest<'static>>> {
    let rows = columns.first()?.len();
    (0..rows)
        .map(|at| decode_latest(columns, attribute, at))
        .collect()
}

fn decode_latest(columns: &[ArrayRef], attribute: &str, at: usize) -> Option<Latest<'static>> {
    let dates = columns.get(12)?.as_list_opt::<i32>()?.value(at);
    let mut dates: Vec<i32> = dates
        .as_primitive_opt::<Date32Type>()?
        .iter()
        .flatten()
        .collect();
    dates.sort_unstable();
    Some(Latest {
        row: decode_row(columns, attribute, at)?,
        dates,
    })
}

/// One row of the trace or the latest table, in the order of columns of `table::Tables`.
pub(super) fn decode_row(columns: &[ArrayRef], attribute: &str, at: usize) -> Option<Row<'static>> {
    let texts = |column: usize| columns.get(column).and_then(|c| c.as_string_opt::<i32>());
    let evidence = columns.get(11)?.as_list_opt::<i32>()?.value(at);
    Some(Row {
        decision_id: text(texts(0)?, at)?,
        entity_id: columns.get(1)?.as_primitive_opt::<Int64Type>()?.value(at),
        attribute: Cow::Owned(attribute.to_owned()),
        decided_at: columns
            .get(2)?
            .as_primitive_opt::<TimestampMicrosecondType>()?
            .value(at),
        value: text(texts(3)?, at),
        previous_value: text(texts(4)?, at),
        rule: text(texts(5)?, at),
        rule_version: text(texts(6)?, at),
        reason: text(texts(7)?, at),
        run_id: text(texts(8)?, at),
        actor: text(texts(9)?, at),
        is_override: columns.get(10)?.as_boolean_opt()?.value(at),
        evidence: decode_claims(evidence.as_struct_opt()?)?,
    })
}

fn decode_claims(claims: &StructArray) -> Option<Vec<Claim<'static>>> {
    let texts = |name: &str| {
        claims
            .column_by_name(name)
            .and_then(|c| c.as_string_opt::<i32>())
    };
    let observed = claims
        .column_by_name("observed_at")?
        .as_primitive_opt::<TimestampMicrosecondType>()?;
    let confidence = claims
        .column_by_name("confidence")?
        .as_primitive_opt::<Float64Type>()?;
    let selected = claims.column_by_name("selected")?.as_boolean_opt()?;
    let claim = |at: usize| {
        Some(Claim {
            source: text(texts("source")?, at)?,
            record_id: text(texts("record_id")?, at),
            value: text(texts("value")?, at),
            observed_at: observed.is_valid(at).then(|| observed.value(at)),
            confidence: confidence.is_valid(at).then(|| confidence.value(at)),
            selected: selected.is_valid(at) && selected.value(at),
            reason: text(texts("reason")?, at),
            url: text(texts("url")?, at),
        })
    };
    (0..claims.len()).map(claim).collect()
}

fn decode_entities(columns: &[ArrayRef]) -> Option<Vec<Entity>> {
    let ids = columns.first()?.as_primitive_opt::<Int64Type>()?;
    let names = columns.get(1)?.as_string_opt::<i32>()?;
    let domains = columns.get(2)?.as_string_opt::<i32>()?;
    let aliases = columns.get(3)?.as_list_opt::<i32>()?;
    let parents = columns.get(4)?.as_primitive_opt::<Int64Type>()?;
    let ranks = columns.get(5)?.as_primitive_opt::<Float64Type>()?;
    let entity = |at: usize| {
        let also = aliases.value(at);
        Some(Entity {
            entity_id: ids.value(at),
            name: names.value(at).to_owned(),
            domain: domains.is_valid(at).then(|| domains.value(at).to_owned()),
            aliases: also
                .as_string_opt::<i32>()?
                .iter()
                .flatten()
                .map(str::to_owned)
                .collect(),
            parent_id: parents.is_valid(at).then(|| parents.value(at)),
            rank: ranks.value(at),
        })
    };
    (0..ids.len()).map(entity).collect()
}
