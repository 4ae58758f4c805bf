//! The ways to find a company, one [`Step`] each, and when one is clear.
//!
//! Every step returns its best first: by fit, by how closely it fits, then by
//! the file's order (rank, name, id).

use std::collections::BTreeSet;
use std::sync::LazyLock;

use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder};

use super::keys::{Keys, Ordinals};
use super::{Directory, Entity, Fit, Match};
use crate::names::{self, Name};
use crate::value::folded;

/// Longer names are not searched for typos: nobody types them.
const LONGEST_TYPO: usize = 80;
/// So many letters before a typo may go on without asking.
const CLEAR_TYPO: usize = 5;

/// What was typed, in every form that is looked up.
#[derive(Debug)]
pub(super) struct Typed {
    text: String,
    folded: String,
    name: Name,
    letters: usize,
}

impl Typed {
    pub(super) fn of(text: &str) -> Self {
        let name = Name::of(text);
        Typed {
            text: text.trim().to_owned(),
            folded: folded(text),
            letters: letters(&name.core),
            name,
        }
    }

    /// `#17`
    fn marked_id(&self) -> Option<i64> {
        self.text.strip_prefix('#')?.parse().ok()
    }

    /// `17`
    fn bare_id(&self) -> Option<i64> {
        let digits = self.text.bytes().all(|b| b.is_ascii_digit());
        if digits { self.text.parse().ok() } else { None }
    }

    /// What suggestions should be near to: the telling label of a domain, else the name.
    fn gist(&self) -> String {
        let domain = names::domain(&self.text).unwrap_or_default();
        let labels = domain.rsplit('.').skip(1);
        match labels.max_by_key(|label| label.len()) {
            Some(label) => Name::of(label).core,
            None => self.name.core.clone(),
        }
    }
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphabetic()).count()
}

/// How many edits are a typo: 1 from four letters on, 2 from eight.
fn edits(letters: usize) -> u8 {
    match letters {
        0..4 => 0,
        4..8 => 1,
        8.. => 2,
    }
}

/// A way to find; the first that finds anyone decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    MarkedId,
    Domain,
    /// Exact or normalised.
    Name,
    BareId,
    /// `shop.acme.com` is acme.com's.
    ParentDomain,
    /// The first words of a name.
    Start,
    /// Later words of a name.
    Inner,
    Typo,
}

impl Step {
    pub(super) const ALL: [Step; 8] = [
        Step::MarkedId,
        Step::Domain,
        Step::Name,
        Step::BareId,
        Step::ParentDomain,
        Step::Start,
        Step::Inner,
        Step::Typo,
    ];
    /// Those that need no guess.
    pub(super) const KNOWN: [Step; 5] = [
        Step::MarkedId,
        Step::Domain,
        Step::Name,
        Step::BareId,
        Step::ParentDomain,
    ];
}

/// A match, with what it is compared by.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) matched: Match,
    pub(super) ordinal: u32,
    closeness: Closeness,
}

/// How closely a name fits, among fits of one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Closeness {
    /// The current name to the letter; all that needs no finer order.
    Full,
    /// The current name spelled otherwise, its legal form included.
    Spelling,
    /// The current name but for its legal form, or an alias to the letter (a ticker).
    Short,
    /// An alias spelled otherwise or but for its legal form.
    Alias,
    /// With another legal form.
    OtherForm,
    /// So many edits away.
    Edits(u8),
}

/// Whether one of what a step found is clear.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Clear {
    /// This one.
    One(usize),
    No,
    /// Too little was typed to trust a typo.
    Doubtful,
}

/// One is clear where no other fits as closely.
pub(super) fn clear(found: &[Found], typed: &Typed) -> Clear {
    let Some(closest) = found.iter().map(|found| found.closeness).min() else {
        return Clear::No;
    };
    let mut close = found
        .iter()
        .enumerate()
        .filter(|(_, found)| found.closeness == closest);
    match (close.next(), close.next()) {
        (Some((_, only)), None) if only.matched.fit == Fit::Typo && typed.letters < CLEAR_TYPO => {
            if found.len() == 1 {
                Clear::Doubtful
            } else {
                Clear::No
            }
        }
        (Some((at, _)), None) => Clear::One(at),
        (Some(_) | None, _) => Clear::No,
    }
}

impl Directory {
    /// The companies that a step finds, best first. Of those who only begin or
    /// sound like it no more than `limit`.
    pub(super) fn find(&self, step: Step, typed: &Typed, limit: usize) -> Vec<Found> {
        match step {
            Step::MarkedId => self.with_id(typed.marked_id()),
            Step::Domain => self.with_domain(names::domain(&typed.text)),
            Step::Name => self.with_name(typed),
            Step::BareId => self.with_id(typed.bare_id()),
            Step::ParentDomain => self.with_parent_domain(&typed.text),
            Step::Start => self.with_words(typed, limit, &self.names, |core, words| {
                core.starts_with(words)
            }),
            Step::Inner => self.with_words(typed, limit, &self.inner, |core, words| {
                core.match_indices(words)
                    .any(|(at, _)| core.get(..at).is_some_and(|before| before.ends_with(' ')))
            }),
            Step::Typo => self.with_typo(typed, limit),
        }
    }

    fn with_id(&self, entity_id: Option<i64>) -> Vec<Found> {
        let ordinal = entity_id.and_then(|id| self.ordinal(id));
        ordinal
            .and_then(|ordinal| {
                self.found(ordinal, |entity| {
                    Some(Through::new(Fit::Id, Closeness::Full, &entity.name))
                })
            })
            .into_iter()
            .collect()
    }

    fn with_domain(&self, domain: Option<String>) -> Vec<Found> {
        let Some(domain) = domain else {
            return Vec::new();
        };
        let through = |entity: &Entity| {
            Some(Through::new(
                Fit::Domain,
                Closeness::Full,
                entity.domain.as_deref()?,
            ))
        };
        self.domains
            .get(&domain)
            .filter_map(|ordinal| self.found(ordinal, through))
            .collect()
    }

    /// Takes labels off the front until somebody has the domain.
    fn with_parent_domain(&self, typed: &str) -> Vec<Found> {
        let domain = names::domain(typed).unwrap_or_default();
        let mut rest = domain.as_str();
        while let Some((_, parent)) = rest.split_once('.') {
            let found = self.with_domain(names::domain(parent));
            if !found.is_empty() {
                return found;
            }
            rest = parent;
        }
        Vec::new()
    }

    fn with_name(&self, typed: &Typed) -> Vec<Found> {
        let mut found: Vec<Found> = (self.names.get(&typed.name.core))
            .filter_map(|ordinal| self.found(ordinal, |entity| closest_name(entity, typed)))
            .collect();
        found.sort_by_key(|found| (found.matched.fit, found.closeness, found.ordinal));
        found
    }

    /// Keys that begin with the words as typed, else without their legal form.
    fn with_words(
        &self,
        typed: &Typed,
        limit: usize,
        keys: &Keys,
        fits: fn(&str, &str) -> bool,
    ) -> Vec<Found> {
        for words in [&typed.name.words, &typed.name.core] {
            let mut best = Best::new(limit);
            if !words.is_empty() {
                keys.beginning_with(words, |rest, ordinals| {
                    // Whole words before parts of words.
                    best.offer(
                        u8::from(!matches!(rest.first(), None | Some(b' '))),
                        ordinals,
                    );
                });
            }
            let found = best.collect(|_, ordinal| {
                self.found(ordinal, |entity| {
                    let text = texts(entity).find(|text| fits(&Name::of(text).core, words))?;
                    Some(Through::new(Fit::Prefix, Closeness::Full, text))
                })
            });
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    fn with_typo(&self, typed: &Typed, limit: usize) -> Vec<Found> {
        let Some(automaton) = automaton(&typed.name.core, edits(typed.letters)) else {
            return Vec::new();
        };
        let mut best = Best::new(limit);
        self.names.near(&automaton, |key, distance, ordinals| {
            // Another number is another name, not a typo.
            if digits(key).eq(digits(typed.name.core.as_bytes())) {
                best.offer(distance, ordinals);
            }
        });
        best.collect(|distance, ordinal| {
            self.found(ordinal, |entity| {
                let edits = |text: &&String| match automaton.eval(Name::of(text).core) {
                    Distance::Exact(edits) | Distance::AtLeast(edits) => edits,
                };
                let text = texts(entity).min_by_key(edits)?;
                Some(Through::new(Fit::Typo, Closeness::Edits(distance), text))
            })
        })
    }

    /// The nearest names for what nothing fits: an edit more than a typo, or
    /// with a word in common.
    pub(super) fn suggest(&self, typed: &Typed, limit: usize) -> Vec<Match> {
        let core = &typed.gist();
        let mut ordinals: BTreeSet<u32> = BTreeSet::new();
        let edits = match letters(core) {
            0..2 => 0,
            letters => edits(letters) + 1,
        };
        self.spelled_like(core, edits, limit, &mut ordinals);
        for word in core
            .split(' ')
            .filter(|word| word.chars().count() > 2 && *word != "and")
        {
            for keys in [&self.names, &self.inner] {
                let mut best = Best::new(limit);
                best.offer(0, keys.get(word));
                keys.beginning_with(&format!("{word} "), |_, bearers| best.offer(0, bearers));
                ordinals.extend(best.set.iter().map(|(_, ordinal)| ordinal));
            }
        }
        if ordinals.is_empty() {
            for word in core.split(' ') {
                self.spelled_like(word, self::edits(letters(word)), limit, &mut ordinals);
            }
        }
        // Of fewer letters too much begins so.
        if ordinals.is_empty() && letters(core) >= 6 {
            self.begins_like(core, self::edits(letters(core)), limit, &mut ordinals);
        }
        let mut near: Vec<(f64, Match)> = ordinals
            .into_iter()
            .filter_map(|ordinal| {
                // Its legal form too: a typo in it makes it look like part of the name.
                let likeness = |text: &String| {
                    let like = |name: &str| strsim::normalized_damerau_levenshtein(core, name);
                    like(&Name::of(text).core).max(like(&folded(text)))
                };
                let found = self.found(ordinal, |entity| {
                    let nearest = |a: &&String, b: &&String| likeness(a).total_cmp(&likeness(b));
                    let text = texts(entity).max_by(nearest)?;
                    Some(Through::new(Fit::Typo, Closeness::Full, text))
                })?;
                Some((likeness(&found.matched.through), found.matched))
            })
            .collect();
        // Stable: of two that are as near, the more prominent one.
        near.sort_by(|a, b| b.0.total_cmp(&a.0));
        near.into_iter()
            .take(limit)
            .map(|(_, matched)| matched)
            .collect()
    }

    /// Adds whose whole name is within so many edits.
    fn spelled_like(&self, text: &str, edits: u8, limit: usize, found: &mut BTreeSet<u32>) {
        if let Some(automaton) = automaton(text, edits) {
            let mut best = Best::new(limit);
            self.names.near(&automaton, |_, distance, bearers| {
                best.offer(distance, bearers)
            });
            found.extend(best.set.iter().map(|(_, ordinal)| ordinal));
        }
    }

    /// Adds whose name begins within so many edits: `brightwatr` of `brightwater energy`.
    fn begins_like(&self, text: &str, edits: u8, limit: usize, found: &mut BTreeSet<u32>) {
        if let Some(automaton) = prefix_automaton(text, edits) {
            let mut best = Best::new(limit);
            self.names.near(&automaton, |_, distance, bearers| {
                best.offer(distance, bearers)
            });
            found.extend(best.set.iter().map(|(_, ordinal)| ordinal));
        }
    }

    /// Loads the company; `through` says which of its names fitted.
    fn found(&self, ordinal: u32, through: impl Fn(&Entity) -> Option<Through>) -> Option<Found> {
        let entity = self.entity(ordinal)?;
        let Through {
            closeness,
            fit,
            text,
        } = through(&entity)?;
        let parent = entity
            .parent_id
            .and_then(|id| self.get(id))
            .map(|parent| parent.name);
        Some(Found {
            matched: Match {
                entity,
                fit,
                through: text,
                parent,
            },
            ordinal,
            closeness,
        })
    }
}

/// The name that fitted, and how.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Through {
    closeness: Closeness,
    fit: Fit,
    text: String,
}

impl Through {
    fn new(fit: Fit, closeness: Closeness, text: &str) -> Self {
        Through {
            closeness,
            fit,
            text: text.to_owned(),
        }
    }
}

/// The name or alias that is the typed one most closely.
fn closest_name(entity: &Entity, typed: &Typed) -> Option<Through> {
    // `Merck & Co` leaves out the `Inc.`, but does not say `KGaA`.
    let leaves_out = |form: &str| {
        typed
            .name
            .form
            .split(' ')
            .all(|word| word.is_empty() || form.split(' ').any(|other| other == word))
    };
    texts(entity)
        .enumerate()
        .filter_map(|(place, text)| {
            let name = Name::of(text);
            if name.core != typed.name.core {
                return None;
            }
            let exact = folded(text) == typed.folded;
            let closeness = if exact {
                if place == 0 {
                    Closeness::Full
                } else {
                    Closeness::Short
                }
            } else if !leaves_out(&name.form) {
                Closeness::OtherForm
            } else if place > 0 {
                Closeness::Alias
            } else if name.form == typed.name.form {
                Closeness::Spelling
            } else {
                Closeness::Short
            };
            let fit = if exact { Fit::Exact } else { Fit::Normalised };
            Some(Through::new(fit, closeness, text))
        })
        .min_by_key(|through| (through.closeness, through.fit))
}

/// The name, then the aliases.
fn texts(entity: &Entity) -> impl Iterator<Item = &String> {
    std::iter::once(&entity.name).chain(&entity.aliases)
}

fn digits(text: &[u8]) -> impl Iterator<Item = &u8> {
    text.iter().filter(|byte| byte.is_ascii_digit())
}

/// Takes what is at most so many edits away; two letters swapped are one edit.
fn automaton(word: &str, edits: u8) -> Option<DFA> {
    (word.len() <= LONGEST_TYPO).then(|| Some(builder(edits)?.build_dfa(word)))?
}

/// The same of how a key begins.
fn prefix_automaton(word: &str, edits: u8) -> Option<DFA> {
    (word.len() <= LONGEST_TYPO).then(|| Some(builder(edits)?.build_prefix_dfa(word)))?
}

fn builder(edits: u8) -> Option<&'static LevenshteinAutomatonBuilder> {
    static BUILDERS: [LazyLock<LevenshteinAutomatonBuilder>; 3] = [
        LazyLock::new(|| LevenshteinAutomatonBuilder::new(1, true)),
        LazyLock::new(|| LevenshteinAutomatonBuilder::new(2, true)),
        LazyLock::new(|| LevenshteinAutomatonBuilder::new(3, true)),
    ];
    BUILDERS
        .get(usize::from(edits).checked_sub(1)?)
        .map(|builder| &**builder)
}

/// The best of a stream of companies, while it goes by.
struct Best {
    /// A company is offered at most once for each of a few distances.
    most: usize,
    set: BTreeSet<(u8, u32)>,
}

impl Best {
    fn new(limit: usize) -> Self {
        Best {
            most: limit.saturating_mul(3),
            set: BTreeSet::new(),
        }
    }

    /// Ordinals ascend, so the first that is too bad ends it.
    fn offer(&mut self, distance: u8, ordinals: Ordinals<'_>) {
        for ordinal in ordinals {
            if self.set.len() >= self.most && self.set.last() <= Some(&(distance, ordinal)) {
                return;
            }
            self.set.insert((distance, ordinal));
            if self.set.len() > self.most {
                self.set.pop_last();
            }
        }
    }

    /// Each company once, at its best.
    fn collect(self, mut load: impl FnMut(u8, u32) -> Option<Found>) -> Vec<Found> {
        let mut seen = BTreeSet::new();
        self.set
            .into_iter()
            .filter(|(_, ordinal)| seen.insert(*ordinal))
            .filter_map(|(distance, ordinal)| load(distance, ordinal))
            .collect()
    }
}
