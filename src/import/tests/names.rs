//! `why directory build`: companies as another writer leaves them become a directory.

use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{ArrayRef, Int32Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;

use super::super::{Built, Names};
use super::*;
use crate::directory::Directory;

/// A catalog, and what `why directory build` is told.
fn names(desk: &Desk) -> Names {
    let text =
        "[lake]\nformat = \"hudi\"\n[layout]\nfirst_date = 2023-01-01\n[attributes.sector]\n";
    Names {
        catalog_file: desk.write("why.toml", text),
        entities: None,
        into: None,
        max_rejects: 0.01,
        rejects: Some(desk.path("rejects")),
        s3: BTreeMap::new(),
    }
}

fn build(names: &Names) -> Result<Built, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(names.run())
}

/// A file of the entities table as Spark writes one: ids are INT32 here, there is no rank, and a
/// company without aliases has none.
fn part(desk: &Desk, name: &str, rows: &[(Option<i32>, Option<&str>, Option<&str>)]) {
    let mut aliases = ListBuilder::new(StringBuilder::new());
    for (_, _, alias) in rows {
        aliases.append_option(alias.map(|alias| [Some(alias)]));
    }
    let columns: [(&str, ArrayRef); 3] = [
        ("aliases", Arc::new(aliases.finish())),
        (
            "name",
            Arc::new(rows.iter().map(|row| row.1).collect::<StringArray>()),
        ),
        (
            "entity_id",
            Arc::new(rows.iter().map(|row| row.0).collect::<Int32Array>()),
        ),
    ];
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns.map(|(name, column)| (name, column, true)),
    );
    let batch = batch.unwrap();
    let folder = desk.path("entities");
    std::fs::create_dir_all(&folder).unwrap();
    let file = std::fs::File::create(folder.join(name)).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

fn found(file: &Path, typed: &str) -> Vec<(i64, String)> {
    let directory = Directory::open(file).unwrap();
    let found = directory.search(typed, 5).into_iter();
    let entities = found.map(|company| company.entity);
    entities
        .map(|entity| (entity.entity_id, entity.name))
        .collect()
}

#[test]
fn every_file_of_an_entities_table_that_spark_wrote_is_in_the_directory() {
    let desk = Desk::new();
    let acme = (Some(17), Some("Acme Corp"), Some("Acme Holding"));
    part(
        &desk,
        "part-00000-7c1e.c000.snappy.parquet",
        &[acme, (Some(18), None, None)],
    );
    part(
        &desk,
        "part-00001-0a2b.c000.snappy.parquet",
        &[(Some(19), Some("Globex"), None)],
    );
    for name in ["_SUCCESS", ".part-00000-7c1e.c000.snappy.parquet.crc"] {
        std::fs::write(desk.path("entities").join(name), "no Parquet").unwrap();
    }
    let built = build(&names(&desk)).unwrap();
    assert_eq!(built.companies, 3);
    assert_eq!(
        built.notes,
        ["1 companies have no name and are found by their id only, such as `#17`."]
    );
    let file = desk.path("directory.why");
    assert_eq!(built.bytes, std::fs::metadata(&file).unwrap().len());
    assert_eq!(found(&file, "acme holding"), [(17, "Acme Corp".to_owned())]);
    assert_eq!(found(&file, "globex"), [(19, "Globex".to_owned())]);
    assert_eq!(found(&file, "#18"), [(18, "#18".to_owned())]);
}

#[test]
fn json_lines_go_where_was_said_and_the_lake_keeps_its_own() {
    let desk = Desk::new();
    let names = Names {
        entities: Some(desk.write("e.jsonl", "{\"entity_id\": 17, \"name\": \"Acme Corp\"}\n")),
        into: Some(desk.path("elsewhere")),
        ..names(&desk)
    };
    assert_eq!(build(&names).unwrap().companies, 1);
    assert_eq!(
        found(&desk.path("elsewhere"), "acme"),
        [(17, "Acme Corp".to_owned())]
    );
    assert!(!desk.path("directory.why").exists());
}

#[test]
fn what_is_no_table_of_companies_is_said_and_the_directory_stays() {
    let desk = Desk::new();
    std::fs::write(desk.path("directory.why"), "the old one").unwrap();
    let said = |desk: &Desk| {
        let failure = build(&names(desk)).unwrap_err();
        failure
            .text
            .replace(&desk.path("").display().to_string(), "")
    };
    assert_eq!(said(&desk), "There is no company in ./entities.");
    part(&desk, "a.parquet", &[(None, Some("Acme"), None)]);
    assert_eq!(
        said(&desk),
        "entities/a.parquet can't be read as companies: a company has no entity_id."
    );
    std::fs::write(desk.path("entities/a.parquet"), "no Parquet").unwrap();
    let text = said(&desk);
    assert!(
        text.starts_with("entities/a.parquet can't be read as companies: "),
        "{text}"
    );
    assert_eq!(
        std::fs::read(desk.path("directory.why")).unwrap(),
        b"the old one"
    );
}
