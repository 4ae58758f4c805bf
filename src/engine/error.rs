//! Why an engine could not answer: what a person reads, its class, and what to do next.
//!
//! One place for all engines, so that the same trouble reads the same. Start at [`Error`].

use crate::error::Class;

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
    /// Something in it keeps all that lies beside it from being listed.
    #[error("the lake can't be listed: {what}")]
    Unlistable { what: String },
    #[error("Athena takes no more at the moment: {what}")]
    Throttled { what: String },
    #[error("Athena did not let these credentials do it: {what}")]
    AthenaDenied { what: String },
    /// It never ran: the SQL, the workgroup or the database is not what Athena expects.
    #[error("Athena refused {what}")]
    QueryRefused { what: String },
    /// It ran and can't end well as things are.
    #[error("Athena's query {query_id} failed: {reason}")]
    QueryFailed { query_id: String, reason: String },
    /// It ran and may end well in a moment.
    #[error("Athena's query {query_id} was interrupted: {reason}")]
    QueryInterrupted { query_id: String, reason: String },
    #[error(
        "Athena's query {query_id} was cancelled by somebody else; what it had scanned is billed"
    )]
    QueryCancelled { query_id: String },
    #[error("Athena's query {query_id} did not end within {seconds} s; {ended}")]
    QueryTimedOut {
        query_id: String,
        seconds: u64,
        ended: Ended,
    },
    /// What is scanned up to the cut-off is billed.
    #[error(
        "this question would scan more than the cut-off of Athena's workgroup {workgroup} allows; what was scanned until then is billed"
    )]
    ScanCutOff { workgroup: String },
    #[error("the result of Athena's query {query_id} can't be read: {reason}")]
    BadResult { query_id: String, reason: String },
}

/// What became of a query that took too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    Stopped,
    /// Athena did not take the order to stop it.
    GoesOn,
}

impl std::fmt::Display for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Ended::Stopped => "it was stopped, and what it had scanned by then is billed",
            Ended::GoesOn => "it could not be stopped, and all that it still scans is billed",
        })
    }
}

impl Error {
    #[must_use]
    pub fn class(&self) -> Class {
        match self {
            Error::TooMuch { .. } | Error::ScanCutOff { .. } => Class::User,
            Error::Rewritten { .. }
            | Error::TimedOut { .. }
            | Error::Unavailable { .. }
            | Error::Throttled { .. }
            | Error::QueryInterrupted { .. }
            | Error::QueryCancelled { .. }
            | Error::QueryTimedOut { .. } => Class::Retry,
            Error::NoLake { .. }
            | Error::CorruptFile { .. }
            | Error::MissingColumn { .. }
            | Error::BrokenTable { .. }
            | Error::MissingDecisions { .. }
            | Error::Denied { .. }
            | Error::Misconfigured { .. }
            | Error::Unlistable { .. }
            | Error::Unsupported { .. }
            | Error::AthenaDenied { .. }
            | Error::QueryRefused { .. }
            | Error::QueryFailed { .. }
            | Error::BadResult { .. } => Class::Internal,
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
            Error::Misconfigured { .. } | Error::Unlistable { .. } => "misconfigured",
            Error::BrokenTable { .. } => "broken_table",
            Error::Throttled { .. } => "throttled",
            Error::AthenaDenied { .. } => "athena_denied",
            Error::QueryRefused { .. } => "query_refused",
            Error::QueryFailed { .. } => "query_failed",
            Error::QueryInterrupted { .. } => "query_interrupted",
            Error::QueryCancelled { .. } => "query_cancelled",
            Error::QueryTimedOut { .. } => "query_timed_out",
            Error::ScanCutOff { .. } => "scan_cut_off",
            Error::BadResult { .. } => "bad_result",
        }
    }

    /// What to do next.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Error::NoLake { .. } => {
                "Check `location` in the catalog, or what `--lake` names, or make a lake with `why import`."
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
            Error::Rewritten { .. }
            | Error::TimedOut { .. }
            | Error::Unavailable { .. }
            | Error::Throttled { .. }
            | Error::QueryInterrupted { .. }
            | Error::QueryCancelled { .. } => "Ask again in a moment.",
            Error::QueryTimedOut { .. } => {
                "Ask again in a moment, or for a shorter time, such as `since` a date."
            }
            Error::MissingDecisions { .. } => {
                "Restore that partition of the trace, or rebuild the latest table from the trace, which is to be written first; until then this question has no sure answer."
            }
            Error::TooMuch { .. } | Error::ScanCutOff { .. } => {
                "Ask for a shorter time, such as `since` a date."
            }
            Error::Denied { .. } => {
                "Let whoever asks list and read that location: on S3 these credentials (s3:ListBucket, s3:GetObject), on a disk this user."
            }
            Error::Misconfigured { .. } => {
                "Check `location` in the catalog and the store's options, such as region and endpoint."
            }
            Error::Unlistable { .. } => {
                "Remove or rename that folder or link: nothing beside it can be listed while it is there."
            }
            Error::AthenaDenied { .. } => {
                "Let them start, look at, read and stop queries in that workgroup (athena:StartQueryExecution, GetQueryExecution, GetQueryResults, StopQueryExecution), and renew them where they ran out."
            }
            Error::QueryRefused { .. } => {
                "Check WHY_ATHENA_WORKGROUP, the catalog's `database` and the region: that workgroup, with a place for results, and that database must be there."
            }
            Error::QueryFailed { .. } => {
                "Compare the tables in Glue with what `why ddl` prints, and let whoever asks read the lake and write the workgroup's results; Athena's console shows the query by its id."
            }
            Error::BadResult { .. } => {
                "Compare the tables in Glue with what `why ddl` prints; Athena's console shows the query by its id."
            }
            Error::BrokenTable { .. } => {
                "Compare its .hoodie folder and the catalog's [layout] with what writes the table, and mend whichever is wrong."
            }
        }
    }
}
