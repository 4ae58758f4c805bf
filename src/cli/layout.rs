//! `why layout advise`: which partitions, buckets and look-back a team's data ask for.
//!
//! Counts decisions of a file or a lake (`crate::import`), and shows what `crate::advice` makes of
//! them. Start at [`Advise::run`].

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::import::Bar;
use super::lake::LakeArgument;
use super::{Context, Stop, Terminal, questions};
use crate::advice::{self, Asked};
use crate::ask;
use crate::catalog::Catalog;
use crate::error::{Class, Failure};
use crate::import::{Count, Counted};
use crate::layout::utc_date;
use crate::plan;
use crate::question::{self, LookBack};

mod json;
mod text;

#[derive(Debug, Subcommand)]
pub(crate) enum Layout {
    /// Propose step, buckets, first date and look-back, with what each question then costs
    Advise(Advise),
}

#[derive(Debug, Args)]
#[command(after_help = help())]
pub(crate) struct Advise {
    /// The decisions, as `why import` reads them: JSON lines, plain or gzip; `-` is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "lake")]
    decisions: Option<PathBuf>,
    #[command(flatten)]
    lake: LakeArgument,
    /// Your top questions, one a line (`-` is standard input); which company they name does not matter
    #[arg(long, value_name = "FILE")]
    questions: Option<PathBuf>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

fn help() -> String {
    let how = "Decisions are counted in one pass, in bounded memory; nothing is written. Lines and files that \
    can't be used are left out and told at the end. The present layout is that of --catalog; without one, the \
    one that `why import` would infer. Without --questions the attribute with the most decisions is asked \
    about: now, midway through its history, over the last year, and its full history. Of a lake, two columns \
    of every file are read.";
    format!("{how}\n\n{}", questions::FORMAT)
}

impl Layout {
    pub(crate) fn run(&self, context: &Context<'_>, terminal: &mut Terminal) -> Result<u8, Stop> {
        let Layout::Advise(advise) = self;
        advise.run(context, terminal)
    }
}

impl Advise {
    fn run(&self, context: &Context<'_>, terminal: &mut Terminal) -> Result<u8, Stop> {
        let is_input = |file: &Option<PathBuf>| file.as_deref() == Some(Path::new("-"));
        if is_input(&self.decisions) && is_input(&self.questions) {
            return Err(Stop::from(Failure::new(
                Class::User,
                "bad_input",
                "Decisions and questions can't both come from standard input.",
                "Put one of them into a file.",
            )));
        }
        if self.decisions.is_none() && !self.lake.is_said(context) {
            return Err(Stop::from(Failure::new(
                Class::User,
                "no_input",
                "It is not said which decisions to count.",
                "Name a file of them with --decisions, or a lake with --lake or --catalog.",
            )));
        }
        let bar = Bar::new(terminal);
        let mut show = |progress| bar.show(progress);
        let mut count = Count {
            now: context.now,
            progress: &mut show,
        };
        let counted = match &self.decisions {
            Some(file) => count.file(file, context.catalog_flag.as_deref()),
            None => {
                let runtime = tokio::runtime::Builder::new_multi_thread()
                    .enable_all()
                    .build()?;
                let (catalog_file, lake) = self.lake.place(context)?;
                let s3 = context.environment.s3_options();
                runtime.block_on(async {
                    match count.lake((&catalog_file, lake.as_deref()), &s3).await {
                        Ok(counted) => Ok(counted),
                        Err(failure) => Err(self.lake.advise(failure, context).await),
                    }
                })
            }
        };
        bar.done();
        let counted = counted?;
        let asked = self.asked(&counted, context)?;
        let advice = advice::advise(&counted.tally, &counted.catalog, asked, context.now);
        if self.json {
            let value = json::advice(&advice, &counted);
            writeln!(terminal.out, "{value:#}")?;
        } else {
            text::write(&advice, &counted, terminal)?;
        }
        Ok(0)
    }

    fn asked(&self, counted: &Counted, context: &Context<'_>) -> Result<Vec<Asked>, Failure> {
        let now = context.now;
        let Some(file) = &self.questions else {
            return Ok(advice::top_questions(&counted.tally, now));
        };
        questions::read(file, |text| one(&text, &counted.catalog, now))
    }
}

/// Only what is asked and how far back: no company has to be known for that.
fn one(text: &str, catalog: &Catalog, now: jiff::Timestamp) -> Result<Asked, Failure> {
    let parsed = question::parse(text, catalog, now);
    let parsed = parsed.map_err(|error| ask::failure::question(&error, catalog))?;
    let asked = Asked::of(&parsed, now).ok_or_else(|| {
        let names: Vec<&str> = catalog.attributes.iter().map(|a| a.name.as_str()).collect();
        Failure::new(
            Class::User,
            "missing_attribute",
            format!("\u{201c}{text}\u{201d} names no attribute."),
            format!("There is: {}.", names.join(", ")),
        )
    })?;
    let lies_ahead = |as_of: question::AsOf| match as_of {
        question::AsOf::Day(day) => day > utc_date(now),
        question::AsOf::Instant(instant) => instant > now,
    };
    match (parsed.as_of, parsed.look_back) {
        (Some(as_of), _) if lies_ahead(as_of) => Err(Failure::new(
            Class::User,
            "future",
            format!("\u{201c}{text}\u{201d} asks about the future."),
            "Ask about today or an earlier day.",
        )),
        (_, LookBack::Since(since)) if since > utc_date(asked.as_of) => {
            let as_of = utc_date(asked.as_of);
            let error = plan::Error::SinceAfterAsOf { since, as_of };
            Err(Failure::new(
                error.class(),
                error.code(),
                format!("{error}."),
                error.advice(),
            ))
        }
        _ => Ok(asked),
    }
}
