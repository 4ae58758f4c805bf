//! Answers as HTML pages, history as SVG: pure functions from data to markup.
//!
//! Lays out what `words` says; maud escapes whatever it is given, and what comes from a lake goes
//! through `words::clean` first. No inline style or script: the page's policy forbids both, so a
//! chart uses classes, percentages and presentation attributes. Start at [`shell`], the frame of
//! every page, then [`answer()`]; each page is a [`Page`], whole or in two parts.

use jiff::Timestamp;

use crate::answer::Answer;
use crate::answer::filter::Filter;
use crate::comparison::Comparison;
use crate::error::{Failure, Match};
use crate::overview;

mod answer;
mod asset;
mod candidates;
mod chart;
mod compare;
mod failure;
mod frame;
mod glance;
mod history;
mod home;
pub mod links;
mod marks;
mod parts;
mod receipt;
#[cfg(test)]
mod tests;
mod wrong;

pub use asset::{Asset, asset};
pub use frame::{Page, Shell, begun, shell};
pub use history::PER_PAGE;
pub use home::Known;
pub use links::Place;
pub use parts::{line_one, with_code};
pub use wrong::Draft;

/// What the pages know beside what they show.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    pub shell: Shell<'a>,
    pub place: Place<'a>,
    /// How people reach the page (`https://why.example.com`), for what is copied elsewhere.
    pub public_url: Option<&'a str>,
    /// They may say that a value looks wrong.
    pub may_report: bool,
    /// What they say of it is posted in Slack.
    pub to_stewards: bool,
    pub now: Timestamp,
}

/// The search alone: how to ask, and examples to press.
#[must_use]
pub fn home(known: &Known<'_>, view: &View<'_>) -> Page {
    home::home(known, view)
}

/// One answer: line one is what Slack and the command line say.
#[must_use]
pub fn answer(answer: &Answer, view: &View<'_>) -> Page {
    answer::page(answer, view)
}

/// Every change, filtered and in pages, of which one is shown, beside the chart of all.
#[must_use]
pub fn history(answer: &Answer, of: (&Filter, usize), view: &View<'_>) -> Page {
    history::page(answer, of, view)
}

/// A company at a glance: each attribute's value, since when, and a small chart.
#[must_use]
pub fn overview(asked: &overview::Asked, view: &View<'_>) -> Page {
    glance::page(asked, view)
}

/// What changed for a company.
#[must_use]
pub fn changes(changes: &overview::Changes, view: &View<'_>) -> Page {
    glance::changes(changes, view)
}

/// Two answers side by side.
#[must_use]
pub fn compare(comparison: &Comparison, view: &View<'_>) -> Page {
    compare::page(comparison, view)
}

/// What looks wrong: the form.
#[must_use]
pub fn wrong(draft: &Draft<'_>, view: &View<'_>) -> Page {
    wrong::form(draft, view)
}

/// What looks wrong: it was passed on.
#[must_use]
pub fn told(question: &str, back: &str, view: &View<'_>) -> Page {
    wrong::told(question, back, view)
}

/// What was not answered: why, what to do, what may have been meant; `lead` says where a choice
/// leads ([`links::choice`]).
#[must_use]
pub fn failure(failure: &Failure, lead: &dyn Fn(&Match) -> String, view: &View<'_>) -> Page {
    failure::page(failure, lead, view)
}

/// A page that has begun leads on to another.
#[must_use]
pub fn moved(address: &str) -> Page {
    frame::moved(address)
}
