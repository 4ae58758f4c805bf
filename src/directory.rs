//! The directory: from what was typed to a company.
//!
//! Built from `entities` into one compact file (`format.rs`) that is opened at
//! start. Knows names, not traces. Start at [`Directory::resolve`]; the ways to
//! find a name are in `find.rs`, what makes two spellings one in `names`.

use std::path::Path;

mod build;
mod find;
mod format;
mod keys;
mod record;
#[cfg(test)]
mod tests;

pub use build::build;

use find::{Found, Step, Typed};
use format::Part;
use keys::Keys;

/// A company as the directory knows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entity {
    pub entity_id: i64,
    pub name: String,
    pub domain: Option<String>,
    /// Tickers and other names, former names too.
    pub aliases: Vec<String>,
    pub parent_id: Option<i64>,
    /// Higher is more prominent; breaks ties. 0 where unknown.
    pub rank: f64,
}

/// How what was typed met the name, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    Id,
    Domain,
    /// The very name or alias, case aside.
    Exact,
    /// The same but for accents, width, punctuation, legal forms.
    Normalised,
    /// The typed words begin the name's words.
    Prefix,
    /// Within an edit or two.
    Typo,
}

impl Fit {
    /// The name in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Fit::Id => "id",
            Fit::Domain => "domain",
            Fit::Exact => "exact",
            Fit::Normalised => "normalised",
            Fit::Prefix => "prefix",
            Fit::Typo => "typo",
        }
    }
}

/// A name that fits what was typed.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    pub entity: Entity,
    pub fit: Fit,
    /// The name, alias or domain that fitted (`Facebook` for Meta Platforms).
    pub through: String,
    /// The name of the company that it belongs to, where that is known.
    pub parent: Option<String>,
}

impl Match {
    /// What tells it apart from its neighbours: `acme.com · ACME · part of Acme Holding · #17`.
    #[must_use]
    pub fn detail(&self) -> String {
        let entity = &self.entity;
        let fitted = entity.aliases.iter().find(|alias| **alias == self.through);
        let alias = fitted.or_else(|| entity.aliases.iter().find(|alias| is_ticker(alias)));
        let parent = self
            .parent
            .as_ref()
            .map(|parent| format!("part of {parent}"));
        let parts = [entity.domain.clone(), alias.cloned(), parent];
        let mut parts: Vec<String> = parts.into_iter().flatten().collect();
        parts.push(format!("#{}", entity.entity_id));
        parts.join(" · ")
    }
}

/// Looks like a ticker rather than a name: `BRK.B`, `7203.T`.
fn is_ticker(alias: &str) -> bool {
    (1..=8).contains(&alias.len())
        && alias.chars().all(|c| {
            c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | ':' | '/')
        })
}

#[derive(Debug, Clone, PartialEq)]
pub enum Resolution {
    /// Goes on without asking.
    One(Match),
    /// Buttons: best first, at most 10.
    Several(Vec<Match>),
    /// Nothing fits; the nearest names as suggestions, possibly none.
    None(Vec<Match>),
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no directory at {file}: {reason}")]
    Missing { file: String, reason: String },
    #[error("{file} is not a usable directory: {reason}")]
    Corrupt { file: String, reason: String },
    #[error("{file} was written by another version ({found}; this one reads {expected})")]
    Version {
        file: String,
        found: u32,
        expected: u32,
    },
    #[error("the directory could not be written to {file}: {reason}")]
    Write { file: String, reason: String },
}

/// Companies by every name they have; whole in memory, read without unpacking.
pub struct Directory {
    count: usize,
    records: Part,
    /// Where each record begins, by ordinal.
    offsets: Part,
    /// Id and ordinal, by id.
    ids: Part,
    names: Keys,
    /// What begins at a later word of a name.
    inner: Keys,
    domains: Keys,
}

/// The most choices that are offered at once.
const MOST: usize = 10;
/// An id and its ordinal.
const ID_ROW: usize = 12;

impl Directory {
    /// Opens the file: reads it and checks its checksum, but unpacks nothing.
    ///
    /// # Errors
    /// That it is missing, damaged or another version's.
    pub fn open(file: &Path) -> Result<Self, Error> {
        let origin = file.display().to_string();
        match std::fs::read(file) {
            Ok(bytes) => Self::from_bytes(bytes, &origin),
            Err(e) => Err(Error::Missing {
                file: origin,
                reason: e.to_string(),
            }),
        }
    }

    /// The same from bytes (as fetched from S3). `origin` names them in errors.
    ///
    /// # Errors
    /// That they are damaged or another version's.
    pub fn from_bytes(bytes: Vec<u8>, origin: &str) -> Result<Self, Error> {
        let corrupt = || Error::Corrupt {
            file: origin.to_owned(),
            reason: "its parts do not fit together".to_owned(),
        };
        let format::Split { count, parts } = format::split(bytes, origin)?;
        let [
            records,
            offsets,
            ids,
            names,
            name_postings,
            inner,
            inner_postings,
            rest @ ..,
        ] = parts;
        let [domains, domain_postings] = rest;
        let count = usize::try_from(count).map_err(|_| corrupt())?;
        let rows = |part: &Part, size| Some(part.as_ref().len()) == count.checked_mul(size);
        if !rows(&offsets, 4) || !rows(&ids, ID_ROW) {
            return Err(corrupt());
        }
        Ok(Directory {
            count,
            records,
            offsets,
            ids,
            names: Keys::new(names, name_postings).ok_or_else(corrupt)?,
            inner: Keys::new(inner, inner_postings).ok_or_else(corrupt)?,
            domains: Keys::new(domains, domain_postings).ok_or_else(corrupt)?,
        })
    }

    /// One clear match, several, or suggestions.
    ///
    /// The first kind of fit that finds anyone decides. Of several who bear the
    /// very name, one is clear if no other bears it as closely: a current name
    /// beats another's alias, the legal form typed beats another form.
    #[must_use]
    pub fn resolve(&self, typed: &str) -> Resolution {
        let typed = Typed::of(typed);
        let Some(mut found) = Step::ALL
            .iter()
            .map(|step| self.find(*step, &typed, MOST))
            .find(|f| !f.is_empty())
        else {
            return Resolution::None(self.suggest(&typed, MOST));
        };
        match find::clear(&found, &typed) {
            find::Clear::One(at) => Resolution::One(found.swap_remove(at).matched),
            find::Clear::No => Resolution::Several(matches(found, MOST)),
            find::Clear::Doubtful => Resolution::None(matches(found, MOST)),
        }
    }

    /// Whether these words are some company's name, alias, domain or id (`Fit::Id` to `Fit::Normalised`).
    #[must_use]
    pub fn knows(&self, typed: &str) -> bool {
        let typed = Typed::of(typed);
        Step::KNOWN
            .iter()
            .any(|step| !self.find(*step, &typed, 1).is_empty())
    }

    /// Ranked matches for a search box, at most `limit`.
    #[must_use]
    pub fn search(&self, typed: &str, limit: usize) -> Vec<Match> {
        let typed = Typed::of(typed);
        let mut all: Vec<Found> = Vec::new();
        for step in Step::ALL {
            // Those found already count again.
            let wanted = limit.saturating_add(all.len());
            if all.len() < limit {
                for found in self.find(step, &typed, wanted) {
                    if all.iter().all(|known| known.ordinal != found.ordinal) {
                        all.push(found);
                    }
                }
            }
        }
        matches(all, limit)
    }

    /// The company with this id.
    #[must_use]
    pub fn get(&self, entity_id: i64) -> Option<Entity> {
        self.entity(self.ordinal(entity_id)?)
    }

    /// The ids of all companies, from the smallest.
    pub fn ids(&self) -> impl Iterator<Item = i64> {
        let id = |at| format::number(self.ids.as_ref(), at * ID_ROW).map(i64::from_le_bytes);
        (0..self.count).filter_map(id)
    }

    /// The companies of the highest rank, best first; of one rank those with the smallest ids.
    #[must_use]
    pub fn foremost(&self, most: usize) -> Vec<Entity> {
        let mut foremost: Vec<Entity> = Vec::new();
        for ordinal in 0..u32::try_from(self.count).unwrap_or(u32::MAX) {
            let Some(entity) = self.entity(ordinal) else {
                continue;
            };
            let before = |other: &Entity| {
                let by_rank = other.rank.total_cmp(&entity.rank).reverse();
                by_rank.then(other.entity_id.cmp(&entity.entity_id)).is_lt()
            };
            let at = foremost.partition_point(before);
            if at < most {
                foremost.insert(at, entity);
                foremost.truncate(most);
            }
        }
        foremost
    }

    /// How many companies.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn ordinal(&self, entity_id: i64) -> Option<u32> {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = low + (high - low) / 2;
            let at = middle * ID_ROW;
            let id = i64::from_le_bytes(format::number(self.ids.as_ref(), at)?);
            match id.cmp(&entity_id) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => {
                    return format::number(self.ids.as_ref(), at + 8).map(u32::from_le_bytes);
                }
            }
        }
        None
    }

    fn entity(&self, ordinal: u32) -> Option<Entity> {
        let at = usize::try_from(ordinal).ok()?.checked_mul(4)?;
        let offset = format::number(self.offsets.as_ref(), at).map(u32::from_le_bytes)?;
        record::decode(self.records.as_ref().get(usize::try_from(offset).ok()?..)?)
    }
}

impl std::fmt::Debug for Directory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Directory")
            .field("count", &self.count)
            .finish_non_exhaustive()
    }
}

fn matches(found: Vec<Found>, limit: usize) -> Vec<Match> {
    found
        .into_iter()
        .take(limit)
        .map(|found| found.matched)
        .collect()
}
