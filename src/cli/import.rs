//! `why import`: decisions in, lake out.

use clap::Args;

use super::{Context, Stop, Terminal};

#[derive(Debug, Args)]
pub(crate) struct ImportArguments {}

impl ImportArguments {
    pub(crate) fn run(&self, context: &Context<'_>, terminal: &mut Terminal) -> Result<u8, Stop> {
        let _ = (context.now, terminal.progress);
        Ok(0)
    }
}
