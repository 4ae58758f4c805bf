//! What answering one question read and took.

use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::store::Visit;
use crate::answer::Read;
use crate::plan::Span;

/// Filled while a plan is read.
#[derive(Debug)]
pub(super) struct Receipt {
    started: Instant,
    /// Spent on finding out which files to read.
    pub(super) planning: Duration,
    pub(super) partitions_planned: u64,
    pub(super) partitions_read: u64,
    pub(super) files_read: u64,
    pub(super) rows_read: u64,
    pub(super) data_as_of: Option<Timestamp>,
}

impl Receipt {
    pub(super) fn begin() -> Self {
        Receipt {
            started: Instant::now(),
            planning: Duration::ZERO,
            partitions_planned: 0,
            partitions_read: 0,
            files_read: 0,
            rows_read: 0,
            data_as_of: None,
        }
    }

    pub(super) fn fresh_as_of(&mut self, instant: Option<Timestamp>) {
        self.data_as_of = self.data_as_of.max(instant);
    }

    pub(super) fn write(self, visit: &Visit<'_>, days: Span, complete: bool) -> Read {
        Read {
            from: days.from,
            to: days.to,
            complete,
            engine: "direct",
            engine_reason: None,
            partitions_planned: self.partitions_planned,
            partitions_read: self.partitions_read,
            files_read: self.files_read,
            rows_read: self.rows_read,
            bytes_read: visit.bytes(),
            requests: visit.requests(),
            planning_ms: millis(self.planning),
            total_ms: millis(self.started.elapsed()),
            cost_usd: visit.cost_usd(),
            data_as_of: self.data_as_of,
            athena: None,
        }
    }
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}
