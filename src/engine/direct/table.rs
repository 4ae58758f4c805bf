//! A table of the lake: which of the files in a folder are its truth.
//!
//! In plain Parquet all of them are; in Hudi the timeline decides (see `hudi`).
//! Start at [`Table::view`].

use jiff::Timestamp;
use object_store::ObjectMeta;

use super::hudi;
use super::hudi::timeline::Timeline;
use super::listing::Leaf;
use super::store::Visit;
use crate::catalog::Catalog;
use crate::engine::Error;
use crate::layout::{Format, PartitionColumn};

#[derive(Debug)]
pub(super) struct Table {
    /// Its folder below the lake's location.
    pub(super) root: String,
    partitioned_by: PartitionedBy,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PartitionedBy {
    /// The trace: attribute, bucket and date.
    All,
    /// The latest table: attribute and bucket.
    AllButDate,
    /// The entities, which are plain Parquet always.
    Nothing,
}

#[derive(Debug)]
enum Kind {
    Parquet,
    Hudi(hudi::Table),
}

/// A file that is part of the truth.
#[derive(Debug)]
pub(super) struct File {
    pub(super) meta: ObjectMeta,
    /// Sorts by the time of writing: an instant of Hudi's, or the file's name.
    pub(super) written: String,
}

/// Whether a table that changes under the reader is worth starting over for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attempt {
    First,
    Last,
}

impl Table {
    pub(super) fn trace(name: &str, format: Format) -> Self {
        Table::new(name, PartitionedBy::All, format)
    }

    pub(super) fn latest(name: &str, format: Format) -> Self {
        Table::new(name, PartitionedBy::AllButDate, format)
    }

    pub(super) fn entities(name: &str) -> Self {
        Table::new(name, PartitionedBy::Nothing, Format::Parquet)
    }

    pub(super) fn format(&self) -> Format {
        match self.kind {
            Kind::Parquet => Format::Parquet,
            Kind::Hudi(_) => Format::Hudi,
        }
    }

    fn new(name: &str, partitioned_by: PartitionedBy, format: Format) -> Self {
        let kind = match format {
            Format::Parquet => Kind::Parquet,
            Format::Hudi => Kind::Hudi(hudi::Table::default()),
        };
        Table {
            root: name.to_owned(),
            partitioned_by,
            kind,
        }
    }

    /// Whether there is such a table, and of a kind that can be read.
    pub(super) async fn check(&self, visit: &Visit<'_>, catalog: &Catalog) -> Result<(), Error> {
        match &self.kind {
            Kind::Parquet => {
                let path = visit.store.path(&self.root)?;
                match visit.is_there(&path).await? {
                    true => Ok(()),
                    false => Err(Error::NoLake {
                        location: visit.store.show(&path),
                        reason: "there is no such table".to_owned(),
                    }),
                }
            }
            Kind::Hudi(_) => self.view(visit, catalog).await.map(|_| ()),
        }
    }

    /// What is true now.
    pub(super) async fn view(&self, visit: &Visit<'_>, catalog: &Catalog) -> Result<View, Error> {
        match &self.kind {
            Kind::Parquet => Ok(View::Parquet),
            Kind::Hudi(table) => {
                let columns = self.columns(catalog);
                Ok(View::Hudi(
                    table.timeline(visit, &self.root, &columns, catalog).await?,
                ))
            }
        }
    }

    /// The files of each of these leaf folders that are true at the moment of the view.
    pub(super) async fn files(
        &self,
        visit: &Visit<'_>,
        view: &View,
        leaves: Vec<Leaf>,
    ) -> Result<Vec<Vec<File>>, Error> {
        match view {
            View::Parquet => Ok(leaves.into_iter().map(all).collect()),
            View::Hudi(timeline) => {
                let mut files = Vec::new();
                let mut uncommitted = Vec::new();
                for leaf in leaves {
                    let slices = hudi::slices(timeline, visit, leaf)?;
                    files.push(slices.files);
                    uncommitted.extend(slices.uncommitted);
                }
                if !uncommitted.is_empty() {
                    hudi::check_not_overtaken(visit, &self.root, &uncommitted).await?;
                }
                Ok(files)
            }
        }
    }

    fn columns<'a>(&self, catalog: &'a Catalog) -> Vec<&'a str> {
        let layout = &catalog.layout;
        let kept = layout
            .order
            .iter()
            .filter(|column| match (self.partitioned_by, column) {
                (PartitionedBy::AllButDate, PartitionColumn::Date)
                | (PartitionedBy::Nothing, _) => false,
                (PartitionedBy::All | PartitionedBy::AllButDate, _) => true,
            });
        kept.map(|column| layout.column(*column)).collect()
    }
}

/// Plain Parquet: every file of a leaf folder is true.
fn all(leaf: Leaf) -> Vec<File> {
    let named = leaf.files.into_iter().map(|meta| File {
        written: meta.location.filename().unwrap_or_default().to_owned(),
        meta,
    });
    named.collect()
}

/// A table at one moment.
#[derive(Debug)]
pub(super) enum View {
    Parquet,
    Hudi(Timeline),
}

impl View {
    /// How fresh what was listed is.
    pub(super) fn data_as_of(&self, leaves: &[Leaf]) -> Option<Timestamp> {
        match self {
            View::Parquet => {
                let files = leaves.iter().flat_map(|leaf| &leaf.files);
                let newest = files
                    .map(|meta| meta.last_modified.timestamp_millis())
                    .max()?;
                Timestamp::from_millisecond(newest).ok()
            }
            View::Hudi(timeline) => timeline.data_as_of(),
        }
    }
}
