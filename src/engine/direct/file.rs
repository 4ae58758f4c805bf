//! One Parquet file: the rows of one entity, in as few reads as it takes.
//!
//! A small file is read whole; of a larger one the tail comes first (footer and page
//! index), then the pages that can hold the entity, together. Whatever the file gets
//! wrong is an error that names it. Start at [`read`].

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use arrow_array::{Array, ArrayRef, BooleanArray, Int64Array, RecordBatch};
use arrow_schema::ArrowError;
use bytes::Bytes;
use object_store::path::Path;
use object_store::{ObjectMeta, coalesce_ranges};
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
use parquet::file::metadata::{
    PageIndexPolicy, ParquetMetaData, ParquetMetaDataPushDecoder, RowGroupMetaData,
};

use super::columns::{self, Wanted};
use super::store::Visit;
use crate::engine::Error;

/// A file up to this size is read whole.
const SMALL: u64 = 256 * 1024;
/// The first guess at what footer and page index take.
const TAIL: u64 = 128 * 1024;
/// No guess is larger than this.
const MOST: u64 = 512 * 1024;
/// Gaps up to this are read over: one more round trip costs more.
const GAP: u64 = 1024 * 1024;

/// How much of a file's end was needed so far; Hudi's footers carry a bloom filter.
#[derive(Debug)]
pub(super) struct TailGuess(AtomicU64);

impl Default for TailGuess {
    fn default() -> Self {
        TailGuess(AtomicU64::new(TAIL))
    }
}

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

/// The rows of the entity, with the columns that are wanted and there.
pub(super) async fn read(search: Search<'_>, meta: &ObjectMeta) -> Result<Vec<RecordBatch>, Error> {
    let file = search.visit.store.show(&meta.location);
    let (mut held, metadata) = open(search, meta, &file).await?;
    match decoder(search, &file, metadata)? {
        Some(decoder) => decode(&mut held, decoder, &file).await,
        None => Ok(Vec::new()),
    }
}

/// Of every row, company and time alone.
pub(super) async fn places(
    search: Search<'_>,
    meta: &ObjectMeta,
) -> Result<Vec<RecordBatch>, Error> {
    let file = search.visit.store.show(&meta.location);
    let (mut held, metadata) = open(search, meta, &file).await?;
    let wanted = search.wanted.place(metadata.schema(), &file)?;
    let projection = ProjectionMask::roots(metadata.parquet_schema(), wanted);
    let decoder = ParquetPushDecoderBuilder::new_with_metadata(metadata)
        .with_projection(projection)
        .build()
        .map_err(|e| corrupt(&file, &e))?;
    decode(&mut held, decoder, &file).await
}

async fn open<'a>(
    search: Search<'a>,
    meta: &'a ObjectMeta,
    file: &str,
) -> Result<(Held<'a>, ArrowReaderMetadata), Error> {
    let corrupt = |e: ParquetError| corrupt(file, &e);
    if meta.size == 0 {
        return Err(Error::CorruptFile {
            file: file.to_owned(),
            reason: "it is empty".to_owned(),
        });
    }
    let mut held = Held::new(search, meta);
    let mut metadata = footer(&mut held, &corrupt).await?;
    if !has_sound_pages(&metadata) {
        metadata = metadata.into_builder().set_page_index(None).build();
    }
    let options = ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Optional);
    let metadata = ArrowReaderMetadata::try_new(Arc::new(metadata), options).map_err(corrupt)?;
    Ok((held, metadata))
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

fn corrupt(file: &str, error: &ParquetError) -> Error {
    let text = error.to_string();
    let reason = ["Parquet error: ", "EOF: ", "External: ", "Arrow: "]
        .iter()
        .fold(text.as_str(), |text, prefix| {
            text.strip_prefix(prefix).unwrap_or(text)
        });
    Error::CorruptFile {
        file: file.to_owned(),
        reason: reason.to_owned(),
    }
}

/// Footer and page index.
async fn footer(
    held: &mut Held<'_>,
    corrupt: &impl Fn(ParquetError) -> Error,
) -> Result<ParquetMetaData, Error> {
    let mut decoder = ParquetMetaDataPushDecoder::try_new(held.size)
        .map_err(corrupt)?
        .with_page_index_policy(PageIndexPolicy::Optional);
    held.hold_end().await?;
    let mut needed = held.size;
    loop {
        match decoder.try_decode().map_err(corrupt)? {
            DecodeResult::NeedsData(ranges) => {
                needed = ranges.iter().map(|r| r.start).fold(needed, u64::min);
                let bytes = held.take(&ranges).await?;
                decoder.push_ranges(ranges, bytes).map_err(corrupt)?;
            }
            DecodeResult::Data(metadata) => {
                held.search
                    .tail
                    .0
                    .fetch_max((held.size - needed).min(MOST), Relaxed);
                return Ok(metadata);
            }
            DecodeResult::Finished => {
                return Err(corrupt(ParquetError::General(
                    "it has no footer".to_owned(),
                )));
            }
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

/// The bytes of a file that were fetched so far.
struct Held<'a> {
    search: Search<'a>,
    path: &'a Path,
    size: u64,
    parts: Vec<(Range<u64>, Bytes)>,
}

impl<'a> Held<'a> {
    fn new(search: Search<'a>, meta: &'a ObjectMeta) -> Self {
        Held {
            search,
            path: &meta.location,
            size: meta.size,
            parts: Vec::new(),
        }
    }

    /// A small file whole, else its end.
    async fn hold_end(&mut self) -> Result<(), Error> {
        let start = match self.size {
            ..=SMALL => 0,
            size => size.saturating_sub(self.search.tail.0.load(Relaxed)),
        };
        let end = start..self.size;
        self.hold(std::slice::from_ref(&end)).await
    }

    /// Fetches what is not held yet, in as few requests as gaps allow.
    async fn hold(&mut self, ranges: &[Range<u64>]) -> Result<(), Error> {
        let missing: Vec<Range<u64>> = ranges
            .iter()
            .filter(|range| self.find(range).is_none())
            .cloned()
            .collect();
        let odd = |range: &&Range<u64>| range.end > self.size || range.start > range.end;
        if let Some(odd) = missing.iter().find(odd) {
            return Err(Error::CorruptFile {
                file: self.search.visit.store.show(self.path),
                reason: format!(
                    "it names its bytes {} to {}, but has {}: was it cut short?",
                    odd.start, odd.end, self.size
                ),
            });
        }
        if missing.is_empty() {
            return Ok(());
        }
        let (search, path) = (self.search, self.path);
        let fetch = |range: Range<u64>| async move {
            let bytes = search.visit.range(path, range).await?;
            bytes.ok_or_else(|| Error::Rewritten {
                table: search.table.to_owned(),
            })
        };
        let bytes = coalesce_ranges(&missing, fetch, GAP).await?;
        self.parts.extend(missing.into_iter().zip(bytes));
        Ok(())
    }

    /// These bytes, fetched where they are not held.
    async fn take(&mut self, ranges: &[Range<u64>]) -> Result<Vec<Bytes>, Error> {
        self.hold(ranges).await?;
        Ok(ranges.iter().filter_map(|range| self.find(range)).collect())
    }

    fn find(&self, range: &Range<u64>) -> Option<Bytes> {
        let (held, bytes) = self
            .parts
            .iter()
            .find(|(held, _)| held.start <= range.start && range.end <= held.end)?;
        let from = usize::try_from(range.start - held.start).ok()?;
        let to = usize::try_from(range.end - held.start).ok()?;
        (to <= bytes.len() && from <= to).then(|| bytes.slice(from..to))
    }
}
