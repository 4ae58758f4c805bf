//! Which changes are wanted: by cause, source, person and time.
//!
//! Pure. Start at [`Filter::keeps`].

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Wanted;
use crate::answer::{Answer, Cause, Change};
use crate::ask::{a_month_before, failure};
use crate::catalog::Catalog;
use crate::error::{Class, Failure};
use crate::layout::utc_date;
use crate::overview;
use crate::question::{self, AsOf, LookBack};
use crate::value::folded;

#[cfg(test)]
mod tests;

#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::api) struct Filter {
    /// Any of these; all where there are none.
    pub(in crate::api) causes: Vec<Cause>,
    /// By name or label, in any case.
    pub(in crate::api) source: Option<String>,
    pub(in crate::api) actor: Option<String>,
    pub(in crate::api) from: Option<Timestamp>,
}

impl Filter {
    pub(in crate::api) fn keeps(&self, change: &Change) -> bool {
        let cause = self.causes.is_empty() || self.causes.contains(&change.cause);
        let source = self.source.as_deref().is_none_or(|wanted| {
            let names = [&change.source, &change.source_label];
            let wanted = folded(wanted);
            names
                .into_iter()
                .flatten()
                .any(|name| folded(name) == wanted)
        });
        let actor = self
            .actor
            .as_deref()
            .is_none_or(|wanted| change.actor.as_deref() == Some(wanted));
        cause && source && actor && self.from.is_none_or(|from| change.at >= from)
    }

    /// From a little before the period.
    pub(super) fn look_back(&self) -> Option<LookBack> {
        Some(a_month_before(utc_date(self.from?)))
    }

    /// Whether some of what is wanted was not read, or its cause.
    pub(super) fn lacks(&self, answer: &Answer) -> bool {
        match self.from {
            None => true,
            Some(from) => overview::lacks_a_cause(answer, from),
        }
    }
}

impl Wanted {
    /// By cause and time alone.
    pub(in crate::api) fn only(
        cause: Option<String>,
        from: Option<String>,
        to: Option<String>,
    ) -> Self {
        Wanted {
            cause,
            from,
            to,
            ..Wanted::default()
        }
    }

    /// # Errors
    /// A cause that is none, a day that can't be read, a period that ends before it begins.
    pub(in crate::api) fn filter(
        &self,
        catalog: &Catalog,
        now: Timestamp,
    ) -> Result<Filter, Failure> {
        let causes = self.cause.as_deref().map_or_else(|| Ok(Vec::new()), causes);
        let from = self.from.as_deref().map(|typed| start(typed, now));
        let from = from
            .transpose()
            .map_err(|error| failure::question(&error, catalog))?;
        let to = self.to.as_deref().map(|typed| question::when(typed, now));
        if let (Some(from), Some(Ok(to))) = (from, to)
            && is_before(to, from)
        {
            return Err(Failure::new(
                Class::User,
                "bad_period",
                "This period ends before it begins.",
                "Give a `to` that is not before `from`.",
            ));
        }
        Ok(Filter {
            causes: causes?,
            source: self.source.clone(),
            actor: self.actor.clone(),
            from,
        })
    }
}

fn is_before(to: AsOf, from: Timestamp) -> bool {
    match to {
        AsOf::Day(day) => day < utc_date(from),
        AsOf::Instant(instant) => instant < from,
    }
}

/// An instant, or the beginning of a day, a month, a year.
fn start(typed: &str, now: Timestamp) -> Result<Timestamp, question::Error> {
    if let AsOf::Instant(instant) = question::when(typed, now)? {
        return Ok(instant);
    }
    let day = question::day(typed, now)?;
    let midnight = TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0));
    Ok(midnight.unwrap_or(Timestamp::MIN))
}

fn causes(said: &str) -> Result<Vec<Cause>, Failure> {
    said.split(',')
        .map(|name| {
            let name = name.trim();
            let cause = Cause::ALL.into_iter().find(|cause| cause.as_str() == name);
            cause.ok_or_else(|| {
                let all: Vec<&str> = Cause::ALL.iter().map(|cause| cause.as_str()).collect();
                Failure::new(
                    Class::User,
                    "bad_cause",
                    "There is no such cause.",
                    format!("There is: {}.", all.join(", ")),
                )
            })
        })
        .collect()
}
