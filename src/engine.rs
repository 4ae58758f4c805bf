//! Engines: a plan goes in, decisions and a receipt come out.
//!
//! [`direct`] reads the lake's Parquet itself. Whatever the engine, the same
//! plan over the same lake gives the same decisions. Errors name the file or
//! the table and never turn into a missing decision.

use crate::answer::Read;
use crate::error::Class;
use crate::trace::Decision;

pub mod direct;

/// What an engine found.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    /// In no particular order, possibly with copies: `Trace::new` sorts that out.
    pub decisions: Vec<Decision>,
    pub read: Read,
}

/// Why an engine could not answer. The Display text is what a person reads.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no lake at {location}: {reason}")]
    NoLake { location: String, reason: String },
    #[error("{file} can't be read: {reason}")]
    CorruptFile { file: String, reason: String },
    #[error("{file} has no column {column}")]
    MissingColumn { file: String, column: String },
    #[error("{table} is {what}, which is not supported")]
    Unsupported { table: String, what: String },
    /// What a Hudi table says of itself can't be read, or contradicts the catalog.
    #[error("{table} is broken as a Hudi table: {reason}")]
    BrokenTable { table: String, reason: String },
    /// `decision_dates` names a partition of the trace without a row of this entity.
    #[error(
        "{latest} says that {partition} holds decisions of company {entity_id}, but there are none"
    )]
    MissingDecisions {
        latest: String,
        partition: String,
        entity_id: i64,
    },
    #[error("{table} was rewritten while it was read, twice")]
    Rewritten { table: String },
    #[error(
        "this question would read {planned} partitions, more than the {limit} that the catalog allows"
    )]
    TooMuch { planned: u64, limit: u64 },
    #[error("the lake did not answer in time: {what}")]
    TimedOut { what: String },
    #[error("the lake could not be reached: {what}")]
    Unavailable { what: String },
    #[error("the lake refused: {what}")]
    Denied { what: String },
    /// The store will never do this as it is set up.
    #[error("the lake can't be used as it is set up: {what}")]
    Misconfigured { what: String },
}

impl Error {
    #[must_use]
    pub fn class(&self) -> Class {
        match self {
            Error::TooMuch { .. } => Class::User,
            Error::Rewritten { .. } | Error::TimedOut { .. } | Error::Unavailable { .. } => {
                Class::Retry
            }
            Error::NoLake { .. }
            | Error::CorruptFile { .. }
            | Error::MissingColumn { .. }
            | Error::BrokenTable { .. }
            | Error::MissingDecisions { .. }
            | Error::Denied { .. }
            | Error::Misconfigured { .. }
            | Error::Unsupported { .. } => Class::Internal,
        }
    }

    /// Stable and snake_case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Error::NoLake { .. } => "no_lake",
            Error::CorruptFile { .. } => "corrupt_file",
            Error::MissingColumn { .. } => "missing_column",
            Error::Unsupported { .. } => "unsupported_table",
            Error::MissingDecisions { .. } => "missing_decisions",
            Error::Rewritten { .. } => "table_rewritten",
            Error::TooMuch { .. } => "too_much",
            Error::TimedOut { .. } => "timed_out",
            Error::Unavailable { .. } => "unavailable",
            Error::Denied { .. } => "denied",
            Error::Misconfigured { .. } => "misconfigured",
            Error::BrokenTable { .. } => "broken_table",
        }
    }

    /// What to do next.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Error::NoLake { .. } => {
                "Check `location` in the catalog, or make a lake with `why import`."
            }
            Error::CorruptFile { .. } => {
                "Restore or rewrite that file; until then this question has no sure answer."
            }
            Error::MissingColumn { .. } => {
                "Name your own column under [columns] in the catalog, or add it to the table."
            }
            Error::Unsupported { .. } => {
                "Write it as a Hudi copy-on-write table of version 6, or as plain Parquet."
            }
            Error::Rewritten { .. } | Error::TimedOut { .. } | Error::Unavailable { .. } => {
                "Ask again in a moment."
            }
            Error::MissingDecisions { .. } => {
                "Restore that partition of the trace, or rebuild the latest table from the trace, which is to be written first; until then this question has no sure answer."
            }
            Error::TooMuch { .. } => "Ask for a shorter time, such as `since` a date.",
            Error::Denied { .. } => {
                "Let whoever asks list and read that location: on S3 these credentials (s3:ListBucket, s3:GetObject), on a disk this user."
            }
            Error::Misconfigured { .. } => {
                "Check `location` in the catalog and the store's options, such as region and endpoint."
            }
            Error::BrokenTable { .. } => {
                "Compare its .hoodie folder and the catalog's [layout] with what writes the table, and mend whichever is wrong."
            }
        }
    }
}
