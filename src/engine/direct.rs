//! The direct engine: reads the partitions of a plan itself, from a folder or from S3.
//!
//! No SQL engine and no metastore: the plan's partitions become paths, one listing
//! finds their files, and only what can hold the entity is fetched. `store` talks to
//! the lake, `listing` finds files, `table` and `hudi` choose among them, `file` and
//! `decode` read them, `reading` puts it all in a row. Start at [`Engine::read`]; who looks at a
//! whole table starts at [`Engine::inspect`].

use std::collections::BTreeMap;
use std::path::Path;

use futures::StreamExt;

use self::columns::Wanted;
use self::held::TailGuess;
use self::reading::Reading;
use self::store::{Store, Visit};
use self::table::Table;
use super::{Error, Rows};
use crate::catalog::Catalog;
use crate::layout::Format;
use crate::plan::Plan;
pub use walk::{Place, Unreadable, Walked};

mod batches;
mod columns;
mod companies;
mod decode;
mod evidence;
mod file;
mod held;
mod hudi;
mod inspect;
mod listing;
mod reading;
mod receipt;
#[cfg(test)]
mod sample;
mod scan;
mod store;
mod table;
#[cfg(test)]
mod tests;
mod trouble;
mod walk;

pub use companies::{Companies, Company};
pub use hudi::Said;
pub use inspect::{Folder, Inspection, Part, Walk};
pub use scan::{Row, Scan};

/// Attributes looked at in one go by [`Engine::attributes_with_a_trace`].
const ATTRIBUTES_AT_ONCE: usize = 8;

/// Opened once, shared by concurrent questions.
#[derive(Debug)]
pub struct Engine {
    catalog: Catalog,
    wanted: Wanted,
    store: Store,
    trace: Table,
    latest: Option<Table>,
    entities: Table,
    tail: TailGuess,
}

/// A whole file below the lake's location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub bytes: Vec<u8>,
    /// Names this version of it, where the store has such names (S3's ETag).
    pub tag: Option<String>,
}

impl Engine {
    /// `base` is the folder that relative locations start at: the catalog
    /// file's. Reads nothing but what it must to know that the lake exists.
    /// `options` are object_store's for S3 (`aws_region`, `aws_endpoint`, …).
    ///
    /// # Errors
    /// No such lake, or a table of a kind that can't be read.
    pub async fn open(
        catalog: &Catalog,
        base: &Path,
        options: &BTreeMap<String, String>,
    ) -> Result<Self, Error> {
        let engine = Engine::unchecked(catalog, base, options)?;
        engine.check().await?;
        Ok(engine)
    }

    /// Whether the tables are there, and of a kind that can be read.
    ///
    /// # Errors
    /// One is not, or it can't be found out.
    pub async fn check(&self) -> Result<(), Error> {
        let visit = Visit::new(&self.store);
        let tables = [Some(&self.trace), self.latest.as_ref()];
        for table in tables.into_iter().flatten() {
            table.check(&visit, &self.catalog).await?;
        }
        Ok(())
    }

    /// Without a look at the tables: for one that only reads files, or that is checked later.
    ///
    /// # Errors
    /// No such lake.
    pub fn unchecked(
        catalog: &Catalog,
        base: &Path,
        options: &BTreeMap<String, String>,
    ) -> Result<Self, Error> {
        let store = Store::open(&catalog.lake.location, base, options)?;
        Ok(Engine::over(catalog, store))
    }

    fn over(catalog: &Catalog, store: Store) -> Self {
        let format = catalog.layout.format;
        Engine {
            wanted: Wanted {
                columns: catalog.columns.clone(),
            },
            trace: Table::trace(&catalog.lake.trace, format),
            latest: catalog
                .lake
                .latest
                .as_deref()
                .map(|name| Table::latest(name, format)),
            entities: Table::entities(&catalog.lake.entities),
            tail: TailGuess::default(),
            catalog: catalog.clone(),
            store,
        }
    }

    /// A whole file below the lake's location, such as the directory.
    ///
    /// # Errors
    /// [`Error::NoLake`] where there is no such file.
    pub async fn file(&self, name: &str) -> Result<File, Error> {
        let path = self.store.path(name)?;
        let found = Visit::new(&self.store).tagged(&path).await?;
        let (bytes, tag) = found.ok_or_else(|| self.no_file(&path))?;
        Ok(File {
            bytes: bytes.to_vec(),
            tag,
        })
    }

    /// Writes such a file: whole, or what was there stays.
    ///
    /// # Errors
    /// The store takes none from this process.
    pub async fn write(&self, name: &str, bytes: Vec<u8>) -> Result<(), Error> {
        let path = self.store.path(name)?;
        Visit::new(&self.store).write(&path, bytes).await
    }

    /// The Parquet files of a folder below the lake's location, in the order of their names, and
    /// where each lies. None where there is no folder.
    ///
    /// # Errors
    /// One that can't be read, or is gone when it is.
    pub async fn folder(&self, name: &str) -> Result<Vec<(String, Vec<u8>)>, Error> {
        let visit = Visit::new(&self.store);
        let leaf = listing::leaf(&visit, name, Format::Parquet, String::new()).await?;
        let mut files = Vec::new();
        for meta in leaf.files {
            let shown = self.store.show(&meta.location);
            let bytes = visit.whole(&meta.location).await?;
            let bytes = bytes.ok_or_else(|| Error::Rewritten {
                table: shown.clone(),
            })?;
            files.push((shown, bytes.to_vec()));
        }
        Ok(files)
    }

    /// The tag that [`Engine::file`] would give, without reading the file.
    ///
    /// # Errors
    /// As there.
    pub async fn tag(&self, name: &str) -> Result<Option<String>, Error> {
        let path = self.store.path(name)?;
        let found = Visit::new(&self.store).tag(&path).await?;
        found.ok_or_else(|| self.no_file(&path))
    }

    fn no_file(&self, path: &object_store::path::Path) -> Error {
        Error::NoLake {
            location: self.store.show(path),
            reason: "there is no such file".to_owned(),
        }
    }

    /// Reads what the plan names. A table that is rewritten meanwhile is read once more.
    ///
    /// # Errors
    /// Whatever keeps a decision from being seen: never a decision left out.
    pub async fn read(&self, plan: &Plan) -> Result<Rows, Error> {
        let visit = Visit::new(&self.store);
        self.read_in(&visit, plan).await
    }

    async fn read_in(&self, visit: &Visit<'_>, plan: &Plan) -> Result<Rows, Error> {
        match Reading::new(self, visit, plan.entity_id).run(plan).await {
            Err(Error::Rewritten { .. }) => {
                Reading::new(self, visit, plan.entity_id)
                    .once_more()
                    .run(plan)
                    .await
            }
            done => done,
        }
    }

    /// The catalog attributes, of those given, for which this entity has any decision; for
    /// an answer that found nothing.
    ///
    /// With a latest table that is exact: one partition for each attribute. Without one it
    /// is a hint: only the newest few partitions of each attribute are read, and none where
    /// the date is not the innermost column, since finding the newest would walk the table.
    /// An attribute that can't be read is left out.
    pub async fn attributes_with_a_trace(
        &self,
        entity_id: i64,
        attributes: &[String],
    ) -> Vec<String> {
        let visit = &Visit::new(&self.store);
        futures::stream::iter(attributes.to_vec())
            .map(|attribute| async move {
                let reading = Reading::new(self, visit, entity_id);
                let has_trace = reading.has_a_trace(&attribute).await.unwrap_or(false);
                has_trace.then_some(attribute)
            })
            .buffered(ATTRIBUTES_AT_ONCE)
            .filter_map(std::future::ready)
            .collect()
            .await
    }
}
