//! Reads typed values out of a parsed TOML table and says, for each that does not
//! fit, what to write instead. Knows TOML and wording; knows no key of the catalog.

use std::ops::RangeInclusive;

use jiff::SignedDuration;
use jiff::civil::Date;
use toml::de::{DeTable, DeValue};

use crate::catalog::errors::{Problems, quoted};
use crate::catalog::{duration, keys, write};

/// One table of the file and the keys it may hold.
pub(super) struct Section<'a> {
    /// As a person writes it: `[layout]`.
    pub(super) name: String,
    /// Where its header stands.
    pub(super) at: usize,
    table: Option<&'a DeTable<'a>>,
    /// Something else than a table stands there, and has been reported.
    misread: bool,
}

impl<'a> Section<'a> {
    /// A section that is not in the file: everything has its default.
    pub(super) fn absent(name: &str) -> Self {
        Section {
            name: name.to_owned(),
            at: 0,
            table: None,
            misread: false,
        }
    }

    /// The whole file.
    pub(super) fn root(table: &'a DeTable<'a>) -> Self {
        Section {
            name: String::new(),
            at: 0,
            table: Some(table),
            misread: false,
        }
    }

    /// Something else than a table is reported, and read as an empty one.
    pub(super) fn open(field: &Field<'a>, name: String, problems: &mut Problems) -> Self {
        let table = field.value.as_table();
        if table.is_none() {
            field.refuse(format!("Write it as a table: {name}."), problems);
        }
        Section {
            name,
            at: field.at,
            table,
            misread: table.is_none(),
        }
    }

    /// Reports what the section must hold and does not.
    pub(super) fn missing(
        &self,
        what: impl Into<String>,
        advice: impl Into<String>,
        problems: &mut Problems,
    ) {
        // What broken syntax or a wrong type hides may well be there.
        if !problems.is_broken() && !self.misread {
            problems.report(self.at, what, advice);
        }
    }

    /// Reports every key that is not known.
    pub(super) fn knows(self, known: &[&str], problems: &mut Problems) -> Self {
        for field in self.fields() {
            if !known.contains(&field.key) {
                field.unknown_key(&self.name, known, problems);
            }
        }
        self
    }

    pub(super) fn get(&self, key: &str) -> Option<Field<'a>> {
        self.fields().find(|field| field.key == key)
    }

    /// In the order of the file.
    pub(super) fn in_order(&self) -> Vec<Field<'a>> {
        let mut fields: Vec<Field<'a>> = self.fields().collect();
        fields.sort_by_key(|field| field.key_at);
        fields
    }

    fn fields(&self) -> impl Iterator<Item = Field<'a>> + use<'a> {
        let section = self.name.clone();
        self.table.into_iter().flatten().map(move |(key, value)| {
            let key_at = key.span().start;
            Field {
                key: key.get_ref(),
                section: section.clone(),
                key_at,
                at: match value.get_ref() {
                    // A table's own span may be any of its headers: its name is what one looks for.
                    DeValue::Table(_) => key_at,
                    DeValue::String(_)
                    | DeValue::Integer(_)
                    | DeValue::Float(_)
                    | DeValue::Boolean(_)
                    | DeValue::Datetime(_)
                    | DeValue::Array(_) => value.span().start,
                },
                value: value.get_ref(),
            }
        })
    }
}

/// A key and its value.
#[derive(Clone)]
pub(super) struct Field<'a> {
    pub(super) key: &'a str,
    section: String,
    pub(super) key_at: usize,
    /// Where the value stands.
    pub(super) at: usize,
    value: &'a DeValue<'a>,
}

impl<'a> Field<'a> {
    /// `buckets` in [layout]
    fn label(&self) -> String {
        if self.section.is_empty() {
            format!("`{}`", write::key(self.key))
        } else {
            format!("`{}` in {}", write::key(self.key), self.section)
        }
    }

    /// The value can't be what it is; `advice` says what it can be.
    pub(super) fn refuse(&self, advice: impl Into<String>, problems: &mut Problems) {
        problems.report(
            self.at,
            format!("{} can't be {}", self.label(), shown(self.value)),
            advice,
        );
    }

    pub(super) fn unknown_key(&self, section: &str, known: &[&str], problems: &mut Problems) {
        let list = || format!("Known keys: {}.", known.join(", "));
        let home = keys::HOMES
            .iter()
            .find(|(home, keys)| *home != section && keys.contains(&self.key));
        let advice = match (home, nearest(self.key, known.iter().copied())) {
            (Some((home, _)), None) => format!("Move it to {home}."),
            (_, Some(near)) => format!("Did you mean `{near}`?"),
            (None, None) => list(),
        };
        let place = if section.is_empty() {
            "the catalog"
        } else {
            section
        };
        problems.report(
            self.key_at,
            format!("{place} has no key `{}`", write::key(self.key)),
            advice,
        );
    }

    pub(super) fn is_list(&self) -> bool {
        self.value.is_array()
    }

    pub(super) fn is_table(&self) -> bool {
        self.value.is_table()
    }

    pub(super) fn is_bool(&self) -> bool {
        self.value.is_bool()
    }

    /// What stands between the quotes; nothing for another type.
    pub(super) fn peek(&self) -> Option<&'a str> {
        self.value.as_str()
    }

    pub(super) fn text(&self, advice: &str, problems: &mut Problems) -> Option<&'a str> {
        let text = self.value.as_str();
        if text.is_none() {
            self.refuse(advice, problems);
        }
        text
    }

    /// Text for people: something, without control characters or space around it.
    pub(super) fn words(&self, advice: &str, problems: &mut Problems) -> Option<String> {
        let text = self.text(advice, problems)?;
        if !is_clean(text) {
            let advice = match text {
                "" => advice.to_owned(),
                _ => format!("{advice} It takes no space around it and no control character."),
            };
            self.refuse(advice, problems);
            return None;
        }
        Some(text.to_owned())
    }

    pub(super) fn flag(&self, problems: &mut Problems) -> Option<bool> {
        let flag = self.value.as_bool();
        if flag.is_none() {
            self.refuse("Write true or false, without quotes.", problems);
        }
        flag
    }

    pub(super) fn whole(&self, range: RangeInclusive<u64>, problems: &mut Problems) -> Option<u64> {
        let number = self
            .value
            .as_integer()
            .and_then(|integer| u64::from_str_radix(integer.as_str(), integer.radix()).ok())
            .filter(|number| range.contains(number));
        if number.is_none() {
            self.refuse(
                format!(
                    "Write a whole number from {} to {}, without quotes.",
                    range.start(),
                    range.end()
                ),
                problems,
            );
        }
        number
    }

    pub(super) fn number(
        &self,
        range: RangeInclusive<f64>,
        problems: &mut Problems,
    ) -> Option<f64> {
        let number = match self.value {
            DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str().parse().ok(),
            DeValue::Float(float) => float.as_str().parse().ok(),
            DeValue::Integer(_)
            | DeValue::String(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_)
            | DeValue::Table(_) => None,
        };
        let number = number.filter(|number: &f64| range.contains(number));
        if number.is_none() {
            self.refuse(
                format!(
                    "Write a number from {} to {}, without quotes.",
                    range.start(),
                    range.end()
                ),
                problems,
            );
        }
        number
    }

    pub(super) fn duration(&self, problems: &mut Problems) -> Option<SignedDuration> {
        let duration = self.value.as_str().and_then(duration::parse);
        if duration.is_none() {
            self.refuse(format!("Write {}.", duration::WANTED), problems);
        }
        duration
    }

    /// A date literal, or one between quotes.
    pub(super) fn date(&self, advice: &str, problems: &mut Problems) -> Option<Date> {
        let date = match self.value {
            DeValue::Datetime(datetime) if datetime.time.is_none() => {
                datetime.date.and_then(|date| {
                    Date::new(
                        i16::try_from(date.year).ok()?,
                        i8::try_from(date.month).ok()?,
                        i8::try_from(date.day).ok()?,
                    )
                    .ok()
                })
            }
            // Only the plain form: jiff would also read `20200101` and times.
            DeValue::String(text) if text.len() == 10 => text.parse().ok(),
            DeValue::Datetime(_)
            | DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Array(_)
            | DeValue::Table(_) => None,
        };
        if date.is_none() {
            self.refuse(advice, problems);
        }
        date
    }

    pub(super) fn choice<T: Copy>(
        &self,
        choices: &[(&str, T)],
        problems: &mut Problems,
    ) -> Option<T> {
        let typed = self.value.as_str();
        let found = choices.iter().find(|(name, _)| Some(*name) == typed);
        if found.is_none() {
            let names: Vec<String> = choices.iter().map(|(n, _)| format!("\"{n}\"")).collect();
            let near =
                typed.and_then(|typed| nearest(typed, choices.iter().map(|(name, _)| *name)));
            let advice = match near {
                Some(near) => format!("Did you mean \"{near}\"? It can be {}.", one_of(&names)),
                None => format!("Write {}.", one_of(&names)),
            };
            self.refuse(advice, problems);
        }
        found.map(|(_, choice)| *choice)
    }

    /// The items of a list; items know the key they belong to.
    pub(super) fn list(&self, advice: &str, problems: &mut Problems) -> Option<Vec<Field<'a>>> {
        let DeValue::Array(items) = self.value else {
            self.refuse(advice, problems);
            return None;
        };
        Some(
            items
                .iter()
                .map(|item| Field {
                    at: item.span().start,
                    value: item.get_ref(),
                    ..self.clone()
                })
                .collect(),
        )
    }

    /// A list of words for people, each once, with where it stands.
    pub(super) fn word_list(&self, advice: &str, problems: &mut Problems) -> Vec<(usize, String)> {
        let mut words: Vec<(usize, String)> = Vec::new();
        for item in self.list(advice, problems).unwrap_or_default() {
            let Some(word) = item.words(advice, problems) else {
                continue;
            };
            if words.iter().any(|(_, other)| *other == word) {
                problems.report(
                    item.at,
                    format!("{} lists {} twice", self.label(), quoted(&word)),
                    "Remove one of the two.",
                );
            } else {
                words.push((item.at, word));
            }
        }
        words
    }
}

/// Not empty, without control characters and without space around it.
pub(super) fn is_clean(text: &str) -> bool {
    !text.is_empty() && text.trim() == text && !text.chars().any(char::is_control)
}

/// `"a", "b" or "c"`
pub(super) fn one_of(names: &[String]) -> String {
    match names.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
    }
}

/// The known word that was most likely meant.
pub(super) fn nearest<'k>(typed: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let typed = typed.to_lowercase();
    known
        .map(|word| {
            let likeness = strsim::normalized_damerau_levenshtein(&typed, &word.to_lowercase());
            (likeness, word)
        })
        .filter(|(likeness, _)| *likeness >= 0.6)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, word)| word)
}

/// A value as it can stand in a sentence.
fn shown(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) if text.is_empty() => "empty".to_owned(),
        DeValue::String(text) => quoted(text),
        DeValue::Integer(integer) => integer.to_string(),
        DeValue::Float(float) => float.to_string(),
        DeValue::Boolean(flag) => flag.to_string(),
        DeValue::Datetime(datetime) => datetime.to_string(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}
