//! What is asked for a plan, and what its rows come to.

use serde_json::Value;

use super::fake::Fake;
use super::{catalog, engine, of_latest, of_trace, page, planned, started, status};
use crate::catalog::Catalog;
use crate::engine::{Call, Error, Rows};
use crate::question::LookBack;

const START: &str = "StartQueryExecution";
/// Outside the days that are read beside the latest row.
const LONG_AGO: &str = "2021-05-04";

/// Each query is answered with the next of these.
async fn athena(results: &[Vec<Vec<Option<String>>>]) -> Fake {
    let fake = Fake::start().await;
    fake.answers(START, (1..9).map(|n| started(&format!("q-{n}"))));
    fake.answers("GetQueryExecution", [status("SUCCEEDED")]);
    fake.answers("GetQueryResults", results.iter().map(|rows| page(rows)));
    fake
}

async fn read(fake: &Fake, catalog: &Catalog, look_back: LookBack) -> Result<Rows, Error> {
    let plan = planned(catalog, look_back);
    let call = Call {
        seed: Some("job-1".to_owned()),
        budget: None,
    };
    engine(fake, catalog).await.read(&plan, &call).await
}

fn ids(rows: &Rows) -> Vec<&str> {
    let mut ids: Vec<&str> = rows
        .decisions
        .iter()
        .map(|d| d.decision_id.as_str())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// What each query reads, from its FROM on.
fn queries(fake: &Fake) -> Vec<String> {
    let sql = |call: &Value| call["QueryString"].as_str().unwrap().to_owned();
    fake.calls(START).iter().map(sql).collect()
}

fn dates(sql: &str) -> Vec<&str> {
    sql.split("DATE '")
        .skip(1)
        .map(|rest| &rest[..10])
        .collect()
}

#[tokio::test]
async fn a_usual_question_takes_one_query_and_at_most_six_calls() {
    let fake = athena(&[vec![
        of_latest("d2", "2026-11-03", &["2026-10-01", "2026-11-03"]),
        of_trace("d1", "2026-10-01"),
        of_trace("d2", "2026-11-03"),
    ]])
    .await;
    fake.answers(
        "GetQueryExecution",
        ["QUEUED", "RUNNING", "RUNNING", "SUCCEEDED"].map(status),
    );
    let rows = read(&fake, &catalog(), LookBack::Auto).await.unwrap();
    assert_eq!(ids(&rows), ["d1", "d2"]);
    assert_eq!(queries(&fake).len(), 1);
    assert!(fake.operations().len() <= 6, "{:?}", fake.operations());
    assert_eq!(rows.read.requests, 6);
    assert!(rows.read.complete);
    // The latest partition and 256 days; three partitions had a row.
    assert_eq!(
        (rows.read.partitions_planned, rows.read.partitions_read),
        (257, 3)
    );
}

#[tokio::test]
async fn what_was_not_read_yet_is_read_by_a_second_query_and_nothing_twice() {
    let fake = athena(&[
        vec![
            of_latest("d3", "2026-11-03", &[LONG_AGO, "2022-02-02", "2026-11-03"]),
            of_trace("d3", "2026-11-03"),
        ],
        vec![of_trace("d1", LONG_AGO), of_trace("d2", "2022-02-02")],
    ])
    .await;
    let rows = read(&fake, &catalog(), LookBack::Auto).await.unwrap();
    assert_eq!(ids(&rows), ["d1", "d2", "d3"]);
    let queries = queries(&fake);
    assert_eq!(dates(&queries[0]), ["2026-03-15", "2026-11-25"]);
    assert_eq!(dates(&queries[1]), [LONG_AGO, "2022-02-02"]);
    assert!(!queries[1].contains("newest"), "{}", queries[1]);
    assert_eq!(rows.read.athena.unwrap().ids, ["q-1", "q-2"]);
    assert_eq!(rows.read.partitions_planned, 259);
}

#[tokio::test]
async fn the_newest_alone_reads_the_latest_partition_alone() {
    let fake = athena(&[vec![of_latest(
        "d3",
        "2026-11-03",
        &[LONG_AGO, "2026-11-03"],
    )]])
    .await;
    let rows = read(&fake, &catalog(), LookBack::Latest).await.unwrap();
    assert_eq!((ids(&rows), rows.read.partitions_planned), (vec!["d3"], 1));
    assert!(!queries(&fake)[0].contains("attribute_trace"));
}

#[tokio::test]
async fn no_latest_row_is_no_decision_whatever_the_trace_holds() {
    let fake = athena(&[vec![of_trace("d1", "2026-11-03")]]).await;
    let rows = read(&fake, &catalog(), LookBack::Auto).await.unwrap();
    assert_eq!((rows.decisions.len(), rows.read.complete), (0, true));
}

/// The direct engine would not see it either.
#[tokio::test]
async fn a_row_in_a_partition_that_the_latest_row_does_not_name_is_not_taken() {
    let fake = athena(&[vec![
        of_latest("d2", "2026-11-03", &["2026-11-03"]),
        of_trace("d1", "2026-10-01"),
        of_trace("d2", "2026-11-03"),
    ]])
    .await;
    let rows = read(&fake, &catalog(), LookBack::Auto).await.unwrap();
    assert_eq!(ids(&rows), ["d2"]);
}

#[tokio::test]
async fn a_bounded_look_back_reads_no_further() {
    let fake = athena(&[vec![of_latest("d1", LONG_AGO, &[LONG_AGO])]]).await;
    let rows = read(&fake, &catalog(), LookBack::Days(30)).await.unwrap();
    assert_eq!((ids(&rows), queries(&fake).len()), (vec!["d1"], 1));
    assert_eq!(dates(&queries(&fake)[0]), ["2026-10-24", "2026-11-25"]);
    assert!(!rows.read.complete);
}

#[tokio::test]
async fn without_a_latest_table_the_rungs_are_read_in_turn_and_none_twice() {
    let mut catalog = catalog();
    catalog.lake.latest = None;
    let fake = athena(&[vec![], vec![of_trace("d1", "2025-05-05")]]).await;
    let rows = read(&fake, &catalog, LookBack::Auto).await.unwrap();
    assert_eq!((ids(&rows), rows.read.complete), (vec!["d1"], false));
    let spans: Vec<Vec<String>> = queries(&fake)
        .iter()
        .map(|sql| dates(sql).into_iter().map(str::to_owned).collect())
        .collect();
    assert_eq!(
        spans,
        [["2026-08-25", "2026-11-25"], ["2024-11-23", "2026-08-24"]]
    );
}

#[tokio::test]
async fn a_promise_that_is_not_kept_is_looked_at_once_more_and_then_told() {
    let broken = vec![of_latest("d2", "2026-11-03", &["2026-10-01", "2026-11-03"])];
    let kept = vec![
        of_latest("d2", "2026-11-03", &["2026-11-03"]),
        of_trace("d2", "2026-11-03"),
    ];
    let fake = athena(&[broken.clone(), kept]).await;
    let rows = read(&fake, &catalog(), LookBack::Auto).await.unwrap();
    assert_eq!(ids(&rows), ["d2"]);
    let starts = fake.calls(START);
    assert_ne!(
        starts[0]["ClientRequestToken"],
        starts[1]["ClientRequestToken"]
    );
    assert_eq!(starts[1]["ResultReuseConfiguration"], Value::Null);
    assert_eq!(rows.read.requests, 6);

    let fake = athena(&[broken]).await;
    let error = read(&fake, &catalog(), LookBack::Auto).await.unwrap_err();
    insta::assert_snapshot!(error, @"mdm.newest says that mdm.attribute_trace/attribute_name=revenue/entity_id_mod=1/created_date=2026-10-01 holds decisions of company 17, but there are none");
}

#[tokio::test]
async fn of_a_latest_row_without_its_dates_every_date_is_looked_at() {
    let mut row = of_latest("d1", "2026-11-03", &[]);
    row[12] = None;
    // What is read beside it is the first rung, and not read again.
    let days = ["2026-11-03", "2026-11-02", "2026-07-01"];
    let beside = ["d2", "d1", "d0"].into_iter().zip(days);
    let beside = beside.map(|(id, day)| of_trace(id, day));
    let first: Vec<_> = [row.clone()].into_iter().chain(beside).collect();
    let fake = athena(std::slice::from_ref(&first)).await;
    let rows = read(&fake, &catalog(), LookBack::Auto).await.unwrap();
    assert_eq!((ids(&rows), queries(&fake).len()), (vec!["d1", "d2"], 1));
    assert!(!rows.read.complete);
    // Beyond it the rest is asked for.
    let there = vec![of_trace("d2", "2026-11-03"), of_trace("d3", LONG_AGO)];
    let fake = athena(&[first, there]).await;
    let rows = read(&fake, &catalog(), LookBack::All).await.unwrap();
    assert_eq!(
        (ids(&rows), queries(&fake).len()),
        (vec!["d1", "d2", "d3"], 2)
    );
    assert!(rows.read.complete);

    // As far as the catalog allows, as ever.
    let mut catalog = catalog();
    catalog.max_partitions = 2;
    let fake = athena(&[vec![row]]).await;
    let error = read(&fake, &catalog, LookBack::Auto).await.unwrap_err();
    assert_eq!((error.code(), queries(&fake).len()), ("too_much", 1));
}

#[tokio::test]
async fn more_partitions_than_the_catalog_allows_are_refused_before_they_are_read() {
    let mut catalog = catalog();
    catalog.max_partitions = 2;
    let dates = [LONG_AGO, "2021-06-04", "2021-07-04", "2026-11-03"];
    let fake = athena(&[vec![of_latest("d4", "2026-11-03", &dates)]]).await;
    let error = read(&fake, &catalog, LookBack::Auto).await.unwrap_err();
    assert_eq!((error.code(), queries(&fake).len()), ("too_much", 1));
}

#[tokio::test]
async fn which_attributes_have_a_trace_is_one_query() {
    let fake = athena(&[vec![]]).await;
    let column = serde_json::json!({
        "ResultSet": {
            "Rows": [
                {"Data": [{"VarCharValue": "attribute"}]},
                {"Data": [{"VarCharValue": "employees"}]},
            ],
            "ResultSetMetadata": {"ColumnInfo": [{"Name": "attribute", "Type": "varchar"}]},
        },
    });
    fake.answers("GetQueryResults", [column]);
    let catalog = catalog();
    let plan = planned(&catalog, LookBack::Auto);
    let engine = engine(&fake, &catalog).await;
    let names = ["revenue".to_owned(), "employees".to_owned()];
    let call = Call::default();
    let found = engine.attributes_with_a_trace(&plan, &names, &call);
    assert_eq!(found.await, ["employees"]);
    assert_eq!(queries(&fake).len(), 1);
    let none = engine.attributes_with_a_trace(&plan, &[], &call);
    assert!(none.await.is_empty());
    assert_eq!(queries(&fake).len(), 1);
}
