//! What is not there, or can't be looked at: a table, a file, the directory of names.
//!
//! Often the place is wrong, not the lake: one level too high or too deep is looked at too. Start at
//! [`table`].

use std::collections::BTreeMap;
use std::path::Path;

use super::Desk;
use super::finding::{Finding, Findings, Kind, Side};
use super::table::Book;
use crate::ask;
use crate::catalog::Catalog;
use crate::contract::Table;
use crate::directory::Directory;
use crate::engine::Error;
use crate::engine::direct::Engine;
use crate::error::Failure;

/// A table that can't be looked at.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "whatever else keeps a table from being looked at says nothing of it"
)]
pub(super) async fn table(
    (desk, lake): (&Desk<'_>, &Engine),
    (table, name): (Table, &str),
    error: Error,
    (findings, report): Book<'_>,
) -> Result<(), Error> {
    let error = match error {
        // Hudi's own files are missed before the folder that they lie in.
        Error::BrokenTable { .. } if !lake.is_there(name).await => Error::NoLake {
            location: lake.place().to_owned(),
            reason: "there is no such table".to_owned(),
        },
        error => error,
    };
    let advice = error.advice();
    match error {
        // Names may come from elsewhere (`why directory build --entities`).
        Error::NoLake { .. } if table == Table::Entities && !desk.names_entities => report
            .notes
            .push(format!("There is no table {name}: it was not looked at.")),
        Error::NoLake { reason, .. } => {
            let nearby = lake.nearby(name).await;
            findings.add(absent((table, name), reason, (lake.place(), &nearby)));
        }
        Error::Unsupported { what, .. } => {
            let rule = "plain Parquet, or a Hudi copy-on-write table of version 6";
            findings.add(
                Finding::new(
                    Kind::TableUnreadable,
                    name,
                    (Side::Contract, rule.to_owned()),
                    (Side::Hudi, what),
                )
                .advise(advice),
            );
        }
        Error::BrokenTable { reason, .. } => findings.add(Finding::new(
            Kind::TableUnreadable,
            name,
            (
                Side::Catalog,
                "a Hudi table, nested as [layout] says".to_owned(),
            ),
            (Side::Hudi, reason),
        )),
        error => return Err(error),
    }
    Ok(())
}

/// No file lies in the companies' folder.
pub(super) fn companies(desk: &Desk<'_>, (findings, report): Book<'_>) {
    let name = &desk.catalog.lake.entities;
    match desk.names_entities {
        true => {
            let reason = "there is no file in its folder".to_owned();
            findings.add(absent((Table::Entities, name), reason, (".", &[])));
        }
        false => report
            .notes
            .push(format!("There is no file in {name}: it was not looked at.")),
    }
}

/// A table that is not there; `nearby` are the places one level off where it is.
fn absent(
    (table, name): (Table, &str),
    reason: String,
    (place, nearby): (&str, &[String]),
) -> Finding {
    let mut found = match place {
        "." => reason,
        place => format!("{reason} in {place}"),
    };
    let advice = match (nearby, table) {
        ([], Table::Entities) => {
            "The next `why directory build` finds nobody: write it; or, where names come from \
             elsewhere (`why directory build --entities`), take `entities` out of [lake] in the \
             catalog."
                .to_owned()
        }
        ([], Table::Trace) => {
            "Nothing can be answered without it. If the lake lies elsewhere, name its folder, the \
             one that the tables' folders are in (--lake, or `location` under [lake] in the \
             catalog); else write the table, by `why import` or the pipeline."
                .to_owned()
        }
        ([], Table::Latest) => {
            "While the catalog names it, nothing can be answered without it: write it, or take \
             `latest` out of [lake] in the catalog, and answers come from the trace alone."
                .to_owned()
        }
        ([_, ..], _) => {
            found = format!("{found}, but there is one in {}", nearby.join(" and in "));
            elsewhere(nearby)
        }
    };
    Finding::new(
        Kind::TableMissing,
        name,
        (Side::Catalog, format!("there is a table {name}")),
        (Side::Lake, found),
    )
    .advise(&advice)
}

fn elsewhere(nearby: &[String]) -> String {
    let say = match nearby {
        [place] => format!("If that is the lake, say --lake {place}"),
        _ => "If one of these is the lake, say so by --lake".to_owned(),
    };
    format!("{say}, or name it as `location` under [lake] in the catalog.")
}

/// That nothing of the lake is there: one thing, and not one of each table.
pub(super) async fn whole(lake: &Engine, catalog: &Catalog) -> Option<Error> {
    for table in Table::ALL {
        if let Some(name) = catalog.table(table)
            && lake.is_there(name).await
        {
            return None;
        }
    }
    match lake.tag(&catalog.lake.directory).await {
        Err(Error::NoLake { .. }) => Some(Error::NoLake {
            location: lake.place().to_owned(),
            reason: "none of its tables is there, nor its directory of names".to_owned(),
        }),
        Ok(_) | Err(_) => None,
    }
}

/// What to say where the trace is not there, but lies one level off.
pub(super) async fn nearby(lake: &Engine, catalog: &Catalog) -> Option<String> {
    let trace = &catalog.lake.trace;
    if lake.is_there(trace).await {
        return None;
    }
    let nearby = lake.nearby(trace).await;
    let places = nearby.join(" and in ");
    (!nearby.is_empty()).then(|| format!("The tables lie in {places}. {}", elsewhere(&nearby)))
}

/// The same of a lake that is not open yet.
pub async fn meant(
    (catalog_file, lake): (&Path, Option<&str>),
    aws: &BTreeMap<String, String>,
) -> Option<String> {
    let mut catalog = ask::read_catalog(catalog_file).ok()?;
    let base = ask::locate(&mut catalog, catalog_file, lake);
    let lake = Engine::unchecked(&catalog, &base, aws).ok()?;
    nearby(&lake, &catalog).await
}

/// A file that can't be read is a finding; that the lake can't be reached is not.
pub(super) fn file(table: &str, error: Error) -> Result<Finding, Error> {
    let Error::CorruptFile { file, reason } = error else {
        return Err(error);
    };
    let finding = Finding::new(
        Kind::FileUnreadable,
        table,
        (Side::Contract, "Parquet files that can be read".to_owned()),
        (Side::Files, "others".to_owned()),
    );
    Ok(finding.example(format!("{file}: {reason}")))
}

/// The lake's names; that they are not there, or can't be read, is a finding.
pub(super) async fn directory(
    lake: &Engine,
    catalog: &Catalog,
    findings: &mut Findings,
) -> Result<Option<Directory>, Failure> {
    let name = &catalog.lake.directory;
    let (kind, why) = match lake.file(name).await {
        Ok(file) => match Directory::from_bytes(file.bytes, name) {
            Ok(directory) => return Ok(Some(directory)),
            Err(error) => (Kind::DirectoryUnreadable, error.to_string()),
        },
        Err(Error::NoLake { reason, .. }) => (Kind::DirectoryMissing, reason),
        Err(error) => return Err(ask::failure::engine(&error)),
    };
    let rule = "the directory of names lies beside the tables".to_owned();
    let mut finding = Finding::new(kind, name, (Side::Catalog, rule), (Side::Lake, why));
    if !lake.is_there(&catalog.lake.trace).await {
        let nearby = lake.nearby(&catalog.lake.trace).await;
        if !nearby.is_empty() {
            finding.found.1 += &format!("; the tables lie in {}", nearby.join(" and in "));
            finding.advice = elsewhere(&nearby);
        }
    }
    findings.add(finding);
    Ok(None)
}
