//! What each function is told: exactly the variables that its code reads, never an empty one.

use std::collections::BTreeSet;

use insta::assert_snapshot;
use serde_json::Value;

use super::evaluated::Evaluated;
use super::{FUNCTIONS, TEMPLATE};
use crate::config::Variable;
use crate::config::lambda;
use crate::ingress;
use crate::slack::request::Endpoint;

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

/// Route, how who asks is known, function.
fn routes(template: &Evaluated) -> Vec<String> {
    let mut routes: Vec<String> = template
        .of_type("AWS::ApiGatewayV2::Route")
        .map(|(_, route)| {
            let target = route["Target"].as_str().unwrap();
            let target = target
                .trim_start_matches("integrations/${")
                .trim_end_matches('}');
            let integration = template.properties(target);
            assert_eq!(integration["IntegrationType"], "AWS_PROXY");
            assert_eq!(integration["PayloadFormatVersion"], "2.0");
            let function = integration["IntegrationUri"].as_str().unwrap();
            let authorization = route["AuthorizationType"].as_str().unwrap();
            let authorizer = route["AuthorizerId"].as_str();
            assert_eq!(
                authorizer,
                (authorization == "JWT").then_some("${Authorizer}")
            );
            let key = route["RouteKey"].as_str().unwrap();
            format!("{key} {authorization} {function}")
        })
        .collect();
    routes.sort();
    routes
}

#[test]
fn slack_reaches_every_path_of_the_manifest_and_signed_links_open_without_an_issuer() {
    let own = [Endpoint::Commands, Endpoint::Events, Endpoint::Interactions];
    let mut expected: Vec<String> = own
        .map(|endpoint| format!("POST {} NONE ${{Ingress.Arn}}", ingress::path(endpoint)))
        .to_vec();
    let options = ingress::path(Endpoint::Options);
    expected.extend([
        format!("POST {options} NONE ${{Api.Arn}}"),
        "GET /healthz NONE ${Ingress.Arn}".to_owned(),
        "GET /links/{proxy+} NONE ${Api.Arn}".to_owned(),
        "GET /assets/{proxy+} NONE ${Api.Arn}".to_owned(),
    ]);
    expected.sort();
    let template = Evaluated::production(TEMPLATE);
    assert_eq!(routes(&template), expected);
    assert_eq!(template.of_type("AWS::ApiGatewayV2::Authorizer").count(), 0);
}

fn with_an_issuer() -> Evaluated {
    let issuer = [
        ("OidcIssuer", "https://issuer.example/pool"),
        ("OidcAudience", "why"),
    ];
    Evaluated::with(TEMPLATE, &issuer)
}

#[test]
fn with_an_issuer_the_rest_of_the_page_is_there_and_its_api_behind_an_authorizer() {
    let template = with_an_issuer();
    let before = routes(&Evaluated::production(TEMPLATE));
    let added: Vec<String> = routes(&template)
        .into_iter()
        .filter(|route| !before.contains(route))
        .collect();
    assert_snapshot!(added.join("\n"), @r#"
    ANY /sign-in NONE ${Api.Arn}
    ANY /v1/{proxy+} JWT ${Api.Arn}
    ANY /wrong NONE ${Api.Arn}
    GET / NONE ${Api.Arn}
    GET /companies/{proxy+} NONE ${Api.Arn}
    GET /compare NONE ${Api.Arn}
    GET /docs NONE ${Api.Arn}
    GET /openapi.json NONE ${Api.Arn}
    GET /v1/entities NONE ${Api.Arn}
    POST /sign-out NONE ${Api.Arn}
    "#);
    let authorizer = template.properties("Authorizer");
    assert_eq!(authorizer["AuthorizerType"], "JWT");
    assert_eq!(
        authorizer["IdentitySource"],
        serde_json::json!(["$request.header.Authorization"])
    );
    assert_eq!(
        authorizer["JwtConfiguration"],
        serde_json::json!({"Issuer": "https://issuer.example/pool", "Audience": ["why"]})
    );
    // A stack with an issuer and without an audience would take tokens that are for others.
    let rules: Value = super::evaluated::parsed(TEMPLATE)["Rules"].clone();
    let rule = &rules["IssuerNeedsAudience"];
    let is_set = |name: &str| serde_json::json!({"Fn::Not": [{"Fn::Equals": [{"Ref": name}, ""]}]});
    assert_eq!(rule["RuleCondition"], is_set("OidcIssuer"));
    assert_eq!(rule["Assertions"][0]["Assert"], is_set("OidcAudience"));
}

/// The function says that it was too slow, not the gateway; and to Slack in its own time.
#[test]
fn the_api_gives_up_before_its_time_and_the_gateway_after() {
    let template = Evaluated::production(TEMPLATE);
    let function = template.function("Api")["Timeout"].as_u64().unwrap() * 1_000;
    let gateway = &template.properties("ApiIntegration")["TimeoutInMillis"];
    let own = u64::try_from(crate::lambda::api::WHOLE.as_millis()).unwrap();
    assert!(own < function, "{own} {function}");
    assert!(function < gateway.as_u64().unwrap(), "{gateway}");
    assert!(gateway.as_u64().unwrap() <= 30_000, "{gateway}");
}

#[test]
fn links_begin_with_the_page_of_ones_own_or_the_apis_address() {
    let of = |template: &Evaluated, function: &str| {
        template.function(function)["Environment"]["Variables"]["WHY_PAGE_URL"].clone()
    };
    let own = Evaluated::with(TEMPLATE, &[("PageUrl", "https://why.example.com")]);
    let production = Evaluated::production(TEMPLATE);
    let api = production.section("Outputs")["ApiUrl"]["Value"].clone();
    for function in ["Worker", "Api"] {
        assert_eq!(of(&own, function), "https://why.example.com");
        assert_eq!(of(&production, function), api);
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
        let used = TEMPLATE.matches(&format!("!Ref {name}")).count();
        assert!(used > 0, "{name} changes nothing");
        assert!(
            super::README.contains(&format!("`{name}`")),
            "the README does not explain {name}"
        );
    }
}
