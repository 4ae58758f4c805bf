//! One file as a whole, batch by batch, for who looks at all rows of it.
//!
//! Row groups are fetched one after another and let go of, so that what is held does not grow
//! with the file. Knows nothing of what the columns mean. Start at [`Batches::open`].

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use arrow_array::RecordBatch;
use futures::FutureExt;
use object_store::ObjectMeta;
use parquet::DecodeResult;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::arrow::push_decoder::{ParquetPushDecoder, ParquetPushDecoderBuilder};
use parquet::errors::ParquetError;

use super::held::{Held, Source, corrupt};
use crate::engine::Error;

const ROWS_AT_ONCE: usize = 4_096;

/// An open file.
pub(super) struct Batches<'a> {
    held: Held<'a>,
    decoder: ParquetPushDecoder,
    shown: &'a str,
}

impl<'a> Batches<'a> {
    /// Reads the footer; `wanted` says which columns are read.
    pub(super) async fn open(
        source: Source<'a>,
        meta: &'a ObjectMeta,
        shown: &'a str,
        wanted: impl FnOnce(&ArrowReaderMetadata) -> Result<ProjectionMask, Error>,
    ) -> Result<Self, Error> {
        let open = async {
            let mut held = Held::new(source, meta);
            let footer = held.footer().await?;
            let footer = footer.into_builder().set_page_index(None).build();
            let corrupt = |e: ParquetError| corrupt(shown, &e);
            let metadata =
                ArrowReaderMetadata::try_new(Arc::new(footer), ArrowReaderOptions::new())
                    .map_err(corrupt)?;
            let wanted = wanted(&metadata)?;
            let decoder = ParquetPushDecoderBuilder::new_with_metadata(metadata)
                .with_projection(wanted)
                .with_batch_size(ROWS_AT_ONCE)
                .build()
                .map_err(corrupt)?;
            held.forget();
            Ok(Batches {
                held,
                decoder,
                shown,
            })
        };
        guarded(shown, open).await
    }

    /// The next rows; `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<RecordBatch>, Error> {
        let shown = self.shown;
        guarded(shown, async {
            let corrupt = |e: ParquetError| corrupt(shown, &e);
            loop {
                match self.decoder.try_decode().map_err(corrupt)? {
                    DecodeResult::NeedsData(ranges) => {
                        let bytes = self.held.take(&ranges).await?;
                        self.held.forget();
                        self.decoder.push_ranges(ranges, bytes).map_err(corrupt)?;
                    }
                    DecodeResult::Data(batch) => return Ok(Some(batch)),
                    DecodeResult::Finished => return Ok(None),
                }
            }
        })
        .await
    }
}

/// The parquet crate checks most of what a damaged file may claim, but not all.
pub(super) async fn guarded<T>(
    shown: &str,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let done = AssertUnwindSafe(work).catch_unwind().await;
    done.unwrap_or_else(|_| {
        Err(Error::CorruptFile {
            file: shown.to_owned(),
            reason: "it is damaged: what it says of itself makes no sense".to_owned(),
        })
    })
}
