//! `hoodie.properties`: what a table says of itself, and whether we can read it.
//!
//! Everything that would make an answer wrong is refused by name. Start at [`check`].

use std::collections::BTreeMap;

use crate::catalog::Catalog;
use crate::engine::Error;
use crate::layout;

/// Hudi 0.12 to 0.15; their copy-on-write tables lie alike on disk.
const VERSIONS: [&str; 2] = ["5", "6"];

/// Refuses what can't be read. `columns` are the partition columns by the catalog.
pub(super) fn check(
    bytes: &[u8],
    table: &str,
    columns: &[&str],
    catalog: &Catalog,
) -> Result<(), Error> {
    let unsupported = |what: String| Error::Unsupported {
        table: table.to_owned(),
        what,
    };
    let broken = |reason: String| Error::BrokenTable {
        table: table.to_owned(),
        reason,
    };
    let properties = parse(bytes);
    let get = |name: &str| {
        properties
            .get(name)
            .map(String::as_str)
            .filter(|v| !v.is_empty())
    };
    let must = |name: &str| {
        get(name).ok_or_else(|| broken(format!("hoodie.properties does not say {name}")))
    };
    must("hoodie.table.name")?;
    let version = must("hoodie.table.version")?;
    if !VERSIONS.contains(&version) {
        return Err(unsupported(format!("a Hudi table of version {version}")));
    }
    match must("hoodie.table.type")? {
        "COPY_ON_WRITE" => {}
        "MERGE_ON_READ" => return Err(unsupported("a Hudi merge-on-read table".to_owned())),
        other => return Err(broken(format!("its type is \"{other}\""))),
    }
    if let Some(format) = get("hoodie.table.base.file.format").filter(|f| *f != "PARQUET") {
        return Err(unsupported(format!("a Hudi table of {format} files")));
    }
    if get("hoodie.bootstrap.base.path").is_some() {
        return Err(unsupported("a bootstrapped Hudi table".to_owned()));
    }
    if get("hoodie.datasource.write.hive_style_partitioning") != Some("true") {
        return Err(unsupported(
            "a Hudi table whose folders are not hive-style \
             (hoodie.datasource.write.hive_style_partitioning)"
                .to_owned(),
        ));
    }
    let fields = must("hoodie.table.partition.fields")?;
    if fields.split(',').map(str::trim).ne(columns.iter().copied()) {
        let columns = columns.join(",");
        return Err(broken(format!(
            "it is partitioned by {fields}, the catalog says {columns}"
        )));
    }
    if get("hoodie.datasource.write.partitionpath.urlencode") != Some("true")
        && let Some(odd) = catalog
            .attributes
            .iter()
            .find(|a| layout::escape(&a.name) != a.name)
    {
        return Err(broken(format!(
            "it writes folder names as they are, but \u{201c}{}\u{201d} needs escapes \
             (hoodie.datasource.write.partitionpath.urlencode)",
            odd.name
        )));
    }
    Ok(())
}

/// Java's properties, as far as Hudi writes them: `key=value`, `#` comments, `\` escapes.
pub(super) fn parse(bytes: &[u8]) -> BTreeMap<String, String> {
    let text = String::from_utf8_lossy(bytes);
    let lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with(['#', '!']));
    let pairs = lines.filter_map(|line| line.split_once('='));
    pairs
        .map(|(key, value)| (key.trim().to_owned(), value.trim().replace('\\', "")))
        .collect()
}
