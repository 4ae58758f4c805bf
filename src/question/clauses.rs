//! Clauses: as of when, how far back, what was expected.
//!
//! A clause word only begins a clause where a date, a span or a value follows; else it
//! stays part of a name (`Bank of America`, `Since Ltd`). Dates are read in `dates.rs`,
//! expected values in `expected.rs`, how far back in `spans.rs`. Start at [`clauses`].

use jiff::Timestamp;
use jiff::civil::Date;

use super::aliases::Occurrence;
use super::dates::{Clarity, Moment, moment};
use super::lexicon::{self, is_filler};
use super::words::{Quoting, Word, phrase};
use super::{AsOf, Error, LookBack, expected, look_back, shortened};
use crate::catalog::Catalog;
use crate::layout::utc_date;
use crate::value::Kind;
use attributes::one_attribute;
use spans::{between, since, span, whole_history};

mod attributes;
mod spans;

/// What the clauses say, and which words are theirs.
#[derive(Debug)]
pub(super) struct Clauses {
    pub(super) as_of: Option<AsOf>,
    pub(super) look_back: Option<LookBack>,
    pub(super) expected: Option<String>,
    /// One for each word.
    pub(super) taken: Vec<bool>,
}

impl Clauses {
    /// The words that are no clause's.
    pub(super) fn left(&self, words: &[Word]) -> Vec<Word> {
        let left = words.iter().zip(&self.taken).filter(|(_, taken)| !**taken);
        left.map(|(word, _)| word.clone()).collect()
    }

    /// `Since 2024 Partners revenue`: with a capital. Not at the end, where a clause belongs,
    /// and not with a date to answer as of: a reading can't take that back.
    pub(super) fn may_be_in_a_name(&self, words: &[Word]) -> bool {
        let first = words
            .iter()
            .zip(&self.taken)
            .find(|(_, taken)| **taken)
            .map(|(word, _)| word);
        let named = first.is_some_and(|w| {
            w.quoting == Quoting::Plain
                && w.raw.starts_with(char::is_alphabetic)
                && w.is_capitalised()
        });
        named && self.taken.last() == Some(&false) && self.as_of.is_none()
    }
}

/// What the words are read against.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sentence<'a> {
    pub(super) words: &'a [Word],
    pub(super) aliases: &'a [Occurrence<'a>],
    pub(super) catalog: &'a Catalog,
    pub(super) now: Timestamp,
}

impl<'a> Sentence<'a> {
    pub(super) fn low(&self, at: usize) -> &'a str {
        self.words.get(at).map_or("", |word| word.low.as_str())
    }

    pub(super) fn from(&self, at: usize) -> &'a [Word] {
        self.words.get(at..).unwrap_or_default()
    }

    fn today(&self) -> Date {
        utc_date(self.now)
    }

    /// Inside an alias of several words, so that `expected revenue` can be an attribute.
    pub(super) fn in_long_alias(&self, at: usize) -> bool {
        self.aliases
            .iter()
            .any(|a| a.end - a.start > 1 && (a.start..a.end).contains(&at))
    }

    /// The attribute whose alias ends right before this word.
    fn alias_before(&self, at: usize) -> Option<&Occurrence<'a>> {
        self.aliases.iter().find(|alias| alias.end == at)
    }

    /// Some name stands before the alias that ends here: what follows can't be the name.
    pub(super) fn named_before_alias(&self, at: usize) -> bool {
        self.alias_before(at)
            .is_some_and(|alias| self.words.iter().take(alias.start).any(|w| !is_filler(w)))
    }

    /// How many words from `at` on are a date, where the attribute that ends at `alias_end` is one.
    pub(super) fn stated_date(&self, alias_end: usize, at: usize) -> Option<usize> {
        let stated = is_stated_date(*self, alias_end);
        let taken = stated.then(|| moment(self.from(at), self.today()).ok());
        taken.flatten().flatten().map(|(used, _)| used)
    }

    pub(super) fn has_verb_before(&self, at: usize) -> bool {
        self.words
            .iter()
            .take(at)
            .any(|word| word.is_any(&lexicon::VERBS))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    AsOf(AsOf),
    LookBack(LookBack),
    /// From the first on, as of the second.
    Between(Date, AsOf),
    /// `since when`: asks what every answer says.
    Nothing,
}

/// How many words, and what they mean.
type Clause = (usize, Meaning);

/// Finds every clause.
///
/// # Errors
/// A date that can't be read, has two meanings or lies in the future.
pub(super) fn clauses(sentence: Sentence<'_>) -> Result<Clauses, Error> {
    let mut found = Clauses {
        as_of: None,
        look_back: None,
        expected: None,
        taken: vec![false; sentence.words.len()],
    };
    let mut as_of = None;
    let mut back = None;
    let mut at = 0;
    while at < sentence.words.len() {
        let free =
            !sentence.words.get(at).is_none_or(Word::is_quoted) && !sentence.in_long_alias(at);
        let clause = if free { clause(sentence, at)? } else { None };
        let Some((used, meaning)) = clause else {
            at += 1;
            continue;
        };
        let words = sentence.from(at).get(..used).unwrap_or_default();
        let (moment, span) = match meaning {
            Meaning::AsOf(moment) => (Some(moment), None),
            Meaning::LookBack(span) => (None, Some(span)),
            Meaning::Between(first, last) => (Some(last), Some(LookBack::Since(first))),
            Meaning::Nothing => (None, None),
        };
        if let Some(moment) = moment {
            refuse_future(moment, words, sentence.now)?;
            once(&mut as_of, words)?;
            found.as_of = Some(moment);
        }
        if let Some(span) = span {
            if let LookBack::Since(day) = span {
                refuse_future(AsOf::Day(day), words, sentence.now)?;
            }
            once(&mut back, words)?;
            found.look_back = Some(span);
        }
        found
            .taken
            .iter_mut()
            .skip(at)
            .take(used)
            .for_each(|taken| *taken = true);
        at += used.max(1);
    }
    expected::find(sentence, &mut found)?;
    one_attribute(sentence, &found)?;
    Ok(found)
}

/// Remembers what was said; the same said twice is not for us to choose from.
fn once<'a>(said: &mut Option<&'a [Word]>, words: &'a [Word]) -> Result<(), Error> {
    match said.replace(words) {
        Some(first) => Err(Error::SaidTwice {
            first: phrase(first),
            second: phrase(words),
        }),
        None => Ok(()),
    }
}

fn refuse_future(as_of: AsOf, words: &[Word], now: Timestamp) -> Result<(), Error> {
    const LEAD: [&str; 14] = [
        "as-of", "asof", "as", "of", "on", "at", "in", "since", "by", "for", "during", "until",
        "between", "from",
    ];
    if !is_future(as_of, now) {
        return Ok(());
    }
    let lead = words.iter().take_while(|word| word.is_any(&LEAD)).count();
    Err(Error::Future {
        as_of: phrase(words.get(lead..).unwrap_or_default()),
    })
}

pub(super) fn is_future(as_of: AsOf, now: Timestamp) -> bool {
    match as_of {
        AsOf::Day(day) => day > utc_date(now),
        AsOf::Instant(instant) => instant > now,
    }
}

/// The clause that begins with this word.
fn clause(sentence: Sentence<'_>, at: usize) -> Result<Option<Clause>, Error> {
    if let Some(clause) = whole_history(sentence, at) {
        return Ok(Some(clause));
    }
    if let Some((used, days)) = span(sentence.from(at)) {
        return Ok(belongs_to_name(
            sentence,
            at + used,
            (used, Meaning::LookBack(LookBack::Days(days))),
        ));
    }
    if let Some(clause) = flag_or_as_of(sentence, at)? {
        return Ok(Some(clause));
    }
    let clause = match sentence.low(at) {
        "since" if sentence.low(at + 1) == "when" => Some((2, Meaning::Nothing)),
        "since" => since(sentence, at)?,
        "between" | "from" => between(sentence, at)?,
        "before" => before(sentence, at, 1)?,
        "prior" if sentence.low(at + 1) == "to" => before(sentence, at, 2)?,
        "back" if ["in", "on"].contains(&sentence.low(at + 1)) => {
            preposition(sentence, at + 1)?.map(|(used, meaning)| (used + 1, meaning))
        }
        _ => preposition(sentence, at)?,
    };
    let clause = match clause {
        Some(clause) => Some(clause),
        None => bare(sentence, at)?,
    };
    Ok(clause.and_then(|clause| belongs_to_name(sentence, at + clause.0, clause)))
}

/// `Since 2024 Ltd`: a legal form makes the words before it a name.
fn belongs_to_name(sentence: Sentence<'_>, next: usize, clause: Clause) -> Option<Clause> {
    let named = sentence
        .words
        .get(next)
        .is_some_and(|w| w.is_any(&lexicon::LEGAL_FORMS));
    (!named).then_some(clause)
}

/// `--since`, `as of`: nothing but a clause; what follows must be read.
fn flag_or_as_of(sentence: Sentence<'_>, at: usize) -> Result<Option<Clause>, Error> {
    let is_flag = sentence
        .words
        .get(at)
        .is_some_and(|w| w.quoting == Quoting::Flag);
    let (used, after) = match (sentence.low(at), sentence.low(at + 1)) {
        ("as-of" | "asof", _) => (1, "as of"),
        ("as", "of" | "at" | "on") => (2, "as of"),
        ("since", _) if is_flag => (1, "since"),
        ("look-back" | "lookback", _) => {
            let Some(typed) = sentence.words.get(at + 1) else {
                return if is_flag {
                    Err(nothing_after("look-back"))
                } else {
                    Ok(None)
                };
            };
            return match look_back(&typed.raw) {
                Ok(back) => Ok(Some((2, Meaning::LookBack(back)))),
                Err(error) if is_flag => Err(error),
                Err(_) => Ok(None),
            };
        }
        _ => return Ok(None),
    };
    let quoted = sentence.words.get(at + used).filter(|w| w.is_quoted());
    let unquoted = quoted.map(|word| super::words::words(&word.raw));
    let (rest, whole) = match &unquoted {
        Some(words) => (words.as_slice(), Some(words.len())),
        None => (sentence.from(at + used), None),
    };
    match moment(rest, sentence.today())? {
        Some((taken, moment)) if whole.is_none_or(|whole| whole == taken) => {
            let meaning = if after == "since" {
                Meaning::LookBack(LookBack::Since(moment.first))
            } else {
                Meaning::AsOf(moment.end(sentence.today()))
            };
            Ok(Some((
                used + if whole.is_some() { 1 } else { taken },
                meaning,
            )))
        }
        Some(_) | None => Err(unreadable(sentence, at + used, after)),
    }
}

fn nothing_after(clause: &str) -> Error {
    Error::Unfinished {
        clause: clause.to_owned(),
    }
}

/// What stands where a date should: up to the attribute or four words.
fn unreadable(sentence: Sentence<'_>, from: usize, clause: &str) -> Error {
    let alias = sentence
        .aliases
        .iter()
        .map(|a| a.start)
        .filter(|start| *start > from)
        .min();
    let end = alias.unwrap_or(sentence.words.len()).min(from + 4);
    let typed = phrase(sentence.words.get(from..end).unwrap_or_default());
    if typed.is_empty() {
        nothing_after(clause)
    } else {
        Error::BadDate {
            typed: shortened(&typed),
        }
    }
}

fn before(sentence: Sentence<'_>, at: usize, words: usize) -> Result<Option<Clause>, Error> {
    match moment(sentence.from(at + words), sentence.today())? {
        Some((used, moment)) => Ok(moment
            .before()
            .map(|as_of| (words + used, Meaning::AsOf(as_of)))),
        None if sentence.named_before_alias(at) => Err(unreadable(sentence, at + words, "before")),
        None => Ok(None),
    }
}

/// `on 2025-03-01`, `in march`, `for 2023`, `by the end of 2024`.
fn preposition(sentence: Sentence<'_>, at: usize) -> Result<Option<Clause>, Error> {
    let least = match sentence.low(at) {
        "in" | "during" | "until" | "till" | "on" => Clarity::Vague,
        "at" | "by" | "for" => Clarity::Year,
        _ => return Ok(None),
    };
    let Some((used, moment)) = moment(sentence.from(at + 1), sentence.today())? else {
        return Ok(None);
    };
    // `on monday`, but not `on March`: that may be March Networks.
    let vague_day = sentence.low(at) != "on" || moment.first == moment.last;
    let clear = moment.clarity > Clarity::Vague || vague_day;
    // `why is acme founded in 1999`: long before anything was decided, so it is the value.
    if moment.last < sentence.catalog.layout.first_date && is_stated_date(sentence, at) {
        return Ok(None);
    }
    let as_of = Meaning::AsOf(moment.end(sentence.today()));
    Ok((moment.clarity >= least && clear).then_some((used + 1, as_of)))
}

/// A date with nothing before it that says so: only where it can be nothing else.
fn bare(sentence: Sentence<'_>, at: usize) -> Result<Option<Clause>, Error> {
    let after_expected = at > 0 && expected::ends_marker(sentence, at - 1);
    if after_expected || is_stated_date(sentence, at) {
        return Ok(None);
    }
    let Some((used, moment)) = moment(sentence.from(at), sentence.today())? else {
        return Ok(None);
    };
    let clear = match moment.clarity {
        Clarity::Clear => true,
        Clarity::Year => is_year_asked_about(sentence, at),
        Clarity::Vague => false,
    };
    Ok(clear.then(|| (used, Meaning::AsOf(moment.end(sentence.today())))))
}

/// `why is acme's founding date 2013-01-01`: the value, not when.
fn is_stated_date(sentence: Sentence<'_>, at: usize) -> bool {
    let Some(alias) = sentence.alias_before(at) else {
        return false;
    };
    let kind = sentence
        .catalog
        .attribute(alias.attribute)
        .map(|attribute| attribute.kind);
    match kind {
        Some(Kind::Date | Kind::Year) => true,
        Some(Kind::Text | Kind::Enum | Kind::Number | Kind::Money | Kind::Percent | Kind::Url)
        | None => false,
    }
}

/// `acme revenue 2023`: the last word, right after the attribute, and nothing is said to be it.
fn is_year_asked_about(sentence: Sentence<'_>, at: usize) -> bool {
    at + 1 == sentence.words.len()
        && sentence.named_before_alias(at)
        && !sentence.has_verb_before(at)
}

/// All these words as a moment.
///
/// # Errors
/// What is no date.
pub(super) fn only_moment(typed: &str, now: Timestamp) -> Result<Moment, Error> {
    let text = super::text::clean(typed);
    let words = super::words::words(&text);
    let skipped = match words.as_slice() {
        [first, _, ..] if first.is_any(&["on", "in", "at"]) => 1,
        _ => 0,
    };
    let words = words.get(skipped..).unwrap_or_default();
    match moment(words, utc_date(now))? {
        Some((used, moment)) if used == words.len() => Ok(moment),
        Some(_) | None if text.is_empty() => Err(nothing_after("as of")),
        Some(_) | None => Err(Error::BadDate {
            typed: shortened(&text),
        }),
    }
}
