//! People talk to `why` in Slack, through the whole path: signed requests over HTTP, the real
//! router, queue, worker and engine over the acme lake, and a fake Slack that refuses what Slack
//! refuses.
//!
//! A test says and presses, then calls [`Talk::end`], which finds what no test may leave behind:
//! somebody without an answer or with two, a lost job, a refused message, a secret in a text. The
//! snapshots read like the channel: read them as the person there does.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::Value;
use why::queue::Queue;
use why::slack_demo::fake::state::{BOT, Message, Workspace};
use why::slack_demo::fake::{Fake, SECRET, TOKEN};
use why::slack_demo::{Demo, Stage};

use crate::harness::{NOW, acme_lake, scratch};

mod buttons;
mod failures;
mod forms;
mod links;
mod questions;
mod reports;
mod visibility;

/// An answer takes some 100 ms; this is for machines that are busy.
const PATIENCE: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(10);
/// Keys of what the fake is sent and nobody reads.
const UNREAD: [&str; 3] = ["private_metadata", "trigger_id", "token"];

/// A fake Slack and the app, for one test.
pub(crate) struct Talk {
    stage: Stage,
    pub(crate) state: PathBuf,
    queue: Queue,
    expected: Expected,
}

/// What would be a fault, were the test not about it.
#[derive(Debug, Default)]
struct Expected {
    /// Slack's codes.
    refusals: Vec<&'static str>,
}

pub(crate) async fn talk(name: &str) -> Talk {
    talk_over(name, acme_lake(), now).await
}

async fn talk_over(name: &str, lake: &Path, now: fn() -> Timestamp) -> Talk {
    set(name, lake, now, false).await
}

/// With links to the page.
async fn talk_with_links(name: &str, lake: &Path, now: fn() -> Timestamp) -> Talk {
    set(name, lake, now, true).await
}

async fn set(name: &str, lake: &Path, now: fn() -> Timestamp, links: bool) -> Talk {
    let folder = scratch().join(format!("talk-{name}"));
    std::fs::create_dir_all(&folder).unwrap();
    let stage = Stage::set(Demo {
        catalog_file: lake.join("why.toml"),
        s3: BTreeMap::new(),
        folder: folder.clone(),
        links,
        now,
    });
    let stage = stage.await.unwrap();
    let state = folder.join("why-state.sqlite");
    Talk {
        queue: Queue::sqlite(&state).await.unwrap(),
        stage,
        state,
        expected: Expected::default(),
    }
}

/// A copy of the acme lake that a test may break.
fn own_lake(name: &str) -> PathBuf {
    let lake = scratch().join(format!("lake-{name}"));
    let mut copy = Command::new("cp");
    copy.arg("-R").arg(acme_lake()).arg(&lake);
    assert!(copy.status().unwrap().success());
    lake
}

/// A clock that stands, finer than any moment that is typed or pressed.
fn now() -> Timestamp {
    let asked: Timestamp = NOW.parse().unwrap();
    asked + Duration::from_nanos(1)
}

/// A clock that runs, ten times as fast as others: for what waits until it is tried again.
fn fast() -> Timestamp {
    static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);
    now() + BEGAN.elapsed() * 10
}

impl Talk {
    pub(crate) fn slack(&self) -> &Fake {
        &self.stage.slack
    }

    /// A command, answered.
    async fn command(&self, user: &str, channel: &str, text: &str) -> Message {
        self.slack().command(user, channel, text).await.unwrap();
        self.answer().await
    }

    /// A mention, answered; the timestamp of the thread.
    async fn mention(&self, user: &str, channel: &str, thread: Option<&str>, text: &str) -> String {
        let asked = self.slack().mention(user, channel, thread, text).await;
        self.settled().await;
        thread.map_or(asked.unwrap(), str::to_owned)
    }

    /// A button, pressed and answered.
    pub(crate) async fn press(&self, user: &str, message: &Message, button: &str) -> Message {
        let pressed = self.slack().press(user, &message.ts, button).await;
        pressed.unwrap_or_else(|trouble| panic!("{trouble}\n{}", self.slack().transcript()));
        self.answer().await
    }

    /// Chooses in a menu or a calendar, which begins with this placeholder, and has the answer.
    async fn pick(
        &self,
        user: &str,
        message: &Message,
        placeholder: &str,
        choice: &str,
    ) -> Message {
        let element = elements(message)
            .find(|e| {
                let said = e.pointer("/placeholder/text").and_then(Value::as_str);
                said.is_some_and(|said| said.starts_with(placeholder))
            })
            .unwrap_or_else(|| panic!("no {placeholder} in {message:#?}"));
        let id = element["action_id"].as_str().unwrap();
        let options = element["options"].as_array().cloned().unwrap_or_default();
        let chosen = options.iter().find(|o| o["text"]["text"] == choice);
        let value = chosen.map_or(choice, |option| option["value"].as_str().unwrap());
        let picked = self.slack().pick(user, &message.ts, id, value).await;
        picked.unwrap();
        self.answer().await
    }

    /// Nothing is under way any more; the message that was said or changed last.
    async fn answer(&self) -> Message {
        self.settled().await;
        let last = self.slack().read(|w| w.last_answer().cloned());
        last.unwrap_or_else(|| panic!("no answer\n{}", self.slack().transcript()))
    }

    pub(crate) async fn settled(&self) {
        let until = Instant::now() + PATIENCE;
        loop {
            let (depth, _) = self.queue.depth().await.unwrap();
            if depth == 0 && self.slack().settled(Duration::ZERO).await {
                return;
            }
            let said = || {
                format!(
                    "{}{}",
                    self.slack().transcript(),
                    self.refusals().join("\n")
                )
            };
            assert!(Instant::now() < until, "{depth} jobs are left\n{}", said());
            tokio::time::sleep(POLL).await;
        }
    }

    /// What was said, as people see it. Whether a placeholder was there first is chance, and when
    /// the lake was written is not the conversation's.
    fn transcript(&self) -> String {
        let said = self.slack().transcript().replace(" (edited)", "");
        said.lines().map(without_age).collect()
    }

    /// What the fake refused, by Slack's code, but for what the test expects.
    fn refusals(&self) -> Vec<String> {
        let calls = self.slack().read(|w| w.calls.clone());
        let refused = calls.iter().filter_map(|call| {
            let refused = call.refused.as_ref()?;
            (!self.expected.refusals.contains(&refused.code))
                .then(|| format!("{} {}: {}", call.method, refused.code, refused.reason))
        });
        refused.collect()
    }

    /// Ends, with so many messages of ours that people see now; what was said.
    pub(crate) async fn end(self, messages: usize) -> String {
        self.settled().await;
        let said = self.transcript();
        let letters = self.queue.dead_letters().await.unwrap();
        assert_eq!(letters, [], "{said}");
        assert_eq!(self.refusals(), [""; 0], "{said}");
        let ours = self.slack().read(|w| {
            let ours = w.messages.iter().filter(|m| m.user == BOT);
            ours.cloned().collect::<Vec<_>>()
        });
        assert!(!ours.iter().any(Message::is_placeholder), "{said}");
        assert_eq!(
            ours.len(),
            messages,
            "an answer is missing or twice\n{said}"
        );
        self.slack().read(no_secret);
        self.stage.strike().await;
        said
    }
}

fn without_age(line: &str) -> String {
    // Also at the beginning of a line.
    const AGE: &str = "ata as of ";
    match line.split_once(AGE) {
        Some((before, after)) => {
            let rest = after.split_once(" UTC").map_or("", |(_, rest)| rest);
            format!("{before}{AGE}(then){rest}\n")
        }
        None => format!("{line}\n"),
    }
}

/// In nothing that the fake was told is what only the machines may know.
fn no_secret(w: &Workspace) {
    let mut said: Vec<String> = Vec::new();
    for call in &w.calls {
        strings(&call.arguments, &mut said);
    }
    for message in &w.messages {
        said.push(message.text.clone());
        message.blocks.iter().for_each(|b| strings(b, &mut said));
    }
    for text in said {
        for secret in [
            TOKEN,
            SECRET,
            "/commands/T1/",
            "of-the-fake",
            "v0=",
            ".82.trigger",
        ] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}

fn strings(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| strings(item, found)),
        Value::Object(fields) => fields
            .iter()
            .filter(|(key, _)| !UNREAD.contains(&key.as_str()))
            .for_each(|(_, value)| strings(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn elements(message: &Message) -> impl Iterator<Item = &Value> {
    let lists = message.blocks.iter().filter_map(|b| b.get("elements"));
    lists.filter_map(Value::as_array).flatten()
}

/// What stands on the buttons, in order.
fn buttons_of(message: &Message) -> Vec<String> {
    let labels = elements(message).filter_map(|e| e.pointer("/text/text")?.as_str());
    labels.map(str::to_owned).collect()
}

/// The text that a notification shows: the answer's first line.
fn first_line(message: &Message) -> &str {
    message.text.lines().next().unwrap_or_default()
}
