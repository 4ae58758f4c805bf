//! Publishes the Home tab of one person.

use super::{Trouble, Worker};
use crate::job::Job;

impl Worker {
    pub(super) async fn home(&self, job: &Job) -> Result<(), Trouble> {
        let _ = job;
        Ok(())
    }
}
