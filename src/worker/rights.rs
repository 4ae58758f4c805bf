//! Who will read what is about to be posted.
//!
//! Where Slack can't tell who somebody is, they count as outside; only what may work in a moment
//! is an error. Nothing is asked where the catalog limits nothing.

use std::collections::BTreeSet;

use super::{Trouble, Worker};
use crate::catalog::{Catalog, Visibility};
use crate::chat::Error;
use crate::job::{Asker, Place};
use crate::visibility::{Audience, Standing, is_limited};

#[cfg(test)]
mod tests;

impl Worker {
    /// The asker alone, where the answer is private (an ephemeral message, a direct message, the
    /// Home tab).
    pub(super) async fn person(
        &self,
        catalog: &Catalog,
        asker: &Asker,
        place: &Place,
    ) -> Result<Audience, Trouble> {
        let mut standing = Standing::Member;
        let mut groups = Vec::new();
        if is_limited(catalog) {
            standing = told(self.chat.standing(&asker.user).await, Standing::Outsider)?;
        }
        match standing {
            Standing::Outsider => {}
            Standing::Member => {
                for group in groups_of(catalog) {
                    let members = told(self.chat.group_members(&group).await, Vec::new())?;
                    if members.contains(&asker.user) {
                        groups.push(group);
                    }
                }
            }
        }
        Ok(Audience::Person {
            user: asker.user.clone(),
            groups,
            channel: place.asked_in().map(str::to_owned),
            standing,
        })
    }

    /// Everybody who reads this channel.
    pub(super) async fn everybody(
        &self,
        catalog: &Catalog,
        channel: &str,
    ) -> Result<Audience, Trouble> {
        let shared = match is_limited(catalog) {
            true => told(self.chat.is_shared_outside(channel).await, true)?,
            false => false,
        };
        Ok(Audience::Channel {
            channel: channel.to_owned(),
            standing: if shared {
                Standing::Outsider
            } else {
                Standing::Member
            },
        })
    }
}

/// The user groups that any attribute is limited to.
fn groups_of(catalog: &Catalog) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for attribute in &catalog.attributes {
        match &attribute.visible_to {
            Visibility::Everyone => {}
            Visibility::Only { groups, .. } => named.extend(groups.iter().cloned()),
        }
    }
    named
}

/// What Slack told; the safe side where it can't tell, an error where it may in a moment.
fn told<T>(answer: Result<T, Error>, safe: T) -> Result<T, Trouble> {
    match answer {
        Ok(told) => Ok(told),
        Err(error) => match error {
            Error::RateLimited(_) | Error::Retry(_) => Err(error.into()),
            Error::Unreachable(_)
            | Error::Gone(_)
            | Error::Refused(_)
            | Error::Auth(_)
            | Error::Unknown(_) => {
                tracing::warn!(error = %error, "Slack can't tell who reads: counted as outside");
                Ok(safe)
            }
        },
    }
}
