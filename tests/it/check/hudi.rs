//! A Hudi table's own words: its configuration and the schema of its newest commit.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::StringArray;

use super::{at, check, codes, rewrite, said, scratch};
use crate::harness::{Run, unpack, why};

/// A table that Spark wrote, unpacked, with a catalog beside it.
fn unpacked(fixture: &str, name: &str) -> PathBuf {
    let place = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/hudi/spark")
        .join(fixture);
    let folder = scratch(name);
    unpack(&place.join("table.tar.gz"), &folder);
    std::fs::copy(place.join("why.toml"), folder.join("why.toml")).unwrap();
    folder
}

fn edit(file: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "{from} is not in {}", file.display());
    std::fs::write(file, text.replace(from, to)).unwrap();
}

/// What is found beside the directory of names, which these have none of.
fn findings(run: &Run) -> Vec<String> {
    let mut codes = codes(&run.json());
    codes.retain(|code| code != "directory_missing 1");
    codes
}

fn newest_commit(folder: &Path) -> PathBuf {
    let files = std::fs::read_dir(folder.join("table/.hoodie")).unwrap();
    let commits = files.map(|file| file.unwrap().path());
    let commits = commits.filter(|path| path.extension().is_some_and(|e| e == "commit"));
    commits.max().unwrap()
}

#[test]
fn of_tables_that_spark_wrote_well_nothing_is_reported() {
    for fixture in [
        "pipeline-0.15.0",
        "pipeline-1.1.1",
        "upsert-0.15.0",
        "column_added-1.1.1",
        "day_layout-0.15.0",
        "clustering-0.15.0",
    ] {
        let folder = unpacked(fixture, fixture);
        let run = check(&folder, &["--all", "--json"]);
        let json = run.json();
        let found = findings(&run);
        let of_data = [
            "no_winner",
            "broken_chain",
            "several_winners",
            "winner_value",
        ];
        let schema: Vec<&String> = found
            .iter()
            .filter(|code| !of_data.iter().any(|data| code.starts_with(data)))
            .collect();
        assert!(schema.is_empty(), "{fixture}: {json:#}");
        assert!(
            json["tables"][0]["rows"].as_u64().unwrap() > 0,
            "{fixture}: {json:#}"
        );
    }
}

#[test]
fn in_no_table_that_spark_wrote_a_decision_stands_twice() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/hudi/spark");
    let mut looked = 0;
    for fixture in std::fs::read_dir(fixtures).unwrap() {
        let fixture = fixture.unwrap();
        if !fixture.path().is_dir() {
            continue;
        }
        let fixture = fixture.file_name().into_string().unwrap();
        let folder = unpacked(&fixture, &format!("copies-{fixture}"));
        let run = check(&folder, &["--all", "--json"]);
        let found = codes(&run.json());
        let twice = found.iter().any(|code| code.starts_with("duplicate"));
        assert!(!twice, "{fixture}: {}", run.seen());
        looked += 1;
    }
    assert!(looked >= 50, "{looked}");
}

/// What a second bulk insert leaves: a file group with decisions that another one has.
fn inserted_again(name: &str) -> (PathBuf, PathBuf) {
    let folder = unpacked("bulk_insert-0.15.0", name);
    let mut leaf = folder.join("table");
    let base = loop {
        let entries = std::fs::read_dir(&leaf).unwrap();
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| !path.file_name().unwrap().to_str().unwrap().starts_with('.'));
        let path = paths.into_iter().min().unwrap();
        match path.is_dir() {
            true => leaf = path,
            false => break path,
        }
    };
    let file = base.file_name().unwrap().to_str().unwrap();
    let again = base.with_file_name(format!("again-{file}"));
    std::fs::copy(&base, &again).unwrap();
    (folder, again)
}

#[test]
fn copies_that_hudi_s_commits_put_in_order_are_no_fault_and_others_are() {
    let duplicates = |folder: &Path| {
        let run = check(folder, &["--all"]);
        (run.out.matches("duplicate_decision  table").count(), run)
    };
    let (folder, _) = inserted_again("again");
    let (found, run) = duplicates(&folder);
    assert_eq!(found, 1, "{}", run.seen());

    let (folder, again) = inserted_again("again-later");
    rewrite(&again, |columns| {
        let at = at(columns, "_hoodie_commit_time");
        let rows = columns[at].1.len();
        columns[at].1 = Arc::new(StringArray::from(vec!["20990101000000000"; rows]));
    });
    let (found, run) = duplicates(&folder);
    assert_eq!(found, 0, "{}", run.seen());
    let note = "of a decision that a later commit of Hudi's wrote again; the last one counts.\n";
    assert!(run.out.contains(note), "{}", run.seen());
}

#[test]
fn a_table_that_contradicts_the_contract_is_found() {
    let folder = unpacked("pipeline-0.15.0", "config");
    let properties = folder.join("table/.hoodie/hoodie.properties");
    edit(
        &properties,
        "recordkey.fields=attribute_name,decision_id",
        "recordkey.fields=run_id",
    );
    edit(
        &properties,
        "keygen.ComplexKeyGenerator",
        "keygen.TimestampBasedKeyGenerator",
    );
    edit(
        &properties,
        "hoodie.populate.meta.fields=true",
        "hoodie.populate.meta.fields=false",
    );
    let before = findings(&check(
        &unpacked("pipeline-0.15.0", "config-before"),
        &["--all", "--json"],
    ));
    let run = check(&folder, &["--all", "--json"]);
    let mut found = findings(&run);
    found.retain(|code| !before.contains(code));
    assert_eq!(
        (found, run.code),
        (vec!["hudi_config 1".to_owned(); 3], 3),
        "{}",
        run.seen()
    );
    let run = check(&folder, &[]);
    for words in [
        "hudi_config  table, hoodie.table.recordkey.fields\n  the contract  decision_id is part of the record key\n  Hudi          run_id\n",
        "hudi_config  table, hoodie.table.keygenerator.class\n",
        "hudi_config  table, hoodie.populate.meta.fields\n",
    ] {
        assert!(run.out.contains(words), "{words}: {}", run.seen());
    }
}

#[test]
fn every_key_generator_that_names_folders_by_the_columns_will_do() {
    let folder = unpacked("pipeline-0.15.0", "generators");
    let properties = folder.join("table/.hoodie/hoodie.properties");
    let before = std::fs::read_to_string(&properties).unwrap();
    for (generator, is_found) in [
        ("COMPLEX", false),
        ("COMPLEX_AVRO", false),
        ("SIMPLE", false),
        ("SIMPLE_AVRO", false),
        ("TIMESTAMP_AVRO", true),
    ] {
        let line = format!("hoodie.table.keygenerator.type={generator}\n");
        std::fs::write(&properties, format!("{before}{line}")).unwrap();
        let found = findings(&check(&folder, &["--json"]));
        let config = found.contains(&"hudi_config 1".to_owned());
        assert_eq!(config, is_found, "{generator}: {found:?}");
    }
}

#[test]
fn the_schema_of_the_newest_commit_is_compared() {
    let folder = unpacked("pipeline-0.15.0", "commit");
    let commit = newest_commit(&folder);
    let long = r#"{\"name\":\"entity_id\",\"type\":[\"null\",\"long\"]"#;
    edit(&commit, long, &long.replace("long", "string"));
    let date = r#"\"name\":\"decided_at\""#;
    edit(&commit, date, r#"\"name\":\"decided\""#);
    let run = check(&folder, &[]);
    assert_eq!(run.code, 3, "{}", run.seen());
    let name = commit.file_name().unwrap().to_str().unwrap();
    for words in [
        format!(
            "column_type  table, entity_id: 1 file\n  the contract  bigint\n  Hudi          string\n                - table/.hoodie/{name}\n"
        ),
        format!(
            "column_missing  table, decided_at: 1 file\n  the contract  timestamp\n  Hudi          no such column\n                - table/.hoodie/{name}\n"
        ),
    ] {
        assert!(run.out.contains(&words), "{words}: {}", run.seen());
    }
}

#[test]
fn a_table_that_can_not_be_read_is_a_finding_with_both_sides() {
    for (fixture, words) in [
        (
            "merge_on_read-0.15.0",
            "table_unreadable  table\n  the contract  plain Parquet, or a Hudi copy-on-write table of version 6\n  Hudi          a Hudi merge-on-read table\n",
        ),
        (
            "version_8-1.1.1",
            "  Hudi          a Hudi table of version 8\n",
        ),
    ] {
        let run = check(&unpacked(fixture, fixture), &[]);
        assert_eq!(run.code, 3, "{}", run.seen());
        assert!(run.out.contains(words), "{words}: {}", run.seen());
    }
    let folder = unpacked("upsert-0.15.0", "moved/lake");
    std::fs::create_dir(folder.join("inner")).unwrap();
    std::fs::rename(folder.join("table"), folder.join("inner/table")).unwrap();
    let run = check(&folder, &[]);
    let inner = folder.join("inner");
    let lies = format!("The tables lie in {}. If that", inner.display());
    assert_eq!(run.code, 2, "{}", run.seen());
    assert!(said(&run).contains(&lies), "{}", run.seen());

    let folder = unpacked("upsert-0.15.0", "order");
    let text = std::fs::read_to_string(folder.join("why.toml")).unwrap();
    let other = text.replace(
        "\"attribute\", \"bucket\", \"date\"",
        "\"bucket\", \"attribute\", \"date\"",
    );
    assert_ne!(text, other);
    std::fs::write(folder.join("why.toml"), other).unwrap();
    let run = why(&["--catalog", folder.to_str().unwrap(), "check"]);
    assert_eq!(run.code, 3, "{}", run.seen());
    assert!(
        run.out.contains("Hudi          it is partitioned by attribute_name,entity_id_mod,created_date, the catalog says entity_id_mod,attribute_name,created_date\n"),
        "{}",
        run.seen()
    );
}
