//! What a check finds: what kind of thing, where, both sides, and what to do.
//!
//! Codes are stable: scripts may rely on them. Start at [`Finding`]; [`Findings`] gathers them, and
//! counts what is alike instead of keeping it.

use std::collections::BTreeMap;

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
    LatestDates,
    CompanyUnknown,
    DuplicateCompany,
    NameEmpty,
    ParentUnknown,
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
            Kind::LatestDates => "latest_dates",
            Kind::CompanyUnknown => "company_unknown",
            Kind::DuplicateCompany => "duplicate_company",
            Kind::NameEmpty => "name_empty",
            Kind::ParentUnknown => "parent_unknown",
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
            | Kind::LatestDates => Unit::Rows,
            Kind::AttributeName
            | Kind::Bucket
            | Kind::CreatedDate
            | Kind::DuplicateDecision
            | Kind::NoWinner
            | Kind::SeveralWinners
            | Kind::WinnerValue
            | Kind::BrokenChain => Unit::Decisions,
            Kind::CompanyUnknown
            | Kind::LatestMissing
            | Kind::LatestSeveral
            | Kind::DuplicateCompany
            | Kind::NameEmpty
            | Kind::ParentUnknown
            | Kind::RankUnusable => Unit::Companies,
        }
    }

    pub(super) fn advice(self, side: Side) -> &'static str {
        match (self, side) {
            (Kind::ColumnMissing | Kind::ColumnType | Kind::GluePartitions, Side::Glue) => {
                "Make the table in Glue anew with what `why ddl` prints, or deploy the stack again: \
                 dropping an external table deletes no file."
            }
            (Kind::ColumnMissing, _) => {
                "Let the pipeline write it again; or, where it is called otherwise, name your own \
                 column under [columns] in the catalog."
            }
            (Kind::ColumnType, _) => {
                "Write it in the contract's type, and those files anew: Athena reads every file by \
                 the table's types."
            }
            (Kind::TableMissing, _) => "Write that table, or take it out of [lake] in the catalog.",
            (Kind::TableUnreadable, _) => {
                "Compare its .hoodie folder and the catalog's [layout] with what writes the table."
            }
            (Kind::FileUnreadable, _) => {
                "Restore or rewrite those files; until then questions that need them have no answer."
            }
            (Kind::DirectoryMissing, _) => {
                "Make it with `why directory build`: without it no question is answered."
            }
            (Kind::DirectoryUnreadable, _) => {
                "Make it anew with `why directory build`: until then no question is answered."
            }
            (Kind::HudiConfig, _) => {
                "Set it in the job that writes the table, as infra/pipeline/tables.py does; what is \
                 written already may have to be written anew."
            }
            (Kind::GlueTableMissing, _) => {
                "Make it with what `why ddl` prints, or deploy the stack with CreateTables=true."
            }
            (Kind::GluePartitions, _) => {
                "Make the table in Glue anew with what `why ddl` prints: partition keys can't be \
                 altered."
            }
            (Kind::GlueProjection, _) => {
                "Set the table's property to what `why ddl` prints (ALTER TABLE … SET \
                 TBLPROPERTIES), or deploy the stack again; where Glue is right, mend the catalog."
            }
            (Kind::GlueStorage, _) => {
                "Make the table in Glue anew with what `why ddl` prints; where Glue is right, mend \
                 [lake] in the catalog."
            }
            (Kind::PartitionPath, _) => {
                "Nobody ever reads what lies there: move it to where [layout] puts it, or mend \
                 [layout]."
            }
            (Kind::AttributeUnknown, _) => {
                "Nobody can ask about it, and no projection reads it: add it under [attributes] in \
                 the catalog and to Glue's projection (`why ddl`), or remove the folders."
            }
            (Kind::DateOutOfRange, _) => {
                "No question and no projection reaches it: for an early one set [layout] first_date \
                 to the oldest decision's day; one ahead of today is decided_at's fault: mend it in the \
                 pipeline."
            }
            (Kind::AttributeName, _) => {
                "The folder decides for every reader: write the row's own column like it."
            }
            (Kind::Bucket, _) => {
                "Questions look in the right bucket only: let the pipeline compute it as pmod, by \
                 the catalog's buckets, and write these decisions anew."
            }
            (Kind::CreatedDate, _) => {
                "Questions look by the day of decided_at in UTC: let the pipeline compute it in \
                 UTC, and write these decisions anew."
            }
            (Kind::NullValue, _) => {
                "Such a row makes every question that meets it fail: mend what writes it."
            }
            (Kind::DuplicateDecision, _) => {
                "Readers take one of them, the one that was written last; of plain files, and of \
                 those written together, chance says which that is: write each decision_id once."
            }
            (Kind::NoWinner, _) => {
                "What decided can't be told: let the pipeline mark the chosen candidate, or say \
                 that a person overrode it."
            }
            (Kind::SeveralWinners, _) => {
                "What decided can't be told: let the pipeline mark one candidate only."
            }
            (Kind::WinnerValue, _) => {
                "The answer names a source that says something else: let the pipeline mark the \
                 candidate whose value it chose, or say that a person overrode it."
            }
            (Kind::LatestMissing, _) => {
                "Nobody gets an answer about them: write the latest table after the trace, from the \
                 same decisions. Where that is under way, check again."
            }
            (Kind::LatestStale, _) => {
                "Answers give the older value: write the latest table after the trace, from the same \
                 decisions. Where that is under way, check again."
            }
            (Kind::LatestDiffers, _) => {
                "Answers differ by whether history is asked for: write both tables from the same \
                 decisions, and these rows anew."
            }
            (Kind::LatestAhead, _) => {
                "Answers give a decision without its history: write the trace first, then the latest \
                 table; what was deleted from the trace has to be taken out here too."
            }
            (Kind::LatestSeveral, _) => {
                "Readers take the newest, other people's queries may not: key the table by company, \
                 and write those folders anew."
            }
            (Kind::LatestDates, _) => {
                "A folder that is not named is missing from the history; one that is named and holds \
                 nothing lets questions fail: write these rows anew from the trace."
            }
            (Kind::BrokenChain, _) => {
                "A decision is missing between the two, or was written twice: compare with the \
                 pipeline's runs of that time."
            }
            (Kind::CompanyUnknown, _) => {
                "Nobody finds them by name: add them to the companies, then `why directory build`."
            }
            (Kind::DuplicateCompany, _) => {
                "The row that is read last counts, which hangs on the files' names: write each \
                 company once, then `why directory build`."
            }
            (Kind::NameEmpty, _) => {
                "They are found by their ids only: name them, then `why directory build`."
            }
            (Kind::ParentUnknown, _) => {
                "Add these companies, or leave parent_id null, then `why directory build`."
            }
            (Kind::RankUnusable, _) => {
                "It counts as 0: write a finite number or null, then `why directory build`."
            }
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

    pub fn merge(&mut self, others: Findings) {
        others.0.into_values().for_each(|finding| self.add(finding));
    }

    /// Without those about a folder's place, which its listing tells already.
    #[must_use]
    pub fn of_rows(mut self) -> Findings {
        self.0.retain(|(kind, ..), _| kind.unit() != Unit::Folders);
        self
    }

    /// What follows from something else that was found.
    pub fn drop_all(&mut self, kinds: &[Kind]) {
        self.0.retain(|(kind, ..), _| !kinds.contains(kind));
    }

    /// By kind, then by place.
    #[must_use]
    pub fn sorted(self) -> Vec<Finding> {
        self.0.into_values().collect()
    }
}
