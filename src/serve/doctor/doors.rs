//! What the doctor finds of the doors: who may ask, who vouches for people, where links lead.

use super::{Finding, Patient};
use crate::config::serve::Told;
use crate::error::{Class, Failure};
use crate::ledger::Ledger;
use crate::serve::{refusal, web};

/// Without a state file there are no tokens, and none is made.
pub(super) async fn who_may_ask(patient: &Patient<'_>) -> Finding {
    let said = patient.told.listen();
    let (listen, web) = match said.and_then(|listen| Ok((listen, patient.told.web()?))) {
        Ok(both) => both,
        Err(failure) => return Finding::NotOk(Box::new(failure)),
    };
    let tokens = match patient.state.exists() {
        false => Ok(Vec::new()),
        true => match Ledger::sqlite(patient.state).await {
            Ok(ledger) => ledger.tokens().await,
            Err(error) => Err(error),
        },
    };
    let tokens = match tokens {
        Ok(tokens) => tokens,
        Err(error) => return Finding::NotOk(Box::new(refusal::of_state(&error))),
    };
    let now = (patient.now)();
    let (old, good): (Vec<_>, Vec<_>) = tokens.iter().partition(|token| token.has_expired(now));
    if !listen.ip().is_loopback() && web.issuer.is_none() && good.is_empty() {
        return Finding::NotOk(Box::new(refusal::of_open_door(listen, patient.state)));
    }
    let mut who = Vec::new();
    if !web.is_reached_from_elsewhere() {
        who.push("whoever sits at this machine".to_owned());
    }
    match good.len() {
        0 => {}
        1 => who.push("the holder of one token".to_owned()),
        many => who.push(format!("the holders of {many} tokens")),
    }
    if let Some(issuer) = &web.issuer {
        who.push(format!("those that {} vouches for", issuer.url));
    }
    if who.is_empty() {
        return Finding::Warning(Box::new(refusal::of_nobody()));
    }
    let mut found = who.join(", ");
    if !old.is_empty() {
        found.push_str(&format!(" ({} expired: `why token list`)", old.len()));
    }
    Finding::Ok(found)
}

/// Its keys are read, as for somebody's token.
pub(super) async fn issuer(told: &Told) -> Finding {
    let said = match told.web() {
        Ok(web) => web.issuer,
        Err(failure) => return Finding::NotOk(Box::new(failure)),
    };
    let Some(said) = said else {
        return Finding::Skipped("without one there are tokens (`why token`)".to_owned());
    };
    let asked = match web::issuer(&said) {
        Ok(issuer) => issuer.ask().await.map_err(|e| refusal::of_issuer(&e)),
        Err(failure) => Err(failure),
    };
    match asked {
        Ok(0) => Finding::NotOk(Box::new(Failure::new(
            Class::User,
            "issuer",
            format!("{} has no keys that sign tokens.", said.url),
            "See whether WHY_OIDC_ISSUER is the right one.",
        ))),
        Ok(keys) => Finding::Ok(format!("{}, {keys} keys", said.url)),
        Err(failure) => Finding::NotOk(Box::new(failure)),
    }
}

pub(super) fn page(told: &Told) -> Finding {
    match told.web() {
        Ok(web) => match web.page_url {
            Some(url) => Finding::Ok(url),
            None => {
                Finding::Skipped("without WHY_PAGE_URL no answer in Slack links to it".to_owned())
            }
        },
        Err(failure) => Finding::NotOk(Box::new(failure)),
    }
}
