//! Opens the state file, makes it where there is none, and refuses what is not ours in words that
//! say what to do. Start at [`connect`].

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use super::{Error, FILE_NAME};

/// Marks the file as ours: `why1`, in ASCII.
const APPLICATION_ID: i32 = 0x7768_7931;
/// The version of `schema.sql`.
const VERSION: i64 = 2;
const SCHEMA: &str = include_str!("schema.sql");
/// From each older version to the next.
const FROM_1: &str = include_str!("from_1.sql");

/// Between two tries where SQLite itself does not wait.
const BREATH: Duration = Duration::from_millis(5);

pub(super) fn connect(named: &Path, lock: Duration) -> Result<Connection, Error> {
    let refused = refused(named);
    let path = place(named)?;
    let is_new = !path.exists();
    // Without `SQLITE_OPEN_URI`: a name is a name, whatever it looks like.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(&path, flags).map_err(&refused)?;
    connection.busy_timeout(lock).map_err(&refused)?;
    prepare(&mut connection, named)?;
    if is_new {
        only_for_us(named)?;
    }
    write_ahead(&connection, named, lock)?;
    // Every commit is synced: an accepted question survives a power cut.
    connection
        .pragma_update(None, "synchronous", "FULL")
        .map_err(refused)?;
    Ok(connection)
}

/// `file` as whoever opens it named it.
fn cannot(file: &Path, reason: impl Into<String>) -> Error {
    Error::Open {
        file: file.display().to_string(),
        reason: reason.into(),
    }
}

/// The whole path, so that neither `:memory:` nor nothing means something special to SQLite; and
/// what is plainly wrong, said better than SQLite can.
fn place(named: &Path) -> Result<PathBuf, Error> {
    let path = std::path::absolute(named)
        .map_err(|_| cannot(named, "no file is named: name one with --state"))?;
    if path.is_dir() {
        return Err(cannot(
            named,
            format!("it is a folder: name a file in it, such as {FILE_NAME}"),
        ));
    }
    if path.exists() && !path.is_file() {
        return Err(cannot(named, "it is no regular file: name another"));
    }
    let folder = path.parent().unwrap_or(&path);
    if !folder.exists() {
        return Err(cannot(
            named,
            format!(
                "the folder {} does not exist: make it, or name another",
                folder.display()
            ),
        ));
    }
    if !folder.is_dir() {
        return Err(cannot(
            named,
            format!("{} is no folder: name another file", folder.display()),
        ));
    }
    Ok(path)
}

/// What SQLite says at the door, in words.
pub(super) fn refused(file: &Path) -> impl Fn(rusqlite::Error) -> Error {
    move |error| match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => cannot(
            file,
            "it is not a SQLite file: move it away, or name another",
        ),
        Some(ErrorCode::DatabaseCorrupt) => cannot(
            file,
            "it is damaged: put a copy back, or move it away and start anew",
        ),
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => cannot(
            file,
            "it can't be made or read there: see who may write in its folder",
        ),
        Some(ErrorCode::ReadOnly) => cannot(
            file,
            "it is read-only: see who may write to it and in its folder",
        ),
        Some(ErrorCode::DiskFull | ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            error.into()
        }
        Some(_) | None => cannot(file, error.to_string()),
    }
}

/// Makes the tables or checks whose they are, in one transaction: two processes may start at once.
fn prepare(connection: &mut Connection, file: &Path) -> Result<(), Error> {
    let refused = refused(file);
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(&refused)?;
    let pragma = |name: &str| transaction.pragma_query_value(None, name, |row| row.get(0));
    let application: i64 = pragma("application_id").map_err(&refused)?;
    let version: i64 = pragma("user_version").map_err(&refused)?;
    let tables: i64 = transaction
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(&refused)?;
    if (application, version, tables) == (0, 0, 0) {
        transaction
            .execute_batch(SCHEMA)
            .and_then(|()| transaction.pragma_update(None, "application_id", APPLICATION_ID))
            .and_then(|()| transaction.pragma_update(None, "user_version", VERSION))
            .and_then(|()| transaction.commit())
            .map_err(&refused)
    } else if application != i64::from(APPLICATION_ID) {
        Err(cannot(
            file,
            "it is the SQLite file of another program: name another file",
        ))
    } else if version > VERSION {
        Err(cannot(
            file,
            format!(
                "a later why wrote it (version {version}, this one reads {VERSION}): \
             use that one, or name another file"
            ),
        ))
    } else if version == 1 {
        transaction
            .execute_batch(FROM_1)
            .and_then(|()| transaction.pragma_update(None, "user_version", VERSION))
            .and_then(|()| transaction.commit())
            .map_err(&refused)
    } else if version < VERSION {
        Err(cannot(
            file,
            format!(
                "it says version {version}, which no why ever wrote: put a copy back, or move it away"
            ),
        ))
    } else {
        Ok(())
    }
}

/// Bodies hold response URLs, which are as good as secrets: nobody else on this machine reads
/// them. By name, not through a handle: closing one would drop the locks of this whole process.
/// SQLite gives the files beside it the same rights.
#[cfg(unix)]
fn only_for_us(path: &Path) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))
        .map_err(|error| cannot(path, format!("it can't be kept from others: {error}")))
}

#[cfg(not(unix))]
fn only_for_us(_path: &Path) -> Result<(), Error> {
    Ok(())
}

/// Where two processes change the journal at once, SQLite refuses one without waiting, so this
/// waits.
fn write_ahead(connection: &Connection, file: &Path, lock: Duration) -> Result<(), Error> {
    let refused = refused(file);
    let start = Instant::now();
    loop {
        let mode = connection
            .pragma_update_and_check(None, "journal_mode", "wal", |row| row.get::<_, String>(0));
        match mode.map_err(&refused) {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(_) => {
                return Err(cannot(
                    file,
                    "its folder can't hold a write-ahead log: name a file on a local disk",
                ));
            }
            Err(Error::TimedOut) if start.elapsed() < lock => std::thread::sleep(BREATH),
            Err(error) => return Err(error),
        }
    }
}
