//! `why catalog` and `why ddl`: what the catalog says, checked and turned into tables.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Context, Stop, Terminal};
use crate::ask;
use crate::catalog::{self, example};
use crate::ddl;
use crate::error::{Class, Failure};
use crate::layout::{Format, PartitionColumn, Step};

mod json;
#[cfg(test)]
mod tests;

/// Attributes that are named; the rest are counted.
const NAMED: usize = 6;

#[derive(Debug, Subcommand)]
pub(crate) enum Catalog {
    /// Check the catalog: every error at once, with its line
    Check {
        /// The catalog file, or the folder that holds it; without it the one of --catalog
        #[arg(value_name = "PATH")]
        file: Option<PathBuf>,
    },
    /// Print a commented catalog to start from
    Example,
    /// Print as JSON what a writer of the lake needs of it (infra/pipeline)
    Json,
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
            Catalog::Check { file } => {
                let file = match file {
                    Some(file) => &context.environment.catalog_file(Some(file)),
                    None => &context.catalog_file,
                };
                let catalog = ask::read_catalog(file)?;
                let today = TimeZone::UTC.to_datetime(context.now).date();
                future(&catalog, today).map_or(Ok(()), Err)?;
                writeln!(terminal.out, "{} is right.", file.display())?;
                writeln!(terminal.out, "{}\n{}", lake(&catalog), contents(&catalog))?;
            }
            Catalog::Example => write!(terminal.out, "{}", example::TEXT)?,
            Catalog::Json => {
                let catalog = ask::read_catalog(&context.catalog_file)?;
                writeln!(terminal.out, "{:#}", json::json(&catalog))?;
            }
        }
        Ok(0)
    }
}

/// A lake whose first day is still to come: well written, and nothing of it is ever read. Only a
/// check says so, since what a file means must not change with the day.
fn future(catalog: &catalog::Catalog, today: Date) -> Option<Failure> {
    let first = catalog.layout.first_date;
    (first > today).then(|| {
        Failure::new(
            Class::User,
            "bad_catalog",
            format!("[layout] first_date = {first} lies in the future: no decision is that new."),
            "Write the day of the oldest decision: what is older is never read.",
        )
    })
}

/// Where the lake is and how its folders nest.
fn lake(catalog: &catalog::Catalog) -> String {
    let (lake, layout) = (&catalog.lake, &catalog.layout);
    let format = match layout.format {
        Format::Parquet => "Parquet",
        Format::Hudi => "Hudi",
    };
    let step = match layout.step {
        Step::Day => "day",
        Step::Month => "month",
    };
    let location = match lake.location.as_str() {
        "." => "the catalog's own folder",
        location => location,
    };
    let folders = layout.order.map(|column| match column {
        PartitionColumn::Attribute => "attribute".to_owned(),
        PartitionColumn::Bucket => counted(layout.buckets, "bucket"),
        PartitionColumn::Date => step.to_owned(),
    });
    let latest = match &lake.latest {
        Some(name) => format!("the newest decisions in {name}"),
        None => "no latest table".to_owned(),
    };
    format!(
        "{format} in {}, by {}, since {}; {latest}.",
        location,
        folders.join(" / "),
        layout.first_date,
    )
}

/// What can be asked about.
fn contents(catalog: &catalog::Catalog) -> String {
    let names: Vec<&str> = catalog.attributes.iter().map(|a| a.name.as_str()).collect();
    let (named, others) = names.split_at(names.len().min(NAMED));
    let more = if others.is_empty() {
        String::new()
    } else {
        format!(" and {} more", others.len())
    };
    format!(
        "{} ({}{more}), {}, {}.",
        counted(names.len(), "attribute"),
        named.join(", "),
        counted(catalog.sources.len(), "source"),
        counted(catalog.rules.len(), "declared rule"),
    )
}

fn counted<N: std::fmt::Display + PartialEq + From<u8>>(count: N, what: &str) -> String {
    let plural = if count == N::from(1) { "" } else { "s" };
    format!("{count} {what}{plural}")
}

impl Ddl {
    pub(crate) fn run(&self, context: &Context<'_>, terminal: &mut Terminal) -> Result<u8, Stop> {
        let catalog = ask::read_catalog(&context.catalog_file)?;
        let location = self.location.as_deref().unwrap_or(&catalog.lake.location);
        let statements = ddl::statements(&catalog, location).map_err(|error| {
            let mut failure = ask::failure::ddl(&error);
            if self.location.is_none() {
                failure.advice =
                    "Say where on S3 the tables will lie: `why ddl --location s3://bucket/prefix`."
                        .to_owned();
            }
            failure
        })?;
        writeln!(
            terminal.out,
            "-- For Athena, which runs one statement at a time. Its database comes first:\n\
             -- CREATE DATABASE IF NOT EXISTS `{}`;\n",
            catalog.lake.database
        )?;
        for statement in statements {
            writeln!(terminal.out, "{};\n", statement.sql.trim_end())?;
        }
        Ok(0)
    }
}
