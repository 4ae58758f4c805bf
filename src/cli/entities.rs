//! `why entities search`: the directory, as a list.

use clap::{Args, Subcommand};

use super::{Context, Stop, Terminal};
use crate::ask;

#[derive(Debug, Subcommand)]
pub(crate) enum Entities {
    /// Search by name, ticker, domain or id; typos are forgiven
    Search(Search),
}

#[derive(Debug, Args)]
pub(crate) struct Search {
    /// How many at most
    #[arg(long, default_value_t = 10)]
    limit: usize,
    /// As JSON, one company a line
    #[arg(long)]
    json: bool,
    /// What the company may be called
    #[arg(required = true)]
    name: Vec<String>,
}

impl Entities {
    pub(crate) fn run(&self, context: &Context<'_>, terminal: &mut Terminal) -> Result<u8, Stop> {
        let Entities::Search(search) = self;
        let typed = search.name.join(" ");
        let runtime = super::runtime()?;
        let s3 = context.environment.s3_options();
        let (_catalog, directory) =
            runtime.block_on(ask::open_names(&context.catalog_file, &s3))?;
        let found = directory.search(&typed, search.limit);
        if found.is_empty() {
            return Err(ask::failure::no_company_found(&typed).into());
        }
        for company in &found {
            if search.json {
                let line = ask::found::json(company);
                writeln!(terminal.out, "{line}")?;
            } else {
                let through = if company.through == company.entity.name {
                    String::new()
                } else {
                    format!("  (as \u{201c}{}\u{201d})", company.through)
                };
                writeln!(
                    terminal.out,
                    "{}  {}{through}",
                    company.entity.name,
                    company.detail()
                )?;
            }
        }
        Ok(0)
    }
}
