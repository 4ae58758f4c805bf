//! A whole table walked: in bounded memory, and past what is hidden.

use parquet::arrow::ProjectionMask;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};

use crate::contract::Table;
use crate::engine::direct::batches::Batches;
use crate::engine::direct::sample::{Columns, Lake, made, parquet};

const GROUPS: i64 = 8;
const ROWS_OF_A_GROUP: i64 = 4_096;

/// Some megabytes in eight row groups.
fn large() -> Vec<u8> {
    let row = |at: i64| made("a", "2024-06-02T00:00:00Z", "A").of(at * 4 + 1);
    let rows: Vec<_> = (0..GROUPS * ROWS_OF_A_GROUP).map(row).collect();
    let properties = WriterProperties::builder()
        .set_max_row_group_row_count(Some(usize::try_from(ROWS_OF_A_GROUP).unwrap()))
        .set_dictionary_enabled(false)
        .build();
    Columns::of(&rows).write_as(properties)
}

/// The same, with the last row group's companies overwritten.
fn spoiled_at_its_end() -> Vec<u8> {
    let mut bytes = large();
    let reader = SerializedFileReader::new(bytes::Bytes::from(bytes.clone())).unwrap();
    let groups = reader.metadata().row_groups();
    assert_eq!(groups.len(), 8);
    let (start, length) = groups[7].column(1).byte_range();
    let start = usize::try_from(start).unwrap();
    bytes[start..start + usize::try_from(length).unwrap()].fill(0xff);
    bytes
}

#[tokio::test]
async fn a_large_file_is_walked_row_group_by_row_group() {
    let lake = Lake::new(&[]);
    lake.month("2024-06", "p.parquet", spoiled_at_its_end());
    let engine = lake.open().await.unwrap();
    let mut seen = 0;
    let walked = engine.walk(&mut |_| seen += 1).await.unwrap();
    assert_eq!((walked.files, walked.bytes, walked.unreadable), (0, 0, 1));
    assert!(
        walked.named[0].file.ends_with("p.parquet"),
        "{:?}",
        walked.named
    );
    // All that comes before the damage was handed over and let go of.
    assert_eq!(seen, (GROUPS - 1) * ROWS_OF_A_GROUP);
    lake.month("2024-06", "p.parquet", large());
    let mut seen = 0;
    let walked = engine.walk(&mut |_| seen += 1).await.unwrap();
    assert_eq!((walked.files, seen), (1, GROUPS * ROWS_OF_A_GROUP));
    assert_eq!((walked.unreadable, walked.named), (0, vec![]));
}

#[tokio::test]
async fn files_that_can_not_be_read_are_counted_and_the_others_are_walked() {
    let lake = Lake::new(&[]);
    let whole = parquet(&[made("a", "2024-06-02T00:00:00Z", "A")]);
    let size = whole.len() as u64;
    for month in ["2024-01", "2024-02", "2024-03", "2024-04", "2024-05"] {
        lake.month(month, "p.parquet", b"not Parquet");
    }
    lake.month("2024-06", "p.parquet", whole);
    let engine = lake.open().await.unwrap();
    let mut seen = 0;
    let walked = engine.walk(&mut |_| seen += 1).await.unwrap();
    assert_eq!((walked.files, walked.bytes, seen), (1, size, 1));
    assert_eq!((walked.unreadable, walked.named.len()), (5, 3));
}

#[tokio::test]
async fn of_a_large_file_no_more_is_fetched_than_is_looked_at() {
    let lake = Lake::new(&[]);
    lake.month("2024-06", "p.parquet", large());
    let engine = lake.open().await.unwrap();
    let table = engine.inspect(Table::Trace).await.unwrap().unwrap();
    let folder = table.walk().next().await.unwrap().unwrap();
    let part = &folder.parts.unwrap()[0];
    let source = table.source(part);
    let all = |_: &_| Ok(ProjectionMask::all());
    let mut batches = Batches::open(source, &part.file.meta, &part.shown, all)
        .await
        .unwrap();
    batches.next().await.unwrap().unwrap();
    let (fetched, size) = (source.visit.bytes(), part.bytes());
    assert!(
        size > 2_000_000 && fetched < size / 4,
        "{fetched} of {size}"
    );
}

#[tokio::test]
async fn what_is_hidden_is_passed_over_at_any_level_and_what_no_question_reads_is_named() {
    let rows = || parquet(&[made("a", "2024-06-02T00:00:00Z", "A")]);
    let lake = Lake::new(&[]);
    lake.month("2024-06", "p.parquet", rows());
    let bucket = "attribute_trace/attribute_name=sector/entity_id_mod=1";
    for hidden in ["attribute_trace/_temporary/0", "attribute_trace/.tmp"] {
        lake.put(&format!("{hidden}/p.parquet"), rows());
    }
    lake.put(&format!("{bucket}/_temporary/p.parquet"), rows());
    lake.put(&format!("{bucket}/.staging/0/p.parquet"), rows());
    let engine = lake.open().await.unwrap();
    let mut seen = 0;
    let walked = engine.walk(&mut |_| seen += 1).await.unwrap();
    assert_eq!((walked.strays, walked.stray, seen), (0, None, 1));
    lake.put(&format!("{bucket}/old/p.parquet"), rows());
    let walked = engine.walk(&mut |_| {}).await.unwrap();
    let stray = "attribute_name=sector/entity_id_mod=1/old";
    assert_eq!((walked.files, walked.stray.as_deref()), (1, Some(stray)));
}
