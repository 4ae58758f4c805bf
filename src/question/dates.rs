//! Dates as people write them: one day, a month, a year, an instant, or relative to now.
//!
//! Reads from the front of a list of words and says how many it took. What has the
//! shape of a date but can't be one is an error, never a guess. UTC throughout.
//! Start at [`moment`]; dates in figures are in `figures.rs`.

use jiff::civil::{Date, Weekday};
use jiff::{Span, Timestamp};

use super::figures;
use super::words::{Word, trimmed};
use super::{AsOf, Error};

/// A span of whole days, or an instant in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) first: Date,
    pub(super) last: Date,
    pub(super) instant: Option<Timestamp>,
    pub(super) clarity: Clarity,
}

/// How sure it is that these words are a date, with nothing before them that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Clarity {
    /// `May`, `Q1`, `Monday`: words of other uses too.
    Vague,
    /// `2025`: a number as well.
    Year,
    /// `yesterday`, `March 2025`, `2025-03-01`.
    Clear,
}

impl Moment {
    pub(super) fn day(day: Date) -> Self {
        Moment {
            first: day,
            last: day,
            instant: None,
            clarity: Clarity::Clear,
        }
    }

    pub(super) fn span(first: Date, last: Date, clarity: Clarity) -> Self {
        Moment {
            first,
            last,
            instant: None,
            clarity,
        }
    }

    /// The days from this one until a span later begins.
    pub(super) fn from(first: Date, length: Span, clarity: Clarity) -> Option<Self> {
        let last = first.checked_add(length).ok()?.yesterday().ok()?;
        Some(Moment::span(first, last, clarity))
    }

    /// The end of it, which is now where it is still running.
    pub(super) fn end(self, today: Date) -> AsOf {
        match self.instant {
            Some(instant) => AsOf::Instant(instant),
            None if self.first <= today => AsOf::Day(self.last.min(today)),
            None => AsOf::Day(self.last),
        }
    }

    /// Just before it begins.
    pub(super) fn before(self) -> Option<AsOf> {
        match self.instant {
            Some(instant) => Timestamp::from_millisecond(instant.as_millisecond() - 1)
                .ok()
                .map(AsOf::Instant),
            None => self.first.yesterday().ok().map(AsOf::Day),
        }
    }
}

/// A moment and how many words it took.
pub(super) type Taken = (usize, Moment);

/// The date at the front of these words, if there is one.
///
/// # Errors
/// What has the shape of a date and is none, or has two meanings.
pub(super) fn moment(words: &[Word], today: Date) -> Result<Option<Taken>, Error> {
    let Some(first) = words.first().filter(|w| !w.is_quoted()) else {
        return Ok(None);
    };
    if let Some(taken) = edge(words, today)? {
        return Ok(Some(taken));
    }
    if let Some(taken) = relative(words, today) {
        return Ok(Some(taken));
    }
    if let Some(taken) = named_month(words, today)? {
        return Ok(Some(figures::with_time(taken, words)));
    }
    if let Some(taken) = quarter(words, today) {
        return Ok(Some(taken));
    }
    match figures::date(&first.low, trimmed(&first.raw))? {
        Some(moment) => Ok(Some(figures::with_time((1, moment), words))),
        None => Ok(None),
    }
}

/// `end of 2024`, `the beginning of last month`.
fn edge(words: &[Word], today: Date) -> Result<Option<Taken>, Error> {
    let the = usize::from(words.first().is_some_and(|w| w.is_any(&["the"])));
    let Some(edge) = words.get(the) else {
        return Ok(None);
    };
    let at_end = edge.is_any(&["end", "close"]);
    if !at_end && !edge.is_any(&["start", "beginning"]) {
        return Ok(None);
    }
    let of = usize::from(words.get(the + 1).is_some_and(|w| w.is_any(&["of"])));
    let from = the + 1 + of;
    let Some((taken, moment)) = moment(words.get(from..).unwrap_or_default(), today)? else {
        return Ok(None);
    };
    let day = if at_end {
        moment.last.min(today.max(moment.first))
    } else {
        moment.first
    };
    Ok(Some((from + taken, Moment::day(day))))
}

/// The word there, folded; nothing where there is none or it is quoted.
fn low(words: &[Word], at: usize) -> &str {
    words
        .get(at)
        .filter(|w| !w.is_quoted())
        .map_or("", |w| w.low.as_str())
}

/// `yesterday`, `3 days ago`, `last month`, `monday`.
fn relative(words: &[Word], today: Date) -> Option<Taken> {
    let low = |at: usize| low(words, at);
    let back = |span: Span| today.checked_sub(span).ok().map(Moment::day);
    match (low(0), low(1), low(2), low(3)) {
        ("the", "day", "before", "yesterday") => return Some((4, back(Span::new().days(2))?)),
        ("day", "before", "yesterday", _) => return Some((3, back(Span::new().days(2))?)),
        ("yesterday", ..) => return Some((1, back(Span::new().days(1))?)),
        ("tomorrow", ..) => return Some((1, Moment::day(today.tomorrow().ok()?))),
        ("today" | "now", ..) => {
            let now = Moment::day(today);
            return Some((
                1,
                Moment {
                    clarity: Clarity::Vague,
                    ..now
                },
            ));
        }
        _ => {}
    }
    if let (Some(count), Some(unit), "ago") = (count(low(0)), unit(low(1)), low(2)) {
        return Some((3, back(unit.times(count)?)?));
    }
    let (the, which) = if low(0) == "the" {
        (1, low(1))
    } else {
        (0, low(0))
    };
    let ago = match which {
        "last" | "previous" => 1,
        "this" | "current" => 0,
        _ => return weekday(low(0)).map(|day| (1, latest_weekday(day, today, Clarity::Vague))),
    };
    if let Some(day) = weekday(low(the + 1)).filter(|_| ago == 1) {
        return Some((the + 2, latest_weekday(day, today, Clarity::Clear)));
    }
    let unit = unit(low(the + 1)).filter(|_| !low(the + 1).ends_with('s'))?;
    let first = unit.begin(today)?.checked_sub(unit.times(ago)?).ok()?;
    Some((
        the + 2,
        Moment::from(first, unit.times(1)?, Clarity::Clear)?,
    ))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Unit {
    /// `None` for more than a calendar holds.
    fn times(self, count: u32) -> Option<Span> {
        let count = i64::from(count);
        let span = Span::new();
        match self {
            Unit::Day => span.try_days(count).ok(),
            Unit::Week => span.try_weeks(count).ok(),
            Unit::Month => span.try_months(count).ok(),
            Unit::Quarter => span.try_months(count.checked_mul(3)?).ok(),
            Unit::Year => span.try_years(count).ok(),
        }
    }

    /// A span of so many, in days; months rounded up.
    pub(super) fn days(self, count: u32) -> Option<u32> {
        match self {
            Unit::Day => Some(count),
            Unit::Week => count.checked_mul(7),
            Unit::Month => Some(count.checked_mul(365)?.div_ceil(12)),
            Unit::Quarter => Some(count.checked_mul(365)?.div_ceil(4)),
            Unit::Year => count.checked_mul(365),
        }
    }

    /// The first day of the one that holds this day; weeks begin on Monday.
    fn begin(self, day: Date) -> Option<Date> {
        match self {
            Unit::Day => Some(day),
            Unit::Week => day
                .checked_sub(Span::new().days(day.weekday().to_monday_zero_offset()))
                .ok(),
            Unit::Month => Some(day.first_of_month()),
            Unit::Quarter => Date::new(day.year(), (day.month() - 1) / 3 * 3 + 1, 1).ok(),
            Unit::Year => Some(day.first_of_year()),
        }
    }
}

pub(super) fn unit(word: &str) -> Option<Unit> {
    Some(match word {
        "day" | "days" | "d" => Unit::Day,
        "week" | "weeks" | "w" | "wk" | "wks" => Unit::Week,
        "month" | "months" | "mo" | "mos" => Unit::Month,
        "quarter" | "quarters" => Unit::Quarter,
        "year" | "years" | "y" | "yr" | "yrs" => Unit::Year,
        _ => return None,
    })
}

/// `3`, `three`, `a`.
pub(super) fn count(word: &str) -> Option<u32> {
    const NAMES: [&str; 12] = [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    if word == "a" || word == "an" {
        return Some(1);
    }
    match NAMES.iter().zip(1..).find(|(name, _)| **name == word) {
        Some((_, number)) => Some(number),
        None => word.parse().ok(),
    }
}

fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "monday" => Weekday::Monday,
        "tuesday" => Weekday::Tuesday,
        "wednesday" => Weekday::Wednesday,
        "thursday" => Weekday::Thursday,
        "friday" => Weekday::Friday,
        "saturday" => Weekday::Saturday,
        "sunday" => Weekday::Sunday,
        _ => return None,
    })
}

/// The latest such day before today.
fn latest_weekday(day: Weekday, today: Date, clarity: Clarity) -> Moment {
    let latest = today.nth_weekday(-1, day).unwrap_or(today);
    Moment {
        clarity,
        ..Moment::day(latest)
    }
}

pub(super) fn month(word: &str) -> Option<i8> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.trim_end_matches('.');
    let number = NAMES.iter().zip(1..).find(|(name, _)| {
        **name == word || name.get(..3) == Some(word) || **name == "september" && word == "sept"
    });
    number.map(|(_, number)| number)
}

/// `1`, `1st`, `22nd`.
fn day_of_month(word: &str) -> Option<i8> {
    let digits = ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|end| word.strip_suffix(end));
    let digits = digits.unwrap_or(word);
    if digits.len() > 2 {
        None
    } else {
        digits.parse().ok().filter(|day| (0..=99).contains(day))
    }
}

/// `March 1st, 2025`, `1 March 2025`, `the 1st of March`, `March 2025`, `March`, `1-Mar-2025`.
fn named_month(words: &[Word], today: Date) -> Result<Option<Taken>, Error> {
    if let Some(parts) = words.first().and_then(|w| glued(&w.low)) {
        let taken = named_month(&parts, today)?;
        return Ok(taken
            .filter(|(used, _)| *used == parts.len())
            .map(|(_, moment)| (1, moment)));
    }
    let low = |at: usize| low(words, at);
    let of = |at: usize| usize::from(low(at) == "of");
    let year = |at: usize| {
        let at = at + of(at);
        figures::year(low(at)).map(|year| (at + 1, year))
    };
    let the = usize::from(low(0) == "the");
    let (month, day, next) = if let Some(day) = day_of_month(low(the)) {
        let at = the + 1 + of(the + 1);
        let Some(month) = month(low(at)) else {
            return Ok(None);
        };
        (month, Some(day), at + 1)
    } else if let Some(month) = month(low(0)) {
        let the = usize::from(low(1) == "the");
        match day_of_month(low(1 + the)) {
            Some(day) => (month, Some(day), 2 + the),
            None => (month, None, 1),
        }
    } else {
        return Ok(None);
    };
    let (used, year) = year(next).map_or((next, None), |(used, year)| (used, Some(year)));
    let typed = || Error::NoSuchDay {
        typed: words
            .iter()
            .take(used)
            .map(|w| trimmed(&w.raw))
            .collect::<Vec<_>>()
            .join(" "),
    };
    let clarity = if year.is_some() {
        Clarity::Clear
    } else {
        Clarity::Vague
    };
    let on = |year: i16| Date::new(year, month, day.unwrap_or(1)).ok();
    let date = match year {
        Some(year) => on(year),
        // The latest that has begun; the 29th of February may lie some years back.
        None => (0..=8)
            .filter_map(|back| on(today.year() - back))
            .find(|date| *date <= today),
    };
    let date = date.ok_or_else(typed)?;
    let moment = match day {
        Some(_) => Moment::day(date),
        None => Moment::span(date, date.last_of_month(), clarity),
    };
    Ok(Some((used, moment)))
}

/// `1-Mar-2025` as three words.
fn glued(low: &str) -> Option<Vec<Word>> {
    let parts: Vec<&str> = low
        .split(|c: char| super::words::is_dash(c) || c == '/')
        .collect();
    let named = parts.len() > 1 && parts.iter().any(|part| month(part).is_some());
    named.then(|| parts.iter().map(|part| Word::typed(part)).collect())
}

/// `Q1 2025`, `2025 Q1`, `2025-Q1`, `Q1/2025`, `Q1`.
fn quarter(words: &[Word], today: Date) -> Option<Taken> {
    let low = |at: usize| low(words, at);
    let number = |word: &str| {
        let digit = word.strip_prefix('q')?;
        digit
            .parse::<i8>()
            .ok()
            .filter(|q| (1..=4).contains(q) && digit.len() == 1)
    };
    let of = |year: i16, quarter: i8, clarity: Clarity| {
        let first = Date::new(year, quarter * 3 - 2, 1).ok()?;
        Moment::from(first, Span::new().months(3), clarity)
    };
    if let Some((left, right)) = low(0).split_once(|c: char| super::words::is_dash(c) || c == '/') {
        let (year, quarter) = match (figures::year(left), number(left)) {
            (Some(year), _) => (year, number(right)?),
            (None, Some(quarter)) => (figures::year(right)?, quarter),
            (None, None) => return None,
        };
        return Some((1, of(year, quarter, Clarity::Clear)?));
    }
    let year_at = 1 + usize::from(low(1) == "of");
    if let (Some(quarter), Some(year)) = (number(low(0)), figures::year(low(year_at))) {
        return Some((year_at + 1, of(year, quarter, Clarity::Clear)?));
    }
    if let (Some(year), Some(quarter)) = (figures::year(low(0)), number(low(1))) {
        return Some((2, of(year, quarter, Clarity::Clear)?));
    }
    let quarter = number(low(0))?;
    let begun = |back: i16| of(today.year() - back, quarter, Clarity::Vague);
    let moment = begun(0).filter(|m| m.first <= today).or_else(|| begun(1))?;
    Some((1, moment))
}
