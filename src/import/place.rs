//! Where a lake comes to stand: built out of sight, on the disk for sure, then in one step.
//!
//! A new lake is built in a hidden folder beside its place and renamed. Until
//! then there is none; from then on it is whole. Knows files, not what is in them.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use super::failure;
use crate::error::Failure;

/// Threads that wait for the disk.
const SYNCING: usize = 8;

/// The hidden folder in which a new lake is built.
pub(super) struct Site {
    /// Where the lake will be.
    into: PathBuf,
    folder: PathBuf,
    /// Held until the lake stands; the system lets go when the process ends, however it ends.
    _lock: File,
}

impl Site {
    /// Refuses a place that holds something, or where another import is at work;
    /// clears what a killed one left.
    pub(super) fn open(into: &Path) -> Result<Site, Failure> {
        let into = std::path::absolute(into).map_err(|e| failure::unwritable(into, &e))?;
        check_free(&into)?;
        let (Some(parent), Some(name)) = (into.parent(), into.file_name()) else {
            return Err(failure::user(
                "bad_place",
                format!("{} can't be made into a lake.", into.display()),
                "Name a new folder with --into.",
            ));
        };
        let folder = parent.join(format!(".{}.importing", name.to_string_lossy()));
        std::fs::create_dir_all(&folder).map_err(|e| failure::unwritable(&folder, &e))?;
        let lock = lock(&folder, &into)?;
        // Whoever held the lock until now may have put a lake there.
        check_free(&into)?;
        clear(&folder).map_err(|e| failure::unwritable(&folder, &e))?;
        Ok(Site {
            into,
            folder,
            _lock: lock,
        })
    }

    /// The lake's folder, as long as it is built.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Puts the lake in its place.
    pub(super) fn finish(self) -> Result<(), Failure> {
        sync(&self.folder)?;
        let moved = std::fs::rename(&self.folder, &self.into);
        moved.map_err(|e| failure::unwritable(&self.into, &e))?;
        self.into.parent().map_or(Ok(()), sync_one)
    }

    /// Leaves nothing behind.
    pub(super) fn abandon(self) {
        // What stays is hidden, and cleared by the next import.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn check_free(into: &Path) -> Result<(), Failure> {
    let mut entries = match std::fs::read_dir(into) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => {
            return Err(failure::user(
                "bad_place",
                format!("{} is no folder to import into: {error}.", into.display()),
                "Name a new folder with --into.",
            ));
        }
    };
    match entries.next() {
        None => Ok(()),
        Some(_) => Err(failure::user(
            "place_taken",
            format!("{} is there already and is not empty.", into.display()),
            "Add to the lake with --append, import into another folder, or remove it first.",
        )),
    }
}

/// Locks a folder against other imports.
pub(super) fn lock(folder: &Path, lake: &Path) -> Result<File, Failure> {
    let opened = File::open(folder).map_err(|e| failure::unwritable(folder, &e))?;
    match opened.try_lock() {
        Ok(()) => Ok(opened),
        Err(TryLockError::WouldBlock) => Err(failure::user(
            "import_running",
            format!("Another import into {} is running.", lake.display()),
            "Wait for it to end, then import again.",
        )),
        Err(TryLockError::Error(error)) => Err(failure::unwritable(folder, &error)),
    }
}

/// Removes all that a folder holds.
pub(super) fn clear(folder: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            std::fs::remove_dir_all(entry.path())?;
        } else {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Waits until a folder and all below it are on the disk.
pub(super) fn sync(folder: &Path) -> Result<(), Failure> {
    let mut paths = Vec::new();
    walk(folder, &mut paths).map_err(|e| failure::unwritable(folder, &e))?;
    let share = paths.len().div_ceil(SYNCING).max(1);
    std::thread::scope(|scope| {
        let threads: Vec<_> = paths
            .chunks(share)
            .map(|some| scope.spawn(move || some.iter().try_for_each(|path| sync_one(path))))
            .collect();
        threads
            .into_iter()
            .try_for_each(|thread| match thread.join() {
                Ok(result) => result,
                Err(panic) => std::panic::resume_unwind(panic),
            })
    })
}

pub(super) fn sync_one(path: &Path) -> Result<(), Failure> {
    let synced = File::open(path).and_then(|file| file.sync_all());
    synced.map_err(|e| failure::unwritable(path, &e))
}

/// Everything below a folder, then the folder.
fn walk(folder: &Path, paths: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), paths)?;
        } else {
            paths.push(entry.path());
        }
    }
    paths.push(folder.to_owned());
    Ok(())
}
