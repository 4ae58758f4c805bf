//! Headers on everything: what a browser may do with it, and that nobody else keeps it.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// No inline script or style, nothing from elsewhere, in nobody's frame.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
     img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'";
/// Half a year, as long as browsers' lists ask for before they take a site in.
const ONLY_HTTPS: &str = "max-age=15768000";

#[derive(Debug, Clone)]
pub(super) struct Headers(Arc<[(HeaderName, HeaderValue)]>);

impl Headers {
    pub(super) fn new(public_url: Option<&str>) -> Self {
        let corp = HeaderName::from_static("cross-origin-resource-policy");
        let coop = HeaderName::from_static("cross-origin-opener-policy");
        let permissions = HeaderName::from_static("permissions-policy");
        let always = [
            (header::CONTENT_SECURITY_POLICY, POLICY),
            // A link's token stands in its path.
            (header::REFERRER_POLICY, "no-referrer"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::X_FRAME_OPTIONS, "DENY"),
            (corp, "same-origin"),
            (coop, "same-origin"),
            (permissions, "camera=(), geolocation=(), microphone=()"),
        ];
        let is_https = public_url.is_some_and(|url| url.starts_with("https://"));
        let hsts = is_https.then_some((header::STRICT_TRANSPORT_SECURITY, ONLY_HTTPS));
        let all = always.into_iter().chain(hsts);
        Headers(
            all.map(|(name, value)| (name, HeaderValue::from_static(value)))
                .collect(),
        )
    }
}

pub(super) async fn add(
    State(Headers(always)): State<Headers>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in always.iter() {
        headers.insert(name.clone(), value.clone());
    }
    // Whoever knows better says so.
    let kept = headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("private, no-store"));
    if !kept.as_bytes().starts_with(b"public") {
        // The same address shows different people different things.
        headers.append(
            header::VARY,
            HeaderValue::from_static("Authorization, Cookie"),
        );
    }
    response
}
