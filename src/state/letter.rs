//! A dead letter as it lies in the state file: the queue buries it, the ledger can show it.

use rusqlite::{CachedStatement, Connection, Row};

use super::instant;
use crate::job::DeadLetter;

/// `which` is what follows the table's name: conditions and order.
pub(crate) fn select<'f>(
    file: &'f Connection,
    which: &str,
) -> rusqlite::Result<CachedStatement<'f>> {
    file.prepare_cached(&format!(
        "SELECT id, body, why, receive_count, sent_at, died_at, apologised FROM dead_letter {which}"
    ))
}

/// A row of [`select`].
pub(crate) fn dead_letter(row: &Row<'_>) -> rusqlite::Result<DeadLetter> {
    Ok(DeadLetter {
        id: row.get(0)?,
        body: row.get(1)?,
        why: row.get(2)?,
        receive_count: row.get(3)?,
        sent_at: instant(row.get(4)?),
        died_at: instant(row.get(5)?),
        apologised: row.get(6)?,
    })
}
