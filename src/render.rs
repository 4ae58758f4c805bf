//! Rendering: an answer becomes text, JSON or blocks. Pure; nothing is worked out here.
//!
//! [`text`] and [`blocks`] lay out the same phrases, which live in `words`;
//! [`json`] gives the data itself. What comes from a lake is shown only through
//! `words::clean`, so that no value can break a line or command a terminal; [`printable`] is that rule for
//! whatever else is printed, and [`unobeyed`] for what a build prints.
//! Start at `words`, then read the surface that you care about.

#[cfg(feature = "slack")]
pub mod blocks;
pub mod json;
#[cfg(feature = "page")]
pub mod page;
mod series;
pub mod text;
mod words;

pub use words::clean::{printable, unobeyed};
#[cfg(feature = "serve")]
pub(crate) use words::minute;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
#[cfg(feature = "slack")]
pub mod views;
