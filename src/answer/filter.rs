//! Which changes of an answer are wanted: by cause, source, person and time. The page, the API and what
//! is downloaded list the same by it.
//!
//! Start at [`Filter::keeps`].

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Cause, Change};
use crate::layout::{end_of_day, start_of_day, utc_date};
use crate::value::folded;

#[cfg(test)]
mod tests;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Any of these; all where there are none.
    pub causes: Vec<Cause>,
    /// By name or label, in any case.
    pub source: Option<String>,
    pub actor: Option<String>,
    /// At it or after.
    pub from: Option<Timestamp>,
    /// At it or before.
    pub to: Option<Timestamp>,
}

impl Filter {
    #[must_use]
    pub fn keeps(&self, change: &Change) -> bool {
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
        let is_within = self.from.is_none_or(|from| change.at >= from)
            && self.to.is_none_or(|to| change.at <= to);
        cause && source && actor && is_within
    }

    /// Whether it leaves anything out.
    #[must_use]
    pub fn is_set(&self) -> bool {
        *self != Filter::default()
    }

    /// The names of the causes, as a parameter has them.
    #[must_use]
    pub fn cause(&self) -> String {
        let names: Vec<&str> = self.causes.iter().map(|cause| cause.as_str()).collect();
        names.join(",")
    }

    /// The parameters that say it, as the API and the page have them.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let moment = |at: Option<Timestamp>, whole: fn(Date) -> Timestamp| {
            at.map(|at| match utc_date(at) {
                day if whole(day) == at => day.to_string(),
                _ => at.to_string(),
            })
        };
        let pairs = [
            (
                "cause",
                Some(self.cause()).filter(|cause| !cause.is_empty()),
            ),
            ("source", self.source.clone()),
            ("actor", self.actor.clone()),
            ("from", moment(self.from, start_of_day)),
            ("to", moment(self.to, end_of_day)),
        ];
        let said = pairs.into_iter();
        said.filter_map(|(name, value)| Some((name, value?)))
            .collect()
    }
}
