//! Who asked what, written down.

use super::Api;
use crate::access::Reader;
use crate::ledger::Access;

/// Best effort: one that fails is an alarm in the log.
pub(super) async fn audit(
    api: &Api,
    reader: &Reader,
    entity_id: Option<i64>,
    attribute: Option<&str>,
    outcome: &str,
) {
    let access = Access {
        at: (api.now)(),
        user: reader.name.clone(),
        team: None,
        channel: None,
        entity_id,
        attribute: attribute.map(str::to_owned),
        outcome: outcome.to_owned(),
    };
    if let Err(error) = api.ledger.audit(&access).await {
        tracing::error!(%error, outcome, "ALARM: an access is not in the audit");
    }
}
