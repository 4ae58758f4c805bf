//! What is wrong with a layout for these data, each by its name: what it costs, what to do.
//!
//! Start at [`warnings`].

use jiff::civil::Date;

use super::price::{PARTITION_MS, PLANNING_MS};
use super::propose::{SPANS, is_near, rule};
use super::shape::{Shape, projected};
use super::tally::Tally;
use super::{count, grain};
use crate::catalog::{ATHENA_MOST_PARTITIONS, Catalog};
use crate::layout::Step;
use crate::plan::CHEAP_PARTITIONS;

/// Of more values a partition column is likely another one than the attribute.
const MANY_ATTRIBUTES: usize = 200;
/// Below this a request to S3 waits longer for the first byte (10 to 30 ms) than for the rest
/// (at 50 to 100 MB a second).
const TINY_BYTES: f64 = 1e6;
/// More than this share empty, and AWS advises against projection at that grain.
const MOST_EMPTY: f64 = 0.5;
/// So many days before the first decision a range may begin.
const EARLY_DAYS: i64 = 366;
/// A first step of the look-back should find so many of the newest decisions,
const FIRST_STEP_FINDS: f64 = 0.5;
/// and not read so many times what one that finds nearly as many would, where that is not cheap.
const MUCH_MORE: u64 = 4;
const NEARLY: f64 = 0.05;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Id {
    HighCardinalityKey,
    TooManyPartitions,
    MostlyEmpty,
    TinyFiles,
    RangeBeginsEarly,
    WideLookBack,
}

impl Id {
    /// Stable and snake_case.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Id::HighCardinalityKey => "high_cardinality_key",
            Id::TooManyPartitions => "too_many_partitions",
            Id::MostlyEmpty => "mostly_empty",
            Id::TinyFiles => "tiny_files",
            Id::RangeBeginsEarly => "range_begins_early",
            Id::WideLookBack => "wide_look_back",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    pub id: Id,
    pub text: String,
    /// What to do.
    pub advice: String,
}

/// Of one layout over these data.
pub(super) fn warnings(
    tally: &Tally,
    shape: &Shape,
    catalog: &Catalog,
    today: Date,
) -> Vec<Warning> {
    [
        many_attributes(tally, catalog),
        many_buckets(tally, catalog),
        too_many(catalog, today),
        mostly_empty(tally, shape, catalog, today),
        tiny_files(tally, shape, catalog),
        early_range(tally, catalog, today),
        look_back(tally, catalog, today),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn many_attributes(tally: &Tally, catalog: &Catalog) -> Option<Warning> {
    let values = tally.attributes().len();
    (values > MANY_ATTRIBUTES).then(|| Warning {
        id: Id::HighCardinalityKey,
        text: format!(
            "{} has {values} different values. Each is a folder for every bucket and step, and a value of the table's enum projection.",
            catalog.layout.columns.attribute
        ),
        advice: "Check that it holds the attribute and not its value or the company; put attributes that are asked about together under one name.".to_owned(),
    })
}

fn many_buckets(tally: &Tally, catalog: &Catalog) -> Option<Warning> {
    let (companies, may_be_more) = tally.companies();
    let buckets = catalog.layout.buckets;
    let as_good_as_the_id = !may_be_more && buckets > 1 && buckets as usize > companies;
    as_good_as_the_id.then(|| Warning {
        id: Id::HighCardinalityKey,
        text: format!(
            "{} has {buckets} values for {companies} companies: it parts them as finely as their ids would.",
            catalog.layout.columns.bucket
        ),
        advice: "Take fewer buckets: rows of many companies in one file, sorted by entity_id, are found as fast.".to_owned(),
    })
}

fn too_many(catalog: &Catalog, today: Date) -> Option<Warning> {
    let projected = projected(catalog, today);
    (projected > ATHENA_MOST_PARTITIONS).then(|| Warning {
        id: Id::TooManyPartitions,
        text: format!(
            "Projection enumerates {projected} partitions for a query that pins nothing; Athena ends such a query beyond {ATHENA_MOST_PARTITIONS}."
        ),
        advice: "Take months in place of days, or fewer buckets; `why` always pins attribute and bucket, other people's queries may not.".to_owned(),
    })
}

fn mostly_empty(tally: &Tally, shape: &Shape, catalog: &Catalog, today: Date) -> Option<Warning> {
    let projected = projected(catalog, today);
    let existing = shape.existing();
    if tally.decisions() == 0 || existing >= count(projected) * (1.0 - MOST_EMPTY) {
        return None;
    }
    let (layout, attributes) = (&catalog.layout, catalog.attributes.len().max(1));
    let (first, last) = layout.projected(today);
    let steps = layout.step_count(first, last);
    let of_one = existing / count(attributes as u64 * u64::from(layout.buckets.max(1)));
    Some(Warning {
        id: Id::MostlyEmpty,
        text: format!(
            "Of {projected} projected partitions {existing:.0} exist. A question about all time lists {steps}, of which {of_one:.0} hold anything: {:.0} ms of planning, {:.0} ms for partitions in all, the opening of files not counted.",
            count(steps) * PLANNING_MS,
            count(steps) * PARTITION_MS,
        ),
        advice: match layout.step {
            Step::Day => "Take months: they are filled better, and a question lists a thirtieth.",
            Step::Month => "Beyond half AWS advises to register partitions instead; while attribute and bucket are pinned and look-backs bounded, that would gain nothing here.",
        }
        .to_owned(),
    })
}

fn tiny_files(tally: &Tally, shape: &Shape, catalog: &Catalog) -> Option<Warning> {
    let median = shape.median_bytes(tally);
    let rule = rule(tally, catalog)?;
    let could_be_larger = match (catalog.layout.step, rule.step) {
        (Step::Day, Step::Month) => true,
        (Step::Day, Step::Day) | (Step::Month, _) => catalog.layout.buckets > rule.buckets,
    };
    let is_tiny = median < TINY_BYTES && could_be_larger && !is_near(catalog, rule);
    is_tiny.then(|| Warning {
        id: Id::TinyFiles,
        text: format!(
            "Half of the files have less than {:.0} kB ({:.0} files in all). Below {:.0} MB a file takes longer to open than to read.",
            (median / 1e3).max(1.0),
            shape.files(),
            TINY_BYTES / 1e6,
        ),
        advice: "Take a coarser step or fewer buckets, so that a file holds what fits one read.".to_owned(),
    })
}

/// Whether a range begins so long before the first decision that it costs.
pub(super) fn begins_early(begins: Date, first: Date) -> bool {
    first.duration_since(begins).as_hours() / 24 > EARLY_DAYS
}

fn early_range(tally: &Tally, catalog: &Catalog, today: Date) -> Option<Warning> {
    let (first, _) = tally.days()?;
    let layout = &catalog.layout;
    begins_early(layout.first_date, first).then(|| {
        let idle = layout.step_count(layout.first_date, first).saturating_sub(1);
        let (begin, last) = layout.projected(today);
        let all = layout.step_count(begin, last);
        Warning {
            id: Id::RangeBeginsEarly,
            text: format!(
                "The range begins on {}, the first decision is of {first}: {idle} of the {all} steps that a question about all time lists come before it.",
                layout.first_date
            ),
            advice: format!(
                "Begin with {}; what is older is never read, so leave room for what may still come in.",
                grain::first_date(first)
            ),
        }
    })
}

/// How many of the newest decisions lie within so many days.
pub(super) fn found_within(tally: &Tally, days: u32, today: Date) -> f64 {
    let since = today.saturating_sub(jiff::Span::new().days(i64::from(days)));
    tally.found_since(None, since, today)
}

/// Of the look-back's first step, which every question about now reads. With a latest table
/// that one is asked instead.
pub(super) fn look_back(tally: &Tally, catalog: &Catalog, today: Date) -> Option<Warning> {
    let first = *catalog.ladder_days.first()?;
    if catalog.lake.latest.is_some() || tally.decisions() == 0 {
        return None;
    }
    let found = found_within(tally, first, today);
    let percent = found * 100.0;
    let steps = |days: u32| {
        let since = today.saturating_sub(jiff::Span::new().days(i64::from(days)));
        catalog.layout.step_count(since, today)
    };
    let finds_any = SPANS
        .iter()
        .any(|days| found_within(tally, *days, today) > FIRST_STEP_FINDS);
    if found < FIRST_STEP_FINDS && finds_any {
        return Some(Warning {
            id: Id::WideLookBack,
            text: format!(
                "The look-back's first step, {first} days, finds {percent:.0} % of the newest decisions: most questions about now read a second step as well.",
            ),
            advice: "Let the first step reach as far as most newest decisions lie back, or write a latest table (`why import --latest`), which answers in one partition.".to_owned(),
        });
    }
    let shorter = SPANS
        .into_iter()
        .find(|days| *days < first && found_within(tally, *days, today) + NEARLY >= found)?;
    let is_dear = steps(first) > u64::from(CHEAP_PARTITIONS) && found >= FIRST_STEP_FINDS;
    let much_more = is_dear && steps(first) >= steps(shorter) * MUCH_MORE;
    much_more.then(|| Warning {
        id: Id::WideLookBack,
        text: format!(
            "The look-back's first step, {first} days, reads {} partitions; {shorter} days read {} and find {:.0} % of the newest decisions to its {percent:.0} %.",
            steps(first),
            steps(shorter),
            found_within(tally, shorter, today) * 100.0,
        ),
        advice: format!("Begin the look-back with {shorter} days."),
    })
}
