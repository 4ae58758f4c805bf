//! What a message says, whoever posted it and however it is built.
//!
//! Alerts by other apps often have no text of their own, only blocks or attachments.

use serde_json::{Map, Value};

use super::payload::text;

/// Where blocks and attachments keep words, in the order in which they are read. Buttons' labels
/// are left out: they say what to do, not what happened.
const FIELDS: [&str; 9] = [
    "pretext", "title", "text", "value", "fields", "rows", "elements", "columns", "blocks",
];

/// `None` where it says nothing.
pub(super) fn words(message: &Value) -> Option<String> {
    if let Some(text) = text(message, "/text") {
        return Some(text.to_owned());
    }
    let mut found = String::new();
    for part in ["blocks", "attachments"] {
        gather(message.get(part).unwrap_or(&Value::Null), &mut found);
    }
    if found.trim().is_empty() {
        found = text(message, "/attachments/0/fallback")?.to_owned();
    }
    Some(found.trim().to_owned())
}

fn gather(part: &Value, found: &mut String) {
    match part {
        Value::Array(parts) => parts.iter().for_each(|part| gather(part, found)),
        Value::Object(part) => gather_object(part, found),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn gather_object(part: &Map<String, Value>, found: &mut String) {
    let own = |field: &str| part.get(field).and_then(Value::as_str);
    match own("type") {
        Some("actions") => {}
        // Runs of one line of rich text.
        Some("text") => found.push_str(own("text").unwrap_or_default()),
        Some("link") => found.push_str(own("text").or(own("url")).unwrap_or_default()),
        _ => {
            for field in FIELDS {
                match part.get(field) {
                    Some(Value::String(line)) => {
                        begin_line(found);
                        found.push_str(line);
                    }
                    Some(inner) => {
                        begin_line(found);
                        gather(inner, found);
                    }
                    None => {}
                }
            }
        }
    }
}

fn begin_line(found: &mut String) {
    if !found.is_empty() && !found.ends_with('\n') {
        found.push('\n');
    }
}
