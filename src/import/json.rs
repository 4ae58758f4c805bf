//! One JSON line, field by field: every reason why a field can't be used, in words.
//!
//! Fields stay raw until they are wanted, so that a number keeps its exact text
//! and a reason names its field. Knows no table; `row` and `entities` do.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The fields of one object that are known, by their place in `names`; and the names of others.
pub(super) struct Object<'a, const N: usize> {
    names: &'static [&'static str; N],
    fields: [Option<&'a RawValue>; N],
    pub(super) unknown: Vec<String>,
}

impl<'a, const N: usize> Object<'a, N> {
    /// Reads an object, and nothing but it.
    pub(super) fn parse(line: &'a [u8], names: &'static [&'static str; N]) -> Result<Self, String> {
        let text = std::str::from_utf8(line).map_err(|error| {
            format!(
                "byte {} is not UTF-8: save the file as UTF-8",
                error.valid_up_to() + 1
            )
        })?;
        if !text.trim_start().starts_with('{') {
            return Err("it is not a JSON object: write one {…} a line".to_owned());
        }
        let mut json = serde_json::Deserializer::from_str(text);
        let object = Seed { names }
            .deserialize(&mut json)
            .and_then(|o| json.end().map(|()| o));
        object.map_err(|error| {
            let what = error.to_string();
            let what = what.split(" at line ").next().unwrap_or_default();
            format!("it is not valid JSON: {what} (column {})", error.column())
        })
    }

    /// The field, where it is there and not null.
    pub(super) fn field(&self, at: usize) -> Option<Field<'a>> {
        let raw = self.fields.get(at).copied().flatten()?.get();
        let name = self.names.get(at).copied().unwrap_or_default();
        (raw != "null").then_some(Field { name, raw })
    }

    /// The field, where it is there and not null.
    pub(super) fn required(&self, at: usize) -> Result<Field<'a>, String> {
        self.field(at).ok_or_else(|| {
            let name = self.names.get(at).copied().unwrap_or_default();
            match self.is_there(at) {
                true => format!("{name} is null"),
                false => format!("there is no {name}"),
            }
        })
    }

    pub(super) fn is_there(&self, at: usize) -> bool {
        self.fields.get(at).is_some_and(Option::is_some)
    }

    /// Text, where it is there and not null.
    pub(super) fn text(&self, at: usize) -> Result<Option<Cow<'a, str>>, String> {
        self.field(at).map(|field| field.text()).transpose()
    }
}

struct Seed<const N: usize> {
    names: &'static [&'static str; N],
}

impl<'a, const N: usize> DeserializeSeed<'a> for Seed<N> {
    type Value = Object<'a, N>;

    fn deserialize<D: Deserializer<'a>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_map(self)
    }
}

impl<'a, const N: usize> Visitor<'a> for Seed<N> {
    type Value = Object<'a, N>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut object = Object {
            names: self.names,
            fields: [None; N],
            unknown: Vec::new(),
        };
        while let Some(key) = map.next_key::<Cow<'a, str>>()? {
            let value: &'a RawValue = map.next_value()?;
            let place = self.names.iter().position(|name| *name == key);
            match place.and_then(|at| object.fields.get_mut(at)) {
                Some(Some(_)) => return Err(A::Error::custom(format!("{key} is there twice"))),
                Some(slot) => *slot = Some(value),
                None => object.unknown.push(key.into_owned()),
            }
        }
        Ok(object)
    }
}

/// A value that is not null, as it was written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field<'a> {
    name: &'a str,
    raw: &'a str,
}

impl<'a> Field<'a> {
    /// One of a list's, under a name that says where it stands.
    pub(super) fn item(name: &'a str, raw: &'a RawValue) -> Self {
        Field {
            name,
            raw: raw.get(),
        }
    }

    /// A string; a number counts as its exact text.
    pub(super) fn text(&self) -> Result<Cow<'a, str>, String> {
        match self.raw.as_bytes().first() {
            Some(b'"') => self.string(),
            Some(b'-' | b'0'..=b'9') => Ok(Cow::Borrowed(self.raw)),
            Some(_) | None => Err(format!("{}: write a string or null", self.is())),
        }
    }

    /// Text that says something.
    pub(super) fn filled(&self) -> Result<Cow<'a, str>, String> {
        let text = self.text()?;
        if text.trim().is_empty() {
            return Err(format!("{} is empty", self.name));
        }
        Ok(text)
    }

    fn string(&self) -> Result<Cow<'a, str>, String> {
        let inner = self
            .raw
            .get(1..self.raw.len().saturating_sub(1))
            .unwrap_or_default();
        if !inner.contains('\\') {
            return Ok(Cow::Borrowed(inner));
        }
        serde_json::from_str(self.raw)
            .map(Cow::Owned)
            .map_err(|_| format!("{} holds an escape that is no character", self.name))
    }

    pub(super) fn integer(&self) -> Result<i64, String> {
        let digits = self.raw.strip_prefix('-').unwrap_or(self.raw);
        if self.raw.starts_with('"') {
            return Err(format!("{}: write the number without quotes", self.is()));
        }
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(format!("{}, not a whole number", self.is()));
        }
        self.raw
            .parse()
            .map_err(|_| format!("{}, more than 64 bits hold", self.is()))
    }

    pub(super) fn number(&self) -> Result<f64, String> {
        if self.raw.starts_with('"') {
            return Err(format!("{}: write the number without quotes", self.is()));
        }
        let number: Option<f64> = self.raw.parse().ok();
        number
            .filter(|n| n.is_finite())
            .ok_or_else(|| format!("{}, not a number", self.is()))
    }

    pub(super) fn flag(&self) -> Result<bool, String> {
        match self.raw {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(format!("{}: write true or false", self.is())),
        }
    }

    pub(super) fn list(&self) -> Result<Vec<&'a RawValue>, String> {
        if !self.raw.starts_with('[') {
            return Err(format!("{}, not a list", self.is()));
        }
        serde_json::from_str(self.raw).map_err(|error| format!("{}: {error}", self.is()))
    }

    /// An instant in microseconds. Without a zone it is UTC, as engines print it;
    /// what is finer than a microsecond is dropped.
    pub(super) fn instant(&self) -> Result<i64, String> {
        const WANTED: &str = "write a time such as 2023-03-07T04:45:08Z";
        if !self.raw.starts_with('"') {
            return Err(format!("{}: {WANTED}", self.is()));
        }
        let text = self.string()?;
        let instant = text
            .parse::<Timestamp>()
            .or_else(|error| match text.parse::<DateTime>() {
                // A bare day parses too, but does not say when.
                Ok(time) if text.len() > 10 => TimeZone::UTC.to_timestamp(time),
                Ok(_) | Err(_) => Err(error),
            });
        let nanos = instant
            .map_err(|_| format!("{}, not an instant: {WANTED}", self.is()))?
            .as_nanosecond();
        i64::try_from(nanos.div_euclid(1_000)).map_err(|_| format!("{}, out of range", self.is()))
    }

    /// `entity_id is "12"`, cut where it is long.
    fn is(&self) -> String {
        let kind = match self.raw.as_bytes().first() {
            Some(b'[') => "a list",
            Some(b'{') => "an object",
            Some(_) | None => {
                let cut: String = self.raw.chars().take(40).collect();
                let dots = if cut.len() < self.raw.len() {
                    "…"
                } else {
                    ""
                };
                return format!("{} is {cut}{dots}", self.name);
            }
        };
        format!("{} is {kind}", self.name)
    }
}
