//! The template of what runs on AWS, for a catalog.
//!
//! `infra/template.yaml` is checked in, for the sample catalog beside it; what follows from a
//! catalog (the lake's bucket, Glue's tables with their projection) stands there between markers,
//! and [`template`] writes it anew. Columns and projection are [`ddl`]'s. It knows nothing of AWS
//! beyond the words of these blocks. **Invariant:** for the sample catalog it prints the file
//! that is checked in (`infra/tests.rs`).

use serde_json::Value;

use crate::catalog::Catalog;
use crate::ddl::{self, Column, Kind, Table};

#[cfg(test)]
mod tests;

/// The template as it is checked in.
pub const TEMPLATE: &str = include_str!("../infra/template.yaml");

/// The template for this catalog.
///
/// # Errors
/// The catalog's lake is not on S3.
pub fn template(catalog: &Catalog) -> Result<String, ddl::Error> {
    let tables = ddl::tables(catalog, &catalog.lake.location)?;
    let named = with_block(TEMPLATE, "names", &names(catalog));
    Ok(with_block(&named, "tables", &resources(catalog, &tables)))
}

/// The text with another block between the markers of this name.
fn with_block(text: &str, name: &str, block: &str) -> String {
    let (start, end) = (
        format!("  # >>> catalog: {name}\n"),
        format!("  # <<< catalog: {name}\n"),
    );
    let Some((before, rest)) = text.split_once(&start) else {
        return text.to_owned();
    };
    let Some((_, after)) = rest.split_once(&end) else {
        return text.to_owned();
    };
    format!("{before}{start}{block}{end}{after}")
}

/// What policies and alarms name.
fn names(catalog: &Catalog) -> String {
    let lake = &catalog.lake;
    let location = lake.location.trim_start_matches("s3://");
    let (bucket, prefix) = location.split_once('/').unwrap_or((location, ""));
    let folder = prefix.trim_end_matches('/');
    let prefix = match folder {
        "" => String::new(),
        folder => format!("{folder}/"),
    };
    // A policy needs a name: without a latest table it says the trace's twice.
    let latest = lake.latest.as_deref().unwrap_or(&lake.trace);
    format!(
        "  Catalog:\n    Lake:\n      Bucket: {}\n      Prefix: {}\n      Folder: {}\n    \
         Glue:\n      Database: {}\n      Trace: {}\n      Latest: {}\n    \
         Athena:\n      UsdPerTb: {}\n      LeastBytes: {}\n",
        quoted(bucket),
        quoted(&prefix),
        quoted(folder),
        quoted(&lake.database),
        quoted(&lake.trace),
        quoted(latest),
        quoted(&catalog.cost.usd_per_tb.to_string()),
        quoted(&catalog.cost.minimum_bytes.to_string()),
    )
}

/// Glue's database and tables.
fn resources(catalog: &Catalog, tables: &[Table]) -> String {
    let mut yaml = format!(
        "  Database:\n    \
           Type: AWS::Glue::Database\n    \
           Condition: CreatesTables\n    \
           Properties:\n      \
             CatalogId: !Ref AWS::AccountId\n      \
             DatabaseInput:\n        \
               Name: {}\n        \
               Description: \"Decisions and companies, as why reads them\"\n",
        quoted(&catalog.lake.database)
    );
    for table in tables {
        yaml.push_str(&resource(table));
    }
    yaml
}

fn resource(table: &Table) -> String {
    let id = match table.kind {
        Kind::Trace => "TraceTable",
        Kind::Latest => "LatestTable",
        Kind::Entities => "EntitiesTable",
    };
    let properties: String = table
        .properties
        .iter()
        .map(|(key, value)| format!("          {}: {}\n", quoted(key), quoted(value)))
        .collect();
    let partitions = if table.partitions.is_empty() {
        String::new()
    } else {
        format!(
            "        PartitionKeys:\n{}",
            listed(&table.partitions, "          ")
        )
    };
    format!(
        "  {id}:\n    \
           Type: AWS::Glue::Table\n    \
           Condition: CreatesTables\n    \
           Properties:\n      \
             CatalogId: !Ref AWS::AccountId\n      \
             DatabaseName: !Ref Database\n      \
             TableInput:\n        \
               Name: {}\n        \
               Description: {}\n        \
               TableType: EXTERNAL_TABLE\n        \
               Parameters:\n          \
                 \"EXTERNAL\": \"TRUE\"\n\
         {properties}\
         {partitions}        \
               StorageDescriptor:\n          \
                 Location: {}\n          \
                 InputFormat: {}\n          \
                 OutputFormat: {}\n          \
                 SerdeInfo:\n            \
                   SerializationLibrary: {}\n            \
                   Parameters:\n              \
                     \"serialization.format\": \"1\"\n          \
                 Columns:\n\
         {}",
        quoted(&table.name),
        quoted(table.kind.means()),
        quoted(&table.location),
        table.input_format(),
        ddl::OUTPUT_FORMAT,
        ddl::SERDE,
        listed(&table.columns, "            "),
    )
}

fn listed(columns: &[Column], indent: &str) -> String {
    columns
        .iter()
        .map(|column| {
            // Athena lowers the names in DDL; Glue takes them as they come, and then finds none.
            let name = quoted(&column.name.to_lowercase());
            format!("{indent}- {{Name: {name}, Type: {}}}\n", quoted(&column.of))
        })
        .collect()
}

/// A string in quotes: what is one in JSON is one in YAML.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
