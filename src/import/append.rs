//! `--append`: adds decisions to a lake that is there, as new files.
//!
//! All is written into a hidden folder of the lake first. Renaming that folder to
//! [`READY`] is the moment from which the append will happen: whoever appends
//! next moves what is left in it, so a killed append is completed, not repeated.
//!
//! **What a reader may rely on.** Files of the trace only ever come: an answer meanwhile
//! knows a new decision or does not yet. A partition of the latest table and the entities
//! are rewritten whole, under a later name, and the older files are removed right after,
//! or by the next append where this one is killed. Until then a company has several rows
//! in such a folder: of the latest table's the newest decision counts, with the dates of
//! all; an append goes by the files written last (the greatest name up to its count). A
//! file that is gone when it is opened means: list again. The trace moves before the
//! latest table, so a date in `decision_dates` always has its partition.

use std::path::{Path, PathBuf};

use super::build::{Build, Stock};
use super::choose::{self, Chosen};
use super::entities::Entities;
use super::{Import, Progress, Report, failure, place, stored, table};
use crate::catalog::{Catalog, FILE_NAME};
use crate::error::Failure;

/// Where an append is written.
pub(super) const STAGING: &str = ".append";
/// Where it lies when it is complete.
pub(super) const READY: &str = ".append-ready";

pub(super) fn run(import: &Import, progress: &mut dyn FnMut(Progress)) -> Result<Report, Failure> {
    let lake = import.into.as_path();
    if !lake.join(FILE_NAME).is_file() {
        return Err(failure::user(
            "no_lake",
            format!(
                "There is no lake at {} to append to: it has no {FILE_NAME}.",
                lake.display()
            ),
            "Check --into, or leave out --append to make a lake there.",
        ));
    }
    let _lock = place::lock(lake, lake)?;
    if let Some(own) = ready(lake)? {
        publish(lake, &own)?;
    }
    let chosen = choose::of_lake(lake, import)?;
    let staging = lake.join(STAGING);
    stage(import, chosen, &staging, progress).inspect_err(|_| {
        // What stays is hidden, and cleared by the next append.
        let _ = std::fs::remove_dir_all(&staging);
    })
}

/// Writes all that comes, and puts it in its place.
fn stage(
    import: &Import,
    chosen: Chosen,
    staging: &Path,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, Failure> {
    let lake = import.into.as_path();
    let report = write(import, &chosen, staging, progress)?;
    place::sync(staging)?;
    let ready = lake.join(READY);
    std::fs::rename(staging, &ready).map_err(|e| failure::unwritable(&ready, &e))?;
    place::sync_one(lake)?;
    publish(lake, &chosen.catalog)?;
    Ok(report)
}

/// Writes all that comes into the hidden folder.
pub(super) fn write(
    import: &Import,
    chosen: &Chosen,
    staging: &Path,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, Failure> {
    let made = std::fs::create_dir_all(staging).and_then(|()| place::clear(staging));
    made.map_err(|e| failure::unwritable(staging, &e))?;
    let lake = import.into.as_path();
    let catalog = &chosen.catalog;
    let tables = table::Tables::new(catalog);
    let companies = lake.join(&catalog.lake.entities);
    let entities: Entities = stored::entities(&companies, &tables.entities)?
        .into_iter()
        .map(|entity| (entity.entity_id, entity))
        .collect();
    let stock = Stock {
        entities,
        known: &mut |partition| {
            let folder = lake
                .join(&catalog.lake.trace)
                .join(catalog.layout.path(partition));
            stored::ids(&folder, &catalog.columns.decision_id)
        },
        latest: &mut |partition| {
            let name = catalog.lake.latest.as_deref().unwrap_or_default();
            let path = catalog
                .layout
                .latest_path(&partition.attribute, partition.bucket);
            stored::latest(
                &lake.join(name).join(path),
                &partition.attribute,
                &tables.latest,
            )
        },
    };
    let stamp = later(table::stamp(import.now), &companies)?;
    Build {
        import,
        folder: staging,
        stamp,
        progress,
    }
    .run(Some(chosen.clone()), stock)
}

/// A stamp behind all that the lake has, whatever the clock says. Every import writes
/// the entities, so theirs is the newest.
fn later(stamp: String, companies: &Path) -> Result<String, Failure> {
    let parts = stored::parts(companies)?;
    let newest = parts.last().map_or("", |path| stored::written(path));
    // A letter sorts behind the hyphen that follows a stamp.
    Ok(if stamp.as_str() > newest {
        stamp
    } else {
        format!("{newest}a")
    })
}

/// The catalog of an append that is complete but has not moved yet.
fn ready(lake: &Path) -> Result<Option<Catalog>, Failure> {
    let folder = lake.join(READY);
    if !folder.is_dir() {
        return Ok(None);
    }
    // It moves last: it is there or in the lake already.
    let file = [folder.join(FILE_NAME), lake.join(FILE_NAME)]
        .into_iter()
        .find(|file| file.is_file());
    choose::read(&file.unwrap_or_else(|| lake.join(FILE_NAME))).map(|(catalog, _)| Some(catalog))
}

/// Moves a complete append to where readers look. May be killed and begun again.
pub(super) fn publish(lake: &Path, catalog: &Catalog) -> Result<(), Failure> {
    let ready = lake.join(READY);
    let names = &catalog.lake;
    move_folder(
        &ready.join(&names.trace),
        &lake.join(&names.trace),
        After::Keep,
    )?;
    if let Some(latest) = &names.latest {
        move_folder(&ready.join(latest), &lake.join(latest), After::Replace)?;
    }
    move_folder(
        &ready.join(&names.entities),
        &lake.join(&names.entities),
        After::Replace,
    )?;
    for file in [names.directory.as_str(), FILE_NAME] {
        move_file(&ready.join(file), &lake.join(file))?;
    }
    place::sync_one(lake)?;
    std::fs::remove_dir_all(&ready).map_err(|e| failure::unwritable(&ready, &e))
}

/// What happens to the files that were in a folder before.
#[derive(Debug, Clone, Copy)]
enum After {
    Keep,
    Replace,
}

/// Moves the files of a folder and of those below it. Folders stay, so that
/// whoever begins again knows which were meant.
fn move_folder(from: &Path, to: &Path, after: After) -> Result<(), Failure> {
    let entries = match std::fs::read_dir(from) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failure::unwritable(from, &error)),
    };
    std::fs::create_dir_all(to).map_err(|e| failure::unwritable(to, &e))?;
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in entries {
        paths.push(entry.map_err(|e| failure::unwritable(from, &e))?.path());
    }
    for path in paths {
        let Some(name) = path.file_name() else {
            continue;
        };
        if path.is_dir() {
            move_folder(&path, &to.join(name), after)?;
        } else {
            move_file(&path, &to.join(name))?;
        }
    }
    place::sync_one(to)?;
    match after {
        After::Keep => Ok(()),
        After::Replace => remove_older(to),
    }
}

fn move_file(from: &Path, to: &Path) -> Result<(), Failure> {
    match std::fs::rename(from, to) {
        Ok(()) => Ok(()),
        // Moved before the append was killed.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !from.exists() => Ok(()),
        Err(error) => Err(failure::unwritable(to, &error)),
    }
}

fn remove_older(folder: &Path) -> Result<(), Failure> {
    let all = stored::parts(folder)?;
    let newest = stored::newest(all.clone());
    for path in all.iter().filter(|path| !newest.contains(path)) {
        std::fs::remove_file(path).map_err(|e| failure::unwritable(path, &e))?;
    }
    Ok(())
}
