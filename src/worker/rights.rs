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
            standing = told(
                self.chat.standing_lately(&asker.user).await,
                Standing::Outsider,
            )?;
        }
        match standing {
            Standing::Outsider => {}
            Standing::Member => {
                for group in undecided(catalog, &asker.user, place.channel.as_deref()) {
                    let members = told(self.chat.group_members_lately(&group).await, Vec::new())?;
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

    /// Everybody who reads this channel, whoever asks there among them: in a channel a guest is
    /// shown no more than alone.
    pub(super) async fn here(
        &self,
        catalog: &Catalog,
        asker: &Asker,
        channel: &str,
    ) -> Result<Audience, Trouble> {
        let audience = self.everybody(catalog, channel).await?;
        match audience {
            Audience::Channel {
                channel,
                standing: Standing::Member,
            } if is_limited(catalog) => Ok(Audience::Channel {
                channel,
                standing: told(
                    self.chat.standing_lately(&asker.user).await,
                    Standing::Outsider,
                )?,
            }),
            Audience::Operator | Audience::Person { .. } | Audience::Channel { .. } => Ok(audience),
        }
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

/// The user groups that decide: those of attributes that neither the person nor where they ask
/// opens already. Of all attributes, since all that they may see is offered to them.
fn undecided(catalog: &Catalog, user: &str, channel: Option<&str>) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for attribute in &catalog.attributes {
        match &attribute.visible_to {
            Visibility::Everyone => {}
            Visibility::Only {
                channels,
                users,
                groups,
            } => {
                let is_here = |id: &String| channel == Some(id.as_str());
                let is_open = users.iter().any(|id| id == user) || channels.iter().any(is_here);
                if !is_open {
                    named.extend(groups.iter().cloned());
                }
            }
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
