//! Counts decisions as they stream by: by attribute, day and bucket, in bounded memory.
//!
//! Exact as long as there is room; then buckets are merged in pairs, which costs no more than
//! fineness. Of pairs of company and attribute a fair sample is kept, for how old the newest
//! decision of one is. Knows no layout but the one that it is told to count exactly.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;

use crate::layout::{Layout, Step};

/// Cells that are counted at once, in each of three grains: some 30 MB.
const MOST_CELLS: usize = 1 << 20;
/// Where months begin; halved as room runs out.
const FINEST_BUCKETS: u32 = 1_024;
/// Companies that are told apart.
const MOST_COMPANIES: usize = 20_000;
/// Pairs of company and attribute that are kept.
const MOST_PAIRS: usize = 1 << 15;
/// Attributes that are told apart: with more, the key is no attribute.
const MOST_ATTRIBUTES: usize = 4_096;

/// One decision, as far as its place goes.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    pub attribute: &'a str,
    pub entity_id: i64,
    /// UTC.
    pub day: Date,
}

/// Rows by partition of one grain; the attribute by its number.
#[derive(Debug, Clone)]
pub(super) struct Cells {
    pub(super) layout: Layout,
    pub(super) rows: HashMap<(u32, u32, Date), u32>,
    most: usize,
    out_of_room: OutOfRoom,
    /// There was no room: nothing is in it.
    pub(super) is_full: bool,
}

/// What becomes of cells for which there is no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OutOfRoom {
    /// Their buckets are merged in pairs.
    Halve,
    /// None are counted any more.
    GiveUp,
}

/// The newest decision of a pair, and how many there are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    pub(super) newest: Date,
    pub(super) decisions: u32,
}

#[derive(Debug, Clone)]
pub struct Tally {
    pub(super) names: Vec<String>,
    numbers: BTreeMap<String, u32>,
    pub(super) of_attribute: Vec<u64>,
    pub(super) decisions: u64,
    pub(super) days: Option<(Date, Date)>,
    companies: BTreeSet<i64>,
    pub(super) by_day: Cells,
    pub(super) by_month: Cells,
    /// The layout that the lake has, where it is known.
    pub(super) own: Option<Cells>,
    pub(super) pairs: HashMap<(u32, i64), Pair>,
    /// One pair in 2 to the power of this is kept.
    pub(super) thinned: u32,
    /// What one decision takes in a file, beside the file's own.
    pub(super) bytes_of_a_row: f64,
    /// And that.
    pub(super) bytes_of_a_file: f64,
    /// Data files, where there are some already, and what they take together.
    pub(super) files: Option<u64>,
    bytes: Option<u64>,
}

impl Tally {
    /// `like` gives names and order of the columns; `own` is counted exactly beside.
    #[must_use]
    pub fn new(like: &Layout, own: Option<&Layout>) -> Self {
        Tally::with_room(like, own, MOST_CELLS)
    }

    pub(super) fn with_room(like: &Layout, own: Option<&Layout>, most: usize) -> Self {
        let cells = |step: Step, buckets: u32, out_of_room: OutOfRoom| Cells {
            layout: Layout {
                step,
                buckets,
                ..like.clone()
            },
            rows: HashMap::new(),
            most,
            out_of_room,
            is_full: false,
        };
        Tally {
            names: Vec::new(),
            numbers: BTreeMap::new(),
            of_attribute: Vec::new(),
            decisions: 0,
            days: None,
            companies: BTreeSet::new(),
            by_day: cells(Step::Day, 1, OutOfRoom::GiveUp),
            by_month: cells(Step::Month, FINEST_BUCKETS, OutOfRoom::Halve),
            own: own.map(|own| cells(own.step, own.buckets, OutOfRoom::GiveUp)),
            files: None,
            bytes: None,
            bytes_of_a_file: FILE_BYTES,
            pairs: HashMap::new(),
            thinned: 0,
            bytes_of_a_row: 0.0,
        }
    }

    pub fn see(&mut self, seen: Seen<'_>) {
        let number = self.number(seen.attribute);
        self.decisions += 1;
        if let Some(decisions) = self.of_attribute.get_mut(number as usize) {
            *decisions += 1;
        }
        let (first, last) = self.days.unwrap_or((seen.day, seen.day));
        self.days = Some((first.min(seen.day), last.max(seen.day)));
        if self.companies.len() < MOST_COMPANIES {
            self.companies.insert(seen.entity_id);
        }
        let grains = [&mut self.by_day, &mut self.by_month];
        for cells in grains.into_iter().chain(self.own.as_mut()) {
            cells.see(number, seen);
        }
        self.keep_pair(number, seen);
    }

    /// Those beyond the most are counted as the last.
    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        if self.names.len() == MOST_ATTRIBUTES {
            return u32::try_from(MOST_ATTRIBUTES - 1).unwrap_or(0);
        }
        let number = u32::try_from(self.names.len()).unwrap_or(0);
        self.names.push(name.to_owned());
        self.of_attribute.push(0);
        self.numbers.insert(name.to_owned(), number);
        number
    }

    fn keep_pair(&mut self, number: u32, seen: Seen<'_>) {
        let key = (number, seen.entity_id);
        if !is_kept(key, self.thinned) {
            return;
        }
        let pair = self.pairs.entry(key).or_insert(Pair {
            newest: seen.day,
            decisions: 0,
        });
        pair.newest = pair.newest.max(seen.day);
        pair.decisions = pair.decisions.saturating_add(1);
        while self.pairs.len() > MOST_PAIRS {
            self.thinned += 1;
            let thinned = self.thinned;
            self.pairs.retain(|key, _| is_kept(*key, thinned));
        }
    }

    /// What all data files together take, with so many of them.
    pub fn weigh(&mut self, bytes: u64, files: u64) {
        (self.files, self.bytes) = (Some(files), Some(bytes));
        let (bytes, files) = (super::count(bytes), super::count(files.max(1)));
        let rows = super::count(self.decisions.max(1));
        // Of files that hold next to nothing the rows can't be told from the rest.
        if files * FILE_BYTES > bytes / 2.0 {
            let room = (bytes - LEAST_OF_A_ROW * rows) / files;
            self.bytes_of_a_file = FILE_BYTES.min(room).max(bytes / files / 2.0);
        }
        self.bytes_of_a_row = ((bytes - files * self.bytes_of_a_file) / rows).max(1.0);
    }

    /// The same where there are no files yet: what the decisions take as JSON lines.
    pub fn weigh_json(&mut self, bytes: u64) {
        let rows = super::count(self.decisions.max(1));
        self.bytes_of_a_row = (super::count(bytes) * OF_JSON / rows).max(1.0);
    }

    #[must_use]
    pub fn decisions(&self) -> u64 {
        self.decisions
    }

    /// In the order in which they were seen first.
    #[must_use]
    pub fn attributes(&self) -> &[String] {
        &self.names
    }

    /// How many companies, and whether there may be more.
    #[must_use]
    pub fn companies(&self) -> (usize, bool) {
        let companies = self.companies.len();
        (companies, companies == MOST_COMPANIES)
    }

    /// The first and the last day of a decision.
    #[must_use]
    pub fn days(&self) -> Option<(Date, Date)> {
        self.days
    }

    /// Whether there are data files already.
    #[must_use]
    pub fn has_files(&self) -> bool {
        self.files.is_some()
    }

    /// Data files and what they take, where there are some already.
    #[must_use]
    pub fn on_disk(&self) -> Option<(u64, u64)> {
        self.files.zip(self.bytes)
    }

    /// What a file takes beside its decisions.
    #[must_use]
    pub fn bytes_of_a_file(&self) -> f64 {
        self.bytes_of_a_file
    }

    #[must_use]
    pub fn bytes_of_a_row(&self) -> f64 {
        self.bytes_of_a_row
    }

    /// The attribute with the most decisions; of several the first by name.
    #[must_use]
    pub fn busiest(&self) -> Option<&str> {
        let all = self.names.iter().zip(&self.of_attribute);
        let most = all.max_by_key(|(name, decisions)| (**decisions, std::cmp::Reverse(*name)));
        most.map(|(name, _)| name.as_str())
    }

    pub(super) fn number_of(&self, attribute: &str) -> Option<u32> {
        self.numbers.get(attribute).copied()
    }
}

/// What a Parquet file of one decision takes: footer and page headers (73 files of acme's, as
/// `why import` writes them, have 3.5 kB in the middle).
const FILE_BYTES: f64 = 3_500.0;
/// Of a decision among many (31 of sp500, 35 where a file holds five).
const LEAST_OF_A_ROW: f64 = 30.0;
/// Of JSON lines, in Parquet with zstd beside that (sp500: 116.4 MB of lines come to 748 files of
/// 8.3 MB in all).
const OF_JSON: f64 = 0.05;

impl Cells {
    fn see(&mut self, attribute: u32, seen: Seen<'_>) {
        if self.is_full {
            return;
        }
        let bucket = self.layout.bucket(seen.entity_id);
        let cell = (attribute, bucket, self.layout.floor(seen.day));
        let rows = self.rows.entry(cell).or_insert(0);
        *rows = rows.saturating_add(1);
        match self.out_of_room {
            _ if self.rows.len() <= self.most => {}
            OutOfRoom::Halve => self.halve_until_it_fits(),
            OutOfRoom::GiveUp => {
                self.is_full = true;
                self.rows = HashMap::new();
            }
        }
    }

    fn halve_until_it_fits(&mut self) {
        while self.rows.len() > self.most && self.layout.buckets > 1 {
            self.layout.buckets /= 2;
            self.rows = self.folded(&self.layout);
        }
    }

    /// Whether [`Cells::folded`] gives the rows of that layout: a bucket of 2 N buckets is one
    /// of N, and a day lies in its month.
    pub(super) fn can_tell(&self, layout: &Layout) -> bool {
        let finer = self.layout.step == layout.step || self.layout.step == Step::Day;
        finer && !self.is_full && self.layout.buckets.is_multiple_of(layout.buckets.max(1))
    }

    /// The same rows in a coarser grain.
    pub(super) fn folded(&self, layout: &Layout) -> HashMap<(u32, u32, Date), u32> {
        let mut folded = HashMap::new();
        for ((attribute, bucket, date), rows) in &self.rows {
            let bucket = layout.bucket(i64::from(*bucket));
            let sum: &mut u32 = folded
                .entry((*attribute, bucket, layout.floor(*date)))
                .or_insert(0);
            *sum = sum.saturating_add(*rows);
        }
        folded
    }
}

/// A fair share of all pairs, the same whatever the order of the rows.
fn is_kept((attribute, entity_id): (u32, i64), thinned: u32) -> bool {
    // splitmix64's finisher: https://prng.di.unimi.it/splitmix64.c
    let mut mixed = entity_id.cast_unsigned() ^ (u64::from(attribute) << 40);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^= mixed >> 31;
    mixed.trailing_zeros() >= thinned
}

/// What the pairs that are kept say of all; `None` is every attribute.
impl Tally {
    fn kept(&self, attribute: Option<u32>) -> impl Iterator<Item = &Pair> {
        let of = move |key: &u32| attribute.is_none_or(|attribute| attribute == *key);
        let kept = self.pairs.iter().filter(move |((key, _), _)| of(key));
        kept.map(|(_, pair)| pair)
    }

    /// Of those that ask as of `day`, how many find a decision from `since` on. Of a company
    /// whose newest decision came later nothing is known: it is taken to have one.
    pub(super) fn found_since(&self, attribute: Option<u32>, since: Date, day: Date) -> f64 {
        let (mut all, mut found) = (0_u64, 0_u64);
        for pair in self.kept(attribute) {
            all += 1;
            found += u64::from(pair.newest >= since || pair.newest > day);
        }
        match all {
            0 => 0.0,
            all => super::count(found) / super::count(all),
        }
    }

    /// Companies with a decision of it.
    pub(super) fn pairs_of(&self, attribute: Option<u32>) -> f64 {
        let thinned = i32::try_from(self.thinned).unwrap_or(0);
        super::count(self.kept(attribute).count() as u64) * 2_f64.powi(thinned)
    }

    /// Decisions of a company with any.
    pub(super) fn decisions_of_a_pair(&self, attribute: Option<u32>) -> f64 {
        let (mut all, mut decisions) = (0_u64, 0_u64);
        for pair in self.kept(attribute) {
            all += 1;
            decisions += u64::from(pair.decisions);
        }
        super::count(decisions) / super::count(all.max(1))
    }
}
