//! The words that make a sentence and say nothing of company or attribute.
//!
//! They are only ever taken off the ends of a name, and a reading that keeps them
//! follows where they may begin or end one (`The Home Depot`, `Why Not Ltd`).

use super::words::Word;

/// Ask, bid and greet: no name ends in them.
pub(super) const ASKING: [&str; 71] = [
    "why",
    "what",
    "which",
    "who",
    "whose",
    "where",
    "when",
    "how",
    "much",
    "many",
    "whats",
    "what's",
    "why's",
    "whys",
    "where's",
    "who's",
    "how's",
    "when's",
    "show",
    "tell",
    "give",
    "explain",
    "find",
    "get",
    "look",
    "lookup",
    "list",
    "check",
    "me",
    "us",
    "please",
    "pls",
    "plz",
    "thanks",
    "thank",
    "hi",
    "hey",
    "hello",
    "ok",
    "can",
    "could",
    "would",
    "will",
    "you",
    "do",
    "does",
    "did",
    "i",
    "i'm",
    "i'd",
    "we",
    "my",
    "our",
    "know",
    "want",
    "need",
    "like",
    "wonder",
    "wondering",
    "curious",
    "about",
    "question",
    "happened",
    "think",
    "thought",
    "that",
    "if",
    "though",
    "but",
    "because",
    "should",
];

/// Hold a sentence together, and begin names as well.
pub(super) const JOINING: [&str; 29] = [
    "the",
    "a",
    "an",
    "of",
    "for",
    "to",
    "in",
    "on",
    "at",
    "by",
    "with",
    "from",
    "and",
    "so",
    "it",
    "its",
    "this",
    "now",
    "today",
    "currently",
    "current",
    "latest",
    "recorded",
    "value",
    "still",
    "then",
    "there",
    "as",
    "ever",
];

/// Stand between a company and its attribute: `acme has the current revenue`.
const BEFORE_ATTRIBUTE: [&str; 29] = [
    "the",
    "a",
    "an",
    "of",
    "in",
    "with",
    "at",
    "and",
    "its",
    "current",
    "currently",
    "latest",
    "recorded",
    "still",
    "why",
    "what",
    "how",
    "when",
    "i",
    "we",
    "do",
    "does",
    "did",
    "please",
    "show",
    "shows",
    "say",
    "says",
    "not",
];

/// Come last: `what is the revenue of acme now, please`.
const ENDING: [&str; 39] = [
    "please",
    "pls",
    "plz",
    "thanks",
    "thank",
    "you",
    "now",
    "today",
    "currently",
    "current",
    "latest",
    "change",
    "changed",
    "come",
    "from",
    "so",
    "it",
    "this",
    "that",
    "there",
    "then",
    "as",
    "at",
    "to",
    "i",
    "we",
    "what",
    "why",
    "how",
    "do",
    "did",
    "but",
    "though",
    "thought",
    "because",
    "say",
    "says",
    "and",
    "not",
];

/// Say that what stands after the attribute is its value.
pub(super) const VERBS: [&str; 26] = [
    "is", "was", "are", "were", "be", "been", "being", "am", "has", "have", "had", "does", "did",
    "do", "what's", "whats", "why's", "where's", "who's", "equals", "=", "says", "shows", "isn't",
    "wasn't", "aren't",
];

/// A question that denies what it names: `why isn't acme revenue 10M`.
pub(super) const DENIALS: [&str; 18] = [
    "isn't",
    "isnt",
    "wasn't",
    "wasnt",
    "aren't",
    "arent",
    "weren't",
    "werent",
    "doesn't",
    "doesnt",
    "didn't",
    "didnt",
    "hasn't",
    "hasnt",
    "haven't",
    "havent",
    "shouldn't",
    "shouldnt",
];

/// What follows a name's own words (`Since 2024 Ltd`).
pub(super) const LEGAL_FORMS: [&str; 24] = [
    "ltd",
    "limited",
    "inc",
    "incorporated",
    "llc",
    "llp",
    "lp",
    "plc",
    "corp",
    "corporation",
    "co",
    "company",
    "gmbh",
    "ag",
    "kg",
    "se",
    "sa",
    "sas",
    "sarl",
    "srl",
    "spa",
    "bv",
    "nv",
    "ab",
];

/// Taken off the end of an expected value.
pub(super) const AFTERTHOUGHTS: [&str; 8] = [
    "please", "pls", "thanks", "right", "anymore", "instead", "though", "too",
];

/// Where some words stand in the sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    BeforeAttribute,
    AtEnd,
}

/// Whether a name's words may be followed by this one, there.
pub(super) fn is_trailing(word: &Word, place: Place) -> bool {
    let own: &[&str] = match place {
        Place::BeforeAttribute => &BEFORE_ATTRIBUTE,
        Place::AtEnd => &ENDING,
    };
    !is_bracketed(word) && (word.is_any(own) || word.is_any(&VERBS))
}

pub(super) fn is_asking(word: &Word) -> bool {
    word.is_any(&ASKING) || word.is_any(&DENIALS)
}

pub(super) fn is_filler(word: &Word) -> bool {
    !is_bracketed(word) && (is_asking(word) || word.is_any(&JOINING) || word.is_any(&VERBS))
}

/// `Home Depot (The)`: a part of the name.
fn is_bracketed(word: &Word) -> bool {
    word.raw.starts_with('(')
}
