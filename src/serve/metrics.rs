//! What is counted: requests, jobs, how long answers take, how much waits.
//!
//! A small set with closed labels, so that nothing a person wrote becomes a time series. Start at
//! [`Metrics`].

use std::time::Duration;

use jiff::Timestamp;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

/// What `/metrics` is served as.
pub(super) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[derive(Debug)]
pub(super) struct Metrics {
    registry: Registry,
    requests: Family<Request, Counter>,
    jobs: Family<Job, Counter>,
    receives: Counter,
    answered: Histogram,
    depth: Gauge,
    oldest: Gauge,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    endpoint: &'static str,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Job {
    outcome: Outcome,
}

/// How one delivery of a job ended, as far as the loop can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EncodeLabelValue)]
pub(super) enum Outcome {
    /// The worker came to an end with it.
    Handled,
    /// The process stopped first.
    GivenBack,
    /// A bug: it comes back when its lease ends.
    Panicked,
}

impl Metrics {
    pub(super) fn new() -> Self {
        let mut registry = Registry::with_prefix("why");
        let requests = Family::default();
        let jobs = Family::default();
        let receives = Counter::default();
        // From 50 ms to 100 s.
        let answered = Histogram::new(exponential_buckets(0.05, 2.0, 12));
        let depth = Gauge::default();
        let oldest = Gauge::default();
        registry.register(
            "requests",
            "Requests by endpoint and status",
            requests.clone(),
        );
        registry.register("jobs", "Deliveries of jobs by how they ended", jobs.clone());
        registry.register(
            "receives",
            "Deliveries of jobs, repeated ones too",
            receives.clone(),
        );
        registry.register_with_unit(
            "handled",
            "From a request's acceptance to the end of its job",
            Unit::Seconds,
            answered.clone(),
        );
        registry.register(
            "queue_depth",
            "Jobs that wait or are under way",
            depth.clone(),
        );
        registry.register_with_unit(
            "queue_oldest",
            "Age of the oldest job that waits or is under way",
            Unit::Seconds,
            oldest.clone(),
        );
        Metrics {
            registry,
            requests,
            jobs,
            receives,
            answered,
            depth,
            oldest,
        }
    }

    pub(super) fn request(&self, endpoint: &'static str, status: u16) {
        self.requests
            .get_or_create(&Request { endpoint, status })
            .inc();
    }

    pub(super) fn received(&self) {
        self.receives.inc();
    }

    pub(super) fn job(&self, outcome: Outcome) {
        self.jobs.get_or_create(&Job { outcome }).inc();
    }

    pub(super) fn handled(&self, since_accepted: Duration) {
        self.answered.observe(since_accepted.as_secs_f64());
    }

    pub(super) fn queue(&self, (depth, oldest): (u64, Option<Timestamp>), now: Timestamp) {
        self.depth.set(i64::try_from(depth).unwrap_or(i64::MAX));
        let age = oldest.map_or(0, |oldest| now.duration_since(oldest).as_secs().max(0));
        self.oldest.set(age);
    }

    /// As Prometheus reads it.
    pub(super) fn text(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}
