//! Every way to split what is left of the words into company and attribute.
//!
//! Each alias is tried as the attribute, the rest as the company: first without the
//! words that only make the sentence, then with those that may belong to the name.
//! The directory decides. Start at [`readings`].

use super::aliases::{Aliases, Occurrence};
use super::expected::{leading_number, trailing_number};
use super::lexicon::{DENIALS, Place, VERBS, is_asking, is_filler, is_trailing};
use super::words::{Quoting, Word, fold, phrase, trimmed, words};
use super::{EntityRef, Reading};

/// Stand for a company that was named before.
const OWNERS: [&str; 3] = ["their", "theirs", "they"];
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
        .flat_map(|word| {
            if is_alias(word) {
                words(&word.raw)
            } else {
                vec![word.clone()]
            }
        })
        .collect()
}

#[derive(Debug, Default)]
struct Found {
    readings: Vec<Reading>,
}

impl Found {
    fn add(&mut self, attribute: Option<&str>, entity: &Option<EntityRef>) {
        let reading = Reading {
            attribute: attribute.map(str::to_owned),
            entity: entity.clone(),
        };
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
        // All but a flood of attributes fits.
        for alias in occurrences.iter().take(MOST) {
            let before = words.get(..alias.start).unwrap_or_default();
            let after = words.get(alias.end..).unwrap_or_default();
            let names = names(before, after);
            // `and employees`: of what the conversation is about, rather than of a company so called.
            if names.is_empty() || only_small(before, after) {
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
    let at_end = rest.iter().all(|w| is_trailing(w, Place::AtEnd));
    let of = rest.first().is_some_and(|w| w.is_any(&["of", "for"]));
    (!at_end, !of, std::cmp::Reverse(alias.letters))
}

/// The company, where these words stand before and after the attribute.
fn names(before: &[Word], after: &[Word]) -> Vec<EntityRef> {
    let (of, after) = match after.split_first() {
        Some((of, rest)) if of.is_any(&["of", "for"]) && !of.is_capitalised() => (true, rest),
        Some(_) | None => (false, after),
    };
    let left = Name::of(before, Place::BeforeAttribute);
    let right = Name::of(after, Place::AtEnd);
    let verb = before.iter().chain(after).any(|w| w.is_any(&VERBS));
    let mut found = Vec::new();
    match (left.core().is_empty(), right.core().is_empty()) {
        (true, true) => found.extend(only_fillers(before, after)),
        (false, true) => {
            left.without_counted(&mut found);
            left.variants(Ending::Possessive, &mut found);
        }
        (true, false) => {
            right.stated_apart(&mut found);
            right.variants(Ending::Plain, &mut found);
            let first = left.capital_lead();
            if !of && !first.is_empty() {
                found.push(name(&joined(first, after)));
            }
        }
        (false, false) => {
            let stated = verb && !holds_figures(right.core())
                || leading_number(right.core()) == Some(right.core().len())
                || right.core().iter().all(Word::is_quoted);
            let whole = joined(left.core(), right.core());
            if stated && !of {
                left.variants(Ending::Possessive, &mut found);
            }
            found.push(name(&whole));
        }
    }
    found
}

/// Figures that nobody understood (`am 1. März 2025`) are never left out: the company that
/// holds them is one nobody knows, and that is said.
fn holds_figures(words: &[Word]) -> bool {
    let figures = |w: &Word| !w.is_quoted() && w.raw.chars().any(char::is_numeric);
    words.iter().any(figures)
}

fn joined(before: &[Word], after: &[Word]) -> Vec<Word> {
    before.iter().chain(after).cloned().collect()
}

/// `it revenue`, `what is the revenue of IT`: a word that could make a sentence can be a
/// name where it stands alone, or is the only one in capitals.
fn only_fillers(before: &[Word], after: &[Word]) -> Option<EntityRef> {
    let all = joined(before, after);
    let shouted = |word: &&Word| {
        word.raw.chars().any(char::is_uppercase)
            && !word.raw.chars().any(char::is_lowercase)
            && word.low != "i"
    };
    let loud: Vec<&Word> = all.iter().filter(shouted).collect();
    match (all.as_slice(), loud.as_slice()) {
        (_, [only]) => Some(name(std::slice::from_ref(*only))),
        ([only], _) if !is_asking(only) && !only.is_any(&VERBS) => Some(name(&all)),
        _ => None,
    }
}

/// Nothing but words that make a sentence, none written like a name.
fn only_small(before: &[Word], after: &[Word]) -> bool {
    let small = |(at, w): (usize, &Word)| {
        let makes_sentence = is_filler(w) || is_trailing(w, Place::AtEnd) || w.is_any(&OWNERS);
        let begins = at == 0 && w.is_capitalised() && w.low.len() > 1;
        let low = !w.raw.chars().any(char::is_uppercase);
        makes_sentence && (is_asking(w) || low || begins)
    };
    before.iter().chain(after).enumerate().all(small)
}

/// Whether some word may be a name's.
pub(super) fn may_name(words: &[Word]) -> bool {
    !words
        .iter()
        .all(|w| is_filler(w) || is_trailing(w, Place::AtEnd))
}

/// Without an attribute: all the words are the company's, or a part nobody knows.
fn whole(words: &[Word]) -> Vec<EntityRef> {
    let stripped = Name::of(words, Place::AtEnd);
    let Some((last, rest)) = stripped.core().split_last() else {
        return only_fillers(words, &[]).into_iter().collect();
    };
    let mut inner: Vec<Word> = rest.iter().map(owner).collect();
    inner.push(last.clone());
    let mut found = vec![name(&inner)];
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
    fn of(words: &'a [Word], place: Place) -> Self {
        let lead = words.iter().take_while(|w| is_filler(w)).count();
        let rest = words.get(lead..).unwrap_or_default();
        let shouted = !words.iter().any(|w| w.raw.chars().any(char::is_lowercase));
        let upper = |at: usize| {
            rest.get(at)
                .is_some_and(|w| !shouted && w.low != "i" && w.raw.starts_with(char::is_uppercase))
        };
        let lower = |at: usize| {
            rest.get(at)
                .is_some_and(|w| w.raw.starts_with(char::is_lowercase))
        };
        let trail = (0..rest.len()).rev().take_while(|at| {
            // `Service Now`: one with a capital goes with the word before it.
            let titled = *at > 0 && upper(*at) && !lower(at - 1);
            rest.get(*at).is_some_and(|w| is_trailing(w, place)) && !titled
        });
        let trail = trail.count();
        Name { words, lead, trail }
    }

    fn core(&self) -> &'a [Word] {
        self.words
            .get(self.lead..self.words.len() - self.trail)
            .unwrap_or_default()
    }

    /// Best first: as people mean it, then with the words that may belong to the name.
    fn variants(&self, ending: Ending, found: &mut Vec<EntityRef>) {
        let end = self.words.len() - self.trail;
        let mut starts = vec![self.lead];
        starts.extend((0..self.lead).rev().filter(|at| self.may_begin(*at)));
        if let Some(titled) = starts.iter().position(|at| self.is_titled(*at)) {
            starts.swap(0, titled);
        }
        let mut slices: Vec<(usize, usize)> = starts.iter().map(|from| (*from, end)).collect();
        let trailing = self.words.get(end..).unwrap_or_default();
        let joins = trailing
            .iter()
            .take_while(|w| !is_asking(w) && !w.is_any(&VERBS))
            .count();
        slices.extend((1..=joins).map(|more| (self.lead, end + more)));
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

    /// Capitals from here to the name: `The Home Depot`, not `Why is Acme`.
    fn is_titled(&self, at: usize) -> bool {
        let capital = |at: usize| self.words.get(at).is_some_and(Word::is_capitalised);
        let joins = self
            .words
            .get(at)
            .is_some_and(|w| !is_asking(w) && !w.is_any(&VERBS));
        at < self.lead && joins && (at..=self.lead).all(capital)
    }

    /// Whether a name may begin with this word of the sentence.
    fn may_begin(&self, at: usize) -> bool {
        let Some(word) = self.words.get(at) else {
            return false;
        };
        let says = word.is_any(&VERBS) || word.is_any(&DENIALS);
        let next_to_name = at + 1 == self.lead && !is_asking(word) && !says;
        let asks_alone = self.lead == 1 && !says;
        let capital = |at: usize| self.words.get(at).is_some_and(Word::is_capitalised);
        next_to_name || asks_alone || (at..=self.lead).all(capital)
    }

    /// The words from the first that may begin a name, where they all may only make the sentence.
    fn capital_lead(&self) -> &'a [Word] {
        let from = (1..self.lead).find(|at| self.words.get(*at).is_some_and(Word::is_capitalised));
        from.and_then(|from| self.words.get(from..))
            .unwrap_or_default()
    }

    /// `acme is 12M`, `"Acme" "12M"`: the company ends where its value is said.
    fn stated_apart(&self, found: &mut Vec<EntityRef>) {
        let core = self.core();
        let is_verb = |w: &Word| w.is_any(&VERBS) && !w.raw.starts_with(char::is_uppercase);
        let verb = core
            .iter()
            .position(is_verb)
            .filter(|at| at + 1 < core.len())
            .filter(|at| !holds_figures(core.get(at + 1..).unwrap_or_default()));
        let quoted = (core.len() > 1 && core.iter().all(Word::is_quoted)).then_some(1);
        if let Some(words) = verb.or(quoted).and_then(|at| core.get(..at)) {
            Name::of(words, Place::AtEnd).variants(Ending::Plain, found);
        }
    }

    /// `why does acme have 500 employees and not 400`.
    fn without_counted(&self, found: &mut Vec<EntityRef>) {
        let core = self.core();
        let length = trailing_number(core).filter(|length| *length < core.len());
        let Some(words) = length.and_then(|length| core.get(..core.len() - length)) else {
            return;
        };
        if words.last().is_some_and(|w| w.is_any(&VERBS)) {
            Name::of(words, Place::BeforeAttribute).variants(Ending::Plain, found);
        }
    }
}

/// The word without its possessive ending: `acme's`, `Boss'`.
pub(super) fn owner(word: &Word) -> Word {
    const APOSTROPHES: [char; 4] = ['\'', '\u{2019}', '\u{2bc}', '\u{ff07}'];
    if word.quoting != Quoting::Plain {
        return word.clone();
    }
    let raw = word.raw.trim_end_matches([',', ';', ':']);
    let stem = raw
        .strip_suffix(['s', 'S'])
        .and_then(|stem| stem.strip_suffix(APOSTROPHES))
        .or_else(|| {
            raw.strip_suffix(APOSTROPHES)
                .filter(|stem| stem.ends_with(['s', 'S', 'x', 'z']))
        });
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
    let bare = raw
        .trim_end_matches(['?', '!', ',', ';', ':', '.', ')'])
        .trim_start_matches('(');
    if let Some(id) = bare
        .strip_prefix('#')
        .and_then(|digits| digits.parse().ok())
    {
        return EntityRef::Id(id);
    }
    let low = fold(bare);
    let web = ["https://", "http://"]
        .iter()
        .find_map(|scheme| low.strip_prefix(scheme));
    let host = web.or_else(|| low.starts_with("www.").then_some(low.as_str()));
    let host = host.map(|h| h.split(['/', '?', '#', ':']).next().unwrap_or(h));
    match host
        .map(|h| h.strip_prefix("www.").unwrap_or(h))
        .filter(|h| !h.is_empty())
    {
        Some(host) => EntityRef::Name(host.to_owned()),
        None => EntityRef::Name(phrase(&[Word::typed(raw)])),
    }
}
