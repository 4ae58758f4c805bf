//! The api function: what needs the lake at once, while somebody waits. Companies as they are
//! typed in Slack, the page and its API.
//!
//! Slack waits for three seconds, a person at a page longer: each has its own time. The directory is
//! opened in init, where a whole processor is there, and kept; the lake's tables are not looked at
//! before somebody asks for what is in one. Nobody is let in for where they come from: there is no
//! loopback here. Start at [`run`].

use std::sync::Arc;
use std::time::Duration;

use aws_config::SdkConfig;
use axum::Router;
use axum::extract::Request;
use axum::middleware::{self, Next};
use jiff::Timestamp;

use super::http::Door;
use super::{Error, emf, pages, refused, sdk, start_log};
use crate::api::{self, LinkKeys, Pace, Turns};
use crate::ask::{self, Lake, Why};
use crate::config::Environment;
use crate::config::lambda::Api as Told;
use crate::config::web;
use crate::engine::Choice;
use crate::error::{Class, Failure};
use crate::ingress::{Keys, front};
use crate::ledger::Ledger;
use crate::oidc::{self, Issuer};
use crate::queue::{Delivery, Queue, Urls};
use crate::secrets::{self, Kept};
use crate::typeahead::{self, Typeahead};

#[cfg(test)]
mod page_tests;
#[cfg(test)]
mod tests;

/// As in ingress: Slack waits for three seconds here too.
const SECRET: secrets::Times = secrets::Times {
    attempt: Duration::from_millis(300),
    operation: Duration::from_millis(450),
};
/// A key that signs links is known here so long after it was changed.
const KEY_FRESH: Duration = Duration::from_secs(60);
/// The directory, in init: what takes longer goes on with the first request.
const OPEN: Duration = Duration::from_millis(1_000);
/// The directory, where Slack waits.
const PATIENCE: Duration = Duration::from_millis(1_000);
/// All of it, where Slack waits.
const TYPING: Duration = Duration::from_millis(1_500);
/// Reading, for a page: what is left of the whole is for opening the lake and for the answer.
const BUDGET: Duration = Duration::from_secs(20);
/// For a page. Whoever waits for longer has pressed again.
const PAGE: Duration = Duration::from_secs(25);
/// For any request; the function's own time and the gateway's are longer, by the template.
pub(crate) const WHOLE: Duration = Duration::from_secs(26);

/// Until Lambda ends the process.
///
/// # Errors
/// A variable is missing or wrong.
pub async fn run(environment: &Environment, now: fn() -> Timestamp) -> Result<(), Error> {
    start_log(environment);
    let told = Told::told(environment).map_err(refused)?;
    let choice = ask::choice(told.engine.clone()).map_err(refused)?;
    let door = open(told, choice, &sdk().await, now).await;
    door.map_err(refused)?.run().await
}

async fn open(
    told: Told,
    choice: Choice,
    sdk: &SdkConfig,
    now: fn() -> Timestamp,
) -> Result<Door, Failure> {
    let kept = Arc::new(Kept::new(sdk, &told.secret, SECRET));
    let stack = told.stack.clone();
    let issuer = told.web.issuer.clone().map(vouching).transpose()?;
    let asked = (told.catalog_file.clone(), told.s3.clone(), choice);
    let lake = Lake::lazy(move || {
        let (catalog_file, aws, choice) = asked.clone();
        async move { Why::unchecked(&catalog_file, &aws, &choice).await }
    });
    let (_, opened) = tokio::join!(
        kept.within(Duration::MAX),
        tokio::time::timeout(OPEN, lake.names())
    );
    if !matches!(opened, Ok(Ok(_))) {
        tracing::warn!("the directory is not open yet");
    }
    let typeahead = Arc::new(Typeahead {
        lake: lake.clone(),
        secrets: Keys::Kept(Arc::clone(&kept)),
        patience: PATIENCE,
        now,
    });
    let keys = Arc::clone(&kept);
    let queue = Urls {
        queue: told.queue_url,
        dead_letters: None,
    };
    let api = Arc::new(api::Api {
        lake,
        ledger: Ledger::dynamo(sdk, &told.ledger_table),
        queue: Some(Queue::sqs(sdk, queue, Delivery::Lambda)),
        settings: api::Settings {
            public_url: told.web.page_url,
            cors: told.web.cors,
            budget: Some(BUDGET),
            is_buffered: true,
            is_published: true,
            link_keys: LinkKeys::kept(move || match keys.known() {
                Some(secret) => secret.link_keys(),
                None => Vec::new(),
            }),
            issuer,
            pace: Pace::default(),
            // A function answers one request at a time: how many there are is the stack's to say.
            turns: Turns::default(),
        },
        now,
    });
    let pages = pages::bounded(with_fresh_keys(api::router(api), kept), PAGE);
    Ok(Door {
        router: in_slacks_time(typeahead::router(typeahead)).merge(pages),
        whole: WHOLE,
        now,
        count: emf::write,
        stack,
    })
}

fn vouching(issuer: web::Issuer) -> Result<Issuer, Failure> {
    let web::Issuer {
        url,
        audience,
        user_claim,
        groups_claim,
    } = issuer;
    let issuer = Issuer::new(oidc::Settings {
        issuer: url,
        audience,
        user_claim,
        groups_claim,
    });
    issuer.map_err(|error| {
        Failure::new(
            Class::Internal,
            "no_issuer",
            format!("The issuer can't be asked: {error}."),
            "Deploy with another OidcIssuer, or with none.",
        )
    })
}

/// Links are signed with another key after a rotation; where it can't be read, what is known holds.
fn with_fresh_keys(router: Router, kept: Arc<Kept>) -> Router {
    router.layer(middleware::from_fn(move |request: Request, next: Next| {
        let kept = Arc::clone(&kept);
        async move {
            let _ = kept.within(KEY_FRESH).await;
            next.run(request).await
        }
    }))
}

/// A page may take longer than Slack waits.
fn in_slacks_time(router: Router) -> Router {
    router.layer(middleware::from_fn(
        |request: Request, next: Next| async move {
            let path = request.uri().path().to_owned();
            match tokio::time::timeout(TYPING, next.run(request)).await {
                Ok(response) => response,
                Err(_) => {
                    tracing::error!(endpoint = path, outcome = "late", "ALARM: out of time");
                    front::late(&path)
                }
            }
        },
    ))
}
