//! The layout that the data ask for, as a catalog that differs from the present one in nothing
//! else. Start at [`propose`].

use jiff::civil::Date;

use super::shape::projected;
use super::tally::Tally;
use super::{Grain, first_date, grain, look_back, warnings};
use crate::catalog::{ATHENA_MOST_PARTITIONS, Catalog};
use crate::layout::Step;

/// To write a lake anew for less than this is not worth it.
const WORTH_IT: u32 = 2;

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
    if look_back::warning(tally, &better, today).is_some() {
        better.ladder_days = look_back::ladder(tally, &better, today);
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
