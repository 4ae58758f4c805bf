//! `why jobs`: what was given up, listed, shown and retried.
//!
//! Shows who asked what, never where Slack takes replies nor what else a person wrote: a body is
//! not printed, only what is picked from it. Where they lie is `place`'s. Start at [`Jobs::run`].

use std::io::Write;

use clap::Subcommand;
use jiff::Timestamp;

use super::{Context, Stop, Terminal};
use crate::error::{Class, Failure};
use crate::job::{DeadLetter, Job, Work};
use crate::render::printable;
use place::{Place, State};

mod place;
#[cfg(test)]
mod tests;

/// Less of a reference may be anybody's.
const SHORTEST_REFERENCE: usize = 6;
const NOTHING: &str = "No job was given up in the last 14 days.";

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
    /// Put one, or all, back into the queue
    Retry {
        /// As `why jobs list` prints it, or the reference that the asker was given
        #[arg(required_unless_present = "all")]
        id: Option<String>,
        /// All that `why jobs list` lists, the oldest first
        #[arg(long, conflicts_with = "id")]
        all: bool,
        #[command(flatten)]
        state: State,
    },
}

impl Jobs {
    pub(crate) fn run(&self, context: &Context<'_>, terminal: &mut Terminal) -> Result<u8, Stop> {
        let runtime = super::runtime()?;
        runtime.block_on(async {
            let (Jobs::List(state) | Jobs::Show { state, .. } | Jobs::Retry { state, .. }) = self;
            let place = Place::open(state, context.environment).await?;
            let letters = place.letters(context.now).await?;
            let out = &mut terminal.out;
            match self {
                Jobs::List(_) => list(&letters, out)?,
                Jobs::Show { id, .. } => show(letter(&letters, id)?, out)?,
                Jobs::Retry { id: Some(id), .. } => {
                    place.retry(letter(&letters, id)?, context.now).await?;
                    writeln!(out, "{} is back in the queue.", printable(id))?;
                }
                Jobs::Retry { id: None, .. } => {
                    retry_all(&place, &letters, context.now, out).await?
                }
            }
            Ok(0)
        })
    }
}

/// In the order in which they were given up. Ends at the first that can't be put back: whatever is
/// wrong is wrong for the rest as well.
async fn retry_all(
    place: &Place,
    letters: &[DeadLetter],
    now: Timestamp,
    out: &mut dyn Write,
) -> Result<(), Stop> {
    for letter in letters.iter().rev() {
        place.retry(letter, now).await?;
        writeln!(out, "{} is back in the queue.", printable(&letter.id))?;
    }
    if letters.is_empty() {
        writeln!(out, "{NOTHING}")?;
    }
    Ok(())
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
        .ok_or_else(|| no_letter(id))
}

fn list(letters: &[DeadLetter], out: &mut dyn Write) -> std::io::Result<()> {
    if letters.is_empty() {
        return writeln!(out, "{NOTHING}");
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

fn no_letter(id: &str) -> Failure {
    Failure::new(
        Class::User,
        "no_dead_letter",
        format!("There is no dead letter {}.", printable(id)),
        "`why jobs list` lists those there are.",
    )
}
