//! Where the words name an attribute: by its name, its label or an alias.
//!
//! Case, accents, underscores, hyphens and a simple plural don't count. Start at
//! [`Aliases::occurrences`].

use std::collections::HashMap;

use super::words::{Word, fold};
use crate::catalog::Catalog;

/// Longer aliases than this many words are not looked for.
const MOST_WORDS: usize = 8;

/// Some words that name an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Occurrence<'a> {
    pub(super) attribute: &'a str,
    /// The words `start..end`.
    pub(super) start: usize,
    pub(super) end: usize,
    /// How many letters: the longest says most.
    pub(super) letters: usize,
}

impl Occurrence<'_> {
    fn joined(&self, next: &Self) -> Option<Self> {
        let same = self.attribute == next.attribute && self.end == next.start;
        let letters = self.letters + next.letters;
        same.then_some(Occurrence {
            end: next.end,
            letters,
            ..*self
        })
    }
}

/// Every word for every attribute.
#[derive(Debug)]
pub(super) struct Aliases<'a> {
    /// By letters and digits alone, plurals taken off.
    by_key: HashMap<String, Vec<&'a str>>,
}

impl<'a> Aliases<'a> {
    pub(super) fn of(catalog: &'a Catalog) -> Self {
        let mut by_key: HashMap<String, Vec<&'a str>> = HashMap::new();
        for attribute in &catalog.attributes {
            let own = [&attribute.name, &attribute.label];
            for words in own.into_iter().chain(&attribute.aliases) {
                let known = by_key.entry(singular(&key(words))).or_default();
                if !known.contains(&attribute.name.as_str()) {
                    known.push(&attribute.name);
                }
            }
        }
        by_key.remove("");
        Aliases { by_key }
    }

    /// In the order of the text. A quoted part is a name or a value, never an attribute.
    pub(super) fn occurrences(&self, words: &[Word]) -> Vec<Occurrence<'a>> {
        let mut found = Vec::new();
        for start in 0..words.len() {
            let mut letters = String::new();
            for (end, word) in words.iter().enumerate().skip(start).take(MOST_WORDS) {
                if word.is_quoted() {
                    break;
                }
                let own = key(&word.low);
                // `revenue $ 12M`: an alias ends in a word.
                if own.is_empty() {
                    if letters.is_empty() { break } else { continue }
                }
                letters.push_str(&own);
                for attribute in self.by_key.get(&singular(&letters)).into_iter().flatten() {
                    let letters = letters.chars().count();
                    found.push(Occurrence {
                        attribute,
                        start,
                        end: end + 1,
                        letters,
                    });
                }
            }
        }
        // `sales revenue`: one attribute, said twice.
        let twice: Vec<Occurrence<'a>> = found
            .iter()
            .flat_map(|first| found.iter().filter_map(|second| first.joined(second)))
            .collect();
        found.extend(twice);
        found
    }

    /// Whether these words are one alias, quoted or not.
    pub(super) fn is_alias(&self, words: &str) -> bool {
        self.by_key.contains_key(&singular(&key(words)))
    }
}

/// Letters and digits alone: `Market-Cap`, `market_cap` and `market cap` are one.
fn key(words: &str) -> String {
    fold(words)
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect()
}

/// Both sides lose their plural, so that `employee` finds `employees` and the other way round.
fn singular(word: &str) -> String {
    if word.len() <= 3 || word.ends_with("ss") {
        return word.to_owned();
    }
    if let Some(stem) = word.strip_suffix("ies") {
        return format!("{stem}y");
    }
    for end in ["xes", "ches", "shes", "sses"] {
        if word.ends_with(end) {
            return word.strip_suffix("es").unwrap_or(word).to_owned();
        }
    }
    word.strip_suffix('s').unwrap_or(word).to_owned()
}
