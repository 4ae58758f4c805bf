//! From a question to the partitions that can hold its answer.
//!
//! Pure arithmetic over the catalog: a plan knows what it will read before
//! anything runs, so that it can be shown, priced, narrowed or refused. It knows
//! no engine: both ask it what to read and whether that was everything. Start at [`plan`].

use jiff::Timestamp;
use jiff::civil::Date;

use crate::catalog::Catalog;
use crate::error::{Class, Failure, Match};
use crate::layout::{Layout, Partition, utc_date};
use crate::question::{self, LookBack, Parts, Question};

pub use queries::{Query, When, beside, queries};

mod queries;
#[cfg(test)]
pub(crate) mod tests;

/// So many projected partitions cost an engine little beside a query of its own: Athena takes
/// some 0.1 ms for each, there or not, and a listing that is billed.
pub const CHEAP_PARTITIONS: u32 = 256;

/// What one question reads.
///
/// Without a latest table: the rungs in turn, until one holds a decision. With one:
/// its partition ([`Layout::latest_path`]); the entity's row there names its
/// `decision_dates`, and [`Plan::partitions_from_dates`] says which partitions of
/// the trace to read; no row means no decision.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub entity_id: i64,
    pub attribute: String,
    pub bucket: u32,
    pub as_of: Timestamp,
    /// Read the latest table's partition first; its `decision_dates` then say
    /// which partitions of the trace hold this entity.
    pub latest: bool,
    /// Read nothing but the latest table where it answers the question
    /// (`LookBack::Latest` and the latest decision is not after as-of).
    pub latest_only: bool,
    /// The rungs of the ladder, newest first, each a span of days that does not
    /// share a partition with the one before; the next rung is read only if nothing
    /// was found so far. Ends are a day wider than asked for (times are rounded,
    /// partitions are not), begin with a step and are clipped to the layout's first
    /// date. Empty where as-of lies before the first date: there is nothing to read.
    pub rungs: Vec<Span>,
    /// Nothing older exists below the last rung.
    pub reaches_first_date: bool,
}

/// Days, inclusive at both ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub from: Date,
    pub to: Date,
}

/// What an engine has read of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Covered<'a> {
    /// That many rungs, from the newest.
    Rungs(usize),
    /// The partitions that [`Plan::partitions_from_dates`] took from these
    /// `decision_dates`.
    Dates(&'a [Date]),
    /// Nothing but the row of the latest table, whose decision is of this day.
    LatestOnly(Date),
    /// The latest table's partition, which has no row for this entity.
    NoLatestRow,
}

/// A question that can't be planned. The Display text is what a person reads.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("The catalog has no attribute \u{201c}{name}\u{201d}")]
    UnknownAttribute {
        name: String,
        /// The attribute that was most likely meant.
        nearest: Option<String>,
    },
    #[error(
        "This question would read {planned} partitions at once, more than the {limit} that the catalog allows"
    )]
    TooMuch {
        planned: u64,
        limit: u32,
        /// The earliest `since` that is allowed, where there is one.
        since: Option<Date>,
    },
    #[error("There is nothing between {since} and {as_of}: the first comes later")]
    SinceAfterAsOf { since: Date, as_of: Date },
}

impl Error {
    #[must_use]
    pub fn class(&self) -> Class {
        match self {
            Error::UnknownAttribute { .. }
            | Error::TooMuch { .. }
            | Error::SinceAfterAsOf { .. } => Class::User,
        }
    }

    /// Stable and snake_case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Error::UnknownAttribute { .. } => "unknown_attribute",
            Error::TooMuch { .. } => "too_much",
            Error::SinceAfterAsOf { .. } => "since_after_as_of",
        }
    }

    /// What to do next.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Error::UnknownAttribute {
                nearest: Some(near),
                ..
            } => format!("Did you mean {near}?"),
            Error::UnknownAttribute { nearest: None, .. } => {
                "Ask for an attribute of the catalog.".to_owned()
            }
            Error::TooMuch {
                since: Some(since), ..
            } => format!("Ask for a shorter time: since {since} is the most."),
            Error::TooMuch { since: None, .. } => {
                "Raise `max_partitions` in the catalog.".to_owned()
            }
            Error::SinceAfterAsOf { .. } => {
                "Ask since an earlier day, or as of a later one.".to_owned()
            }
        }
    }

    /// The form in which every surface shows it; what it offers keeps all else that was asked.
    #[must_use]
    pub fn failure(&self, question: &Question, now: Timestamp) -> Failure {
        let asked = Parts::of(question, now);
        let matches = match self {
            Error::UnknownAttribute {
                nearest: Some(near),
                ..
            } => vec![Match {
                label: near.clone(),
                detail: String::new(),
                question: question::phrase(&Parts {
                    attribute: near,
                    ..asked
                }),
            }],
            Error::TooMuch {
                since: Some(since), ..
            } => vec![Match {
                label: format!("since {since}"),
                detail: String::new(),
                question: question::phrase(&Parts {
                    look_back: LookBack::Since(*since),
                    ..asked
                }),
            }],
            Error::UnknownAttribute { nearest: None, .. }
            | Error::TooMuch { since: None, .. }
            | Error::SinceAfterAsOf { .. } => Vec::new(),
        };
        Failure {
            class: self.class(),
            code: self.code(),
            text: format!("{self}."),
            advice: self.advice(),
            matches,
            reference: None,
        }
    }
}

/// Works out what to read. `now` bounds a question about the future.
///
/// An as-of before the layout's first date is no error: there are no rungs, and the
/// answer says so.
///
/// # Errors
/// An attribute that the catalog does not have, a span that ends before it begins,
/// and, without a latest table, an explicit span of more than `max_partitions` (the
/// ladder is cut there instead, and then does not reach the first date).
pub fn plan(question: &Question, catalog: &Catalog, now: Timestamp) -> Result<Plan, Error> {
    let attribute =
        catalog
            .attribute(&question.attribute)
            .ok_or_else(|| Error::UnknownAttribute {
                name: question.attribute.clone(),
                nearest: question::suggest_attributes(&question.attribute, catalog)
                    .into_iter()
                    .next(),
            })?;
    let layout = &catalog.layout;
    let day = utc_date(question.as_of).min(utc_date(now));
    let back = |days: u32| begins(layout, day, days);
    let first = layout.floor(layout.first_date);
    let starts: Vec<Date> = match question.look_back {
        LookBack::Auto | LookBack::Latest => {
            let rungs = catalog.ladder_days.iter().map(|days| back(*days));
            rungs.chain([first]).collect()
        }
        LookBack::Days(days) => vec![back(days)],
        LookBack::Since(since) if since > day => {
            return Err(Error::SinceAfterAsOf { since, as_of: day });
        }
        LookBack::Since(since) => vec![day_before(since)],
        LookBack::All => vec![first],
    };
    let latest = catalog.lake.latest.is_some();
    let mut rungs = ladder(layout, &starts, day_after(day));
    if !latest {
        limit(question.look_back, catalog, &mut rungs)?;
    }
    Ok(Plan {
        entity_id: question.entity_id,
        attribute: attribute.name.clone(),
        bucket: layout.bucket(question.entity_id),
        as_of: question.as_of,
        latest,
        latest_only: latest && question.look_back == LookBack::Latest,
        reaches_first_date: rungs.last().is_none_or(|rung| rung.from <= first),
        rungs,
    })
}

/// The first partition that a look-back of so many days from this one reads.
#[must_use]
pub fn begins(layout: &Layout, day: Date, days: u32) -> Date {
    let start = day_before(day.saturating_sub(span_of_days(days)));
    layout.floor(start).max(layout.floor(layout.first_date))
}

/// Spans from each start to the one before it, down to the first date.
fn ladder(layout: &Layout, starts: &[Date], mut to: Date) -> Vec<Span> {
    let first = layout.floor(layout.first_date);
    let mut rungs = Vec::new();
    for start in starts {
        let from = layout.floor(*start).max(first);
        if from > to {
            continue;
        }
        rungs.push(Span { from, to });
        if from == first {
            break;
        }
        to = day_before(from);
    }
    rungs
}

/// Refuses an explicit span that is too wide; cuts the ladder there.
fn limit(look_back: LookBack, catalog: &Catalog, rungs: &mut Vec<Span>) -> Result<(), Error> {
    let layout = &catalog.layout;
    let limit = catalog.max_partitions;
    let wide = rungs
        .iter_mut()
        .enumerate()
        .find(|(_, rung)| layout.step_count(rung.from, rung.to) > u64::from(limit));
    let Some((index, rung)) = wide else {
        return Ok(());
    };
    let from = layout.steps_before(rung.to, limit.saturating_sub(1));
    match look_back {
        LookBack::Auto | LookBack::Latest => {
            rung.from = from;
            rungs.truncate(index + 1);
            Ok(())
        }
        LookBack::Days(_) | LookBack::Since(_) | LookBack::All => Err(Error::TooMuch {
            planned: layout.step_count(rung.from, rung.to),
            limit,
            since: Some(day_after(from)).filter(|since| *since < rung.to),
        }),
    }
}

impl Plan {
    /// The partitions of the trace table that a rung of this plan covers, ascending by
    /// date.
    #[must_use]
    pub fn partitions(&self, catalog: &Catalog, span: Span) -> Vec<Partition> {
        catalog
            .layout
            .steps(span.from, span.to)
            .map(|date| self.partition(date))
            .collect()
    }

    /// With a latest table: the partitions of the trace to read, from the row's
    /// `decision_dates` (partition keys, or any day within the step), ascending and
    /// once each. None is after the plan's end, before the layout's first date, or
    /// before the look-back's own bound; `Auto`, `Latest` and `All` have none.
    #[must_use]
    pub fn partitions_from_dates(&self, catalog: &Catalog, dates: &[Date]) -> Vec<Partition> {
        let layout = &catalog.layout;
        let mut keys: Vec<Date> = dates
            .iter()
            .map(|date| layout.floor(*date))
            .filter(|date| self.reads(catalog, *date))
            .collect();
        keys.sort_unstable();
        keys.dedup();
        keys.into_iter().map(|date| self.partition(date)).collect()
    }

    /// With a latest table: the newest partitions that may be read, at most so many, for an
    /// engine that reads some before it knows which of them hold the entity. `None` where
    /// there is nothing to read.
    #[must_use]
    pub fn newest(&self, catalog: &Catalog, most: u32) -> Option<Span> {
        let layout = &catalog.layout;
        let to = self.rungs.first()?.to;
        let from = layout.steps_before(to, most.saturating_sub(1));
        Some(Span {
            from: from.max(self.lower(catalog)),
            to,
        })
    }

    /// How many partitions of the trace this plan may read at most.
    #[must_use]
    pub fn most_partitions(&self, catalog: &Catalog) -> u64 {
        let layout = &catalog.layout;
        let rungs = self.rungs.iter();
        rungs.map(|r| layout.step_count(r.from, r.to)).sum()
    }

    /// Whether everything there is up to as-of was read.
    #[must_use]
    pub fn is_complete(&self, catalog: &Catalog, covered: Covered<'_>) -> bool {
        match covered {
            Covered::Rungs(count) => count >= self.rungs.len() && self.reaches_first_date,
            Covered::Dates(dates) => dates
                .iter()
                .map(|date| catalog.layout.floor(*date))
                .filter(|date| *date <= self.end())
                .all(|date| self.reads(catalog, date)),
            // Earlier decisions may have been taken on the same day.
            Covered::LatestOnly(_) => false,
            Covered::NoLatestRow => true,
        }
    }

    /// The days that were read, for the receipt: from the first that was, to as-of's.
    #[must_use]
    pub fn days_read(&self, catalog: &Catalog, covered: Covered<'_>) -> Span {
        let layout = &catalog.layout;
        let to = utc_date(self.as_of).min(self.end());
        let first = layout.floor(layout.first_date);
        let from = match covered {
            Covered::Rungs(count) => self
                .rungs
                .iter()
                .take(count)
                .next_back()
                .map(|rung| rung.from),
            Covered::Dates(_) if self.is_complete(catalog, covered) => Some(first),
            Covered::Dates(_) => self.rungs.last().map(|rung| rung.from),
            Covered::LatestOnly(day) => Some(day),
            Covered::NoLatestRow => Some(first),
        };
        Span {
            from: from.unwrap_or(to).min(to),
            to,
        }
    }

    /// Whether a partition of this key is one to read.
    fn reads(&self, catalog: &Catalog, key: Date) -> bool {
        self.lower(catalog) <= key && key <= self.end()
    }

    /// The first partition that may be read.
    fn lower(&self, catalog: &Catalog) -> Date {
        match self.rungs.last() {
            Some(rung) if !self.reaches_first_date => rung.from,
            Some(_) | None => catalog.layout.floor(catalog.layout.first_date),
        }
    }

    /// The last day that any rung reads.
    fn end(&self) -> Date {
        match self.rungs.first() {
            Some(rung) => rung.to,
            None => day_after(utc_date(self.as_of)),
        }
    }

    fn partition(&self, date: Date) -> Partition {
        Partition {
            attribute: self.attribute.clone(),
            bucket: self.bucket,
            date,
        }
    }
}

/// At the ends of time, the end.
fn day_before(date: Date) -> Date {
    date.yesterday().unwrap_or(date)
}

fn day_after(date: Date) -> Date {
    date.tomorrow().unwrap_or(date)
}

fn span_of_days(days: u32) -> jiff::SignedDuration {
    jiff::SignedDuration::from_hours(i64::from(days) * 24)
}
