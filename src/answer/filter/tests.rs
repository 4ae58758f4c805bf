//! What each filter keeps, and how it is said again.

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn change() -> Change {
    Change {
        at: at("2025-01-01T00:00:00Z"),
        from: None,
        to: None,
        cause: Cause::Override,
        marks: Vec::new(),
        source: Some("registry".to_owned()),
        source_label: Some("Company Register".to_owned()),
        rule: None,
        rule_version: None,
        run_id: None,
        actor: Some("ann".to_owned()),
        reason: None,
        decision_id: "d".to_owned(),
    }
}

#[test]
fn each_filter_keeps_what_it_names() {
    let keeps = |filter: Filter| filter.keeps(&change());
    let none = Filter::default;
    assert!(keeps(none()));
    let by_cause = |causes: &[Cause]| Filter {
        causes: causes.to_vec(),
        ..none()
    };
    assert!(keeps(by_cause(&[Cause::Override])));
    assert!(keeps(by_cause(&[Cause::Overtaken, Cause::Override])));
    assert!(!keeps(by_cause(&[Cause::Overtaken])));
    let by_source = |source: &str| Filter {
        source: Some(source.to_owned()),
        ..none()
    };
    assert!(keeps(by_source("Registry")) && keeps(by_source("company register")));
    assert!(!keeps(by_source("regis")));
    let by_actor = |actor: &str| Filter {
        actor: Some(actor.to_owned()),
        ..none()
    };
    assert!(keeps(by_actor("ann")) && !keeps(by_actor("bob")));
    let between = |from: &str, to: &str| Filter {
        from: Some(at(from)),
        to: Some(at(to)),
        ..none()
    };
    let (before, then, after) = (
        "2024-12-31T23:59:59.999Z",
        "2025-01-01T00:00:00Z",
        "2025-01-01T00:00:00.001Z",
    );
    assert!(keeps(between(then, then)) && keeps(between(before, after)));
    assert!(!keeps(between(after, after)) && !keeps(between(before, before)));
}

#[test]
fn it_is_said_again_by_days_where_it_is_of_whole_days() {
    let said = |filter: Filter| -> Vec<String> {
        let pairs = filter.pairs().into_iter();
        pairs
            .map(|(name, value)| format!("{name}={value}"))
            .collect()
    };
    assert!(said(Filter::default()).is_empty() && !Filter::default().is_set());
    let whole = Filter {
        causes: vec![Cause::Override, Cause::Cleared],
        source: Some("crm".to_owned()),
        actor: Some("ann".to_owned()),
        from: Some(at("2025-01-01T00:00:00Z")),
        to: Some(at("2025-01-31T23:59:59.999Z")),
    };
    assert!(whole.is_set());
    assert_eq!(
        said(whole),
        [
            "cause=override,cleared",
            "source=crm",
            "actor=ann",
            "from=2025-01-01",
            "to=2025-01-31"
        ]
    );
    let instants = Filter {
        from: Some(at("2025-01-01T00:00:01Z")),
        to: Some(at("2025-01-31T00:00:00Z")),
        ..Filter::default()
    };
    assert_eq!(
        said(instants),
        ["from=2025-01-01T00:00:01Z", "to=2025-01-31T00:00:00Z"]
    );
}
