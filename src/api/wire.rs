//! What stands around the whole router: compression, and whose scripts may read the API.
//!
//! Outside the door: a preflight carries no login, and what is refused may be compressed too.
//! Start at [`wrap`].

use axum::Router;
use axum::http::header::{
    ACCEPT, AUTHORIZATION, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, HeaderName, IF_NONE_MATCH,
    LINK, RETRY_AFTER,
};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method};
use tower_http::compression::CompressionLayer;
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::Settings;
use super::v1::IDEMPOTENCY_KEY;

/// How long a browser need not ask again whether it may.
const PREFLIGHT: std::time::Duration = std::time::Duration::from_secs(600);

pub(super) fn wrap(router: Router, settings: &Settings) -> Router {
    let router = router.layer(CompressionLayer::new().gzip(true).zstd(true));
    match settings.cors.as_slice() {
        [] => router,
        origins => router.layer(cors(origins)),
    }
}

/// Whoever's script it is shows a token: no cookie counts for it.
fn cors(origins: &[String]) -> CorsLayer {
    let origins: Vec<HeaderValue> = origins
        .iter()
        .filter_map(|origin| HeaderValue::from_str(origin.trim_end_matches('/')).ok())
        .collect();
    let allowed = move |origin: &HeaderValue, request: &Parts| {
        is_api(request.uri.path()) && origins.contains(origin)
    };
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(allowed))
        .allow_methods([Method::GET, Method::HEAD, Method::POST])
        .allow_headers([
            ACCEPT,
            AUTHORIZATION,
            CONTENT_TYPE,
            IF_NONE_MATCH,
            HeaderName::from_static(IDEMPOTENCY_KEY),
        ])
        .expose_headers([CONTENT_DISPOSITION, ETAG, LINK, RETRY_AFTER])
        .max_age(PREFLIGHT)
}

fn is_api(path: &str) -> bool {
    path.starts_with("/v1/") || path == "/openapi.json"
}
