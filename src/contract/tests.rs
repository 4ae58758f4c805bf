//! The contract against `schema/`, and `schema/` against what the last release said.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::drift::differences;
use super::*;

mod compatible;

use compatible::broken;

fn schema(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("schema")
        .join(name)
}

fn file(table: Table) -> &'static str {
    match table {
        Table::Trace => "attribute_trace.v1.json",
        Table::Latest => "attribute_latest.v1.json",
        // `entities.v1.json` is what the API says of companies.
        Table::Entities => "entities_table.v1.json",
    }
}

fn column(column: &Column) -> Value {
    let mut json = json!({
        "name": column.name,
        "type": column.of.to_string(),
        "parquet": column.of.parquet(),
        "required": column.nulls == Nulls::Never,
        "means": column.means,
    });
    if let Nulls::Mean(says) | Nulls::ReadAs(says) = column.nulls {
        json["null"] = json!(says);
    }
    if column.name == "evidence" {
        json["fields"] = candidate().iter().map(self::column).collect();
    }
    json
}

fn contract(table: Table) -> Value {
    let partitions = table.partitions().iter();
    json!({
        "table": file(table).split('.').next(),
        "version": VERSION,
        "means": table.means(),
        "columns": table.columns().iter().map(column).collect::<Vec<Value>>(),
        "partitions": partitions.map(|p| column(&partition(*p))).collect::<Vec<Value>>(),
    })
}

#[test]
fn schema_says_what_the_contract_says() {
    for table in Table::ALL {
        let said = format!("{:#}\n", contract(table));
        let kept = std::fs::read_to_string(schema(file(table))).unwrap_or_default();
        let name = file(table);
        assert!(said == kept, "schema/{name} should be:\n{said}");
    }
}

/// By file name, all that are under version.
fn under_version(folder: &Path) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name.ends_with(".v1.json") {
            let text = std::fs::read_to_string(&path).unwrap();
            found.insert(name, serde_json::from_str(&text).unwrap());
        }
    }
    found
}

#[test]
fn nothing_is_taken_away_from_what_the_last_release_said() {
    let (released, now) = (
        under_version(&schema("released")),
        under_version(&schema("")),
    );
    let unkept: Vec<&String> = now
        .keys()
        .filter(|name| !released.contains_key(*name))
        .collect();
    assert!(
        unkept.is_empty(),
        "copy them into schema/released, so that they are held to: {unkept:?}"
    );
    let mut wrong = Vec::new();
    for (name, released) in &released {
        match now.get(name) {
            Some(now) => wrong.extend(broken(released, now).iter().map(|e| format!("{name}: {e}"))),
            None => wrong.push(format!("{name} is gone")),
        }
    }
    assert!(
        wrong.is_empty(),
        "a new version (v2) is needed, beside the old one, for:\n{}",
        wrong.join("\n")
    );
}

/// The newest release that a changelog heads; before the first there is none but `Unreleased`.
fn newest_release(changelog: &str) -> &str {
    let heads = changelog
        .lines()
        .filter_map(|line| line.strip_prefix("## "));
    let names = heads.filter_map(|head| head.trim_start_matches('[').split([' ', ']']).next());
    let mut releases = names.filter(|name| name.starts_with(|c: char| c.is_ascii_digit()));
    releases.next().unwrap_or("Unreleased")
}

#[test]
fn what_is_held_to_is_of_the_newest_release() {
    let changelog = include_str!("../../CHANGELOG.md");
    let kept = std::fs::read_to_string(schema("released/VERSION")).unwrap_or_default();
    let newest = newest_release(changelog);
    assert!(
        kept.trim() == newest,
        "the copies in schema/released are of {}, the changelog's newest release is {newest}: \
         bring them up to date, and schema/released/VERSION",
        kept.trim(),
    );
    // What is released is what Cargo.toml says, or came before it.
    let numbers =
        |version: &str| -> Vec<u64> { version.split('.').filter_map(|n| n.parse().ok()).collect() };
    assert!(numbers(newest) <= numbers(env!("CARGO_PKG_VERSION")));

    let check = |changelog: &str, newest: &str| assert_eq!(newest_release(changelog), newest);
    check("# Changelog\n\n## Unreleased\n\n### Added\n", "Unreleased");
    check("## Unreleased\n## 0.2.0 - 2026-12-01\n## 0.1.0\n", "0.2.0");
    check("## [Unreleased]\n## [0.1.0] - 2026-12-01\n", "0.1.0");
}

#[test]
fn a_type_reads_back_from_its_own_words_and_from_glue_s() {
    for table in Table::ALL {
        for column in table.columns() {
            assert_eq!(Type::parse(&column.of.to_string()), column.of);
            let loud = column.of.to_string().to_uppercase().replace(',', " , ");
            let same = differences(
                &[Field {
                    name: "c".to_owned(),
                    of: column.of.clone(),
                }],
                &[Field {
                    name: "C".to_owned(),
                    of: Type::parse(&loud),
                }],
            );
            assert_eq!(same, [], "{loud}");
        }
    }
    for other in [
        "decimal(38,2)",
        "map<string,int>",
        "struct<a>",
        "array<int",
        "",
    ] {
        assert_eq!(Type::parse(other), Type::Other(other.to_owned()));
    }
}

fn told(expected: &str, seen: &str) -> Vec<String> {
    let fields = |text: &str| {
        let Type::Struct(fields) = Type::parse(text) else {
            panic!("{text} is no struct");
        };
        fields
    };
    let differences = differences(&fields(expected), &fields(seen));
    let told = differences.iter().map(|difference| {
        let found = difference.found.as_ref().map(Type::to_string);
        format!("{}: {}", difference.column, found.unwrap_or_default())
    });
    told.collect()
}

#[test]
fn columns_are_compared_by_name_whatever_their_order_and_what_else_there_is() {
    let expected = "struct<id:string,n:bigint,all:array<struct<a:string,b:boolean>>>";
    let check = |seen: &str, differs: &[&str]| assert_eq!(told(expected, seen), differs, "{seen}");
    check(
        "struct<own:int,ALL:array<struct<c:int,b:boolean,a:string>>,n:bigint,id:string>",
        &[],
    );
    check(
        "struct<id:string,all:array<struct<a:string,b:boolean>>>",
        &["n: "],
    );
    check(
        "struct<id:int,n:bigint,all:array<struct<a:string,b:int>>>",
        &["id: int", "all.b: int"],
    );
    check(
        "struct<id:string,n:bigint,all:array<struct<b:boolean>>>",
        &["all.a: "],
    );
    check("struct<id:string,n:bigint,all:string>", &["all: string"]);
}
