//! What layout a team's data ask for, and what its top questions would come to in it.
//!
//! Pure: decisions are counted as they stream by ([`Tally`]), each layout is then worked out
//! from the counts ([`Shape`]), the questions priced in it ([`price`]), and one is proposed
//! ([`advise`]). Where a decision lies is [`crate::layout`]'s to say and what a question reads
//! [`crate::plan`]'s. Every constant stands beside the rule that it is for. Start at [`advise`].

use jiff::Timestamp;
use jiff::civil::Date;

use crate::catalog::Catalog;
use crate::layout::{Layout, end_of_day, utc_date};
use crate::question::{AsOf, LookBack, Parsed};
pub use grain::{Grain, first_date, grain};
pub use price::{Price, price};
use propose::Proposal;
pub use shape::{Shape, projected};
pub use tally::{Seen, Tally};
pub use trade::{Figure, Shift, Trade};
pub use warnings::{Id, Warning};

mod grain;
mod look_back;
mod price;
mod propose;
mod shape;
mod tally;
#[cfg(test)]
mod tests;
mod trade;
mod warnings;

/// A question as far as it says what is read. The company does not matter: each is taken to lie
/// in a bucket of average size.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// For people.
    pub text: String,
    pub attribute: String,
    pub as_of: Timestamp,
    pub look_back: LookBack,
}

impl Asked {
    /// `None` where the words name no attribute.
    #[must_use]
    pub fn of(parsed: &Parsed, now: Timestamp) -> Option<Self> {
        let attribute = parsed.readings.iter().find_map(|r| r.attribute.clone())?;
        Some(Asked {
            text: parsed.text.clone(),
            attribute,
            as_of: match parsed.as_of {
                Some(AsOf::Day(day)) => end_of_day(day).min(now),
                Some(AsOf::Instant(instant)) => instant.min(now),
                None => now,
            },
            look_back: parsed.look_back,
        })
    }
}

/// One layout over the data: what there is in it, and what the questions come to.
#[derive(Debug, Clone, PartialEq)]
pub struct Side {
    pub layout: Layout,
    pub ladder_days: Vec<u32>,
    /// Of those that are projected, the ones with a decision in them.
    pub existing: f64,
    /// Partitions that projection enumerates where a query pins nothing.
    pub projected: u64,
    pub files: f64,
    /// Bytes of a file: half of them are no larger.
    pub median_bytes: f64,
    pub largest_bytes: f64,
    /// Counted, not reckoned from coarser counts.
    pub is_exact: bool,
    /// One for each question; `None` where it can't be planned (what it would read is more than
    /// the catalog allows).
    pub prices: Vec<Option<Price>>,
    pub warnings: Vec<Warning>,
}

impl Side {
    /// How many of a hundred projected partitions hold nothing.
    #[must_use]
    pub fn empty_percent(&self) -> f64 {
        match self.projected {
            0 => 0.0,
            projected => (1.0 - self.existing / count(projected)).max(0.0) * 100.0,
        }
    }
}

/// The present layout beside the proposed one.
#[derive(Debug, Clone, PartialEq)]
pub struct Advice {
    pub questions: Vec<Asked>,
    pub present: Side,
    /// The same as the present one where there is nothing to gain.
    pub proposed: Side,
    /// What the rule would say, where it gains too little for writing the lake anew.
    pub passed_over: Option<Side>,
}

/// What a proposal makes of a warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Stays,
    /// The threshold is not passed, but there is less of it.
    Less,
    Mended,
}

impl Advice {
    /// Whether anything is to be changed.
    #[must_use]
    pub fn changes(&self) -> bool {
        self.present.layout != self.proposed.layout || self.changes_ladder()
    }

    /// Whether the lake would have to be written anew.
    #[must_use]
    pub fn moves_files(&self) -> bool {
        let (present, proposed) = (&self.present.layout, &self.proposed.layout);
        (present.step, present.buckets) != (proposed.step, proposed.buckets)
    }

    /// Of a warning of the present layout.
    #[must_use]
    pub fn outcome(&self, warning: &Warning) -> Outcome {
        let (present, proposed) = (&self.present, &self.proposed);
        if proposed.warnings.iter().all(|w| w.id != warning.id) {
            return Outcome::Mended;
        }
        let is_less = match warning.id {
            Id::TinyFiles => proposed.files < present.files,
            Id::MostlyEmpty => proposed.empty_percent() + 1.0 < present.empty_percent(),
            Id::TooManyPartitions => proposed.projected < present.projected,
            Id::HighCardinalityKey => proposed.layout.buckets < present.layout.buckets,
            Id::RangeBeginsEarly | Id::OutsideRange | Id::WideLookBack => false,
        };
        match is_less {
            true => Outcome::Less,
            false => Outcome::Stays,
        }
    }

    #[must_use]
    pub fn changes_ladder(&self) -> bool {
        self.present.ladder_days != self.proposed.ladder_days
    }
}

/// Compares the catalog's layout with the one that the data ask for.
#[must_use]
pub fn advise(tally: &Tally, catalog: &Catalog, questions: Vec<Asked>, now: Timestamp) -> Advice {
    let today = utc_date(now);
    let mut present = side(tally, catalog, &questions, now);
    let counts = match questions.is_empty() {
        true => top_questions(tally, now),
        false => questions.clone(),
    };
    let judged = |catalog: &Catalog| side(tally, catalog, &counts, now);
    let Proposal {
        better,
        passed_over,
    } = propose::propose(tally, catalog, today, &judged);
    if passed_over.is_some() {
        warnings::leave_for_another_time(&mut present.warnings);
    }
    let mut proposed = match better == *catalog {
        true => present.clone(),
        false => side(tally, &better, &questions, now),
    };
    warnings::keep_tiny_files(&present, &mut proposed);
    Advice {
        passed_over: passed_over.map(|other| side(tally, &other, &questions, now)),
        questions,
        present,
        proposed,
    }
}

fn side(tally: &Tally, catalog: &Catalog, questions: &[Asked], now: Timestamp) -> Side {
    let shape = Shape::of(tally, &catalog.layout);
    let today = utc_date(now);
    Side {
        layout: catalog.layout.clone(),
        ladder_days: catalog.ladder_days.clone(),
        existing: shape.within(catalog.layout.projected(today)).existing,
        projected: shape::projected(catalog, today),
        files: shape.files(),
        median_bytes: shape.median_bytes(tally),
        largest_bytes: shape.largest_bytes(tally),
        is_exact: shape.is_exact,
        prices: questions
            .iter()
            .map(|asked| price(asked, catalog, &shape, tally, now).ok())
            .collect(),
        warnings: warnings::warnings(tally, &shape, catalog, today),
    }
}

/// What is asked where nobody said: the attribute with the most decisions, now, midway through
/// its history, over the last year, and all of it.
#[must_use]
pub fn top_questions(tally: &Tally, now: Timestamp) -> Vec<Asked> {
    const YEAR: u32 = 365;
    let Some((attribute, (first, last))) = tally.busiest().zip(tally.days()) else {
        return Vec::new();
    };
    // A decision may be dated ahead; a question is not.
    let midway = middle(first, last.min(utc_date(now)).max(first));
    let asked = |words: String, as_of: Timestamp, look_back: LookBack| Asked {
        text: format!("{attribute}{words}"),
        attribute: attribute.to_owned(),
        as_of,
        look_back,
    };
    let then = end_of_day(midway).min(now);
    vec![
        asked(String::new(), now, LookBack::Auto),
        asked(format!(" as of {midway}"), then, LookBack::Auto),
        asked(
            format!(" in the last {YEAR} days"),
            now,
            LookBack::Days(YEAR),
        ),
        asked(" full history".to_owned(), now, LookBack::All),
    ]
}

fn middle(first: Date, last: Date) -> Date {
    let hours = last.duration_since(first).as_hours() / 48 * 24;
    first.saturating_add(jiff::SignedDuration::from_hours(hours))
}

/// A number of things as a figure.
#[expect(clippy::cast_precision_loss, reason = "exact below 2^53")]
pub(crate) fn count(number: u64) -> f64 {
    number as f64
}
