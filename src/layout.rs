//! Where a decision lies in the lake: partition arithmetic.
//!
//! The only place that knows how attribute, entity and time become a path.
//! The DDL, the planner, the importer and both engines derive from it.
//! **Invariant:** a decision's partition, its path, and the partitions that a
//! plan names for its entity, attribute and time agree (property-tested).

use jiff::Timestamp;
use jiff::civil::Date;

/// The three partition columns of the data contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PartitionColumn {
    Attribute,
    Bucket,
    Date,
}

/// How wide a time partition is; its key is its first day, `yyyy-MM-dd`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    Day,
    Month,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    Parquet,
    Hudi,
}

/// How the trace table is laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// From the outermost folder to the innermost.
    pub order: [PartitionColumn; 3],
    /// N of `entity_id mod N`; 1 to 10,000.
    pub buckets: u32,
    pub step: Step,
    /// No decision is older; where projection begins.
    pub first_date: Date,
    pub format: Format,
    /// Names of the partition columns in the team's table.
    pub columns: PartitionColumnNames,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartitionColumnNames {
    pub attribute: String,
    pub bucket: String,
    pub date: String,
}

/// One leaf folder of the trace table.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Partition {
    pub attribute: String,
    pub bucket: u32,
    /// First day of the step.
    pub date: Date,
}

impl Layout {
    /// `entity_id mod N`, never negative.
    #[must_use]
    pub fn bucket(&self, entity_id: i64) -> u32 {
        // The remainder of a u32 divisor fits a u32.
        u32::try_from(entity_id.rem_euclid(i64::from(self.buckets.max(1)))).unwrap_or(0)
    }

    /// First day of the step that holds this day.
    #[must_use]
    pub fn floor(&self, day: Date) -> Date {
        match self.step {
            Step::Day => day,
            Step::Month => day.first_of_month(),
        }
    }

    /// First day of the next step; `None` at the end of time.
    #[must_use]
    pub fn next(&self, date: Date) -> Option<Date> {
        match self.step {
            Step::Day => date.tomorrow().ok(),
            Step::Month => date.last_of_month().tomorrow().ok(),
        }
    }

    /// The keys of the steps that cover `from..=to`, ascending.
    pub fn steps(&self, from: Date, to: Date) -> impl Iterator<Item = Date> + '_ {
        let mut next = Some(self.floor(from));
        std::iter::from_fn(move || {
            let date = next.filter(|date| *date <= to)?;
            next = self.next(date);
            Some(date)
        })
    }

    /// Where a decision lies.
    #[must_use]
    pub fn partition(&self, attribute: &str, entity_id: i64, decided_at: Timestamp) -> Partition {
        Partition {
            attribute: attribute.to_owned(),
            bucket: self.bucket(entity_id),
            date: self.floor(utc_date(decided_at)),
        }
    }

    /// The path of a partition below the table's root, hive-style:
    /// `attribute_name=sector/entity_id_mod=3/created_date=2023-04-01`.
    /// Values are escaped as Hive escapes them (see [`escape`]).
    #[must_use]
    pub fn path(&self, partition: &Partition) -> String {
        self.order
            .map(|column| match column {
                PartitionColumn::Attribute => {
                    format!(
                        "{}={}",
                        self.columns.attribute,
                        escape(&partition.attribute)
                    )
                }
                PartitionColumn::Bucket => format!("{}={}", self.columns.bucket, partition.bucket),
                PartitionColumn::Date => format!("{}={}", self.columns.date, partition.date),
            })
            .join("/")
    }
}

/// The day of an instant, UTC.
#[must_use]
pub fn utc_date(instant: Timestamp) -> Date {
    jiff::tz::TimeZone::UTC.to_datetime(instant).date()
}

/// Escapes a partition value as Hive does (`FileUtils.escapePathName`): control
/// characters and ``"#%'*/:=?\{[]^`` as `%XX`.
#[must_use]
pub fn escape(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for c in value.chars() {
        if c.is_ascii_control() || "\"#%'*/:=?\\{[]^".contains(c) {
            escaped.push_str(&format!("%{:02X}", u32::from(c)));
        } else {
            escaped.push(c);
        }
    }
    escaped
}
