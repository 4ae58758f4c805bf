//! What is counted: requests, jobs, how long answers take, how much waits, what Slack refused.
//!
//! A small set with closed labels, so that nothing a person wrote becomes a time series; README
//! lists it. Start at [`Metrics`].

use jiff::Timestamp;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric, text};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

use crate::chat::Client;
use crate::worker::Ended;

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
    outcome: &'static str,
}

/// How a delivery ended where the worker came to no end with it.
#[derive(Debug, Clone, Copy)]
pub(super) enum CutOff {
    /// The process stopped first.
    GivenBack,
    /// A bug: it comes back when its lease ends.
    Panicked,
}

fn outcome(ended: &Ended) -> &'static str {
    match ended {
        Ended::Answered { .. } => "answered",
        Ended::Done => "done",
        Ended::Apologised => "apologised",
        Ended::Buried => "buried",
        Ended::Again => "again",
        Ended::Repeated => "repeated",
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct SlackError {
    class: &'static str,
}

/// The client counts for itself; this reads its numbers when somebody looks.
#[derive(Debug)]
struct SlackErrors(Client);

impl Collector for SlackErrors {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let counted: Family<SlackError, Counter> = Family::default();
        for (class, count) in self.0.errors() {
            counted.get_or_create(&SlackError { class }).inc_by(count);
        }
        let help = "Calls to Slack that failed, by what the failure means";
        counted.encode(encoder.encode_descriptor(
            "slack_errors",
            help,
            None,
            MetricType::Counter,
        )?)
    }
}

impl Metrics {
    pub(super) fn new(chat: Option<Client>) -> Self {
        let mut registry = Registry::with_prefix("why");
        if let Some(chat) = chat {
            registry.register_collector(Box::new(SlackErrors(chat)));
        }
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
            "answer",
            "From a question's acceptance to its reply, each question once",
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

    pub(super) fn cut_off(&self, how: CutOff) {
        let outcome = match how {
            CutOff::GivenBack => "given_back",
            CutOff::Panicked => "panicked",
        };
        self.jobs.get_or_create(&Job { outcome }).inc();
    }

    pub(super) fn ended(&self, ended: &Ended) {
        let outcome = outcome(ended);
        self.jobs.get_or_create(&Job { outcome }).inc();
        if let Ended::Answered { after } = ended {
            self.answered.observe(after.as_secs_f64());
        }
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
