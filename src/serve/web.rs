//! The page and the API of one machine: who may ask, and what keeps them from starting.
//!
//! On loopback whoever sits here may ask; anywhere else there must be a way to say who somebody is.
//! Start at [`api`].

use std::sync::Arc;
use std::time::Duration;

use super::{Config, refusal};
use crate::api::{Api, LinkKeys, Settings, Turns};
use crate::ask::{Lake, Why};
use crate::config::web;
use crate::error::Failure;
use crate::ledger::Ledger;
use crate::oidc;
use crate::queue::Queue;

/// For one question over HTTP.
const BUDGET: Duration = Duration::from_secs(30);

/// Slack's signed requests come from the world through somebody who passes them on, and so may
/// anything else.
pub(super) fn is_published(config: &Config) -> bool {
    config
        .slack
        .as_ref()
        .is_some_and(|slack| !slack.secrets.is_empty() && slack.app_token.is_none())
}

/// # Errors
/// It would listen where nobody could be told from anybody, or the state file fails.
pub(super) async fn api(
    config: &Config,
    (why, queue, ledger): (Arc<Why>, Queue, Ledger),
) -> Result<Api, Failure> {
    may_listen(config, &ledger).await?;
    let issuer = config.web.issuer.as_ref().map(issuer).transpose()?;
    let key = ledger.link_key().await;
    let key = key.map_err(|error| refusal::of_state(&error))?;
    Ok(Api {
        lake: Lake::opened(why),
        ledger,
        queue: config.slack.is_some().then_some(queue),
        settings: Settings {
            public_url: config.web.page_url.clone(),
            is_published: is_published(config),
            budget: Some(BUDGET),
            cors: config.web.cors.clone(),
            link_keys: LinkKeys::told(vec![key]),
            issuer,
            turns: config.web.at_once.map_or_else(Turns::default, Turns::new),
            ..Settings::default()
        },
        now: config.now,
    })
}

/// Where nobody could sign in, the log says so.
///
/// # Errors
/// It is not this machine's own address, and nobody could sign in.
async fn may_listen(config: &Config, ledger: &Ledger) -> Result<(), Failure> {
    let web = &config.web;
    if web.issuer.is_some() {
        return Ok(());
    }
    let tokens = ledger.tokens().await;
    let tokens = tokens.map_err(|error| refusal::of_state(&error))?;
    let now = (config.now)();
    if tokens.iter().any(|token| !token.has_expired(now)) {
        return Ok(());
    }
    if !config.listen.ip().is_loopback() {
        return Err(refusal::of_open_door(config.listen, &config.state));
    }
    if web.is_reached_from_elsewhere() {
        tracing::warn!("{}", refusal::of_nobody());
    }
    Ok(())
}

/// # Errors
/// It could never be asked.
pub(super) fn issuer(said: &web::Issuer) -> Result<oidc::Issuer, Failure> {
    let settings = oidc::Settings {
        issuer: said.url.clone(),
        audience: said.audience.clone(),
        user_claim: said.user_claim.clone(),
        groups_claim: said.groups_claim.clone(),
    };
    oidc::Issuer::new(settings).map_err(|error| refusal::of_issuer(&error))
}
