//! What is acknowledged over a socket, and what is left for Slack to send again.

use std::time::Duration;

use jiff::Timestamp;

use super::*;
use crate::ask::Lake;
use crate::catalog::example::example;
use crate::error::{Class, Failure};
use crate::ingress::{Keys, Views};
use crate::queue::Queue;
use crate::slack::signature::Secrets;

const MENTION: &str = include_str!("../../slack/request/tests/payloads/mention.json");
const PRESS: &str = include_str!("../../slack/request/tests/payloads/press.json");
const COMMAND: &str = include_str!("../../slack/request/tests/payloads/command.json");
const SUGGESTION: &str = include_str!("../../slack/request/tests/payloads/suggestion.json");

fn now() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

/// Its queue lies in this folder; its lake does not open.
async fn socket(folder: &tempfile::TempDir) -> Socket {
    let queue = Queue::sqlite(&folder.path().join("state.sqlite")).await;
    let keys = || Keys::Told(Secrets::new([]));
    let patience = Duration::from_secs(20);
    Socket {
        ingress: Arc::new(Ingress {
            catalog: example().unwrap(),
            secrets: keys(),
            queue: queue.unwrap(),
            views: Views::new(|_, _| std::future::ready(Err("not asked".to_owned()))),
            now,
            queue_timeout: patience,
            open_timeout: patience,
        }),
        typeahead: Arc::new(Typeahead {
            lake: Lake::lazy(|| {
                std::future::ready(Err(Failure::new(
                    Class::Retry,
                    "no_lake",
                    "it is away",
                    "wait",
                )))
            }),
            secrets: keys(),
            patience,
            now,
        }),
        wake: Arc::new(Notify::new()),
    }
}

#[tokio::test]
async fn a_question_that_the_queue_did_not_take_is_not_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let socket = socket(&folder).await;
    let rows = [(Endpoint::Events, MENTION), (Endpoint::Interactions, PRESS)];
    for (endpoint, payload) in rows {
        let taken = socket.receive(endpoint, payload.as_bytes()).await;
        assert_eq!(taken, Taken::Yes(None), "{payload}");
    }
    let file = folder.path().join("state.sqlite");
    let other = rusqlite::Connection::open(file).unwrap();
    other.execute_batch("DROP TABLE job").unwrap();
    for (endpoint, payload) in rows {
        let taken = socket.receive(endpoint, payload.as_bytes()).await;
        assert_eq!(taken, Taken::No, "{payload}");
    }
    // Whoever typed a command is told at once instead.
    let taken = socket.receive(Endpoint::Commands, COMMAND.as_bytes());
    assert!(matches!(taken.await, Taken::Yes(Some(_))));
}

#[tokio::test]
async fn a_menu_that_can_not_be_filled_is_not_acknowledged_as_an_empty_one() {
    let folder = tempfile::tempdir().unwrap();
    let socket = socket(&folder).await;
    let taken = socket.receive(Endpoint::Options, SUGGESTION.as_bytes());
    assert_eq!(taken.await, Taken::No);
}
