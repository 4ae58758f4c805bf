//! What a Hudi table says of itself: its configuration, and the schema of its newest write.
//!
//! The schema is Avro's, in the extra metadata of a commit; types become the contract's. Start at
//! [`said`].

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::super::store::Visit;
use super::properties;
use crate::contract::{Field, Type};
use crate::engine::Error;

/// Commits looked into for a schema, from the newest: some kinds of writes leave none.
const COMMITS: usize = 16;

/// A table in its own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// `hoodie.properties`.
    pub properties: BTreeMap<String, String>,
    /// The file that has it, and the schema; `None` where no write left one.
    pub schema: Option<(String, Vec<Field>)>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Commit {
    #[serde(default)]
    extra_metadata: BTreeMap<String, Option<String>>,
}

/// Reads both.
pub(in crate::engine::direct) async fn said(visit: &Visit<'_>, root: &str) -> Result<Said, Error> {
    let (folder, mut files) = super::names(visit, root).await?;
    let gone = |name: &str| Error::Rewritten {
        table: format!("{}/{name}", visit.store.show(&folder)),
    };
    let file = "hoodie.properties";
    let bytes = visit.whole(&folder.clone().join(file)).await?;
    let properties = properties::parse(&bytes.ok_or_else(|| gone(file))?);
    files.retain(|meta| {
        let name = meta.location.filename().unwrap_or_default();
        name.ends_with(".commit") || name.ends_with(".replacecommit")
    });
    files.sort_unstable_by(|a, b| b.location.cmp(&a.location));
    let mut schema = None;
    for meta in files.into_iter().take(COMMITS) {
        let name = meta.location.filename().unwrap_or_default().to_owned();
        // Archived meanwhile: an older one says the same, or a newer one more.
        let Some(bytes) = visit.whole(&meta.location).await? else {
            continue;
        };
        if let Some(fields) = of_commit(&bytes) {
            schema = Some((format!(".hoodie/{name}"), fields));
            break;
        }
    }
    Ok(Said { properties, schema })
}

/// The schema in a commit, where it has one that can be read.
fn of_commit(json: &[u8]) -> Option<Vec<Field>> {
    let commit: Commit = serde_json::from_slice(json).ok()?;
    let text = commit.extra_metadata.get("schema")?.as_deref()?;
    let schema: Value = serde_json::from_str(text).ok()?;
    if let Type::Struct(fields) = of(&schema) {
        return Some(fields);
    }
    None
}

/// A type of Avro's.
fn of(schema: &Value) -> Type {
    let other = || {
        Type::Other(
            schema
                .as_str()
                .map_or_else(|| schema.to_string(), str::to_owned),
        )
    };
    // Of a union with null, what is not null.
    if let Some(union) = schema.as_array() {
        let mut types = union.iter().filter(|of| of.as_str() != Some("null"));
        return match (types.next(), types.next()) {
            (Some(only), None) => of(only),
            (Some(_) | None, _) => other(),
        };
    }
    let logical = schema["logicalType"].as_str().unwrap_or_default();
    let name = schema.as_str().or_else(|| schema["type"].as_str());
    match (name, logical) {
        (_, "decimal") => Type::Other(format!(
            "decimal({},{})",
            schema["precision"], schema["scale"]
        )),
        (Some("long"), logical) if logical.contains("timestamp") => Type::Timestamp,
        (Some("long"), _) => Type::Bigint,
        (Some("int"), "date") => Type::Date,
        (Some("int"), _) => Type::Int,
        (Some("string" | "bytes" | "enum"), _) => Type::String,
        (Some("double"), _) => Type::Double,
        (Some("boolean"), _) => Type::Boolean,
        (Some("array"), _) => Type::Array(Box::new(of(&schema["items"]))),
        (Some("record"), _) => {
            let fields = schema["fields"].as_array().map_or(&[][..], Vec::as_slice);
            let field = |field: &Value| {
                Some(Field {
                    name: field["name"].as_str()?.to_owned(),
                    of: of(&field["type"]),
                })
            };
            Type::Struct(fields.iter().filter_map(field).collect())
        }
        // `{"type": {"type": "long", …}}`
        (None, _) if schema["type"].is_object() || schema["type"].is_array() => of(&schema["type"]),
        (Some(_) | None, _) => other(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_s_schema_is_read_in_the_contract_s_words() {
        let fields = [
            r#"{"name":"id","type":["null","string"]}"#,
            r#"{"name":"at","type":["null",{"type":"long","logicalType":"timestamp-micros"}]}"#,
            r#"{"name":"n","type":"long"}"#,
            r#"{"name":"day","type":[{"type":"int","logicalType":"date"},"null"]}"#,
            r#"{"name":"many","type":{"type":"array","items":["null",{"type":"record","name":"r","fields":[{"name":"ok","type":"boolean"}]}]}}"#,
            r#"{"name":"money","type":{"type":"fixed","size":16,"name":"f","logicalType":"decimal","precision":38,"scale":2}}"#,
            r#"{"name":"odd","type":["int","string"]}"#,
        ]
        .join(",");
        let schema = format!(r#"{{"type":"record","name":"t","fields":[{fields}]}}"#);
        let commit = serde_json::json!({"extraMetadata": {"schema": schema}}).to_string();
        let read = of_commit(commit.as_bytes()).unwrap();
        let read: Vec<String> = read
            .iter()
            .map(|f| format!("{} {}", f.name, f.of))
            .collect();
        assert_eq!(
            read,
            [
                "id string",
                "at timestamp",
                "n bigint",
                "day date",
                "many array<struct<ok:boolean>>",
                "money decimal(38,2)",
                r#"odd ["int","string"]"#,
            ]
        );
        for none in ["", "{}", r#"{"extraMetadata":{"schema":"\"long\""}}"#] {
            assert_eq!(of_commit(none.as_bytes()), None, "{none}");
        }
    }
}
