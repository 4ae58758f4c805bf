//! From Arrow batches to decisions.
//!
//! Batches hold rows of one entity only (see `file`); the attribute is the
//! partition's, not the row's. Start at [`rows`].

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::Date32Type;
use arrow_schema::{DataType, Field};
use jiff::civil::Date;

use super::columns::{self, Batch, COMMIT_TIME, Wanted};
use super::evidence;
use crate::engine::Error;
use crate::engine::latest::Row;
use crate::trace::Decision;

/// What a batch does not say of itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin<'a> {
    pub(super) file: &'a str,
    pub(super) entity_id: i64,
    pub(super) attribute: &'a str,
    /// When the file was written, in a text that sorts; a row's own commit time wins.
    pub(super) written: &'a str,
}

pub(super) fn rows(
    batch: &RecordBatch,
    wanted: &Wanted,
    origin: Origin<'_>,
) -> Result<Vec<Row>, Error> {
    let c = &wanted.columns;
    let batch = Batch {
        batch,
        file: origin.file,
    };
    let decision_id = batch.text(&c.decision_id)?;
    let decided_at = batch.instants(&c.decided_at)?;
    let value = batch.text(&c.value)?;
    let previous_value = batch.text(&c.previous_value)?;
    let rule = batch.text(&c.rule)?;
    let rule_version = batch.text(&c.rule_version)?;
    let reason = batch.text(&c.reason)?;
    let run_id = batch.text(&c.run_id)?;
    let actor = batch.text(&c.actor)?;
    let is_override = batch.flags(&c.is_override)?;
    let commit_time = batch.text(COMMIT_TIME)?;
    let evidence = evidence::column(batch.column(&c.evidence), &c.evidence, origin.file)?;
    let decision_dates = day_lists(batch, &c.decision_dates)?;
    (0..batch.batch.num_rows())
        .map(|row| {
            let decision = Decision {
                decision_id: batch.present(decision_id.get(row), &c.decision_id)?,
                entity_id: origin.entity_id,
                attribute: origin.attribute.to_owned(),
                decided_at: batch.present(decided_at.get(row), &c.decided_at)?,
                value: value.get(row),
                previous_value: previous_value.get(row),
                rule: rule.get(row),
                rule_version: rule_version.get(row),
                reason: reason.get(row),
                run_id: run_id.get(row),
                actor: actor.get(row),
                is_override: is_override.get(row),
                evidence: evidence.get(row)?,
                written: commit_time
                    .get(row)
                    .unwrap_or_else(|| origin.written.to_owned()),
            };
            let decision_dates = decision_dates.get(row).cloned().flatten();
            Ok(Row {
                decision,
                decision_dates,
            })
        })
        .collect()
}

/// From days since the epoch.
pub(super) fn day(days: i32) -> Option<Date> {
    let span = jiff::Span::new().try_days(days).ok()?;
    Date::constant(1970, 1, 1).checked_add(span).ok()
}

/// One list of days for each row; none at all where there is no such column.
pub(super) fn day_lists(batch: Batch<'_>, name: &str) -> Result<Vec<Option<Vec<Date>>>, Error> {
    let Some(column) = batch.column(name) else {
        return Ok(Vec::new());
    };
    let days = DataType::List(Field::new_list_field(DataType::Date32, true).into());
    let cast = columns::cast(column, &days, name, batch.file)?;
    let Some(lists) = cast.as_list_opt::<i32>() else {
        return Ok(Vec::new());
    };
    let list = |days: arrow_array::ArrayRef| {
        let days = days.as_primitive_opt::<Date32Type>()?;
        days.iter()
            .flatten()
            .map(day)
            .collect::<Option<Vec<Date>>>()
    };
    Ok(lists.iter().map(|days| days.and_then(list)).collect())
}
