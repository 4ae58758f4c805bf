//! A question in plain words becomes a [`Question`], forgivingly and without guessing.
//!
//! Pure: it knows the catalog's attribute names and today's date, not the
//! directory of companies. Where the words can be split into company and
//! attribute in several ways, [`Parsed`] holds them all, best first, and the
//! caller (which has the directory) takes the first whose company exists.
//! Start at [`parse`]: clean text, words, clauses, readings.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::catalog::Catalog;
use aliases::Aliases;
use clauses::Sentence;
pub use phrase::{Parts, phrase};
pub use several::{MOST_AT_ONCE, about, names_in, several};
pub use text::escape;

mod aliases;
mod changes;
mod clauses;
mod dates;
mod expected;
mod figures;
mod lexicon;
mod phrase;
mod readings;
mod several;
mod suggest;
#[cfg(test)]
mod tests;
mod text;
mod words;

/// Longer texts are no question.
pub const MOST_CHARACTERS: usize = 1_000;
/// Slack's escapes make a text longer than what was typed, but hardly so many times.
const ESCAPED: usize = 4;

/// How far back to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LookBack {
    /// The ladder of the catalog: wider only while nothing was found. With a
    /// latest table: exactly the partitions that hold the history.
    Auto,
    /// Only the newest decision: what an overview needs.
    Latest,
    /// This many days before as-of.
    Days(u32),
    /// From this day on.
    Since(Date),
    /// Everything in the layout's range.
    All,
}

impl std::fmt::Display for LookBack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            LookBack::Auto => f.write_str("auto"),
            LookBack::Latest => f.write_str("latest"),
            LookBack::Days(days) => write!(f, "{days}d"),
            LookBack::Since(date) => write!(f, "since {date}"),
            LookBack::All => f.write_str("all"),
        }
    }
}

/// A question that is complete: the company is known, the attribute exists.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// What was typed.
    pub text: String,
    pub entity_id: i64,
    /// The company's name as the directory has it.
    pub entity_name: String,
    /// The attribute's name in the catalog.
    pub attribute: String,
    /// Decisions up to and including this instant count. A bare date means the
    /// last millisecond of that day, UTC; no date means now.
    pub as_of: Timestamp,
    /// The value the asker believes in, as typed.
    pub expected: Option<String>,
    pub look_back: LookBack,
}

/// What the words say, before any company is looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// What was typed, cleaned of escapes and control characters.
    pub text: String,
    /// Every way to split the words into company and attribute, in the order of
    /// DESIGN.md: an alias at the end first, then the longest alias. The caller
    /// takes the first whose company the directory knows by its exact name, else
    /// the first. Empty only with no words at all (see [`Error::Empty`]).
    pub readings: Vec<Reading>,
    /// Whose changes are asked for, best first, where the words may ask what changed
    /// (`acme changes`); `None` where no word is left for a company.
    pub changes: Vec<Option<EntityRef>>,
    /// The first day of the time named without `since` (`this week`), for what changed.
    pub from: Option<Date>,
    pub as_of: Option<AsOf>,
    pub expected: Option<String>,
    pub look_back: LookBack,
}

/// One way to read the words. At least one of the two is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The attribute's name in the catalog; `None` where no word is one.
    pub attribute: Option<String>,
    /// The company as typed; `None` where nothing is left for it.
    pub entity: Option<EntityRef>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntityRef {
    /// `#12345`
    Id(i64),
    /// A name, an alias, a domain: the directory's to tell.
    Name(String),
}

/// The moment that was asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsOf {
    /// The end of that day, UTC.
    Day(Date),
    Instant(Timestamp),
}

/// What is wrong with the words; the Display text is what a person reads.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("there is no question")]
    Empty,
    #[error("this question is {length} characters long; {limit} are the most")]
    TooLong { length: usize, limit: usize },
    #[error("I can't read \u{201c}{typed}\u{201d} as a date")]
    BadDate { typed: String },
    #[error("there is no such day as {typed}")]
    NoSuchDay { typed: String },
    /// Slashes: day first or month first.
    #[error("\u{201c}{typed}\u{201d} may be {} or {}", in_words(*.day_first), in_words(*.month_first))]
    AmbiguousDate {
        typed: String,
        day_first: Date,
        month_first: Date,
    },
    #[error("\u{201c}{first}\u{201d} and \u{201c}{second}\u{201d} can't both hold")]
    SaidTwice { first: String, second: String },
    #[error("nothing follows \u{201c}{clause}\u{201d}")]
    Unfinished { clause: String },
    #[error("I can't read \u{201c}{typed}\u{201d} as a span to look back")]
    BadLookBack { typed: String },
    #[error("{as_of} lies in the future")]
    Future { as_of: String },
}

impl Error {
    /// Stable and snake_case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Error::Empty => "empty",
            Error::TooLong { .. } => "too_long",
            Error::BadDate { .. } => "bad_date",
            Error::NoSuchDay { .. } => "no_such_day",
            Error::AmbiguousDate { .. } => "ambiguous_date",
            Error::SaidTwice { .. } => "said_twice",
            Error::Unfinished { .. } => "unfinished",
            Error::BadLookBack { .. } => "bad_look_back",
            Error::Future { .. } => "future",
        }
    }

    /// What to do next.
    #[must_use]
    pub fn advice(&self, catalog: &Catalog) -> String {
        match self {
            Error::Empty => {
                let mut names = catalog.attributes.iter().map(|a| a.name.as_str());
                let first = names.next().unwrap_or("revenue");
                let second = names.next().unwrap_or(first);
                format!(
                    "Name a company and an attribute: `acme {first}`, `why is acme.com's {second} \
                     so?`, `#17 {first} as of 2025-03-01`."
                )
            }
            Error::TooLong { .. } => "Leave out all but the company, the attribute and, where \
                 they matter, a date and the value you expected."
                .to_owned(),
            Error::BadDate { .. } => DATE_ADVICE.to_owned(),
            Error::NoSuchDay { .. } => "Ask about a day of the calendar.".to_owned(),
            Error::AmbiguousDate {
                day_first,
                month_first,
                ..
            } => {
                format!("Write `{day_first}` or `{month_first}`.")
            }
            Error::SaidTwice { .. } => {
                "Ask one question for each. If one of them is part of a name or a value, put that \
                 in quotes."
                    .to_owned()
            }
            Error::Unfinished { clause } => match clause.as_str() {
                "as of" | "since" | "before" => DATE_ADVICE.to_owned(),
                "look-back" => LOOK_BACK_ADVICE.to_owned(),
                _ => "Write the value after it, in quotes where it is several words: `expected \
                      \"10M\"`."
                    .to_owned(),
            },
            Error::BadLookBack { .. } => LOOK_BACK_ADVICE.to_owned(),
            Error::Future { .. } => "Ask about today or an earlier day.".to_owned(),
        }
    }
}

const DATE_ADVICE: &str = "Write a date like `2025-03-01`, `1 March 2025`, `March 2025`, \
     `Q1 2025`, `2025`, `yesterday` or `3 days ago`. If it is part of a name, put the name in \
     quotes.";
const LOOK_BACK_ADVICE: &str = "Write `90d`, `12w`, `6 months`, `2y`, `all` or `latest`.";

/// `3 April 2025`.
fn in_words(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

/// As much of what was typed as a message can hold.
fn shortened(typed: &str) -> String {
    const MOST: usize = 60;
    match typed.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}\u{2026}", typed.get(..at).unwrap_or(typed).trim_end()),
        None => typed.to_owned(),
    }
}

/// Reads a question. `now` gives relative dates their meaning; UTC.
///
/// # Errors
/// No words, too many, or a date that can't be read.
pub fn parse(text: &str, catalog: &Catalog, now: Timestamp) -> Result<Parsed, Error> {
    let short = |text: &str, limit: usize| match text.chars().count() {
        length if length > limit => Err(Error::TooLong {
            length,
            limit: MOST_CHARACTERS,
        }),
        _ => Ok(()),
    };
    short(text, MOST_CHARACTERS * ESCAPED)?;
    let text = text::clean(text);
    short(&text, MOST_CHARACTERS)?;
    let words = words::words(&text);
    let aliases = Aliases::of(catalog);
    let occurrences = aliases.occurrences(&words);
    let sentence = Sentence {
        words: &words,
        aliases: &occurrences,
        catalog,
        now,
    };
    let clauses = clauses::clauses(sentence)?;
    let mut readings = readings::readings(&clauses.left(&words), &aliases);
    if clauses.may_be_in_a_name(&words) {
        let whole = readings::readings(&words, &aliases);
        let new = whole
            .into_iter()
            .filter(|reading| !readings.contains(reading));
        let new: Vec<Reading> = new.filter(|reading| reading.entity.is_some()).collect();
        readings.extend(new);
    }
    let changes = changes::asked(&clauses.left(&words), &aliases);
    for reading in changes.attributes {
        if !readings.contains(&reading) {
            readings.push(reading);
        }
    }
    if readings.is_empty() && changes.companies.is_empty() {
        return Err(Error::Empty);
    }
    Ok(Parsed {
        from: changes::from(&words, &clauses, crate::layout::utc_date(now))
            .filter(|_| clauses.look_back.is_none()),
        text,
        readings,
        changes: changes.companies,
        as_of: clauses.as_of,
        expected: clauses.expected,
        look_back: clauses.look_back.unwrap_or(LookBack::Auto),
    })
}

/// A moment alone, as after `--as-of`: `2025-03-01`, `yesterday`, an RFC 3339 instant.
///
/// # Errors
/// What is no date, or lies in the future.
pub fn when(typed: &str, now: Timestamp) -> Result<AsOf, Error> {
    let as_of = clauses::only_moment(typed, now)?.end(crate::layout::utc_date(now));
    match clauses::is_future(as_of, now) {
        true => Err(Error::Future {
            as_of: shortened(typed.trim()),
        }),
        false => Ok(as_of),
    }
}

/// A day alone, as after `--since`: the first day of a month or a year.
///
/// # Errors
/// What is no date, or lies in the future.
pub fn day(typed: &str, now: Timestamp) -> Result<Date, Error> {
    let day = clauses::only_moment(typed, now)?.first;
    match clauses::is_future(AsOf::Day(day), now) {
        true => Err(Error::Future {
            as_of: shortened(typed.trim()),
        }),
        false => Ok(day),
    }
}

/// `90d`, `2y`, `all`, `latest`, as after `--look-back`. A year is 365 days.
///
/// # Errors
/// What is none of these.
pub fn look_back(typed: &str) -> Result<LookBack, Error> {
    let low = words::fold(typed.trim());
    match low.as_str() {
        "auto" => return Ok(LookBack::Auto),
        "latest" => return Ok(LookBack::Latest),
        "all" | "everything" => return Ok(LookBack::All),
        _ => {}
    }
    let digits = low.find(|c: char| !c.is_ascii_digit()).unwrap_or(low.len());
    let (count, unit) = low.split_at(digits);
    let days = count.parse().ok().zip(dates::unit(unit.trim()));
    days.and_then(|(count, unit)| unit.days(count))
        .filter(|days| *days > 0)
        .map(LookBack::Days)
        .ok_or_else(|| Error::BadLookBack {
            typed: shortened(typed.trim()),
        })
}

/// Names of the catalog's attributes that are like what was typed, best first.
#[must_use]
pub fn suggest_attributes(typed: &str, catalog: &Catalog) -> Vec<String> {
    suggest::attributes(typed, catalog)
}
