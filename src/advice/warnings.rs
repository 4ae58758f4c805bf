//! What is wrong with a layout for these data, each by its name: what it costs, what to do.
//!
//! Start at [`warnings`].

use jiff::civil::Date;

use super::look_back;
use super::price::{PARTITION_MS, PLANNING_MS};
use super::propose::{is_near, rule};
use super::shape::{Shape, projected};
use super::tally::Tally;
use super::{Side, count, grain};
use crate::catalog::{ATHENA_MOST_PARTITIONS, Catalog};
use crate::layout::{Step, end_of_day};
use crate::plan::{self, Query};
use crate::question::{LookBack, Question};
use crate::value::grouped;

/// Of more values a partition column is likely another one than the attribute.
const MANY_ATTRIBUTES: usize = 200;
/// Below this a request to S3 waits longer for the first byte (10 to 30 ms) than for the rest
/// (at 50 to 100 MB a second).
const TINY_BYTES: f64 = 1e6;
/// More than this share empty, and AWS advises against projection at that grain.
const MOST_EMPTY: f64 = 0.5;
/// So many days before the first decision a range may begin.
const EARLY_DAYS: i64 = 366;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Id {
    HighCardinalityKey,
    TooManyPartitions,
    MostlyEmpty,
    TinyFiles,
    RangeBeginsEarly,
    OutsideRange,
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
            Id::OutsideRange => "outside_range",
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
        outside_range(tally, shape, catalog, today),
        look_back::warning(tally, catalog, today),
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
            "{} has {} different values. Each is a folder for every bucket and step in which it has decisions, and a value of the table's enum projection.",
            catalog.layout.columns.attribute,
            grouped(values),
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
            "{} has {} values for {} companies: it parts them as finely as their ids would.",
            catalog.layout.columns.bucket,
            grouped(buckets),
            grouped(companies),
        ),
        advice: "Take fewer buckets: rows of many companies in one file, sorted by entity_id, are found as fast.".to_owned(),
    })
}

fn too_many(catalog: &Catalog, today: Date) -> Option<Warning> {
    let projected = projected(catalog, today);
    (projected > ATHENA_MOST_PARTITIONS).then(|| Warning {
        id: Id::TooManyPartitions,
        text: format!(
            "Projection enumerates {} partitions for a query that pins nothing; Athena ends such a query beyond {}.",
            grouped(projected),
            grouped(ATHENA_MOST_PARTITIONS),
        ),
        advice: "Take months in place of days, or fewer buckets; `why` always pins attribute and bucket, other people's queries may not.".to_owned(),
    })
}

fn mostly_empty(tally: &Tally, shape: &Shape, catalog: &Catalog, today: Date) -> Option<Warning> {
    let projected = projected(catalog, today);
    let existing = shape.within(catalog.layout.projected(today)).existing;
    if tally.decisions() == 0 || existing >= count(projected) * (1.0 - MOST_EMPTY) {
        return None;
    }
    Some(Warning {
        id: Id::MostlyEmpty,
        text: format!(
            "Of {} projected partitions {} exist. {}",
            grouped(projected),
            whole(existing),
            of_all_time(catalog, today),
        ),
        advice: match catalog.layout.step {
            Step::Day => "Take months: they are filled better, and there are a thirtieth of them.",
            Step::Month => "Beyond half AWS advises to register partitions instead; while attribute and bucket are pinned and look-backs bounded, that would gain nothing here.",
        }
        .to_owned(),
    })
}

/// What the empty ones come to, there or not, for whom they cost most.
fn of_all_time(catalog: &Catalog, today: Date) -> String {
    let planned = plan_for(catalog, today, LookBack::All);
    let queries = match planned {
        None => return String::new(),
        Some(Err(plan::Error::TooMuch { planned, limit, .. })) => {
            return format!(
                "A question about all time would list {}, more than the {} that max_partitions allows.",
                grouped(planned),
                grouped(limit),
            );
        }
        Some(Err(plan::Error::UnknownAttribute { .. } | plan::Error::SinceAfterAsOf { .. })) => {
            return String::new();
        }
        Some(Ok(plan)) => plan::queries(&plan, catalog),
    };
    let Some(Query {
        latest,
        span: Some(span),
        ..
    }) = queries.first()
    else {
        return String::new();
    };
    let steps = catalog.layout.step_count(span.from, span.to);
    let (of, listed) = match latest {
        true => ("the latest table's one and the trace's newest ", steps + 1),
        false => ("", steps),
    };
    let more = match queries.len() {
        1 => "",
        _ => ", and of older ones those that a company's row names",
    };
    format!(
        "A question about all time lists {of}{}, there or not{more}: {:.0} ms of planning, {:.0} ms for partitions in all, the opening of files not counted.",
        grouped(steps),
        count(listed) * PLANNING_MS,
        count(listed) * PARTITION_MS,
    )
}

/// How a question of today is planned, of whatever attribute; `None` where there is none.
pub(super) fn plan_for(
    catalog: &Catalog,
    today: Date,
    look_back: LookBack,
) -> Option<Result<plan::Plan, plan::Error>> {
    let now = end_of_day(today);
    let question = Question {
        text: String::new(),
        entity_id: 0,
        entity_name: String::new(),
        attribute: catalog.attributes.first()?.name.clone(),
        as_of: now,
        expected: None,
        look_back,
    };
    Some(plan::plan(&question, catalog, now))
}

/// What is not worth writing a lake anew for may be had when that is done all the same.
pub(super) fn leave_for_another_time(warnings: &mut [Warning]) {
    for warning in warnings.iter_mut().filter(|w| w.id == Id::TinyFiles) {
        "Take a coarser step or fewer buckets when the lake is written anew for another reason."
            .clone_into(&mut warning.advice);
    }
}

/// A grain that can't be coarser is not warned of, but does not mend what it leaves below the
/// threshold.
pub(super) fn keep_tiny_files(present: &Side, proposed: &mut Side) {
    let is_tiny = |side: &Side| side.warnings.iter().any(|w| w.id == Id::TinyFiles);
    if is_tiny(present) && !is_tiny(proposed) && proposed.median_bytes < TINY_BYTES {
        proposed.warnings.push(Warning {
            id: Id::TinyFiles,
            text: half_of_the_files(proposed.median_bytes, proposed.files),
            advice: "There are too few decisions for larger files.".to_owned(),
        });
    }
}

fn half_of_the_files(median: f64, files: f64) -> String {
    format!(
        "Half of the files have less than {:.0} kB ({} files in all). On S3 a file below {:.0} MB takes longer to open than to read.",
        (median / 1e3).ceil().max(1.0),
        whole(files),
        TINY_BYTES / 1e6,
    )
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
        text: half_of_the_files(median, shape.files()),
        advice: "Take a coarser step or fewer buckets, so that a file holds what fits one read."
            .to_owned(),
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
        Warning {
            id: Id::RangeBeginsEarly,
            text: format!(
                "The range begins on {}, the first decision is of {first}: {} of its {} steps come before that, and hold nothing. {}",
                layout.first_date,
                grouped(idle),
                grouped(layout.step_count(begin, last)),
                of_all_time(catalog, today),
            ),
            advice: format!(
                "Begin with {}; what is older is never read, so leave room for what may still come in.",
                grain::first_date(first)
            ),
        }
    })
}

/// Decisions that no question and no query of the projected table finds.
fn outside_range(tally: &Tally, shape: &Shape, catalog: &Catalog, today: Date) -> Option<Warning> {
    let (first, last) = tally.days()?;
    let (begin, end) = catalog.layout.projected(today);
    let within = shape.within((begin, end));
    let rows = (shape.rows() - within.rows).round();
    if rows < 1.0 {
        return None;
    }
    let partitions = (shape.existing() - within.existing).max(1.0);
    let dates: Vec<String> = [
        (first < begin).then(|| format!("the first is of {first}")),
        (last > end).then(|| format!("the last of {last}")),
    ]
    .into_iter()
    .flatten()
    .collect();
    let advice: Vec<String> = [
        (first < begin).then(|| format!("Let the range begin with {}.", grain::first_date(first))),
        (last > end).then(|| {
            "Look for what dates them ahead: they are found on that day, and not before.".to_owned()
        }),
    ]
    .into_iter()
    .flatten()
    .collect();
    Some(Warning {
        id: Id::OutsideRange,
        text: format!(
            "{} in {} outside of the range that is projected, {begin} to {end}: no question finds {} ({}).",
            number_of(rows, "decision lies", "decisions lie"),
            number_of(partitions, "partition", "partitions"),
            if rows < 2.0 { "it" } else { "them" },
            dates.join(", "),
        ),
        advice: advice.join(" "),
    })
}

fn number_of(number: f64, one: &str, several: &str) -> String {
    let shown = whole(number);
    match shown == "1" {
        true => format!("1 {one}"),
        false => format!("{shown} {several}"),
    }
}

/// A reckoned number of things.
fn whole(number: f64) -> String {
    grouped(format_args!("{number:.0}"))
}
