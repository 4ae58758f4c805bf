//! On AWS: each function's shell around what `why serve` puts into one process.
//!
//! Takes Lambda's events (HTTP through API Gateway, batches of SQS), keeps to its deadlines, logs
//! and counts. What a request or a job means is not known here. Start at [`ingress::run`] or
//! [`worker::run`]; `infra/` holds the template.

use aws_config::{BehaviorVersion, SdkConfig};

use crate::config::{self, Environment};
use crate::error::Failure;
use crate::logs;

#[cfg(feature = "api-lambda")]
pub mod api;
pub mod emf;
#[cfg(any(feature = "api-lambda", feature = "ingress-lambda"))]
mod http;
#[cfg(feature = "ingress-lambda")]
pub mod ingress;
#[cfg(feature = "api-lambda")]
mod pages;
#[cfg(test)]
pub(crate) mod tests;
mod trace;
#[cfg(feature = "ingress-lambda")]
mod views;
#[cfg(feature = "worker-lambda")]
pub mod worker;

pub use lambda_runtime::Error;

/// The log, from the first line on: JSON to stdout, from where Lambda takes it. No panic says more
/// in it than where it was.
fn start_log(environment: &Environment) {
    let level = config::lambda::log(environment);
    logs::hush_panics();
    // A second time (in tests) changes nothing.
    let _ = tracing::subscriber::set_global_default(logs::subscriber(&level, std::io::stdout));
}

/// Region, credentials and endpoints, as Lambda gives them: nothing is asked over the network.
async fn sdk() -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest()).load().await
}

/// A function that can't start: told in the log, and to Lambda, which tries again.
fn refused(failure: Failure) -> Error {
    tracing::error!(
        code = failure.code,
        why = failure.text,
        advice = failure.advice,
        "ALARM: this function can't start"
    );
    failure.text.into()
}
