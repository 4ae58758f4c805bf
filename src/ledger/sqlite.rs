//! The ledger in the state file: the statements. What they mean is said in `ledger.rs`.

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{
    AUDIT_KEPT, Begun, Error, FINISHED_KEPT, MOST_QUESTIONS, QUESTIONS_KEPT, REPORTS_KEPT, Report,
    TOPIC_KEPT, Topic,
};
use crate::job::{Posted, TriageState};
use crate::state::{self, after, before, instant, nanoseconds};

mod lines;
mod tokens;

/// What expired and is swept up beside one call: bounded, so that none is slow.
const SWEPT: i64 = 100;

#[derive(Debug, Clone)]
pub struct Ledger {
    file: state::File,
}

impl From<state::Error> for Error {
    fn from(error: state::Error) -> Self {
        match error {
            state::Error::Open { file, reason } => Error::Open { file, reason },
            state::Error::TimedOut => Error::TimedOut,
            state::Error::Full { reason } | state::Error::Failed { reason } => {
                Error::Failed { reason }
            }
        }
    }
}

impl Ledger {
    pub(super) async fn open(file: &Path) -> Result<Self, Error> {
        let file = state::File::open(file).await?;
        Ok(Ledger { file })
    }

    async fn run<T, F>(&self, work: F) -> Result<T, Error>
    where
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
        T: Send + 'static,
    {
        Ok(self.file.run(work).await?)
    }

    async fn read<T, F>(&self, look: F) -> Result<T, Error>
    where
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
        T: Send + 'static,
    {
        Ok(self.file.read(look).await?)
    }

    pub(super) async fn begin(
        &self,
        job: &str,
        lease: Duration,
        now: Timestamp,
    ) -> Result<Begun, Error> {
        let job = job.to_owned();
        self.run(move |file| {
            sweep(file, now)?;
            let known = file
                .query_row(
                    "SELECT leased_until, finished, posted_channel, posted_ts, expires_at
                       FROM work WHERE job = ?1",
                    [&job],
                    known,
                )
                .optional()?;
            let begun = known.map_or(Begun::New, |known| known.begun(now));
            let until = after(now, lease);
            match begun {
                Begun::Done | Begun::Busy { .. } => {}
                Begun::New => {
                    file.execute(
                        "INSERT OR REPLACE INTO work (job, leased_until, expires_at)
                         VALUES (?1, ?2, ?3)",
                        params![job, until, after(instant(until), FINISHED_KEPT)],
                    )?;
                }
                Begun::Resumed { .. } => {
                    file.execute(
                        "UPDATE work SET leased_until = ?2, expires_at = ?3 WHERE job = ?1",
                        params![job, until, after(instant(until), FINISHED_KEPT)],
                    )?;
                }
            }
            Ok(begun)
        })
        .await
    }

    pub(super) async fn posted(&self, job: &str, posted: &Posted) -> Result<(), Error> {
        let (job, posted) = (job.to_owned(), posted.clone());
        let changed = self
            .run(move |file| {
                file.execute(
                    "UPDATE work SET posted_channel = ?2, posted_ts = ?3 WHERE job = ?1",
                    params![job, posted.channel, posted.ts],
                )
            })
            .await?;
        if changed == 0 {
            return Err(Error::never_begun());
        }
        Ok(())
    }

    pub(super) async fn finish(&self, job: &str, now: Timestamp) -> Result<(), Error> {
        let job = job.to_owned();
        self.run(move |file| {
            file.execute(
                "INSERT INTO work (job, finished, expires_at) VALUES (?1, 1, ?2)
                 ON CONFLICT (job) DO UPDATE
                    SET finished = 1, leased_until = NULL, expires_at = excluded.expires_at",
                params![job, after(now, FINISHED_KEPT)],
            )?;
            Ok(())
        })
        .await
    }

    pub(super) async fn release(&self, job: &str) -> Result<(), Error> {
        let job = job.to_owned();
        self.run(move |file| {
            file.execute("UPDATE work SET leased_until = NULL WHERE job = ?1", [job])?;
            Ok(())
        })
        .await
    }

    pub(super) async fn reopen(&self, job: &str) -> Result<(), Error> {
        let job = job.to_owned();
        self.run(move |file| {
            file.execute("UPDATE work SET finished = 0 WHERE job = ?1", [job])?;
            Ok(())
        })
        .await
    }

    pub(super) async fn remember_question(
        &self,
        user: &str,
        question: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        let (user, question) = (user.to_owned(), question.to_owned());
        self.run(move |file| {
            // They are few: no index is needed to find the old ones.
            file.execute(
                "DELETE FROM question WHERE user IN
                    (SELECT user FROM question GROUP BY user HAVING MAX(asked_at) <= ?1)",
                [before(now, QUESTIONS_KEPT)],
            )?;
            // Replaced, not updated: of questions of one instant the last one counts as newest.
            file.execute(
                "INSERT OR REPLACE INTO question (user, question, asked_at) VALUES (?1, ?2, ?3)",
                params![user, question, nanoseconds(now)],
            )?;
            file.execute(
                "DELETE FROM question WHERE sequence IN
                    (SELECT sequence FROM question WHERE user = ?1
                      ORDER BY asked_at DESC, sequence DESC LIMIT -1 OFFSET ?2)",
                params![user, MOST_QUESTIONS],
            )?;
            Ok(())
        })
        .await
    }

    pub(super) async fn last_questions(
        &self,
        user: &str,
        most: usize,
    ) -> Result<Vec<String>, Error> {
        let (user, most) = (user.to_owned(), i64::try_from(most).unwrap_or(i64::MAX));
        self.read(move |file| {
            let mut statement = file.prepare_cached(
                "SELECT question FROM question WHERE user = ?1
                  ORDER BY asked_at DESC, sequence DESC LIMIT ?2",
            )?;
            let questions = statement.query_map(params![user, most], |row| row.get(0))?;
            questions.collect()
        })
        .await
    }

    pub(super) async fn set_topic(
        &self,
        (channel, thread_ts): (&str, &str),
        topic: &Topic,
        now: Timestamp,
    ) -> Result<(), Error> {
        let (channel, thread_ts) = (channel.to_owned(), thread_ts.to_owned());
        let topic = topic.clone();
        self.run(move |file| {
            file.execute(
                "INSERT OR REPLACE INTO topic (channel, thread_ts, entity_id, attribute, expires_at)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
                params![
                    channel,
                    thread_ts,
                    topic.entity_id,
                    topic.attribute,
                    after(now, TOPIC_KEPT)
                ],
            )?;
            Ok(())
        })
        .await
    }

    pub(super) async fn topic(
        &self,
        channel: &str,
        thread_ts: &str,
        now: Timestamp,
    ) -> Result<Option<Topic>, Error> {
        let (channel, thread_ts) = (channel.to_owned(), thread_ts.to_owned());
        self.read(move |file| {
            file.query_row(
                "SELECT entity_id, attribute FROM topic
                  WHERE channel = ?1 AND thread_ts = ?2 AND expires_at > ?3",
                params![channel, thread_ts, nanoseconds(now)],
                |row| {
                    Ok(Topic {
                        entity_id: row.get(0)?,
                        attribute: row.get(1)?,
                    })
                },
            )
            .optional()
        })
        .await
    }

    pub(super) async fn save_report(&self, report: &Report) -> Result<(), Error> {
        let report = report.clone();
        self.run(move |file| {
            // They are few: no index is needed to find the old ones.
            file.execute(
                "DELETE FROM report WHERE at <= ?1",
                [before(report.at, REPORTS_KEPT)],
            )?;
            let posted = report.posted.as_ref();
            file.execute(
                "INSERT OR REPLACE INTO report (id, at, user, question, wrong, expected, link,
                    channel, thread_ts, posted_channel, posted_ts, state, state_by, answer)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
                params![
                    report.id,
                    nanoseconds(report.at),
                    report.user,
                    report.question,
                    report.wrong,
                    report.expected,
                    report.link,
                    report.channel,
                    report.thread_ts,
                    posted.map(|posted| &posted.channel),
                    posted.map(|posted| &posted.ts),
                    report.state.map(TriageState::name),
                    report.state_by,
                    report.answer,
                ],
            )?;
            Ok(())
        })
        .await
    }

    pub(super) async fn set_report_posted(&self, id: &str, posted: &Posted) -> Result<(), Error> {
        let (id, posted) = (id.to_owned(), posted.clone());
        self.run(move |file| {
            file.execute(
                "UPDATE report SET posted_channel = ?2, posted_ts = ?3 WHERE id = ?1",
                params![id, posted.channel, posted.ts],
            )?;
            Ok(())
        })
        .await
    }

    pub(super) async fn set_report_state(
        &self,
        id: &str,
        state: TriageState,
        by: &str,
    ) -> Result<(), Error> {
        let (id, by) = (id.to_owned(), by.to_owned());
        self.run(move |file| {
            file.execute(
                "UPDATE report SET state = ?2, state_by = ?3 WHERE id = ?1",
                params![id, state.name(), by],
            )?;
            Ok(())
        })
        .await
    }

    pub(super) async fn report(&self, id: &str) -> Result<Option<Report>, Error> {
        let id = id.to_owned();
        self.read(move |file| {
            file.query_row(
                &format!("SELECT {REPORT} FROM report WHERE id = ?1"),
                [id],
                report,
            )
            .optional()
        })
        .await
    }
}

/// What is known of a job.
struct Known {
    leased_until: Option<i64>,
    finished: bool,
    posted: Option<Posted>,
    expires_at: i64,
}

impl Known {
    fn begun(self, now: Timestamp) -> Begun {
        let now = nanoseconds(now);
        if self.expires_at <= now {
            return Begun::New;
        }
        if self.finished {
            return Begun::Done;
        }
        match self.leased_until {
            Some(until) if until > now => Begun::Busy {
                until: instant(until),
            },
            Some(_) | None => Begun::Resumed {
                posted: self.posted,
            },
        }
    }
}

fn known(row: &Row<'_>) -> rusqlite::Result<Known> {
    Ok(Known {
        leased_until: row.get(0)?,
        finished: row.get(1)?,
        posted: posted(row.get(2)?, row.get(3)?),
        expires_at: row.get(4)?,
    })
}

fn posted(channel: Option<String>, ts: Option<String>) -> Option<Posted> {
    Some(Posted {
        channel: channel?,
        ts: ts?,
    })
}

fn sweep(file: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    let now_is = nanoseconds(now);
    file.execute(
        "DELETE FROM work WHERE job IN
            (SELECT job FROM work WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)",
        params![now_is, SWEPT],
    )?;
    file.execute(
        "DELETE FROM topic WHERE (channel, thread_ts) IN
            (SELECT channel, thread_ts FROM topic WHERE expires_at <= ?1
              ORDER BY expires_at LIMIT ?2)",
        params![now_is, SWEPT],
    )?;
    file.execute(
        "DELETE FROM access WHERE sequence IN
            (SELECT sequence FROM access WHERE at <= ?1 ORDER BY at LIMIT ?2)",
        params![before(now, AUDIT_KEPT), SWEPT],
    )?;
    Ok(())
}

/// As [`report`] reads them.
const REPORT: &str = "id, at, user, question, wrong, expected, link, channel, thread_ts, \
     posted_channel, posted_ts, state, state_by, answer";

fn report(row: &Row<'_>) -> rusqlite::Result<Report> {
    Ok(Report {
        id: row.get(0)?,
        at: instant(row.get(1)?),
        user: row.get(2)?,
        question: row.get(3)?,
        wrong: row.get(4)?,
        expected: row.get(5)?,
        link: row.get(6)?,
        channel: row.get(7)?,
        thread_ts: row.get(8)?,
        posted: posted(row.get(9)?, row.get(10)?),
        state: row
            .get::<_, Option<String>>(11)?
            .as_deref()
            .and_then(TriageState::named),
        state_by: row.get(12)?,
        answer: row.get(13)?,
    })
}
