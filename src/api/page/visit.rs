//! Who looks at a page, through which address: what every handler needs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{Method, StatusCode, header};
use jiff::Timestamp;

use super::parameters::Parameters;
use crate::access::{Reader, Through};
use crate::api::v1::missing_scope;
use crate::api::{Api, audit};
use crate::ask::{Request, Why};
use crate::engine::Call;
use crate::error::Failure;
use crate::render::page::{Place, Shell, View};
use crate::visibility;

/// How a question ended, in the audit.
const ANSWERED: &str = "answered";

#[derive(Clone)]
pub(super) struct Visit {
    pub(super) api: Arc<Api>,
    pub(super) reader: Reader,
    pub(super) parameters: Parameters,
    pub(super) now: Timestamp,
    pub(super) changes_something: bool,
    /// How this page was reached, where nobody said how people reach it.
    base: Option<String>,
    began: Instant,
    /// Whether this reader's turn has come.
    is_being_read: Arc<AtomicBool>,
}

impl FromRequestParts<Arc<Api>> for Visit {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, StatusCode> {
        // The door puts it there; where it lets everybody in, there is no page beside what is named.
        let reader = parts.extensions.get::<Reader>().cloned();
        let reader = reader.ok_or(StatusCode::NOT_FOUND)?;
        Ok(Visit {
            api: api.clone(),
            reader,
            parameters: Parameters::read(parts.uri.query().unwrap_or_default().as_bytes()),
            now: (api.now)(),
            changes_something: parts.method == Method::POST,
            base: called(parts),
            began: Instant::now(),
            is_being_read: Arc::default(),
        })
    }
}

/// Without a public URL there is no proxy, and so no TLS.
fn called(parts: &Parts) -> Option<String> {
    let host = parts.headers.get(header::HOST)?.to_str().ok()?;
    let authority: Authority = host.parse().ok()?;
    Some(format!("http://{authority}"))
}

/// What the frame around a page shows.
#[derive(Debug, Clone, Default)]
pub(super) struct Frame {
    /// Attributes that may be offered: name and label.
    pub(super) attributes: Vec<(String, String)>,
    /// What stands in the search box.
    pub(super) words: String,
}

impl Visit {
    /// The lake, for whoever may ask it.
    pub(super) async fn why(&self) -> Result<Arc<Why>, Failure> {
        if !self.reader.may.ask {
            return Err(missing_scope("ask"));
        }
        self.api.lake.why().await
    }

    /// A question in words, for this reader and within what is left of the budget.
    pub(super) fn request(&self, text: impl Into<String>) -> Request {
        let left = |budget: Duration| budget.saturating_sub(self.began.elapsed());
        Request {
            audience: self.reader.audience.clone(),
            call: Call {
                seed: None,
                budget: self.api.settings.budget.map(left),
            },
            ..Request::new(text)
        }
    }

    /// Has the lake read in this reader's turn.
    pub(super) async fn ask<T>(
        &self,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        self.api
            .read(async {
                self.is_being_read.store(true, Ordering::Relaxed);
                work.await
            })
            .await
    }

    pub(super) fn is_being_read(&self) -> bool {
        self.is_being_read.load(Ordering::Relaxed)
    }

    /// Writes down who asked what, and how it ended.
    ///
    /// # Errors
    /// It can't be written down, and is not for everyone.
    pub(super) async fn note<T>(
        &self,
        entity_id: Option<i64>,
        attribute: Option<&str>,
        ended: &Result<T, Failure>,
    ) -> Result<(), Failure> {
        let outcome = ended
            .as_ref()
            .err()
            .map_or(ANSWERED, |failure| failure.code);
        self.noted(entity_id, attribute, outcome).await
    }

    /// # Errors
    /// As [`Visit::note`].
    pub(super) async fn noted(
        &self,
        entity_id: Option<i64>,
        attribute: Option<&str>,
        outcome: &str,
    ) -> Result<(), Failure> {
        audit::audit(&self.api, &self.reader, entity_id, attribute, outcome).await
    }

    pub(super) fn frame(&self, why: &Why, words: impl Into<String>) -> Frame {
        let offered = visibility::offered(&why.catalog, &self.reader.audience);
        let attributes = offered.attributes.into_iter();
        Frame {
            attributes: attributes.map(|a| (a.name, a.label)).collect(),
            words: words.into(),
        }
    }

    pub(super) fn view<'a>(&'a self, frame: &'a Frame, place: Place<'a>) -> View<'a> {
        View {
            shell: self.shell(frame),
            place,
            public_url: self
                .api
                .settings
                .public_url
                .as_deref()
                .or(self.base.as_deref()),
            may_report: self.reader.may.feedback,
            to_stewards: self.api.queue.is_some(),
            now: self.now,
        }
    }

    pub(super) fn shell<'a>(&'a self, frame: &'a Frame) -> Shell<'a> {
        let signed_in = match self.reader.through {
            Through::Token | Through::Issuer => Some(self.reader.name.as_str()),
            Through::Loopback | Through::Link | Through::Slack => None,
        };
        Shell {
            search: self.reader.may.ask,
            words: &frame.words,
            attributes: &frame.attributes,
            reader: signed_in,
        }
    }
}
