//! The history in words: one event a line, swaps between two values folded.

use super::clean::clean;
use super::{NAME, REMARK, count, rule, tell_apart};
use crate::answer::fold::{Line, fold};
use crate::answer::{Answer, AttributeInfo, Cause, Change, Mark};
use crate::question::LookBack;
use crate::value::display;

/// Lines that fit a phone.
const FEW: usize = 5;
/// The longest value in a line that holds two of them.
const VALUE: usize = 32;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::render) struct Event {
    /// `2026-03-02`, or `2016-06-01 to 2016-07-20`.
    pub(in crate::render) when: String,
    /// `11.9M → 12.4M USD`
    pub(in crate::render) what: String,
    /// The cause and its marks.
    pub(in crate::render) why: String,
    /// How many changes this line stands for.
    changes: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::render) struct History {
    /// `4 changes, confirmed 41 times`
    pub(in crate::render) extent: String,
    /// Newest first.
    pub(in crate::render) events: Vec<Event>,
    /// Changes that are not among the events.
    pub(in crate::render) older: usize,
    /// How to see them.
    how: &'static str,
}

impl History {
    /// Only the newest lines, so many at most.
    #[cfg(feature = "slack")]
    pub(in crate::render) fn keep(&mut self, lines: usize) {
        let cut = self.events.split_off(lines.min(self.events.len()));
        self.older += cut.iter().map(|event| event.changes).sum::<usize>();
    }

    /// The extent, and how to see what is left out; for the line before the events.
    pub(in crate::render) fn title(&self) -> String {
        match self.older {
            0 => self.extent.clone(),
            older => format!("{}; {older} older{}", self.extent, self.how),
        }
    }

    /// What is left out, and how to see it; for the line after the last event.
    #[cfg(feature = "slack")]
    pub(in crate::render) fn rest(&self) -> Option<String> {
        (self.older > 0).then(|| format!("\u{2026} and {} older{}", self.older, self.how))
    }
}

/// As many lines as fit a phone; all where the question asked for all.
pub(in crate::render) fn lines_for(answer: &Answer) -> usize {
    match answer.question.look_back {
        LookBack::All => usize::MAX,
        LookBack::Auto | LookBack::Latest | LookBack::Days(_) | LookBack::Since(_) => FEW,
    }
}

/// The newest events, `most` lines of them.
pub(in crate::render) fn history(answer: &Answer, most: usize) -> History {
    let all = fold(&answer.changes);
    let shown = all.get(..most.min(all.len())).unwrap_or_default();
    let times: Vec<_> = shown.iter().map(|line| newest(line).at).collect();
    let events: Vec<Event> = shown
        .iter()
        .zip(tell_apart(&times))
        .map(|(line, when)| event(answer, line, when))
        .collect();
    let listed: usize = events.iter().map(|event| event.changes).sum();
    History {
        extent: extent(answer),
        events,
        older: answer.changes.len().saturating_sub(listed),
        how: match answer.question.look_back {
            LookBack::All => "; the JSON has all",
            LookBack::Auto | LookBack::Latest | LookBack::Days(_) | LookBack::Since(_) => {
                ": add \u{201c}full history\u{201d} to the question"
            }
        },
    }
}

fn extent(answer: &Answer) -> String {
    let changes = count(answer.changes.len(), "change");
    match answer.confirmations {
        0 => changes,
        times => format!("{changes}, confirmed {}", count(times, "time")),
    }
}

fn newest<'a>(line: &Line<'a>) -> &'a Change {
    match line {
        Line::One(change) => change,
        Line::Swaps { newest, .. } => newest,
    }
}

/// One line, `when` its newest change was.
pub(in crate::render) fn event(answer: &Answer, line: &Line<'_>, when: String) -> Event {
    let unit = answer.attribute.unit.as_deref();
    match line {
        Line::One(change) => Event {
            when,
            what: what(change, unit),
            why: why(change),
            changes: 1,
        },
        Line::Swaps {
            newest,
            oldest,
            between: (left, led_to),
            count,
        } => {
            let ends = tell_apart(&[oldest.at, newest.at]);
            Event {
                when: ends.join(" to "),
                what: format!("{} \u{21c4} {}", shown(*left, None), shown(*led_to, unit)),
                why: format!("swapped {count} times"),
                changes: *count,
            }
        }
    }
}

/// A change away from its answer: what it was, and why.
pub(in crate::render) fn change(attribute: &AttributeInfo, change: &Change) -> (String, String) {
    (what(change, attribute.unit.as_deref()), why(change))
}

fn shown(value: Option<&str>, unit: Option<&str>) -> String {
    clean(&display(value, unit), VALUE)
}

fn what(change: &Change, unit: Option<&str>) -> String {
    let to = shown(change.to.as_deref(), unit);
    match change.cause {
        Cause::FirstSeen | Cause::Reconfirmed => to,
        Cause::NotRead
        | Cause::Override
        | Cause::Cleared
        | Cause::OverrideLifted
        | Cause::FormatOnly
        | Cause::RuleChanged
        | Cause::Filled
        | Cause::Withdrawn
        | Cause::Rekeyed
        | Cause::Overtaken
        | Cause::Corrected
        | Cause::NewObservation
        | Cause::Unknown => {
            format!("{} \u{2192} {to}", shown(change.from.as_deref(), None))
        }
    }
}

/// `another source won: Registry; arrived late`, `Registry reported a new value`
fn why(change: &Change) -> String {
    let source = change.source_label.as_deref().map(|l| clean(l, NAME));
    let words = change.cause.words();
    let mut why = match (
        change.cause,
        source.as_ref(),
        words.strip_prefix("the source "),
    ) {
        (Cause::Corrected | Cause::NewObservation, Some(label), Some(did)) => {
            format!("{label} {did}")
        }
        _ => format!("{words}{}", behind(change, source)),
    };
    for mark in &change.marks {
        why.push_str(&format!("; {}", marked(*mark)));
    }
    why
}

/// A mark in so few words that the line it ends fits a terminal.
fn marked(mark: Mark) -> &'static str {
    match mark {
        Mark::Units => "maybe other units",
        Mark::Late | Mark::Restored | Mark::RuleAndData | Mark::OtherSource => mark.words(),
    }
}

/// Who or what stands behind a change: a person with the remark, the rule, or
/// the source that won; with what joins it to the cause.
fn behind(change: &Change, source: Option<String>) -> String {
    let told = match change.cause {
        Cause::Override | Cause::Cleared => person(change).map(|who| format!(": {who}")),
        Cause::RuleChanged => rule(change.rule.as_deref(), change.rule_version.as_deref())
            .map(|rule| format!(": {rule}")),
        // The cause speaks of the source that won.
        Cause::FirstSeen
        | Cause::Filled
        | Cause::Rekeyed
        | Cause::Overtaken
        | Cause::Corrected
        | Cause::NewObservation => source.map(|label| format!(": {label}")),
        // It speaks of another one, or of none.
        Cause::NotRead
        | Cause::Reconfirmed
        | Cause::OverrideLifted
        | Cause::FormatOnly
        | Cause::Withdrawn
        | Cause::Unknown => source.map(|label| format!("; {label} won")),
    };
    told.unwrap_or_default()
}

/// `jane.doe, “not theirs”`
fn person(change: &Change) -> Option<String> {
    let who = change.actor.as_deref().map(|actor| clean(actor, NAME));
    let remark = change.reason.as_deref().filter(|text| !text.is_empty());
    let remark = remark.map(|text| format!("\u{201c}{}\u{201d}", clean(text, REMARK)));
    let both: Vec<String> = who.into_iter().chain(remark).collect();
    (!both.is_empty()).then(|| both.join(", "))
}
