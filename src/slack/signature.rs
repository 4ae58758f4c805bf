//! Slack's request signature: `v0=` and the HMAC-SHA256 of `v0:timestamp:body`.
//!
//! Verifies raw bytes, in constant time, against one secret or, during a rotation, two. Nothing of
//! what it is given is ever printed.

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::Sha256;

#[cfg(test)]
mod tests;

/// Further from now than this, either way, is a replay.
pub const MAX_SKEW_S: u64 = 300;

/// The signing secrets that are accepted: one, or two during a rotation.
#[derive(Clone)]
pub struct Secrets(Vec<String>);

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secrets({})", self.0.len())
    }
}

impl Secrets {
    /// Empty ones are dropped: an empty key would let everybody in.
    #[must_use]
    pub fn new(secrets: impl IntoIterator<Item = String>) -> Self {
        Secrets(
            secrets
                .into_iter()
                .filter(|secret| !secret.is_empty())
                .collect(),
        )
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The two headers, each as often as it came.
#[derive(Debug, Clone, Copy)]
pub struct Headers<'a> {
    pub timestamp: &'a [&'a [u8]],
    pub signature: &'a [&'a [u8]],
}

/// Why a request is refused. Names the kind, never a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("no timestamp header")]
    NoTimestamp,
    #[error("no signature header")]
    NoSignature,
    #[error("a header came twice")]
    Doubled,
    #[error("the timestamp is no number of seconds")]
    BadTimestamp,
    #[error("the timestamp is more than {MAX_SKEW_S} s from now")]
    Stale,
    #[error("the signature is not v0= and 64 hexadecimal digits")]
    BadSignature,
    #[error("the signature is another's")]
    Mismatch,
}

/// Whether Slack sent these bytes, just now.
///
/// # Errors
/// Everything that does not verify.
pub fn verify(
    headers: Headers<'_>,
    body: &[u8],
    now: Timestamp,
    secrets: &Secrets,
) -> Result<(), Refused> {
    let timestamp = only(headers.timestamp, Refused::NoTimestamp)?;
    let signature = only(headers.signature, Refused::NoSignature)?;
    let sent = seconds(timestamp).ok_or(Refused::BadTimestamp)?;
    if sent.abs_diff(now.as_second()) > MAX_SKEW_S {
        return Err(Refused::Stale);
    }
    let signature = digest(signature).ok_or(Refused::BadSignature)?;
    // All secrets are tried, so that the time taken does not tell which one fits.
    let fits = secrets.0.iter().fold(0, |fits, secret| {
        fits + u32::from(matches(secret, timestamp, body, &signature))
    });
    if fits > 0 {
        Ok(())
    } else {
        Err(Refused::Mismatch)
    }
}

fn only<'a>(values: &[&'a [u8]], missing: Refused) -> Result<&'a [u8], Refused> {
    match values {
        [] => Err(missing),
        [value] => Ok(value),
        [_, _, ..] => Err(Refused::Doubled),
    }
}

/// Digits only: `+5`, ` 5` and `5.0` are not what Slack sends.
fn seconds(timestamp: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(timestamp).ok()?;
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok())?
}

/// Lower-case hexadecimal, as Slack writes it: one request has one signature.
fn digest(signature: &[u8]) -> Option<[u8; 32]> {
    let digits = signature.strip_prefix(b"v0=")?;
    if digits.iter().any(u8::is_ascii_uppercase) {
        return None;
    }
    let mut bytes = [0; 32];
    hex::decode_to_slice(digits, &mut bytes).ok()?;
    Some(bytes)
}

fn matches(secret: &str, timestamp: &[u8], body: &[u8], signature: &[u8; 32]) -> bool {
    signed(secret, timestamp, body).is_some_and(|mac| mac.verify_slice(signature).is_ok())
}

fn signed(secret: &str, timestamp: &[u8], body: &[u8]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(b"v0:");
    mac.update(timestamp);
    mac.update(b":");
    mac.update(body);
    Some(mac)
}

/// The signature header of a request sent now: what a fake Slack needs.
#[must_use]
pub fn sign(secret: &str, timestamp: &str, body: &[u8]) -> String {
    let digest = signed(secret, timestamp.as_bytes(), body)
        .map(|mac| hex::encode(mac.finalize().into_bytes()))
        .unwrap_or_default();
    format!("v0={digest}")
}
