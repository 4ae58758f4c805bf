//! What Slack sends: verified, read tolerantly, turned into jobs. Pure.
//!
//! [`signature`] judges the raw bytes before anything is parsed; [`request`] reads the few fields
//! that are used out of what is left. Knows no socket and no clock: time is a parameter.
//! Start at [`request::read`].

pub mod actions;
pub(crate) mod app;
pub(crate) mod limits;
pub mod request;
pub mod signature;
