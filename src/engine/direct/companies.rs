//! The rows of a file of the entities table, for who looks at all of them.
//!
//! Where a column can't be what the contract says, it counts as not there: what is wrong with it,
//! its type tells (`scan`). Start at [`Inspection::companies`].

use arrow_array::{Array, RecordBatch};
use parquet::arrow::ProjectionMask;

use super::batches::{Batches, guarded};
use super::columns::{self, Batch};
use super::inspect::{Inspection, Part};
use crate::engine::Error;

/// What of a company is looked at; `None` where it is null or there is no such column.
#[derive(Debug, Clone, PartialEq)]
pub struct Company {
    pub entity_id: Option<i64>,
    pub name: Option<String>,
    pub parent_id: Option<i64>,
    pub rank: Option<f64>,
}

/// An open file.
pub struct Companies<'a> {
    batches: Batches<'a>,
    shown: &'a str,
}

impl Inspection<'_> {
    /// Opens a file of the entities table.
    ///
    /// # Errors
    /// It can't be read, or is gone meanwhile.
    pub async fn companies<'b>(&'b self, part: &'b Part) -> Result<Companies<'b>, Error> {
        let shown = part.shown.as_str();
        let batches = Batches::open(self.source(part), &part.file.meta, shown, |metadata| {
            let schema = metadata.schema();
            let names = ["entity_id", "name", "parent_id", "rank"];
            let roots = names
                .iter()
                .filter_map(|name| columns::position(schema, name));
            Ok(ProjectionMask::roots(metadata.parquet_schema(), roots))
        })
        .await?;
        Ok(Companies { batches, shown })
    }
}

impl Companies<'_> {
    /// The next rows; `None` at the end.
    ///
    /// # Errors
    /// The file can't be read, or is gone meanwhile.
    pub async fn next(&mut self) -> Result<Option<Vec<Company>>, Error> {
        let Some(batch) = self.batches.next().await? else {
            return Ok(None);
        };
        let rows = async { Ok(Some(rows(&batch, self.shown))) };
        guarded(self.shown, rows).await
    }
}

fn rows(batch: &RecordBatch, file: &str) -> Vec<Company> {
    let batch = Batch { batch, file };
    let ids = |name: &str| {
        let column = batch.column(name)?;
        let is_whole = column.data_type().is_integer();
        is_whole.then(|| batch.ids(name).ok().flatten())?
    };
    let (entity_ids, parent_ids) = (ids("entity_id"), ids("parent_id"));
    let names = batch.text("name").ok();
    let ranks = columns::numbers(batch.column("rank"), "rank", file);
    let ranks = ranks.ok().flatten();
    let row = |at: usize| Company {
        entity_id: entity_ids
            .as_ref()
            .and_then(|ids| ids.is_valid(at).then(|| ids.value(at))),
        name: names.as_ref().and_then(|names| names.get(at)),
        parent_id: parent_ids
            .as_ref()
            .and_then(|ids| ids.is_valid(at).then(|| ids.value(at))),
        rank: ranks
            .as_ref()
            .and_then(|ranks| ranks.is_valid(at).then(|| ranks.value(at))),
    };
    (0..batch.batch.num_rows()).map(row).collect()
}
