//! The latest table: of each company and attribute the newest decision, and
//! where the others lie.
//!
//! `decision_dates` holds the keys of the partitions (first days of the
//! layout's step), not days: fewest entries, and what `plan` asks for. A
//! partition of the table is written whole, what it held before included.

use std::iter::Peekable;
use std::path::Path;

use super::failure;
use super::keys::RowKey;
use super::row::Row;
use super::sorter::Merge;
use super::table::{Files, Part, Rows, Tables};
use super::trace::{damaged, partition};
use crate::catalog::Catalog;
use crate::error::Failure;
use crate::layout::Partition;
use crate::trace::{Trace, round_to_millis};

/// A row of the latest table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Latest<'a> {
    pub(super) row: Row<'a>,
    /// Days since 1970, ascending.
    pub(super) dates: Vec<i32>,
}

/// Rows that a partition of the table holds already, by entity_id.
pub(super) type Stored = Box<dyn Iterator<Item = Result<Latest<'static>, Failure>>>;

/// Where the latest table goes.
pub(super) struct Writer<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) tables: &'a Tables,
    pub(super) files: &'a mut Files,
    /// The table's name.
    pub(super) name: &'a str,
    pub(super) scratch: &'a Path,
    pub(super) stored: &'a mut dyn FnMut(&Partition) -> Result<Stored, Failure>,
}

impl Writer<'_> {
    /// `newest` is sorted by [`RowKey::by_entity`].
    pub(super) fn write(&mut self, mut newest: Merge) -> Result<(), Failure> {
        let scratch = self.scratch;
        let full = |e: std::io::Error| failure::unwritable(scratch, &e);
        let mut open: Option<Open> = None;
        let mut company: Option<Company> = None;
        while let Some(record) = newest.next().map_err(full)? {
            let key = RowKey::decode_by_entity(record.key).ok_or_else(damaged)?;
            match &mut company {
                Some(company) if company.is_of(&key) => company.see(key, record.payload),
                Some(_) | None => {
                    let before = company.replace(Company::new(key, record.payload));
                    open = self.add(before, open)?;
                }
            }
        }
        let open = self.add(company, open)?;
        self.close(open)
    }

    /// Writes a company into its partition, opened where it is another one.
    fn add(
        &mut self,
        company: Option<Company>,
        open: Option<Open>,
    ) -> Result<Option<Open>, Failure> {
        let Some(company) = company else {
            return Ok(open);
        };
        let mut here = match open {
            Some(here) if here.is_of(&company.key) => here,
            before => {
                self.close(before)?;
                self.open(company.key)?
            }
        };
        let row = Row::parse(&company.line, &mut |_| {}).map_err(|_| damaged())?;
        let mut latest = Latest {
            row,
            dates: company.dates,
        };
        while let Some(stored) = here.stored_up_to(company.key.entity_id)? {
            if stored.row.entity_id == company.key.entity_id {
                latest = combined(stored, latest);
            } else {
                here.push(&stored, self)?;
            }
        }
        here.push(&latest, self)?;
        Ok(Some(here))
    }

    fn open(&mut self, key: RowKey) -> Result<Open, Failure> {
        let partition = partition(&key, self.catalog)?;
        let path = self
            .catalog
            .layout
            .latest_path(&partition.attribute, partition.bucket);
        Ok(Open {
            key,
            stored: (self.stored)(&partition)?.peekable(),
            folder: format!("{}/{path}", self.name),
            rows: Rows::new(&self.tables.latest),
            part: None,
        })
    }

    fn close(&mut self, open: Option<Open>) -> Result<(), Failure> {
        let Some(mut open) = open else { return Ok(()) };
        while let Some(stored) = open.stored_up_to(i64::MAX)? {
            open.push(&stored, self)?;
        }
        open.flush(self)?;
        open.part
            .take()
            .map_or(Ok(()), |part| self.files.close(part))
    }
}

/// One company's newest decision so far.
struct Company {
    key: RowKey,
    line: Vec<u8>,
    dates: Vec<i32>,
}

impl Company {
    fn new(key: RowKey, line: &[u8]) -> Self {
        Company {
            key,
            line: line.to_vec(),
            dates: vec![key.date],
        }
    }

    fn is_of(&self, key: &RowKey) -> bool {
        (self.key.attribute, self.key.entity_id) == (key.attribute, key.entity_id)
    }

    /// A decision of a later partition.
    fn see(&mut self, key: RowKey, line: &[u8]) {
        self.key = key;
        self.line.clear();
        self.line.extend_from_slice(line);
        self.dates.push(key.date);
    }
}

/// What the table held and what came to it.
fn combined<'a>(stored: Latest<'a>, new: Latest<'a>) -> Latest<'a> {
    let mut dates = stored.dates;
    dates.extend(&new.dates);
    dates.sort_unstable();
    dates.dedup();
    let of = |row: &Row<'_>| round_to_millis(row.decided_at);
    let is_new = match of(&new.row).cmp(&of(&stored.row)) {
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => {
            let trace = Trace::new(vec![stored.row.decision(), new.row.decision()]);
            trace
                .decisions()
                .last()
                .is_some_and(|last| last.decision_id == new.row.decision_id)
        }
    };
    Latest {
        row: if is_new { new.row } else { stored.row },
        dates,
    }
}

/// The partition that is being written.
struct Open {
    key: RowKey,
    stored: Peekable<Stored>,
    folder: String,
    rows: Rows,
    part: Option<Part>,
}

impl Open {
    fn is_of(&self, key: &RowKey) -> bool {
        (self.key.attribute, self.key.bucket) == (key.attribute, key.bucket)
    }

    /// The next stored row, unless it belongs behind this company.
    fn stored_up_to(&mut self, entity_id: i64) -> Result<Option<Latest<'static>>, Failure> {
        let next = self.stored.next_if(|stored| match stored {
            Ok(stored) => stored.row.entity_id <= entity_id,
            Err(_) => true,
        });
        next.transpose()
    }

    fn push(&mut self, latest: &Latest<'_>, writer: &mut Writer<'_>) -> Result<(), Failure> {
        self.rows.push(&latest.row, &latest.dates);
        if self.rows.is_full() {
            self.flush(writer)
        } else {
            Ok(())
        }
    }

    fn flush(&mut self, writer: &mut Writer<'_>) -> Result<(), Failure> {
        if !self.rows.is_empty() {
            let batch = self.rows.take()?;
            writer.files.write(&mut self.part, &self.folder, &batch)?;
        }
        Ok(())
    }
}
