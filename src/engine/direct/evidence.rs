//! The evidence column: every candidate of a decision.
//!
//! A list of structs as the data contract has it, whatever the order of its fields and
//! whichever are missing; or, as some teams keep it, the same as JSON text. Start at
//! [`column`].

use super::columns::{self, Flags, Instants, Texts};
use crate::engine::{Error, text};
use crate::trace::Candidate;
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, Float64Array, StructArray};
use arrow_schema::{DataType, Field};

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
                text::candidates(&text).map_err(|why| Error::CorruptFile {
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
