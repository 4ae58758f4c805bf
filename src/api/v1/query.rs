//! Parameters of a URL, read strictly: nothing is ignored, nothing guessed.
//!
//! A handler's parameters are one struct, from which the OpenAPI document is made as well. What it
//! does not name, what stands twice, what has no value and what is no UTF-8 is refused. Start at
//! [`read`].

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use serde::de::value::MapDeserializer;
use serde::de::{DeserializeOwned, Deserializer, IntoDeserializer, Visitor};

use crate::error::{Class, Failure};

#[cfg(test)]
mod tests;

/// Longer values are no names, dates or words; a cursor knows its own length.
const LONGEST: usize = 1_000;
/// As much of a parameter's name as an error repeats.
const REPEATED: usize = 40;

fn user(code: &'static str, text: String, advice: String) -> Failure {
    Failure::new(Class::User, code, text, advice)
}

pub(super) fn bad_encoding() -> Failure {
    user(
        "bad_encoding",
        "This URL is not percent-encoded UTF-8.".to_owned(),
        "Write every character beyond ASCII, and `%` itself, as `%` and two digits of each of its bytes."
            .to_owned(),
    )
}

/// # Errors
/// What the URL says too much, twice, or not at all.
pub(super) fn read<T: DeserializeOwned>(query: Option<&str>) -> Result<T, Failure> {
    let pieces = query.unwrap_or_default().split('&');
    let pairs: Vec<(String, Part)> = pieces
        .filter(|piece| !piece.is_empty())
        .map(|piece| {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            Ok((decoded(name)?, Part(decoded(value)?)))
        })
        .collect::<Result<_, Failure>>()?;
    if let Some((name, _)) = pairs.iter().find(|(_, value)| value.0.is_empty()) {
        let name = shortened(name);
        return Err(user(
            "empty_parameter",
            format!("The parameter `{name}` has no value."),
            "Give it one, or leave it out.".to_owned(),
        ));
    }
    let is_long =
        |(name, value): &&(String, Part)| name != "cursor" && value.0.chars().count() > LONGEST;
    if let Some((name, _)) = pairs.iter().find(is_long) {
        let name = shortened(name);
        return Err(user(
            "too_long",
            format!("The parameter `{name}` has more than {LONGEST} characters."),
            "Ask in fewer words.".to_owned(),
        ));
    }
    T::deserialize(MapDeserializer::new(pairs.into_iter())).map_err(Trouble::failure)
}

/// Of a form: a plus is a space.
fn decoded(text: &str) -> Result<String, Failure> {
    let spaced: Cow<'_, str> = match text.contains('+') {
        true => text.replace('+', " ").into(),
        false => text.into(),
    };
    let hex = |at: usize| {
        let digits = spaced.as_bytes().get(at + 1..at + 3);
        digits.is_some_and(|pair| pair.iter().all(u8::is_ascii_hexdigit))
    };
    if !spaced.match_indices('%').all(|(at, _)| hex(at)) {
        return Err(bad_encoding());
    }
    let decoded = percent_decode_str(&spaced).decode_utf8();
    decoded.map(Cow::into_owned).map_err(|_| bad_encoding())
}

fn shortened(name: &str) -> String {
    let clean = name.replace(char::is_control, " ");
    match clean.char_indices().nth(REPEATED) {
        Some((at, _)) => format!("{}\u{2026}", clean.get(..at).unwrap_or_default()),
        None => clean,
    }
}

/// Why the parameters are not those of the struct.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error("unknown: {name}")]
    Unknown {
        name: String,
        taken: &'static [&'static str],
    },
    #[error("doubled: {0}")]
    Doubled(&'static str),
    #[error("missing: {0}")]
    Missing(&'static str),
    #[error("{0}")]
    Other(String),
}

impl serde::de::Error for Trouble {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Trouble::Other(message.to_string())
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Trouble::Unknown {
            name: field.to_owned(),
            taken: expected,
        }
    }

    fn duplicate_field(field: &'static str) -> Self {
        Trouble::Doubled(field)
    }

    fn missing_field(field: &'static str) -> Self {
        Trouble::Missing(field)
    }
}

impl Trouble {
    fn failure(self) -> Failure {
        match self {
            Trouble::Unknown { name, taken } => user(
                "unknown_parameter",
                format!("This path has no parameter `{}`.", shortened(&name)),
                match taken {
                    [] => "It takes none.".to_owned(),
                    taken => format!("It takes {}.", taken.join(", ")),
                },
            ),
            Trouble::Doubled(name) => user(
                "doubled_parameter",
                format!("The parameter `{name}` stands twice."),
                "Give it once.".to_owned(),
            ),
            Trouble::Missing(name) => user(
                "missing_parameter",
                format!("The parameter `{name}` is missing."),
                "Give it.".to_owned(),
            ),
            Trouble::Other(reason) => user(
                "unknown_parameter",
                "The parameters can't be read.".to_owned(),
                reason,
            ),
        }
    }
}

/// A value: text, whatever is made of it later.
#[derive(Debug)]
struct Part(String);

impl<'de> IntoDeserializer<'de, Trouble> for Part {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Part {
    type Error = Trouble;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Trouble> {
        visitor.visit_string(self.0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Trouble> {
        visitor.visit_some(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// A whole number from 1 to the most; the usual where none is said.
pub(super) fn limit(typed: Option<&str>, usual: usize, most: usize) -> Result<usize, Failure> {
    let Some(typed) = typed else {
        return Ok(usual);
    };
    let digits = typed.bytes().all(|b| b.is_ascii_digit());
    let number = typed.parse().ok().filter(|_| digits);
    number
        .filter(|number| (1..=most).contains(number))
        .ok_or_else(|| {
            user(
                "bad_limit",
                format!("`{}` is no limit.", shortened(typed)),
                format!("Give a whole number from 1 to {most}."),
            )
        })
}

/// Two ways to say a thing, of which one is to be taken.
pub(super) fn clash(text: &str, advice: &str) -> Failure {
    user("clashing_parameters", text.to_owned(), advice.to_owned())
}
