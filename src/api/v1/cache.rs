//! What may be kept, for how long, and whether what somebody has is still what is said.
//!
//! A tag is weak, and made of what is said: what reading took, and the moment that stands for
//! "now", are not part of it, so that two identical answers have one tag.
//!
//! How long: nothing in a lake is unchangeable for good. A decision may be written days after the
//! time that it carries, and the catalog's words, rules and thresholds may change. What is past by
//! more than [`SETTLED`] is as good as settled, so it is `immutable` for an hour, where the URL
//! always means the same: a company by its id, and a moment by its date. A name may become another
//! company's, and `a year ago` another day. All else is kept for a minute or for seconds. Never by
//! shared caches: what is said depends on who asks.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::accept::Form;

#[cfg(test)]
mod tests;

/// Later than this no decision is written: pipelines run daily, and are mended within days.
const SETTLED: SignedDuration = SignedDuration::from_hours(7 * 24);
const VARIES: &str = "Accept, Authorization, Cookie";

/// How long something may be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::api) enum Kept {
    /// The settled past.
    Settled,
    /// What changes now and then: the past few days, the catalog, names.
    Minute,
    /// What is so now.
    Now,
    /// Something could not be read.
    Not,
}

impl Kept {
    fn header(self) -> &'static str {
        match self {
            Kept::Settled => "private, max-age=3600, immutable",
            Kept::Minute => "private, max-age=60",
            Kept::Now => "private, max-age=10",
            Kept::Not => "no-store",
        }
    }
}

/// Whether the URL names its moment and its company so that it means the same tomorrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Means {
    TheSame,
    SomethingElseTomorrow,
}

/// Of an answer as of a moment; none is now.
pub(super) fn kept(as_of: Option<Timestamp>, means: Means, now: Timestamp) -> Kept {
    match as_of {
        None => Kept::Now,
        Some(as_of) if now.duration_since(as_of) < SETTLED => Kept::Minute,
        Some(_) => match means {
            Means::TheSame => Kept::Settled,
            Means::SomethingElseTomorrow => Kept::Minute,
        },
    }
}

/// A date or an instant in digits, as opposed to `yesterday`.
pub(super) fn is_fixed(moment: &str) -> bool {
    let day = jiff::civil::Date::strptime("%Y-%m-%d", moment).is_ok();
    day || moment.parse::<Timestamp>().is_ok()
}

/// What the moment stands for when nobody named one; ids of answers are made of it.
const OF_NOW: [&str; 7] = [
    "/question/as_of",
    "/as_of",
    "/id",
    "/one/as_of",
    "/one/id",
    "/other/as_of",
    "/other/id",
];

/// The tag of what is said in this form.
pub(super) fn tag(said: &Value, form: Form, kept: Kept) -> String {
    let mut said = said.clone();
    if let Some(read) = said.pointer_mut("/read") {
        *read = json!({"complete": read.get("complete"), "from": read.get("from")});
    }
    if kept == Kept::Now {
        for place in OF_NOW {
            if let Some(place) = said.pointer_mut(place) {
                *place = Value::Null;
            }
        }
    }
    tag_of(&[form.name().as_bytes(), said.to_string().as_bytes()])
}

pub(in crate::api) fn tag_of(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let hash = hash.finalize();
    let digits: String = hash.iter().take(12).map(|b| format!("{b:02x}")).collect();
    format!("W/\"{digits}\"")
}

/// JSON, or that it is what somebody has already.
pub(super) fn json(headers: &HeaderMap, said: &Value, kept: Kept) -> Response {
    let tag = tag(said, Form::Json, kept);
    reply(
        headers,
        Reply {
            tag,
            kept,
            form: Form::Json,
        },
        || {
            let mut body = said.to_string();
            body.push('\n');
            body.into()
        },
    )
}

/// What a reply says of itself.
#[derive(Debug)]
pub(in crate::api) struct Reply {
    pub(in crate::api) tag: String,
    pub(in crate::api) kept: Kept,
    pub(in crate::api) form: Form,
}

pub(in crate::api) fn reply(
    headers: &HeaderMap,
    reply: Reply,
    body: impl FnOnce() -> Body,
) -> Response {
    let Reply { tag, kept, form } = reply;
    let mut response = match kept != Kept::Not && is_known(headers, &tag) {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => ([(CONTENT_TYPE, form.media_type())], body()).into_response(),
    };
    let own = response.headers_mut();
    own.insert(CACHE_CONTROL, HeaderValue::from_static(kept.header()));
    own.insert(VARY, HeaderValue::from_static(VARIES));
    if let (Ok(tag), true) = (HeaderValue::from_str(&tag), kept != Kept::Not) {
        own.insert(ETAG, tag);
    }
    response
}

/// `If-None-Match`, compared weakly, as it is to be (RFC 9110, 13.1.2).
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let said = headers.get_all(IF_NONE_MATCH).iter();
    said.filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|known| known.trim() == "*" || opaque(known) == opaque(tag))
}
