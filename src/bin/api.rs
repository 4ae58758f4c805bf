//! The api function on AWS: answers what needs the lake at once.

use why::config::Environment;
use why::lambda::{Error, api};

#[tokio::main(flavor = "current_thread")]
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads clock and environment"
)]
async fn main() -> Result<(), Error> {
    let environment: Environment = std::env::vars_os().collect();
    api::run(&environment, jiff::Timestamp::now).await
}
