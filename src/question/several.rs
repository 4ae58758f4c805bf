//! Several questions in one text: `acme revenue and employees`, one on each line.
//!
//! Pure, so it parts a text only where attributes say that it may: `and` within a name or an
//! alias parts nothing (`Johnson and Johnson revenue`). Whether `revenue of acme and globex`
//! names one company or two only the directory knows: such a text stays whole here, and
//! `ask::Names::several` asks for each of [`names_in`] with [`about`]. Start at [`several`].

use jiff::Timestamp;

use super::aliases::{Aliases, Occurrence};
use super::phrase::clauses;
use super::words::{Quoting, Word, phrase, quote, words};
use super::{EntityRef, Parts, lexicon, parse, text};
use crate::catalog::Catalog;

/// More questions than these in one text are not answered.
pub const MOST_AT_ONCE: usize = 5;

/// The questions in a text that holds several (`acme revenue and employees`), each in words of
/// its own that parse alone; one that holds one question comes back as it is. The first
/// [`MOST_AT_ONCE`] of them.
#[must_use]
pub fn several(text: &str, catalog: &Catalog, now: Timestamp) -> Vec<String> {
    let reader = Reader {
        aliases: Aliases::of(catalog),
        catalog,
        now,
    };
    let mut found: Vec<String> = Vec::new();
    let mut company: Option<Vec<Word>> = None;
    for sentence in reader.sentences(text) {
        for question in reader.questions(&sentence) {
            let own = reader.company(&question);
            let words = match (&own, &company) {
                (None, Some(before)) => [before.as_slice(), &question].concat(),
                (Some(_) | None, _) => question,
            };
            company = own.or(company);
            let question = written(&words);
            if !found.contains(&question) {
                found.push(question);
            }
        }
    }
    if found.len() < 2 {
        return vec![text.to_owned()];
    }
    found.truncate(MOST_AT_ONCE);
    found
}

/// A question about a company by this name, in words that [`parse`] reads back.
#[must_use]
pub fn about(name: &str, parts: &Parts<'_>) -> String {
    let words = format!("{} {}{}", quote(name), parts.attribute, clauses(parts));
    words.trim_end().to_owned()
}

/// The names in words that may hold several: `acme, globex and initech`. One where they don't.
#[must_use]
pub fn names_in(name: &str) -> Vec<String> {
    let words = words(name);
    let mut names = Vec::new();
    let mut from = 0;
    for at in 1..=words.len() {
        if let Some(next) = link(&words, at) {
            names.push(phrase(words.get(from..at).unwrap_or_default()));
            from = next;
        }
    }
    names.push(phrase(words.get(from..).unwrap_or_default()));
    names.retain(|name| !name.is_empty());
    names
}

struct Reader<'a> {
    aliases: Aliases<'a>,
    catalog: &'a Catalog,
    now: Timestamp,
}

impl<'a> Reader<'a> {
    /// Lines and sentences, as far as each names an attribute; what names none belongs to the
    /// one before it (`I expected 10M.`), or to the first.
    fn sentences(&self, text: &str) -> Vec<Vec<Word>> {
        let mut found: Vec<Vec<Word>> = Vec::new();
        for line in lines(text) {
            let words = words(&text::clean(line));
            let last_asks = found
                .last()
                .is_some_and(|last| !self.aliases.occurrences(last).is_empty());
            let asks = !self.aliases.occurrences(&words).is_empty();
            match found.last_mut() {
                Some(last) if !(asks && last_asks) => last.extend(words),
                Some(_) | None => found.push(words),
            }
        }
        found
    }

    /// Those of one sentence.
    fn questions(&self, words: &[Word]) -> Vec<Vec<Word>> {
        match self.attributes(words) {
            Some(questions) => questions,
            None => self.halves(words),
        }
    }

    /// `acme revenue, employees and headquarters as of 2025`: what stands before and after the
    /// attributes is said of each. Only where every attribute in the words is in the list.
    fn attributes(&self, words: &[Word]) -> Option<Vec<Vec<Word>>> {
        let list = longest(self.aliases.occurrences(words));
        let (first, last) = (list.first()?, list.last()?);
        let linked = list.iter().zip(list.iter().skip(1)).all(|(one, next)| {
            link(words, one.end).is_some_and(|at| the(words, at) == next.start)
                && one.attribute != next.attribute
        });
        let before = words.get(..first.start)?;
        let after = words.get(last.end..)?;
        let of = after
            .first()
            .is_none_or(|w| w.is_any(&["of", "for"]) || !before.iter().all(lexicon::is_filler));
        if list.len() < 2 || !linked || !of {
            return None;
        }
        let each = |one: &Occurrence<'_>| {
            let own = words.get(one.start..one.end).unwrap_or_default();
            let own: Vec<Word> = own.iter().map(bare).collect();
            [before, &own, after].concat()
        };
        Some(list.iter().map(each).collect())
    }

    /// `acme revenue and globex employees`: parted where what stands before is a whole question
    /// and what follows names an attribute as well.
    fn halves(&self, words: &[Word]) -> Vec<Vec<Word>> {
        let occurrences = self.aliases.occurrences(words);
        let inside = |at: usize| occurrences.iter().any(|o| o.start < at && at < o.end);
        let mut found = Vec::new();
        let mut from = 0;
        let mut named = false;
        for at in 1..words.len() {
            let Some(next) = link(words, at).filter(|_| at > from && !inside(at)) else {
                continue;
            };
            let left = words.get(from..at).unwrap_or_default();
            let asks_more = occurrences.iter().any(|o| o.start >= next);
            let asks = !self.aliases.occurrences(left).is_empty();
            let own = self.company(left).is_some();
            if asks && asks_more && (own || named) {
                named = true;
                found.push(ended(left));
                from = next;
            }
        }
        found.push(words.get(from..).unwrap_or_default().to_vec());
        found
    }

    /// The company that these words ask about, as typed; none where they name no attribute.
    fn company(&self, words: &[Word]) -> Option<Vec<Word>> {
        let parsed = parse(&written(words), self.catalog, self.now).ok()?;
        let reading = parsed.readings.into_iter().next()?;
        reading.attribute.as_ref()?;
        Some(match reading.entity? {
            EntityRef::Id(id) => super::words::words(&format!("#{id}")),
            EntityRef::Name(name) => super::words::words(&quote(&name)),
        })
    }
}

/// The text's lines, and the sentences in them.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let ends = |line: &str| -> Vec<usize> {
        let pairs = line.char_indices().zip(line.chars().skip(1));
        pairs
            .filter(|((_, mark), next)| matches!(mark, '?' | '!' | '.' | ';') && *next == ' ')
            .map(|((at, mark), _)| at + mark.len_utf8())
            .collect()
    };
    text.lines().flat_map(move |line| {
        let mut rest = line;
        let mut taken = 0;
        let mut parts = Vec::new();
        for end in ends(line) {
            if let Some((one, more)) = rest.split_at_checked(end - taken) {
                parts.push(one);
                rest = more;
                taken = end;
            }
        }
        parts.push(rest);
        parts.into_iter().filter(|part| !part.trim().is_empty())
    })
}

/// Where the next part begins, if a part of a list ends before this word: a comma, `and`, both.
fn link(words: &[Word], at: usize) -> Option<usize> {
    let before = words.get(at.checked_sub(1)?)?;
    let comma = !before.is_quoted() && before.raw.ends_with([',', ';']);
    let and = words
        .get(at)
        .is_some_and(|w| w.is_any(&["and", "&", "plus"]));
    let next = at + usize::from(and);
    ((comma || and) && next < words.len()).then_some(next)
}

/// After `the`, `its`.
fn the(words: &[Word], at: usize) -> usize {
    let skipped = words
        .get(at)
        .is_some_and(|w| w.is_any(&["the", "its", "their"]));
    at + usize::from(skipped)
}

/// Those that lie in no longer one, one for each place, in the order of the text.
fn longest(mut all: Vec<Occurrence<'_>>) -> Vec<Occurrence<'_>> {
    all.sort_by_key(|o| (o.start, std::cmp::Reverse(o.end)));
    let mut kept: Vec<Occurrence<'_>> = Vec::new();
    for one in all {
        if kept.last().is_none_or(|last| last.end <= one.start) {
            kept.push(one);
        }
    }
    kept
}

/// Without the comma that ends a part of a list.
fn bare(word: &Word) -> Word {
    match word.quoting {
        Quoting::Plain => Word::typed(word.raw.trim_end_matches([',', ';'])),
        Quoting::Flag | Quoting::Quoted => word.clone(),
    }
}

fn ended(words: &[Word]) -> Vec<Word> {
    match words.split_last() {
        Some((last, rest)) => rest.iter().cloned().chain([bare(last)]).collect(),
        None => Vec::new(),
    }
}

/// As text that reads back to the same words.
fn written(words: &[Word]) -> String {
    let each = words.iter().map(|word| match word.quoting {
        Quoting::Plain => word.raw.clone(),
        Quoting::Flag => format!("--{}", word.low),
        Quoting::Quoted => quote(&word.raw),
    });
    let plain = each.collect::<Vec<_>>().join(" ");
    // Escaped only where it would be taken for Slack's markup.
    if text::clean(&plain) == plain {
        plain
    } else {
        text::escape(&plain)
    }
}
