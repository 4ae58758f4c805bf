//! Reads one plan: the latest table first, or the rungs of the ladder in turn.
//!
//! Knows plans and rows; which files are true is the table's matter, how to read one
//! the file's. Start at [`Reading::run`].

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use futures::{FutureExt, StreamExt, TryStreamExt};
use jiff::civil::Date;

use super::Engine;
use super::decode::{self, Origin, Row};
use super::file::{self, Search};
use super::listing::{self, Leaf};
use super::receipt::Receipt;
use super::store::Visit;
use super::table::{Attempt, File, Table, View};
use crate::engine::{Error, Rows};
use crate::layout::{Partition, utc_date};
use crate::plan::{Covered, Plan};
use crate::trace::Decision;

/// Files read at a time.
const FILES_AT_ONCE: usize = 16;
/// Without a latest table: how many partitions tell whether there is a trace.
const NEWEST: usize = 3;

/// One attempt at one plan.
pub(super) struct Reading<'a> {
    engine: &'a Engine,
    visit: &'a Visit<'a>,
    entity_id: i64,
    attempt: Attempt,
    /// The trace, looked at once for all rungs.
    trace: Option<View>,
    receipt: Receipt,
}

impl<'a> Reading<'a> {
    pub(super) fn new(engine: &'a Engine, visit: &'a Visit<'a>, entity_id: i64) -> Self {
        Reading {
            engine,
            visit,
            entity_id,
            attempt: Attempt::First,
            trace: None,
            receipt: Receipt::begin(),
        }
    }

    /// After the table was rewritten under the first attempt.
    pub(super) fn once_more(mut self) -> Self {
        self.attempt = Attempt::Last;
        self
    }

    pub(super) async fn run(self, plan: &Plan) -> Result<Rows, Error> {
        match &self.engine.latest {
            Some(latest) if plan.latest && !plan.rungs.is_empty() => {
                self.by_latest(latest, plan).await
            }
            Some(_) | None => self.by_ladder(plan).await,
        }
    }

    /// Rung by rung, until one holds a decision that counts.
    async fn by_ladder(mut self, plan: &Plan) -> Result<Rows, Error> {
        let mut decisions = Vec::new();
        let mut read = 0;
        for rung in &plan.rungs {
            let planned = plan.partitions(&self.engine.catalog, *rung);
            decisions.extend(self.partitions(&planned).await?);
            read += 1;
            if decisions
                .iter()
                .any(|decision: &Decision| decision.decided_at <= plan.as_of)
            {
                break;
            }
        }
        Ok(self.rows(plan, decisions, Covered::Rungs(read)))
    }

    /// The row of the latest table names the partitions to read.
    async fn by_latest(mut self, latest: &Table, plan: &Plan) -> Result<Rows, Error> {
        let rows = self.latest_rows(latest, &plan.attribute).await?;
        let Some(newest) = rows.iter().map(|row| row.decision.decided_at).max() else {
            return Ok(self.rows(plan, Vec::new(), Covered::NoLatestRow));
        };
        if plan.latest_only && newest <= plan.as_of {
            let decisions = rows.into_iter().map(|row| row.decision).collect();
            return Ok(self.rows(plan, decisions, Covered::LatestOnly(utc_date(newest))));
        }
        let dates = self.dates(latest, &rows)?;
        let catalog = &self.engine.catalog;
        let planned = plan.partitions_from_dates(catalog, &dates);
        let limit = u64::from(catalog.max_partitions);
        if planned.len() as u64 > limit {
            return Err(Error::TooMuch {
                planned: planned.len() as u64,
                limit,
            });
        }
        let mut decisions = self.partitions(&planned).await?;
        // The latest table may be a commit ahead of the trace; where both have a
        // decision, the trace's copy counts.
        // What it says beyond as-of counts too: a decision after now is to be warned of.
        let within = |decision: &Decision| {
            let key = catalog.layout.floor(utc_date(decision.decided_at));
            decision.decided_at > plan.as_of
                || planned.iter().any(|partition| partition.date == key)
        };
        let ahead = rows.into_iter().map(|row| row.decision).filter(within);
        decisions.extend(ahead.map(|decision| Decision {
            written: String::new(),
            ..decision
        }));
        Ok(self.rows(plan, decisions, Covered::Dates(&dates)))
    }

    /// The days on which the entity has decisions.
    fn dates(&self, latest: &Table, rows: &[Row]) -> Result<Vec<Date>, Error> {
        let table = self.visit.store.show(&self.visit.store.path(&latest.root)?);
        let mut dates = Vec::new();
        for row in rows {
            let listed = row
                .decision_dates
                .as_ref()
                .ok_or_else(|| Error::MissingColumn {
                    file: format!("the row of company {} in {table}", self.entity_id),
                    column: self.engine.catalog.columns.decision_dates.clone(),
                })?;
            dates.extend(listed);
            dates.push(utc_date(row.decision.decided_at));
        }
        Ok(dates)
    }

    fn rows(self, plan: &Plan, decisions: Vec<Decision>, covered: Covered<'_>) -> Rows {
        let catalog = &self.engine.catalog;
        let days = plan.days_read(catalog, covered);
        let complete = plan.is_complete(catalog, covered);
        Rows {
            decisions,
            read: self.receipt.write(self.visit, days, complete),
        }
    }

    /// The entity's rows in the latest table: one, or copies of it.
    async fn latest_rows(&mut self, latest: &Table, attribute: &str) -> Result<Vec<Row>, Error> {
        let started = Instant::now();
        let layout = &self.engine.catalog.layout;
        let view = latest.view(self.visit, &self.engine.catalog).await?;
        let path = layout.latest_path(attribute, layout.bucket(self.entity_id));
        let leaf = listing::leaf(self.visit, &latest.root, layout.format, path).await?;
        self.receipt.partitions_planned += 1;
        let leaves = if leaf.files.is_empty() {
            Vec::new()
        } else {
            vec![leaf]
        };
        let files = self.choose(&view, leaves)?;
        self.receipt.planning += started.elapsed();
        self.files(latest, attribute, files).await
    }

    /// The entity's decisions in these partitions of the trace.
    async fn partitions(&mut self, planned: &[Partition]) -> Result<Vec<Decision>, Error> {
        let Some(first) = planned.first() else {
            return Ok(Vec::new());
        };
        let started = Instant::now();
        let (trace, catalog) = (&self.engine.trace, &self.engine.catalog);
        let view = match self.trace.take() {
            Some(view) => view,
            None => trace.view(self.visit, catalog).await?,
        };
        let leaves = listing::partitions(self.visit, &trace.root, &catalog.layout, planned).await?;
        self.receipt.partitions_planned += planned.len() as u64;
        let files = self.choose(&view, leaves)?;
        self.trace = Some(view);
        self.receipt.planning += started.elapsed();
        let rows = self.files(trace, &first.attribute, files).await?;
        Ok(rows.into_iter().map(|row| row.decision).collect())
    }

    /// The files to read of what was listed.
    fn choose(&mut self, view: &View, leaves: Vec<Leaf>) -> Result<Vec<File>, Error> {
        self.receipt.fresh_as_of(view.data_as_of(&leaves));
        let mut chosen = Vec::new();
        for leaf in leaves {
            let files = view.files(self.visit, leaf, self.attempt)?;
            self.receipt.partitions_read += u64::from(!files.is_empty());
            chosen.extend(files);
        }
        Ok(chosen)
    }

    /// The entity's rows in these files.
    async fn files(
        &mut self,
        table: &Table,
        attribute: &str,
        files: Vec<File>,
    ) -> Result<Vec<Row>, Error> {
        self.receipt.files_read += files.len() as u64;
        let name = self.visit.store.show(&self.visit.store.path(&table.root)?);
        let search = Search {
            visit: self.visit,
            tail: &self.engine.tail,
            table: &name,
            entity_id: self.entity_id,
            wanted: &self.engine.wanted,
        };
        let rows: Vec<Vec<Row>> = futures::stream::iter(files)
            .map(|file| rows_of(search, attribute, file))
            .buffer_unordered(FILES_AT_ONCE)
            .try_collect()
            .await?;
        let rows: Vec<Row> = rows.into_iter().flatten().collect();
        self.receipt.rows_read += rows.len() as u64;
        Ok(rows)
    }

    /// Whether the entity has a decision of this attribute (see
    /// [`Engine::attributes_with_a_trace`] for what is read).
    pub(super) async fn has_a_trace(mut self, attribute: &str) -> Result<bool, Error> {
        let engine = self.engine;
        if let Some(latest) = &engine.latest {
            return Ok(!self.latest_rows(latest, attribute).await?.is_empty());
        }
        let layout = &engine.catalog.layout;
        let Some(dates) = layout.dates_folder(attribute, layout.bucket(self.entity_id)) else {
            return Ok(false);
        };
        let root = &engine.trace.root;
        let folder = self.visit.store.path(&format!("{root}/{dates}"))?;
        let there = self.visit.folder(&folder).await?.common_prefixes;
        let mut partitions: Vec<Partition> = there
            .iter()
            .filter_map(|path| {
                let folder = path.filename()?;
                layout.parse_path(&format!("{dates}/{folder}")).ok()
            })
            .collect();
        partitions.sort_unstable();
        let newest = partitions.split_off(partitions.len().saturating_sub(NEWEST));
        Ok(!self.partitions(&newest).await?.is_empty())
    }
}

async fn rows_of(search: Search<'_>, attribute: &str, file: File) -> Result<Vec<Row>, Error> {
    let shown = search.visit.store.show(&file.meta.location);
    let origin = Origin {
        file: &shown,
        entity_id: search.entity_id,
        attribute,
        written: &file.written,
    };
    let read = async {
        let mut rows = Vec::new();
        for batch in file::read(search, &file.meta).await? {
            rows.extend(decode::rows(&batch, search.wanted, origin)?);
        }
        Ok(rows)
    };
    // The parquet crate checks most of what a damaged file may claim, but not all.
    AssertUnwindSafe(read)
        .catch_unwind()
        .await
        .unwrap_or_else(|_| {
            let reason = "it is damaged: what it says of itself makes no sense".to_owned();
            Err(Error::CorruptFile {
                file: shown.clone(),
                reason,
            })
        })
}
