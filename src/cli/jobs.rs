//! `why jobs`: what was given up, listed, shown and retried.
//!
//! Shows who asked what, never where Slack takes replies nor what else a person wrote: a body is
//! not printed, only what is picked from it. Start at [`Jobs::run`].

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use jiff::Timestamp;

use super::{Context, Stop, Terminal};
use crate::config::{self, Environment};
use crate::error::{Class, Failure, sentence};
use crate::job::{Job, Work};
use crate::ledger::{self, Ledger};
use crate::queue::{self, DeadLetter, Queue};
use crate::state;

#[cfg(test)]
mod tests;

/// Less of a reference may be anybody's.
const SHORTEST_REFERENCE: usize = 6;

#[derive(Debug, Subcommand)]
pub(crate) enum Jobs {
    /// List what was given up, the newest first
    List(State),
    /// Show one: who asked what, where, and why it was given up
    Show {
        /// As `why jobs list` prints it, or the reference that the asker was given
        id: String,
        #[command(flatten)]
        state: State,
    },
    /// Put one back into the queue
    Retry {
        /// As `why jobs list` prints it, or the reference that the asker was given
        id: String,
        #[command(flatten)]
        state: State,
    },
}

#[derive(Debug, Args)]
pub(crate) struct State {
    /// The state file of `why serve`, or the folder that holds it
    /// [env: WHY_STATE] [default: why-state.sqlite]
    #[arg(long = "state", value_name = "FILE")]
    file: Option<PathBuf>,
}

impl Jobs {
    pub(crate) fn run(&self, context: &Context<'_>, terminal: &mut Terminal) -> Result<u8, Stop> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let out = &mut terminal.out;
            let environment = context.environment;
            match self {
                Jobs::List(state) => {
                    let letters = dead_letters(&open(&state.file(environment)?).await?).await?;
                    list(&letters, out)?;
                }
                Jobs::Show { id, state } => {
                    let letters = dead_letters(&open(&state.file(environment)?).await?).await?;
                    show(letter(&letters, id)?, out)?;
                }
                Jobs::Retry { id, state } => {
                    retry(&state.file(environment)?, id, context.now).await?;
                    writeln!(out, "{} is back in the queue.", printable(id))?;
                }
            }
            Ok(0)
        })
    }
}

impl State {
    /// A file that is there: to list is not to make one. Found as `why serve` finds it.
    fn file(&self, environment: &Environment) -> Result<PathBuf, Failure> {
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
            "`why serve` makes it; name another with --state or WHY_STATE.",
        ))
    }
}

async fn open(file: &Path) -> Result<Queue, Failure> {
    Queue::sqlite(file).await.map_err(|error| of_queue(&error))
}

async fn dead_letters(queue: &Queue) -> Result<Vec<DeadLetter>, Failure> {
    queue.dead_letters().await.map_err(|error| of_queue(&error))
}

/// The ledger first: where this ends between the two, the letter is still there to be retried.
async fn retry(file: &Path, id: &str, now: Timestamp) -> Result<(), Failure> {
    let queue = open(file).await?;
    let letters = dead_letters(&queue).await?;
    let id = &letter(&letters, id)?.id;
    let ledger = Ledger::sqlite(file)
        .await
        .map_err(|error| of_ledger(&error))?;
    ledger.reopen(id).await.map_err(|error| of_ledger(&error))?;
    queue.retry(id, now).await.map_err(|error| of_queue(&error))
}

/// By its id, or by the reference of an apology: the beginning of a request's id, if of one only.
fn letter<'a>(letters: &'a [DeadLetter], id: &str) -> Result<&'a DeadLetter, Failure> {
    let referred = |letter: &&DeadLetter| {
        id.len() >= SHORTEST_REFERENCE
            && Job::decode(&letter.body).is_ok_and(|job| job.request_id.starts_with(id))
    };
    let mut by_reference = letters.iter().filter(referred);
    letters
        .iter()
        .find(|letter| letter.id == id)
        .or_else(|| {
            by_reference
                .next()
                .filter(|_| by_reference.next().is_none())
        })
        .ok_or_else(|| of_queue(&queue::Error::NoSuchLetter { id: printable(id) }))
}

fn list(letters: &[DeadLetter], out: &mut dyn Write) -> std::io::Result<()> {
    if letters.is_empty() {
        return writeln!(out, "No job was given up in the last 14 days.");
    }
    for letter in letters {
        let told = if letter.apologised {
            "told or out of reach"
        } else {
            "not told yet"
        };
        writeln!(
            out,
            "{}  {}  {}",
            printable(&letter.id),
            at(letter.died_at),
            work(letter)
        )?;
        writeln!(
            out,
            "    tried {}, asker {told}: {}",
            times(letter.receive_count),
            printable(&letter.why)
        )?;
    }
    writeln!(
        out,
        "\n`why jobs show ID` shows one, `why jobs retry ID` puts it back."
    )
}

fn show(letter: &DeadLetter, out: &mut dyn Write) -> std::io::Result<()> {
    let mut line = |label: &str, value: &str| writeln!(out, "{label:<12}{}", printable(value));
    line("job", &letter.id)?;
    line("work", &work(letter))?;
    if let Ok(job) = Job::decode(&letter.body) {
        line("request", &job.request_id)?;
        line("asker", &job.asker.user)?;
        for (label, value) in [
            ("team", &job.asker.team),
            ("enterprise", &job.asker.enterprise),
            ("channel", &job.place.channel),
            ("thread", &job.place.thread_ts),
        ] {
            if let Some(value) = value {
                line(label, value)?;
            }
        }
        line("accepted", &at(job.accepted_at))?;
    }
    line("queued", &at(letter.sent_at))?;
    line(
        "given up",
        &format!(
            "{}, tried {}",
            at(letter.died_at),
            times(letter.receive_count)
        ),
    )?;
    line("why", &letter.why)?;
    line(
        "apology",
        if letter.apologised {
            "sent"
        } else {
            "not sent"
        },
    )
}

/// What was to be done: the question, and nothing else that a person wrote.
fn work(letter: &DeadLetter) -> String {
    let job = match Job::decode(&letter.body) {
        Ok(job) => job,
        Err(undecodable) => return format!("(unreadable: {})", undecodable.in_short()),
    };
    printable(&match job.work {
        Work::Ask { text } => text,
        Work::Share { text } => format!("share: {text}"),
        Work::FillModal { .. } => "fill a modal".to_owned(),
        Work::Home => "fill the Home tab".to_owned(),
        Work::Report { text, .. } => format!("report a wrong value: {text}"),
        Work::Triage { report, .. } => format!("a steward's word on report {report}"),
        // A link opens what it leads to: it is not printed.
        Work::Unfurl { .. } => "show what a link leads to".to_owned(),
    })
}

fn times(count: u32) -> String {
    match count {
        1 => "once".to_owned(),
        _ => format!("{count} times"),
    }
}

fn at(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// One line, and nothing that a terminal would obey.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' => ' ',
            _ if c.is_control() => '\u{fffd}',
            _ => c,
        })
        .collect()
}

fn of_queue(error: &queue::Error) -> Failure {
    let text = sentence(error);
    match error {
        queue::Error::Open { .. } => Failure::new(Class::User, "state_not_opened", text, ""),
        queue::Error::NoSuchLetter { .. } => Failure::new(
            Class::User,
            "no_dead_letter",
            text,
            "`why jobs list` lists those there are.",
        ),
        queue::Error::TimedOut | queue::Error::Unknown { .. } => busy(text),
        queue::Error::Full { .. } | queue::Error::Failed { .. } => broken(text),
    }
}

fn of_ledger(error: &ledger::Error) -> Failure {
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
