//! Bad lake files: each is an error that names the file, never a missing decision.

use std::sync::Arc;

use arrow_array::builder::{Int32Builder, ListBuilder};
use arrow_array::{ArrayRef, Int64Array, StringArray};
use arrow_schema::DataType;

use crate::engine::direct::sample::{Columns, Lake, Made, dates, ids, made, parquet};
use crate::error::Class;
use crate::question::LookBack;

fn rows() -> [Made; 1] {
    [made("d", "2024-06-02T00:00:00Z", "V")]
}

async fn check(file: impl AsRef<[u8]>, expected: &str) {
    let lake = Lake::new(&[]);
    lake.month("2024-06", "p.parquet", file);
    let failure = lake.failure().await;
    let file = "LAKE/attribute_trace/attribute_name=sector/entity_id_mod=1/created_date=2024-06-01/p.parquet";
    assert_eq!(failure.replace(file, "FILE"), expected);
}

fn with(name: &'static str, column: ArrayRef) -> Vec<u8> {
    Columns::of(&rows()).with(name, column).write()
}

fn text(text: &str) -> ArrayRef {
    Arc::new(StringArray::from(vec![text]))
}

fn number(number: i64) -> ArrayRef {
    Arc::new(Int64Array::from(vec![number]))
}

#[tokio::test]
async fn files_that_are_no_parquet() {
    check("", "FILE can't be read: it is empty").await;
    check(
        "PAR1",
        "FILE can't be read: Parquet files are at least 8 bytes long, but file length is 4",
    )
    .await;
    check(
        "decision_id,entity_id\n",
        "FILE can't be read: Invalid Parquet file. Corrupt footer",
    )
    .await;
}

#[tokio::test]
async fn files_that_were_cut_short_or_overwritten() {
    let whole = parquet(&rows());
    check(
        &whole[..whole.len() / 2],
        "FILE can't be read: Invalid Parquet file. Corrupt footer",
    )
    .await;
    check(
        &whole[..whole.len() - 1],
        "FILE can't be read: Invalid Parquet file. Corrupt footer",
    )
    .await;
    // The end is there, the beginning is not.
    let tail = &whole[whole.len() / 2..];
    let lake = Lake::new(&[]);
    lake.month("2024-06", "p.parquet", tail);
    assert!(lake.failure().await.contains("p.parquet can't be read: "));
}

#[tokio::test]
async fn damaged_bytes_are_an_error_that_names_the_file_and_never_a_panic() {
    let whole = parquet(&rows());
    // Without checksums a changed letter can't be known; everything else must be noticed.
    let mut noticed = 0;
    for at in (0..whole.len()).step_by(13) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        let lake = Lake::new(&[]);
        lake.month("2024-06", "p.parquet", bytes);
        if let Err(error) = lake.ask(LookBack::All).await {
            noticed += 1;
            assert!(
                lake.shown(&error.to_string())
                    .starts_with("LAKE/attribute_trace"),
                "{error}"
            );
        }
    }
    assert!(noticed > 50, "{noticed} of {}", whole.len() / 13);
}

#[tokio::test]
async fn columns_that_must_be_there() {
    for name in ["decision_id", "entity_id", "decided_at"] {
        let file = Columns::of(&rows()).without(name).write();
        check(file, &format!("FILE has no column {name}")).await;
    }
}

#[tokio::test]
async fn columns_of_a_wrong_type() {
    let fractions = arrow_cast::cast(&number(1), &DataType::Float64).unwrap();
    check(
        with("decision_id", number(1)),
        "FILE can't be read: its column decision_id holds Int64, not text",
    )
    .await;
    check(
        with("entity_id", text("5")),
        "FILE can't be read: its column entity_id holds Utf8, not whole numbers",
    )
    .await;
    check(
        with("entity_id", fractions.clone()),
        "FILE can't be read: its column entity_id holds Float64, not whole numbers",
    )
    .await;
    check(
        with("decided_at", text("2024-06-02")),
        "FILE can't be read: its column decided_at holds Utf8, not timestamps",
    )
    .await;
    check(
        with("decided_at", number(1)),
        "FILE can't be read: its column decided_at holds Int64, not timestamps",
    )
    .await;
    check(
        with("value", fractions),
        "FILE can't be read: its column value holds Float64, not text",
    )
    .await;
    check(
        with("override", text("yes")),
        "FILE can't be read: its column override holds Utf8, not true and false",
    )
    .await;
}

#[tokio::test]
async fn rows_without_what_they_must_have() {
    let none: ArrayRef = Arc::new(StringArray::from(vec![None::<&str>]));
    check(
        with("decision_id", none.clone()),
        "FILE can't be read: its column decision_id is null in a row of this company",
    )
    .await;
    let none = arrow_cast::cast(
        &none,
        &DataType::Timestamp(arrow_schema::TimeUnit::Second, None),
    );
    check(
        with("decided_at", none.unwrap()),
        "FILE can't be read: its column decided_at is null in a row of this company",
    )
    .await;
}

#[tokio::test]
async fn text_that_is_no_utf8() {
    let bytes = arrow_array::BinaryArray::from(vec![&[0xff_u8, 0xfe][..]]);
    check(with("value", Arc::new(bytes)), "FILE can't be read: its column value can't be read: Invalid argument error: Encountered non UTF-8 data: invalid utf-8 sequence of 1 bytes from index 0").await;
}

#[tokio::test]
async fn evidence_that_is_none() {
    let mut numbers = ListBuilder::new(Int32Builder::new());
    numbers.append_value([Some(1)]);
    let numbers: ArrayRef = Arc::new(numbers.finish());
    check(
        with("evidence", numbers),
        "FILE can't be read: its column evidence holds List(Int32), not a list of candidates",
    )
    .await;
    check(
        with("evidence", number(1)),
        "FILE can't be read: its column evidence holds Int64, not a list of candidates",
    )
    .await;
    check(with("evidence", text("{}")), "FILE can't be read: its column evidence is no JSON list of candidates: invalid type: map, expected a sequence at line 1 column 0").await;
    check(with("evidence", text("[{\"source\": 1")), "FILE can't be read: its column evidence is no JSON list of candidates: EOF while parsing an object at line 1 column 13").await;
    check(with("evidence", text(r#"[{"observed_at":"soon"}]"#)), "FILE can't be read: its column evidence is no JSON list of candidates: observed_at \"soon\" is no time").await;
    check(
        with("evidence", text(r#"[{"value":[]}]"#)),
        "FILE can't be read: its column evidence is no JSON list of candidates: value is no text",
    )
    .await;
}

#[tokio::test]
async fn one_bad_file_among_good_ones_is_enough() {
    let lake = Lake::new(&[]);
    lake.month("2024-06", "good.parquet", parquet(&rows()))
        .month("2024-06", "zero.parquet", "");
    let error = lake.ask(LookBack::Auto).await.unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("zero.parquet can't be read: it is empty"),
        "{error}"
    );
    assert_eq!(
        (error.class(), error.code()),
        (Class::Internal, "corrupt_file")
    );
    assert!(error.advice().starts_with("Restore or rewrite that file"));
}

#[tokio::test]
async fn a_bad_file_in_another_partition_does_not_matter() {
    let lake = Lake::new(&[]);
    lake.month("2024-06", "p.parquet", parquet(&rows()))
        .month("2020-01", "p.parquet", "");
    assert!(lake.ask(LookBack::Auto).await.is_ok());
}

#[tokio::test]
async fn a_latest_table_may_leave_the_dates_out_but_not_say_something_else() {
    let latest = "attribute_latest/attribute_name=sector/entity_id_mod=1/p.parquet";
    let lake = Lake::with_latest(&[]);
    lake.put(latest, parquet(&rows()));
    let older = made("c", "2021-03-02T00:00:00Z", "U");
    lake.month("2021-03", "p.parquet", parquet(&[older]));
    // Even one that the trace lacks is kept.
    for (look_back, found) in [(LookBack::Latest, &["d"][..]), (LookBack::All, &["c", "d"])] {
        let rows = lake.ask(look_back).await.unwrap();
        assert_eq!(ids(&rows), found, "{look_back}");
    }
    let wrong = Columns::of(&rows()).with("decision_dates", text("soon"));
    lake.put(latest, wrong.write());
    assert!(
        lake.failure()
            .await
            .contains("its column decision_dates can't be read")
    );
    let limit = ("first_date", "max_partitions = 2\nfirst_date");
    let lake = Lake::with_latest(&[limit]);
    let many = dates(1, &["2024-01-01", "2024-02-01", "2024-03-01"]);
    lake.put(
        latest,
        Columns::of(&rows()).with("decision_dates", many).write(),
    );
    assert_eq!(
        lake.failure().await,
        "this question would read 4 partitions, more than the 2 that the catalog allows"
    );
}
