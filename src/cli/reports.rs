//! `why reports` and `why audit`: what looked wrong to somebody, and who asked what.
//!
//! Both are read from the state file of `why serve`, which need not run. Where there is no Slack, a
//! report stands nowhere else. Start at [`Reports::run`] and [`Audit::run`].

use std::io::Write;

use clap::Args;

use super::token::{State, of_ledger};
use super::{Context, Stop, Terminal};
use crate::error::Failure;
use crate::ledger::{Access, Report};
use crate::render::{minute, printable};

#[cfg(test)]
mod tests;

#[derive(Debug, Args)]
pub(crate) struct Reports {
    /// How many at most, the newest first
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    most: u32,
    #[command(flatten)]
    state: State,
}

#[derive(Debug, Args)]
pub(crate) struct Audit {
    /// How many at most, the newest first
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    most: u32,
    #[command(flatten)]
    state: State,
}

impl Reports {
    pub(crate) fn run(&self, context: &Context<'_>, terminal: &mut Terminal) -> Result<u8, Stop> {
        let reports = waited(async {
            let ledger = self.state.open(context.environment).await?;
            let reports = ledger.reports(self.most as usize, context.now).await;
            reports.map_err(|error| of_ledger(&error))
        })?;
        told(&reports, &mut terminal.out)?;
        Ok(0)
    }
}

impl Audit {
    pub(crate) fn run(&self, context: &Context<'_>, terminal: &mut Terminal) -> Result<u8, Stop> {
        let accesses = waited(async {
            let ledger = self.state.open(context.environment).await?;
            let accesses = ledger.accesses(self.most as usize, context.now).await;
            accesses.map_err(|error| of_ledger(&error))
        })?;
        listed(&accesses, &mut terminal.out)?;
        Ok(0)
    }
}

fn waited<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Stop> {
    let runtime = super::runtime()?;
    Ok(runtime.block_on(work)?)
}

fn told(reports: &[Report], out: &mut dyn Write) -> std::io::Result<()> {
    if reports.is_empty() {
        return writeln!(out, "Nobody said that a value looks wrong.");
    }
    for report in reports {
        write!(
            out,
            "{}  {}  {}",
            minute(report.at),
            printable(&report.user),
            printable(&report.id)
        )?;
        if let Some(state) = report.state {
            let by = report.state_by.as_deref().unwrap_or("somebody");
            write!(out, "  {} by {}", state.name(), printable(by))?;
        }
        writeln!(out, "\n    {}", printable(&report.question))?;
        writeln!(out, "    {}", printable(&report.wrong))?;
        if let Some(expected) = &report.expected {
            writeln!(out, "    expected: {}", printable(expected))?;
        }
        if let Some(link) = &report.link {
            writeln!(out, "    {}", printable(link))?;
        }
    }
    writeln!(out, "\n`why \"QUESTION\"` answers as it was then.")
}

fn listed(accesses: &[Access], out: &mut dyn Write) -> std::io::Result<()> {
    if accesses.is_empty() {
        return writeln!(out, "Nobody asked anything in the last 90 days.");
    }
    for access in accesses {
        let company = access.entity_id.map(|id| format!(" #{id}"));
        let attribute = access
            .attribute
            .as_deref()
            .map(|name| format!(" {}", printable(name)));
        writeln!(
            out,
            "{}  {:<8}  {}  {}{}{}",
            minute(access.at),
            access.through.name(),
            printable(&access.user),
            printable(&access.outcome),
            company.unwrap_or_default(),
            attribute.unwrap_or_default(),
        )?;
    }
    Ok(())
}
