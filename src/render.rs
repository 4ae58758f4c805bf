//! Rendering: an answer becomes text, JSON or blocks. Pure; nothing is worked out here.

pub mod blocks;
pub mod json;
pub mod text;
#[cfg(feature = "slack")]
pub mod views;
