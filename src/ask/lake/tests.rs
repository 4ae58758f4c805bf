//! When a lake is opened, when it is looked at, and what it survives.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::directory::{Entity, build};

const NEVER: Pace = Pace {
    failed_for: Duration::from_secs(3_600),
    look_every: Duration::from_secs(3_600),
};
const ALWAYS: Pace = Pace {
    failed_for: Duration::ZERO,
    look_every: Duration::ZERO,
};

/// A lake of so many companies without any decision.
fn lake_of(companies: i64) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let catalog = crate::catalog::example::TEXT.replace("s3://acme-lake/why", ".");
    std::fs::write(folder.path().join("why.toml"), catalog).unwrap();
    for table in ["attribute_trace", "attribute_latest"] {
        std::fs::create_dir(folder.path().join(table)).unwrap();
    }
    set_companies(folder.path(), companies);
    folder
}

fn set_companies(folder: &Path, companies: i64) {
    let entities = (1..=companies).map(|entity_id| Entity {
        entity_id,
        name: format!("Acme {entity_id}"),
        domain: None,
        aliases: Vec::new(),
        parent_id: None,
        rank: 0.0,
    });
    build(entities, &folder.join("directory.why")).unwrap();
}

/// Counts how often it is opened.
fn lake(folder: &Path, pace: Pace) -> (Lake, Arc<AtomicUsize>) {
    let opened: Arc<AtomicUsize> = Arc::default();
    let (counted, file): (_, PathBuf) = (Arc::clone(&opened), folder.join("why.toml"));
    let lake = Lake::paced(pace, move || {
        counted.fetch_add(1, Ordering::Relaxed);
        let file = file.clone();
        async move { Why::open(&file, &std::collections::BTreeMap::new()).await }
    });
    (lake, opened)
}

async fn companies(lake: &Lake) -> usize {
    lake.why().await.unwrap().directory.len()
}

#[tokio::test]
async fn a_lake_is_opened_when_it_is_first_needed_and_once_for_all() {
    let folder = lake_of(2);
    let (lake, opened) = lake(folder.path(), NEVER);
    let other = lake.clone();
    assert_eq!(opened.load(Ordering::Relaxed), 0);
    assert_eq!(tokio::join!(companies(&lake), companies(&other)), (2, 2));
    assert_eq!(opened.load(Ordering::Relaxed), 1);
    // It was looked at a moment ago.
    set_companies(folder.path(), 3);
    assert_eq!(companies(&lake).await, 2);
}

#[tokio::test]
async fn companies_that_are_imported_later_are_there_and_an_unchanged_directory_is_not_read() {
    let folder = lake_of(2);
    let (lake, opened) = lake(folder.path(), ALWAYS);
    assert_eq!((companies(&lake).await, companies(&lake).await), (2, 2));
    assert_eq!(opened.load(Ordering::Relaxed), 1);
    set_companies(folder.path(), 3);
    assert_eq!(companies(&lake).await, 3);
    assert_eq!(companies(&lake).await, 3);
    assert_eq!(opened.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn what_was_open_stays_open_when_its_store_fails() {
    let folder = lake_of(2);
    let (lake, _) = lake(folder.path(), ALWAYS);
    assert_eq!(companies(&lake).await, 2);
    let file = folder.path().join("directory.why");
    std::fs::remove_file(&file).unwrap();
    assert_eq!(companies(&lake).await, 2);
    std::fs::write(&file, "garbage").unwrap();
    assert_eq!(companies(&lake).await, 2);
    set_companies(folder.path(), 4);
    assert_eq!(companies(&lake).await, 4);
}

#[tokio::test]
async fn what_can_not_be_opened_is_tried_again_soon_but_not_for_everybody_at_once() {
    let folder = lake_of(2);
    let file = folder.path().join("directory.why");
    std::fs::remove_file(&file).unwrap();
    let (patient, opened) = lake(folder.path(), NEVER);
    let (one, two) = tokio::join!(patient.why(), patient.why());
    assert_eq!(one.unwrap_err().class, Class::Internal);
    assert!(two.is_err());
    assert_eq!(opened.load(Ordering::Relaxed), 1);
    let (lake, _) = lake(folder.path(), ALWAYS);
    assert!(lake.why().await.is_err());
    set_companies(folder.path(), 2);
    assert_eq!(companies(&lake).await, 2);
}
