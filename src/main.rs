//! `why` on one machine: hands the environment, the clock and the terminal to the command line.

use std::process::ExitCode;

use why::cli;
use why::config::Environment;

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads clock and environment"
)]
fn main() -> ExitCode {
    let environment: Environment = std::env::vars_os().collect();
    let clock = jiff::Timestamp::now;
    ExitCode::from(cli::run(std::env::args_os(), &environment, clock))
}
