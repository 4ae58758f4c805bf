//! Every way to split what is left of the words into company and attribute.
//!
//! Each alias is tried as the attribute, the rest as the company: first without the
//! words that only make the sentence, then with those that may belong to the name.
//! The directory decides. Start at [`readings`].

use super::aliases::{Aliases, Occurrence};
use super::expected::{leading_number, trailing_number};
use super::lexicon::{VERBS, is_asking, is_filler};
use super::words::{Quoting, Word, fold, phrase, trimmed, words};
use super::{EntityRef, Reading};

/// More readings than this help nobody.
const MOST: usize = 40;

/// Best first, none twice.
pub(super) fn readings(words: &[Word], aliases: &Aliases<'_>) -> Vec<Reading> {
    let mut found = Found::default();
    if let [only] = words
        && only.is_quoted()
    {
        found.add(None, &Some(name(words)));
        found.split(&super::words::words(&only.raw), aliases);
        return found.readings;
    }
    let mut occurrences = aliases.occurrences(words);
    if occurrences.is_empty() {
        found.split(&unquoted_aliases(words, aliases), aliases);
        return found.readings;
    }
    found.split_at(words, &mut occurrences);
    found.readings
}

/// `"acme" "revenue"`: quoted where nothing else is the attribute.
fn unquoted_aliases(all: &[Word], aliases: &Aliases<'_>) -> Vec<Word> {
    let is_alias = |word: &Word| word.is_quoted() && all.len() > 1 && aliases.is_alias(&word.raw);
    all.iter()
        .flat_map(|word| if is_alias(word) { words(&word.raw) } else { vec![word.clone()] })
        .collect()
}

#[derive(Debug, Default)]
struct Found {
    readings: Vec<Reading>,
}

impl Found {
    fn add(&mut self, attribute: Option<&str>, entity: &Option<EntityRef>) {
        let reading =
            Reading { attribute: attribute.map(str::to_owned), entity: entity.clone() };
        let says_something = reading.attribute.is_some() || reading.entity.is_some();
        if says_something && self.readings.len() < MOST && !self.readings.contains(&reading) {
            self.readings.push(reading);
        }
    }

    fn split(&mut self, words: &[Word], aliases: &Aliases<'_>) {
        self.split_at(words, &mut aliases.occurrences(words));
    }

    fn split_at(&mut self, words: &[Word], occurrences: &mut [Occurrence<'_>]) {
        occurrences.sort_by_key(|alias| rank(words, alias));
        for alias in occurrences.iter() {
            let before = words.get(..alias.start).unwrap_or_default();
            let after = words.get(alias.end..).unwrap_or_default();
            let names = names(before, after);
            if names.is_empty() {
                self.add(Some(alias.attribute), &None);
            }
            for name in names {
                self.add(Some(alias.attribute), &Some(name));
            }
        }
        for name in whole(words) {
            self.add(None, &Some(name));
        }
    }
}

/// An alias at the end first, then one with `of` behind it, then the longest.
fn rank(words: &[Word], alias: &Occurrence<'_>) -> (bool, bool, std::cmp::Reverse<usize>) {
    let rest = words.get(alias.end..).unwrap_or_default();
    let at_end = rest.iter().all(is_filler);
    let of = rest.first().is_some_and(|w| w.is_any(&["of", "for"]));
    (!at_end, !of, std::cmp::Reverse(alias.letters))
}

/// The company, where these words stand before and after the attribute.
fn names(before: &[Word], after: &[Word]) -> Vec<EntityRef> {
    let (left, right) = (Name::of(before), Name::of(after));
    let mut found = Vec::new();
    match (left.core().is_empty(), right.core().is_empty()) {
        (true, true) => found.extend(only_fillers(before, after)),
        (false, true) => left.variants(Ending::Possessive, &mut found),
        (true, false) => {
            right.stated_apart(&mut found);
            right.variants(Ending::Plain, &mut found);
            right.without_number(before, &mut found);
            let whole = joined(&left.from_first_name(), after);
            if whole.len() > after.len() {
                found.push(name(&whole));
            }
        }
        (false, false) => {
            let stated = before.iter().chain(after).any(|w| w.is_any(&VERBS))
                || leading_number(right.core()) == Some(right.core().len())
                || right.core().iter().all(Word::is_quoted);
            let whole = joined(left.core(), right.core());
            let whole = Name { words: &whole, lead: 0, trail: 0 };
            if stated {
                left.variants(Ending::Possessive, &mut found);
                whole.variants(Ending::Plain, &mut found);
            } else {
                whole.variants(Ending::Plain, &mut found);
            }
        }
    }
    found
}

fn joined(before: &[Word], after: &[Word]) -> Vec<Word> {
    before.iter().chain(after).cloned().collect()
}

/// `ON sector`, `it revenue`: a single word that could make a sentence can be a name.
fn only_fillers(before: &[Word], after: &[Word]) -> Option<EntityRef> {
    let all = joined(before, after);
    let [only] = all.as_slice() else { return None };
    let shouted = only.raw.chars().any(char::is_uppercase) && !only.raw.chars().any(char::is_lowercase);
    (shouted || !is_asking(only) && !only.is_any(&VERBS)).then(|| name(&all))
}

/// Without an attribute: all the words are the company's, or a part nobody knows.
fn whole(words: &[Word]) -> Vec<EntityRef> {
    let stripped = Name::of(words);
    let mut found = Vec::new();
    if stripped.core().is_empty() {
        found.extend(only_fillers(words, &[]));
        if let [only] = words
            && found.is_empty()
            && is_asking(only)
        {
            return found;
        }
        return found;
    }
    let inner: Vec<Word> = stripped
        .core()
        .iter()
        .enumerate()
        .map(|(at, word)| if at + 1 < stripped.core().len() { owner(word) } else { word.clone() })
        .collect();
    found.push(name(&inner));
    stripped.variants(Ending::Plain, &mut found);
    found
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// The attribute follows: `acme's` may be Acme.
    Possessive,
    Plain,
}

/// Some words that hold a name, and how many at each end may only make the sentence.
#[derive(Debug, Clone, Copy)]
struct Name<'a> {
    words: &'a [Word],
    lead: usize,
    trail: usize,
}

impl<'a> Name<'a> {
    fn of(words: &'a [Word]) -> Self {
        let lead = words.iter().take_while(|w| is_filler(w)).count();
        let rest = words.get(lead..).unwrap_or_default();
        Name { words, lead, trail: rest.iter().rev().take_while(|w| is_filler(w)).count() }
    }

    fn core(&self) -> &'a [Word] {
        self.words.get(self.lead..self.words.len() - self.trail).unwrap_or_default()
    }

    fn variants(&self, ending: Ending, found: &mut Vec<EntityRef>) {
        let end = self.words.len() - self.trail;
        let mut slices = vec![(self.lead, end)];
        let trailing = self.words.get(end..).unwrap_or_default();
        if self.trail > 0 && !trailing.iter().any(is_asking) {
            slices.push((self.lead, end + 1));
        }
        slices.extend((0..self.lead).rev().filter(|at| self.may_begin(*at)).map(|at| (at, end)));
        for (from, to) in slices {
            let words = self.words.get(from..to).unwrap_or_default();
            if ending == Ending::Possessive
                && let Some((last, rest)) = words.split_last()
                && owner(last) != *last
            {
                found.push(name(&joined(rest, &[owner(last)])));
            }
            if !words.is_empty() {
                found.push(name(words));
            }
        }
    }

    /// Whether a name may begin with this word of the sentence.
    fn may_begin(&self, at: usize) -> bool {
        let capital = |at: usize| {
            self.words.get(at).is_some_and(|w| w.raw.starts_with(|c: char| !c.is_lowercase()))
        };
        let Some(word) = self.words.get(at) else { return false };
        let next_to_name = at + 1 == self.lead;
        let joins = next_to_name && !is_asking(word) && !word.is_any(&VERBS);
        let asks_alone = self.lead == 1 && !word.is_any(&VERBS);
        joins || asks_alone || capital(at) && (at..self.lead).all(capital)
    }

    /// The words from the first that may begin a name.
    fn from_first_name(&self) -> Vec<Word> {
        let from = (0..self.lead).find(|at| self.lead > 1 && self.may_begin(*at) && *at > 0);
        from.map_or_else(Vec::new, |from| self.words.get(from..).unwrap_or_default().to_vec())
    }

    /// `acme is 12M`, `"Acme" "12M"`: the company ends where its value is said.
    fn stated_apart(&self, found: &mut Vec<EntityRef>) {
        let core = self.core();
        let verb = core.iter().position(|w| w.is_any(&VERBS));
        let quoted = (core.len() > 1 && core.iter().all(Word::is_quoted)).then_some(1);
        if let Some(at) = verb.or(quoted)
            && let Some(words) = core.get(..at)
        {
            let company = Name::of(words);
            if !company.core().is_empty() {
                company.variants(Ending::Plain, found);
            }
        }
    }

    /// `why is the revenue of acme 12M`.
    fn without_number(&self, before: &[Word], found: &mut Vec<EntityRef>) {
        let core = self.core();
        if before.iter().any(|w| w.is_any(&VERBS))
            && let Some(length) = trailing_number(core).filter(|length| *length < core.len())
        {
            found.push(name(core.get(..core.len() - length).unwrap_or_default()));
        }
    }
}

/// The word without its possessive ending: `acme's`, `Boss'`.
fn owner(word: &Word) -> Word {
    const APOSTROPHES: [char; 4] = ['\'', '\u{2019}', '\u{2bc}', '\u{ff07}'];
    if word.quoting != Quoting::Plain {
        return word.clone();
    }
    let raw = word.raw.trim_end_matches([',', ';', ':']);
    let stem = raw
        .strip_suffix(['s', 'S'])
        .and_then(|stem| stem.strip_suffix(APOSTROPHES))
        .or_else(|| raw.strip_suffix(APOSTROPHES).filter(|stem| stem.ends_with(['s', 'S', 'x', 'z'])));
    match stem {
        Some(stem) if !stem.is_empty() => Word::typed(stem),
        Some(_) | None => word.clone(),
    }
}

/// `#17`, a domain out of a link, or the words as typed.
fn name(words: &[Word]) -> EntityRef {
    match words {
        [only] if !only.is_quoted() => single(&only.raw),
        [id, number] if id.is_any(&["id", "#"]) => match trimmed(&number.raw).parse() {
            Ok(id) => EntityRef::Id(id),
            Err(_) => EntityRef::Name(phrase(words)),
        },
        _ => EntityRef::Name(phrase(words)),
    }
}

fn single(raw: &str) -> EntityRef {
    let bare = raw.trim_end_matches(['?', '!', ',', ';', ':', '.', ')']).trim_start_matches('(');
    if let Some(id) = bare.strip_prefix('#').and_then(|digits| digits.parse().ok()) {
        return EntityRef::Id(id);
    }
    let low = fold(bare);
    let web = ["https://", "http://"].iter().find_map(|scheme| low.strip_prefix(scheme));
    let host = web.or_else(|| low.starts_with("www.").then_some(low.as_str()));
    let host = host.map(|h| h.split(['/', '?', '#', ':']).next().unwrap_or(h));
    match host.map(|h| h.strip_prefix("www.").unwrap_or(h)).filter(|h| !h.is_empty()) {
        Some(host) => EntityRef::Name(host.to_owned()),
        None => EntityRef::Name(phrase(&[Word::typed(raw)])),
    }
}
