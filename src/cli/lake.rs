//! `--lake`, the one argument of all commands that look at a lake as such.
//!
//! It says where the lake lies; its catalog is that of `--catalog`, else the one that lies there.
//! Start at [`LakeArgument::place`].

use std::path::{Path, PathBuf};

use clap::Args;

use super::Context;
use crate::error::{Class, Failure};

#[derive(Debug, Args)]
pub(super) struct LakeArgument {
    /// Where the lake lies, a folder or s3://bucket/prefix, if not where the catalog says; of a
    /// folder with a why.toml that is the catalog, unless --catalog names another
    #[arg(long, value_name = "LOCATION")]
    lake: Option<String>,
}

impl LakeArgument {
    /// Whether there is a lake to look at, named or where one is looked for.
    pub(super) fn is_said(&self, context: &Context<'_>) -> bool {
        self.lake.is_some()
            || context.catalog_flag.is_some()
            || context.catalog_file != Path::new(crate::catalog::FILE_NAME)
            || context.catalog_file.exists()
    }

    /// The catalog, and where the lake lies if it says otherwise.
    ///
    /// # Errors
    /// What was named is a file, or lies on S3 while its catalog is nowhere.
    pub(super) fn place(
        &self,
        context: &Context<'_>,
    ) -> Result<(PathBuf, Option<String>), Failure> {
        let catalog = context.catalog_file.clone();
        let Some(lake) = &self.lake else {
            return Ok((catalog, None));
        };
        if Path::new(lake).is_file() {
            return Err(Failure::new(
                Class::User,
                "no_lake",
                format!("{lake} is a file; --lake names the folder that a lake lies in."),
                "Name that folder, or this file with --catalog if it is the lake's catalog.",
            ));
        }
        let is_on_s3 = lake.starts_with("s3://");
        if is_on_s3 && context.catalog_flag.is_none() && !catalog.exists() {
            return Err(Failure::new(
                Class::User,
                "no_catalog",
                format!(
                    "There is no catalog at {}, and of a lake on S3 none is fetched.",
                    catalog.display()
                ),
                format!(
                    "Name a copy of the lake's {} with --catalog or WHY_CATALOG.",
                    crate::catalog::FILE_NAME
                ),
            ));
        }
        let beside = Path::new(lake).join(crate::catalog::FILE_NAME);
        Ok(match context.catalog_flag {
            None if beside.is_file() => (beside, None),
            Some(_) | None => (catalog, Some(lake.clone())),
        })
    }
}
