//! Who may ask over HTTP, and the key of links: what one machine keeps of its doors.

use jiff::Timestamp;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::Ledger;
use crate::access::{Scopes, Token};
use crate::ledger::Error;
use crate::link;
use crate::state::{instant, nanoseconds};
use crate::visibility::Standing;

const COLUMNS: &str = "name, user, groups, outsider, scopes, created_at, expires_at";

impl Ledger {
    pub(crate) async fn create_token(&self, token: &Token, hash: &str) -> Result<bool, Error> {
        let (token, hash) = (token.clone(), hash.to_owned());
        let added = self.run(move |file| {
            let groups = serde_json::to_string(&token.groups).unwrap_or_default();
            file.execute(
                "INSERT OR IGNORE INTO token
                    (name, hash, user, groups, outsider, scopes, created_at, expires_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![
                    token.name,
                    hash,
                    token.user,
                    groups,
                    token.standing == Standing::Outsider,
                    token.may.to_string(),
                    nanoseconds(token.created_at),
                    token.expires_at.map(nanoseconds),
                ],
            )
        });
        Ok(added.await? == 1)
    }

    pub(crate) async fn revoke_token(&self, name: &str) -> Result<bool, Error> {
        let name = name.to_owned();
        let removed =
            self.run(move |file| file.execute("DELETE FROM token WHERE name = ?1", [name]));
        Ok(removed.await? == 1)
    }

    pub(crate) async fn tokens(&self) -> Result<Vec<Token>, Error> {
        self.read(move |file| {
            let select = format!("SELECT {COLUMNS} FROM token ORDER BY name");
            let mut statement = file.prepare_cached(&select)?;
            let tokens = statement.query_map([], token)?;
            tokens.collect()
        })
        .await
    }

    pub(crate) async fn token(&self, hash: &str, now: Timestamp) -> Result<Option<Token>, Error> {
        let hash = hash.to_owned();
        let found = self.read(move |file| {
            let select = format!("SELECT {COLUMNS} FROM token WHERE hash = ?1");
            let mut statement = file.prepare_cached(&select)?;
            statement.query_row([hash], token).optional()
        });
        Ok(found.await?.filter(|token| !token.has_expired(now)))
    }

    pub(crate) async fn link_key(&self) -> Result<link::Key, Error> {
        if let Some(key) = self.read(kept).await? {
            return as_key(key);
        }
        // Of two processes that start at once one makes it, and both read it.
        let fresh: [u8; 32] = rand::random();
        let key = self.run(move |file| {
            file.execute(
                "INSERT OR IGNORE INTO link_key (one, key) VALUES (1, ?1)",
                [fresh],
            )?;
            kept(file)
        });
        as_key(key.await?.unwrap_or_default())
    }
}

fn kept(file: &Connection) -> rusqlite::Result<Option<Vec<u8>>> {
    let key = file.query_row("SELECT key FROM link_key", [], |row| row.get(0));
    key.optional()
}

fn as_key(bytes: Vec<u8>) -> Result<link::Key, Error> {
    link::Key::new(bytes).ok_or_else(|| Error::Failed {
        reason: "the key of links is too short: delete the row of the table link_key".to_owned(),
    })
}

/// What can't be read opens nothing.
fn token(row: &Row<'_>) -> rusqlite::Result<Token> {
    let odd = |column, name: &str| {
        rusqlite::Error::InvalidColumnType(column, name.to_owned(), Type::Text)
    };
    let groups: String = row.get(2)?;
    let is_outsider: bool = row.get(3)?;
    let scopes: String = row.get(4)?;
    Ok(Token {
        name: row.get(0)?,
        user: row.get(1)?,
        groups: serde_json::from_str(&groups).map_err(|_| odd(2, "groups"))?,
        standing: match is_outsider {
            true => Standing::Outsider,
            false => Standing::Member,
        },
        may: Scopes::parse(&scopes).ok_or_else(|| odd(4, "scopes"))?,
        created_at: instant(row.get(5)?),
        expires_at: row.get::<_, Option<i64>>(6)?.map(instant),
    })
}
