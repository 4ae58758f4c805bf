//! The ingress function on AWS: takes Slack's requests and puts jobs into SQS.

use why::config::Environment;
use why::lambda::{Error, ingress};

#[tokio::main(flavor = "current_thread")]
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads clock and environment"
)]
async fn main() -> Result<(), Error> {
    let environment: Environment = std::env::vars_os().collect();
    ingress::run(&environment, jiff::Timestamp::now).await
}
