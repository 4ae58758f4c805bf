//! Lines that can't be used, each with the reason that a person reads.

use super::super::{entities, row::Row};
use super::*;

const CATALOG: &str =
    "[layout]\nfirst_date = 2012-01-01\n[attributes.sector]\n[attributes.headquarters]\n";

/// A good line with one field changed; `None` takes it out.
fn with(field: &str, value: Option<Value>) -> Vec<u8> {
    let mut row = decision("d1", 7, "2023-03-07T04:45:08Z", "Energy");
    match value {
        Some(value) => row[field] = value,
        None => {
            row.as_object_mut().unwrap().remove(field);
        }
    }
    row.to_string().into_bytes()
}

fn reason(line: &[u8]) -> String {
    let catalog = Catalog::parse(CATALOG, "why.toml").unwrap();
    match Row::parse(line, &mut |_| {}).and_then(|row| row.check(&catalog, NOW)) {
        Ok(_) => "fine".to_owned(),
        Err(reason) => reason,
    }
}

#[test]
fn a_field_of_a_decision_that_cannot_be_used_is_named_with_what_to_write() {
    let check = |field: &str, value: Value, expected: &str| {
        assert_eq!(reason(&with(field, Some(value))), expected, "{field}");
    };
    check("decision_id", json!(null), "decision_id is null");
    check("decision_id", json!(" "), "decision_id is empty");
    check(
        "decision_id",
        json!(["a"]),
        "decision_id is a list: write a string or null",
    );
    check(
        "decision_id",
        json!("a\0b"),
        "decision_id holds a null character",
    );
    check(
        "entity_id",
        json!("7"),
        "entity_id is \"7\": write the number without quotes",
    );
    check(
        "entity_id",
        json!(7.5),
        "entity_id is 7.5, not a whole number",
    );
    check(
        "entity_id",
        json!(u64::MAX),
        "entity_id is 18446744073709551615, more than 64 bits hold",
    );
    check(
        "entity_id",
        json!({}),
        "entity_id is an object, not a whole number",
    );
    check(
        "attribute_name",
        json!("sectr"),
        "the catalog has no attribute \"sectr\": did you mean \"sector\"?",
    );
    check(
        "attribute_name",
        json!("Sector"),
        "the catalog has no attribute \"Sector\": did you mean \"sector\"?",
    );
    check(
        "attribute_name",
        json!("weather"),
        "the catalog has no attribute \"weather\": add it there first",
    );
    check(
        "attribute_name",
        json!("a/b"),
        "attribute_name \"a/b\" can't be used: a slash separates folders",
    );
    check(
        "decided_at",
        json!(1678164308),
        "decided_at is 1678164308: write a time such as 2023-03-07T04:45:08Z",
    );
    check(
        "decided_at",
        json!("2023-03-07"),
        "decided_at is \"2023-03-07\", not an instant: write a time such as 2023-03-07T04:45:08Z",
    );
    check(
        "decided_at",
        json!("07/03/2023 04:45"),
        "decided_at is \"07/03/2023 04:45\", not an instant: write a time such as 2023-03-07T04:45:08Z",
    );
    check(
        "decided_at",
        json!("2023-02-30T00:00:00Z"),
        "decided_at is \"2023-02-30T00:00:00Z\", not an instant: write a time such as 2023-03-07T04:45:08Z",
    );
    check(
        "decided_at",
        json!("2011-12-31T23:59:59Z"),
        "decided_at 2011-12-31 is before first_date 2012-01-01 of the catalog: no question would find it",
    );
    check(
        "decided_at",
        json!("1066-10-14T00:00:00Z"),
        "decided_at 1066-10-14 is before 1900-01-01",
    );
    check(
        "decided_at",
        json!("2206-01-01T00:00:00Z"),
        "decided_at 2206-01-01 is more than 10 years ahead",
    );
    check(
        "value",
        json!(true),
        "value is true: write a string or null",
    );
    check(
        "value",
        json!({"amount": 3}),
        "value is an object: write a string or null",
    );
    check(
        "previous_value",
        json!([]),
        "previous_value is a list: write a string or null",
    );
    check(
        "override",
        json!("yes"),
        "override is \"yes\": write true or false",
    );
    check("evidence", json!({}), "evidence is an object, not a list");
    check("evidence", json!("crm"), "evidence is \"crm\", not a list");
    check(
        "evidence",
        json!([{"source": "crm"}, 5]),
        "evidence[1]: it is not an object",
    );
    check(
        "evidence",
        json!([{"value": "x"}]),
        "evidence[0]: there is no source",
    );
    check(
        "evidence",
        json!([{"source": "crm", "confidence": "high"}]),
        "evidence[0]: confidence is \"high\": write the number without quotes",
    );
    check(
        "evidence",
        json!([{"source": "crm", "selected": 1}]),
        "evidence[0]: selected is 1: write true or false",
    );
    check(
        "evidence",
        json!([{"source": "crm", "observed_at": "then"}]),
        "evidence[0]: observed_at is \"then\", not an instant: write a time such as 2023-03-07T04:45:08Z",
    );
    for field in ["decision_id", "entity_id", "attribute_name", "decided_at"] {
        assert_eq!(reason(&with(field, None)), format!("there is no {field}"));
    }
    assert_eq!(
        reason(&with("value", None)),
        "there is no value: write null where there is none"
    );
}

#[test]
fn a_line_that_is_no_json_object_is_refused_with_the_place() {
    let check = |line: &[u8], expected: &str| assert_eq!(reason(line), expected);
    check(
        b"decision_id,entity_id",
        "it is not a JSON object: write one {…} a line",
    );
    check(b"[1]", "it is not a JSON object: write one {…} a line");
    check(
        br#"{"decision_id": "a","#,
        "it is not valid JSON: EOF while parsing a value (column 20)",
    );
    check(
        br#"{"decision_id": 'a'}"#,
        "it is not valid JSON: expected value (column 17)",
    );
    check(
        br#"{} {}"#,
        "it is not valid JSON: trailing characters (column 4)",
    );
    check(
        br#"{"value": 1, "value": 2}"#,
        "it is not valid JSON: value is there twice (column 24)",
    );
    check(
        b"{\"value\": \"\xff\"}",
        "byte 12 is not UTF-8: save the file as UTF-8",
    );
    check(
        br#"{"decision_id": "\ud800"}"#,
        "decision_id holds an escape that is no character",
    );
}

#[test]
fn a_time_is_taken_with_an_offset_or_as_utc_and_a_number_keeps_its_text() {
    let line = |at: &str| {
        format!(
            r#"{{"decision_id": 1.50, "entity_id": -7, "attribute_name": "sector", "decided_at": "{at}", "value": 12345678901234567890.10}}"#
        )
    };
    for at in [
        "2023-03-07T04:45:08Z",
        "2023-03-07T05:45:08+01:00",
        "2023-03-07 04:45:08",
        "2023-03-07 04:45:08.000",
    ] {
        let line = line(at);
        let row = Row::parse(line.as_bytes(), &mut |_| {}).unwrap();
        assert_eq!(row.decided_at, 1_678_164_308_000_000, "{at}");
        assert_eq!(row.value.as_deref(), Some("12345678901234567890.10"));
        assert_eq!((&*row.decision_id, row.entity_id), ("1.50", -7));
    }
}

#[test]
fn a_line_of_the_entities_that_cannot_be_used_is_refused_with_the_reason() {
    let check = |line: &str, expected: &str| {
        assert_eq!(entities::parse(line.as_bytes()).unwrap_err(), expected);
    };
    check(r#"{"name": "Acme"}"#, "there is no entity_id");
    check(r#"{"entity_id": 1}"#, "there is no name");
    check(r#"{"entity_id": 1, "name": ""}"#, "name is empty");
    check(
        r#"{"entity_id": "1", "name": "Acme"}"#,
        "entity_id is \"1\": write the number without quotes",
    );
    check(
        r#"{"entity_id": 1, "name": "Acme", "aliases": "AC"}"#,
        "aliases is \"AC\", not a list",
    );
    check(
        r#"{"entity_id": 1, "name": "Acme", "aliases": [null]}"#,
        "an alias is null: write a string or null",
    );
    check(
        r#"{"entity_id": 1, "name": "Acme", "parent_id": "x"}"#,
        "parent_id is \"x\": write the number without quotes",
    );
    check(
        r#"{"entity_id": 1, "name": "Acme", "rank": "top"}"#,
        "rank is \"top\": write the number without quotes",
    );
}
