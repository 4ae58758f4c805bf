//! The JSON against its schema, and the schema against the types.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::{Value, json};

use super::super::sample::*;
use crate::answer::{Cause, HitKind, Level, Mark, Status, WarningId};
use crate::error::Class;
use crate::render::json;
use crate::value::Kind;

const SCHEMA: &str = include_str!("../../../schema/answer.v1.json");

fn schema() -> Value {
    serde_json::from_str(SCHEMA).unwrap()
}

/// What the schema says of this JSON; empty where it fits.
pub(super) fn faults(value: &Value) -> Vec<String> {
    static VALIDATOR: LazyLock<jsonschema::Validator> =
        LazyLock::new(|| jsonschema::draft202012::new(&schema()).unwrap());
    VALIDATOR
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

#[test]
fn the_schema_is_a_schema() {
    assert!(jsonschema::draft202012::meta::is_valid(&schema()));
}

#[test]
fn every_answer_and_failure_fits_the_schema() {
    for answer in answers() {
        assert_eq!(faults(&json::answer(&answer)), [""; 0]);
    }
    assert_eq!(faults(&json::answer(&through_athena())), [""; 0]);
    for failure in [ambiguous(), internal()] {
        assert_eq!(faults(&json::failure(&failure)), [""; 0]);
    }
}

#[test]
fn the_schema_refuses_what_is_not_an_answer() {
    for (path, wrong) in [
        ("/question/as_of", json!("2026-04-01")),
        ("/read/from", json!(20_260_401)),
        ("/changes/0/cause", json!("because")),
        ("/candidates/0/status", json!(null)),
        ("/confirmations", json!(-1)),
        ("/entity/id", json!("17")),
    ] {
        let mut answer = json::answer(&acme());
        *answer.pointer_mut(path).unwrap() = wrong;
        assert_ne!(faults(&answer), [""; 0], "{path}");
    }
    for (path, wrong) in [
        ("/read/athena/query_ids", json!("q-1")),
        ("/read/athena/queue_ms", json!(null)),
        ("/read/engine_reason", json!(7)),
    ] {
        let mut answer = json::answer(&through_athena());
        *answer.pointer_mut(path).unwrap() = wrong;
        assert_ne!(faults(&answer), [""; 0], "{path}");
    }
    let mut answer = json::answer(&acme());
    answer.as_object_mut().unwrap().remove("winner");
    assert_ne!(faults(&answer), [""; 0], "a field is missing");
}

/// The names below `$defs`, at a pointer, as a set.
fn names_in_schema(pointer: &str) -> BTreeSet<String> {
    let schema = schema();
    let names = schema.pointer(pointer).unwrap().as_array().unwrap();
    names
        .iter()
        .map(|n| n.as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn the_schema_and_the_types_know_the_same_names() {
    // Grows with the enum: the compiler asks for the arm.
    let statuses = [
        Status::Winner,
        Status::Agrees,
        Status::NoValue,
        Status::Lost,
        Status::Undecided,
    ];
    let hits = [
        HitKind::Is,
        HitKind::Was,
        HitKind::Candidate,
        HitKind::OlderCandidate,
        HitKind::Units,
        HitKind::Close,
    ];
    for status in statuses {
        match status {
            Status::Winner
            | Status::Agrees
            | Status::NoValue
            | Status::Lost
            | Status::Undecided => {}
        }
    }
    for hit in hits {
        match hit {
            HitKind::Is
            | HitKind::Was
            | HitKind::Candidate
            | HitKind::OlderCandidate
            | HitKind::Units
            | HitKind::Close => {}
        }
    }
    let classes = [Class::Rejected, Class::User, Class::Retry, Class::Internal];
    let rows: [(&str, Vec<&str>); 8] = [
        (
            "change/properties/cause/enum",
            Cause::ALL.map(Cause::as_str).to_vec(),
        ),
        (
            "change/properties/marks/items/enum",
            Mark::ALL.map(Mark::as_str).to_vec(),
        ),
        (
            "warning/properties/id/enum",
            WarningId::ALL.map(WarningId::as_str).to_vec(),
        ),
        (
            "warning/properties/level/enum",
            [Level::Alarm, Level::Note].map(Level::as_str).to_vec(),
        ),
        (
            "candidate/properties/status/enum",
            statuses.map(Status::as_str).to_vec(),
        ),
        (
            "hit/properties/kind/enum",
            hits.map(HitKind::as_str).to_vec(),
        ),
        (
            "answer/properties/attribute/properties/kind/enum",
            Kind::ALL.map(Kind::as_str).to_vec(),
        ),
        (
            "failure/properties/error/properties/class/enum",
            classes.map(Class::as_str).to_vec(),
        ),
    ];
    for (place, names) in rows {
        let names: BTreeSet<String> = names.into_iter().map(str::to_owned).collect();
        assert_eq!(
            names_in_schema(&format!("/$defs/{place}")),
            names,
            "{place}"
        );
    }
}

/// Every field that is rendered is described: `properties` of the schema's object.
fn undescribed(value: &Value, properties: &BTreeSet<String>) -> Vec<String> {
    let fields = value.as_object().unwrap().keys();
    fields
        .filter(|f| !properties.contains(*f))
        .cloned()
        .collect()
}

#[test]
fn every_field_is_described_in_the_schema() {
    let properties = |pointers: &[&str]| -> BTreeSet<String> {
        let schema = schema();
        let objects = pointers
            .iter()
            .map(|p| schema.pointer(p).unwrap().as_object().unwrap());
        objects
            .flat_map(|object| object.keys().cloned().collect::<Vec<_>>())
            .collect()
    };
    let answer = json::answer(&expecting());
    let of_answer = "/$defs/answer/properties";
    let rows: Vec<(&str, Vec<&str>)> = vec![
        ("", vec![of_answer]),
        (
            "/question",
            vec!["/$defs/answer/properties/question/properties"],
        ),
        ("/read", vec!["/$defs/answer/properties/read/properties"]),
        ("/changes/0", vec!["/$defs/change/properties"]),
        ("/warnings/0", vec!["/$defs/warning/properties"]),
        ("/winner", vec!["/$defs/source/properties"]),
        (
            "/candidates/0",
            vec!["/$defs/source/properties", "/$defs/candidate/properties"],
        ),
        ("/expectation/hits/0", vec!["/$defs/hit/properties"]),
    ];
    for (place, described) in rows {
        let value = answer.pointer(place).unwrap();
        assert_eq!(
            undescribed(value, &properties(&described)),
            [""; 0],
            "{place}"
        );
    }
}

#[test]
fn the_shape_is_explains() {
    let mut answer = expecting();
    answer.changes.truncate(1);
    if let Some(current) = &mut answer.current {
        current.candidates.truncate(2);
    }
    insta::assert_json_snapshot!(json::answer(&answer), @r#"
    {
      "actor": "nightly",
      "attribute": {
        "kind": "money",
        "name": "revenue",
        "unit": "USD"
      },
      "candidates": [
        {
          "confidence": 0.95,
          "confidence_margin": null,
          "label": "Registry",
          "observed_at": "2026-03-01T06:00:00.000Z",
          "older_by_s": null,
          "reason": null,
          "record_id": "r-1",
          "rule_says": null,
          "source": "registry",
          "status": "winner",
          "url": "https://registry.example/acme?year=2025&page=1",
          "value": "12.4M",
          "would_win_if": null
        },
        {
          "confidence": 0.8,
          "confidence_margin": 0.1499999999999999,
          "label": "CRM",
          "observed_at": "2025-11-02T06:00:00.000Z",
          "older_by_s": 10281600.0,
          "reason": "lower priority",
          "record_id": "r-1",
          "rule_says": "ranks 2nd of 3 in source priority",
          "source": "crm",
          "status": "lost",
          "url": null,
          "value": "11.9M",
          "would_win_if": "Registry had no value"
        }
      ],
      "changes": [
        {
          "actor": "nightly",
          "at": "2026-03-02T06:00:00.000Z",
          "cause": "overtaken",
          "decision_id": "d-2026-03-02",
          "from": "11.9M",
          "marks": [
            "late"
          ],
          "reason": null,
          "rule": "source_priority",
          "rule_version": "3",
          "run_id": "run-118",
          "source": "registry",
          "to": "12.4M"
        }
      ],
      "confirmations": 41,
      "decided_at": "2026-04-01T05:00:00.000Z",
      "decision_id": "d-2026-04-01",
      "display": "12.4M USD",
      "entity": {
        "id": 17,
        "name": "Acme Corporation"
      },
      "expectation": {
        "expected": "10M",
        "hits": [
          {
            "at": "2024-01-05T06:00:00.000Z",
            "kind": "was",
            "source": "vendor",
            "text": "10M was the value from 2024-01-05 until 2025-02-10; then the source corrected an old record: 9.8M.",
            "until": "2025-02-10T06:00:00.000Z"
          },
          {
            "at": "2024-01-05T06:00:00.000Z",
            "kind": "candidate",
            "source": "vendor",
            "text": "Vendor says 10M, but was not chosen: ranks 3rd of 3.",
            "until": null
          }
        ]
      },
      "id": "5f0c3a9be1d27a44",
      "nothing": null,
      "override": false,
      "question": {
        "as_of": "2026-03-31T23:59:59.999Z",
        "expected": "10M",
        "look_back": "auto",
        "text": "acme revenue"
      },
      "read": {
        "athena": null,
        "bytes_read": 48200,
        "complete": false,
        "cost_usd": 0.0,
        "data_as_of": "2026-04-01T05:30:00.000Z",
        "engine": "direct",
        "engine_reason": null,
        "files_read": 5,
        "from": "2024-01-01",
        "partitions_planned": 27,
        "partitions_read": 5,
        "planning_ms": 0.4,
        "requests": 11,
        "rows_read": 46,
        "to": "2026-03-31",
        "total_ms": 6.25
      },
      "reason": "most trusted source with a value",
      "rule": {
        "name": "source_priority",
        "version": "3"
      },
      "run_id": "run-149",
      "since": "2026-03-02T06:00:00.000Z",
      "since_at_least": true,
      "value": "12.4M",
      "warnings": [
        {
          "advice": "Ask the owner of the pipeline which source is right.",
          "id": "flapping",
          "level": "alarm",
          "text": "An earlier value came back 3 times in the 30 days before 2026-03-31."
        },
        {
          "advice": "If one of them is right, report this value as wrong.",
          "id": "disagree",
          "level": "note",
          "text": "Sources disagree: CRM says 11.9M and Vendor says 10M; chosen was 12.4M (Registry)."
        }
      ],
      "winner": {
        "confidence": 0.95,
        "label": "Registry",
        "observed_at": "2026-03-01T06:00:00.000Z",
        "record_id": "r-1",
        "source": "registry",
        "url": "https://registry.example/acme?year=2025&page=1",
        "value": "12.4M"
      }
    }
    "#);
}

#[test]
fn a_failure_has_its_class_and_choices() {
    insta::assert_json_snapshot!(json::failure(&ambiguous()), @r##"
    {
      "error": {
        "advice": "Choose one of them:",
        "class": "user",
        "code": "ambiguous_company",
        "matches": [
          {
            "detail": "acme.com · #17",
            "label": "Acme Corporation",
            "question": "#17 revenue"
          },
          {
            "detail": "",
            "label": "Acme Holding",
            "question": "acme holding revenue"
          }
        ],
        "reference": null,
        "text": "Two companies are called “acme”."
      }
    }
    "##);
}

#[test]
fn where_nothing_was_found_the_fields_are_null() {
    let answer = json::answer(&not_found());
    for field in [
        "value",
        "display",
        "since",
        "decided_at",
        "decision_id",
        "winner",
    ] {
        assert_eq!(answer[field], Value::Null, "{field}");
    }
    assert_eq!(answer["since_at_least"], json!(false));
    assert_eq!(
        answer["nothing"]["other_attributes"],
        json!(["employees", "sector"])
    );
}

#[test]
fn what_is_no_number_is_null() {
    let mut answer = acme();
    answer.read.cost_usd = f64::NAN;
    if let Some(current) = &mut answer.current {
        current.candidates[1].older_by_s = Some(f64::INFINITY);
        current.candidates[1].candidate.confidence = Some(f64::NAN);
    }
    let answer = json::answer(&answer);
    for pointer in [
        "/read/cost_usd",
        "/candidates/1/older_by_s",
        "/candidates/1/confidence",
    ] {
        assert_eq!(answer.pointer(pointer), Some(&Value::Null), "{pointer}");
    }
    assert_eq!(faults(&answer), [""; 0]);
}

#[test]
fn stored_text_is_whole_and_as_it_is() {
    let mut answer = acme();
    let odd = format!("\u{1b}[31m\u{202e}{}", "x".repeat(10_000));
    if let Some(current) = &mut answer.current {
        current.value = Some(odd.clone());
    }
    assert_eq!(json::answer(&answer)["value"], json!(odd));
}
