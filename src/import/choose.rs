//! The catalog that goes with the lake: a given one, or one that was inferred.
//!
//! It stands beside the tables (`location = "."`), and names a latest table
//! exactly where there is one.

use std::path::{Path, PathBuf};

use super::{Import, LATEST, LatestTable, failure};
use crate::catalog::{Catalog, FILE_NAME, Lake};
use crate::error::Failure;
use crate::layout::Format;

/// A catalog, the text of its file, and what is to be said of it.
#[derive(Debug, Clone)]
pub(super) struct Chosen {
    pub(super) catalog: Catalog,
    pub(super) text: String,
    pub(super) assumed: Vec<String>,
    pub(super) notes: Vec<String>,
}

/// Reads a catalog file; a folder means the one in it.
pub(super) fn catalog(file: &Path) -> Result<Catalog, Failure> {
    text_and_catalog(file).map(|(_, catalog)| catalog)
}

fn in_folder(file: &Path) -> PathBuf {
    if file.is_dir() {
        file.join(FILE_NAME)
    } else {
        file.to_owned()
    }
}

fn text_and_catalog(file: &Path) -> Result<(String, Catalog), Failure> {
    let file = in_folder(file);
    let text = std::fs::read_to_string(&file).map_err(|e| {
        failure::user(
            "no_catalog",
            format!("There is no catalog at {}: {e}.", file.display()),
            "Name another file with --catalog, or leave it out: then one is inferred from the data.",
        )
    })?;
    let catalog = Catalog::parse(&text, &file.display().to_string()).map_err(|e| e.failure())?;
    Ok((text, catalog))
}

/// The same of a lake that an import can write to.
pub(super) fn read(file: &Path) -> Result<(Catalog, String), Failure> {
    let (text, catalog) = text_and_catalog(file)?;
    if catalog.layout.format == Format::Hudi {
        return Err(failure::user(
            "hudi_catalog",
            format!(
                "{} is the catalog of a Hudi table, and only Hudi's own writers add to one.",
                in_folder(file).display()
            ),
            "Write format = \"parquet\" in a catalog of its own to import into plain Parquet.",
        ));
    }
    Ok((catalog, text))
}

/// The catalog that was named, for a new lake.
pub(super) fn given(file: &Path, import: &Import) -> Result<Chosen, Failure> {
    let (read, text) = read(file)?;
    let mut catalog = read.clone();
    let mut notes = Vec::new();
    if catalog.lake.location != Lake::default().location {
        notes.push(format!(
            "The catalog's location ({}) was replaced by \".\" in the lake's own {FILE_NAME}.",
            catalog.lake.location
        ));
    }
    settle(&mut catalog, import);
    // The person's own text, with its comments, where it says the same.
    let text = if catalog == read {
        text
    } else {
        catalog.to_toml()
    };
    Ok(Chosen {
        catalog,
        text,
        assumed: Vec::new(),
        notes,
    })
}

/// The catalog of a lake that is added to: its own, or a given one that fits what is there.
pub(super) fn of_lake(lake: &Path, import: &Import) -> Result<Chosen, Failure> {
    let (own, text) = read(&lake.join(FILE_NAME))?;
    let mut differences = Vec::new();
    if own.lake.location != Lake::default().location {
        differences.push(format!("its tables lie elsewhere ({})", own.lake.location));
    }
    if import.latest == LatestTable::Always && own.lake.latest.is_none() {
        differences.push(
            "it has no latest table, and one of the new decisions alone would be wrong".to_owned(),
        );
    }
    let chosen = match &import.catalog {
        None => Chosen {
            catalog: own,
            text,
            assumed: Vec::new(),
            notes: Vec::new(),
        },
        Some(file) => {
            let mut chosen = given(file, import)?;
            if chosen.catalog.lake.latest.is_none() && own.lake.latest.is_some() {
                chosen.catalog.lake.latest.clone_from(&own.lake.latest);
                chosen.text = chosen.catalog.to_toml();
            }
            differences.extend(self::differences(&own, &chosen.catalog));
            chosen
        }
    };
    if differences.is_empty() {
        return Ok(chosen);
    }
    Err(failure::user(
        "other_layout",
        format!(
            "{} can't be appended to: {}.",
            lake.display(),
            differences.join("; ")
        ),
        "Append with the lake's own catalog, or import everything into a new folder.",
    ))
}

/// Where two catalogs expect different files.
fn differences(own: &Catalog, given: &Catalog) -> Vec<String> {
    let all = |c: &Catalog| {
        [
            ("order", format!("{:?}", c.layout.order).to_lowercase()),
            ("buckets", c.layout.buckets.to_string()),
            ("step", format!("{:?}", c.layout.step).to_lowercase()),
            ("first_date", c.layout.first_date.to_string()),
            (
                "[columns]",
                format!("{:?} {:?}", c.columns, c.layout.columns),
            ),
            ("trace", c.lake.trace.clone()),
            (
                "latest",
                c.lake.latest.clone().unwrap_or_else(|| "absent".to_owned()),
            ),
            ("entities", c.lake.entities.clone()),
            ("directory", c.lake.directory.clone()),
        ]
    };
    let pairs = all(own)
        .into_iter()
        .zip(all(given))
        .filter(|(own, given)| own != given);
    let mut differences: Vec<String> = pairs
        .map(|((key, own), (_, given))| match key {
            "[columns]" => "the catalog has other [columns]".to_owned(),
            _ => format!("its {key} is {own}, the catalog's {given}"),
        })
        .collect();
    let gone = own
        .attributes
        .iter()
        .filter(|a| given.attribute(&a.name).is_none());
    differences.extend(gone.map(|a| format!("the catalog lacks its attribute {}", a.name)));
    differences
}

/// Takes a catalog that was told from the data.
pub(super) fn inferred(
    (mut catalog, assumed): (Catalog, Vec<String>),
    import: &Import,
) -> Result<Chosen, Failure> {
    settle(&mut catalog, import);
    let text = catalog.to_toml();
    // What can be a name in data may not be one in a catalog: said here, not at the first question.
    let catalog = Catalog::parse(&text, FILE_NAME).map_err(|errors| {
        failure::user(
            "no_inference",
            format!("No catalog can be inferred from this data:\n{errors}"),
            "Write one (`why catalog example` prints one to start from) and name it with --catalog.",
        )
    })?;
    Ok(Chosen {
        catalog,
        text,
        assumed,
        notes: Vec::new(),
    })
}

/// A lake lies beside its catalog, with a latest table where anybody asked for one.
fn settle(catalog: &mut Catalog, import: &Import) {
    catalog.lake.location = Lake::default().location;
    if import.latest == LatestTable::Always && catalog.lake.latest.is_none() {
        catalog.lake.latest = Some(LATEST.to_owned());
    }
}
