//! A company at a glance: every attribute's value, and what changed lately. Pure.
//!
//! Made from the answers to one question for each attribute, so that nothing here can say
//! something else than they do. Start at [`Overview`].

use jiff::Timestamp;

use crate::answer::{AttributeInfo, Change, Read};

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
