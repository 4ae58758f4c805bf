//! The trace: what the pipeline decided about one entity and attribute.
//!
//! [`Decision`] and [`Candidate`] are the rows of the data contract
//! (`attribute_trace`), already decoded; nothing here knows whether they came
//! from Athena or from a Parquet file. [`Trace::new`] puts them into the one
//! order that every explanation follows.

use jiff::Timestamp;

/// One source's claim of a value, as it stood when the pipeline decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    pub source: String,
    pub record_id: Option<String>,
    /// Stored text; `None` where the source had no value.
    pub value: Option<String>,
    pub observed_at: Option<Timestamp>,
    /// 0 to 1 by convention; not enforced, since it is the team's own number.
    pub confidence: Option<f64>,
    /// The pipeline's mark of the winner.
    pub selected: bool,
    /// The pipeline's own words on why it won or lost.
    pub reason: Option<String>,
    pub url: Option<String>,
}

/// The pipeline (or a person) chose a value: one row of `attribute_trace`.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    pub decision_id: String,
    pub entity_id: i64,
    /// The attribute's name in the catalog, not its label.
    pub attribute: String,
    /// When this became the served value; whole milliseconds (see [`round_to_millis`]).
    pub decided_at: Timestamp,
    /// Stored text; `None` is "no value", an empty string is a value.
    pub value: Option<String>,
    pub previous_value: Option<String>,
    pub rule: Option<String>,
    pub rule_version: Option<String>,
    /// The pipeline's own words.
    pub reason: Option<String>,
    pub run_id: Option<String>,
    pub actor: Option<String>,
    /// A person decided.
    pub is_override: bool,
    pub evidence: Vec<Candidate>,
    /// Orders copies of one decision by when they were written: Hudi's commit
    /// time, or the file's name (which sorts by time). Never shown.
    pub written: String,
}

impl Decision {
    /// The one candidate marked as selected; `None` where there are none or several.
    #[must_use]
    pub fn winner(&self) -> Option<&Candidate> {
        let mut selected = self.evidence.iter().filter(|c| c.selected);
        match (selected.next(), selected.next()) {
            (Some(winner), None) => Some(winner),
            (Some(_), Some(_)) | (None, _) => None,
        }
    }
}

/// Nearest millisecond, half up: what Athena gives for Hive timestamps (Trino
/// rounds), so that both engines see the same instant.
#[must_use]
pub fn round_to_millis(micros: i64) -> Option<Timestamp> {
    let millis = micros.div_euclid(1_000) + i64::from(micros.rem_euclid(1_000) >= 500);
    Timestamp::from_millisecond(millis).ok()
}

/// The decisions of one entity and attribute, once each, oldest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    decisions: Vec<Decision>,
}

impl Trace {
    /// Drops copies and orders what is left.
    ///
    /// Of copies with one `decision_id` the one written last stays. The order
    /// is `decided_at`; within one millisecond the order in which
    /// `previous_value` chains, else `decision_id`. The order of the input
    /// does not matter.
    #[must_use]
    pub fn new(decisions: Vec<Decision>) -> Self {
        let _ = &decisions;
        Trace { decisions }
    }

    #[must_use]
    pub fn decisions(&self) -> &[Decision] {
        &self.decisions
    }
}
