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
/// whatever the team's are; `evidence` is JSON; `partition` is the date partition that a
/// row lies in; `written` orders copies of a decision (Hudi's commit time, else the file's
/// path).
///
/// # Errors
/// An attribute that the catalog does not have: its partition would silently be empty.
pub fn select(plan: &Plan, catalog: &Catalog, span: Span) -> Result<String, Error> {
    let dates = between(catalog, span);
    Ok(Query::of(plan, catalog)?.select(&Part::trace(catalog, &dates), Beside::Nothing))
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
    Ok(Query::of(plan, catalog)?.select(&Part::trace(catalog, &dates), Beside::Nothing))
}

/// The entity's row of the latest table, with `decision_dates` as JSON; `None` where
/// the catalog has no such table.
///
/// # Errors
/// An attribute that the catalog does not have.
pub fn latest(plan: &Plan, catalog: &Catalog) -> Result<Option<String>, Error> {
    let Some(table) = catalog.lake.latest.as_deref() else {
        return Ok(None);
    };
    let query = Query::of(plan, catalog)?;
    Ok(Some(query.select(&Part::Latest(table), Beside::Nothing)))
}

/// The entity's row of the latest table and, in the same query, these days of the trace:
/// a row of the latest table has no `partition`, one of the trace no `decision_dates`.
/// `None` where the catalog has no latest table.
///
/// # Errors
/// An attribute that the catalog does not have.
pub fn latest_and(plan: &Plan, catalog: &Catalog, span: Span) -> Result<Option<String>, Error> {
    let Some(table) = catalog.lake.latest.as_deref() else {
        return Ok(None);
    };
    let query = Query::of(plan, catalog)?;
    let dates = between(catalog, span);
    let both = [
        query.select(&Part::Latest(table), Beside::TheOther),
        query.select(&Part::trace(catalog, &dates), Beside::TheOther),
    ];
    Ok(Some(both.join("\nUNION ALL\n")))
}

/// Which of these attributes the entity has a decision of: in the latest table, or without
/// one in these days of the trace. One result column, `attribute`.
///
/// # Errors
/// An attribute that the catalog does not have.
pub fn attributes(
    plan: &Plan,
    catalog: &Catalog,
    names: &[String],
    span: Option<Span>,
) -> Result<String, Error> {
    let names: Result<Vec<String>, Error> = names
        .iter()
        .map(|name| Ok(literal(known(catalog, name)?)))
        .collect();
    let (names, layout) = (names?, &catalog.layout);
    let attribute = identifier(layout.column(PartitionColumn::Attribute));
    let (table, dates) = match (catalog.lake.latest.as_deref(), span) {
        (Some(latest), _) => (latest, None),
        (None, span) => (
            catalog.lake.trace.as_str(),
            Some(span.map_or_else(|| "FALSE".to_owned(), |span| between(catalog, span))),
        ),
    };
    let mut predicates = vec![match names.is_empty() {
        true => "FALSE".to_owned(),
        false => format!("{attribute} IN ({})", names.join(", ")),
    }];
    predicates.extend(entity(plan, catalog, dates.as_deref()));
    Ok(format!(
        "SELECT DISTINCT\n  {}\nFROM {}.{}\nWHERE {}",
        named(&attribute, "attribute"),
        identifier(&catalog.lake.database),
        identifier(table),
        predicates.join("\n  AND "),
    ))
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

/// The table that a SELECT reads.
enum Part<'a> {
    Latest(&'a str),
    Trace { table: &'a str, dates: &'a str },
}

impl<'a> Part<'a> {
    fn trace(catalog: &'a Catalog, dates: &'a str) -> Self {
        Part::Trace {
            table: &catalog.lake.trace,
            dates,
        }
    }
}

/// Whether a SELECT stands beside one of the other table: then both have all columns.
#[derive(PartialEq)]
enum Beside {
    Nothing,
    TheOther,
}

/// What the SELECTs of one plan share.
struct Query<'a> {
    plan: &'a Plan,
    catalog: &'a Catalog,
    attribute: &'a str,
}

impl<'a> Query<'a> {
    fn of(plan: &'a Plan, catalog: &'a Catalog) -> Result<Self, Error> {
        Ok(Query {
            plan,
            catalog,
            attribute: known(catalog, &plan.attribute)?,
        })
    }

    fn select(&self, part: &Part<'_>, beside: Beside) -> String {
        let (catalog, layout) = (self.catalog, &self.catalog.layout);
        let (table, dates) = match part {
            Part::Latest(table) => (*table, None),
            Part::Trace { table, dates } => (*table, Some(*dates)),
        };
        let mut columns = self.columns();
        let decision_dates = json(&catalog.columns.decision_dates);
        let partition = identifier(layout.column(PartitionColumn::Date));
        match (part, beside) {
            (Part::Latest(_), Beside::Nothing) => {
                columns.push(named(&decision_dates, "decision_dates"));
            }
            (Part::Latest(_), Beside::TheOther) => {
                columns.push(named(&decision_dates, "decision_dates"));
                columns.push(named("CAST(NULL AS date)", "partition"));
            }
            (Part::Trace { .. }, Beside::Nothing) => columns.push(named(&partition, "partition")),
            (Part::Trace { .. }, Beside::TheOther) => {
                columns.push(named("CAST(NULL AS varchar)", "decision_dates"));
                columns.push(named(&partition, "partition"));
            }
        }
        let written = match layout.format {
            Format::Hudi => "_hoodie_commit_time",
            Format::Parquet => "$path",
        };
        columns.push(named(&identifier(written), "written"));
        let mut predicates = vec![format!(
            "{} = {}",
            identifier(layout.column(PartitionColumn::Attribute)),
            literal(self.attribute)
        )];
        predicates.extend(entity(self.plan, catalog, dates));
        format!(
            "SELECT\n  {}\nFROM {}.{}\nWHERE {}",
            columns.join(",\n  "),
            identifier(&catalog.lake.database),
            identifier(table),
            predicates.join("\n  AND "),
        )
    }

    /// A decision's own columns.
    fn columns(&self) -> Vec<String> {
        let names = &self.catalog.columns;
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
        let plain = plain.map(|(own, name)| named(&identifier(own), name));
        let evidence = named(&json(&names.evidence), "evidence");
        plain.into_iter().chain([evidence]).collect()
    }
}

/// The catalog's own spelling, so that nothing but the catalog is ever quoted.
fn known<'a>(catalog: &'a Catalog, attribute: &str) -> Result<&'a str, Error> {
    match catalog.attribute(attribute) {
        Some(attribute) => Ok(&attribute.name),
        None => Err(Error::UnknownAttribute {
            name: attribute.to_owned(),
            nearest: None,
        }),
    }
}

/// The predicates after the attribute's.
fn entity(plan: &Plan, catalog: &Catalog, dates: Option<&str>) -> Vec<String> {
    let bucket = identifier(catalog.layout.column(PartitionColumn::Bucket));
    let mut predicates = vec![format!("{bucket} = {}", plan.bucket)];
    predicates.extend(dates.map(str::to_owned));
    predicates.push(format!(
        "{} = {}",
        identifier(&catalog.columns.entity_id),
        bigint(plan.entity_id)
    ));
    predicates
}

fn between(catalog: &Catalog, span: Span) -> String {
    format!(
        "{} BETWEEN {} AND {}",
        identifier(catalog.layout.column(PartitionColumn::Date)),
        date(span.from),
        date(span.to),
    )
}

fn json(own: &str) -> String {
    format!("json_format(CAST({} AS json))", identifier(own))
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
