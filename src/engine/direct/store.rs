//! The store that a lake lies in: a folder or S3, through one door.
//!
//! Every call goes through a [`Visit`], which counts it for the receipt, bounds its
//! time and turns its errors into ours. Knows paths and bytes; nothing of tables or
//! Parquet. Start at [`Store::open`].

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path as Folder, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use bytes::Bytes;
use futures::{Stream, TryStreamExt};
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{
    BackoffConfig, ClientConfigKey, ClientOptions, ListResult, ObjectMeta, ObjectStore,
    ObjectStoreExt, RetryConfig,
};

use super::trouble;
use crate::catalog::{USD_PER_GET, USD_PER_LIST, location};
use crate::engine::Error;

mod above;

/// No call waits longer, retries included.
const CALL: Duration = Duration::from_secs(20);
/// One request to S3; the option `aws_timeout` wins over it.
const REQUEST: Duration = Duration::from_secs(8);
const CONNECT: Duration = Duration::from_secs(3);
const RETRIES: usize = 2;
/// How many keys S3 gives in one page of a listing.
const PAGE: usize = 1_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Listing a folder costs what it holds; a folder that is not there, next to nothing.
    Disk,
    /// Listing costs a round trip for every thousand keys, in order, from anywhere.
    S3,
}

#[derive(Debug)]
pub(super) struct Store {
    inner: Arc<dyn ObjectStore>,
    pub(super) place: Place,
    /// Before every path below the lake's location; empty for a folder.
    prefix: Path,
    /// The folder itself, whose name may be no text; empty for S3.
    root: PathBuf,
    /// The location as people know it, without a slash at its end.
    shown: String,
    call: Duration,
}

impl Store {
    /// Opens nothing on S3; a folder must be there.
    pub(super) fn open(
        location: &str,
        base: &Folder,
        options: &BTreeMap<String, String>,
    ) -> Result<Self, Error> {
        let no_lake = |reason: String| Error::NoLake {
            location: location.to_owned(),
            reason,
        };
        let shown = location.trim_end_matches('/').to_owned();
        if let Some(rest) = location.strip_prefix("s3://") {
            let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
            return Ok(Store {
                inner: Arc::new(s3(bucket, options).map_err(|e| no_lake(trouble::innermost(&e)))?),
                place: Place::S3,
                prefix: Path::parse(prefix).map_err(|e| no_lake(e.to_string()))?,
                root: PathBuf::new(),
                shown,
                call: CALL,
            });
        }
        let folder = folder(location, base).ok_or_else(|| no_lake("it is no folder".to_owned()))?;
        if !folder.is_dir() {
            return Err(no_lake("there is no such folder".to_owned()));
        }
        let inner = LocalFileSystem::new_with_prefix(&folder)
            .map_err(|e| no_lake(trouble::innermost(&e)))?;
        Ok(Store {
            inner: Arc::new(inner),
            place: Place::Disk,
            prefix: Path::ROOT,
            shown: location::plain(&folder),
            root: folder,
            call: CALL,
        })
    }

    #[cfg(test)]
    pub(super) fn with_patience(mut self, call: Duration) -> Self {
        self.call = call;
        self
    }

    /// A path below the lake's location.
    pub(super) fn path(&self, below: &str) -> Result<Path, Error> {
        Path::parse(format!("{}/{below}", self.prefix)).map_err(|e| Error::NoLake {
            location: format!("{}/{below}", self.shown),
            reason: e.to_string(),
        })
    }

    /// A path as people know it.
    pub(super) fn show(&self, path: &Path) -> String {
        let below = path.as_ref();
        let below = below.strip_prefix(self.prefix.as_ref()).unwrap_or(below);
        let below = below.trim_start_matches('/');
        match self.shown.as_str() {
            "." => below.to_owned(),
            shown => format!("{shown}/{below}"),
        }
    }

    /// The location as people know it.
    pub(super) fn shown(&self) -> &str {
        &self.shown
    }
}

/// A folder, or `file:///…`; relative ones start at `base`.
fn folder(location: &str, base: &Folder) -> Option<PathBuf> {
    if location.starts_with("file://") {
        return url::Url::parse(location).ok()?.to_file_path().ok();
    }
    let base = if base.as_os_str().is_empty() {
        Folder::new(".")
    } else {
        base
    };
    Some(base.join(location))
}

fn s3(
    bucket: &str,
    options: &BTreeMap<String, String>,
) -> object_store::Result<object_store::aws::AmazonS3> {
    let retry = RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(50),
            max_backoff: Duration::from_secs(1),
            base: 2.0,
        },
        max_retries: RETRIES,
        retry_timeout: CALL,
    };
    let mut builder = AmazonS3Builder::new()
        .with_client_options(
            ClientOptions::new()
                .with_timeout(REQUEST)
                .with_connect_timeout(CONNECT),
        )
        .with_retry(retry)
        .with_bucket_name(bucket);
    let plain = |key: &AmazonS3ConfigKey, value: &str| {
        matches!(
            key,
            AmazonS3ConfigKey::Endpoint | AmazonS3ConfigKey::S3Endpoint
        ) && value.starts_with("http://")
    };
    for (name, value) in options {
        // AWS's own tools have variables that mean nothing here, such as AWS_PAGER.
        let Ok(key) = AmazonS3ConfigKey::from_str(&name.to_ascii_lowercase()) else {
            continue;
        };
        if plain(&key, value) {
            builder = builder.with_config(
                AmazonS3ConfigKey::Client(ClientConfigKey::AllowHttp),
                "true",
            );
        }
        builder = builder.with_config(key, value);
    }
    builder.build()
}

/// The files of a folder; `None` where there is no folder.
fn files_in(root: &Folder, path: &Path) -> std::io::Result<Option<Vec<ObjectMeta>>> {
    let entries = match std::fs::read_dir(root.join(path.as_ref())) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(e),
    };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry?;
        // No writer of lakes gives a name that is no text.
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        // Follows links; a file that went meanwhile is an error, "not found".
        let metadata = std::fs::metadata(entry.path())?;
        let Ok(location) = Path::parse(format!("{path}/{name}")) else {
            continue;
        };
        if metadata.is_file() {
            files.push(ObjectMeta {
                location,
                last_modified: metadata.modified()?.into(),
                size: metadata.len(),
                e_tag: None,
                version: None,
            });
        }
    }
    Ok(Some(files))
}

/// One question's calls to the store.
#[derive(Debug)]
pub(super) struct Visit<'a> {
    pub(super) store: &'a Store,
    lists: AtomicU64,
    gets: AtomicU64,
    bytes: AtomicU64,
}

impl<'a> Visit<'a> {
    pub(super) fn new(store: &'a Store) -> Self {
        Visit {
            store,
            lists: AtomicU64::new(0),
            gets: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
        }
    }

    /// What lies in a folder: its files and its folders. Empty where there is none.
    pub(super) async fn folder(&self, path: &Path) -> Result<ListResult, Error> {
        let listing = self.store.inner.list_with_delimiter(Some(path));
        let found = self.call("listing", path, listing).await?;
        let found = self.bucket(path, found)?;
        self.count_pages(found.objects.len() + found.common_prefixes.len());
        Ok(found)
    }

    /// What lies in these folders of a [`Place::Disk`], files only: one hop to a blocking
    /// thread for all of them, and next to nothing for those that are not there.
    pub(super) async fn folders_on_disk(
        &self,
        paths: Vec<Path>,
    ) -> Result<Vec<Vec<ObjectMeta>>, Error> {
        let Some(first) = paths.first().cloned() else {
            return Ok(Vec::new());
        };
        let root = self.store.root.clone();
        let listing = tokio::task::spawn_blocking(move || {
            paths.iter().map(|path| files_in(&root, path)).collect()
        });
        let listing = async {
            let listed: std::io::Result<Vec<Option<_>>> = listing.await?;
            listed.map_err(trouble::on_disk)
        };
        let listed = self.call("listing", &first, listing).await?;
        let listed = listed.ok_or_else(|| Error::Rewritten {
            table: self.store.show(&first),
        })?;
        // A folder that is not there was not listed.
        self.lists
            .fetch_add(listed.iter().flatten().count().max(1) as u64, Relaxed);
        Ok(listed.into_iter().map(Option::unwrap_or_default).collect())
    }

    /// All files below a folder that sort after `after` and before `until`, in order.
    /// For [`Place::S3`], whose listings come in order.
    pub(super) async fn between(
        &self,
        path: &Path,
        after: &Path,
        until: &str,
    ) -> Result<Vec<ObjectMeta>, Error> {
        let listing = self
            .store
            .inner
            .list_with_offset(Some(path), after)
            .try_take_while(|meta| std::future::ready(Ok(meta.location.as_ref() < until)))
            .try_collect::<Vec<_>>();
        let found = self.call("listing", path, listing).await?;
        let found = self.bucket(path, found)?;
        self.count_pages(found.len());
        Ok(found)
    }

    /// All files below a folder, as they come: those of one folder follow one another.
    pub(super) fn below<'b>(
        &'b self,
        path: &'b Path,
    ) -> impl Stream<Item = Result<ObjectMeta, Error>> + 'b {
        let listing = self.store.inner.list(Some(path));
        futures::stream::try_unfold((listing, 0), move |(mut listing, found)| async move {
            // Each page has the time of a call.
            let next = self.call("listing", path, listing.try_next()).await?;
            match self.bucket(path, next)? {
                Some(meta) => Ok(Some((meta, (listing, found + 1)))),
                None => {
                    self.count_pages(found);
                    Ok(None)
                }
            }
        })
    }

    /// Whether there is such a folder; on S3, whether anything lies below it.
    pub(super) async fn is_there(&self, path: &Path) -> Result<bool, Error> {
        if let Place::Disk = self.store.place {
            return Ok(self.store.root.join(path.as_ref()).is_dir());
        }
        let mut listing = self.store.inner.list(Some(path));
        let first = self.call("listing", path, listing.try_next()).await?;
        self.count_pages(1);
        Ok(self.bucket(path, first)?.is_some())
    }

    /// A whole file; `None` where there is none.
    pub(super) async fn whole(&self, path: &Path) -> Result<Option<Bytes>, Error> {
        let read = async { self.store.inner.get(path).await?.bytes().await };
        self.counted(self.call("reading", path, read).await?)
    }

    /// The same, with the tag of what was read.
    pub(super) async fn tagged(
        &self,
        path: &Path,
    ) -> Result<Option<(Bytes, Option<String>)>, Error> {
        let read = async {
            let found = self.store.inner.get(path).await?;
            let tag = found.meta.e_tag.clone();
            Ok((found.bytes().await?, tag))
        };
        let (bytes, tag) = self.call("reading", path, read).await?.unzip();
        let bytes = self.counted(bytes)?;
        Ok(bytes.zip(tag))
    }

    /// Writes a whole file, in the place of what is there.
    pub(super) async fn write(&self, path: &Path, bytes: Vec<u8>) -> Result<(), Error> {
        let write = self.store.inner.put(path, bytes.into());
        let written = self.call("writing", path, write).await?;
        self.bucket(path, written).map(drop)
    }

    /// The tag alone; `None` where there is no such file.
    pub(super) async fn tag(&self, path: &Path) -> Result<Option<Option<String>>, Error> {
        let found = self
            .call("looking at", path, self.store.inner.head(path))
            .await?;
        self.gets.fetch_add(1, Relaxed);
        Ok(found.map(|meta| meta.e_tag))
    }

    /// Some bytes of a file; `None` where there is no such file, or not that long.
    pub(super) async fn range(
        &self,
        path: &Path,
        range: Range<u64>,
    ) -> Result<Option<Bytes>, Error> {
        let length = range.end.saturating_sub(range.start);
        // On a disk this is one hop to a blocking thread; `get_range` would be two.
        let ranges = [range];
        let read = self.store.inner.get_ranges(path, &ranges);
        let bytes = self
            .call("reading", path, read)
            .await?
            .and_then(|mut all| all.pop());
        let bytes = self.counted(bytes)?;
        Ok(bytes.filter(|bytes| bytes.len() as u64 == length))
    }

    fn counted(&self, bytes: Option<Bytes>) -> Result<Option<Bytes>, Error> {
        self.gets.fetch_add(1, Relaxed);
        self.bytes
            .fetch_add(bytes.as_ref().map_or(0, |b| b.len() as u64), Relaxed);
        Ok(bytes)
    }

    fn count_pages(&self, keys: usize) {
        let pages = match self.store.place {
            Place::Disk => 1,
            Place::S3 => keys.div_ceil(PAGE).max(1),
        };
        self.lists.fetch_add(pages as u64, Relaxed);
    }

    /// A folder that is not there lists as empty; what is missing is the bucket.
    fn bucket<T>(&self, path: &Path, found: Option<T>) -> Result<T, Error> {
        found.ok_or_else(|| Error::NoLake {
            location: self.store.show(path),
            reason: "there is no such bucket or folder".to_owned(),
        })
    }

    /// Bounds a call in time; `None` is "not found".
    async fn call<T>(
        &self,
        doing: &str,
        path: &Path,
        call: impl Future<Output = object_store::Result<T>>,
    ) -> Result<Option<T>, Error> {
        let what = || format!("{doing} {}", self.store.show(path));
        match tokio::time::timeout(self.store.call, call).await {
            Err(_) => Err(Error::TimedOut { what: what() }),
            Ok(Ok(found)) => Ok(Some(found)),
            Ok(Err(error)) if trouble::is_not_found(&error) => Ok(None),
            Ok(Err(error)) => Err(trouble::named(what(), &error)),
        }
    }

    pub(super) fn requests(&self) -> u64 {
        self.lists.load(Relaxed) + self.gets.load(Relaxed)
    }

    #[cfg(test)]
    pub(super) fn lists_and_gets(&self) -> (u64, u64) {
        (self.lists.load(Relaxed), self.gets.load(Relaxed))
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes.load(Relaxed)
    }

    /// What S3 charges for the requests.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a question takes far fewer requests than an f64 counts"
    )]
    pub(super) fn cost_usd(&self) -> f64 {
        match self.store.place {
            Place::Disk => 0.0,
            Place::S3 => {
                self.lists.load(Relaxed) as f64 * USD_PER_LIST
                    + self.gets.load(Relaxed) as f64 * USD_PER_GET
            }
        }
    }
}
