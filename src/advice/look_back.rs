//! How far to look back for the newest decision: what a ladder comes to, what is wrong with it,
//! and which one is better.
//!
//! Without a latest table each step is a query of its own, run only where those before found
//! nothing. Start at [`warning`] and [`ladder`].

use jiff::civil::Date;

use super::count;
use super::price::{PARTITION_MS, QUERY_MS};
use super::tally::Tally;
use super::warnings::{Id, Warning, plan_for};
use crate::catalog::{Catalog, USD_PER_LIST};
use crate::plan::{self, CHEAP_PARTITIONS, Span};
use crate::question::LookBack;
use crate::value::grouped;

/// The look-backs that are proposed, in days.
const SPANS: [u32; 8] = [7, 30, 90, 180, 365, 730, 1825, 3650];
/// More queries than this for a question about now: half of them run a second one.
const MANY_QUERIES: f64 = 1.5;
/// A step that reads so many times what one that finds nearly as many would is too wide, where
/// that is not cheap.
const MUCH_MORE: u64 = 4;
const NEARLY: f64 = 0.05;
/// Another ladder is worth writing where it saves so much of a query.
const WORTH_IT: f64 = 0.1;
/// What a second of waiting is worth beside a listing's price: some $36 an hour.
const USD_PER_SECOND: f64 = 0.01;

/// One query of a ladder.
#[derive(Debug, Clone, Copy)]
struct Step {
    /// The longest look-back that it covers; `None` for all time.
    days: Option<u32>,
    partitions: u64,
    /// Of the newest decisions, how many are found by now.
    found: f64,
}

/// Of a question about now of any company and attribute, as it is planned.
struct Climb(Vec<Step>);

impl Climb {
    fn of(tally: &Tally, catalog: &Catalog, today: Date) -> Self {
        let plan = plan_for(catalog, today, LookBack::Auto).and_then(Result::ok);
        let rungs = plan.map(|plan| plan.rungs).unwrap_or_default();
        let step = |rung: &Span| Step {
            days: days_of(*rung, catalog, today),
            partitions: catalog.layout.step_count(rung.from, rung.to),
            found: tally.found_since(None, rung.from, today),
        };
        Climb(rungs.iter().map(step).collect())
    }

    /// Each step, with how many questions come to it.
    fn reached(&self) -> impl Iterator<Item = (f64, Step)> {
        let before = std::iter::once(0.0).chain(self.0.iter().map(|step| step.found));
        before
            .zip(&self.0)
            .map(|(found, step)| (1.0 - found, *step))
    }

    /// The steps that have an end, by the days that they look back.
    fn spans(&self) -> impl Iterator<Item = (u32, Step)> {
        let steps = self.0.iter();
        steps.filter_map(|step| step.days.map(|days| (days, *step)))
    }

    /// That a question runs on average.
    fn queries(&self) -> f64 {
        self.reached().map(|(share, _)| share).sum()
    }

    fn partitions(&self) -> f64 {
        let each = self.reached();
        each.map(|(share, step)| share * count(step.partitions))
            .sum()
    }

    /// What a question takes and costs, in milliseconds of waiting.
    fn weight(&self) -> f64 {
        let of_a_listing = USD_PER_LIST / USD_PER_SECOND * 1_000.0;
        self.queries() * QUERY_MS + self.partitions() * (PARTITION_MS + of_a_listing)
    }
}

/// Look-backs that begin in the same partition are one step; one that is cut covers none, and is
/// called by the shortest of those that it was to cover.
fn days_of(rung: Span, catalog: &Catalog, today: Date) -> Option<u32> {
    let begins = |days: &u32| plan::begins(&catalog.layout, today, *days);
    let ladder = catalog.ladder_days.iter().copied();
    let covered = ladder.clone().rfind(|days| {
        let begins = begins(days);
        rung.from <= begins && begins <= rung.to
    });
    covered.or_else(|| ladder.clone().find(|days| begins(days) < rung.from))
}

/// Of the present ladder; with a latest table that is asked instead.
pub(super) fn warning(tally: &Tally, catalog: &Catalog, today: Date) -> Option<Warning> {
    if catalog.lake.latest.is_some() || tally.decisions() == 0 {
        return None;
    }
    too_many_queries(tally, catalog, today).or_else(|| too_wide(tally, catalog, today))
}

fn too_many_queries(tally: &Tally, catalog: &Catalog, today: Date) -> Option<Warning> {
    let climb = Climb::of(tally, catalog, today);
    let queries = climb.queries();
    if queries <= MANY_QUERIES {
        return None;
    }
    let finds: Vec<String> = climb
        .spans()
        .map(|(days, step)| format!("{} days find {:.0} %", grouped(days), step.found * 100.0))
        .collect();
    let better = with_ladder(catalog, ladder(tally, catalog, today));
    let can_be_mended = Climb::of(tally, &better, today).queries() + WORTH_IT < queries;
    let newest = grouped(CHEAP_PARTITIONS.min(catalog.max_partitions));
    let latest = format!(
        "a latest table (`why import --latest`, or the pipeline): one query then reads its partition and the newest {newest} of the trace, and a second one only what a company has before those."
    );
    Some(Warning {
        id: Id::WideLookBack,
        text: format!(
            "A question about now runs {queries:.1} queries on average, each of a second or so: of the newest decisions {}.",
            finds.join(", "),
        ),
        advice: match can_be_mended {
            true => format!(
                "Let the first step reach as far as most newest decisions lie back, or write {latest}"
            ),
            false => format!("No other look-back saves much here; write {latest}"),
        },
    })
}

/// The first step that a shorter one could stand in for.
fn too_wide(tally: &Tally, catalog: &Catalog, today: Date) -> Option<Warning> {
    let climb = Climb::of(tally, catalog, today);
    let mut before = 0;
    for (share, step) in climb.reached() {
        let Some(days) = step.days else {
            continue;
        };
        let longer_than = std::mem::replace(&mut before, days);
        if share * count(step.partitions) <= f64::from(CHEAP_PARTITIONS) {
            continue;
        }
        let instead = |span: u32| {
            let mut ladder = catalog.ladder_days.clone();
            ladder.retain(|days| *days < span);
            ladder.push(span);
            let climb = Climb::of(tally, &with_ladder(catalog, ladder), today);
            climb.spans().find(|(days, _)| *days == span)
        };
        let shorter = SPANS
            .into_iter()
            .filter(|span| longer_than < *span && *span < days);
        let nearly = shorter
            .filter_map(instead)
            .find(|(_, other)| other.found + NEARLY >= step.found);
        let Some((span, other)) = nearly else {
            continue;
        };
        if step.partitions < other.partitions * MUCH_MORE {
            continue;
        }
        return Some(Warning {
            id: Id::WideLookBack,
            text: format!(
                "The look-back of {} days reads {} partitions; {} days read {} and find {:.0} % of the newest decisions to its {:.0} %.",
                grouped(days),
                grouped(step.partitions),
                grouped(span),
                grouped(other.partitions),
                other.found * 100.0,
                step.found * 100.0,
            ),
            advice: format!("Look back {} days in its place.", grouped(span)),
        });
    }
    None
}

/// Of one or two steps, the one with which a question about now weighs least and no step is too
/// wide, the shortest of several; the present one where that is hardly heavier.
pub(super) fn ladder(tally: &Tally, catalog: &Catalog, today: Date) -> Vec<u32> {
    let weight = |catalog: &Catalog| Climb::of(tally, catalog, today).weight();
    let is_too_wide = |catalog: &Catalog| too_wide(tally, catalog, today).is_some();
    let ones = SPANS.into_iter().map(|span| vec![span]);
    let twos = SPANS.into_iter().flat_map(|first| {
        let longer = SPANS.into_iter().filter(move |second| first < *second);
        longer.map(move |second| vec![first, second])
    });
    let mut best: Option<(f64, Vec<u32>)> = None;
    for ladder in ones.chain(twos) {
        let other = with_ladder(catalog, ladder);
        let weight = weight(&other);
        let is_lighter = best.as_ref().is_none_or(|(least, _)| weight < *least);
        if is_lighter && !is_too_wide(&other) {
            best = Some((weight, other.ladder_days));
        }
    }
    let worth_it = |least: f64| weight(catalog) - least > WORTH_IT * QUERY_MS;
    match best {
        Some((least, ladder)) if worth_it(least) || is_too_wide(catalog) => ladder,
        Some(_) | None => catalog.ladder_days.clone(),
    }
}

fn with_ladder(catalog: &Catalog, ladder_days: Vec<u32>) -> Catalog {
    Catalog {
        ladder_days,
        ..catalog.clone()
    }
}
