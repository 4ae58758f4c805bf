//! Reads one plan: which queries, and what their rows come to.
//!
//! With a latest table one query reads its row and as much of the trace as costs little; a second
//! reads those of the partitions that the row names that the first did not. Without one the rungs
//! of the ladder are read in turn. Nothing is read twice. Start at [`Reading::run`].

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::civil::Date;
use tokio::time::Instant;

use super::decode::{self, Found};
use super::pace::Shape;
use super::query::Asking;
use crate::answer::{Queries, Read};
use crate::catalog::Catalog;
use crate::engine::latest::{self, History, Row, Says};
use crate::engine::{Error, Rows};
use crate::layout::Partition;
use crate::plan::{self, CHEAP_PARTITIONS, Covered, Plan, Span};
use crate::sql;
use crate::trace::Decision;

/// Dates of one query: its text may have 262,144 bytes.
const DATES_AT_ONCE: usize = 5_000;

/// One attempt at one plan.
pub(super) struct Reading<'a, 'b> {
    catalog: &'a Catalog,
    plan: &'a Plan,
    asking: &'b mut Asking<'a>,
    attempt: Attempt,
    partitions_planned: u64,
    partitions: BTreeSet<Option<Date>>,
    files: BTreeSet<String>,
    rows: u64,
}

/// Whether a table that changes under the reader is worth starting over for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Attempt {
    First,
    Last,
}

impl<'a, 'b> Reading<'a, 'b> {
    pub(super) fn new(catalog: &'a Catalog, plan: &'a Plan, asking: &'b mut Asking<'a>) -> Self {
        Reading {
            catalog,
            plan,
            asking,
            attempt: Attempt::First,
            partitions_planned: 0,
            partitions: BTreeSet::new(),
            files: BTreeSet::new(),
            rows: 0,
        }
    }

    /// After the trace was rewritten under the first attempt.
    pub(super) fn once_more(mut self) -> Self {
        self.attempt = Attempt::Last;
        self
    }

    pub(super) async fn run(self) -> Result<Rows, Error> {
        match &self.catalog.lake.latest {
            Some(latest) if self.plan.latest && !self.plan.rungs.is_empty() => {
                self.by_latest(latest).await
            }
            Some(_) | None => self.by_ladder(None).await,
        }
    }

    /// Rung by rung, until one holds a decision that counts. Of what lies within the days of
    /// `before` it is known what they hold.
    async fn by_ladder(mut self, before: Option<(Span, Vec<Found>)>) -> Result<Rows, Error> {
        let (known, before) = before.unzip();
        let mut before = before.unwrap_or_default();
        let mut decisions: Vec<Decision> = Vec::new();
        let mut read = 0;
        for rung in &self.plan.rungs {
            let steps = self.catalog.layout.step_count(rung.from, rung.to);
            latest::within(steps, self.catalog)?;
            let found = if known.is_some_and(|known| known.from <= rung.from) {
                let lies =
                    |found: &mut Found| found.partition.is_some_and(|date| date >= rung.from);
                before.extract_if(.., lies).collect()
            } else {
                let sql = sql::select(self.plan, self.catalog, *rung).map_err(unplanned)?;
                self.ask(&sql, steps).await?
            };
            decisions.extend(found.into_iter().map(|found| found.row.decision));
            read += 1;
            if decisions.iter().any(|d| d.decided_at <= self.plan.as_of) {
                break;
            }
        }
        Ok(self.finish(decisions, Covered::Rungs(read)))
    }

    async fn by_latest(mut self, table: &str) -> Result<Rows, Error> {
        let (plan, catalog) = (self.plan, self.catalog);
        let beside = plan::beside(plan, catalog);
        let sql = match beside {
            Some(span) => sql::latest_and(plan, catalog, span),
            None => sql::latest(plan, catalog),
        };
        let sql = sql.map_err(unplanned)?.unwrap_or_default();
        let steps = beside.map_or(0, |span| catalog.layout.step_count(span.from, span.to));
        let found = self.ask(&sql, 1 + steps).await?;
        let (of_latest, mut of_trace): (Vec<Found>, Vec<Found>) = found
            .into_iter()
            .partition(|found| found.partition.is_none());
        let rows: Vec<Row> = of_latest.into_iter().map(|found| found.row).collect();
        let name = format!("{}.{table}", catalog.lake.database);
        let history = match latest::says(&rows, plan, catalog)? {
            Says::Nothing => return Ok(self.finish(Vec::new(), Covered::NoLatestRow)),
            Says::Enough(newest, day) => {
                return Ok(self.finish(vec![newest], Covered::LatestOnly(day)));
            }
            Says::Undated(newest) => {
                let rows = self.by_ladder(beside.map(|span| (span, of_trace)));
                return Ok(newest.beside(rows.await?));
            }
            Says::History(history) => history,
        };
        let is_read = |date: Date| beside.is_some_and(|s| s.from <= date && date <= s.to);
        let dates = history.planned.iter().map(|partition| partition.date);
        let unread: Vec<Date> = dates.filter(|date| !is_read(*date)).collect();
        for dates in unread.chunks(DATES_AT_ONCE) {
            let sql = sql::select_dates(plan, catalog, dates).map_err(unplanned)?;
            of_trace.extend(self.ask(&sql, dates.len() as u64).await?);
        }
        self.keep(&name, &history, &of_trace)?;
        let planned: BTreeSet<Option<Date>> =
            history.planned.iter().map(|p| Some(p.date)).collect();
        let dates = history.dates.clone();
        let found = of_trace
            .into_iter()
            .filter(|found| planned.contains(&found.partition))
            .map(|found| found.row.decision);
        let decisions = history.decisions(found.collect());
        Ok(self.finish(decisions, Covered::Dates(&dates)))
    }

    /// Whether each promised partition had a row of the entity: one without would be a
    /// decision left out.
    fn keep(&self, latest: &str, history: &History, found: &[Found]) -> Result<(), Error> {
        let held: BTreeSet<Option<Date>> = found.iter().map(|found| found.partition).collect();
        let broken = |partition: &&Partition| !held.contains(&Some(partition.date));
        let Some(partition) = history.promised.iter().find(broken) else {
            return Ok(());
        };
        let layout = &self.catalog.layout;
        let shown = format!(
            "{}.{}/{}",
            self.catalog.lake.database,
            self.catalog.lake.trace,
            layout.path(partition)
        );
        Err(match self.attempt {
            Attempt::First => Error::Rewritten { table: shown },
            Attempt::Last => Error::MissingDecisions {
                latest: latest.to_owned(),
                partition: shown,
                entity_id: self.plan.entity_id,
            },
        })
    }

    /// `partitions`: as many as the SQL names.
    async fn ask(&mut self, sql: &str, partitions: u64) -> Result<Vec<Found>, Error> {
        self.partitions_planned += partitions;
        let table = self.asking.ask(sql, Shape::of(partitions)).await?;
        let found = decode::rows(&table, self.plan)?;
        self.rows += found.len() as u64;
        for found in &found {
            self.partitions.insert(found.partition);
            self.files.extend(found.path.clone());
        }
        Ok(found)
    }

    /// Those of these attributes that the entity has a decision of.
    pub(super) async fn has_traces(self, attributes: &[String]) -> Result<Vec<String>, Error> {
        let (plan, catalog) = (self.plan, self.catalog);
        let most = CHEAP_PARTITIONS / u32::try_from(attributes.len().max(1)).unwrap_or(u32::MAX);
        let span = plan.newest(catalog, most.max(1));
        let is_empty = attributes.is_empty() || (catalog.lake.latest.is_none() && span.is_none());
        if is_empty {
            return Ok(Vec::new());
        }
        let sql = sql::attributes(plan, catalog, attributes, span).map_err(unplanned)?;
        let each = match (&catalog.lake.latest, span) {
            (None, Some(span)) => catalog.layout.step_count(span.from, span.to),
            (Some(_), _) | (None, None) => 1,
        };
        let partitions = each * attributes.len() as u64;
        let table = self.asking.ask(&sql, Shape::of(partitions)).await?;
        let found: BTreeSet<String> = decode::texts(&table, "attribute")?.into_iter().collect();
        let known = attributes.iter().filter(|name| found.contains(*name));
        Ok(known.cloned().collect())
    }

    fn finish(self, decisions: Vec<Decision>, covered: Covered<'_>) -> Rows {
        let days = self.plan.days_read(self.catalog, covered);
        let asking = self.asking;
        let queries = std::mem::take(&mut asking.queries);
        Rows {
            decisions,
            read: Read {
                from: days.from,
                to: days.to,
                complete: self.plan.is_complete(self.catalog, covered),
                engine: "athena",
                engine_reason: None,
                partitions_planned: self.partitions_planned,
                partitions_read: self.partitions.len() as u64,
                files_read: self.files.len() as u64,
                rows_read: self.rows,
                bytes_read: asking.scanned_bytes,
                requests: asking.calls,
                planning_ms: queries.planning_ms,
                total_ms: millis(asking.began),
                cost_usd: asking.cost_usd,
                data_as_of: None,
                athena: Some(queries).filter(|queries: &Queries| !queries.ids.is_empty()),
            },
        }
    }
}

fn millis(began: Instant) -> f64 {
    let took: Duration = began.elapsed();
    took.as_secs_f64() * 1_000.0
}

/// A plan names attributes of the catalog only: this is a bug of ours.
fn unplanned(error: crate::plan::Error) -> Error {
    Error::Misconfigured {
        what: error.to_string(),
    }
}
