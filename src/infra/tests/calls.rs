//! What the code of each function calls of AWS, method by method, is what its role allows.
//!
//! An adapter's methods are read from its source: which calls of the SDK (or of the store on S3)
//! each comes to. Which of them a function uses is read from the sources that it is made of.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::evaluated::Evaluated;
use super::permissions::table;
use super::{FUNCTIONS, TEMPLATE};

/// The SDKs' calls, as they are written in Rust, and the action that each needs.
const CALLS: [(&str, &str, &str); 29] = [
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
        "aws_sdk_athena",
        "get_table_metadata",
        "athena:GetTableMetadata",
    ),
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

/// The calls of the store that a lake on S3 lies in; S3 asks for the same right for HEAD and GET.
const STORE: [(&str, &str); 6] = [
    ("inner.list(", "s3:ListBucket"),
    ("inner.list_with_delimiter(", "s3:ListBucket"),
    ("inner.list_with_offset(", "s3:ListBucket"),
    ("inner.get(", "s3:GetObject"),
    ("inner.get_ranges(", "s3:GetObject"),
    ("inner.head(", "s3:GetObject"),
];

/// What operators do with rights of their own (`Queue::dead_letters`, `Ledger::letters`,
/// `Ledger::forget_letter`, `why check --glue`).
const OPERATORS: [&str; 3] = [
    "dynamodb:Query",
    "dynamodb:DeleteItem",
    "athena:GetTableMetadata",
];

/// What Lambda's poller does with the function's role.
pub(super) const POLLER: [&str; 3] = [
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:ReceiveMessage",
];

/// What Athena does with the rights of whoever asks it: finds tables, keeps results.
const ATHENAS: [&str; 8] = [
    "glue:GetDatabase",
    "glue:GetPartitions",
    "glue:GetTable",
    "s3:AbortMultipartUpload",
    "s3:GetBucketLocation",
    "s3:ListBucketMultipartUploads",
    "s3:ListMultipartUploadParts",
    "s3:PutObject",
];

/// All that speaks to AWS: a file, and the folder beside it.
const QUEUE: &str = "queue/sqs";
const LEDGER: &str = "ledger/dynamo";
const SECRET: &str = "secrets";
const ATHENA: &str = "engine/athena/client";
const LAKE: &str = "engine/direct/store";
const ADAPTERS: [&str; 5] = [QUEUE, LEDGER, SECRET, ATHENA, LAKE];

/// What a question is asked of; [`crate::ask::Lake::names`] reads the directory and nothing else.
const NAMES: [&str; 2] = ["tagged", "tag"];

/// The sources of a function that call an adapter's methods, apart from the adapters.
fn made_of(function: &str) -> &'static [&'static str] {
    match function {
        "Ingress" => &["ingress", "lambda/ingress", "lambda/http", "lambda/views"],
        "Worker" => &["worker", "lambda/worker", "engine/athena/query"],
        // The worker's program, of which a letter needs no more.
        "DeadLetters" => &[
            "lambda/worker.rs",
            "lambda/worker/letters",
            "worker/apology",
            "worker/delivery",
        ],
        "Api" => &[
            "api",
            "typeahead",
            "engine/athena/query",
            "lambda/api",
            "lambda/http",
            "ingress/front",
            "ingress/keys",
        ],
        other => panic!("{other}"),
    }
}

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

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

/// The text of `NAME.rs` and of what lies in `NAME/`; of one file where the name ends in `.rs`.
fn text(module: &str) -> String {
    let mut files = Vec::new();
    let file = src().join(module).with_extension("rs");
    if file.is_file() {
        files.push(file);
    }
    let folder = src().join(module);
    if folder.is_dir() {
        sources(&folder, &mut files);
    }
    assert!(!files.is_empty(), "there is no {module}");
    files
        .iter()
        .map(|file| std::fs::read_to_string(file).unwrap())
        .collect()
}

/// Without comments and white space: a call is one word, wherever its lines break.
fn dense(code: &str) -> String {
    let code = code.lines().map(|line| line.split("//").next().unwrap());
    code.flat_map(str::chars)
        .filter(|c| !c.is_whitespace())
        .collect()
}

fn identifier(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
    &text[..end.unwrap_or(text.len())]
}

/// The actions that the calls in this code need. A builder's method takes nothing: `.put_item()`.
fn actions(code: &str) -> BTreeSet<&'static str> {
    let code = dense(code);
    let sdks = CALLS
        .iter()
        .filter(|(_, method, _)| code.contains(&format!(".{method}()")))
        .map(|(_, _, action)| *action);
    let store = STORE.iter().filter(|(call, _)| code.contains(call));
    sdks.chain(store.map(|(_, action)| *action)).collect()
}

/// Each method of this code, and what is written in it.
fn methods(code: &str) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut name = String::new();
    for line in code.lines() {
        let begins = line.split_once("fn ").filter(|(before, _)| {
            let words = ["pub", "pub(crate)", "pub(super)", "const", "async"];
            before.split_whitespace().all(|word| words.contains(&word))
        });
        if let Some((_, rest)) = begins {
            name = identifier(rest).to_owned();
        }
        let body = found.entry(name.clone()).or_default();
        body.push_str(line);
        body.push('\n');
    }
    found
}

/// The names of the methods that are called on what is called so.
fn called_on(receiver: &str, code: &str) -> BTreeSet<String> {
    let code = dense(code);
    let receiver = format!("{receiver}.");
    let calls = code.match_indices(&receiver).filter_map(|(at, found)| {
        let is_whole = !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let rest = &code[at + found.len()..];
        let name = identifier(rest);
        (is_whole && rest[name.len()..].starts_with('(')).then(|| name.to_owned())
    });
    calls.collect()
}

/// What these methods of an adapter come to, by themselves and through others of theirs.
fn reached(adapter: &str, from: &BTreeSet<String>) -> BTreeSet<&'static str> {
    let methods = methods(&text(adapter));
    let mut next: Vec<String> = from.iter().cloned().collect();
    let mut seen = BTreeSet::new();
    let mut found = BTreeSet::new();
    while let Some(name) = next.pop() {
        // What the adapter does not have (`clone`, or another store's) calls nothing of AWS.
        let Some(body) = methods.get(&name).filter(|_| seen.insert(name.clone())) else {
            continue;
        };
        found.extend(actions(body));
        next.extend(called_on("self", body));
    }
    found
}

/// What the code of this function calls.
fn needs(function: &str) -> BTreeSet<&'static str> {
    let code: String = made_of(function)
        .iter()
        .map(|module| text(module))
        .collect();
    let of = |adapter, receiver| reached(adapter, &called_on(receiver, &code));
    let mut all: BTreeSet<&str> = [
        (QUEUE, "queue"),
        (LEDGER, "ledger"),
        (SECRET, "kept"),
        (ATHENA, "client"),
    ]
    .into_iter()
    .flat_map(|(adapter, receiver)| of(adapter, receiver))
    .collect();
    let lake = called_on("lake", &code);
    if lake.contains("names") {
        all.extend(reached(LAKE, &NAMES.map(str::to_owned).into()));
    }
    // Whoever has it whole may ask it anything.
    if lake.contains("why") {
        all.extend(actions(&text(LAKE)));
    }
    all
}

#[test]
fn each_functions_code_calls_what_its_role_allows_and_nothing_else() {
    let template = Evaluated::production(TEMPLATE);
    for function in FUNCTIONS {
        let mut needed = needs(function);
        match function {
            "Worker" => needed.extend(POLLER.iter().chain(&ATHENAS)),
            "Api" => needed.extend(ATHENAS),
            "DeadLetters" => needed.extend(POLLER),
            _ => {}
        }
        let lines = table(&template, function);
        let allowed: BTreeSet<&str> = lines
            .iter()
            .map(|line| line.split(' ').next().unwrap())
            .filter(|action| !action.starts_with("logs:") && !action.starts_with("xray:"))
            .collect();
        let missing: Vec<_> = needed.difference(&allowed).collect();
        assert!(
            missing.is_empty(),
            "{function} calls, and may not: {missing:?}"
        );
        let idle: Vec<_> = allowed.difference(&needed).collect();
        assert!(
            idle.is_empty(),
            "{function} may, and does not call: {idle:?}"
        );
    }
}

/// Else a call would stand where nobody looks for it.
#[test]
fn only_the_adapters_call_aws_and_what_no_function_calls_is_for_operators() {
    let mut files = Vec::new();
    sources(&src(), &mut files);
    for file in files {
        let code = std::fs::read_to_string(&file).unwrap();
        let below = file.strip_prefix(src()).unwrap().display().to_string();
        let is_adapter = ADAPTERS.iter().any(|adapter| below.starts_with(adapter));
        let is_sdks = CALLS.iter().any(|(sdk, ..)| code.contains(sdk));
        assert!(
            is_adapter || !is_sdks || actions(&code).is_empty(),
            "{below}"
        );
    }
    let called: BTreeSet<&str> = FUNCTIONS.iter().flat_map(|f| needs(f)).collect();
    for adapter in ADAPTERS {
        for action in actions(&text(adapter)) {
            let known =
                called.contains(action) || POLLER.contains(&action) || OPERATORS.contains(&action);
            assert!(known, "{adapter}: no function calls {action}");
        }
    }
}

#[test]
fn the_scan_finds_a_call_behind_another_method() {
    let code = "impl Client {\n    pub(super) async fn send(&self) {\n        self.out()\n    }\n\n    \
                fn out(&self) {\n        // .delete_message()\n        client\n            \
                .send_message()\n            .queue_url(url)\n    }\n}";
    assert_eq!(actions(code), BTreeSet::from(["sqs:SendMessage"]));
    let methods = methods(code);
    assert_eq!(
        called_on("self", &methods["send"]),
        ["out".to_owned()].into()
    );
    assert!(actions(&methods["send"]).is_empty());
    assert_eq!(actions(&methods["out"]).len(), 1);
    assert!(actions("client.send_message(text)").is_empty());
    assert!(called_on("queue", "self.my_queue.send(x); queue.rs").is_empty());
    let again: BTreeSet<String> = ["again".to_owned()].into();
    let expected = BTreeSet::from(["sqs:ChangeMessageVisibility"]);
    assert_eq!(reached(QUEUE, &again), expected);
}
