//! `auto` in the worker as it ships: few partitions by itself, many through Athena.

use std::net::SocketAddr;

use serde_json::{Value, json};

use super::faults::{PATIENCE, answers};
use super::scene::Scene;
use crate::athena::{Athena, acme};
use crate::faults::Means;

/// Asked in these words; how many queries Athena has seen by then.
async fn ask(scene: &Scene, athena: &Athena, more: &str) -> usize {
    let mut question = scene.question(Means::Command);
    let words = "text=acme+revenue";
    assert!(question.body.contains(words), "{}", question.body);
    question.body = question.body.replace(words, &format!("{words}{more}"));
    let reply = scene.ask(&question).await;
    assert!(reply.is_taken(), "{reply:?}\n{}", scene.log());
    assert!(scene.settled(PATIENCE).await, "{}", scene.log());
    let answered = answers(scene, &question);
    assert_eq!(answered.len(), 1, "{}", scene.log());
    let queries = athena.control("GET", "queries", json!({})).await;
    queries.as_array().map_or(0, Vec::len)
}

#[tokio::test(flavor = "multi_thread")]
async fn auto_leaves_many_partitions_to_athena_and_says_so_in_the_log() {
    let days = acme("acme-auto-worker-days", &["--latest"]);
    let athena = Athena::start(days.to_str().unwrap(), &[]);
    let address = SocketAddr::from(([127, 0, 0, 1], athena.port));
    let scene = Scene::start(&days, "auto", Some(address)).await;
    assert_eq!(ask(&scene, &athena, "+since+2026-10-01").await, 0);
    assert!(ask(&scene, &athena, "").await > 0);
    let queries = athena.control("GET", "queries", json!({})).await;
    assert_eq!(queries[0]["state"], "SUCCEEDED");
    let log = scene.log();
    let lines = log
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    let read: Vec<Value> = lines
        .filter(|line: &Value| line["step"] == "read")
        .collect();
    let engines: Vec<&Value> = read.iter().map(|line| &line["engine"]).collect();
    assert_eq!(engines, ["direct", "athena"], "{log}");
    assert_eq!(read[1]["athena.query_id"], queries[0]["id"]);
}
