//! The data in one layout: which partitions there are, and how large.
//!
//! Folded from finer counts where there are any, else spread evenly over the buckets, as ids
//! that mean nothing are. Start at [`Shape::of`].

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;

use super::count;
use super::tally::Tally;
use crate::catalog::Catalog;
use crate::layout::{Layout, Step};
use crate::plan::Span;

/// Days of a month, where only its rows are known.
const DAYS_OF_A_MONTH: u32 = 30;

#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    buckets: u32,
    /// How wide a step of the layout is, and one of `steps`: where only the rows of months are
    /// known, days are reckoned from them.
    step: Step,
    known: Step,
    /// By attribute (its number) and step.
    steps: BTreeMap<(u32, Date), Held>,
    /// How many partitions have so many rows.
    sizes: BTreeMap<u64, f64>,
    /// Files of a partition.
    files_each: f64,
    pub is_exact: bool,
}

/// What some partitions hold together.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Held {
    /// Partitions that exist.
    pub(super) existing: f64,
    pub(super) rows: f64,
}

impl Shape {
    #[must_use]
    pub fn of(tally: &Tally, layout: &Layout) -> Self {
        let counts = [
            tally.own.as_ref(),
            Some(&tally.by_month),
            Some(&tally.by_day),
        ];
        let exact = counts.into_iter().flatten().find(|c| c.can_tell(layout));
        let mut shape = Shape {
            buckets: layout.buckets.max(1),
            step: layout.step,
            known: layout.step,
            steps: BTreeMap::new(),
            sizes: BTreeMap::new(),
            files_each: 1.0,
            is_exact: exact.is_some(),
        };
        match exact {
            Some(cells) => shape.add(&cells.folded(layout), 1),
            None => shape.spread(tally, layout),
        }
        let is_own = |cells: &super::tally::Cells| {
            (cells.layout.step, cells.layout.buckets) == (layout.step, layout.buckets)
        };
        if let Some(files) = tally.files
            && tally.own.as_ref().is_some_and(is_own)
        {
            shape.files_each = (count(files) / shape.existing().max(1.0)).max(1.0);
        }
        shape
    }

    /// From the rows of all buckets together.
    fn spread(&mut self, tally: &Tally, layout: &Layout) {
        let whole = Layout {
            buckets: 1,
            ..layout.clone()
        };
        let (cells, over) = match layout.step {
            Step::Day if tally.by_day.can_tell(&whole) => (&tally.by_day, layout.buckets),
            Step::Day => (
                &tally.by_month,
                layout.buckets.saturating_mul(DAYS_OF_A_MONTH),
            ),
            Step::Month => (&tally.by_month, layout.buckets),
        };
        self.known = cells.layout.step;
        let coarse = Layout {
            step: cells.layout.step,
            ..whole
        };
        self.add(&cells.folded(&coarse), over);
    }

    /// Each cell's rows lie in so many partitions, if there are enough of them.
    fn add(&mut self, cells: &HashMap<(u32, u32, Date), u32>, over: u32) {
        for ((attribute, _, date), rows) in cells {
            let rows = u64::from(*rows);
            let existing = occupied(count(rows), f64::from(over.max(1)));
            let held = self.steps.entry((*attribute, *date)).or_default();
            held.existing += existing;
            held.rows += count(rows);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a positive number of rows"
            )]
            let each = (count(rows) / existing).round() as u64;
            *self.sizes.entry(each).or_default() += existing;
        }
    }

    /// Partitions with something in them.
    #[must_use]
    pub fn existing(&self) -> f64 {
        self.steps.values().map(|held| held.existing).sum()
    }

    /// Of these, those between two days.
    pub(super) fn within(&self, (first, last): (Date, Date)) -> Held {
        let first = match self.known {
            Step::Day => first,
            Step::Month => first.first_of_month(),
        };
        let steps = self.steps.iter();
        let within = steps.filter(|((_, step), _)| first <= *step && *step <= last);
        within.fold(Held::default(), |sum, (_, held)| Held {
            existing: sum.existing + held.existing,
            rows: sum.rows + held.rows,
        })
    }

    #[must_use]
    pub fn rows(&self) -> f64 {
        self.steps.values().map(|held| held.rows).sum()
    }

    #[must_use]
    pub fn files(&self) -> f64 {
        self.existing() * self.files_each
    }

    /// Of one bucket of average size, the partitions of an attribute between these days.
    pub(super) fn of_a_bucket(&self, attribute: u32, span: Span) -> Held {
        let from = match self.known {
            Step::Day => span.from,
            Step::Month => span.from.first_of_month(),
        };
        let mut sum = Held::default();
        for ((_, first), held) in self.steps.range((attribute, from)..=(attribute, span.to)) {
            let share = self.share(*first, span);
            sum.existing += share * held.existing;
            sum.rows += share * held.rows;
        }
        let buckets = f64::from(self.buckets);
        Held {
            existing: sum.existing / buckets,
            rows: sum.rows / buckets,
        }
    }

    /// How much of a step a span covers: of a month, some of its days where days are asked for.
    fn share(&self, first: Date, span: Span) -> f64 {
        match (self.step, self.known) {
            (Step::Day, Step::Month) => {
                let (from, to) = (first.max(span.from), first.last_of_month().min(span.to));
                let days = to.duration_since(from).as_hours() / 24 + 1;
                count(u64::try_from(days).unwrap_or(0)) / f64::from(first.days_in_month())
            }
            (Step::Day, Step::Day) | (Step::Month, _) => 1.0,
        }
    }

    /// Half of all files are no larger.
    #[must_use]
    pub fn median_bytes(&self, tally: &Tally) -> f64 {
        let half = self.existing() / 2.0;
        let mut passed = 0.0;
        let median = self.sizes.iter().find(|(_, partitions)| {
            passed += **partitions;
            passed >= half
        });
        median.map_or(0.0, |(rows, _)| self.file_bytes(*rows, tally))
    }

    #[must_use]
    pub fn largest_bytes(&self, tally: &Tally) -> f64 {
        let largest = self.sizes.last_key_value();
        largest.map_or(0.0, |(rows, _)| self.file_bytes(*rows, tally))
    }

    fn file_bytes(&self, rows: u64, tally: &Tally) -> f64 {
        tally.bytes_of_a_file + count(rows) * tally.bytes_of_a_row / self.files_each
    }

    /// What such partitions take, and in how many files.
    pub(super) fn bytes_and_files(&self, held: Held, tally: &Tally) -> (f64, f64) {
        let files = held.existing * self.files_each;
        (
            files * tally.bytes_of_a_file + held.rows * tally.bytes_of_a_row,
            files,
        )
    }
}

/// How many of so many partitions get any of these rows, which fall where they may.
fn occupied(rows: f64, partitions: f64) -> f64 {
    if partitions <= 1.0 {
        return 1.0;
    }
    partitions * (1.0 - (rows * (-1.0 / partitions).ln_1p()).exp())
}

/// What projection enumerates where a query pins nothing: every attribute, bucket and step of
/// the range that the DDL gives.
#[must_use]
pub fn projected(catalog: &Catalog, today: Date) -> u64 {
    let layout = &catalog.layout;
    let (first, last) = layout.projected(today);
    let steps = layout.step_count(first, last);
    catalog.attributes.len() as u64 * u64::from(layout.buckets) * steps
}
