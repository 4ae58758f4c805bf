//! `why doctor`: what `why serve` needs, looked at, with how to mend it.

use std::io::Write;

use clap::Args;

use super::serve::{Flags, state_file};
use super::{Context, Stop, Terminal};
use crate::error::Failure;
use crate::serve::doctor::{self, Check, Finding, Patient};

/// As wide as the longest name, and a space.
const NAME_WIDTH: usize = 15;

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    #[command(flatten)]
    told: Flags,
}

impl Doctor {
    pub(crate) fn run(&self, context: &Context<'_>, terminal: &mut Terminal) -> Result<u8, Stop> {
        let told = self.told.told(context)?;
        let runtime = super::runtime()?;
        let checks = runtime.block_on(doctor::examine(&Patient {
            catalog_file: &context.catalog_file,
            s3: &context.environment.s3_options(),
            state: &state_file(&told),
            told: &told,
            now: context.clock,
        }));
        for check in &checks {
            print(check, &mut terminal.out)?;
        }
        Ok(exit_code(&checks))
    }
}

fn print(check: &Check, out: &mut dyn Write) -> std::io::Result<()> {
    let name = check.name;
    match &check.finding {
        Finding::Ok(found) => writeln!(out, "ok       {name:<NAME_WIDTH$}{found}"),
        Finding::Skipped(why) => writeln!(out, "skipped  {name:<NAME_WIDTH$}{why}"),
        Finding::Warning(failure) => explained("warning", name, failure, out),
        Finding::NotOk(failure) => explained("not ok", name, failure, out),
    }
}

fn explained(
    verdict: &str,
    name: &str,
    failure: &Failure,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let words = failure.to_string();
    let mut lines = words.lines();
    let first = lines.next().unwrap_or_default();
    writeln!(out, "{verdict:<9}{name:<NAME_WIDTH$}{first}")?;
    lines.try_for_each(|line| writeln!(out, "{:24}{line}", ""))
}

/// 1 as soon as there is something that the person can mend.
fn exit_code(checks: &[Check]) -> u8 {
    checks
        .iter()
        .filter_map(|check| match &check.finding {
            Finding::NotOk(failure) => Some(failure.class.exit_code()),
            Finding::Ok(_) | Finding::Skipped(_) | Finding::Warning(_) => None,
        })
        .min()
        .unwrap_or(0)
}
