//! What people read, as they read it; and what holds for any answer.

#[cfg(feature = "slack")]
mod blocks;
#[cfg(feature = "slack")]
mod hostile;
mod json;
#[cfg(feature = "slack")]
mod schemas;
#[cfg(feature = "slack")]
mod slack;
mod text;
#[cfg(feature = "slack")]
mod views;
mod words;
