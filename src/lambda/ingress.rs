//! The ingress function: Slack's requests, verified, acknowledged, put into SQS.
//!
//! Slack waits for three seconds, the cold start included; the times below add up to less, however
//! many of what is asked hang. Start at [`run`].

use std::sync::Arc;
use std::time::Duration;

use aws_config::SdkConfig;
use jiff::Timestamp;

use super::http::Door;
use super::{Error, emf, refused, sdk, start_log, views};
use crate::catalog::Catalog;
use crate::config::Environment;
use crate::config::lambda::Ingress as Told;
use crate::error::{Class, Failure};
use crate::ingress::{self, Ingress, Keys};
use crate::queue::{Delivery, Queue, Urls};
use crate::secrets::{self, Kept};

#[cfg(test)]
mod tests;

/// What Slack waits for.
#[cfg(test)]
const SLACK: Duration = Duration::from_secs(3);
/// The secret, in init and once more where a signature does not fit.
pub(crate) const SECRET: secrets::Times = secrets::Times {
    attempt: Duration::from_millis(300),
    operation: Duration::from_millis(450),
};
/// Slack's views.open, on whose answer somebody's modal waits.
pub(crate) const OPEN: Duration = Duration::from_millis(800);
/// A little more than the queue's own 1.2 s, which end first and say more.
pub(crate) const QUEUE: Duration = Duration::from_millis(1_250);
/// For a request, whatever hangs: less than the parts, which do not all hang at once.
const WHOLE: Duration = Duration::from_millis(2_400);

/// Until Lambda ends the process.
///
/// # Errors
/// A variable or the catalog is missing or wrong.
pub async fn run(environment: &Environment, now: fn() -> Timestamp) -> Result<(), Error> {
    start_log(environment);
    let told = Told::told(environment).map_err(refused)?;
    let door = open(&told, &sdk().await, now).await.map_err(refused)?;
    door.run().await
}

async fn open(told: &Told, sdk: &SdkConfig, now: fn() -> Timestamp) -> Result<Door, Failure> {
    let catalog = read_catalog(told)?;
    let kept = Arc::new(Kept::new(sdk, &told.secret, SECRET));
    // The first TLS call of the process as well: it gathers entropy and reads the root
    // certificates, which init does at a whole processor. Without a secret the function starts all
    // the same, asks again at the first request, and can at least say so.
    let _ = kept.within(Duration::MAX).await;
    let urls = Urls {
        queue: told.queue_url.clone(),
        dead_letters: None,
    };
    let ingress = Arc::new(Ingress {
        catalog,
        secrets: Keys::Kept(Arc::clone(&kept)),
        queue: Queue::sqs(sdk, urls, Delivery::Lambda),
        views: views::views(&told.slack.api_url, kept),
        now,
        queue_timeout: QUEUE,
        open_timeout: OPEN,
    });
    Ok(Door {
        router: ingress::router(ingress),
        whole: WHOLE,
        now,
        count: emf::write,
        stack: told.stack.clone(),
    })
}

/// The catalog lies beside the program: without it, nothing was deployed.
fn read_catalog(told: &Told) -> Result<Catalog, Failure> {
    let file = &told.catalog_file;
    let text = std::fs::read_to_string(file).map_err(|error| {
        Failure::new(
            Class::Internal,
            "no_catalog",
            format!("The catalog {} can't be read: {error}.", file.display()),
            "It belongs into the zip, beside the program: `make package`.",
        )
    })?;
    Catalog::parse(&text, &file.display().to_string()).map_err(|error| error.failure())
}
