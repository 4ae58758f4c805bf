//! The Athena DDL of the catalog's tables, with partition projection.
//!
//! Facts about SerDes, projection and Hudi: the Athena documentation (`CREATE TABLE`,
//! "Partition projection", "Query Apache Hudi datasets"). Nothing here runs a
//! statement. **Invariant:** every partition that a plan names lies within the
//! projected values, at the path that the column order implies (property-tested).
//! Start at [`tables`]; Glue's tables in the template of the infrastructure are these too.

use crate::catalog::Catalog;
use crate::catalog::location::{self, Unusable};
use crate::contract;
pub use crate::contract::Table as Kind;
use crate::layout::{Format, PartitionColumn, Range, Step};

#[cfg(test)]
mod tests;

/// One `CREATE EXTERNAL TABLE`, without a closing semicolon: Athena takes one at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Without its database.
    pub table: String,
    pub sql: String,
}

/// The DDL can't be written. The Display text is what a person reads.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("Athena can't use the location \"{location}\"")]
    Location { location: String, advice: String },
}

impl Error {
    /// What to do next.
    #[must_use]
    pub fn advice(&self) -> &str {
        match self {
            Error::Location { advice, .. } => advice,
        }
    }
}

/// The tables of a catalog as DDL, in the order of [`tables`].
///
/// # Errors
/// A location that is not `s3://bucket/prefix`.
pub fn statements(catalog: &Catalog, location: &str) -> Result<Vec<Statement>, Error> {
    let tables = tables(catalog, location)?;
    Ok(tables
        .iter()
        .map(|table| Statement {
            table: table.name.clone(),
            sql: table.sql(&catalog.lake.database),
        })
        .collect())
}

/// The tables of a catalog: the trace, the latest table if there is one, the entities.
///
/// `location` is where they lie on S3; a catalog of a local lake has none of its own.
///
/// # Errors
/// A location that is not `s3://bucket/prefix`.
pub fn tables(catalog: &Catalog, location: &str) -> Result<Vec<Table>, Error> {
    location::check_s3(location).map_err(|Unusable(advice)| Error::Location {
        location: location.to_owned(),
        advice,
    })?;
    let (lake, layout) = (&catalog.lake, &catalog.layout);
    let mut tables = vec![Table {
        name: lake.trace.clone(),
        kind: Kind::Trace,
        columns: columns(Kind::Trace, layout.format, catalog),
        partitions: partitions(&layout.order, catalog),
        properties: projection(catalog),
        location: folder(location, &lake.trace),
        format: layout.format,
    }];
    if let Some(latest) = &lake.latest {
        tables.push(Table {
            name: latest.clone(),
            kind: Kind::Latest,
            columns: columns(Kind::Latest, layout.format, catalog),
            partitions: partitions(&latest_partitions(&layout.order), catalog),
            properties: latest_projection(catalog),
            location: folder(location, latest),
            format: layout.format,
        });
    }
    tables.push(Table {
        name: lake.entities.clone(),
        kind: Kind::Entities,
        columns: columns(Kind::Entities, Format::Parquet, catalog),
        partitions: Vec::new(),
        properties: Vec::new(),
        location: folder(location, &lake.entities),
        format: Format::Parquet,
    });
    Ok(tables)
}

/// The projection properties of the trace table, in the order of the DDL.
#[must_use]
pub fn projection(catalog: &Catalog) -> Vec<(String, String)> {
    projection_of(&catalog.layout.order, catalog)
}

/// The projection properties of the latest table.
#[must_use]
pub fn latest_projection(catalog: &Catalog) -> Vec<(String, String)> {
    projection_of(&latest_partitions(&catalog.layout.order), catalog)
}

/// One table, as Athena and Glue know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Without its database.
    pub name: String,
    pub kind: Kind,
    /// All but the partition columns, Hudi's own first.
    pub columns: Vec<Column>,
    /// From the outermost folder to the innermost.
    pub partitions: Vec<Column>,
    /// The table's properties: its projection.
    pub properties: Vec<(String, String)>,
    /// With a slash at the end.
    pub location: String,
    format: Format,
}

/// A column and its type in Hive's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub of: String,
}

/// What reads and writes the rows of every table.
pub const SERDE: &str = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe";

/// What Athena writes to every table.
pub const OUTPUT_FORMAT: &str = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat";

/// Hudi's own columns come first in its files and in the table.
const HUDI_COLUMNS: [&str; 5] = [
    "_hoodie_commit_time",
    "_hoodie_commit_seqno",
    "_hoodie_record_key",
    "_hoodie_partition_path",
    "_hoodie_file_name",
];

fn latest_partitions(order: &[PartitionColumn]) -> Vec<PartitionColumn> {
    let dateless = order.iter().filter(|column| match column {
        PartitionColumn::Attribute | PartitionColumn::Bucket => true,
        PartitionColumn::Date => false,
    });
    dateless.copied().collect()
}

/// The contract's, under the catalog's names; Hudi's own in front, where the files hold them.
fn columns(kind: Kind, format: Format, catalog: &Catalog) -> Vec<Column> {
    let hudi = match format {
        Format::Hudi => HUDI_COLUMNS.as_slice(),
        Format::Parquet => &[],
    };
    let hudi = hudi.iter().map(|name| Column {
        name: (*name).to_owned(),
        of: contract::Type::String.to_string(),
    });
    let own = kind.columns().into_iter().map(|column| Column {
        name: catalog.column(kind, column.name).to_owned(),
        of: column.of.to_string(),
    });
    hudi.chain(own).collect()
}

fn partitions(order: &[PartitionColumn], catalog: &Catalog) -> Vec<Column> {
    order
        .iter()
        .map(|partition| Column {
            name: catalog.layout.column(*partition).to_owned(),
            of: contract::partition(*partition).of.to_string(),
        })
        .collect()
}

fn folder(location: &str, table: &str) -> String {
    format!("{}/{table}/", location.trim_end_matches('/'))
}

impl Table {
    /// What finds the files to read.
    #[must_use]
    pub fn input_format(&self) -> &'static str {
        match self.format {
            Format::Hudi => "org.apache.hudi.hadoop.HoodieParquetInputFormat",
            Format::Parquet => "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
        }
    }

    fn sql(&self, database: &str) -> String {
        let mut sql = format!(
            "CREATE EXTERNAL TABLE IF NOT EXISTS {}.{} (\n{}\n)\nCOMMENT {}\n",
            identifier(database),
            identifier(&self.name),
            listed(&self.columns),
            literal(self.kind.means()),
        );
        if !self.partitions.is_empty() {
            sql.push_str(&format!(
                "PARTITIONED BY (\n{}\n)\n",
                listed(&self.partitions)
            ));
        }
        sql.push_str(&format!(
            "ROW FORMAT SERDE {}\n\
             STORED AS INPUTFORMAT {}\n\
             OUTPUTFORMAT {}\n\
             LOCATION {}",
            literal(SERDE),
            literal(self.input_format()),
            literal(OUTPUT_FORMAT),
            literal(&self.location),
        ));
        let properties: Vec<String> = self
            .properties
            .iter()
            .map(|(key, value)| format!("  {} = {}", literal(key), literal(value)))
            .collect();
        if !properties.is_empty() {
            sql.push_str(&format!("\nTBLPROPERTIES (\n{}\n)", properties.join(",\n")));
        }
        sql
    }
}

/// Athena's partition projection of these columns; nothing without columns.
///
/// Locations are hive-style, which needs no `storage.location.template`.
fn projection_of(columns: &[PartitionColumn], catalog: &Catalog) -> Vec<(String, String)> {
    if columns.is_empty() {
        return Vec::new();
    }
    let layout = &catalog.layout;
    let mut properties = vec![("projection.enabled".to_owned(), "true".to_owned())];
    for column in columns {
        let name = layout.column(*column);
        let mut set = |key: &str, value: String| {
            properties.push((format!("projection.{name}.{key}"), value));
        };
        match column {
            PartitionColumn::Attribute => {
                let names: Vec<&str> = catalog.attributes.iter().map(|a| &*a.name).collect();
                set("type", "enum".to_owned());
                set("values", names.join(","));
            }
            PartitionColumn::Bucket => {
                set("type", "integer".to_owned());
                set("range", format!("0,{}", layout.buckets.saturating_sub(1)));
            }
            PartitionColumn::Date => {
                set("type", "date".to_owned());
                set("format", "yyyy-MM-dd".to_owned());
                // A month's key is its first day: the steps count from the left end.
                let Range { first, days_ahead } = layout.range();
                // Athena wants left < right.
                set("range", format!("{first},NOW+{days_ahead}DAYS"));
                set("interval", "1".to_owned());
                let unit = match layout.step {
                    Step::Day => "DAYS",
                    Step::Month => "MONTHS",
                };
                set("interval.unit", unit.to_owned());
            }
        }
    }
    properties
}

fn listed(columns: &[Column]) -> String {
    let columns: Vec<String> = columns
        .iter()
        .map(|column| format!("  {} {}", identifier(&column.name), column.of))
        .collect();
    columns.join(",\n")
}

/// In backticks always: Athena's list of reserved words grows.
fn identifier(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// A literal of Hive's DDL, where a backslash escapes.
fn literal(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('\'', "\\'");
    format!("'{escaped}'")
}
