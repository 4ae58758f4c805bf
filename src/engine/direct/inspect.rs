//! A whole table, folder by folder, for who looks at all of it instead of asking about a company.
//!
//! Folders come in the order of their names, so that the dates of an attribute and bucket ascend;
//! never more than one level of them is held, and hidden ones (`.` or `_` before the name) are
//! passed over at any level. `scan` and `walk` read what lies in them. Start at
//! [`Engine::inspect`].

use std::collections::{BTreeMap, VecDeque};

use futures::TryStreamExt;
use jiff::Timestamp;
use object_store::ObjectMeta;
use object_store::path::Path;

use super::Engine;
use super::held::Source;
use super::hudi;
use super::listing::Leaf;
use super::scan::Scan;
use super::store::{Place, Store, Visit};
use super::table::{File, Table, View};
use crate::contract;
use crate::engine::Error;

/// Folders that are looked into for a lake that was meant.
const NEARBY: usize = 32;

/// One table of a lake at one moment.
#[derive(Debug)]
pub struct Inspection<'a> {
    engine: &'a Engine,
    visit: Visit<'a>,
    table: &'a Table,
    view: View,
    /// How deep its folders nest.
    depth: usize,
}

/// A file that is part of the table's truth.
#[derive(Debug)]
pub struct Part {
    pub(super) file: File,
    /// As people know it.
    pub shown: String,
    /// Sorts by when it was written: Hudi's instant, or when the store took it.
    pub written: String,
}

/// A folder with data files in it.
#[derive(Debug)]
pub struct Folder {
    /// Below the table's; empty for the table's own.
    pub path: String,
    /// `Err` where one of them can't be part of such a table.
    pub parts: Result<Vec<Part>, Error>,
}

impl Part {
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.file.meta.size
    }

    /// When the store took it, to the second where it says no more.
    #[must_use]
    pub fn modified(&self) -> Timestamp {
        let millis = self.file.meta.last_modified.timestamp_millis();
        Timestamp::from_millisecond(millis).unwrap_or(Timestamp::MIN)
    }
}

impl Engine {
    /// A table as it is now; `None` where the catalog names none such.
    ///
    /// # Errors
    /// It is not there, or of a kind that can't be read.
    pub async fn inspect(&self, table: contract::Table) -> Result<Option<Inspection<'_>>, Error> {
        let own = match table {
            contract::Table::Trace => Some(&self.trace),
            contract::Table::Latest => self.latest.as_ref(),
            contract::Table::Entities => Some(&self.entities),
        };
        let Some(own) = own else { return Ok(None) };
        let visit = Visit::new(&self.store);
        own.check(&visit, &self.catalog).await?;
        let view = own.view(&visit, &self.catalog).await?;
        Ok(Some(Inspection {
            engine: self,
            visit,
            table: own,
            view,
            depth: table.partitions().len(),
        }))
    }
}

impl Engine {
    /// Where the lake lies, as people know it.
    #[must_use]
    pub fn place(&self) -> &str {
        self.store.shown()
    }

    /// Whether a folder of this name lies in the lake; what can't be looked at may.
    pub async fn is_there(&self, table: &str) -> bool {
        match holds(&self.store, table).await {
            Ok(is_there) => is_there,
            Err(error) => !matches!(error, Error::NoLake { .. }),
        }
    }

    /// Where else a table of this name lies, one level above the lake's location or below it: what
    /// may have been meant. What can't be looked at is not among them.
    pub async fn nearby(&self, table: &str) -> Vec<String> {
        let mut found = Vec::new();
        if let Some(above) = self.store.above()
            && holds(&above, table).await.unwrap_or(false)
        {
            found.push(above.shown().to_owned());
        }
        let visit = Visit::new(&self.store);
        let Ok(root) = self.store.path("") else {
            return found;
        };
        let listed = visit.folder(&root).await;
        let folders = listed.map_or(Vec::new(), |listed| listed.common_prefixes);
        for folder in folders.iter().take(NEARBY) {
            let inner = folder.clone().join(table);
            if visit.is_there(&inner).await.unwrap_or(false) {
                found.push(self.store.show(folder));
            }
        }
        found
    }
}

async fn holds(store: &Store, table: &str) -> Result<bool, Error> {
    let path = store.path(table)?;
    Visit::new(store).is_there(&path).await
}

impl<'a> Inspection<'a> {
    /// All folders with data, from the first name to the last.
    #[must_use]
    pub fn walk(&self) -> Walk<'_> {
        self.walk_from("")
    }

    /// Those at and below one, which need not be there.
    #[must_use]
    pub fn walk_from(&self, path: &str) -> Walk<'_> {
        Walk {
            of: self,
            folders: vec![path.to_owned()],
            ready: VecDeque::new(),
        }
    }

    /// Opens a file: its footer is read, its rows are not.
    ///
    /// # Errors
    /// It can't be read, or is gone meanwhile.
    pub async fn open<'b>(&'b self, part: &'b Part) -> Result<Scan<'b>, Error> {
        let source = self.source(part);
        Scan::open(source, &self.engine.catalog, &part.file, &part.shown).await
    }

    pub(super) fn source<'b>(&'b self, part: &'b Part) -> Source<'b> {
        Source {
            visit: &self.visit,
            tail: &self.engine.tail,
            table: &part.shown,
        }
    }

    /// Fetched so far.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.visit.bytes()
    }

    /// What a Hudi table says of itself; `None` of plain Parquet.
    ///
    /// # Errors
    /// It can't be read.
    pub async fn hudi(&self) -> Result<Option<hudi::Said>, Error> {
        match &self.view {
            View::Parquet => Ok(None),
            View::Hudi(_) => hudi::said(&self.visit, &self.table.root).await.map(Some),
        }
    }
}

/// What is still to be walked.
#[derive(Debug)]
pub struct Walk<'a> {
    of: &'a Inspection<'a>,
    /// Below the table's, the next one last.
    folders: Vec<String>,
    ready: VecDeque<Leaf>,
}

impl Walk<'_> {
    /// The next folder with data.
    ///
    /// # Errors
    /// The lake can't be listed.
    pub async fn next(&mut self) -> Result<Option<Folder>, Error> {
        loop {
            if let Some(leaf) = self.ready.pop_front() {
                return self.folder(leaf).await.map(Some);
            }
            let Some(path) = self.folders.pop() else {
                return Ok(None);
            };
            let above_leaves = levels(&path) + 1 == self.of.depth;
            match self.of.visit.store.place {
                Place::S3 if above_leaves => self.list_below(&path).await?,
                Place::S3 | Place::Disk => self.list(&path).await?,
            }
        }
    }

    async fn folder(&self, leaf: Leaf) -> Result<Folder, Error> {
        let (of, path) = (self.of, leaf.path.clone());
        let parts = match of.table.files(&of.visit, &of.view, vec![leaf]).await {
            Ok(files) => Ok(files
                .into_iter()
                .flatten()
                .map(|file| self.part(file))
                .collect()),
            Err(error @ Error::CorruptFile { .. }) => Err(error),
            Err(error) => return Err(error),
        };
        Ok(Folder { path, parts })
    }

    fn part(&self, file: File) -> Part {
        let written = match self.of.view {
            View::Parquet => format!("{:020}", file.meta.last_modified.timestamp_millis()),
            View::Hudi(_) => file.written.clone(),
        };
        Part {
            written,
            shown: self.of.visit.store.show(&file.meta.location),
            file,
        }
    }

    fn place(&self, path: &str) -> Result<Path, Error> {
        let slash = if path.is_empty() { "" } else { "/" };
        let below = format!("{}{slash}{path}", self.of.table.root);
        self.of.visit.store.path(&below)
    }

    /// One level: files become a leaf, folders are for later.
    async fn list(&mut self, path: &str) -> Result<(), Error> {
        let place = self.place(path)?;
        let found = self.of.visit.folder(&place).await?;
        let mut names: Vec<&str> = found
            .common_prefixes
            .iter()
            .filter_map(Path::filename)
            .filter(|name| !name.starts_with(['.', '_']))
            .collect();
        names.sort_unstable_by(|a, b| b.cmp(a));
        let below = names.into_iter().map(|name| join(path, name));
        self.folders.extend(below);
        let files = found.objects.into_iter();
        // A console marks a folder with an empty object of the folder's own name.
        self.leaf(
            path.to_owned(),
            files.filter(|meta| meta.location != place).collect(),
        );
        Ok(())
    }

    /// On S3 one listing finds all leaves of a folder.
    async fn list_below(&mut self, path: &str) -> Result<(), Error> {
        let place = self.place(path)?;
        let root = self.place("")?;
        let mut leaves: BTreeMap<String, Vec<ObjectMeta>> = BTreeMap::new();
        let below: Vec<ObjectMeta> = self.of.visit.below(&place).try_collect().await?;
        for meta in below {
            let below = meta.location.as_ref().strip_prefix(root.as_ref());
            let below = below.unwrap_or_default().trim_start_matches('/');
            let folder = below.rsplit_once('/').map_or("", |(folder, _)| folder);
            let hidden = |name: &str| name.starts_with(['.', '_']);
            if meta.location != place && !folder.split('/').any(hidden) {
                leaves.entry(folder.to_owned()).or_default().push(meta);
            }
        }
        for (path, files) in leaves {
            self.leaf(path, files);
        }
        Ok(())
    }

    fn leaf(&mut self, path: String, files: Vec<ObjectMeta>) {
        let leaf = Leaf::new(self.of.table.format(), path, files);
        if !leaf.files.is_empty() {
            self.ready.push_back(leaf);
        }
    }
}

fn levels(path: &str) -> usize {
    path.split('/').filter(|folder| !folder.is_empty()).count()
}

fn join(path: &str, name: &str) -> String {
    match path {
        "" => name.to_owned(),
        path => format!("{path}/{name}"),
    }
}
