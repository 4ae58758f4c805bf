//! From Athena's texts to decisions.
//!
//! Every value comes as a text, NULL as none; columns are found by the names that `crate::sql`
//! gives them. Start at [`rows`].

use std::collections::HashMap;

use jiff::civil::Date;

use super::query::Table;
use crate::engine::latest::Row;
use crate::engine::{Error, text};
use crate::plan::Plan;
use crate::trace::Decision;

/// A row, and where it lay.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub(super) row: Row,
    /// The date partition of a row of the trace; `None` for one of the latest table.
    pub(super) partition: Option<Date>,
    /// The file, where Athena says so.
    pub(super) path: Option<String>,
}

pub(super) fn rows(table: &Table, plan: &Plan) -> Result<Vec<Found>, Error> {
    let columns: HashMap<&str, usize> = table
        .columns
        .iter()
        .enumerate()
        .map(|(at, name)| (name.as_str(), at))
        .collect();
    let read = |row| Values {
        columns: &columns,
        row,
    };
    let found = table.rows.iter().map(|row| found(&read(row), plan));
    found
        .collect::<Result<_, String>>()
        .map_err(|reason| bad(table, reason))
}

/// The values of a column of texts.
pub(super) fn texts(table: &Table, column: &str) -> Result<Vec<String>, Error> {
    let at = table.columns.iter().position(|name| name == column);
    let at = at.ok_or_else(|| bad(table, format!("it has no column {column}")))?;
    let rows = table.rows.iter();
    Ok(rows
        .filter_map(|row| row.get(at).cloned().flatten())
        .collect())
}

fn bad(table: &Table, reason: String) -> Error {
    Error::BadResult {
        query_id: table.query_id.clone(),
        reason,
    }
}

struct Values<'a> {
    columns: &'a HashMap<&'a str, usize>,
    row: &'a [Option<String>],
}

impl Values<'_> {
    /// A column that is not there at all is an error, unless it may be (`partition`).
    fn optional(&self, column: &str) -> Option<&str> {
        let at = *self.columns.get(column)?;
        self.row.get(at)?.as_deref()
    }

    fn get(&self, column: &str) -> Result<Option<&str>, String> {
        match self.columns.contains_key(column) {
            true => Ok(self.optional(column)),
            false => Err(format!("it has no column {column}")),
        }
    }

    fn text(&self, column: &str) -> Result<Option<String>, String> {
        Ok(self.get(column)?.map(str::to_owned))
    }

    fn present(&self, column: &str) -> Result<&str, String> {
        self.get(column)?
            .ok_or_else(|| format!("a row has no {column}"))
    }
}

fn found(values: &Values<'_>, plan: &Plan) -> Result<Found, String> {
    let id = values.present("entity_id")?;
    if id.parse() != Ok(plan.entity_id) {
        return Err(format!("a row is of company {id}"));
    }
    let typed = values.present("decided_at")?;
    let decided_at =
        text::instant(typed).ok_or_else(|| format!("decided_at \"{typed}\" is no time"))?;
    let evidence = match values.get("evidence")? {
        Some(json) => text::candidates(json).map_err(|why| format!("its evidence: {why}"))?,
        None => Vec::new(),
    };
    let decision_dates = match values.optional("decision_dates") {
        Some(json) => text::days(json).map_err(|why| format!("its decision_dates: {why}"))?,
        None => None,
    };
    let partition = match values.optional("partition") {
        Some(day) => Some(
            day.parse()
                .map_err(|_| format!("partition \"{day}\" is no day"))?,
        ),
        None => None,
    };
    let written = values.optional("written").unwrap_or_default();
    // A path orders copies by its file's name, as the direct engine does.
    let (folder, name) = written.rsplit_once('/').unwrap_or(("", written));
    let decision = Decision {
        decision_id: values.present("decision_id")?.to_owned(),
        entity_id: plan.entity_id,
        attribute: plan.attribute.clone(),
        decided_at,
        value: values.text("value")?,
        previous_value: values.text("previous_value")?,
        rule: values.text("rule")?,
        rule_version: values.text("rule_version")?,
        reason: values.text("reason")?,
        run_id: values.text("run_id")?,
        actor: values.text("actor")?,
        is_override: flag(values.get("override")?)?,
        evidence,
        written: name.to_owned(),
    };
    Ok(Found {
        row: Row {
            decision,
            decision_dates,
        },
        partition,
        path: (!folder.is_empty()).then(|| written.to_owned()),
    })
}

fn flag(value: Option<&str>) -> Result<bool, String> {
    match value {
        Some("true" | "1") => Ok(true),
        None | Some("false" | "0") => Ok(false),
        Some(other) => Err(format!("override \"{other}\" is neither true nor false")),
    }
}
