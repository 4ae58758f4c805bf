//! How sentences say values, dates, spans and numbers.
//!
//! Knows no rule and no threshold. Values come from outside: they are clipped
//! and kept on one line here, since a sentence is no place for a page of text.

use jiff::{SignedDuration, Timestamp};

use crate::layout::utc_date;
use crate::value::{Kind, grouped};

/// Longer values are cut: a sentence should fit a phone.
const LONGEST: usize = 60;

/// A value inside a sentence: texts in quotes, figures bare, null as `no value`.
pub(super) fn value(kind: Kind, stored: Option<&str>) -> String {
    match stored {
        None => "no value".to_owned(),
        Some(text) if kind.is_numeric() && !text.trim().is_empty() => clipped(text),
        Some(text) => format!("\u{201c}{}\u{201d}", clipped(text)),
    }
}

/// On one line, and not too long.
pub(super) fn clipped(text: &str) -> String {
    let printable = text.replace(|c: char| c.is_control(), " ");
    let line = printable.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}\u{2026}", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

/// `2023-04-13`, UTC.
pub(super) fn day(at: Timestamp) -> String {
    utc_date(at).to_string()
}

/// `2023-04-13 15:04:05 UTC`, where the day alone would not tell two times apart.
pub(super) fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// A length of time in its largest unit, without its sign: `12 days`, `3 hours`.
pub(super) fn span(length: SignedDuration) -> String {
    let seconds = length.as_secs().unsigned_abs();
    match seconds {
        86_400.. => count(seconds / 86_400, "day"),
        3_600.. => count(seconds / 3_600, "hour"),
        60.. => count(seconds / 60, "minute"),
        _ => count(seconds, "second"),
    }
}

/// `1 source`, `1,200 sources`.
pub(super) fn count(how_many: u64, what: &str) -> String {
    let plural = if how_many == 1 { "" } else { "s" };
    format!("{} {what}{plural}", grouped(how_many))
}

/// Times as much: `12.5`, `1,000`.
pub(super) fn factor(factor: f64) -> String {
    if factor >= 1e15 {
        format!("{factor:.1e}")
    } else if factor >= 100.0 {
        grouped(format_args!("{factor:.0}"))
    } else {
        format!("{factor:.1}")
    }
}

/// A confidence or a difference of two, to four places at most: `0.9`, `0.0125`.
pub(super) fn confidence(value: f64) -> String {
    let text = format!("{value:.4}");
    let short = text.trim_end_matches('0').trim_end_matches('.');
    if short == "-0" {
        "0".to_owned()
    } else {
        short.to_owned()
    }
}

/// `A`, `A and B`, `A, B and C`, `A, B and 3 more`.
pub(crate) fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [one, two, three] => format!("{one}, {two} and {three}"),
        [one, two, rest @ ..] => format!("{one}, {two} and {} more", rest.len()),
    }
}

/// `1st`, `22nd`, `13th`.
pub(super) fn ordinal(n: usize) -> String {
    let ending = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{ending}")
}
