//! Parquet files of the lake's tables: their columns, how they are written, where they stand.
//!
//! Files are made for point look-ups: sorted by entity, small pages and row
//! groups, an index of pages by entity_id, and a footer without what no reader
//! needs. Knows rows and folders, not where rows come from.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::builder::{
    BooleanBuilder, Date32Builder, Float64Builder, Int64Builder, ListBuilder, StringBuilder,
    StructBuilder, TimestampMicrosecondBuilder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Fields, Schema, SchemaRef, TimeUnit};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::SortingColumn;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

use super::failure;
use super::row::Row;
use crate::catalog::Catalog;
use crate::contract::{self, Column, Nulls, Table, Type};
use crate::directory::Entity;
use crate::error::Failure;

/// Rows go to Parquet in batches of this many, or of this many bytes.
const BATCH_ROWS: usize = 1_024;
const BATCH_BYTES: usize = 4 << 20;
/// A row group is read in one piece, pages one by one.
const ROW_GROUP_BYTES: usize = 8 << 20;
const PAGE_BYTES: usize = 64 << 10;
const PAGE_ROWS: usize = 2_000;
/// A longer file is split.
const FILE_BYTES: usize = 128 << 20;

/// Arrow's form of the tables.
#[derive(Debug, Clone)]
pub(super) struct Tables {
    pub(super) trace: SchemaRef,
    pub(super) latest: SchemaRef,
    pub(super) entities: SchemaRef,
}

impl Tables {
    pub(super) fn new(catalog: &Catalog) -> Self {
        Tables {
            trace: schema(Table::Trace, catalog),
            latest: schema(Table::Latest, catalog),
            entities: schema(Table::Entities, catalog),
        }
    }
}

/// The contract's columns under the catalog's names.
fn schema(table: Table, catalog: &Catalog) -> SchemaRef {
    let field = |column: &Column| {
        let nullable = match column.nulls {
            Nulls::Mean(_) => true,
            Nulls::Never | Nulls::ReadAs(_) => false,
        };
        Field::new(
            catalog.column(table, column.name),
            arrow(&column.of),
            nullable,
        )
    };
    Arc::new(Schema::new(
        table.columns().iter().map(field).collect::<Vec<_>>(),
    ))
}

/// Arrow's form of a type of the contract.
fn arrow(of: &Type) -> DataType {
    match of {
        Type::String | Type::Other(_) => DataType::Utf8,
        Type::Bigint => DataType::Int64,
        Type::Int => DataType::Int32,
        Type::Double => DataType::Float64,
        Type::Boolean => DataType::Boolean,
        Type::Timestamp => instant(),
        Type::Date => DataType::Date32,
        Type::Array(item) => list(arrow(item)),
        Type::Struct(fields) => {
            let field = |field: &contract::Field| Field::new(&field.name, arrow(&field.of), true);
            DataType::Struct(fields.iter().map(field).collect())
        }
    }
}

/// INT64 microseconds adjusted to UTC, as Spark and Hudi write them: only so does Parquet's
/// older annotation (TIMESTAMP_MICROS) go with it, the one that Hive-made readers know.
/// Athena reads it as a plain `timestamp`, in UTC.
fn instant() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

/// Items are called `element`, as Parquet's own rules say.
fn list(item: DataType) -> DataType {
    DataType::List(Arc::new(Field::new("element", item, true)))
}

fn claim_fields() -> Fields {
    let field = |field: &Column| Field::new(field.name, arrow(&field.of), true);
    contract::candidate().iter().map(field).collect()
}

fn timestamps() -> TimestampMicrosecondBuilder {
    TimestampMicrosecondBuilder::new().with_data_type(instant())
}

/// Days since 1970, as Parquet and Arrow count them.
pub(super) fn days(date: Date) -> i32 {
    let hours = date.duration_since(Date::constant(1970, 1, 1)).as_hours();
    i32::try_from(hours / 24).unwrap_or(i32::MAX)
}

/// An instant as file names carry it (`20261124T120000123Z`): later ones sort behind.
pub(super) fn stamp(instant: Timestamp) -> String {
    let time = TimeZone::UTC.to_datetime(instant);
    let millis = instant.as_millisecond().rem_euclid(1_000);
    format!("{}{millis:03}Z", time.strftime("%Y%m%dT%H%M%S"))
}

/// Rows on their way into one file.
pub(super) struct Rows {
    schema: SchemaRef,
    decision_id: StringBuilder,
    entity_id: Int64Builder,
    decided_at: TimestampMicrosecondBuilder,
    /// value, previous_value, rule, rule_version, reason, run_id, actor
    texts: [StringBuilder; 7],
    is_override: BooleanBuilder,
    evidence: ListBuilder<StructBuilder>,
    /// Only in the latest table.
    dates: ListBuilder<Date32Builder>,
    bytes: usize,
}

impl Rows {
    pub(super) fn new(schema: &SchemaRef) -> Self {
        let claims = StructBuilder::new(
            claim_fields(),
            vec![
                Box::new(StringBuilder::new()),
                Box::new(StringBuilder::new()),
                Box::new(StringBuilder::new()),
                Box::new(timestamps()),
                Box::new(Float64Builder::new()),
                Box::new(BooleanBuilder::new()),
                Box::new(StringBuilder::new()),
                Box::new(StringBuilder::new()),
            ],
        );
        let claim = Field::new("element", DataType::Struct(claim_fields()), true);
        let date = Field::new("element", DataType::Date32, true);
        Rows {
            schema: Arc::clone(schema),
            decision_id: StringBuilder::new(),
            entity_id: Int64Builder::new(),
            decided_at: timestamps(),
            texts: std::array::from_fn(|_| StringBuilder::new()),
            is_override: BooleanBuilder::new(),
            evidence: ListBuilder::new(claims).with_field(claim),
            dates: ListBuilder::new(Date32Builder::new()).with_field(date),
            bytes: 0,
        }
    }

    /// `dates`: the partitions that hold the entity's decisions; only the latest table has them.
    pub(super) fn push(&mut self, row: &Row<'_>, dates: &[i32]) {
        self.decision_id.append_value(&row.decision_id);
        self.entity_id.append_value(row.entity_id);
        self.decided_at.append_value(row.decided_at);
        let texts = [
            &row.value,
            &row.previous_value,
            &row.rule,
            &row.rule_version,
            &row.reason,
            &row.run_id,
            &row.actor,
        ];
        for (builder, text) in self.texts.iter_mut().zip(texts) {
            builder.append_option(text.as_deref());
            self.bytes += text.as_deref().map_or(0, str::len);
        }
        self.is_override.append_value(row.is_override);
        for claim in &row.evidence {
            let claims = self.evidence.values();
            let texts = [
                (0, Some(&claim.source)),
                (1, claim.record_id.as_ref()),
                (2, claim.value.as_ref()),
                (6, claim.reason.as_ref()),
                (7, claim.url.as_ref()),
            ];
            for (at, text) in texts {
                self.bytes += text.map_or(0, |text| text.len());
                if let Some(builder) = claims.field_builder::<StringBuilder>(at) {
                    builder.append_option(text);
                }
            }
            if let Some(builder) = claims.field_builder::<TimestampMicrosecondBuilder>(3) {
                builder.append_option(claim.observed_at);
            }
            if let Some(builder) = claims.field_builder::<Float64Builder>(4) {
                builder.append_option(claim.confidence);
            }
            if let Some(builder) = claims.field_builder::<BooleanBuilder>(5) {
                builder.append_value(claim.selected);
            }
            claims.append(true);
        }
        self.evidence.append(true);
        self.dates.append_value(dates.iter().copied().map(Some));
        self.bytes += 64 + 4 * dates.len();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entity_id.values_slice().is_empty()
    }

    pub(super) fn is_full(&self) -> bool {
        self.entity_id.values_slice().len() >= BATCH_ROWS || self.bytes >= BATCH_BYTES
    }

    /// What was pushed since the last time.
    pub(super) fn take(&mut self) -> Result<RecordBatch, Failure> {
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(self.decision_id.finish()),
            Arc::new(self.entity_id.finish()),
            Arc::new(self.decided_at.finish()),
        ];
        columns.extend(
            self.texts
                .iter_mut()
                .map(|text| Arc::new(text.finish()) as ArrayRef),
        );
        columns.push(Arc::new(self.is_override.finish()));
        columns.push(Arc::new(self.evidence.finish()));
        let dates = self.dates.finish();
        if self.schema.fields().len() > columns.len() {
            columns.push(Arc::new(dates));
        }
        self.bytes = 0;
        RecordBatch::try_new(Arc::clone(&self.schema), columns).map_err(|e| unfit(&e))
    }
}

/// Columns that do not fit the schema that this file made.
fn unfit(error: &arrow_schema::ArrowError) -> Failure {
    failure::internal(
        "import_batch",
        format!("Rows do not fit their table: {error}."),
        "This is a fault of the program: report it with this text.",
    )
}

/// Companies as one batch.
pub(super) fn entities<'a>(
    schema: &SchemaRef,
    entities: impl Iterator<Item = &'a Entity>,
) -> Result<RecordBatch, Failure> {
    let mut ids = Int64Builder::new();
    let mut names = StringBuilder::new();
    let mut domains = StringBuilder::new();
    let item = Field::new("element", DataType::Utf8, true);
    let mut aliases = ListBuilder::new(StringBuilder::new()).with_field(item);
    let mut parents = Int64Builder::new();
    let mut ranks = Float64Builder::new();
    for entity in entities {
        ids.append_value(entity.entity_id);
        names.append_value(&entity.name);
        domains.append_option(entity.domain.as_deref());
        aliases.append_value(entity.aliases.iter().map(Some));
        parents.append_option(entity.parent_id);
        ranks.append_value(entity.rank);
    }
    let columns: Vec<ArrayRef> = vec![
        Arc::new(ids.finish()),
        Arc::new(names.finish()),
        Arc::new(domains.finish()),
        Arc::new(aliases.finish()),
        Arc::new(parents.finish()),
        Arc::new(ranks.finish()),
    ];
    RecordBatch::try_new(Arc::clone(schema), columns).map_err(|e| unfit(&e))
}

/// Writes files below one folder, under names that sort by when they were written.
pub(super) struct Files {
    root: PathBuf,
    stamp: String,
    /// Every file, and what they hold.
    pub(super) count: u64,
    pub(super) bytes: u64,
}

impl Files {
    /// `stamp` as [`stamp`] makes it; of two imports the later one's is greater.
    pub(super) fn new(root: &Path, stamp: String) -> Self {
        Files {
            root: root.to_owned(),
            stamp,
            count: 0,
            bytes: 0,
        }
    }

    /// Writes rows to the open part of a folder below the root; opens one where there is
    /// none, and closes one that is long enough.
    pub(super) fn write(
        &mut self,
        open: &mut Option<Part>,
        folder: &str,
        batch: &RecordBatch,
    ) -> Result<(), Failure> {
        let mut part = match open.take() {
            Some(part) => part,
            None => self.create(folder, &batch.schema())?,
        };
        part.writer
            .write(batch)
            .map_err(|e| failure::unwritable(&part.path, &e))?;
        if part.writer.bytes_written() + part.writer.in_progress_size() >= FILE_BYTES {
            return self.close(part);
        }
        *open = Some(part);
        Ok(())
    }

    fn create(&mut self, folder: &str, schema: &SchemaRef) -> Result<Part, Failure> {
        self.count += 1;
        let folder = self.root.join(folder);
        let path = folder.join(format!("part-{}-{:07}.parquet", self.stamp, self.count));
        let made = std::fs::create_dir_all(&folder).and_then(|()| File::create(&path));
        let file = made.map_err(|e| failure::unwritable(&path, &e))?;
        let options = ArrowWriterOptions::new()
            .with_properties(properties(schema))
            // The Arrow schema would only repeat the Parquet one, in every footer.
            .with_skip_arrow_metadata(true);
        let writer = ArrowWriter::try_new_with_options(file, Arc::clone(schema), options);
        let writer = writer.map_err(|e| failure::unwritable(&path, &e))?;
        Ok(Part { path, writer })
    }

    pub(super) fn close(&mut self, part: Part) -> Result<(), Failure> {
        let Part { path, mut writer } = part;
        writer
            .finish()
            .map_err(|e| failure::unwritable(&path, &e))?;
        self.bytes += writer.bytes_written() as u64;
        Ok(())
    }
}

/// One open file.
pub(super) struct Part {
    path: PathBuf,
    writer: ArrowWriter<File>,
}

fn properties(schema: &SchemaRef) -> WriterProperties {
    // Only what a look-up prunes by: minima of free text would make every footer long.
    let places = |names: &[usize]| {
        let fields = names.iter().filter_map(|at| schema.fields().get(*at));
        fields
            .map(|field| ColumnPath::from(field.name().as_str()))
            .collect::<Vec<_>>()
    };
    let is_trace = schema.fields().len() > 6;
    let (pages, chunks) = if is_trace {
        (places(&[1]), places(&[2]))
    } else {
        (places(&[0]), vec![])
    };
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_bytes(Some(ROW_GROUP_BYTES))
        .set_data_page_size_limit(PAGE_BYTES)
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_write_batch_size(PAGE_ROWS / 4)
        .set_statistics_enabled(EnabledStatistics::None);
    for column in pages {
        properties = properties.set_column_statistics_enabled(column, EnabledStatistics::Page);
    }
    for column in chunks {
        properties = properties.set_column_statistics_enabled(column, EnabledStatistics::Chunk);
    }
    let sorted = |at| SortingColumn {
        column_idx: at,
        descending: false,
        nulls_first: false,
    };
    let sorted = if is_trace {
        vec![sorted(1), sorted(2)]
    } else {
        vec![sorted(0)]
    };
    properties.set_sorting_columns(Some(sorted)).build()
}
