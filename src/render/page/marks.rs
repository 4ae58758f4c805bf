//! What a cause looks like: one of six shapes, each with its colour, never a colour alone.

use maud::{Markup, html};

use crate::answer::{Answer, Cause, Change, Level, Mark};

/// Kinds of causes that look alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Shape {
    /// The winning source said something new.
    Data,
    /// Another source won.
    Switch,
    Rule,
    Person,
    /// A value went.
    Cleared,
    /// The same value, or nothing known.
    Quiet,
    Alarm,
}

impl Shape {
    pub(super) const ALL: [Shape; 7] = [
        Shape::Data,
        Shape::Switch,
        Shape::Rule,
        Shape::Person,
        Shape::Cleared,
        Shape::Quiet,
        Shape::Alarm,
    ];

    pub(super) fn of(change: &Change) -> Shape {
        match change.cause {
            Cause::FirstSeen | Cause::Filled | Cause::Corrected | Cause::NewObservation => {
                Shape::Data
            }
            Cause::Withdrawn | Cause::Overtaken | Cause::Rekeyed => Shape::Switch,
            Cause::RuleChanged => Shape::Rule,
            Cause::Override | Cause::OverrideLifted => Shape::Person,
            Cause::Cleared => Shape::Cleared,
            Cause::Reconfirmed | Cause::FormatOnly | Cause::NotRead | Cause::Unknown => {
                Shape::Quiet
            }
        }
    }

    /// The class that colours it.
    pub(super) fn class(self) -> &'static str {
        match self {
            Shape::Data => "s-data",
            Shape::Switch => "s-switch",
            Shape::Rule => "s-rule",
            Shape::Person => "s-person",
            Shape::Cleared => "s-cleared",
            Shape::Quiet => "s-quiet",
            Shape::Alarm => "s-alarm",
        }
    }

    /// For the legend.
    pub(super) fn words(self) -> &'static str {
        match self {
            Shape::Data => "a source said so",
            Shape::Switch => "another source won",
            Shape::Rule => "the rule changed",
            Shape::Person => "a person decided",
            Shape::Cleared => "cleared",
            Shape::Quiet => "same value, or cause unknown",
            Shape::Alarm => "alarm",
        }
    }

    /// Around 0, 0; about 11 across.
    fn path(self) -> &'static str {
        match self {
            Shape::Data => "M0-5A5 5 0 0 1 0 5A5 5 0 0 1 0-5Z",
            Shape::Switch => "M0-6L6 5H-6Z",
            Shape::Rule => "M0-6.5L6.5 0L0 6.5L-6.5 0Z",
            Shape::Person => "M-5-5H5V5H-5Z",
            Shape::Cleared => "M-5-5L5 5M5-5L-5 5",
            Shape::Quiet => "M0-3.5A3.5 3.5 0 0 1 0 3.5A3.5 3.5 0 0 1 0-3.5Z",
            Shape::Alarm => "M-2.5-7H2.5L1.4 1.5H-1.4ZM-1.8 4H1.8V7H-1.8Z",
        }
    }

    /// Within a drawing, to be moved to its place.
    pub(super) fn drawn(self) -> Markup {
        html! { path.mark.(self.class()) d=(self.path()) {} }
    }

    /// Beside words that say the same.
    pub(super) fn icon(self) -> Markup {
        html! {
            svg.icon viewBox="-8 -8 16 16" width="16" height="16" aria-hidden="true" { (self.drawn()) }
        }
    }
}

/// Whether an alarm stands on this change itself.
pub(super) fn is_alarming(change: &Change) -> bool {
    change.marks.contains(&Mark::Units)
}

/// The first alarm of today's value, in words.
pub(super) fn alarm(answer: &Answer) -> Option<&str> {
    let mut warnings = answer.warnings.iter();
    let alarm = warnings.find(|warning| warning.id.level() == Level::Alarm)?;
    Some(&alarm.text)
}
