//! The value the asker believes in: `expected 10M`, `should be X`, `12M not 10M`.
//!
//! A value goes on to the next clause or the end, unless that would swallow the company
//! or the attribute: then it is the number that begins it. Start at [`find`].

use super::clauses::{Clauses, Sentence};
use super::lexicon::{AFTERTHOUGHTS, DENIALS, is_filler};
use super::words::{Word, phrase};
use crate::value::number;

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
        ("!=" | "\u{2260}" | "<>", ..) => plain(1),
        ("and" | "but", "not", _) => weak(2),
        ("is" | "was" | "are" | "were", "not", _) if at > 0 => weak(2),
        ("not", ..) => weak(1),
        ("be", ..) if should_before(sentence, at) => plain(1),
        (word, ..) if at > 0 && DENIALS.contains(&word) => weak(1),
        _ => None,
    }
}

/// `shouldn't acme revenue be 10M`.
fn should_before(sentence: Sentence<'_>, at: usize) -> bool {
    sentence.words.iter().take(at).any(|w| w.is_any(&["should", "shouldn't", "shouldnt"]))
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
    const LEAD: [&str; 11] =
        ["to", "be", "been", "it", "is", "was", "value", "that", "the", "expected", "usual"];
    while sentence.words.get(at).is_some_and(|w| w.is_any(&LEAD)) {
        at += 1;
    }
    at
}

/// Looks between the clauses that were found, and takes the words of the value.
pub(super) fn find(sentence: Sentence<'_>, found: &mut Clauses) {
    for at in 0..sentence.words.len() {
        if found.taken.get(at).copied().unwrap_or(true) {
            continue;
        }
        if let Some((used, strength)) = marker(sentence, at)
            && let Some(taking) = taking(sentence, found, (at, used, strength))
        {
            take(sentence, found, taking);
            return;
        }
    }
    if let Some(taking) = denied(sentence, found) {
        take(sentence, found, taking);
    }
}

/// The words of a clause, those of the value among them, and up to where they are spent.
#[derive(Debug, Clone, Copy)]
struct Taking {
    start: usize,
    value: (usize, usize),
    end: usize,
}

fn take(sentence: Sentence<'_>, found: &mut Clauses, taking: Taking) {
    let (from, to) = taking.value;
    found.expected = Some(phrase(sentence.words.get(from..to).unwrap_or_default()));
    let count = taking.end - taking.start;
    found.taken.iter_mut().skip(taking.start).take(count).for_each(|taken| *taken = true);
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
    let from = if from < end_of_value(sentence, found, at + used) { from } else { at + used };
    let end = end_of_value(sentence, found, from);
    let words = sentence.words.get(from..end)?;
    let Some(first) = words.first() else {
        return number_before(sentence, found, at).map(|start| Taking {
            start,
            value: (start, at),
            end: at + used,
        });
    };
    if first.is_quoted() {
        return Some(Taking { start: at, value: (from, from + 1), end: from + 1 });
    }
    // `12M instead of 10M`, `10M but it is 12M`: what the value is said to be now.
    let contrast = (from + 1..end).find(|next| {
        marker(sentence, *next).is_some() || sentence.words.get(*next).is_some_and(|w| w.is_any(&["but"]))
    });
    let mut to = contrast.unwrap_or(end);
    while to > from + 1 && sentence.words.get(to - 1).is_some_and(|w| w.is_any(&AFTERTHOUGHTS)) {
        to -= 1;
    }
    let outside = Outside::of(sentence, found, (at, end));
    if outside.is_whole() {
        return Some(Taking { start: at, value: (from, to), end });
    }
    if let Some(length) = leading_number(words) {
        return Some(Taking { start: at, value: (from, from + length), end: from + length });
    }
    // `Expected Ltd revenue`: a value that holds the only attribute is none.
    let swallows = sentence.aliases.iter().any(|a| a.start >= from && a.end <= end);
    (!swallows && outside.named).then_some(Taking { start: at, value: (from, to), end })
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
        let is_out = |at: usize| {
            !(from..to).contains(&at) && !found.taken.get(at).copied().unwrap_or(true)
        };
        let alias = sentence.aliases.iter().find(|a| (a.start..a.end).all(is_out));
        let named = sentence.words.iter().enumerate().any(|(at, word)| {
            let in_alias = alias.is_some_and(|a| (a.start..a.end).contains(&at));
            is_out(at) && !in_alias && !is_filler(word)
        });
        Outside { named, attribute: alias.is_some() }
    }

    fn is_whole(&self) -> bool {
        self.named && self.attribute
    }
}

/// How many words at the front are one number.
pub(super) fn leading_number(words: &[Word]) -> Option<usize> {
    (1..=LONGEST_NUMBER.min(words.len())).rev().find(|length| {
        words.get(..*length).is_some_and(|words| is_number(words))
    })
}

/// How many words at the end are one number.
pub(super) fn trailing_number(words: &[Word]) -> Option<usize> {
    (1..=LONGEST_NUMBER.min(words.len())).rev().find(|length| {
        words.get(words.len() - length..).is_some_and(|words| is_number(words))
    })
}

fn is_number(words: &[Word]) -> bool {
    let scale = words.last().is_some_and(|w| w.is_any(&["million", "billion", "thousand", "trillion"]));
    let digits = if scale { words.get(..words.len() - 1).unwrap_or_default() } else { words };
    !words.iter().any(Word::is_quoted) && number(&phrase(digits)).is_some()
}

/// `acme revenue 10M expected`.
fn number_before(sentence: Sentence<'_>, found: &Clauses, at: usize) -> Option<usize> {
    let words = sentence.words.get(..at)?;
    let start = at - trailing_number(words)?;
    let free = found.taken.iter().skip(start).take(at - start).all(|taken| !taken);
    (free && Outside::of(sentence, found, (start, at)).named).then_some(start)
}

/// `why isn't acme revenue 10M`: what stands after the attribute.
fn denied(sentence: Sentence<'_>, found: &Clauses) -> Option<Taking> {
    let denial = sentence.words.iter().position(|w| w.is_any(&DENIALS) || w.is_any(&["not"]))?;
    let asks = sentence.words.get(denial)?.is_any(&DENIALS) || sentence.has_verb_before(denial);
    let alias = sentence.aliases.iter().filter(|a| asks && a.start > denial).max_by_key(|a| a.end)?;
    let end = end_of_value(sentence, found, alias.end);
    let after = sentence.words.get(alias.end..end)?;
    let named = sentence.words.get(..alias.start)?.iter().any(|w| !is_filler(w) && !w.is_any(&["not"]));
    let of = after.first()?.is_any(&["of", "for"]);
    let from = if named && !of {
        skip_lead(sentence, alias.end)
    } else {
        end - trailing_number(after).filter(|length| *length < after.len())?
    };
    (from < end).then_some(Taking { start: from, value: (from, end), end })
}
