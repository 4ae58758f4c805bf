//! `why infra`: the template of what runs on AWS, for the catalog.

use clap::Args;

use super::{Context, Stop, Terminal};
use crate::ask;
use crate::infra;

#[derive(Debug, Args)]
pub(crate) struct Infra {}

impl Infra {
    pub(crate) fn run(&self, context: &Context<'_>, terminal: &mut Terminal) -> Result<u8, Stop> {
        let catalog = ask::read_catalog(&context.catalog_file)?;
        let template = infra::template(&catalog).map_err(|error| {
            let mut failure = ask::failure::ddl(&error);
            failure.advice =
                "The functions read this catalog too: set its [lake] location to s3://bucket/prefix."
                    .to_owned();
            failure
        })?;
        write!(terminal.out, "{template}")?;
        Ok(0)
    }
}
