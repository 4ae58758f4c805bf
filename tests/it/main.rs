//! The one integration crate: each module is a room of its own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod api;
mod athena;
mod check;
mod cli;
mod conversation;
mod deploy;
mod e2e;
mod faults;
mod fuzz;
mod harness;
mod hudi;
mod import;
mod lambda;
mod lambda_builds;
mod layers;
mod layout;
mod moto;
mod python;
mod reports;
mod s3;
mod state;
mod v1;
