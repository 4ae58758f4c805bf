//! What every queue does, in scripts: SQLite with a clock of ours, SQS with its own. And what only
//! SQS does.

use std::time::{Duration, Instant};

use aws_sdk_sqs::types::QueueAttributeName;
use jiff::Timestamp;
use why::job::{Asker, Job, Place, Work};
use why::queue::{Delivery, Error, Queue, Received, Sent, Urls};

use super::{at, polled, sqlite_queue, urls};
use crate::moto::Moto;

const INVISIBLE: Duration = Duration::from_secs(3);

/// A job, since SQS knows no id but the one in it.
fn body(id: &str) -> String {
    Job {
        id: id.to_owned(),
        request_id: "request".to_owned(),
        accepted_at: at(0),
        asker: Asker {
            user: "U1".to_owned(),
            team: None,
            enterprise: None,
        },
        place: Place::default(),
        work: Work::Home,
    }
    .encode()
}

#[derive(Debug, Clone, Copy)]
enum Clock {
    Ours,
    /// Since when.
    Real(Instant),
}

impl Clock {
    async fn reach(self, second: u64) -> Timestamp {
        if let Clock::Real(start) = self {
            tokio::time::sleep_until((start + Duration::from_secs(second)).into()).await;
        }
        at(second)
    }
}

async fn step(
    queue: &Queue,
    now: Timestamp,
    words: &[&str],
    deliveries: &mut Vec<Received>,
) -> Result<String, Error> {
    // `#1` is the first delivery of the script.
    let delivery = |name: &str| deliveries[name[1..].parse::<usize>().unwrap() - 1].clone();
    let nothing = |()| "ok".to_owned();
    Ok(match words {
        ["send", id] => match queue.send(id, &body(id), now).await? {
            Sent::New => "new".to_owned(),
            Sent::Known => "known".to_owned(),
        },
        ["receive", most] => {
            let received = queue.receive(most.parse().unwrap(), INVISIBLE, now).await?;
            deliveries.extend(received.iter().cloned());
            let mut names: Vec<_> = received
                .iter()
                .map(|received| {
                    assert_eq!(received.body, body(&received.id));
                    format!("{}x{}", received.id, received.receive_count)
                })
                .collect();
            // No queue but SQLite's promises an order.
            names.sort();
            names.join(" ")
        }
        ["done", name] => nothing(queue.done(&delivery(name)).await?),
        ["again", name, delay] => {
            let delay = Duration::from_secs(delay.parse().unwrap());
            nothing(queue.again(&delivery(name), delay, now).await?)
        }
        ["bury", name] => nothing(queue.bury(&delivery(name), "it\u{0} broke", now).await?),
        ["retry", id] => nothing(queue.retry(id, now).await?),
        ["letters"] => {
            let letters = queue.dead_letters().await?;
            let mut names: Vec<_> = letters
                .iter()
                .map(|letter| {
                    assert_eq!(letter.body, body(&letter.id));
                    assert!(letter.why.starts_with("it") && letter.why.ends_with(" broke"));
                    assert!(letter.sent_at <= letter.died_at && !letter.apologised);
                    format!("{}x{}", letter.id, letter.receive_count)
                })
                .collect();
            names.sort();
            names.join(" ")
        }
        ["depth"] => queue.depth().await?.0.to_string(),
        _ => panic!("{words:?}"),
    })
}

/// Lines of `SECOND OPERATION = WHAT IT GIVES`.
async fn check(name: &str, queue: &Queue, clock: Clock, script: &str) {
    let mut deliveries = Vec::new();
    for line in script.lines().map(str::trim) {
        let (done, expected) = line.split_once('=').unwrap();
        let words: Vec<&str> = done.split_whitespace().collect();
        let now = clock.reach(words[0].parse().unwrap()).await;
        let given = step(queue, now, &words[1..], &mut deliveries).await;
        let given = given.unwrap_or_else(|error| error.to_string());
        assert_eq!(given, expected.trim(), "{name}: {line}\n{script}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_queue_does_what_a_worker_relies_on() {
    let scripts = [
        // Done with is gone, also when it is said twice.
        "0 depth = 0
         0 send a = new
         0 depth = 1
         0 receive 1 = ax1
         0 depth = 1
         0 done #1 = ok
         0 done #1 = ok
         0 depth = 0
         5 receive 1 =",
        // Invisible while somebody has it; then the next delivery, which counts.
        "0 send a = new
         0 receive 9 = ax1
         1 receive 9 =
         4 receive 9 = ax2
         4 done #2 = ok
         8 receive 9 =",
        // Given back for a while, or at once.
        "0 send a = new
         0 receive 1 = ax1
         0 again #1 4 = ok
         2 receive 1 =
         5 receive 1 = ax2
         5 again #2 0 = ok
         5 receive 1 = ax3",
        // No more than asked for.
        "0 send a = new
         0 send b = new
         0 send c = new
         0 receive 0 =
         0 receive 3 = ax1 bx1 cx1
         1 receive 3 =",
        // What is buried waits among the letters, until it is retried: as if just sent.
        "0 send a = new
         0 send b = new
         0 receive 2 = ax1 bx1
         0 again #1 0 = ok
         0 again #2 0 = ok
         0 receive 2 = ax2 bx2
         0 bury #3 = ok
         0 bury #4 = ok
         0 depth = 0
         0 letters = ax2 bx2
         0 letters = ax2 bx2
         0 retry a = ok
         1 letters = bx2
         1 retry a = there is no dead letter a
         2 receive 9 = ax1
         2 done #5 = ok",
    ];
    let mut tasks = tokio::task::JoinSet::new();
    for script in scripts {
        tasks.spawn(async move {
            let folder = tempfile::tempdir().unwrap();
            let queue = sqlite_queue(folder.path()).await;
            check("sqlite", &queue, Clock::Ours, script).await;
        });
        tasks.spawn(async move {
            let queue = polled(&urls().await);
            check("sqs", &queue, Clock::Real(Instant::now()), script).await;
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap();
    }
}

fn as_lambda(urls: &Urls) -> Queue {
    Queue::sqs(&Moto::shared().config(), urls.clone(), Delivery::Lambda)
}

#[tokio::test]
async fn where_lambda_delivers_it_is_lambda_that_deletes() {
    let urls = urls().await;
    let queue = as_lambda(&urls);
    queue.send("a", &body("a"), at(0)).await.unwrap();
    let received = queue.receive(1, INVISIBLE, at(0)).await.unwrap();
    queue.done(&received[0]).await.unwrap();
    queue.bury(&received[0], "", at(0)).await.unwrap();
    assert_eq!(queue.depth().await.unwrap(), (1, None));
    // The letter is told apart from one that SQS moved: it says why.
    let letters = queue.dead_letters().await.unwrap();
    let [letter] = &letters[..] else {
        panic!("{letters:?}");
    };
    assert_eq!(letter.sent_at, received[0].sent_at);
    let said = (
        letter.id.as_str(),
        letter.why.as_str(),
        letter.receive_count,
    );
    assert_eq!(said, ("a", "unknown", 1));
}

#[tokio::test]
async fn a_body_is_sent_as_it_is_and_one_that_is_no_job_goes_by_its_message_id() {
    let queue = polled(&urls().await);
    let text = "{\"not\": \"a job\", \"ä\": \"\u{1f600} \u{2028}\"}";
    queue.send("a", text, at(0)).await.unwrap();
    let received = queue.receive(9, INVISIBLE, at(0)).await.unwrap();
    assert_eq!(received[0].body, text);
    assert!(received[0].id.len() == 36, "{}", received[0].id);
    queue.bury(&received[0], "not a job", at(0)).await.unwrap();
    let letters = queue.dead_letters().await.unwrap();
    assert_eq!((letters.len(), letters[0].body.as_str()), (1, text));
}

#[tokio::test]
async fn what_sqs_itself_gave_up_is_a_letter_too() {
    let urls = urls().await;
    let client = aws_sdk_sqs::Client::new(&Moto::shared().config());
    let graveyard = urls.dead_letters.clone().unwrap();
    let arn = client
        .get_queue_attributes()
        .queue_url(graveyard)
        .attribute_names(QueueAttributeName::QueueArn)
        .send()
        .await
        .unwrap();
    let arn = &arn.attributes().unwrap()[&QueueAttributeName::QueueArn];
    let policy = format!("{{\"deadLetterTargetArn\":\"{arn}\",\"maxReceiveCount\":\"1\"}}");
    client
        .set_queue_attributes()
        .queue_url(&urls.queue)
        .attributes(QueueAttributeName::RedrivePolicy, policy)
        .send()
        .await
        .unwrap();
    let queue = polled(&urls);
    queue.send("a", &body("a"), at(0)).await.unwrap();
    let received = queue.receive(1, INVISIBLE, at(0)).await.unwrap();
    let at_once = Duration::ZERO;
    queue.again(&received[0], at_once, at(0)).await.unwrap();
    assert_eq!(queue.receive(1, INVISIBLE, at(0)).await.unwrap(), []);
    let letters = queue.dead_letters().await.unwrap();
    let said: Vec<_> = letters
        .iter()
        .map(|letter| (letter.id.as_str(), letter.why.as_str()))
        .collect();
    assert_eq!(said, [("a", "received too often")]);
}

#[tokio::test]
async fn without_a_queue_for_them_nothing_can_be_buried() {
    let urls = Urls {
        dead_letters: None,
        ..urls().await
    };
    let queue = as_lambda(&urls);
    queue.send("a", &body("a"), at(0)).await.unwrap();
    let received = queue.receive(1, INVISIBLE, at(0)).await.unwrap();
    let refused = queue.bury(&received[0], "", at(0)).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the queue failed: no queue of dead letters is named"
    );
    // A receipt that means nothing changes nothing.
    let stale = Received {
        receipt: "overtaken".to_owned(),
        ..received[0].clone()
    };
    queue.again(&stale, INVISIBLE, at(0)).await.unwrap();
    polled(&urls).done(&stale).await.unwrap();
    assert_eq!(queue.depth().await.unwrap().0, 1);
}
