//! The columns of a table's files against the contract's.
//!
//! A type that differs, and a column that must be there and is not, is a finding at once. One that
//! may be missing is only one where newer files lack what older ones have: a column that was added
//! later is how tables grow. Start at [`Columns::see`].

use std::collections::BTreeMap;

use super::finding::{Finding, Findings, Kind, Side};
use crate::catalog::Catalog;
use crate::contract::drift::{self, Difference};
use crate::contract::{self, Field, Nulls, Table, Type};

/// What the contract has for a table, under the catalog's names.
pub(super) struct Columns {
    table: String,
    expected: Vec<Field>,
    required: Vec<String>,
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
            required: never
                .map(|column| catalog.column(table, column.name).to_owned())
                .collect(),
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
            let Some(newest_having) = presence.newest_having else {
                nowhere.push(column);
                continue;
            };
            let (written, file) = presence.newest_lacking;
            if written > newest_having {
                let of = type_of(&self.expected, &column);
                let difference = Difference {
                    column,
                    expected: of,
                    found: None,
                };
                let mut finding = finding(&self.table, &difference, Side::Files).example(file);
                finding.found.1 =
                    "no such column in the newest, though older ones have it".to_owned();
                finding.count = presence.lacking;
                findings.add(finding);
            }
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
