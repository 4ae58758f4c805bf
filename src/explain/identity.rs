//! The id of an answer: the same question over the same decisions has the same id.
//!
//! What reading took (times, bytes, the engine) and where a row was written do
//! not count. Start at [`id`].

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::question::Question;
use crate::trace::{Candidate, Decision};

/// 16 hexadecimal characters.
pub(super) fn id(question: &Question, served: &[Decision], future: &[Decision]) -> String {
    let mut fields = Fields(Sha256::new());
    fields.text(Some(&question.text));
    fields.text(Some(&question.entity_id.to_string()));
    fields.text(Some(&question.attribute));
    fields.time(Some(question.as_of));
    fields.text(question.expected.as_deref());
    fields.text(Some(&question.look_back.to_string()));
    for decision in served.iter().chain(future) {
        fields.decision(decision);
    }
    let hash = fields.0.finalize();
    hash.iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Fields with their lengths, so that no two rows read the same.
struct Fields(Sha256);

impl Fields {
    fn text(&mut self, text: Option<&str>) {
        match text {
            None => self.0.update([0]),
            Some(text) => {
                self.0.update([1]);
                self.0.update((text.len() as u64).to_be_bytes());
                self.0.update(text);
            }
        }
    }

    fn time(&mut self, at: Option<Timestamp>) {
        match at {
            None => self.0.update([0]),
            Some(at) => {
                self.0.update([1]);
                self.0.update(at.as_nanosecond().to_be_bytes());
            }
        }
    }

    fn decision(&mut self, decision: &Decision) {
        self.text(Some(&decision.decision_id));
        self.time(Some(decision.decided_at));
        for field in [
            &decision.value,
            &decision.previous_value,
            &decision.rule,
            &decision.rule_version,
            &decision.reason,
            &decision.run_id,
            &decision.actor,
        ] {
            self.text(field.as_deref());
        }
        self.0.update([u8::from(decision.is_override)]);
        self.0
            .update((decision.evidence.len() as u64).to_be_bytes());
        decision
            .evidence
            .iter()
            .for_each(|candidate| self.candidate(candidate));
    }

    fn candidate(&mut self, candidate: &Candidate) {
        self.text(Some(&candidate.source));
        for field in [
            &candidate.record_id,
            &candidate.value,
            &candidate.reason,
            &candidate.url,
        ] {
            self.text(field.as_deref());
        }
        self.time(candidate.observed_at);
        self.text(candidate.confidence.map(|c| c.to_string()).as_deref());
        self.0.update([u8::from(candidate.selected)]);
    }
}
