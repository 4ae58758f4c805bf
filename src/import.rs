//! Decisions in, lake out: `why import`.

use std::path::PathBuf;

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
