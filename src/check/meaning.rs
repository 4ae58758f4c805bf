//! What each kind of finding says and what to do then, for those who meet its code:
//! `docs/check.md` is made of it. Start at [`Kind::means`].

use super::finding::{Kind, Side};

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
        Kind::LatestDatesMissing,
        Kind::LatestDatesExtra,
        Kind::DirectoryDiffers,
        Kind::CompanyUnknown,
        Kind::DuplicateCompany,
        Kind::NameEmpty,
        Kind::ParentUnknown,
        Kind::ParentCircle,
        Kind::RankUnusable,
    ];

    /// In a sentence.
    #[must_use]
    pub fn means(self) -> &'static str {
        match self {
            Kind::TableMissing => {
                "A table that the catalog names is not where the lake is said to be; of the companies' \
                 table, one that the catalog names itself."
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
                "A file, Hudi's schema or Glue's table lacks a column that must be there; or the files \
                 written last lack one that older files have; or no file has what every answer is about, the \
                 value, what it replaced or the evidence."
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
                "A row of the latest table is not the newest decision of the trace, and not newer."
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
            Kind::LatestDatesMissing => {
                "decision_dates of the latest table leaves out a partition of the trace with a decision \
                 of the company."
            }
            Kind::LatestDatesExtra => {
                "decision_dates of the latest table names a partition that is not there, or that holds \
                 no decision of the company."
            }
            Kind::DirectoryDiffers => {
                "The directory of names lacks companies of the companies' table, or knows some that the \
                 table lacks."
            }
            Kind::CompanyUnknown => {
                "A company with decisions is neither in the directory of names nor in the companies' \
                 table."
            }
            Kind::DuplicateCompany => "An entity_id stands twice among the companies.",
            Kind::NameEmpty => "A company's name is empty or blank.",
            Kind::ParentUnknown => "A parent_id is of no company.",
            Kind::ParentCircle => {
                "A company belongs to itself, directly or through the companies that it belongs to."
            }
            Kind::RankUnusable => "A company's rank is infinite or not a number.",
        }
    }

    /// What to do next.
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
                "Restore or rewrite those files, or remove one that is no data file: readers take every \
                 file there, and until then questions that need them have no answer."
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
                "Nobody ever reads what lies there: move it to where [layout] puts it, or away, or mend \
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
                "The folder decides for every reader: where the row is of the attribute that it says, write it \
                 into that one's folder; else write its own column like the folder."
            }
            (Kind::Bucket, _) => {
                "Questions look in the right bucket only: let the pipeline compute it as pmod, by \
                 the catalog's buckets, and write these decisions anew; or, where [layout] buckets in the \
                 catalog is another number than what wrote the lake, mend that."
            }
            (Kind::CreatedDate, _) => {
                "Questions look by the day of decided_at in UTC: let the pipeline compute it in \
                 UTC, and write these decisions anew; where that day can't be, decided_at is wrong; where \
                 [layout] step in the catalog is another than what wrote the lake, mend that."
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
                "Answers give another value than the trace's newest: write the latest table after the trace, \
                 from the same decisions. Where that is under way, check again."
            }
            (Kind::LatestDiffers, _) => {
                "Answers differ by whether history is asked for: write both tables from the same \
                 decisions, and these rows anew."
            }
            (Kind::LatestAhead, _) => {
                "Answers give a decision without its history: write the trace first, then the latest \
                 table. Where the trace has the decision at another time, or no longer, write these rows anew \
                 from it."
            }
            (Kind::LatestSeveral, _) => {
                "Readers take the newest, other people's queries may not: where an import is under way or \
                 was killed, run it again; else key the table by company, and write those folders anew."
            }
            (Kind::LatestDatesMissing, _) => {
                "What lies there is missing from the history, and nobody is told: write these rows anew \
                 from the trace. Where that is under way, check again."
            }
            (Kind::LatestDatesExtra, _) => {
                "Questions about the history end in an error: bring the folder back, or write these rows \
                 anew from the trace."
            }
            (Kind::BrokenChain, Side::Files) => {
                "Nobody writes the column: let the pipeline write it. Until then histories warn of \
                 decisions that seem to be missing, and one that is can't be told from them."
            }
            (Kind::BrokenChain, _) => {
                "A decision is missing between the two, was written twice, or writes the same value in \
                 another way: compare with the pipeline's runs of that time."
            }
            (Kind::DirectoryDiffers, Side::Directory) => {
                "Nobody finds them by name: `why directory build` takes them in."
            }
            (Kind::DirectoryDiffers, _) => {
                "The next `why directory build` loses them: write them into the table; where they are \
                 gone for good, build the directory now, and where names come from elsewhere, always \
                 with --entities."
            }
            (Kind::CompanyUnknown, _) => {
                "Nobody finds them by name: add them to the companies, then `why directory build`."
            }
            (Kind::DuplicateCompany, _) => {
                "The row that is read last counts, which hangs on the files' names: where an import is \
                 under way or was killed, run it again; else write each company once, then `why directory \
                 build`."
            }
            (Kind::NameEmpty, _) => {
                "They are found by their ids only: name them, then `why directory build`."
            }
            (Kind::ParentUnknown, _) => {
                "Add these companies, or leave parent_id null, then `why directory build`."
            }
            (Kind::ParentCircle, _) => {
                "Leave parent_id null in the one that belongs to no other, then `why directory build`."
            }
            (Kind::RankUnusable, _) => {
                "It counts as 0: write a finite number or null, then `why directory build`."
            }
        }
    }
}
