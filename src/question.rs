//! A question in plain words becomes a [`Question`], forgivingly and without guessing.
//!
//! Pure: it knows the catalog's attribute names and today's date, not the
//! directory of companies. Where the words can be split into company and
//! attribute in several ways, [`Parsed`] holds them all, best first, and the
//! caller (which has the directory) takes the first whose company exists.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::catalog::Catalog;

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
            Error::Future { .. } => "future",
        }
    }

    /// What to do next.
    #[must_use]
    pub fn advice(&self, catalog: &Catalog) -> String {
        let _ = catalog;
        String::new()
    }
}

/// Reads a question. `now` gives relative dates their meaning; UTC.
///
/// # Errors
/// No words, too many, or a date that can't be read.
pub fn parse(text: &str, catalog: &Catalog, now: Timestamp) -> Result<Parsed, Error> {
    let _ = (text, catalog, now);
    Err(Error::Empty)
}

/// A moment alone, as after `--as-of`: `2025-03-01`, `yesterday`, an RFC 3339 instant.
///
/// # Errors
/// What is no date.
pub fn when(typed: &str, now: Timestamp) -> Result<AsOf, Error> {
    let _ = now;
    Err(Error::BadDate {
        typed: typed.to_owned(),
    })
}

/// A day alone, as after `--since`.
///
/// # Errors
/// What is no date.
pub fn day(typed: &str, now: Timestamp) -> Result<Date, Error> {
    let _ = now;
    Err(Error::BadDate {
        typed: typed.to_owned(),
    })
}

/// `90d`, `2y`, `all`, `latest`, as after `--look-back`.
///
/// # Errors
/// What is none of these.
pub fn look_back(typed: &str) -> Result<LookBack, Error> {
    Err(Error::BadDate {
        typed: typed.to_owned(),
    })
}

/// Names of the catalog's attributes that are like what was typed, best first.
#[must_use]
pub fn suggest_attributes(typed: &str, catalog: &Catalog) -> Vec<String> {
    let _ = (typed, catalog);
    Vec::new()
}
