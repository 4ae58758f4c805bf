//! The page: answers in HTML. What it looks like is [`crate::render::page`]'s.

use std::sync::Arc;

use axum::Router;

use super::Api;

pub(super) fn router(_api: Arc<Api>) -> Router {
    Router::new()
}
