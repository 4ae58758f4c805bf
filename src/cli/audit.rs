//! `why audit`: who asked what, through which door, and how it ended.
//!
//! Read from the state file of `why serve`, which need not run. Start at [`Audit::run`].

use std::io::Write;

use clap::Args;

use super::token::{State, of_ledger};
use super::{Context, Stop, Terminal};
use crate::ledger::Access;
use crate::render::{minute, printable};

mod json;
#[cfg(test)]
mod tests;

#[derive(Debug, Args)]
pub(crate) struct Audit {
    /// How many at most, the newest first
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    most: u32,
    /// As one JSON object (schema/audit.v1.json)
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    state: State,
}

impl Audit {
    pub(crate) fn run(&self, context: &Context<'_>, terminal: &mut Terminal) -> Result<u8, Stop> {
        let accesses = super::runtime()?.block_on(async {
            let ledger = self.state.open(context.environment).await?;
            let accesses = ledger.accesses(self.most as usize, context.now).await;
            accesses.map_err(|error| of_ledger(&error))
        })?;
        match self.json {
            true => writeln!(terminal.out, "{:#}", json::accesses(&accesses))?,
            false => listed(&accesses, &mut terminal.out)?,
        }
        Ok(0)
    }
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
