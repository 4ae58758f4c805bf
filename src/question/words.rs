//! The words of a question: where each begins and ends, and how it is compared.
//!
//! A quoted part is one word, taken literally. Dashes and quotes of every
//! keyboard are known here and nowhere else. Start at [`words`].

use icu_casemap::CaseMapper;
use icu_normalizer::DecomposingNormalizerBorrowed;

/// One word, or one quoted part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// As typed, with the marks at its ends (`Corp.`, `(The)`).
    pub(super) raw: String,
    /// Folded for comparing, without marks at its ends; empty for a quoted part.
    pub(super) low: String,
    pub(super) quoting: Quoting,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quoting {
    /// May be any word of the sentence.
    Plain,
    /// `--since`, `expected=`: can be nothing but the clause it begins.
    Flag,
    /// One name or value.
    Quoted,
}

impl Word {
    /// A word of the sentence, as typed.
    pub(super) fn typed(raw: &str) -> Self {
        let spelt = raw.chars().any(char::is_alphanumeric);
        let mut low = fold(if spelt { trimmed(raw) } else { raw });
        // An initial is no article: `A. O. Smith`.
        if raw.ends_with('.') && low.chars().count() == 1 {
            low.push('.');
        }
        Word {
            raw: raw.to_owned(),
            low,
            quoting: Quoting::Plain,
        }
    }

    pub(super) fn is_quoted(&self) -> bool {
        self.quoting == Quoting::Quoted
    }

    /// Typed with a capital, or no letter that could have one: as names are.
    pub(super) fn is_capitalised(&self) -> bool {
        let first = self.raw.chars().find(|c| c.is_alphanumeric());
        let shouted = self.raw.chars().count() > 1 && !self.raw.chars().any(char::is_lowercase);
        first.is_some_and(|c| !c.is_alphabetic() || c.is_uppercase() && !shouted)
    }

    /// A plain word that is one of these.
    pub(super) fn is_any(&self, words: &[&str]) -> bool {
        !self.is_quoted() && words.contains(&self.low.as_str())
    }
}

const DASHES: [char; 10] = [
    '-', '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2015}', '\u{2212}',
    '\u{fe58}', '\u{ff0d}',
];
/// Clauses that may be written as flags: `--as-of D`, `since=D`.
const FLAGS: [&str; 7] = [
    "as-of",
    "asof",
    "expected",
    "expect",
    "since",
    "look-back",
    "lookback",
];

pub(super) fn is_dash(c: char) -> bool {
    DASHES.contains(&c)
}

/// What closes a quote, and whether the same mark also is an apostrophe.
fn closers(opener: char) -> Option<(&'static [char], bool)> {
    Some(match opener {
        '"' | '\u{201c}' | '\u{201d}' => (&['"', '\u{201d}', '\u{201c}'], false),
        '\u{201e}' | '\u{201f}' => (&['\u{201c}', '\u{201d}', '"'], false),
        '\u{ab}' => (&['\u{bb}'], false),
        '\u{bb}' => (&['\u{ab}', '\u{bb}'], false),
        '\u{2039}' => (&['\u{203a}'], false),
        '\u{203a}' => (&['\u{2039}'], false),
        '\'' | '\u{2018}' | '\u{201a}' => (&['\'', '\u{2019}', '\u{2018}'], true),
        '`' => (&['`', '\''], true),
        '\u{300c}' => (&['\u{300d}'], false),
        '\u{300e}' => (&['\u{300f}'], false),
        '\u{ff02}' => (&['\u{ff02}'], false),
        _ => return None,
    })
}

/// Quotes to put round a value, the most usual first.
const PAIRS: [(char, char); 7] = [
    ('"', '"'),
    ('\'', '\''),
    ('\u{ab}', '\u{bb}'),
    ('\u{2039}', '\u{203a}'),
    ('\u{300c}', '\u{300d}'),
    ('\u{300e}', '\u{300f}'),
    ('\u{ff02}', '\u{ff02}'),
];

/// A value as one quoted word: in quotes that it does not hold itself; where it holds all
/// kinds, its double quotes become single ones.
pub(super) fn quote(value: &str) -> String {
    let closes = |opener: char, c: char| closers(opener).is_some_and(|(all, _)| all.contains(&c));
    let free = PAIRS
        .iter()
        .find(|(opener, _)| !value.chars().any(|c| closes(*opener, c)));
    match free {
        Some((open, close)) => format!("{open}{value}{close}"),
        None => format!("\"{}\"", value.replace(|c| closes('"', c), "'")),
    }
}

/// Splits cleaned text. Marks that stand alone (`—`, `?`) are dropped.
pub(super) fn words(text: &str) -> Vec<Word> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut plain = String::new();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let opens = !plain.ends_with(char::is_alphanumeric);
        if opens && let Some((inside, next)) = quoted(&chars, at) {
            end_word(&mut plain, &mut found);
            found.push(Word {
                raw: inside,
                low: String::new(),
                quoting: Quoting::Quoted,
            });
            at = after_possessive(&chars, next);
            continue;
        }
        let parts = c.is_whitespace()
            || matches!(c, '\u{2014}' | '\u{2015}') && plain.ends_with(char::is_alphanumeric)
            || matches!(
                c,
                '"' | '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ff02}' | '`'
            );
        if parts {
            end_word(&mut plain, &mut found);
        } else {
            plain.push(c);
        }
        at += 1;
    }
    end_word(&mut plain, &mut found);
    found
}

/// The quoted part that begins here, and where the text goes on.
fn quoted(chars: &[char], at: usize) -> Option<(String, usize)> {
    let (closers, also_apostrophe) = closers(*chars.get(at)?)?;
    let from = at + 1;
    let mut end = from;
    loop {
        let c = chars.get(end)?;
        let next = chars.get(end + 1);
        // `'Father's'`: before a letter it is an apostrophe.
        if closers.contains(c) && !(also_apostrophe && next.is_some_and(|n| n.is_alphanumeric())) {
            break;
        }
        end += 1;
    }
    let inside: String = chars.get(from..end)?.iter().collect();
    let inside = inside.trim();
    (!inside.is_empty()).then(|| (inside.to_owned(), end + 1))
}

/// `"Acme"'s`: the ending belongs to the sentence.
fn after_possessive(chars: &[char], at: usize) -> usize {
    match (chars.get(at), chars.get(at + 1), chars.get(at + 2)) {
        (Some('\'' | '\u{2019}'), Some('s' | 'S'), next)
            if next.is_none_or(|n| !n.is_alphanumeric()) =>
        {
            at + 2
        }
        _ => at,
    }
}

fn end_word(plain: &mut String, found: &mut Vec<Word>) {
    let raw = std::mem::take(plain);
    // Slack's bold, italic and struck text.
    let raw = raw.trim_matches(['*', '_', '~']);
    let bare = raw.trim_start_matches(is_dash);
    let (name, value) = match bare.split_once(['=', ':']) {
        Some((name, value)) => (name, Some(value)),
        None => (bare, None),
    };
    let name = fold(&name.replace(is_dash, "-"));
    if (bare.len() < raw.len() || value.is_some()) && FLAGS.contains(&name.as_str()) {
        found.push(Word {
            raw: raw.to_owned(),
            low: name,
            quoting: Quoting::Flag,
        });
        found.extend(value.filter(|value| says_something(value)).map(Word::typed));
    } else if says_something(raw) {
        found.push(Word::typed(raw));
    }
}

fn says_something(raw: &str) -> bool {
    raw.chars().any(|c| c.is_alphanumeric() || is_sign(c))
}

/// Marks that say something though no letter is near: `&`, `$ 12M`, `12 %`, `C++`, emoji.
fn is_sign(c: char) -> bool {
    matches!(c, '&' | '+' | '$' | '%' | '=' | '\u{2260}')
        || !c.is_ascii() && !is_dash(c) && !is_mark(c)
}

fn is_mark(c: char) -> bool {
    matches!(
        c,
        '?' | '!' | ',' | ';' | ':' | '.' | '(' | ')' | '[' | ']' | '{' | '}' | '<' | '>'
    ) || matches!(
        c,
        '"' | '\'' | '`' | '*' | '_' | '~' | '\u{2018}'..='\u{201f}' | '\u{ab}' | '\u{bb}'
    ) || matches!(
        c,
        '\u{2026}'
            | '\u{bf}'
            | '\u{a1}'
            | '\u{ff1f}'
            | '\u{ff01}'
            | '\u{3002}'
            | '\u{ff0c}'
            | '\u{3001}'
            | '\u{61f}'
            | '\u{60c}'
    )
}

/// Without the marks of a sentence at its ends.
pub(super) fn trimmed(raw: &str) -> &str {
    raw.trim_matches(|c| is_mark(c) || is_dash(c))
}

/// For comparing: case, accents and width don't count.
pub(super) fn fold(text: &str) -> String {
    if text.bytes().all(|b| b.is_ascii()) {
        return text.to_ascii_lowercase().replace('`', "'");
    }
    let decomposed = DecomposingNormalizerBorrowed::new_nfkd().normalize(text);
    let bare: String = decomposed
        .chars()
        .filter(|c| !matches!(c, '\u{300}'..='\u{36f}'))
        .map(|c| {
            if matches!(c, '\u{2018}' | '\u{2019}' | '\u{2bc}' | '\u{ff07}') {
                '\''
            } else {
                c
            }
        })
        .collect();
    CaseMapper::new().fold_string(&bare).into_owned()
}

/// As people mean it: the words as typed, without what the sentence hangs on the ends.
pub(super) fn phrase(words: &[Word]) -> String {
    if let [only] = words
        && only.is_quoted()
    {
        return only.raw.clone();
    }
    let joined = words
        .iter()
        .map(|w| w.raw.as_str())
        .collect::<Vec<_>>()
        .join(" ");
    unhung(&joined).to_owned()
}

/// Abbreviations that keep their full stop at the end of a sentence.
const ABBREVIATIONS: [&str; 8] = ["corp", "inc", "ltd", "co", "cos", "bros", "intl", "mfg"];

fn unhung(text: &str) -> &str {
    let sentence = |c: char| is_mark(c) && !matches!(c, '.' | '(' | ')' | '[' | ']');
    let mut text = text.trim_matches(|c: char| sentence(c) || c.is_whitespace());
    if text.starts_with('(') && text.ends_with(')') && number_in_brackets(text).is_none() {
        text = text.trim_matches(['(', ')']);
    }
    if text.ends_with(')') && !text.contains('(') {
        text = text.trim_end_matches(')');
    }
    if text.starts_with('(') && !text.contains(')') {
        text = text.trim_start_matches('(');
    }
    let Some(stem) = text.strip_suffix('.') else {
        return text;
    };
    let last = stem.rsplit(char::is_whitespace).next().unwrap_or(stem);
    let abbreviated = ABBREVIATIONS.contains(&fold(last).as_str())
        || last.split('.').all(|part| part.chars().count() == 1);
    if abbreviated {
        text
    } else {
        stem.trim_end_matches('.')
    }
}

/// `(5.1)` is a number below zero.
fn number_in_brackets(text: &str) -> Option<f64> {
    crate::value::number(text)
}
