//! The directory of names alone, for a lake that another writer fills: `why directory build`.
//!
//! From the lake's entities table or from JSON lines; goes to where the lake's directory lies, on
//! a disk or on S3. Companies and names that only the trace knows are not looked for. Start at
//! [`Names::run`].

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::entities::{self, Entities};
use super::refusals::{self, Refusals};
use super::{Refused, failure, stored, table};
use crate::ask;
use crate::catalog::{Catalog, location};
use crate::directory;
use crate::engine::direct::Engine;
use crate::error::Failure;

/// What to build and from what.
#[derive(Debug, Clone)]
pub struct Names {
    pub catalog_file: PathBuf,
    /// JSON lines, gzip or plain; without it, the lake's entities table is read.
    pub entities: Option<PathBuf>,
    /// A file instead of the lake's directory.
    pub into: Option<PathBuf>,
    /// As an import's.
    pub max_rejects: f64,
    pub rejects: Option<PathBuf>,
    /// What a lake on S3 needs.
    pub s3: BTreeMap<String, String>,
}

/// What was built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    pub companies: u64,
    pub bytes: u64,
    /// Where it is.
    pub file: String,
    pub notes: Vec<String>,
    pub rejected: u64,
    pub rejects: Option<PathBuf>,
    pub refused: Vec<Refused>,
}

impl Names {
    /// # Errors
    /// With words for a person; the directory that was there is still there then.
    pub async fn run(&self) -> Result<Built, Failure> {
        let catalog = ask::read_catalog(&self.catalog_file)?;
        let base = self.catalog_file.parent().unwrap_or(Path::new(""));
        let lake = Engine::unchecked(&catalog, base, &self.s3);
        let lake = lake.map_err(|e| ask::failure::engine(&e))?;
        let mut refusals = Refusals::new(self.rejects_file(&catalog)?, self.max_rejects);
        let (companies, notes) = match &self.entities {
            Some(file) => {
                let mut companies = Entities::new();
                let notes = entities::read(file, &mut refusals, &mut companies)?;
                (companies, notes)
            }
            None => self.of_lake(&catalog, &lake).await?,
        };
        if companies.is_empty() {
            return Err(self.nobody(&catalog));
        }
        let (count, bytes) = (companies.len() as u64, built(companies)?);
        let size = bytes.len() as u64;
        let file = match &self.into {
            Some(file) => {
                std::fs::write(file, bytes).map_err(|e| failure::unwritable(file, &e))?;
                file.display().to_string()
            }
            None => {
                let written = lake.write(&catalog.lake.directory, bytes).await;
                written.map_err(|e| ask::failure::engine(&e))?;
                place(&catalog, &lake)
            }
        };
        Ok(Built {
            companies: count,
            bytes: size,
            file,
            notes,
            rejected: refusals.refused,
            rejects: refusals.file().map(Path::to_path_buf),
            refused: refusals.shown,
        })
    }

    async fn of_lake(
        &self,
        catalog: &Catalog,
        lake: &Engine,
    ) -> Result<(Entities, Vec<String>), Failure> {
        let schema = table::Tables::new(catalog).entities;
        let files = lake.folder(&catalog.lake.entities).await;
        let mut companies = Entities::new();
        let mut nameless = 0_u64;
        for (shown, bytes) in files.map_err(|e| ask::failure::engine(&e))? {
            for mut company in stored::companies(bytes, &schema, &shown)? {
                if company.name.trim().is_empty() {
                    nameless += 1;
                    company.name = format!("#{}", company.entity_id);
                }
                // Files are rewritten under later names.
                companies.insert(company.entity_id, company);
            }
        }
        let note = format!(
            "{nameless} companies have no name and are found by their id only, such as `#17`."
        );
        Ok((companies, Vec::from_iter((nameless > 0).then_some(note))))
    }

    fn rejects_file(&self, catalog: &Catalog) -> Result<PathBuf, Failure> {
        let directory = self.into.clone();
        let directory = directory.unwrap_or_else(|| PathBuf::from(&catalog.lake.directory));
        let inputs: Vec<&Path> = self.entities.iter().map(PathBuf::as_path).collect();
        refusals::place(self.rejects.as_deref(), &directory, &inputs)
    }

    fn nobody(&self, catalog: &Catalog) -> Failure {
        let from = match &self.entities {
            Some(file) => file.display().to_string(),
            None => catalog.lake.root(&catalog.lake.entities),
        };
        failure::user(
            "no_companies",
            format!("There is no company in {from}."),
            "Write the entities table there (`why ddl` says how it looks), or name JSON lines with --entities.",
        )
    }
}

/// Where the directory lies, as people know it.
fn place(catalog: &Catalog, lake: &Engine) -> String {
    let (lies, name) = (lake.place(), &catalog.lake.directory);
    match catalog.lake.is_on_s3() {
        true => format!("{lies}/{name}"),
        false => location::plain(&Path::new(lies).join(name)),
    }
}

/// The file's bytes: what takes a lake's place on S3 is made on this machine first.
fn built(companies: Entities) -> Result<Vec<u8>, Failure> {
    let trouble = |e: &dyn std::fmt::Display| {
        failure::internal(
            "import_directory",
            format!("{e}."),
            "Make room, then build again.",
        )
    };
    let folder = tempfile::tempdir().map_err(|e| trouble(&e))?;
    let file = folder.path().join("directory");
    directory::build(companies.into_values(), &file).map_err(|e| trouble(&e))?;
    std::fs::read(&file).map_err(|e| trouble(&e))
}
