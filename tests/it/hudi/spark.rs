//! Small Hudi tables that Spark wrote, each for one thing that happens to tables: the direct
//! engine reads of each what Spark reads, field by field, or refuses it by name.
//!
//! `tests/hudi/spark/make.py` makes them; `tests/data/hudi/spark` holds them with Spark's rows.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Deserialize;
use why::catalog::Catalog;
use why::directory::{Directory, Match, Resolution};
use why::engine::direct::Engine;
use why::engine::{Error, Rows};
use why::import::Names;
use why::plan;
use why::trace::{Candidate, Decision, Trace, round_to_millis};

use super::{data, entities, question};
use crate::harness::unpack;

/// So many there are at least: a folder that is not found must not pass for agreement.
const FEWEST_TABLES: usize = 45;
const FEWEST_ROWS: usize = 520;

/// Each is refused, by these words.
const REFUSED: [(&str, &str); 3] = [
    ("merge_on_read", "a Hudi merge-on-read table"),
    ("version_8", "a Hudi table of version 8"),
    ("version_9", "a Hudi table of version 9"),
];

/// One table, unpacked.
struct Fixture {
    name: String,
    place: PathBuf,
    folder: PathBuf,
    catalog: Catalog,
}

impl Fixture {
    /// Those that Spark's rows stand beside.
    fn readable() -> Vec<Fixture> {
        let mut places = places();
        places.retain(|place| refused(&name(place)).is_none());
        places.into_iter().map(Fixture::unpack).collect()
    }

    /// Those that are not to be read, with the words that say so.
    fn refused() -> Vec<(Fixture, &'static str)> {
        let refused = places()
            .into_iter()
            .filter_map(|place| Some((refused(&name(&place))?, place)));
        refused
            .map(|(words, place)| (Fixture::unpack(place), words))
            .collect()
    }

    fn unpack(place: PathBuf) -> Fixture {
        let name = name(&place);
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("hudi/spark")
            .join(&name);
        unpack(&place.join("table.tar.gz"), &folder);
        let catalog = std::fs::read_to_string(place.join("why.toml")).unwrap();
        Fixture {
            catalog: Catalog::parse(&catalog, "why.toml").unwrap(),
            name,
            place,
            folder,
        }
    }

    async fn open(&self) -> Engine {
        Engine::open(&self.catalog, &self.folder, &BTreeMap::new())
            .await
            .unwrap()
    }

    async fn ask(&self, engine: &Engine, entity_id: i64, attribute: &str) -> Result<Rows, Error> {
        let question = question(entity_id, attribute);
        let plan = plan::plan(&question, &self.catalog, question.as_of).unwrap();
        engine.read(&plan).await
    }

    /// Every row of every entity in any file, of those that no longer count too.
    async fn read(&self) -> Vec<Decision> {
        let engine = self.open().await;
        let mut asked = BTreeSet::new();
        entities(&self.folder.join("table"), &mut asked);
        assert!(!asked.is_empty(), "{}", self.name);
        let mut read = Vec::new();
        for entity_id in asked {
            for attribute in &self.catalog.attributes {
                let rows = self.ask(&engine, entity_id, &attribute.name).await;
                let rows = rows.unwrap_or_else(|e| panic!("{}: {e}", self.name));
                assert!(rows.read.complete, "{}", self.name);
                assert!(rows.decisions.iter().all(|d| d.entity_id == entity_id));
                read.extend(match self.catalog.lake.latest {
                    // The newest comes from both tables.
                    Some(_) => Trace::new(rows.decisions).decisions().to_vec(),
                    None => rows.decisions,
                });
            }
        }
        for decision in &mut read {
            assert!(!decision.written.is_empty());
            decision.written.clear();
        }
        read.sort_by_key(order);
        read
    }

    /// The rows that Spark reads.
    fn expected(&self) -> Vec<Decision> {
        let lines = std::fs::read_to_string(self.place.join("rows.jsonl")).unwrap();
        let rows = lines.lines().map(|line| {
            let row: Row = serde_json::from_str(line).unwrap_or_else(|e| panic!("{line}: {e}"));
            row.decision()
        });
        let mut rows: Vec<Decision> = rows.collect();
        rows.sort_by_key(order);
        rows
    }
}

fn places() -> Vec<PathBuf> {
    let places = std::fs::read_dir(data("spark")).unwrap();
    let mut places: Vec<PathBuf> = places.map(|place| place.unwrap().path()).collect();
    places.retain(|place| place.is_dir());
    places.sort();
    places
}

fn name(place: &Path) -> String {
    place.file_name().unwrap().to_str().unwrap().to_owned()
}

fn refused(name: &str) -> Option<&'static str> {
    let refused = REFUSED.iter().find(|(of, _)| name.starts_with(of));
    refused.map(|(_, words)| *words)
}

fn order(decision: &Decision) -> (String, String, Timestamp) {
    (
        decision.decision_id.clone(),
        decision.attribute.clone(),
        decision.decided_at,
    )
}

/// A row as Spark wrote it down.
#[derive(Deserialize)]
struct Row {
    decision_id: String,
    entity_id: i64,
    attribute_name: String,
    decided_at: Timestamp,
    value: Option<String>,
    previous_value: Option<String>,
    rule: Option<String>,
    rule_version: Option<String>,
    reason: Option<String>,
    run_id: Option<String>,
    actor: Option<String>,
    #[serde(rename = "override")]
    is_override: Option<bool>,
    evidence: Option<Vec<Claim>>,
}

#[derive(Deserialize)]
struct Claim {
    source: String,
    record_id: Option<String>,
    value: Option<String>,
    observed_at: Option<Timestamp>,
    confidence: Option<f64>,
    selected: Option<bool>,
    reason: Option<String>,
    url: Option<String>,
}

impl Row {
    fn decision(self) -> Decision {
        Decision {
            decision_id: self.decision_id,
            entity_id: self.entity_id,
            attribute: self.attribute_name,
            decided_at: millis(self.decided_at),
            value: self.value,
            previous_value: self.previous_value,
            rule: self.rule,
            rule_version: self.rule_version,
            reason: self.reason,
            run_id: self.run_id,
            actor: self.actor,
            is_override: self.is_override.unwrap_or(false),
            evidence: self
                .evidence
                .unwrap_or_default()
                .into_iter()
                .map(Claim::candidate)
                .collect(),
            written: String::new(),
        }
    }
}

impl Claim {
    fn candidate(self) -> Candidate {
        Candidate {
            source: self.source,
            record_id: self.record_id,
            value: self.value,
            observed_at: self.observed_at.map(millis),
            confidence: self.confidence,
            selected: self.selected.unwrap_or(false),
            reason: self.reason,
            url: self.url,
        }
    }
}

fn millis(at: Timestamp) -> Timestamp {
    round_to_millis(at.as_microsecond()).unwrap()
}

#[tokio::test]
async fn of_every_table_the_engine_reads_what_spark_reads() {
    let (mut tables, mut rows) = (0, 0);
    let mut wrong = Vec::new();
    for fixture in Fixture::readable() {
        let (read, expected) = (fixture.read().await, fixture.expected());
        assert!(!expected.is_empty(), "{}", fixture.name);
        let unlike = |a: &[Decision], b: &[Decision]| -> Vec<String> {
            let only = a.iter().filter(|decision| !b.contains(decision));
            only.map(|d| format!("{} {:?}", d.decision_id, d.value))
                .collect()
        };
        if read != expected {
            wrong.push(format!(
                "{}: {} rows read, {} expected; only read: {:?}; not read: {:?}",
                fixture.name,
                read.len(),
                expected.len(),
                unlike(&read, &expected),
                unlike(&expected, &read),
            ));
        }
        (tables, rows) = (tables + 1, rows + expected.len());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(
        tables >= FEWEST_TABLES && rows >= FEWEST_ROWS,
        "{tables} tables, {rows} rows"
    );
}

#[tokio::test]
async fn what_is_not_supported_is_refused_by_name() {
    let mut refused = BTreeSet::new();
    for (fixture, words) in Fixture::refused() {
        let opened = Engine::open(&fixture.catalog, &fixture.folder, &BTreeMap::new()).await;
        let error = match opened {
            Ok(engine) => fixture.ask(&engine, 1, "sector").await.unwrap_err(),
            Err(error) => error,
        };
        let text = error.to_string();
        assert!(
            text.ends_with(&format!("is {words}, which is not supported")),
            "{}: {text}",
            fixture.name
        );
        refused.insert(words);
    }
    assert_eq!(refused, REFUSED.iter().map(|(_, words)| *words).collect());
}

#[tokio::test]
async fn companies_are_found_in_the_table_that_the_job_renewed() {
    let written = Fixture::readable().into_iter();
    let written: Vec<Fixture> = written
        .filter(|f| f.name.starts_with("companies"))
        .collect();
    assert!(!written.is_empty());
    for fixture in written {
        let catalog_file = fixture.folder.join("why.toml");
        std::fs::copy(fixture.place.join("why.toml"), &catalog_file).unwrap();
        let into = fixture.folder.join("names");
        let names = Names {
            catalog_file,
            entities: None,
            into: Some(into.clone()),
            max_rejects: 0.0,
            rejects: None,
            s3: BTreeMap::new(),
        };
        assert_eq!(names.run().await.unwrap().companies, 3, "{}", fixture.name);
        let directory = Directory::open(&into).unwrap();
        // A name that was replaced, an alias that came, a company that came later.
        for (typed, entity_id, name) in [
            ("Acme", 1, "Acme Corp."),
            ("Apex Ltd.", 2, "Apex Group"),
            ("zenith", 3, "Zenith"),
        ] {
            let Resolution::One(Match { entity, .. }) = directory.resolve(typed) else {
                panic!("{}: {typed}", fixture.name);
            };
            assert_eq!((entity.entity_id, entity.name.as_str()), (entity_id, name));
        }
        assert_eq!(directory.get(3).unwrap().parent_id, Some(1));
    }
}
