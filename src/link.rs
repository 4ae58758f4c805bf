//! Signed links: one answer, for whoever holds the link, until it expires.
//!
//! Pure. A link says its question (with its instant) and what its reader may see, in clear; the
//! key's holder alone can make one. Its text is `payload.tag`, both base64url: the payload is JSON,
//! the tag the first 16 bytes of an HMAC-SHA256 over a name of this use and version and over the
//! payload as it stands there. There is one text for each link: another character anywhere, and it
//! is refused. Start at [`Links::url`] and [`verify`].

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::question::{AsOf, Parts, Question, phrase};
use crate::visibility::{Audience, Standing};

#[cfg(test)]
mod tests;

/// How long a link opens: as long as people go back to a message, hardly longer than they are
/// who they were.
pub const KEPT: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// A change of the payload's form is another version, under which no older link verifies.
const USE: &[u8] = b"why link, version 1\n";
/// 128 bits: nobody tries so many, and a link stays short.
const TAG_BYTES: usize = 16;
/// Shorter keys can be guessed.
const SHORTEST_KEY: usize = 32;
/// The most that a button's URL may hold in Slack, in characters.
const LONGEST_URL: usize = 3_000;
/// More is no link of ours: nothing of it is read.
const LONGEST: usize = 8 * 1024;

/// What a link opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// In words that parse, its instant with it (`#17 revenue as of 2025-03-01T10:00:00Z`).
    pub question: String,
    pub audience: Audience,
    /// Whole seconds.
    pub expires_at: Timestamp,
}

/// Signs links. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(Vec<u8>);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Key {
    /// Of 32 random bytes or more, or of a text that was made of as many; `None` for less.
    #[must_use]
    pub fn new(bytes: impl Into<Vec<u8>>) -> Option<Self> {
        let bytes = bytes.into();
        (bytes.len() >= SHORTEST_KEY).then_some(Key(bytes))
    }

    /// As it is kept.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    fn over(&self, payload: &str) -> Option<Hmac<Sha256>> {
        // Every length is taken: it never fails.
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        mac.update(USE);
        mac.update(payload.as_bytes());
        Some(mac)
    }
}

/// Why a link does not open. Names the kind, never a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("it is no link of this why")]
    Unsigned,
    #[error("it has expired")]
    Expired,
}

/// What the payload holds: `["#17 revenue as of …", 1767225600, {"a":"person","u":"U1"}]`.
#[derive(Serialize, Deserialize)]
struct Payload(String, i64, Who);

#[derive(Serialize, Deserialize)]
#[serde(tag = "a", rename_all = "snake_case", deny_unknown_fields)]
enum Who {
    Operator,
    Person {
        u: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        g: Vec<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        c: Option<String>,
        s: Stands,
    },
    Channel {
        c: String,
        s: Stands,
    },
}

#[derive(Serialize, Deserialize)]
enum Stands {
    #[serde(rename = "m")]
    Member,
    #[serde(rename = "o")]
    Outsider,
}

impl From<&Audience> for Who {
    fn from(audience: &Audience) -> Self {
        let stands = |standing: &Standing| match standing {
            Standing::Member => Stands::Member,
            Standing::Outsider => Stands::Outsider,
        };
        match audience {
            Audience::Operator => Who::Operator,
            Audience::Person {
                user,
                groups,
                channel,
                standing,
            } => Who::Person {
                u: user.clone(),
                g: groups.clone(),
                c: channel.clone(),
                s: stands(standing),
            },
            Audience::Channel { channel, standing } => Who::Channel {
                c: channel.clone(),
                s: stands(standing),
            },
        }
    }
}

impl From<Who> for Audience {
    fn from(who: Who) -> Self {
        let standing = |stands| match stands {
            Stands::Member => Standing::Member,
            Stands::Outsider => Standing::Outsider,
        };
        match who {
            Who::Operator => Audience::Operator,
            Who::Person { u, g, c, s } => Audience::Person {
                user: u,
                groups: g,
                channel: c,
                standing: standing(s),
            },
            Who::Channel { c, s } => Audience::Channel {
                channel: c,
                standing: standing(s),
            },
        }
    }
}

impl Link {
    /// Its text, which goes into a URL as it is.
    #[must_use]
    pub fn sign(&self, key: &Key) -> String {
        let payload = Payload(
            self.question.clone(),
            self.expires_at.as_second(),
            Who::from(&self.audience),
        );
        // Neither fails: texts, a number and a key of any length.
        let json = serde_json::to_vec(&payload).unwrap_or_default();
        let mut text = URL_SAFE_NO_PAD.encode(json);
        let tag = key.over(&text).map(|mac| mac.finalize().into_bytes());
        let tag = tag.unwrap_or_default();
        text.push('.');
        URL_SAFE_NO_PAD.encode_string(tag.get(..TAG_BYTES).unwrap_or_default(), &mut text);
        text
    }
}

/// What the text opens now. Each of the keys may have signed it: during a rotation there are two.
///
/// # Errors
/// Whatever is not exactly what one of them signed, and what has expired.
pub fn verify(text: &str, keys: &[Key], now: Timestamp) -> Result<Link, Refused> {
    if text.len() > LONGEST {
        return Err(Refused::Unsigned);
    }
    let (payload, tag) = text.split_once('.').ok_or(Refused::Unsigned)?;
    let tag = URL_SAFE_NO_PAD.decode(tag).map_err(|_| Refused::Unsigned)?;
    if tag.len() != TAG_BYTES {
        return Err(Refused::Unsigned);
    }
    // All keys are tried, so that the time taken does not tell which one fits.
    let fits = keys.iter().fold(0, |fits, key| {
        let mac = key.over(payload);
        fits + u32::from(mac.is_some_and(|mac| mac.verify_truncated_left(&tag).is_ok()))
    });
    if fits == 0 {
        return Err(Refused::Unsigned);
    }
    let json = URL_SAFE_NO_PAD.decode(payload);
    let json = json.map_err(|_| Refused::Unsigned)?;
    let Payload(question, expires_at, who) =
        serde_json::from_slice(&json).map_err(|_| Refused::Unsigned)?;
    let expires_at = Timestamp::from_second(expires_at).map_err(|_| Refused::Unsigned)?;
    if expires_at <= now {
        return Err(Refused::Expired);
    }
    Ok(Link {
        question,
        audience: who.into(),
        expires_at,
    })
}

/// Makes links to the page.
#[derive(Debug, Clone)]
pub struct Links {
    /// How people reach the page, without a slash at its end (`https://why.example.com`).
    pub base: String,
    pub key: Key,
    /// How long a link opens.
    pub kept: Duration,
}

impl Links {
    /// The URL of the answer to this question, as it was at its instant, for this audience. What
    /// was expected is left out where it would be too long for Slack.
    #[must_use]
    pub fn url(&self, question: &Question, audience: &Audience, now: Timestamp) -> String {
        let parts = Parts {
            as_of: Some(AsOf::Instant(question.as_of)),
            ..Parts::of(question, now)
        };
        let url = self.url_of(&phrase(&parts), audience, now);
        if url.len() <= LONGEST_URL {
            return url;
        }
        let parts = Parts {
            expected: None,
            ..parts
        };
        self.url_of(&phrase(&parts), audience, now)
    }

    /// The URL of what these words ask; they should name an instant.
    #[must_use]
    pub fn url_of(&self, words: &str, audience: &Audience, now: Timestamp) -> String {
        let link = Link {
            question: words.to_owned(),
            audience: audience.clone(),
            expires_at: now.checked_add(self.kept).unwrap_or(Timestamp::MAX),
        };
        format!("{}/links/{}", self.base, link.sign(&self.key))
    }
}
