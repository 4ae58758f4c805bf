//! Reads the decisions file once: refuses, sorts, counts.
//!
//! What comes out is in the order of the lake, whatever the order of the lines.
//! Knows no Parquet; memory stays the same however long the file is.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use jiff::Timestamp;

use super::Progress;
use super::entities::Seen;
use super::failure;
use super::keys::{RowKey, id_key, split_id_key};
use super::lines::{LONGEST, Lines};
use super::refusals::{Refusals, Tally};
use super::row::Row;
use super::sorter::{Merge, Sorter};
use super::survey::Survey;
use super::table::days;
use crate::catalog::Catalog;
use crate::error::Failure;

/// Memory for the rows of one sorted run, and for their ids.
const ROW_BYTES: usize = 48 << 20;
const ID_BYTES: usize = 16 << 20;
/// Progress is told every so many lines.
const LINES_OF_A_STEP: u64 = 2_000;
/// So many fields that the contract does not have are named.
const MOST_UNKNOWN: usize = 20;

/// Why a row is not taken.
pub(super) enum Trouble {
    Refused(String),
    Failed(Failure),
}

impl From<String> for Trouble {
    fn from(reason: String) -> Self {
        Trouble::Refused(reason)
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Trouble::Failed(failure)
    }
}

/// Takes a decision and its line, or says why not.
type Visit<'a> = &'a mut dyn FnMut(&Row<'_>, &[u8]) -> Result<(), Trouble>;

/// The decisions file, and who is told how far it was read.
pub(super) struct Input<'a> {
    pub(super) file: &'a Path,
    pub(super) now: Timestamp,
    pub(super) progress: &'a mut dyn FnMut(Progress),
    /// Bytes of readings that came before, and of all there will be.
    pub(super) bytes_before: u64,
    pub(super) readings: u64,
}

impl Input<'_> {
    /// Calls `visit` with each line that reads as a decision, and its text.
    pub(super) fn each(
        &mut self,
        refusals: &mut Refusals,
        unknown: &mut BTreeSet<String>,
        visit: Visit<'_>,
    ) -> Result<(), Failure> {
        let mut lines = Lines::open(self.file)?;
        let bytes_in_all = lines.bytes_in_all.map(|bytes| bytes * self.readings);
        let mut tally = Tally::default();
        let mut bytes_read = 0;
        while let Some(line) = lines.next()? {
            tally.lines += 1;
            let mut note = |name: &str| {
                if unknown.len() < MOST_UNKNOWN && !unknown.contains(name) {
                    unknown.insert(name.to_owned());
                }
            };
            let taken = if line.is_cut {
                Err(Trouble::Refused(format!(
                    "it is longer than {} MiB",
                    LONGEST >> 20
                )))
            } else {
                let row = Row::parse(line.bytes, &mut note).map_err(Trouble::Refused);
                row.and_then(|row| visit(&row, line.bytes))
            };
            match taken {
                Ok(()) => {}
                Err(Trouble::Failed(failure)) => return Err(failure),
                Err(Trouble::Refused(reason)) => {
                    tally.refused += 1;
                    refusals.refuse(self.file, &line, &reason)?;
                    refusals.judge_early(self.file, tally)?;
                }
            }
            if tally.lines.is_multiple_of(LINES_OF_A_STEP) {
                bytes_read = lines.bytes_read();
                (self.progress)(Progress {
                    bytes_read: self.bytes_before + bytes_read,
                    bytes_in_all,
                    decisions: tally.lines - tally.refused,
                    written: 0,
                });
            }
        }
        self.bytes_before += lines.bytes_read().max(bytes_read);
        refusals.judge(self.file, tally)
    }

    /// Looks at every decision, to tell a catalog from them.
    pub(super) fn survey(&mut self, refusals: &mut Refusals) -> Result<Survey, Failure> {
        let mut survey = Survey::default();
        let now = self.now;
        self.each(refusals, &mut BTreeSet::new(), &mut |row, _| {
            let day = row.check_time(now)?;
            Ok(survey.see(row, day)?)
        })?;
        Ok(survey)
    }

    /// Reads every decision; runs for sorting go to the folder `scratch`.
    pub(super) fn take(
        &mut self,
        catalog: &Catalog,
        refusals: &mut Refusals,
        scratch: &Path,
    ) -> Result<Intake, Failure> {
        let mut rows = Sorter::new(scratch, "rows", ROW_BYTES);
        let mut ids = Sorter::new(scratch, "ids", ID_BYTES);
        let mut seen = Seen::default();
        let mut line = 0_u64;
        let mut unknown = BTreeSet::new();
        let mut example = None;
        let now = self.now;
        let full = |e: std::io::Error| failure::unwritable(scratch, &e);
        self.each(refusals, &mut unknown, &mut |row, text| {
            let at = row.check(catalog, now)?;
            let key = row_key(row, at, line, catalog)?;
            rows.push(&key.encode(), text).map_err(full)?;
            ids.push(&id_key(&row.decision_id, line), &hash(text).to_be_bytes())
                .map_err(full)?;
            if catalog
                .attributes
                .get(at)
                .is_some_and(|attribute| attribute.is_name)
            {
                seen.name(row);
            } else {
                seen.company(row.entity_id);
            }
            if row.value.is_some() {
                example = Some(format!("#{} {}", row.entity_id, row.attribute));
            }
            line += 1;
            Ok(())
        })?;
        let reached = Progress {
            bytes_read: self.bytes_before,
            bytes_in_all: Some(self.bytes_before),
            decisions: line,
            written: 0,
        };
        let copies = Copies::find(ids.finish().map_err(full)?, line).map_err(full)?;
        Ok(Intake {
            rows: rows.finish().map_err(full)?,
            copies,
            seen,
            unknown,
            example,
            reached,
        })
    }
}

fn row_key(
    row: &Row<'_>,
    attribute: usize,
    line: u64,
    catalog: &Catalog,
) -> Result<RowKey, String> {
    let day = row.day().ok_or("decided_at is out of range")?;
    Ok(RowKey {
        attribute: u32::try_from(attribute).unwrap_or(u32::MAX),
        bucket: catalog.layout.bucket(row.entity_id),
        date: days(catalog.layout.floor(day)),
        entity_id: row.entity_id,
        decided_at: row.decided_at,
        line,
    })
}

fn hash(text: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// Everything that was read.
pub(super) struct Intake {
    /// Keys are [`RowKey`]s, payloads lines.
    pub(super) rows: Merge,
    pub(super) copies: Copies,
    pub(super) seen: Seen,
    pub(super) unknown: BTreeSet<String>,
    /// A question that the last decision with a value answers.
    pub(super) example: Option<String>,
    /// What progress was told last.
    pub(super) reached: Progress,
}

/// Lines whose decision_id stands on a later line too: of copies the last one counts,
/// as EXPLAIN.md has it.
#[derive(Default)]
pub(super) struct Copies {
    /// One bit a line.
    dropped: Vec<u64>,
    /// Copies to the letter.
    pub(super) same: u64,
    /// Copies that say something else.
    pub(super) different: u64,
}

impl Copies {
    fn find(mut ids: Merge, lines: u64) -> std::io::Result<Copies> {
        let words = usize::try_from(lines.div_ceil(64)).unwrap_or(usize::MAX);
        let mut copies = Copies {
            dropped: vec![0; words],
            ..Copies::default()
        };
        let mut last: (Vec<u8>, u64, Vec<u8>) = Default::default();
        while let Some(record) = ids.next()? {
            let Some((id, line)) = split_id_key(record.key) else {
                continue;
            };
            if last.0 == id && !id.is_empty() {
                copies.drop(last.1);
                if last.2 == record.payload {
                    copies.same += 1;
                } else {
                    copies.different += 1;
                }
            }
            last.0.clear();
            last.0.extend_from_slice(id);
            last.1 = line;
            last.2.clear();
            last.2.extend_from_slice(record.payload);
        }
        Ok(copies)
    }

    fn drop(&mut self, line: u64) {
        let word = usize::try_from(line / 64)
            .ok()
            .and_then(|at| self.dropped.get_mut(at));
        if let Some(word) = word {
            *word |= 1 << (line % 64);
        }
    }

    /// Whether a later line has the same decision_id.
    pub(super) fn is_dropped(&self, line: u64) -> bool {
        let word = usize::try_from(line / 64)
            .ok()
            .and_then(|at| self.dropped.get(at));
        word.is_some_and(|word| word & (1 << (line % 64)) != 0)
    }
}
