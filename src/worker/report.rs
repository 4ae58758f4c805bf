//! This looks wrong: reports in the triage channel, and what stewards make of them.

use super::{Trouble, Worker};
use crate::job::{Job, TriageState};

/// What a person said of a value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Said<'a> {
    /// The question in words that parse (`#17 revenue as of …`).
    pub(super) question: &'a str,
    pub(super) wrong: &'a str,
    pub(super) expected: Option<&'a str>,
    pub(super) link: Option<&'a str>,
}

impl Worker {
    pub(super) async fn report(&self, job: &Job, said: Said<'_>) -> Result<(), Trouble> {
        let _ = (job, said);
        Ok(())
    }

    /// A steward pressed a button: shows in place and is told to the asker.
    pub(super) async fn triage(
        &self,
        job: &Job,
        report: &str,
        state: TriageState,
    ) -> Result<(), Trouble> {
        let _ = (job, report, state);
        Ok(())
    }
}
