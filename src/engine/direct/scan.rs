//! One file as a whole: what its columns are, and every row of it as far as a check needs it.
//!
//! Read batch by batch (`batches`); of the evidence only which candidates are marked, and their
//! values. Where a column can't be what the contract says, it counts as not there: what is wrong
//! with it, its type tells. Start at [`Scan::open`].

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Int64Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, Schema};
use jiff::Timestamp;
use jiff::civil::Date;
use parquet::arrow::ProjectionMask;
use parquet::schema::types::SchemaDescriptor;

use super::batches::{Batches, guarded};
use super::columns::{self, Batch, COMMIT_TIME};
use super::decode::{day, day_lists};
use super::evidence::{self, Evidence};
use super::held::Source;
use super::table::File;
use crate::catalog::Catalog;
use crate::contract::{Field, Type};
use crate::engine::Error;
use crate::layout::utc_date;
use crate::trace::{Decision, round_to_millis};

/// An open file.
pub struct Scan<'a> {
    batches: Batches<'a>,
    catalog: &'a Catalog,
    file: &'a File,
    shown: &'a str,
    /// All that the file has, in its order.
    pub columns: Vec<Field>,
}

/// One row; `None` where it is null or there is no such column.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Row {
    pub decision_id: Option<String>,
    pub entity_id: Option<i64>,
    /// To the microsecond.
    pub decided_at: Option<Timestamp>,
    pub value: Option<String>,
    pub previous_value: Option<String>,
    pub rule: Option<String>,
    pub rule_version: Option<String>,
    pub is_override: bool,
    /// The values of the candidates that are marked as the winner; `None` without evidence.
    pub winners: Option<Vec<Option<String>>>,
    /// The latest table's; `None` where null or not a column of this file.
    pub decision_dates: Option<Vec<Date>>,
    /// What the row itself says of its partition, where it does.
    pub attribute: Option<String>,
    pub bucket: Option<i64>,
    pub date: Option<Date>,
    /// Orders copies of one decision.
    pub written: String,
}

impl Row {
    /// The days of it in UTC: readers see a time rounded to milliseconds, writers as it is, and
    /// within half of one of midnight these are two.
    #[must_use]
    pub fn days(&self) -> Option<[Date; 2]> {
        let exact = self.decided_at?;
        let rounded = round_to_millis(exact.as_microsecond()).unwrap_or(exact);
        Some([utc_date(exact), utc_date(rounded)])
    }

    /// Without its evidence; `None` where it does not say which decision it is, whose and of when.
    #[must_use]
    pub fn decision(&self, attribute: &str) -> Option<Decision> {
        let exact = self.decided_at?;
        Some(Decision {
            decision_id: self.decision_id.clone()?,
            entity_id: self.entity_id?,
            attribute: attribute.to_owned(),
            decided_at: round_to_millis(exact.as_microsecond()).unwrap_or(exact),
            value: self.value.clone(),
            previous_value: self.previous_value.clone(),
            rule: self.rule.clone(),
            rule_version: self.rule_version.clone(),
            reason: None,
            run_id: None,
            actor: None,
            is_override: self.is_override,
            evidence: Vec::new(),
            written: self.written.clone(),
        })
    }
}

impl<'a> Scan<'a> {
    pub(super) async fn open(
        source: Source<'a>,
        catalog: &'a Catalog,
        file: &'a File,
        shown: &'a str,
    ) -> Result<Self, Error> {
        let mut columns = Vec::new();
        let batches = Batches::open(source, &file.meta, shown, |metadata| {
            columns = fields(metadata.schema());
            Ok(wanted(
                metadata.parquet_schema(),
                metadata.schema(),
                catalog,
            ))
        })
        .await?;
        Ok(Scan {
            batches,
            catalog,
            file,
            shown,
            columns,
        })
    }

    /// The next rows; `None` at the end.
    ///
    /// # Errors
    /// The file can't be read, or is gone meanwhile.
    pub async fn next(&mut self) -> Result<Option<Vec<Row>>, Error> {
        let Some(batch) = self.batches.next().await? else {
            return Ok(None);
        };
        let rows = async { self.rows(&batch).map(Some) };
        guarded(self.shown, rows).await
    }

    fn rows(&self, batch: &RecordBatch) -> Result<Vec<Row>, Error> {
        let (c, partition) = (&self.catalog.columns, &self.catalog.layout.columns);
        let batch = Batch {
            batch,
            file: self.shown,
        };
        let text = |name: &str| batch.text(name).ok();
        let decision_id = text(&c.decision_id);
        let entity_id = whole(batch.column(&c.entity_id));
        let decided_at = batch.instants(&c.decided_at).ok();
        let (value, previous_value) = (text(&c.value), text(&c.previous_value));
        let (rule, rule_version) = (text(&c.rule), text(&c.rule_version));
        let is_override = batch.flags(&c.is_override).ok();
        let evidence = evidence::column(batch.column(&c.evidence), &c.evidence, self.shown).ok();
        let decision_dates = day_lists(batch, &c.decision_dates).unwrap_or_default();
        let commit_time = text(COMMIT_TIME);
        let attribute = text(&partition.attribute);
        let bucket = whole(batch.column(&partition.bucket));
        let date = dates(batch.column(&partition.date));
        let row = |at: usize| {
            let text = |texts: &Option<columns::Texts>| texts.as_ref().and_then(|t| t.get(at));
            Ok(Row {
                decision_id: text(&decision_id),
                entity_id: number(entity_id.as_ref(), at),
                decided_at: decided_at.as_ref().and_then(|instants| instants.exact(at)),
                value: text(&value),
                previous_value: text(&previous_value),
                rule: text(&rule),
                rule_version: text(&rule_version),
                is_override: is_override.as_ref().is_some_and(|flags| flags.get(at)),
                winners: winners(evidence.as_ref(), at)?,
                decision_dates: decision_dates.get(at).cloned().flatten(),
                attribute: text(&attribute),
                bucket: number(bucket.as_ref(), at),
                date: date.as_ref().and_then(|days| {
                    let days = days.as_primitive_opt::<Date32Type>()?;
                    days.is_valid(at).then(|| day(days.value(at)))?
                }),
                written: text(&commit_time).unwrap_or_else(|| self.file.written.clone()),
            })
        };
        (0..batch.batch.num_rows()).map(row).collect()
    }
}

fn winners(
    evidence: Option<&Evidence<'_>>,
    at: usize,
) -> Result<Option<Vec<Option<String>>>, Error> {
    let evidence = match evidence {
        None | Some(Evidence::Missing) => return Ok(None),
        Some(evidence) => evidence.get(at)?,
    };
    let selected = evidence.into_iter().filter(|candidate| candidate.selected);
    Ok(Some(selected.map(|candidate| candidate.value).collect()))
}

fn whole(column: Option<&ArrayRef>) -> Option<ArrayRef> {
    let column = column?;
    let cast = || arrow_cast::cast(column, &DataType::Int64).ok();
    column.data_type().is_integer().then(cast)?
}

fn number(column: Option<&ArrayRef>, at: usize) -> Option<i64> {
    let numbers = column?.as_primitive_opt::<Int64Type>()?;
    numbers.is_valid(at).then(|| numbers.value(at))
}

/// Days; a text is one too, if it reads as such.
fn dates(column: Option<&ArrayRef>) -> Option<ArrayRef> {
    let column = column?;
    let is_date = column.data_type() == &DataType::Date32 || columns::is_text(column.data_type());
    let cast = || arrow_cast::cast(column, &DataType::Date32).ok();
    is_date.then(cast)?
}

/// What is read of a file's columns.
fn wanted(parquet: &SchemaDescriptor, schema: &Schema, catalog: &Catalog) -> ProjectionMask {
    let (c, partition) = (&catalog.columns, &catalog.layout.columns);
    let names = [
        c.decision_id.as_str(),
        &c.entity_id,
        &c.decided_at,
        &c.value,
        &c.previous_value,
        &c.rule,
        &c.rule_version,
        &c.is_override,
        &c.evidence,
        &c.decision_dates,
        &partition.attribute,
        &partition.bucket,
        &partition.date,
        COMMIT_TIME,
    ];
    let roots: Vec<usize> = names
        .iter()
        .filter_map(|name| columns::position(schema, name))
        .collect();
    let evidence = columns::position(schema, &c.evidence);
    let is_text = evidence.is_some_and(|at| columns::is_text(schema.field(at).data_type()));
    let leaves = (0..parquet.num_columns()).filter(|leaf| {
        let root = parquet.get_column_root_idx(*leaf);
        let path = parquet.column(*leaf).path().parts().to_vec();
        let is_of_winner = path.last().is_some_and(|last| {
            ["selected", "value"]
                .iter()
                .any(|field| last.eq_ignore_ascii_case(field))
        });
        roots.contains(&root) && (evidence != Some(root) || is_text || is_of_winner)
    });
    ProjectionMask::leaves(parquet, leaves)
}

/// A file's columns in the contract's words.
fn fields(schema: &Schema) -> Vec<Field> {
    let field = |field: &Arc<arrow_schema::Field>| Field {
        name: field.name().clone(),
        of: of(field.data_type()),
    };
    schema.fields().iter().map(field).collect()
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "whatever else Arrow has, the contract has no column of it"
)]
fn of(holds: &DataType) -> Type {
    match holds {
        DataType::Dictionary(_, values) => of(values),
        DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Binary
        | DataType::LargeBinary
        | DataType::BinaryView => Type::String,
        DataType::Int64 => Type::Bigint,
        DataType::Int32 => Type::Int,
        DataType::Int16 => Type::Other("smallint".to_owned()),
        DataType::Int8 => Type::Other("tinyint".to_owned()),
        DataType::Float64 => Type::Double,
        DataType::Float32 => Type::Other("float".to_owned()),
        DataType::Boolean => Type::Boolean,
        DataType::Timestamp(..) => Type::Timestamp,
        DataType::Date32 => Type::Date,
        DataType::Decimal128(precision, scale) | DataType::Decimal256(precision, scale) => {
            Type::Other(format!("decimal({precision},{scale})"))
        }
        DataType::List(item) | DataType::LargeList(item) => {
            Type::Array(Box::new(of(item.data_type())))
        }
        DataType::Struct(fields) => {
            let field = |field: &Arc<arrow_schema::Field>| Field {
                name: field.name().clone(),
                of: of(field.data_type()),
            };
            Type::Struct(fields.iter().map(field).collect())
        }
        other => Type::Other(other.to_string()),
    }
}
