//! Tests of the ledger in a file: what only a file does. What every store does is tested in
//! `tests/it/state`.

use super::*;

const LEASE: Duration = Duration::from_secs(60);

fn at(second: u64) -> Timestamp {
    "2026-11-24T12:00:00Z".parse::<Timestamp>().unwrap() + Duration::from_secs(second)
}

#[tokio::test]
async fn who_is_dropped_while_waiting_has_no_lease() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::sqlite(&folder.path().join("f")).await.unwrap();
    let other = rusqlite::Connection::open(folder.path().join("f")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let begin = ledger.begin("j", LEASE, at(0));
    assert!(
        tokio::time::timeout(Duration::from_millis(50), begin)
            .await
            .is_err()
    );
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(ledger.begin("j", LEASE, at(0)).await.unwrap(), Begun::New);
}

#[tokio::test]
async fn queue_and_ledger_lie_in_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("f");
    let ledger = Ledger::sqlite(&file).await.unwrap();
    let queue = crate::queue::Queue::sqlite(&file).await.unwrap();
    queue.send("j", "", at(0)).await.unwrap();
    assert_eq!(ledger.begin("j", LEASE, at(0)).await.unwrap(), Begun::New);
    assert_eq!(queue.depth().await.unwrap().0, 1);
    // What the queue buries is the ledger's to show, and the other way round.
    let received = queue.receive(1, LEASE, at(0)).await.unwrap();
    queue.bury(&received[0], "broken", at(1)).await.unwrap();
    let letters = queue.dead_letters().await.unwrap();
    assert_eq!(ledger.letters(at(1)).await.unwrap(), letters);
    let told = DeadLetter {
        apologised: true,
        ..letters[0].clone()
    };
    ledger.keep_letter(&told).await.unwrap();
    assert_eq!(queue.dead_letters().await.unwrap(), [told]);
}

/// What nobody asks for any more does not stay for ever.
#[tokio::test]
async fn what_expired_is_swept_up_when_a_job_begins() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("f");
    let ledger = Ledger::sqlite(&file).await.unwrap();
    let topic = Topic {
        entity_id: 17,
        attribute: None,
    };
    let access = Access {
        at: at(0),
        user: "U1".to_owned(),
        team: None,
        channel: None,
        entity_id: None,
        attribute: None,
        outcome: "answered".to_owned(),
        through: Through::Slack,
    };
    ledger.begin("j", LEASE, at(0)).await.unwrap();
    ledger.set_topic("C1", "1.1", &topic, at(0)).await.unwrap();
    ledger.audit(&access).await.unwrap();
    let left = || {
        let file = rusqlite::Connection::open(&file).unwrap();
        ["work", "topic", "access"].map(|table| {
            let count = format!("SELECT count(*) FROM {table}");
            file.query_row(&count, [], |row| row.get::<_, i64>(0))
                .unwrap()
        })
    };
    assert_eq!(left(), [1, 1, 1]);
    let day = |day: u64| at(day * DAY.as_secs());
    for (now, expected) in [(day(7), [2, 0, 1]), (day(90), [1, 0, 0])] {
        ledger.begin(&now.to_string(), LEASE, now).await.unwrap();
        assert_eq!(left(), expected, "{now}");
    }
}

#[tokio::test]
async fn a_report_is_forgotten_after_a_year() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::sqlite(&folder.path().join("f")).await.unwrap();
    let day = |day: u64| at(day * DAY.as_secs());
    let report = |id: &str, at: Timestamp| {
        Report::new(
            id.to_owned(),
            at,
            "U1".to_owned(),
            "#17 revenue".to_owned(),
            "too low".to_owned(),
        )
    };
    ledger.save_report(&report("a", day(0))).await.unwrap();
    ledger.save_report(&report("b", day(364))).await.unwrap();
    assert!(ledger.report("a").await.unwrap().is_some());
    ledger.save_report(&report("c", day(365))).await.unwrap();
    assert_eq!(ledger.report("a").await.unwrap(), None);
    assert!(ledger.report("b").await.unwrap().is_some());
}

#[tokio::test]
async fn an_error_names_the_file_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let error = Ledger::sqlite(folder.path()).await.unwrap_err().to_string();
    let error = error.replace(&folder.path().display().to_string(), "FOLDER");
    insta::assert_snapshot!(error, @"the ledger at FOLDER can't be opened: it is a folder: name a file in it, such as why-state.sqlite");
}

fn token(name: &str, expires_at: Option<Timestamp>) -> Token {
    Token {
        name: name.to_owned(),
        user: "U1".to_owned(),
        groups: vec!["S1".to_owned(), "S\"2".to_owned()],
        standing: crate::visibility::Standing::Outsider,
        may: crate::access::Scopes {
            ask: true,
            feedback: false,
        },
        created_at: at(0),
        expires_at,
    }
}

#[tokio::test]
async fn a_token_is_found_by_its_hash_until_it_expires_or_is_revoked() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("f");
    let ledger = Ledger::sqlite(&file).await.unwrap();
    assert_eq!(ledger.tokens().await.unwrap(), []);
    let (lasting, short) = (token("lasting", None), token("short", Some(at(60))));
    assert!(ledger.create_token(&short, "h1").await.unwrap());
    assert!(ledger.create_token(&lasting, "h2").await.unwrap());
    // Neither another of that name nor the same secret under another.
    assert!(!ledger.create_token(&lasting, "h3").await.unwrap());
    assert!(!ledger.create_token(&token("x", None), "h2").await.unwrap());
    let other = Ledger::sqlite(&file).await.unwrap();
    assert_eq!(
        other.tokens().await.unwrap(),
        [lasting.clone(), short.clone()]
    );
    for (hash, second, expected) in [
        ("h1", 59, Some(&short)),
        ("h1", 60, None),
        ("h2", 1_000_000, Some(&lasting)),
        ("h3", 0, None),
        ("", 0, None),
        ("H2", 0, None),
    ] {
        let found = other.token(hash, at(second)).await.unwrap();
        assert_eq!(found.as_ref(), expected, "{hash} {second}");
    }
    assert!(ledger.revoke_token("lasting").await.unwrap());
    assert!(!ledger.revoke_token("lasting").await.unwrap());
    assert_eq!(other.token("h2", at(0)).await.unwrap(), None);
}

#[tokio::test]
async fn the_key_of_links_is_made_once_and_is_another_in_another_file() {
    let folder = tempfile::tempdir().unwrap();
    let open = async |name: &str| Ledger::sqlite(&folder.path().join(name)).await.unwrap();
    let (one, two, other) = (open("f").await, open("f").await, open("g").await);
    let (first, second) = tokio::join!(one.link_key(), two.link_key());
    let key = first.unwrap();
    assert_eq!(key, second.unwrap());
    assert_eq!(key, open("f").await.link_key().await.unwrap());
    assert_ne!(key, other.link_key().await.unwrap());
}
