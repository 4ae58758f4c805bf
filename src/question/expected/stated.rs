//! The value that a question takes for granted: `why is acme revenue 10M`.
//!
//! Nothing says that it is expected, but the asker believes in it: a number, what is in quotes,
//! or a date where the attribute is one, that ends what is said of the attribute. Start at [`stated`].

use super::{Outside, Taking, leading_number};
use crate::question::clauses::{Clauses, Sentence};
use crate::question::lexicon::{Place, VERBS, is_trailing};
use crate::question::words::{Word, phrase};

/// Stand between an attribute or a company and what it is said to be.
const LINKS: [&str; 8] = [
    "in",
    "at",
    "now",
    "still",
    "only",
    "just",
    "really",
    "currently",
];

/// Where nothing else says what was expected. The company and the attribute are not swallowed.
pub(super) fn stated(sentence: Sentence<'_>, found: &Clauses) -> Option<Taking> {
    (1..sentence.words.len())
        .filter_map(|from| Some((from, from + length(sentence, from)?)))
        .filter(|(from, to)| Outside::of(sentence, found, (*from, *to)).is_whole())
        .find(|value| is_free(found, *value) && is_said(sentence, found, *value))
        .map(|value| Taking {
            marker: (value.0, value.0),
            value,
            spent: value,
        })
}

fn length(sentence: Sentence<'_>, from: usize) -> Option<usize> {
    let words = sentence.from(from);
    if words.first()?.is_quoted() {
        return Some(1);
    }
    let date = || sentence.stated_date(before_links(sentence, from), from);
    leading_number(words).or_else(date)
}

fn is_free(found: &Clauses, (from, to): (usize, usize)) -> bool {
    let mut taken = found.taken.iter().skip(from).take(to - from);
    taken.all(|taken| !taken)
}

fn is_said(sentence: Sentence<'_>, found: &Clauses, (from, to): (usize, usize)) -> bool {
    let verb = sentence.words.get(from - 1).is_some_and(is_verb);
    // `why does acme have 500 employees`
    if verb && sentence.aliases.iter().any(|alias| alias.start == to) {
        return true;
    }
    if !ends_what_is_said(sentence, found, to) {
        return false;
    }
    let subject = before_links(sentence, from);
    let after_attribute = sentence.named_before_alias(subject);
    let after_company = || {
        let of = |alias: usize| ["of", "for"].contains(&sentence.low(alias));
        let attribute = sentence.aliases.iter().any(|a| a.end < from && of(a.end));
        // `the revenue of Forever 21`: a bare number may be the name's.
        let dressed = is_dressed(sentence.words.get(from..to).unwrap_or_default());
        attribute && (verb || dressed && sentence.has_verb_before(from))
    };
    // `acme, why is revenue 12M`; `revenue of acme is 12M`
    after_attribute || after_company()
}

fn is_verb(word: &Word) -> bool {
    word.is_any(&VERBS)
}

/// `12M`, `$ 500`; not `500`.
fn is_dressed(words: &[Word]) -> bool {
    let bare = phrase(words).bytes().all(|b| b.is_ascii_digit());
    !bare && !words.iter().any(Word::is_quoted)
}

/// Where the words that link a value to its subject begin.
fn before_links(sentence: Sentence<'_>, from: usize) -> usize {
    let words = sentence.words.get(..from).unwrap_or_default();
    let links = words
        .iter()
        .rev()
        .take_while(|w| is_verb(w) || w.is_any(&LINKS));
    from - links.count()
}

/// Only a clause, or what may end a sentence, follows.
fn ends_what_is_said(sentence: Sentence<'_>, found: &Clauses, to: usize) -> bool {
    let rest = sentence.words.iter().zip(&found.taken).skip(to);
    rest.into_iter()
        .all(|(word, taken)| *taken || is_trailing(word, Place::AtEnd))
}
