//! One question is about one attribute. Start at [`one_attribute`].

use super::{Clauses, Sentence};
use crate::question::Error;
use crate::question::aliases::Occurrence;
use crate::question::lexicon::{Place, is_trailing};
use crate::question::words::phrase;

/// `acme revenue and employees`: one at a time. `Sales and Staff Ltd` is a name.
///
/// # Errors
/// Two attributes, joined by `and`.
pub(super) fn one_attribute(sentence: Sentence<'_>, found: &Clauses) -> Result<(), Error> {
    let ends = |at: usize| {
        let mut rest = sentence.words.iter().zip(&found.taken).skip(at);
        rest.all(|(word, taken)| *taken || is_trailing(word, Place::AtEnd))
    };
    let of = |at: usize| ["of", "for"].contains(&sentence.low(at));
    let both = sentence.aliases.iter().find_map(|first| {
        let second = sentence.aliases.iter().find(|second| {
            let named = sentence.named_before_alias(first.end);
            second.start == first.end + 1
                && second.attribute != first.attribute
                && sentence.low(first.end) == "and"
                && (named && ends(second.end) || !named && of(second.end))
        })?;
        Some((first, second))
    });
    let Some((first, second)) = both else {
        return Ok(());
    };
    let words = |alias: &Occurrence<'_>| {
        phrase(
            sentence
                .words
                .get(alias.start..alias.end)
                .unwrap_or_default(),
        )
    };
    Err(Error::SaidTwice {
        first: words(first),
        second: words(second),
    })
}
