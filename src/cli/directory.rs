//! `why directory build`: the file of names alone, for a lake that another writer fills.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::import::{counted, share, size};
use super::{Context, Stop, Terminal};
use crate::import::Names;

#[derive(Debug, Subcommand)]
pub(crate) enum Directory {
    /// Write the lake's directory of company names anew
    Build(Build),
}

#[derive(Debug, Args)]
#[command(
    after_help = "Without --entities the lake's entities table is read. The catalog says where the \
    lake is; on S3 with the credentials of AWS_ACCESS_KEY_ID and its like. `why import` builds the \
    directory by itself."
)]
pub(crate) struct Build {
    /// The companies: JSON lines with entity_id, name, domain, aliases, parent_id, rank
    #[arg(long, value_name = "FILE")]
    entities: Option<PathBuf>,
    /// A file to write instead of the lake's directory
    #[arg(long, value_name = "FILE")]
    into: Option<PathBuf>,
    /// Stop where more than this share of a file's lines can't be used
    #[arg(long, value_name = "SHARE", default_value_t = 0.01, value_parser = share)]
    max_rejects: f64,
    /// A new file for lines that can't be used [default: beside the directory's name, here]
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
}

impl Directory {
    pub(crate) fn run(&self, context: &Context<'_>, terminal: &mut Terminal) -> Result<u8, Stop> {
        let Directory::Build(build) = self;
        let names = Names {
            catalog_file: context.catalog_file.clone(),
            entities: build.entities.clone(),
            into: build.into.clone(),
            max_rejects: build.max_rejects,
            rejects: build.rejects.clone(),
            s3: context.environment.s3_options(),
        };
        let runtime = super::runtime()?;
        let built = runtime.block_on(names.run())?;
        let out = &mut terminal.out;
        writeln!(
            out,
            "{}: {}, {}.",
            built.file,
            counted(built.companies, "company", "companies"),
            size(built.bytes)
        )?;
        if let Some(rejects) = &built.rejects {
            let lines = counted(built.rejected, "line was refused", "lines were refused");
            writeln!(out, "{lines}, see {}:", rejects.display())?;
        }
        for refused in &built.refused {
            writeln!(out, "  line {}: {}", refused.line, refused.reason)?;
        }
        for note in &built.notes {
            writeln!(out, "{note}")?;
        }
        Ok(0)
    }
}
