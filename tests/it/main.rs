//! The one integration crate: each module is a room of its own.

mod harness;
mod import;
mod layers;
