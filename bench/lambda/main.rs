//! How long the functions take on Lambda's Runtime API, and what they weigh, beside both Bolts.
//!
//! `lambda FOLDER`: what `bench/run.sh lambda` put there. Rounds are interleaved: in each, every
//! contender starts anew, takes its first event, then a hundred more, one after another. The
//! services that a function calls answer at once. Start at [`measured`].
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a bench prints, reads the clock, and fails by panicking"
)]
#![allow(dead_code, reason = "the tests use the rest of what lies with them")]

use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::http::{HeaderMap, Method, Uri};
use serde_json::{Value, json};
use why::job::{Asker, Job, Place, ResponseUrl, Work};
use why::slack::signature::sign;

#[path = "../../tests/it/lambda/function.rs"]
mod function;
#[path = "../../tests/it/lambda/gateway.rs"]
mod gateway;
#[path = "../../tests/it/lambda/runtime.rs"]
mod runtime;
mod services;

use function::{Function, Invocation, Launch, Memory, Outcome};

const ROUNDS: usize = 9;
/// Started and asked once, on top of the rounds: starts are few and spread widely.
const STARTS: usize = 2;
const WARM: usize = 200;
const SECRET: &str = "signing-secret-of-the-bench";
/// Where all services are: events name it, so it is fixed.
const SERVICES: &str = "127.0.0.1:39471";

/// Who is measured, and with what.
struct Contender {
    name: &'static str,
    launch: Launch,
    zip: PathBuf,
    event: fn() -> Value,
    samples: Samples,
}

#[derive(Default)]
struct Samples {
    starts: Vec<Duration>,
    firsts: Vec<Duration>,
    warm: Vec<Duration>,
    started_kb: Vec<u64>,
    warm_kb: Vec<u64>,
}

#[tokio::main]
async fn main() {
    // `cargo bench` adds a flag of its own.
    let given: Vec<String> = std::env::args().skip(1).collect();
    let given: Vec<&String> = given
        .iter()
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    let [folder, python, node] = given[..] else {
        panic!("usage: lambda FOLDER PYTHON NODE; see bench/run.sh");
    };
    services::start().await;
    let mut contenders = contenders(&Path::new(folder).canonicalize().unwrap(), python, node);
    for round in 1..=ROUNDS {
        for contender in &mut contenders {
            measured(contender).await;
        }
        eprintln!("round {round} of {ROUNDS}");
    }
    print(&contenders);
}

/// One round of one contender.
async fn measured(contender: &mut Contender) {
    let samples = &mut contender.samples;
    for _ in 0..STARTS {
        let function = Function::new(contender.launch.clone());
        samples.starts.push(started(&function).await);
        samples
            .firsts
            .push(asked(&function, contender.event).await.took);
        function.kill().await;
    }
    let function = Function::new(contender.launch.clone());
    samples.starts.push(started(&function).await);
    samples.started_kb.push(resident(&function).await.now);
    samples
        .firsts
        .push(asked(&function, contender.event).await.took);
    for _ in 0..WARM {
        samples
            .warm
            .push(asked(&function, contender.event).await.took);
    }
    samples.warm_kb.push(resident(&function).await.now);
    function.kill().await;
}

async fn started(function: &Function) -> Duration {
    let started = function.start().await;
    started.unwrap_or_else(|why| panic!("{why}\n{}", function.log()))
}

async fn resident(function: &Function) -> Memory {
    function.memory().await.expect("a process that lives")
}

async fn asked(function: &Function, event: fn() -> Value) -> Invocation {
    let event = event();
    let is_request = event.get("rawPath").is_some();
    let invocation = function.invoke(event.to_string()).await;
    let is_well = match &invocation.outcome {
        Outcome::Answered(body) if !is_request => {
            let said: Value = serde_json::from_slice(body).unwrap();
            said["batchItemFailures"]
                .as_array()
                .is_none_or(Vec::is_empty)
        }
        Outcome::Answered(_) => gateway::read(&invocation).is_some_and(|r| r.status() == 200),
        Outcome::Failed(_) | Outcome::TimedOut | Outcome::Exited | Outcome::NotStarted(_) => false,
    };
    assert!(is_well, "{:?}\n{}", invocation.outcome, function.log());
    invocation
}

fn contenders(folder: &Path, python: &str, node: &str) -> Vec<Contender> {
    let own = |name: &'static str, event| Contender {
        name,
        launch: Launch {
            name: name.to_owned(),
            program: folder.join(name).join("bootstrap"),
            arguments: Vec::new(),
            task_root: folder.join(name),
            variables: services::variables(name, folder),
            timeout: Duration::from_secs(30),
            memory_mb: 256,
        },
        zip: folder.join(format!("{name}.zip")),
        event,
        samples: Samples::default(),
    };
    let bolt = |name, part: &str, program: &str, arguments: &[&str]| {
        let mut bolt = own(name, command as fn() -> Value);
        bolt.zip = folder.join(format!("{part}.zip"));
        bolt.launch.program = program.into();
        bolt.launch.arguments = arguments.iter().map(|&a| a.to_owned()).collect();
        bolt.launch.task_root = folder.join(part);
        let paths = ["python", "runtime"].map(|part| folder.join(part).display().to_string());
        bolt.launch.variables = vec![
            ("SLACK_SIGNING_SECRET".to_owned(), SECRET.to_owned()),
            ("PYTHONPATH".to_owned(), paths.join(":")),
        ];
        bolt
    };
    let bootstrap = concat!(env!("CARGO_MANIFEST_DIR"), "/bench/lambda/bootstrap.js");
    vec![
        own("ingress", command),
        own("worker", record),
        own("api", suggestion),
        bolt(
            "slack_bolt (Python)",
            "python",
            python,
            &["-m", "awslambdaric", "app.handler"],
        ),
        bolt("@slack/bolt (Node)", "node", node, &[bootstrap, "app.js"]),
    ]
    .into_iter()
    .filter(|contender| contender.zip.exists())
    .collect()
}

fn form(fields: &[(&str, &str)]) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields);
    form.finish()
}

/// As Slack signs it and API Gateway passes it on.
fn signed(path: &'static str, body: &str) -> Value {
    let at = jiff::Timestamp::now().as_second().to_string();
    let signature = sign(SECRET, &at, body.as_bytes());
    let headers: HeaderMap = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("host", "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com"),
        ("x-slack-request-timestamp", &at),
        ("x-slack-signature", &signature),
    ]
    .into_iter()
    .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
    .collect();
    gateway::event(
        &Method::POST,
        &Uri::from_static(path),
        &headers,
        body.as_bytes(),
    )
}

/// `/why acme revenue`.
fn command() -> Value {
    let trigger = function::request_id();
    let fields = [
        ("team_id", "T1"),
        ("channel_id", "C1"),
        ("channel_name", "data"),
        ("user_id", "U1"),
        ("user_name", "ada"),
        ("command", "/why"),
        ("text", "acme revenue"),
        ("api_app_id", "A1"),
        ("is_enterprise_install", "false"),
        (
            "response_url",
            "https://hooks.slack.com/commands/T1/1/bench",
        ),
        ("trigger_id", &trigger),
    ];
    signed("/slack/commands", &form(&fields))
}

/// What is typed into a modal's company field.
fn suggestion() -> Value {
    let payload = json!({
        "type": "block_suggestion", "user": {"id": "U1", "team_id": "T1"}, "team": {"id": "T1"},
        "api_app_id": "A1", "action_id": "company", "block_id": "company", "value": "ac",
    });
    signed(
        "/slack/options",
        &form(&[("payload", &payload.to_string())]),
    )
}

/// A batch of one question, whose answer goes to a response URL.
fn record() -> Value {
    let id = function::request_id();
    let now = jiff::Timestamp::now();
    let url = format!("http://{SERVICES}/commands/T1/1/bench");
    let job = Job {
        id: id.clone(),
        request_id: id.clone(),
        accepted_at: now,
        asker: Asker {
            user: "U1".to_owned(),
            team: Some("T1".to_owned()),
            enterprise: None,
        },
        place: Place {
            channel: Some("C1".to_owned()),
            response_url: Some(ResponseUrl(url)),
            ..Place::default()
        },
        work: Work::Ask {
            text: "acme revenue".to_owned(),
        },
    };
    let at = now.as_millisecond().to_string();
    json!({"Records": [{
        "messageId": id,
        "receiptHandle": "of-the-bench",
        "body": job.encode(),
        "attributes": {
            "ApproximateReceiveCount": "1", "SentTimestamp": at, "SenderId": "A",
            "ApproximateFirstReceiveTimestamp": at,
        },
        "messageAttributes": {},
        "md5OfBody": "d41d8cd98f00b204e9800998ecf8427e",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:why",
        "awsRegion": "us-east-1",
    }]})
}

fn print(contenders: &[Contender]) {
    println!(
        "| | process start to first `next` | best | first event | warm p50 | warm p99 \
         | resident, started | resident, warm | zip | start to ingress |\n\
         |---|---|---|---|---|---|---|---|---|---|"
    );
    let median_start = |c: &Contender| at(&c.samples.starts, 50).as_secs_f64();
    let first = contenders.first().map_or(1.0, median_start);
    for contender in contenders {
        let samples = &contender.samples;
        let ms = |time: Duration| 1000.0 * time.as_secs_f64();
        let mb = |kb: &[u64]| at(kb, 50) as f64 / 1024.0;
        println!(
            "| {} | {:.1} ms | {:.1} ms | {:.1} ms | {:.2} ms | {:.2} ms | {:.1} MB | {:.1} MB | {:.1} MB | {:.1} |",
            contender.name,
            ms(at(&samples.starts, 50)),
            ms(at(&samples.starts, 0)),
            ms(at(&samples.firsts, 50)),
            ms(at(&samples.warm, 50)),
            ms(at(&samples.warm, 99)),
            mb(&samples.started_kb),
            mb(&samples.warm_kb),
            std::fs::metadata(&contender.zip).map_or(0.0, |file| file.len() as f64 / 1e6),
            median_start(contender) / first,
        );
    }
}

/// This percentile of the samples.
fn at<T: Copy + Ord>(samples: &[T], percent: usize) -> T {
    let mut sorted = samples.to_vec();
    sorted.sort_unstable();
    sorted[(sorted.len() - 1) * percent / 100]
}
