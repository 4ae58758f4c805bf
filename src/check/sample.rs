//! Which folders of a table are read where not all are.
//!
//! Half are those that were written last, since what goes wrong begins there. A quarter are of the
//! newest days that are left, whatever was written when, of each attribute as many as of any other.
//! The rest are by chance, and by another one each day, so that a check every night comes round.
//! Never more than these are held, however many there are. Start at [`Sample::see`].

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use jiff::civil::Date;

use crate::engine::direct::Folder;
use crate::layout::Partition;

/// Folders of each table.
pub(super) const FOLDERS: usize = 32;
const WRITTEN_LAST: usize = FOLDERS / 2;
const OF_NEWEST_DAYS: usize = FOLDERS / 4;

pub(super) struct Sample {
    today: Date,
    /// By when they were written.
    written_last: BTreeMap<(String, String), Seen>,
    /// By their day, those of one day by chance.
    newest: BTreeMap<(Date, u64, String), Seen>,
    /// By chance, the smallest first.
    others: BTreeMap<(u64, String), Folder>,
}

struct Seen {
    folder: Folder,
    attribute: String,
    day: Date,
}

impl Sample {
    pub(super) fn new(today: Date) -> Self {
        Sample {
            today,
            written_last: BTreeMap::new(),
            newest: BTreeMap::new(),
            others: BTreeMap::new(),
        }
    }

    /// `partition`: what the folder stands for, where it stands for one.
    pub(super) fn see(&mut self, folder: Folder, partition: Option<&Partition>) {
        let written = folder.parts.as_ref().ok().and_then(|parts| {
            let written = parts.iter().map(|part| part.written.clone());
            written.max()
        });
        let key = (written.unwrap_or_default(), folder.path.clone());
        // What lies ahead is a fault that its listing tells, and nothing new.
        let tomorrow = self.today.tomorrow().unwrap_or(self.today);
        let day = partition.map(|partition| partition.date);
        let day = day.filter(|day| *day <= tomorrow);
        let seen = Seen {
            folder,
            attribute: partition.map_or(String::new(), |partition| partition.attribute.clone()),
            day: day.unwrap_or(Date::MIN),
        };
        self.written_last.insert(key, seen);
        if self.written_last.len() > WRITTEN_LAST
            && let Some((_, seen)) = self.written_last.pop_first()
        {
            self.by_day(seen);
        }
    }

    fn by_day(&mut self, seen: Seen) {
        let path = seen.folder.path.clone();
        self.newest
            .insert((seen.day, self.chance(&path), path), seen);
        if self.newest.len() <= OF_NEWEST_DAYS {
            return;
        }
        let mut shares: HashMap<&str, usize> = HashMap::new();
        for seen in self.newest.values() {
            *shares.entry(&seen.attribute).or_default() += 1;
        }
        let largest = shares.values().max().copied().unwrap_or_default();
        let oldest = self
            .newest
            .iter()
            .find(|(_, seen)| shares.get(seen.attribute.as_str()) == Some(&largest));
        let Some(seen) = oldest
            .map(|(key, _)| key.clone())
            .and_then(|key| self.newest.remove(&key))
        else {
            return;
        };
        let path = seen.folder.path.clone();
        self.others.insert((self.chance(&path), path), seen.folder);
        if self.others.len() > FOLDERS - WRITTEN_LAST - OF_NEWEST_DAYS {
            self.others.pop_last();
        }
    }

    fn chance(&self, path: &str) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.today.to_string(), path).hash(&mut hasher);
        hasher.finish()
    }

    /// In the order of their paths.
    pub(super) fn folders(self) -> Vec<Folder> {
        let chosen = self
            .written_last
            .into_values()
            .chain(self.newest.into_values());
        let chosen = chosen.map(|seen| seen.folder);
        let mut folders: Vec<Folder> = chosen.chain(self.others.into_values()).collect();
        folders.sort_by(|a, b| a.path.cmp(&b.path));
        folders
    }
}
