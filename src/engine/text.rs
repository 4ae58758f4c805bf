//! Values that come as text: evidence as JSON, times, days.
//!
//! Athena gives all of them so, and some teams keep their evidence as JSON. Pure; knows neither
//! tables nor engines. Start at [`candidates`].

use std::collections::BTreeMap;

use jiff::Timestamp;
#[cfg(feature = "athena")]
use jiff::civil::Date;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::trace::{Candidate, round_to_millis};

/// A candidate's fields, each as it was written: a number keeps all its digits.
type Fields = BTreeMap<String, Box<RawValue>>;

/// A JSON list of candidates; a candidate that is null is none. The list may stand in a JSON
/// text once more, which is what Athena makes of a column of text.
///
/// # Errors
/// What can't be read, in a few words.
pub(super) fn candidates(text: &str) -> Result<Vec<Candidate>, String> {
    if text.trim_start().starts_with('"') {
        let inner: String = serde_json::from_str(text).map_err(|e| e.to_string())?;
        return list(&inner);
    }
    list(text)
}

fn list(text: &str) -> Result<Vec<Candidate>, String> {
    let items: Option<Vec<Option<Fields>>> =
        serde_json::from_str(text).map_err(|e| e.to_string())?;
    let items = items.unwrap_or_default();
    items.iter().flatten().map(candidate).collect()
}

fn candidate(item: &Fields) -> Result<Candidate, String> {
    let read = |name: &str| -> Result<Value, String> {
        match item.get(name) {
            None => Ok(Value::Null),
            Some(raw) => serde_json::from_str(raw.get()).map_err(|e| format!("{name}: {e}")),
        }
    };
    let text = |name: &str| match read(name)? {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        Value::Number(number) => Ok(Some(number.to_string())),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => Err(format!("{name} is no text")),
    };
    let observed_at = text("observed_at")?
        .map(|typed| instant(&typed).ok_or_else(|| format!("observed_at \"{typed}\" is no time")))
        .transpose()?;
    Ok(Candidate {
        source: text("source")?.unwrap_or_default(),
        record_id: text("record_id")?,
        value: text("value")?,
        observed_at,
        // serde_json's own reading of a fraction may be off in its last bit.
        confidence: item
            .get("confidence")
            .and_then(|raw| raw.get().parse().ok()),
        selected: read("selected")?.as_bool().unwrap_or_default(),
        reason: text("reason")?,
        url: text("url")?,
    })
}

/// `2023-04-13T15:22:20Z`; also with a space, and without a zone, which means UTC. Any number
/// of digits after the point.
pub(super) fn instant(text: &str) -> Option<Timestamp> {
    let zoned = text.parse::<Timestamp>().ok();
    let instant = zoned.or_else(|| {
        let civil = text.trim_end_matches(" UTC").parse::<DateTime>().ok()?;
        TimeZone::UTC.to_timestamp(civil).ok()
    })?;
    round_to_millis(instant.as_microsecond())
}

/// A JSON list of days, as `decision_dates` comes; `None` for JSON's null.
///
/// # Errors
/// What can't be read, in a few words.
#[cfg(feature = "athena")]
pub(super) fn days(text: &str) -> Result<Option<Vec<Date>>, String> {
    let days: Option<Vec<Option<String>>> =
        serde_json::from_str(text).map_err(|e| e.to_string())?;
    let Some(days) = days else { return Ok(None) };
    let day = |day: String| {
        day.parse::<Date>()
            .map_err(|_| format!("\"{day}\" is no day"))
    };
    days.into_iter()
        .flatten()
        .map(day)
        .collect::<Result<_, _>>()
        .map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_come_with_a_space_or_a_t_and_any_digits() {
        for text in [
            "2023-04-13 15:22:20.123",
            "2023-04-13T15:22:20.123",
            "2023-04-13 15:22:20.123000",
            "2023-04-13 15:22:20.122600",
            "2023-04-13T15:22:20.123Z",
            "2023-04-13 15:22:20.123 UTC",
        ] {
            let at = instant(text).map(|at| at.to_string());
            assert_eq!(at.as_deref(), Some("2023-04-13T15:22:20.123Z"), "{text}");
        }
        assert_eq!(instant("yesterday"), None);
    }

    #[test]
    fn a_fraction_is_read_to_its_last_bit() {
        for written in ["0.30000000000000004", "1.0E-5", "0.8999999999999999", "1"] {
            let json = format!(r#"[{{"source":"crm","confidence":{written}}}]"#);
            let read = candidates(&json).unwrap();
            assert_eq!(read[0].confidence, Some(written.parse().unwrap()));
        }
    }

    #[test]
    fn evidence_may_be_null_hold_null_or_be_quoted_once_more() {
        assert_eq!(candidates("null"), Ok(Vec::new()));
        assert_eq!(candidates(r#"[null]"#), Ok(Vec::new()));
        let read = candidates(r#""[{\"source\":\"crm\",\"selected\":true}]""#).unwrap();
        assert_eq!((read[0].source.as_str(), read[0].selected), ("crm", true));
        assert!(candidates("{").is_err());
        assert!(candidates(r#"[{"observed_at":"soon"}]"#).is_err());
    }

    #[cfg(feature = "athena")]
    #[test]
    fn days_are_dates_and_null_is_not_an_empty_list() {
        let day = Date::constant(2024, 2, 29);
        assert_eq!(days(r#"["2024-02-29"]"#), Ok(Some(vec![day])));
        assert_eq!(days("[]"), Ok(Some(Vec::new())));
        assert_eq!(days("null"), Ok(None));
        assert!(days(r#"["29.2.2024"]"#).is_err());
    }
}
