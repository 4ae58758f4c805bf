//! In which form a list comes: by `format=`, else by `Accept` with its weights.
//!
//! Pure. Start at [`chosen`].

use axum::http::HeaderMap;
use axum::http::header::ACCEPT;

use crate::error::{Class, Failure};

#[cfg(test)]
mod tests;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::api) enum Form {
    Json,
    /// JSON, one change a line.
    Lines,
    Csv,
}

impl Form {
    /// Of equally welcome ones the first.
    const ALL: [Form; 3] = [Form::Json, Form::Lines, Form::Csv];

    pub(super) fn name(self) -> &'static str {
        match self {
            Form::Json => "json",
            Form::Lines => "ndjson",
            Form::Csv => "csv",
        }
    }

    pub(super) fn media_type(self) -> &'static str {
        match self {
            Form::Json => "application/json",
            Form::Lines => "application/x-ndjson",
            Form::Csv => "text/csv; charset=utf-8; header=present",
        }
    }

    /// What asks for it.
    fn types(self) -> &'static [&'static str] {
        match self {
            Form::Json => &["application/json"],
            Form::Lines => &[
                "application/x-ndjson",
                "application/ndjson",
                "application/jsonl",
            ],
            Form::Csv => &["text/csv"],
        }
    }
}

/// # Errors
/// A format that there is not, or none that is welcome.
pub(super) fn chosen(format: Option<&str>, headers: &HeaderMap) -> Result<Form, Failure> {
    if let Some(format) = format {
        let named = Form::ALL.into_iter().find(|form| form.name() == format);
        return named.ok_or_else(|| {
            Failure::new(
                Class::User,
                "bad_format",
                "There is no such format.",
                "It may be json, ndjson or csv.",
            )
        });
    }
    let said: Vec<&str> = headers
        .get_all(ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    best(&said.join(",")).ok_or_else(|| {
        Failure::new(
            Class::User,
            "not_acceptable",
            "None of the formats that `Accept` allows is offered.",
            "There is application/json, application/x-ndjson and text/csv.",
        )
    })
}

/// RFC 9110, 12.5.1: the most exact range decides the weight of a type.
fn best(accept: &str) -> Option<Form> {
    let ranges: Vec<(&str, u16)> = accept.split(',').filter_map(range).collect();
    if ranges.is_empty() {
        return Some(Form::Json);
    }
    let weight = |form: &Form| {
        let exact = |range: &str| form.types().iter().any(|t| range.eq_ignore_ascii_case(t));
        let family = |range: &str| {
            let family = range.strip_suffix("/*");
            family.is_some_and(|family| {
                form.types().iter().any(|t| {
                    t.split('/')
                        .next()
                        .is_some_and(|f| f.eq_ignore_ascii_case(family))
                })
            })
        };
        let of = |fits: &dyn Fn(&str) -> bool| {
            let found = ranges.iter().filter(|(range, _)| fits(range));
            found.map(|(_, weight)| *weight).max()
        };
        of(&exact)
            .or_else(|| of(&family))
            .or_else(|| of(&|range| range == "*/*"))
            .unwrap_or(0)
    };
    let mut best = None;
    for form in Form::ALL {
        let weight = weight(&form);
        if weight > 0 && best.is_none_or(|(_, most)| weight > most) {
            best = Some((form, weight));
        }
    }
    best.map(|(form, _)| form)
}

/// `text/csv;q=0.5` with its weight in thousandths; nothing where it can't be read.
fn range(said: &str) -> Option<(&str, u16)> {
    let mut pieces = said.split(';').map(str::trim);
    let range = pieces.next().filter(|range| range.contains('/'))?;
    let weight = pieces.find_map(|piece| {
        let (name, value) = piece.split_once('=')?;
        name.trim().eq_ignore_ascii_case("q").then(|| value.trim())
    });
    let weight = match weight {
        None => 1_000,
        Some(weight) => thousandths(weight)?,
    };
    Some((range, weight))
}

fn thousandths(weight: &str) -> Option<u16> {
    let (whole, part) = weight.split_once('.').unwrap_or((weight, ""));
    let is_weight =
        ["0", "1"].contains(&whole) && part.len() <= 3 && part.bytes().all(|b| b.is_ascii_digit());
    let thousandths = format!("{whole}{part:0<3}").parse().ok()?;
    (is_weight && thousandths <= 1_000).then_some(thousandths)
}
