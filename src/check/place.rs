//! Where a folder lies: the partition that its path stands for, or what is wrong with it.
//!
//! What stands for none is nobody's: what lies in it is not looked at. Start at [`partition`].

use super::Desk;
use super::finding::{Finding, Findings, Kind, Side, some};
use crate::contract::Table;
use crate::engine::Error;
use crate::engine::direct::Folder;
use crate::layout::{Layout, NotAPartition, Partition, PartitionColumn};

/// Of files that lie where none belong, so many are named.
const NAMED: usize = 3;

/// The partition that a folder's path stands for; the latest table's has any date.
pub(super) fn parse(layout: &Layout, table: Table, path: &str) -> Result<Partition, NotAPartition> {
    let (count, right) = (levels(path), table.partitions().len());
    if count != right {
        let folders = match count {
            1 => "1 folder".to_owned(),
            count => format!("{count} folders"),
        };
        return Err(NotAPartition {
            path: path.to_owned(),
            why: format!(
                "it has {folders}, not the {right} of {}",
                nested(layout, table)
            ),
        });
    }
    let mut folders = path.split('/').map(str::to_owned);
    let mut whole = Vec::new();
    for column in layout.order {
        match column {
            PartitionColumn::Date if table == Table::Latest => whole.push(format!(
                "{}={}",
                layout.column(column),
                layout.floor(layout.first_date)
            )),
            PartitionColumn::Date | PartitionColumn::Attribute | PartitionColumn::Bucket => {
                whole.extend(folders.next());
            }
        }
    }
    whole.extend(folders);
    layout.parse_path(&whole.join("/"))
}

fn levels(path: &str) -> usize {
    path.split('/').filter(|folder| !folder.is_empty()).count()
}

/// The columns of a table's folders, from the outermost.
fn nested(layout: &Layout, table: Table) -> String {
    let own = table.partitions();
    let order = layout.order.iter().filter(|column| own.contains(column));
    let order: Vec<&str> = order.map(|column| layout.column(*column)).collect();
    order.join("/")
}

/// As [`parse`]; that it is none, or one that nobody reads, is a finding.
pub(super) fn partition(
    desk: &Desk<'_>,
    (table, name): (Table, &str),
    folder: &Folder,
    findings: &mut Findings,
) -> Option<Partition> {
    let path = folder.path.as_str();
    let layout = &desk.catalog.layout;
    let partition = match parse(layout, table, path) {
        Ok(partition) => partition,
        Err(error) => {
            let order = nested(layout, table);
            let rule = format!("folders are {order}, as [layout] says");
            let finding = Finding::new(
                Kind::PartitionPath,
                name,
                (Side::Catalog, rule),
                (Side::Lake, "others".to_owned()),
            );
            findings.add(finding.example(match path {
                "" => format!("{} in the table's own folder", lie(folder)),
                path if levels(path) < table.partitions().len() => {
                    format!("{} in {path}: {}", lie(folder), error.why)
                }
                path => format!("{path}: {}", error.why),
            }));
            return None;
        }
    };
    if desk.catalog.attribute(&partition.attribute).is_none() {
        findings.add(
            Finding::new(
                Kind::AttributeUnknown,
                name,
                (Side::Catalog, "no such attribute".to_owned()),
                (Side::Lake, "folders of others".to_owned()),
            )
            .example(format!("\u{201c}{}\u{201d}", partition.attribute)),
        );
    }
    if table == Table::Trace {
        let (first, last) = layout.projected(desk.today);
        if partition.date < first || partition.date > last {
            let rule = format!("dates from {first} to tomorrow ({last})");
            findings.add(
                Finding::new(
                    Kind::DateOutOfRange,
                    name,
                    (Side::Catalog, rule),
                    (Side::Lake, "others".to_owned()),
                )
                .example(path.to_owned()),
            );
        }
    }
    Some(partition)
}

/// A file of the companies that lies deeper than the table's own folder.
pub(super) fn is_below(name: &str, folder: &Folder, findings: &mut Findings) -> bool {
    if folder.path.is_empty() {
        return false;
    }
    let rule = "its files lie in the table's own folder".to_owned();
    let finding = Finding::new(
        Kind::PartitionPath,
        name,
        (Side::Contract, rule),
        (Side::Lake, "others".to_owned()),
    );
    findings.add(
        finding
            .example(folder.path.clone())
            .advise("Nobody reads what lies there: move it up, or away."),
    );
    true
}

/// Files that lie beside the folders of a table instead of in one.
fn lie(folder: &Folder) -> String {
    let files: Vec<&str> = match &folder.parts {
        Ok(parts) => parts.iter().map(|part| part.shown.as_str()).collect(),
        Err(Error::CorruptFile { file, .. }) => vec![file.as_str()],
        Err(_) => Vec::new(),
    };
    let names = files
        .iter()
        .map(|file| file.rsplit('/').next().unwrap_or(file));
    let names = some(names, NAMED);
    let lie = match files.len() {
        1 => "lies",
        _ => "lie",
    };
    format!("{names} {lie}")
}
