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
use crate::layout::{Format, Layout, Partition};

/// Listings at a time.
const AT_ONCE: usize = 16;
/// On S3: keys that a page of a listing is expected to pass over.
const PAGE: usize = 1_000;

/// A leaf folder with something in it.
#[derive(Debug)]
pub(super) struct Leaf {
    /// Below the table's root.
    pub(super) path: String,
    /// Files that hold rows, by name.
    pub(super) files: Vec<ObjectMeta>,
}

impl Leaf {
    pub(super) fn new(format: Format, path: String, mut files: Vec<ObjectMeta>) -> Self {
        files.retain(|meta| format.is_data(meta.location.filename().unwrap_or_default()));
        files.sort_by(|a, b| a.location.cmp(&b.location));
        Leaf { path, files }
    }
}

/// The files of one folder below a table's root.
pub(super) async fn leaf(
    visit: &Visit<'_>,
    root: &str,
    format: Format,
    path: String,
) -> Result<Leaf, Error> {
    let folder = visit.store.path(&format!("{root}/{path}"))?;
    let files = match visit.store.place {
        Place::Disk => visit
            .folders_on_disk(vec![folder])
            .await?
            .into_iter()
            .flatten()
            .collect(),
        // A console marks a folder with an empty object of the folder's own name.
        Place::S3 => {
            let mut objects = visit.folder(&folder).await?.objects;
            objects.retain(|meta| meta.location != folder);
            objects
        }
    };
    Ok(Leaf::new(format, path, files))
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
    let paths: Vec<String> = planned
        .iter()
        .map(|partition| layout.path(partition))
        .collect();
    let leaves = match (
        visit.store.place,
        layout.dates_folder(&first.attribute, first.bucket),
    ) {
        (Place::Disk, _) => on_disk(visit, root, layout.format, paths).await?,
        (Place::S3, Some(dates)) if pays(layout, first, last, paths.len()) => {
            let listed = together(visit, root, &dates, paths).await?;
            let data = |(path, files)| Leaf::new(layout.format, path, files);
            listed.into_iter().map(data).collect()
        }
        (Place::S3, _) => each(visit, root, layout.format, paths).await?,
    };
    Ok(leaves
        .into_iter()
        .filter(|leaf| !leaf.files.is_empty())
        .collect())
}

/// Whether listing all dates from the first to the last takes fewer pages than there
/// are partitions.
fn pays(layout: &Layout, first: &Partition, last: &Partition, partitions: usize) -> bool {
    let steps = layout.step_count(first.date, last.date);
    usize::try_from(steps).unwrap_or(usize::MAX) / PAGE + 1 < partitions
}

async fn on_disk(
    visit: &Visit<'_>,
    root: &str,
    format: Format,
    paths: Vec<String>,
) -> Result<Vec<Leaf>, Error> {
    let folders: Result<Vec<Path>, Error> = paths
        .iter()
        .map(|path| visit.store.path(&format!("{root}/{path}")))
        .collect();
    let listed = visit.folders_on_disk(folders?).await?;
    Ok(paths
        .into_iter()
        .zip(listed)
        .map(|(path, files)| Leaf::new(format, path, files))
        .collect())
}

/// Lists each folder by itself.
async fn each(
    visit: &Visit<'_>,
    root: &str,
    format: Format,
    paths: Vec<String>,
) -> Result<Vec<Leaf>, Error> {
    futures::stream::iter(paths)
        .map(|path| leaf(visit, root, format, path))
        .buffered(AT_ONCE)
        .try_collect()
        .await
}

/// Lists all dates of an attribute and bucket from the first planned to the last: the
/// planned paths, with the files of each.
async fn together(
    visit: &Visit<'_>,
    root: &str,
    dates: &str,
    paths: Vec<String>,
) -> Result<Vec<(String, Vec<ObjectMeta>)>, Error> {
    let (Some(first), Some(last)) = (paths.first(), paths.last()) else {
        return Ok(Vec::new());
    };
    let folder = visit.store.path(&format!("{root}/{dates}"))?;
    let after = visit.store.path(&format!("{root}/{first}"))?;
    // All that lies in the last folder sorts before what follows its slash.
    let until = format!("{}0", visit.store.path(&format!("{root}/{last}"))?);
    let mut leaves: BTreeMap<Path, (String, Vec<ObjectMeta>)> = BTreeMap::new();
    for path in paths {
        let folder = visit.store.path(&format!("{root}/{path}"))?;
        leaves.insert(folder, (path, Vec::new()));
    }
    for meta in visit.between(&folder, &after, &until).await? {
        let Some((parent, _)) = meta.location.as_ref().rsplit_once('/') else {
            continue;
        };
        let Ok(parent) = Path::parse(parent) else {
            continue;
        };
        if let Some((_, files)) = leaves.get_mut(&parent) {
            files.push(meta);
        }
    }
    Ok(leaves.into_values().collect())
}
