//! The catalog that goes with the lake: a given one, or one that was inferred.
//!
//! It stands beside the tables (`location = "."`), and names a latest table
//! exactly where there is one.

use std::path::Path;

use super::{Import, LATEST, failure};
use crate::catalog::{Catalog, FILE_NAME, Lake};
use crate::error::Failure;
use crate::layout::Format;

/// A catalog, the text of its file, and what is to be said of it.
pub(super) struct Chosen {
    pub(super) catalog: Catalog,
    pub(super) text: String,
    pub(super) assumed: Vec<String>,
    pub(super) notes: Vec<String>,
}

/// Reads the catalog that was named; a folder means the one in it.
pub(super) fn given(file: &Path, import: &Import) -> Result<Chosen, Failure> {
    let file = if file.is_dir() {
        file.join(FILE_NAME)
    } else {
        file.to_owned()
    };
    let text = std::fs::read_to_string(&file).map_err(|e| {
        failure::user(
            "no_catalog",
            format!("There is no catalog at {}: {e}.", file.display()),
            "Name another file with --catalog, or leave it out: then one is inferred from the data.",
        )
    })?;
    let read = Catalog::parse(&text, &file.display().to_string()).map_err(|e| e.failure())?;
    if read.layout.format == Format::Hudi {
        return Err(failure::user(
            "hudi_catalog",
            format!(
                "{} is the catalog of a Hudi table, and only Hudi's own writers add to one.",
                file.display()
            ),
            "Write format = \"parquet\" in a catalog of its own to import into plain Parquet.",
        ));
    }
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
    if import.latest && catalog.lake.latest.is_none() {
        catalog.lake.latest = Some(LATEST.to_owned());
    }
}
