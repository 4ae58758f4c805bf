//! Answers questions through Athena in one process, as a warm worker does, for `drive.py`.
//!
//! `athena LAKE`: a question a line on standard input, its receipt as a line of JSON on standard
//! output. Athena is where `AWS_ENDPOINT_URL_ATHENA` says.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a bench reads clock and environment, prints, and fails by panicking"
)]

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use why::ask::{Request, Why};
use why::engine::{Choice, Settings};
use why::render::json;

fn main() {
    let lake = std::env::args().find(|word| Path::new(word).join("why.toml").exists());
    let catalog = Path::new(&lake.unwrap()).join("why.toml");
    let aws: BTreeMap<String, String> = std::env::vars()
        .filter(|(name, _)| name.starts_with("AWS_"))
        .map(|(name, value)| (name.to_ascii_lowercase(), value))
        .collect();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(async {
        let choice = Choice::Athena(Settings::default());
        let why = Why::open_with(&catalog, &aws, &choice).await.unwrap();
        for question in std::io::stdin().lines() {
            let request = Request::new(question.unwrap());
            let answer = why.ask(&request, Timestamp::now()).await.unwrap();
            println!("{}", json::answer(&answer)["read"]);
        }
    });
}
