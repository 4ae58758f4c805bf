//! `why slack-demo`: a conversation in a Slack that is played on this machine.
//!
//! Starts the fake and `why serve` beside it, asks, presses, and prints what was said; with
//! `--open` it stays for whoever opens its page. Start at [`SlackDemo::run`].

use std::io::Write;

use clap::Args;
use jiff::Timestamp;

use super::{Context, Stop, Terminal};
use crate::error::{Class, Failure};
use crate::slack_demo::{self, Demo, Stage};

#[derive(Debug, Args)]
pub(crate) struct SlackDemo {
    /// Serve a page that looks like a channel, to try it by hand; Ctrl-C ends it
    #[arg(long)]
    open: bool,
}

impl SlackDemo {
    pub(crate) fn run(&self, context: &Context<'_>, terminal: &mut Terminal) -> Result<u8, Stop> {
        if !context.catalog_file.is_file() {
            return Err(no_catalog(context).into());
        }
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        let folder = tempfile::tempdir()?;
        let demo = Demo {
            catalog_file: context.catalog_file.clone(),
            s3: context.environment.s3_options(),
            folder: folder.path().to_path_buf(),
            links: true,
            now: clock(),
        };
        runtime.block_on(async {
            let stage = Stage::set(demo).await?;
            let ended = match self.open {
                true => stay(&stage, terminal).await,
                false => play(&stage, terminal).await,
            };
            stage.strike().await;
            ended
        })
    }
}

async fn play(stage: &Stage, terminal: &mut Terminal) -> Result<u8, Stop> {
    let said = slack_demo::play(&stage.slack).await?;
    write!(terminal.out, "{said}")?;
    Ok(0)
}

async fn stay(stage: &Stage, terminal: &mut Terminal) -> Result<u8, Stop> {
    writeln!(terminal.out, "Open {} (Ctrl-C ends it)", stage.page())?;
    terminal.out.flush()?;
    tokio::signal::ctrl_c().await?;
    Ok(0)
}

/// The server checks each request's time against this.
fn clock() -> fn() -> Timestamp {
    #[expect(
        clippy::disallowed_methods,
        reason = "a server's clock goes on: one instant is not enough"
    )]
    Timestamp::now
}

fn no_catalog(context: &Context<'_>) -> Failure {
    Failure::new(
        Class::User,
        "no_catalog",
        format!("There is no catalog at {}.", context.catalog_file.display()),
        "Make a lake with `make demo` (in the source tree), or name one with --catalog.",
    )
}
