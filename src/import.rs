//! Decisions in, lake out: `why import`.
//!
//! Lines are read once (twice where a catalog must be guessed), refused with a
//! reason or sorted on disk, and written partition by partition, so that memory
//! stays the same however long the input is. Start at [`Import::run`]; `intake`
//! reads, `trace` and `latest` write, `place` makes it all appear at once.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::error::Failure;
pub use count::{Count, Counted};
pub use names::{Built, Names};
pub use refusals::Refused;

mod append;
mod build;
mod choose;
mod count;
mod entities;
mod failure;
mod intake;
mod json;
mod keys;
mod latest;
mod lines;
mod names;
mod place;
mod refusals;
mod row;
mod sorter;
mod stored;
mod survey;
mod table;
#[cfg(test)]
mod tests;
mod trace;

/// What to import and where to.
#[derive(Debug, Clone)]
pub struct Import {
    /// `None`: infer one from the data and say what was assumed; when appending, the lake's own.
    pub catalog: Option<PathBuf>,
    /// JSON lines, gzip or plain; `-` is standard input.
    pub decisions: PathBuf,
    /// JSON lines; without it, companies are called what the trace calls them.
    pub entities: Option<PathBuf>,
    pub latest: LatestTable,
    pub into: PathBuf,
    pub mode: Mode,
    /// More than this share of bad lines of a file stops the import; 0 to 1.
    pub max_rejects: f64,
    /// Where bad lines go: a new file; by default one beside the lake.
    pub rejects: Option<PathBuf>,
    pub now: Timestamp,
}

/// Whether the latest table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LatestTable {
    Always,
    /// Where the catalog names one.
    IfNamed,
}

/// What becomes of the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// A new lake, where there is nothing.
    Create,
    /// More decisions for the lake that is there.
    Append,
}

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Decisions written.
    pub decisions: u64,
    /// Decisions of the input that the lake had already.
    pub known: u64,
    /// Lines whose decision stands on a later line of the input too.
    pub repeated: u64,
    /// Lines refused, with the rejects file where there are any.
    pub rejected: u64,
    pub rejects: Option<PathBuf>,
    /// The first of them.
    pub refused: Vec<Refused>,
    pub entities: u64,
    /// Partitions of the trace that were written to.
    pub partitions: u64,
    /// Files written, and their bytes.
    pub files: u64,
    pub bytes: u64,
    /// What an inferred catalog assumed, one sentence each; empty where one was given.
    pub assumed: Vec<String>,
    /// What deserves attention but did not stop the import, one sentence each.
    pub notes: Vec<String>,
    /// A question that the lake answers (`#66740 sector`), where it holds any decision.
    pub example: Option<String>,
}

/// Where the import is, for a progress bar.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    pub bytes_read: u64,
    /// Of all readings of the input file; `None` for standard input.
    pub bytes_in_all: Option<u64>,
    /// Decisions read.
    pub decisions: u64,
    /// Decisions written; 0 while reading.
    pub written: u64,
}

/// A folder, not a URL: its name would be taken for one of a folder here.
fn check_folder(into: &Path) -> Result<(), Failure> {
    let text = into.to_string_lossy();
    let Some((scheme, rest)) = text.split_once("://") else {
        return Ok(());
    };
    let advice = match scheme {
        "file" => format!("Name the folder itself: --into {rest}"),
        "s3" => {
            let url = text.trim_end_matches('/');
            format!(
                "Import into a folder (--into lake), then upload it, the directory of names last: \
                 `aws s3 sync lake {url} --exclude directory.why && \
                 aws s3 cp lake/directory.why {url}/directory.why`."
            )
        }
        _ => "Import into a folder (--into lake), then upload it.".to_owned(),
    };
    Err(failure::user(
        "bad_place",
        format!("{text} is no folder of this machine, and an import writes to one."),
        advice,
    ))
}

/// The latest table's name where a catalog does not say.
const LATEST: &str = "attribute_latest";

impl Import {
    /// Runs the import; calls `progress` now and then.
    ///
    /// # Errors
    /// With words for a person; nothing half-written is left that would answer.
    pub fn run(&self, progress: &mut dyn FnMut(Progress)) -> Result<Report, Failure> {
        // Before anything is read, or written.
        check_folder(&self.into)?;
        self.rejects_file()?;
        match self.mode {
            Mode::Create => self.create(progress),
            Mode::Append => append::run(self, progress),
        }
    }

    fn create(&self, progress: &mut dyn FnMut(Progress)) -> Result<Report, Failure> {
        let site = place::Site::open(&self.into)?;
        let stamp = table::stamp(self.now);
        let mut build = build::Build {
            import: self,
            folder: site.folder(),
            stamp,
            progress,
        };
        let nothing = build::Stock {
            entities: entities::Entities::new(),
            known: &mut |_| Ok(HashSet::new()),
            latest: &mut |_| Ok(Box::new(std::iter::empty())),
        };
        match build
            .run(None, nothing)
            .and_then(some_decision(&self.decisions))
        {
            Ok(report) => site.finish().map(|()| report),
            Err(failure) => {
                site.abandon();
                Err(failure)
            }
        }
    }

    fn rejects_file(&self) -> Result<PathBuf, Failure> {
        let decisions = Some(self.decisions.as_path());
        let inputs: Vec<&Path> = [decisions, self.entities.as_deref(), self.catalog.as_deref()]
            .into_iter()
            .flatten()
            .collect();
        refusals::place(self.rejects.as_deref(), &self.into, &inputs)
    }
}

/// A lake without a decision answers nothing.
fn some_decision(file: &Path) -> impl FnOnce(Report) -> Result<Report, Failure> {
    move |report| match report.decisions {
        0 => Err(failure::no_decisions(file)),
        _ => Ok(report),
    }
}
