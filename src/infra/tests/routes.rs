//! What is routed where, and who is asked who they are: Slack's paths, signed links, and with an
//! issuer the page and its API.

use std::collections::BTreeSet;

use insta::assert_snapshot;
use serde_json::Value;

use super::TEMPLATE;
use super::evaluated::Evaluated;
use super::permissions::table;
use crate::ingress;
use crate::slack::request::Endpoint;

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
    GET /v1/answer NONE ${Api.Arn}
    GET /v1/entities NONE ${Api.Arn}
    GET /v1/entities/{id}/attributes/{name}/changes NONE ${Api.Arn}
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

/// A page answers like a post in Slack, so it reads what that reads, and no more.
#[test]
fn the_api_reads_what_the_worker_reads_and_writes_only_who_asked_and_what_looks_wrong() {
    let template = Evaluated::production(TEMPLATE);
    let of = |function| -> BTreeSet<String> {
        let lines = table(&template, function).into_iter();
        let reads = ["athena:", "glue:", "s3:"];
        lines
            .filter(|line| reads.iter().any(|service| line.starts_with(service)))
            .collect()
    };
    assert_eq!(of("Api"), of("Worker"));
    let writes: Vec<String> = table(&template, "Api")
        .into_iter()
        .filter(|line| line.starts_with("dynamodb:") || line.starts_with("sqs:"))
        .collect();
    assert_eq!(
        writes,
        [
            "dynamodb:GetItem on ${Ledger.Arn}",
            "dynamodb:PutItem on ${Ledger.Arn}",
            "sqs:SendMessage on ${Questions.Arn}"
        ]
    );
}
