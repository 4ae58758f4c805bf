//! What an address says after its path, read forgivingly: an empty field of a form says nothing.

use std::borrow::Cow;

use jiff::Timestamp;

use crate::api::v1;
use crate::catalog::Catalog;
use crate::error::Failure;
use crate::question::{AsOf, LookBack, MOST_CHARACTERS};

/// Names and values; of several with one name the first counts.
#[derive(Debug, Clone, Default)]
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    pub(super) fn read(query: &[u8]) -> Self {
        let owned = |(name, value): (Cow<'_, str>, Cow<'_, str>)| (name.into(), value.into());
        Parameters(form_urlencoded::parse(query).map(owned).collect())
    }

    /// What was said, trimmed; `None` where that is nothing.
    pub(super) fn whole(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(known, _)| known == name)?;
        Some(value.trim()).filter(|value| !value.is_empty())
    }

    /// The same; what is longer than any question is cut: it is refused as too long, not carried on.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let value = self.whole(name)?;
        let end = value.char_indices().nth(MOST_CHARACTERS + 1);
        value.get(..end.map_or(value.len(), |(at, _)| at))
    }

    /// # Errors
    /// What is no date, or lies in the future.
    pub(super) fn as_of(
        &self,
        name: &str,
        catalog: &Catalog,
        now: Timestamp,
    ) -> Result<Option<AsOf>, Failure> {
        v1::answer::as_of(self.get(name), catalog, now)
    }

    /// # Errors
    /// What is none.
    pub(super) fn look_back(
        &self,
        catalog: &Catalog,
        now: Timestamp,
    ) -> Result<Option<LookBack>, Failure> {
        v1::answer::look_back(self.get("look_back"), catalog, now)
    }
}
