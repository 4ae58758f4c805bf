//! Whether the latest table says what the trace says.
//!
//! Of each company the newest decision is kept, and the dates that hold one, until all folders of
//! its attribute and bucket were read; then the latest table's folder is read beside them. What
//! was not read of the trace accuses nobody: a row is only blamed for what the folders that were
//! read, and the list of all folders, can tell. Start at [`Beside::see`]; `compared` judges.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;

use super::chain::{Link, above, is_followed};
use super::columns::expected;
use super::compared::{Company, Group, Judge, Stored, Told};
use super::finding::{Findings, Kind};
use super::{Depth, Desk, place};
use crate::catalog::Catalog;
use crate::contract::{Table, drift};
use crate::engine::Error;
use crate::engine::direct::{Engine, Folder, Inspection, Part, Row};
use crate::layout::{Partition, utc_date};

#[cfg(test)]
mod tests;

/// Companies that are kept at a time, and dates of theirs.
const MOST: usize = if cfg!(test) { 16 } else { 250_000 };
const MOST_DATES: usize = 16 * MOST;

/// An attribute and a bucket.
type Key = (String, u32);

/// The latest table, beside the trace that is being read.
pub(super) struct Beside<'a> {
    desk: &'a Desk<'a>,
    inspection: Inspection<'a>,
    name: &'a str,
    most: usize,
    /// Of the folder that is being read: what lies before the date.
    above: String,
    groups: BTreeMap<Key, Group>,
    /// Every folder of the trace.
    listed: BTreeMap<Key, Vec<Date>>,
    /// Folders of the latest table that are still to be compared.
    left: BTreeSet<Key>,
    /// When the newest of its files was written, of those that were there at the beginning.
    settled: Timestamp,
    /// In `groups`, and their dates.
    companies: usize,
    dates: usize,
    /// Of companies one in 2^this is compared.
    thinned: u32,
    told: Told,
    /// Folders of the latest table that could not be read.
    unread: u64,
    /// Decisions of the trace that lie in another's bucket.
    astray: u64,
}

impl<'a> Beside<'a> {
    /// `None` where there is no latest table that can be read; its own turn says why.
    pub(super) async fn open(desk: &'a Desk<'a>, lake: &'a Engine) -> Result<Option<Self>, Error> {
        let Some(name) = desk.catalog.table(Table::Latest) else {
            return Ok(None);
        };
        let inspection = match lake.inspect(Table::Latest).await {
            Ok(Some(inspection)) => inspection,
            Ok(None)
            | Err(Error::NoLake { .. } | Error::Unsupported { .. } | Error::BrokenTable { .. }) => {
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let mut left = BTreeSet::new();
        let mut settled = Timestamp::MIN;
        let mut walk = inspection.walk();
        while let Some(folder) = walk.next().await? {
            let partition = place::parse(&desk.catalog.layout, Table::Latest, &folder.path);
            left.extend(partition.as_ref().map(key));
            let written = folder.parts.iter().flatten().map(Part::modified);
            settled = written.fold(settled, Timestamp::max);
        }
        drop(walk);
        Ok(Some(Beside {
            desk,
            inspection,
            name,
            most: MOST,
            above: String::new(),
            groups: BTreeMap::new(),
            listed: BTreeMap::new(),
            left,
            settled,
            companies: 0,
            dates: 0,
            thinned: 0,
            told: Told::default(),
            unread: 0,
            astray: 0,
        }))
    }

    /// There is a folder of the trace, whether it is read or not.
    pub(super) fn listed(&mut self, partition: &Partition) {
        self.listed
            .entry(key(partition))
            .or_default()
            .push(partition.date);
    }

    /// A folder comes: what lies behind it is compared.
    pub(super) async fn turn(
        &mut self,
        partition: &Partition,
        findings: &mut Findings,
    ) -> Result<(), Error> {
        let above = above(&self.desk.catalog.layout, partition);
        if above != self.above {
            self.above = above;
            self.compare(findings).await?;
        }
        Ok(())
    }

    /// A folder was read to its end, and these are its decisions.
    pub(super) fn read(&mut self, partition: &Partition, links: &[Link]) {
        let layout = &self.desk.catalog.layout;
        let elsewhere = |link: &&Link| layout.bucket(link.decision.entity_id) != partition.bucket;
        self.astray += links.iter().filter(elsewhere).count() as u64;
        let misplaced = links.iter().map(|link| &link.decision);
        let misplaced = misplaced
            .filter(|decision| layout.floor(utc_date(decision.decided_at)) != partition.date)
            .map(|decision| decision.entity_id);
        let group = self.groups.entry(key(partition)).or_default();
        group.unsure.extend(misplaced);
        group.read.push(partition.date);
    }

    /// The newest decision of a company in that folder, or before it.
    pub(super) fn see(&mut self, partition: &Partition, newest: &Link) {
        let decision = &newest.decision;
        let layout = &self.desk.catalog.layout;
        let entity_id = decision.entity_id;
        // In another's bucket: that is said already.
        if !is_followed(entity_id, self.thinned) || layout.bucket(entity_id) != partition.bucket {
            return;
        }
        let group = self.groups.entry(key(partition)).or_default();
        match group.companies.get_mut(&entity_id) {
            Some(company) => company.see(newest, partition.date),
            None => {
                let company = Company::new(newest, partition.date);
                group.companies.insert(entity_id, company);
                self.companies += 1;
            }
        }
        self.dates += 1;
        let is_full = |beside: &Self| beside.companies > beside.most || beside.dates > MOST_DATES;
        while is_full(self) && self.thinned < u32::BITS {
            self.thin(self.thinned + 1);
        }
    }

    /// Compares no more than one company in 2^`thinned`.
    pub(super) fn thin(&mut self, thinned: u32) {
        if thinned <= self.thinned {
            return;
        }
        self.thinned = thinned;
        self.groups
            .values_mut()
            .for_each(|group| group.thin(thinned));
        let companies = self
            .groups
            .values()
            .flat_map(|group| group.companies.values());
        (self.companies, self.dates) = companies.fold((0, 0), |(companies, dates), company| {
            (companies + 1, dates + company.dates.len())
        });
    }

    /// The rest, and what the latest table has beyond the trace.
    pub(super) async fn finish(&mut self, findings: &mut Findings) -> Result<Vec<String>, Error> {
        self.compare(findings).await?;
        for key in std::mem::take(&mut self.left) {
            let there = self.listed.remove(&key).unwrap_or_default();
            self.one(key, Group::default(), &there, findings).await?;
        }
        if self.astray > 0 {
            findings.drop_all(&[Kind::LatestAhead, Kind::LatestDates]);
        }
        Ok(self.notes())
    }

    /// Fetched for it.
    pub(super) fn bytes(&self) -> u64 {
        self.inspection.bytes()
    }

    async fn compare(&mut self, findings: &mut Findings) -> Result<(), Error> {
        for (key, group) in std::mem::take(&mut self.groups) {
            self.left.remove(&key);
            let there = self.listed.remove(&key).unwrap_or_default();
            self.one(key, group, &there, findings).await?;
        }
        (self.companies, self.dates) = (0, 0);
        Ok(())
    }

    /// One attribute and bucket.
    async fn one(
        &mut self,
        (attribute, bucket): Key,
        group: Group,
        there: &[Date],
        findings: &mut Findings,
    ) -> Result<(), Error> {
        let path = self.desk.catalog.layout.latest_path(&attribute, bucket);
        let stored = match self.stored(&path, &attribute).await {
            Ok(stored) => stored,
            Err(Error::CorruptFile { .. } | Error::Rewritten { .. }) => {
                self.unread += 1;
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        let judge = Judge {
            catalog: self.desk.catalog,
            table: self.name,
            attribute: &attribute,
            there,
        };
        let mut group = group;
        group.thin(self.thinned);
        judge.compare(&group, &stored, findings, &mut self.told);
        Ok(())
    }

    /// The rows of one of its folders, by company.
    async fn stored(
        &mut self,
        path: &str,
        attribute: &str,
    ) -> Result<BTreeMap<i64, Stored>, Error> {
        let mut stored = BTreeMap::new();
        let mut thinned = self.thinned;
        let mut walk = self.inspection.walk_from(path);
        while let Some(Folder { parts, .. }) = walk.next().await? {
            for part in parts? {
                self.part(&part, attribute, (&mut stored, &mut thinned))
                    .await?;
            }
        }
        self.thinned = thinned;
        Ok(stored)
    }

    async fn part(
        &self,
        part: &Part,
        attribute: &str,
        (stored, thinned): (&mut BTreeMap<i64, Stored>, &mut u32),
    ) -> Result<(), Error> {
        let mut scan = self.inspection.open(part).await?;
        let expected = expected(Table::Latest, self.desk.catalog);
        let wrong: BTreeSet<String> = drift::differences(&expected, &scan.columns)
            .into_iter()
            .map(|difference| difference.column)
            .collect();
        let is_new = part.modified() > self.settled;
        while let Some(batch) = scan.next().await? {
            for row in batch {
                let Some(row) = read(&row, attribute, &wrong, self.desk.catalog, is_new) else {
                    continue;
                };
                let entity_id = row.link.decision.entity_id;
                if !is_followed(entity_id, *thinned) {
                    continue;
                }
                match stored.get_mut(&entity_id) {
                    Some(known) => Stored::join(known, row),
                    None => {
                        stored.insert(entity_id, row);
                    }
                }
                while stored.len() > self.most && *thinned < u32::BITS {
                    *thinned += 1;
                    stored.retain(|entity_id, _| is_followed(*entity_id, *thinned));
                }
            }
        }
        Ok(())
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let name = self.name;
        if self.desk.depth == Depth::Sample {
            notes.push(format!(
                "{name}: {} held against the trace's folders that were read; --all compares every one.",
                match self.told.compared {
                    1 => "1 row was".to_owned(),
                    several => format!("{several} rows were"),
                }
            ));
        }
        if self.astray > 0 {
            notes.push(format!(
                "{name}: whether it is ahead of the trace is not told as long as decisions lie in other companies' buckets."
            ));
        }
        if self.thinned > 0 {
            notes.push(format!(
                "{name}: one company in {} was held against the trace: there are more than are held at a time.",
                1_u64 << self.thinned.min(63)
            ));
        }
        if self.unread > 0 {
            notes.push(format!(
                "{name}: {} could not be held against the trace, since not all of it can be read.",
                match self.unread {
                    1 => "1 folder".to_owned(),
                    several => format!("{several} folders"),
                }
            ));
        }
        if self.told.meanwhile > 0 {
            notes.push(format!(
                "{name}: {} written after the check began and may be ahead of what was read of the trace; check again to compare them.",
                match self.told.meanwhile {
                    1 => "1 row was".to_owned(),
                    several => format!("{several} rows were"),
                }
            ));
        }
        if self.told.undated > 0 {
            notes.push(format!(
                "{name}: {} no {}, so that their history is looked for date by date.",
                match self.told.undated {
                    1 => "1 row has".to_owned(),
                    several => format!("{several} rows have"),
                },
                self.desk.catalog.columns.decision_dates
            ));
        }
        notes
    }
}

fn key(partition: &Partition) -> Key {
    (partition.attribute.clone(), partition.bucket)
}

/// A row; `None` without what tells whose and of when it is, which its own check says.
fn read(
    row: &Row,
    attribute: &str,
    wrong: &BTreeSet<String>,
    catalog: &Catalog,
    is_new: bool,
) -> Option<Stored> {
    let columns = &catalog.columns;
    let says = |column: &String| !wrong.contains(column);
    Some(Stored {
        link: Link {
            decision: row.decision(attribute)?,
            says_value: says(&columns.value),
            says_previous: says(&columns.previous_value),
        },
        says_dates: says(&columns.decision_dates),
        dates: row.decision_dates.as_ref().map(|dates| {
            let floored = dates.iter().map(|date| catalog.layout.floor(*date));
            floored.collect()
        }),
        rows: 1,
        is_new,
    })
}
