//! The one integration crate: each module is a room of its own.

mod hudi;
mod layers;
mod s3;
