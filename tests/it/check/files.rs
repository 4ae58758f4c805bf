//! Tables, folders and files: what is not there, lies elsewhere or says something else.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::{ArrayRef, StringArray};
use arrow_schema::{DataType, Field};
use serde_json::{Value, json};

use super::{
    CATALOG, REVENUE, at, check, clean, decision, decisions, found, lake, part, retype, rewrite,
    said,
};
use crate::harness::why;

#[test]
fn folders_that_nobody_looks_into_are_found() {
    let odd = lake("path", &decisions());
    let revenue = odd.join(REVENUE);
    let from = part(&revenue.join("entity_id_mod=2/created_date=2024-03-01"));
    for folder in [
        "entity_id_mod=7/created_date=2024-03-01",
        "entity_id_mod=1/created_date=2024-03-15",
        "entity_id_mod=1",
    ] {
        std::fs::create_dir_all(revenue.join(folder)).unwrap();
        std::fs::copy(&from, revenue.join(folder).join("part-odd.parquet")).unwrap();
    }
    found(
        &odd,
        &["partition_path 3"],
        &[
            "the catalog   folders are attribute_name/entity_id_mod/created_date, as [layout] says\n",
            "\"7\" is no bucket from 0 to 3\n",
            "\"2024-03-15\" is no first day of a month\n",
            ".parquet lies in attribute_name=revenue/entity_id_mod=1: it has 2 folders, not the 3 of attribute_name/entity_id_mod/created_date\n",
        ],
    );
    // The latest table has no dates.
    let deep = lake("path-latest", &decisions());
    let latest = deep.join("attribute_latest/attribute_name=revenue");
    let from = part(&latest.join("entity_id_mod=2"));
    let below = latest.join("entity_id_mod=2/created_date=2024-03-01");
    std::fs::create_dir(&below).unwrap();
    std::fs::copy(&from, below.join("part-odd.parquet")).unwrap();
    std::fs::copy(&from, latest.join("part-odd.parquet")).unwrap();
    found(
        &deep,
        &["partition_path 2"],
        &[
            "- part-odd.parquet lies in attribute_name=revenue: it has 1 folder, not the 2 of attribute_name/entity_id_mod\n",
            "- attribute_name=revenue/entity_id_mod=2/created_date=2024-03-01: it has 3 folders, not the 2 of attribute_name/entity_id_mod\n",
        ],
    );

    // What lies beside the folders is one thing, whatever its columns are.
    let stray = lake("stray", &decisions());
    let companies = part(&stray.join("entities"));
    std::fs::copy(&companies, stray.join("attribute_trace/foo.parquet")).unwrap();
    let lies = "- foo.parquet lies in the table's own folder\n";
    let away = "move it to where [layout] puts it, or away, or mend [layout].\n";
    found(&stray, &["partition_path 1"], &[lies, away]);
    std::fs::write(stray.join("attribute_trace/bar.parquet"), b"none").unwrap();
    let lie = "- bar.parquet, foo.parquet lie in the table's own folder\n";
    found(&stray, &["partition_path 1"], &[lie]);
    let deep = lake("stray-companies", &decisions());
    let companies = part(&deep.join("entities"));
    std::fs::create_dir(deep.join("entities/old")).unwrap();
    std::fs::copy(&companies, deep.join("entities/old/part.parquet")).unwrap();
    found(
        &deep,
        &["partition_path 1"],
        &["partition_path  entities: 1 folder\n", "- old\n"],
    );

    let mut rows = decisions();
    for month in ["04", "05"] {
        let at = format!("2024-{month}-05T00:00:00Z");
        rows.push(decision(
            month,
            (5, "limit"),
            &at,
            &json!({"previous_value": if month == "05" { json!("04") } else { Value::Null }}),
        ));
    }
    let unknown = lake("attribute", &rows);
    let fewer = CATALOG.split("[attributes.employees]").next().unwrap();
    std::fs::write(unknown.join("why.toml"), fewer).unwrap();
    found(
        &unknown,
        &["attribute_unknown 2", "attribute_unknown 3"],
        &[
            "attribute_unknown  attribute_trace: 3 folders\n",
            "the lake      folders of others\n                - “employees”\n                - “limit”\n  next",
        ],
    );

    let early = lake("range", &decisions());
    std::fs::write(
        early.join("why.toml"),
        CATALOG.replace("2024-01-01", "2024-02-10"),
    )
    .unwrap();
    found(
        &early,
        &["date_out_of_range 1"],
        &[
            "the catalog   dates from 2024-02-01 to tomorrow (2026-11-21)\n",
            "attribute_name=revenue/entity_id_mod=1/created_date=2024-01-01\n",
        ],
    );
}

#[test]
fn files_that_say_something_else_are_found() {
    let file = |lake: &Path| {
        part(
            &lake
                .join(REVENUE)
                .join("entity_id_mod=2/created_date=2024-03-01"),
        )
    };

    let wrong = lake("type", &decisions());
    rewrite(&file(&wrong), |columns| {
        retype(columns, "entity_id", &DataType::Int32);
        retype(columns, "rule_version", &DataType::Int64);
    });
    found(
        &wrong,
        &["column_type 1", "column_type 1"],
        &[
            "column_type  attribute_trace, entity_id: 1 file\n  the contract  bigint\n  the files     int\n",
            "entity_id_mod=2/created_date=2024-03-01/part-",
            "column_type  attribute_trace, rule_version: 1 file\n  the contract  string\n  the files     bigint\n",
        ],
    );

    let wrong = lake("required", &decisions());
    rewrite(&file(&wrong), |columns| {
        drop(columns.remove(at(columns, "decided_at")))
    });
    found(
        &wrong,
        &["column_missing 1"],
        &[
            "column_missing  attribute_trace, decided_at: 1 file\n  the contract  timestamp\n  the files     no such column\n",
        ],
    );

    // The newest file lost a column that the others have; they may have got it later.
    let wrong = lake("lost", &decisions());
    let lost = |columns: &mut Vec<(Field, ArrayRef)>| drop(columns.remove(at(columns, "reason")));
    rewrite(&file(&wrong), lost);
    found(
        &wrong,
        &["column_missing 1"],
        &[
            "attribute_trace, reason: 1 file\n",
            "no such column in those written last, though older ones have it\n",
        ],
    );
    for entry in [
        "entity_id_mod=1/created_date=2024-01-01",
        "entity_id_mod=1/created_date=2024-03-01",
    ] {
        rewrite(&part(&wrong.join(REVENUE).join(entry)), |_| {});
    }
    clean(&check(&wrong, &["--all"]));

    let wrong = lake("null", &decisions());
    rewrite(&file(&wrong), |columns| {
        let at = at(columns, "decision_id");
        columns[at] = (
            Field::new("decision_id", DataType::Utf8, true),
            Arc::new(StringArray::from(vec![None::<&str>])),
        );
    });
    found(
        &wrong,
        &["null_value 1"],
        &[
            "null_value  attribute_trace, decision_id: 1 row\n  the contract  never null\n  the files     null, or empty\n",
        ],
    );

    let wrong = lake("garbage", &decisions());
    std::fs::write(file(&wrong), b"not Parquet").unwrap();
    found(
        &wrong,
        &["file_unreadable 1"],
        &["file_unreadable  attribute_trace: 1 file\n", ".parquet: "],
    );
    // So does a file that was never meant as one; what is hidden is nobody's.
    let wrong = lake("notes", &decisions());
    let hidden = file(&wrong).with_file_name("_notes.csv");
    std::fs::write(&hidden, b"a,b\n").unwrap();
    clean(&check(&wrong, &["--all"]));
    std::fs::rename(&hidden, hidden.with_file_name("notes.csv")).unwrap();
    found(
        &wrong,
        &["file_unreadable 1"],
        &[
            "/notes.csv: ",
            "or remove one that is no data file: readers take every file there",
        ],
    );

    let wrong = lake("evidence", &decisions());
    rewrite(&file(&wrong), |columns| {
        let at = at(columns, "evidence");
        columns[at] = (
            Field::new("evidence", DataType::Utf8, true),
            Arc::new(StringArray::from(vec![
                r#"[{"source":"crm","value":"b1","selected":true}]"#,
            ])),
        );
    });
    found(
        &wrong,
        &["column_type 1"],
        &[
            "attribute_trace, evidence: 1 file\n",
            "the files     string\n",
        ],
    );
}

#[test]
fn a_table_that_is_not_there_is_found_and_one_without_a_column_anywhere_is_only_noted() {
    let wrong = lake("table", &decisions());
    std::fs::remove_dir_all(wrong.join("attribute_latest")).unwrap();
    found(
        &wrong,
        &["table_missing 1"],
        &[
            "table_missing  attribute_latest\n  the catalog   there is a table attribute_latest\n  the lake      there is no such table in ",
            "take `latest` out of [lake]",
        ],
    );
    std::fs::remove_dir_all(wrong.join("attribute_trace")).unwrap();
    found(
        &wrong,
        &["table_missing 1", "table_missing 1"],
        &["Nothing can be answered without it. If the lake lies elsewhere"],
    );

    let poor = lake("poor", &decisions());
    everywhere(&poor, &["attribute_trace", "attribute_latest"], |columns| {
        columns.retain(|(field, _)| field.name() != "actor");
    });
    let run = check(&poor, &[]);
    clean(&run);
    assert!(
        run.out
            .contains("attribute_trace: no file that was read has actor; answers do without.\n"),
        "{}",
        run.seen()
    );
}

#[test]
fn what_every_answer_is_about_may_be_missing_in_some_files_but_not_in_all() {
    let drop = |column: &'static str| {
        move |columns: &mut Vec<(Field, ArrayRef)>| columns.retain(|(f, _)| f.name() != column)
    };
    for (column, lost) in [
        (
            "value",
            "Without it every answer is \u{201c}no value\u{201d}. Let",
        ),
        (
            "previous_value",
            "Without it histories warn of decisions that seem to be missing. Let",
        ),
        ("evidence", "Without it no answer names a source, nor what"),
    ] {
        let wrong = lake(&format!("nowhere-{column}"), &decisions());
        everywhere(&wrong, &["attribute_trace"], drop(column));
        let all = format!(
            "column_missing  attribute_trace, {column}: 4 files\n  the contract  {}",
            match column {
                "evidence" => "array<struct<",
                _ => "string\n  the files     no file that was read has it\n",
            }
        );
        found(&wrong, &["column_missing 4"], &[&all, lost]);
        // Newer files have it: a column that came later, but there is no table without values.
        let grown = lake(&format!("later-{column}"), &decisions());
        everywhere(&grown, &["attribute_trace"], drop(column));
        let like = lake(&format!("like-{column}"), &decisions());
        for file in files(&like.join("attribute_trace")).into_iter().skip(1) {
            let to = grown.join(file.strip_prefix(&like).unwrap());
            std::fs::remove_dir_all(to.parent().unwrap()).unwrap();
            std::fs::create_dir_all(to.parent().unwrap()).unwrap();
            std::fs::copy(file, to).unwrap();
        }
        match column {
            "value" => found(
                &grown,
                &["column_missing 1"],
                &["the files     some files lack it, others have it\n"],
            ),
            _ => clean(&check(&grown, &["--all"])),
        }
    }
}

/// Writes all files of these tables anew with their columns changed.
fn everywhere(lake: &Path, tables: &[&str], change: impl Fn(&mut Vec<(Field, ArrayRef)>)) {
    for table in tables {
        for file in files(&lake.join(table)) {
            rewrite(&file, &change);
        }
    }
}

/// All of a folder's, in the order of their paths.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => found.push(path),
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_lake_that_lies_one_level_off_is_named() {
    let small = lake("nearby", &decisions());
    let catalog = small.join("why.toml");
    let catalog = catalog.to_str().unwrap();
    let shown = small.display();
    for place in [small.parent().unwrap(), &small.join("attribute_trace")] {
        let place = place.to_str().unwrap();
        for command in [&["check"][..], &["measure"], &["layout", "advise"]] {
            let run = why(&[&["--catalog", catalog][..], command, &["--lake", place]].concat());
            assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.seen());
            let lie = format!(
                " The tables lie in {shown}. If that is the lake, say --lake {shown}, or name it"
            );
            assert!(said(&run).contains(&lie), "{}", run.seen());
            // Without --catalog there is none; the lake's own is named.
            let run = why(&[command, &["--lake", place]].concat());
            assert_eq!(run.code, 1, "{}", run.seen());
            let own = format!(
                "There is no catalog in {place}, nor at why.toml. There is one in {shown}: if that is the lake, say --lake {shown}."
            );
            assert_eq!(said(&run), own, "{}", run.seen());
        }
    }
    // A table alone that lies elsewhere.
    let from = small.join("attribute_latest");
    std::fs::rename(&from, small.with_file_name("attribute_latest")).unwrap();
    let place = small.parent().unwrap().display();
    found(
        &small,
        &["table_missing 1"],
        &[&format!(
            "there is no such table in {shown}, but there is one in {place}\n  next          If that is the lake, say --lake {place}, or"
        )],
    );
    // Nothing is nearby.
    let alone = small.join("attribute_trace/attribute_name=revenue");
    let run = why(&["check", "--lake", alone.to_str().unwrap()]);
    assert_eq!(run.code, 1, "{}", run.seen());
    let name = "Name the lake's why.toml with --catalog or WHY_CATALOG.";
    assert!(said(&run).ends_with(name), "{}", run.seen());
}

#[test]
fn what_keeps_a_folder_from_being_listed_is_named_with_what_to_do() {
    let lake = lake("unlistable", &decisions());
    let trace = lake.join("attribute_trace");
    let (circle, odd) = (trace.join("circle"), trace.join("new\nline"));
    let unlistable = |name: &str| {
        let run = check(&lake, &[]);
        assert_eq!(run.code, 2, "{}", run.seen());
        let says = said(&run);
        let begins = format!("The lake can't be listed: listing {}: ", trace.display());
        assert!(says.starts_with(&begins) && says.contains(name), "{says}");
        let advice = "Remove or rename that folder or link: nothing beside it can be listed while it is there.";
        assert!(says.ends_with(advice), "{says}");
    };
    std::os::unix::fs::symlink("..", &circle).unwrap();
    unlistable("attribute_trace/circle points to");
    std::fs::remove_file(&circle).unwrap();
    std::fs::create_dir(&odd).unwrap();
    unlistable("\"new line\"");
    std::fs::remove_dir(&odd).unwrap();
    clean(&check(&lake, &[]));
}
