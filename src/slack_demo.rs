//! Slack, played on this machine: for the demo, for screenshots and for the tests.
//!
//! [`fake`] speaks Slack's wire protocol and holds every payload to Slack's limits; [`play`] starts
//! it and `serve` beside it and has the same conversation each time. Development only, loopback
//! only.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;

use crate::config::web::Web;
use crate::engine::Choice;
use crate::error::{Class, Failure};
use crate::serve::{self, Config, Running};

pub mod fake;

use fake::Fake;
use fake::send::Trouble;
use fake::state::{ADA, GRACE, PUBLIC, TRIAGE};

/// Within this an answer must come.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the demo needs.
#[derive(Debug)]
pub struct Demo {
    pub catalog_file: PathBuf,
    pub s3: BTreeMap<String, String>,
    /// A folder for the queue and the ledger, which may be thrown away.
    pub folder: PathBuf,
    /// Whether answers lead to the page, which is the app's own; else they have no links.
    pub links: bool,
    pub now: fn() -> Timestamp,
}

/// A fake Slack and the app that it talks to.
#[derive(Debug)]
pub struct Stage {
    pub slack: Fake,
    app: Running,
}

impl Stage {
    /// Both, on free ports.
    ///
    /// # Errors
    /// No port, or the app does not start.
    pub async fn set(demo: Demo) -> Result<Stage, Failure> {
        let slack = Fake::start_at(demo.now)
            .await
            .map_err(|error| failed(format!("the fake Slack can't start: {error}")))?;
        let listen = free_address(demo.links)
            .map_err(|error| failed(format!("there is no free port: {error}")))?;
        let app = serve::start(config(demo, &slack, listen)).await?;
        slack.connect(&format!("http://{}", app.address()));
        Ok(Stage { slack, app })
    }

    /// Finishes what is under way.
    pub async fn strike(self) {
        self.app.stop().await;
    }

    /// Where the app listens.
    #[must_use]
    pub fn app(&self) -> SocketAddr {
        self.app.address()
    }

    /// The page that looks like a channel.
    #[must_use]
    pub fn page(&self) -> String {
        format!("http://{}/", self.slack.address())
    }
}

/// Of the app. What leads to it must be known before it listens.
fn free_address(is_told: bool) -> std::io::Result<SocketAddr> {
    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    match is_told {
        true => std::net::TcpListener::bind(any)?.local_addr(),
        false => Ok(any),
    }
}

fn config(demo: Demo, slack: &Fake, listen: SocketAddr) -> Config {
    Config {
        catalog_file: demo.catalog_file,
        s3: demo.s3,
        engine: Choice::Direct,
        listen,
        metrics: None,
        state: state_file(&demo.folder),
        slack: Some(serve::Slack {
            bot_token: fake::TOKEN.to_owned(),
            secrets: slack.secrets(),
            app_token: None,
            api_url: slack.api_url(),
            response_hosts: slack.response_hosts(),
            triage_channel: Some(TRIAGE.to_owned()),
        }),
        web: Web {
            page_url: demo.links.then(|| format!("http://{listen}")),
            ..Web::default()
        },
        workers: 2,
        lease: Duration::from_secs(60),
        grace: Duration::from_secs(2),
        now: demo.now,
    }
}

fn state_file(folder: &Path) -> PathBuf {
    folder.join("why-state.sqlite")
}

/// A command, a mention, a follow-up in its thread and a pressed button; the transcript.
///
/// # Errors
/// What was not taken or not answered in time, with what was said until then.
pub async fn play(slack: &Fake) -> Result<String, Failure> {
    let asked = slack.command(ADA, PUBLIC, "acme revenue").await;
    asked.map_err(|trouble| refused("/why acme revenue", &trouble))?;
    answered(slack, "/why acme revenue").await?;

    let thread = slack.mention(GRACE, PUBLIC, None, "acme employees").await;
    let thread = thread.map_err(|trouble| refused("@why acme employees", &trouble))?;
    answered(slack, "@why acme employees").await?;
    let follow_up = slack
        .mention(GRACE, PUBLIC, Some(&thread), "headquarters?")
        .await;
    follow_up.map_err(|trouble| refused("@why headquarters?", &trouble))?;
    answered(slack, "@why headquarters?").await?;

    let (ts, button) = slack
        .read(a_button)
        .ok_or_else(|| failed("no answer to Ada has a button that asks or shares".to_owned()))?;
    let pressed = slack.press(ADA, &ts, &button).await;
    pressed.map_err(|trouble| refused("a pressed button", &trouble))?;
    answered(slack, "a pressed button").await?;
    Ok(slack.transcript())
}

/// The first one under Ada's own answer that leads to an answer: to share, else to ask.
fn a_button(workspace: &fake::state::Workspace) -> Option<(String, String)> {
    let mine = workspace
        .messages
        .iter()
        .find(|m| m.private_to.as_deref() == Some(ADA))?;
    let elements = mine.blocks.iter().filter_map(|b| b.get("elements"));
    let ids: Vec<&str> = elements
        .filter_map(|elements| elements.as_array())
        .flatten()
        .filter_map(|element| element.get("action_id")?.as_str())
        .collect();
    let found = ["why:share", "why:ask"]
        .iter()
        .find_map(|wanted| ids.iter().find(|id| id.starts_with(wanted)))?;
    Some((mine.ts.clone(), (*found).to_owned()))
}

async fn answered(slack: &Fake, what: &str) -> Result<(), Failure> {
    if slack.settled(PATIENCE).await {
        return Ok(());
    }
    let said = format!(
        "{what}: no answer within {} s. Until then:\n{}{}",
        PATIENCE.as_secs(),
        slack.transcript(),
        slack.read(refusals)
    );
    Err(failed(said))
}

/// What the fake refused: most often the reason why nothing came.
fn refusals(workspace: &fake::state::Workspace) -> String {
    let refused = workspace.calls.iter().filter_map(|call| {
        let refused = call.refused.as_ref()?;
        Some(format!("\nSlack refused {}: {refused}", call.method))
    });
    refused.collect()
}

fn refused(what: &str, trouble: &Trouble) -> Failure {
    failed(format!("{what}: {trouble}"))
}

fn failed(text: String) -> Failure {
    Failure::new(
        Class::Internal,
        "slack_demo_failed",
        text,
        "Look at the log above; `--open` lets you try it by hand.",
    )
}
