//! Who may see what: one function decides, for every surface.
//!
//! An attribute may be restricted to channels, users and user groups; a source may be one that is
//! not named to outsiders or in front of a channel. Pure. Start at [`may_see`] and [`redact`].
//!
//! **Invariant:** a redacted trace is explained like the original: the same value, since, causes,
//! candidates' statuses and warnings. Only names differ.

use std::borrow::Cow;

use crate::catalog::{Attribute, Catalog, Visibility};
use crate::trace::Decision;

mod disguise;
mod scrub;
#[cfg(test)]
mod tests;

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
#[error("{label} is restricted: {why}")]
pub struct Restricted {
    pub label: String,
    pub why: String,
}

/// An attribute that is not for everyone is for members alone: for those it names, for those who
/// ask from a channel it names, and for everybody in such a channel. That it names one person does
/// not show it to a whole channel.
///
/// # Errors
/// Why not, without the ids of who may.
pub fn may_see(attribute: &Attribute, audience: &Audience) -> Result<(), Restricted> {
    let Visibility::Only {
        channels,
        users,
        groups,
    } = &attribute.visible_to
    else {
        return Ok(());
    };
    let (allowed, why) = match audience {
        Audience::Operator => (true, ""),
        Audience::Person {
            standing: Standing::Outsider,
            ..
        }
        | Audience::Channel {
            standing: Standing::Outsider,
            ..
        } => (false, OUTSIDE),
        Audience::Person {
            user,
            groups: own,
            channel,
            standing: Standing::Member,
        } => {
            let from_there = channel.as_ref().is_some_and(|c| channels.contains(c));
            let in_group = own.iter().any(|group| groups.contains(group));
            (users.contains(user) || in_group || from_there, LIMITED)
        }
        Audience::Channel {
            channel,
            standing: Standing::Member,
        } => (channels.contains(channel), NOT_HERE),
    };
    if allowed {
        return Ok(());
    }
    Err(Restricted {
        label: attribute.label.clone(),
        why: why.to_owned(),
    })
}

const LIMITED: &str = "it is limited to certain channels and people";
const NOT_HERE: &str = "it is limited to certain channels and people, and this channel is none of \
     them. If you are one of them, ask privately";
const OUTSIDE: &str = "it is never shown to guests, nor where people of other organisations read";

/// Whether it matters who reads: something here is not for everybody.
#[must_use]
pub fn is_limited(catalog: &Catalog) -> bool {
    let limited = |attribute: &Attribute| attribute.visible_to != Visibility::Everyone;
    catalog.attributes.iter().any(limited) || catalog.sources.iter().any(|s| !s.disclosable)
}

/// The catalog with the attributes that this audience may be offered.
#[must_use]
pub fn offered(catalog: &Catalog, audience: &Audience) -> Catalog {
    let mut offered = catalog.clone();
    offered
        .attributes
        .retain(|attribute| may_see(attribute, audience).is_ok());
    offered
}

/// The same decisions and catalog without what this audience may not read: sources that are not
/// disclosable get another name, the same one everywhere, so that every cause stays what it is.
///
/// Members who ask privately read every name; outsiders and whole channels do not, since what
/// stands in a channel is read, quoted and exported by anyone. A source that the catalog does not
/// declare counts like one that it declares with the defaults: disclosable. Values and the names
/// of disclosable sources are left as they are.
#[must_use]
pub fn redact<'a>(
    decisions: Vec<Decision>,
    catalog: &'a Catalog,
    audience: &Audience,
) -> (Vec<Decision>, Cow<'a, Catalog>) {
    let reads_names = match audience {
        Audience::Operator => true,
        Audience::Person { standing, .. } => match standing {
            Standing::Member => true,
            Standing::Outsider => false,
        },
        Audience::Channel { .. } => false,
    };
    if reads_names || catalog.sources.iter().all(|source| source.disclosable) {
        return (decisions, Cow::Borrowed(catalog));
    }
    let (decisions, catalog) = disguise::disguise(decisions, catalog);
    (decisions, Cow::Owned(catalog))
}
