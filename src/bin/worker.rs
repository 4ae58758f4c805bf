//! The worker function on AWS: takes jobs and dead letters from SQS and answers in Slack.

use why::config::Environment;
use why::lambda::{Error, worker};

#[tokio::main]
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads clock and environment"
)]
async fn main() -> Result<(), Error> {
    let environment: Environment = std::env::vars_os().collect();
    worker::run(&environment, jiff::Timestamp::now).await
}
