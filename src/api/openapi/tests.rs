//! The document is what stands in the repository, and leads nowhere that is not.

use super::*;

#[test]
fn the_file_in_the_repository_is_the_code_s() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/openapi.json");
    let kept = std::fs::read_to_string(file).unwrap();
    assert!(
        kept == text(),
        "schema/openapi.json is not what the code says: `cargo run -- openapi > schema/openapi.json`"
    );
}

fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                match value.as_str() {
                    Some(to) if key == "$ref" => found.push(to.to_owned()),
                    Some(_) | None => references(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.len() > 50);
    for to in found {
        let place = to.strip_prefix('#').unwrap_or_else(|| panic!("{to}"));
        assert!(document.pointer(place).is_some(), "{to}");
    }
}

fn said_of<const N: usize>(path: &str, names: [&str; N]) -> bool {
    names.iter().any(|name| path.ends_with(name))
}

#[test]
fn every_code_is_raised_by_something_that_there_is() {
    let mut document = document();
    let schemas = schemas();
    let all: Vec<_> = operations(&mut document)
        .flat_map(|operation| codes(operation, &schemas).into_values().flatten())
        .collect();
    for known in KNOWN {
        let is_raised = all.contains(&known.code);
        assert_eq!(
            is_raised,
            known.raised != Raised::Elsewhere,
            "{}",
            known.code
        );
    }
}

#[test]
fn every_path_says_what_it_is_for_and_how_it_fails() {
    let document = document();
    let paths = document["paths"].as_object().unwrap();
    assert_eq!(paths.len(), 7);
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().unwrap() {
            let said = |field: &str| operation[field].as_str().is_some_and(|s| !s.is_empty());
            assert!(said("summary") && said("description"), "{method} {path}");
            for status in ["400", "401", "403", "429", "500", "503", "504"] {
                let problem = &operation["responses"][status]["content"][MEDIA_TYPE];
                assert!(problem.is_object(), "{method} {path} {status}");
            }
            // Two of its own are enough to tell that they are not those of all.
            let has = |status: &str| operation["responses"][status].is_object();
            assert_eq!(has("409"), said_of(path, ["answer", "compare", "feedback"]));
            assert_eq!(has("406"), path.ends_with("/changes"));
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let name = &parameter["name"];
                assert!(parameter["description"].is_string(), "{path} {name}");
            }
        }
    }
}
