//! Which changes somebody wants, read from what an address says: for the API and for the page.
//!
//! What is kept then is [`Filter`]'s to say. Pure. Start at [`read`].

use jiff::Timestamp;
use jiff::civil::Date;

use crate::answer::Cause;
use crate::answer::filter::Filter;
use crate::ask::failure;
use crate::catalog::Catalog;
use crate::error::{Class, Failure};
use crate::layout::{end_of_day, start_of_day};
use crate::question::{self, AsOf};

#[cfg(test)]
mod tests;

/// What was said, as it was typed.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Said<'a> {
    /// With commas between them.
    pub(super) cause: Option<&'a str>,
    pub(super) source: Option<&'a str>,
    pub(super) actor: Option<&'a str>,
    pub(super) from: Option<&'a str>,
    pub(super) to: Option<&'a str>,
}

/// # Errors
/// A cause that is none, a day that can't be read, a period that ends before it begins.
pub(super) fn read(said: Said<'_>, catalog: &Catalog, now: Timestamp) -> Result<Filter, Failure> {
    let moment = |typed: Option<&str>, read: fn(&str, Timestamp) -> Result<_, _>| {
        let read = typed.map(|typed| read(typed, now)).transpose();
        read.map_err(|error| failure::question(&error, catalog))
    };
    let from = moment(said.from, start)?;
    let to = moment(said.to, end)?;
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        return Err(Failure::new(
            Class::User,
            "bad_period",
            "This period ends before it begins.",
            "Give a `to` that is not before `from`.",
        ));
    }
    Ok(Filter {
        causes: said.cause.map_or_else(|| Ok(Vec::new()), causes)?,
        source: said.source.map(str::to_owned),
        actor: said.actor.map(str::to_owned),
        from,
        to,
    })
}

/// An instant, or the beginning of a day, a month, a year.
fn start(typed: &str, now: Timestamp) -> Result<Timestamp, question::Error> {
    if let AsOf::Instant(instant) = question::when(typed, now)? {
        return Ok(instant);
    }
    question::day(typed, now).map(start_of_day)
}

/// An instant, or the end of a day, which may still be to come.
fn end(typed: &str, now: Timestamp) -> Result<Timestamp, question::Error> {
    match question::when(typed, now) {
        Ok(AsOf::Instant(instant)) => Ok(instant),
        Ok(AsOf::Day(day)) => Ok(end_of_day(day)),
        Err(error @ question::Error::Future { .. }) => {
            typed.parse::<Date>().map(end_of_day).map_err(|_| error)
        }
        Err(error) => Err(error),
    }
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
