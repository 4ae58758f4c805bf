//! The data contract: the tables of a lake, column by column, under version.
//!
//! What every writer of a lake writes, and what every reader of it may rely on. The DDL and the
//! importer's files are made of it, `schema/attribute_trace.v1.json` and its kin say it to others
//! (`contract/tests.rs` holds them to it, and to what the last release said), and `why check`
//! compares a lake with it. Knows nothing of a team's own names: those are the catalog's. Start at
//! [`Table::columns`].

use crate::layout::PartitionColumn;

pub mod drift;
pub mod types;

pub use types::{Field, Type};

#[cfg(test)]
mod tests;

/// Grows when a reader or a writer of the old form would go wrong.
pub const VERSION: u32 = 1;

/// The tables of a lake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    Trace,
    Latest,
    Entities,
}

/// One column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The contract's own name.
    pub name: &'static str,
    pub of: Type,
    pub nulls: Nulls,
    /// What it says, for those who write it.
    pub means: &'static str,
}

/// What a null says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nulls {
    /// The column must be there and hold a value in every row.
    Never,
    /// It says this; a column that is not there is all null.
    Mean(&'static str),
    /// `why` itself writes none; those of others, and a column that is not there, read as this.
    ReadAs(&'static str),
}

impl Table {
    pub const ALL: [Table; 3] = [Table::Trace, Table::Latest, Table::Entities];

    /// What the table is for, in a sentence.
    #[must_use]
    pub fn means(self) -> &'static str {
        match self {
            Table::Trace => {
                "Why each attribute of each company has its value: one row for each decision"
            }
            Table::Latest => "The newest decision of each company and attribute",
            Table::Entities => "The companies",
        }
    }

    /// All but the partition columns, in the order in which they are written.
    #[must_use]
    pub fn columns(self) -> Vec<Column> {
        match self {
            Table::Trace => decision(),
            Table::Latest => {
                let mut columns = decision();
                columns.push(Column {
                    name: "decision_dates",
                    of: Type::Array(Box::new(Type::Date)),
                    nulls: Nulls::ReadAs("not known: every date is looked at"),
                    means: "the created_date of every partition of the trace with a decision of this company and attribute",
                });
                columns
            }
            Table::Entities => entity(),
        }
    }

    /// The partition columns; the catalog's layout says in which order they nest.
    #[must_use]
    pub fn partitions(self) -> &'static [PartitionColumn] {
        match self {
            Table::Trace => &[
                PartitionColumn::Attribute,
                PartitionColumn::Bucket,
                PartitionColumn::Date,
            ],
            Table::Latest => &[PartitionColumn::Attribute, PartitionColumn::Bucket],
            Table::Entities => &[],
        }
    }
}

/// A partition column, whose values stand in the folders' names.
#[must_use]
pub fn partition(column: PartitionColumn) -> Column {
    let (name, of, means) = match column {
        PartitionColumn::Attribute => (
            "attribute_name",
            Type::String,
            "the attribute that was decided, as the catalog names it; projected as an enum of the catalog's attributes",
        ),
        PartitionColumn::Bucket => (
            "entity_id_mod",
            Type::Int,
            "entity_id modulo the catalog's buckets, never negative; projected as an integer from 0",
        ),
        PartitionColumn::Date => (
            "created_date",
            Type::Date,
            "the day of decided_at in UTC, by months the first of that month; projected as a date from the catalog's first_date",
        ),
    };
    Column {
        name,
        of,
        nulls: Nulls::Never,
        means,
    }
}

fn column(name: &'static str, of: Type, nulls: Nulls, means: &'static str) -> Column {
    Column {
        name,
        of,
        nulls,
        means,
    }
}

fn decision() -> Vec<Column> {
    let text = |name, means| column(name, Type::String, Nulls::Mean("not said"), means);
    vec![
        column(
            "decision_id",
            Type::String,
            Nulls::Never,
            "names the decision: the record key",
        ),
        column("entity_id", Type::Bigint, Nulls::Never, "the company"),
        column(
            "decided_at",
            Type::Timestamp,
            Nulls::Never,
            "when this became the served value, UTC",
        ),
        column(
            "value",
            Type::String,
            Nulls::Mean("no value"),
            "the value that was chosen, as text; the catalog knows its kind",
        ),
        column(
            "previous_value",
            Type::String,
            Nulls::Mean("no value before"),
            "the value of the decision before, of the same company and attribute",
        ),
        text("rule", "the survivorship rule that decided"),
        text("rule_version", "its version"),
        text("reason", "the pipeline's own words"),
        text("run_id", "the run of the pipeline"),
        text("actor", "the pipeline or person behind it"),
        column(
            "override",
            Type::Boolean,
            Nulls::ReadAs("false"),
            "a person decided",
        ),
        column(
            "evidence",
            Type::Array(Box::new(Type::Struct(types::fields(&candidate())))),
            Nulls::ReadAs("no candidates"),
            "every candidate, the winner selected",
        ),
    ]
}

/// The fields of one candidate of `evidence`.
#[must_use]
pub fn candidate() -> Vec<Column> {
    let field = |name, of, means| Column {
        name,
        of,
        nulls: Nulls::Mean("not said"),
        means,
    };
    vec![
        field(
            "source",
            Type::String,
            "the source, as the catalog names it",
        ),
        field("record_id", Type::String, "the source's own record"),
        Column {
            nulls: Nulls::Mean("no value"),
            ..field("value", Type::String, "what it said, as text")
        },
        field("observed_at", Type::Timestamp, "when it said so, UTC"),
        field("confidence", Type::Double, "0 to 1 by convention"),
        Column {
            nulls: Nulls::Mean("false"),
            ..field("selected", Type::Boolean, "it won: true of exactly one")
        },
        field(
            "reason",
            Type::String,
            "why it won or lost, in the pipeline's words",
        ),
        field("url", Type::String, "where the record can be looked at"),
    ]
}

fn entity() -> Vec<Column> {
    vec![
        column("entity_id", Type::Bigint, Nulls::Never, "the company"),
        column("name", Type::String, Nulls::Never, "what it is called"),
        column(
            "domain",
            Type::String,
            Nulls::Mean("none"),
            "its domain: it is found by it",
        ),
        column(
            "aliases",
            Type::Array(Box::new(Type::String)),
            Nulls::ReadAs("none"),
            "other names, former ones too: it is found by them",
        ),
        column(
            "parent_id",
            Type::Bigint,
            Nulls::Mean("none"),
            "the company that it belongs to",
        ),
        column(
            "rank",
            Type::Double,
            Nulls::ReadAs("0"),
            "of several that fit a name, the greater comes first",
        ),
    ]
}
