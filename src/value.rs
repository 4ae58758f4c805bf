//! Canonical values: what is compared, as opposed to what is shown.
//!
//! Stored text stays what the user sees. [`canonical`] gives the form in which
//! two values are compared, by the attribute's kind (EXPLAIN.md, Values).
//! Start at [`canonical`]; numbers are read in `number.rs`.

use icu_casemap::CaseMapper;
use icu_normalizer::ComposingNormalizerBorrowed;
use jiff::civil::Date;

mod number;

pub use number::{grouped, number};

#[cfg(test)]
mod tests;

/// The kind of an attribute's values, from the catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    Text,
    Enum,
    Number,
    Money,
    Percent,
    Date,
    Year,
    Url,
}

impl Kind {
    pub const ALL: [Kind; 8] = [
        Kind::Text,
        Kind::Enum,
        Kind::Number,
        Kind::Money,
        Kind::Percent,
        Kind::Date,
        Kind::Year,
        Kind::Url,
    ];

    /// The name in the catalog and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Enum => "enum",
            Kind::Number => "number",
            Kind::Money => "money",
            Kind::Percent => "percent",
            Kind::Date => "date",
            Kind::Year => "year",
            Kind::Url => "url",
        }
    }

    /// Compared and charted as a decimal number.
    #[must_use]
    pub fn is_numeric(self) -> bool {
        match self {
            Kind::Number | Kind::Money | Kind::Percent => true,
            Kind::Text | Kind::Enum | Kind::Date | Kind::Year | Kind::Url => false,
        }
    }

    /// Compared as text: what reads as a number here may be misfiled.
    #[must_use]
    pub fn is_text(self) -> bool {
        match self {
            Kind::Text | Kind::Enum => true,
            Kind::Number | Kind::Money | Kind::Percent | Kind::Date | Kind::Year | Kind::Url => {
                false
            }
        }
    }
}

/// Numbers this close, relatively, are the same.
const SAME_NUMBER: f64 = 1e-9;

/// What is compared. `Text` also stands for what a kind could not parse.
#[derive(Debug, Clone, PartialEq)]
pub enum Canonical {
    Text(String),
    Number(f64),
    Date(Date),
    Year(i16),
}

impl Canonical {
    /// The same value: numbers within a relative 1e-9, all else identical.
    #[must_use]
    pub fn same(&self, other: &Canonical) -> bool {
        match (self, other) {
            (Canonical::Number(a), Canonical::Number(b)) => {
                (a - b).abs() <= SAME_NUMBER * a.abs().max(b.abs())
            }
            (
                Canonical::Text(_) | Canonical::Number(_) | Canonical::Date(_) | Canonical::Year(_),
                _,
            ) => self == other,
        }
    }

    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match self {
            Canonical::Number(number) => Some(*number),
            Canonical::Text(_) | Canonical::Date(_) | Canonical::Year(_) => None,
        }
    }
}

/// The canonical form of stored text.
#[must_use]
pub fn canonical(kind: Kind, text: &str) -> Canonical {
    let parsed = match kind {
        Kind::Text | Kind::Enum => None,
        Kind::Number | Kind::Money | Kind::Percent => number(text).map(Canonical::Number),
        Kind::Date => date(text).map(Canonical::Date),
        Kind::Year => year(text).map(Canonical::Year),
        Kind::Url => Some(Canonical::Text(url(text))),
    };
    parsed.unwrap_or_else(|| Canonical::Text(folded(text)))
}

/// Whether the kind could not parse this text, so that it is compared as text.
#[must_use]
pub fn is_unparsed(kind: Kind, text: &str) -> bool {
    match kind {
        Kind::Text | Kind::Enum | Kind::Url => false,
        Kind::Number | Kind::Money | Kind::Percent | Kind::Date | Kind::Year => {
            matches!(canonical(kind, text), Canonical::Text(_))
        }
    }
}

/// For people: the stored text with its unit, where the text does not say it already.
#[must_use]
pub fn display(value: Option<&str>, unit: Option<&str>) -> String {
    match (value, unit) {
        (None, _) => "no value".to_owned(),
        (Some(""), _) => "(empty)".to_owned(),
        (Some(text), None) => text.to_owned(),
        (Some(text), Some(unit)) if says(text, unit) => text.to_owned(),
        (Some(text), Some("%")) => format!("{text}%"),
        (Some(text), Some(unit)) if number::has_scale(text) => {
            let unit = without_scale(unit);
            format!("{text} {unit}").trim_end().to_owned()
        }
        (Some(text), Some(unit)) => format!("{text} {unit}"),
    }
}

/// `388.1B` of `bn USD` is `388.1B USD`: a text with a scale of its own takes none of the unit's.
fn without_scale(unit: &str) -> &str {
    const SCALES: [&str; 11] = [
        "k", "m", "mn", "b", "bn", "t", "tn", "thousand", "million", "billion", "trillion",
    ];
    let (first, rest) = unit.split_once(char::is_whitespace).unwrap_or((unit, ""));
    if SCALES.contains(&first.to_lowercase().as_str()) {
        rest.trim_start()
    } else {
        unit
    }
}

/// `$12M` says USD, `12 USD` too; a word that is no number takes no unit.
fn says(text: &str, unit: &str) -> bool {
    number(text).is_none()
        || folded(text).contains(&folded(unit))
        || text.chars().any(number::is_currency_sign)
        || (unit == "%" && text.contains('%'))
}

/// NFC, white space trimmed and collapsed, full case folding, NFC again.
#[must_use]
pub fn folded(text: &str) -> String {
    let nfc = ComposingNormalizerBorrowed::new_nfc();
    let mut collapsed = String::with_capacity(text.len());
    for word in nfc.normalize(text).split_whitespace() {
        if !collapsed.is_empty() {
            collapsed.push(' ');
        }
        collapsed.push_str(word);
    }
    nfc.normalize(&CaseMapper::new().fold_string(&collapsed))
        .into_owned()
}

/// An ISO date, alone or at the head of a time stamp.
fn date(text: &str) -> Option<Date> {
    let text = text.trim();
    let (day, rest) = (text.get(..10)?, text.get(10..)?);
    let parsed = Date::strptime("%Y-%m-%d", day).ok()?;
    (rest.is_empty() || rest.starts_with(['T', 't', ' '])).then_some(parsed)
}

/// The first four digits; a remark after them (`2013 (1888)`) is not compared.
fn year(text: &str) -> Option<i16> {
    let text = text.trim();
    let digits = text
        .get(..4)
        .filter(|d| d.bytes().all(|b| b.is_ascii_digit()))?;
    let goes_on = text.get(4..)?.starts_with(|c: char| c.is_ascii_digit());
    if goes_on { None } else { digits.parse().ok() }
}

/// Lower-case host without `www.`, no scheme, no trailing slash.
fn url(text: &str) -> String {
    let text = text.trim();
    let is_scheme = |s: &str| {
        s.chars()
            .all(|c| c.is_ascii_alphanumeric() || "+-.:".contains(c))
    };
    let rest = match text.split_once("//") {
        Some((scheme, rest))
            if is_scheme(scheme) && (scheme.is_empty() || scheme.ends_with(':')) =>
        {
            rest
        }
        Some(_) | None => text,
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let host = host.to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    format!("{host}{}", path.trim_end_matches('/'))
}
