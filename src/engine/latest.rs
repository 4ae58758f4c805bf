//! What the rows of the latest table say of how to go on: pure, and the same for both engines.
//!
//! Knows rows and plans, not where rows come from. Start at [`says`].

use jiff::civil::Date;

use super::{Error, Rows};
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
    /// A row does not say where the others lie: every date is looked at, rung by rung.
    Undated(Undated),
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
        found.push(older_than_any_copy(self.newest));
        found
    }
}

/// A newest decision without the partitions of the others.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Undated {
    newest: Decision,
}

impl Undated {
    /// As [`History::decisions`].
    pub(super) fn beside(self, mut rows: Rows) -> Rows {
        rows.decisions.push(older_than_any_copy(self.newest));
        rows
    }
}

fn older_than_any_copy(decision: Decision) -> Decision {
    Decision {
        written: String::new(),
        ..decision
    }
}

/// # Errors
/// More partitions than the catalog allows.
pub(super) fn says(rows: &[Row], plan: &Plan, catalog: &Catalog) -> Result<Says, Error> {
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
        let Some(listed) = &row.decision_dates else {
            return Ok(Says::Undated(Undated { newest }));
        };
        dates.extend(listed);
    }
    let promised = plan.partitions_from_dates(catalog, &dates);
    dates.push(day);
    let planned = plan.partitions_from_dates(catalog, &dates);
    within(planned.len() as u64, catalog)?;
    Ok(Says::History(History {
        newest,
        dates,
        promised,
        planned,
    }))
}

/// # Errors
/// These are more partitions than the catalog allows at once.
pub(super) fn within(planned: u64, catalog: &Catalog) -> Result<(), Error> {
    let limit = u64::from(catalog.max_partitions);
    match planned > limit {
        true => Err(Error::TooMuch { planned, limit }),
        false => Ok(()),
    }
}
