//! The cookie that holds the token of whoever signed in on the page.
//!
//! Over TLS its name begins with `__Host-`: browsers take such a one from this very host alone, so
//! that a neighbour can set none. On this machine there is no TLS, and nobody to read along.

use axum::http::{HeaderMap, HeaderValue, header};

use super::host;
use crate::api::Settings;

const HERE: &str = "why_session";
const OVER_TLS: &str = "__Host-why_session";
/// Browsers keep no more than 4,096 bytes of a cookie, its name and attributes with it.
const LONGEST: usize = 3_900;

/// The one there is; of several, a neighbour may have set one.
pub(super) fn held<'a>(headers: &'a HeaderMap, settings: &Settings) -> Option<&'a str> {
    let wanted = name(headers, settings);
    let all = headers.get_all(header::COOKIE).into_iter();
    let texts = all.filter_map(|value| value.to_str().ok());
    let pairs = texts.flat_map(|text| text.split(';'));
    let mut own = pairs.filter_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == wanted && !value.is_empty()).then_some(value)
    });
    own.next().filter(|_| own.next().is_none())
}

/// `None` for a token that no browser would keep.
pub(super) fn set(token: &str, headers: &HeaderMap, settings: &Settings) -> Option<HeaderValue> {
    let is_fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if token.len() > LONGEST || !token.chars().all(is_fine) {
        return None;
    }
    written(token, "", headers, settings)
}

pub(super) fn cleared(headers: &HeaderMap, settings: &Settings) -> Option<HeaderValue> {
    written("", "; Max-Age=0", headers, settings)
}

fn written(
    token: &str,
    until: &str,
    headers: &HeaderMap,
    settings: &Settings,
) -> Option<HeaderValue> {
    let name = name(headers, settings);
    let secure = if name == OVER_TLS { "; Secure" } else { "" };
    let text = format!("{name}={token}; Path=/; HttpOnly; SameSite=Lax{secure}{until}");
    let mut cookie = HeaderValue::try_from(text).ok()?;
    cookie.set_sensitive(true);
    Some(cookie)
}

fn name(headers: &HeaderMap, settings: &Settings) -> &'static str {
    let called = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let is_here = called.is_some_and(host::is_loopback_host);
    // A proxy may say that name for the one that was called.
    let url = settings.public_url.as_deref();
    let is_tls = url.is_some_and(|url| url.starts_with("https://"));
    match is_here && !is_tls {
        true => HERE,
        false => OVER_TLS,
    }
}
