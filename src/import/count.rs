//! Decisions counted, of a file or of a lake, for advice on a layout: nothing is written.
//!
//! One pass over the lines as an import reads them, or over two columns of the lake's files.
//! Start at [`Count::file`] and [`Count::lake`].

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::Timestamp;

use super::failure;
use super::intake::Input;
use super::refusals::{Refusals, Refused};
use super::survey::Survey;
use super::{Progress, choose};
use crate::advice::{Seen, Tally};
use crate::ask;
use crate::catalog::{Catalog, EARLIEST_FIRST_DATE};
use crate::engine;
use crate::engine::direct::{Engine, Unreadable};
use crate::error::Failure;
use crate::layout::utc_date;

/// More than this share of lines that can't be used, and they are the file: the rest says little.
const MOST_REFUSED: f64 = 0.5;

/// Who counts, and when.
pub struct Count<'a> {
    pub now: Timestamp,
    pub progress: &'a mut dyn FnMut(Progress),
}

/// What was counted.
#[derive(Debug, Clone)]
pub struct Counted {
    pub tally: Tally,
    /// The one that was given, the lake's own, or one inferred as an import would.
    pub catalog: Catalog,
    /// No catalog was given.
    pub is_inferred: bool,
    /// Lines that can't be used, and the first of them.
    pub refused: u64,
    pub shown: Vec<Refused>,
    /// Files of a lake that can't be read, and the first of them.
    pub unreadable: u64,
    pub named: Vec<Unreadable>,
    /// One sentence each.
    pub notes: Vec<String>,
}

impl Counted {
    /// What a decision takes was seen in files, not estimated from JSON.
    #[must_use]
    pub fn is_measured(&self) -> bool {
        self.tally.has_files()
    }
}

impl Count<'_> {
    /// # Errors
    /// With words for a person: the file can't be read, or holds no decision that can be used.
    pub fn file(&mut self, file: &Path, catalog: Option<&Path>) -> Result<Counted, Failure> {
        let given = match catalog {
            Some(file) => Some(choose::catalog(file)?),
            None => None,
        };
        let own = given.as_ref().map(|catalog| &catalog.layout);
        let mut tally = Tally::new(
            own.unwrap_or(&Survey::blank_layout(EARLIEST_FIRST_DATE)),
            own,
        );
        let mut survey = Survey::default();
        let mut refusals = Refusals::unkept(MOST_REFUSED);
        let mut json_bytes = 0;
        let now = self.now;
        let mut input = Input {
            file,
            now,
            progress: self.progress,
            bytes_before: 0,
            readings: 1,
        };
        input.each(&mut refusals, &mut BTreeSet::new(), &mut |row, text| {
            let day = row.check_time(now)?;
            match &given {
                Some(catalog) => row.check(catalog, now).map(drop)?,
                None => survey.see(row, day)?,
            }
            tally.see(Seen {
                attribute: &row.attribute,
                entity_id: row.entity_id,
                day,
            });
            json_bytes += text.len() as u64;
            Ok(())
        })?;
        if tally.decisions() == 0 {
            return Err(failure::no_decisions(file));
        }
        tally.weigh_json(json_bytes);
        let is_inferred = given.is_none();
        let catalog = match given {
            Some(catalog) => catalog,
            None => survey.catalog(file)?.0,
        };
        Ok(Counted {
            tally,
            catalog,
            is_inferred,
            refused: refusals.refused,
            shown: refusals.shown,
            unreadable: 0,
            named: Vec::new(),
            notes: Vec::new(),
        })
    }

    /// Of a catalog's lake, or of the one that lies there and is laid out the same.
    ///
    /// # Errors
    /// With words for a person: there is no such lake, or nothing of it can be read.
    pub async fn lake(
        &mut self,
        (catalog_file, lake): (&Path, Option<&str>),
        s3: &BTreeMap<String, String>,
    ) -> Result<Counted, Failure> {
        /// Progress is told every so many decisions.
        const STEP: u64 = 100_000;
        let mut catalog = ask::read_catalog(catalog_file)?;
        let base = ask::locate(&mut catalog, catalog_file, lake);
        let failed = |e: engine::Error| ask::failure::engine(&e);
        let lake = Engine::open(&catalog, &base, s3).await.map_err(failed)?;
        let mut tally = Tally::new(&catalog.layout, Some(&catalog.layout));
        let progress = &mut *self.progress;
        let walked = lake
            .walk(&mut |place| {
                tally.see(Seen {
                    attribute: &place.partition.attribute,
                    entity_id: place.entity_id,
                    day: utc_date(place.decided_at),
                });
                if tally.decisions().is_multiple_of(STEP) {
                    progress(Progress {
                        decisions: tally.decisions(),
                        ..Progress::default()
                    });
                }
            })
            .await
            .map_err(failed)?;
        if tally.decisions() == 0 {
            if let Some(Unreadable { file, reason }) = walked.named.into_iter().next() {
                return Err(failed(engine::Error::CorruptFile { file, reason }));
            }
            return Err(failure::user(
                "no_decisions",
                format!(
                    "There is no decision in {}.",
                    catalog.lake.root(&catalog.lake.trace)
                ),
                "Import some first, or name a file of them with --decisions.",
            ));
        }
        tally.weigh(walked.bytes, walked.files);
        let mut notes = Vec::new();
        if walked.gone > 0 {
            notes.push(format!(
                "{} while the lake was counted; count again to see what took their place.",
                match walked.gone {
                    1 => "1 file was replaced".to_owned(),
                    several => format!("{several} files were replaced"),
                }
            ));
        }
        if let Some(stray) = walked.stray {
            let stray = match stray.as_str() {
                "" => "the table's own",
                stray => stray,
            };
            notes.push(format!(
                "{} no partition of the catalog's layout and attributes, and no question reads it: {stray}",
                match walked.strays {
                    1 => "1 folder with data is".to_owned(),
                    many => format!("{many} folders with data are"),
                }
            ));
        }
        Ok(Counted {
            tally,
            catalog,
            is_inferred: false,
            refused: 0,
            shown: Vec::new(),
            unreadable: walked.unreadable,
            named: walked.named,
            notes,
        })
    }
}
