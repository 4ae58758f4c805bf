//! The value the asker believes in: `expected 10M`, `should be X`, `12M not 10M`.
//!
//! A value goes on to the next clause or the end, unless that would swallow the company
//! or the attribute: then it is the number that begins it. Start at [`find`].

use super::Error;
use super::clauses::{Clauses, Sentence};
use super::lexicon::{AFTERTHOUGHTS, DENIALS, is_filler};
use super::words::{Quoting, Word, phrase};
use crate::value::number;

mod scales;
mod stated;

/// The longest number in words: `- $ 12 million` is four.
const LONGEST_NUMBER: usize = 4;

/// How much a marker needs around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Strength {
    /// `expected`, `should be`, `instead of`.
    Plain,
    /// `not`: an attribute must have been named before it, or a number must follow.
    Weak,
}

/// The words of a marker that begins here, and its strength.
fn marker(sentence: Sentence<'_>, at: usize) -> Option<(usize, Strength)> {
    if sentence.words.get(at)?.is_quoted() || sentence.in_long_alias(at) {
        return None;
    }
    let low = |offset: usize| sentence.low(at + offset);
    let plain = |used: usize| Some((used, Strength::Plain));
    let weak = |used: usize| Some((used, Strength::Weak));
    match (low(0), low(1), low(2)) {
        ("expected" | "expect" | "expects" | "expecting", ..) => plain(1),
        ("should" | "must", "have", "been") => plain(3),
        ("should" | "must", "be" | "read" | "say" | "equal" | "show", _) => plain(2),
        ("ought" | "supposed", "to", "be") => plain(3),
        ("instead", "of", _) | ("rather", "than", _) => plain(2),
        ("!=" | "\u{2260}", ..) => plain(1),
        // `Why Not Ltd`: with a capital it is a name's.
        _ if titled(sentence, at) => None,
        ("and" | "but", "not", _) => weak(2),
        ("is" | "was" | "are" | "were", "not", _) if at > 0 => weak(2),
        ("not", ..) => weak(1),
        ("be", ..) if should_before(sentence, at) => plain(1),
        (word, ..) if at > 0 && DENIALS.contains(&word) => weak(1),
        _ => None,
    }
}

fn titled(sentence: Sentence<'_>, at: usize) -> bool {
    at > 0 && sentence.words.get(at).is_some_and(Word::is_capitalised)
}

/// `shouldn't acme revenue be 10M`.
fn should_before(sentence: Sentence<'_>, at: usize) -> bool {
    sentence
        .words
        .iter()
        .take(at)
        .any(|w| w.is_any(&["should", "shouldn't", "shouldnt"]))
}

/// Whether a value, not a clause, follows this word.
pub(super) fn ends_marker(sentence: Sentence<'_>, at: usize) -> bool {
    (at.saturating_sub(3)..=at).any(|start| {
        marker(sentence, start).is_some_and(|(used, _)| {
            let lead = skip_lead(sentence, start + used);
            start + used == at + 1 || (lead == at + 1 && lead > start + used)
        })
    })
}

/// `expected it to be`, `the expected`.
fn skip_lead(sentence: Sentence<'_>, mut at: usize) -> usize {
    const LEAD: [&str; 11] = [
        "to", "be", "been", "it", "is", "was", "value", "that", "the", "expected", "usual",
    ];
    while sentence.words.get(at).is_some_and(|w| w.is_any(&LEAD)) {
        at += 1;
    }
    at
}

/// Looks between the clauses that were found, and takes the words of the value.
///
/// # Errors
/// `acme revenue expected`, and nothing more.
pub(super) fn find(sentence: Sentence<'_>, found: &mut Clauses) -> Result<(), Error> {
    for at in 0..sentence.words.len() {
        if found.taken.get(at).copied().unwrap_or(true) {
            continue;
        }
        let Some((used, strength)) = marker(sentence, at) else {
            continue;
        };
        if let Some(taking) = taking(sentence, found, (at, used, strength)) {
            take(sentence, found, taking);
            return Ok(());
        }
        if end_of_value(sentence, found, at + used) == at + used && begins_clause(sentence, at) {
            let marker = sentence.words.get(at..at + used).unwrap_or_default();
            return Err(Error::Unfinished {
                clause: phrase(marker),
            });
        }
    }
    if let Some(taking) = denied(sentence, found).or_else(|| stated::stated(sentence, found)) {
        take(sentence, found, taking);
    }
    Ok(())
}

/// A flag, or right after an attribute that has a company before it.
fn begins_clause(sentence: Sentence<'_>, at: usize) -> bool {
    sentence
        .words
        .get(at)
        .is_some_and(|w| w.quoting == Quoting::Flag)
        || sentence.named_before_alias(at)
}

/// Ranges of words.
#[derive(Debug, Clone, Copy)]
struct Taking {
    marker: (usize, usize),
    value: (usize, usize),
    /// From the value on, what says no more than the value.
    spent: (usize, usize),
}

fn take(sentence: Sentence<'_>, found: &mut Clauses, taking: Taking) {
    let (from, to) = taking.value;
    let words = sentence.words.get(from..to).unwrap_or_default();
    let quoted = words.iter().any(Word::is_quoted);
    let typed = phrase(words);
    // What is in quotes is meant to the letter.
    found.expected = Some(match scales::with_suffix(&typed).filter(|_| !quoted) {
        Some(number) => number,
        None => typed,
    });
    for (from, to) in [taking.marker, taking.spent] {
        let count = to.saturating_sub(from);
        found
            .taken
            .iter_mut()
            .skip(from)
            .take(count)
            .for_each(|taken| *taken = true);
    }
}

/// Up to the next clause, or the end.
fn end_of_value(sentence: Sentence<'_>, found: &Clauses, from: usize) -> usize {
    let taken = found.taken.iter().skip(from).position(|taken| *taken);
    taken.map_or(sentence.words.len(), |length| from + length)
}

fn taking(
    sentence: Sentence<'_>,
    found: &Clauses,
    (at, used, strength): (usize, usize, Strength),
) -> Option<Taking> {
    if strength == Strength::Weak && !follows_a_subject(sentence, at, used) {
        return None;
    }
    let from = skip_lead(sentence, at + used);
    let from = if from < end_of_value(sentence, found, at + used) {
        from
    } else {
        at + used
    };
    let end = end_of_value(sentence, found, from);
    let words = sentence.words.get(from..end)?;
    let Some(first) = words.first() else {
        return number_before(sentence, found, at).map(|start| Taking {
            marker: (at, at + used),
            value: (start, at),
            spent: (start, at),
        });
    };
    let marker_words = (at, from);
    if first.is_quoted() {
        let value = (from, from + 1);
        return Some(Taking {
            marker: marker_words,
            value,
            spent: value,
        });
    }
    // `12M instead of 10M`, `10M but it is 12M`: what the value is said to be now.
    let contrast = (from + 1..end).find(|next| {
        marker(sentence, *next).is_some()
            || sentence
                .words
                .get(*next)
                .is_some_and(|w| w.is_any(&["but"]))
    });
    let mut to = contrast.unwrap_or(end);
    while to > from + 1
        && sentence
            .words
            .get(to - 1)
            .is_some_and(|w| w.is_any(&AFTERTHOUGHTS))
    {
        to -= 1;
    }
    let outside = Outside::of(sentence, found, (at, end));
    if outside.is_whole() {
        return Some(Taking {
            marker: marker_words,
            value: (from, to),
            spent: (from, end),
        });
    }
    if let Some(length) = leading_number(words) {
        let value = (from, from + length);
        return Some(Taking {
            marker: marker_words,
            value,
            spent: value,
        });
    }
    // `expecting acme revenue 10M`
    if let Some(length) = trailing_number(words)
        && Outside::of(sentence, found, (end - length, end)).is_whole()
    {
        let value = (end - length, end);
        return Some(Taking {
            marker: marker_words,
            value,
            spent: value,
        });
    }
    // `Expected Ltd revenue`: a value that holds the only attribute is none.
    let swallows = sentence
        .aliases
        .iter()
        .any(|a| a.start >= from && a.end <= end);
    (!swallows && outside.named).then_some(Taking {
        marker: marker_words,
        value: (from, to),
        spent: (from, end),
    })
}

/// `not` denies a value where something that has one came before.
fn follows_a_subject(sentence: Sentence<'_>, at: usize, used: usize) -> bool {
    let attribute = sentence.aliases.iter().any(|alias| alias.end <= at);
    let named = sentence.words.iter().take(at).any(|w| !is_filler(w));
    named && (attribute || leading_number(sentence.from(at + used)).is_some())
}

/// What is left when a value's words are gone.
struct Outside {
    named: bool,
    attribute: bool,
}

impl Outside {
    fn of(sentence: Sentence<'_>, found: &Clauses, (from, to): (usize, usize)) -> Self {
        let is_out =
            |at: usize| !(from..to).contains(&at) && !found.taken.get(at).copied().unwrap_or(true);
        let alias = sentence
            .aliases
            .iter()
            .find(|a| (a.start..a.end).all(is_out));
        let named = sentence.words.iter().enumerate().any(|(at, word)| {
            let in_alias = alias.is_some_and(|a| (a.start..a.end).contains(&at));
            is_out(at) && !in_alias && !is_filler(word)
        });
        Outside {
            named,
            attribute: alias.is_some(),
        }
    }

    fn is_whole(&self) -> bool {
        self.named && self.attribute
    }
}

/// How many words at the front are one number.
pub(super) fn leading_number(words: &[Word]) -> Option<usize> {
    (1..=LONGEST_NUMBER.min(words.len()))
        .rev()
        .find(|length| words.get(..*length).is_some_and(is_number))
}

/// How many words at the end are one number.
pub(super) fn trailing_number(words: &[Word]) -> Option<usize> {
    (1..=LONGEST_NUMBER.min(words.len()))
        .rev()
        .find(|length| words.get(words.len() - length..).is_some_and(is_number))
}

fn is_number(words: &[Word]) -> bool {
    let typed = phrase(words);
    let is_one = number(&typed).is_some() || scales::with_suffix(&typed).is_some();
    is_one && !words.iter().any(Word::is_quoted)
}

/// `acme revenue 10M expected`.
fn number_before(sentence: Sentence<'_>, found: &Clauses, at: usize) -> Option<usize> {
    let words = sentence.words.get(..at)?;
    let start = at - trailing_number(words)?;
    let free = found
        .taken
        .iter()
        .skip(start)
        .take(at - start)
        .all(|taken| !taken);
    (free && Outside::of(sentence, found, (start, at)).named).then_some(start)
}

/// `why isn't acme revenue 10M`: what stands after the attribute.
fn denied(sentence: Sentence<'_>, found: &Clauses) -> Option<Taking> {
    let denial = (0..sentence.words.len()).find(|at| is_denial(sentence, *at))?;
    // `isn't` still makes the sentence a question; `not` would become part of a name.
    let not = sentence.words.get(denial)?.is_any(&["not"]);
    let marker = (denial, denial + usize::from(not));
    let alias = sentence
        .aliases
        .iter()
        .filter(|a| a.start > denial)
        .max_by_key(|a| a.end)?;
    let before = sentence.words.get(denial..alias.start)?;
    let end = end_of_value(sentence, found, alias.end);
    let after = sentence.words.get(alias.end..end)?;
    let named = sentence
        .words
        .get(..alias.start)?
        .iter()
        .any(|w| !is_trailing_or_filler(w));
    let value = match after.first() {
        // `why doesn't acme have 500 employees`
        None => (alias.start - trailing_number(before)?, alias.start),
        Some(first) if named && !first.is_any(&["of", "for"]) => {
            (skip_lead(sentence, alias.end), end)
        }
        Some(_) => (
            end - trailing_number(after).filter(|length| *length < after.len())?,
            end,
        ),
    };
    (value.0 < value.1).then_some(Taking {
        marker,
        value,
        spent: value,
    })
}

/// `isn't`, or `is … not`.
fn is_denial(sentence: Sentence<'_>, at: usize) -> bool {
    let Some(word) = sentence.words.get(at) else {
        return false;
    };
    let not = word.is_any(&["not"]) && sentence.has_verb_before(at) && !titled(sentence, at);
    word.is_any(&DENIALS) || not
}

fn is_trailing_or_filler(word: &Word) -> bool {
    is_filler(word) || word.is_any(&["not"])
}
