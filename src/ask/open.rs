//! A lake is opened: its catalog, the engine that reads it, and the directory of companies.
//!
//! Start at [`Why::open_at`].

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::{Why, failure};
use crate::catalog::Catalog;
use crate::directory::{self, Directory};
use crate::engine::{self, Choice, Engine, File};
use crate::error::Failure;

impl Why {
    /// Opens the catalog, the directory and the lake that it names, which this process reads.
    pub async fn open(catalog_file: &Path, s3: &BTreeMap<String, String>) -> Result<Self, Failure> {
        Why::open_with(catalog_file, s3, &Choice::Direct).await
    }

    /// The same with another engine. `aws` are AWS's variables in lower case, for S3 and Athena.
    pub async fn open_with(
        catalog_file: &Path,
        aws: &BTreeMap<String, String>,
        choice: &Choice,
    ) -> Result<Self, Failure> {
        Why::open_at((catalog_file, None), aws, choice).await
    }

    /// The same, of a lake that lies elsewhere than its catalog says, if that is said.
    pub async fn open_at(
        (catalog_file, lake): (&Path, Option<&str>),
        aws: &BTreeMap<String, String>,
        choice: &Choice,
    ) -> Result<Self, Failure> {
        let mut catalog = read_catalog(catalog_file)?;
        let base = locate(&mut catalog, catalog_file, lake);
        // Boxed, here and where it is read: the futures of object_store and the SDK nest deeply.
        let engine = Box::pin(open_engine(&catalog, &base, aws, choice)).await?;
        // Before the directory: where there is no lake at all, that is what is to be said.
        checked(&engine).await?;
        Why::over(catalog, engine).await
    }

    /// The same without a look at the lake's tables: who only needs the companies waits for
    /// nothing else, and needs no right to anything else.
    pub async fn unchecked(
        catalog_file: &Path,
        aws: &BTreeMap<String, String>,
        choice: &Choice,
    ) -> Result<Self, Failure> {
        let mut catalog = read_catalog(catalog_file)?;
        let base = locate(&mut catalog, catalog_file, None);
        let engine = Box::pin(open_engine(&catalog, &base, aws, choice)).await?;
        Why::over(catalog, engine).await
    }

    async fn over(catalog: Catalog, engine: Engine) -> Result<Self, Failure> {
        let (directory, directory_tag) = Box::pin(open_directory(&catalog, &engine)).await?;
        Ok(Why {
            catalog,
            directory,
            directory_tag,
            engine,
            newest: Mutex::default(),
        })
    }

    /// Whether the lake's tables are there and can be read, where this process reads them.
    ///
    /// # Errors
    /// What is wrong with one, or that it can't be found out.
    pub async fn check(&self) -> Result<(), Failure> {
        checked(&self.engine).await
    }

    /// Whether the directory is still the one that was opened. True as well where its store
    /// names no versions.
    ///
    /// # Errors
    /// It can't be looked at, or is gone.
    pub async fn is_current(&self) -> Result<bool, Failure> {
        let tag = self.engine.tag(&self.catalog.lake.directory).await;
        Ok(tag.map_err(|e| failure::engine(&e))? == self.directory_tag)
    }
}

/// The catalog and the directory, without touching the trace.
///
/// # Errors
/// What is wrong with either, and what to do.
pub async fn open_names(
    catalog_file: &Path,
    s3: &BTreeMap<String, String>,
) -> Result<(Catalog, Directory), Failure> {
    let Why {
        catalog, directory, ..
    } = Why::unchecked(catalog_file, s3, &Choice::Direct).await?;
    Ok((catalog, directory))
}

async fn open_engine(
    catalog: &Catalog,
    base: &Path,
    aws: &BTreeMap<String, String>,
    choice: &Choice,
) -> Result<Engine, Failure> {
    Engine::unchecked(catalog, base, aws, choice)
        .await
        .map_err(|e| failure::engine(&e))
}

async fn checked(engine: &Engine) -> Result<(), Failure> {
    let checked = Box::pin(engine.check()).await;
    checked.map_err(|e| failure::engine(&e))
}

/// From where the lake is.
async fn open_directory(
    catalog: &Catalog,
    engine: &Engine,
) -> Result<(Directory, Option<String>), Failure> {
    let file = catalog.lake.directory_file();
    let File { bytes, tag } = match engine.file(&catalog.lake.directory).await {
        Ok(file) => file,
        Err(engine::Error::NoLake { reason, .. }) => {
            return Err(failure::directory(&directory::Error::Missing {
                file,
                reason,
            }));
        }
        Err(error) => return Err(failure::engine(&error)),
    };
    let directory = Directory::from_bytes(bytes, &file);
    Ok((directory.map_err(|e| failure::directory(&e))?, tag))
}

/// The engine that was said; the direct one where nothing was.
///
/// # Errors
/// Words that can't be meant.
#[cfg(any(feature = "cli", feature = "lambda"))]
pub fn choice(said: crate::config::EngineSaid) -> Result<Choice, Failure> {
    let parsed = Choice::parse(
        said.engine.as_deref(),
        said.workgroup.as_deref(),
        said.reuse_minutes.as_deref(),
    );
    parsed.map_err(|error| failure::not_a_choice(&error))
}

/// Puts where the lake lies, if that is said, into its catalog; gives the folder that a relative
/// location starts at: for what was typed the one where it was, for the catalog's its own.
pub fn locate(catalog: &mut Catalog, catalog_file: &Path, lake: Option<&str>) -> PathBuf {
    match lake {
        Some(lake) => {
            lake.clone_into(&mut catalog.lake.location);
            PathBuf::new()
        }
        None => catalog_file
            .parent()
            .map_or_else(PathBuf::new, Path::to_path_buf),
    }
}

/// Reads and checks the catalog file.
pub fn read_catalog(file: &Path) -> Result<Catalog, Failure> {
    let text = std::fs::read_to_string(file).map_err(|e| failure::no_catalog(file, &e))?;
    Catalog::parse(&text, &file.display().to_string()).map_err(|e| e.failure())
}
