//! Athena and the direct engine say the same. This Athena is `tests/athena/fake.py`, which runs the
//! real SQL over the real files with DuckDB.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::Duration;

use flate2::read::GzDecoder;
use futures::StreamExt;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use why::ask::{Request, Response, Why};
use why::engine::{Call, Choice, Settings};
use why::render;

use crate::harness::{self, NOW};
use crate::python;

mod fake;

/// Of the sp500's companies, one in so many: all of them would take a minute to import here.
const ONE_IN: i64 = 12;
/// About so many of what their attributes may be asked.
const QUESTIONS: usize = 400;
const AT_ONCE: usize = 12;

/// Lives as long as the test: it ends with its standard input.
pub(crate) struct Athena {
    _process: Child,
    pub(crate) port: u16,
}

impl Athena {
    pub(crate) fn start(lake: &str, more: &[&str]) -> Self {
        let (process, port) = python::serve("athena/fake.py", |command| {
            command
                .args(["--until-input-ends", "--lake", lake])
                .args(more);
        });
        Athena {
            _process: process,
            port,
        }
    }

    fn options(&self) -> BTreeMap<String, String> {
        let url = format!("http://127.0.0.1:{}", self.port);
        let options = [
            ("aws_region", "us-east-1"),
            ("aws_access_key_id", "test"),
            ("aws_secret_access_key", "test"),
            ("aws_endpoint_url", ""),
            ("aws_endpoint_url_athena", &url),
        ];
        options
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into()
    }

    pub(crate) async fn control(&self, method: &str, what: &str, body: Value) -> Value {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        let body = body.to_string();
        let request = format!(
            "{method} /control/{what} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        serde_json::from_str(body).unwrap_or_else(|e| panic!("{e}: {answer}"))
    }

    async fn fault(&self, fault: Value) {
        self.control("POST", "fault", fault).await;
    }

    async fn reset(&self) {
        self.control("POST", "reset", json!({})).await;
    }
}

async fn open(lake: &Path, athena: &Athena, choice: &Choice) -> Why {
    Why::open_with(&lake.join("why.toml"), &athena.options(), choice)
        .await
        .unwrap()
}

fn through_athena() -> Choice {
    Choice::Athena(Settings::default())
}

/// Imports decisions of `data/`, by its catalog: by days where the name says so, without a latest
/// table where no flag asks for one.
fn import(name: &str, data: &str, decisions: &Path, flags: &[&str]) -> PathBuf {
    let from = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("data")
        .join(data);
    let lake = scratch(name).join("lake");
    let catalog = lake.with_file_name("why.toml");
    let text = std::fs::read_to_string(from.join("why.toml")).unwrap();
    let text = match name.contains("days") {
        true => text.replace("step = \"month\"", "step = \"day\""),
        false => text,
    };
    let text = match flags.contains(&"--latest") {
        true => text,
        false => text.replace("latest = \"attribute_latest\"\n", ""),
    };
    std::fs::write(&catalog, text).unwrap();
    harness::import(
        &catalog,
        (decisions, &from.join("entities.jsonl")),
        flags,
        &lake,
    );
    lake
}

/// A folder of this test alone.
fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("athena")
        .join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

pub(crate) fn acme(name: &str, flags: &[&str]) -> PathBuf {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/acme/decisions.jsonl");
    import(name, "acme", &data, flags)
}

/// Some of the sp500's companies, and what they are asked about.
fn sp500() -> (PathBuf, Vec<String>) {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/sp500");
    let file = std::fs::File::open(data.join("attribute_trace.jsonl.gz")).unwrap();
    let mut text = String::new();
    GzDecoder::new(file).read_to_string(&mut text).unwrap();
    let some = scratch("some").join("decisions.jsonl");
    let mut out = std::io::BufWriter::new(std::fs::File::create(&some).unwrap());
    let mut pairs = BTreeMap::new();
    for line in text.lines() {
        let decision: Value = serde_json::from_str(line).unwrap();
        let id = decision["entity_id"].as_i64().unwrap();
        if id % ONE_IN != 0 {
            continue;
        }
        let attribute = decision["attribute_name"].as_str().unwrap().to_owned();
        *pairs.entry((id, attribute)).or_insert(0) += 1;
        writeln!(out, "{line}").unwrap();
    }
    drop(out);
    let ways = [
        "",
        " as of 2016-07-20",
        " since 2015-03-01 as of 2017-01-01",
        " full history",
        " expected 12",
    ];
    let every = pairs.len().div_ceil(QUESTIONS);
    let asked = pairs.keys().step_by(every).zip(ways.iter().cycle());
    let questions: Vec<String> = asked
        .map(|((id, attribute), way)| format!("#{id} {attribute}{way}"))
        .collect();
    (import("sp500", "sp500", &some, &["--latest"]), questions)
}

fn acme_questions() -> Vec<String> {
    let text = include_str!("../../data/acme/questions.txt");
    let lines = text.lines().filter(|line| !line.starts_with("//"));
    let mut questions: Vec<String> = lines
        .filter_map(|line| Some(line.split(" | ").next()?.to_owned()))
        .collect();
    for more in [
        "acme revenue in the last 90 days",
        "#24 revenue as of 2023-01-02",
        "acme",
        "acme changes since 2026-01-01",
    ] {
        questions.push(more.to_owned());
    }
    questions
}

/// What an engine says, without the receipt but for the days that were read.
async fn said(why: &Why, question: &str) -> Value {
    let response = why
        .respond(&Request::new(question), NOW.parse().unwrap())
        .await;
    let mut said = match response {
        Ok(Response::Answer(answer)) => render::json::answer(&answer),
        Ok(Response::Overview(overview)) => render::json::overview(&overview),
        Ok(Response::Changes(changes)) => render::json::changes(&changes),
        Err(failure) => return render::json::failure(&failure),
    };
    let read = said["read"].take();
    said["read"] = json!([read["from"], read["to"], read["complete"]]);
    said
}

/// Asks both; how many were answered with a value.
async fn check(lake: &Path, athena: &Athena, questions: &[String]) -> usize {
    let direct = &open(lake, athena, &Choice::Direct).await;
    let through = &open(lake, athena, &through_athena()).await;
    let both: Vec<(String, Value, Value)> = futures::stream::iter(questions.to_vec())
        .map(|question| async move {
            let (here, there) = tokio::join!(said(direct, &question), said(through, &question));
            (question, here, there)
        })
        .buffered(AT_ONCE)
        .collect()
        .await;
    for (question, here, there) in &both {
        assert_eq!(here, there, "{question}");
    }
    let answered = both
        .iter()
        .filter(|(_, here, _)| here["decided_at"].is_string());
    answered.count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sp500_says_the_same_through_athena() {
    let (lake, questions) = sp500();
    let athena = Athena::start(lake.to_str().unwrap(), &[]);
    let answered = check(&lake, &athena, &questions).await;
    assert!(
        questions.len() >= 200 && answered >= 150,
        "{answered} of {}",
        questions.len()
    );
    // A month's partition: fourteen years of them are read in one query.
    let queries = athena.control("GET", "queries", Value::Null).await;
    let queries = queries.as_array().unwrap();
    assert_eq!(queries.len(), questions.len() + nothing_found(queries));
}

/// Queries that look for other attributes.
fn nothing_found(queries: &[Value]) -> usize {
    let is_one = |query: &&Value| query["sql"].as_str().unwrap().contains("DISTINCT");
    queries.iter().filter(is_one).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acme_says_the_same_through_athena_in_every_layout() {
    let questions = acme_questions();
    let months = acme("acme-months", &["--latest"]);
    let athena = Athena::start(months.to_str().unwrap(), &[]);
    assert!(check(&months, &athena, &questions).await > 40);

    // More days than one query reads beside the latest row.
    let days = acme("acme-days", &["--latest"]);
    let athena = Athena::start(days.to_str().unwrap(), &[]);
    assert!(check(&days, &athena, &questions).await > 40);
    let queries = athena.control("GET", "queries", Value::Null).await;
    let seconds = queries.as_array().unwrap().iter();
    let seconds = seconds.filter(|q| q["sql"].as_str().unwrap().contains("\"created_date\" IN"));
    assert!(seconds.count() > 20);

    // Without a latest table what else there is is a hint, and each engine has its own.
    let ladder = acme("acme-ladder", &[]);
    let athena = Athena::start(ladder.to_str().unwrap(), &[]);
    let answered = questions
        .iter()
        .filter(|question| !question.contains("2022-12-31") && !question.contains("2023-01-02"));
    let answered: Vec<String> = answered.cloned().collect();
    assert!(check(&ladder, &athena, &answered).await > 40);
}

#[tokio::test]
async fn a_usual_question_is_one_query_in_at_most_six_calls() {
    let lake = acme("acme-usual", &["--latest"]);
    let times = [
        "--queue-ms",
        "60",
        "--planning-ms",
        "110",
        "--engine-ms",
        "900",
        "--service-ms",
        "40",
    ];
    let athena = Athena::start(lake.to_str().unwrap(), &times);
    let why = open(&lake, &athena, &through_athena()).await;
    let now = NOW.parse().unwrap();
    let answer = why.ask(&Request::new("acme revenue"), now).await.unwrap();
    let calls = athena.control("GET", "calls", Value::Null).await;
    let names: Vec<&str> = calls
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["operation"].as_str().unwrap())
        .collect();
    assert_eq!(
        names
            .iter()
            .filter(|name| name.starts_with("Start"))
            .count(),
        1
    );
    assert!(names.len() <= 6, "{names:?}");
    assert_eq!(answer.read.requests, names.len() as u64);
    let said = answer.read.athena.unwrap();
    assert_eq!(
        [said.queue_ms, said.planning_ms, said.service_ms],
        [60.0, 110.0, 40.0]
    );
}

#[tokio::test]
async fn the_same_job_scans_once_and_an_earlier_result_is_free() {
    let lake = acme("acme-twice", &["--latest"]);
    let athena = Athena::start(lake.to_str().unwrap(), &[]);
    let choice = Choice::Athena(Settings {
        reuse: Some(Duration::from_secs(3600)),
        ..Settings::default()
    });
    let why = open(&lake, &athena, &choice).await;
    let now = NOW.parse().unwrap();
    let ask = async |seed: &str| {
        let request = Request {
            call: Call {
                seed: Some(seed.to_owned()),
                budget: None,
            },
            ..Request::new("acme revenue")
        };
        why.ask(&request, now).await.unwrap().read
    };
    let (first, again, other) = (ask("job-1").await, ask("job-1").await, ask("job-2").await);
    let ids = |read: &why::answer::Read| read.athena.clone().unwrap().ids;
    assert_eq!(ids(&first), ids(&again));
    assert_ne!(ids(&first), ids(&other));
    let queries = athena.control("GET", "queries", Value::Null).await;
    assert_eq!(
        (queries[0]["starts"].clone(), queries[1]["reused"].clone()),
        (json!(2), json!(true))
    );
    assert!(first.cost_usd > 0.0 && other.cost_usd.abs() < f64::EPSILON);
}

#[tokio::test]
async fn auto_reads_few_partitions_itself_and_says_why() {
    let days = acme("acme-auto-days", &["--latest"]);
    let athena = Athena::start(days.to_str().unwrap(), &[]);
    let why = open(&days, &athena, &Choice::Auto(Settings::default())).await;
    let now = NOW.parse().unwrap();
    let read = async |words: &str| why.ask(&Request::new(words), now).await.unwrap().read;
    let few = read("acme revenue since 2026-10-01").await;
    assert_eq!((few.engine, few.athena), ("direct", None));
    assert_eq!(few.engine_reason.as_deref(), Some("at most 53 partitions"));
    let many = read("acme revenue").await;
    assert_eq!(many.engine, "athena");
    let reason = many.engine_reason.unwrap();
    assert!(reason.starts_with("up to 1421 partitions"), "{reason}");
}
