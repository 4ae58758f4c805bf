//! What a check finds: what kind of thing, where, both sides, and what to do.
//!
//! Codes are stable: scripts may rely on them. Start at [`Finding`]; [`Findings`] gathers them, and
//! counts what is alike instead of keeping it.

use std::collections::BTreeMap;
use std::fmt::Display;

/// Examples that are kept of what is alike.
pub const EXAMPLES: usize = 3;

/// What is wrong, in the order in which it is told: what keeps the rest from being seen comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    TableMissing,
    TableUnreadable,
    FileUnreadable,
    DirectoryMissing,
    DirectoryUnreadable,
    ColumnMissing,
    ColumnType,
    HudiConfig,
    GlueTableMissing,
    GluePartitions,
    GlueProjection,
    GlueStorage,
    PartitionPath,
    AttributeUnknown,
    DateOutOfRange,
    AttributeName,
    Bucket,
    CreatedDate,
    NullValue,
    DuplicateDecision,
    NoWinner,
    SeveralWinners,
    WinnerValue,
    BrokenChain,
    LatestMissing,
    LatestStale,
    LatestDiffers,
    LatestAhead,
    LatestSeveral,
    LatestDatesMissing,
    LatestDatesExtra,
    DirectoryDiffers,
    CompanyUnknown,
    DuplicateCompany,
    NameEmpty,
    ParentUnknown,
    ParentCircle,
    RankUnusable,
}

/// Who says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    Contract,
    Catalog,
    Files,
    Lake,
    Trace,
    Directory,
    Hudi,
    Glue,
}

/// What the count counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// There is one of it.
    Once,
    Files,
    Folders,
    Decisions,
    Companies,
    Rows,
}

/// Something that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub kind: Kind,
    /// The table, or the file that is no table's.
    pub table: String,
    /// A column, a field of one (`evidence.selected`), or a property.
    pub column: Option<String>,
    pub expected: (Side, String),
    pub found: (Side, String),
    pub count: u64,
    /// A few of what was counted: files, folders, or decisions with what is wrong in them.
    pub examples: Vec<String>,
    /// What to do next.
    pub advice: String,
}

impl Kind {
    /// Stable and snake_case.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Kind::TableMissing => "table_missing",
            Kind::TableUnreadable => "table_unreadable",
            Kind::FileUnreadable => "file_unreadable",
            Kind::DirectoryMissing => "directory_missing",
            Kind::DirectoryUnreadable => "directory_unreadable",
            Kind::ColumnMissing => "column_missing",
            Kind::ColumnType => "column_type",
            Kind::HudiConfig => "hudi_config",
            Kind::GlueTableMissing => "glue_table_missing",
            Kind::GluePartitions => "glue_partitions",
            Kind::GlueProjection => "glue_projection",
            Kind::GlueStorage => "glue_storage",
            Kind::PartitionPath => "partition_path",
            Kind::AttributeUnknown => "attribute_unknown",
            Kind::DateOutOfRange => "date_out_of_range",
            Kind::AttributeName => "attribute_name",
            Kind::Bucket => "bucket",
            Kind::CreatedDate => "created_date",
            Kind::NullValue => "null_value",
            Kind::DuplicateDecision => "duplicate_decision",
            Kind::NoWinner => "no_winner",
            Kind::SeveralWinners => "several_winners",
            Kind::WinnerValue => "winner_value",
            Kind::BrokenChain => "broken_chain",
            Kind::LatestMissing => "latest_missing",
            Kind::LatestStale => "latest_stale",
            Kind::LatestDiffers => "latest_differs",
            Kind::LatestAhead => "latest_ahead",
            Kind::LatestSeveral => "latest_several",
            Kind::LatestDatesMissing => "latest_dates_missing",
            Kind::LatestDatesExtra => "latest_dates_extra",
            Kind::DirectoryDiffers => "directory_differs",
            Kind::CompanyUnknown => "company_unknown",
            Kind::DuplicateCompany => "duplicate_company",
            Kind::NameEmpty => "name_empty",
            Kind::ParentUnknown => "parent_unknown",
            Kind::ParentCircle => "parent_circle",
            Kind::RankUnusable => "rank_unusable",
        }
    }

    #[must_use]
    pub fn unit(self) -> Unit {
        match self {
            Kind::TableMissing
            | Kind::TableUnreadable
            | Kind::DirectoryMissing
            | Kind::DirectoryUnreadable
            | Kind::HudiConfig
            | Kind::GlueTableMissing
            | Kind::GluePartitions
            | Kind::GlueProjection
            | Kind::GlueStorage => Unit::Once,
            Kind::FileUnreadable | Kind::ColumnMissing | Kind::ColumnType => Unit::Files,
            Kind::PartitionPath | Kind::AttributeUnknown | Kind::DateOutOfRange => Unit::Folders,
            Kind::NullValue
            | Kind::LatestStale
            | Kind::LatestDiffers
            | Kind::LatestAhead
            | Kind::LatestDatesMissing
            | Kind::LatestDatesExtra => Unit::Rows,
            Kind::AttributeName
            | Kind::Bucket
            | Kind::CreatedDate
            | Kind::DuplicateDecision
            | Kind::NoWinner
            | Kind::SeveralWinners
            | Kind::WinnerValue
            | Kind::BrokenChain => Unit::Decisions,
            Kind::DirectoryDiffers
            | Kind::CompanyUnknown
            | Kind::LatestMissing
            | Kind::LatestSeveral
            | Kind::DuplicateCompany
            | Kind::NameEmpty
            | Kind::ParentUnknown
            | Kind::ParentCircle
            | Kind::RankUnusable => Unit::Companies,
        }
    }
}

impl Unit {
    /// As scripts read it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Unit::Once => "once",
            Unit::Files => "files",
            Unit::Folders => "folders",
            Unit::Decisions => "decisions",
            Unit::Companies => "companies",
            Unit::Rows => "rows",
        }
    }
}

impl Side {
    /// As people read it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Side::Contract => "the contract",
            Side::Catalog => "the catalog",
            Side::Files => "the files",
            Side::Lake => "the lake",
            Side::Trace => "the trace",
            Side::Directory => "the directory",
            Side::Hudi => "Hudi",
            Side::Glue => "Glue",
        }
    }

    /// As scripts read it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Side::Contract => "contract",
            Side::Catalog => "catalog",
            Side::Files => "files",
            Side::Lake => "lake",
            Side::Trace => "trace",
            Side::Directory => "directory",
            Side::Hudi => "hudi",
            Side::Glue => "glue",
        }
    }
}

impl Finding {
    /// One, without an example.
    #[must_use]
    pub fn new(kind: Kind, table: &str, expected: (Side, String), found: (Side, String)) -> Self {
        Finding {
            kind,
            table: table.to_owned(),
            column: None,
            advice: kind.advice(found.0).to_owned(),
            expected,
            found,
            count: 1,
            examples: Vec::new(),
        }
    }

    #[must_use]
    pub fn column(mut self, column: &str) -> Self {
        self.column = Some(column.to_owned());
        self
    }

    #[must_use]
    pub fn example(mut self, example: String) -> Self {
        self.examples.push(example);
        self
    }

    #[must_use]
    pub fn advise(mut self, advice: &str) -> Self {
        advice.clone_into(&mut self.advice);
        self
    }
}

/// The first few of them, and how many more there are: `a, b and 3 more`.
pub(super) fn some<T: Display>(all: impl ExactSizeIterator<Item = T>, most: usize) -> String {
    let more = all.len().saturating_sub(most);
    let first: Vec<String> = all.take(most).map(|one| one.to_string()).collect();
    let first = first.join(", ");
    match more {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

/// What tells findings apart.
type Key = (Kind, String, Option<String>, (Side, String), (Side, String));

/// Findings, those that are alike as one.
#[derive(Debug, Default)]
pub struct Findings(BTreeMap<Key, Finding>);

impl Findings {
    pub fn add(&mut self, finding: Finding) {
        let key = (
            finding.kind,
            finding.table.clone(),
            finding.column.clone(),
            finding.expected.clone(),
            finding.found.clone(),
        );
        match self.0.get_mut(&key) {
            Some(known) => {
                known.count += finding.count;
                for example in finding.examples {
                    if known.examples.len() < EXAMPLES && !known.examples.contains(&example) {
                        known.examples.push(example);
                    }
                }
            }
            None => {
                self.0.insert(key, finding);
            }
        }
    }

    pub fn extend(&mut self, findings: impl IntoIterator<Item = Finding>) {
        findings.into_iter().for_each(|finding| self.add(finding));
    }

    pub fn merge(&mut self, others: Findings) {
        others.0.into_values().for_each(|finding| self.add(finding));
    }

    /// Without those about a folder's place, which its listing tells already.
    #[must_use]
    pub fn of_rows(mut self) -> Findings {
        self.0.retain(|(kind, ..), _| kind.unit() != Unit::Folders);
        self
    }

    /// Lets go of what follows from something else that was found; whether there was any.
    pub fn drop_all(&mut self, kinds: &[Kind]) -> bool {
        let before = self.0.len();
        self.0.retain(|(kind, ..), _| !kinds.contains(kind));
        self.0.len() < before
    }

    /// Those of a kind, which are in it no more.
    pub fn take(&mut self, kind: Kind) -> Vec<Finding> {
        let taken = self.0.extract_if(.., |(of, ..), _| *of == kind);
        taken.map(|(_, finding)| finding).collect()
    }

    /// By kind, then by place.
    #[must_use]
    pub fn sorted(self) -> Vec<Finding> {
        self.0.into_values().collect()
    }
}
