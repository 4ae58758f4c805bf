//! A real Hudi table, written by Spark: exactly the decisions that Spark reads from it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use why::catalog::Catalog;
use why::engine::direct::Engine;
use why::plan;
use why::question::{LookBack, Question};
use why::trace::{Decision, Trace};

use crate::harness::unpack;

mod spark;

const CATALOG: &str = r#"
[lake]
location = "."
trace = "table"
format = "hudi"
[layout]
order = ["attribute", "bucket", "date"]
buckets = 4
step = "month"
first_date = 2012-01-01
[attributes.sector]
[attributes.headquarters]
"#;

/// The sample, unpacked for one test.
struct Sample {
    folder: PathBuf,
    catalog: Catalog,
}

impl Sample {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("hudi")
            .join(name);
        unpack(&data("sp500_v6.tar.gz"), &folder.join("table"));
        Sample {
            folder,
            catalog: Catalog::parse(CATALOG, "why.toml").unwrap(),
        }
    }

    /// The files of the timeline that end so, oldest first.
    fn timeline(&self, ending: &str) -> Vec<PathBuf> {
        let files = std::fs::read_dir(self.folder.join("table/.hoodie")).unwrap();
        let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
        files.retain(|file| file.to_str().unwrap().ends_with(ending));
        files.sort();
        files
    }

    fn newest(&self, ending: &str) -> PathBuf {
        self.timeline(ending).pop().unwrap()
    }

    /// Everything about every company, or about each so-manieth.
    async fn decisions(&self, each: usize) -> Vec<Decision> {
        let engine = Engine::open(&self.catalog, &self.folder, &BTreeMap::new())
            .await
            .unwrap();
        let mut all = Vec::new();
        let mut companies = BTreeSet::new();
        entities(&self.folder.join("table"), &mut companies);
        assert!(companies.len() > 800);
        for entity_id in companies.into_iter().step_by(each) {
            for attribute in ["sector", "headquarters"] {
                let question = question(entity_id, attribute);
                let plan = plan::plan(&question, &self.catalog, question.as_of).unwrap();
                let rows = engine.read(&plan).await.unwrap();
                assert!(rows.read.complete);
                all.extend(Trace::new(rows.decisions).decisions().to_vec());
            }
        }
        all
    }
}

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/hudi")
        .join(name)
}

fn expected() -> BTreeSet<String> {
    let text = std::fs::read_to_string(data("sp500_v6.expected_decision_ids.txt")).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// Every company in any file, superseded ones and those that never counted too.
fn entities(folder: &Path, found: &mut BTreeSet<i64>) {
    for path in std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
    {
        if path.is_dir() {
            entities(&path, found);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "parquet")
        {
            let file = std::fs::File::open(path).unwrap();
            let batches = ParquetRecordBatchReaderBuilder::try_new(file)
                .unwrap()
                .build()
                .unwrap();
            for batch in batches.map(Result::unwrap) {
                let ids = batch
                    .column_by_name("entity_id")
                    .unwrap()
                    .as_primitive::<Int64Type>();
                found.extend(ids.values());
            }
        }
    }
}

fn question(entity_id: i64, attribute: &str) -> Question {
    Question {
        text: String::new(),
        entity_id,
        entity_name: String::new(),
        attribute: attribute.to_owned(),
        as_of: "2026-11-24T12:00:00Z".parse().unwrap(),
        expected: None,
        look_back: LookBack::All,
    }
}

fn ids(decisions: &[Decision]) -> BTreeSet<String> {
    decisions
        .iter()
        .map(|decision| decision.decision_id.clone())
        .collect()
}

#[tokio::test]
async fn the_decisions_that_spark_reads_and_no_other() {
    let decisions = Sample::new("whole").decisions(1).await;
    assert_eq!(ids(&decisions), expected());
    assert_eq!(decisions.len(), 2_568, "each once");
    let never = decisions
        .iter()
        .filter(|d| d.value.as_deref() == Some("NEVER COMMITTED"));
    assert_eq!(never.count(), 0);
    let restated = |d: &&Decision| {
        d.reason
            .as_deref()
            .is_some_and(|r| r.ends_with("(restated)"))
    };
    assert!(
        decisions.iter().filter(restated).count() > 0,
        "the upsert is seen"
    );
    assert!(
        decisions
            .iter()
            .all(|d| !d.evidence.is_empty() && !d.written.is_empty())
    );
}

/// Enough companies for what is true of all of them.
const FEW: usize = 10;

#[tokio::test]
async fn before_its_clustering_completed_the_table_said_the_same() {
    // As it was then: the later upsert had not happened, and neither had the clustering.
    let sample = Sample::new("pending clustering");
    let clustering = sample.newest(".replacecommit");
    let upsert = sample.newest(".commit");
    assert!(clustering < upsert);
    std::fs::remove_file(upsert).unwrap();
    let clustered = sample.decisions(FEW).await;
    std::fs::remove_file(clustering).unwrap();
    let pending = sample.decisions(FEW).await;
    assert_eq!(ids(&pending), ids(&clustered));
    assert!(pending.len() > 100, "{}", pending.len());
}

#[tokio::test]
async fn archiving_the_oldest_commit_changes_nothing() {
    let sample = Sample::new("archived");
    let before = sample.decisions(FEW).await;
    for ending in [".commit", ".commit.requested", ".inflight"] {
        std::fs::remove_file(&sample.timeline(ending)[0]).unwrap();
    }
    assert_eq!(sample.decisions(FEW).await, before);
}

#[tokio::test]
async fn only_its_commit_keeps_what_the_dead_writer_wrote_from_being_seen() {
    let sample = Sample::new("completed");
    let requested = sample.newest(".commit.requested");
    let completed = requested
        .to_str()
        .unwrap()
        .strip_suffix(".requested")
        .unwrap();
    std::fs::write(completed, "{}").unwrap();
    let decisions = sample.decisions(FEW).await;
    assert!(
        decisions
            .iter()
            .any(|d| d.value.as_deref() == Some("NEVER COMMITTED"))
    );
}
