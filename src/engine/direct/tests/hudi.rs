//! Hudi tables made by hand: which files count, and which tables are refused.

use crate::engine::direct::listing;
use crate::engine::direct::sample::{Columns, Lake, NOW, dates, ids, leaf, made, parquet};
use crate::engine::direct::store::Visit;
use crate::question::LookBack;

const PROPERTIES: &str = "#Properties saved on 2026-11-24T00:15:37.130567052Z
hoodie.table.name=attribute_trace
hoodie.table.version=6
hoodie.table.type=COPY_ON_WRITE
hoodie.table.base.file.format=PARQUET
hoodie.table.partition.fields=attribute_name,entity_id_mod,created_date
hoodie.datasource.write.hive_style_partitioning=true
hoodie.datasource.write.partitionpath.urlencode=false
hoodie.table.timeline.timezone=LOCAL
";

/// Instants of June 2024, a digit for the day.
fn instant(day: u32) -> String {
    format!("2024060{day}000000000")
}

/// A table and what was written to its newest month.
struct Table(Lake);

impl Table {
    fn new() -> Self {
        let lake = Lake::hudi();
        lake.put("attribute_trace/.hoodie/hoodie.properties", PROPERTIES);
        Table(lake)
    }

    /// A file of the timeline.
    fn timeline(&self, day: u32, action: &str, text: &str) -> &Self {
        self.0.put(
            &format!("attribute_trace/.hoodie/{}.{action}", instant(day)),
            text,
        );
        self
    }

    /// A completed commit, as Hudi leaves it behind.
    fn commit(&self, day: u32) -> &Self {
        self.timeline(day, "commit.requested", "")
            .timeline(day, "inflight", "{}");
        self.timeline(day, "commit", "{}")
    }

    fn replace(&self, day: u32, groups: &[&str]) -> &Self {
        let json = serde_json::json!({
            "partitionToReplaceFileIds": {
                leaf("2024-06").strip_prefix("attribute_trace/").unwrap(): groups
            }
        });
        self.timeline(day, "replacecommit.requested", "");
        self.timeline(day, "replacecommit.inflight", "");
        self.timeline(day, "replacecommit", &json.to_string())
    }

    /// A base file with one decision.
    fn file(&self, group: &str, day: u32, id: &'static str) -> &Self {
        let bytes = parquet(&[made(id, "2024-06-01T00:00:00Z", "V")]);
        self.0.month(
            "2024-06",
            &format!("{group}_0-1-2_{}.parquet", instant(day)),
            bytes,
        );
        self
    }

    async fn sees(&self, expected: &[&str]) {
        assert_eq!(ids(&self.0.ask(LookBack::All).await.unwrap()), expected);
    }
}

#[tokio::test]
async fn of_a_file_group_the_newest_committed_file_counts() {
    let table = Table::new();
    table
        .commit(1)
        .commit(2)
        .file("g", 1, "old")
        .file("g", 2, "new")
        .file("h", 1, "other");
    table.sees(&["new", "other"]).await;
    let rows = table.0.ask(LookBack::All).await.unwrap();
    assert!(
        rows.decisions.iter().any(|d| d.written == instant(2)),
        "the instant tells copies apart"
    );
    assert_eq!(
        rows.read.data_as_of,
        Some("2024-06-02T00:00:00Z".parse().unwrap())
    );
    assert_eq!(rows.read.files_read, 2);
}

#[tokio::test]
async fn a_commit_that_never_completed_does_not_count() {
    let table = Table::new();
    table
        .commit(1)
        .file("g", 1, "old")
        .file("g", 2, "never")
        .file("h", 2, "never");
    table.timeline(2, "commit.requested", "");
    table.sees(&["old"]).await;
    table.timeline(2, "inflight", "{}").commit(3);
    table.sees(&["old"]).await;
}

#[tokio::test]
async fn a_commit_that_was_rolled_back_does_not_count() {
    let table = Table::new();
    // The rollback took the commit's own files of the timeline; a data file stayed behind.
    table
        .commit(1)
        .file("g", 1, "old")
        .file("g", 2, "undone")
        .commit(3);
    table
        .timeline(4, "rollback.requested", "")
        .timeline(4, "rollback", "Obj");
    table.sees(&["old"]).await;
}

#[tokio::test]
async fn a_restore_leaves_what_came_before_it() {
    let table = Table::new();
    table
        .commit(1)
        .file("g", 1, "saved")
        .file("g", 2, "undone")
        .file("h", 3, "undone");
    table
        .timeline(1, "savepoint", "Obj")
        .timeline(4, "restore", "Obj");
    table.sees(&["saved"]).await;
}

#[tokio::test]
async fn replaced_file_groups_do_not_count() {
    let table = Table::new();
    table
        .commit(1)
        .file("g", 1, "old")
        .file("h", 1, "kept")
        .replace(2, &["g"])
        .file("n", 2, "new");
    table.sees(&["kept", "new"]).await;
    let rows = table.0.ask(LookBack::All).await.unwrap();
    assert_eq!(
        rows.read.data_as_of,
        Some("2024-06-02T00:00:00Z".parse().unwrap())
    );
}

#[tokio::test]
async fn a_partition_that_was_deleted_is_empty() {
    let table = Table::new();
    table.commit(1).file("g", 1, "old").replace(2, &["g"]);
    table.sees(&[]).await;
}

#[tokio::test]
async fn a_replacement_that_is_pending_replaces_nothing() {
    let table = Table::new();
    table.commit(1).file("g", 1, "old").file("n", 2, "new");
    table
        .timeline(2, "replacecommit.requested", "{")
        .timeline(2, "replacecommit.inflight", "");
    table.sees(&["old"]).await;
}

#[tokio::test]
async fn archived_commits_count() {
    let table = Table::new();
    table
        .commit(3)
        .file("g", 1, "archived")
        .file("h", 3, "active");
    table.sees(&["active", "archived"]).await;
}

#[tokio::test]
async fn a_pending_commit_before_the_start_of_the_timeline_does_not_count() {
    let table = Table::new();
    table.commit(3).file("g", 1, "never").file("h", 3, "active");
    table
        .timeline(1, "commit.requested", "")
        .timeline(1, "inflight", "");
    table.sees(&["active"]).await;
}

#[tokio::test]
async fn what_was_archived_beyond_a_savepoint_does_not_count() {
    let table = Table::new();
    // Day 2 is a hole in the timeline: Spark does not see it either, and writes over it.
    table.commit(1).timeline(1, "savepoint", "Obj").commit(4);
    table
        .file("g", 1, "saved")
        .file("g", 2, "archived")
        .file("i", 4, "active");
    table.sees(&["active", "saved"]).await;
}

#[tokio::test]
async fn a_table_without_any_completed_commit_is_empty() {
    let table = Table::new();
    table
        .timeline(1, "commit.requested", "")
        .file("g", 1, "never");
    table.sees(&[]).await;
}

#[tokio::test]
async fn cleans_and_foreign_files_in_the_timeline_do_not_matter() {
    let table = Table::new();
    table.commit(2).file("g", 2, "seen");
    table
        .timeline(3, "clean.requested", "")
        .timeline(3, "clean", "Obj");
    table.0.put(
        "attribute_trace/.hoodie/archived/.commits_.archive.1_1-0-1",
        "x",
    );
    table.0.put("attribute_trace/.hoodie/README.commit", "x");
    table.sees(&["seen"]).await;
}

#[tokio::test]
async fn instants_without_milliseconds_count_too() {
    let table = Table::new();
    table.commit(2).file("h", 2, "new");
    let file = parquet(&[made("old", "2024-06-01T00:00:00Z", "V")]);
    table
        .0
        .month("2024-06", "g_0-1-2_20200101000000.parquet", file);
    table.sees(&["new", "old"]).await;
}

#[tokio::test]
async fn of_two_tries_of_one_task_the_longer_file_counts() {
    let table = Table::new();
    let long = parquet(&[
        made("whole", "2024-06-01T00:00:00Z", "V"),
        made(
            "whole too",
            "2024-06-01T00:00:00Z",
            "a value that makes the file longer",
        ),
    ]);
    table.commit(1).file("g", 1, "part");
    table
        .0
        .month("2024-06", &format!("g_0-9-9_{}.parquet", instant(1)), long);
    table.sees(&["whole", "whole too"]).await;
}

#[tokio::test]
async fn the_timeline_costs_one_listing_a_question() {
    let table = Table::new();
    table
        .commit(1)
        .file("g", 1, "old")
        .replace(2, &["g"])
        .file("n", 2, "new");
    let engine = table.0.open().await.unwrap();
    let plan = table
        .0
        .plan(LookBack::Days(1), crate::engine::direct::sample::NOW);
    let rows = engine.read(&plan).await.unwrap();
    // Timeline, partition, file: properties and replacecommits are known by now.
    assert_eq!(
        (ids(&rows), rows.read.requests),
        (vec!["new".to_owned()], 3)
    );
    table.replace(3, &["n"]).file("m", 3, "newer");
    let rows = engine.read(&plan).await.unwrap();
    assert_eq!(
        (ids(&rows), rows.read.requests),
        (vec!["newer".to_owned()], 4)
    );
}

#[tokio::test]
async fn a_file_that_is_not_committed_costs_one_more_look_at_the_timeline() {
    for begun in [true, false] {
        let table = Table::new();
        table.commit(1).file("g", 1, "old").file("g", 2, "ahead");
        if begun {
            table.timeline(2, "commit.requested", "");
        }
        let rows = table.0.ask(LookBack::Days(1)).await.unwrap();
        assert_eq!(ids(&rows), ["old"]);
        // Timeline, partition, timeline, file; the properties are read first.
        assert_eq!(rows.read.requests, 4);
    }
}

#[tokio::test]
async fn a_file_group_vanished_whose_old_file_was_cleaned_while_it_was_rewritten() {
    for begun in [true, false] {
        let table = Table::new();
        table.commit(1).file("g", 1, "old");
        if begun {
            table.timeline(2, "commit.requested", "");
        }
        let engine = table.0.open().await.unwrap();
        let visit = Visit::new(&engine.store);
        let catalog = &table.0.catalog;
        let view = engine.trace.view(&visit, catalog).await.unwrap();
        table.file("g", 2, "new").commit(2).0.remove(&format!(
            "{}/g_0-1-2_{}.parquet",
            leaf("2024-06"),
            instant(1)
        ));
        let planned = [catalog.layout.partition("sector", 5, NOW.parse().unwrap())];
        let leaves = listing::partitions(&visit, "attribute_trace", &catalog.layout, &planned);
        let error = engine
            .trace
            .files(&visit, &view, leaves.await.unwrap())
            .await
            .unwrap_err();
        assert_eq!(error.code(), "table_rewritten");
        table.sees(&["new"]).await;
    }
}

async fn refused(change: (&str, &str), expected: &str) {
    let table = Table::new();
    let properties = PROPERTIES.replace(change.0, change.1);
    assert_ne!(properties, PROPERTIES, "{change:?} changes nothing");
    table
        .commit(1)
        .0
        .put("attribute_trace/.hoodie/hoodie.properties", properties);
    assert_eq!(
        table.0.failure().await,
        format!("LAKE/attribute_trace is {expected}")
    );
}

#[tokio::test]
async fn tables_that_cant_be_read_are_refused_by_name() {
    let broken = |reason: &str| format!("broken as a Hudi table: {reason}");
    refused(
        ("COPY_ON_WRITE", "MERGE_ON_READ"),
        "a Hudi merge-on-read table, which is not supported",
    )
    .await;
    refused(
        ("version=6", "version=8"),
        "a Hudi table of version 8, which is not supported",
    )
    .await;
    refused(
        ("version=6", "version=9"),
        "a Hudi table of version 9, which is not supported",
    )
    .await;
    refused(
        ("version=6", "version=2"),
        "a Hudi table of version 2, which is not supported",
    )
    .await;
    refused(
        ("=PARQUET", "=ORC"),
        "a Hudi table of ORC files, which is not supported",
    )
    .await;
    refused(
        ("#Prop", "hoodie.bootstrap.base.path=s3://b/p\n#Prop"),
        "a bootstrapped Hudi table, which is not supported",
    )
    .await;
    refused(("partitioning=true", "partitioning=false"), "a Hudi table whose folders are not hive-style (hoodie.datasource.write.hive_style_partitioning), which is not supported").await;
    refused(
        ("hoodie.table.version=6\n", ""),
        &broken("hoodie.properties does not say hoodie.table.version"),
    )
    .await;
    refused(
        ("hoodie.table.type=COPY_ON_WRITE", "hoodie.table.type="),
        &broken("hoodie.properties does not say hoodie.table.type"),
    )
    .await;
    refused(
        ("hoodie.table.name", "hoodie.name"),
        &broken("hoodie.properties does not say hoodie.table.name"),
    )
    .await;
    refused(("COPY_ON_WRITE", "COPY"), &broken("its type is \"COPY\"")).await;
    refused(("attribute_name,entity_id_mod,", "entity_id_mod,attribute_name,"), &broken("it is partitioned by entity_id_mod,attribute_name,created_date, the catalog says attribute_name,entity_id_mod,created_date")).await;
    refused(
        (PROPERTIES, "\u{0}\u{1}"),
        &broken("hoodie.properties does not say hoodie.table.name"),
    )
    .await;
}

#[tokio::test]
async fn older_tables_of_the_same_form_are_read() {
    let table = Table::new();
    let properties = PROPERTIES.replace("version=6", "version=5");
    table
        .0
        .put("attribute_trace/.hoodie/hoodie.properties", properties);
    table.commit(1).file("g", 1, "old").sees(&["old"]).await;
}

#[tokio::test]
async fn a_table_without_its_metadata_is_refused() {
    let table = Table::new();
    table
        .commit(1)
        .0
        .remove("attribute_trace/.hoodie/hoodie.properties");
    let expected =
        "LAKE/attribute_trace is broken as a Hudi table: there is no .hoodie/hoodie.properties";
    assert_eq!(table.0.failure().await, expected);
    let error = Lake::hudi().ask(LookBack::All).await.unwrap_err();
    assert_eq!(
        (error.code(), error.class().as_str()),
        ("broken_table", "internal")
    );
}

#[tokio::test]
async fn a_replacement_that_cant_be_read_is_refused() {
    for (text, why) in [
        ("", "it is empty"),
        (
            "{\"partitionToReplaceFileIds\"",
            "EOF while parsing an object at line 1 column 28",
        ),
        (
            "{}",
            "missing field `partitionToReplaceFileIds` at line 1 column 2",
        ),
        (
            "[]",
            "invalid length 0, expected struct ReplaceCommit with 1 element",
        ),
    ] {
        let table = Table::new();
        table.commit(1).timeline(2, "replacecommit", text);
        let failure = table.0.failure().await;
        let expected = format!(
            "LAKE/attribute_trace is broken as a Hudi table: .hoodie/{}.replacecommit can't be read: {why}",
            instant(2)
        );
        assert!(failure.starts_with(&expected), "{failure}");
    }
}

#[tokio::test]
async fn a_file_that_hudi_did_not_write_is_refused() {
    for name in [
        "part-0.parquet",
        "a_b.parquet",
        "g_0_2024.parquet",
        "g_0_20240601000000000_x.parquet",
    ] {
        let table = Table::new();
        table.commit(1).0.month("2024-06", name, parquet(&[]));
        let failure = table.0.failure().await;
        assert!(
            failure.ends_with(&format!("{name} can't be read: it is no base file of Hudi's: their names are <file id>_<write token>_<instant>.parquet")),
            "{failure}"
        );
    }
}

#[tokio::test]
async fn a_broken_file_matters_only_where_it_counts() {
    let table = Table::new();
    table.commit(1).file("g", 1, "old");
    table.timeline(2, "commit.requested", "");
    table
        .0
        .month("2024-06", &format!("g_0-1-2_{}.parquet", instant(2)), "");
    table.sees(&["old"]).await;
    table.commit(2);
    assert!(
        table
            .0
            .failure()
            .await
            .ends_with("can't be read: it is empty")
    );
}

#[tokio::test]
async fn a_latest_table_has_a_timeline_of_its_own() {
    let lake = Lake::with_latest(&[("[layout]", "format = \"hudi\"\n[layout]")]);
    let trace = "attribute_trace";
    let latest = "attribute_latest";
    let row = [made("new", "2024-06-01T00:00:00Z", "V")];
    let row = Columns::of(&row).with("decision_dates", dates(1, &["2024-06-01"]));
    let file = format!(
        "attribute_name=sector/entity_id_mod=1/g_0-1-2_{}.parquet",
        instant(1)
    );
    lake.put(&format!("{trace}/.hoodie/hoodie.properties"), PROPERTIES)
        .put(
            &format!("{latest}/.hoodie/hoodie.properties"),
            PROPERTIES.replace(",created_date", ""),
        )
        .put(&format!("{trace}/.hoodie/{}.commit", instant(2)), "{}")
        .put(&format!("{latest}/{file}"), row.write());
    assert!(
        lake.ask(LookBack::Latest)
            .await
            .unwrap()
            .decisions
            .is_empty(),
        "not yet committed"
    );
    lake.put(&format!("{latest}/.hoodie/{}.commit", instant(1)), "{}");
    let rows = lake.ask(LookBack::Latest).await.unwrap();
    assert_eq!(ids(&rows), ["new"]);
    assert_eq!(rows.read.requests, 3, "timeline, partition, file");
}
