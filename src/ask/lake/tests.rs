//! When a lake is opened, when it is looked at, and what it survives.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::directory::{Entity, build};

/// Longer than anything takes here.
const PATIENT: Duration = Duration::from_secs(60);
const NEVER: Times = Times {
    failed_for: Duration::from_secs(3_600),
    look_every: Duration::from_secs(3_600),
    hold: PATIENT,
};
const ALWAYS: Times = Times {
    failed_for: Duration::ZERO,
    look_every: Duration::ZERO,
    hold: PATIENT,
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
fn lake(folder: &Path, times: Times) -> (Lake, Arc<AtomicUsize>) {
    let opened: Arc<AtomicUsize> = Arc::default();
    let (counted, file): (_, PathBuf) = (Arc::clone(&opened), folder.join("why.toml"));
    let lake = Lake::timed(times, move || {
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

/// Opens after so long.
fn slow_lake(folder: &Path, times: Times, takes: Duration) -> (Lake, Arc<AtomicUsize>) {
    let opened: Arc<AtomicUsize> = Arc::default();
    let (counted, file): (_, PathBuf) = (Arc::clone(&opened), folder.join("why.toml"));
    let lake = Lake::timed(times, move || {
        counted.fetch_add(1, Ordering::Relaxed);
        let file = file.clone();
        async move {
            tokio::time::sleep(takes).await;
            Why::open(&file, &std::collections::BTreeMap::new()).await
        }
    });
    (lake, opened)
}

#[tokio::test]
async fn an_opening_that_takes_longer_than_anybody_waits_is_not_begun_again_for_each() {
    let folder = lake_of(2);
    let (lake, opened) = slow_lake(folder.path(), NEVER, Duration::from_millis(200));
    let short = Duration::from_millis(20);
    assert!(timeout(short, lake.names()).await.is_err());
    assert!(timeout(short, lake.why()).await.is_err());
    // Nobody waits meanwhile.
    tokio::time::sleep(Duration::from_millis(400)).await;
    let found = timeout(Duration::from_secs(30), lake.why()).await;
    assert_eq!(found.unwrap().unwrap().directory.len(), 2);
    assert_eq!(opened.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_directory_that_changed_is_answered_from_as_it_was_until_the_new_one_is_open() {
    let folder = lake_of(2);
    let impatient = Times {
        hold: Duration::from_millis(10),
        ..ALWAYS
    };
    let (lake, opened) = slow_lake(folder.path(), impatient, Duration::from_millis(150));
    assert_eq!(companies(&lake).await, 2);
    set_companies(folder.path(), 3);
    let began = tokio::time::Instant::now();
    assert_eq!(companies(&lake).await, 2);
    assert!(began.elapsed() < Duration::from_millis(100));
    assert_eq!(companies(&lake).await, 2);
    let mut newer = 2;
    while newer == 2 {
        newer = companies(&lake).await;
        assert!(began.elapsed() < Duration::from_secs(30));
    }
    assert_eq!(newer, 3);
    assert_eq!(opened.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn companies_are_known_before_the_tables_are_looked_at_and_without_them() {
    let folder = lake_of(2);
    std::fs::remove_dir(folder.path().join("attribute_trace")).unwrap();
    let file = folder.path().join("why.toml");
    let lake = Lake::timed(ALWAYS, move || {
        let file = file.clone();
        async move {
            let choice = crate::engine::Choice::Direct;
            Why::unchecked(&file, &std::collections::BTreeMap::new(), &choice).await
        }
    });
    assert_eq!(lake.names().await.unwrap().directory.len(), 2);
    let failure = lake.why().await.unwrap_err();
    assert_eq!((failure.code, failure.class), ("no_lake", Class::Internal));
    std::fs::create_dir(folder.path().join("attribute_trace")).unwrap();
    assert_eq!(companies(&lake).await, 2);
}

#[tokio::test]
async fn a_panic_while_it_is_opened_is_a_failure_and_the_next_opens_it() {
    let folder = lake_of(2);
    let file = folder.path().join("why.toml");
    let calls = AtomicUsize::new(0);
    let lake = Lake::timed(NEVER, move || {
        let is_first = calls.fetch_add(1, Ordering::Relaxed) == 0;
        let file = file.clone();
        async move {
            assert!(!is_first, "a bug");
            Why::open(&file, &std::collections::BTreeMap::new()).await
        }
    });
    assert_eq!(lake.why().await.unwrap_err().code, "broken");
    assert_eq!(companies(&lake).await, 2);
}
