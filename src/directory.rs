//! The directory: from what was typed to a company.
//!
//! Built from `entities` into one compact file that is opened at start. Knows
//! names, not traces. Start at [`Directory::resolve`].

use std::path::Path;

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
}

impl Match {
    /// What tells it apart from its neighbours: `acme.com · ACME · #17`.
    #[must_use]
    pub fn detail(&self) -> String {
        format!("#{}", self.entity.entity_id)
    }
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

#[derive(Debug)]
pub struct Directory {}

impl Directory {
    /// Opens the file; cheap whatever its size.
    pub fn open(file: &Path) -> Result<Self, Error> {
        let _ = file;
        Ok(Directory {})
    }

    /// The same from bytes (as fetched from S3). `origin` names them in errors.
    pub fn from_bytes(bytes: Vec<u8>, origin: &str) -> Result<Self, Error> {
        let _ = (bytes, origin);
        Ok(Directory {})
    }

    /// One clear match, several, or suggestions.
    #[must_use]
    pub fn resolve(&self, typed: &str) -> Resolution {
        let _ = typed;
        Resolution::None(vec![])
    }

    /// Whether these words are some company's name, alias, domain or id (`Fit::Id` to `Fit::Normalised`).
    #[must_use]
    pub fn knows(&self, typed: &str) -> bool {
        let _ = typed;
        false
    }

    /// Ranked matches for a search box, at most `limit`.
    #[must_use]
    pub fn search(&self, typed: &str, limit: usize) -> Vec<Match> {
        let _ = (typed, limit);
        vec![]
    }

    #[must_use]
    pub fn get(&self, entity_id: i64) -> Option<Entity> {
        let _ = entity_id;
        None
    }

    /// How many companies.
    #[must_use]
    pub fn len(&self) -> usize {
        0
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Writes the directory file, atomically. Entities in any order; of two with one id the last stays.
pub fn build(entities: impl IntoIterator<Item = Entity>, file: &Path) -> Result<usize, Error> {
    let _ = (entities.into_iter().count(), file);
    Ok(0)
}
