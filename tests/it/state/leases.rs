//! A job's lease: every transition, workers side by side, answers that are lost on the way.

use why::job::Posted;
use why::ledger::{Begun, Error, Ledger};

use super::peer::{Answer, Peer};
use super::{LEASE, Store, at, stores, table};
use crate::moto;

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
    for store in stores().await {
        for line in script.lines().map(str::trim) {
            let (done, expected) = line.split_once('=').unwrap();
            let words: Vec<&str> = done.split_whitespace().collect();
            let given = step(&store.ledger, words[0].parse().unwrap(), &words[1..]).await;
            let given = given.unwrap_or_else(|error| error.to_string());
            assert_eq!(given, expected.trim(), "{}: {line}\n{script}", store.name);
        }
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

/// Two ledgers of one store are two processes.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_several_workers_one_wins() {
    for store in stores().await {
        for round in 0..3 {
            let job = round.to_string();
            one_of_twenty_wins(&store, &job, 0, &Begun::New).await;
            // Then the lease runs out: one of those who wait takes over.
            let resumed = Begun::Resumed { posted: None };
            one_of_twenty_wins(&store, &job, 60, &resumed).await;
        }
    }
}

async fn one_of_twenty_wins(store: &Store, job: &str, second: u64, won: &Begun) {
    let begins = (0..20).map(|number| {
        let ledger = if number % 2 == 0 {
            &store.ledger
        } else {
            &store.other
        };
        let (ledger, job) = (ledger.clone(), job.to_owned());
        tokio::spawn(async move { ledger.begin(&job, LEASE, at(second)).await })
    });
    let mut all = Vec::new();
    for begin in begins.collect::<Vec<_>>() {
        all.push(begin.await.unwrap().unwrap());
    }
    let until = at(second) + LEASE;
    let winners = all.iter().filter(|begun| *begun == won).count();
    let busy = all
        .iter()
        .filter(|begun| **begun == Begun::Busy { until })
        .count();
    assert_eq!((winners, busy), (1, 19), "{}: {all:?}", store.name);
}

/// DynamoDB has done it, nobody heard so, and the SDK asks again: the lease is still ours, and
/// nobody else's.
#[tokio::test]
async fn a_lease_whose_answer_was_lost_is_ours() {
    let table = table().await;
    let peer = Peer::start(&[Answer::Lost, Answer::PassOn]).await;
    let ledger = Ledger::dynamo(&moto::config(&peer.url), &table);
    assert_eq!(ledger.begin("j", LEASE, at(0)).await.unwrap(), Begun::New);
    assert_eq!(peer.seen(), ["DynamoDB.PutItem", "DynamoDB.PutItem"]);
    let until = at(60);
    assert_eq!(
        ledger.begin("j", LEASE, at(0)).await.unwrap(),
        Begun::Busy { until }
    );

    // The same where it is taken over: refused, then done and not heard.
    let script = [Answer::PassOn, Answer::Lost, Answer::PassOn];
    let peer = Peer::start(&script).await;
    let ledger = Ledger::dynamo(&moto::config(&peer.url), &table);
    assert_eq!(
        ledger.begin("j", LEASE, at(60)).await.unwrap(),
        Begun::Resumed { posted: None }
    );
    assert_eq!(
        peer.seen(),
        [
            "DynamoDB.PutItem",
            "DynamoDB.UpdateItem",
            "DynamoDB.UpdateItem"
        ]
    );
}
