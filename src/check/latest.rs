//! Whether the latest table says what the trace says.
//!
//! Of each company the newest decision is kept, and the dates that hold one, until all folders of
//! its attribute and bucket were read; then the latest table's folder is read beside them. What
//! was not read of the trace accuses nobody: a row is only blamed for what the folders that were
//! read, and the list of all folders, can tell. Start at [`Beside::see`]; `compared` judges.

use std::collections::{BTreeMap, BTreeSet};

use futures::StreamExt;
use jiff::Timestamp;
use jiff::civil::Date;

use super::chain::{Link, is_followed};
use super::columns::expected;
use super::compared::{Company, Group, Judge, Stored, Told, has};
use super::finding::Findings;
use super::sample::FOLDERS;
use super::{AT_ONCE, Depth, Desk, place};
use crate::catalog::Catalog;
use crate::contract::{Table, drift};
use crate::engine::Error;
use crate::engine::direct::{Engine, Folder, Inspection, Part, Row};
use crate::layout::Partition;
use crate::value::grouped;

#[cfg(test)]
mod tests;

/// Companies that are kept at a time, and dates of theirs.
const MOST: usize = if cfg!(test) { 16 } else { 250_000 };
const MOST_DATES: usize = 16 * MOST;

/// An attribute and a bucket.
type Key = (String, u32);
/// By attribute.
type Found = BTreeMap<String, Findings>;

/// The latest table, beside the trace that is being read.
pub(super) struct Beside<'a> {
    desk: &'a Desk<'a>,
    inspection: Inspection<'a>,
    name: &'a str,
    groups: BTreeMap<Key, Group>,
    /// Every folder of the trace: 4 bytes each.
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
    /// Folders of the latest table that could not be read, and that were replaced meanwhile.
    unread: u64,
    replaced: u64,
}

/// What a folder of the latest table held.
struct Read {
    rows: BTreeMap<i64, Stored>,
    /// In `rows`.
    dates: usize,
    thinned: u32,
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
            let known =
                |partition: &&Partition| desk.catalog.attribute(&partition.attribute).is_some();
            left.extend(partition.as_ref().ok().filter(known).map(key));
            let written = folder.parts.iter().flatten().map(Part::modified);
            settled = written.fold(settled, Timestamp::max);
        }
        drop(walk);
        Ok(Some(Beside {
            desk,
            inspection,
            name,
            groups: BTreeMap::new(),
            listed: BTreeMap::new(),
            left,
            settled,
            companies: 0,
            dates: 0,
            thinned: 0,
            told: Told::default(),
            unread: 0,
            replaced: 0,
        }))
    }

    /// There is a folder of the trace, whether it is read or not.
    pub(super) fn listed(&mut self, partition: &Partition) {
        let dates = self.listed.entry(key(partition)).or_default();
        dates.push(partition.date);
    }

    /// A folder was read to its end.
    pub(super) fn read(&mut self, partition: &Partition) {
        let group = self.groups.entry(key(partition)).or_default();
        group.read.push(partition.date);
    }

    /// The newest decision of a company in that folder, or before it.
    pub(super) fn see(&mut self, partition: &Partition, newest: &Link) {
        let entity_id = newest.decision.entity_id;
        let bucket = self.desk.catalog.layout.bucket(entity_id);
        // In another's bucket: that is said already.
        if !is_followed(entity_id, self.thinned) || bucket != partition.bucket {
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
        while is_too_much(self.companies, self.dates) && self.thinned < u32::BITS {
            self.thin(self.thinned + 1);
        }
    }

    /// Compares no more than one company in 2^`thinned`.
    pub(super) fn thin(&mut self, thinned: u32) {
        if thinned <= self.thinned {
            return;
        }
        self.thinned = thinned;
        let groups = self.groups.values_mut();
        groups.for_each(|group| group.thin(thinned));
        let companies = self.groups.values();
        let companies = companies.flat_map(|group| group.companies.values());
        (self.companies, self.dates) = companies.fold((0, 0), |(companies, dates), company| {
            (companies + 1, dates + company.dates.len())
        });
    }

    /// Compares what was read of the trace, of which nothing more comes.
    pub(super) async fn compare(&mut self, found: &mut Found) -> Result<(), Error> {
        let groups: Vec<(Key, Group)> = std::mem::take(&mut self.groups).into_iter().collect();
        (self.companies, self.dates) = (0, 0);
        self.each(groups, AT_ONCE, found).await
    }

    /// What the latest table has of attributes and buckets that the trace does not have at all.
    pub(super) async fn finish(&mut self, found: &mut Found) -> Result<Vec<String>, Error> {
        let left = std::mem::take(&mut self.left).into_iter();
        let beyond = left.filter(|key| !self.listed.contains_key(key));
        let most = match self.desk.depth {
            Depth::All => usize::MAX,
            Depth::Sample => FOLDERS,
        };
        let beyond: Vec<(Key, Group)> = beyond
            .take(most)
            .map(|key| (key, Group::default()))
            .collect();
        self.each(beyond, 1, found).await?;
        Ok(self.notes())
    }

    /// Fetched for it.
    pub(super) fn bytes(&self) -> u64 {
        self.inspection.bytes()
    }

    async fn each(
        &mut self,
        groups: Vec<(Key, Group)>,
        at_once: usize,
        found: &mut Found,
    ) -> Result<(), Error> {
        let mut told = std::mem::take(&mut self.told);
        let (mut unread, mut replaced, mut thinned) = (0, 0, self.thinned);
        {
            let this = &*self;
            let read = futures::stream::iter(groups).map(async |(key, group)| {
                let there = this.listed.get(&key).map_or(&[][..], Vec::as_slice);
                let read = this.stored(&key, &group, there).await;
                (key, group, there, read)
            });
            let mut read = std::pin::pin!(read.buffered(at_once));
            while let Some(((attribute, _), mut group, there, read)) = read.next().await {
                let read = match read {
                    Ok(read) => read,
                    Err(Error::CorruptFile { .. }) => {
                        unread += 1;
                        continue;
                    }
                    Err(Error::Rewritten { .. }) => {
                        replaced += 1;
                        continue;
                    }
                    Err(error) => return Err(error),
                };
                let judge = Judge {
                    catalog: this.desk.catalog,
                    table: this.name,
                    attribute: &attribute,
                    there,
                };
                group.thin(read.thinned);
                thinned = thinned.max(read.thinned);
                let found = found.entry(attribute.clone()).or_default();
                judge.compare(&group, &read.rows, found, &mut told);
            }
        }
        self.told = told;
        self.unread += unread;
        self.replaced += replaced;
        self.thinned = thinned;
        Ok(())
    }

    /// The rows of one of its folders, by company: those that what was read can speak of.
    async fn stored(
        &self,
        (attribute, bucket): &Key,
        group: &Group,
        there: &[Date],
    ) -> Result<Read, Error> {
        let mut read = Read {
            rows: BTreeMap::new(),
            dates: 0,
            thinned: self.thinned,
        };
        let layout = &self.desk.catalog.layout;
        let path = layout.latest_path(attribute, *bucket);
        let is_told = |row: &Stored| {
            let entity_id = row.link.decision.entity_id;
            let is_unread = |date: &Date| has(there, *date) && !has(&group.read, *date);
            layout.bucket(entity_id) == *bucket
                && (group.companies.contains_key(&entity_id) || !row.folders.iter().any(is_unread))
        };
        let mut walk = self.inspection.walk_from(&path);
        while let Some(Folder { parts, path: at }) = walk.next().await? {
            // What lies deeper nobody reads.
            for part in parts?.iter().filter(|_| at == path) {
                self.part(part, attribute, &is_told, &mut read).await?;
            }
        }
        Ok(read)
    }

    async fn part(
        &self,
        part: &Part,
        attribute: &str,
        is_told: &dyn Fn(&Stored) -> bool,
        read: &mut Read,
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
                let row = stored(&row, attribute, &wrong, self.desk.catalog, is_new);
                if let Some(row) = row.filter(is_told) {
                    read.keep(row);
                }
            }
        }
        Ok(())
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let mut note = |text: String| notes.push(format!("{}: {text}", self.name));
        let rows = |count: u64, verb: [&str; 2]| match (count, verb) {
            (1, [one, _]) => format!("1 row {one}"),
            (several, [_, many]) => format!("{} rows {many}", grouped(several)),
        };
        if self.desk.depth == Depth::Sample && self.told.compared > 0 {
            note(format!(
                "{} held against the trace's folders that were read; --all compares every one.",
                rows(self.told.compared, ["was", "were"])
            ));
        }
        if self.thinned > 0 {
            note(format!(
                "one company in {} was held against the trace: there are more than are held at a time.",
                1_u64 << self.thinned.min(63)
            ));
        }
        if self.unread > 0 {
            note(format!(
                "{} could not be held against the trace, since not all of it can be read.",
                match self.unread {
                    1 => "1 folder".to_owned(),
                    several => format!("{several} folders"),
                }
            ));
        }
        if self.replaced > 0 {
            note(format!(
                "{} replaced while it was held against the trace; check again to compare what took their place.",
                match self.replaced {
                    1 => "1 folder was".to_owned(),
                    several => format!("{several} folders were"),
                }
            ));
        }
        if self.told.meanwhile > 0 {
            note(format!(
                "{} written after the check began and may be ahead of what was read of the trace; check again to compare them.",
                rows(self.told.meanwhile, ["was", "were"])
            ));
        }
        if self.told.undated > 0 {
            note(format!(
                "{} no {}, so that their history is looked for date by date.",
                rows(self.told.undated, ["has", "have"]),
                self.desk.catalog.columns.decision_dates
            ));
        }
        notes
    }
}

fn key(partition: &Partition) -> Key {
    (partition.attribute.clone(), partition.bucket)
}

impl Read {
    fn keep(&mut self, row: Stored) {
        let entity_id = row.link.decision.entity_id;
        if !is_followed(entity_id, self.thinned) {
            return;
        }
        self.dates += row.dates.as_ref().map_or(0, Vec::len);
        match self.rows.get_mut(&entity_id) {
            Some(known) => known.join(row),
            None => {
                self.rows.insert(entity_id, row);
            }
        }
        while is_too_much(self.rows.len(), self.dates) && self.thinned < u32::BITS {
            self.thinned += 1;
            let thinned = self.thinned;
            self.rows
                .retain(|entity_id, _| is_followed(*entity_id, thinned));
            let dates = self.rows.values().filter_map(|row| row.dates.as_ref());
            self.dates = dates.map(Vec::len).sum();
        }
    }
}

fn is_too_much(companies: usize, dates: usize) -> bool {
    companies > MOST || dates > MOST_DATES
}

/// A row; `None` without what tells whose and of when it is, which its own check says.
fn stored(
    row: &Row,
    attribute: &str,
    wrong: &BTreeSet<String>,
    catalog: &Catalog,
    is_new: bool,
) -> Option<Stored> {
    let columns = &catalog.columns;
    let says = |column: &String| !wrong.contains(column);
    let floor = |date: Date| catalog.layout.floor(date);
    Some(Stored {
        folders: row.days()?.map(floor),
        link: Link {
            decision: row.decision(attribute)?,
            is_placed: true,
            says_value: says(&columns.value),
            says_previous: says(&columns.previous_value),
        },
        says_dates: says(&columns.decision_dates),
        dates: row.decision_dates.as_ref().map(|dates| {
            let mut dates: Vec<Date> = dates.iter().copied().map(floor).collect();
            dates.sort_unstable();
            dates.dedup();
            dates
        }),
        rows: 1,
        is_new,
    })
}
