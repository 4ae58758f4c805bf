//! The catalog: what a team's lake holds and how, read from `why.toml`.
//!
//! Everything that knows the layout, the DDL, the SQL and the engines derives
//! from this. [`Catalog::parse`] refuses a wrong file with every error at once, each with
//! its line and what to write instead. It opens no file and reads no lake.

use jiff::SignedDuration;
use jiff::civil::Date;

use crate::contract::Table;
use crate::layout::Layout;
use crate::value::Kind;
pub use errors::{Error, Errors};

mod duration;
mod errors;
pub mod example;
mod keys;
pub mod location;
pub mod names;
pub mod parse;
#[cfg(test)]
pub(crate) mod tests;
mod write;

/// The default file name.
pub const FILE_NAME: &str = "why.toml";

/// What a catalog may say of its first day: earlier ones cost listings, later ones
/// hide everything.
pub const EARLIEST_FIRST_DATE: Date = Date::constant(1900, 1, 1);
pub const LATEST_FIRST_DATE: Date = Date::constant(2100, 1, 1);
/// Three months, two years, then everything.
pub const DEFAULT_LADDER_DAYS: [u32; 2] = [90, 730];
/// Some 27 years of days; Athena plans as many in about half a second.
pub const DEFAULT_MAX_PARTITIONS: u32 = 10_000;

#[derive(Debug, Clone, PartialEq)]
pub struct Catalog {
    pub lake: Lake,
    pub layout: Layout,
    pub columns: Columns,
    /// At least one; names are unique, aliases too.
    pub attributes: Vec<Attribute>,
    pub sources: Vec<Source>,
    pub rules: Vec<Rule>,
    /// The look-back ladder in days, ascending; "everything" is always its last rung.
    pub ladder_days: Vec<u32>,
    /// A plan that would read more trace partitions than this is refused with a
    /// narrower suggestion. Counts partitions of one rung.
    pub max_partitions: u32,
    pub cost: Cost,
}

/// Where the tables are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lake {
    /// As written: `.`, `/data/lake`, `file:///…` or `s3://bucket/prefix`.
    /// Relative paths start at the catalog file.
    pub location: String,
    /// Glue database.
    pub database: String,
    /// Table name and folder below the location.
    pub trace: String,
    /// Table name and folder of the latest table, where there is one.
    pub latest: Option<String>,
    /// Table name and folder of the entities (DDL only).
    pub entities: String,
    /// The directory file below the location.
    pub directory: String,
}

impl Default for Lake {
    fn default() -> Self {
        Lake {
            location: ".".to_owned(),
            database: "why".to_owned(),
            trace: "attribute_trace".to_owned(),
            latest: None,
            entities: "entities".to_owned(),
            directory: "directory.why".to_owned(),
        }
    }
}

impl Lake {
    /// Where a table (or the directory file) lies: below the location, by its name.
    #[must_use]
    pub fn root(&self, name: &str) -> String {
        let location = self.location.as_str();
        let slash = if location.ends_with('/') { "" } else { "/" };
        format!("{location}{slash}{name}")
    }

    /// Else it lies on a disk of this machine.
    #[must_use]
    pub fn is_on_s3(&self) -> bool {
        self.location.starts_with("s3://")
    }

    #[must_use]
    pub fn directory_file(&self) -> String {
        self.root(&self.directory)
    }
}

/// The team's own column names; the contract's by default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    pub decision_id: String,
    pub entity_id: String,
    pub decided_at: String,
    pub value: String,
    pub previous_value: String,
    pub rule: String,
    pub rule_version: String,
    pub reason: String,
    pub run_id: String,
    pub actor: String,
    pub is_override: String,
    pub evidence: String,
    pub decision_dates: String,
}

impl Default for Columns {
    fn default() -> Self {
        Columns {
            decision_id: "decision_id".to_owned(),
            entity_id: "entity_id".to_owned(),
            decided_at: "decided_at".to_owned(),
            value: "value".to_owned(),
            previous_value: "previous_value".to_owned(),
            rule: "rule".to_owned(),
            rule_version: "rule_version".to_owned(),
            reason: "reason".to_owned(),
            run_id: "run_id".to_owned(),
            actor: "actor".to_owned(),
            is_override: "override".to_owned(),
            evidence: "evidence".to_owned(),
            decision_dates: "decision_dates".to_owned(),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// The partition value.
    pub name: String,
    /// For people; by default the name with spaces.
    pub label: String,
    /// Other words for it, as people type them.
    pub aliases: Vec<String>,
    pub kind: Kind,
    /// `USD`, `people`, `%`: shown after the value.
    pub unit: Option<String>,
    /// Older observations than this are stale.
    pub stale_after: Option<SignedDuration>,
    /// A change of sign is an alarm.
    pub sign_fixed: bool,
    /// Its values are names of the company: the directory finds it by them, old ones too.
    pub is_name: bool,
    pub visible_to: Visibility,
    pub thresholds: Thresholds,
}

/// Who may see an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visibility {
    Everyone,
    /// Slack ids of channels, users and user groups.
    Only {
        channels: Vec<String>,
        users: Vec<String>,
        groups: Vec<String>,
    },
}

/// EXPLAIN.md's thresholds; `[thresholds]` sets them for all, an attribute's
/// own table for itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Thresholds {
    /// `late`: observed longer before it was decided.
    pub late_after: SignedDuration,
    /// `flapping`: this many restored changes …
    pub flapping_changes: u32,
    /// … within this time before as-of.
    pub flapping_within: SignedDuration,
    /// `tie`: confidence within this, …
    pub tie_confidence: f64,
    /// … and observed within this of the winner.
    pub tie_within: SignedDuration,
    /// `jump`: by more than this factor, …
    pub jump_factor: f64,
    /// … this recently.
    pub jump_within: SignedDuration,
    /// `low_confidence`: winner below this.
    pub low_confidence: f64,
    /// `close`: numbers within this share of the current value.
    pub close_within: f64,
}

impl Default for Thresholds {
    fn default() -> Self {
        let days = |days: i64| SignedDuration::from_hours(days * 24);
        Thresholds {
            late_after: days(30),
            flapping_changes: 3,
            flapping_within: days(30),
            tie_confidence: 0.01,
            tie_within: days(1),
            jump_factor: 10.0,
            jump_within: days(30),
            low_confidence: 0.5,
            close_within: 0.05,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// As in `evidence.source`.
    pub name: String,
    pub label: String,
    /// With `{record_id}`, percent-encoded when filled in. Used where a candidate has no url.
    pub link: Option<String>,
    /// May be named to outsiders and in shared answers.
    pub disclosable: bool,
}

/// A survivorship rule as the team declares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// As in the trace's `rule` column.
    pub name: String,
    /// The versions this declaration speaks for; empty means all of them.
    pub versions: Vec<String>,
    pub kind: RuleKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleKind {
    /// The first source of this order that has a value wins.
    SourcePriority(Vec<String>),
    /// The newest observation wins.
    Recency,
    /// The highest confidence wins.
    Confidence,
    /// The value that most sources say wins.
    Frequency,
}

/// What Athena charges.
#[derive(Debug, Clone, PartialEq)]
pub struct Cost {
    pub usd_per_tb: f64,
    /// Charged for at least this many bytes a query.
    pub minimum_bytes: u64,
}

impl Default for Cost {
    /// Athena's price per query: <https://aws.amazon.com/athena/pricing/>.
    fn default() -> Self {
        Cost {
            usd_per_tb: 5.0,
            minimum_bytes: 10_000_000,
        }
    }
}

/// What S3 charges for a request: <https://aws.amazon.com/s3/pricing/>, S3 Standard in us-east-1.
pub const USD_PER_GET: f64 = 0.0004 / 1_000.0;
pub const USD_PER_LIST: f64 = 0.005 / 1_000.0;
/// What Athena enumerates for one query at most.
pub const ATHENA_MOST_PARTITIONS: u64 = 1_000_000;

/// What people read where a label is not set: the name, with spaces.
#[must_use]
pub fn default_label(name: &str) -> String {
    match name.replace('_', " ").trim() {
        "" => name.to_owned(),
        label => label.to_owned(),
    }
}

impl Catalog {
    /// The team's own names of columns, beside those of the contract.
    #[must_use]
    pub fn named_columns(&self) -> [(&'static str, &str); 16] {
        // Whole, so that a column that is added can't be left out.
        let Columns {
            decision_id,
            entity_id,
            decided_at,
            value,
            previous_value,
            rule,
            rule_version,
            reason,
            run_id,
            actor,
            is_override,
            evidence,
            decision_dates,
        } = &self.columns;
        let partition = &self.layout.columns;
        [
            ("decision_id", decision_id),
            ("entity_id", entity_id),
            ("decided_at", decided_at),
            ("value", value),
            ("previous_value", previous_value),
            ("rule", rule),
            ("rule_version", rule_version),
            ("reason", reason),
            ("run_id", run_id),
            ("actor", actor),
            ("override", is_override),
            ("evidence", evidence),
            ("decision_dates", decision_dates),
            ("attribute_name", &partition.attribute),
            ("entity_id_mod", &partition.bucket),
            ("created_date", &partition.date),
        ]
    }

    /// The team's own name of a column of the contract; the companies' are the contract's.
    #[must_use]
    pub fn column<'a>(&'a self, table: Table, name: &'a str) -> &'a str {
        match table {
            Table::Entities => name,
            Table::Trace | Table::Latest => {
                let mut named = self.named_columns().into_iter();
                named
                    .find(|(contract, _)| *contract == name)
                    .map_or(name, |(_, own)| own)
            }
        }
    }

    /// The name of a table's folder and of the table in Glue, where there is one.
    #[must_use]
    pub fn table(&self, table: Table) -> Option<&str> {
        match table {
            Table::Trace => Some(&self.lake.trace),
            Table::Latest => self.lake.latest.as_deref(),
            Table::Entities => Some(&self.lake.entities),
        }
    }

    /// By the name in the trace.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|a| a.name == name)
    }

    #[must_use]
    pub fn source(&self, name: &str) -> Option<&Source> {
        self.sources.iter().find(|s| s.name == name)
    }

    /// What people read for a source: its label, else its name.
    #[must_use]
    pub fn source_label<'a>(&'a self, name: &'a str) -> &'a str {
        self.source(name).map_or(name, |source| &source.label)
    }

    /// The declaration that speaks for this rule and version.
    #[must_use]
    pub fn rule(&self, name: &str, version: Option<&str>) -> Option<&Rule> {
        self.rules.iter().find(|rule| {
            rule.name == name
                && (rule.versions.is_empty()
                    || version.is_some_and(|v| rule.versions.iter().any(|own| own == v)))
        })
    }

    /// Whether any declaration of this rule names versions.
    #[must_use]
    pub fn declares_versions_of(&self, rule: &str) -> bool {
        self.rules
            .iter()
            .any(|r| r.name == rule && !r.versions.is_empty())
    }
}
