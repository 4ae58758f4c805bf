//! What a proposal gains and what it gives for it, over all questions together.
//!
//! Start at [`Advice::trade`].

use super::{Advice, Price, Side};

/// A smaller change than this is none.
const NOTICED: f64 = 0.01;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    Queries,
    Partitions,
    /// That are opened, of which each takes two requests.
    Files,
    Bytes,
    Usd,
}

impl Figure {
    pub(super) const ALL: [Figure; 5] = [
        Figure::Queries,
        Figure::Partitions,
        Figure::Files,
        Figure::Bytes,
        Figure::Usd,
    ];

    fn of(self, price: &Price) -> f64 {
        match self {
            Figure::Queries => price.queries,
            Figure::Partitions => price.projected,
            Figure::Files => price.files,
            Figure::Bytes => price.bytes,
            Figure::Usd => price.usd,
        }
    }
}

/// What the questions come to together, now and as proposed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shift {
    pub of: Figure,
    pub present: f64,
    pub proposed: f64,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Trade {
    pub better: Vec<Shift>,
    pub worse: Vec<Shift>,
    /// Questions that could not be planned and now can; they are not among the figures.
    pub made_possible: usize,
    /// The other way round.
    pub made_impossible: usize,
}

impl Advice {
    /// `None` where nothing is proposed or asked.
    #[must_use]
    pub fn trade(&self) -> Option<Trade> {
        if !self.changes() || self.questions.is_empty() {
            return None;
        }
        Some(between(&self.present, &self.proposed))
    }
}

/// Of the same questions.
pub(super) fn between(present: &Side, proposed: &Side) -> Trade {
    let mut trade = Trade::default();
    let mut both = Vec::new();
    for pair in present.prices.iter().zip(&proposed.prices) {
        match pair {
            (Some(present), Some(proposed)) => both.push((present, proposed)),
            (None, Some(_)) => trade.made_possible += 1,
            (Some(_), None) => trade.made_impossible += 1,
            (None, None) => {}
        }
    }
    for figure in Figure::ALL {
        let shift = Shift {
            of: figure,
            present: both.iter().map(|(present, _)| figure.of(present)).sum(),
            proposed: both.iter().map(|(_, proposed)| figure.of(proposed)).sum(),
        };
        let more = shift.proposed - shift.present;
        if more.abs() <= NOTICED * shift.present {
            continue;
        }
        match more > 0.0 {
            true => trade.worse.push(shift),
            false => trade.better.push(shift),
        }
    }
    trade
}
