//! The Athena DDL of the catalog's tables, with partition projection.
//!
//! Facts about SerDes, projection and Hudi: the Athena documentation (`CREATE TABLE`,
//! "Partition projection", "Query Apache Hudi datasets"). Nothing here runs a
//! statement. **Invariant:** every partition that a plan names lies within the
//! projected values, at the path that the column order implies (property-tested).
//! Start at [`statements`].

use crate::catalog::Catalog;
use crate::catalog::location::{self, Unusable};
use crate::layout::{Format, PartitionColumn, Step};

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

/// The tables of a catalog: the trace, the latest table if there is one, the entities.
///
/// `location` is where they lie on S3; a catalog of a local lake has none of its own.
///
/// # Errors
/// A location that is not `s3://bucket/prefix`.
pub fn statements(catalog: &Catalog, location: &str) -> Result<Vec<Statement>, Error> {
    location::check_s3(location).map_err(|Unusable(advice)| Error::Location {
        location: location.to_owned(),
        advice,
    })?;
    let all = &catalog.layout.order;
    let lake = &catalog.lake;
    let mut tables = vec![Table {
        name: &lake.trace,
        comment: "Why each attribute of each company has its value: one row for each decision",
        columns: decision_columns(catalog),
        partitions: all.to_vec(),
        format: catalog.layout.format,
    }];
    if let Some(latest) = &lake.latest {
        let mut columns = decision_columns(catalog);
        columns.push((&catalog.columns.decision_dates, "array<date>"));
        tables.push(Table {
            name: latest,
            comment: "The newest decision of each company and attribute",
            columns,
            partitions: latest_partitions(all),
            format: catalog.layout.format,
        });
    }
    tables.push(Table {
        name: &lake.entities,
        comment: "The companies",
        columns: ENTITY_COLUMNS.to_vec(),
        partitions: Vec::new(),
        format: Format::Parquet,
    });
    Ok(tables
        .iter()
        .map(|table| Statement {
            table: table.name.to_owned(),
            sql: table.sql(catalog, location),
        })
        .collect())
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

struct Table<'a> {
    name: &'a str,
    comment: &'a str,
    /// Name and type.
    columns: Vec<(&'a str, &'static str)>,
    partitions: Vec<PartitionColumn>,
    format: Format,
}

/// `evidence`: every candidate, the winner selected.
const EVIDENCE: &str = "array<struct<source:string,record_id:string,value:string,observed_at:timestamp,confidence:double,selected:boolean,reason:string,url:string>>";

const ENTITY_COLUMNS: [(&str, &str); 6] = [
    ("entity_id", "bigint"),
    ("name", "string"),
    ("domain", "string"),
    ("aliases", "array<string>"),
    ("parent_id", "bigint"),
    ("rank", "double"),
];

/// Hudi's own columns come first in its files and in the table.
const HUDI_COLUMNS: [&str; 5] = [
    "_hoodie_commit_time",
    "_hoodie_commit_seqno",
    "_hoodie_record_key",
    "_hoodie_partition_path",
    "_hoodie_file_name",
];

fn decision_columns(catalog: &Catalog) -> Vec<(&str, &'static str)> {
    let columns = &catalog.columns;
    vec![
        (&columns.decision_id, "string"),
        (&columns.entity_id, "bigint"),
        (&columns.decided_at, "timestamp"),
        (&columns.value, "string"),
        (&columns.previous_value, "string"),
        (&columns.rule, "string"),
        (&columns.rule_version, "string"),
        (&columns.reason, "string"),
        (&columns.run_id, "string"),
        (&columns.actor, "string"),
        (&columns.is_override, "boolean"),
        (&columns.evidence, EVIDENCE),
    ]
}

fn latest_partitions(order: &[PartitionColumn]) -> Vec<PartitionColumn> {
    let dateless = order.iter().filter(|column| match column {
        PartitionColumn::Attribute | PartitionColumn::Bucket => true,
        PartitionColumn::Date => false,
    });
    dateless.copied().collect()
}

impl Table<'_> {
    fn sql(&self, catalog: &Catalog, location: &str) -> String {
        let mut columns: Vec<String> = match self.format {
            Format::Hudi => HUDI_COLUMNS.map(|name| column(name, "string")).to_vec(),
            Format::Parquet => Vec::new(),
        };
        columns.extend(self.columns.iter().map(|(name, of)| column(name, of)));
        let (input, output) = match self.format {
            Format::Hudi => (
                "org.apache.hudi.hadoop.HoodieParquetInputFormat",
                "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
            ),
            Format::Parquet => (
                "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
                "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
            ),
        };
        let mut sql = format!(
            "CREATE EXTERNAL TABLE IF NOT EXISTS {}.{} (\n{}\n)\nCOMMENT {}\n",
            identifier(&catalog.lake.database),
            identifier(self.name),
            columns.join(",\n"),
            literal(self.comment),
        );
        if !self.partitions.is_empty() {
            let partitions: Vec<String> = self
                .partitions
                .iter()
                .map(|partition| {
                    let of = match partition {
                        PartitionColumn::Attribute => "string",
                        PartitionColumn::Bucket => "int",
                        PartitionColumn::Date => "date",
                    };
                    column(catalog.layout.column(*partition), of)
                })
                .collect();
            sql.push_str(&format!(
                "PARTITIONED BY (\n{}\n)\n",
                partitions.join(",\n")
            ));
        }
        let properties: Vec<String> = projection_of(&self.partitions, catalog)
            .iter()
            .map(|(key, value)| format!("  {} = {}", literal(key), literal(value)))
            .collect();
        sql.push_str(&format!(
            "ROW FORMAT SERDE 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe'\n\
             STORED AS INPUTFORMAT {}\n\
             OUTPUTFORMAT {}\n\
             LOCATION {}",
            literal(input),
            literal(output),
            literal(&format!(
                "{}/{}/",
                location.trim_end_matches('/'),
                self.name
            )),
        ));
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
                // A plan reads a day beyond today, and a range needs left < right.
                let first = layout.floor(layout.first_date);
                set("range", format!("{first},NOW+1DAYS"));
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

fn column(name: &str, of: &str) -> String {
    format!("  {} {of}", identifier(name))
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
