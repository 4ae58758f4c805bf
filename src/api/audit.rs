//! Who asked what over HTTP, and how it ended: one line of the ledger for each question.

use super::Api;
use crate::access::Reader;
use crate::catalog::Visibility;
use crate::error::{Class, Failure};
use crate::ledger::Access;
use crate::visibility::Audience;

/// Writes the line. Call it before the answer is sent, also for one that is refused; `outcome` is
/// `answered`, or the failure's code.
///
/// # Errors
/// The line can't be written, and the attribute is not for everyone: then nobody may read it
/// unseen. What everybody may see is answered all the same, and the log says ALARM.
pub(super) async fn audit(
    api: &Api,
    reader: &Reader,
    entity_id: Option<i64>,
    attribute: Option<&str>,
    outcome: &str,
) -> Result<(), Failure> {
    let access = Access {
        at: (api.now)(),
        user: reader.known_as(),
        team: None,
        channel: match &reader.audience {
            Audience::Channel { channel, .. } => Some(channel.clone()),
            Audience::Person { channel, .. } => channel.clone(),
            Audience::Operator => None,
        },
        entity_id,
        attribute: attribute.map(str::to_owned),
        outcome: outcome.to_owned(),
        through: reader.through,
    };
    let Err(error) = api.ledger.audit(&access).await else {
        return Ok(());
    };
    tracing::error!(%error, "ALARM: an access is not in the audit");
    match is_limited(api, attribute).await {
        true => Err(Failure::new(
            Class::Retry,
            "no_audit",
            "It could not be written down who reads this, which is not for everyone.",
            "Try again in a moment; if it lasts, tell whoever runs why.",
        )),
        false => Ok(()),
    }
}

/// Where that is not known it counts as if it were. Without an attribute: of any.
async fn is_limited(api: &Api, attribute: Option<&str>) -> bool {
    let Ok(why) = api.lake.why().await else {
        return true;
    };
    let limited = |a: &crate::catalog::Attribute| a.visible_to != Visibility::Everyone;
    match attribute {
        Some(name) => why.catalog.attribute(name).is_none_or(limited),
        None => why.catalog.attributes.iter().any(limited),
    }
}
