//! Metrics in CloudWatch's embedded metric format: a line of JSON in the log is a metric.
//!
//! No call, no agent. Names are those of `infra/README.md`, in the namespace `Why`, each counted for
//! its stack: two in one account do not mix. Rendering is pure; [`write`] puts a line on
//! stdout. Start at [`Line`].

use std::io::Write;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

#[cfg(test)]
mod tests;

pub const NAMESPACE: &str = "Why";

/// Everything that is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// Questions, not jobs: one text may hold several.
    QuestionsAnswered,
    /// By `Code` as well: the failure's.
    QuestionsFailed,
    /// Those of them that nobody but an operator can mend; by `Code` as well.
    QuestionsBroken,
    /// From when ingress accepted it until its answer stood in Slack.
    TimeToAnswer,
    EnginePlanning,
    EngineTime,
    BytesScanned,
    CostUsd,
    /// Given up by the worker or by SQS.
    JobsBuried,
    /// Nothing led to the asker of a job that was given up, yet.
    ApologiesOwed,
    /// Given back to the queue.
    JobsAgain,
    /// How old a job was that was given back: SQS forgets the age of what came three times.
    JobAge,
    /// Slack refused the bot token, or what it may do.
    TokenRefused,
    SignatureRejected,
    /// Answered with 200, with everything in place for what was promised.
    Acknowledged,
    AcknowledgeTime,
    /// Told so (in words or by a 503) instead: the queue, the secret or the time was not there.
    NotTaken,
    /// Slack opened no modal.
    NotOpened,
    /// Signed by Slack, and not of a form that is known.
    Unreadable,
    /// Somebody typed a company's name and was offered none.
    NotSuggested,
}

impl Metric {
    pub const ALL: [Metric; 20] = [
        Metric::QuestionsAnswered,
        Metric::QuestionsFailed,
        Metric::QuestionsBroken,
        Metric::TimeToAnswer,
        Metric::EnginePlanning,
        Metric::EngineTime,
        Metric::BytesScanned,
        Metric::CostUsd,
        Metric::JobsBuried,
        Metric::ApologiesOwed,
        Metric::JobsAgain,
        Metric::JobAge,
        Metric::TokenRefused,
        Metric::SignatureRejected,
        Metric::Acknowledged,
        Metric::AcknowledgeTime,
        Metric::NotTaken,
        Metric::NotOpened,
        Metric::Unreadable,
        Metric::NotSuggested,
    ];

    /// As it stands in CloudWatch.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Metric::QuestionsAnswered => "QuestionsAnswered",
            Metric::QuestionsFailed => "QuestionsFailed",
            Metric::QuestionsBroken => "QuestionsBroken",
            Metric::TimeToAnswer => "TimeToAnswer",
            Metric::EnginePlanning => "EnginePlanning",
            Metric::EngineTime => "EngineTime",
            Metric::BytesScanned => "BytesScanned",
            Metric::CostUsd => "CostUsd",
            Metric::JobsBuried => "JobsBuried",
            Metric::ApologiesOwed => "ApologiesOwed",
            Metric::JobsAgain => "JobsAgain",
            Metric::JobAge => "JobAge",
            Metric::TokenRefused => "TokenRefused",
            Metric::SignatureRejected => "SignatureRejected",
            Metric::Acknowledged => "Acknowledged",
            Metric::AcknowledgeTime => "AcknowledgeTime",
            Metric::NotTaken => "NotTaken",
            Metric::NotOpened => "NotOpened",
            Metric::Unreadable => "Unreadable",
            Metric::NotSuggested => "NotSuggested",
        }
    }

    /// One of CloudWatch's.
    #[must_use]
    pub fn unit(self) -> &'static str {
        match self {
            Metric::TimeToAnswer
            | Metric::EnginePlanning
            | Metric::EngineTime
            | Metric::AcknowledgeTime => "Milliseconds",
            Metric::BytesScanned => "Bytes",
            Metric::CostUsd => "None",
            Metric::JobAge => "Seconds",
            Metric::QuestionsAnswered
            | Metric::QuestionsFailed
            | Metric::QuestionsBroken
            | Metric::JobsBuried
            | Metric::ApologiesOwed
            | Metric::JobsAgain
            | Metric::TokenRefused
            | Metric::SignatureRejected
            | Metric::Acknowledged
            | Metric::NotTaken
            | Metric::NotOpened
            | Metric::Unreadable
            | Metric::NotSuggested => "Count",
        }
    }
}

/// Metrics of one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    metrics: Vec<(Metric, f64)>,
    /// Counted by this as well as in all.
    code: Option<&'static str>,
}

impl Line {
    #[must_use]
    pub fn new(metrics: impl Into<Vec<(Metric, f64)>>) -> Self {
        Line {
            metrics: metrics.into(),
            code: None,
        }
    }

    /// One more of it.
    #[must_use]
    pub fn one(metric: Metric) -> Self {
        Line::new([(metric, 1.0)])
    }

    #[must_use]
    pub fn with_code(self, code: &'static str) -> Self {
        Line {
            code: Some(code),
            ..self
        }
    }

    /// One line of JSON, of this stack.
    #[must_use]
    pub fn render(&self, stack: &str, now: Timestamp) -> String {
        let definitions: Vec<Value> = self
            .metrics
            .iter()
            .map(|(metric, _)| json!({"Name": metric.name(), "Unit": metric.unit()}))
            .collect();
        let dimensions = match self.code {
            Some(_) => json!([["Stack"], ["Stack", "Code"]]),
            None => json!([["Stack"]]),
        };
        let mut line = Map::new();
        line.insert(
            "_aws".to_owned(),
            json!({
                "Timestamp": now.as_millisecond(),
                "CloudWatchMetrics": [{
                    "Namespace": NAMESPACE,
                    "Dimensions": dimensions,
                    "Metrics": definitions,
                }],
            }),
        );
        line.insert("Stack".to_owned(), json!(stack));
        if let Some(code) = self.code {
            line.insert("Code".to_owned(), json!(code));
        }
        for (metric, value) in &self.metrics {
            // Not a number is no JSON, and would cost the whole line.
            let value = if value.is_finite() { *value } else { 0.0 };
            line.insert(metric.name().to_owned(), json!(value));
        }
        Value::Object(line).to_string()
    }
}

/// On stdout, where Lambda and CloudWatch look for it. A log that can't be written is no reason
/// to fail.
pub fn write(line: &Line, stack: &str, now: Timestamp) {
    let text = format!("{}\n", line.render(stack, now));
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}

/// As the metrics count time.
#[must_use]
pub fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
