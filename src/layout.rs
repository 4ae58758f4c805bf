//! Where a decision lies in the lake: partition arithmetic.
//!
//! The only place that knows how attribute, entity and time become a path.
//! The DDL, the planner, the importer and both engines derive from it.
//! **Invariant:** a decision's partition, its path, and the partitions that a
//! plan names for its entity, attribute and time agree (property-tested).

use jiff::Timestamp;
use jiff::civil::Date;

#[cfg(test)]
mod tests;

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

impl Format {
    /// Whether a file of this name, in a leaf folder, holds rows. Every reader of lakes
    /// skips hidden files, markers and checksums; the rest of a plain Parquet table is
    /// data whatever its name, since Athena writes names without an extension.
    #[must_use]
    pub fn is_data(self, file_name: &str) -> bool {
        // Hadoop's S3 file system marks a folder by an empty object of such a name beside it.
        let shown = !file_name.is_empty()
            && !file_name.starts_with(['.', '_'])
            && !file_name.ends_with("_$folder$");
        match self {
            Format::Parquet => shown,
            Format::Hudi => shown && file_name.ends_with(".parquet"),
        }
    }
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

/// A range of days that moves with the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    pub first: Date,
    /// Days beyond today.
    pub days_ahead: u32,
}

impl Range {
    /// The first and the last day of it, as it is on this one.
    #[must_use]
    pub fn on(self, today: Date) -> (Date, Date) {
        let ahead = jiff::Span::new().days(i64::from(self.days_ahead));
        (self.first, today.saturating_add(ahead))
    }
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

    /// The keys of the steps that cover `from..=to`, ascending; none where `from`
    /// comes after `to`.
    pub fn steps(&self, from: Date, to: Date) -> impl Iterator<Item = Date> + '_ {
        let mut next = Some(self.floor(from)).filter(|_| from <= to);
        std::iter::from_fn(move || {
            let date = next.filter(|date| *date <= to)?;
            next = self.next(date);
            Some(date)
        })
    }

    /// How many [`Layout::steps`] there are, without walking them.
    #[must_use]
    pub fn step_count(&self, from: Date, to: Date) -> u64 {
        if from > to {
            return 0;
        }
        let (from, to) = (self.floor(from), self.floor(to));
        let months = |date: Date| i64::from(date.year()) * 12 + i64::from(date.month());
        let steps = match self.step {
            Step::Day => to.duration_since(from).as_hours() / 24,
            Step::Month => months(to) - months(from),
        };
        u64::try_from(steps + 1).unwrap_or(0)
    }

    /// The days that the table's projection reaches, whatever day it is: from the first of a
    /// step, and one beyond today, which a plan may read.
    #[must_use]
    pub fn range(&self) -> Range {
        Range {
            first: self.floor(self.first_date),
            days_ahead: 1,
        }
    }

    /// The same, of a day.
    #[must_use]
    pub fn projected(&self, today: Date) -> (Date, Date) {
        self.range().on(today)
    }

    /// The key of the step that is `steps` before that of `date`; at the beginning
    /// of time, that.
    #[must_use]
    pub fn steps_before(&self, date: Date, steps: u32) -> Date {
        let steps = i64::from(steps);
        let back = match self.step {
            Step::Day => jiff::Span::new().try_days(steps),
            Step::Month => jiff::Span::new().try_months(steps),
        };
        match back {
            Ok(back) => self.floor(date).saturating_sub(back),
            Err(_) => Date::MIN,
        }
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
        self.folders(&partition.attribute, partition.bucket, Some(partition.date))
    }

    /// The path of a partition of the latest table below its root: the trace's
    /// without the date.
    #[must_use]
    pub fn latest_path(&self, attribute: &str, bucket: u32) -> String {
        self.folders(attribute, bucket, None)
    }

    fn folders(&self, attribute: &str, bucket: u32, date: Option<Date>) -> String {
        let folder = |column: PartitionColumn| {
            let value = match column {
                PartitionColumn::Attribute => escape(attribute),
                PartitionColumn::Bucket => bucket.to_string(),
                PartitionColumn::Date => date?.to_string(),
            };
            Some(format!("{}={value}", self.column(column)))
        };
        let folders: Vec<String> = self.order.into_iter().filter_map(folder).collect();
        folders.join("/")
    }

    /// The folder of the trace table that holds all dates of an attribute and bucket:
    /// one listing finds what exists. Only where the date is the innermost column.
    #[must_use]
    pub fn dates_folder(&self, attribute: &str, bucket: u32) -> Option<String> {
        match self.order {
            [.., PartitionColumn::Date] => Some(self.latest_path(attribute, bucket)),
            [.., PartitionColumn::Attribute | PartitionColumn::Bucket] => None,
        }
    }

    /// The name of a partition column in the team's table.
    #[must_use]
    pub fn column(&self, column: PartitionColumn) -> &str {
        match column {
            PartitionColumn::Attribute => &self.columns.attribute,
            PartitionColumn::Bucket => &self.columns.bucket,
            PartitionColumn::Date => &self.columns.date,
        }
    }

    /// The partition that a path below the table's root stands for.
    ///
    /// # Errors
    /// For every path that [`Layout::path`] would not write: Athena's projection
    /// would never look there either.
    pub fn parse_path(&self, path: &str) -> Result<Partition, NotAPartition> {
        let refuse = |why: String| NotAPartition {
            path: path.to_owned(),
            why,
        };
        let folders: Vec<&str> = path.split('/').collect();
        let [first, second, third] = folders.as_slice() else {
            return Err(refuse(format!(
                "it has {} folders, not the three of {}",
                folders.len(),
                self.order.map(|column| self.column(column)).join("/")
            )));
        };
        let mut attribute = String::new();
        let mut bucket = 0;
        let mut date = self.first_date;
        for (column, folder) in self.order.into_iter().zip([first, second, third]) {
            let name = self.column(column);
            let value = folder
                .strip_prefix(name)
                .and_then(|rest| rest.strip_prefix('='))
                .ok_or_else(|| refuse(format!("\"{folder}\" should begin with {name}=")))?;
            match column {
                PartitionColumn::Attribute => attribute = unescape(value),
                PartitionColumn::Bucket => {
                    bucket = value
                        .parse()
                        .ok()
                        .filter(|bucket| *bucket < self.buckets)
                        .ok_or_else(|| {
                            let last = self.buckets.saturating_sub(1);
                            refuse(format!("\"{value}\" is no bucket from 0 to {last}"))
                        })?;
                }
                PartitionColumn::Date => {
                    date = value
                        .parse()
                        .ok()
                        .filter(|date| self.floor(*date) == *date)
                        .ok_or_else(|| {
                            let step = match self.step {
                                Step::Day => "day",
                                Step::Month => "first day of a month",
                            };
                            refuse(format!("\"{value}\" is no {step}"))
                        })?;
                }
            }
        }
        let partition = Partition {
            attribute,
            bucket,
            date,
        };
        let canonical = self.path(&partition);
        if canonical == path {
            Ok(partition)
        } else {
            Err(refuse(format!("it should be written {canonical}")))
        }
    }
}

/// A folder that is no partition of this layout.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path} is no partition of this lake: {why}")]
pub struct NotAPartition {
    pub path: String,
    pub why: String,
}

/// The day of an instant, UTC.
#[must_use]
pub fn utc_date(instant: Timestamp) -> Date {
    jiff::tz::TimeZone::UTC.to_datetime(instant).date()
}

/// The first instant of a day, UTC.
#[must_use]
pub fn start_of_day(day: Date) -> Timestamp {
    let midnight = jiff::tz::TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0));
    midnight.unwrap_or(Timestamp::MIN)
}

/// The last millisecond of a day, UTC.
#[must_use]
pub fn end_of_day(day: Date) -> Timestamp {
    day.tomorrow()
        .ok()
        .and_then(|next| {
            jiff::tz::TimeZone::UTC
                .to_timestamp(next.at(0, 0, 0, 0))
                .ok()
        })
        .and_then(|midnight| Timestamp::from_millisecond(midnight.as_millisecond() - 1).ok())
        .unwrap_or(Timestamp::MAX)
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

/// Undoes [`escape`] (`FileUtils.unescapePathName`); what is no escape stays as it is.
#[must_use]
pub fn unescape(value: &str) -> String {
    let mut plain = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('%') {
        plain.push_str(before);
        let code = after
            .get(..2)
            .filter(|hex| hex.chars().all(|c| c.is_ascii_hexdigit()))
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match code {
            Some(code) => {
                plain.push(char::from(code));
                rest = after.get(2..).unwrap_or("");
            }
            None => {
                plain.push('%');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    plain
}
