//! Attributes that are like what was typed.
//!
//! By prefix, by a word of it, by typing errors (Damerau-Levenshtein); over names,
//! labels and aliases. Start at [`attributes`].

use super::words::fold;
use crate::catalog::{Attribute, Catalog};

/// More suggestions than this are a list to search, not a hint.
const MOST: usize = 5;
/// One typing error in this many letters is still the same word.
const LETTERS_PER_ERROR: usize = 3;

/// Names, best first.
pub(super) fn attributes(typed: &str, catalog: &Catalog) -> Vec<String> {
    let typed = spaced(typed);
    if typed.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<(usize, &str)> = catalog
        .attributes
        .iter()
        .filter_map(|attribute| Some((distance(&typed, attribute)?, attribute.name.as_str())))
        .collect();
    found.sort_by_key(|(distance, _)| *distance);
    found
        .into_iter()
        .take(MOST)
        .map(|(_, name)| name.to_owned())
        .collect()
}

fn spaced(text: &str) -> String {
    let words = fold(text).replace(['_', '-'], " ");
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Smaller is nearer; `None` where it is another word.
fn distance(typed: &str, attribute: &Attribute) -> Option<usize> {
    let own = [&attribute.name, &attribute.label];
    own.into_iter()
        .chain(&attribute.aliases)
        .filter_map(|name| far(typed, &spaced(name)))
        .min()
}

/// 0 the same, 1 a beginning, 2 a word in common, from 3 on typing errors.
fn far(typed: &str, name: &str) -> Option<usize> {
    if name == typed {
        return Some(0);
    }
    if name.starts_with(typed) || is_long(name) && typed.starts_with(name) {
        return Some(1);
    }
    let pairs = || {
        let typed = typed.split(' ').filter(|word| is_long(word));
        typed.flat_map(|word| name.split(' ').map(move |own| (word, own)))
    };
    if pairs().any(|(word, own)| own.starts_with(word)) {
        return Some(2);
    }
    let errors = pairs()
        .chain([(typed, name)])
        .filter_map(|(word, own)| errors(word, own))
        .min();
    errors.map(|errors| 2 + errors)
}

fn is_long(word: &str) -> bool {
    word.chars().count() >= LETTERS_PER_ERROR
}

/// How many typing errors apart, where that is few for their length.
fn errors(word: &str, own: &str) -> Option<usize> {
    let letters = word.chars().count().max(own.chars().count());
    let errors = strsim::damerau_levenshtein(word, own);
    (errors * LETTERS_PER_ERROR <= letters).then_some(errors)
}
