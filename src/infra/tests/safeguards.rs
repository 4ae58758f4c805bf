//! What keeps data and questions safe: encryption, TLS, no public access, retention, redrive.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::evaluated::Evaluated;
use super::{FUNCTIONS, TEMPLATE};

const KEY: &str = "arn:aws:kms:eu-central-1:111122223333:key/own";

/// Everything that can be there.
fn full() -> Evaluated {
    let set = [
        ("CreateLakeBucket", "true"),
        ("PipelineBucket", "acme-decisions"),
    ];
    Evaluated::with(TEMPLATE, &set)
}

/// Everything that can be there, under a key of one's own.
fn keyed() -> Evaluated {
    let set = [
        ("CreateLakeBucket", "true"),
        ("PipelineBucket", "acme-decisions"),
        ("KmsKeyArn", KEY),
        ("LakeKmsKeyArn", KEY),
        ("AlarmEmail", "oncall@example.com"),
    ];
    Evaluated::with(TEMPLATE, &set)
}

#[test]
fn everything_kept_is_encrypted() {
    let (plain, keyed) = (full(), keyed());
    for (id, queue) in plain.of_type("AWS::SQS::Queue") {
        assert_eq!(queue["SqsManagedSseEnabled"], true, "{id}");
        let queue = keyed.properties(id);
        assert_eq!(queue["KmsMasterKeyId"], KEY, "{id}");
        assert!(
            queue.get("SqsManagedSseEnabled").is_none(),
            "{id}: SQS takes one of the two"
        );
    }
    let algorithm = |bucket: &Value| {
        let rule = &bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"][0];
        rule["ServerSideEncryptionByDefault"].clone()
    };
    assert_eq!(plain.of_type("AWS::S3::Bucket").count(), 2);
    for (id, bucket) in plain.of_type("AWS::S3::Bucket") {
        assert_eq!(algorithm(bucket), json!({"SSEAlgorithm": "AES256"}), "{id}");
        assert_eq!(
            algorithm(keyed.properties(id)),
            json!({"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}),
            "{id}"
        );
    }
    let ledger = &plain.properties("Ledger")["SSESpecification"];
    assert_eq!(ledger, &json!({"SSEEnabled": true, "SSEType": "KMS"}));
    assert_eq!(
        keyed.properties("Ledger")["SSESpecification"]["KMSMasterKeyId"],
        KEY
    );
    assert_eq!(keyed.properties("SlackSecret")["KmsKeyId"], KEY);
    assert_eq!(keyed.properties("Alarms")["KmsMasterKeyId"], KEY);
    for (id, log) in keyed.of_type("AWS::Logs::LogGroup") {
        assert_eq!(log["KmsKeyId"], KEY, "{id}");
    }
    for id in FUNCTIONS {
        assert_eq!(keyed.function(id)["KmsKeyArn"], KEY, "{id}");
    }
    let results = |template: &Evaluated| {
        let workgroup = template.properties("Workgroup");
        workgroup["WorkGroupConfiguration"]["ResultConfiguration"]["EncryptionConfiguration"]
            .clone()
    };
    assert_eq!(results(&plain), json!({"EncryptionOption": "SSE_S3"}));
    assert_eq!(
        results(&keyed),
        json!({"EncryptionOption": "SSE_KMS", "KmsKey": KEY})
    );
}

/// The Deny of whatever comes without TLS, and the names of what it covers.
fn tls_only(template: &Evaluated, of: &str) -> BTreeSet<String> {
    let mut covered = BTreeSet::new();
    for (id, policy) in template.of_type(of) {
        let statements = policy["PolicyDocument"]["Statement"].as_array().unwrap();
        let deny = statements.iter().find(|s| s["Effect"] == "Deny");
        let deny = deny.unwrap_or_else(|| panic!("{id} denies nothing"));
        assert_eq!(deny["Principal"], "*", "{id}");
        assert_eq!(
            deny["Condition"],
            json!({"Bool": {"aws:SecureTransport": "false"}}),
            "{id}"
        );
        let action = deny["Action"].as_str().unwrap();
        assert!(
            ["sqs:*", "s3:*", "sns:Publish"].contains(&action),
            "{id}: {action}"
        );
        let resource = &deny["Resource"];
        let resources = match resource.as_array() {
            Some(resources) => resources.clone(),
            None => vec![resource.clone()],
        };
        covered.extend(resources.iter().map(|r| r.as_str().unwrap().to_owned()));
    }
    covered
}

#[test]
fn nothing_is_reached_without_tls() {
    let template = full();
    let queues = tls_only(&template, "AWS::SQS::QueuePolicy");
    for (id, _) in template.of_type("AWS::SQS::Queue") {
        assert!(queues.contains(&format!("${{{id}.Arn}}")), "{id}");
    }
    let buckets = tls_only(&template, "AWS::S3::BucketPolicy");
    for (id, _) in template.of_type("AWS::S3::Bucket") {
        assert!(buckets.contains(&format!("${{{id}.Arn}}")), "{id}");
        assert!(buckets.contains(&format!("${{{id}.Arn}}/*")), "{id}");
    }
    assert!(tls_only(&template, "AWS::SNS::TopicPolicy").contains("${Alarms}"));
}

#[test]
fn no_bucket_is_public() {
    let template = full();
    for (id, bucket) in template.of_type("AWS::S3::Bucket") {
        let block = bucket["PublicAccessBlockConfiguration"]
            .as_object()
            .unwrap();
        assert_eq!(block.len(), 4, "{id}");
        assert!(block.values().all(|value| value == true), "{id}");
        let rule = &bucket["OwnershipControls"]["Rules"][0];
        assert_eq!(rule["ObjectOwnership"], "BucketOwnerEnforced", "{id}");
    }
}

#[test]
fn the_lake_keeps_versions_and_outlives_the_stack_and_results_expire() {
    let template = full();
    assert_eq!(
        template.properties("Lake")["VersioningConfiguration"]["Status"],
        "Enabled"
    );
    assert_eq!(template.properties("Lake")["BucketName"], "acme-lake");
    let results = template.properties("Results");
    let rule = &results["LifecycleConfiguration"]["Rules"][0];
    assert_eq!(
        (&rule["Status"], &rule["ExpirationInDays"]),
        (&json!("Enabled"), &json!(7))
    );
    assert!(results.get("VersioningConfiguration").is_none());
    for id in ["Lake", "Ledger"] {
        let resource = &template.resources()[id];
        assert_eq!(resource["DeletionPolicy"], "RetainExceptOnCreate", "{id}");
        assert_eq!(resource["UpdateReplacePolicy"], "Retain", "{id}");
    }
    let production = Evaluated::production(TEMPLATE);
    assert!(
        !production.resources().contains_key("Lake"),
        "a lake that exists is left alone"
    );
    assert!(!production.resources().contains_key("LakeOverTlsOnly"));
}

#[test]
fn a_question_is_received_ten_times_and_then_kept_for_two_weeks() {
    let template = full();
    let questions = template.properties("Questions");
    assert_eq!(
        questions["RedrivePolicy"],
        json!({"deadLetterTargetArn": "${DeadLetterQueue.Arn}", "maxReceiveCount": 10})
    );
    assert_eq!(
        template.properties("DeadLetterQueue")["MessageRetentionPeriod"],
        14 * 24 * 60 * 60
    );
    let of = |queue: &str, key: &str| template.properties(queue)[key].as_u64().unwrap();
    // A letter keeps the age that it had as a question.
    assert!(
        of("Questions", "MessageRetentionPeriod") < of("DeadLetterQueue", "MessageRetentionPeriod")
    );
    for (_, mapping) in template.of_type("AWS::Lambda::EventSourceMapping") {
        let name = |key: &str| {
            let name = mapping[key].as_str().unwrap();
            name.trim_start_matches("${")
                .trim_end_matches('}')
                .trim_end_matches(".Arn")
                .to_owned()
        };
        let visible = of(&name("EventSourceArn"), "VisibilityTimeout");
        let timeout = template.function(&name("FunctionName"))["Timeout"]
            .as_u64()
            .unwrap();
        assert!(visible >= 6 * timeout, "{mapping}");
    }
}

#[test]
fn the_ledger_forgets_in_time_and_can_be_restored() {
    let template = full();
    let ledger = template.properties("Ledger");
    assert_eq!(
        ledger["TimeToLiveSpecification"],
        json!({"AttributeName": "expires_at", "Enabled": true})
    );
    assert_eq!(
        ledger["PointInTimeRecoverySpecification"],
        json!({"PointInTimeRecoveryEnabled": true})
    );
    assert_eq!(ledger["BillingMode"], "PAY_PER_REQUEST");
    assert_eq!(
        ledger["KeySchema"],
        json!([
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ])
    );
}

#[test]
fn every_function_logs_to_a_group_that_expires() {
    let template = full();
    for (id, log) in template.of_type("AWS::Logs::LogGroup") {
        assert_eq!(log["RetentionInDays"], 30, "{id}");
    }
    for id in FUNCTIONS {
        let function = template.function(id);
        let group = function["LoggingConfig"]["LogGroup"].as_str().unwrap();
        let group = group.trim_start_matches("${").trim_end_matches('}');
        let written = template.allowed(id, "Logs")["Resource"].clone();
        assert_eq!(written, format!("${{{group}.Arn}}"), "{id}");
        assert!(template.resources().contains_key(group), "{id}");
    }
    let access = &template.properties("Stage")["AccessLogSettings"];
    assert_eq!(access["DestinationArn"], "${AccessLog.Arn}");
    let line: Value = serde_json::from_str(access["Format"].as_str().unwrap()).unwrap();
    let line = line.to_string();
    for secret in ["queryString", "authorizer", "sourceIp", "path\""] {
        assert!(!line.contains(secret), "{secret}");
    }
}

#[test]
fn the_api_is_throttled() {
    let template = full();
    let stage = template.properties("Stage");
    assert_eq!(
        (&stage["StageName"], &stage["AutoDeploy"]),
        (&json!("$default"), &json!(true))
    );
    let settings = &stage["DefaultRouteSettings"];
    assert_eq!(settings["ThrottlingRateLimit"], 100);
    assert_eq!(settings["ThrottlingBurstLimit"], 200);
    // What anybody may call who holds a link leaves room for Slack's requests.
    let links = &stage["RouteSettings"]["GET /links/{proxy+}"];
    assert_eq!(links["ThrottlingRateLimit"], 10);
    assert_eq!(links["ThrottlingBurstLimit"], 20);
    let routes: BTreeSet<&str> = template
        .of_type("AWS::ApiGatewayV2::Route")
        .map(|(id, _)| id)
        .collect();
    let first = template.resources()["Stage"]["DependsOn"]
        .as_array()
        .unwrap();
    let first: BTreeSet<&str> = first.iter().map(|id| id.as_str().unwrap()).collect();
    assert_eq!(first, routes);
}

#[test]
fn athena_is_bounded_and_its_settings_cannot_be_overridden() {
    let template = full();
    let workgroup = &template.properties("Workgroup")["WorkGroupConfiguration"];
    assert_eq!(workgroup["EnforceWorkGroupConfiguration"], true);
    assert_eq!(workgroup["PublishCloudWatchMetricsEnabled"], true);
    assert_eq!(
        workgroup["EngineVersion"]["SelectedEngineVersion"],
        "Athena engine version 3"
    );
    assert!(workgroup["BytesScannedCutoffPerQuery"].as_u64().unwrap() >= 10_000_000);
    let output = &workgroup["ResultConfiguration"]["OutputLocation"];
    assert_eq!(output, "s3://${Results}/athena/");
}

/// A secret that nobody filled in must let nobody in; one that is must never be overwritten.
#[test]
fn an_unfilled_secret_is_a_random_one() {
    let template = full();
    let secret = template.properties("SlackSecret");
    assert!(secret.get("SecretString").is_none());
    assert_eq!(
        secret["GenerateSecretString"],
        json!({
            "SecretStringTemplate": "{\"bot_token\":\"\"}",
            "GenerateStringKey": "signing_secret",
            "ExcludePunctuation": true,
        })
    );
}
