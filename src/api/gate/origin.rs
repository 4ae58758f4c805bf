//! Whether a request that a browser signs by itself was made by our own page.
//!
//! Cookies, and being at this machine, go along with whatever any page makes a browser ask. What
//! changes something must come from our own pages; what only reads may also be opened from
//! elsewhere, as a page of its own. Pure. Start at [`is_own`].

use axum::http::{HeaderName, header};

use super::known::{Asked, By, Known, authority};
use super::{Surface, is_safe};
use crate::api::Settings;

pub(super) fn is_own(asked: &Asked, known: &Known, surface: Surface, settings: &Settings) -> bool {
    match known {
        Known::Somebody { by: By::Header, .. } => return true,
        // Nothing is shown to nobody; but they may be made to sign in as somebody else.
        Known::Nobody if is_safe(&asked.method) => return true,
        Known::Nobody
        | Known::Somebody {
            by: By::Ambient, ..
        } => {}
    }
    let said = |name| asked.only(HeaderName::from_static(name));
    let origin = asked.only(header::ORIGIN);
    // Our pages send no referrer, and so browsers say `null` where they say where a form stands.
    let is_ours = origin.is_none_or(|o| o == "null" || is_our_origin(o, asked, settings));
    match said("sec-fetch-site") {
        // `none`: typed, or from a bookmark.
        Some("same-origin" | "none") => is_ours,
        Some(_) if is_safe(&asked.method) => {
            let is_opened = said("sec-fetch-mode") == Some("navigate")
                && said("sec-fetch-dest") == Some("document");
            let may_read = surface == Surface::Api
                && origin.is_some_and(|origin| settings.cors.iter().any(|o| o == origin));
            is_opened || may_read
        }
        Some(_) => false,
        // No browser, or an old one, which says where a form stands.
        None if is_safe(&asked.method) => true,
        None => origin.is_none_or(|origin| is_our_origin(origin, asked, settings)),
    }
}

/// The host that was called, or the public one: a proxy may have changed the first.
fn is_our_origin(origin: &str, asked: &Asked, settings: &Settings) -> bool {
    let is_web = origin.starts_with("https://") || origin.starts_with("http://");
    let said = authority(origin);
    let host = asked.only(header::HOST);
    let public = settings.public_url.as_deref().map(authority);
    is_web
        && !said.is_empty()
        && [host, public]
            .into_iter()
            .flatten()
            .any(|ours| ours.eq_ignore_ascii_case(said))
}
