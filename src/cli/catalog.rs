//! `why catalog` and `why ddl`: what the catalog says, checked and turned into tables.

use clap::{Args, Subcommand};

use super::{Context, Stop, Terminal};
use crate::ask;
use crate::catalog::example;
use crate::ddl;

#[derive(Debug, Subcommand)]
pub(crate) enum Catalog {
    /// Check the catalog: every error at once, with its line
    Check,
    /// Print a commented catalog to start from
    Example,
}

#[derive(Debug, Args)]
pub(crate) struct Ddl {
    /// Where the tables lie (`s3://bucket/prefix`); needed where the catalog's location is a folder
    #[arg(long, value_name = "S3_URL")]
    location: Option<String>,
}

impl Catalog {
    pub(crate) fn run(&self, context: &Context<'_>, terminal: &mut Terminal) -> Result<u8, Stop> {
        match self {
            Catalog::Check => {
                let file = &context.catalog_file;
                let catalog = ask::read_catalog(file)?;
                writeln!(
                    terminal.out,
                    "{} is right: {} attributes, {} sources, {} rules.",
                    file.display(),
                    catalog.attributes.len(),
                    catalog.sources.len(),
                    catalog.rules.len(),
                )?;
            }
            Catalog::Example => write!(terminal.out, "{}", example::TEXT)?,
        }
        Ok(0)
    }
}

impl Ddl {
    pub(crate) fn run(&self, context: &Context<'_>, terminal: &mut Terminal) -> Result<u8, Stop> {
        let catalog = ask::read_catalog(&context.catalog_file)?;
        let location = self.location.as_deref().unwrap_or(&catalog.lake.location);
        let statements =
            ddl::statements(&catalog, location).map_err(|error| ask::failure::ddl(&error))?;
        for statement in statements {
            writeln!(terminal.out, "{};\n", statement.sql.trim_end())?;
        }
        Ok(0)
    }
}
