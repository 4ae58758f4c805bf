//! The api function: what needs the lake at once, while somebody waits. Companies as they are
//! typed today.
//!
//! The directory is opened in init, where a whole processor is there, and kept; the lake's tables
//! are not looked at before somebody asks for what is in one. Start at [`run`].

use std::sync::Arc;
use std::time::Duration;

use aws_config::SdkConfig;
use jiff::Timestamp;

use super::http::Door;
use super::{Error, emf, refused, sdk, start_log};
use crate::ask::{Lake, Why};
use crate::config::Environment;
use crate::config::lambda::Api as Told;
use crate::engine::Choice;
use crate::ingress::Keys;
use crate::secrets::{self, Kept};
use crate::typeahead::{self, Typeahead};

#[cfg(test)]
mod tests;

/// As in ingress: Slack waits for three seconds here too.
const SECRET: secrets::Times = secrets::Times {
    attempt: Duration::from_millis(300),
    operation: Duration::from_millis(450),
};
/// The directory, in init: what takes longer goes on with the first request.
const OPEN: Duration = Duration::from_millis(1_000);
/// The directory, where somebody waits.
const PATIENCE: Duration = Duration::from_millis(1_000);
const WHOLE: Duration = Duration::from_millis(1_500);

/// Until Lambda ends the process.
///
/// # Errors
/// A variable is missing or wrong.
pub async fn run(environment: &Environment, now: fn() -> Timestamp) -> Result<(), Error> {
    start_log(environment);
    let told = Told::told(environment).map_err(refused)?;
    open(told, &sdk().await, now).await.run().await
}

async fn open(told: Told, sdk: &SdkConfig, now: fn() -> Timestamp) -> Door {
    let kept = Arc::new(Kept::new(sdk, &told.secret, SECRET));
    let stack = told.stack.clone();
    let lake = Lake::lazy(move || {
        let told = told.clone();
        async move { Why::unchecked(&told.catalog_file, &told.s3, &Choice::Direct).await }
    });
    let (_, opened) = tokio::join!(
        kept.within(Duration::MAX),
        tokio::time::timeout(OPEN, lake.names())
    );
    if !matches!(opened, Ok(Ok(_))) {
        tracing::warn!("the directory is not open yet");
    }
    let typeahead = Arc::new(Typeahead {
        lake,
        secrets: Keys::Kept(kept),
        patience: PATIENCE,
        now,
    });
    Door {
        router: typeahead::router(typeahead),
        whole: WHOLE,
        now,
        count: emf::write,
        stack,
    }
}
