//! What the template must hold, checked over the parsed and evaluated file: an emulator drops half
//! of it without a word, and a linter does not know what the code calls.
//!
//! Here: what follows from the catalog. Beside it `permissions` (what each function may do), `calls`
//! (what its code does), `routes` (who reaches it), `settings` (what it is told), `safeguards`
//! (encryption, retention, redrive), `watching` (alarms, dashboard, README), `workflow` (the lake checked
//! in CI) and `pipeline` (the job that fills the lake). `evaluated` is how CloudFormation reads the
//! file.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::catalog::tests::generated;

mod calls;
mod evaluated;
mod permissions;
mod pipeline;
mod routes;
mod safeguards;
mod settings;
mod watching;
mod workflow;

use evaluated::Evaluated;

const SAMPLE: &str = include_str!("../../infra/why.toml");
const README: &str = include_str!("../../infra/README.md");

/// The functions' logical ids.
const FUNCTIONS: [&str; 4] = ["Ingress", "Worker", "DeadLetters", "Api"];

fn sample() -> Catalog {
    Catalog::parse(SAMPLE, "infra/why.toml").unwrap()
}

#[test]
fn the_checked_in_template_is_that_of_the_sample_catalog() {
    let printed = template(&sample()).unwrap();
    // Not assert_eq: two thousand lines tell nobody anything.
    if let Some((number, (printed, checked_in))) = printed
        .lines()
        .zip(TEMPLATE.lines())
        .enumerate()
        .find(|(_, (printed, checked_in))| printed != checked_in)
    {
        panic!(
            "line {}: `why infra --catalog infra/why.toml` prints\n{printed}\nand infra/template.yaml holds\n{checked_in}",
            number + 1
        );
    }
    assert!(printed == TEMPLATE, "one goes on where the other ends");
}

#[test]
fn a_catalog_of_a_local_lake_is_refused() {
    let local = Catalog::parse(
        "[layout]\nfirst_date = 2020-01-01\n[attributes.revenue]",
        "why.toml",
    )
    .unwrap();
    assert_eq!(
        template(&local).unwrap_err().to_string(),
        "Athena can't use the location \".\""
    );
}

#[test]
fn a_lake_at_the_root_of_its_bucket_has_no_prefix() {
    for location in ["s3://acme-lake", "s3://acme-lake/"] {
        let mut catalog = sample();
        catalog.lake.location = location.to_owned();
        let template = Evaluated::production(&template(&catalog).unwrap());
        for function in ["Worker", "Api"] {
            let read = template.allowed(function, "ReadLake");
            assert_eq!(read["Resource"], "arn:${AWS::Partition}:s3:::acme-lake/*");
        }
        assert_eq!(
            template.properties("TraceTable")["TableInput"]["StorageDescriptor"]["Location"],
            "s3://acme-lake/attribute_trace/"
        );
    }
}

#[test]
fn without_a_latest_table_there_is_none_and_no_right_to_one() {
    let mut catalog = sample();
    catalog.lake.latest = None;
    let template = Evaluated::production(&template(&catalog).unwrap());
    assert!(!template.resources().contains_key("LatestTable"));
    for function in ["Worker", "Api"] {
        let tables = template.allowed(function, "FindTables")["Resource"].to_string();
        assert!(!tables.contains("latest"), "{tables}");
    }
}

/// A table of the template as pairs: columns, partition columns, properties.
type Read = (
    Vec<(String, String)>,
    Vec<(String, String)>,
    BTreeMap<String, String>,
);

fn read(input: &Value) -> Read {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let columns = |value: &Value| {
        let all = value.as_array().cloned().unwrap_or_default();
        all.iter()
            .map(|column| (text(&column["Name"]), text(&column["Type"])))
            .collect()
    };
    let properties = input["Parameters"].as_object().unwrap();
    (
        columns(&input["StorageDescriptor"]["Columns"]),
        columns(&input["PartitionKeys"]),
        properties
            .iter()
            .map(|(key, value)| (key.clone(), text(value)))
            .collect(),
    )
}

/// What stands around Glue's tables, without the rest of the template: it is parsed often.
const AROUND: &str = "Parameters: {}\nMappings: {}\nGlobals: {}\nOutputs: {}\n\
    Conditions: {CreatesTables: !Equals [1, 1]}\nResources:\n";

proptest! {
    /// Through YAML and back: nothing in a catalog can break out of its quotes either.
    #[test]
    fn glues_tables_are_those_of_the_ddl(mut catalog in generated::catalog(), root in any::<bool>()) {
        catalog.lake.location = if root { "s3://acme-lake" } else { "s3://acme-lake/why" }.to_owned();
        let tables = ddl::tables(&catalog, &catalog.lake.location).unwrap();
        let block = resources(&catalog, &tables);
        prop_assert!(template(&catalog).unwrap().contains(&block));
        let evaluated = Evaluated::production(&format!("{AROUND}{block}"));
        for table in &tables {
            let id = match table.kind {
                Kind::Trace => "TraceTable",
                Kind::Latest => "LatestTable",
                Kind::Entities => "EntitiesTable",
            };
            let input = &evaluated.properties(id)["TableInput"];
            let (columns, partitions, mut properties) = read(input);
            let told = |columns: &[Column]| -> Vec<(String, String)> {
                columns.iter().map(|c| (c.name.to_lowercase(), c.of.clone())).collect()
            };
            prop_assert_eq!(columns, told(&table.columns));
            prop_assert_eq!(partitions, told(&table.partitions));
            prop_assert_eq!(properties.remove("EXTERNAL"), Some("TRUE".to_owned()));
            let projection = match table.kind {
                Kind::Trace => ddl::projection(&catalog),
                Kind::Latest => ddl::latest_projection(&catalog),
                Kind::Entities => Vec::new(),
            };
            prop_assert_eq!(properties, projection.into_iter().collect::<BTreeMap<_, _>>());
            prop_assert_eq!(&input["Name"], &Value::from(table.name.as_str()));
            prop_assert_eq!(&input["StorageDescriptor"]["Location"], &Value::from(table.location.as_str()));
            prop_assert_eq!(&input["StorageDescriptor"]["InputFormat"], table.input_format());
        }
        prop_assert_eq!(evaluated.of_type("AWS::Glue::Table").count(), tables.len());
    }
}
