//! A company at a glance: every attribute's value, and what changed lately. Pure.
//!
//! Made from the answers to one question for each attribute, so that nothing here can say
//! something else than they do. Start at [`overview`] and [`changes`].

use jiff::Timestamp;

use crate::answer::{Answer, AttributeInfo, Cause, Change, Level, Read, WarningId};
use crate::layout::utc_date;

#[cfg(test)]
mod tests;

/// What a company's attributes are.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    pub entity_id: i64,
    pub entity_name: String,
    pub as_of: Timestamp,
    /// In the catalog's order.
    pub rows: Vec<Row>,
    /// Of all questions together.
    pub read: Read,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub attribute: AttributeInfo,
    pub state: State,
}

#[derive(Debug, Clone, PartialEq)]
pub enum State {
    Served {
        /// For people, with its unit.
        display: String,
        since: Timestamp,
        /// It may be older than that.
        since_at_least: bool,
        /// The codes of its warnings that are alarms.
        alarms: Vec<&'static str>,
    },
    /// No decision was found.
    Nothing,
    /// Not for this audience.
    Restricted,
    /// It could not be read; why, for a person.
    Unread(String),
}

/// What changed for a company within a time, newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Changes {
    pub entity_id: i64,
    pub entity_name: String,
    pub since: Timestamp,
    pub as_of: Timestamp,
    pub changes: Vec<(AttributeInfo, Change)>,
    /// Attributes that are not in the list: restricted or unread, with the reason.
    pub left_out: Vec<(AttributeInfo, String)>,
    pub read: Read,
}

/// What became of the question for one attribute.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    Answered(Box<Answer>),
    /// Not for this audience; why.
    Restricted(String),
    /// It could not be read; why.
    Unread(String),
}

/// The company, and each of the catalog's attributes with what became of its question.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    pub entity_id: i64,
    pub entity_name: String,
    pub as_of: Timestamp,
    /// In the catalog's order.
    pub outcomes: Vec<(AttributeInfo, Outcome)>,
}

impl Overview {
    /// Whether all that may be seen could be read.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let unread = |row: &Row| matches!(row.state, State::Unread(_));
        !self.rows.iter().any(unread)
    }
}

/// Every attribute's value, from the answers to one question each.
#[must_use]
pub fn overview(asked: Asked) -> Overview {
    let read = asked.read();
    let row = |(attribute, outcome)| Row {
        attribute,
        state: match outcome {
            Outcome::Answered(answer) => state(&answer),
            Outcome::Restricted(_) => State::Restricted,
            Outcome::Unread(why) => State::Unread(why),
        },
    };
    Overview {
        entity_id: asked.entity_id,
        entity_name: asked.entity_name,
        as_of: asked.as_of,
        rows: asked.outcomes.into_iter().map(row).collect(),
        read,
    }
}

/// What changed at or after `since`, newest first; of one instant in the catalog's order.
#[must_use]
pub fn changes(asked: Asked, since: Timestamp) -> Changes {
    let read = asked.read();
    let mut changes: Vec<(AttributeInfo, Change)> = Vec::new();
    let mut left_out = Vec::new();
    for (attribute, outcome) in asked.outcomes {
        match outcome {
            Outcome::Answered(answer) => {
                let within = answer
                    .changes
                    .into_iter()
                    .filter(|change| change.at >= since && !confirms(change));
                changes.extend(within.map(|change| (attribute.clone(), change)));
            }
            Outcome::Restricted(why) | Outcome::Unread(why) => left_out.push((attribute, why)),
        }
    }
    changes.sort_by_key(|(_, change)| std::cmp::Reverse(change.at));
    Changes {
        entity_id: asked.entity_id,
        entity_name: asked.entity_name,
        since,
        as_of: asked.as_of,
        changes,
        left_out,
        read,
    }
}

/// Whether a change within the time is told without its cause, since the decision before it was
/// not read: to be asked for again, from further back.
#[must_use]
pub fn lacks_a_cause(answer: &Answer, since: Timestamp) -> bool {
    answer
        .changes
        .iter()
        .any(|change| change.at >= since && change.cause == Cause::NotRead && !confirms(change))
}

/// The oldest decision that was read stands as a change, though it says what the one before it,
/// which was not read, said.
#[must_use]
pub fn confirms(change: &Change) -> bool {
    change.cause == Cause::NotRead && change.from == change.to
}

fn state(answer: &Answer) -> State {
    let Some(current) = &answer.current else {
        return State::Nothing;
    };
    let alarms = answer.warnings.iter().map(|warning| warning.id);
    let alarms = alarms.filter(|id| id.level() == Level::Alarm);
    State::Served {
        display: current.display.clone(),
        since: current.since,
        since_at_least: current.since_at_least,
        alarms: alarms.map(WarningId::as_str).collect(),
    }
}

impl Asked {
    /// Of all questions together: times are summed, though they ran side by side.
    fn read(&self) -> Read {
        let reads = self
            .outcomes
            .iter()
            .filter_map(|(_, outcome)| match outcome {
                Outcome::Answered(answer) => Some(answer.read.clone()),
                Outcome::Restricted(_) | Outcome::Unread(_) => None,
            });
        let all_read = !self
            .outcomes
            .iter()
            .any(|(_, outcome)| matches!(outcome, Outcome::Unread(_)));
        let mut read = reads.reduce(both).unwrap_or_else(|| nothing(self.as_of));
        read.complete &= all_read;
        read
    }
}

/// Of an answer that took two readings, the second from further back.
#[must_use]
pub fn read_twice(first: Read, second: Read) -> Read {
    Read {
        complete: second.complete,
        ..both(first, second)
    }
}

/// Of two answers together: times are summed.
#[must_use]
pub fn both(one: Read, other: Read) -> Read {
    Read {
        from: one.from.min(other.from),
        to: one.to.max(other.to),
        complete: one.complete && other.complete,
        engine: match one.engine == other.engine {
            true => one.engine,
            false => "auto",
        },
        engine_reason: one
            .engine_reason
            .filter(|reason| other.engine_reason.as_ref() == Some(reason)),
        partitions_planned: one.partitions_planned + other.partitions_planned,
        partitions_read: one.partitions_read + other.partitions_read,
        files_read: one.files_read + other.files_read,
        rows_read: one.rows_read + other.rows_read,
        bytes_read: one.bytes_read + other.bytes_read,
        requests: one.requests + other.requests,
        planning_ms: one.planning_ms + other.planning_ms,
        total_ms: one.total_ms + other.total_ms,
        cost_usd: one.cost_usd + other.cost_usd,
        data_as_of: one.data_as_of.max(other.data_as_of),
        athena: match (one.athena, other.athena) {
            (Some(one), Some(other)) => Some(one.and(other)),
            (one, other) => one.or(other),
        },
    }
}

/// Where every attribute is restricted.
fn nothing(as_of: Timestamp) -> Read {
    let day = utc_date(as_of);
    Read::of_nothing(day, day)
}
