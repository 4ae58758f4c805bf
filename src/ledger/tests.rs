//! Tests of the ledger: every transition of a job's lease, and what is kept for how long.

use proptest::prelude::*;

use super::*;

const LEASE: Duration = Duration::from_secs(60);

fn at(second: u64) -> Timestamp {
    "2026-11-24T12:00:00Z".parse::<Timestamp>().unwrap() + Duration::from_secs(second)
}

fn day(day: u64) -> Timestamp {
    at(day * DAY.as_secs())
}

async fn fresh() -> (tempfile::TempDir, Ledger) {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::sqlite(&folder.path().join("f")).await.unwrap();
    (folder, ledger)
}

fn place(ts: &str) -> Posted {
    Posted {
        channel: "C1".to_owned(),
        ts: ts.to_owned(),
    }
}

/// What one word of a script does with the job `j` at `second`, and gives.
async fn step(ledger: &Ledger, second: u64, words: &[&str]) -> Result<String, Error> {
    let now = at(second);
    let nothing = |()| "ok".to_owned();
    Ok(match words {
        ["begin"] => match ledger.begin("j", LEASE, now).await? {
            Begun::New => "new".to_owned(),
            Begun::Done => "done".to_owned(),
            Begun::Resumed { posted } => {
                format!(
                    "resumed {}",
                    posted.map_or("-".to_owned(), |posted| posted.ts)
                )
            }
            Begun::Busy { until } => {
                format!("busy until {}", until.duration_since(at(0)).as_secs())
            }
        },
        ["posted", ts] => nothing(ledger.posted("j", &place(ts)).await?),
        ["finish"] => nothing(ledger.finish("j", now).await?),
        ["release"] => nothing(ledger.release("j").await?),
        ["reopen"] => nothing(ledger.reopen("j").await?),
        // Another job's steps must not matter.
        ["other"] => {
            ledger.begin("other", LEASE, now).await?;
            ledger.posted("other", &place("9.9")).await?;
            nothing(ledger.finish("other", now).await?)
        }
        _ => panic!("{words:?}"),
    })
}

/// Lines of `SECOND OPERATION = WHAT IT GIVES`.
async fn check(script: &str) {
    let (_folder, ledger) = fresh().await;
    for line in script.lines().map(str::trim) {
        let (done, expected) = line.split_once('=').unwrap();
        let words: Vec<&str> = done.split_whitespace().collect();
        let given = step(&ledger, words[0].parse().unwrap(), &words[1..]).await;
        let given = given.unwrap_or_else(|error| error.to_string());
        assert_eq!(given, expected.trim(), "{line}\n{script}");
    }
}

#[tokio::test]
async fn every_transition_of_a_lease() {
    for script in [
        // One holds it; the next comes when it ran out, to the second.
        "0 begin = new
         0 begin = busy until 60
         59 begin = busy until 60
         60 begin = resumed -
         61 begin = busy until 120",
        // What was posted is handed on, the last of it.
        "0 begin = new
         1 posted 1.1 = ok
         2 posted 1.2 = ok
         60 begin = resumed 1.2
         120 begin = resumed 1.2",
        // Given back: the next goes on at once.
        "0 begin = new
         1 posted 1.1 = ok
         2 release = ok
         2 begin = resumed 1.1
         2 begin = busy until 62",
        // Answered: nobody begins it again for 7 days, whatever is given back late.
        "0 begin = new
         1 finish = ok
         1 begin = done
         1 release = ok
         1 begin = done
         604800 begin = done
         604801 begin = new",
        // Forgotten with all that was posted.
        "0 begin = new
         0 posted 1.1 = ok
         0 finish = ok
         604800 begin = new
         604860 begin = resumed -",
        // Left lying by a worker that died: forgotten 7 days after the lease.
        "0 begin = new
         0 posted 1.1 = ok
         604859 begin = resumed 1.1
         1209719 begin = new",
        // Tried again after an apology: the apology is to be replaced.
        "0 begin = new
         0 posted 1.1 = ok
         0 finish = ok
         5 reopen = ok
         5 begin = resumed 1.1
         5 begin = busy until 65",
        // To try again what is under way takes nobody's lease.
        "0 begin = new
         5 reopen = ok
         5 begin = busy until 60",
        // Out of the blue.
        "0 release = ok
         0 reopen = ok
         0 posted 1.1 = the ledger failed: something was posted for a job that nobody began
         0 finish = ok
         0 begin = done",
        // Jobs do not matter to each other.
        "0 begin = new
         0 other = ok
         60 begin = resumed -",
    ] {
        check(script).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_several_workers_one_wins() {
    let (folder, first) = fresh().await;
    let second = Ledger::sqlite(&folder.path().join("f")).await.unwrap();
    for round in 0..20 {
        let begun = [&first, &second, &first, &second].map(|ledger| {
            let ledger = ledger.clone();
            tokio::spawn(async move { ledger.begin(&round.to_string(), LEASE, at(0)).await })
        });
        let mut all = Vec::new();
        for begun in begun {
            all.push(begun.await.unwrap().unwrap());
        }
        let busy = Begun::Busy { until: at(60) };
        let new = all.iter().filter(|begun| **begun == Begun::New).count();
        let refused = all.iter().filter(|begun| **begun == busy).count();
        assert_eq!((new, refused), (1, 3), "{all:?}");
    }
}

#[tokio::test]
async fn who_is_dropped_while_waiting_has_no_lease() {
    let (folder, ledger) = fresh().await;
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
}

#[tokio::test]
async fn an_error_names_the_file_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let error = Ledger::sqlite(folder.path()).await.unwrap_err().to_string();
    let error = error.replace(&folder.path().display().to_string(), "FOLDER");
    insta::assert_snapshot!(error, @"the ledger at FOLDER can't be opened: it is a folder: name a file in it, such as why-state.sqlite");
}

#[tokio::test]
async fn the_last_questions_come_newest_first_each_once_and_no_more_than_twenty() {
    let (_folder, ledger) = fresh().await;
    for (user, question, second) in [
        ("U1", "acme revenue", 0),
        ("U1", "acme employees", 1),
        ("U2", "of another", 2),
        ("U1", "acme revenue", 3),
        // Two of one instant: the one that came last is the newest.
        ("U1", "bolt revenue", 4),
        ("U1", "bolt employees", 4),
        ("U1", "bolt revenue", 4),
    ] {
        ledger
            .remember_question(user, question, at(second))
            .await
            .unwrap();
    }
    for (user, most, expected) in [
        (
            "U1",
            9,
            &[
                "bolt revenue",
                "bolt employees",
                "acme revenue",
                "acme employees",
            ][..],
        ),
        ("U1", 2, &["bolt revenue", "bolt employees"]),
        ("U1", 0, &[]),
        ("U2", 9, &["of another"]),
        ("U3", 9, &[]),
    ] {
        assert_eq!(
            ledger.last_questions(user, most).await.unwrap(),
            expected,
            "{user} {most}"
        );
    }
    for number in 0..30 {
        ledger
            .remember_question("U1", &number.to_string(), at(9))
            .await
            .unwrap();
    }
    let kept: Vec<String> = (10..30).rev().map(|number| number.to_string()).collect();
    assert_eq!(ledger.last_questions("U1", 1000).await.unwrap(), kept);
    assert_eq!(
        ledger.last_questions("U2", 9).await.unwrap(),
        ["of another"]
    );
}

#[tokio::test]
async fn a_thread_keeps_its_topic_for_seven_days() {
    let (_folder, ledger) = fresh().await;
    let topic = |entity_id, attribute: Option<&str>| Topic {
        entity_id,
        attribute: attribute.map(str::to_owned),
    };
    let (first, last) = (topic(-17, None), topic(i64::MAX, Some("revenue")));
    ledger.set_topic("C1", "1.1", &first, day(0)).await.unwrap();
    ledger.set_topic("C2", "1.1", &last, day(0)).await.unwrap();
    assert_eq!(ledger.topic("C1", "1.1").await.unwrap(), Some(first));
    assert_eq!(ledger.topic("C1", "1.2").await.unwrap(), None);
    ledger.set_topic("C1", "1.1", &last, day(1)).await.unwrap();
    for (now, expected) in [
        (day(7) - Duration::from_secs(1), [Some(&last), Some(&last)]),
        (day(7), [Some(&last), None]),
        (day(8), [None, None]),
    ] {
        ledger.begin(&now.to_string(), LEASE, now).await.unwrap();
        for (channel, expected) in ["C1", "C2"].into_iter().zip(expected) {
            let found = ledger.topic(channel, "1.1").await.unwrap();
            assert_eq!(found.as_ref(), expected, "{channel} {now}");
        }
    }
}

#[tokio::test]
async fn it_is_known_for_ninety_days_who_asked_what() {
    let (_folder, ledger) = fresh().await;
    let access = |day_of, user: &str| Access {
        at: day(day_of),
        user: user.to_owned(),
        team: Some("T1".to_owned()),
        channel: None,
        entity_id: Some(17),
        attribute: None,
        outcome: "answered".to_owned(),
    };
    let all = [access(0, "U1"), access(1, "U2"), access(1, "U3")];
    for access in &all {
        ledger.audit(access).await.unwrap();
    }
    let newest_first: Vec<Access> = all.iter().rev().cloned().collect();
    for (today, expected) in [(89, 3), (90, 2), (91, 0)] {
        ledger
            .begin(&today.to_string(), LEASE, day(today))
            .await
            .unwrap();
        let found = ledger.accesses(9).await.unwrap();
        assert_eq!(found, newest_first[..expected], "{today}");
    }
    ledger.audit(&all[0]).await.unwrap();
    ledger.audit(&all[1]).await.unwrap();
    assert_eq!(ledger.accesses(1).await.unwrap(), [all[1].clone()]);
}

fn state() -> impl Strategy<Value = Option<TriageState>> {
    prop::option::of(prop_oneof![
        Just(TriageState::Looking),
        Just(TriageState::Explained),
        Just(TriageState::DataError),
    ])
}

fn words() -> impl Strategy<Value = Option<String>> {
    prop::option::of(".{0,12}")
}

prop_compose! {
    fn report()(
        second in 0..1_000_000_u64,
        texts in prop::array::uniform3(".{0,12}"),
        maybe in prop::array::uniform5(words()),
        posted in prop::option::of(".{1,5}"),
        state in state(),
    ) -> Report {
        let [user, question, wrong] = texts;
        let [expected, link, channel, thread_ts, state_by] = maybe;
        Report {
            id: "R1".to_owned(),
            at: at(second),
            user, question, wrong, expected, link, channel, thread_ts,
            posted: posted.map(|ts| place(&ts)),
            state, state_by,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn a_report_is_read_back_as_it_was_saved_last(first in report(), last in report()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (_folder, ledger) = fresh().await;
            prop_assert_eq!(ledger.report("R1").await.unwrap(), None);
            for report in [first, last] {
                ledger.save_report(&report).await.unwrap();
                prop_assert_eq!(ledger.report("R1").await.unwrap(), Some(report));
            }
            Ok(())
        })?;
    }
}
