//! `why reports`: what looked wrong to somebody, and what came of it.
//!
//! Read from the state file of `why serve`, which need not run. Where there is no Slack, a report
//! stands nowhere else, and is settled here, as the buttons under it settle it there. Start at
//! [`Reports::run`].

use std::io::Write;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};

use super::prose::Prose;
use super::token::{State, of_ledger};
use super::{Context, Stop, Terminal};
use crate::error::{Class, Failure};
use crate::job::{OF_THE_WEB, TriageState};
use crate::ledger::Report;
use crate::render::{minute, printable};

mod json;
#[cfg(test)]
mod tests;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Reports {
    #[command(subcommand)]
    work: Option<Work>,
    /// How many at most, the newest first
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    most: u32,
    /// As one JSON object (schema/reports.v1.json)
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    state: State,
}

#[derive(Debug, Subcommand)]
enum Work {
    /// Say what came of one: `why reports settle ID --as explained`
    Settle(Settle),
}

#[derive(Debug, Args)]
struct Settle {
    /// As `why reports` prints it
    id: String,
    /// What came of it
    #[arg(long = "as", value_name = "STATE", value_parser = states())]
    state: TriageState,
    /// Who says so
    #[arg(long, value_name = "NAME", default_value = "operator")]
    by: String,
    /// The report as it is then, as one JSON object (schema/reports.v1.json)
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    file: State,
}

/// In the words of the ledger, with those of the buttons.
fn states() -> impl TypedValueParser<Value = TriageState> {
    let words = TriageState::ALL.map(|state| PossibleValue::new(state.name()).help(state.label()));
    PossibleValuesParser::new(words)
        .try_map(|word| TriageState::named(&word).ok_or("no such state"))
}

impl Reports {
    pub(crate) fn run(&self, context: &Context<'_>, terminal: &mut Terminal) -> Result<u8, Stop> {
        let runtime = super::runtime()?;
        runtime.block_on(async {
            match &self.work {
                Some(Work::Settle(settle)) => settle.run(context, terminal).await,
                None => self.list(context, terminal).await,
            }
        })
    }

    async fn list(&self, context: &Context<'_>, terminal: &mut Terminal) -> Result<u8, Stop> {
        let ledger = self.state.open(context.environment).await?;
        let reports = ledger.reports(self.most as usize, context.now).await;
        let reports = reports.map_err(|error| of_ledger(&error))?;
        match self.json {
            true => writeln!(terminal.out, "{:#}", json::reports(&reports))?,
            false => told(&reports, &mut terminal.prose())?,
        }
        Ok(0)
    }
}

impl Settle {
    /// As a button in the triage channel does it: what was said already stays with who said it.
    async fn run(&self, context: &Context<'_>, terminal: &mut Terminal) -> Result<u8, Stop> {
        const LONGEST: usize = 100;
        let by = self.by.trim();
        if by.is_empty() || by.chars().count() > LONGEST {
            return Err(user(
                "bad_name",
                "It is not said who settles it.".to_owned(),
                "Give a name of up to 100 characters with --by, or leave it out.",
            )
            .into());
        }
        let ledger = self.file.open(context.environment).await?;
        let found = ledger.report(&self.id).await;
        let Some(report) = found.map_err(|error| of_ledger(&error))? else {
            return Err(user(
                "no_report",
                format!("There is no report {}.", printable(&self.id)),
                "`why reports` lists those there are.",
            )
            .into());
        };
        let out = &mut terminal.prose();
        if report.state == Some(self.state) {
            if self.json {
                writeln!(out.out, "{:#}", json::reports(&[report]))?;
                return Ok(0);
            }
            one(&report, out)?;
            out.say("\nThat was said already; nothing is changed.")?;
            return Ok(0);
        }
        let set = ledger.set_report_state(&report.id, self.state, by).await;
        set.map_err(|error| of_ledger(&error))?;
        let report = Report {
            state: Some(self.state),
            state_by: Some(by.to_owned()),
            ..report
        };
        if self.json {
            writeln!(out.out, "{:#}", json::reports(&[report]))?;
            return Ok(0);
        }
        one(&report, out)?;
        if report.posted.is_some() {
            out.say(&format!(
                "\nIts post in Slack stays as it is. To tell whoever reported it, press \u{201c}{}\u{201d} there.",
                self.state.label()
            ))?;
        }
        Ok(0)
    }
}

fn told(reports: &[Report], out: &mut Prose<'_>) -> std::io::Result<()> {
    if reports.is_empty() {
        return out.say("Nobody said that a value looks wrong.");
    }
    for report in reports {
        one(report, out)?;
    }
    let states = TriageState::ALL.map(TriageState::name).join(", ");
    out.say(&format!(
        "\n`why \"QUESTION\"` answers as it was then.\n\
         `why reports settle ID --as STATE` says what came of one: {states}."
    ))
}

fn one(report: &Report, out: &mut Prose<'_>) -> std::io::Result<()> {
    const INDENT: &str = "    ";
    let state = report.state.map_or_else(String::new, |state| {
        let by = report.state_by.as_deref().unwrap_or("somebody");
        format!("  {} by {}", state.name(), printable(by))
    });
    // As `why audit` has them.
    let user = report.user.strip_suffix(OF_THE_WEB);
    out.say(&format!(
        "{}  {}  {}{state}",
        minute(report.at),
        printable(user.unwrap_or(&report.user)),
        printable(&report.id)
    ))?;
    out.beside(INDENT, &printable(&report.question))?;
    out.beside(INDENT, &printable(&report.wrong))?;
    if let Some(expected) = &report.expected {
        out.beside(INDENT, &format!("expected: {}", printable(expected)))?;
    }
    if let Some(link) = &report.link {
        out.beside(INDENT, &printable(link))?;
    }
    Ok(())
}

fn user(code: &'static str, text: String, advice: &str) -> Failure {
    Failure::new(Class::User, code, text, advice)
}
