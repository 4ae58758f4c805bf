//! What is listed for operators: reports, the audit, and dead letters, which the queue keeps in this file.

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::{Ledger, REPORT, report};
use crate::access::Through;
use crate::job::{DeadLetter, LETTERS_KEPT};
use crate::ledger::{AUDIT_KEPT, Access, Error, REPORTS_KEPT, Report};
use crate::state::letter::{self, dead_letter};
use crate::state::{before, instant, nanoseconds};

impl Ledger {
    pub(crate) async fn audit(&self, access: &Access) -> Result<(), Error> {
        let access = access.clone();
        self.run(move |file| {
            file.execute(
                "INSERT INTO access
                    (at, user, team, channel, entity_id, attribute, outcome, through)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![
                    nanoseconds(access.at),
                    access.user,
                    access.team,
                    access.channel,
                    access.entity_id,
                    access.attribute,
                    access.outcome,
                    access.through.name(),
                ],
            )?;
            Ok(())
        })
        .await
    }

    pub(crate) async fn accesses(&self, most: usize, now: Timestamp) -> Result<Vec<Access>, Error> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        self.run(move |file| {
            let mut statement = file.prepare_cached(
                "SELECT at, user, team, channel, entity_id, attribute, outcome, through
                   FROM access WHERE at > ?1 ORDER BY at DESC, sequence DESC LIMIT ?2",
            )?;
            let accesses = statement.query_map(params![before(now, AUDIT_KEPT), most], access)?;
            accesses.collect()
        })
        .await
    }

    pub(crate) async fn reports(&self, most: usize, now: Timestamp) -> Result<Vec<Report>, Error> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        self.read(move |file| {
            let mut statement = file.prepare_cached(&format!(
                "SELECT {REPORT} FROM report WHERE at > ?1 ORDER BY at DESC, id LIMIT ?2"
            ))?;
            let reports = statement.query_map(params![before(now, REPORTS_KEPT), most], report)?;
            reports.collect()
        })
        .await
    }

    /// The queue's own table: its letters and these are one.
    pub(crate) async fn keep_letter(&self, letter: &DeadLetter) -> Result<(), Error> {
        let letter = letter.clone();
        self.run(move |file| {
            file.execute(
                "INSERT OR REPLACE INTO dead_letter
                    (id, body, why, receive_count, sent_at, died_at, apologised)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    letter.id,
                    letter.body,
                    letter.why,
                    letter.receive_count,
                    nanoseconds(letter.sent_at),
                    nanoseconds(letter.died_at),
                    letter.apologised,
                ],
            )?;
            Ok(())
        })
        .await
    }

    pub(crate) async fn forget_letter(&self, id: &str) -> Result<(), Error> {
        let id = id.to_owned();
        self.run(move |file| {
            file.execute("DELETE FROM dead_letter WHERE id = ?1", [id])?;
            Ok(())
        })
        .await
    }

    pub(crate) async fn letters(&self, now: Timestamp) -> Result<Vec<DeadLetter>, Error> {
        self.run(move |file| {
            let mut statement =
                letter::select(file, "WHERE died_at > ?1 ORDER BY died_at DESC, id")?;
            let letters = statement.query_map([before(now, LETTERS_KEPT)], dead_letter)?;
            letters.collect()
        })
        .await
    }
}

fn access(row: &Row<'_>) -> rusqlite::Result<Access> {
    Ok(Access {
        at: instant(row.get(0)?),
        user: row.get(1)?,
        team: row.get(2)?,
        channel: row.get(3)?,
        entity_id: row.get(4)?,
        attribute: row.get(5)?,
        outcome: row.get(6)?,
        through: Through::named(&row.get::<_, String>(7)?).unwrap_or(Through::Slack),
    })
}
