//! `why serve`: answers in Slack, on the page and over the API until it is told to stop.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::{Context, Stop, Terminal};
use crate::ask;
use crate::config::serve::Told;
use crate::config::{
    CORS, ENGINE, LISTEN, LOG, METRICS, OIDC_AUDIENCE, OIDC_ISSUER, PAGE_URL, SLACK_API_URL, STATE,
    TRIAGE_CHANNEL,
};
use crate::error::Failure;
use crate::logs;
use crate::serve::{self, Config, Slack};
use crate::slack::signature::Secrets;
use crate::state;

/// Jobs that are worked on at once: they wait for Slack and the lake, hardly for the processor.
const WORKERS: usize = 8;
/// Within what a service manager allows before it kills.
const GRACE: Duration = Duration::from_secs(25);

#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(super) told: Flags,
}

/// What may be said in three places; secrets in two only, since arguments can be read by all.
#[derive(Debug, Args)]
pub(super) struct Flags {
    /// A file with settings: `listen = "127.0.0.1:3000"`
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where Slack's requests are taken, and the page and the API are [env: WHY_LISTEN] [default: 127.0.0.1:3000]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// Where the metrics are shown, or `off` [env: WHY_METRICS] [default: 127.0.0.1:9464]
    #[arg(long, value_name = "ADDRESS")]
    metrics: Option<String>,
    /// The state file [env: WHY_STATE] [default: why-state.sqlite]
    #[arg(long, value_name = "FILE")]
    state: Option<String>,
    /// The id of the channel for reports of wrong values [env: WHY_TRIAGE_CHANNEL]
    #[arg(long, value_name = "ID")]
    triage_channel: Option<String>,
    /// Where Slack's Web API is [env: SLACK_API_URL] [default: https://slack.com/api]
    #[arg(long, value_name = "URL")]
    slack_api_url: Option<String>,
    /// Who reads the lake: direct, athena or auto [env: WHY_ENGINE] [default: direct]
    #[arg(long, value_name = "ENGINE")]
    engine: Option<String>,
    /// error, warn, info, debug or trace [env: WHY_LOG] [default: info]
    #[arg(long, value_name = "LEVEL")]
    log: Option<String>,
    /// How people reach the page: Slack's answers link to it [env: WHY_PAGE_URL]
    #[arg(long, value_name = "URL")]
    page_url: Option<String>,
    /// The OpenID Connect issuer whose tokens open page and API [env: WHY_OIDC_ISSUER]
    #[arg(long, value_name = "URL")]
    oidc_issuer: Option<String>,
    /// The audience that its tokens must be made for [env: WHY_OIDC_AUDIENCE]
    #[arg(long, value_name = "ID")]
    oidc_audience: Option<String>,
    /// Origins of other pages whose scripts may read the API [env: WHY_CORS]
    #[arg(long, value_name = "ORIGINS")]
    cors: Option<String>,
}

impl Flags {
    pub(super) fn told(&self, context: &Context<'_>) -> Result<Told, Failure> {
        let flags = [
            (LISTEN, self.listen.as_deref()),
            (METRICS, self.metrics.as_deref()),
            (STATE, self.state.as_deref()),
            (TRIAGE_CHANNEL, self.triage_channel.as_deref()),
            (SLACK_API_URL, self.slack_api_url.as_deref()),
            (LOG, self.log.as_deref()),
            (ENGINE, self.engine.as_deref()),
            (PAGE_URL, self.page_url.as_deref()),
            (OIDC_ISSUER, self.oidc_issuer.as_deref()),
            (OIDC_AUDIENCE, self.oidc_audience.as_deref()),
            (CORS, self.cors.as_deref()),
        ];
        Told::new(&flags, context.environment, self.config.as_deref())
    }
}

/// Where the state is, by its usual name where nothing is said.
pub(super) fn state_file(told: &Told) -> PathBuf {
    state::file_at(told.state().unwrap_or(state::FILE_NAME.as_ref()))
}

impl Serve {
    pub(crate) fn run(&self, context: &Context<'_>, terminal: &mut Terminal) -> Result<u8, Stop> {
        let told = self.told.told(context)?;
        let subscriber = logs::subscriber(told.log()?, std::io::stderr);
        let config = config(&told, context)?;
        // Fails where there is one already, which then does as well.
        let _ = tracing::subscriber::set_global_default(subscriber);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        runtime.block_on(until_stopped(config, terminal))
    }
}

fn config(told: &Told, context: &Context<'_>) -> Result<Config, Failure> {
    Ok(Config {
        catalog_file: context.catalog_file.clone(),
        s3: context.environment.s3_options(),
        engine: ask::choice(told.engine())?,
        slack: match told.wants_slack() {
            true => Some(slack(told)?),
            false => None,
        },
        web: told.web()?,
        listen: told.listen()?,
        metrics: told.metrics()?,
        state: state_file(told),
        workers: WORKERS,
        lease: told.lease()?,
        grace: GRACE,
        now: context.clock,
    })
}

fn slack(told: &Told) -> Result<Slack, Failure> {
    Ok(Slack {
        bot_token: told.bot_token()?,
        app_token: told.app_token()?,
        secrets: Secrets::new(told.signing_secrets()?),
        api_url: told.api_url()?,
        response_hosts: told.response_hosts()?,
        triage_channel: told.triage_channel()?,
    })
}

async fn until_stopped(config: Config, terminal: &mut Terminal) -> Result<u8, Stop> {
    let slack = config.slack.as_ref().map(|slack| slack.app_token.is_some());
    let mut running = serve::start(config).await?;
    let address = running.address();
    match slack {
        Some(true) => writeln!(
            terminal.out,
            "Asking Slack for a socket; the log says when it is connected. The page: http://{address}/"
        )?,
        Some(false) => writeln!(terminal.out, "Listening on http://{address}")?,
        None => writeln!(
            terminal.out,
            "Listening on http://{address}: the page and the API, without Slack (see `why manifest`)"
        )?,
    }
    terminal.out.flush()?;
    let broken = tokio::select! {
        signalled = signalled() => signalled.map(|()| None)?,
        failure = running.broken() => Some(failure),
    };
    running.stop().await;
    match broken {
        None => Ok(0),
        Some(failure) => Err(failure.into()),
    }
}

/// SIGINT, or SIGTERM where there is one.
async fn signalled() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}
