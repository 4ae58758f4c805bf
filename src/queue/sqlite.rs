//! The queue in the state file: the statements. What they mean is said in `queue.rs`.

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{DeadLetter, Error, Received, Sent};
use crate::job::LETTERS_KEPT;
use crate::state::letter::{self, dead_letter};
use crate::state::{self, after, before, instant, nanoseconds};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// How long the id of a job that is done is remembered.
const DONE_KEPT: Duration = Duration::from_secs(7 * DAY.as_secs());

/// What expired and is swept up beside one `send`: bounded, so that none is slow.
const SWEPT: i64 = 100;

/// What is written to see whether a job could be: no job's id looks so.
const PROBE: &str = "probe";
const PROBE_BODY: &str = "{}";

#[derive(Debug, Clone)]
pub struct Queue {
    file: state::File,
}

impl From<state::Error> for Error {
    fn from(error: state::Error) -> Self {
        match error {
            state::Error::Open { file, reason } => Error::Open { file, reason },
            state::Error::Full { reason } => Error::Full { reason },
            state::Error::TimedOut => Error::TimedOut,
            state::Error::Failed { reason } => Error::Failed { reason },
        }
    }
}

impl Queue {
    pub(super) async fn open(file: &Path) -> Result<Self, Error> {
        let file = state::File::open(file).await?;
        Ok(Queue { file })
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

    pub(super) async fn send(&self, id: &str, body: &str, now: Timestamp) -> Result<Sent, Error> {
        let (id, body) = (id.to_owned(), body.to_owned());
        self.run(move |file| {
            sweep(file, now)?;
            let known: bool = file.query_row(
                "SELECT EXISTS (SELECT 1 FROM job WHERE id = ?1)
                     OR EXISTS (SELECT 1 FROM dead_letter WHERE id = ?1 AND died_at > ?2)
                     OR EXISTS (SELECT 1 FROM done_job WHERE id = ?1 AND expires_at > ?3)",
                params![id, before(now, LETTERS_KEPT), nanoseconds(now)],
                |row| row.get(0),
            )?;
            if known {
                return Ok(Sent::Known);
            }
            insert(file, &id, &body, now)?;
            Ok(Sent::New)
        })
        .await
    }

    pub(super) async fn probe(&self, now: Timestamp) -> Result<(), Error> {
        self.run(move |file| {
            insert(file, PROBE, PROBE_BODY, now)?;
            file.execute("DELETE FROM job WHERE id = ?1", [PROBE])?;
            Ok(())
        })
        .await
    }

    pub(super) async fn receive(
        &self,
        most: usize,
        invisible: Duration,
        now: Timestamp,
    ) -> Result<Vec<Received>, Error> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        self.run(move |file| {
            let mut statement = file.prepare_cached(
                "UPDATE job
                    SET visible_at = ?1,
                        receive_count = receive_count + 1,
                        receipt = sequence || '-' || (receive_count + 1)
                  WHERE sequence IN (SELECT sequence FROM job WHERE visible_at <= ?2
                                      ORDER BY sequence LIMIT ?3)
              RETURNING id, receipt, body, receive_count, sent_at, sequence",
            )?;
            let rows = statement.query_map(
                params![after(now, invisible), nanoseconds(now), most],
                |row| Ok((row.get::<_, i64>(5)?, received(row)?)),
            )?;
            let mut rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
            // RETURNING promises no order.
            rows.sort_by_key(|(sequence, _)| *sequence);
            Ok(rows.into_iter().map(|(_, received)| received).collect())
        })
        .await
    }

    pub(super) async fn done(&self, received: &Received) -> Result<(), Error> {
        let (id, receipt) = (received.id.clone(), received.receipt.clone());
        self.run(move |file| {
            let visible_at: Option<i64> = file
                .query_row(
                    "DELETE FROM job WHERE id = ?1 AND receipt = ?2 RETURNING visible_at",
                    params![id, receipt],
                    |row| row.get(0),
                )
                .optional()?;
            let Some(visible_at) = visible_at else {
                return Ok(());
            };
            // No clock is needed: the delivery ran out then at the latest.
            file.execute(
                "INSERT OR REPLACE INTO done_job (id, expires_at) VALUES (?1, ?2)",
                params![id, after(instant(visible_at), DONE_KEPT)],
            )?;
            Ok(())
        })
        .await
    }

    pub(super) async fn again(
        &self,
        received: &Received,
        delay: Duration,
        now: Timestamp,
    ) -> Result<(), Error> {
        let (id, receipt) = (received.id.clone(), received.receipt.clone());
        self.run(move |file| {
            file.execute(
                "UPDATE job SET visible_at = ?3, receipt = NULL WHERE id = ?1 AND receipt = ?2",
                params![id, receipt, after(now, delay)],
            )?;
            Ok(())
        })
        .await
    }

    pub(super) async fn give_back(&self, received: &Received, now: Timestamp) -> Result<(), Error> {
        let (id, receipt) = (received.id.clone(), received.receipt.clone());
        self.run(move |file| {
            // The next receipt is the same again: whoever had it has given it up.
            file.execute(
                "UPDATE job
                    SET visible_at = ?3, receipt = NULL, receive_count = receive_count - 1
                  WHERE id = ?1 AND receipt = ?2",
                params![id, receipt, nanoseconds(now)],
            )?;
            Ok(())
        })
        .await
    }

    pub(super) async fn bury(
        &self,
        received: &Received,
        why: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        let (id, receipt) = (received.id.clone(), received.receipt.clone());
        let why = why.to_owned();
        self.run(move |file| {
            file.execute(
                "INSERT OR REPLACE INTO dead_letter (id, why, receive_count, sent_at, died_at, body)
                 SELECT id, ?3, receive_count, sent_at, ?4, body FROM job
                  WHERE id = ?1 AND receipt = ?2",
                params![id, receipt, why, nanoseconds(now)],
            )?;
            file.execute(
                "DELETE FROM job WHERE id = ?1 AND receipt = ?2",
                params![id, receipt],
            )?;
            Ok(())
        })
        .await
    }

    pub(super) async fn dead_letters(&self) -> Result<Vec<DeadLetter>, Error> {
        self.read(|file| {
            let mut statement = letter::select(file, "ORDER BY died_at DESC, sequence DESC")?;
            let letters = statement.query_map([], dead_letter)?;
            letters.collect()
        })
        .await
    }

    pub(super) async fn owed(
        &self,
        most: usize,
        since: Timestamp,
    ) -> Result<Vec<DeadLetter>, Error> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        self.read(move |file| {
            let mut statement = letter::select(
                file,
                "WHERE sequence IN
                    (SELECT sequence FROM dead_letter
                      WHERE died_at > ?1 AND NOT apologised ORDER BY random() LIMIT ?2)",
            )?;
            let letters = statement.query_map(params![nanoseconds(since), most], dead_letter)?;
            letters.collect()
        })
        .await
    }

    pub(super) async fn apologised(&self, id: &str) -> Result<(), Error> {
        let owned = id.to_owned();
        let changed = self
            .run(move |file| {
                file.execute(
                    "UPDATE dead_letter SET apologised = 1 WHERE id = ?1",
                    [owned],
                )
            })
            .await?;
        there_was(id, changed)
    }

    pub(super) async fn retry(&self, id: &str, now: Timestamp) -> Result<(), Error> {
        let owned = id.to_owned();
        let changed = self
            .run(move |file| {
                let body: Option<String> = file
                    .query_row(
                        "DELETE FROM dead_letter WHERE id = ?1 RETURNING body",
                        [&owned],
                        |row| row.get(0),
                    )
                    .optional()?;
                body.map_or(Ok(0), |body| insert(file, &owned, &body, now))
            })
            .await?;
        there_was(id, changed)
    }

    pub(super) async fn depth(&self) -> Result<(u64, Option<Timestamp>), Error> {
        self.read(|file| {
            file.query_row("SELECT count(*), min(sent_at) FROM job", [], |row| {
                let count: i64 = row.get(0)?;
                let oldest: Option<i64> = row.get(1)?;
                Ok((count.unsigned_abs(), oldest.map(instant)))
            })
        })
        .await
    }
}

fn there_was(id: &str, changed: usize) -> Result<(), Error> {
    if changed == 0 {
        return Err(Error::NoSuchLetter { id: id.to_owned() });
    }
    Ok(())
}

fn insert(file: &Connection, id: &str, body: &str, now: Timestamp) -> rusqlite::Result<usize> {
    file.execute(
        "INSERT INTO job (id, body, sent_at, visible_at) VALUES (?1, ?2, ?3, ?3)",
        params![id, body, nanoseconds(now)],
    )
}

fn sweep(file: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    file.execute(
        "DELETE FROM done_job WHERE id IN
            (SELECT id FROM done_job WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)",
        params![nanoseconds(now), SWEPT],
    )?;
    file.execute(
        "DELETE FROM dead_letter WHERE sequence IN
            (SELECT sequence FROM dead_letter WHERE died_at <= ?1 ORDER BY died_at LIMIT ?2)",
        params![before(now, LETTERS_KEPT), SWEPT],
    )?;
    Ok(())
}

fn received(row: &Row<'_>) -> rusqlite::Result<Received> {
    Ok(Received {
        id: row.get(0)?,
        receipt: row.get(1)?,
        body: row.get(2)?,
        receive_count: row.get(3)?,
        sent_at: instant(row.get(4)?),
    })
}
