//! What each kind of finding says, for those who meet its code: `docs/check.md` is made of it.

use super::finding::Kind;

impl Kind {
    /// In the order in which they are told.
    pub const ALL: &[Kind] = &[
        Kind::TableMissing,
        Kind::TableUnreadable,
        Kind::FileUnreadable,
        Kind::DirectoryMissing,
        Kind::DirectoryUnreadable,
        Kind::ColumnMissing,
        Kind::ColumnType,
        Kind::HudiConfig,
        Kind::GlueTableMissing,
        Kind::GluePartitions,
        Kind::GlueProjection,
        Kind::GlueStorage,
        Kind::PartitionPath,
        Kind::AttributeUnknown,
        Kind::DateOutOfRange,
        Kind::AttributeName,
        Kind::Bucket,
        Kind::CreatedDate,
        Kind::NullValue,
        Kind::DuplicateDecision,
        Kind::NoWinner,
        Kind::SeveralWinners,
        Kind::WinnerValue,
        Kind::BrokenChain,
        Kind::LatestMissing,
        Kind::LatestStale,
        Kind::LatestDiffers,
        Kind::LatestAhead,
        Kind::LatestSeveral,
        Kind::LatestDates,
        Kind::CompanyUnknown,
        Kind::DuplicateCompany,
        Kind::NameEmpty,
        Kind::ParentUnknown,
        Kind::RankUnusable,
    ];

    /// In a sentence.
    #[must_use]
    pub fn means(self) -> &'static str {
        match self {
            Kind::TableMissing => {
                "A table that the catalog names is not where the lake is said to be."
            }
            Kind::TableUnreadable => {
                "A Hudi table of a kind that is not supported, or that contradicts the catalog's layout."
            }
            Kind::FileUnreadable => "A data file is damaged, or is none.",
            Kind::DirectoryMissing => "The file of companies' names is not there.",
            Kind::DirectoryUnreadable => {
                "The file of companies' names is damaged, or of another version."
            }
            Kind::ColumnMissing => {
                "A file, Hudi's schema or Glue's table lacks a column that must be there; or the newest \
                 files lack one that older files have."
            }
            Kind::ColumnType => {
                "A file, Hudi's schema or Glue's table has a column in another type than the contract's."
            }
            Kind::HudiConfig => {
                "A Hudi table is set up so that it can be read now and goes wrong later."
            }
            Kind::GlueTableMissing => "Glue has no such table.",
            Kind::GluePartitions => {
                "The partition keys of Glue's table are others, or in another order."
            }
            Kind::GlueProjection => {
                "The partition projection of Glue's table is not what the catalog makes of it."
            }
            Kind::GlueStorage => {
                "Glue's table lies elsewhere, or is read and written in another format."
            }
            Kind::PartitionPath => {
                "Files lie where no partition of the table is: nobody reads them, nor were they looked at."
            }
            Kind::AttributeUnknown => "Decisions of an attribute that the catalog does not name.",
            Kind::DateOutOfRange => {
                "Decisions before the catalog's first_date or after tomorrow: no question reaches them."
            }
            Kind::AttributeName => "A row names another attribute than its folder.",
            Kind::Bucket => "A row lies in another bucket than its company's, or names another.",
            Kind::CreatedDate => {
                "A decision lies in the partition of another day than that of decided_at in UTC, or \
                 names another."
            }
            Kind::NullValue => "A column that must hold a value is null.",
            Kind::DuplicateDecision => {
                "A decision_id stands twice in a folder, and readers take one of the two; in Hudi only \
                 where no commit says which was written last."
            }
            Kind::NoWinner => {
                "No candidate is marked as selected, though there is a value and no person overrode it."
            }
            Kind::SeveralWinners => "More than one candidate is marked as selected.",
            Kind::BrokenChain => "previous_value is not the value of the decision before.",
            Kind::WinnerValue => {
                "The value is not that of the candidate that is marked as selected, though no person overrode it."
            }
            Kind::LatestMissing => {
                "The latest table has no row of a company and attribute with decisions in the trace."
            }
            Kind::LatestStale => {
                "A row of the latest table is not the newest decision of the trace, but an older one."
            }
            Kind::LatestDiffers => {
                "A row of the latest table says something else than the same decision in the trace: its \
                 time, value, previous value or rule."
            }
            Kind::LatestAhead => {
                "A row of the latest table is a decision that the trace does not have."
            }
            Kind::LatestSeveral => {
                "The latest table has more than one row of a company and attribute."
            }
            Kind::LatestDates => {
                "decision_dates of the latest table leaves a partition of the trace out that holds a \
                 decision of the company, or names one that does not."
            }
            Kind::CompanyUnknown => "A company with decisions is not in the directory of names.",
            Kind::DuplicateCompany => "An entity_id stands twice among the companies.",
            Kind::NameEmpty => "A company's name is empty or blank.",
            Kind::ParentUnknown => "A parent_id is of no company.",
            Kind::RankUnusable => "A company's rank is infinite or not a number.",
        }
    }
}
