//! Hudi copy-on-write tables as they lie on disk (table versions 5 and 6).
//!
//! The timeline says which instants were committed and which file groups were
//! replaced; of each file group the newest committed base file is the truth. Follows
//! Hudi's own file system view (`HoodieFileGroup`, `AbstractTableFileSystemView`).
//! Start at [`Table::timeline`], then [`slices`].

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, PoisonError};

use futures::{StreamExt, TryStreamExt};
use object_store::ObjectMeta;
use object_store::path::Path;

use self::timeline::{Listed, Replaced, Timeline};
use super::listing::Leaf;
use super::store::Visit;
use super::table::File;
use crate::catalog::Catalog;
use crate::engine::Error;

mod properties;
mod said;
pub(super) mod timeline;

pub use said::Said;
pub(super) use said::said;

/// Replacecommits read at a time.
const AT_ONCE: usize = 16;

/// What is known of a table from earlier questions.
#[derive(Debug, Default)]
pub(super) struct Table {
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// The hoodie.properties that were found to be in order.
    properties: Option<ObjectMeta>,
    /// What each completed replacecommit replaced: it never changes.
    replaced: HashMap<String, Arc<Replaced>>,
}

impl Table {
    /// The timeline now: one listing, and what of it was not read before.
    pub(super) async fn timeline(
        &self,
        visit: &Visit<'_>,
        root: &str,
        columns: &[&str],
        catalog: &Catalog,
    ) -> Result<Timeline, Error> {
        let table = visit.store.show(&visit.store.path(root)?);
        let (folder, files) = names(visit, root).await?;
        let properties = files
            .iter()
            .find(|m| m.location.filename() == Some("hoodie.properties"));
        let properties = properties.ok_or_else(|| Error::BrokenTable {
            table: table.clone(),
            reason: "there is no .hoodie/hoodie.properties".to_owned(),
        })?;
        if self.known(|known| known.properties.as_ref() != Some(properties)) {
            let bytes = visit.whole(&properties.location).await?;
            let bytes = bytes.ok_or_else(|| Error::Rewritten {
                table: table.clone(),
            })?;
            properties::check(&bytes, &table, columns, catalog)?;
            self.known(|known| known.properties = Some(properties.clone()));
        }
        let listed = Listed::new(files.iter().filter_map(|meta| meta.location.filename()));
        let replaced = self.replaced(visit, &folder, &table, &listed).await?;
        Ok(Timeline::new(listed, replaced))
    }

    /// What the completed replacecommits replaced.
    async fn replaced(
        &self,
        visit: &Visit<'_>,
        folder: &Path,
        table: &str,
        listed: &Listed,
    ) -> Result<Vec<Arc<Replaced>>, Error> {
        let unread: Vec<String> = self.known(|known| {
            known
                .replaced
                .retain(|instant, _| listed.replacing.contains(instant));
            let new = listed
                .replacing
                .iter()
                .filter(|i| !known.replaced.contains_key(*i));
            new.cloned().collect()
        });
        let read: Vec<(String, Arc<Replaced>)> = futures::stream::iter(unread)
            .map(|instant| async move {
                let name = format!("{instant}.replacecommit");
                let bytes = visit.whole(&folder.clone().join(name.as_str())).await?;
                // Gone means archived: the timeline that was listed is no longer the timeline.
                let bytes = bytes.ok_or_else(|| Error::Rewritten {
                    table: table.to_owned(),
                })?;
                let replaced = timeline::replaced(&bytes).map_err(|why| Error::BrokenTable {
                    table: table.to_owned(),
                    reason: format!(".hoodie/{name} can't be read: {why}"),
                })?;
                Ok::<_, Error>((instant, Arc::new(replaced)))
            })
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await?;
        Ok(self.known(|known| {
            known.replaced.extend(read);
            listed
                .replacing
                .iter()
                .filter_map(|i| known.replaced.get(i).cloned())
                .collect()
        }))
    }

    fn known<T>(&self, with: impl FnOnce(&mut Known) -> T) -> T {
        with(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The folder of the timeline and what lies in it.
async fn names(visit: &Visit<'_>, root: &str) -> Result<(Path, Vec<ObjectMeta>), Error> {
    let folder = visit.store.path(&format!("{root}/.hoodie"))?;
    let files = visit.folder(&folder).await?.objects;
    Ok((folder, files))
}

/// Whether a write that the timeline does not call committed has been committed since:
/// then a cleaner may have removed what was true before, ahead of the listing of the
/// leaf folders. Costs one listing.
pub(super) async fn check_not_overtaken(
    visit: &Visit<'_>,
    root: &str,
    uncommitted: &[String],
) -> Result<(), Error> {
    let table = visit.store.show(&visit.store.path(root)?);
    let (_, files) = names(visit, root).await?;
    let listed = Listed::new(files.iter().filter_map(|meta| meta.location.filename()));
    let now = Timeline::new(listed, Vec::new());
    match uncommitted.iter().any(|instant| now.is_committed(instant)) {
        true => Err(Error::Rewritten { table }),
        false => Ok(()),
    }
}

/// What is true of a leaf folder at the time of a timeline.
#[derive(Debug)]
pub(super) struct Slices {
    pub(super) files: Vec<File>,
    /// Instants of files that were not committed then.
    pub(super) uncommitted: Vec<String>,
}

/// The newest committed base file of each file group that was not replaced.
pub(super) fn slices(timeline: &Timeline, visit: &Visit<'_>, leaf: Leaf) -> Result<Slices, Error> {
    let mut groups: HashMap<String, File> = HashMap::new();
    let mut uncommitted = Vec::new();
    for meta in leaf.files {
        let Some((group, instant)) = base_file(meta.location.filename().unwrap_or_default()) else {
            return Err(Error::CorruptFile {
                file: visit.store.show(&meta.location),
                reason: "it is no base file of Hudi's: \
                         their names are <file id>_<write token>_<instant>.parquet"
                    .to_owned(),
            });
        };
        if !timeline.is_committed(&instant) {
            uncommitted.push(instant);
            continue;
        }
        if timeline.is_replaced(&leaf.path, &group) {
            continue;
        }
        let file = File {
            meta,
            written: instant,
        };
        match groups.entry(group) {
            Entry::Vacant(place) => {
                place.insert(file);
            }
            Entry::Occupied(mut place) => {
                if rank(&file) > rank(place.get()) {
                    place.insert(file);
                }
            }
        }
    }
    let mut files: Vec<File> = groups.into_values().collect();
    files.sort_by(|a, b| a.meta.location.cmp(&b.meta.location));
    Ok(Slices { files, uncommitted })
}

/// The newest; of two that a retried task wrote at one instant, as in Hudi, the longer.
fn rank(file: &File) -> (&str, u64) {
    (&file.written, file.meta.size)
}

/// File id and instant of `<file id>_<write token>_<instant>.parquet`.
fn base_file(name: &str) -> Option<(String, String)> {
    let mut parts = name.strip_suffix(".parquet")?.split('_');
    let (group, _token, instant) = (parts.next()?, parts.next()?, parts.next()?);
    let fits = parts.next().is_none() && !group.is_empty() && timeline::is_instant(instant);
    fits.then(|| (group.to_owned(), instant.to_owned()))
}
