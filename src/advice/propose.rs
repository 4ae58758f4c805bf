//! The layout that the data ask for, as a catalog that differs from the present one in nothing
//! else, and whether it is worth writing a lake anew for. Start at [`propose`].

use jiff::civil::Date;

use super::shape::projected;
use super::tally::Tally;
use super::{Grain, Side, count, first_date, grain, look_back, warnings};
use crate::catalog::{ATHENA_MOST_PARTITIONS, Catalog};
use crate::layout::{Layout, Step};

/// Another number of buckets within this is the same.
const NEAR: u32 = 2;
/// To write a lake anew for less than this of a question is not worth it: nobody notices it,
const NOTICED_MS: f64 = 100.0;
/// nor on the bill,
const NOTICED_SHARE: f64 = 0.1;
/// nor, of files, do those who write and list them.
const NOTICED_FILES: f64 = 1_000.0;
/// Of S3, in bytes (50 to 100 MB a second).
const READ_IN_A_MS: f64 = 100_000.0;
/// Of a file: two requests of some 20 ms, 16 at a time.
const OPEN_MS: f64 = 2.5;

#[derive(Debug)]
pub(super) struct Proposal {
    /// The catalog itself where there is nothing to gain.
    pub(super) better: Catalog,
    /// What the rule says, where that is not worth writing the lake anew.
    pub(super) passed_over: Option<Catalog>,
}

/// `side` prices the questions that count.
pub(super) fn propose(
    tally: &Tally,
    catalog: &Catalog,
    today: Date,
    side: &dyn Fn(&Catalog) -> Side,
) -> Proposal {
    let kept = kept(tally, catalog, today, side);
    let as_it_is = |better: Catalog| Proposal {
        better,
        passed_over: None,
    };
    let Some(rule) = rule(tally, catalog).filter(|rule| !is_near(catalog, *rule)) else {
        return as_it_is(kept);
    };
    let mut anew = kept.clone();
    anew.layout = Layout {
        step: rule.step,
        buckets: rule.buckets,
        ..anew.layout
    };
    anew.ladder_days.clone_from(&catalog.ladder_days);
    bound(&mut anew, today);
    look(tally, &mut anew, today);
    if anew.layout == kept.layout || is_worth_it(&side(&kept), &side(&anew)) {
        return as_it_is(anew);
    }
    Proposal {
        better: kept,
        passed_over: Some(anew),
    }
}

/// The best that can be had with the files as they lie, unless they are more than can be.
fn kept(tally: &Tally, catalog: &Catalog, today: Date, side: &dyn Fn(&Catalog) -> Side) -> Catalog {
    let mut better = catalog.clone();
    if let Some((first, _)) = tally.days()
        && (warnings::begins_early(catalog.layout.first_date, first)
            || first < catalog.layout.first_date)
    {
        better.layout.first_date = first_date(first);
    }
    bound(&mut better, today);
    let mut looking = better.clone();
    look(tally, &mut looking, today);
    match looking == better || !is_only_worse(&side(&better), &side(&looking)) {
        true => looking,
        false => better,
    }
}

/// To what projection may enumerate.
fn bound(catalog: &mut Catalog, today: Date) {
    while projected(catalog, today) > ATHENA_MOST_PARTITIONS {
        match (catalog.layout.buckets, catalog.layout.step) {
            (0 | 1, Step::Month) => break,
            (0 | 1, Step::Day) => catalog.layout.step = Step::Month,
            (buckets, _) => catalog.layout.buckets = buckets / 2,
        }
    }
}

fn look(tally: &Tally, catalog: &mut Catalog, today: Date) {
    if look_back::warning(tally, catalog, today).is_some() {
        catalog.ladder_days = look_back::ladder(tally, catalog, today);
    }
}

/// What the questions of a side come to together, of those that both can ask.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    ms: f64,
    usd: f64,
    asked: usize,
}

impl Sum {
    fn of(side: &Side, other: &Side) -> Self {
        let pairs = side.prices.iter().zip(&other.prices);
        let both = pairs.filter_map(|(price, other)| price.zip(*other));
        both.fold(Sum::default(), |sum, (price, _)| Sum {
            ms: sum.ms
                + price.queries * super::price::QUERY_MS
                + price.partitions_ms
                + price.files * OPEN_MS
                + price.bytes / READ_IN_A_MS,
            usd: sum.usd + price.usd,
            asked: sum.asked + 1,
        })
    }
}

fn can_ask(side: &Side) -> usize {
    side.prices.iter().flatten().count()
}

/// Whether something that is noticed gets better, and nothing that is noticed worse.
fn is_worth_it(kept: &Side, anew: &Side) -> bool {
    let (old, new) = (Sum::of(kept, anew), Sum::of(anew, kept));
    let noticed_ms = NOTICED_MS * count(old.asked as u64);
    let noticed_usd = NOTICED_SHARE * old.usd;
    let is_worse = can_ask(anew) < can_ask(kept)
        || new.ms - old.ms >= noticed_ms.max(1.0)
        || new.usd - old.usd > noticed_usd;
    let is_better = can_ask(anew) > can_ask(kept)
        || old.ms - new.ms >= noticed_ms.max(1.0)
        || old.usd - new.usd > noticed_usd
        || (kept.files - anew.files >= NOTICED_FILES && anew.files <= kept.files / 2.0);
    is_better && !is_worse
}

fn is_only_worse(old: &Side, new: &Side) -> bool {
    let trade = super::trade::between(old, new);
    trade.better.is_empty()
        && trade.made_possible == 0
        && (!trade.worse.is_empty() || trade.made_impossible > 0)
}

/// What the rule says of an attribute of average size.
pub(super) fn rule(tally: &Tally, catalog: &Catalog) -> Option<Grain> {
    let each = tally.decisions() / (tally.attributes().len() as u64).max(1);
    Some(grain(each, tally.days()?, &catalog.layout))
}

/// Whether the present grain is as good as the rule's.
pub(super) fn is_near(catalog: &Catalog, rule: Grain) -> bool {
    let buckets = catalog.layout.buckets;
    let near = rule.buckets / NEAR..=rule.buckets.saturating_mul(NEAR);
    catalog.layout.step == rule.step && near.contains(&buckets)
}
