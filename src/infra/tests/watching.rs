//! Alarms, dashboard and README: wired, complete, and only about what the code reports.

use std::collections::BTreeSet;

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::evaluated::Evaluated;
use super::{README, TEMPLATE};
use crate::lambda::emf::{self, Metric};

/// What the code reports.
fn reported() -> BTreeSet<&'static str> {
    Metric::ALL.map(Metric::name).into()
}

/// What AWS reports of itself, and its dimensions in the order of the dashboard.
const AWS_METRICS: [(&str, &[&str], &[&str]); 4] = [
    (
        "AWS/Lambda",
        &["FunctionName"],
        &[
            "ConcurrentExecutions",
            "Duration",
            "Errors",
            "Invocations",
            "Throttles",
        ],
    ),
    (
        "AWS/SQS",
        &["QueueName"],
        &["ApproximateAgeOfOldestMessage"],
    ),
    ("AWS/ApiGateway", &["ApiId"], &["5xx"]),
    (
        "AWS/Athena",
        &["WorkGroup", "QueryState", "QueryType"],
        &["TotalExecutionTime"],
    ),
];

fn check(namespace: &str, metric: &str, dimensions: &[&str], place: &str) {
    if namespace == emf::NAMESPACE {
        assert!(
            reported().contains(metric),
            "{place}: no code reports {metric}"
        );
        assert_eq!(dimensions, ["Stack"], "{place}: {metric}");
        return;
    }
    let known = AWS_METRICS.iter().find(|(name, ..)| *name == namespace);
    let (_, own, metrics) = known.unwrap_or_else(|| panic!("{place}: {namespace}"));
    assert!(metrics.contains(&metric), "{place}: {metric}");
    assert_eq!(&dimensions, own, "{place}: {metric}");
}

fn alarms(template: &Evaluated) -> Vec<(&str, &Value)> {
    template.of_type("AWS::CloudWatch::Alarm").collect()
}

#[test]
fn these_are_the_alarms() {
    let template = Evaluated::production(TEMPLATE);
    let lines = alarms(&template).into_iter().map(|(id, alarm)| {
        let statistic = alarm.get("Statistic").or(alarm.get("ExtendedStatistic"));
        let of: String = alarm["Dimensions"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|dimension| format!(" {}", dimension["Value"].as_str().unwrap()))
            .collect();
        format!(
            "{id}: {} {}{of} {} {} in {} s, {} of {}",
            statistic.unwrap().as_str().unwrap(),
            alarm["MetricName"].as_str().unwrap(),
            match alarm["ComparisonOperator"].as_str().unwrap() {
                "GreaterThanOrEqualToThreshold" => ">=",
                "GreaterThanThreshold" => ">",
                other => panic!("{other}"),
            },
            alarm["Threshold"],
            alarm["Period"],
            alarm["DatapointsToAlarm"],
            alarm["EvaluationPeriods"],
        )
    });
    assert_snapshot!(lines.collect::<Vec<_>>().join("\n"), @r#"
    ApiErrors: Sum Errors ${Api} >= 3 in 300 s, 1 of 1
    ApiThrottled: Sum Throttles ${Api} >= 1 in 300 s, 1 of 1
    ApologiesOwed: Sum ApologiesOwed ${AWS::StackName} >= 1 in 300 s, 1 of 1
    AthenaFailures: SampleCount TotalExecutionTime ${Workgroup} FAILED DML >= 3 in 300 s, 1 of 3
    CostADay: Sum CostUsd ${AWS::StackName} > 5 in 86400 s, 1 of 1
    DeadLettersErrors: Sum Errors ${DeadLetters} >= 1 in 300 s, 1 of 1
    DeadLettersThrottled: Sum Throttles ${DeadLetters} >= 1 in 300 s, 1 of 1
    IngressErrors: Sum Errors ${Ingress} >= 1 in 60 s, 2 of 5
    IngressSlow: p99 Duration ${Ingress} >= 2000 in 300 s, 2 of 3
    IngressThrottled: Sum Throttles ${Ingress} >= 1 in 300 s, 1 of 1
    LettersArrived: Sum Invocations ${DeadLetters} >= 1 in 300 s, 1 of 1
    LettersStuck: Maximum ApproximateAgeOfOldestMessage ${DeadLetterQueue.QueueName} >= 900 in 60 s, 3 of 3
    QuestionsNotTaken: Sum NotTaken ${AWS::StackName} >= 3 in 300 s, 1 of 1
    QuestionsWaiting: Maximum ApproximateAgeOfOldestMessage ${Questions.QueueName} >= 300 in 60 s, 3 of 3
    ServerErrors: Sum 5xx ${HttpApi} >= 1 in 60 s, 2 of 5
    SignaturesRejected: Sum SignatureRejected ${AWS::StackName} >= 20 in 300 s, 1 of 1
    WorkerErrors: Sum Errors ${Worker} >= 3 in 300 s, 1 of 1
    WorkerThrottled: Sum Throttles ${Worker} >= 1 in 300 s, 1 of 1
    "#);
}

#[test]
fn every_alarm_is_heard_and_heard_to_end() {
    let template = Evaluated::production(TEMPLATE);
    for (id, alarm) in alarms(&template) {
        assert_eq!(alarm["AlarmActions"], json!(["${Alarms}"]), "{id}");
        assert_eq!(alarm["OKActions"], json!(["${Alarms}"]), "{id}");
        // A quiet night is no alarm.
        assert_eq!(alarm["TreatMissingData"], "notBreaching", "{id}");
        assert!(alarm.get("ActionsEnabled").is_none(), "{id}");
        // CloudWatch refuses to look further back than a day for periods below an hour.
        let of = |key: &str| alarm[key].as_u64().unwrap();
        assert!(of("Period") * of("EvaluationPeriods") <= 86_400, "{id}");
    }
    let publish = &template.properties("AlarmsPolicy")["PolicyDocument"]["Statement"][0];
    assert_eq!(
        publish["Principal"],
        json!({"Service": "cloudwatch.amazonaws.com"})
    );
    assert_eq!(publish["Action"], "sns:Publish");
    assert_eq!(template.of_type("AWS::SNS::Subscription").count(), 0);
    let told = Evaluated::with(TEMPLATE, &[("AlarmEmail", "oncall@example.com")]);
    let subscription = told.properties("AlarmsByEmail");
    assert_eq!(subscription["Endpoint"], "oncall@example.com");
    assert_eq!(subscription["TopicArn"], "${Alarms}");
}

#[test]
fn alarms_name_only_metrics_that_somebody_reports() {
    let template = Evaluated::production(TEMPLATE);
    for (id, alarm) in alarms(&template) {
        let dimensions = alarm["Dimensions"].as_array();
        let dimensions: Vec<&str> = dimensions
            .into_iter()
            .flatten()
            .map(|dimension| dimension["Name"].as_str().unwrap())
            .collect();
        let of = |key: &str| alarm[key].as_str().unwrap();
        check(of("Namespace"), of("MetricName"), &dimensions, id);
    }
}

fn widgets(template: &Evaluated) -> Vec<Value> {
    let body = template.properties("Dashboard")["DashboardBody"]
        .as_str()
        .unwrap();
    let body: Value = serde_json::from_str(body).unwrap();
    body["widgets"].as_array().unwrap().clone()
}

#[test]
fn the_dashboard_names_only_metrics_that_somebody_reports() {
    let template = Evaluated::production(TEMPLATE);
    let mut shown = BTreeSet::new();
    for widget in widgets(&template) {
        let properties = &widget["properties"];
        let title = properties["title"].as_str().unwrap();
        for metric in properties["metrics"].as_array().into_iter().flatten() {
            let metric = metric.as_array().unwrap();
            if let Some(expression) = metric[0].get("expression") {
                // Each value of a dimension is a line of its own.
                let expression = expression.as_str().unwrap();
                assert!(
                    expression.starts_with("SEARCH('{Why,Stack,Code} "),
                    "{title}"
                );
                assert!(
                    expression.contains("Stack=\"${AWS::StackName}\"'"),
                    "{title}"
                );
                let name = expression.split('"').nth(1).unwrap();
                assert!(reported().contains(name), "{title}: {name}");
                shown.insert(name.to_owned());
                continue;
            }
            let texts: Vec<&str> = metric.iter().filter_map(Value::as_str).collect();
            let dimensions: Vec<&str> = texts[2..].iter().step_by(2).copied().collect();
            check(texts[0], texts[1], &dimensions, title);
            shown.insert(texts[1].to_owned());
        }
    }
    for metric in reported() {
        assert!(
            shown.contains(metric),
            "the dashboard does not show {metric}"
        );
    }
}

#[test]
fn the_dashboard_shows_every_alarm_and_its_tiles_do_not_overlap() {
    let template = Evaluated::production(TEMPLATE);
    let mut taken = BTreeSet::new();
    let mut shown = BTreeSet::new();
    for widget in widgets(&template) {
        let of = |key: &str| widget[key].as_u64().unwrap();
        for x in of("x")..of("x") + of("width") {
            for y in of("y")..of("y") + of("height") {
                assert!(x < 24 && taken.insert((x, y)), "{widget}");
            }
        }
        let alarms = widget["properties"]["alarms"].as_array();
        shown.extend(
            alarms
                .into_iter()
                .flatten()
                .map(|a| a.as_str().unwrap().to_owned()),
        );
    }
    let all: BTreeSet<String> = alarms(&template)
        .iter()
        .map(|(id, _)| format!("${{{id}.Arn}}"))
        .collect();
    assert_eq!(shown, all);
}

/// A row of a table in the README.
fn has_row(name: &str) -> bool {
    README
        .lines()
        .any(|line| line.starts_with(&format!("| `{name}` |")))
}

#[test]
fn the_readme_explains_every_metric_and_says_what_to_do_at_every_alarm() {
    let template = Evaluated::production(TEMPLATE);
    for metric in reported() {
        assert!(has_row(metric), "{metric}");
    }
    for (id, _) in alarms(&template) {
        assert!(has_row(id), "{id}");
    }
}
