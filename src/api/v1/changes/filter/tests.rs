//! What each filter keeps.

use super::*;
use crate::catalog::Catalog;
use crate::catalog::example;

fn now() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

fn filter(wanted: Wanted) -> Result<Filter, &'static str> {
    let catalog = Catalog::parse(example::TEXT, "why.toml").unwrap();
    wanted
        .filter(&catalog, now())
        .map_err(|failure| failure.code)
}

fn change(at: &str, cause: Cause, source: &str, actor: Option<&str>) -> Change {
    Change {
        at: at.parse().unwrap(),
        from: None,
        to: None,
        cause,
        marks: Vec::new(),
        source: Some(source.to_owned()),
        source_label: Some("Company Register".to_owned()),
        rule: None,
        rule_version: None,
        run_id: None,
        actor: actor.map(str::to_owned),
        reason: None,
        decision_id: "d".to_owned(),
    }
}

fn said(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn each_filter_keeps_what_it_names() {
    let one = change(
        "2025-01-01T00:00:00Z",
        Cause::Override,
        "registry",
        Some("ann"),
    );
    let keeps = |wanted: Wanted| filter(wanted).unwrap().keeps(&one);
    let none = Wanted::default;
    assert!(keeps(none()));
    let by_cause = |cause| Wanted {
        cause: said(cause),
        ..none()
    };
    assert!(keeps(by_cause("override")) && keeps(by_cause("overtaken, override")));
    assert!(!keeps(by_cause("overtaken")));
    let by_source = |source| Wanted {
        source: said(source),
        ..none()
    };
    assert!(keeps(by_source("Registry")) && keeps(by_source("company register")));
    assert!(!keeps(by_source("regis")));
    let by_actor = |actor| Wanted {
        actor: said(actor),
        ..none()
    };
    assert!(keeps(by_actor("ann")) && !keeps(by_actor("bob")));
    let from = |from| Wanted {
        from: said(from),
        ..none()
    };
    assert!(keeps(from("2025")) && keeps(from("2025-01-01")));
    assert!(!keeps(from("2025-01-02")) && !keeps(from("2025-01-01T00:00:01Z")));
}

#[test]
fn what_is_no_filter_is_refused() {
    let none = Wanted::default;
    for (wanted, code) in [
        (
            Wanted {
                cause: said("magic"),
                ..none()
            },
            "bad_cause",
        ),
        (
            Wanted {
                cause: said("override,,"),
                ..none()
            },
            "bad_cause",
        ),
        (
            Wanted {
                from: said("someday"),
                ..none()
            },
            "bad_date",
        ),
        (
            Wanted {
                from: said("2031"),
                ..none()
            },
            "future",
        ),
        (
            Wanted {
                from: said("2025-02-01"),
                to: said("2025-01-31"),
                ..none()
            },
            "bad_period",
        ),
    ] {
        assert_eq!(filter(wanted), Err(code));
    }
    let one_day = Wanted {
        from: said("2025-02-01"),
        to: said("2025-02-01"),
        ..none()
    };
    assert!(filter(one_day).is_ok());
}
