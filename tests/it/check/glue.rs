//! Glue's tables, asked through an Athena on this machine (`tests/athena/fake.py`).

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use why::catalog::Catalog;
use why::ddl;

use super::{CATALOG, codes, decisions, lake, scratch};
use crate::athena::Athena;
use crate::harness::{NOW, Run, command};

const LOCATION: &str = "s3://acme-lake/why";

struct Scene {
    athena: Athena,
    catalog: PathBuf,
    lake: PathBuf,
}

impl Scene {
    fn new(name: &str) -> Self {
        let lake = lake(name, &decisions());
        let catalog = scratch(&format!("{name}-catalog")).join("why.toml");
        std::fs::write(
            &catalog,
            CATALOG.replace("[lake]", &format!("[lake]\nlocation = \"{LOCATION}\"")),
        )
        .unwrap();
        Scene {
            athena: Athena::start(lake.to_str().unwrap(), &[]),
            catalog,
            lake,
        }
    }

    /// What Glue says where the tables were made of the catalog.
    fn tables(&self) -> Value {
        let text = std::fs::read_to_string(&self.catalog).unwrap();
        let catalog = Catalog::parse(&text, "why.toml").unwrap();
        let column =
            |column: &ddl::Column| json!({"Name": column.name.to_lowercase(), "Type": column.of});
        let mut said = json!({});
        for table in ddl::tables(&catalog, LOCATION).unwrap() {
            let mut parameters = json!({
                "EXTERNAL": "TRUE", "transient_lastDdlTime": "1764000000",
                "location": table.location, "inputformat": table.input_format(),
                "outputformat": ddl::OUTPUT_FORMAT, "serde.serialization.lib": ddl::SERDE,
            });
            for (key, value) in &table.properties {
                parameters[key] = json!(value);
            }
            said[format!("why.{}", table.name)] = json!({
                "Columns": table.columns.iter().map(column).collect::<Vec<Value>>(),
                "PartitionKeys": table.partitions.iter().map(column).collect::<Vec<Value>>(),
                "Parameters": parameters,
            });
        }
        said
    }

    fn check(&self, flags: &[&str]) -> Run {
        let output = command()
            .env("AWS_REGION", "eu-central-1")
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env(
                "AWS_ENDPOINT_URL_ATHENA",
                format!("http://127.0.0.1:{}", self.athena.port),
            )
            .args(["--now", NOW, "--catalog"])
            .arg(&self.catalog)
            .args(["check", "--glue", "--lake"])
            .arg(&self.lake)
            .args(flags)
            .output()
            .unwrap();
        Run::of(output)
    }

    /// Glue's tables, changed, and what is found then.
    async fn found(&self, change: impl FnOnce(&mut Value)) -> Run {
        let mut tables = self.tables();
        change(&mut tables);
        self.athena.control("POST", "tables", tables).await;
        self.check(&[])
    }
}

fn says(run: &Run, words: &[&str]) {
    assert_eq!(run.code, 3, "{}", run.seen());
    for words in words {
        assert!(run.out.contains(words), "{words}: {}", run.seen());
    }
    let told = run.out.matches("\n  next          ").count();
    assert_eq!(told, words.len(), "{}", run.seen());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn glue_s_tables_are_compared_with_what_the_catalog_makes_of_them() {
    let scene = Scene::new("glue");
    let run = scene.found(|_| {}).await;
    assert_eq!(run.code, 0, "{}", run.seen());
    let calls = scene.athena.control("GET", "calls", Value::Null).await;
    let calls: Vec<&Value> = calls
        .as_array()
        .unwrap()
        .iter()
        .map(|call| &call["body"])
        .collect();
    assert_eq!(calls.len(), 3);
    assert_eq!(
        calls[0],
        &json!({"CatalogName": "AwsDataCatalog", "DatabaseName": "why", "TableName": "attribute_trace", "WorkGroup": "primary"})
    );

    let trace = "why.attribute_trace";
    let run = scene
        .found(|tables| {
            tables[trace]["Columns"][1]["Type"] = json!("int");
            tables[trace]["Columns"].as_array_mut().unwrap().remove(4);
            tables[trace]["Columns"]
                .as_array_mut()
                .unwrap()
                .push(json!({"Name": "own", "Type": "string"}));
        })
        .await;
    says(
        &run,
        &[
            "column_type  attribute_trace, entity_id\n  the contract  bigint\n  Glue          int\n",
            "column_missing  attribute_trace, previous_value\n  the contract  string\n  Glue          no such column\n",
        ],
    );

    let run = scene
        .found(|tables| {
            let properties = &mut tables[trace]["Parameters"];
            properties["projection.attribute_name.values"] = json!("employees,limit,old");
            properties["projection.entity_id_mod.range"] = json!("0,7");
            properties["projection.created_date.range"] = json!("2025-01-01,NOW+1DAYS");
            properties
                .as_object_mut()
                .unwrap()
                .remove("projection.enabled");
            properties["location"] = json!("s3://other/place/");
        })
        .await;
    says(
        &run,
        &[
            "glue_projection  attribute_trace, projection.attribute_name.values\n  the catalog   has also “revenue”\n  Glue          has also “old”\n",
            "glue_projection  attribute_trace, projection.entity_id_mod.range\n  the catalog   0,3\n  Glue          0,7\n",
            "glue_projection  attribute_trace, projection.created_date.range\n  the catalog   2024-01-01,NOW+1DAYS\n  Glue          2025-01-01,NOW+1DAYS\n",
            "glue_projection  attribute_trace, projection.enabled\n  the catalog   true\n  Glue          not set\n",
            "glue_storage  attribute_trace, location\n  the catalog   s3://acme-lake/why/attribute_trace/\n  Glue          s3://other/place/\n",
        ],
    );

    let run = scene
        .found(|tables| {
            tables[trace]["PartitionKeys"]
                .as_array_mut()
                .unwrap()
                .swap(0, 1);
            tables.as_object_mut().unwrap().remove("why.entities");
        })
        .await;
    says(
        &run,
        &[
            "glue_partitions  attribute_trace\n  the catalog   attribute_name string, entity_id_mod int, created_date date\n  Glue          entity_id_mod int, attribute_name string, created_date date\n",
            "glue_table_missing  entities\n  the catalog   a table entities in the database why\n  Glue          no such table\n",
        ],
    );
    // The order of an enum says nothing.
    let run = scene
        .found(|tables| {
            tables[trace]["Parameters"]["projection.attribute_name.values"] =
                json!("limit,employees,revenue");
        })
        .await;
    assert_eq!(run.code, 0, "{}", run.seen());
    assert_eq!(codes(&scene.check(&["--json"]).json()), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn glue_that_can_not_be_asked_is_no_drift() {
    let scene = Scene::new("glue-denied");
    let denied = json!({"fault": "error", "status": 400, "code": "AccessDeniedException", "message": "not authorized"});
    scene.athena.control("POST", "fault", denied).await;
    let run = scene.check(&[]);
    assert_eq!(run.code, 2, "{}", run.seen());
    assert!(
        run.err.contains("athena:GetTableMetadata"),
        "{}",
        run.seen()
    );

    let run = super::why(&["--catalog", path(&scene.lake), "check", "--glue"]);
    assert_eq!(run.code, 1, "{}", run.seen());
    assert!(
        run.err.contains("Glue's tables lie on S3")
            && run
                .err
                .contains("s3://bucket/prefix, or leave --glue out.\n"),
        "{}",
        run.seen()
    );
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}
