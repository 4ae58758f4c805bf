//! Items of the table, written and read. What is not known is absent; instants are text that sorts
//! as they do. Start at [`Row`] and [`Found`].

use std::collections::HashMap;
use std::str::FromStr;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;

use crate::job::Posted;
use crate::ledger::Error;

pub(super) type Attributes = HashMap<String, AttributeValue>;

pub(super) const EXPIRES_AT: &str = "expires_at";
/// The partition of all dead letters.
pub(super) const LETTERS: &str = "letters";

/// Where an item lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    pk: String,
    sk: String,
}

impl Key {
    pub(super) fn work(job: &str) -> Self {
        Self::new(format!("job#{job}"), "work")
    }

    pub(super) fn questions(user: &str) -> Self {
        Self::new(format!("user#{user}"), "questions")
    }

    pub(super) fn topic(channel: &str, thread_ts: &str) -> Self {
        Self::new(format!("thread#{channel}#{thread_ts}"), "topic")
    }

    pub(super) fn report(id: &str) -> Self {
        Self::new(format!("report#{id}"), "report")
    }

    pub(super) fn line(at: Timestamp, token: &str) -> Self {
        Self::new(month(at), format!("{}#{token}", sortable(at)))
    }

    pub(super) fn letter(id: &str) -> Self {
        Self::new(LETTERS.to_owned(), id)
    }

    fn new(pk: String, sk: impl Into<String>) -> Self {
        Key { pk, sk: sk.into() }
    }
}

impl From<Key> for Attributes {
    fn from(key: Key) -> Self {
        let parts = [("pk", key.pk), ("sk", key.sk)];
        let parts = parts.map(|(name, part)| (name.to_owned(), AttributeValue::S(part)));
        parts.into()
    }
}

/// The partition of a month's audit.
pub(super) fn month(at: Timestamp) -> String {
    at.strftime("audit#%Y-%m").to_string()
}

/// All nine decimals, so that the order of the text is that of the instants.
pub(super) fn sortable(at: Timestamp) -> String {
    format!("{at:.9}")
}

/// Seconds since 1970, rounded up: nothing is gone before its time.
pub(super) fn expiry(at: Timestamp) -> i64 {
    at.as_second() + i64::from(at.subsec_nanosecond() > 0)
}

/// An item to be written.
#[derive(Debug)]
pub(super) struct Row(Attributes);

impl Row {
    pub(super) fn new(key: Key) -> Self {
        Row(key.into())
    }

    pub(super) fn text(self, name: &str, value: &str) -> Self {
        self.with(name, AttributeValue::S(value.to_owned()))
    }

    pub(super) fn maybe_text(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.text(name, value),
            None => self,
        }
    }

    pub(super) fn number(self, name: &str, value: impl Into<i64>) -> Self {
        self.with(name, AttributeValue::N(value.into().to_string()))
    }

    pub(super) fn maybe_number(self, name: &str, value: Option<i64>) -> Self {
        match value {
            Some(value) => self.number(name, value),
            None => self,
        }
    }

    pub(super) fn instant(self, name: &str, at: Timestamp) -> Self {
        self.text(name, &sortable(at))
    }

    pub(super) fn flag(self, name: &str, value: bool) -> Self {
        self.with(name, AttributeValue::Bool(value))
    }

    pub(super) fn expires(self, at: Timestamp) -> Self {
        self.number(EXPIRES_AT, expiry(at))
    }

    fn with(mut self, name: &str, value: AttributeValue) -> Self {
        self.0.insert(name.to_owned(), value);
        self
    }
}

impl From<Row> for Attributes {
    fn from(row: Row) -> Self {
        row.0
    }
}

/// An item that was read.
#[derive(Debug)]
pub(super) struct Found(pub(super) Attributes);

impl Found {
    pub(super) fn maybe_text(&self, name: &str) -> Option<String> {
        self.0.get(name)?.as_s().ok().cloned()
    }

    pub(super) fn text(&self, name: &str) -> Result<String, Error> {
        self.maybe_text(name).ok_or_else(|| missing(name))
    }

    /// As many of a list as are texts.
    pub(super) fn texts(&self, name: &str) -> Vec<String> {
        let list = self.0.get(name).and_then(|list| list.as_l().ok());
        let texts = list.into_iter().flatten();
        texts.filter_map(|text| text.as_s().ok().cloned()).collect()
    }

    pub(super) fn maybe_number<T: FromStr>(&self, name: &str) -> Option<T> {
        self.0.get(name)?.as_n().ok()?.parse().ok()
    }

    pub(super) fn number<T: FromStr>(&self, name: &str) -> Result<T, Error> {
        self.maybe_number(name).ok_or_else(|| missing(name))
    }

    pub(super) fn maybe_instant(&self, name: &str) -> Result<Option<Timestamp>, Error> {
        match self.maybe_text(name) {
            Some(text) => text.parse().map(Some).map_err(|_| missing(name)),
            None => Ok(None),
        }
    }

    pub(super) fn instant(&self, name: &str) -> Result<Timestamp, Error> {
        self.maybe_instant(name)?.ok_or_else(|| missing(name))
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        let flag = self.0.get(name).and_then(|flag| flag.as_bool().ok());
        flag.copied().unwrap_or_default()
    }

    pub(super) fn posted(&self) -> Option<Posted> {
        Some(Posted {
            channel: self.maybe_text("posted_channel")?,
            ts: self.maybe_text("posted_ts")?,
        })
    }

    /// DynamoDB deletes within days, so this may be read later than it was kept.
    pub(super) fn has_expired(&self, now: Timestamp) -> bool {
        self.maybe_number::<i64>(EXPIRES_AT)
            .is_some_and(|expires_at| expires_at <= now.as_second())
    }
}

fn missing(name: &str) -> Error {
    Error::Failed {
        reason: format!("an item of the table can't be read: its {name} is missing or odd"),
    }
}
