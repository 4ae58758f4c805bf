//! One table: its own words, then its folders, one after another, in order.
//!
//! Several folders are read at a time, but judged in the order of their paths, so that what is
//! found does not hang on the store's speed. Start at [`Desk::table`].

use std::cell::{Cell, RefCell};
use std::pin::{Pin, pin};

use futures::stream::{LocalBoxStream, Peekable};
use futures::{Stream, StreamExt};

use super::chain;
use super::columns::Columns;
use super::companies::Companies;
use super::copies::Left;
use super::course::Course;
use super::finding::{Finding, Findings};
use super::gaps::notes;
use super::kept::Links;
use super::latest::Beside;
use super::rows::Rows;
use super::sample::{FOLDERS, Sample};
use super::strangers::Strangers;
use super::{AT_ONCE, Depth, Desk, Looked, Progress, Report, hudi, missing, place};
use crate::contract::Table;
use crate::engine::Error;
use crate::engine::direct::{Engine, Folder, Inspection, Part, Walk};
use crate::layout::Partition;

/// So many folders are read before the latest table is looked at beside them, and as many more as
/// belong to the last one's attribute and bucket. Nothing is on its way to us meanwhile: what is
/// asked for and not waited for runs into its time-out.
const CHUNK: usize = 32;
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
pub(super) struct Seen {
    pub(super) partition: Option<Partition>,
    pub(super) findings: Findings,
    pub(super) links: Links,
    pub(super) copies: Left,
    pub(super) strangers: Strangers,
    /// Its path, where none of the table's folders can lie: nothing of it was looked at.
    pub(super) stray: Option<String>,
    pub(super) looked: Looked,
    /// Files that went away while they were looked at.
    pub(super) gone: u64,
    /// Files that can't be read, and rows without what orders them.
    pub(super) lost: u64,
    /// As in `rows`.
    pub(super) elsewhere: u64,
    pub(super) misdated: u64,
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
            Err(error) => {
                return missing::table((self, lake), (table, name), error, book).await;
            }
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

/// A table's folders on their way.
type Folders<'a> = Peekable<LocalBoxStream<'a, Result<Folder, Error>>>;

impl Look<'_> {
    async fn run(
        self,
        beside: Option<Beside<'_>>,
        (findings, report): Book<'_>,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<(), Error> {
        let mut at = Progress {
            table: self.name.to_owned(),
            ..Progress::default()
        };
        let mut course = Course::new(self.desk.catalog, self.name, beside);
        let folders = match self.desk.depth {
            Depth::All => {
                let walk = self.inspection.walk();
                futures::stream::try_unfold(walk, next).boxed_local()
            }
            Depth::Sample => {
                let sample = self.sample(&mut course, findings, &mut at, progress);
                let folders = sample.await?.into_iter().map(Ok);
                futures::stream::iter(folders).boxed_local()
            }
        };
        let mut folders: Folders<'_> = folders.peekable();
        while Pin::new(&mut folders).peek().await.is_some() {
            let at_least = course.beside.as_ref().map(|_| CHUNK);
            let read = self.chunk(&mut folders, at_least);
            let read = read.map(|folder| async { self.folder(folder?).await });
            let mut read = pin!(read.buffered(AT_ONCE));
            while let Some(seen) = read.next().await {
                let mut seen = seen?;
                let found = std::mem::take(&mut seen.findings);
                if self.desk.depth == Depth::All {
                    match &seen.stray {
                        Some(path) => course.stray(path),
                        None => course.list(seen.partition.as_ref(), seen.looked.files),
                    }
                    findings.merge(found);
                } else {
                    // What is wrong with its place was found when it was listed.
                    findings.merge(found.of_rows());
                }
                course.take(seen);
                self.thinned.set(course.chain.thinned());
                at.found = course.looked.files;
                at.read = course.looked.files_read;
                progress(&at);
            }
            if let Some(beside) = &mut course.beside {
                beside.compare(&mut course.found).await?;
            }
        }
        drop(folders);
        self.finish(course, (findings, report)).await
    }

    /// The next folders; where there are to be at least so many, they end with an attribute's and
    /// bucket's last.
    fn chunk<'s>(
        &'s self,
        folders: &'s mut Folders<'_>,
        at_least: Option<usize>,
    ) -> impl Stream<Item = Result<Folder, Error>> {
        let layout = &self.desk.catalog.layout;
        let above = move |folder: &Folder| {
            let partition = place::parse(layout, self.table, &folder.path).ok()?;
            Some(chain::above(layout, &partition))
        };
        let start = (folders, 0_usize, None);
        futures::stream::unfold(start, move |(folders, count, last)| async move {
            let is_enough = at_least.is_some_and(|least| count >= least);
            let belongs = |folder: &Folder| !is_enough || above(folder) == last;
            let next = Pin::new(&mut *folders);
            let next = next.next_if(|folder| folder.as_ref().map_or(true, belongs));
            let folder = next.await?;
            let last = folder.as_ref().ok().and_then(above).or(last);
            Some((folder, (folders, count + 1, last)))
        })
    }

    async fn finish(
        self,
        mut course: Course<'_>,
        (findings, report): Book<'_>,
    ) -> Result<(), Error> {
        let mut looked = std::mem::take(&mut course.looked);
        looked.bytes_read = self.inspection.bytes();
        let columns = self.columns.into_inner();
        report.notes.extend(columns.finish(findings));
        let table = (self.table, self.name);
        report
            .notes
            .extend(notes(&course.chain, table, course.whole, &course.gaps));
        if let Some(beside) = &mut course.beside {
            report.notes.extend(beside.finish(&mut course.found).await?);
            self.desk.fetched_beside.set(beside.bytes());
        }
        let named = |note: String| format!("{}: {note}", self.name);
        match self.table {
            Table::Trace => {
                let found = course.gaps.settle(
                    std::mem::take(&mut course.found),
                    &course.without,
                    findings,
                );
                report.notes.extend(found.map(named));
                let column = self.desk.catalog.columns.previous_value.as_str();
                course.judge_chain((self.name, column), findings);
                report.notes.extend(course.undecided(self.name));
                report.notes.extend(course.copies.notes(self.name));
                self.desk.strangers.replace(course.strangers);
            }
            Table::Latest => {
                report.notes.extend(course.gaps.excuse(findings).map(named));
                looked.bytes_read += self.desk.fetched_beside.get();
            }
            Table::Entities if looked.folders == 0 => {
                missing::companies(self.desk, (findings, report))
            }
            Table::Entities => {
                let companies = self.companies.into_inner();
                let mut strangers = self.desk.strangers.borrow_mut();
                companies.compare((self.desk.directory.as_ref(), &mut strangers), findings);
                report.notes.extend(companies.finish(findings));
            }
        }
        report.tables.push(looked);
        Ok(())
    }

    /// Lists every folder, and keeps some of them.
    async fn sample(
        &self,
        course: &mut Course<'_>,
        findings: &mut Findings,
        at: &mut Progress,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<Vec<Folder>, Error> {
        let mut sample = Sample::new(self.desk.today);
        let mut walk = self.inspection.walk();
        while let Some(folder) = walk.next().await? {
            let Place::Of(partition) = self.place(&folder, findings) else {
                course.stray(&folder.path);
                continue;
            };
            let files = folder.parts.as_ref().map_or(1, |parts| parts.len() as u64);
            course.list(partition.as_ref(), files);
            sample.see(folder, partition.as_ref());
            let looked = &course.looked;
            if looked.folders.is_multiple_of(LISTED) {
                at.found = looked.files;
                progress(at);
            }
        }
        course.whole = course.looked.folders <= FOLDERS as u64;
        let folders = sample.folders();
        let files = folders
            .iter()
            .filter_map(|folder| folder.parts.as_ref().ok());
        at.to_read = Some(files.map(|parts| parts.len() as u64).sum());
        Ok(folders)
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
                seen.stray = Some(folder.path);
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
            (seen.elsewhere, seen.misdated) = (rows.elsewhere, rows.misdated);
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
