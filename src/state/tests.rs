//! Tests of the state file: what is refused and in what words, and that work is whole or not done.

use std::path::Path;

use super::*;

const HASTY: Patience = Patience {
    lock: Duration::from_millis(200),
    call: Duration::from_secs(5),
};

fn raw(path: &Path) -> Connection {
    Connection::open(path).unwrap()
}

async fn count(file: &File) -> i64 {
    file.run(|file| file.query_row("SELECT count(*) FROM job", [], |row| row.get(0)))
        .await
        .unwrap()
}

fn put(id: &'static str) -> impl FnOnce(&Connection) -> rusqlite::Result<usize> + Send {
    move |file| {
        file.execute(
            "INSERT INTO job (id, sent_at, visible_at, body) VALUES (?1, 0, 0, '')",
            [id],
        )
    }
}

/// Makes a file of ours, changed by `sql`.
async fn ours(path: &Path, sql: &str) {
    drop(File::open(path).await.unwrap());
    raw(path).execute_batch(sql).unwrap();
}

#[tokio::test]
async fn what_is_no_state_file_is_refused_in_words_that_say_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("garbage"), "not SQLite at all, ".repeat(100)).unwrap();
    std::fs::write(at("short"), "hello").unwrap();
    std::fs::write(at("text"), "words").unwrap();
    raw(&at("other"))
        .execute_batch("CREATE TABLE x (y)")
        .unwrap();
    raw(&at("marked"))
        .execute_batch("PRAGMA application_id = 7")
        .unwrap();
    ours(&at("later"), "PRAGMA user_version = 3").await;
    ours(&at("unversioned"), "PRAGMA user_version = 0").await;
    ours(&at("negative"), "PRAGMA user_version = -3").await;
    ours(&at("damaged"), "PRAGMA wal_checkpoint(TRUNCATE)").await;
    let mut bytes = std::fs::read(at("damaged")).unwrap();
    // The pages go, the header stays.
    bytes[100..].fill(0xA5);
    std::fs::write(at("damaged"), bytes).unwrap();
    let no_folder = at("none").display().to_string();
    let file_as_folder = at("text").display().to_string();
    for (path, expected) in [
        (PathBuf::new(), "no file is named: name one with --state".to_owned()),
        (at("none/why.sqlite"), format!("the folder {no_folder} does not exist: make it, or name another")),
        (at("text/why.sqlite"), format!("{file_as_folder} is no folder: name another file")),
        (folder.path().to_path_buf(), "it is a folder: name a file in it, such as why-state.sqlite".to_owned()),
        (PathBuf::from("/dev/null"), "it is no regular file: name another".to_owned()),
        (PathBuf::from("/proc/self/why.sqlite"), "it can't be made or read there: see who may write in its folder".to_owned()),
        (at("nul\0"), "nul byte found in provided data at position".to_owned()),
        (at("garbage"), "it is not a SQLite file: move it away, or name another".to_owned()),
        (at("short"), "it is not a SQLite file: move it away, or name another".to_owned()),
        (at("damaged"), "it is damaged: put a copy back, or move it away and start anew".to_owned()),
        (at("other"), "it is the SQLite file of another program: name another file".to_owned()),
        (at("marked"), "it is the SQLite file of another program: name another file".to_owned()),
        (at("later"), "a later why wrote it (version 3, this one reads 2): use that one, or name another file".to_owned()),
        (at("unversioned"), "it says version 0, which no why ever wrote: put a copy back, or move it away".to_owned()),
        (at("negative"), "it says version -3, which no why ever wrote: put a copy back, or move it away".to_owned()),
    ] {
        let before = std::fs::read(&path).ok();
        match File::open(&path).await {
            Err(Error::Open { file, reason }) => {
                assert_eq!(file, path.display().to_string());
                assert!(reason.starts_with(&expected), "{}: {reason}", path.display());
            }
            other => panic!("{}: {other:?}", path.display()),
        }
        // Somebody else's file is left as it was.
        assert_eq!(std::fs::read(&path).ok(), before, "{}", path.display());
    }
}

#[test]
fn what_sqlite_says_at_the_door_is_said_in_words() {
    let of = |code| rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None);
    let opening = |reason: &str| Error::Open {
        file: "f".to_owned(),
        reason: reason.to_owned(),
    };
    for (code, expected) in [
        (
            rusqlite::ffi::SQLITE_READONLY,
            opening("it is read-only: see who may write to it and in its folder"),
        ),
        (
            rusqlite::ffi::SQLITE_PERM,
            opening("it can't be made or read there: see who may write in its folder"),
        ),
        (rusqlite::ffi::SQLITE_BUSY, Error::TimedOut),
        (rusqlite::ffi::SQLITE_LOCKED, Error::TimedOut),
    ] {
        assert_eq!(open::refused(Path::new("f"))(of(code)), expected);
    }
    let full = open::refused(Path::new("f"))(of(rusqlite::ffi::SQLITE_FULL));
    assert!(matches!(full, Error::Full { .. }), "{full:?}");
}

/// All that defines the tables, in one order, whatever way they were made.
fn tables(path: &Path) -> Vec<(String, String, String)> {
    let file = raw(path);
    let mut statement = file
        .prepare(
            "SELECT m.name, c.name, c.type || ' ' || c.\"notnull\" || ' ' || c.pk
               FROM sqlite_schema m JOIN pragma_table_info(m.name) c
              WHERE m.type = 'table' ORDER BY m.name, c.cid",
        )
        .unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    rows.unwrap().map(Result::unwrap).collect()
}

#[tokio::test]
async fn a_file_of_version_1_is_led_to_this_one_and_keeps_what_it_holds() {
    let folder = tempfile::tempdir().unwrap();
    let (new, old) = (folder.path().join("new"), folder.path().join("old"));
    drop(File::open(&new).await.unwrap());
    ours(
        &old,
        "DROP TABLE token; DROP TABLE link_key; ALTER TABLE access DROP COLUMN through;
         INSERT INTO access (at, user, outcome) VALUES (1, 'U1', 'answered');
         PRAGMA user_version = 1",
    )
    .await;
    assert_ne!(tables(&old), tables(&new));
    for _ in 0..2 {
        let file = File::open(&old).await.unwrap();
        let kept = file.read(|file| {
            let row = "SELECT user || ' ' || through FROM access";
            file.query_row(row, [], |row| row.get::<_, String>(0))
        });
        assert_eq!(kept.await.unwrap(), "U1 slack");
    }
    assert_eq!(tables(&old), tables(&new));
}

#[tokio::test]
async fn every_commit_is_synced_and_only_we_read_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(":memory:");
    let file = File::open(&path).await.unwrap();
    let pragmas = file
        .run(|file| {
            Ok((
                file.pragma_query_value(None, "synchronous", |row| row.get::<_, i64>(0))?,
                file.pragma_query_value(None, "journal_mode", |row| row.get::<_, String>(0))?,
            ))
        })
        .await
        .unwrap();
    assert_eq!(pragmas, (2, "wal".to_owned()));
    file.run(put("a")).await.unwrap();
    for name in [":memory:", ":memory:-wal", ":memory:-shm"] {
        let rights = std::fs::metadata(folder.path().join(name)).unwrap();
        assert_eq!(rights.permissions().mode() & 0o777, 0o600, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_may_make_the_file_at_once() {
    let folder = tempfile::tempdir().unwrap();
    for round in 0..30 {
        let path = folder.path().join(round.to_string());
        let opened = (0..8).map(|_| {
            let path = path.clone();
            tokio::spawn(async move { File::open(&path).await.map(|_| ()) })
        });
        for opened in opened.collect::<Vec<_>>() {
            assert_eq!(opened.await.unwrap(), Ok(()));
        }
    }
}

#[tokio::test]
async fn who_waits_for_a_lock_too_long_times_out_and_nothing_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE_NAME);
    let file = File::open_with(&path, HASTY).await.unwrap();
    let other = raw(&path);
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(file.run(put("a")).await, Err(Error::TimedOut));
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(count(&file).await, 0);
    assert_eq!(file.run(put("a")).await, Ok(1));
}

#[tokio::test]
async fn a_slow_call_times_out_and_is_undone() {
    let folder = tempfile::tempdir().unwrap();
    let hurry = Patience {
        lock: Duration::from_secs(1),
        call: Duration::from_secs(1),
    };
    let file = File::open_with(&folder.path().join("f"), hurry)
        .await
        .unwrap();
    let (let_go, held) = std::sync::mpsc::channel::<()>();
    let slow = file.run(move |file| {
        put("a")(file)?;
        // Until the caller has given up.
        let _ = held.recv();
        Ok(())
    });
    assert_eq!(slow.await, Err(Error::TimedOut));
    drop(let_go);
    assert_eq!(count(&file).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_that_wait_together_fail_each_for_itself() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE_NAME);
    let file = File::open(&path).await.unwrap();
    let other = raw(&path);
    // All wait for one lock, so that they are of one or two transactions.
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let calls: Vec<_> = ["a", "b", "a", "c"]
        .into_iter()
        .map(|id| {
            let file = file.clone();
            tokio::spawn(async move { file.run(put(id)).await.is_ok() })
        })
        .collect();
    other.execute_batch("COMMIT").unwrap();
    let mut held = 0;
    for call in calls {
        held += i32::from(call.await.unwrap());
    }
    assert_eq!((held, count(&file).await), (3, 3));
}

#[tokio::test]
async fn who_still_reads_is_waited_for_when_the_file_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE_NAME);
    // As a restored copy may be: without its write-ahead log.
    ours(&path, "PRAGMA journal_mode = DELETE").await;
    let other = raw(&path);
    other
        .execute_batch("BEGIN; SELECT count(*) FROM job")
        .unwrap();
    let mut opening = std::pin::pin!(File::open(&path));
    let soon = Duration::from_millis(100);
    assert!(tokio::time::timeout(soon, &mut opening).await.is_err());
    other.execute_batch("COMMIT").unwrap();
    assert!(opening.await.is_ok());
}

#[tokio::test]
async fn a_full_disk_is_said_and_leaves_nothing_half_done() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f");
    let file = File::open(&path).await.unwrap();
    file.run(|file| {
        let pages: i64 = file.pragma_query_value(None, "page_count", |row| row.get(0))?;
        file.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))
    })
    .await
    .unwrap();
    let big = |file: &Connection| {
        file.execute(
            "INSERT INTO job (id, sent_at, visible_at, body) VALUES ('big', 0, 0, ?1)",
            ["x".repeat(1 << 20)],
        )
    };
    // The first waits for the lock, so that those after it share a transaction.
    let other = raw(&path);
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let (first, before, full, after, ()) = tokio::join!(
        file.run(put("first")),
        file.run(put("before")),
        file.run(big),
        file.run(put("after")),
        async { other.execute_batch("COMMIT").unwrap() }
    );
    assert!(matches!(full, Err(Error::Full { .. })), "{full:?}");
    let held = [first, before, after]
        .iter()
        .filter(|put| put.is_ok())
        .count();
    assert_eq!(count(&file).await, i64::try_from(held).unwrap());
    assert_eq!(file.run(put("later")).await, Ok(1));
}

#[test]
fn instants_are_read_back() {
    for at in ["1970-01-01T00:00:00Z", "2026-11-24T12:00:00.123456789Z"] {
        let at: Timestamp = at.parse().unwrap();
        assert_eq!(instant(nanoseconds(at)), at);
    }
    assert_eq!(after(Timestamp::MAX, Duration::MAX), i64::MAX);
}
