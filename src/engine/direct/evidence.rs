//! The evidence column: every candidate of a decision.
//!
//! A list of structs as the data contract has it, whatever the order of its fields and
//! whichever are missing; or, as some teams keep it, the same as JSON text. Start at
//! [`column`].

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, Float64Array, StructArray};
use arrow_schema::{DataType, Field};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::columns::{self, Flags, Instants, Texts};
use crate::engine::Error;
use crate::trace::{Candidate, round_to_millis};

/// The column of one batch.
pub(super) enum Evidence<'a> {
    Missing,
    Lists {
        ends: Vec<usize>,
        fields: Box<Fields>,
    },
    Json {
        texts: Texts,
        name: &'a str,
        file: &'a str,
    },
}

/// The structs of all rows, field by field.
pub(super) struct Fields {
    present: Vec<bool>,
    source: Texts,
    record_id: Texts,
    value: Texts,
    observed_at: Instants,
    confidence: Option<Float64Array>,
    selected: Flags,
    reason: Texts,
    url: Texts,
}

pub(super) fn column<'a>(
    column: Option<&ArrayRef>,
    name: &'a str,
    file: &'a str,
) -> Result<Evidence<'a>, Error> {
    let Some(column) = column else {
        return Ok(Evidence::Missing);
    };
    if column.data_type().is_null() {
        return Ok(Evidence::Missing);
    }
    if columns::is_text(column.data_type()) {
        let texts = columns::texts(Some(column), name, file)?;
        return Ok(Evidence::Json { texts, name, file });
    }
    let (DataType::List(item) | DataType::LargeList(item)) = column.data_type() else {
        return Err(wrong(column, name, file));
    };
    let list = DataType::List(Field::clone(item).into());
    let lists = columns::cast(column, &list, name, file)?;
    let lists = lists
        .as_list_opt::<i32>()
        .ok_or_else(|| wrong(column, name, file))?;
    let structs = lists
        .values()
        .as_struct_opt()
        .ok_or_else(|| wrong(column, name, file))?;
    let ends = lists
        .offsets()
        .iter()
        .filter_map(|end| usize::try_from(*end).ok());
    Ok(Evidence::Lists {
        ends: ends.collect(),
        fields: Box::new(fields(structs, name, file)?),
    })
}

fn wrong(column: &ArrayRef, name: &str, file: &str) -> Error {
    Error::CorruptFile {
        file: file.to_owned(),
        reason: format!(
            "its column {name} holds {}, not a list of candidates",
            column.data_type()
        ),
    }
}

fn fields(structs: &StructArray, name: &str, file: &str) -> Result<Fields, Error> {
    let field = |field: &str| {
        let exact = structs.column_by_name(field);
        let any_case = || {
            let at = structs
                .fields()
                .iter()
                .position(|f| f.name().eq_ignore_ascii_case(field));
            at.map(|at| structs.column(at))
        };
        (exact.or_else(any_case), format!("{name}.{field}"))
    };
    let text = |wanted: &str| {
        let (column, name) = field(wanted);
        columns::texts(column, &name, file)
    };
    let (observed_at, observed_at_name) = field("observed_at");
    let (confidence, confidence_name) = field("confidence");
    let (selected, selected_name) = field("selected");
    Ok(Fields {
        present: (0..structs.len()).map(|at| structs.is_valid(at)).collect(),
        source: text("source")?,
        record_id: text("record_id")?,
        value: text("value")?,
        observed_at: columns::instants(observed_at, &observed_at_name, file)?,
        confidence: columns::numbers(confidence, &confidence_name, file)?,
        selected: columns::flags(selected, &selected_name, file)?,
        reason: text("reason")?,
        url: text("url")?,
    })
}

impl Evidence<'_> {
    /// The candidates of one row.
    pub(super) fn get(&self, row: usize) -> Result<Vec<Candidate>, Error> {
        match self {
            Evidence::Missing => Ok(Vec::new()),
            Evidence::Lists { ends, fields } => {
                let (start, end) = (ends.get(row), ends.get(row + 1));
                let range = start.zip(end).map_or(0..0, |(start, end)| *start..*end);
                Ok(range.filter_map(|at| fields.candidate(at)).collect())
            }
            Evidence::Json { texts, name, file } => {
                let Some(text) = texts.get(row) else {
                    return Ok(Vec::new());
                };
                json(&text).map_err(|why| Error::CorruptFile {
                    file: (*file).to_owned(),
                    reason: format!("its column {name} is no JSON list of candidates: {why}"),
                })
            }
        }
    }
}

impl Fields {
    fn candidate(&self, at: usize) -> Option<Candidate> {
        self.present.get(at).filter(|present| **present)?;
        let confidence = self.confidence.as_ref();
        Some(Candidate {
            source: self.source.get(at).unwrap_or_default(),
            record_id: self.record_id.get(at),
            value: self.value.get(at),
            observed_at: self.observed_at.get(at),
            confidence: confidence.filter(|c| c.is_valid(at)).map(|c| c.value(at)),
            selected: self.selected.get(at),
            reason: self.reason.get(at),
            url: self.url.get(at),
        })
    }
}

fn json(text: &str) -> Result<Vec<Candidate>, String> {
    let items: Vec<Map<String, Value>> = serde_json::from_str(text).map_err(|e| e.to_string())?;
    items.iter().map(candidate).collect()
}

fn candidate(item: &Map<String, Value>) -> Result<Candidate, String> {
    let text = |name: &str| match item.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(Value::Number(number)) => Ok(Some(number.to_string())),
        Some(Value::Bool(_) | Value::Array(_) | Value::Object(_)) => {
            Err(format!("{name} is no text"))
        }
    };
    let observed_at = text("observed_at")?
        .map(|typed| instant(&typed).ok_or_else(|| format!("observed_at \"{typed}\" is no time")))
        .transpose()?;
    Ok(Candidate {
        source: text("source")?.unwrap_or_default(),
        record_id: text("record_id")?,
        value: text("value")?,
        observed_at,
        confidence: item.get("confidence").and_then(Value::as_f64),
        selected: item
            .get("selected")
            .and_then(Value::as_bool)
            .unwrap_or_default(),
        reason: text("reason")?,
        url: text("url")?,
    })
}

/// `2023-04-13T15:22:20Z`; also with a space, and without a zone, which means UTC.
fn instant(text: &str) -> Option<Timestamp> {
    let zoned = text.parse::<Timestamp>().ok();
    let instant = zoned.or_else(|| {
        let civil = text.trim_end_matches(" UTC").parse::<DateTime>().ok()?;
        TimeZone::UTC.to_timestamp(civil).ok()
    })?;
    round_to_millis(instant.as_microsecond())
}
