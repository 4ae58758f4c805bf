//! From the input files to all files of a lake, in a folder where nobody looks yet.
//!
//! The same for a new lake and for what is added to one; whoever calls says what
//! is there already ([`Stock`]) and puts the result in its place.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::choose::{self, Chosen};
use super::entities::{self, Entities};
use super::intake::{Input, Intake};
use super::refusals::Refusals;
use super::table::{self, Files, Tables};
use super::{Import, Mode, Progress, Report, failure, latest, trace};
use crate::catalog::{Catalog, FILE_NAME};
use crate::directory;
use crate::error::Failure;
use crate::layout::Partition;

/// Where sorted runs go; removed when all is written.
const SCRATCH: &str = ".scratch";

/// What the lake holds already.
pub(super) struct Stock<'a> {
    pub(super) entities: Entities,
    /// The decisions of a partition.
    pub(super) known: &'a mut dyn FnMut(&Partition) -> Result<HashSet<String>, Failure>,
    /// The rows of the latest table of an attribute and bucket.
    pub(super) latest: &'a mut dyn FnMut(&Partition) -> Result<latest::Stored, Failure>,
}

pub(super) struct Build<'a> {
    pub(super) import: &'a Import,
    /// Where the lake's files are written.
    pub(super) folder: &'a Path,
    /// Sorts after those of all files that are there.
    pub(super) stamp: String,
    pub(super) progress: &'a mut dyn FnMut(Progress),
}

impl Build<'_> {
    /// `chosen` is the lake's own catalog, where there is a lake.
    pub(super) fn run(
        &mut self,
        chosen: Option<Chosen>,
        stock: Stock<'_>,
    ) -> Result<Report, Failure> {
        let scratch = self.folder.join(SCRATCH);
        std::fs::create_dir_all(&scratch).map_err(|e| failure::unwritable(&scratch, &e))?;
        let mut refusals = Refusals::new(self.import.rejects_file()?, self.import.max_rejects);
        let (chosen, intake) = self.read(chosen, &mut refusals, &scratch)?;
        let mut companies = stock.entities;
        let mut notes = chosen.notes;
        if let Some(file) = &self.import.entities {
            notes.extend(entities::read(file, &mut refusals, &mut companies)?);
        }
        let catalog = &chosen.catalog;
        let tables = Tables::new(catalog);
        let mut files = Files::new(self.folder, self.stamp.clone());
        let (known, stored) = (stock.known, stock.latest);
        let mut intake = intake;
        let written = trace::Writer {
            catalog,
            tables: &tables,
            files: &mut files,
            scratch: &scratch,
            known,
            progress: self.progress,
            reached: intake.reached,
        }
        .write(&mut intake)?;
        if let Some(name) = &catalog.lake.latest {
            latest::Writer {
                catalog,
                tables: &tables,
                files: &mut files,
                name,
                scratch: &scratch,
                stored,
            }
            .write(written.newest)?;
        }
        notes.extend(intake_notes(&intake));
        let origin = match &self.import.entities {
            Some(file) => Some(file.display().to_string()),
            None => match self.import.mode {
                Mode::Create => None,
                Mode::Append => Some("the lake's entities".to_owned()),
            },
        };
        notes.extend(intake.seen.complete(&mut companies, origin.as_deref()));
        let count = companies.len() as u64;
        let example = intake.example;
        write_companies(catalog, &tables, companies, self.folder, &mut files)?;
        write_file(&self.folder.join(FILE_NAME), &chosen.text)?;
        std::fs::remove_dir_all(&scratch).map_err(|e| failure::unwritable(&scratch, &e))?;
        Ok(Report {
            decisions: written.decisions,
            known: written.known,
            repeated: intake.copies.same + intake.copies.different,
            rejected: refusals.refused,
            rejects: refusals.file().map(Path::to_path_buf),
            refused: refusals.shown,
            entities: count,
            partitions: written.partitions,
            files: files.count,
            bytes: files.bytes,
            assumed: chosen.assumed,
            notes,
            example,
        })
    }

    /// The catalog, and the decisions in the order of the lake.
    fn read(
        &mut self,
        chosen: Option<Chosen>,
        refusals: &mut Refusals,
        scratch: &Path,
    ) -> Result<(Chosen, Intake), Failure> {
        let chosen = match (chosen, &self.import.catalog) {
            (Some(chosen), _) => Some(chosen),
            (None, Some(file)) => Some(choose::given(file, self.import)?),
            (None, None) => None,
        };
        let file = match &chosen {
            None => readable_twice(&self.import.decisions, scratch)?,
            Some(_) => self.import.decisions.clone(),
        };
        let mut input = Input {
            file: &file,
            now: self.import.now,
            progress: self.progress,
            bytes_before: 0,
            readings: if chosen.is_some() { 1 } else { 2 },
        };
        let chosen = match chosen {
            Some(chosen) => chosen,
            None => {
                let survey = input.survey(&mut refusals.again())?;
                choose::inferred(survey.catalog(&self.import.decisions)?, self.import)?
            }
        };
        let intake = input.take(&chosen.catalog, refusals, scratch)?;
        Ok((chosen, intake))
    }
}

/// Standard input comes only once: it is kept.
fn readable_twice(file: &Path, scratch: &Path) -> Result<PathBuf, Failure> {
    if file != Path::new("-") {
        return Ok(file.to_owned());
    }
    let kept = scratch.join("standard-input");
    let copied = std::fs::File::create(&kept)
        .and_then(|mut out| std::io::copy(&mut std::io::stdin().lock(), &mut out));
    copied.map_err(|e| failure::unwritable(&kept, &e))?;
    Ok(kept)
}

fn intake_notes(intake: &Intake) -> Vec<String> {
    let mut notes = Vec::new();
    if intake.copies.different > 0 {
        notes.push(match intake.copies.different {
            1 => "1 line has a decision_id that a later line has too, and says something else: the last one counts.".to_owned(),
            lines => format!(
                "{lines} lines have a decision_id that a later line has too, and say something else: the last one counts."
            ),
        });
    }
    if !intake.unknown.is_empty() {
        let names: Vec<&str> = intake.unknown.iter().map(String::as_str).collect();
        notes.push(format!(
            "Fields that no decision has were left out: {}.",
            names.join(", ")
        ));
    }
    notes
}

/// The entities table and the directory.
fn write_companies(
    catalog: &Catalog,
    tables: &Tables,
    companies: Entities,
    folder: &Path,
    files: &mut Files,
) -> Result<(), Failure> {
    let batch = table::entities(&tables.entities, companies.values())?;
    let mut part = None;
    files.write(&mut part, &catalog.lake.entities, &batch)?;
    if let Some(part) = part {
        files.close(part)?;
    }
    let file = folder.join(&catalog.lake.directory);
    let parent = file.parent().unwrap_or(folder);
    std::fs::create_dir_all(parent).map_err(|e| failure::unwritable(parent, &e))?;
    directory::build(companies.into_values(), &file).map_err(|e| {
        failure::internal(
            "import_directory",
            format!("{e}."),
            "Make room, then import again.",
        )
    })?;
    Ok(())
}

fn write_file(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text).map_err(|e| failure::unwritable(path, &e))
}
