//! The layout that the data ask for, as a catalog that differs from the present one in nothing
//! else. Start at [`propose`].

use jiff::civil::Date;

use super::shape::projected;
use super::tally::Tally;
use super::warnings;
use super::{Grain, first_date, grain};
use crate::catalog::{ATHENA_MOST_PARTITIONS, Catalog};
use crate::layout::Step;

/// To write a lake anew for less than this is not worth it.
const WORTH_IT: u32 = 2;
/// The look-backs that are proposed.
pub(super) const SPANS: [u32; 7] = [7, 30, 90, 180, 365, 730, 1825];
/// Of the newest decisions, so many should be found by the first step,
const MOST_QUESTIONS: f64 = 0.75;
/// and so many by the second.
const NEARLY_ALL: f64 = 0.95;

/// The catalog itself where there is nothing to gain.
pub(super) fn propose(tally: &Tally, catalog: &Catalog, today: Date) -> Catalog {
    let mut better = catalog.clone();
    let Some(rule) = rule(tally, catalog) else {
        return better;
    };
    let layout = &mut better.layout;
    if !is_near(catalog, rule) {
        layout.step = rule.step;
        layout.buckets = rule.buckets;
    }
    if let Some((first, _)) = tally.days()
        && warnings::begins_early(catalog.layout.first_date, first)
    {
        layout.first_date = first_date(first);
    }
    while projected(&better, today) > ATHENA_MOST_PARTITIONS {
        match (better.layout.buckets, better.layout.step) {
            (0 | 1, Step::Month) => break,
            (0 | 1, Step::Day) => better.layout.step = Step::Month,
            (buckets, _) => better.layout.buckets = buckets / 2,
        }
    }
    if warnings::look_back(tally, &better, today).is_some()
        && let Some(ladder) = ladder(tally, today)
    {
        better.ladder_days = ladder;
    }
    better
}

/// What the rule says of an attribute of average size.
pub(super) fn rule(tally: &Tally, catalog: &Catalog) -> Option<Grain> {
    let each = tally.decisions() / (tally.attributes().len() as u64).max(1);
    Some(grain(each, tally.days()?, &catalog.layout))
}

/// Whether the present grain is as good as the rule's.
pub(super) fn is_near(catalog: &Catalog, rule: Grain) -> bool {
    let buckets = catalog.layout.buckets;
    let near = rule.buckets / WORTH_IT..=rule.buckets.saturating_mul(WORTH_IT);
    catalog.layout.step == rule.step && near.contains(&buckets)
}

/// The shortest spans that find what they should; where none does, the shortest that finds as
/// much as any. `None` where none finds anything.
fn ladder(tally: &Tally, today: Date) -> Option<Vec<u32>> {
    let found = |days: u32| warnings::found_within(tally, days, today);
    let first_that = |share: f64| SPANS.into_iter().find(|days| found(*days) >= share);
    let most = SPANS.into_iter().map(found).fold(0.0, f64::max);
    let first = first_that(MOST_QUESTIONS.min(most)).filter(|_| most > 0.0)?;
    let mut ladder = vec![first];
    ladder.extend(first_that(NEARLY_ALL));
    ladder.dedup();
    Some(ladder)
}
