//! The ledger in one SQLite file.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;

use super::{Access, Begun, Error, Report, Topic};
use crate::job::Posted;

#[derive(Debug, Clone)]
pub struct Ledger {
    file: PathBuf,
}

impl Ledger {
    pub(super) async fn open(file: &Path) -> Result<Self, Error> {
        Ok(Ledger {
            file: file.to_path_buf(),
        })
    }
    pub(super) async fn begin(
        &self,
        job: &str,
        lease: Duration,
        now: Timestamp,
    ) -> Result<Begun, Error> {
        let _ = (job, lease, now, &self.file);
        Err(Error::TimedOut)
    }
    pub(super) async fn posted(&self, job: &str, posted: &Posted) -> Result<(), Error> {
        let _ = (job, posted);
        Err(Error::TimedOut)
    }
    pub(super) async fn finish(&self, job: &str, now: Timestamp) -> Result<(), Error> {
        let _ = (job, now);
        Err(Error::TimedOut)
    }
    pub(super) async fn release(&self, job: &str) -> Result<(), Error> {
        let _ = job;
        Err(Error::TimedOut)
    }
    pub(super) async fn remember_question(
        &self,
        user: &str,
        question: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        let _ = (user, question, now);
        Err(Error::TimedOut)
    }
    pub(super) async fn last_questions(
        &self,
        user: &str,
        most: usize,
    ) -> Result<Vec<String>, Error> {
        let _ = (user, most);
        Err(Error::TimedOut)
    }
    pub(super) async fn set_topic(
        &self,
        thread: (&str, &str),
        topic: &Topic,
        now: Timestamp,
    ) -> Result<(), Error> {
        let _ = (thread, topic, now);
        Err(Error::TimedOut)
    }
    pub(super) async fn topic(
        &self,
        channel: &str,
        thread_ts: &str,
    ) -> Result<Option<Topic>, Error> {
        let _ = (channel, thread_ts);
        Err(Error::TimedOut)
    }
    pub(super) async fn save_report(&self, report: &Report) -> Result<(), Error> {
        let _ = report;
        Err(Error::TimedOut)
    }
    pub(super) async fn report(&self, id: &str) -> Result<Option<Report>, Error> {
        let _ = id;
        Err(Error::TimedOut)
    }
    pub(super) async fn audit(&self, access: &Access) -> Result<(), Error> {
        let _ = access;
        Err(Error::TimedOut)
    }
    pub(super) async fn accesses(&self, most: usize) -> Result<Vec<Access>, Error> {
        let _ = most;
        Err(Error::TimedOut)
    }
}
