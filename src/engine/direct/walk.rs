//! Every decision of a trace table: where it lies, whose it is and of when.
//!
//! For those who look at the table as such, never for an answer. Reads two columns of each file,
//! row group by row group, some files at a time; what is held does not grow with the table or its
//! files. A file that can't be read is told and left out. Which folders there are, `inspect` says.
//! Start at [`Engine::walk`].

use std::collections::BTreeSet;

use arrow_array::{Array, Int64Array, RecordBatch};
use futures::{Stream, StreamExt};
use jiff::Timestamp;
use parquet::arrow::ProjectionMask;

use super::Engine;
use super::batches::Batches;
use super::columns::{Batch, Wanted};
use super::inspect::{Inspection, Part};
use crate::contract::Table;
use crate::engine::Error;
use crate::layout::Partition;

/// Files read at a time.
const FILES_AT_ONCE: usize = 16;
/// Files that wait to be read.
const FILES_WAITING: usize = 256;

/// One decision.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    pub partition: &'a Partition,
    pub entity_id: i64,
    pub decided_at: Timestamp,
}

/// Files that can't be read and are named.
const NAMED: usize = 3;

/// What there was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Walked {
    /// That are the table's truth and were read whole, and their bytes.
    pub files: u64,
    pub bytes: u64,
    /// Those that can't be read, and the first of them.
    pub unreadable: u64,
    pub named: Vec<Unreadable>,
    /// Those that were replaced while the table was walked.
    pub gone: u64,
    /// Folders with data that are no partition of the catalog's layout and attributes, and the
    /// first of them: no question reads it. Empty is the table's own.
    pub strays: u64,
    pub stray: Option<String>,
}

/// A file that can't be read, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    pub file: String,
    pub reason: String,
}

impl Walked {
    /// Goes on past what is wrong with one file; not past what is wrong with the lake.
    fn pass(&mut self, error: Error) -> Result<(), Error> {
        if let Error::Rewritten { .. } = error {
            self.gone += 1;
            return Ok(());
        }
        let Error::CorruptFile { file, reason } = error else {
            return Err(error);
        };
        self.unreadable += 1;
        if self.named.len() < NAMED {
            self.named.push(Unreadable { file, reason });
        }
        Ok(())
    }
}

impl Engine {
    /// Calls `see` with every decision of the trace that can be read, in no particular order.
    ///
    /// # Errors
    /// A lake that can't be reached, or a column that is not there.
    pub async fn walk(&self, see: &mut dyn FnMut(Place<'_>)) -> Result<Walked, Error> {
        let mut walked = Walked::default();
        let Some(table) = self.inspect(Table::Trace).await? else {
            return Ok(walked);
        };
        let mut waiting = Vec::new();
        let mut folders = table.walk();
        while let Some(folder) = folders.next().await? {
            let Some(partition) = self.partition(&folder.path) else {
                walked.strays += 1;
                walked.stray.get_or_insert(folder.path);
                continue;
            };
            match folder.parts {
                Ok(parts) => waiting.extend(parts.into_iter().map(|p| (partition.clone(), p))),
                Err(error) => walked.pass(error)?,
            }
            if waiting.len() >= FILES_WAITING {
                let waiting = std::mem::take(&mut waiting);
                read(&table, &self.wanted, &waiting, (see, &mut walked)).await?;
            }
        }
        read(&table, &self.wanted, &waiting, (see, &mut walked)).await?;
        Ok(walked)
    }

    /// One that a question may read.
    fn partition(&self, path: &str) -> Option<Partition> {
        let partition = self.catalog.layout.parse_path(path).ok()?;
        self.catalog.attribute(&partition.attribute)?;
        Some(partition)
    }
}

async fn read(
    table: &Inspection<'_>,
    wanted: &Wanted,
    waiting: &[(Partition, Part)],
    (see, walked): (&mut dyn FnMut(Place<'_>), &mut Walked),
) -> Result<(), Error> {
    let files = futures::stream::iter(waiting).map(|(partition, part)| {
        let batches = batches(table, wanted, part);
        Box::pin(batches.map(move |batch| (partition, part, batch)))
    });
    let mut read = files.flatten_unordered(FILES_AT_ONCE);
    let mut broken: BTreeSet<&str> = BTreeSet::new();
    while let Some((partition, part, batch)) = read.next().await {
        let seen = batch.and_then(|batch| {
            each(&batch, &part.shown, wanted, &mut |entity_id, decided_at| {
                see(Place {
                    partition,
                    entity_id,
                    decided_at,
                });
            })
        });
        if let Err(error) = seen
            && broken.insert(&part.shown)
        {
            walked.pass(error)?;
        }
    }
    for (_, part) in waiting {
        if !broken.contains(part.shown.as_str()) {
            walked.files += 1;
            walked.bytes += part.bytes();
        }
    }
    Ok(())
}

/// Company and time of a file's rows.
fn batches<'a>(
    table: &'a Inspection<'_>,
    wanted: &'a Wanted,
    part: &'a Part,
) -> impl Stream<Item = Result<RecordBatch, Error>> + 'a {
    futures::stream::try_unfold(None, move |open: Option<Batches<'a>>| async move {
        let mut open = match open {
            Some(open) => open,
            None => {
                let open = Batches::open(table.source(part), &part.file.meta, &part.shown, |of| {
                    let roots = wanted.place(of.schema(), &part.shown)?;
                    Ok(ProjectionMask::roots(of.parquet_schema(), roots))
                });
                open.await?
            }
        };
        let batch = open.next().await?;
        Ok(batch.map(|batch| (batch, Some(open))))
    })
}

fn each(
    batch: &RecordBatch,
    file: &str,
    wanted: &Wanted,
    see: &mut dyn FnMut(i64, Timestamp),
) -> Result<(), Error> {
    let columns = &wanted.columns;
    let batch = Batch { batch, file };
    let ids = batch.ids(&columns.entity_id)?;
    let times = batch.instants(&columns.decided_at)?;
    for row in 0..batch.batch.num_rows() {
        let held = |ids: &Int64Array| ids.is_valid(row).then(|| ids.value(row));
        let id = ids.as_ref().and_then(held);
        let entity_id = batch.present(id, &columns.entity_id)?;
        see(
            entity_id,
            batch.present(times.get(row), &columns.decided_at)?,
        );
    }
    Ok(())
}
