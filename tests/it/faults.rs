//! What goes wrong around `why serve`, over and over: every question that was taken is answered
//! once, or apologised for.
//!
//! Each person asks one question, so that whoever reads the fake Slack knows whose answer is whose.
//! How often is `WHY_FAULT_ROUNDS` (10 where nothing is said). Start at [`App`] and [`Question`].

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::Request;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use jiff::Timestamp;
use serde_json::json;
use why::queue::Queue;
use why::serve::{self, Config, Running};
use why::slack::signature::sign;
use why::slack_demo::fake::state::{BOT, Message, PUBLIC, Standing, TRIAGE, User, Workspace};
use why::slack_demo::fake::{Fake, SECRET, TOKEN};

use crate::harness;

mod door;
mod jobs;
mod kill;
mod slack;
mod twice;

/// Short, so that a successor need not wait long.
const LEASE: Duration = Duration::from_secs(3);
/// Until all is answered: a lease or two, and pauses between tries.
const PATIENCE: Duration = Duration::from_secs(60);
const WORDS: &str = "acme revenue";
/// In every answer to them, in no apology.
pub(crate) const VALUE: &str = "12.4M USD";

#[expect(
    clippy::disallowed_methods,
    reason = "cargo hands a test nothing but variables"
)]
fn rounds() -> usize {
    match std::env::var("WHY_FAULT_ROUNDS") {
        Ok(rounds) => rounds.parse().unwrap(),
        Err(_) => 10,
    }
}

/// `why serve` in a process of its own, so that it can be killed.
struct App {
    child: Child,
    address: String,
}

impl App {
    /// `limit`: a shell's word before it starts, such as `ulimit -f 100`.
    fn start(slack: &Fake, state: &Path, limit: &str) -> App {
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(log_beside(state))
            .unwrap();
        let mut command = std::process::Command::new("sh");
        let mut child = command
            .env_clear()
            .arg("-c")
            .arg(format!("{limit}\nexec \"$0\" serve"))
            .arg(env!("CARGO_BIN_EXE_why"))
            .envs([
                ("SLACK_BOT_TOKEN", TOKEN),
                ("SLACK_SIGNING_SECRET", SECRET),
                ("SLACK_API_URL", &slack.api_url()),
                ("WHY_CATALOG", harness::acme_lake().to_str().unwrap()),
                ("WHY_STATE", state.to_str().unwrap()),
                ("WHY_LISTEN", "127.0.0.1:0"),
                ("WHY_METRICS", "off"),
                ("WHY_TRIAGE_CHANNEL", TRIAGE),
                ("WHY_LEASE", &LEASE.as_secs().to_string()),
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut said = String::new();
        let out = child.stdout.take().unwrap();
        BufReader::new(out).read_line(&mut said).unwrap();
        let address = said.trim().strip_prefix("Listening on ");
        let address = address.unwrap_or_else(|| panic!("{said}{}", log_of(state)));
        slack.connect(address);
        App {
            address: address.to_owned(),
            child,
        }
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for App {
    fn drop(&mut self) {
        // It may be dead already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn log_beside(state: &Path) -> PathBuf {
    state.with_extension("log")
}

fn log_of(state: &Path) -> String {
    std::fs::read_to_string(log_beside(state)).unwrap()
}

#[expect(
    clippy::disallowed_methods,
    reason = "processes side by side have the machine's clock in common"
)]
fn clock() -> Timestamp {
    Timestamp::now()
}

/// In this process; listens on a free port.
async fn running(slack: &Fake, state: &Path, now: fn() -> Timestamp) -> Running {
    let config = Config {
        catalog_file: harness::acme_lake().join("why.toml"),
        s3: std::collections::BTreeMap::new(),
        engine: why::engine::Choice::Direct,
        listen: ([127, 0, 0, 1], 0).into(),
        metrics: None,
        state: state.to_owned(),
        slack: Some(serve::Slack {
            bot_token: TOKEN.to_owned(),
            secrets: slack.secrets(),
            app_token: None,
            api_url: slack.api_url(),
            response_hosts: slack.response_hosts(),
            triage_channel: None,
        }),
        web: why::config::web::Web::default(),
        workers: 4,
        lease: LEASE,
        grace: Duration::from_secs(5),
        now,
    };
    let running = serve::start(config).await.unwrap();
    slack.connect(&address(&running));
    running
}

fn address(running: &Running) -> String {
    format!("http://{}", running.address())
}

/// How it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Means {
    Command,
    Mention,
    Direct,
}

/// Asked by somebody who asks nothing else.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub(crate) means: Means,
    user: String,
    channel: String,
    /// The mention's own timestamp: its answer is in this thread.
    ts: String,
    /// As Slack sends it, each time the same.
    path: &'static str,
    pub(crate) body: String,
}

/// What the app said to one request.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: String,
    pub(crate) took: Duration,
}

impl Reply {
    /// A question that was taken: 200, and for a command the words that say so.
    pub(crate) fn is_taken(&self) -> bool {
        self.status == 200 && (self.body.is_empty() || self.body.contains('\u{2026}'))
    }
}

impl Question {
    pub(crate) fn new(slack: &Fake, means: Means, number: usize) -> Question {
        Question::in_channel(slack, means, number, PUBLIC)
    }

    fn in_channel(slack: &Fake, means: Means, number: usize, channel: &str) -> Question {
        let user = format!("U9{number:06}");
        slack.change(|w| {
            let (name, standing) = ("somebody", Standing::Member);
            w.users.insert(user.clone(), User { name, standing });
        });
        let mut question = Question {
            means,
            user: user.clone(),
            channel: channel.to_owned(),
            ts: String::new(),
            path: "/slack/events",
            body: String::new(),
        };
        match means {
            Means::Command => {
                question.path = "/slack/commands";
                let url = slack.response_url(&user, channel);
                let mut form = form_urlencoded::Serializer::new(String::new());
                form.extend_pairs([
                    ("team_id", "T1"),
                    ("channel_id", channel),
                    ("user_id", &user),
                    ("command", "/why"),
                    ("text", WORDS),
                    ("response_url", &url),
                    ("trigger_id", &slack.trigger(&user)),
                ]);
                question.body = form.finish();
            }
            Means::Mention => {
                let text = format!("<@{BOT}> {WORDS}");
                question.ts = slack.say(&user, channel, None, &text);
                question.body = event(&question, "app_mention", &text);
            }
            Means::Direct => {
                question.channel = user.replacen('U', "D", 1);
                slack.change(|w| {
                    let kind = why::slack_demo::fake::state::Kind::Direct(user.clone());
                    let name = "direct message".to_owned();
                    let channel = why::slack_demo::fake::state::Channel { name, kind };
                    w.channels.insert(question.channel.clone(), channel);
                });
                question.ts = slack.say(&user, &question.channel, None, WORDS);
                question.body = event(&question, "message", WORDS);
            }
        }
        question
    }

    pub(crate) async fn send(&self, app: &str) -> Result<Reply, String> {
        self.send_at(app, clock()).await
    }

    /// Signed at this instant.
    async fn send_at(&self, app: &str, at: Timestamp) -> Result<Reply, String> {
        let at = at.as_second().to_string();
        let kind = match self.means {
            Means::Command => "application/x-www-form-urlencoded",
            Means::Mention | Means::Direct => "application/json",
        };
        let request = Request::post(format!("{app}{}", self.path))
            .header("content-type", kind)
            .header("x-slack-signature", sign(SECRET, &at, self.body.as_bytes()))
            .header("x-slack-request-timestamp", at)
            .body(Body::from(self.body.clone()))
            .unwrap();
        call(request).await
    }

    /// What the asker sees for this question: answers and apologies, and beside them placeholders.
    pub(crate) fn seen(&self, w: &Workspace) -> (Vec<Message>, usize) {
        let mine = |m: &&Message| {
            let is_here = match self.means {
                Means::Command => false,
                Means::Mention => m.thread_ts.as_ref() == Some(&self.ts),
                Means::Direct => m.channel == self.channel,
            };
            let direct = self.user.replacen('U', "D", 1);
            let is_private = m.private_to.as_ref() == Some(&self.user) || m.channel == direct;
            m.user == BOT && (is_here || is_private)
        };
        let all = w.messages.iter().filter(mine).cloned();
        let (waiting, answers): (Vec<_>, Vec<_>) = all.partition(Message::is_placeholder);
        (answers, waiting.len())
    }

    fn answers(&self, slack: &Fake) -> Vec<Message> {
        slack.read(|w| self.seen(w).0)
    }
}

fn event(question: &Question, kind: &str, text: &str) -> String {
    let ts = &question.ts;
    let mut event = json!({
        "type": kind, "text": text, "user": question.user, "ts": ts, "team": "T1",
        "channel": question.channel, "event_ts": ts,
    });
    if question.means == Means::Direct {
        event["channel_type"] = json!("im");
    }
    json!({
        "team_id": "T1",
        "event": event,
        "type": "event_callback",
        "event_id": format!("Ev{ts}"),
        "authorizations": [{"team_id": "T1", "user_id": BOT, "is_bot": true}],
    })
    .to_string()
}

async fn call(request: Request<Body>) -> Result<Reply, String> {
    use http_body_util::BodyExt;
    let began = Instant::now();
    let client = Client::builder(TokioExecutor::new()).build_http();
    let answer = client.request(request).await.map_err(|e| e.to_string())?;
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await;
    let body = body.map_err(|e| e.to_string())?.to_bytes();
    Ok(Reply {
        status,
        body: String::from_utf8_lossy(&body).into_owned(),
        took: began.elapsed(),
    })
}

async fn get(app: &str, path: &str) -> u16 {
    let request = Request::get(format!("{app}{path}")).body(Body::empty());
    call(request.unwrap()).await.unwrap().status
}

/// Nothing waits in the queue any more, and nobody is owed an apology.
async fn settled(state: &Path) {
    let queue = Queue::sqlite(state).await.unwrap();
    let end = Instant::now() + PATIENCE;
    loop {
        let (waiting, _) = queue.depth().await.unwrap();
        let letters = queue.dead_letters().await.unwrap();
        let owed = letters.iter().filter(|l| !l.apologised).count();
        if waiting == 0 && owed == 0 {
            return;
        }
        assert!(Instant::now() < end, "{waiting} wait, {owed} are owed");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
