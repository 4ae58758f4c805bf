//! `why serve`: the page and the API, and where Slack is set up ingress, queue, worker and typeahead,
//! in one process.
//!
//! Only puts them together: listener (`listener`, `connections`), page and API (`web`), workers
//! (`work`), readiness (`ready`), metrics, logs, an orderly end. Start at [`start`].

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::{Notify, mpsc, watch};
use tokio::task::JoinHandle;

use crate::ask::{Lake, Why};
use crate::chat::{self, Client};
use crate::config::{self, web::Web};
use crate::engine::Choice;
use crate::error::Failure;
use crate::ingress::{Ingress, Keys, Views};
use crate::ledger::Ledger;
use crate::link::{self, Links};
use crate::queue::Queue;
use crate::slack::signature::Secrets;
use crate::typeahead::Typeahead;
use crate::worker::note::Notes;
use crate::worker::{self, Worker};
use metrics::Metrics;
use ready::Readiness;

mod connections;
pub mod doctor;
mod listener;
mod metrics;
mod ready;
mod refusal;
mod socket;
#[cfg(test)]
mod tests;
mod web;
mod work;

/// No call to Slack takes longer,
const SLACK_TIMEOUT: Duration = Duration::from_secs(10);
/// nor than this part of a lease: a delivery makes several.
const CALLS_IN_LEASE: u32 = 6;
/// Leaves Slack's three seconds time for the words that tell so.
const QUEUE_TIMEOUT: Duration = Duration::from_millis(1500);
/// With the queue's time still within the three seconds of a trigger.
const OPEN_TIMEOUT: Duration = Duration::from_millis(1_400);
/// Some four minutes of tries, waits included: whoever asked is still there for the apology.
const MOST_RECEIVES: u32 = 8;

/// Everything that can be set. No `Debug`: it holds secrets.
pub struct Config {
    pub catalog_file: PathBuf,
    /// What a lake on S3 needs.
    pub s3: BTreeMap<String, String>,
    /// Who reads the lake.
    pub engine: Choice,
    /// Port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where `/metrics` is served; loopback unless told otherwise.
    pub metrics: Option<SocketAddr>,
    /// The SQLite file of queue and ledger.
    pub state: PathBuf,
    /// `None`: the page and the API alone.
    pub slack: Option<Slack>,
    pub web: Web,
    /// Jobs that are worked on at once.
    pub workers: usize,
    /// Longer than any job takes that is not stuck; after it a job is another worker's.
    pub lease: Duration,
    /// How long an orderly end waits for jobs under way.
    pub grace: Duration,
    pub now: fn() -> jiff::Timestamp,
}

/// What Slack is known by. No `Debug`: it holds secrets.
pub struct Slack {
    /// `xoxb-…`.
    pub bot_token: String,
    pub secrets: Secrets,
    /// `xapp-…`: Socket Mode instead of signed requests.
    pub app_token: Option<String>,
    /// `https://slack.com/api`; a fake's on this machine.
    pub api_url: String,
    /// Hosts that a response URL may name.
    pub response_hosts: Vec<String>,
    pub triage_channel: Option<String>,
}

/// A server that runs until it is stopped.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    metrics_address: Option<SocketAddr>,
    stop: watch::Sender<bool>,
    grace: Duration,
    listener: JoinHandle<()>,
    /// Nobody works where there is no Slack.
    work: Option<JoinHandle<()>>,
    /// What ends with the process, in no order.
    others: Vec<JoinHandle<()>>,
    broken: mpsc::Receiver<Failure>,
}

/// # Errors
/// What is missing or wrong, and how to mend it.
pub async fn start(config: Config) -> Result<Running, Failure> {
    if let Some(slack) = &config.slack
        && slack.secrets.is_empty()
        && slack.app_token.is_none()
    {
        return Err(config::serve::no_signing_secret());
    }
    let why = Arc::new(Why::open_with(&config.catalog_file, &config.s3, &config.engine).await?);
    let (queue, ledger) = open_state(&config).await?;
    let links = links(&config, &ledger).await?;
    let api = web::api(&config, (why.clone(), queue.clone(), ledger.clone())).await?;
    let chat = match &config.slack {
        Some(slack) => Some(client(slack, config.lease)?),
        None => None,
    };
    let is_known = match &chat {
        Some(chat) => Some(is_known(chat).await?),
        None => None,
    };
    let listener = bind(config.listen).await?;
    let address = local(&listener, config.listen)?;
    let metrics_listener = match config.metrics {
        Some(taken) if taken == address => return Err(refusal::of_one_port(taken)),
        Some(address) => Some((bind(address).await?, address)),
        None => None,
    };

    let metrics = Arc::new(Metrics::new(chat.clone()));
    let wake = Arc::new(Notify::new());
    let (stop, stopped) = watch::channel(false);
    let (break_it, broken) = mpsc::channel(1);
    let readiness = Readiness::new(&config, (why.clone(), queue.clone()), is_known);
    let readiness = Arc::new(readiness);
    let mut others = Vec::new();
    let mut work = None;
    let mut doors = None;
    if let (Some(slack), Some(chat)) = (config.slack, chat) {
        others.push(tokio::spawn(
            readiness.clone().keep_asking_slack(chat.clone()),
        ));
        let lake = Lake::opened(why.clone());
        let typeahead = Arc::new(Typeahead {
            lake: lake.clone(),
            secrets: Keys::Told(slack.secrets.clone()),
            patience: QUEUE_TIMEOUT,
            now: config.now,
        });
        let ingress = Arc::new(Ingress {
            catalog: why.catalog.clone(),
            secrets: Keys::Told(slack.secrets),
            queue: queue.clone(),
            views: views(&chat),
            now: config.now,
            queue_timeout: QUEUE_TIMEOUT,
            open_timeout: OPEN_TIMEOUT,
        });
        let worker = Worker {
            lake,
            queue: queue.clone(),
            ledger,
            chat: chat.clone(),
            settings: worker::Settings {
                triage_channel: slack.triage_channel,
                most_receives: MOST_RECEIVES,
                lease: config.lease,
                links,
            },
            notes: Notes::none(),
            now: config.now,
        };
        if let Some(app_token) = slack.app_token {
            let socket = socket::Socket {
                ingress: ingress.clone(),
                typeahead: typeahead.clone(),
                wake: wake.clone(),
            };
            others.push(tokio::spawn(async move {
                if let Err(error) = chat.listen(&app_token, socket.receiver()).await {
                    let _ = break_it.send(refusal::of_socket(&error)).await;
                }
            }));
        }
        let at_work = work::Work {
            worker: Arc::new(worker),
            at_once: config.workers.max(1),
            grace: config.grace,
            wake: wake.clone(),
            metrics: metrics.clone(),
        };
        work = Some(tokio::spawn(at_work.run(stopped.clone())));
        doors = Some((ingress, typeahead));
    }
    let router = listener::router(listener::Parts {
        doors,
        api: Arc::new(api),
        readiness,
        metrics: metrics.clone(),
        wake,
    });
    let mut metrics_address = None;
    if let Some((at, address)) = metrics_listener {
        metrics_address = Some(local(&at, address)?);
        let router = listener::metrics_router(listener::Watched {
            metrics,
            queue,
            now: config.now,
        });
        others.push(tokio::spawn(connections::run(at, router, stopped.clone())));
    }
    tracing::info!(%address, "started");
    Ok(Running {
        address,
        metrics_address,
        stop,
        grace: config.grace,
        listener: tokio::spawn(connections::run(listener, router, stopped)),
        work,
        others,
        broken,
    })
}

/// Whether Slack knows the token; where Slack is away that is seen later.
async fn is_known(chat: &Client) -> Result<bool, Failure> {
    match chat.who_am_i().await {
        Ok(_) => Ok(true),
        Err(error @ chat::Error::Auth(_)) => Err(refusal::of_slack(&error)),
        Err(error) => {
            tracing::warn!(%error, "Slack does not answer yet");
            Ok(false)
        }
    }
}

async fn open_state(config: &Config) -> Result<(Queue, Ledger), Failure> {
    let queue = Queue::sqlite(&config.state).await;
    let queue = queue.map_err(|error| refusal::of_state(&error))?;
    let ledger = Ledger::sqlite(&config.state).await;
    Ok((queue, ledger.map_err(|error| refusal::of_state(&error))?))
}

/// What answers link to; nothing where nobody knows how people reach the page.
async fn links(config: &Config, ledger: &Ledger) -> Result<Option<Links>, Failure> {
    let Some(base) = config.web.page_url.clone() else {
        return Ok(None);
    };
    let key = ledger.link_key().await;
    Ok(Some(Links {
        base,
        key: key.map_err(|error| refusal::of_state(&error))?,
        kept: link::KEPT,
    }))
}

/// How this process speaks to Slack.
fn client(slack: &Slack, lease: Duration) -> Result<Client, Failure> {
    Client::new(chat::Settings {
        token: slack.bot_token.clone(),
        api_url: slack.api_url.clone(),
        response_hosts: slack.response_hosts.clone(),
        timeout: SLACK_TIMEOUT.min(lease / CALLS_IN_LEASE),
    })
    .map_err(|error| refusal::of_slack(&error))
}

fn views(chat: &Client) -> Views {
    let (opens, updates) = (chat.clone(), chat.clone());
    let said = |error: chat::Error| error.to_string();
    Views::new(move |trigger_id, view| {
        let chat = opens.clone();
        async move { chat.open_view(&trigger_id, &view).await.map_err(said) }
    })
    .with_update(move |view_id, view| {
        let chat = updates.clone();
        async move { chat.update_view(&view_id, &view).await.map_err(said) }
    })
}

async fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address)
        .await
        .map_err(|error| refusal::of_port(address, &error))
}

fn local(listener: &TcpListener, wanted: SocketAddr) -> Result<SocketAddr, Failure> {
    listener
        .local_addr()
        .map_err(|error| refusal::of_port(wanted, &error))
}

impl Running {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where `/metrics` is, if anywhere.
    #[must_use]
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics_address
    }

    /// Waits until it can't go on: never, as long as all is well.
    pub async fn broken(&mut self) -> Failure {
        match self.broken.recv().await {
            Some(failure) => failure,
            None => std::future::pending().await,
        }
    }

    /// Takes no more, finishes or gives back its jobs.
    pub async fn stop(mut self) {
        tracing::info!("stopping");
        let _ = self.stop.send(true);
        // Somebody who never finishes a request must not hold up the jobs' end.
        if tokio::time::timeout(self.grace, &mut self.listener)
            .await
            .is_err()
        {
            self.listener.abort();
        }
        // Ends by itself within its grace.
        if let Some(work) = &mut self.work {
            let _ = work.await;
        }
        for other in &self.others {
            other.abort();
        }
        tracing::info!("stopped");
    }
}
