//! Slack, played on this machine: for the demo, for screenshots and for the tests.
//!
//! [`fake`] speaks Slack's wire protocol and holds every payload to Slack's limits. Development
//! only, loopback only.

pub mod fake;
