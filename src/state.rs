//! The SQLite file that holds what one machine must not forget: queue and ledger.
//!
//! Makes the file, refuses one that is not ours, and runs work on it. Knows neither jobs nor
//! questions, and of all rows the dead letters alone (`letter`): `queue::sqlite` and
//! `ledger::sqlite` bring the statements and share the file, not each other. Start at [`File::run`]; the tables are in `state/schema.sql`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

pub(crate) mod letter;
mod open;
#[cfg(test)]
mod tests;

/// The usual name, in a folder that the caller chooses.
pub(crate) const FILE_NAME: &str = "why-state.sqlite";

/// Calls that share one transaction, and so one sync to the disk, where they wait together.
const TOGETHER: usize = 64;
/// Calls that may wait at all: with more the disk is not keeping up, and callers time out.
const WAITING: usize = 1024;

/// The file itself, or a folder that holds (or will hold) it under its usual name.
pub(crate) fn file_at(path: &Path) -> PathBuf {
    if path.is_dir() {
        path.join(FILE_NAME)
    } else {
        path.to_path_buf()
    }
}

/// How long is waited for what.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    /// For another process to let go of the file.
    pub(crate) lock: Duration,
    /// For a whole call. Longer than `lock`, so that a call learns why it failed.
    pub(crate) call: Duration,
}

const USUAL: Patience = Patience {
    lock: Duration::from_secs(4),
    call: Duration::from_secs(5),
};

/// What went wrong, before queue or ledger say it in their own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Error {
    /// The reason says what to do about it.
    Open {
        file: String,
        reason: String,
    },
    Full {
        reason: String,
    },
    TimedOut,
    Failed {
        reason: String,
    },
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        let reason = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Error::Full { reason },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Error::TimedOut,
            Some(_) | None => Error::Failed { reason },
        }
    }
}

fn ended() -> Error {
    Error::Failed {
        reason: "the thread that holds the file has ended".to_owned(),
    }
}

/// An open file; clones share it.
///
/// SQLite blocks, so one thread of its own holds the connection, and calls reach it through a
/// channel. Rather than tokio's `spawn_blocking`: a connection serves one call at a time anyhow;
/// calls that wait together share one sync to the disk; and a caller that is dropped or times out
/// takes nothing with it, since the transaction is not its own.
#[derive(Debug, Clone)]
pub(crate) struct File {
    calls: mpsc::Sender<Box<dyn Work>>,
    patience: Patience,
}

impl File {
    /// # Errors
    /// [`Error::Open`], with what to do; [`Error::Full`]; [`Error::TimedOut`].
    pub(crate) async fn open(path: &Path) -> Result<Self, Error> {
        Self::open_with(path, USUAL).await
    }

    async fn open_with(path: &Path, patience: Patience) -> Result<Self, Error> {
        let (calls, mut waiting) = mpsc::channel(WAITING);
        let (opened, opening) = oneshot::channel();
        let path = path.to_path_buf();
        std::thread::Builder::new()
            .name("why-state".to_owned())
            .spawn(move || match open::connect(&path, patience.lock) {
                Ok(mut connection) => {
                    if opened.send(Ok(())).is_ok() {
                        serve(&mut connection, &mut waiting);
                    }
                }
                Err(error) => {
                    // Whoever opened it may have given up by now.
                    let _ = opened.send(Err(error));
                }
            })
            .map_err(|error| Error::Failed {
                reason: error.to_string(),
            })?;
        match tokio::time::timeout(patience.call, opening).await {
            Ok(opened) => opened.unwrap_or_else(|_| Err(ended()))?,
            Err(_) => return Err(Error::TimedOut),
        }
        Ok(File { calls, patience })
    }

    /// Runs `look`, which changes nothing: it waits for no other process that writes.
    ///
    /// # Errors
    /// As [`File::run`].
    pub(crate) async fn read<T, F>(&self, look: F) -> Result<T, Error>
    where
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
        T: Send + 'static,
    {
        self.call(look, Does::Read).await
    }

    /// Runs `work` whole or not at all; on the disk when it returns.
    ///
    /// # Errors
    /// [`Error::TimedOut`] leaves open whether it was done where the disk was slow: what had not
    /// been committed when the caller gave up is undone, and all work here may be asked for again.
    pub(crate) async fn run<T, F>(&self, work: F) -> Result<T, Error>
    where
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
        T: Send + 'static,
    {
        self.call(work, Does::Write).await
    }

    async fn call<T, F>(&self, work: F, does: Does) -> Result<T, Error>
    where
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let call = Box::new(Call {
            does,
            work: Some(work),
            outcome: None,
            reply,
        });
        let answered = async {
            self.calls.send(call).await.map_err(|_| ended())?;
            answer.await.unwrap_or_else(|_| Err(ended()))
        };
        tokio::time::timeout(self.patience.call, answered)
            .await
            .unwrap_or(Err(Error::TimedOut))
    }
}

/// Whether a call needs the file for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Does {
    Read,
    Write,
}

/// A call, as the thread sees it.
trait Work: Send {
    fn does(&self) -> Does;
    fn run(&mut self, transaction: &mut Transaction<'_>) -> Result<(), Error>;
    /// Told once it is known whether the transaction held.
    fn settle(self: Box<Self>, committed: &Result<(), Error>);
}

struct Call<F, T> {
    does: Does,
    work: Option<F>,
    outcome: Option<Result<T, Error>>,
    reply: oneshot::Sender<Result<T, Error>>,
}

impl<F, T> Work for Call<F, T>
where
    F: FnOnce(&Connection) -> rusqlite::Result<T> + Send,
    T: Send,
{
    fn does(&self) -> Does {
        self.does
    }

    fn run(&mut self, transaction: &mut Transaction<'_>) -> Result<(), Error> {
        let Some(work) = self.work.take().filter(|_| !self.reply.is_closed()) else {
            return Ok(());
        };
        let outcome = in_savepoint(transaction, work, &self.reply).map_err(Error::from);
        let ran = outcome.as_ref().map(|_| ()).map_err(Error::clone);
        self.outcome = Some(outcome);
        ran
    }

    fn settle(self: Box<Self>, committed: &Result<(), Error>) {
        let outcome = match (self.outcome, committed) {
            (Some(Err(error)), _) => Err(error),
            (_, Err(error)) => Err(error.clone()),
            (Some(Ok(value)), Ok(())) => Ok(value),
            // Nobody waited for it.
            (None, Ok(())) => return,
        };
        let _ = self.reply.send(outcome);
    }
}

/// One call of a shared transaction: a failure of its own undoes it alone.
fn in_savepoint<T>(
    transaction: &mut Transaction<'_>,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    reply: &oneshot::Sender<Result<T, Error>>,
) -> rusqlite::Result<T> {
    // Undone when it is dropped.
    let savepoint = transaction.savepoint()?;
    let outcome = work(&savepoint)?;
    // Whoever gave up has told its own caller so: it must not be done after all.
    if !reply.is_closed() {
        savepoint.commit()?;
    }
    Ok(outcome)
}

fn serve(connection: &mut Connection, waiting: &mut mpsc::Receiver<Box<dyn Work>>) {
    let mut calls = Vec::new();
    while waiting.blocking_recv_many(&mut calls, TOGETHER) > 0 {
        let committed = together(connection, &mut calls);
        for call in calls.drain(..) {
            call.settle(&committed);
        }
    }
}

fn together(connection: &mut Connection, calls: &mut [Box<dyn Work>]) -> Result<(), Error> {
    let behavior = if calls.iter().all(|call| call.does() == Does::Read) {
        TransactionBehavior::Deferred
    } else {
        TransactionBehavior::Immediate
    };
    let mut transaction = connection.transaction_with_behavior(behavior)?;
    for call in calls {
        let ran = call.run(&mut transaction);
        // A full disk may end the whole transaction. What came before is undone with it, and
        // nothing may run after it, outside of any.
        if transaction.is_autocommit() {
            return Err(ran.err().unwrap_or_else(|| Error::Failed {
                reason: "the transaction was undone".to_owned(),
            }));
        }
    }
    Ok(transaction.commit()?)
}

/// An instant as it is stored. After the year 2262 all are one.
pub(crate) fn nanoseconds(at: Timestamp) -> i64 {
    i64::try_from(at.as_nanosecond()).unwrap_or(i64::MAX)
}

/// `at` and `later`, as it is stored.
pub(crate) fn after(at: Timestamp, later: Duration) -> i64 {
    let later = i64::try_from(later.as_nanos()).unwrap_or(i64::MAX);
    nanoseconds(at).saturating_add(later)
}

/// What is not later than that has been `kept` for long enough.
pub(crate) fn before(now: Timestamp, kept: Duration) -> i64 {
    let kept = i64::try_from(kept.as_nanos()).unwrap_or(i64::MAX);
    nanoseconds(now).saturating_sub(kept)
}

/// As it was stored.
pub(crate) fn instant(nanoseconds: i64) -> Timestamp {
    // All that an i64 holds lies between 1677 and 2262, which `Timestamp` covers.
    Timestamp::from_nanosecond(i128::from(nanoseconds)).unwrap_or(Timestamp::UNIX_EPOCH)
}
