//! The SQL that Athena runs for a plan, and what it would cost.
//!
//! **Invariant:** it holds the catalog's identifiers and attribute names, integers and
//! dates, each rendered from its type; no text of a question ever enters it
//! (property-tested). Predicates on partition columns are literals: nothing else prunes.
//! Start at [`select`].

use jiff::civil::Date;

use crate::catalog::{Catalog, Cost};
use crate::layout::{Format, PartitionColumn};
use crate::plan::{Error, Plan, Span};

#[cfg(test)]
mod tests;

/// One rung of a plan over the trace table. Result columns have the contract's names,
/// whatever the team's are; `evidence` is JSON; `written` orders copies of a decision
/// (Hudi's commit time, else the file's path).
///
/// # Errors
/// An attribute that the catalog does not have: its partition would silently be empty.
pub fn select(plan: &Plan, catalog: &Catalog, span: Span) -> Result<String, Error> {
    let dates = format!(
        "{} BETWEEN {} AND {}",
        identifier(catalog.layout.column(PartitionColumn::Date)),
        date(span.from),
        date(span.to),
    );
    query(plan, catalog, &catalog.lake.trace, Some(&dates))
}

/// The partitions of these dates over the trace table, as
/// [`Plan::partitions_from_dates`] gives them; no dates select no row.
///
/// # Errors
/// An attribute that the catalog does not have.
pub fn select_dates(plan: &Plan, catalog: &Catalog, dates: &[Date]) -> Result<String, Error> {
    let dates: Vec<String> = dates.iter().map(|day| date(*day)).collect();
    let dates = if dates.is_empty() {
        "FALSE".to_owned()
    } else {
        format!(
            "{} IN ({})",
            identifier(catalog.layout.column(PartitionColumn::Date)),
            dates.join(", ")
        )
    };
    query(plan, catalog, &catalog.lake.trace, Some(&dates))
}

/// The entity's row of the latest table, with `decision_dates` as JSON; `None` where
/// the catalog has no such table.
///
/// # Errors
/// An attribute that the catalog does not have.
pub fn latest(plan: &Plan, catalog: &Catalog) -> Result<Option<String>, Error> {
    let table = catalog.lake.latest.as_deref();
    table
        .map(|table| query(plan, catalog, table, None))
        .transpose()
}

/// What a query that scans this much costs, in dollars: Athena rounds up to whole
/// megabytes and charges a minimum (<https://aws.amazon.com/athena/pricing/>).
#[must_use]
pub fn cost(bytes: u64, catalog: &Catalog) -> f64 {
    let Cost {
        usd_per_tb,
        minimum_bytes,
    } = catalog.cost;
    let megabytes = bytes.max(minimum_bytes).div_ceil(1_000_000);
    #[expect(clippy::cast_precision_loss, reason = "exact below 2^53 megabytes")]
    let megabytes = megabytes as f64;
    megabytes / 1e6 * usd_per_tb
}

/// `dates` restricts the trace table; the latest table has no dates.
fn query(
    plan: &Plan,
    catalog: &Catalog,
    table: &str,
    dates: Option<&str>,
) -> Result<String, Error> {
    let layout = &catalog.layout;
    // The catalog's own spelling, so that nothing but the catalog is ever quoted.
    let attribute = catalog
        .attribute(&plan.attribute)
        .ok_or_else(|| Error::UnknownAttribute {
            name: plan.attribute.clone(),
            nearest: None,
        })?;
    let names = &catalog.columns;
    let plain = [
        (&names.decision_id, "decision_id"),
        (&names.entity_id, "entity_id"),
        (&names.decided_at, "decided_at"),
        (&names.value, "value"),
        (&names.previous_value, "previous_value"),
        (&names.rule, "rule"),
        (&names.rule_version, "rule_version"),
        (&names.reason, "reason"),
        (&names.run_id, "run_id"),
        (&names.actor, "actor"),
        (&names.is_override, "override"),
    ];
    let mut columns: Vec<String> = plain
        .iter()
        .map(|(own, name)| named(&identifier(own), name))
        .collect();
    let json = |own: &str| format!("json_format(CAST({} AS json))", identifier(own));
    columns.push(named(&json(&names.evidence), "evidence"));
    if dates.is_none() {
        columns.push(named(&json(&names.decision_dates), "decision_dates"));
    }
    let written = match layout.format {
        Format::Hudi => "_hoodie_commit_time",
        Format::Parquet => "$path",
    };
    columns.push(named(&identifier(written), "written"));

    let column = |column| identifier(layout.column(column));
    let mut predicates = vec![
        format!(
            "{} = {}",
            column(PartitionColumn::Attribute),
            literal(&attribute.name)
        ),
        format!("{} = {}", column(PartitionColumn::Bucket), plan.bucket),
    ];
    predicates.extend(dates.map(str::to_owned));
    predicates.push(format!(
        "{} = {}",
        identifier(&names.entity_id),
        bigint(plan.entity_id)
    ));
    Ok(format!(
        "SELECT\n  {}\nFROM {}.{}\nWHERE {}",
        columns.join(",\n  "),
        identifier(&catalog.lake.database),
        identifier(table),
        predicates.join("\n  AND "),
    ))
}

fn named(expression: &str, name: &str) -> String {
    let name = identifier(name);
    if expression == name {
        name
    } else {
        format!("{expression} AS {name}")
    }
}

fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A literal of Trino's, where only the quote is doubled.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn date(date: Date) -> String {
    format!("DATE '{date}'")
}

/// The smallest bigint has no literal of its own: its digits alone overflow.
fn bigint(number: i64) -> String {
    if number == i64::MIN {
        format!("({} - 1)", number + 1)
    } else {
        number.to_string()
    }
}
