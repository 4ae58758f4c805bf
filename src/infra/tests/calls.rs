//! What the functions may do against the code: each call of the AWS SDK that stands in it is allowed
//! to somebody, and what is allowed is called.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::evaluated::Evaluated;
use super::permissions::table;
use super::{FUNCTIONS, TEMPLATE};

/// The SDKs' calls, as they are written in Rust, and the action that each needs.
const CALLS: [(&str, &str, &str); 28] = [
    ("aws_sdk_sqs", "send_message", "sqs:SendMessage"),
    ("aws_sdk_sqs", "send_message_batch", "sqs:SendMessage"),
    ("aws_sdk_sqs", "receive_message", "sqs:ReceiveMessage"),
    ("aws_sdk_sqs", "delete_message", "sqs:DeleteMessage"),
    ("aws_sdk_sqs", "delete_message_batch", "sqs:DeleteMessage"),
    (
        "aws_sdk_sqs",
        "change_message_visibility",
        "sqs:ChangeMessageVisibility",
    ),
    (
        "aws_sdk_sqs",
        "get_queue_attributes",
        "sqs:GetQueueAttributes",
    ),
    ("aws_sdk_sqs", "get_queue_url", "sqs:GetQueueUrl"),
    ("aws_sdk_sqs", "purge_queue", "sqs:PurgeQueue"),
    ("aws_sdk_dynamodb", "get_item", "dynamodb:GetItem"),
    ("aws_sdk_dynamodb", "put_item", "dynamodb:PutItem"),
    ("aws_sdk_dynamodb", "update_item", "dynamodb:UpdateItem"),
    ("aws_sdk_dynamodb", "delete_item", "dynamodb:DeleteItem"),
    ("aws_sdk_dynamodb", "query", "dynamodb:Query"),
    ("aws_sdk_dynamodb", "scan", "dynamodb:Scan"),
    (
        "aws_sdk_dynamodb",
        "batch_get_item",
        "dynamodb:BatchGetItem",
    ),
    (
        "aws_sdk_dynamodb",
        "batch_write_item",
        "dynamodb:BatchWriteItem",
    ),
    (
        "aws_sdk_dynamodb",
        "transact_write_items",
        "dynamodb:PutItem",
    ),
    (
        "aws_sdk_dynamodb",
        "describe_table",
        "dynamodb:DescribeTable",
    ),
    (
        "aws_sdk_athena",
        "start_query_execution",
        "athena:StartQueryExecution",
    ),
    (
        "aws_sdk_athena",
        "get_query_execution",
        "athena:GetQueryExecution",
    ),
    (
        "aws_sdk_athena",
        "get_query_results",
        "athena:GetQueryResults",
    ),
    (
        "aws_sdk_athena",
        "get_query_runtime_statistics",
        "athena:GetQueryRuntimeStatistics",
    ),
    (
        "aws_sdk_athena",
        "stop_query_execution",
        "athena:StopQueryExecution",
    ),
    ("aws_sdk_athena", "get_work_group", "athena:GetWorkGroup"),
    (
        "aws_sdk_secretsmanager",
        "get_secret_value",
        "secretsmanager:GetSecretValue",
    ),
    (
        "aws_sdk_secretsmanager",
        "describe_secret",
        "secretsmanager:DescribeSecret",
    ),
    (
        "aws_sdk_secretsmanager",
        "list_secret_version_ids",
        "secretsmanager:ListSecretVersionIds",
    ),
];

/// What operators do with rights of their own (`Queue::dead_letters`, `Ledger::letters`).
const OPERATORS: [&str; 1] = ["dynamodb:Query"];

/// What Lambda's poller does with the function's role.
pub(super) const POLLER: [&str; 3] = [
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:ReceiveMessage",
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "tests" {
            sources(&path, found);
        } else if name.ends_with(".rs") && name != "tests.rs" {
            found.push(path);
        }
    }
}

/// The actions that this code's calls need. A builder's method takes nothing: `.put_item()`.
fn called(code: &str) -> BTreeSet<&'static str> {
    let found = CALLS
        .iter()
        .filter(|(sdk, method, _)| code.contains(sdk) && code.contains(&format!(".{method}()")));
    found.map(|(_, _, action)| *action).collect()
}

#[test]
fn every_call_in_the_code_is_allowed_and_everything_allowed_is_called() {
    let template = Evaluated::production(TEMPLATE);
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    // A module as one text: its parts name its SDK once.
    let mut modules: BTreeMap<PathBuf, String> = BTreeMap::new();
    for file in &files {
        let below = file.strip_prefix(&src).unwrap();
        let module = Path::new(below.iter().next().unwrap()).with_extension("");
        let text = std::fs::read_to_string(file).unwrap();
        modules.entry(module).or_default().push_str(&text);
    }
    let code: Vec<String> = modules.into_values().collect();
    let called: BTreeSet<&str> = code.iter().flat_map(|code| called(code)).collect();
    let allowed: BTreeSet<String> = FUNCTIONS
        .iter()
        .flat_map(|function| table(&template, function))
        .map(|line| line.split(' ').next().unwrap().to_owned())
        .collect();
    for action in &called {
        assert!(
            allowed.contains(*action) || OPERATORS.contains(action),
            "the code calls {action}, and no function may"
        );
    }
    for (sdk, _, action) in CALLS {
        let spoken_to = code.iter().any(|code| code.contains(&format!("{sdk}::")));
        assert!(
            !spoken_to
                || !allowed.contains(action)
                || called.contains(action)
                || POLLER.contains(&action),
            "{action} is allowed, and no code calls it"
        );
    }
}

#[test]
fn the_scan_finds_a_call() {
    let code = "use aws_sdk_sqs::Client; client\n    .send_message()\n    .queue_url(url)";
    assert_eq!(called(code), BTreeSet::from(["sqs:SendMessage"]));
    assert!(called("client.send_message(text)").is_empty());
}
