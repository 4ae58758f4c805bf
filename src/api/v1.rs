//! `/v1`: answers in JSON.

use std::sync::Arc;

use axum::Router;

use super::Api;

pub(super) fn router(_api: Arc<Api>) -> Router {
    Router::new()
}
