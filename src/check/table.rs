//! One table: its own words, then its folders, one after another, in order.
//!
//! Several folders are read at a time, but judged in the order of their paths, so that what is
//! found does not hang on the store's speed. Start at [`Desk::table`].

use std::cell::{Cell, RefCell};

use futures::StreamExt;
use futures::stream::LocalBoxStream;

use super::chain::{Chain, Link};
use super::columns::Columns;
use super::companies::Companies;
use super::copies::Left;
use super::finding::{Finding, Findings};
use super::gaps::{Gaps, notes};
use super::kept::Links;
use super::latest::Beside;
use super::rows::Rows;
use super::sample::{FOLDERS, Sample};
use super::strangers::Strangers;
use super::{Depth, Desk, Looked, Progress, Report, hudi, missing, place};
use crate::contract::Table;
use crate::engine::Error;
use crate::engine::direct::{Engine, Folder, Inspection, Part, Walk};
use crate::layout::Partition;

/// Folders read at a time.
const AT_ONCE: usize = 8;
/// Folders that are listed between two looks at the bar.
const LISTED: u64 = 256;

/// What is passed on from table to table.
pub(super) type Book<'a> = (&'a mut Findings, &'a mut Report);

/// One table being looked at.
struct Look<'a> {
    desk: &'a Desk<'a>,
    inspection: &'a Inspection<'a>,
    table: Table,
    name: &'a str,
    columns: RefCell<Columns>,
    companies: RefCell<Companies<'a>>,
    /// As in `chain`: nothing is kept that would be thinned out there.
    thinned: Cell<u32>,
}

/// What one folder held.
#[derive(Default)]
struct Seen {
    partition: Option<Partition>,
    findings: Findings,
    links: Links,
    copies: Left,
    strangers: Strangers,
    /// It lies where none of the table's folders can: nothing of it was looked at.
    is_stray: bool,
    looked: Looked,
    /// Files that went away while they were looked at.
    gone: u64,
    /// Files that can't be read, and rows without what orders them.
    lost: u64,
}

impl Seen {
    fn lose(&mut self, file: Finding) {
        self.lost += 1;
        self.findings.add(file);
    }
}

/// Where a folder lies.
enum Place {
    Of(Option<Partition>),
    Stray,
}

impl Desk<'_> {
    pub(super) async fn table(
        &self,
        lake: &Engine,
        table: Table,
        book: Book<'_>,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<(), Error> {
        let Some(name) = self.catalog.table(table) else {
            return Ok(());
        };
        let inspection = match lake.inspect(table).await {
            Ok(Some(inspection)) => inspection,
            Ok(None) => return Ok(()),
            Err(error) => return missing::table(lake, (table, name), error, book).await,
        };
        if let Some(said) = inspection.hudi().await? {
            hudi::check(&said, (table, name), self.catalog, book.0);
        }
        let beside = match table {
            Table::Trace => Beside::open(self, lake).await?,
            Table::Latest | Table::Entities => None,
        };
        let look = Look {
            desk: self,
            inspection: &inspection,
            table,
            name,
            columns: RefCell::new(Columns::new(table, name, self.catalog)),
            companies: RefCell::new(Companies::new(name)),
            thinned: Cell::new(0),
        };
        look.run(beside, book, progress).await
    }
}

impl Look<'_> {
    async fn run(
        self,
        mut beside: Option<Beside<'_>>,
        (findings, report): Book<'_>,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<(), Error> {
        let mut at = Progress {
            table: self.name.to_owned(),
            ..Progress::default()
        };
        let mut looked = Looked {
            table: self.name.to_owned(),
            ..Looked::default()
        };
        let (folders, whole): (LocalBoxStream<'_, Result<Folder, Error>>, bool) =
            match self.desk.depth {
                Depth::All => {
                    let walk = self.inspection.walk();
                    (futures::stream::try_unfold(walk, next).boxed_local(), true)
                }
                Depth::Sample => {
                    let folders = self
                        .sample(
                            &mut beside,
                            (&mut *findings, &mut looked),
                            &mut at,
                            progress,
                        )
                        .await?;
                    let files = folders
                        .iter()
                        .filter_map(|folder| folder.parts.as_ref().ok());
                    at.to_read = Some(files.map(|parts| parts.len() as u64).sum());
                    let whole = looked.folders <= FOLDERS as u64;
                    let folders = folders.into_iter().map(Ok);
                    (futures::stream::iter(folders).boxed_local(), whole)
                }
            };
        let mut chain = Chain::new(self.desk.catalog, self.name);
        let mut gaps = Gaps::default();
        let (mut copies, mut strangers) = (Left::default(), Strangers::default());
        let mut read = folders
            .map(|folder| async { self.folder(folder?).await })
            .buffered(AT_ONCE);
        while let Some(seen) = read.next().await {
            let seen = seen?;
            if self.desk.depth == Depth::All {
                looked.folders += u64::from(!seen.is_stray);
                looked.files += seen.looked.files;
                findings.merge(seen.findings);
            } else {
                // What is wrong with its place was found when it was listed.
                findings.merge(seen.findings.of_rows());
            }
            looked.folders_read += u64::from(!seen.is_stray);
            looked.files_read += seen.looked.files_read;
            looked.rows += seen.looked.rows;
            gaps.gone += seen.gone;
            copies.add(&seen.copies);
            strangers.take(seen.strangers);
            if let Some(partition) = &seen.partition {
                if !whole {
                    chain.forget();
                }
                if let Some(beside) = &mut beside {
                    beside.turn(partition, findings).await?;
                    if self.desk.depth == Depth::All {
                        beside.listed(partition);
                    }
                }
                if seen.gone + seen.lost > 0 {
                    gaps.folders += 1;
                    chain.skip(partition);
                } else {
                    gaps.left_out += seen.links.left_out;
                    chain.thin(seen.links.thinned);
                    let links = seen.links.links;
                    if let Some(beside) = &mut beside {
                        beside.read(partition, &links);
                    }
                    let newest = &mut |newest: &Link| {
                        if let Some(beside) = &mut beside {
                            beside.see(partition, newest);
                        }
                    };
                    chain.follow(partition, links, whole, (findings, newest));
                    if let Some(beside) = &mut beside {
                        beside.thin(chain.thinned());
                    }
                }
                self.thinned.set(chain.thinned());
            }
            at.found = looked.files;
            at.read = looked.files_read;
            progress(&at);
        }
        drop(read);
        looked.bytes_read = self.inspection.bytes();
        report
            .notes
            .extend(self.columns.into_inner().finish(findings));
        report
            .notes
            .extend(notes(&chain, (self.table, self.name), whole, &gaps));
        if let Some(mut beside) = beside {
            report.notes.extend(beside.finish(findings).await?);
            looked.bytes_read += beside.bytes();
        }
        report.notes.extend(strangers.finish(self.name, findings));
        match self.table {
            Table::Trace => report.notes.extend(copies.notes(self.name)),
            Table::Latest => {}
            Table::Entities => {
                let note = self.companies.into_inner().finish(findings);
                report.notes.extend(note);
            }
        }
        report.tables.push(looked);
        Ok(())
    }

    /// Lists every folder, and keeps some of them.
    async fn sample(
        &self,
        beside: &mut Option<Beside<'_>>,
        (findings, looked): (&mut Findings, &mut Looked),
        at: &mut Progress,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<Vec<Folder>, Error> {
        let mut sample = Sample::new(self.desk.today);
        let mut walk = self.inspection.walk();
        while let Some(folder) = walk.next().await? {
            let Place::Of(partition) = self.place(&folder, findings) else {
                continue;
            };
            looked.folders += 1;
            looked.files += folder.parts.as_ref().map_or(1, |parts| parts.len() as u64);
            if let (Some(partition), Some(beside)) = (&partition, &mut *beside) {
                beside.listed(partition);
            }
            sample.see(folder, partition.as_ref());
            if looked.folders.is_multiple_of(LISTED) {
                at.found = looked.files;
                progress(at);
            }
        }
        Ok(sample.folders())
    }

    fn place(&self, folder: &Folder, findings: &mut Findings) -> Place {
        let table = (self.table, self.name);
        match self.table {
            Table::Entities if place::is_below(self.name, folder, findings) => Place::Stray,
            Table::Entities => Place::Of(None),
            Table::Trace | Table::Latest => {
                let partition = place::partition(self.desk, table, folder, findings);
                partition.map_or(Place::Stray, |partition| Place::Of(Some(partition)))
            }
        }
    }

    /// Reads one folder whole.
    async fn folder(&self, folder: Folder) -> Result<Seen, Error> {
        let mut seen = Seen::default();
        match self.place(&folder, &mut seen.findings) {
            Place::Of(partition) => seen.partition = partition,
            Place::Stray => {
                seen.is_stray = true;
                return Ok(seen);
            }
        }
        let parts = match folder.parts {
            Ok(parts) => parts,
            Err(error) => {
                seen.looked.files = 1;
                seen.looked.files_read = 1;
                seen.lose(missing::file(self.name, error)?);
                return Ok(seen);
            }
        };
        seen.looked.files = parts.len() as u64;
        let partition = seen.partition.clone();
        let mut rows = partition.as_ref().map(|partition| {
            let place = (folder.path.as_str(), partition);
            Rows::new(
                self.desk,
                (self.table, self.name),
                place,
                self.thinned.get(),
            )
        });
        for part in &parts {
            seen.looked.files_read += 1;
            match self.file(part, &mut rows, &mut seen.findings).await {
                Ok(()) => {}
                // Written anew meanwhile: what took its place is not of this moment.
                Err(Error::Rewritten { .. }) => seen.gone += 1,
                Err(error) => seen.lose(missing::file(self.name, error)?),
            }
        }
        if let Some(rows) = rows {
            seen.looked.rows = rows.count;
            seen.lost += rows.displaced;
            (seen.links, seen.copies, seen.strangers) = rows.finish();
        }
        if self.table == Table::Entities {
            let mut companies = self.companies.borrow_mut();
            seen.looked.rows = companies.count;
            if seen.lost + seen.gone > 0 {
                companies.lose();
            }
        }
        Ok(seen)
    }

    async fn file(
        &self,
        part: &Part,
        rows: &mut Option<Rows<'_>>,
        findings: &mut Findings,
    ) -> Result<(), Error> {
        let mut scan = self.inspection.open(part).await?;
        let judged = {
            let mut columns = self.columns.borrow_mut();
            columns.see(&scan.columns, (&part.shown, &part.written), findings)
        };
        if let Some(rows) = rows {
            while let Some(batch) = scan.next().await? {
                for row in batch {
                    rows.see(row, &judged, &part.shown, findings);
                }
            }
        }
        if self.table == Table::Entities {
            let mut companies = self.inspection.companies(part).await?;
            while let Some(batch) = companies.next().await? {
                let mut seen = self.companies.borrow_mut();
                for company in &batch {
                    seen.see(company, &judged, &part.shown, findings);
                }
            }
        }
        Ok(())
    }
}

async fn next(mut walk: Walk<'_>) -> Result<Option<(Folder, Walk<'_>)>, Error> {
    Ok(walk.next().await?.map(|folder| (folder, walk)))
}
