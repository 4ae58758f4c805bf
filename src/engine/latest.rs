//! What the rows of the latest table say of how to go on: pure, and the same for both engines.
//!
//! Knows rows and plans, not where rows come from. Start at [`says`].

use jiff::civil::Date;

use super::Error;
use crate::catalog::Catalog;
use crate::layout::{Partition, utc_date};
use crate::plan::Plan;
use crate::trace::Decision;

/// A row of the trace or of the latest table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) decision: Decision,
    /// The latest table's; `None` where null or not a column of this file.
    pub(super) decision_dates: Option<Vec<Date>>,
}

/// What is to be done after the entity's rows of the latest table were read.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Says {
    /// No row: there is no decision.
    Nothing,
    /// The newest decision is all that was asked for.
    Enough(Decision, Date),
    History(History),
}

/// The partitions of the trace that hold the entity, within the plan's bounds.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct History {
    newest: Decision,
    /// All days that the row names, the newest decision's too.
    pub(super) dates: Vec<Date>,
    /// What `decision_dates` says holds a row.
    pub(super) promised: Vec<Partition>,
    /// What is to be read, ascending.
    pub(super) planned: Vec<Partition>,
}

impl History {
    /// The decisions of the answer, from those that the planned partitions held.
    ///
    /// The latest table may be a commit ahead of the trace; where both have the decision,
    /// the trace's copy counts. Beyond as-of it is to be warned of, and before a bounded
    /// look-back it is what still holds.
    pub(super) fn decisions(self, mut found: Vec<Decision>) -> Vec<Decision> {
        found.push(Decision {
            written: String::new(),
            ..self.newest
        });
        found
    }
}

/// `table` names the latest table to a person.
///
/// # Errors
/// A row without `decision_dates`, or more partitions than the catalog allows.
pub(super) fn says(
    rows: &[Row],
    plan: &Plan,
    catalog: &Catalog,
    table: &str,
) -> Result<Says, Error> {
    // A killed append leaves the rows that it replaced beside its own.
    let newest = rows
        .iter()
        .map(|row| &row.decision)
        .max_by_key(|decision| (decision.decided_at, &decision.written));
    let Some(newest) = newest.cloned() else {
        return Ok(Says::Nothing);
    };
    let day = utc_date(newest.decided_at);
    if plan.latest_only && newest.decided_at <= plan.as_of {
        return Ok(Says::Enough(newest, day));
    }
    let mut dates = Vec::new();
    for row in rows {
        let listed = row
            .decision_dates
            .as_ref()
            .ok_or_else(|| Error::MissingColumn {
                file: format!("the row of company {} in {table}", plan.entity_id),
                column: catalog.columns.decision_dates.clone(),
            })?;
        dates.extend(listed);
    }
    let promised = plan.partitions_from_dates(catalog, &dates);
    dates.push(day);
    let planned = plan.partitions_from_dates(catalog, &dates);
    let limit = u64::from(catalog.max_partitions);
    if planned.len() as u64 > limit {
        return Err(Error::TooMuch {
            planned: planned.len() as u64,
            limit,
        });
    }
    Ok(Says::History(History {
        newest,
        dates,
        promised,
        planned,
    }))
}
