//! Finds companies and an attribute in free text.
//!
//! Windows of words are looked up by their very names first; what only resembles a name counts
//! where there is nothing better. Pure. Start at [`found`].

use jiff::Timestamp;
use jiff::civil::Date;

use super::words::words;
use crate::ask::Names;
use crate::catalog::Catalog;
use crate::directory::{self, Directory, Fit, Resolution};
use crate::error::Match;
use crate::layout::utc_date;
use crate::names;
use crate::question::{self, AsOf};

/// More companies than these are no choice.
const MOST_COMPANIES: usize = 5;
/// The longest name that is looked for, in words.
const MOST_NAME: usize = 5;
/// The longest name of an attribute, in words.
const MOST_ALIAS: usize = 3;
/// So many words are tried for what only resembles a name: each search takes milliseconds.
const MOST_GUESSES: usize = 8;
/// A shorter word is hardly a name when it is not written like one.
const SHORTEST_PLAIN: usize = 4;

#[derive(Debug, Default, PartialEq)]
pub(super) struct Found {
    /// Best first, each once.
    pub(super) companies: Vec<Match>,
    pub(super) attribute: Option<String>,
    pub(super) as_of: Option<Date>,
    pub(super) expected: Option<String>,
}

/// Where in the words something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Span {
    start: usize,
    end: usize,
}

impl Span {
    fn len(self) -> usize {
        self.end - self.start
    }

    fn holds(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// How many words lie between.
    fn apart(self, other: Span) -> usize {
        self.start
            .saturating_sub(other.end)
            .max(other.start.saturating_sub(self.end))
    }
}

/// How sure it is that a company is meant, surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sureness {
    /// Its domain, in an address or alone.
    Domain,
    /// A name of several words.
    Name,
    /// One word, written as names are.
    Capitalised,
    /// One word in capitals, which may be an abbreviation.
    Ticker,
    /// `#17`, which may be a ticket.
    Id,
    /// One word like any other, or one that also is an attribute's.
    Plain,
    /// It begins a name, or is a typo of one.
    Guess,
}

#[derive(Debug)]
struct Sighting {
    sureness: Sureness,
    span: Span,
    company: directory::Match,
}

pub(super) fn found(message: &str, names: Names<'_>, now: Timestamp) -> Found {
    let words = words(message);
    let attributes = attributes(&words, names.catalog, now);
    let mut sightings = known(&words, names.directory, &attributes);
    if sightings.is_empty() {
        sightings = guesses(&words, names.directory, &attributes);
    }
    sightings.sort_by_key(|sighting| (sighting.sureness, sighting.span));
    let attribute = nearest(&attributes, &sightings);
    let mut companies: Vec<Match> = Vec::new();
    for sighting in sightings {
        let entity = &sighting.company.entity;
        let question = format!("#{}", entity.entity_id);
        let is_new = companies.iter().all(|known| known.question != question);
        if is_new && companies.len() < MOST_COMPANIES {
            companies.push(Match {
                label: entity.name.clone(),
                detail: sighting.company.detail(),
                question,
            });
        }
    }
    let (as_of, expected) = said(message, names.catalog, now);
    Found {
        companies,
        attribute,
        as_of,
        expected,
    }
}

/// The day and the value that the message names, as questions are read: in the first of its lines
/// and sentences that holds any. `since` is no day to look at: it goes on until now.
fn said(message: &str, catalog: &Catalog, now: Timestamp) -> (Option<Date>, Option<String>) {
    let lines = message
        .lines()
        .flat_map(|line| line.split_inclusive(['?', '!', ';']));
    let read = lines.filter_map(|line| question::parse(line, catalog, now).ok());
    read.map(|parsed| {
        let day = match parsed.as_of {
            Some(AsOf::Day(day)) => Some(day),
            Some(AsOf::Instant(at)) => Some(utc_date(at)),
            None => None,
        };
        (day, parsed.expected)
    })
    .find(|(day, expected)| day.is_some() || expected.is_some())
    .unwrap_or_default()
}

/// Longest first, and of equal length from the left.
fn spans(words: usize, most: usize) -> impl Iterator<Item = Span> {
    (1..=most.min(words)).rev().flat_map(move |length| {
        (0..=words - length).map(move |start| Span {
            start,
            end: start + length,
        })
    })
}

fn text(words: &[String], span: Span) -> String {
    words
        .get(span.start..span.end)
        .unwrap_or_default()
        .join(" ")
}

/// Words that are an attribute and nothing else, as questions are read.
fn attributes(words: &[String], catalog: &Catalog, now: Timestamp) -> Vec<(Span, String)> {
    let mut found: Vec<(Span, String)> = Vec::new();
    for span in spans(words.len(), MOST_ALIAS) {
        if found.iter().any(|(known, _)| known.holds(span)) {
            continue;
        }
        let Ok(parsed) = question::parse(&text(words, span), catalog, now) else {
            continue;
        };
        let alone = parsed.readings.into_iter().find(|r| r.entity.is_none());
        if let Some(name) = alone.and_then(|reading| reading.attribute) {
            found.push((span, name));
        }
    }
    found
}

fn known(words: &[String], directory: &Directory, attributes: &[(Span, String)]) -> Vec<Sighting> {
    let mut sightings: Vec<Sighting> = Vec::new();
    for span in spans(words.len(), MOST_NAME) {
        let typed = text(words, span);
        if sightings.iter().any(|s| s.span.holds(span)) || !directory.knows(&typed) {
            continue;
        }
        let companies = match directory.resolve(&typed) {
            Resolution::One(company) => vec![company],
            Resolution::Several(companies) => companies,
            Resolution::None(_) => Vec::new(),
        };
        let is_attribute = attributes.iter().any(|(own, _)| *own == span);
        for company in companies {
            if let Some(sureness) = sureness(&typed, span, &company) {
                let sureness = if is_attribute {
                    Sureness::Plain
                } else {
                    sureness
                };
                sightings.push(Sighting {
                    sureness,
                    span,
                    company,
                });
            }
        }
    }
    sightings
}

/// `None` for what is a name by chance: a number, a letter, a small word that also is a ticker.
fn sureness(typed: &str, span: Span, company: &directory::Match) -> Option<Sureness> {
    match company.fit {
        // A bare number is anything.
        Fit::Id => typed.starts_with('#').then_some(Sureness::Id),
        // Of several words only the first is an address.
        Fit::Domain if span.len() > 1 => None,
        Fit::Domain => {
            let very = names::domain(typed) == names::domain(&company.through);
            Some(if very {
                Sureness::Domain
            } else {
                Sureness::Plain
            })
        }
        Fit::Exact | Fit::Normalised if span.len() > 1 => Some(Sureness::Name),
        Fit::Exact | Fit::Normalised => {
            let letters = typed.chars().filter(|c| c.is_alphabetic()).count();
            let capital = typed.chars().next().is_some_and(char::is_uppercase);
            let is_ticker = !company.through.chars().any(char::is_lowercase);
            if letters < 2 || is_ticker && typed != company.through && letters < SHORTEST_PLAIN {
                None
            } else if is_ticker && typed == company.through {
                Some(Sureness::Ticker)
            } else if capital {
                Some(Sureness::Capitalised)
            } else {
                (letters >= SHORTEST_PLAIN).then_some(Sureness::Plain)
            }
        }
        Fit::Prefix | Fit::Typo => None,
    }
}

/// Words written as names are that resemble one company's.
fn guesses(
    words: &[String],
    directory: &Directory,
    attributes: &[(Span, String)],
) -> Vec<Sighting> {
    let named = |word: &String| {
        word.chars().count() >= SHORTEST_PLAIN
            && word.chars().next().is_some_and(char::is_uppercase)
    };
    let free = |span: Span| attributes.iter().all(|(own, _)| !own.holds(span));
    let tried = spans(words.len(), 1)
        .filter(|span| words.get(span.start).is_some_and(named) && free(*span))
        .take(MOST_GUESSES);
    let resembling = tried.filter_map(|span| match directory.resolve(&text(words, span)) {
        Resolution::One(company) => Some(Sighting {
            sureness: Sureness::Guess,
            span,
            company,
        }),
        Resolution::Several(_) | Resolution::None(_) => None,
    });
    resembling.collect()
}

/// The one that stands nearest to the surest company, and is no part of its name; the first of
/// several.
fn nearest(attributes: &[(Span, String)], sightings: &[Sighting]) -> Option<String> {
    let company = sightings.first().map(|sighting| sighting.span);
    let in_a_name = |span: Span| {
        let mut long = sightings
            .iter()
            .filter(|sighting| sighting.span.len() > span.len());
        long.any(|sighting| sighting.span.holds(span))
    };
    attributes
        .iter()
        .filter(|(span, _)| !in_a_name(*span))
        .min_by_key(|(span, _)| (company.map_or(0, |company| company.apart(*span)), *span))
        .map(|(_, name)| name.clone())
}
