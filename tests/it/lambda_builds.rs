//! What each function on AWS is built from: the ingress, on which a person waits, stays small.
//!
//! Asks `cargo tree`, which builds nothing, for the crates that a feature brings.

use std::collections::BTreeSet;
use std::process::Command;

/// What an ingress does not carry, however it comes in.
const HEAVY: [&str; 10] = [
    "arrow",
    "aws-sdk-athena",
    "aws-sdk-dynamodb",
    "fst",
    "object_store",
    "parquet",
    "regex-automata",
    "rusqlite",
    "slack-morphism",
    "ring",
];

/// The crates that end up in a binary of this feature alone, on the machine of the functions.
fn crates(feature: &str) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--offline", "--no-default-features"])
        .args(["--features", feature, "--edges", "normal"])
        .args(["--target", "aarch64-unknown-linux-gnu"])
        .args(["--prefix", "none", "--format", "{p}"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .filter_map(|line| Some(line.split_once(' ')?.0.to_owned()))
        .collect()
}

/// Those of `HEAVY` that are there: `arrow` stands for `arrow-array` too.
fn heavy(feature: &str) -> Vec<&'static str> {
    let crates = crates(feature);
    let is_there = |heavy: &&str| {
        let part = format!("{heavy}-");
        crates
            .iter()
            .any(|name| name == heavy || name.starts_with(&part))
    };
    HEAVY.into_iter().filter(is_there).collect()
}

#[test]
fn the_ingress_carries_nothing_that_only_an_answer_needs() {
    let none: [&str; 0] = [];
    assert_eq!(heavy("ingress-lambda"), none);
    let crates = crates("ingress-lambda");
    for needed in [
        "aws-sdk-sqs",
        "aws-sdk-secretsmanager",
        "lambda_http",
        "axum",
    ] {
        assert!(crates.contains(needed), "{needed}");
    }
}

#[test]
fn the_worker_carries_both_engines_and_the_ledger_and_no_sqlite() {
    let carried = [
        "arrow",
        "aws-sdk-athena",
        "aws-sdk-dynamodb",
        "fst",
        "object_store",
        "parquet",
        "slack-morphism",
    ];
    assert_eq!(heavy("worker-lambda"), carried);
}

#[test]
fn the_api_carries_both_engines_and_the_ledger_and_neither_sqlite_nor_slack() {
    let carried = [
        "arrow",
        "aws-sdk-athena",
        "aws-sdk-dynamodb",
        "fst",
        "object_store",
        "parquet",
    ];
    assert_eq!(heavy("api-lambda"), carried);
    let crates = crates("api-lambda");
    for needed in ["aws-sdk-sqs", "jsonwebtoken", "maud", "utoipa"] {
        assert!(crates.contains(needed), "{needed}");
    }
    for foreign in ["clap", "tokio-tungstenite", "prometheus-client"] {
        assert!(!crates.contains(foreign), "{foreign}");
    }
}
