//! Where given-up jobs lie: in the state file of `why serve`, or in the ledger on AWS.
//!
//! Start at [`Place::open`].

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::Timestamp;

use super::no_letter;
use crate::config::{self, Environment};
use crate::error::{Class, Failure, sentence};
use crate::job::DeadLetter;
use crate::ledger::{self, Ledger};
use crate::queue::{self, Queue};
#[cfg(feature = "worker-lambda")]
use crate::queue::{Delivery, Urls};
use crate::state;

#[derive(Debug, Default, Args)]
pub(crate) struct State {
    /// The state file of `why serve`, or the folder that holds it
    /// [env: WHY_STATE] [default: why-state.sqlite]
    #[arg(long = "state", value_name = "FILE")]
    pub(super) file: Option<PathBuf>,
    /// On AWS: the ledger's table, the stack's output LedgerTable [env: WHY_LEDGER_TABLE]
    #[cfg(feature = "worker-lambda")]
    #[arg(long, value_name = "NAME", conflicts_with = "file")]
    pub(super) ledger_table: Option<String>,
    /// On AWS, to put something back: the queue, the stack's output QueueUrl [env: WHY_QUEUE_URL]
    #[cfg(feature = "worker-lambda")]
    #[arg(long, value_name = "URL", conflicts_with = "file")]
    pub(super) queue_url: Option<String>,
}

pub(super) enum Place {
    File {
        queue: Queue,
        ledger: Ledger,
    },
    /// The function that takes dead letters keeps them in the ledger.
    #[cfg(feature = "worker-lambda")]
    Aws {
        ledger: Ledger,
        queue: Option<Queue>,
    },
}

impl Place {
    /// AWS's region and credentials are found where AWS's own tools find them.
    pub(super) async fn open(state: &State, environment: &Environment) -> Result<Self, Failure> {
        #[cfg(feature = "worker-lambda")]
        if let Some(table) = state.table(environment) {
            let version = aws_config::BehaviorVersion::latest();
            let sdk = aws_config::defaults(version).load().await;
            let queue = state.queue_url(environment).map(|url| {
                let urls = Urls {
                    queue: url.to_owned(),
                    dead_letters: None,
                };
                Queue::sqs(&sdk, urls, Delivery::Polled)
            });
            return Ok(Place::Aws {
                ledger: Ledger::dynamo(&sdk, table),
                queue,
            });
        }
        let file = state.file(environment)?;
        let queue = Queue::sqlite(&file).await;
        let ledger = Ledger::sqlite(&file).await;
        Ok(Place::File {
            queue: queue.map_err(|error| of_queue(&error))?,
            ledger: ledger.map_err(|error| of_ledger(&error))?,
        })
    }

    /// The newest first.
    pub(super) async fn letters(&self, now: Timestamp) -> Result<Vec<DeadLetter>, Failure> {
        match self {
            Place::File { queue, .. } => {
                let letters = queue.dead_letters().await;
                letters.map_err(|error| of_queue(&error))
            }
            #[cfg(feature = "worker-lambda")]
            Place::Aws { ledger, .. } => {
                let letters = ledger.letters(now).await;
                letters.map_err(|error| on_aws(of_ledger(&error)))
            }
        }
    }

    /// Of a letter that is still there. The ledger first, the letter last: where this ends in
    /// between, the letter is there to be retried, and a job that is queued twice is answered once.
    pub(super) async fn retry(&self, letter: &DeadLetter, now: Timestamp) -> Result<(), Failure> {
        let id = &letter.id;
        // Somebody else may have been quicker, and then it may be answered by now.
        if !self
            .letters(now)
            .await?
            .iter()
            .any(|letter| letter.id == *id)
        {
            return Err(no_letter(id));
        }
        match self {
            Place::File { queue, ledger } => {
                let reopened = ledger.reopen(id).await;
                reopened.map_err(|error| of_ledger(&error))?;
                queue.retry(id, now).await.map_err(|error| of_queue(&error))
            }
            #[cfg(feature = "worker-lambda")]
            Place::Aws { ledger, queue } => {
                let queue = queue.as_ref().ok_or_else(no_queue)?;
                let of_ledger = |error| on_aws(of_ledger(&error));
                ledger.reopen(id).await.map_err(of_ledger)?;
                let sent = queue.send(id, &letter.body, now).await;
                sent.map_err(|error| on_aws(of_queue(&error)))?;
                ledger.forget_letter(id).await.map_err(of_ledger)
            }
        }
    }
}

impl State {
    /// A file that is there: to list is not to make one. Found as `why serve` finds it.
    pub(super) fn file(&self, environment: &Environment) -> Result<PathBuf, Failure> {
        let named = self.file.as_deref();
        let named = named.or_else(|| environment.get(config::STATE).map(Path::new));
        let file = state::file_at(named.unwrap_or_else(|| state::FILE_NAME.as_ref()));
        if file.exists() {
            return Ok(file);
        }
        Err(Failure::new(
            Class::User,
            "no_state",
            format!("There is no state file {}.", file.display()),
            "`why serve` makes it; name another with --state or WHY_STATE. For letters on AWS say --ledger-table.",
        ))
    }

    /// `None`: what is meant lies in a file.
    #[cfg(feature = "worker-lambda")]
    pub(super) fn table<'a>(&'a self, environment: &'a Environment) -> Option<&'a str> {
        let told = || environment.get(config::lambda::LEDGER_TABLE);
        let table = self.ledger_table.as_deref();
        table.or_else(|| told().filter(|_| self.file.is_none()))
    }

    #[cfg(feature = "worker-lambda")]
    fn queue_url<'a>(&'a self, environment: &'a Environment) -> Option<&'a str> {
        let told = || environment.get(config::lambda::QUEUE_URL);
        self.queue_url.as_deref().or_else(told)
    }
}

pub(super) fn of_queue(error: &queue::Error) -> Failure {
    let text = sentence(error);
    match error {
        queue::Error::Open { .. } => Failure::new(Class::User, "state_not_opened", text, ""),
        queue::Error::NoSuchLetter { id } => no_letter(id),
        queue::Error::TimedOut | queue::Error::Unknown { .. } => busy(text),
        queue::Error::Full { .. } | queue::Error::Failed { .. } => broken(text),
    }
}

pub(super) fn of_ledger(error: &ledger::Error) -> Failure {
    let text = sentence(error);
    match error {
        ledger::Error::Open { .. } => Failure::new(Class::User, "state_not_opened", text, ""),
        ledger::Error::TimedOut => busy(text),
        ledger::Error::Failed { .. } => broken(text),
    }
}

fn busy(text: String) -> Failure {
    Failure::new(
        Class::Retry,
        "state_busy",
        text,
        "Try again in a moment: another process holds the file, or the disk is slow.",
    )
}

fn broken(text: String) -> Failure {
    Failure::new(
        Class::Internal,
        "state_failed",
        text,
        "See whether the disk that holds the file is full or failing.",
    )
}

/// The same, where no disk is to blame.
#[cfg(feature = "worker-lambda")]
fn on_aws(failure: Failure) -> Failure {
    let advice = match failure.class {
        Class::Retry => {
            "Try again in a moment: a job that is queued twice is answered once all the same."
        }
        Class::Rejected | Class::User | Class::Internal => {
            "See whether Region, table and queue are the stack's (its outputs say), and these \
             credentials may use them (infra/STATE.md)."
        }
    };
    Failure {
        advice: advice.to_owned(),
        ..failure
    }
}

#[cfg(feature = "worker-lambda")]
fn no_queue() -> Failure {
    Failure::new(
        Class::User,
        "no_queue",
        "It is not said which queue to put it back into.",
        "Name it with --queue-url or WHY_QUEUE_URL: the stack's output QueueUrl.",
    )
}
