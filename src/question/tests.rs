//! The question parser: tables of what was typed and what was understood.

use std::sync::LazyLock;

use jiff::Timestamp;

use super::*;
use crate::catalog::Catalog;

mod bad;
mod changes;
mod clauses;
mod expected;
mod grammar;
mod marks;
mod properties;
mod several;
mod suggestions;

/// A Tuesday.
const NOW: &str = "2026-03-17T10:30:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
    let text = r#"
[lake]
location = "."
[layout]
first_date = 2012-01-01
[attributes.revenue]
aliases = ["sales", "turnover", "annual revenue", "chiffre d'affaires", "выручка", "売上"]
kind = "money"
[attributes.employees]
aliases = ["headcount", "staff"]
kind = "number"
[attributes.sector]
aliases = ["industry"]
kind = "enum"
[attributes.headquarters]
aliases = ["hq", "head office", "siège"]
[attributes.market_cap]
label = "market capitalisation"
kind = "money"
[attributes.founded]
aliases = ["founding year"]
kind = "year"
[attributes.expected_growth]
kind = "percent"
"#;
    Catalog::parse(text, "why.toml").unwrap()
});

/// `revenue/acme revenue/#17 -/acme revenue/?`: attribute and company of each reading.
fn compact(parsed: &Parsed) -> String {
    let reading = |reading: &Reading| {
        let attribute = reading.attribute.as_deref().unwrap_or("-");
        match &reading.entity {
            Some(EntityRef::Id(id)) => format!("{attribute}/#{id}"),
            Some(EntityRef::Name(name)) if name.starts_with('#') => {
                format!("{attribute}/name {name}")
            }
            Some(EntityRef::Name(name)) => format!("{attribute}/{name}"),
            None => format!("{attribute}/?"),
        }
    };
    let mut line = parsed
        .readings
        .iter()
        .map(reading)
        .collect::<Vec<_>>()
        .join(" | ");
    match parsed.as_of {
        Some(AsOf::Day(day)) => line.push_str(&format!("; as of {day}")),
        Some(AsOf::Instant(instant)) => line.push_str(&format!("; as of {instant}")),
        None => {}
    }
    if let Some(expected) = &parsed.expected {
        line.push_str(&format!("; expected {expected}"));
    }
    if parsed.look_back != LookBack::Auto {
        line.push_str(&format!("; {}", parsed.look_back));
    }
    line
}

/// What was understood, or the whole message.
fn understood(typed: &str) -> String {
    match parse(typed, &CATALOG, now()) {
        Ok(parsed) => compact(&parsed),
        Err(error) => message(&error),
    }
}

fn message(error: &Error) -> String {
    format!("{}: {error}. {}", error.code(), error.advice(&CATALOG))
}

/// All rows at once: one wrong row hides no other.
fn check(rows: &[(&str, &str)]) {
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|(typed, expected)| {
            let got = understood(typed);
            (got != *expected).then(|| format!("{typed}\n  wanted {expected}\n  got    {got}"))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {} rows:\n{}",
        wrong.len(),
        rows.len(),
        wrong.join("\n")
    );
}
