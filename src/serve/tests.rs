//! A server that runs, over acme's lake: what it refuses, how it says that it is well, how it ends.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use jiff::Timestamp;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::{Config, Slack, start};
use crate::chat;
use crate::job::{Asker, Job, Place, Reply, Work};
use crate::ledger::Ledger;
use crate::logs;
use crate::queue::Queue;
use crate::slack::signature::Secrets;
use crate::slack_demo::fake::state::{Message, Standing, User};
use crate::slack_demo::fake::{self, Fake};

const TOKEN: &str = "xoxb-hush-token";
const SECRET: &str = "hush-signing-secret-of-the-tests";

fn now() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

/// Imported once; the folder stays for as long as the tests run.
fn acme() -> PathBuf {
    static LAKE: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, lake) = LAKE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let lake = folder.path().join("acme");
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/acme");
        let words = ["why", "import", "--latest", "--catalog"];
        let mut arguments: Vec<std::ffi::OsString> = words.map(Into::into).to_vec();
        for (flag, value) in [
            ("", data.join("why.toml")),
            ("--decisions", data.join("decisions.jsonl")),
            ("--entities", data.join("entities.jsonl")),
            ("--into", lake.clone()),
        ] {
            arguments.extend((!flag.is_empty()).then(|| flag.into()));
            arguments.push(value.into());
        }
        let code = crate::cli::run(arguments, &crate::config::Environment::default(), now);
        assert_eq!(code, 0);
        (folder, lake)
    });
    lake.join("why.toml")
}

/// A Slack that knows every token and takes every message.
async fn slack() -> SocketAddr {
    let router = axum::Router::new().fallback(|| async {
        let headers = [
            ("content-type", "application/json"),
            ("x-oauth-scopes", "commands,chat:write"),
        ];
        let body = r#"{"ok":true,"url":"https://a.slack.com/","user_id":"U0","bot_id":"B0","team_id":"T0","team":"A","user":"why","channel":"C1","ts":"1.2"}"#;
        (headers, body)
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    address
}

fn any_port() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

fn known_by(token: &str, slack: SocketAddr) -> Slack {
    Slack {
        bot_token: token.to_owned(),
        secrets: Secrets::new([SECRET.to_owned()]),
        app_token: None,
        api_url: format!("http://{slack}/api"),
        response_hosts: vec![slack.to_string()],
        triage_channel: None,
    }
}

fn config(folder: &Path, slack: SocketAddr) -> Config {
    Config {
        catalog_file: acme(),
        s3: std::collections::BTreeMap::new(),
        engine: crate::engine::Choice::Direct,
        listen: any_port(),
        metrics: Some(any_port()),
        state: folder.join("state.sqlite"),
        slack: Some(known_by(TOKEN, slack)),
        web: crate::config::web::Web::default(),
        workers: 4,
        lease: Duration::from_secs(60),
        grace: Duration::from_secs(5),
        now,
    }
}

async fn get(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn what_is_missing_or_wrong_keeps_it_from_starting_and_says_how_to_mend_it() {
    let folder = tempfile::tempdir().unwrap();
    let slack = slack().await;
    let taken = TcpListener::bind(any_port()).await.unwrap();
    let taken = taken.local_addr().map(|address| (taken, address)).unwrap();
    let lakeless = folder.path().join("lakeless.toml");
    std::fs::copy(acme(), &lakeless).unwrap();
    type Break<'a> = Box<dyn Fn(&mut Config) + 'a>;
    let rows: [(&str, Break<'_>); 6] = [
        (
            "no_signing_secret",
            Box::new(|c| c.slack.as_mut().unwrap().secrets = Secrets::new([])),
        ),
        (
            "no_catalog",
            Box::new(|c| c.catalog_file = folder.path().join("no.toml")),
        ),
        (
            "no_lake",
            Box::new(|c| c.catalog_file.clone_from(&lakeless)),
        ),
        (
            "state",
            Box::new(|c| c.state = folder.path().join("no/state.sqlite")),
        ),
        ("port", Box::new(|c| c.listen = taken.1)),
        ("port", Box::new(|c| c.metrics = Some(taken.1))),
    ];
    for (code, spoil) in rows {
        let mut config = config(folder.path(), slack);
        spoil(&mut config);
        let failure = start(config).await.unwrap_err();
        assert_eq!(failure.code, code, "{failure}");
        assert!(!failure.advice.is_empty(), "{failure}");
    }
}

#[tokio::test]
async fn it_says_whether_it_is_ready_and_shows_metrics_on_their_own_address_only() {
    let folder = tempfile::tempdir().unwrap();
    let running = start(config(folder.path(), slack().await)).await.unwrap();
    let ready = get(running.address(), "/readyz").await;
    assert!(ready.contains("lake ok\nqueue ok\nslack ok\n"), "{ready}");
    // What Slack's signed requests come in by, others may come in by.
    for (path, status) in [("/metrics", "303"), ("/v1/answer?q=acme+revenue", "401")] {
        let said = get(running.address(), path).await;
        assert!(said.starts_with(&format!("HTTP/1.1 {status}")), "{said}");
    }
    let metrics = get(running.metrics_address().unwrap(), "/metrics").await;
    assert!(
        metrics.contains("why_requests_total{endpoint=\"readyz\""),
        "{metrics}"
    );
    assert!(metrics.contains("why_queue_depth 0"), "{metrics}");
    running.stop().await;
}

fn job(number: usize) -> Job {
    Job {
        id: format!("job-{number}"),
        request_id: format!("request-{number}"),
        accepted_at: now(),
        asker: Asker {
            user: "U1".to_owned(),
            team: None,
            enterprise: None,
        },
        place: Place {
            channel: Some("C1".to_owned()),
            ..Place::default()
        },
        work: Work::Ask {
            text: "acme revenue".to_owned(),
        },
    }
}

/// Ephemeral messages, because a second one would stand beside the first.
fn answers(slack: &Fake, user: &str) -> usize {
    let mine = |m: &&Message| m.private_to.as_deref() == Some(user);
    slack.read(|w| w.messages.iter().filter(mine).count())
}

#[tokio::test]
async fn a_stop_under_load_answers_or_keeps_each_job_once_and_takes_no_more_requests() {
    let slack = Fake::start_at(now).await.unwrap();
    for answered_before in [0, 1, 20] {
        let folder = tempfile::tempdir().unwrap();
        let mine = || Config {
            slack: Some(known_by(fake::TOKEN, slack.address())),
            ..config(folder.path(), slack.address())
        };
        let queue = Queue::sqlite(&mine().state).await.unwrap();
        let mut jobs: Vec<Job> = (0..50).map(job).collect();
        for job in &mut jobs {
            job.asker.user = format!("U{answered_before}-{}", job.id);
            slack.change(|w| {
                let (name, standing) = ("somebody", Standing::Member);
                w.users
                    .insert(job.asker.user.clone(), User { name, standing });
            });
            queue.send(&job.id, &job.encode(), now()).await.unwrap();
        }
        let sum = || -> usize {
            jobs.iter()
                .map(|job| answers(&slack, &job.asker.user))
                .sum()
        };

        let running = start(mine()).await.unwrap();
        let address = running.address();
        while sum() < answered_before {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        running.stop().await;
        assert!(TcpStream::connect(address).await.is_err());
        assert!(queue.dead_letters().await.unwrap().is_empty());
        // Nothing is held by a worker that is gone: what waits can be had at once.
        let held = Duration::ZERO;
        let waiting = queue.receive(jobs.len(), held, now()).await.unwrap();
        assert!(!waiting.is_empty(), "the load was over before the stop");
        for job in &jobs {
            let is_waiting = waiting.iter().any(|received| received.id == job.id);
            let answers = answers(&slack, &job.asker.user);
            assert_eq!(answers + usize::from(is_waiting), 1, "{}", job.id);
        }

        let running = start(mine()).await.unwrap();
        let end = tokio::time::Instant::now() + Duration::from_secs(60);
        while queue.depth().await.unwrap().0 > 0 {
            assert!(tokio::time::Instant::now() < end, "{} answered", sum());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        running.stop().await;
        for job in &jobs {
            assert_eq!(answers(&slack, &job.asker.user), 1, "{}", job.id);
        }
    }
}

#[tokio::test]
async fn it_is_not_ready_where_no_job_could_be_written() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path(), slack().await);
    let other = rusqlite::Connection::open(&config.state).unwrap();
    let running = start(config).await.unwrap();
    // SQLite stands for the disk: from here on the file may not be written to as it was.
    other
        .execute_batch(
            "CREATE TRIGGER full BEFORE INSERT ON job
             BEGIN SELECT RAISE(ABORT, '/hush/path'); END",
        )
        .unwrap();
    let ready = get(running.address(), "/readyz").await;
    assert!(ready.starts_with("HTTP/1.1 503"), "{ready}");
    assert!(
        ready.contains("lake ok\nqueue not ok: it can't be written\n"),
        "{ready}"
    );
    // Whatever looks only, still can.
    let metrics = get(running.metrics_address().unwrap(), "/metrics").await;
    assert!(metrics.contains("why_queue_depth 0"), "{metrics}");
    running.stop().await;
}

/// What `/metrics` says once a delivery of each of these has ended.
async fn metrics_after(config: Config, deliveries: u32) -> String {
    let running = start(config).await.unwrap();
    let ended = |text: &str| -> u32 {
        let counted = text
            .lines()
            .filter(|line| line.starts_with("why_jobs_total"));
        counted
            .map(|line| line.rsplit(' ').next().unwrap().parse::<u32>().unwrap())
            .sum()
    };
    let end = tokio::time::Instant::now() + Duration::from_secs(60);
    loop {
        let text = get(running.metrics_address().unwrap(), "/metrics").await;
        if ended(&text) == deliveries {
            running.stop().await;
            return text;
        }
        assert!(tokio::time::Instant::now() < end, "{text}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn each_question_is_timed_once_and_every_delivery_is_counted_by_how_it_ended() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path(), slack().await);
    let queue = Queue::sqlite(&config.state).await.unwrap();
    let mut asked = job(1);
    asked.accepted_at = now() - Duration::from_secs(3);
    let mut opened = job(2);
    opened.work = Work::Home;
    let before = job(3);
    let ledger = Ledger::sqlite(&config.state).await.unwrap();
    ledger.finish(&before.id, now()).await.unwrap();
    for job in [asked, opened, before] {
        queue.send(&job.id, &job.encode(), now()).await.unwrap();
    }
    queue.send("garbage", "{", now()).await.unwrap();
    let text = metrics_after(config, 4).await;
    for line in [
        "why_jobs_total{outcome=\"answered\"} 1",
        "why_jobs_total{outcome=\"done\"} 1",
        "why_jobs_total{outcome=\"repeated\"} 1",
        "why_jobs_total{outcome=\"buried\"} 1",
        "why_answer_seconds_count 1",
        "why_answer_seconds_sum 3.0",
        "why_slack_errors_total{class=\"auth\"} 0",
    ] {
        assert!(text.contains(line), "no {line} in\n{text}");
    }
    let readme = include_str!("../../README.md");
    let kinds = text.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    let names: Vec<&str> = kinds.filter_map(|kind| kind.split(' ').next()).collect();
    // Nobody asked anything over HTTP.
    assert_eq!(names.len(), 6, "{text}");
    for name in names.into_iter().chain(["why_requests"]) {
        assert!(
            readme.contains(&format!("`{name}")),
            "README says nothing of {name}"
        );
    }
}

#[tokio::test]
async fn what_slack_puts_off_is_counted_and_timed_when_it_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let refuses = axum::Router::new().fallback(|request: axum::extract::Request| async move {
        let (status, body) = match request.uri().path() {
            "/api/chat.postEphemeral" => (429, r#"{"ok":false,"error":"ratelimited"}"#),
            _ => (200, r#"{"ok":true,"user_id":"U0","team_id":"T0"}"#),
        };
        let status = axum::http::StatusCode::from_u16(status).unwrap();
        (status, [("content-type", "application/json")], body)
    });
    let listener = TcpListener::bind(any_port()).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, refuses).await.unwrap() });
    let config = config(folder.path(), address);
    let queue = Queue::sqlite(&config.state).await.unwrap();
    let job = job(1);
    queue.send(&job.id, &job.encode(), now()).await.unwrap();
    let text = metrics_after(config, 1).await;
    for line in [
        "why_jobs_total{outcome=\"again\"} 1",
        "why_slack_errors_total{class=\"rate_limited\"} 1",
        "why_answer_seconds_count 0",
    ] {
        assert!(text.contains(line), "no {line} in\n{text}");
    }
}

/// One who posted "Looking up…" and died before the ledger knew; and where.
async fn died_after_a_placeholder(job: &Job, slack: &Fake, state: &Path) {
    let chat = chat::Client::new(slack.settings()).unwrap();
    let mut message = serde_json::json!({"text": "Looking up\u{2026}"});
    message["metadata"] = chat::mark(&job.id);
    message["thread_ts"] = job.place.thread_ts.clone().into();
    let channel = job.place.channel.as_deref().unwrap();
    chat.post(channel, &message).await.unwrap();
    let ledger = Ledger::sqlite(state).await.unwrap();
    let lease = Duration::from_secs(60);
    ledger.begin(&job.id, lease, now()).await.unwrap();
    ledger.release(&job.id).await.unwrap();
}

#[tokio::test]
async fn a_placeholder_that_nobody_wrote_down_is_found_where_we_may_read_and_becomes_the_answer() {
    for (channel, in_thread, may_read, stray) in [
        ("D1", false, true, 0),
        ("D1", true, true, 0),
        ("C1", true, true, 0),
        // It is not worth a permission to read all that people write.
        ("C1", true, false, 1),
    ] {
        let slack = Fake::start_at(now).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let config = Config {
            slack: Some(known_by(fake::TOKEN, slack.address())),
            ..config(folder.path(), slack.address())
        };
        if may_read {
            slack.change(|w| w.scopes.push("channels:history".to_owned()));
        }
        let said = slack.say("U1", channel, None, "acme revenue");
        let mut asked = job(1);
        asked.place.channel = Some(channel.to_owned());
        asked.place.thread_ts = in_thread.then_some(said);
        asked.place.reply = Reply::Thread;
        died_after_a_placeholder(&asked, &slack, &config.state).await;
        // Another's, which is not to be touched.
        let mut other = asked.clone();
        other.id = "job-2".to_owned();
        died_after_a_placeholder(&other, &slack, &config.state).await;
        let queue = Queue::sqlite(&config.state).await.unwrap();
        queue.send(&asked.id, &asked.encode(), now()).await.unwrap();
        let text = metrics_after(config, 1).await;
        assert!(
            text.contains("why_jobs_total{outcome=\"answered\"} 1"),
            "{text}"
        );
        let ours = slack.read(|w| {
            let ours = w.messages.iter().filter(|m| m.user == fake::state::BOT);
            ours.map(Message::is_placeholder).collect::<Vec<_>>()
        });
        let waiting = ours.iter().filter(|waits| **waits).count();
        assert_eq!((waiting, ours.len() - waiting), (1 + stray, 1), "{channel}");
        let refused = slack.read(|w| w.calls.iter().filter(|c| c.refused.is_some()).count());
        assert_eq!(refused, 0, "{channel}: asked for what we may not read");
    }
}

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_log_is_json_lines_without_a_secret() {
    let captured = Captured::default();
    let writer = captured.clone();
    let subscriber = logs::subscriber("trace", move || writer.clone());
    let guard = tracing::subscriber::set_default(subscriber);
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path(), slack().await);
    let queue = Queue::sqlite(&config.state).await.unwrap();
    let mut secretive = job(1);
    secretive.place.response_url = Some(crate::job::ResponseUrl(
        "http://127.0.0.1:1/hush-response".to_owned(),
    ));
    let body = secretive.encode();
    queue.send(&secretive.id, &body, now()).await.unwrap();
    let running = start(config).await.unwrap();
    get(running.address(), "/slack/commands?hush=1").await;
    let end = tokio::time::Instant::now() + Duration::from_secs(60);
    while queue.depth().await.unwrap().0 > 0 {
        assert!(tokio::time::Instant::now() < end, "the job is not done");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    running.stop().await;
    drop(guard);
    let bytes = captured.0.lock().unwrap().clone();
    let log = String::from_utf8(bytes).unwrap();
    assert!(!log.contains("hush"), "{log}");
    let lines: Vec<serde_json::Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    // It was handled, and the response URL tried.
    let about = lines.iter().filter(|line| line["job.id"] == "job-1");
    let about: Vec<_> = about.collect();
    assert!(
        about.iter().any(|line| line["way"] == "replace") && about.len() > 1,
        "{log}"
    );
    let started = lines.iter().find(|line| line["message"] == "started");
    let stamp = started.unwrap()["timestamp"].as_str().unwrap();
    assert!(
        stamp.ends_with('Z') && stamp.parse::<Timestamp>().is_ok(),
        "{stamp}"
    );
}
