//! One Parquet file: the rows of one entity, in as few reads as it takes.
//!
//! A small file is read whole; of a larger one the tail comes first (footer and page
//! index), then the pages that can hold the entity, together. Whatever the file gets
//! wrong is an error that names it. Start at [`read`].

use std::ops::Range;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, BooleanArray, Int64Array, RecordBatch};
use arrow_schema::ArrowError;
use object_store::ObjectMeta;
use parquet::DecodeResult;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::statistics::StatisticsConverter;
use parquet::arrow::arrow_reader::{
    ArrowPredicateFn, ArrowReaderMetadata, ArrowReaderOptions, RowFilter, RowSelection, RowSelector,
};
use parquet::arrow::push_decoder::{
    ParquetPushDecoder, ParquetPushDecoderBuilder, RowGroupSelection,
};
use parquet::errors::ParquetError;
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData, RowGroupMetaData};

use super::columns::{self, Wanted};
use super::held::{Held, Source, TailGuess, corrupt};
use super::store::Visit;
use crate::engine::Error;

/// What to look for in every file of a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Search<'a> {
    pub(super) visit: &'a Visit<'a>,
    pub(super) tail: &'a TailGuess,
    /// For the message where a listed file is gone.
    pub(super) table: &'a str,
    pub(super) entity_id: i64,
    pub(super) wanted: &'a Wanted,
}

impl<'a> Search<'a> {
    fn source(&self) -> Source<'a> {
        Source {
            visit: self.visit,
            tail: self.tail,
            table: self.table,
        }
    }
}

/// The rows of the entity, with the columns that are wanted and there.
pub(super) async fn read(search: Search<'_>, meta: &ObjectMeta) -> Result<Vec<RecordBatch>, Error> {
    let file = search.visit.store.show(&meta.location);
    let (mut held, metadata) = open(search, meta, &file).await?;
    match decoder(search, &file, metadata)? {
        Some(decoder) => decode(&mut held, decoder, &file).await,
        None => Ok(Vec::new()),
    }
}

async fn open<'a>(
    search: Search<'a>,
    meta: &'a ObjectMeta,
    file: &str,
) -> Result<(Held<'a>, ArrowReaderMetadata), Error> {
    let mut held = Held::new(search.source(), meta);
    let mut metadata = held.footer().await?;
    if !has_sound_pages(&metadata) {
        metadata = metadata.into_builder().set_page_index(None).build();
    }
    let options = ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Optional);
    let metadata = ArrowReaderMetadata::try_new(Arc::new(metadata), options);
    Ok((held, metadata.map_err(|e| corrupt(file, &e))?))
}

async fn decode(
    held: &mut Held<'_>,
    mut decoder: ParquetPushDecoder,
    file: &str,
) -> Result<Vec<RecordBatch>, Error> {
    let corrupt = |e: ParquetError| corrupt(file, &e);
    let planned: Vec<Range<u64>> = decoder.scan_plan().map(|planned| planned.range).collect();
    held.hold(&planned).await?;
    let mut batches = Vec::new();
    loop {
        match decoder.try_decode().map_err(corrupt)? {
            DecodeResult::NeedsData(ranges) => {
                let bytes = held.take(&ranges).await?;
                decoder.push_ranges(ranges, bytes).map_err(corrupt)?;
            }
            DecodeResult::Data(batch) => batches.push(batch),
            DecodeResult::Finished => return Ok(batches),
        }
    }
}

/// Whether the pages of each column, where they are listed, begin with the row group's
/// first row and follow one another to its last: others would skip rows unnoticed.
fn has_sound_pages(metadata: &ParquetMetaData) -> bool {
    let Some(index) = metadata.page_index() else {
        return true;
    };
    let sound = |(at, group): (usize, &RowGroupMetaData)| {
        (0..group.num_columns()).all(|column| {
            let Some(pages) = index.page_locations(at, column) else {
                return true;
            };
            let starts = pages.iter().map(|page| page.first_row_index);
            starts.clone().next().is_none_or(|first| first == 0)
                && starts.chain([group.num_rows()]).is_sorted()
        })
    };
    metadata.row_groups().iter().enumerate().all(sound)
}

/// What decodes the entity's rows; `None` where the statistics rule them out.
fn decoder(
    search: Search<'_>,
    file: &str,
    metadata: ArrowReaderMetadata,
) -> Result<Option<ParquetPushDecoder>, Error> {
    let corrupt = |e: ParquetError| corrupt(file, &e);
    let schema = metadata.schema();
    let projection = search.wanted.roots(schema, file)?;
    let (entity_column, field) = search.wanted.entity(schema, file)?;
    columns::whole_numbers(field, file)?;
    let groups = row_groups(&metadata, field.name(), search.entity_id).map_err(corrupt)?;
    if groups.is_empty() {
        return Ok(None);
    }
    let descriptor = metadata.parquet_schema();
    let projection = ProjectionMask::roots(descriptor, projection);
    let entity = ProjectionMask::roots(descriptor, [entity_column]);
    let entity_id = search.entity_id;
    let is_entity = ArrowPredicateFn::new(entity, move |batch: RecordBatch| {
        let ids = int64(batch.columns().first())?;
        Ok(ids
            .iter()
            .map(|id| Some(id == Some(entity_id)))
            .collect::<BooleanArray>())
    });
    ParquetPushDecoderBuilder::new_with_metadata(metadata)
        .with_row_group_selections(groups)
        .with_projection(projection)
        .with_row_filter(RowFilter::new(vec![Box::new(is_entity)]))
        .build()
        .map(Some)
        .map_err(corrupt)
}

fn int64(column: Option<&ArrayRef>) -> Result<Int64Array, ArrowError> {
    let missing = || ArrowError::SchemaError("the filter got no column".to_owned());
    let cast = arrow_cast::cast(column.ok_or_else(missing)?, &arrow_schema::DataType::Int64)?;
    cast.as_any()
        .downcast_ref::<Int64Array>()
        .cloned()
        .ok_or_else(missing)
}

/// The row groups, and the pages of each, whose statistics allow the entity.
fn row_groups(
    metadata: &ArrowReaderMetadata,
    column: &str,
    entity_id: i64,
) -> Result<Vec<RowGroupSelection>, ParquetError> {
    let footer = metadata.metadata();
    let statistics =
        StatisticsConverter::try_new(column, metadata.schema(), metadata.parquet_schema())?;
    let mins = int64(Some(&statistics.row_group_mins(footer.row_groups())?))?;
    let maxes = int64(Some(&statistics.row_group_maxes(footer.row_groups())?))?;
    let mut selections = Vec::new();
    for (index, group) in footer.row_groups().iter().enumerate() {
        if !may_hold(&mins, &maxes, index, entity_id) {
            continue;
        }
        let rows = usize::try_from(group.num_rows()).unwrap_or_default();
        let pages = pages(&statistics, footer, (index, rows), entity_id)?;
        if pages.as_ref().is_none_or(RowSelection::selects_any) {
            selections.push(RowGroupSelection::new(index, pages));
        }
    }
    Ok(selections)
}

/// The rows of a row group's pages that may hold the entity; `None` without a page index.
fn pages(
    statistics: &StatisticsConverter<'_>,
    footer: &ParquetMetaData,
    (group, rows): (usize, usize),
    entity_id: i64,
) -> Result<Option<RowSelection>, ParquetError> {
    let (Some(index), Some(column)) = (footer.page_index(), statistics.parquet_column_index())
    else {
        return Ok(None);
    };
    let Some(locations) = index
        .page_locations(group, column)
        .filter(|all| !all.is_empty())
    else {
        return Ok(None);
    };
    let mins = int64(Some(&statistics.data_page_mins(index.as_ref(), [&group])?))?;
    let maxes = int64(Some(&statistics.data_page_maxes(index.as_ref(), [&group])?))?;
    if mins.len() != locations.len() || maxes.len() != locations.len() {
        return Ok(None);
    }
    let starts = locations
        .iter()
        .map(|page| usize::try_from(page.first_row_index).unwrap_or_default())
        .chain([rows])
        .collect::<Vec<_>>();
    let selectors = starts.windows(2).enumerate().map(|(page, ends)| {
        let rows = match ends {
            [start, end] => end.saturating_sub(*start),
            _ => 0,
        };
        match may_hold(&mins, &maxes, page, entity_id) {
            true => RowSelector::select(rows),
            false => RowSelector::skip(rows),
        }
    });
    Ok(Some(selectors.collect::<Vec<_>>().into()))
}

/// Statistics that are not there rule nothing out.
fn may_hold(mins: &Int64Array, maxes: &Int64Array, at: usize, id: i64) -> bool {
    let known =
        |array: &Int64Array| (at < array.len() && array.is_valid(at)).then(|| array.value(at));
    known(mins).is_none_or(|min| min <= id) && known(maxes).is_none_or(|max| id <= max)
}
