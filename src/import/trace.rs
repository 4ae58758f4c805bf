//! Sorted rows become the files of the trace table, one partition after another.
//!
//! Also picks, of each partition, every company's newest decision: what the
//! latest table is made of. Only one file is open at a time.

use std::collections::HashSet;
use std::path::Path;

use jiff::civil::Date;

use super::Progress;
use super::failure;
use super::intake::Intake;
use super::keys::RowKey;
use super::row::Row;
use super::sorter::{Merge, Sorter};
use super::table::{Files, Part, Rows, Tables};
use crate::catalog::Catalog;
use crate::error::Failure;
use crate::layout::Partition;
use crate::trace::{Trace, round_to_millis};

/// Memory for a sorted run of newest decisions.
const NEWEST_BYTES: usize = 32 << 20;
const ROWS_OF_A_STEP: u64 = 2_000;

/// Ids that a partition of the lake holds already; an empty lake holds none.
pub(super) type Known<'a> = &'a mut dyn FnMut(&Partition) -> Result<HashSet<String>, Failure>;

/// Where the trace goes.
pub(super) struct Writer<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) tables: &'a Tables,
    pub(super) files: &'a mut Files,
    pub(super) scratch: &'a Path,
    pub(super) known: Known<'a>,
    pub(super) progress: &'a mut dyn FnMut(Progress),
    /// What was reported last.
    pub(super) reached: Progress,
}

/// What was written.
pub(super) struct Written {
    pub(super) decisions: u64,
    pub(super) known: u64,
    pub(super) partitions: u64,
    /// Newest decisions by [`RowKey::by_entity`], and the partitions that hold more.
    pub(super) newest: Merge,
}

impl Writer<'_> {
    pub(super) fn write(&mut self, intake: &mut Intake) -> Result<Written, Failure> {
        let scratch = self.scratch;
        let full = |e: std::io::Error| failure::unwritable(scratch, &e);
        let mut newest = Newest {
            tail: Vec::new(),
            sorter: Sorter::new(scratch, "newest", NEWEST_BYTES),
        };
        let mut open: Option<Open> = None;
        let (mut decisions, mut known, mut partitions) = (0, 0, 0);
        while let Some(record) = intake.rows.next().map_err(full)? {
            let key = RowKey::decode(record.key).ok_or_else(damaged)?;
            if intake.copies.is_dropped(key.line) {
                continue;
            }
            let row = Row::parse(record.payload, &mut |_| {}).map_err(|_| damaged())?;
            let mut here = match open.take() {
                Some(here) if here.key.same_partition(&key) => here,
                before => {
                    self.close(before, &mut partitions)?;
                    self.open(key)?
                }
            };
            if here.known.contains(&*row.decision_id) {
                known += 1;
            } else {
                here.push(&row, self)?;
                newest.see(key, record.payload).map_err(full)?;
                decisions += 1;
                if decisions % ROWS_OF_A_STEP == 0 {
                    (self.progress)(Progress {
                        written: decisions,
                        ..self.reached
                    });
                }
            }
            open = Some(here);
        }
        self.close(open, &mut partitions)?;
        newest.emit().map_err(full)?;
        Ok(Written {
            decisions,
            known,
            partitions,
            newest: newest.sorter.finish().map_err(full)?,
        })
    }

    fn open(&mut self, key: RowKey) -> Result<Open, Failure> {
        let partition = partition(&key, self.catalog)?;
        Ok(Open {
            key,
            known: (self.known)(&partition)?,
            folder: format!(
                "{}/{}",
                self.catalog.lake.trace,
                self.catalog.layout.path(&partition)
            ),
            rows: Rows::new(&self.tables.trace),
            part: None,
            is_written: false,
        })
    }

    fn close(&mut self, open: Option<Open>, partitions: &mut u64) -> Result<(), Failure> {
        let Some(mut open) = open else { return Ok(()) };
        open.flush(self)?;
        if let Some(part) = open.part.take() {
            self.files.close(part)?;
        }
        *partitions += u64::from(open.is_written);
        Ok(())
    }
}

/// The partition that is being written.
struct Open {
    key: RowKey,
    known: HashSet<String>,
    folder: String,
    rows: Rows,
    part: Option<Part>,
    is_written: bool,
}

impl Open {
    fn push(&mut self, row: &Row<'_>, writer: &mut Writer<'_>) -> Result<(), Failure> {
        self.rows.push(row, &[]);
        if self.rows.is_full() {
            self.flush(writer)
        } else {
            Ok(())
        }
    }

    fn flush(&mut self, writer: &mut Writer<'_>) -> Result<(), Failure> {
        if self.rows.is_empty() {
            return Ok(());
        }
        self.is_written = true;
        let batch = self.rows.take()?;
        writer.files.write(&mut self.part, &self.folder, &batch)
    }
}

/// Of each company and partition the newest decision.
struct Newest {
    /// The company's decisions of the newest millisecond, after the one before them.
    tail: Vec<(RowKey, Vec<u8>)>,
    sorter: Sorter,
}

impl Newest {
    fn see(&mut self, key: RowKey, line: &[u8]) -> std::io::Result<()> {
        let last = self.tail.last().map(|(last, _)| *last);
        match last {
            Some(last) if last.same_partition(&key) && last.entity_id == key.entity_id => {
                if !together(&last, &key) {
                    self.tail.drain(..self.tail.len().saturating_sub(1));
                }
            }
            Some(_) | None => self.emit()?,
        }
        self.tail.push((key, line.to_vec()));
        Ok(())
    }

    fn emit(&mut self) -> std::io::Result<()> {
        let at = newest(&self.tail);
        if let Some((key, line)) = at.and_then(|at| self.tail.get(at)) {
            self.sorter.push(&key.by_entity(), line)?;
        }
        self.tail.clear();
        Ok(())
    }
}

/// Within one millisecond, as engines see time.
fn together(a: &RowKey, b: &RowKey) -> bool {
    round_to_millis(a.decided_at) == round_to_millis(b.decided_at)
}

/// The last of them in the order of the trace.
fn newest(tail: &[(RowKey, Vec<u8>)]) -> Option<usize> {
    let at = tail.len().checked_sub(1)?;
    let (last, before) = (tail.get(at)?, at.checked_sub(1).and_then(|at| tail.get(at)));
    if before.is_none_or(|before| !together(&before.0, &last.0)) {
        return Some(at);
    }
    let rows = tail
        .iter()
        .filter_map(|(_, line)| Row::parse(line, &mut |_| {}).ok());
    let trace = Trace::new(rows.map(|row| row.decision()).collect());
    let newest = trace.decisions().last()?;
    tail.iter().position(|(_, line)| {
        Row::parse(line, &mut |_| {}).is_ok_and(|row| row.decision_id == newest.decision_id)
    })
}

pub(super) fn partition(key: &RowKey, catalog: &Catalog) -> Result<Partition, Failure> {
    let attribute = usize::try_from(key.attribute)
        .ok()
        .and_then(|at| catalog.attributes.get(at));
    Ok(Partition {
        attribute: attribute.ok_or_else(damaged)?.name.clone(),
        bucket: key.bucket,
        date: Date::constant(1970, 1, 1)
            .saturating_add(jiff::SignedDuration::from_hours(i64::from(key.date) * 24)),
    })
}

/// What this very import wrote reads back as something else.
pub(super) fn damaged() -> Failure {
    failure::internal(
        "import_damaged",
        "A temporary file of this import was damaged while it ran.".to_owned(),
        "Import again; if it happens again, check the disk.",
    )
}
