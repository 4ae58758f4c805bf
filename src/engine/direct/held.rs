//! The bytes of one Parquet file that were fetched, and the footer in them.
//!
//! A small file is fetched whole; of a larger one the tail comes first, and what else is needed in as
//! few requests as gaps allow. Knows nothing of rows. Start at [`Held::footer`].

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use bytes::Bytes;
use object_store::path::Path;
use object_store::{ObjectMeta, coalesce_ranges};
use parquet::DecodeResult;
use parquet::errors::ParquetError;
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData, ParquetMetaDataPushDecoder};

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

/// Where a file is fetched from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) visit: &'a Visit<'a>,
    pub(super) tail: &'a TailGuess,
    /// For the message where a listed file is gone.
    pub(super) table: &'a str,
}

pub(super) fn corrupt(file: &str, error: &ParquetError) -> Error {
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

/// The bytes of a file that were fetched so far.
pub(super) struct Held<'a> {
    source: Source<'a>,
    path: &'a Path,
    size: u64,
    parts: Vec<(Range<u64>, Bytes)>,
}

impl<'a> Held<'a> {
    pub(super) fn new(source: Source<'a>, meta: &'a ObjectMeta) -> Self {
        Held {
            source,
            path: &meta.location,
            size: meta.size,
            parts: Vec::new(),
        }
    }

    /// Footer and page index.
    pub(super) async fn footer(&mut self) -> Result<ParquetMetaData, Error> {
        let file = self.source.visit.store.show(self.path);
        let corrupt = |e: ParquetError| corrupt(&file, &e);
        if self.size == 0 {
            return Err(Error::CorruptFile {
                file,
                reason: "it is empty".to_owned(),
            });
        }
        let mut decoder = ParquetMetaDataPushDecoder::try_new(self.size)
            .map_err(corrupt)?
            .with_page_index_policy(PageIndexPolicy::Optional);
        self.hold_end().await?;
        let mut needed = self.size;
        loop {
            match decoder.try_decode().map_err(corrupt)? {
                DecodeResult::NeedsData(ranges) => {
                    needed = ranges.iter().map(|r| r.start).fold(needed, u64::min);
                    let bytes = self.take(&ranges).await?;
                    decoder.push_ranges(ranges, bytes).map_err(corrupt)?;
                }
                DecodeResult::Data(metadata) => {
                    self.source
                        .tail
                        .0
                        .fetch_max((self.size - needed).min(MOST), Relaxed);
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

    /// Lets go of what was fetched, but for a file that was small enough to be held whole.
    pub(super) fn forget(&mut self) {
        if self.size > SMALL {
            self.parts.clear();
        }
    }

    /// A small file whole, else its end.
    async fn hold_end(&mut self) -> Result<(), Error> {
        let start = match self.size {
            ..=SMALL => 0,
            size => size.saturating_sub(self.source.tail.0.load(Relaxed)),
        };
        let end = start..self.size;
        self.hold(std::slice::from_ref(&end)).await
    }

    /// Fetches what is not held yet, in as few requests as gaps allow.
    pub(super) async fn hold(&mut self, ranges: &[Range<u64>]) -> Result<(), Error> {
        let missing: Vec<Range<u64>> = ranges
            .iter()
            .filter(|range| self.find(range).is_none())
            .cloned()
            .collect();
        let odd = |range: &&Range<u64>| range.end > self.size || range.start > range.end;
        if let Some(odd) = missing.iter().find(odd) {
            return Err(Error::CorruptFile {
                file: self.source.visit.store.show(self.path),
                reason: format!(
                    "it names its bytes {} to {}, but has {}: was it cut short?",
                    odd.start, odd.end, self.size
                ),
            });
        }
        if missing.is_empty() {
            return Ok(());
        }
        let (source, path) = (self.source, self.path);
        let fetch = |range: Range<u64>| async move {
            let bytes = source.visit.range(path, range).await?;
            bytes.ok_or_else(|| Error::Rewritten {
                table: source.table.to_owned(),
            })
        };
        let bytes = coalesce_ranges(&missing, fetch, GAP).await?;
        self.parts.extend(missing.into_iter().zip(bytes));
        Ok(())
    }

    /// These bytes, fetched where they are not held.
    pub(super) async fn take(&mut self, ranges: &[Range<u64>]) -> Result<Vec<Bytes>, Error> {
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
