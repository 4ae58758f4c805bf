//! What is read of a plan, in how many requests, and what the receipt says.

use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::reader::{FileReader, SerializedFileReader};

use crate::engine::direct::Engine;
use crate::engine::direct::sample::{Columns, Lake, Made, NOW, dates, ids, leaf, made, parquet};
use crate::error::Class;
use crate::plan::Plan;
use crate::question::LookBack;

const LATEST: &str = "attribute_latest/attribute_name=sector/entity_id_mod=1/part-1.parquet";

fn three_months(lake: &Lake) {
    lake.month(
        "2024-06",
        "part-1.parquet",
        parquet(&[made("c", "2024-06-02T00:00:00Z", "C")]),
    )
    .month(
        "2023-02",
        "part-1.parquet",
        parquet(&[made("b", "2023-02-03T00:00:00Z", "B")]),
    )
    .month(
        "2020-02",
        "part-1.parquet",
        parquet(&[made("a", "2020-02-03T00:00:00Z", "A")]),
    );
}

fn latest_row(days: &[&str]) -> Vec<u8> {
    let rows = [made("c", "2024-06-02T00:00:00Z", "C")];
    Columns::of(&rows)
        .with("decision_dates", dates(1, days))
        .write()
}

async fn check(lake: &Lake, look_back: LookBack, found: &[&str], lists_and_gets: (u64, u64)) {
    let counted = lake.count(look_back).await;
    assert_eq!(
        (counted.0, counted.1),
        (
            found.iter().map(|id| (*id).to_owned()).collect(),
            lists_and_gets
        ),
        "{look_back}"
    );
}

#[tokio::test]
async fn without_a_latest_table_the_ladder_stops_at_the_first_hit() {
    let lake = Lake::new(&[]);
    three_months(&lake);
    // Four months of the first rung, of which one is there.
    check(&lake, LookBack::Auto, &["c"], (1, 1)).await;
    check(
        &lake,
        LookBack::Since(jiff::civil::date(2023, 1, 1)),
        &["b", "c"],
        (2, 2),
    )
    .await;
}

#[tokio::test]
async fn a_wider_rung_is_read_where_the_first_is_empty() {
    let lake = Lake::new(&[]);
    lake.month(
        "2023-02",
        "part-1.parquet",
        parquet(&[made("b", "2023-02-03T00:00:00Z", "B")]),
    );
    let rows = lake.ask(LookBack::Auto).await.unwrap();
    assert_eq!(ids(&rows), ["b"]);
    assert_eq!(rows.read.from.to_string(), "2022-06-01");
    assert_eq!(
        (rows.read.partitions_planned, rows.read.partitions_read),
        (25, 1)
    );
    assert!(!rows.read.complete);
}

#[tokio::test]
async fn a_decision_after_as_of_does_not_stop_the_ladder() {
    let lake = Lake::new(&[]);
    lake.month(
        "2024-06",
        "part-1.parquet",
        parquet(&[made("c", "2024-06-15T23:00:00Z", "C")]),
    )
    .month(
        "2023-02",
        "part-1.parquet",
        parquet(&[made("b", "2023-02-03T00:00:00Z", "B")]),
    );
    let rows = lake.ask(LookBack::Auto).await.unwrap();
    assert_eq!(ids(&rows), ["b", "c"]);
}

#[tokio::test]
async fn why_now_takes_one_list_and_one_read_with_a_latest_table() {
    let lake = Lake::with_latest(&[]);
    three_months(&lake);
    lake.put(
        LATEST,
        latest_row(&["2020-02-01", "2023-02-01", "2024-06-01"]),
    );
    check(&lake, LookBack::Latest, &["c"], (1, 1)).await;
}

#[tokio::test]
async fn a_history_takes_one_list_and_one_read_for_each_small_file() {
    let lake = Lake::with_latest(&[]);
    three_months(&lake);
    lake.put(
        LATEST,
        latest_row(&["2020-02-01", "2023-02-01", "2024-06-01"]),
    );
    // `c` twice: from the latest table and from the trace.
    check(&lake, LookBack::Auto, &["a", "b", "c", "c"], (4, 4)).await;
    let rows = lake.ask(LookBack::Auto).await.unwrap();
    assert!(rows.read.complete);
    let copies = rows.decisions.iter().filter(|d| d.decision_id == "c");
    let mut written: Vec<&str> = copies.map(|d| d.written.as_str()).collect();
    written.sort_unstable();
    assert_eq!(
        written,
        ["", "part-1.parquet"],
        "the trace's copy counts as written last"
    );
}

#[tokio::test]
async fn a_large_file_takes_two_reads_and_a_fraction_of_its_bytes() {
    let lake = Lake::new(&[]);
    let long: &'static str = Box::leak("x".repeat(400).into_boxed_str());
    let rows: Vec<Made> = (0..40_000)
        .map(|i| made(long, "2024-06-02T00:00:00Z", "V").of(i / 10))
        .collect();
    let texts = (0..rows.len()).map(|i| format!("{i:07}{long}"));
    let values = std::sync::Arc::new(arrow_array::StringArray::from_iter_values(texts));
    let properties = WriterProperties::builder()
        .set_data_page_row_count_limit(500)
        .set_write_batch_size(100)
        .set_max_row_group_row_count(Some(10_000))
        .build();
    let file = Columns::of(&rows)
        .with("value", values)
        .write_as(properties);
    assert!(file.len() > 10_000_000, "{}", file.len());
    lake.month("2024-06", "part-1.parquet", &file);
    let (found, (lists, gets)) = lake.count(LookBack::Days(1)).await;
    assert_eq!((found.len(), lists), (10, 1));
    assert!(gets <= 2, "{gets} reads");
    let rows = lake.ask(LookBack::Days(1)).await.unwrap();
    assert!(
        rows.read.bytes_read < file.len() as u64 / 4,
        "{} bytes",
        rows.read.bytes_read
    );
    assert_eq!(rows.read.rows_read, 10);
}

#[tokio::test]
async fn statistics_and_page_index_may_be_missing() {
    for statistics in [
        EnabledStatistics::None,
        EnabledStatistics::Chunk,
        EnabledStatistics::Page,
    ] {
        let lake = Lake::new(&[]);
        let rows: Vec<Made> = (0..30)
            .map(|i| made("d", "2024-06-02T00:00:00Z", "V").of(i % 7))
            .collect();
        let properties = WriterProperties::builder()
            .set_statistics_enabled(statistics)
            .set_offset_index_disabled(statistics != EnabledStatistics::Page)
            .set_data_page_row_count_limit(4)
            .set_write_batch_size(2)
            .set_max_row_group_row_count(Some(10))
            .build();
        lake.month(
            "2024-06",
            "part-1.parquet",
            Columns::of(&rows).write_as(properties),
        );
        let rows = lake.ask(LookBack::All).await.unwrap();
        assert_eq!(rows.decisions.len(), 4, "{statistics:?}");
        assert!(rows.decisions.iter().all(|d| d.entity_id == 5));
    }
}

#[tokio::test]
async fn a_page_index_that_contradicts_itself_dropped_rows() {
    let rows: Vec<Made> = (0..30)
        .map(|i| made("d", "2024-06-02T00:00:00Z", "V").of([1, 5, 9][i / 10]))
        .collect();
    let properties = WriterProperties::builder()
        .set_data_page_row_count_limit(10)
        .set_write_batch_size(10)
        .build();
    let file = bytes::Bytes::from(Columns::of(&rows).write_as(properties));
    let reader = SerializedFileReader::new(file.clone()).unwrap();
    let index = reader
        .metadata()
        .row_group(0)
        .column(1)
        .offset_index_range();
    let index = index.unwrap();
    let index = usize::try_from(index.start).unwrap()..usize::try_from(index.end).unwrap();
    // Thrift: the third field, a whole number (zigzag), is the page's first row.
    let field = |row: u8| [0x16, row * 2, 0];
    for (from, to) in [(20, 20), (20, 4), (20, 60), (10, 25), (0, 10)] {
        let mut bytes = file.to_vec();
        let found: Vec<usize> = index
            .clone()
            .filter(|at| bytes[*at..].starts_with(&field(from)))
            .collect();
        assert_eq!(found.len(), 1);
        bytes[found[0]..found[0] + 3].copy_from_slice(&field(to));
        let lake = Lake::new(&[]);
        lake.month("2024-06", "p.parquet", bytes);
        let found = lake.ask(LookBack::All).await.unwrap().decisions.len();
        assert_eq!(found, 10, "{from} to {to}");
    }
}

#[tokio::test]
async fn rows_of_other_companies_never_leak() {
    let lake = Lake::new(&[]);
    let rows = [
        made("theirs", "2024-06-02T00:00:00Z", "T").of(9),
        made("ours", "2024-06-03T00:00:00Z", "O"),
        made("negative", "2024-06-03T00:00:00Z", "N").of(-3),
    ];
    lake.month("2024-06", "part-1.parquet", parquet(&rows));
    assert_eq!(ids(&lake.ask(LookBack::All).await.unwrap()), ["ours"]);
}

#[tokio::test]
async fn no_row_in_the_latest_table_means_no_decision() {
    let lake = Lake::with_latest(&[]);
    three_months(&lake);
    let rows = lake.ask(LookBack::Auto).await.unwrap();
    assert_eq!((rows.decisions.len(), rows.read.complete), (0, true));
    assert_eq!(rows.read.requests, 1);
}

#[tokio::test]
async fn an_as_of_before_the_latest_decision_reads_the_history() {
    let lake = Lake::with_latest(&[]);
    three_months(&lake);
    lake.put(
        LATEST,
        latest_row(&["2020-02-01", "2023-02-01", "2024-06-01"]),
    );
    let plan = lake.plan(LookBack::Latest, "2023-12-31T00:00:00Z");
    let rows = lake.open().await.unwrap().read(&plan).await.unwrap();
    // "c" is the latest table's own row: read anyway, and were it after now, to be warned of.
    assert_eq!(ids(&rows), ["a", "b", "c"]);
}

#[tokio::test]
async fn a_partition_that_the_latest_table_names_but_is_gone_went_unnoticed() {
    let named = |month: &str| {
        let partition = leaf(month);
        format!(
            "LAKE/attribute_latest says that LAKE/{partition} holds decisions of company 5, \
             but there are none"
        )
    };
    let lake = Lake::with_latest(&[]);
    three_months(&lake);
    lake.put(
        LATEST,
        latest_row(&["2020-02-01", "2023-02-01", "2024-06-01"]),
    );
    let whole = lake.ask(LookBack::All).await.unwrap();
    assert!(whole.read.complete);
    lake.remove(&format!("{}/part-1.parquet", leaf("2023-02")));
    assert_eq!(lake.failure().await, named("2023-02"));
    assert!(lake.ask(LookBack::Days(1)).await.is_ok(), "not in the plan");
    let theirs = made("b", "2023-02-03T00:00:00Z", "B").of(9);
    lake.month("2023-02", "part-1.parquet", parquet(&[theirs]));
    assert_eq!(lake.failure().await, named("2023-02"));
    let back = made("b", "2023-02-03T00:00:00Z", "B");
    lake.month("2023-02", "part-1.parquet", parquet(&[back]))
        .remove(&format!("{}/part-1.parquet", leaf("2024-06")));
    assert_eq!(lake.failure().await, named("2024-06"));
    let error = lake.ask(LookBack::All).await.unwrap_err();
    assert_eq!(
        (error.class(), error.code()),
        (Class::Internal, "missing_decisions")
    );
}

#[tokio::test]
async fn rows_that_a_killed_append_left_in_the_latest_table_were_served() {
    let lake = Lake::with_latest(&[]);
    three_months(&lake);
    let stale = [made("stale", "2023-02-03T00:00:00Z", "S")];
    let stale = Columns::of(&stale).with("decision_dates", dates(1, &["2020-02-01", "2023-02-01"]));
    lake.put(&LATEST.replace("part-1", "part-0"), stale.write())
        .put(LATEST, latest_row(&["2024-06-01"]));
    check(&lake, LookBack::Latest, &["c"], (1, 2)).await;
    // The stale row's dates count, its decision does not.
    check(&lake, LookBack::All, &["a", "b", "c", "c"], (4, 5)).await;
    let again = [made("again", "2024-06-02T00:00:00Z", "A")];
    let again = Columns::of(&again).with("decision_dates", dates(1, &["2024-06-01"]));
    lake.put(&LATEST.replace("part-1", "part-2"), again.write());
    check(&lake, LookBack::Latest, &["again"], (1, 3)).await;
}

#[tokio::test]
async fn a_value_older_than_the_look_back_was_no_decision_found() {
    let lake = Lake::with_latest(&[]);
    let row = [made("b", "2023-02-03T00:00:00Z", "B")];
    let row = Columns::of(&row).with("decision_dates", dates(1, &["2020-02-01", "2023-02-01"]));
    lake.put(LATEST, row.write());
    for look_back in [
        LookBack::Days(7),
        LookBack::Since(jiff::civil::date(2024, 1, 1)),
    ] {
        let rows = lake.ask(look_back).await.unwrap();
        assert_eq!(
            (ids(&rows), rows.read.complete),
            (vec!["b".to_owned()], false)
        );
        assert_eq!(rows.read.requests, 2, "the latest table's alone");
    }
}

#[tokio::test]
async fn what_lies_before_the_first_date_is_not_asked_for() {
    let lake = Lake::new(&[]);
    let plan = lake.plan(LookBack::Auto, "2019-01-01T00:00:00Z");
    let rows = lake.open().await.unwrap().read(&plan).await.unwrap();
    assert_eq!((rows.decisions.len(), rows.read.requests), (0, 0));
}

#[tokio::test]
async fn a_date_that_is_not_innermost_is_listed_partition_by_partition() {
    let order = (
        "first_date",
        "order = [\"date\", \"attribute\", \"bucket\"]\nfirst_date",
    );
    let lake = Lake::new(&[order]);
    lake.put(
        "attribute_trace/created_date=2024-06-01/attribute_name=sector/entity_id_mod=1/p.parquet",
        parquet(&[made("c", "2024-06-02T00:00:00Z", "C")]),
    );
    check(&lake, LookBack::All, &["c"], (1, 1)).await;
}

#[tokio::test]
async fn days_that_are_not_there_cost_no_listing() {
    let lake = Lake::new(&[("first_date", "step = \"day\"\nfirst_date")]);
    lake.put(
        "attribute_trace/attribute_name=sector/entity_id_mod=1/created_date=2020-02-03/p.parquet",
        parquet(&[made("a", "2020-02-03T00:00:00Z", "A")]),
    );
    check(&lake, LookBack::All, &["a"], (1, 1)).await;
}

#[tokio::test]
async fn hidden_files_and_markers_are_skipped() {
    let lake = Lake::new(&[]);
    lake.month(
        "2024-06",
        "p.parquet",
        parquet(&[made("c", "2024-06-02T00:00:00Z", "C")]),
    )
    .month("2024-06", ".p.parquet.crc", "x")
    .month("2024-06", "_SUCCESS", "")
    .month("2024-06", "_temporary.parquet", "x")
    .month("2024-06", ".hidden.parquet", "x")
    .month("2024-06", "deeper/p.parquet", "x");
    assert_eq!(ids(&lake.ask(LookBack::All).await.unwrap()), ["c"]);
}

#[tokio::test]
async fn files_without_an_extension_were_skipped() {
    let athena = "20240602_101112_00003_abcde_8d7c1f5e-6f0a-4c1e-9d59-0b7c4a1e2f3d";
    let lake = Lake::with_latest(&[]);
    lake.month(
        "2024-06",
        athena,
        parquet(&[made("c", "2024-06-02T00:00:00Z", "C")]),
    )
    .put(
        &LATEST.replace("part-1.parquet", athena),
        latest_row(&["2024-06-01"]),
    );
    check(&lake, LookBack::Auto, &["c", "c"], (2, 2)).await;
    lake.month("2024-06", "empty", "");
    assert!(
        lake.failure()
            .await
            .ends_with("empty can't be read: it is empty")
    );
}

#[tokio::test]
async fn folders_that_need_escapes_are_found() {
    for name in ["Größe (m²)", "a:b 50%", "x=y#z"] {
        let lake = Lake::new(&[("attributes.sector", &format!("attributes.\"{name}\""))]);
        let mut plan = Lake::new(&[]).plan(LookBack::All, NOW);
        plan.attribute = name.to_owned();
        let path = lake.catalog.layout.path(&crate::layout::Partition {
            attribute: name.to_owned(),
            bucket: 1,
            date: jiff::civil::date(2024, 6, 1),
        });
        let file = parquet(&[made("c", "2024-06-02T00:00:00Z", "C")]);
        lake.put(&format!("attribute_trace/{path}/p.parquet"), file);
        let rows = lake.open().await.unwrap().read(&plan).await.unwrap();
        assert_eq!(ids(&rows), ["c"], "{name}");
        assert_eq!(rows.decisions[0].attribute, name);
    }
}

#[tokio::test]
async fn an_entity_may_have_a_trace_of_other_attributes() {
    let attributes = ["sector".to_owned(), "revenue".to_owned()];
    let lake = Lake::new(&[]);
    three_months(&lake);
    let engine = lake.open().await.unwrap();
    assert_eq!(
        engine.attributes_with_a_trace(5, &attributes).await,
        ["sector"]
    );
    assert!(
        engine
            .attributes_with_a_trace(9, &attributes)
            .await
            .is_empty()
    );
    let lake = Lake::with_latest(&[]);
    lake.put(LATEST, latest_row(&[]));
    let engine = lake.open().await.unwrap();
    assert_eq!(
        engine.attributes_with_a_trace(5, &attributes).await,
        ["sector"]
    );
    assert!(
        engine
            .attributes_with_a_trace(1, &attributes)
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn the_receipt_tells_what_was_read() {
    let lake = Lake::new(&[]);
    let file = parquet(&[made("c", "2024-06-02T00:00:00Z", "C")]);
    lake.month("2024-06", "p.parquet", &file)
        .month("2024-06", "q.parquet", &file);
    let read = lake.ask(LookBack::Auto).await.unwrap().read;
    assert_eq!(
        (read.engine, read.files_read, read.rows_read),
        ("direct", 2, 2)
    );
    assert_eq!(read.bytes_read, 2 * file.len() as u64);
    assert_eq!(
        (read.partitions_planned, read.partitions_read, read.requests),
        (4, 1, 3)
    );
    assert!(read.data_as_of.is_some() && read.planning_ms <= read.total_ms);
    assert_eq!(read.cost_usd.to_string(), "0");
}

#[tokio::test]
async fn a_file_below_the_location_is_read_whole() {
    let lake = Lake::new(&[]);
    let engine = lake
        .put("names/directory.why", "names")
        .open()
        .await
        .unwrap();
    let file = engine.file("names/directory.why").await.unwrap();
    assert_eq!(file.bytes, b"names");
    assert!(file.tag.is_some());
    assert_eq!(engine.tag("names/directory.why").await.unwrap(), file.tag);
    let _ = lake.put("names/directory.why", "others' names");
    assert_ne!(engine.tag("names/directory.why").await.unwrap(), file.tag);
    let error = engine.file("nothing").await.unwrap_err();
    assert_eq!(
        lake.shown(&error.to_string()),
        "there is no lake at LAKE/nothing: there is no such file"
    );
    assert_eq!(leaf("2024-06").matches('/').count(), 3);
}

#[test]
fn a_reading_may_move_between_threads() {
    fn is_send<T: Send>(_: impl FnOnce(&'static Engine, &'static Plan) -> T) {}
    is_send(|engine, plan| engine.read(plan));
    is_send(|engine, _| engine.attributes_with_a_trace(1, &[]));
}
