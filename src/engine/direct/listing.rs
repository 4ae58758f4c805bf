//! Which files the planned partitions hold, in as few listings as it takes.
//!
//! Paths come from the layout's arithmetic; the table is never walked. A partition
//! that is not there is no error. Knows nothing of what the files are: `hudi` and
//! `file` judge them. Start at [`partitions`].

use std::collections::BTreeMap;

use futures::{StreamExt, TryStreamExt};
use object_store::ObjectMeta;
use object_store::path::Path;

use super::store::{Place, Visit};
use crate::engine::Error;
use crate::layout::{Layout, Partition};

/// Listings at a time.
const AT_ONCE: usize = 16;
/// On a disk: from so many partitions on, first look which of them are there.
const MANY: usize = 128;
/// On S3: keys that a page of a listing is expected to pass over.
const PAGE: usize = 1_000;

/// A leaf folder with something in it.
#[derive(Debug)]
pub(super) struct Leaf {
    /// Below the table's root.
    pub(super) path: String,
    /// Parquet files, by name.
    pub(super) files: Vec<ObjectMeta>,
}

/// The files of one folder below a table's root.
pub(super) async fn leaf(visit: &Visit<'_>, root: &str, path: &str) -> Result<Leaf, Error> {
    let folder = visit.store.path(&format!("{root}/{path}"))?;
    let mut files = visit.folder(&folder).await?.objects;
    files.retain(is_data);
    files.sort_by(|a, b| a.location.cmp(&b.location));
    Ok(Leaf {
        path: path.to_owned(),
        files,
    })
}

/// The files of the planned partitions of a table, which are of one attribute and
/// bucket and ascend by date.
pub(super) async fn partitions(
    visit: &Visit<'_>,
    root: &str,
    layout: &Layout,
    planned: &[Partition],
) -> Result<Vec<Leaf>, Error> {
    let (Some(first), Some(last)) = (planned.first(), planned.last()) else {
        return Ok(Vec::new());
    };
    let dates = layout.dates_folder(&first.attribute, first.bucket);
    let paths: Vec<String> = planned
        .iter()
        .map(|partition| layout.path(partition))
        .collect();
    let Some(dates) = dates.filter(|_| paths.len() > 1) else {
        return each(visit, root, paths).await;
    };
    match visit.store.place {
        Place::Disk if paths.len() < MANY => each(visit, root, paths).await,
        Place::Disk => each(visit, root, present(visit, root, &dates, paths).await?).await,
        Place::S3 => {
            let steps = layout.step_count(first.date, last.date);
            let pages = usize::try_from(steps).unwrap_or(usize::MAX) / PAGE + 1;
            match pages < paths.len() {
                true => together(visit, root, &dates, &paths).await,
                false => each(visit, root, paths).await,
            }
        }
    }
}

/// Lists each folder by itself.
async fn each(visit: &Visit<'_>, root: &str, paths: Vec<String>) -> Result<Vec<Leaf>, Error> {
    let leaves: Vec<Leaf> = futures::stream::iter(paths)
        .map(|path| async move { leaf(visit, root, &path).await })
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    Ok(leaves
        .into_iter()
        .filter(|leaf| !leaf.files.is_empty())
        .collect())
}

/// Of these folders, those that are there: one listing of the folder above them.
async fn present(
    visit: &Visit<'_>,
    root: &str,
    dates: &str,
    mut paths: Vec<String>,
) -> Result<Vec<String>, Error> {
    let folder = visit.store.path(&format!("{root}/{dates}"))?;
    let mut there = visit.folder(&folder).await?.common_prefixes;
    there.sort_unstable();
    let mut kept = Vec::new();
    for path in paths.drain(..) {
        let full = visit.store.path(&format!("{root}/{path}"))?;
        if there.binary_search(&full).is_ok() {
            kept.push(path);
        }
    }
    Ok(kept)
}

/// Lists all dates of an attribute and bucket from the first planned to the last.
async fn together(
    visit: &Visit<'_>,
    root: &str,
    dates: &str,
    paths: &[String],
) -> Result<Vec<Leaf>, Error> {
    let (Some(first), Some(last)) = (paths.first(), paths.last()) else {
        return Ok(Vec::new());
    };
    let folder = visit.store.path(&format!("{root}/{dates}"))?;
    let after = visit.store.path(&format!("{root}/{first}"))?;
    // All that lies in the last folder sorts before what follows its slash.
    let until = format!("{}0", visit.store.path(&format!("{root}/{last}"))?);
    let mut leaves: BTreeMap<Path, Leaf> = BTreeMap::new();
    for path in paths {
        let leaf = Leaf {
            path: path.clone(),
            files: Vec::new(),
        };
        leaves.insert(visit.store.path(&format!("{root}/{path}"))?, leaf);
    }
    for meta in visit.between(&folder, &after, &until).await? {
        let Some((parent, _)) = meta.location.as_ref().rsplit_once('/') else {
            continue;
        };
        let Ok(parent) = Path::parse(parent) else {
            continue;
        };
        if let Some(leaf) = leaves.get_mut(&parent).filter(|_| is_data(&meta)) {
            leaf.files.push(meta);
        }
    }
    Ok(leaves
        .into_values()
        .filter(|leaf| !leaf.files.is_empty())
        .collect())
}

/// What every reader of lakes skips: hidden files, markers, checksums.
fn is_data(meta: &ObjectMeta) -> bool {
    let name = meta.location.filename().unwrap_or_default();
    name.ends_with(".parquet") && !name.starts_with(['.', '_'])
}
