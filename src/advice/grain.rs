//! How wide a partition should be for so many decisions: the rule of `why import`, which lays
//! out a lake without a catalog, and of `why layout advise`.

use jiff::civil::Date;

use crate::layout::{Layout, Step};

/// Rows that are well read at once: some 3 MB.
pub(super) const ROWS_OF_A_PARTITION: u64 = 20_000;
/// So many rows make some 8 MB: then a day is worth a partition.
pub(super) const ROWS_OF_A_DAY: u64 = 50_000;
/// More buckets than this and every question of many companies opens a file for each.
pub(super) const MOST_BUCKETS: u64 = 1_024;

/// Step and buckets, and the decisions that each step of an attribute then holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grain {
    pub step: Step,
    pub buckets: u32,
    pub rows: u64,
}

/// For an attribute of so many decisions between these days. A day where a day's decisions
/// fill a partition of their own, else a month; a power of two of buckets, so that a bucket of
/// a step holds [`ROWS_OF_A_PARTITION`] at most.
#[must_use]
pub fn grain(decisions: u64, (first, last): (Date, Date), layout: &Layout) -> Grain {
    let rows = |step: Step| {
        let layout = Layout {
            step,
            ..layout.clone()
        };
        decisions / layout.step_count(first, last).max(1)
    };
    let step = match rows(Step::Day) >= ROWS_OF_A_DAY {
        true => Step::Day,
        false => Step::Month,
    };
    let rows = rows(step);
    let buckets = rows
        .div_ceil(ROWS_OF_A_PARTITION)
        .next_power_of_two()
        .clamp(1, MOST_BUCKETS);
    Grain {
        step,
        buckets: u32::try_from(buckets).unwrap_or(1),
        rows,
    }
}

/// Where the range of dates begins: with the year of the first decision.
#[must_use]
pub fn first_date(first: Date) -> Date {
    Date::new(first.year(), 1, 1).unwrap_or(first)
}
