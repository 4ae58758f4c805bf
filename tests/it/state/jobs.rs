//! `why jobs` over letters on AWS: listed, shown, put back once for each time that it is said.

use std::process::Command;
use std::time::Duration;

use jiff::Timestamp;
use why::job::{Asker, DeadLetter, Job, Place, Work};
use why::ledger::{Begun, Ledger};
use why::queue::{Queue, Urls};

use super::{polled, table, urls};
use crate::moto::Moto;

const MINUTE: Duration = Duration::from_secs(60);

/// A stack, and what an operator types.
struct Stack {
    ledger: Ledger,
    queue: Queue,
    table: String,
    urls: Urls,
    now: Timestamp,
}

impl Stack {
    #[expect(clippy::disallowed_methods, reason = "letters expire by the clock")]
    async fn new() -> Stack {
        let (table, urls) = (table().await, urls().await);
        Stack {
            ledger: Ledger::dynamo(&Moto::shared().config(), &table),
            queue: polled(&urls),
            table,
            urls,
            now: Timestamp::now(),
        }
    }

    /// A question that was given up some minutes ago, and apologised for.
    async fn given_up(&self, id: &str, minutes: u32) -> DeadLetter {
        let job = Job {
            id: id.to_owned(),
            request_id: format!("request-{id}"),
            accepted_at: self.now,
            asker: Asker {
                user: "U1".to_owned(),
                team: None,
                enterprise: None,
            },
            place: Place::default(),
            work: Work::Ask {
                text: "acme revenue".to_owned(),
            },
        };
        let letter = DeadLetter {
            id: id.to_owned(),
            body: job.encode(),
            why: "the lake answered 500".to_owned(),
            receive_count: 8,
            sent_at: self.now - MINUTE * (minutes + 1),
            died_at: self.now - MINUTE * minutes,
            apologised: true,
        };
        self.ledger.begin(id, MINUTE, self.now).await.unwrap();
        self.ledger.finish(id, self.now).await.unwrap();
        self.ledger.keep_letter(&letter).await.unwrap();
        letter
    }

    /// What it prints, or how it fails.
    async fn why(&self, words: &[&str]) -> Result<String, String> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_why"));
        command
            .arg("jobs")
            .args(words)
            .env_clear()
            .env("AWS_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env("AWS_ENDPOINT_URL", &Moto::shared().url)
            .env("WHY_LEDGER_TABLE", &self.table);
        let ended = tokio::task::spawn_blocking(move || command.output().unwrap());
        let ended = ended.await.unwrap();
        match ended.status.success() {
            true => Ok(String::from_utf8(ended.stdout).unwrap()),
            false => Err(String::from_utf8(ended.stderr).unwrap()),
        }
    }

    /// The ids of what lies in the queue, in no order; taken out of it.
    async fn queued(&self) -> Vec<String> {
        let mut ids = Vec::new();
        loop {
            let received = self.queue.receive(10, MINUTE, self.now).await.unwrap();
            if received.is_empty() {
                ids.sort();
                return ids;
            }
            ids.extend(received.into_iter().map(|received| received.id));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn letters_on_aws_are_listed_shown_and_put_back_once_each() {
    let stack = Stack::new().await;
    let queue = stack.urls.queue.clone();
    assert_eq!(
        stack.why(&["list"]).await.unwrap(),
        "No job was given up in the last 14 days.\n"
    );
    for (minutes, id) in ["j1", "j2", "j3"].into_iter().enumerate() {
        stack.given_up(id, u32::try_from(minutes).unwrap()).await;
    }
    let listed = stack.why(&["list"]).await.unwrap();
    assert!(
        listed.contains("j1  ") && listed.contains("acme revenue"),
        "{listed}"
    );
    let shown = stack.why(&["show", "request-j1"]).await.unwrap();
    assert!(
        shown.contains("why         the lake answered 500"),
        "{shown}"
    );

    let nowhere = stack.why(&["retry", "j1"]).await.unwrap_err();
    assert!(nowhere.contains("--queue-url"), "{nowhere}");
    assert_eq!(stack.queued().await, [""; 0]);

    let retry = ["retry", "j1", "--queue-url", &queue];
    assert_eq!(
        stack.why(&retry).await.unwrap(),
        "j1 is back in the queue.\n"
    );
    assert_eq!(stack.queued().await, ["j1"]);
    let begun = stack.ledger.begin("j1", MINUTE, stack.now).await.unwrap();
    assert_eq!(begun, Begun::Resumed { posted: None });
    // It is no letter any more: said again, nothing is sent.
    stack.ledger.finish("j1", stack.now).await.unwrap();
    let again = stack.why(&retry).await.unwrap_err();
    assert!(again.contains("There is no dead letter j1."), "{again}");
    let begun = stack.ledger.begin("j1", MINUTE, stack.now).await.unwrap();
    assert_eq!(begun, Begun::Done);

    let all = ["retry", "--all", "--queue-url", &queue];
    assert_eq!(
        stack.why(&all).await.unwrap(),
        "j3 is back in the queue.\nj2 is back in the queue.\n"
    );
    assert_eq!(stack.queued().await, ["j2", "j3"]);
    assert_eq!(stack.ledger.letters(stack.now).await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_that_the_queue_did_not_take_is_still_there() {
    let stack = Stack::new().await;
    let letter = stack.given_up("j1", 1).await;
    let gone = format!("{}-gone", stack.urls.queue);
    let failed = stack.why(&["retry", "j1", "--queue-url", &gone]).await;
    let failed = failed.unwrap_err();
    assert!(failed.contains("the stack's (its outputs say)"), "{failed}");
    assert_eq!(stack.ledger.letters(stack.now).await.unwrap(), [letter]);
}
