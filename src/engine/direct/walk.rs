//! Walks a whole trace table: of every decision, where it lies, whose it is and of when.
//!
//! For those who look at the table as such, never for an answer. Reads two columns of each file;
//! what is held at a time is bounded. Start at [`Engine::walk`].

use arrow_array::{Array, Int64Array};
use futures::{StreamExt, TryStreamExt};
use jiff::Timestamp;
use object_store::ObjectMeta;

use super::Engine;
use super::columns::Batch;
use super::file::{self, Search};
use super::listing::Leaf;
use super::store::Visit;
use super::table::{File, View};
use crate::engine::Error;
use crate::layout::Partition;

/// Files read at a time.
const FILES_AT_ONCE: usize = 16;
/// Files that wait to be read.
const FILES_WAITING: usize = 256;

/// One decision.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    pub partition: &'a Partition,
    pub entity_id: i64,
    pub decided_at: Timestamp,
}

/// What there was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Walked {
    /// That are the table's truth, and their bytes.
    pub files: u64,
    pub bytes: u64,
    /// Folders with data that are no partition of the catalog's layout and attributes, and the
    /// first of them: no question reads it.
    pub strays: u64,
    pub stray: Option<String>,
}

impl Engine {
    /// Calls `see` with every decision of the trace, in no particular order.
    ///
    /// # Errors
    /// A file that can't be read, or a lake that can't be reached.
    pub async fn walk(&self, see: &mut dyn FnMut(Place<'_>)) -> Result<Walked, Error> {
        let visit = Visit::new(&self.store);
        let root = self.store.path(&self.trace.root)?;
        let view = self.trace.view(&visit, &self.catalog).await?;
        let mut walk = Walk {
            engine: self,
            visit: &visit,
            view,
            waiting: Vec::new(),
            walked: Walked::default(),
            see,
        };
        let mut listing = Box::pin(visit.below(&root));
        let mut folder = String::new();
        let mut files: Vec<ObjectMeta> = Vec::new();
        while let Some(meta) = listing.try_next().await? {
            let path = meta.location.as_ref();
            let below = path.strip_prefix(root.as_ref()).unwrap_or(path);
            let (parent, _) = below.trim_start_matches('/').rsplit_once('/').unzip();
            let parent = parent.unwrap_or_default();
            if parent != folder {
                let done = std::mem::replace(&mut folder, parent.to_owned());
                walk.leaf(done, std::mem::take(&mut files)).await?;
            }
            files.push(meta);
        }
        walk.leaf(folder, files).await?;
        walk.read().await?;
        Ok(walk.walked)
    }
}

/// A walk under way.
struct Walk<'a> {
    engine: &'a Engine,
    visit: &'a Visit<'a>,
    view: View,
    waiting: Vec<(Partition, File)>,
    walked: Walked,
    see: &'a mut dyn FnMut(Place<'_>),
}

impl Walk<'_> {
    async fn leaf(&mut self, path: String, files: Vec<ObjectMeta>) -> Result<(), Error> {
        let layout = &self.engine.catalog.layout;
        let leaf = Leaf::new(layout.format, path.clone(), files);
        // Hudi's own folders begin with a full stop.
        if leaf.files.is_empty() || path.starts_with('.') {
            return Ok(());
        }
        let partition = layout.parse_path(&path).ok();
        let named = |partition: &Partition| {
            let attribute = &partition.attribute;
            self.engine.catalog.attribute(attribute).is_some()
        };
        let Some(partition) = partition.filter(named) else {
            self.walked.strays += 1;
            self.walked.stray.get_or_insert(path);
            return Ok(());
        };
        let true_ones = self.engine.trace.files(self.visit, &self.view, vec![leaf]);
        for file in true_ones.await?.into_iter().flatten() {
            self.walked.files += 1;
            self.walked.bytes += file.meta.size;
            self.waiting.push((partition.clone(), file));
        }
        match self.waiting.len() {
            FILES_WAITING.. => self.read().await,
            _ => Ok(()),
        }
    }

    async fn read(&mut self) -> Result<(), Error> {
        let engine = self.engine;
        let name = engine.store.show(&engine.store.path(&engine.trace.root)?);
        let search = Search {
            visit: self.visit,
            tail: &engine.tail,
            table: &name,
            // All are wanted.
            entity_id: 0,
            wanted: &engine.wanted,
        };
        let waiting = std::mem::take(&mut self.waiting);
        let mut read = futures::stream::iter(waiting)
            .map(|(partition, file)| async move {
                let batches = file::places(search, &file.meta).await?;
                let shown = engine.store.show(&file.meta.location);
                Ok::<_, Error>((partition, shown, batches))
            })
            .buffer_unordered(FILES_AT_ONCE);
        let columns = &engine.wanted.columns;
        while let Some((partition, shown, batches)) = read.try_next().await? {
            for batch in &batches {
                let batch = Batch {
                    batch,
                    file: &shown,
                };
                let ids = batch.ids(&columns.entity_id)?;
                let times = batch.instants(&columns.decided_at)?;
                for row in 0..batch.batch.num_rows() {
                    let held = |ids: &Int64Array| ids.is_valid(row).then(|| ids.value(row));
                    let id = ids.as_ref().and_then(held);
                    (self.see)(Place {
                        partition: &partition,
                        entity_id: batch.present(id, &columns.entity_id)?,
                        decided_at: batch.present(times.get(row), &columns.decided_at)?,
                    });
                }
            }
        }
        Ok(())
    }
}
