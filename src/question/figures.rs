//! Dates and times in figures: `2025-03-01`, `01.03.2025`, `2025-03`, `2025-03-01T12:00Z`.
//!
//! A dotted date has its day first. Slashes mean different days to different people:
//! where nothing settles it, both readings are offered. Start at [`date`].

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::Error;
use super::dates::{Clarity, Moment, Taken};
use super::words::{Word, is_dash};

/// Years that a lake may speak of; other numbers of four digits are numbers.
pub(super) fn year(word: &str) -> Option<i16> {
    let digits = word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
    word.parse()
        .ok()
        .filter(|year| digits && (1900..2200).contains(year))
}

/// One word as a date.
///
/// # Errors
/// What has the shape of a date and is none, or has two meanings.
pub(super) fn date(low: &str, typed: &str) -> Result<Option<Moment>, Error> {
    let low = ascii(low);
    if let Some(year) = year(&low) {
        return Ok(whole_year(year));
    }
    if let Some(moment) = instant(&low) {
        return Ok(Some(moment));
    }
    let bad = || Error::BadDate {
        typed: typed.to_owned(),
    };
    if has_shape_of_instant(&low) {
        return Err(bad());
    }
    let parts: Vec<&str> = low.split(['-', '/', '.']).collect();
    let digits = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !parts.iter().all(digits) {
        return Ok(None);
    }
    let separator = low.chars().find(|c| !c.is_ascii_digit());
    match (parts.as_slice(), separator) {
        ([y, m, d], Some(_)) if y.len() == 4 => told(y, m, d, typed).map(Some),
        ([d, m, y], Some('.')) if y.len() == 4 => told(y, m, d, typed).map(Some),
        // `31.12.24`; but `1.2.24` is a version.
        ([d, m, y], Some('.')) if [d, m, y].iter().all(|part| part.len() == 2) => {
            Ok(day(&format!("20{y}"), m, d))
        }
        ([all], None) if all.len() == 8 => Ok(compact(all)),
        ([a, b, y], Some(_)) if y.len() == 4 => either(a, b, y, typed).map(Some),
        // `03/04/25`: a year of two digits settles nothing. Versions and addresses have dots.
        ([a, b, y], Some('/')) if [a, b, y].iter().all(|part| part.len() <= 2) => Err(bad()),
        ([y, m] | [m, y], Some('-' | '/')) if year(y).is_some() && m.len() <= 2 => {
            whole_month(y, m).map(Some).ok_or_else(bad)
        }
        // `03.2025`; but `2025.3` is a number.
        ([m, y], Some('.')) if year(y).is_some() && m.len() == 2 => Ok(whole_month(y, m)),
        _ => Ok(None),
    }
}

/// Any keyboard's dashes and digits; `2025年3月1日`.
fn ascii(low: &str) -> String {
    let plain: String = low
        .chars()
        .map(|c| match c {
            '\u{5e74}' | '\u{6708}' => '-',
            c if is_dash(c) => '-',
            c => c,
        })
        .collect();
    match plain.strip_suffix('\u{65e5}') {
        Some(day) => day.to_owned(),
        None if low.contains('\u{5e74}') => plain.trim_end_matches('-').to_owned(),
        None => plain,
    }
}

fn whole_year(year: i16) -> Option<Moment> {
    Moment::from(
        Date::new(year, 1, 1).ok()?,
        Span::new().years(1),
        Clarity::Year,
    )
}

fn whole_month(year: &str, month: &str) -> Option<Moment> {
    let first = Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()?;
    Some(Moment::span(first, first.last_of_month(), Clarity::Clear))
}

fn day(year: &str, month: &str, day: &str) -> Option<Moment> {
    if month.len() > 2 || day.len() > 2 {
        return None;
    }
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    date.ok().map(Moment::day)
}

/// What is no day though its month and its number may be some.
fn told(year: &str, month: &str, of_month: &str, typed: &str) -> Result<Moment, Error> {
    let within = |part: &str, most: u32| part.parse().is_ok_and(|n: u32| (1..=most).contains(&n));
    let typed = typed.to_owned();
    day(year, month, of_month).ok_or(match within(month, 12) && within(of_month, 31) {
        true => Error::NoSuchDay { typed },
        false => Error::BadDate { typed },
    })
}

/// `20250301`, which is a number as well.
fn compact(digits: &str) -> Option<Moment> {
    let (y, rest) = digits.split_at_checked(4)?;
    let (m, d) = rest.split_at_checked(2)?;
    year(y)?;
    Some(Moment {
        clarity: Clarity::Year,
        ..day(y, m, d)?
    })
}

/// `03/04/2025` is the 3rd of April or the 4th of March.
fn either(a: &str, b: &str, year: &str, typed: &str) -> Result<Moment, Error> {
    match (day(year, b, a), day(year, a, b)) {
        (Some(one), Some(other)) if one == other => Ok(one),
        (Some(day_first), Some(month_first)) => Err(Error::AmbiguousDate {
            typed: typed.to_owned(),
            day_first: day_first.first,
            month_first: month_first.first,
        }),
        (Some(only), None) | (None, Some(only)) => Ok(only),
        (None, None) => Err(Error::BadDate {
            typed: typed.to_owned(),
        }),
    }
}

/// RFC 3339, folded; without a zone it is UTC.
fn instant(low: &str) -> Option<Moment> {
    let upper = low.to_ascii_uppercase();
    if !has_shape_of_instant(low) {
        return None;
    }
    let timestamp = upper.parse::<Timestamp>().ok().or_else(|| {
        let local = upper.parse::<DateTime>().ok()?;
        TimeZone::UTC.to_timestamp(local).ok()
    })?;
    Some(at(timestamp))
}

fn at(timestamp: Timestamp) -> Moment {
    let day = crate::layout::utc_date(timestamp);
    Moment {
        instant: Some(timestamp),
        ..Moment::day(day)
    }
}

/// `2025-03-01t…`
fn has_shape_of_instant(low: &str) -> bool {
    let (Some(day), Some(rest)) = (low.get(..10), low.get(10..)) else {
        return false;
    };
    let dated = day.bytes().zip(0..).all(|(byte, at)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    dated
        && rest
            .strip_prefix('t')
            .is_some_and(|time| time.starts_with(|c: char| c.is_ascii_digit()))
}

/// `2025-03-01 12:00 UTC`: the time that follows a day.
pub(super) fn with_time((used, day): Taken, words: &[Word]) -> Taken {
    if day.instant.is_some() || day.first != day.last {
        return (used, day);
    }
    let low = |at: usize| {
        words
            .get(at)
            .filter(|w| !w.is_quoted())
            .map_or("", |w| w.low.as_str())
    };
    let time_at = used + usize::from(low(used) == "at");
    let typed = low(time_at).trim_end_matches('z');
    let time = typed
        .contains(':')
        .then(|| typed.parse::<Time>().ok())
        .flatten();
    let instant =
        time.and_then(|time| TimeZone::UTC.to_timestamp(day.first.to_datetime(time)).ok());
    let zone = usize::from(matches!(low(time_at + 1), "utc" | "gmt" | "z"));
    instant.map_or((used, day), |instant| (time_at + 1 + zone, at(instant)))
}
