//! `why layout advise`: which partitions, buckets and look-back a team's data ask for.
//!
//! Counts decisions of a file or a lake (`crate::import`), and shows what `crate::advice` makes of
//! them. Start at [`Advise::run`].

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::import::Bar;
use super::lake::LakeArgument;
use super::{Context, Stop, Terminal, questions};
use crate::advice::{self, Asked};
use crate::ask;
use crate::catalog::Catalog;
use crate::error::{Class, Failure};
use crate::import::{Count, Counted};
use crate::question;

mod json;
mod text;

#[derive(Debug, Subcommand)]
pub(crate) enum Layout {
    /// Propose step, buckets, first date and look-back, with what each question then costs
    Advise(Advise),
}

#[derive(Debug, Args)]
#[command(
    after_help = "Decisions are counted in one pass, in bounded memory; nothing is written. The present \
    layout is that of --catalog; without one, the one that `why import` would infer. Without \
    --questions the attribute with the most decisions is asked about: now, midway through its \
    history, over the last year, and its full history. Of a lake, two columns of every file are \
    read."
)]
pub(crate) struct Advise {
    /// The decisions, as `why import` reads them: JSON lines, plain or gzip; `-` is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "lake")]
    decisions: Option<PathBuf>,
    #[command(flatten)]
    lake: LakeArgument,
    /// Your top questions, one a line; whose they are about does not matter
    #[arg(long, value_name = "FILE")]
    questions: Option<PathBuf>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

impl Layout {
    pub(crate) fn run(&self, context: &Context<'_>, terminal: &mut Terminal) -> Result<u8, Stop> {
        let Layout::Advise(advise) = self;
        advise.run(context, terminal)
    }
}

impl Advise {
    fn run(&self, context: &Context<'_>, terminal: &mut Terminal) -> Result<u8, Stop> {
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
                runtime.block_on(count.lake((&catalog_file, lake.as_deref()), &s3))
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
        let read = |(number, text): (u64, String)| {
            one(&text, &counted.catalog, now).map_err(|failure| questions::on_line(number, failure))
        };
        questions::read(file)?.into_iter().map(read).collect()
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
        question::AsOf::Day(day) => day > crate::layout::utc_date(now),
        question::AsOf::Instant(instant) => instant > now,
    };
    match parsed.as_of {
        Some(as_of) if lies_ahead(as_of) => Err(Failure::new(
            Class::User,
            "future",
            format!("\u{201c}{text}\u{201d} asks about the future."),
            "Ask about today or an earlier day.",
        )),
        Some(_) | None => Ok(asked),
    }
}
