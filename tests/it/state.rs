//! Queue and ledger over every store: SQLite in a file, SQS and DynamoDB as moto speaks them; and
//! what goes wrong at the wire.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
};
use jiff::Timestamp;
use why::ledger::Ledger;
use why::queue::{Delivery, Queue, Urls};

use crate::moto::Moto;

mod jobs;
mod leases;
mod ledger;
mod letters;
mod peer;
mod queue;
mod wire;

const LEASE: Duration = Duration::from_secs(60);
const DAY: u64 = 24 * 60 * 60;

fn at(second: u64) -> Timestamp {
    "2026-11-24T12:00:00Z".parse::<Timestamp>().unwrap() + Duration::from_secs(second)
}

fn day(day: u64) -> Timestamp {
    at(day * DAY)
}

/// A name that no other test uses.
fn unused(what: &str) -> String {
    static USED: AtomicUsize = AtomicUsize::new(0);
    format!("{what}-{}", USED.fetch_add(1, Ordering::Relaxed))
}

/// A ledger, twice: as two processes have it.
struct Store {
    name: &'static str,
    ledger: Ledger,
    other: Ledger,
    _folder: tempfile::TempDir,
}

/// Fresh ones of every kind.
async fn stores() -> [Store; 2] {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("f");
    let sqlite = Store {
        name: "sqlite",
        ledger: Ledger::sqlite(&file).await.unwrap(),
        other: Ledger::sqlite(&file).await.unwrap(),
        _folder: folder,
    };
    let (config, table) = (Moto::shared().config(), table().await);
    let dynamo = Store {
        name: "dynamo",
        ledger: Ledger::dynamo(&config, &table),
        other: Ledger::dynamo(&config, &table),
        _folder: tempfile::tempdir().unwrap(),
    };
    [sqlite, dynamo]
}

/// A fresh table, as the template makes it.
async fn table() -> String {
    let name = unused("ledger");
    let client = aws_sdk_dynamodb::Client::new(&Moto::shared().config());
    let mut table = client
        .create_table()
        .table_name(&name)
        .billing_mode(BillingMode::PayPerRequest);
    for (key, kind) in [("pk", KeyType::Hash), ("sk", KeyType::Range)] {
        let defined = AttributeDefinition::builder()
            .attribute_name(key)
            .attribute_type(ScalarAttributeType::S);
        let element = KeySchemaElement::builder()
            .attribute_name(key)
            .key_type(kind);
        table = table
            .attribute_definitions(defined.build().unwrap())
            .key_schema(element.build().unwrap());
    }
    table.send().await.unwrap();
    name
}

/// A queue and one for its dead letters.
async fn urls() -> Urls {
    let client = aws_sdk_sqs::Client::new(&Moto::shared().config());
    let queue = unused("questions");
    let mut urls = Vec::new();
    for name in [queue.clone(), format!("{queue}-dead")] {
        let made = client.create_queue().queue_name(name).send().await.unwrap();
        urls.push(made.queue_url.unwrap());
    }
    Urls {
        dead_letters: urls.pop(),
        queue: urls.pop().unwrap(),
    }
}

fn polled(urls: &Urls) -> Queue {
    Queue::sqs(&Moto::shared().config(), urls.clone(), Delivery::Polled)
}

async fn sqlite_queue(folder: &Path) -> Queue {
    Queue::sqlite(&folder.join("f")).await.unwrap()
}
