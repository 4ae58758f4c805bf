//! Whether a lake is what the contract and its catalog say: `why check`.
//!
//! Compares the contract with the files, with a Hudi table's own schema and with Glue's tables, and
//! looks at the decisions themselves. What differs is a [`Finding`] that names both sides; what
//! keeps it from looking is a failure. Memory does not grow with the rows of a lake: folders are
//! read one after another, in order, and of each a few bytes are held. Start at [`Check::run`]; `table` puts one table in a row.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::ask;
use crate::catalog::{Catalog, location, parse};
use crate::contract::Table;
use crate::directory::Directory;
use crate::engine::{self, Settings, direct};
use crate::error::Failure;
use crate::layout::utc_date;
pub use finding::{EXAMPLES, Finding, Findings, Kind, Side, Unit};
pub use missing::meant;

use strangers::Strangers;

mod chain;
mod columns;
mod companies;
mod compared;
mod copies;
mod course;
mod finding;
mod gaps;
#[cfg(feature = "athena")]
mod glue;
mod hudi;
pub mod json;
mod kept;
mod latest;
mod meaning;
mod missing;
mod place;
mod rows;
mod sample;
mod strangers;
mod table;
#[cfg(test)]
mod tests;

/// What to do where nothing is where --lake says.
pub const NAMED_WRONG: &str =
    "Check what --lake names: the folder, or s3://bucket/prefix, that the tables' folders are in.";
/// Folders read at a time.
const AT_ONCE: usize = 8;

/// What to check, and how much of it.
#[derive(Debug, Clone)]
pub struct Check {
    pub catalog_file: PathBuf,
    /// Where the lake lies, if not where the catalog says.
    pub lake: Option<String>,
    pub depth: Depth,
    /// Compare Glue's tables too, asked through Athena.
    pub glue: Option<Settings>,
    /// What S3 and Athena need.
    pub aws: BTreeMap<String, String>,
    pub now: Timestamp,
}

/// How many files are read; folders are listed all of them either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Those of some folders of each table: the newest, and others by chance of the day.
    Sample,
    All,
}

/// How far it is, for a progress bar.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    pub table: String,
    /// Files that were listed so far.
    pub found: u64,
    pub read: u64,
    /// `None` while it is not known.
    pub to_read: Option<u64>,
}

/// What was looked at, and what was found.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Where the lake lies.
    pub lake: String,
    /// The catalog that it was held against.
    pub catalog: String,
    pub tables: Vec<Looked>,
    pub findings: Vec<Finding>,
    /// What was not checked, and why; what is worth knowing and no fault. One sentence each.
    pub notes: Vec<String>,
}

/// What was looked at of one table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Looked {
    pub table: String,
    pub folders: u64,
    pub folders_read: u64,
    pub files: u64,
    pub files_read: u64,
    /// Fetched, of whatever it was.
    pub bytes_read: u64,
    pub rows: u64,
}

impl Report {
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }

    /// Whether every file was read.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.tables
            .iter()
            .all(|looked| looked.files == looked.files_read)
    }
}

/// What every part of a check is given.
struct Desk<'a> {
    catalog: &'a Catalog,
    /// `None` where there is none: companies are not looked up then.
    directory: Option<Directory>,
    depth: Depth,
    today: Date,
    /// The catalog names the companies' table itself, and so says that it is there.
    names_entities: bool,
    /// Of the trace, to be held against the companies' table.
    strangers: RefCell<Strangers>,
    /// Fetched of the latest table beside the trace.
    fetched_beside: Cell<u64>,
}

impl Check {
    /// Runs the check; calls `progress` now and then.
    ///
    /// # Errors
    /// With words for a person: the catalog is wrong, or the lake can't be looked at.
    pub async fn run(&self, progress: &mut dyn FnMut(&Progress)) -> Result<Report, Failure> {
        let as_written = ask::read_catalog(&self.catalog_file)?;
        let mut catalog = as_written.clone();
        let base = ask::locate(&mut catalog, &self.catalog_file, self.lake.as_deref());
        let failed = |error: engine::Error| ask::failure::engine(&error);
        let lake = direct::Engine::unchecked(&catalog, &base, &self.aws);
        let lake = lake.map_err(|error| self.not_there(&error))?;
        if let Some(error) = missing::whole(&lake, &catalog).await {
            let mut failure = self.not_there(&error);
            failure.advice = missing::nearby(&lake, &catalog)
                .await
                .unwrap_or(failure.advice);
            return Err(failure);
        }
        let mut findings = Findings::default();
        let mut report = Report {
            lake: lake.place().to_owned(),
            catalog: location::plain(&self.catalog_file),
            ..Report::default()
        };
        let desk = Desk {
            directory: missing::directory(&lake, &catalog, &mut findings).await?,
            catalog: &catalog,
            depth: self.depth,
            today: utc_date(self.now),
            names_entities: self.names_entities(),
            strangers: RefCell::default(),
            fetched_beside: Cell::new(0),
        };
        for table in Table::ALL {
            desk.table(&lake, table, (&mut findings, &mut report), progress)
                .await
                .map_err(failed)?;
        }
        let strangers = desk.strangers.take();
        report
            .notes
            .extend(strangers.finish(&catalog.lake.trace, &mut findings));
        self.glue(&as_written, (&mut findings, &mut report)).await?;
        report.findings = findings.sorted();
        Ok(report)
    }

    fn names_entities(&self) -> bool {
        let text = std::fs::read_to_string(&self.catalog_file);
        parse::names_entities(&text.unwrap_or_default())
    }

    /// What was typed is what to look at again.
    fn not_there(&self, error: &engine::Error) -> Failure {
        let mut failure = ask::failure::engine(error);
        if self.lake.is_some() {
            failure.advice = NAMED_WRONG.to_owned();
        }
        failure
    }

    #[cfg(feature = "athena")]
    async fn glue(
        &self,
        catalog: &Catalog,
        (findings, report): (&mut Findings, &mut Report),
    ) -> Result<(), Failure> {
        match &self.glue {
            Some(settings) => glue::check(catalog, settings, &self.aws, findings).await,
            None => {
                if catalog.lake.is_on_s3() {
                    report.notes.push(
                        "Glue's tables were not compared: --glue does, through Athena.".to_owned(),
                    );
                }
                Ok(())
            }
        }
    }

    #[cfg(not(feature = "athena"))]
    async fn glue(&self, _: &Catalog, _: (&mut Findings, &mut Report)) -> Result<(), Failure> {
        Ok(())
    }
}
