//! What each function is told: exactly the variables that its code reads, never an empty one.

use std::collections::BTreeSet;

use insta::assert_snapshot;
use serde_json::Value;

use super::evaluated::Evaluated;
use super::{FUNCTIONS, TEMPLATE};
use crate::config::Variable;
use crate::config::lambda;

/// What the code declares for each function.
const DECLARED: [(&str, &[Variable]); 4] = [
    ("Ingress", &lambda::INGRESS),
    ("Worker", &lambda::WORKER),
    ("DeadLetters", &lambda::DEAD_LETTERS),
    ("Api", &lambda::API),
];

/// What production leaves out: another Slack, another Athena, a channel or an issuer that not
/// everybody has.
const OPTIONAL: [&str; 5] = [
    "AWS_ENDPOINT_URL_ATHENA",
    "SLACK_API_URL",
    "WHY_OIDC_AUDIENCE",
    "WHY_OIDC_ISSUER",
    "WHY_TRIAGE_CHANNEL",
];

fn variables(template: &Evaluated, function: &str) -> BTreeSet<String> {
    let properties = template.function(function);
    let variables = properties["Environment"]["Variables"].as_object().unwrap();
    for (name, value) in variables {
        assert_ne!(value, "", "{function}: {name} is set to nothing");
    }
    variables.keys().cloned().collect()
}

#[test]
fn each_function_is_told_what_its_code_reads_and_nothing_else() {
    let everything = Evaluated::with(
        TEMPLATE,
        &[
            ("SlackApiUrl", "http://127.0.0.1:1"),
            ("AthenaEndpointUrl", "http://127.0.0.1:2"),
            ("TriageChannel", "C0123ABCD"),
            ("OidcIssuer", "https://issuer.example"),
            ("OidcAudience", "why"),
        ],
    );
    let production = Evaluated::production(TEMPLATE);
    assert_eq!(DECLARED.map(|(function, _)| function), FUNCTIONS);
    for (function, declared) in DECLARED {
        let declared: BTreeSet<String> = declared.iter().map(|v| v.name.to_owned()).collect();
        assert_eq!(variables(&everything, function), declared, "{function}");
        let always: BTreeSet<String> = declared
            .into_iter()
            .filter(|name| !OPTIONAL.contains(&name.as_str()))
            .collect();
        assert_eq!(
            variables(&production, function),
            always,
            "{function} in production"
        );
    }
}

#[test]
fn each_function_is_built_and_bounded() {
    let template = Evaluated::production(TEMPLATE);
    let told = FUNCTIONS.map(|id| {
        let function = template.function(id);
        assert_eq!(function["Runtime"], "provided.al2023");
        assert_eq!(function["Handler"], "bootstrap");
        assert_eq!(function["Architectures"], serde_json::json!(["arm64"]));
        assert_eq!(function["Tracing"], "Active");
        format!(
            "{id}: {} MB, {} s, {} at once, {}",
            function["MemorySize"],
            function["Timeout"],
            function["ReservedConcurrentExecutions"],
            function["CodeUri"].as_str().unwrap(),
        )
    });
    assert_snapshot!(told.join("\n"), @r#"
    Ingress: 256 MB, 5 s, 50 at once, ../target/package/ingress.zip
    Worker: 1024 MB, 60 s, 20 at once, ../target/package/worker.zip
    DeadLetters: 256 MB, 30 s, 2 at once, ../target/package/worker.zip
    Api: 1024 MB, 28 s, 20 at once, ../target/package/api.zip
    "#);
}

#[test]
fn an_account_without_room_reserves_nothing() {
    let template = Evaluated::with(TEMPLATE, &[("ReserveConcurrency", "false")]);
    for id in FUNCTIONS {
        let reserved = template.function(id);
        assert!(
            reserved.get("ReservedConcurrentExecutions").is_none(),
            "{id}"
        );
    }
}

/// A poller that takes more than the function has room for counts receives for nothing.
#[test]
fn no_queue_feeds_more_than_its_function_may_do_at_once() {
    let template = Evaluated::with(TEMPLATE, &[("WorkerConcurrency", "7")]);
    for (id, mapping) in template.of_type("AWS::Lambda::EventSourceMapping") {
        let function = mapping["FunctionName"].as_str().unwrap();
        let function = function.trim_start_matches("${").trim_end_matches('}');
        assert_eq!(
            mapping["ScalingConfig"]["MaximumConcurrency"],
            template.function(function)["ReservedConcurrentExecutions"],
            "{id}"
        );
        assert_eq!(
            mapping["FunctionResponseTypes"],
            serde_json::json!(["ReportBatchItemFailures"]),
            "{id}"
        );
    }
}

#[test]
fn what_others_need_to_know_is_an_output() {
    let template = Evaluated::production(TEMPLATE);
    let names: Vec<&str> = template
        .section("Outputs")
        .keys()
        .map(String::as_str)
        .collect();
    for name in [
        "ApiUrl",
        "QueueUrl",
        "DeadLettersUrl",
        "LedgerTable",
        "SecretArn",
        "LakeBucket",
        "ResultsBucket",
        "Workgroup",
        "TopicArn",
    ] {
        assert!(names.contains(&name), "{name}");
    }
    assert_eq!(
        template.section("Outputs")["LakeBucket"]["Value"],
        "acme-lake"
    );
}

/// Between the markers stands what the catalog says; everything else is a parameter.
#[test]
fn every_parameter_is_used_and_explained() {
    let template: Value = super::evaluated::parsed(TEMPLATE);
    for (name, parameter) in template["Parameters"].as_object().unwrap() {
        assert!(parameter["Description"].is_string(), "{name}");
        let uses = [format!("!Ref {name}"), format!("${{{name}}}")];
        let is_used = uses.iter().any(|of| TEMPLATE.contains(of.as_str()));
        assert!(is_used, "{name} changes nothing");
        assert!(
            super::README.contains(&format!("`{name}`")),
            "the README does not explain {name}"
        );
    }
}

/// What `QuestionsFailed` counts by: whoever meets one on the dashboard finds it in the README.
#[test]
fn every_code_of_a_question_that_failed_is_explained() {
    let sources = [
        include_str!("../../engine/error.rs"),
        include_str!("../../plan.rs"),
        include_str!("../../question.rs"),
    ];
    for source in sources {
        let (_, rest) = source.split_once("pub fn code(&self)").unwrap();
        let (arms, _) = rest.split_once("\n    }\n").unwrap();
        let codes: Vec<&str> = arms.split('"').skip(1).step_by(2).collect();
        assert!(codes.len() > 2, "{codes:?}");
        for code in codes {
            assert!(super::README.contains(&format!("`{code}`")), "{code}");
        }
    }
}
