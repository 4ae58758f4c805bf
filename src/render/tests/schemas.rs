//! The JSON of a company at a glance and of what changed, against their schemas, and these against
//! the answer's: what all three have in common is the same.

use jsonschema::draft202012;
use serde_json::{Value, json};

use super::views::{changed, glance};
use crate::render::json;

const ANSWER: &str = include_str!("../../../schema/answer.v1.json");
const OVERVIEW: &str = include_str!("../../../schema/overview.v1.json");
const CHANGES: &str = include_str!("../../../schema/changes.v1.json");

fn read(schema: &str) -> Value {
    serde_json::from_str(schema).unwrap()
}

fn faults(schema: &str, value: &Value) -> Vec<String> {
    let validator = draft202012::new(&read(schema)).unwrap();
    let faults = validator.iter_errors(value);
    faults
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

fn what_changed() -> Value {
    let mut changes = changed(3);
    let (attribute, _) = changes.changes[0].clone();
    changes.left_out.push((attribute, "restricted".to_owned()));
    json::changes(&changes)
}

#[test]
fn a_company_at_a_glance_and_what_changed_fit_their_schemas() {
    for schema in [OVERVIEW, CHANGES] {
        assert!(draft202012::meta::is_valid(&read(schema)));
    }
    assert_eq!(faults(OVERVIEW, &json::overview(&glance())), [""; 0]);
    assert_eq!(faults(CHANGES, &what_changed()), [""; 0]);
}

#[test]
fn the_schemas_refuse_what_is_neither() {
    for (schema, right, path, wrong) in [
        (
            OVERVIEW,
            json::overview(&glance()),
            "/attributes/0/state",
            json!("so"),
        ),
        (
            OVERVIEW,
            json::overview(&glance()),
            "/attributes/0/alarms/0",
            json!("fire"),
        ),
        (
            OVERVIEW,
            json::overview(&glance()),
            "/attributes/2/since",
            json!("2026"),
        ),
        (
            OVERVIEW,
            json::overview(&glance()),
            "/entity/id",
            json!("17"),
        ),
        (
            CHANGES,
            what_changed(),
            "/changes/0/cause",
            json!("because"),
        ),
        (
            CHANGES,
            what_changed(),
            "/changes/0/attribute/kind",
            json!("colour"),
        ),
        (CHANGES, what_changed(), "/left_out/0/why", Value::Null),
        (CHANGES, what_changed(), "/read/from", json!(20_260_401)),
    ] {
        let mut value = right;
        *value.pointer_mut(path).unwrap() = wrong;
        assert_ne!(faults(schema, &value), [""; 0], "{path}");
    }
    for (schema, right) in [
        (OVERVIEW, json::overview(&glance())),
        (CHANGES, what_changed()),
    ] {
        let fields = right.as_object().unwrap().keys();
        for field in fields {
            let mut value = right.clone();
            value.as_object_mut().unwrap().remove(field);
            assert_ne!(faults(schema, &value), [""; 0], "without {field}");
        }
    }
}

#[test]
fn what_the_three_schemas_have_in_common_is_the_same() {
    let answer = read(ANSWER);
    let own = |pointer: &str| answer.pointer(pointer).unwrap();
    for schema in [OVERVIEW, CHANGES] {
        let schema = read(schema);
        for (name, definition) in schema["$defs"].as_object().unwrap() {
            assert_eq!(definition, own(&format!("/$defs/{name}")), "{name}");
        }
        for part in ["entity", "read"] {
            let of_answer = own(&format!("/$defs/answer/properties/{part}/properties"));
            assert_eq!(
                &schema["properties"][part]["properties"], of_answer,
                "{part}"
            );
        }
    }
    let changes = read(CHANGES);
    let change = &changes["properties"]["changes"]["items"]["properties"];
    for (name, field) in own("/$defs/change/properties").as_object().unwrap() {
        assert_eq!(&change[name], field, "{name}");
    }
    let overview = read(OVERVIEW);
    let row = &overview["properties"]["attributes"]["items"]["properties"];
    let kinds = "/$defs/answer/properties/attribute/properties/kind";
    assert_eq!(&row["kind"], own(kinds));
    assert_eq!(&row["alarms"]["items"], own("/$defs/warning/properties/id"));
}
