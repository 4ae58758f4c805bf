//! An import that is killed: there is no lake, or the whole old or new one.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use arrow_array::cast::AsArray;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::harness;

const ROWS: usize = 400;

fn row(at: usize) -> String {
    let (entity, month, day) = (at % 9, 1 + at % 12, 1 + at % 28);
    format!(
        "{{\"decision_id\":\"d{at}\",\"entity_id\":{entity},\"attribute_name\":\"a{}\",\"value\":\"{at}\",\"decided_at\":\"2023-{month:02}-{day:02}T00:00:00Z\"}}\n",
        at % 3
    )
}

fn input(folder: &Path, name: &str, rows: std::ops::Range<usize>) -> PathBuf {
    let file = folder.join(name);
    std::fs::write(&file, rows.map(row).collect::<String>()).unwrap();
    file
}

fn import(decisions: &Path, lake: &Path, more: &[&str]) -> Child {
    let mut command = harness::command();
    command
        .arg("import")
        .arg("--latest")
        .arg("--decisions")
        .arg(decisions)
        .arg("--into")
        .arg(lake)
        .args(more);
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Kills the import as soon as it has come this far; whether it was still running.
fn kill_when(mut child: Child, reached: impl Fn() -> bool) {
    while child.try_wait().unwrap().is_none() && !reached() {
        std::thread::yield_now();
    }
    let _ = child.kill();
    child.wait().unwrap();
}

/// Files below a folder, hidden ones too.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

/// All decisions of a table; every file of it must be whole.
fn ids(table: &Path) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for file in files(table) {
        let reader =
            ParquetRecordBatchReaderBuilder::try_new(std::fs::File::open(file).unwrap()).unwrap();
        for batch in reader.build().unwrap() {
            let batch = batch.unwrap();
            let column = batch.column_by_name("decision_id").unwrap();
            ids.extend(
                column
                    .as_string::<i32>()
                    .iter()
                    .flatten()
                    .map(str::to_owned),
            );
        }
    }
    ids
}

fn all(rows: std::ops::Range<usize>) -> BTreeSet<String> {
    rows.map(|at| format!("d{at}")).collect()
}

#[test]
fn an_import_killed_at_any_moment_leaves_no_lake_or_a_whole_one() {
    let folder = harness::scratch().join("killed");
    std::fs::create_dir_all(&folder).unwrap();
    let decisions = input(&folder, "decisions.jsonl", 0..ROWS);
    let lake = folder.join("lake");
    let hidden = folder.join(".lake.importing");
    for parts in [0, 1, 5, 20, 36, 39, 40, 41, usize::MAX] {
        kill_when(import(&decisions, &lake, &[]), || {
            hidden.is_dir() && files(&hidden).len() >= parts
        });
        if lake.exists() {
            assert_eq!(ids(&lake.join("attribute_trace")), all(0..ROWS));
            assert!(lake.join("why.toml").is_file());
            std::fs::remove_dir_all(&lake).unwrap();
        }
    }
    assert!(import(&decisions, &lake, &[]).wait().unwrap().success());
    assert_eq!(ids(&lake.join("attribute_trace")), all(0..ROWS));
    assert!(!hidden.exists());
}

#[test]
fn an_append_killed_at_any_moment_leaves_the_old_or_the_new_truth_and_is_completed_by_the_next() {
    let folder = harness::scratch().join("killed-append");
    std::fs::create_dir_all(&folder).unwrap();
    let first = input(&folder, "first.jsonl", 0..ROWS / 2);
    let second = input(&folder, "second.jsonl", 0..ROWS);
    for parts in [1, 20, 36, 40, 41, 60, 76, 80, usize::MAX] {
        let lake = folder.join(format!("lake-{parts}"));
        assert!(import(&first, &lake, &[]).wait().unwrap().success());
        let before = files(&lake).len();
        kill_when(import(&second, &lake, &["--append"]), || {
            files(&lake).len() >= before.saturating_add(parts)
        });
        let between = ids(&lake.join("attribute_trace"));
        assert!(between.is_superset(&all(0..ROWS / 2)) && between.is_subset(&all(0..ROWS)));
        assert!(ids(&lake.join("attribute_latest")).is_subset(&all(0..ROWS)));
        assert!(
            import(&second, &lake, &["--append"])
                .wait()
                .unwrap()
                .success()
        );
        assert_eq!(ids(&lake.join("attribute_trace")), all(0..ROWS));
        let hidden = files(&lake)
            .into_iter()
            .filter(|f| f.to_string_lossy().contains("/."));
        assert_eq!(hidden.count(), 0);
        std::fs::remove_dir_all(&lake).unwrap();
    }
}
