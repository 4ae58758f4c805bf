//! Names of companies: when two spellings are one name.
//!
//! [`Name::of`] takes away what people leave out or write differently: case,
//! accents, width, punctuation, `&` for `and`, legal forms in the usual
//! languages. It knows no company. [`domain`] does the same for web addresses.
//! The legal forms are listed in `forms.rs`.

use std::borrow::Cow;

use icu_casemap::CaseMapper;
use icu_normalizer::properties::CanonicalCombiningClassMapBorrowed;
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

use crate::value::folded;

mod forms;
#[cfg(test)]
mod tests;

/// A name taken apart. Words are separated by one space, folded and without marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Without legal forms and a leading `The`: `general electric`. Where there
    /// is no letter or digit (`!!!`), the folded text.
    pub core: String,
    /// The legal forms taken away, one spelling for each: `inc` for `Incorporated`.
    pub form: String,
    /// Every word, legal forms and all.
    pub words: String,
}

impl Name {
    #[must_use]
    pub fn of(text: &str) -> Name {
        let words = words(text);
        if words.is_empty() {
            return Name {
                core: folded(text),
                form: String::new(),
                words: String::new(),
            };
        }
        let (core, form) = forms::part(&words);
        Name {
            core,
            form,
            words: words.join(" "),
        }
    }
}

/// Host of a web or mail address as it is compared: no scheme, `www.`, port,
/// path or trailing dot, lower case. `None` for what cannot be a domain.
#[must_use]
pub fn domain(text: &str) -> Option<String> {
    let rest = text.trim();
    let rest = rest.split_once("://").map_or(rest, |(_, rest)| rest);
    let rest = rest.split(['/', '?', '#']).next()?;
    let rest = rest.rsplit('@').next()?;
    let host = rest.split(':').next()?.trim_end_matches('.').to_lowercase();
    let host = host
        .strip_prefix("www.")
        .filter(|rest| rest.contains('.'))
        .unwrap_or(&host);
    let is_label = |label: &str| {
        !label.is_empty()
            && label
                .chars()
                .all(|c| c.is_alphanumeric() || c == '-' || c == '_')
    };
    let (_, top) = host.rsplit_once('.')?;
    let is_domain = host.split('.').all(is_label) && top.chars().any(char::is_alphabetic);
    is_domain.then(|| host.to_owned())
}

/// The word that stands for `&`, `+` and its like.
const AND: &str = "and";

/// The words of a name: `J. P. Morgan & Co.` is `jp`, `morgan`, `and`, `co`.
fn words(text: &str) -> Vec<String> {
    let plain = plain(text);
    let chunks: Vec<Vec<String>> = plain.split_whitespace().map(pieces).collect();
    let mut words = glue(chunks.into_iter().flat_map(|pieces| {
        let alone = pieces.len() == 1;
        pieces.into_iter().map(move |piece| {
            let loose = alone && is_initial(&piece);
            (piece, loose)
        })
    }));
    join_with_and(&mut words);
    words
}

/// One chunk without white space: `S.p.A.` is one word, `Coca-Cola` two.
fn pieces(chunk: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut piece = String::new();
    for c in chunk.chars() {
        if c.is_alphanumeric() || is_kana_mark(c) {
            piece.push(c);
        } else if !is_apostrophe(c) {
            pieces.extend(Some(std::mem::take(&mut piece)).filter(|p| !p.is_empty()));
            if c == '&' || c == '+' {
                pieces.push(AND.to_owned());
            }
        }
    }
    pieces.extend(Some(piece).filter(|p| !p.is_empty()));
    glue(pieces.into_iter().map(|piece| {
        let loose = is_initial(&piece);
        (piece, loose)
    }))
}

/// Makes one word of each run of loose ones.
fn glue(pieces: impl Iterator<Item = (String, bool)>) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut running = false;
    for (piece, loose) in pieces {
        match words.last_mut() {
            Some(last) if running && loose => last.push_str(&piece),
            Some(_) | None => words.push(piece),
        }
        running = loose;
    }
    words
}

/// Every word that joins two others becomes [`AND`]; at an end it joins nothing and goes.
fn join_with_and(words: &mut Vec<String>) {
    let last = words.len().saturating_sub(1);
    for word in words.iter_mut().take(last).skip(1) {
        if matches!(word.as_str(), "und" | "et" | "y") {
            AND.clone_into(word);
        }
    }
    words.dedup_by(|a, b| a == AND && b == AND);
    while words.len() > 1 && words.last().is_some_and(|word| word == AND) {
        words.pop();
    }
    if words.len() > 1 && words.first().is_some_and(|word| word == AND) {
        words.remove(0);
    }
}

fn is_initial(piece: &str) -> bool {
    piece.chars().nth(1).is_none()
}

fn is_apostrophe(c: char) -> bool {
    matches!(
        c,
        '\'' | '\u{2019}' | '\u{2018}' | '\u{02bc}' | '`' | '\u{b4}'
    )
}

/// The voicing marks of kana: they make another letter, not an accent.
fn is_kana_mark(c: char) -> bool {
    matches!(c, '\u{3099}' | '\u{309a}')
}

/// Folded, of usual width, without accents.
fn plain(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Owned(text.to_ascii_lowercase());
    }
    let marks = CanonicalCombiningClassMapBorrowed::new();
    // `™` would decompose into letters.
    let signs = ['\u{2122}', '\u{2120}', '\u{ae}', '\u{a9}'];
    let bare: String = DecomposingNormalizerBorrowed::new_nfkd()
        .normalize_iter(text.chars().filter(|c| !signs.contains(c)))
        .filter(|c| marks.get_u8(*c) == 0 || is_kana_mark(*c))
        .collect();
    let mut plain = String::with_capacity(bare.len());
    for c in CaseMapper::new().fold_string(&bare).chars() {
        match c {
            'ø' => plain.push('o'),
            'ł' => plain.push('l'),
            'đ' | 'ð' => plain.push('d'),
            'ħ' => plain.push('h'),
            'ı' => plain.push('i'),
            'æ' => plain.push_str("ae"),
            'œ' => plain.push_str("oe"),
            'þ' => plain.push_str("th"),
            other => plain.push(other),
        }
    }
    // Hangul was taken apart into single jamo.
    Cow::Owned(
        ComposingNormalizerBorrowed::new_nfc()
            .normalize(&plain)
            .into_owned(),
    )
}
