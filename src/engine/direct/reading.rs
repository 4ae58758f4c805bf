//! Reads one plan: the latest table first, or the rungs of the ladder in turn.
//!
//! Knows plans and rows; which files are true is the table's matter, how to read one
//! the file's. Start at [`Reading::run`].

use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;
use std::time::Instant;

use futures::{FutureExt, StreamExt, TryStreamExt};
use object_store::path::Path;

use super::Engine;
use super::decode::{self, Origin};
use super::file::{self, Search};
use super::listing::{self, Leaf};
use super::receipt::Receipt;
use super::store::Visit;
use super::table::{Attempt, File, Table, View};
use crate::engine::latest::{self, Row, Says};
use crate::engine::{Error, Rows};
use crate::layout::Partition;
use crate::plan::{Covered, Plan};
use crate::trace::Decision;

/// Files read at a time.
const FILES_AT_ONCE: usize = 16;
/// Without a latest table: how many partitions tell whether there is a trace.
const NEWEST: usize = 3;

/// What partitions of the trace held of the entity.
#[derive(Debug, Default)]
struct Found {
    decisions: Vec<Decision>,
    /// The leaf folders with a row of it.
    folders: BTreeSet<String>,
}

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
            latest::within(planned.len() as u64, &self.engine.catalog)?;
            decisions.extend(self.partitions(&planned).await?.decisions);
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
        let history = match latest::says(&rows, plan, &self.engine.catalog)? {
            Says::Nothing => return Ok(self.rows(plan, Vec::new(), Covered::NoLatestRow)),
            Says::Enough(newest, day) => {
                return Ok(self.rows(plan, vec![newest], Covered::LatestOnly(day)));
            }
            Says::Undated(newest) => return Ok(newest.beside(self.by_ladder(plan).await?)),
            Says::History(history) => history,
        };
        let found = self.partitions(&history.planned).await?;
        self.keep(latest, &history.promised, &found)?;
        let dates = history.dates.clone();
        let decisions = history.decisions(found.decisions);
        Ok(self.rows(plan, decisions, Covered::Dates(&dates)))
    }

    /// Whether each promised partition had a row of the entity: one without would be a
    /// decision left out. Also where a decision was deleted from the trace alone, since
    /// that looks no different.
    fn keep(&self, latest: &Table, promised: &[Partition], found: &Found) -> Result<(), Error> {
        let (layout, root) = (&self.engine.catalog.layout, &self.engine.trace.root);
        let store = self.visit.store;
        for partition in promised {
            let path = store.path(&format!("{root}/{}", layout.path(partition)))?;
            if found.folders.contains(path.as_ref()) {
                continue;
            }
            return Err(match self.attempt {
                // It may have been replaced while it was read.
                Attempt::First => Error::Rewritten {
                    table: store.show(&path),
                },
                Attempt::Last => Error::MissingDecisions {
                    latest: store.show(&store.path(&latest.root)?),
                    partition: store.show(&path),
                    entity_id: self.entity_id,
                },
            });
        }
        Ok(())
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
        let files = self.choose(latest, &view, leaves).await?;
        self.receipt.planning += started.elapsed();
        let read = self.files(latest, attribute, files).await?;
        Ok(read.into_iter().flat_map(|(_, rows)| rows).collect())
    }

    /// The entity's decisions in these partitions of the trace.
    async fn partitions(&mut self, planned: &[Partition]) -> Result<Found, Error> {
        let Some(first) = planned.first() else {
            return Ok(Found::default());
        };
        let started = Instant::now();
        let (trace, catalog) = (&self.engine.trace, &self.engine.catalog);
        let view = match self.trace.take() {
            Some(view) => view,
            None => trace.view(self.visit, catalog).await?,
        };
        let leaves = listing::partitions(self.visit, &trace.root, &catalog.layout, planned).await?;
        self.receipt.partitions_planned += planned.len() as u64;
        let files = self.choose(trace, &view, leaves).await?;
        self.trace = Some(view);
        self.receipt.planning += started.elapsed();
        let mut found = Found::default();
        for (path, rows) in self.files(trace, &first.attribute, files).await? {
            if let Some((folder, _)) = path.as_ref().rsplit_once('/')
                && !rows.is_empty()
            {
                found.folders.insert(folder.to_owned());
            }
            found
                .decisions
                .extend(rows.into_iter().map(|row| row.decision));
        }
        Ok(found)
    }

    /// The files to read of what was listed.
    async fn choose(
        &mut self,
        table: &Table,
        view: &View,
        leaves: Vec<Leaf>,
    ) -> Result<Vec<File>, Error> {
        self.receipt.fresh_as_of(view.data_as_of(&leaves));
        let mut chosen = Vec::new();
        for files in table.files(self.visit, view, leaves).await? {
            self.receipt.partitions_read += u64::from(!files.is_empty());
            chosen.extend(files);
        }
        Ok(chosen)
    }

    /// The entity's rows in each of these files.
    async fn files(
        &mut self,
        table: &Table,
        attribute: &str,
        files: Vec<File>,
    ) -> Result<Vec<(Path, Vec<Row>)>, Error> {
        self.receipt.files_read += files.len() as u64;
        let name = self.visit.store.show(&self.visit.store.path(&table.root)?);
        let search = Search {
            visit: self.visit,
            tail: &self.engine.tail,
            table: &name,
            entity_id: self.entity_id,
            wanted: &self.engine.wanted,
        };
        let read: Vec<(Path, Vec<Row>)> = futures::stream::iter(files)
            .map(|file| async move {
                let path = file.meta.location.clone();
                Ok::<_, Error>((path, rows_of(search, attribute, file).await?))
            })
            .buffer_unordered(FILES_AT_ONCE)
            .try_collect()
            .await?;
        self.receipt.rows_read += read.iter().map(|(_, rows)| rows.len() as u64).sum::<u64>();
        Ok(read)
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
        Ok(!self.partitions(&newest).await?.decisions.is_empty())
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
