//! When to look whether a query has ended: where its like ended lately.
//!
//! Each look is a call, and whoever waits for the answer also waits for the look that finds it.
//! So the first looks of a query are put where they would have cost those who asked lately the
//! least waiting. Pure but for [`Pace`], which remembers, and holds in one process alone: a new
//! one looks after 150, 300 and 500 ms, then each second. Start at [`looks`].

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Waits between two looks while nothing is known: an earlier result is there at once, a small
/// query in a second.
const WAITS: [Duration; 3] = [
    Duration::from_millis(150),
    Duration::from_millis(300),
    Duration::from_millis(500),
];
/// From then on, also where something is known.
pub(super) const LATER: Duration = Duration::from_secs(1);
/// Looks of which the place is chosen: with the start and a page of rows six calls. Queries that
/// take long have more, but one fewer than they would have without a choice.
const LOOKS: usize = 4;
const MOST_LOOKS: usize = 8;
/// A look more than were placed is worth as much as so many seconds of waiting.
const LOOK_MORE: f64 = 0.5;
/// Ends that are remembered: what was slow an hour ago says little.
const REMEMBERED: usize = 32;
/// Fewer say nothing.
const FEWEST: usize = 4;
/// The next query ends about where one did before, not exactly there.
const ABOUT: [f64; 3] = [0.9, 1.0, 1.1];

/// Seconds between two looks, at most, also where none ended lately: the first may be as late as
/// queries were.
const GAP: f64 = 2.0;
/// Ends closer than so many seconds are one.
const SAME: f64 = 0.005;

/// Queries that take about as long as each other: planning time goes with the partitions that a
/// query names, up to a factor of two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Shape(u32);

impl Shape {
    pub(super) fn of(partitions: u64) -> Self {
        Shape(partitions.max(1).ilog2())
    }
}

/// How long queries took lately, by their shape.
#[derive(Debug, Default)]
pub(super) struct Pace {
    recent: Mutex<BTreeMap<Shape, VecDeque<Duration>>>,
}

impl Pace {
    /// How long after its start a query of this shape is looked at, first to last; after the last
    /// each [`LATER`].
    pub(super) fn looks(&self, shape: Shape) -> Vec<Duration> {
        let recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = recent.get(&shape).cloned().unwrap_or_default();
        looks(recent.into())
    }

    /// `took` is what Athena reports of a query that succeeded, from its start to its end.
    pub(super) fn learn(&self, shape: Shape, took: Duration) {
        if took.is_zero() {
            return; // it does not say
        }
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = recent.entry(shape).or_default();
        recent.truncate(REMEMBERED - 1);
        recent.push_front(took);
    }
}

/// The looks that would have found queries that took so long with the least waiting.
fn looks(recent: Vec<Duration>) -> Vec<Duration> {
    if recent.len() < FEWEST {
        let sums = WAITS.iter().scan(Duration::ZERO, |at, wait| {
            *at += *wait;
            Some(*at)
        });
        return sums.collect();
    }
    let about = |took: &Duration| ABOUT.map(|part| took.as_secs_f64() * part);
    let mut ends: Vec<f64> = recent.iter().flat_map(about).collect();
    ends.sort_by(f64::total_cmp);
    let places = best(&ends, looks_for(&ends)).unwrap_or_default();
    places.into_iter().map(Duration::from_secs_f64).collect()
}

/// How many are placed, for queries that end about there.
fn looks_for(ends: &[f64]) -> usize {
    let median = ends.get(ends.len() / 2).copied().unwrap_or_default();
    let early: Duration = WAITS.iter().sum();
    let later = (median - early.as_secs_f64()).max(0.0) / LATER.as_secs_f64();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "not negative; what is too large is cut off below"
    )]
    let without_a_choice = WAITS.len() + later.ceil() as usize;
    (without_a_choice - 1).clamp(LOOKS, MOST_LOOKS)
}

/// A look at one of the ends, or the start.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    at: f64,
    /// Ends until then, and the sum of them.
    count: f64,
    sum: f64,
}

/// Looks, the last of them at some place, and what they cost those who ended until then.
#[derive(Debug, Clone, Default)]
struct Way {
    cost: f64,
    looks: Vec<f64>,
}

/// By dynamic programming over the places: the cheapest way to each with one look more than
/// before. `ends` are sorted.
fn best(ends: &[f64], looks: usize) -> Option<Vec<f64>> {
    let mut places = vec![Place::default()];
    let mut last = Place::default();
    for end in ends {
        let is_there = last.count > 0.0 && end - last.at < SAME;
        if is_there {
            places.pop();
        }
        last = Place {
            at: *end,
            count: last.count + 1.0,
            sum: last.sum + end,
        };
        places.push(last);
    }
    let mut ways: Vec<Option<Way>> = vec![None; places.len()];
    ways.first_mut()?.replace(Way::default());
    let mut best: Option<Way> = None;
    for _ in 0..looks {
        let next = |(number, place): (usize, &Place)| {
            let before = places.iter().zip(&ways).take(number);
            let costs = before.filter_map(|(from, way)| {
                let way = way.as_ref()?;
                let waited = waited(*from, *place)?;
                Some((way.cost + waited, way))
            });
            let (cost, way) = costs.min_by(|a, b| a.0.total_cmp(&b.0))?;
            let looks = [way.looks.as_slice(), &[place.at]].concat();
            Some(Way { cost, looks })
        };
        ways = places.iter().enumerate().map(next).collect();
        let whole = places.iter().zip(&ways).filter_map(|(place, way)| {
            let way = way.clone()?;
            let cost = way.cost + afterwards(*place, ends);
            Some(Way { cost, ..way })
        });
        let cheapest = best.into_iter().chain(whole);
        best = cheapest.min_by(|a, b| a.cost.total_cmp(&b.cost));
    }
    best.map(|way| way.looks)
}

/// By those who ended after one look and until the next. `None` where the two are too far apart.
fn waited(from: Place, until: Place) -> Option<f64> {
    let is_first = from.count < 1.0;
    let fits = is_first || until.at - from.at <= GAP;
    fits.then_some((until.count - from.count) * until.at - (until.sum - from.sum))
}

/// By those who end after the last look, of which the place was chosen.
fn afterwards(last: Place, ends: &[f64]) -> f64 {
    let step = LATER.as_secs_f64();
    let later = ends.iter().filter(|end| **end > last.at);
    let cost = |end: &f64| {
        let looks = ((end - last.at) / step).ceil();
        looks * (step + LOOK_MORE) - (end - last.at)
    };
    later.map(cost).sum()
}

#[cfg(test)]
mod tests;
