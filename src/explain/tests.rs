//! Tests of explanations: a small language for decisions, and what they share.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::answer::{Answer, Read, WarningId};
use crate::catalog::Catalog;
use crate::question::{LookBack, Question};
use crate::trace::{Candidate, Decision};

mod answers;
mod candidates;
mod causes;
mod doubts;
mod expectation;
mod marks;
mod properties;
mod rules;
mod warnings;
mod words;

const CATALOG: &str = r#"
[lake]
location = "."
[layout]
step = "month"
first_date = 2020-01-15
[attributes.revenue]
kind = "money"
unit = "USD"
stale_after = "400d"
[attributes.headcount]
kind = "number"
sign_fixed = true
[attributes.headcount.thresholds]
jump_factor = 3.0
late_after = "5d"
flapping_changes = 2
flapping_within = "10d"
tie_confidence = 0.2
tie_within = "3d"
jump_within = "5d"
low_confidence = 0.95
close_within = 0.2
[attributes.sector]
kind = "enum"
[attributes.legal_name]
is_name = true
[attributes.founded]
kind = "year"
[attributes.listed]
kind = "date"
[attributes.website]
kind = "url"
[sources.crm]
label = "CRM"
link = "https://crm.example.com/records/{record_id}?from=why"
[sources.filings]
[sources.vendor]
label = "data vendor"
[rules.priority]
kind = "source_priority"
order = ["crm", "filings", "vendor"]
[rules.newest]
kind = "recency"
[rules.surest]
kind = "confidence"
[rules.majority]
kind = "frequency"
[[rules.versioned]]
kind = "source_priority"
versions = ["2"]
order = ["crm", "vendor"]
"#;

pub(super) fn catalog() -> Catalog {
    Catalog::parse(CATALOG, "why.toml").unwrap()
}

/// A day, or a day and a time, UTC.
pub(super) fn at(text: &str) -> Timestamp {
    let time = if text.len() > 10 { "" } else { "T00:00:00" };
    format!("{text}{time}Z").parse().unwrap()
}

/// A decision under the undeclared rule `legacy`; its previous_value is the
/// value before it in the list unless [`D::after`] says otherwise.
#[derive(Debug, Clone)]
pub(super) struct D {
    decision: Decision,
    previous: Option<Option<String>>,
}

pub(super) fn d(decided_at: &str) -> D {
    D {
        previous: None,
        decision: Decision {
            rule: Some("legacy".to_owned()),
            rule_version: Some("1".to_owned()),
            ..Decision::bare("", (1, ""), at(decided_at))
        },
    }
}

fn text(text: &str) -> Option<String> {
    (text != "-").then(|| text.to_owned())
}

impl D {
    pub(super) fn value(mut self, value: &str) -> D {
        self.decision.value = text(value);
        self
    }

    /// The recorded previous_value; `-` is null.
    pub(super) fn after(mut self, previous: &str) -> D {
        self.previous = Some(text(previous));
        self
    }

    pub(super) fn rule(mut self, name: &str, version: &str) -> D {
        self.decision.rule = text(name);
        self.decision.rule_version = text(version);
        self
    }

    pub(super) fn overridden(mut self) -> D {
        self.decision.is_override = true;
        self
    }

    /// The selected candidate, observed when it was decided, with confidence 0.9;
    /// `-` is null for record and value.
    pub(super) fn by(self, source: &str, record: &str, value: &str) -> D {
        self.candidate(source, record, value, 0.9, true)
    }

    /// A candidate that was not selected, with confidence 0.7.
    pub(super) fn against(self, source: &str, record: &str, value: &str) -> D {
        self.candidate(source, record, value, 0.7, false)
    }

    fn candidate(
        mut self,
        source: &str,
        record: &str,
        value: &str,
        sure: f64,
        selected: bool,
    ) -> D {
        self.decision.evidence.push(Candidate {
            source: source.to_owned(),
            record_id: text(record),
            value: text(value),
            observed_at: Some(self.decision.decided_at),
            confidence: Some(sure),
            selected,
            reason: None,
            url: None,
        });
        self
    }

    /// Changes the candidate that was added last.
    pub(super) fn with(mut self, change: impl FnOnce(&mut Candidate)) -> D {
        change(self.decision.evidence.last_mut().unwrap());
        self
    }

    pub(super) fn observed(self, when: &str) -> D {
        self.with(|candidate| candidate.observed_at = Some(at(when)))
    }

    pub(super) fn never_observed(self) -> D {
        self.with(|candidate| candidate.observed_at = None)
    }

    pub(super) fn sure(self, confidence: f64) -> D {
        self.with(|candidate| candidate.confidence = Some(confidence))
    }
}

/// `crm` says a value and wins.
pub(super) fn crm(decided_at: &str, value: &str) -> D {
    d(decided_at).value(value).by("crm", "r1", value)
}

/// A question over decisions: of revenue, as of now, 2025-01-01, all read.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) question: Question,
    pub(super) decisions: Vec<Decision>,
    pub(super) read: Read,
    pub(super) now: Timestamp,
}

pub(super) fn ask(attribute: &str, decisions: &[D]) -> Asked {
    let now = at("2025-01-01");
    Asked {
        question: Question {
            text: "acme".to_owned(),
            entity_id: 1,
            entity_name: "Acme".to_owned(),
            attribute: attribute.to_owned(),
            as_of: now,
            expected: None,
            look_back: LookBack::All,
        },
        decisions: chained(attribute, decisions),
        read: read(),
        now,
    }
}

fn chained(attribute: &str, decisions: &[D]) -> Vec<Decision> {
    let mut before = None;
    let mut chained = Vec::new();
    for (at, d) in decisions.iter().enumerate() {
        let previous_value = d.previous.clone().unwrap_or(before);
        before = d.decision.value.clone();
        chained.push(Decision {
            decision_id: format!("d{at}"),
            attribute: attribute.to_owned(),
            previous_value,
            ..d.decision.clone()
        });
    }
    chained
}

fn read() -> Read {
    Read::of_nothing(Date::constant(2020, 1, 1), Date::constant(2025, 1, 1))
}

impl Asked {
    pub(super) fn on(mut self, when: &str) -> Asked {
        self.question.as_of = at(when);
        self
    }

    pub(super) fn expecting(mut self, expected: &str) -> Asked {
        self.question.expected = Some(expected.to_owned());
        self
    }

    pub(super) fn bounded(mut self) -> Asked {
        self.read.complete = false;
        self
    }

    pub(super) fn answer(&self) -> Answer {
        let decisions = self.decisions.clone();
        super::explain(
            &self.question,
            decisions,
            self.read.clone(),
            &catalog(),
            self.now,
        )
    }
}

/// `overtaken first_seen`: newest first.
pub(super) fn causes(answer: &Answer) -> String {
    let causes: Vec<&str> = answer
        .changes
        .iter()
        .map(|change| change.cause.as_str())
        .collect();
    causes.join(" ")
}

/// The warnings' ids, apart from one that a test does not care for.
pub(super) fn warned(answer: &Answer) -> Vec<WarningId> {
    answer.warnings.iter().map(|warning| warning.id).collect()
}
