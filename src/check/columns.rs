//! The columns of a table's files against the contract's.
//!
//! A type that differs, and a column that must be there and is not, is a finding at once. One that
//! may be missing is only one where newer files lack what older ones have (a column that was added
//! later is how tables grow), or where no file has it and every answer is empty for want of it.
//! Start at [`Columns::see`].

use std::collections::BTreeMap;

use super::finding::{Finding, Findings, Kind, Side};
use crate::catalog::Catalog;
use crate::contract::drift::{self, Difference};
use crate::contract::{self, Field, Nulls, Table, Type};

/// Null in some rows, but what every answer is about: what is lost where no file has it.
const CENTRAL: [(&str, &str); 6] = [
    ("value", "every answer is \u{201c}no value\u{201d}"),
    (
        "previous_value",
        "histories warn of decisions that seem to be missing",
    ),
    (
        "evidence",
        "no answer names a source, nor what the others said",
    ),
    ("evidence.source", "no answer names a source"),
    ("evidence.value", "no answer tells what the others said"),
    ("evidence.selected", "no answer names the source that won"),
];

/// What the contract has for a table, under the catalog's names.
pub(super) struct Columns {
    table: String,
    expected: Vec<Field>,
    required: Vec<String>,
    /// The value's column.
    value: String,
    /// By column: what is lost without it.
    central: BTreeMap<String, &'static str>,
    /// By column: files with it, and without it.
    there: BTreeMap<String, Presence>,
}

#[derive(Debug, Default)]
struct Presence {
    lacking: u64,
    /// When the newest such file was written, and which it is.
    newest_lacking: (String, String),
    /// `None` where no file has it.
    newest_having: Option<String>,
}

/// What one file's columns mean for its rows.
pub(super) struct Judged {
    /// Columns that are not there, or of another type.
    wrong: Vec<Difference>,
}

impl Judged {
    /// Whether this column can be read as the contract says.
    pub(super) fn holds(&self, column: &str) -> bool {
        !self.wrong.iter().any(|wrong| wrong.column == column)
    }

    /// Whether this column is there, and of another type.
    pub(super) fn is_retyped(&self, column: &str) -> bool {
        let of = |wrong: &&Difference| wrong.column == column;
        let wrong = self.wrong.iter().find(of);
        wrong.is_some_and(|wrong| wrong.found.is_some())
    }
}

/// The contract's columns of a table, under the catalog's names.
pub(super) fn expected(table: Table, catalog: &Catalog) -> Vec<Field> {
    let own = |column: &contract::Column| Field {
        name: catalog.column(table, column.name).to_owned(),
        of: column.of.clone(),
    };
    table.columns().iter().map(own).collect()
}

impl Columns {
    pub(super) fn new(table: Table, name: &str, catalog: &Catalog) -> Self {
        let never = table.columns();
        let never = never.iter().filter(|column| column.nulls == Nulls::Never);
        Columns {
            table: name.to_owned(),
            expected: expected(table, catalog),
            value: catalog.columns.value.clone(),
            required: never
                .map(|column| catalog.column(table, column.name).to_owned())
                .collect(),
            central: central(table, catalog),
            there: BTreeMap::new(),
        }
    }

    /// A file's columns. `written` sorts by time.
    pub(super) fn see(
        &mut self,
        seen: &[Field],
        (file, written): (&str, &str),
        findings: &mut Findings,
    ) -> Judged {
        let differences = drift::differences(&self.expected, seen);
        for name in names(&self.expected) {
            // A struct that is not there, or is none, says nothing of its fields.
            if let Some((root, _)) = name.split_once('.')
                && differences.iter().any(|d| d.column == root)
            {
                continue;
            }
            let lacks = differences
                .iter()
                .any(|d| d.column == name && d.found.is_none());
            let presence = self.there.entry(name).or_default();
            if !lacks {
                let newest = presence.newest_having.take().unwrap_or_default();
                presence.newest_having = Some(newest.max(written.to_owned()));
                continue;
            }
            presence.lacking += 1;
            if written >= presence.newest_lacking.0.as_str() {
                presence.newest_lacking = (written.to_owned(), file.to_owned());
            }
        }
        for difference in &differences {
            if difference.found.is_some() || self.required.contains(&difference.column) {
                findings
                    .add(finding(&self.table, difference, Side::Files).example(file.to_owned()));
            }
        }
        Judged { wrong: differences }
    }

    /// What only shows once every file was seen; what is in none of them, as a note.
    pub(super) fn finish(self, findings: &mut Findings) -> Option<String> {
        let mut nowhere = Vec::new();
        for (column, presence) in self.there {
            if presence.lacking == 0 || self.required.contains(&column) {
                continue;
            }
            let (written, file) = presence.newest_lacking;
            let lost = self.central.get(&column);
            let (says, lost) = match (presence.newest_having, lost) {
                (Some(having), _) if written > having => (
                    "no such column in those written last, though older ones have it",
                    "",
                ),
                // One that was added later is how tables grow, but nobody begins without values.
                (Some(_), Some(lost)) if column == self.value => {
                    ("some files lack it, others have it", *lost)
                }
                (Some(_), _) => continue,
                (None, Some(lost)) => ("no file that was read has it", *lost),
                (None, None) => {
                    nowhere.push(column);
                    continue;
                }
            };
            let difference = Difference {
                expected: type_of(&self.expected, &column),
                column,
                found: None,
            };
            let mut finding = finding(&self.table, &difference, Side::Files).example(file);
            if !lost.is_empty() {
                finding.advice = format!(
                    "Without it {lost}. Let the pipeline write it; or, where it is called otherwise, \
                     name your own column under [columns] in the catalog."
                );
            }
            says.clone_into(&mut finding.found.1);
            finding.count = presence.lacking;
            findings.add(finding);
        }
        (!nowhere.is_empty()).then(|| {
            format!(
                "{}: no file that was read has {}; answers do without.",
                self.table,
                nowhere.join(", ")
            )
        })
    }
}

fn central(table: Table, catalog: &Catalog) -> BTreeMap<String, &'static str> {
    let central = match table {
        Table::Trace | Table::Latest => &CENTRAL[..],
        Table::Entities => &[],
    };
    let own = |(column, lost): &(&str, &'static str)| {
        let (root, below) = column.split_once('.').unwrap_or((column, ""));
        let root = catalog.column(table, root);
        let dot = if below.is_empty() { "" } else { "." };
        (format!("{root}{dot}{below}"), *lost)
    };
    central.iter().map(own).collect()
}

/// A difference as a finding.
pub(super) fn finding(table: &str, difference: &Difference, side: Side) -> Finding {
    let (kind, found) = match &difference.found {
        Some(found) => (Kind::ColumnType, found.to_string()),
        None => (Kind::ColumnMissing, "no such column".to_owned()),
    };
    let expected = (Side::Contract, difference.expected.to_string());
    Finding::new(kind, table, expected, (side, found)).column(&difference.column)
}

/// Columns, and the fields of structs in them (`evidence.source`).
fn names(fields: &[Field]) -> Vec<String> {
    let mut all = Vec::new();
    for field in fields {
        all.push(field.name.clone());
        if let Some(inner) = inner(&field.of) {
            all.extend(
                inner
                    .iter()
                    .map(|below| format!("{}.{}", field.name, below.name)),
            );
        }
    }
    all
}

fn inner(of: &Type) -> Option<&[Field]> {
    let of = if let Type::Array(item) = of {
        item.as_ref()
    } else {
        of
    };
    if let Type::Struct(fields) = of {
        return Some(fields);
    }
    None
}

fn type_of(fields: &[Field], column: &str) -> Type {
    let (root, below) = column.split_once('.').unwrap_or((column, ""));
    let field = drift::named(fields, root);
    let inner = field.and_then(|field| inner(&field.of)).unwrap_or_default();
    let found = drift::named(inner, below).or(field);
    found.map_or(Type::Other(String::new()), |field| field.of.clone())
}
