//! The same questions over a folder and over S3 give the same rows. The S3 is moto's.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use arrow_array::builder::{Date32Builder, ListBuilder};
use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use object_store::ObjectStoreExt;
use object_store::aws::AmazonS3Builder;
use parquet::arrow::ArrowWriter;
use why::catalog::Catalog;
use why::engine::direct::Engine;
use why::engine::{Error, Rows};
use why::plan;
use why::question::{LookBack, Question};
use why::trace::Decision;

use crate::moto::{BUCKET, Moto};

mod whole;

const LATEST: &str = "latest = \"attribute_latest\"\n[layout]";
/// 3M's id.
const MMM: i64 = 66_740;
/// A name that needs Hive's escapes, S3's and the signature's.
const ODD: &str = "Größe: 50% (m²)";

pub(crate) struct S3 {
    _server: Moto,
    pub(crate) options: BTreeMap<String, String>,
}

impl S3 {
    pub(crate) fn start() -> Self {
        let server = Moto::start();
        let options = [
            ("aws_endpoint_url", server.url.clone()),
            ("aws_region", "us-east-1".to_owned()),
            ("aws_access_key_id", "test".to_owned()),
            ("aws_secret_access_key", "test".to_owned()),
            ("aws_pager", "less".to_owned()),
        ];
        let options = options.map(|(name, value)| (name.to_owned(), value)).into();
        S3 {
            _server: server,
            options,
        }
    }

    /// Copies a folder to a prefix of the bucket.
    pub(crate) async fn copy(&self, folder: &Path, prefix: &str) {
        let store = AmazonS3Builder::new()
            .with_bucket_name(BUCKET)
            .with_endpoint(&self.options["aws_endpoint_url"])
            .with_allow_http(true)
            .with_region("us-east-1")
            .with_access_key_id("test")
            .with_secret_access_key("test")
            .build()
            .unwrap();
        let mut files = Vec::new();
        walk(folder, &mut files);
        for file in files {
            let below = file.strip_prefix(folder).unwrap().to_str().unwrap();
            let key = object_store::path::Path::parse(format!("{prefix}/{below}")).unwrap();
            store
                .put(&key, std::fs::read(&file).unwrap().into())
                .await
                .unwrap();
        }
    }
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for path in std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
    {
        match path.is_dir() {
            true => walk(&path, files),
            false => files.push(path),
        }
    }
}

/// A folder of this test alone.
fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("s3").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn catalog(location: &str, layout: &str, attribute: &str) -> Catalog {
    let text = format!(
        "[lake]\nlocation = \"{location}\"\n{layout}\nbuckets = 4\nfirst_date = 2012-01-01\n\
         [attributes.\"{attribute}\"]\n"
    );
    Catalog::parse(&text, "why.toml").unwrap()
}

async fn ask(
    catalog: &Catalog,
    options: &BTreeMap<String, String>,
    (entity_id, attribute, look_back): (i64, &str, LookBack),
) -> Rows {
    let question = Question {
        text: String::new(),
        entity_id,
        entity_name: String::new(),
        attribute: attribute.to_owned(),
        as_of: "2026-11-24T12:00:00Z".parse().unwrap(),
        expected: None,
        look_back,
    };
    let plan = plan::plan(&question, catalog, question.as_of).unwrap();
    let engine = Engine::open(catalog, Path::new("/"), options)
        .await
        .unwrap();
    engine.read(&plan).await.unwrap()
}

fn sorted(mut decisions: Vec<Decision>) -> Vec<Decision> {
    decisions.sort_by(|a, b| (&a.decision_id, &a.written).cmp(&(&b.decision_id, &b.written)));
    decisions
}

/// Asks both; gives back what S3 read.
async fn check(
    (folder, s3): (&Catalog, &Catalog),
    options: &BTreeMap<String, String>,
    question: (i64, &str, LookBack),
) -> Rows {
    let here = ask(folder, options, question).await;
    let there = ask(s3, options, question).await;
    assert!(!here.decisions.is_empty(), "{question:?}");
    assert_eq!(
        sorted(here.decisions),
        sorted(there.decisions.clone()),
        "{question:?}"
    );
    assert_eq!(
        (
            here.read.partitions_read,
            here.read.files_read,
            here.read.bytes_read
        ),
        (
            there.read.partitions_read,
            there.read.files_read,
            there.read.bytes_read
        ),
    );
    assert!((here.read.cost_usd - 0.0).abs() < f64::EPSILON && there.read.cost_usd > 0.0);
    there
}

#[tokio::test]
async fn a_hudi_table_says_the_same_from_s3() {
    let s3 = S3::start();
    let folder = scratch("hudi");
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/hudi/sp500_v6.tar.gz");
    let table = folder.join("attribute_trace");
    std::fs::create_dir_all(&table).unwrap();
    let unpacked = Command::new("tar")
        .arg("-xzf")
        .arg(sample)
        .arg("-C")
        .arg(&table)
        .args([".hoodie", "attribute_name=sector/entity_id_mod=0"].map(|p| format!("./{p}")))
        .status();
    assert!(unpacked.unwrap().success(), "tar can't unpack the sample");
    s3.copy(&folder, "deep/why").await;
    let location = format!("file://{}", folder.display());
    for format in ["hudi", "parquet"] {
        let more = format!("format = \"{format}\"\n[layout]");
        let here = catalog(&location, &more, "sector");
        let there = catalog(&format!("s3://{BUCKET}/deep/why"), &more, "sector");
        for entity_id in [MMM, 1_800] {
            let question = (entity_id, "sector", LookBack::All);
            let read = check((&here, &there), &s3.options, question).await.read;
            // One listing finds all months; small files are read whole. Hudi's timeline is one
            // more, and once more since a dead writer left files behind here.
            let listings = if format == "hudi" { 3 } else { 1 };
            assert_eq!(read.requests, listings + read.files_read);
        }
    }
}

#[tokio::test]
async fn a_plain_lake_with_a_latest_table_says_the_same_from_s3() {
    let s3 = S3::start();
    let folder = scratch("plain");
    let here = catalog(folder.to_str().unwrap(), LATEST, ODD);
    for (day, id) in [
        ("2013-05-02", "a"),
        ("2020-01-01", "b"),
        ("2026-10-31", "c"),
    ] {
        let at = format!("{day}T10:00:00Z").parse().unwrap();
        let partition = here.layout.partition(ODD, MMM, at);
        let path = format!("attribute_trace/{}", here.layout.path(&partition));
        write(&folder.join(path), &[("decision_id", text(id))], at);
        let path = format!(
            "attribute_latest/{}",
            here.layout.latest_path(ODD, partition.bucket)
        );
        let dates = dates(&["2013-05-01", "2020-01-01", "2026-10-01"]);
        write(
            &folder.join(path),
            &[("decision_id", text(id)), ("decision_dates", dates)],
            at,
        );
    }
    std::fs::write(folder.join("directory.why"), "names").unwrap();
    s3.copy(&folder, "why").await;
    let there = catalog(&format!("s3://{BUCKET}/why"), LATEST, ODD);
    let latest = check((&here, &there), &s3.options, (MMM, ODD, LookBack::Latest)).await;
    assert_eq!((latest.decisions.len(), latest.read.requests), (1, 2));
    let all = check((&here, &there), &s3.options, (MMM, ODD, LookBack::Auto)).await;
    assert_eq!((all.read.files_read, all.read.complete), (4, true));
    assert!(
        all.read.requests <= 2 + 2 * all.read.files_read,
        "{}",
        all.read.requests
    );

    let engine = Engine::open(&there, Path::new("/"), &s3.options)
        .await
        .unwrap();
    assert_eq!(engine.file("directory.why").await.unwrap().bytes, b"names");
    assert!(matches!(
        engine.file("nothing").await,
        Err(Error::NoLake { .. })
    ));
    let attributes = ["sector".to_owned(), ODD.to_owned()];
    assert_eq!(
        engine.attributes_with_a_trace(MMM, &attributes).await,
        [ODD]
    );
}

#[tokio::test]
async fn a_lake_that_is_not_on_s3_is_named() {
    let s3 = S3::start();
    for (location, reason) in [
        (format!("s3://{BUCKET}/nowhere"), "there is no such table"),
        (
            "s3://other-bucket/why".to_owned(),
            "there is no such bucket or folder",
        ),
    ] {
        let catalog = catalog(&location, "[layout]", "sector");
        let error = Engine::open(&catalog, Path::new("/"), &s3.options)
            .await
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("there is no lake at {location}/attribute_trace: {reason}")
        );
    }
}

fn text(text: &str) -> ArrayRef {
    Arc::new(StringArray::from(vec![text]))
}

fn dates(days: &[&str]) -> ArrayRef {
    let mut list = ListBuilder::new(Date32Builder::new());
    for day in days {
        let since = day.parse::<jiff::civil::Date>().unwrap() - jiff::civil::date(1970, 1, 1);
        list.values().append_value(since.get_days());
    }
    list.append(true);
    Arc::new(list.finish())
}

/// One row of 3M.
fn write(folder: &Path, columns: &[(&str, ArrayRef)], at: jiff::Timestamp) {
    let entity: ArrayRef = Arc::new(Int64Array::from(vec![MMM]));
    let at: ArrayRef = Arc::new(TimestampMicrosecondArray::from(vec![at.as_microsecond()]));
    let columns = columns
        .iter()
        .cloned()
        .chain([("entity_id", entity), ("decided_at", at)]);
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    std::fs::create_dir_all(folder).unwrap();
    let file = std::fs::File::create(folder.join("part-20261124T000000Z-0.parquet")).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_directory_is_built_from_the_entities_on_s3_and_put_there() {
    let folder = tempfile::tempdir().unwrap();
    let s3 = S3::start();
    let ids: ArrayRef = Arc::new(Int64Array::from(vec![17]));
    let names: ArrayRef = Arc::new(StringArray::from(vec!["Acme Corp"]));
    let batch = RecordBatch::try_from_iter([("entity_id", ids), ("name", names)]).unwrap();
    std::fs::create_dir(folder.path().join("entities")).unwrap();
    let file = folder
        .path()
        .join("entities/part-00000-7c1e.c000.snappy.parquet");
    let mut writer =
        ArrowWriter::try_new(std::fs::File::create(file).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    // To search, a lake must be one.
    std::fs::create_dir(folder.path().join("attribute_trace")).unwrap();
    std::fs::write(folder.path().join("attribute_trace/_SUCCESS"), "").unwrap();
    s3.copy(folder.path(), "spark/why").await;
    let catalog = folder.path().join("why.toml");
    let text = format!(
        "[lake]\nlocation = \"s3://{BUCKET}/spark/why\"\n[layout]\n\
         first_date = 2023-01-01\n[attributes.sector]\n"
    );
    std::fs::write(&catalog, text).unwrap();
    let mut said = Vec::new();
    for words in [
        ["directory", "build"].as_slice(),
        &["entities", "search", "acme"],
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_why"));
        command
            .arg("--catalog")
            .arg(&catalog)
            .args(words)
            .env_clear();
        for (name, value) in &s3.options {
            command.env(name.to_ascii_uppercase(), value);
        }
        let output = tokio::task::spawn_blocking(move || command.output().unwrap());
        let output = output.await.unwrap();
        assert!(output.status.success(), "{output:?}");
        said.push(String::from_utf8(output.stdout).unwrap());
    }
    assert!(
        said[0].starts_with(&format!(
            "s3://{BUCKET}/spark/why/directory.why: 1 company, "
        )),
        "{said:?}"
    );
    assert!(said[1].starts_with("Acme Corp"), "{said:?}");
}
