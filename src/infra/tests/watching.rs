//! Alarms, dashboard and README: wired, complete, and only about what the code reports.

use std::collections::BTreeSet;
use std::time::Duration;

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::evaluated::Evaluated;
use super::{README, TEMPLATE, sample, template};
use crate::catalog::Cost;
use crate::lambda::emf::{self, Metric};
use crate::lambda::ingress;

/// What the code reports.
fn reported() -> BTreeSet<&'static str> {
    Metric::ALL.map(Metric::name).into()
}

/// What AWS reports of itself, and its dimensions in the order of the dashboard.
const AWS_METRICS: [(&str, &[&str], &[&str]); 5] = [
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
        &[
            "ApproximateAgeOfOldestMessage",
            "ApproximateNumberOfMessagesNotVisible",
            "ApproximateNumberOfMessagesVisible",
        ],
    ),
    ("AWS/ApiGateway", &["ApiId"], &["5xx"]),
    ("AWS/Events", &["RuleName"], &["TriggeredRules"]),
    (
        "AWS/Athena",
        &["WorkGroup", "QueryState", "QueryType"],
        &["ProcessedBytes", "TotalExecutionTime"],
    ),
];

/// With the pipeline, which has an alarm of its own.
fn full() -> Evaluated {
    Evaluated::with(TEMPLATE, &[("PipelineBucket", "acme-decisions")])
}

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

/// One metric that an alarm watches: by itself, or by its name in an expression.
struct Watched<'a> {
    name: Option<&'a str>,
    metric: &'a Value,
    statistic: &'a str,
    period: u64,
}

impl<'a> Watched<'a> {
    fn dimensions(&self) -> Vec<(&'a str, &'a str)> {
        let dimensions = self.metric["Dimensions"].as_array();
        dimensions
            .into_iter()
            .flatten()
            .map(|dimension| ["Name", "Value"].map(|key| dimension[key].as_str().unwrap()))
            .map(|[name, value]| (name, value))
            .collect()
    }

    fn shown(&self) -> String {
        let of: String = self
            .dimensions()
            .iter()
            .map(|(_, value)| format!(" {value}"))
            .collect();
        let metric = self.metric["MetricName"].as_str().unwrap();
        format!("{} {metric}{of}", self.statistic)
    }
}

fn watched(alarm: &Value) -> Vec<Watched<'_>> {
    let Some(metrics) = alarm["Metrics"].as_array() else {
        let statistic = alarm.get("Statistic").or(alarm.get("ExtendedStatistic"));
        return vec![Watched {
            name: None,
            metric: alarm,
            statistic: statistic.unwrap().as_str().unwrap(),
            period: alarm["Period"].as_u64().unwrap(),
        }];
    };
    let metrics = metrics
        .iter()
        .filter(|part| part.get("MetricStat").is_some());
    metrics
        .map(|part| {
            assert_eq!(part["ReturnData"], false);
            let stat = &part["MetricStat"];
            Watched {
                name: part["Id"].as_str(),
                metric: &stat["Metric"],
                statistic: stat["Stat"].as_str().unwrap(),
                period: stat["Period"].as_u64().unwrap(),
            }
        })
        .collect()
}

/// Where an alarm watches several metrics.
fn expression(alarm: &Value) -> Option<&str> {
    let metrics = alarm["Metrics"].as_array()?;
    let mut expressions = metrics
        .iter()
        .filter_map(|part| part["Expression"].as_str());
    let first = expressions.next();
    assert!(expressions.next().is_none(), "one is what is compared");
    first
}

#[test]
fn these_are_the_alarms() {
    let template = full();
    let lines = alarms(&template).into_iter().map(|(id, alarm)| {
        let watched = watched(alarm);
        let (what, of) = match expression(alarm) {
            Some(expression) => {
                let each = |watched: &Watched<'_>| {
                    format!("\n  {}: {}", watched.name.unwrap(), watched.shown())
                };
                let each = watched.iter().map(each).collect();
                (expression.trim().to_owned(), each)
            }
            None => (watched[0].shown(), String::new()),
        };
        format!(
            "{id}: {what} {} {} in {} s, {} of {}{of}",
            match alarm["ComparisonOperator"].as_str().unwrap() {
                "GreaterThanOrEqualToThreshold" => ">=",
                "GreaterThanThreshold" => ">",
                other => panic!("{other}"),
            },
            alarm["Threshold"],
            watched[0].period,
            alarm["DatapointsToAlarm"],
            alarm["EvaluationPeriods"],
        )
    });
    assert_snapshot!(lines.collect::<Vec<_>>().join("\n"), @r#"
    ApiErrors: Sum Errors ${Api} >= 1 in 300 s, 1 of 1
    ApiThrottled: Sum Throttles ${Api} >= 1 in 300 s, 1 of 1
    ApologiesOwed: Sum ApologiesOwed ${AWS::StackName} >= 1 in 300 s, 1 of 1
    AthenaFailures: SampleCount TotalExecutionTime ${Workgroup} FAILED DML >= 3 in 300 s, 1 of 3
    CostADay: 5 / 1000000000000 * (SUM([bytes_ok, bytes_stopped]) + 10000000 * SUM([queries_ok, queries_stopped])) > 5 in 86400 s, 1 of 1
      bytes_ok: Sum ProcessedBytes ${Workgroup} SUCCEEDED DML
      bytes_stopped: Sum ProcessedBytes ${Workgroup} CANCELED DML
      queries_ok: SampleCount ProcessedBytes ${Workgroup} SUCCEEDED DML
      queries_stopped: SampleCount ProcessedBytes ${Workgroup} CANCELED DML
    DeadLettersErrors: Sum Errors ${DeadLetters} >= 1 in 300 s, 1 of 1
    DeadLettersThrottled: Sum Throttles ${DeadLetters} >= 1 in 300 s, 1 of 1
    IngressErrors: Sum Errors ${Ingress} >= 1 in 300 s, 1 of 1
    IngressSlow: p99 Duration ${Ingress} >= 1000 in 300 s, 2 of 3
    IngressThrottled: Sum Throttles ${Ingress} >= 1 in 300 s, 1 of 1
    LettersArrived: Sum Invocations ${DeadLetters} >= 1 in 300 s, 1 of 1
    LettersStuck: visible + hidden >= 1 in 60 s, 15 of 15
      visible: Maximum ApproximateNumberOfMessagesVisible ${DeadLetterQueue.QueueName}
      hidden: Maximum ApproximateNumberOfMessagesNotVisible ${DeadLetterQueue.QueueName}
    PipelineFailed: Sum TriggeredRules ${PipelineRunFailed} >= 1 in 300 s, 1 of 1
    QuestionsBroken: Sum QuestionsBroken ${AWS::StackName} >= 1 in 300 s, 1 of 1
    QuestionsNotTaken: Sum NotTaken ${AWS::StackName} >= 1 in 300 s, 1 of 1
    QuestionsRetried: Maximum JobAge ${AWS::StackName} >= 300 in 300 s, 1 of 1
    QuestionsWaiting: Maximum ApproximateAgeOfOldestMessage ${Questions.QueueName} >= 300 in 60 s, 3 of 3
    ServerErrors: Sum 5xx ${HttpApi} >= 1 in 300 s, 1 of 1
    SignaturesRejected: Sum SignatureRejected ${AWS::StackName} >= 20 in 300 s, 1 of 1
    TokenRefused: Sum TokenRefused ${AWS::StackName} >= 1 in 300 s, 1 of 1
    WorkerErrors: Sum Errors ${Worker} >= 1 in 300 s, 1 of 1
    WorkerThrottled: Sum Throttles ${Worker} >= 1 in 300 s, 1 of 1
    "#);
}

#[test]
fn every_alarm_is_heard_and_heard_to_end() {
    let template = full();
    for (id, alarm) in alarms(&template) {
        assert_eq!(alarm["AlarmActions"], json!(["${Alarms}"]), "{id}");
        assert_eq!(alarm["OKActions"], json!(["${Alarms}"]), "{id}");
        // A quiet night is no alarm.
        assert_eq!(alarm["TreatMissingData"], "notBreaching", "{id}");
        assert!(alarm.get("ActionsEnabled").is_none(), "{id}");
        // CloudWatch refuses to look further back than a day for periods below an hour.
        let periods = alarm["EvaluationPeriods"].as_u64().unwrap();
        for watched in watched(alarm) {
            assert!(watched.period * periods <= 86_400, "{id}");
        }
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
    let template = full();
    for (id, alarm) in alarms(&template) {
        let watched = watched(alarm);
        for watched in &watched {
            let dimensions = watched.dimensions();
            let dimensions: Vec<&str> = dimensions.iter().map(|(name, _)| *name).collect();
            let of = |key: &str| watched.metric[key].as_str().unwrap();
            check(of("Namespace"), of("MetricName"), &dimensions, id);
        }
        // An expression names what it is given, and is given what it names.
        let Some(expression) = expression(alarm) else {
            continue;
        };
        let words = expression.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let named: BTreeSet<&str> = words
            .filter(|word| word.starts_with(|c: char| c.is_ascii_lowercase()))
            .collect();
        let given: BTreeSet<&str> = watched.iter().filter_map(|watched| watched.name).collect();
        assert_eq!(named, given, "{id}");
    }
}

fn alarm<'a>(template: &'a Evaluated, id: &str) -> &'a Value {
    let found = alarms(template).into_iter().find(|(own, _)| *own == id);
    found.unwrap_or_else(|| panic!("there is no alarm {id}")).1
}

/// At a few questions an hour a total outage is one failure in five minutes, and a job that kills
/// its worker comes again after six.
#[test]
fn one_failure_in_a_quiet_hour_is_heard() {
    let template = full();
    for id in [
        "ApiErrors",
        "ApologiesOwed",
        "DeadLettersErrors",
        "IngressErrors",
        "LettersArrived",
        "PipelineFailed",
        "QuestionsBroken",
        "QuestionsNotTaken",
        "ServerErrors",
        "TokenRefused",
        "WorkerErrors",
    ] {
        let alarm = alarm(&template, id);
        let of = |key: &str| alarm[key].as_u64().unwrap();
        assert_eq!((of("Threshold"), of("DatapointsToAlarm")), (1, 1), "{id}");
        assert_eq!(alarm["Statistic"], "Sum", "{id}");
    }
}

/// SQS leaves a message that was received three times out of the age of the oldest.
#[test]
fn what_comes_again_and_again_is_not_watched_by_its_age_in_the_queue_alone() {
    let template = Evaluated::production(TEMPLATE);
    let letters = alarm(&template, "LettersStuck");
    let watched: BTreeSet<String> = watched(letters).iter().map(Watched::shown).collect();
    let expected = ["NotVisible", "Visible"].map(|which| {
        format!("Maximum ApproximateNumberOfMessages{which} ${{DeadLetterQueue.QueueName}}")
    });
    assert_eq!(watched, BTreeSet::from(expected));
    let retried = alarm(&template, "QuestionsRetried");
    assert_eq!(retried["MetricName"], Metric::JobAge.name());
    assert_eq!(Metric::JobAge.unit(), "Seconds");
    // Before it is given up, and whoever asked is told.
    let threshold = Duration::from_secs(retried["Threshold"].as_u64().unwrap());
    assert!(threshold < Duration::from_secs(15 * 60));
}

/// The function ends a request by itself, and Lambda counts no cold start in its time.
#[test]
fn an_acknowledgement_that_hangs_is_slow_enough_for_its_alarm() {
    let template = Evaluated::production(TEMPLATE);
    let slow = alarm(&template, "IngressSlow");
    let threshold = Duration::from_millis(slow["Threshold"].as_u64().unwrap());
    for bound in [ingress::QUEUE, ingress::OPEN + ingress::SECRET.operation] {
        assert!(threshold < bound, "{bound:?}");
    }
}

/// What nobody read an answer from costs as well.
#[test]
fn the_cost_of_a_day_is_athenas_own_count_at_the_catalogs_price() {
    let mut catalog = sample();
    catalog.cost = Cost {
        usd_per_tb: 6.25,
        minimum_bytes: 1_000_000,
    };
    let template = Evaluated::production(&template(&catalog).unwrap());
    let cost = alarm(&template, "CostADay");
    let mut states = BTreeSet::new();
    for watched in watched(cost) {
        assert_eq!(watched.metric["Namespace"], "AWS/Athena");
        let dimensions = watched.dimensions();
        let state = dimensions.iter().find(|(name, _)| *name == "QueryState");
        states.insert((watched.statistic, state.unwrap().1));
    }
    let all = ["CANCELED", "SUCCEEDED"];
    let both = ["SampleCount", "Sum"].map(|statistic| all.map(|state| (statistic, state)));
    assert_eq!(states, both.into_iter().flatten().collect());
    let expression = expression(cost).unwrap();
    assert!(
        expression.starts_with("6.25 / 1000000000000"),
        "{expression}"
    );
    assert!(expression.contains("1000000 * SUM("), "{expression}");
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
    let template = full();
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
    let template = full();
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
    let template = full();
    for metric in reported() {
        assert!(has_row(metric), "{metric}");
    }
    for (id, _) in alarms(&template) {
        assert!(has_row(id), "{id}");
    }
}
