//! Who asks over HTTP, through what, and what they may do.
//!
//! Pure: a door (`api::gate`) finds out who it is; what they may see is [`crate::visibility`]'s to
//! say, for them as for everybody. Start at [`Reader`]; what a token opens is a [`Token`].

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::visibility::{Audience, Standing};

#[cfg(test)]
mod tests;

/// Somebody who was let in, once for each request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// `operator`, a token's name, an issuer's subject, `link` of whoever got it.
    pub name: String,
    pub audience: Audience,
    pub may: Scopes,
    pub through: Through,
}

/// What somebody may do beside reading.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Scopes {
    /// Ask whatever they like; a link answers one question.
    pub ask: bool,
    /// Say that a value looks wrong.
    pub feedback: bool,
}

/// The door. With a name it says who somebody is: two doors may know the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Through {
    Slack,
    /// This machine, without a login.
    Loopback,
    Token,
    Issuer,
    Link,
}

impl Through {
    pub const ALL: [Through; 5] = [
        Through::Slack,
        Through::Loopback,
        Through::Token,
        Through::Issuer,
        Through::Link,
    ];

    /// As the audit keeps it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Through::Slack => "slack",
            Through::Loopback => "loopback",
            Through::Token => "token",
            Through::Issuer => "issuer",
            Through::Link => "link",
        }
    }

    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|through| through.name() == name)
    }
}

impl Scopes {
    pub const ALL: Scopes = Scopes {
        ask: true,
        feedback: true,
    };
    pub const NONE: Scopes = Scopes {
        ask: false,
        feedback: false,
    };

    /// `ask,feedback`, in any order; `None` for a word that is no scope, and for no word at all.
    #[must_use]
    pub fn parse(words: &str) -> Option<Self> {
        let mut scopes = Scopes::NONE;
        for word in words.split(',').map(str::trim) {
            match word {
                "ask" => scopes.ask = true,
                "feedback" => scopes.feedback = true,
                _ => return None,
            }
        }
        Some(scopes)
    }
}

impl std::fmt::Display for Scopes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words = [(self.ask, "ask"), (self.feedback, "feedback")];
        let held: Vec<&str> = words
            .into_iter()
            .filter_map(|(is_held, word)| is_held.then_some(word))
            .collect();
        f.write_str(&held.join(","))
    }
}

impl Reader {
    /// Whoever sits at this machine, and can read the lake anyway.
    #[must_use]
    pub fn operator() -> Self {
        Reader {
            name: "operator".to_owned(),
            audience: Audience::Operator,
            may: Scopes::ALL,
            through: Through::Loopback,
        }
    }

    /// Whoever holds the token.
    #[must_use]
    pub fn of_token(token: &Token) -> Self {
        Reader {
            name: token.name.clone(),
            audience: Audience::Person {
                user: token.user.clone(),
                groups: token.groups.clone(),
                channel: None,
                standing: token.standing,
            },
            may: token.may,
            through: Through::Token,
        }
    }

    /// Whom an issuer vouches for: it knows its own people only.
    #[must_use]
    pub fn of_issuer(user: &str, groups: Vec<String>) -> Self {
        Reader {
            name: user.to_owned(),
            audience: Audience::Person {
                user: user.to_owned(),
                groups,
                channel: None,
                standing: Standing::Member,
            },
            may: Scopes::ALL,
            through: Through::Issuer,
        }
    }

    /// For the audit: the person, and by which of their tokens. A token's name may be another's one day.
    #[must_use]
    pub fn known_as(&self) -> String {
        match (&self.audience, self.through) {
            (Audience::Person { user, .. }, Through::Token) => {
                format!("{user} (token {})", self.name)
            }
            _ => self.name.clone(),
        }
    }

    /// Whoever holds a link that was made for this audience.
    #[must_use]
    pub fn of_link(audience: Audience) -> Self {
        let name = match &audience {
            Audience::Operator => "link of the operator".to_owned(),
            Audience::Person { user, .. } => format!("link of {user}"),
            Audience::Channel { channel, .. } => format!("link in {channel}"),
        };
        Reader {
            name,
            audience,
            may: Scopes::NONE,
            through: Through::Link,
        }
    }
}

/// What a token opens, as it is kept: of the token itself only [`hash`] is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub name: String,
    /// An id as the catalog's `visible_to` names people.
    pub user: String,
    /// Of those that the catalog names.
    pub groups: Vec<String>,
    pub standing: Standing,
    pub may: Scopes,
    pub created_at: Timestamp,
    /// `None`: until it is revoked.
    pub expires_at: Option<Timestamp>,
}

impl Token {
    #[must_use]
    pub fn has_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|expires_at| expires_at <= now)
    }
}

/// By which a token is told from other things that are secret.
const TOKEN_PREFIX: &str = "why_";

/// The token that these random bytes make.
#[must_use]
pub fn token(random: &[u8; 32]) -> String {
    format!("{TOKEN_PREFIX}{}", URL_SAFE_NO_PAD.encode(random))
}

/// Whether it may be one.
#[must_use]
pub fn is_token(text: &str) -> bool {
    text.starts_with(TOKEN_PREFIX)
}

/// What is kept of a token. It holds 256 random bits, so that one round of a plain hash, without
/// salt, is as hard to turn back as a slow one; and looking it up by its hash takes the same time
/// for every wrong one that somebody may learn from.
#[must_use]
pub fn hash(token: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(b"why token\n");
    hasher.update(token.as_bytes());
    hex::encode(hasher.finalize())
}

/// What a token may be called: it is printed, and typed to revoke it.
#[must_use]
pub fn is_name(name: &str) -> bool {
    const MOST: usize = 64;
    let is_fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '@');
    !name.is_empty() && name.len() <= MOST && name.chars().all(is_fine)
}
