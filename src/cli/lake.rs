//! `--lake`, the one argument of all commands that look at a lake as such.
//!
//! It says where the lake lies; its catalog is that of `--catalog`, else the one that lies there.
//! Start at [`LakeArgument::place`].

use std::path::{Path, PathBuf};

use clap::Args;

use super::Context;
use crate::catalog::{FILE_NAME, location};
use crate::check;
use crate::error::{Class, Failure};

/// Folders that are looked into for a catalog that was meant.
const NEARBY: usize = 32;

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
    /// What was named is a file or not there, or has no catalog and there is no other, or lies on S3 while its catalog is nowhere.
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
        let is_path = !lake.contains("://");
        if is_path && !Path::new(lake).is_dir() {
            return Err(Failure::new(
                Class::User,
                "no_lake",
                format!("There is no lake at {lake}: there is no such folder."),
                check::NAMED_WRONG,
            ));
        }
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
                    FILE_NAME
                ),
            ));
        }
        let beside = Path::new(lake).join(FILE_NAME);
        if is_path && context.catalog_flag.is_none() && !beside.is_file() && !catalog.exists() {
            return Err(no_catalog(Path::new(lake), &catalog));
        }
        Ok(match context.catalog_flag {
            None if beside.is_file() => (beside, None),
            Some(_) | None => (catalog, Some(lake.clone())),
        })
    }

    /// A failure at a lake; where its tables lie one level off, that place is what to say.
    pub(super) async fn advise(&self, mut failure: Failure, context: &Context<'_>) -> Failure {
        let Ok((catalog, lake)) = self.place(context) else {
            return failure;
        };
        let aws = context.environment.s3_options();
        if let Some(advice) = check::meant((&catalog, lake.as_deref()), &aws).await {
            failure.advice = advice;
        }
        failure
    }
}

fn no_catalog(lake: &Path, catalog: &Path) -> Failure {
    let advice = match nearby(lake).as_slice() {
        [] => format!("Name the lake's {FILE_NAME} with --catalog or WHY_CATALOG."),
        [one] => format!("There is one in {one}: if that is the lake, say --lake {one}."),
        several => format!(
            "There is one in {}: if one of these is the lake, say so by --lake.",
            several.join(" and in ")
        ),
    };
    Failure::new(
        Class::User,
        "no_catalog",
        format!(
            "There is no catalog in {}, nor at {}.",
            location::plain(lake),
            catalog.display()
        ),
        advice,
    )
}

/// Folders with a catalog one level above this one or below it.
fn nearby(lake: &Path) -> Vec<String> {
    let above = match lake.file_name() {
        Some(_) => lake.parent().map(Path::to_path_buf),
        None => lake
            .canonicalize()
            .ok()
            .and_then(|lake| lake.parent().map(Path::to_path_buf)),
    };
    let below = std::fs::read_dir(lake).into_iter().flatten().flatten();
    let mut below: Vec<PathBuf> = below.map(|entry| entry.path()).collect();
    below.sort();
    let folders = above.into_iter().chain(below.into_iter().take(NEARBY));
    let with_catalog = folders.filter(|folder| folder.join(FILE_NAME).is_file());
    with_catalog
        .map(|folder| location::plain(&folder))
        .collect()
}
