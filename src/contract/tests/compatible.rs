//! What a new version of a schema may not do to the last: by name, each thing that it breaks.
//!
//! Of a table, columns that may be missing may be added behind the others. Of a JSON answer, fields
//! that may be missing may be added. Everything else is another version. Start at [`broken`].

use serde_json::{Value, json};

/// Nothing where `now` keeps every promise of `released`.
pub(super) fn broken(released: &Value, now: &Value) -> Vec<String> {
    let mut found = Vec::new();
    if released["columns"].is_array() {
        for part in ["columns", "partitions"] {
            columns(part, &released[part], &now[part], &mut found);
        }
        if released["partitions"].as_array().map(Vec::len)
            != now["partitions"].as_array().map(Vec::len)
        {
            found.push("partitions were added".to_owned());
        }
        for key in ["table", "version"] {
            same(key, &released[key], &now[key], &mut found);
        }
    } else {
        shape("", released, now, &mut found);
    }
    found
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn same(what: &str, released: &Value, now: &Value, found: &mut Vec<String>) {
    if released != now {
        found.push(format!("{what} was {released} and is {now}"));
    }
}

fn columns(above: &str, released: &Value, now: &Value, found: &mut Vec<String>) {
    let (released, now) = (list(released), list(now));
    for (at, old) in released.iter().enumerate() {
        let name = format!("{above}.{}", old["name"].as_str().unwrap_or_default());
        let Some(place) = now.iter().position(|new| new["name"] == old["name"]) else {
            found.push(format!("{name} was removed or renamed"));
            continue;
        };
        if place != at {
            found.push(format!("{name} has moved from place {at} to {place}"));
        }
        let new = &now[place];
        match (&old["required"], &new["required"]) {
            (Value::Bool(false), Value::Bool(true)) => {
                found.push(format!("{name} was made required"))
            }
            (old, new) if old != new => found.push(format!("{name} is required no more")),
            _ => {}
        }
        same(
            &format!("{name}: what null says"),
            &old["null"],
            &new["null"],
            found,
        );
        let mut keys = vec!["parquet"];
        if old["fields"].is_array() && new["fields"].is_array() {
            // Their type says all fields: one that was added changes it.
            columns(&name, &old["fields"], &new["fields"], found);
        } else {
            keys.insert(0, "type");
        }
        for key in keys {
            same(&format!("{name}: {key}"), &old[key], &new[key], found);
        }
    }
    for new in now.iter().skip(released.len()) {
        let is_old = released.iter().any(|old| old["name"] == new["name"]);
        if !is_old && new["required"] != json!(false) {
            found.push(format!(
                "{above}.{} was added as required",
                new["name"].as_str().unwrap_or_default()
            ));
        }
    }
}

/// A JSON schema.
fn shape(at: &str, released: &Value, now: &Value, found: &mut Vec<String>) {
    for key in [
        "type",
        "const",
        "format",
        "pattern",
        "$ref",
        "minimum",
        "maximum",
        "minItems",
        "maxItems",
        "minLength",
        "maxLength",
    ] {
        same(&format!("{at}/{key}"), &released[key], &now[key], found);
    }
    if released["additionalProperties"] != json!(false)
        && now["additionalProperties"] == json!(false)
    {
        found.push(format!("{at} takes no more fields of others"));
    }
    for value in list(&released["enum"]) {
        if !list(&now["enum"]).contains(value) {
            found.push(format!("{at} lost the value {value}"));
        }
    }
    let (old, new) = (list(&released["required"]), list(&now["required"]));
    for field in old.iter().filter(|field| !new.contains(field)) {
        found.push(format!(
            "{at}/{} may be missing now",
            field.as_str().unwrap_or_default()
        ));
    }
    for field in new.iter().filter(|field| !old.contains(field)) {
        found.push(format!(
            "{at}/{} was made required",
            field.as_str().unwrap_or_default()
        ));
    }
    for group in ["properties", "$defs"] {
        for (name, released) in released[group].as_object().into_iter().flatten() {
            match now[group].get(name) {
                Some(now) => shape(&format!("{at}/{name}"), released, now, found),
                None => found.push(format!("{at}/{name} was removed or renamed")),
            }
        }
    }
    for key in ["items", "additionalProperties"] {
        if released[key].is_object() {
            shape(&format!("{at}/{key}"), &released[key], &now[key], found);
        }
    }
    for key in ["anyOf", "oneOf", "allOf", "prefixItems"] {
        let (old, new) = (list(&released[key]), list(&now[key]));
        if new.len() < old.len() {
            found.push(format!("{at} has fewer alternatives"));
        }
        for (released, now) in old.iter().zip(new) {
            shape(at, released, now, found);
        }
    }
}

fn table() -> Value {
    let column = |name: &str, required: bool| json!({"name": name, "type": "string", "parquet": "BYTE_ARRAY (STRING)", "required": required, "null": "x"});
    let mut evidence = column("evidence", false);
    evidence["type"] = json!("array<struct<source:string,url:string>>");
    evidence["parquet"] = json!("group (LIST)");
    evidence["fields"] = json!([column("source", false), column("url", false)]);
    json!({
        "table": "t", "version": 1,
        "columns": [column("id", true), column("value", false), evidence],
        "partitions": [column("attribute_name", true)],
    })
}

/// What a change to the table breaks.
fn told(change: impl FnOnce(&mut Value)) -> Vec<String> {
    let mut now = table();
    change(&mut now);
    broken(&table(), &now)
}

fn columns_of(now: &mut Value) -> &mut Vec<Value> {
    now["columns"].as_array_mut().unwrap()
}

#[test]
fn a_column_that_may_be_missing_may_be_added_behind_the_others() {
    let added = json!({"name": "region", "type": "string", "required": false, "null": "not said"});
    assert_eq!(told(|_| {}), [""; 0]);
    assert_eq!(told(|now| columns_of(now).push(added.clone())), [""; 0]);
    let nested = told(|now| {
        now["columns"][2]["fields"]
            .as_array_mut()
            .unwrap()
            .push(added.clone());
        now["columns"][2]["type"] = json!("array<struct<source:string,url:string,region:string>>");
    });
    assert_eq!(nested, [""; 0]);
    // Words are not promises.
    assert_eq!(
        told(|now| now["columns"][1]["means"] = json!("other words")),
        [""; 0]
    );
}

#[test]
fn whatever_else_changes_a_table_is_refused_by_name() {
    let added = |required: bool| json!({"name": "region", "type": "string", "required": required});
    let check = |said: Vec<String>, expected: &[&str]| assert_eq!(said, expected);
    check(
        told(|now| drop(columns_of(now).remove(1))),
        &[
            "columns.value was removed or renamed",
            "columns.evidence has moved from place 2 to 1",
        ],
    );
    check(
        told(|now| now["columns"][1]["name"] = json!("chosen")),
        &["columns.value was removed or renamed"],
    );
    check(
        told(|now| columns_of(now).swap(0, 1)),
        &[
            "columns.id has moved from place 0 to 1",
            "columns.value has moved from place 1 to 0",
        ],
    );
    check(
        told(|now| columns_of(now).insert(0, added(false))),
        &[
            "columns.id has moved from place 0 to 1",
            "columns.value has moved from place 1 to 2",
            "columns.evidence has moved from place 2 to 3",
        ],
    );
    check(
        told(|now| now["columns"][1]["type"] = json!("double")),
        &["columns.value: type was \"string\" and is \"double\""],
    );
    check(
        told(|now| now["columns"][1]["required"] = json!(true)),
        &["columns.value was made required"],
    );
    check(
        told(|now| now["columns"][0]["required"] = json!(false)),
        &["columns.id is required no more"],
    );
    check(
        told(|now| now["columns"][1]["null"] = json!("nothing")),
        &["columns.value: what null says was \"x\" and is \"nothing\""],
    );
    check(
        told(|now| columns_of(now).push(added(true))),
        &["columns.region was added as required"],
    );
    check(
        told(|now| now["columns"][2]["fields"][1]["name"] = json!("link")),
        &["columns.evidence.url was removed or renamed"],
    );
    check(
        told(|now| now["columns"][2]["parquet"] = json!("BYTE_ARRAY (STRING)")),
        &["columns.evidence: parquet was \"group (LIST)\" and is \"BYTE_ARRAY (STRING)\""],
    );
    check(
        told(|now| now["partitions"].as_array_mut().unwrap().push(added(false))),
        &["partitions were added"],
    );
    check(
        told(|now| now["version"] = json!(2)),
        &["version was 1 and is 2"],
    );
}

#[test]
fn an_answer_may_get_fields_that_may_be_missing_and_lose_nothing() {
    let answer = json!({
        "type": "object", "required": ["value"], "additionalProperties": true,
        "properties": {
            "value": {"type": "string"},
            "cause": {"enum": ["new_observation", "override"]},
            "history": {"type": "array", "items": {"$ref": "#/$defs/change"}},
        },
        "$defs": {"change": {"type": "object", "properties": {"at": {"type": "string"}}}},
    });
    let told = |change: &dyn Fn(&mut Value)| {
        let mut now = answer.clone();
        change(&mut now);
        broken(&answer, &now)
    };
    assert_eq!(
        told(&|now| now["properties"]["unit"] = json!({"type": "string"})),
        [""; 0]
    );
    assert_eq!(
        told(&|now| now["properties"]["cause"]["enum"] =
            json!(["override", "late", "new_observation"])),
        [""; 0]
    );
    for (change, said) in [
        (
            (&|now: &mut Value| drop(now["properties"].as_object_mut().unwrap().remove("cause")))
                as &dyn Fn(&mut Value),
            "/cause was removed or renamed",
        ),
        (
            &|now| now["properties"]["value"]["type"] = json!("number"),
            "/value/type was \"string\" and is \"number\"",
        ),
        (
            &|now| now["required"] = json!([]),
            "/value may be missing now",
        ),
        (
            &|now| now["required"] = json!(["value", "cause"]),
            "/cause was made required",
        ),
        (
            &|now| now["properties"]["cause"]["enum"] = json!(["override"]),
            "/cause lost the value \"new_observation\"",
        ),
        (
            &|now| now["additionalProperties"] = json!(false),
            " takes no more fields of others",
        ),
        (
            &|now| now["$defs"]["change"]["properties"] = json!({}),
            "/change/at was removed or renamed",
        ),
    ] {
        assert_eq!(told(change), [said]);
    }
}
