//! What Slack sent, as JSON, read field by field.
//!
//! Not a struct: one field of another type than expected (a bot's message may hold anything)
//! must not cost the rest. An absent field, null and an empty text are the same. Errors name
//! where the JSON breaks, never what stands there.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::Unreadable;
use crate::job::{Asker, ResponseUrl};

/// Half of a SHA-256: enough never to meet another's, short enough to read in a log.
const ID_BYTES: usize = 16;

#[derive(Debug)]
pub(super) struct Payload<'a> {
    json: Value,
    body: &'a [u8],
}

impl<'a> Payload<'a> {
    /// A form, each field a text.
    pub(super) fn of_command(body: &'a [u8]) -> Result<Self, Unreadable> {
        let json = if is_json(body) {
            parse(body)?
        } else {
            Value::Object(form(body)?)
        };
        Ok(Payload { json, body })
    }

    pub(super) fn of_event(body: &'a [u8]) -> Result<Self, Unreadable> {
        let json = parse(body)?;
        Ok(Payload { json, body })
    }

    /// A form whose only field is `payload`.
    pub(super) fn of_interaction(body: &'a [u8]) -> Result<Self, Unreadable> {
        if is_json(body) {
            return Self::of_event(body);
        }
        let form = form(body)?;
        let payload = form.get("payload").and_then(Value::as_str);
        let json = parse(payload.ok_or(Unreadable::Missing("payload"))?.as_bytes())?;
        Ok(Payload { json, body })
    }

    /// The text at a JSON pointer, where there is one that is not blank.
    pub(super) fn text(&self, pointer: &str) -> Option<&str> {
        text(&self.json, pointer)
    }

    pub(super) fn owned(&self, pointer: &str) -> Option<String> {
        self.text(pointer).map(str::to_owned)
    }

    /// The first of these that is there.
    pub(super) fn first(&self, pointers: &[&str]) -> Option<String> {
        pointers.iter().find_map(|pointer| self.owned(pointer))
    }

    pub(super) fn need(&self, pointer: &str, name: &'static str) -> Result<String, Unreadable> {
        self.owned(pointer).ok_or(Unreadable::Missing(name))
    }

    /// Null where there is nothing.
    pub(super) fn at(&self, pointer: &str) -> &Value {
        self.json.pointer(pointer).unwrap_or(&Value::Null)
    }

    pub(super) fn list(&self, pointer: &str) -> &[Value] {
        self.at(pointer).as_array().map_or(&[], Vec::as_slice)
    }

    pub(super) fn is_true(&self, pointer: &str) -> bool {
        self.at(pointer).as_bool() == Some(true)
    }

    pub(super) fn has(&self, pointer: &str) -> bool {
        !self.at(pointer).is_null()
    }

    pub(super) fn response_url(&self) -> Option<ResponseUrl> {
        self.owned("/response_url").map(ResponseUrl)
    }

    /// Of an interaction. A person of another organisation has another team than the place.
    pub(super) fn asker(&self) -> Result<Asker, Unreadable> {
        Ok(Asker {
            user: self.need("/user/id", "user")?,
            team: self.first(&["/user/team_id", "/team/id"]),
            enterprise: self.first(&["/enterprise/id", "/team/enterprise_id"]),
        })
    }

    /// Of the kind and the parts, the same at every delivery; of the whole body where a part is
    /// missing.
    pub(super) fn id(&self, kind: &str, parts: &[Option<&str>]) -> String {
        let mut hash = Sha256::new();
        hash.update(b"why\0");
        hash.update(kind);
        if parts.iter().all(Option::is_some) {
            for part in parts.iter().flatten() {
                hash.update(b"\0");
                hash.update(part);
            }
        } else {
            hash.update(b"\0\0");
            hash.update(self.body);
        }
        let digest = hash.finalize();
        hex::encode(digest.get(..ID_BYTES).unwrap_or(&digest))
    }
}

/// The text at a JSON pointer, where there is one that is not blank.
pub(super) fn text<'a>(json: &'a Value, pointer: &str) -> Option<&'a str> {
    let text = json.pointer(pointer)?.as_str()?;
    (!text.trim().is_empty()).then_some(text)
}

/// No form of Slack's begins so.
fn is_json(body: &[u8]) -> bool {
    body.trim_ascii_start().starts_with(b"{")
}

fn form(body: &[u8]) -> Result<Map<String, Value>, Unreadable> {
    std::str::from_utf8(body)
        .map_err(|e| Unreadable::NotAForm(format!("byte {} is not UTF-8", e.valid_up_to())))?;
    Ok(form_urlencoded::parse(body)
        .map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())))
        .collect())
}

/// serde_json's own text may quote a value, so only the place is kept.
fn parse(json: &[u8]) -> Result<Value, Unreadable> {
    serde_json::from_slice(json).map_err(|e| {
        let (line, column) = (e.line(), e.column());
        Unreadable::NotJson(format!("{:?} at line {line} column {column}", e.classify()))
    })
}
