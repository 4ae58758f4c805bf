//! The door: who asks. Puts a [`Reader`](crate::access::Reader) into each request's extensions.

use std::sync::Arc;

use axum::{Extension, Router};

use super::Api;
use crate::access::Reader;

pub(super) fn guard(router: Router, _api: &Arc<Api>) -> Router {
    router.layer(Extension(Reader::operator()))
}
