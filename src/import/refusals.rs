//! Lines that can't be used: counted, shown, written to a file, and judged.
//!
//! Nothing is dropped silently: each refused line is in the rejects file with
//! its number and its reason. More than the allowed share stops the import.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use super::failure;
use super::lines::Line;
use crate::error::Failure;

/// How many are shown.
const SHOWN: usize = 5;
/// From here on an input that is mostly wrong is not read to its end.
const ENOUGH_TO_JUDGE: u64 = 1_000;
/// More of a refused line than this is not kept.
const KEPT_OF_A_LINE: usize = 1 << 20;

/// One line that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub file: PathBuf,
    /// From 1.
    pub line: u64,
    pub reason: String,
}

pub(super) struct Refusals {
    /// `None`: they are counted and shown, not kept.
    rejects: Option<PathBuf>,
    out: Option<BufWriter<File>>,
    max_share: f64,
    pub(super) refused: u64,
    pub(super) shown: Vec<Refused>,
}

/// The lines of one file, so far.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Tally {
    pub(super) lines: u64,
    pub(super) refused: u64,
}

impl Refusals {
    pub(super) fn new(rejects: PathBuf, max_share: f64) -> Self {
        Refusals::to(Some(rejects), max_share)
    }

    /// For a look at the lines, of which nothing is written.
    pub(super) fn unkept(max_share: f64) -> Self {
        Refusals::to(None, max_share)
    }

    fn to(rejects: Option<PathBuf>, max_share: f64) -> Self {
        Refusals {
            rejects,
            out: None,
            max_share,
            refused: 0,
            shown: Vec::new(),
        }
    }

    /// For another reading of the same lines.
    pub(super) fn again(&self) -> Self {
        Refusals::to(self.rejects.clone(), self.max_share)
    }

    /// Where they were written, if there are any.
    pub(super) fn file(&self) -> Option<&Path> {
        self.out.as_ref().and(self.rejects.as_deref())
    }

    pub(super) fn refuse(
        &mut self,
        file: &Path,
        line: &Line<'_>,
        reason: &str,
    ) -> Result<(), Failure> {
        self.refused += 1;
        self.keep(file, line, reason)?;
        if self.shown.len() < SHOWN {
            self.shown.push(Refused {
                file: file.to_owned(),
                line: line.number,
                reason: reason.to_owned(),
            });
        }
        Ok(())
    }

    fn keep(&mut self, file: &Path, line: &Line<'_>, reason: &str) -> Result<(), Failure> {
        let Some(rejects) = &self.rejects else {
            return Ok(());
        };
        let record = serde_json::json!({
            "file": file.to_string_lossy(),
            "line": line.number,
            "reason": reason,
            "raw": String::from_utf8_lossy(line.bytes.get(..KEPT_OF_A_LINE).unwrap_or(line.bytes)),
        });
        if self.out.is_none() {
            let made = File::create(rejects).map_err(|e| failure::unwritable(rejects, &e))?;
            self.out = Some(BufWriter::new(made));
        }
        match &mut self.out {
            Some(out) => writeln!(out, "{record}").map_err(|e| failure::unwritable(rejects, &e)),
            None => Ok(()),
        }
    }

    /// Stops a file that is hopeless: more than half of it can't be used, and more than allowed.
    pub(super) fn judge_early(&mut self, file: &Path, tally: Tally) -> Result<(), Failure> {
        let hopeless = tally.lines >= ENOUGH_TO_JUDGE && tally.refused * 2 > tally.lines;
        if hopeless {
            self.judge(file, tally)
        } else {
            Ok(())
        }
    }

    /// Stops a file of which more than the allowed share can't be used.
    pub(super) fn judge(&mut self, file: &Path, tally: Tally) -> Result<(), Failure> {
        if let (Some(out), Some(rejects)) = (&mut self.out, &self.rejects) {
            out.flush().map_err(|e| failure::unwritable(rejects, &e))?;
        }
        #[expect(clippy::cast_precision_loss, reason = "a share, not a count")]
        let share = tally.refused as f64 / tally.lines.max(1) as f64;
        if share <= self.max_share {
            return Ok(());
        }
        let mut text = format!(
            "{} of {} lines of {} can't be used, more than the {} allowed:",
            tally.refused,
            tally.lines,
            file.display(),
            percent(self.max_share),
        );
        for refused in self.shown.iter().filter(|r| r.file == file) {
            text.push_str(&format!("\n  line {}: {}", refused.line, refused.reason));
        }
        let advice = match &self.rejects {
            Some(rejects) => format!(
                "Mend them (all are in {}), or allow more with --max-rejects. Nothing was imported.",
                rejects.display()
            ),
            None => "Mend them first, or name the catalog that they belong to: advice for the rest would be about other data.".to_owned(),
        };
        Err(failure::user("too_many_rejects", text, advice))
    }
}

/// Where refused lines go: where was said, else beside the lake under a name that is free.
///
/// # Errors
/// A file that would be lost by it: an input, one of the lake, any that is there.
pub(super) fn place(
    named: Option<&Path>,
    lake: &Path,
    inputs: &[&Path],
) -> Result<PathBuf, Failure> {
    let Some(named) = named else {
        return Ok(free_beside(lake));
    };
    let place = real(named);
    let trouble = if inputs.iter().any(|input| real(input) == place) {
        "is an input of this import"
    } else if place.starts_with(real(lake)) {
        "lies inside the lake"
    } else if named.is_file() || named.is_dir() {
        "is there already"
    } else {
        return Ok(named.to_owned());
    };
    Err(failure::user(
        "rejects_taken",
        format!(
            "Lines that can't be used can't go to {}: it {trouble}.",
            named.display()
        ),
        "Name a new file outside the lake with --rejects, or leave it out: then one is made beside the lake. Nothing was read.",
    ))
}

/// `LAKE.rejects.jsonl`, or the first of `LAKE.rejects-2.jsonl` and so on that is not there yet.
fn free_beside(lake: &Path) -> PathBuf {
    // `.` and `..` have no name of their own.
    let lake = match lake.file_name() {
        Some(_) => lake.to_owned(),
        None => real(lake),
    };
    let named = |ending: &str| {
        let mut name = lake.file_name().unwrap_or_default().to_owned();
        name.push(ending);
        lake.with_file_name(name)
    };
    let mut place = named(".rejects.jsonl");
    let mut number = 2_u32;
    while place.exists() {
        place = named(&format!(".rejects-{number}.jsonl"));
        number += 1;
    }
    place
}

/// The path without links, as far as it is there.
fn real(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let there = whole.ancestors().find_map(|ancestor| {
        let real = ancestor.canonicalize().ok()?;
        Some(real.join(whole.strip_prefix(ancestor).ok()?))
    });
    there.unwrap_or(whole)
}

fn percent(share: f64) -> String {
    let hundredths = (share * 10_000.0).round() / 100.0;
    format!("{hundredths} %")
}
