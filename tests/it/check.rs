//! `why check` over lakes that are spoiled, one thing at a time: it is found, by name and with both
//! sides, and the exit code says so; what is right is not spoken of.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::{Value, json};

use crate::harness::{self, NOW, Run, acme_lake, why};

mod astray;
mod companies;
mod decisions;
mod files;
mod gaps;
mod glue;
mod hostile;
mod hudi;
mod latest;

const CATALOG: &str = r#"
[lake]
latest = "attribute_latest"
[layout]
buckets = 4
step = "month"
first_date = 2024-01-01
[attributes.revenue]
[attributes.employees]
[attributes.limit.visible_to]
users = ["U0KELLER1"]
"#;
const REVENUE: &str = "attribute_trace/attribute_name=revenue";

/// A folder of this test alone.
fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("check")
        .join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// A decision that nothing is wrong with, but for what is changed.
fn decision(id: &str, (entity_id, attribute): (i64, &str), at: &str, change: &Value) -> Value {
    let mut decision = json!({
        "decision_id": id, "entity_id": entity_id, "attribute_name": attribute,
        "decided_at": at, "value": id, "previous_value": null, "rule": "recency",
        "rule_version": "1", "reason": "newest", "run_id": "r", "actor": "pipeline",
        "override": false,
        "evidence": [
            {"source": "crm", "value": id, "selected": true},
            {"source": "web", "value": "other", "selected": false},
        ],
    });
    for (key, value) in change.as_object().unwrap() {
        decision[key] = value.clone();
    }
    decision
}

/// Five decisions of two companies: buckets 1 and 2.
fn decisions() -> Vec<Value> {
    let none = json!({});
    vec![
        decision("a1", (5, "revenue"), "2024-01-10T00:00:00Z", &none),
        decision(
            "a2",
            (5, "revenue"),
            "2024-01-20T00:00:00Z",
            &json!({"previous_value": "a1"}),
        ),
        decision(
            "a3",
            (5, "revenue"),
            "2024-03-01T00:00:00Z",
            &json!({"previous_value": "a2"}),
        ),
        decision("b1", (6, "revenue"), "2024-03-05T00:00:00Z", &none),
        decision("c1", (5, "employees"), "2024-03-05T00:00:00Z", &none),
    ]
}

/// A lake of these decisions.
fn lake(name: &str, decisions: &[Value]) -> PathBuf {
    let folder = scratch(name);
    let (catalog, lake) = (folder.join("catalog.toml"), folder.join("lake"));
    let (file, entities) = (folder.join("d.jsonl"), folder.join("e.jsonl"));
    std::fs::write(&catalog, CATALOG).unwrap();
    let lines: String = decisions.iter().map(|d| format!("{d}\n")).collect();
    std::fs::write(&file, lines).unwrap();
    std::fs::write(
        &entities,
        "{\"entity_id\": 5, \"name\": \"Five\"}\n{\"entity_id\": 6, \"name\": \"Six\"}\n",
    )
    .unwrap();
    harness::import(&catalog, (&file, &entities), &[], &lake);
    lake
}

fn check(lake: &Path, flags: &[&str]) -> Run {
    why(&[&["check", "--lake", lake.to_str().unwrap()], flags].concat())
}

/// Codes with their counts, in the order in which they are told.
fn codes(json: &Value) -> Vec<String> {
    let findings = json["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| format!("{} {}", finding["code"].as_str().unwrap(), finding["count"]))
        .collect()
}

/// Found in either depth, with these words for a person, and nothing else is.
fn found(lake: &Path, expected: &[&str], words: &[&str]) {
    for depth in [&["--all"][..], &[]] {
        let run = check(lake, &[depth, &["--json"]].concat());
        assert_eq!(run.code, 3, "{}", run.seen());
        assert_eq!(codes(&run.json()), expected, "{}", run.seen());
        valid(&run.json());
    }
    let run = check(lake, &["--all"]);
    assert_eq!(run.code, 3, "{}", run.seen());
    for words in words {
        assert!(run.out.contains(words), "{words}: {}", run.seen());
    }
}

/// As schema/check.v1.json says.
fn valid(json: &Value) {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/check.v1.json");
    let schema = serde_json::from_str(&std::fs::read_to_string(schema).unwrap()).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let wrong: Vec<String> = schema.iter_errors(json).map(|e| e.to_string()).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// The one data file of a folder.
fn part(folder: &Path) -> PathBuf {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(files.len(), 1, "{files:?}");
    files.pop().unwrap()
}

/// Writes a file anew with its columns changed.
fn rewrite(file: &Path, change: impl FnOnce(&mut Vec<(Field, ArrayRef)>)) {
    let open = std::fs::File::open(file).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(open)
        .unwrap()
        .build()
        .unwrap();
    let batches: Vec<RecordBatch> = reader.map(Result::unwrap).collect();
    let [batch] = batches.as_slice() else {
        panic!("{batches:?}")
    };
    let fields = batch.schema();
    let fields = fields.fields().iter().map(|field| field.as_ref().clone());
    let mut columns: Vec<(Field, ArrayRef)> = fields.zip(batch.columns().to_vec()).collect();
    change(&mut columns);
    let (fields, columns): (Vec<Field>, Vec<ArrayRef>) = columns.into_iter().unzip();
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).unwrap();
    let file = std::fs::File::create(file).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

fn at(columns: &[(Field, ArrayRef)], name: &str) -> usize {
    columns
        .iter()
        .position(|(field, _)| field.name() == name)
        .unwrap()
}

/// Another type for a column.
fn retype(columns: &mut [(Field, ArrayRef)], name: &str, to: &DataType) {
    let at = at(columns, name);
    let cast = arrow_cast::cast(&columns[at].1, to).unwrap();
    columns[at] = (Field::new(name, to.clone(), true), cast);
}

/// What a failure says, however its lines break.
fn said(run: &Run) -> String {
    run.err.split_whitespace().collect::<Vec<&str>>().join(" ")
}

fn clean(run: &Run) {
    assert_eq!(run.code, 0, "{}", run.seen());
    assert!(run.out.contains("nothing is wrong."), "{}", run.seen());
}

#[test]
fn of_a_lake_with_nothing_wrong_nothing_is_reported() {
    let small = lake("clean", &decisions());
    let run = check(&small, &[]);
    clean(&run);
    let note = "attribute_trace: a decision_id that stands twice was looked for within each folder, not from folder to folder.\n";
    assert!(run.out.contains(note), "{}", run.seen());
    let note = "attribute_trace: no decision of limit.\n";
    assert!(run.out.contains(note), "{}", run.seen());
    let json = check(&small, &["--all", "--json"]).json();
    assert_eq!(
        (&json["clean"], &json["whole"]),
        (&json!(true), &json!(true))
    );
    let trace = &json["tables"][0];
    assert_eq!(
        [&trace["files"], &trace["files_read"], &trace["rows"]],
        [&json!(4), &json!(4), &json!(5)]
    );
    assert_eq!(json["tables"][2]["rows"], json!(2));
    for lake in [&small, &acme_lake().to_owned()] {
        valid(&check(lake, &["--all", "--json"]).json());
    }
}

/// The made-up trace holds, on purpose, what a pipeline gets wrong: exactly that is found.
#[test]
fn of_acme_only_what_was_put_in_is_found() {
    let json = check(acme_lake(), &["--all", "--json"]).json();
    let expected = ["date_out_of_range 1", "no_winner 1", "several_winners 1"];
    assert_eq!(codes(&json), expected, "{json:#}");
    for (at, begins) in [
        "attribute_name=employees/entity_id_mod=0/created_date=2032-10-01",
        "a2d7ec930b009f87 (company 73, revenue, 2026-01-12T05:30:00Z)",
        "9f6855f4ed90f1a1 (company 72, website, 2026-08-03T05:30:00Z)",
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!(json["findings"][at]["examples"], json!([begins]));
    }
}

#[test]
fn without_those_acme_is_clean_and_so_is_what_really_happened() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let text = std::fs::read_to_string(data.join("acme/decisions.jsonl")).unwrap();
    let put_in = ["a2d7ec930b009f87", "9f6855f4ed90f1a1", "\"2032-"];
    let pair = |line: &str| {
        let line: Value = serde_json::from_str(line).unwrap();
        format!("{} {}", line["entity_id"], line["attribute_name"])
    };
    let faulty: Vec<String> = text
        .lines()
        .filter(|line| put_in.iter().any(|id| line.contains(id)))
        .map(pair)
        .collect();
    assert_eq!(faulty.len(), 3);
    let rest: String = text
        .lines()
        .filter(|line| !faulty.contains(&pair(line)))
        .map(|line| format!("{line}\n"))
        .collect();
    let folder = scratch("acme-clean");
    let (file, lake) = (folder.join("d.jsonl"), folder.join("lake"));
    std::fs::write(&file, rest).unwrap();
    let entities = data.join("acme/entities.jsonl");
    harness::import(
        &data.join("acme/why.toml"),
        (&file, &entities),
        &["--latest"],
        &lake,
    );
    clean(&check(&lake, &["--all"]));

    let lake = folder.join("sp500");
    let (trace, entities) = (
        data.join("sp500/attribute_trace.jsonl.gz"),
        data.join("sp500/entities.jsonl"),
    );
    harness::import(
        &data.join("sp500/why.toml"),
        (&trace, &entities),
        &["--latest"],
        &lake,
    );
    let all = check(&lake, &["--all"]);
    clean(&all);
    assert!(!all.out.contains("no decision of"), "{}", all.seen());
    assert!(all.out.contains("185,149 rows"), "{}", all.seen());
    let some = check(&lake, &[]);
    clean(&some);
    assert!(
        some.out.contains("attribute_trace: 32 of "),
        "{}",
        some.seen()
    );
    assert!(
        some.out.contains("--all reads every one"),
        "{}",
        some.seen()
    );
    assert!(
        some.out.contains("not from folder to folder; --all does."),
        "{}",
        some.seen()
    );
}

#[test]
fn what_can_not_be_checked_is_no_finding() {
    let run = why(&["check"]);
    assert_eq!(run.code, 1, "{}", run.seen());
    let catalog = scratch("nowhere").join("why.toml");
    std::fs::write(&catalog, CATALOG).unwrap();
    let run = why(&[
        "--catalog",
        catalog.to_str().unwrap(),
        "check",
        "--lake",
        "no-such-folder",
    ]);
    let words =
        "There is no lake at no-such-folder: there is no such folder. Check what --lake names";
    for run in [
        run,
        why(&["check", "--lake", "no-such-folder"]),
        why(&["measure", "--lake", "no-such-folder"]),
        why(&["layout", "advise", "--lake", "no-such-folder"]),
    ] {
        assert_eq!(run.code, 1, "{}", run.seen());
        assert!(said(&run).starts_with(words), "{}", run.seen());
    }

    // Nothing of a lake is one thing, and not one of each table.
    let empty = scratch("nothing");
    let catalog = catalog.to_str().unwrap();
    let empty = empty.to_str().unwrap();
    let run = why(&["--catalog", catalog, "check", "--lake", empty]);
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.seen());
    let words = format!(
        "There is no lake at {empty}: none of its tables is there, nor its directory of names. Check what"
    );
    assert!(said(&run).starts_with(&words), "{}", run.seen());
}

#[test]
fn paths_are_shown_as_people_write_them() {
    let small = lake("plain-paths", &decisions());
    for (typed, shown) in [
        ("./lake", "lake, by lake/why.toml: nothing is wrong.\n"),
        (".//lake/.", "lake, by lake/why.toml: nothing is wrong.\n"),
    ] {
        let mut command = harness::command();
        command.current_dir(small.parent().unwrap());
        let output = command.args(["--now", NOW, "check", "--lake", typed]);
        let run = Run::of(output.output().unwrap());
        assert!(run.out.ends_with(&format!("\n{shown}")), "{}", run.seen());
    }
    let mut command = harness::command();
    let output = command
        .current_dir(&small)
        .args(["--now", NOW, "check", "--lake", "."]);
    let run = Run::of(output.output().unwrap());
    let shown = "\n., by why.toml: nothing is wrong.\n";
    assert!(run.out.ends_with(shown), "{}", run.seen());
}

#[test]
fn a_lake_elsewhere_is_checked_by_the_catalog_that_is_named() {
    let small = lake("elsewhere", &decisions());
    let catalog = scratch("elsewhere-catalog").join("why.toml");
    let text = CATALOG.replace("[lake]", "[lake]\nlocation = \"s3://bucket/why\"");
    std::fs::write(&catalog, text).unwrap();
    let run = why(&[
        "--catalog",
        catalog.to_str().unwrap(),
        "check",
        "--lake",
        small.to_str().unwrap(),
    ]);
    clean(&run);
    assert!(
        run.out
            .contains("Glue's tables were not compared: --glue does"),
        "{}",
        run.seen()
    );
}
