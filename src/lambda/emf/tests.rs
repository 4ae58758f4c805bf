//! What a line of metrics looks like.

use std::collections::BTreeSet;

use super::*;

fn now() -> Timestamp {
    "2026-11-24T12:00:00.5Z".parse().unwrap()
}

#[test]
fn a_line_names_its_metrics_their_units_and_the_moment() {
    let line = Line::new([
        (Metric::TimeToAnswer, 812.5),
        (Metric::BytesScanned, 4096.0),
    ]);
    insta::assert_snapshot!(line.render("why", now()), @r#"{"BytesScanned":4096.0,"Stack":"why","TimeToAnswer":812.5,"_aws":{"CloudWatchMetrics":[{"Dimensions":[["Stack"]],"Metrics":[{"Name":"TimeToAnswer","Unit":"Milliseconds"},{"Name":"BytesScanned","Unit":"Bytes"}],"Namespace":"Why"}],"Timestamp":1795521600500}}"#);
}

#[test]
fn a_failure_is_counted_in_all_and_by_its_code() {
    let line = Line::one(Metric::QuestionsFailed).with_code("unknown_company");
    insta::assert_snapshot!(line.render("why", now()), @r#"{"Code":"unknown_company","QuestionsFailed":1.0,"Stack":"why","_aws":{"CloudWatchMetrics":[{"Dimensions":[["Stack"],["Stack","Code"]],"Metrics":[{"Name":"QuestionsFailed","Unit":"Count"}],"Namespace":"Why"}],"Timestamp":1795521600500}}"#);
}

#[test]
fn what_is_no_number_leaves_a_line_that_is_json() {
    let line = Line::new([(Metric::CostUsd, f64::NAN)]).render("why", now());
    let line: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(line["CostUsd"], json!(0.0));
}

#[test]
fn every_metric_has_a_name_of_its_own() {
    let names: BTreeSet<&str> = Metric::ALL.iter().map(|metric| metric.name()).collect();
    assert_eq!(names.len(), Metric::ALL.len());
}
