//! Which folders of a table are read where not all are.
//!
//! Half are those that were written last, since what goes wrong begins there; the others are by
//! chance, and by another one each day, so that a check every night comes round. Never more than
//! these are held, however many there are. Start at [`Sample::see`].

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use jiff::civil::Date;

use crate::engine::direct::Folder;

/// Folders of each table.
pub(super) const FOLDERS: usize = 32;
const NEWEST: usize = FOLDERS / 2;

pub(super) struct Sample {
    day: Date,
    /// By when they were written.
    newest: BTreeMap<(String, String), Folder>,
    /// By chance, the smallest first.
    others: BTreeMap<(u64, String), Folder>,
}

impl Sample {
    pub(super) fn new(day: Date) -> Self {
        Sample {
            day,
            newest: BTreeMap::new(),
            others: BTreeMap::new(),
        }
    }

    pub(super) fn see(&mut self, folder: Folder) {
        let written = folder.parts.as_ref().ok().and_then(|parts| {
            let written = parts.iter().map(|part| part.written.clone());
            written.max()
        });
        let key = (written.unwrap_or_default(), folder.path.clone());
        self.newest.insert(key, folder);
        if self.newest.len() <= NEWEST {
            return;
        }
        let Some((_, folder)) = self.newest.pop_first() else {
            return;
        };
        let mut hasher = DefaultHasher::new();
        (self.day.to_string(), &folder.path).hash(&mut hasher);
        self.others
            .insert((hasher.finish(), folder.path.clone()), folder);
        if self.others.len() > FOLDERS - NEWEST {
            self.others.pop_last();
        }
    }

    /// In the order of their paths.
    pub(super) fn folders(self) -> Vec<Folder> {
        let others = self.others.into_values();
        let mut folders: Vec<Folder> = self.newest.into_values().chain(others).collect();
        folders.sort_by(|a, b| a.path.cmp(&b.path));
        folders
    }
}
