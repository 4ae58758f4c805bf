//! What each function may do, in one table: a new permission changes it. `calls` holds it against
//! the code.

use std::collections::{BTreeMap, BTreeSet};

use insta::assert_snapshot;
use serde_json::Value;

use super::evaluated::Evaluated;
use super::{FUNCTIONS, TEMPLATE, calls};

fn listed(value: &Value) -> Vec<&str> {
    match value.as_array() {
        Some(items) => items.iter().map(|item| item.as_str().unwrap()).collect(),
        None => vec![value.as_str().unwrap()],
    }
}

/// Action, resource and condition, one line each, without what every ARN begins with.
pub(super) fn table(template: &Evaluated, function: &str) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    for statement in template.statements(function) {
        assert_eq!(statement["Effect"], "Allow");
        let known = ["Sid", "Effect", "Action", "Resource", "Condition"];
        for key in statement.as_object().unwrap().keys() {
            assert!(known.contains(&key.as_str()), "{function}: {key}");
        }
        let condition = statement.get("Condition");
        let condition = condition.map_or_else(String::new, |c| format!(" if {c}"));
        for action in listed(&statement["Action"]) {
            for resource in listed(&statement["Resource"]) {
                let resource = resource
                    .replace("arn:${AWS::Partition}:", "")
                    .replace("${AWS::Region}:${AWS::AccountId}:", "");
                lines.insert(format!("{action} on {resource}{condition}"));
            }
        }
    }
    lines
}

fn tables(template: &Evaluated) -> String {
    FUNCTIONS
        .map(|function| {
            let lines: Vec<String> = table(template, function).into_iter().collect();
            format!("{function}\n  {}", lines.join("\n  "))
        })
        .join("\n")
}

#[test]
fn each_function_may_do_this_and_nothing_else() {
    assert_snapshot!(tables(&Evaluated::production(TEMPLATE)), @r#"
    Ingress
      logs:CreateLogStream on ${IngressLog.Arn}
      logs:PutLogEvents on ${IngressLog.Arn}
      secretsmanager:GetSecretValue on ${SlackSecret}
      sqs:SendMessage on ${Questions.Arn}
      xray:PutTelemetryRecords on *
      xray:PutTraceSegments on *
    Worker
      athena:GetQueryExecution on athena:workgroup/${Workgroup}
      athena:GetQueryResults on athena:workgroup/${Workgroup}
      athena:StartQueryExecution on athena:workgroup/${Workgroup}
      athena:StopQueryExecution on athena:workgroup/${Workgroup}
      dynamodb:GetItem on ${Ledger.Arn}
      dynamodb:PutItem on ${Ledger.Arn}
      dynamodb:UpdateItem on ${Ledger.Arn}
      glue:GetDatabase on glue:catalog
      glue:GetDatabase on glue:database/default
      glue:GetDatabase on glue:database/why
      glue:GetDatabase on glue:table/why/attribute_latest
      glue:GetDatabase on glue:table/why/attribute_trace
      glue:GetPartitions on glue:catalog
      glue:GetPartitions on glue:database/why
      glue:GetPartitions on glue:table/why/attribute_latest
      glue:GetPartitions on glue:table/why/attribute_trace
      glue:GetTable on glue:catalog
      glue:GetTable on glue:database/why
      glue:GetTable on glue:table/why/attribute_latest
      glue:GetTable on glue:table/why/attribute_trace
      logs:CreateLogStream on ${WorkerLog.Arn}
      logs:PutLogEvents on ${WorkerLog.Arn}
      s3:AbortMultipartUpload on ${Results.Arn}/*
      s3:GetBucketLocation on ${Results.Arn}
      s3:GetBucketLocation on s3:::acme-lake
      s3:GetObject on ${Results.Arn}/*
      s3:GetObject on s3:::acme-lake/why/*
      s3:ListBucket on ${Results.Arn}
      s3:ListBucket on s3:::acme-lake if {"StringLike":{"s3:prefix":"why/*"}}
      s3:ListBucketMultipartUploads on ${Results.Arn}
      s3:ListMultipartUploadParts on ${Results.Arn}/*
      s3:PutObject on ${Results.Arn}/*
      secretsmanager:GetSecretValue on ${SlackSecret}
      sqs:ChangeMessageVisibility on ${Questions.Arn}
      sqs:DeleteMessage on ${Questions.Arn}
      sqs:GetQueueAttributes on ${Questions.Arn}
      sqs:ReceiveMessage on ${Questions.Arn}
      sqs:SendMessage on ${DeadLetterQueue.Arn}
      xray:PutTelemetryRecords on *
      xray:PutTraceSegments on *
    DeadLetters
      dynamodb:PutItem on ${Ledger.Arn}
      dynamodb:UpdateItem on ${Ledger.Arn}
      logs:CreateLogStream on ${DeadLettersLog.Arn}
      logs:PutLogEvents on ${DeadLettersLog.Arn}
      secretsmanager:GetSecretValue on ${SlackSecret}
      sqs:ChangeMessageVisibility on ${DeadLetterQueue.Arn}
      sqs:DeleteMessage on ${DeadLetterQueue.Arn}
      sqs:GetQueueAttributes on ${DeadLetterQueue.Arn}
      sqs:ReceiveMessage on ${DeadLetterQueue.Arn}
      xray:PutTelemetryRecords on *
      xray:PutTraceSegments on *
    Api
      athena:GetQueryExecution on athena:workgroup/${Workgroup}
      athena:GetQueryResults on athena:workgroup/${Workgroup}
      athena:StartQueryExecution on athena:workgroup/${Workgroup}
      athena:StopQueryExecution on athena:workgroup/${Workgroup}
      dynamodb:GetItem on ${Ledger.Arn}
      dynamodb:PutItem on ${Ledger.Arn}
      glue:GetDatabase on glue:catalog
      glue:GetDatabase on glue:database/default
      glue:GetDatabase on glue:database/why
      glue:GetDatabase on glue:table/why/attribute_latest
      glue:GetDatabase on glue:table/why/attribute_trace
      glue:GetPartitions on glue:catalog
      glue:GetPartitions on glue:database/why
      glue:GetPartitions on glue:table/why/attribute_latest
      glue:GetPartitions on glue:table/why/attribute_trace
      glue:GetTable on glue:catalog
      glue:GetTable on glue:database/why
      glue:GetTable on glue:table/why/attribute_latest
      glue:GetTable on glue:table/why/attribute_trace
      logs:CreateLogStream on ${ApiLog.Arn}
      logs:PutLogEvents on ${ApiLog.Arn}
      s3:AbortMultipartUpload on ${Results.Arn}/*
      s3:GetBucketLocation on ${Results.Arn}
      s3:GetBucketLocation on s3:::acme-lake
      s3:GetObject on ${Results.Arn}/*
      s3:GetObject on s3:::acme-lake/why/*
      s3:ListBucket on ${Results.Arn}
      s3:ListBucket on s3:::acme-lake if {"StringLike":{"s3:prefix":"why/*"}}
      s3:ListBucketMultipartUploads on ${Results.Arn}
      s3:ListMultipartUploadParts on ${Results.Arn}/*
      s3:PutObject on ${Results.Arn}/*
      secretsmanager:GetSecretValue on ${SlackSecret}
      sqs:SendMessage on ${Questions.Arn}
      xray:PutTelemetryRecords on *
      xray:PutTraceSegments on *
    "#);
}

#[test]
fn keys_of_ones_own_add_their_use_and_nothing_else() {
    let key = "arn:aws:kms:own";
    let lake = "arn:aws:kms:lake";
    let plain = Evaluated::production(TEMPLATE);
    let keyed = Evaluated::with(TEMPLATE, &[("KmsKeyArn", key), ("LakeKmsKeyArn", lake)]);
    let added = FUNCTIONS.map(|function| {
        let (before, after) = (table(&plain, function), table(&keyed, function));
        assert!(before.is_subset(&after));
        let new: Vec<&str> = after.difference(&before).map(String::as_str).collect();
        format!("{function}: {}", new.join("; "))
    });
    assert_snapshot!(added.join("\n"), @r#"
    Ingress: kms:Decrypt on arn:aws:kms:own; kms:GenerateDataKey on arn:aws:kms:own
    Worker: kms:Decrypt on arn:aws:kms:lake; kms:Decrypt on arn:aws:kms:own; kms:GenerateDataKey on arn:aws:kms:own
    DeadLetters: kms:Decrypt on arn:aws:kms:own; kms:GenerateDataKey on arn:aws:kms:own
    Api: kms:Decrypt on arn:aws:kms:lake; kms:Decrypt on arn:aws:kms:own; kms:GenerateDataKey on arn:aws:kms:own
    "#);
}

/// X-Ray's writes have no resource to name, says AWS's service authorization reference.
#[test]
fn no_permission_is_for_every_resource_but_traces() {
    let keyed = Evaluated::with(
        TEMPLATE,
        &[
            ("KmsKeyArn", "arn:aws:kms:x"),
            ("LakeKmsKeyArn", "arn:aws:kms:y"),
        ],
    );
    for function in FUNCTIONS {
        for line in table(&keyed, function) {
            let (action, resource) = line.split_once(" on ").unwrap();
            assert!(!action.contains('*'), "{function}: {line}");
            assert_eq!(
                resource == "*",
                action.starts_with("xray:Put"),
                "{function}: {line}"
            );
        }
    }
}

#[test]
fn each_function_has_a_role_of_its_own_that_only_lambda_takes() {
    let template = Evaluated::production(TEMPLATE);
    let roles: BTreeSet<String> = FUNCTIONS
        .iter()
        .map(|function| template.properties(function)["Role"].to_string())
        .collect();
    assert_eq!(roles.len(), FUNCTIONS.len());
    assert_eq!(template.of_type("AWS::IAM::Role").count(), roles.len());
    for (id, role) in template.of_type("AWS::IAM::Role") {
        let trusted = &role["AssumeRolePolicyDocument"]["Statement"];
        assert_eq!(trusted.as_array().unwrap().len(), 1, "{id}");
        assert_eq!(
            trusted[0]["Principal"],
            serde_json::json!({"Service": "lambda.amazonaws.com"}),
            "{id}"
        );
        assert!(role.get("ManagedPolicyArns").is_none(), "{id}");
    }
}

#[test]
fn only_the_api_gateway_of_this_stack_invokes_functions() {
    let template = Evaluated::production(TEMPLATE);
    let permissions: Vec<&Value> = template
        .of_type("AWS::Lambda::Permission")
        .map(|(_, permission)| permission)
        .collect();
    assert_eq!(permissions.len(), 2);
    for permission in permissions {
        assert_eq!(permission["Principal"], "apigateway.amazonaws.com");
        let source = permission["SourceArn"].as_str().unwrap();
        assert!(source.contains(":${HttpApi}/"), "{source}");
    }
}

/// What the poller and the SDKs' calls need of a queue is said to the function that it feeds.
#[test]
fn each_queue_feeds_a_function_that_may_take_from_it() {
    let template = Evaluated::production(TEMPLATE);
    let mut fed = BTreeMap::new();
    for (_, mapping) in template.of_type("AWS::Lambda::EventSourceMapping") {
        let function = mapping["FunctionName"].as_str().unwrap();
        let function = function.trim_start_matches("${").trim_end_matches('}');
        let queue = mapping["EventSourceArn"].as_str().unwrap();
        for action in calls::POLLER
            .into_iter()
            .chain(["sqs:ChangeMessageVisibility"])
        {
            let line = format!("{action} on {queue}");
            assert!(
                table(&template, function).contains(&line),
                "{function}: {line}"
            );
        }
        fed.insert(queue.to_owned(), function.to_owned());
    }
    let fed: Vec<String> = fed
        .iter()
        .map(|(queue, function)| format!("{queue} feeds {function}"))
        .collect();
    assert_eq!(
        fed,
        [
            "${DeadLetterQueue.Arn} feeds DeadLetters",
            "${Questions.Arn} feeds Worker"
        ]
    );
}
