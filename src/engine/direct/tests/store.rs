//! Stores that refuse, hang or are not there.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::engine::Error;
use crate::engine::direct::Engine;
use crate::engine::direct::sample::{Lake, NOW, ids, leaf, made, parquet};
use crate::engine::direct::store::Store;
use crate::engine::direct::trouble;
use crate::error::Class;
use crate::question::LookBack;

fn s3(endpoint: &str, more: &[(&str, &str)]) -> BTreeMap<String, String> {
    let options = [
        ("aws_endpoint", endpoint),
        ("aws_region", "eu-west-1"),
        ("aws_access_key_id", "id"),
        ("aws_secret_access_key", "secret"),
        ("aws_pager", "less"),
    ];
    options
        .iter()
        .chain(more)
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
        .collect()
}

/// What opening a lake on this store fails with.
async fn open(options: BTreeMap<String, String>) -> Error {
    let lake = Lake::new(&[("LOCATION", "s3://acme-lake/why")]);
    Engine::open(&lake.catalog, Path::new(""), &options)
        .await
        .unwrap_err()
}

#[tokio::test]
async fn a_store_that_refuses_connections_is_unavailable() {
    // A port that was just free: nobody listens there.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = open(s3(&endpoint, &[])).await;
    assert!(matches!(error, Error::Unavailable { .. }), "{error}");
    assert_eq!((error.class(), error.code()), (Class::Retry, "unavailable"));
    assert!(
        error
            .to_string()
            .contains("listing s3://acme-lake/why/attribute_trace"),
        "{error}"
    );
}

#[tokio::test]
async fn a_store_that_never_answers_times_out() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let error = open(s3(&endpoint, &[("aws_timeout", "100ms")])).await;
    assert_eq!(
        error.to_string(),
        "the lake did not answer in time: listing s3://acme-lake/why/attribute_trace"
    );
    assert_eq!(error.class(), Class::Retry);
}

/// A store that answers every request with this status.
async fn answering(status: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 4096]).await;
            let answer =
                format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    endpoint
}

#[tokio::test]
async fn a_store_that_forbids_is_no_matter_of_waiting() {
    let error = open(s3(&answering("403 Forbidden").await, &[])).await;
    assert_eq!(
        error.to_string(),
        "the lake refused: listing s3://acme-lake/why/attribute_trace"
    );
    assert_eq!((error.class(), error.code()), (Class::Internal, "denied"));
}

fn named(error: &object_store::Error) -> (&'static str, Class) {
    let error = trouble::named("listing LAKE".to_owned(), error);
    assert!(error.to_string().contains("listing LAKE"), "{error}");
    (error.code(), error.class())
}

#[test]
fn a_disk_that_forbids_was_a_matter_of_waiting() {
    let io = || std::io::Error::from(std::io::ErrorKind::PermissionDenied);
    let wrapped = object_store::Error::Generic {
        store: "LocalFileSystem",
        source: Box::new(object_store::Error::Generic {
            store: "disk",
            source: Box::new(io()),
        }),
    };
    for error in [trouble::on_disk(io()), wrapped] {
        assert_eq!(named(&error), ("denied", Class::Internal));
    }
    let full = std::io::Error::from(std::io::ErrorKind::Interrupted);
    let expected = ("unavailable", Class::Retry);
    assert_eq!(named(&trouble::on_disk(full)), expected);
}

#[test]
fn what_a_store_will_never_do_was_a_matter_of_waiting() {
    for error in [
        object_store::Error::NotSupported {
            source: "no such thing".into(),
        },
        object_store::Error::UnknownConfigurationKey {
            store: "S3",
            key: "colour".to_owned(),
        },
        object_store::Error::Generic {
            store: "S3",
            source: "Received redirect without LOCATION, this normally indicates an \
                     incorrectly configured region"
                .into(),
        },
    ] {
        assert_eq!(named(&error), ("misconfigured", Class::Internal));
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_folder_whose_name_is_no_text_had_no_tables() {
    use std::os::unix::ffi::OsStrExt;
    let above = tempfile::tempdir().unwrap();
    let base = above.path().join(std::ffi::OsStr::from_bytes(b"l\xe4ke"));
    let mut catalog = Lake::new(&[]).catalog;
    catalog.lake.location = ".".to_owned();
    let folder = base.join(leaf("2024-06"));
    std::fs::create_dir_all(&folder).unwrap();
    let file = parquet(&[made("c", "2024-06-02T00:00:00Z", "C")]);
    std::fs::write(folder.join("p.parquet"), file).unwrap();
    let engine = Engine::open(&catalog, &base, &BTreeMap::new())
        .await
        .unwrap();
    let plan = Lake::new(&[]).plan(LookBack::Days(1), NOW);
    assert_eq!(ids(&engine.read(&plan).await.unwrap()), ["c"]);
}

#[tokio::test]
async fn a_store_that_is_overloaded_is_unavailable() {
    let error = open(s3(&answering("503 Slow Down").await, &[])).await;
    assert_eq!(error.code(), "unavailable");
    assert!(
        error
            .to_string()
            .contains("listing s3://acme-lake/why/attribute_trace: "),
        "{error}"
    );
}

#[tokio::test]
async fn a_call_ends_whatever_the_client_does() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let lake = Lake::new(&[("LOCATION", "s3://acme-lake/why")]);
    let store = Store::open("s3://acme-lake/why", Path::new(""), &s3(&endpoint, &[])).unwrap();
    let store = store.with_patience(Duration::from_millis(50));
    let engine = Engine::over(&lake.catalog, store);
    let error = engine
        .read(&lake.plan(LookBack::Latest, NOW))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::TimedOut { .. }), "{error}");
}

#[tokio::test]
async fn a_lake_that_is_not_there_is_named() {
    for (location, expected) in [
        (
            "nowhere",
            "there is no lake at nowhere: there is no such folder",
        ),
        (
            "file:///no/where",
            "there is no lake at file:///no/where: there is no such folder",
        ),
    ] {
        let lake = Lake::new(&[("LOCATION", location)]);
        let error = Engine::open(&lake.catalog, Path::new("/"), &BTreeMap::new()).await;
        assert_eq!(error.unwrap_err().to_string(), expected);
    }
}

#[tokio::test]
async fn a_lake_without_its_tables_is_named() {
    let lake = Lake::new(&[
        ("buckets", "#buckets"),
        ("[layout]", "trace = \"other\"\n[layout]"),
    ]);
    let error = lake.open().await.unwrap_err();
    assert_eq!(
        lake.shown(&error.to_string()),
        "there is no lake at LAKE/other: there is no such table"
    );
}

#[tokio::test]
async fn locations_may_be_relative_or_urls() {
    let lake = Lake::new(&[]);
    let folder = Path::new(&lake.catalog.lake.location).to_owned();
    let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
    for location in [
        ".".to_owned(),
        format!("../{name}/"),
        format!("file://{}", folder.display()),
    ] {
        let mut catalog = lake.catalog.clone();
        catalog.lake.location = location;
        Engine::open(&catalog, &folder, &BTreeMap::new())
            .await
            .unwrap();
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_is_gone_when_it_is_read_means_a_rewritten_table() {
    let lake = Lake::new(&[]);
    lake.month("2024-06", ".kept", "");
    let folder = Path::new(&lake.catalog.lake.location).join(leaf("2024-06"));
    std::os::unix::fs::symlink("gone", folder.join("p.parquet")).unwrap();
    let error = lake.ask(LookBack::Days(1)).await.unwrap_err();
    assert_eq!(
        lake.shown(&error.to_string()),
        format!(
            "LAKE/{} was rewritten while it was read, twice",
            leaf("2024-06")
        )
    );
    assert_eq!(
        (error.class(), error.code()),
        (Class::Retry, "table_rewritten")
    );
}

#[tokio::test]
async fn one_level_up_is_the_folder_or_prefix_that_the_lake_lies_in() {
    let above = |location: &str| {
        let options = s3("http://127.0.0.1:1", &[]);
        let store = Store::open(location, Path::new(""), &options).unwrap();
        store.above().map(|above| above.shown().to_owned())
    };
    assert_eq!(
        above("s3://acme-lake/a/b/"),
        Some("s3://acme-lake/a".to_owned())
    );
    assert_eq!(above("s3://acme-lake/a"), Some("s3://acme-lake".to_owned()));
    assert_eq!(above("s3://acme-lake"), None);
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("inner");
    std::fs::create_dir(&inner).unwrap();
    let shown = Some(folder.path().display().to_string());
    assert_eq!(above(&inner.display().to_string()), shown);
    assert_eq!(above(&format!("{}/./", inner.display())), shown);
    assert_eq!(above("/"), None);
    assert_eq!(above("src"), Some(".".to_owned()));
}
