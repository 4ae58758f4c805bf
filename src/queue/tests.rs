//! Tests of the queue: every transition, a model under random operations, workers side by side.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;

use super::*;

mod random_operations;

const INVISIBLE: Duration = Duration::from_secs(30);

fn at(second: u64) -> Timestamp {
    "2026-11-24T12:00:00Z".parse::<Timestamp>().unwrap() + Duration::from_secs(second)
}

fn file(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("state.sqlite")
}

async fn fresh() -> (tempfile::TempDir, Queue) {
    let folder = tempfile::tempdir().unwrap();
    let queue = Queue::sqlite(&file(&folder)).await.unwrap();
    (folder, queue)
}

/// One word of a script: what is done at `second`, and what it gives.
async fn step(
    queue: &Queue,
    second: u64,
    words: &[&str],
    deliveries: &mut Vec<Received>,
) -> Result<String, Error> {
    let now = at(second);
    // `#1` is the first delivery of the script.
    let delivery = |name: &str| deliveries[name[1..].parse::<usize>().unwrap() - 1].clone();
    let nothing = |()| "ok".to_owned();
    Ok(match words {
        ["send", id] => match queue.send(id, &format!("body of {id}"), now).await? {
            Sent::New => "new".to_owned(),
            Sent::Known => "known".to_owned(),
        },
        ["receive", most] => {
            let received = queue.receive(most.parse().unwrap(), INVISIBLE, now).await?;
            deliveries.extend(received.iter().cloned());
            let names = received.iter().map(|received| {
                assert_eq!(received.body, format!("body of {}", received.id));
                format!("{}x{}", received.id, received.receive_count)
            });
            names.collect::<Vec<_>>().join(" ")
        }
        ["done", name] => nothing(queue.done(&delivery(name)).await?),
        ["again", name, delay] => {
            let delay = Duration::from_secs(delay.parse().unwrap());
            nothing(queue.again(&delivery(name), delay, now).await?)
        }
        ["bury", name] => nothing(queue.bury(&delivery(name), "broken", now).await?),
        ["apologised", id] => nothing(queue.apologised(id).await?),
        ["retry", id] => nothing(queue.retry(id, now).await?),
        ["letters"] => {
            let letters = queue.dead_letters().await?;
            let names = letters.iter().map(|letter| {
                assert_eq!(letter.body, format!("body of {}", letter.id));
                let told = if letter.apologised { "!" } else { "" };
                let lived = letter.died_at.duration_since(letter.sent_at).as_secs();
                let (id, count, why) = (&letter.id, letter.receive_count, &letter.why);
                format!("{id}x{count}{told} {why} {lived}s")
            });
            names.collect::<Vec<_>>().join(", ")
        }
        ["depth"] => {
            let (count, oldest) = queue.depth().await?;
            let oldest = oldest.map(|oldest| oldest.duration_since(at(0)).as_secs());
            oldest.map_or(count.to_string(), |oldest| {
                format!("{count} since {oldest}")
            })
        }
        _ => panic!("{words:?}"),
    })
}

/// Lines of `SECOND OPERATION = WHAT IT GIVES`.
async fn check(script: &str) {
    let (_folder, queue) = fresh().await;
    let mut deliveries = Vec::new();
    for line in script
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        let (done, expected) = line.split_once('=').unwrap();
        let words: Vec<&str> = done.split_whitespace().collect();
        let second = words[0].parse().unwrap();
        let given = step(&queue, second, &words[1..], &mut deliveries).await;
        let given = given.unwrap_or_else(|error| error.to_string());
        assert_eq!(given, expected.trim(), "{line}");
    }
}

#[tokio::test]
async fn every_transition_of_a_job() {
    for script in [
        // An id is queued once: while it waits, is under way, is done, is dead.
        "0 send a = new
         0 send a = known
         1 receive 9 = ax1
         1 send a = known
         2 done #1 = ok
         2 send a = known
         2 depth = 0",
        // Seven days after it was done it is news, and not before.
        "0 send a = new
         0 receive 1 = ax1
         0 done #1 = ok
         604829 send a = known
         604830 send a = new
         604830 receive 1 = ax1",
        // Invisible while somebody has it, to the second; then the next delivery.
        "0 send a = new
         5 receive 1 = ax1
         34 receive 1 =
         35 receive 1 = ax2",
        // The oldest first, and no more than asked for.
        "0 send c = new
         1 send a = new
         1 send b = new
         1 receive 0 =
         1 receive 2 = cx1 ax1
         1 receive 9 = bx1
         1 depth = 3 since 0",
        // A receipt that was overtaken changes nothing.
        "0 send a = new
         0 receive 1 = ax1
         30 receive 1 = ax2
         31 done #1 = ok
         31 again #1 0 = ok
         31 bury #1 = ok
         31 letters =
         31 receive 1 =
         32 done #2 = ok
         99 receive 1 =",
        // One that only ran out, and that nobody took up, still counts.
        "0 send a = new
         0 receive 1 = ax1
         40 done #1 = ok
         40 receive 1 =
         40 depth = 0",
        // Done with twice, or after it was given back or buried: nothing more.
        "0 send a = new
         0 receive 1 = ax1
         1 again #1 10 = ok
         2 done #1 = ok
         2 depth = 1 since 0
         10 receive 1 =
         11 receive 1 = ax2
         12 bury #2 = ok
         12 done #2 = ok
         12 bury #2 = ok
         12 letters = ax2 broken 12s",
        // Who waits for its next try lets others by; then its age counts again.
        "0 send a = new
         1 send b = new
         1 receive 1 = ax1
         1 again #1 5 = ok
         2 receive 9 = bx1
         3 again #2 3 = ok
         6 receive 9 = ax2 bx2",
        // Dead letters: newest first, told, retried as if just sent; old receipts are void.
        "0 send a = new
         1 send b = new
         1 receive 9 = ax1 bx1
         2 bury #1 = ok
         3 bury #2 = ok
         3 letters = bx1 broken 2s, ax1 broken 2s
         3 depth = 0
         3 send a = known
         4 apologised a = ok
         4 letters = bx1 broken 2s, ax1! broken 2s
         5 retry a = ok
         5 letters = bx1 broken 2s
         5 depth = 1 since 5
         5 done #1 = ok
         5 send a = known
         6 receive 9 = ax1
         6 done #1 = ok
         7 bury #3 = ok
         7 letters = ax1 broken 2s, bx1 broken 2s",
        // Who asks for a letter that is not there hears so.
        "0 retry a = there is no dead letter a
         0 apologised a = there is no dead letter a
         0 send a = new
         0 retry a = there is no dead letter a
         0 receive 1 = ax1
         0 done #1 = ok
         0 retry a = there is no dead letter a",
        // A letter is kept for 14 days; what is swept up then is that and nothing else.
        "0 send a = new
         0 send b = new
         0 receive 1 = ax1
         0 bury #1 = ok
         1209599 send c = new
         1209599 letters = ax1 broken 0s
         1209600 send d = new
         1209600 letters =
         1209600 send a = new
         1209600 depth = 4 since 0",
        // Odd ids are only ids.
        "0 send ';DROP = new
         0 send ä%_ = new
         0 receive 9 = ';DROPx1 ä%_x1",
    ] {
        check(script).await;
    }
}

#[tokio::test]
async fn a_job_survives_closing_the_file() {
    let (folder, queue) = fresh().await;
    queue.send("a", "body", at(0)).await.unwrap();
    drop(queue);
    let queue = Queue::sqlite(&file(&folder)).await.unwrap();
    assert_eq!(
        queue.receive(1, INVISIBLE, at(1)).await.unwrap()[0].body,
        "body"
    );
}

#[tokio::test]
async fn an_error_names_the_file_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let error = Queue::sqlite(folder.path()).await.unwrap_err().to_string();
    let error = error.replace(&folder.path().display().to_string(), "FOLDER");
    insta::assert_snapshot!(error, @"the queue at FOLDER can't be opened: it is a folder: name a file in it, such as why-state.sqlite");
}

/// Two queues on one file are two processes, as far as SQLite can tell.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn workers_side_by_side_never_hold_one_delivery_at_once() {
    const JOBS: usize = 200;
    let (folder, first) = fresh().await;
    let second = Queue::sqlite(&file(&folder)).await.unwrap();
    let senders = [&first, &second].map(|queue| {
        let queue = queue.clone();
        tokio::spawn(async move {
            let mut new = 0;
            for job in 0..JOBS {
                let sent = queue.send(&job.to_string(), "", at(0)).await.unwrap();
                new += usize::from(sent == Sent::New);
            }
            new
        })
    });
    let finished = Arc::new(AtomicUsize::new(0));
    let workers = [&first, &second, &first, &second].map(|queue| {
        let (queue, finished) = (queue.clone(), Arc::clone(&finished));
        tokio::spawn(async move {
            let mut mine = Vec::new();
            // The clock stands still, so what one has nobody else may get.
            while finished.load(Ordering::SeqCst) < JOBS {
                for received in queue.receive(3, INVISIBLE, at(0)).await.unwrap() {
                    assert_eq!(received.receive_count, 1);
                    queue.done(&received).await.unwrap();
                    finished.fetch_add(1, Ordering::SeqCst);
                    mine.push(received.id);
                }
            }
            mine
        })
    });
    let mut new = 0;
    for sender in senders {
        new += sender.await.unwrap();
    }
    let mut all = Vec::new();
    for worker in workers {
        all.extend(worker.await.unwrap());
    }
    let delivered = all.len();
    all.sort();
    all.dedup();
    assert_eq!((new, delivered, all.len()), (JOBS, JOBS, JOBS));
    assert_eq!(second.depth().await.unwrap(), (0, None));
}

#[tokio::test]
async fn who_is_dropped_while_waiting_neither_loses_nor_doubles() {
    let (folder, queue) = fresh().await;
    queue.send("a", "", at(0)).await.unwrap();
    let other = rusqlite::Connection::open(file(&folder)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let soon = Duration::from_millis(50);
    let receive = queue.receive(1, INVISIBLE, at(0));
    assert!(tokio::time::timeout(soon, receive).await.is_err());
    let send = queue.send("b", "", at(0));
    assert!(tokio::time::timeout(soon, send).await.is_err());
    other.execute_batch("COMMIT").unwrap();
    // As if neither had been asked for.
    assert_eq!(queue.send("b", "", at(0)).await.unwrap(), Sent::New);
    let received = queue.receive(9, INVISIBLE, at(0)).await.unwrap();
    let counts: Vec<_> = received
        .iter()
        .map(|r| (r.id.as_str(), r.receive_count))
        .collect();
    assert_eq!(counts, [("a", 1), ("b", 1)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_dropped_at_any_moment_neither_lose_nor_double() {
    let (_folder, queue) = fresh().await;
    for job in 0..100_u64 {
        let id = job.to_string();
        // The first call is dropped sooner or later on its way, then asked for again.
        let patience = Duration::from_micros(job * 20);
        let _ = tokio::time::timeout(patience, queue.send(&id, "", at(0))).await;
        queue.send(&id, "", at(0)).await.unwrap();
        let _ = tokio::time::timeout(patience, queue.receive(1, INVISIBLE, at(0))).await;
    }
    // What a dropped receive took comes back when its time is over.
    let received = queue.receive(1000, INVISIBLE, at(60)).await.unwrap();
    let mut ids: Vec<u64> = received.iter().map(|r| r.id.parse().unwrap()).collect();
    ids.sort_unstable();
    assert_eq!(ids, (0..100).collect::<Vec<_>>());
    assert!(received.iter().all(|r| r.receive_count <= 2));
}

#[test]
fn waits_double_from_a_second_to_five_minutes() {
    for (count, chance, expected) in [
        (0, 1.0, 1.0),
        (1, 1.0, 1.0),
        (1, 0.0, 0.5),
        (2, 1.0, 2.0),
        (3, 0.5, 3.0),
        (9, 1.0, 256.0),
        (10, 1.0, 300.0),
        (10, 0.0, 150.0),
        (u32::MAX, 1.0, 300.0),
        (2, -7.0, 1.0),
        (2, 7.0, 2.0),
        (2, f64::NAN, 2.0),
    ] {
        let wait = backoff(count, chance).as_secs_f64();
        assert!((wait - expected).abs() < 1e-9, "{count} {chance}: {wait}");
    }
}

proptest! {
    #[test]
    fn a_wait_is_between_half_and_whole(count: u32, chance in 0.0..=1.0) {
        let (least, whole) = (backoff(count, 0.0), backoff(count, 1.0));
        prop_assert_eq!(least * 2, whole);
        prop_assert!((least..=whole).contains(&backoff(count, chance)));
        prop_assert!(whole <= backoff(count.saturating_add(1), 1.0));
    }
}

#[tokio::test]
async fn a_probe_leaves_nothing_behind() {
    let (_folder, queue) = fresh().await;
    for _ in 0..2 {
        queue.probe(at(0)).await.unwrap();
    }
    assert_eq!(queue.depth().await.unwrap(), (0, None));
    assert_eq!(queue.receive(9, INVISIBLE, at(1)).await.unwrap(), []);
    assert_eq!(queue.send("a", "body", at(2)).await.unwrap(), Sent::New);
}

#[tokio::test]
async fn what_a_worker_gives_back_at_its_end_was_not_tried() {
    let (_folder, queue) = fresh().await;
    queue.send("a", "", at(0)).await.unwrap();
    for _ in 0..20 {
        let received = queue.receive(1, INVISIBLE, at(1)).await.unwrap();
        assert_eq!(received[0].receive_count, 1);
        queue.give_back(&received[0], at(1)).await.unwrap();
    }
    // One whose delivery has run out gives nothing back.
    let stale = queue.receive(1, INVISIBLE, at(1)).await.unwrap();
    let held = queue.receive(1, INVISIBLE, at(60)).await.unwrap();
    queue.give_back(&stale[0], at(61)).await.unwrap();
    assert_eq!(queue.receive(1, INVISIBLE, at(61)).await.unwrap(), []);
    assert_eq!(held[0].receive_count, 2);
}

#[tokio::test]
async fn what_is_owed_died_lately_and_nobody_was_told() {
    let (_folder, queue) = fresh().await;
    for (second, id) in [(0, "old"), (10, "told"), (10, "b"), (11, "c"), (12, "d")] {
        queue.send(id, "", at(second)).await.unwrap();
        let received = queue.receive(1, INVISIBLE, at(second)).await.unwrap();
        queue
            .bury(&received[0], "broken", at(second))
            .await
            .unwrap();
    }
    queue.apologised("told").await.unwrap();
    let owed = async |most| {
        let letters = queue.owed(most, at(5)).await.unwrap();
        letters
            .into_iter()
            .map(|letter| letter.id)
            .collect::<Vec<_>>()
    };
    let mut all = owed(9).await;
    all.sort();
    assert_eq!(all, ["b", "c", "d"]);
    // None is kept from its turn by the others.
    let mut had = std::collections::BTreeSet::new();
    for _ in 0..200 {
        let two = owed(2).await;
        assert_eq!(two.len(), 2);
        had.extend(two);
    }
    assert_eq!(had.len(), 3);
}

#[tokio::test]
async fn whoever_only_looks_waits_for_nobody_who_writes() {
    let (folder, queue) = fresh().await;
    queue.send("a", "", at(0)).await.unwrap();
    let other = rusqlite::Connection::open(file(&folder)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(queue.depth().await.unwrap().0, 1);
    assert_eq!(queue.dead_letters().await.unwrap(), []);
    assert_eq!(queue.owed(1, at(0)).await.unwrap(), []);
}
