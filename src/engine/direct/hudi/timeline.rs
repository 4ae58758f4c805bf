//! The timeline: which instants were committed, and what they replaced.
//!
//! Pure: works on the names of the files in `.hoodie` and on the text of
//! replacecommits. An instant that is not in the active timeline counts as committed
//! if it lies before its start, as in Hudi (`containsOrBeforeTimelineStarts`): only
//! finished ones are archived, and a rollback removes its files. Start at [`Timeline`].

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::Deserialize;

/// File groups that an instant replaced, by partition path.
pub(in crate::engine::direct) type Replaced = HashMap<String, HashSet<String>>;

/// What the names in `.hoodie` say.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::engine::direct) struct Listed {
    /// Writes that were completed.
    completed: BTreeSet<String>,
    /// Writes that were begun, completed or not.
    begun: BTreeSet<String>,
    /// Completed writes that replaced file groups: clustering, overwriting, deleting.
    pub(super) replacing: BTreeSet<String>,
}

impl Listed {
    pub(super) fn new<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let mut listed = Listed::default();
        for name in names {
            let Some((instant, action)) = name.split_once('.') else {
                continue;
            };
            if !is_instant(instant) {
                continue;
            }
            let own = || instant.to_owned();
            match action {
                "commit" | "deltacommit" => {
                    listed.completed.insert(own());
                }
                "replacecommit" => {
                    listed.completed.insert(own());
                    listed.replacing.insert(own());
                }
                "inflight"
                | "commit.requested"
                | "commit.inflight"
                | "deltacommit.requested"
                | "deltacommit.inflight"
                | "replacecommit.requested"
                | "replacecommit.inflight" => {
                    listed.begun.insert(own());
                }
                // Cleans, rollbacks, restores, indexing: what they did shows in the files.
                // Savepoints keep instants from being archived, not what lies behind them.
                _ => {}
            }
        }
        listed
    }
}

/// A table's timeline at one moment.
#[derive(Debug)]
pub(in crate::engine::direct) struct Timeline {
    listed: Listed,
    /// The first completed write. One that a savepoint keeps counts like any other: what was
    /// archived behind it is gone for Hudi's readers and writers, although Hudi has a rule
    /// (`getFirstNonSavepointCommit`) that would save it.
    start: Option<String>,
    replaced: Vec<Arc<Replaced>>,
}

impl Timeline {
    pub(super) fn new(listed: Listed, replaced: Vec<Arc<Replaced>>) -> Self {
        let start = listed.completed.first().cloned();
        Timeline {
            start,
            listed,
            replaced,
        }
    }

    /// Whether what was written at this instant is part of the truth.
    pub(super) fn is_committed(&self, instant: &str) -> bool {
        let archived = self.start.as_deref().is_some_and(|start| instant < start);
        self.listed.completed.contains(instant)
            || (archived && !self.listed.begun.contains(instant))
    }

    /// Whether a completed write put other files in the place of this group.
    pub(super) fn is_replaced(&self, partition: &str, group: &str) -> bool {
        self.replaced.iter().any(|by| {
            by.get(partition)
                .is_some_and(|groups| groups.contains(group))
        })
    }

    /// The newest completed write, its digits read as UTC.
    pub(in crate::engine::direct) fn data_as_of(&self) -> Option<Timestamp> {
        instant_time(self.listed.completed.last()?)
    }
}

/// `yyyyMMddHHmmssSSS`, before Hudi 0.10 without milliseconds. Hudi compares them as text.
pub(super) fn is_instant(text: &str) -> bool {
    matches!(text.len(), 14 | 17) && text.bytes().all(|b| b.is_ascii_digit())
}

fn instant_time(instant: &str) -> Option<Timestamp> {
    let part = |range: std::ops::Range<usize>| instant.get(range)?.parse::<i16>().ok();
    let small = |range| i8::try_from(part(range)?).ok();
    let millis = part(14..17).unwrap_or(0);
    let civil = DateTime::new(
        part(0..4)?,
        small(4..6)?,
        small(6..8)?,
        small(8..10)?,
        small(10..12)?,
        small(12..14)?,
        i32::from(millis) * 1_000_000,
    );
    TimeZone::UTC.to_timestamp(civil.ok()?).ok()
}

/// What a completed replacecommit replaced.
pub(super) fn replaced(json: &[u8]) -> Result<Replaced, String> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct ReplaceCommit {
        partition_to_replace_file_ids: BTreeMap<String, HashSet<String>>,
    }
    if json.is_empty() {
        return Err("it is empty".to_owned());
    }
    let commit: ReplaceCommit = serde_json::from_slice(json).map_err(|e| e.to_string())?;
    Ok(commit.partition_to_replace_file_ids.into_iter().collect())
}
