//! The engine against an Athena that answers as it is told, byte for byte.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use self::fake::Fake;
use super::Engine;
use crate::catalog::Catalog;
use crate::engine::Settings;
use crate::plan::{self, Plan};
use crate::question::{LookBack, Question};

mod decoding;
mod fake;
mod queries;
mod readings;

const NOW: &str = "2026-11-24T12:00:00Z";

/// A latest table and days: more of them than are read beside it.
fn catalog() -> Catalog {
    let text = "[lake]\nformat = \"hudi\"\ndatabase = \"mdm\"\nlatest = \"newest\"\n\
        [layout]\nfirst_date = 2020-02-29\nstep = \"day\"\nbuckets = 8\n\
        [attributes.revenue]\n[attributes.employees]";
    Catalog::parse(text, "why.toml").unwrap()
}

fn planned(catalog: &Catalog, look_back: LookBack) -> Plan {
    let now = NOW.parse().unwrap();
    let question = Question {
        text: String::new(),
        entity_id: 17,
        entity_name: "Acme".to_owned(),
        attribute: "revenue".to_owned(),
        as_of: now,
        expected: None,
        look_back,
    };
    plan::plan(&question, catalog, now).unwrap()
}

fn options(url: &str) -> BTreeMap<String, String> {
    let options = [
        ("aws_region", "eu-central-1"),
        ("aws_access_key_id", "test"),
        ("aws_secret_access_key", "test"),
        ("aws_endpoint_url", "http://127.0.0.1:1"),
        ("aws_endpoint_url_athena", url),
    ];
    options
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}

fn settings() -> Settings {
    Settings {
        workgroup: "why".to_owned(),
        reuse: Some(Duration::from_secs(1_800)),
        attempt: Duration::from_millis(400),
        operation: Duration::from_millis(1_500),
    }
}

async fn engine(fake: &Fake, catalog: &Catalog) -> Engine {
    Engine::open(catalog, &settings(), &options(&fake.url))
        .await
        .unwrap()
}

fn started(id: &str) -> Value {
    json!({"QueryExecutionId": id})
}

fn status(state: &str) -> Value {
    json!({"QueryExecution": {
        "Status": {"State": state},
        "Statistics": {
            "QueryQueueTimeInMillis": 60,
            "QueryPlanningTimeInMillis": 110,
            "EngineExecutionTimeInMillis": 700,
            "ServicePreProcessingTimeInMillis": 15,
            "ServiceProcessingTimeInMillis": 25,
            "TotalExecutionTimeInMillis": 800,
            "DataScannedInBytes": 12_345_678,
        },
    }})
}

fn ended(state: &str, reason: &str, error: Value) -> Value {
    json!({"QueryExecution": {"Status": {
        "State": state,
        "StateChangeReason": reason,
        "AthenaError": error,
    }}})
}

const COLUMNS: [&str; 15] = [
    "decision_id",
    "entity_id",
    "decided_at",
    "value",
    "previous_value",
    "rule",
    "rule_version",
    "reason",
    "run_id",
    "actor",
    "override",
    "evidence",
    "decision_dates",
    "partition",
    "written",
];

/// A row of Acme's revenue, with what differs.
fn row(differs: &[(&str, Option<&str>)]) -> Vec<Option<String>> {
    let usual = |name: &str| match name {
        "decision_id" => Some("d1"),
        "entity_id" => Some("17"),
        "decided_at" => Some("2026-11-03 10:00:00.000"),
        "value" => Some("12M"),
        "rule" => Some("recency"),
        "override" => Some("false"),
        "evidence" => Some(r#"[{"source":"crm","value":"12M","selected":true}]"#),
        "written" => Some("20261103100000000"),
        _ => None,
    };
    COLUMNS
        .iter()
        .map(|name| {
            let differs = differs.iter().find(|(other, _)| other == name);
            differs
                .map_or_else(|| usual(name), |(_, value)| *value)
                .map(str::to_owned)
        })
        .collect()
}

fn of_trace(id: &str, day: &str) -> Vec<Option<String>> {
    let at = format!("{day} 10:00:00.000");
    row(&[
        ("decision_id", Some(id)),
        ("decided_at", Some(&at)),
        ("partition", Some(day)),
    ])
}

fn of_latest(id: &str, day: &str, dates: &[&str]) -> Vec<Option<String>> {
    let (at, dates) = (format!("{day} 10:00:00.000"), json!(dates).to_string());
    row(&[
        ("decision_id", Some(id)),
        ("decided_at", Some(&at)),
        ("decision_dates", Some(&dates)),
    ])
}

/// A page with its header, as the first has it.
fn page(rows: &[Vec<Option<String>>]) -> Value {
    let header: Vec<Option<String>> = COLUMNS.map(|name| Some(name.to_owned())).to_vec();
    next_page(&[&[header], rows].concat(), None)
}

fn next_page(rows: &[Vec<Option<String>>], next: Option<&str>) -> Value {
    let value = |value: &Option<String>| match value {
        Some(text) => json!({"VarCharValue": text}),
        None => json!({}),
    };
    let rows: Vec<Value> = rows
        .iter()
        .map(|row| json!({"Data": row.iter().map(value).collect::<Vec<_>>()}))
        .collect();
    let columns: Vec<Value> = COLUMNS
        .iter()
        .map(|name| json!({"Name": name, "Type": "varchar"}))
        .collect();
    json!({
        "ResultSet": {"Rows": rows, "ResultSetMetadata": {"ColumnInfo": columns}},
        "NextToken": next,
    })
}
