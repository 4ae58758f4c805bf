//! The companies' own rows: what `why directory build` would lose is found.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int64Array, StringArray};
use arrow_schema::DataType;

use super::{CATALOG, at, check, clean, decisions, found, lake, part, retype, rewrite};
use crate::harness::why;

/// A lake with a column of its two companies changed.
fn changed(name: &str, column: &str, to: ArrayRef) -> PathBuf {
    let lake = lake(name, &decisions());
    rewrite(&part(&lake.join("entities")), |columns| {
        let at = at(columns, column);
        let field = columns[at].0.clone().with_nullable(true);
        columns[at] = (field, to);
    });
    lake
}

fn ids(ids: [Option<i64>; 2]) -> ArrayRef {
    Arc::new(Int64Array::from(ids.to_vec()))
}

fn names(names: [Option<&str>; 2]) -> ArrayRef {
    Arc::new(StringArray::from(names.to_vec()))
}

fn ranks(ranks: [Option<f64>; 2]) -> ArrayRef {
    Arc::new(Float64Array::from(ranks.to_vec()))
}

#[test]
fn companies_that_the_directory_would_lose_are_found() {
    let one = |lake: &Path, code: &str, words: &[&str]| found(lake, &[&format!("{code} 1")], words);
    found(
        &changed("company-twice", "entity_id", ids([Some(5), Some(5)])),
        &["directory_differs 1", "duplicate_company 1"],
        &[
            "duplicate_company  entities, entity_id: 1 company\n  the contract  each company once\n  the files     several rows of one\n                - company 5 (“Six”) in ",
        ],
    );
    one(
        &changed("company-null", "entity_id", ids([Some(5), None])),
        "null_value",
        &[
            "null_value  entities, entity_id: 1 row\n",
            "- “Six” in ",
            "`why directory build` fails on it",
        ],
    );
    one(
        &changed("company-blank", "name", names([Some("Five"), Some(" ")])),
        "name_empty",
        &["name_empty  entities, name: 1 company\n", "- company 6 in "],
    );
    one(
        &changed("company-nameless", "name", names([Some("Five"), None])),
        "null_value",
        &["null_value  entities, name: 1 row\n", "- company 6 in "],
    );
    one(
        &changed("company-orphan", "parent_id", ids([None, Some(7)])),
        "parent_unknown",
        &[
            "parent_unknown  entities, parent_id: 1 company\n",
            "- 7, of company 6\n",
        ],
    );
    let one_of_two = "parent_circle  entities, parent_id: 1 company\n  the contract  the entity_id of another company\n";
    one(
        &changed("company-own", "parent_id", ids([None, Some(6)])),
        "parent_circle",
        &[one_of_two, "- company 6 belongs to itself\n"],
    );
    found(
        &changed("company-circle", "parent_id", ids([Some(6), Some(5)])),
        &["parent_circle 2"],
        &["- company 5 belongs to 6, that to 5\n  next "],
    );
    one(
        &changed("company-rank", "rank", ranks([Some(f64::NAN), Some(1.0)])),
        "rank_unusable",
        &[
            "rank_unusable  entities, rank: 1 company\n",
            "- company 5 (“Five”) in ",
        ],
    );
}

#[test]
fn a_directory_that_is_behind_the_companies_or_ahead_of_them_is_found() {
    let lake = changed("company-other", "entity_id", ids([Some(5), Some(7)]));
    found(
        &lake,
        &["directory_differs 1", "directory_differs 1"],
        &[
            "directory_differs  entities: 1 company\n  the files     have these companies\n  the directory knows no such companies\n                - company 7\n  next          Nobody finds them by name: `why directory build` takes them in.\n",
            "directory_differs  entities: 1 company\n  the directory knows these companies\n  the files     have no such companies\n                - company 6\n  next          The next `why directory build` loses them: ",
        ],
    );
    let catalog = lake.join("why.toml");
    let built = why(&["directory", "build", "--catalog", catalog.to_str().unwrap()]);
    assert_eq!(built.code, 0, "{}", built.seen());
    let written = format!("{}/directory.why: 2 companies, ", lake.display());
    assert!(built.out.starts_with(&written), "{}", built.seen());
    // Now neither knows company 6, which has a decision.
    found(
        &lake,
        &["company_unknown 1"],
        &["add them to the companies, then `why directory build`."],
    );
}

#[test]
fn a_table_of_companies_that_the_catalog_names_is_there() {
    let gone = lake("company-table", &decisions());
    let files = gone.join("entities");
    std::fs::remove_file(part(&files)).unwrap();
    let empty = check(&gone, &[]);
    clean(&empty);
    let note = "There is no file in entities: it was not looked at.\n";
    assert!(empty.out.contains(note), "{}", empty.seen());
    let named = CATALOG.replace("[lake]", "[lake]\nentities = \"entities\"");
    std::fs::write(gone.join("why.toml"), &named).unwrap();
    let words = "`why directory build` finds nobody: write it; or, where names come from elsewhere (`why directory build --entities`), take `entities` out";
    found(
        &gone,
        &["table_missing 1"],
        &["the lake      there is no file in its folder\n", words],
    );
    std::fs::remove_dir(&files).unwrap();
    found(
        &gone,
        &["table_missing 1"],
        &["there is no such table in ", words],
    );
    std::fs::write(gone.join("why.toml"), CATALOG).unwrap();
    let run = check(&gone, &[]);
    clean(&run);
    let note = "There is no table entities: it was not looked at.\n";
    assert!(run.out.contains(note), "{}", run.seen());
}

#[test]
fn what_the_directory_takes_is_no_fault() {
    for (name, column, to) in [
        ("company-parents", "parent_id", ids([Some(6), None])),
        ("company-ranks", "rank", ranks([None, Some(-1.0)])),
        (
            "company-domain",
            "domain",
            names([None, Some("six.example")]),
        ),
    ] {
        clean(&check(&changed(name, column, to), &["--all"]));
    }
}

#[test]
fn where_ids_can_not_be_read_nobody_is_an_orphan() {
    let wrong = changed("company-retyped", "parent_id", ids([Some(6), Some(7)]));
    rewrite(&part(&wrong.join("entities")), |columns| {
        retype(columns, "entity_id", &DataType::Utf8);
    });
    found(
        &wrong,
        &["column_type 1"],
        &["entities: not all ids could be read or held: "],
    );
}
