//! The columns of a file, whatever its writer called, ordered and typed them.
//!
//! Finds the data contract's columns under the catalog's names and reads them from a
//! batch as plain Rust values. A column of a type that can't be meant is an error;
//! what is optional and not there reads as null. Start at [`Wanted`].

use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, TimestampMicrosecondType};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray,
};
use arrow_cast::{CastOptions, cast_with_options};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use jiff::Timestamp;

use crate::catalog::Columns;
use crate::engine::Error;
use crate::trace::round_to_millis;

/// Hudi's own: when a row was written.
pub(super) const COMMIT_TIME: &str = "_hoodie_commit_time";

/// The names to read from every file.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub(super) columns: Columns,
}

impl Wanted {
    fn required(&self) -> [&str; 3] {
        [
            &self.columns.decision_id,
            &self.columns.entity_id,
            &self.columns.decided_at,
        ]
    }

    /// The root columns to read; `Err` where one that must be there is not.
    pub(super) fn roots(&self, schema: &Schema, file: &str) -> Result<Vec<usize>, Error> {
        for name in self.required() {
            if position(schema, name).is_none() {
                return Err(missing(file, name));
            }
        }
        let c = &self.columns;
        let optional = [
            &c.value,
            &c.previous_value,
            &c.rule,
            &c.rule_version,
            &c.reason,
            &c.run_id,
            &c.actor,
            &c.is_override,
            &c.evidence,
            &c.decision_dates,
        ];
        let optional = optional
            .into_iter()
            .map(String::as_str)
            .chain([COMMIT_TIME]);
        Ok(self
            .required()
            .into_iter()
            .chain(optional)
            .filter_map(|name| position(schema, name))
            .collect())
    }

    /// The root columns that say whose and of when a row is.
    pub(super) fn place(&self, schema: &Schema, file: &str) -> Result<Vec<usize>, Error> {
        let (entity, field) = self.entity(schema, file)?;
        whole_numbers(field, file)?;
        let name = &self.columns.decided_at;
        let time = position(schema, name).ok_or_else(|| missing(file, name))?;
        Ok(vec![entity, time])
    }

    /// Where the entity's id is.
    pub(super) fn entity<'a>(
        &self,
        schema: &'a Schema,
        file: &str,
    ) -> Result<(usize, &'a Field), Error> {
        let name = &self.columns.entity_id;
        let at = position(schema, name).ok_or_else(|| missing(file, name))?;
        Ok((at, schema.field(at)))
    }
}

/// Where a column is: by its name, else, as in Athena, by its name in any case.
pub(super) fn position(schema: &Schema, name: &str) -> Option<usize> {
    let exact = schema
        .fields()
        .iter()
        .position(|field| field.name() == name);
    exact.or_else(|| {
        schema
            .fields()
            .iter()
            .position(|field| field.name().eq_ignore_ascii_case(name))
    })
}

fn missing(file: &str, column: &str) -> Error {
    Error::MissingColumn {
        file: file.to_owned(),
        column: column.to_owned(),
    }
}

fn wrong(file: &str, column: &str, holds: &DataType, expected: &str) -> Error {
    Error::CorruptFile {
        file: file.to_owned(),
        reason: format!("its column {column} holds {holds}, not {expected}"),
    }
}

/// Ids can't be text or fractions.
pub(super) fn whole_numbers(field: &Field, file: &str) -> Result<(), Error> {
    match field.data_type().is_integer() {
        true => Ok(()),
        false => Err(wrong(
            file,
            field.name(),
            field.data_type(),
            "whole numbers",
        )),
    }
}

/// A batch of some file, read by column names.
#[derive(Debug, Clone, Copy)]
pub(super) struct Batch<'a> {
    pub(super) batch: &'a RecordBatch,
    pub(super) file: &'a str,
}

impl Batch<'_> {
    pub(super) fn column(&self, name: &str) -> Option<&ArrayRef> {
        position(self.batch.schema_ref(), name).map(|at| self.batch.column(at))
    }

    pub(super) fn text(&self, name: &str) -> Result<Texts, Error> {
        texts(self.column(name), name, self.file)
    }

    pub(super) fn instants(&self, name: &str) -> Result<Instants, Error> {
        instants(self.column(name), name, self.file)
    }

    pub(super) fn ids(&self, name: &str) -> Result<Option<Int64Array>, Error> {
        let Some(column) = self.column(name) else {
            return Ok(None);
        };
        let cast = cast(column, &DataType::Int64, name, self.file)?;
        Ok(cast.as_primitive_opt::<Int64Type>().cloned())
    }

    pub(super) fn flags(&self, name: &str) -> Result<Flags, Error> {
        flags(self.column(name), name, self.file)
    }

    /// The entity's rows hold what they must.
    pub(super) fn present<T>(&self, value: Option<T>, column: &str) -> Result<T, Error> {
        value.ok_or_else(|| Error::CorruptFile {
            file: self.file.to_owned(),
            reason: format!("its column {column} is null in a row of this company"),
        })
    }
}

/// Text of any kind, null where there is no such column.
pub(super) struct Texts(Option<StringArray>);

impl Texts {
    pub(super) fn get(&self, row: usize) -> Option<String> {
        let texts = self.0.as_ref()?;
        (row < texts.len() && texts.is_valid(row)).then(|| texts.value(row).to_owned())
    }
}

pub(super) fn texts(column: Option<&ArrayRef>, name: &str, file: &str) -> Result<Texts, Error> {
    let Some(column) = column else {
        return Ok(Texts(None));
    };
    if !is_text(column.data_type()) {
        return Err(wrong(file, name, column.data_type(), "text"));
    }
    let cast = cast(column, &DataType::Utf8, name, file)?;
    Ok(Texts(cast.as_string_opt::<i32>().cloned()))
}

/// Old writers leave strings without their mark: plain bytes. Allowed if they are UTF-8.
pub(super) fn is_text(holds: &DataType) -> bool {
    if let DataType::Dictionary(_, values) = holds {
        return is_text(values);
    }
    holds.is_string() || holds.is_binary() || holds.is_null()
}

/// Whole milliseconds, null where there is no such column.
pub(super) struct Instants(Option<Int64Array>, TimeUnit);

impl Instants {
    pub(super) fn get(&self, row: usize) -> Option<Timestamp> {
        round_to_millis(self.micros(row)?)
    }

    /// Before it is rounded.
    pub(super) fn exact(&self, row: usize) -> Option<Timestamp> {
        Timestamp::from_microsecond(self.micros(row)?).ok()
    }

    fn micros(&self, row: usize) -> Option<i64> {
        let counts = self.0.as_ref()?;
        let count = (row < counts.len() && counts.is_valid(row)).then(|| counts.value(row))?;
        match self.1 {
            TimeUnit::Second => count.checked_mul(1_000_000),
            TimeUnit::Millisecond => count.checked_mul(1_000),
            TimeUnit::Microsecond => Some(count),
            TimeUnit::Nanosecond => Some(count.div_euclid(1_000)),
        }
    }
}

/// With or without a zone: both count from the epoch, UTC.
pub(super) fn instants(
    column: Option<&ArrayRef>,
    name: &str,
    file: &str,
) -> Result<Instants, Error> {
    let Some(column) = column else {
        return Ok(Instants(None, TimeUnit::Second));
    };
    if let DataType::Timestamp(unit, _) = column.data_type() {
        let counts = cast(column, &DataType::Int64, name, file)?;
        return Ok(Instants(
            counts.as_primitive_opt::<Int64Type>().cloned(),
            *unit,
        ));
    }
    if !matches!(column.data_type(), DataType::Date32 | DataType::Null) {
        return Err(wrong(file, name, column.data_type(), "timestamps"));
    }
    let micros = DataType::Timestamp(TimeUnit::Microsecond, None);
    let cast = cast(column, &micros, name, file)?;
    let counts = cast
        .as_primitive_opt::<TimestampMicrosecondType>()
        .map(|days| days.reinterpret_cast::<Int64Type>());
    Ok(Instants(counts, TimeUnit::Microsecond))
}

/// False where null or not there.
pub(super) struct Flags(Option<BooleanArray>);

impl Flags {
    pub(super) fn get(&self, row: usize) -> bool {
        self.0
            .as_ref()
            .is_some_and(|flags| row < flags.len() && flags.is_valid(row) && flags.value(row))
    }
}

pub(super) fn flags(column: Option<&ArrayRef>, name: &str, file: &str) -> Result<Flags, Error> {
    let Some(column) = column else {
        return Ok(Flags(None));
    };
    if !matches!(column.data_type(), DataType::Boolean | DataType::Null) {
        return Err(wrong(file, name, column.data_type(), "true and false"));
    }
    let cast = cast(column, &DataType::Boolean, name, file)?;
    Ok(Flags(cast.as_boolean_opt().cloned()))
}

pub(super) fn numbers(
    column: Option<&ArrayRef>,
    name: &str,
    file: &str,
) -> Result<Option<Float64Array>, Error> {
    let Some(column) = column else {
        return Ok(None);
    };
    if !column.data_type().is_numeric() && !column.data_type().is_null() {
        return Err(wrong(file, name, column.data_type(), "numbers"));
    }
    let cast = cast(column, &DataType::Float64, name, file)?;
    Ok(cast.as_primitive_opt().cloned())
}

/// Strict: what does not fit is an error, never a null.
pub(super) fn cast(
    column: &ArrayRef,
    to: &DataType,
    name: &str,
    file: &str,
) -> Result<ArrayRef, Error> {
    let options = CastOptions {
        safe: false,
        ..CastOptions::default()
    };
    cast_with_options(column, to, &options).map_err(|e| Error::CorruptFile {
        file: file.to_owned(),
        reason: format!("its column {name} can't be read: {e}"),
    })
}
