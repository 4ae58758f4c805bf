//! The job that fills the lake: off unless asked for, one at a time, told what `infra/pipeline` takes,
//! and allowed no more than to read decisions and write the lake.

use std::collections::BTreeSet;

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::evaluated::Evaluated;
use super::permissions::table;
use super::{TEMPLATE, sample, template};

const JOB: &str = include_str!("../../../infra/pipeline/job.py");
const BUCKET: (&str, &str) = ("PipelineBucket", "acme-decisions");

/// What Glue itself takes.
const GLUES: [&str; 4] = [
    "--conf",
    "--custom-logGroup-prefix",
    "--datalake-formats",
    "--job-bookmark-option",
];

fn with(more: &[(&str, &str)]) -> Evaluated {
    Evaluated::with(TEMPLATE, &[&[BUCKET], more].concat())
}

fn told(template: &Evaluated) -> Vec<String> {
    let told = template.properties("PipelineJob")["DefaultArguments"]
        .as_object()
        .unwrap();
    let own = told
        .iter()
        .filter(|(name, _)| !GLUES.contains(&name.as_str()));
    own.map(|(name, value)| format!("{name} {}", value.as_str().unwrap()))
        .collect()
}

fn is_the_pipelines(id: &&String) -> bool {
    id.starts_with("Pipeline")
}

#[test]
fn there_is_none_unless_it_is_asked_for_and_no_schedule_unless_one_is_said() {
    let none = Evaluated::production(TEMPLATE);
    assert_eq!(none.resources().keys().find(is_the_pipelines), None);
    assert_eq!(none.section("Outputs").keys().find(is_the_pipelines), None);
    let by_hand = with(&[]);
    assert_eq!(by_hand.of_type("AWS::Glue::Job").count(), 1);
    assert_eq!(by_hand.of_type("AWS::Glue::Trigger").count(), 0);
    let scheduled = with(&[("PipelineSchedule", "0/4")]);
    let trigger = scheduled.properties("PipelineTrigger");
    assert_eq!(trigger["Schedule"], "cron(15 0/4 * * ? *)");
    assert_eq!(
        (&trigger["Type"], &trigger["StartOnCreation"]),
        (&json!("SCHEDULED"), &json!(true))
    );
    assert_eq!(trigger["Actions"], json!([{"JobName": "${PipelineJob}"}]));
    // A schedule alone is refused before anything is made.
    let alone = Evaluated::with(TEMPLATE, &[("PipelineSchedule", "3")]);
    assert_eq!(alone.resources().keys().find(is_the_pipelines), None);
    let rules = super::evaluated::parsed(TEMPLATE)["Rules"].clone();
    for (rule, of, wants) in [
        (
            "ScheduleNeedsPipeline",
            "PipelineSchedule",
            "PipelineBucket",
        ),
        ("EntitiesNeedPipeline", "PipelineEntities", "PipelineBucket"),
        ("HudiHasNoWindow", "PipelineFormat", "PipelineWithinHours"),
    ] {
        let rule = &rules[rule];
        assert!(rule["RuleCondition"].to_string().contains(of), "{rule}");
        assert!(rule["Assertions"].to_string().contains(wants), "{rule}");
    }
}

/// A second writer of the same tables would lose what the first one wrote.
#[test]
fn one_run_at_a_time_writes_tables_that_athena_reads() {
    let template = with(&[]);
    let job = template.properties("PipelineJob");
    assert_eq!(job["ExecutionProperty"], json!({"MaxConcurrentRuns": 1}));
    // Glue 5.0 brings Hudi 0.15; 5.1 brings Hudi 1.
    assert_eq!(job["GlueVersion"], "5.0");
    let told = &job["DefaultArguments"];
    assert_eq!(told["--datalake-formats"], "hudi");
    assert_eq!(told["--job-bookmark-option"], "job-bookmark-disable");
    let conf = told["--conf"].as_str().unwrap();
    let mut set = BTreeSet::new();
    for setting in conf.split(" --conf ") {
        let (name, value) = setting.split_once('=').unwrap();
        // As the job itself sets it where it makes the session.
        assert!(
            JOB.contains(&format!("\"{name}\": \"{value}\"")),
            "{setting}"
        );
        set.insert(name);
    }
    assert_eq!(set.len(), 4, "{conf}");
}

#[test]
fn the_job_is_told_what_it_takes() {
    let full = [
        ("PipelineDecisions", "topic/decisions"),
        ("PipelineFormat", "parquet"),
        ("PipelineEntities", "companies"),
        ("PipelineWithinHours", "48"),
    ];
    assert_snapshot!(told(&with(&[])).join("\n"), @r"
    --decisions s3://acme-decisions/decisions/
    --decisions-format json
    ");
    assert_snapshot!(told(&with(&full)).join("\n"), @r"
    --decisions s3://acme-decisions/topic/decisions/
    --decisions-format parquet
    --entities s3://acme-decisions/companies/
    --written-within 48
    ");
    for argument in told(&with(&full)) {
        let name = argument.split(' ').next().unwrap();
        assert!(JOB.contains(&format!("add_argument(\"{name}\"")), "{name}");
    }
}

#[test]
fn the_job_may_read_decisions_and_write_the_lake_and_nothing_else() {
    let lines = |template: &Evaluated| -> BTreeSet<String> { table(template, "PipelineJob") };
    let plain = lines(&with(&[]));
    let shown: Vec<&str> = plain.iter().map(String::as_str).collect();
    assert_snapshot!(shown.join("\n"), @r#"
    logs:CreateLogGroup on logs:log-group:/aws-glue/${AWS::StackName}-pipeline/*
    logs:CreateLogStream on logs:log-group:/aws-glue/${AWS::StackName}-pipeline/*
    logs:PutLogEvents on logs:log-group:/aws-glue/${AWS::StackName}-pipeline/*
    s3:AbortMultipartUpload on s3:::acme-lake/why/*
    s3:DeleteObject on s3:::acme-lake/why/*
    s3:GetBucketLocation on s3:::acme-decisions
    s3:GetBucketLocation on s3:::acme-lake
    s3:GetObject on s3:::acme-decisions/decisions
    s3:GetObject on s3:::acme-decisions/decisions/*
    s3:GetObject on s3:::acme-lake/why
    s3:GetObject on s3:::acme-lake/why/*
    s3:GetObject on s3:::acme-lake/why_$folder$
    s3:GetObject on s3:::aws-sam-cli-managed-default-*/${AWS::StackName}/* if {"StringEquals":{"aws:ResourceAccount":"${AWS::AccountId}"}}
    s3:ListBucket on s3:::acme-decisions
    s3:ListBucket on s3:::acme-lake
    s3:ListMultipartUploadParts on s3:::acme-lake/why/*
    s3:PutObject on s3:::acme-lake/why
    s3:PutObject on s3:::acme-lake/why/*
    s3:PutObject on s3:::acme-lake/why_$folder$
    "#);
    let key = ("LakeKmsKeyArn", "arn:aws:kms:lake");
    let full = lines(&with(&[("PipelineEntities", "companies"), key]));
    assert!(plain.is_subset(&full));
    let added: Vec<&str> = full.difference(&plain).map(String::as_str).collect();
    assert_snapshot!(added.join("\n"), @r"
    kms:Decrypt on arn:aws:kms:lake
    kms:GenerateDataKey on arn:aws:kms:lake
    s3:GetObject on s3:::acme-decisions/companies
    s3:GetObject on s3:::acme-decisions/companies/*
    ");
    for line in &full {
        let (action, resource) = line.split_once(" on ").unwrap();
        assert!(!action.contains('*') && resource != "*", "{line}");
    }
    let template = with(&[]);
    let role = template.properties("PipelineRole");
    let trusted = role["AssumeRolePolicyDocument"]["Statement"]
        .as_array()
        .unwrap();
    assert_eq!(trusted.len(), 1);
    assert_eq!(
        trusted[0]["Principal"],
        json!({"Service": "glue.amazonaws.com"})
    );
    assert!(role.get("ManagedPolicyArns").is_none());
}

#[test]
fn a_lake_at_the_root_of_its_bucket_is_written_there() {
    let mut catalog = sample();
    catalog.lake.location = "s3://acme-lake".to_owned();
    let template = Evaluated::with(&template(&catalog).unwrap(), &[BUCKET]);
    let lake = template.allowed("PipelineJob", "WriteLake");
    assert_eq!(lake["Resource"], "arn:${AWS::Partition}:s3:::acme-lake/*");
}

#[test]
fn what_it_says_lies_in_groups_that_are_made_for_it() {
    let template = with(&[]);
    let told = &template.properties("PipelineJob")["DefaultArguments"];
    let prefix = told["--custom-logGroup-prefix"].as_str().unwrap();
    let groups = ["PipelineOutputLog", "PipelineErrorLog"];
    let names = groups.map(|id| template.properties(id)["LogGroupName"].clone());
    // So Glue 5.0 names them.
    assert_eq!(
        names,
        ["output", "error"].map(|of| json!(format!("{prefix}/{of}")))
    );
    let written = template.allowed("PipelineJob", "Logs")["Resource"].clone();
    let written = written.as_str().unwrap();
    assert!(
        written.ends_with(&format!(":log-group:{prefix}/*")),
        "{written}"
    );
}

#[test]
fn a_run_that_fails_is_counted_for_its_alarm() {
    let template = with(&[]);
    let rule = template.properties("PipelineRunFailed");
    assert_eq!(
        rule["EventPattern"],
        json!({
            "source": ["aws.glue"],
            "detail-type": ["Glue Job State Change"],
            "detail": {"jobName": ["${PipelineJob}"], "state": ["FAILED", "TIMEOUT"]},
        })
    );
    let alarm: &Value = template.properties("PipelineFailed");
    assert_eq!(
        alarm["Dimensions"],
        json!([{"Name": "RuleName", "Value": "${PipelineRunFailed}"}])
    );
}
