//! Who asks, with what they ask through: what every handler needs.
//!
//! Takes the [`Reader`] that the door put into the request, holds whoever asks to their scopes and
//! every question to its budget, and writes down how it ended. Start at [`Caller`].

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRequestParts, Path};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use tokio::time::{Instant, timeout_at};

use super::query;
use crate::access::Reader;
use crate::api::Api;
use crate::api::audit::audit;
use crate::api::problem::Problem;
use crate::ask::{Request, Why};
use crate::engine::Call;
use crate::error::{Class, Failure};
use crate::question::Question;

/// How a question ended, in the audit.
const ANSWERED: &str = "answered";

#[derive(Debug)]
pub(in crate::api) struct Caller {
    pub(in crate::api) api: Arc<Api>,
    pub(in crate::api) reader: Reader,
    pub(in crate::api) now: Timestamp,
    pub(super) headers: HeaderMap,
    began: Instant,
}

impl FromRequestParts<Arc<Api>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, Problem> {
        let reader = parts.extensions.get::<Reader>().cloned();
        let Some(reader) = reader else {
            let text = "A request came past the door.";
            return Err(Failure::new(Class::Internal, "no_reader", text, "").into());
        };
        Ok(Caller {
            now: (api.now)(),
            api: api.clone(),
            reader,
            headers: parts.headers.clone(),
            began: Instant::now(),
        })
    }
}

/// What a question is about, as far as it is known: for the audit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct About {
    pub(super) entity_id: Option<i64>,
    pub(super) attribute: Option<String>,
}

impl About {
    pub(super) fn of(question: Question) -> Self {
        About {
            entity_id: Some(question.entity_id),
            attribute: Some(question.attribute),
        }
    }
}

impl Caller {
    /// The lake, for whoever may ask it.
    pub(super) async fn why(&self) -> Result<Arc<Why>, Problem> {
        let opened = match self.reader.may.ask {
            true => self.within(self.api.lake.why()).await,
            false => Err(missing_scope("ask")),
        };
        self.heed(opened).await
    }

    /// What could not even be asked is written down too.
    pub(super) async fn heed<T>(&self, read: Result<T, Failure>) -> Result<T, Problem> {
        match read {
            Ok(read) => Ok(read),
            Err(failure) => {
                self.note(&About::default(), failure.code).await?;
                Err(failure.into())
            }
        }
    }

    /// Has a question answered in its turn: what takes too long is given up, and the end is written
    /// down.
    pub(super) async fn ask<T>(
        &self,
        about: &About,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Problem> {
        let ended = self.within(self.api.read(work)).await;
        let outcome = ended
            .as_ref()
            .err()
            .map_or(ANSWERED, |failure| failure.code);
        self.note(about, outcome).await?;
        Ok(ended?)
    }

    /// # Errors
    /// It could not be written down, and nobody may read it unseen.
    pub(super) async fn note(&self, about: &About, outcome: &str) -> Result<(), Failure> {
        let About {
            entity_id,
            attribute,
        } = about;
        audit(
            &self.api,
            &self.reader,
            *entity_id,
            attribute.as_deref(),
            outcome,
        )
        .await
    }

    pub(super) async fn within<T>(
        &self,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let Some(budget) = self.api.settings.budget else {
            return work.await;
        };
        let ended = timeout_at(self.began + budget, work).await;
        ended.unwrap_or_else(|_| {
            Err(Failure::new(
                Class::Retry,
                "late",
                "This question takes longer than one may.",
                "Ask again in a moment, or for a shorter time, such as the last 90 days.",
            ))
        })
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

    /// What words are about, where that is one attribute.
    pub(super) fn about(&self, why: &Why, request: &Request) -> About {
        let question = why.understand(request, self.now).ok();
        question.map(About::of).unwrap_or_default()
    }
}

pub(in crate::api) fn missing_scope(scope: &str) -> Failure {
    Failure::new(
        Class::User,
        "scope",
        format!("What you signed in with does not have the scope `{scope}`."),
        "Ask whoever runs `why` here for a token that has it.",
    )
}

/// Parameters of the URL, read strictly.
#[derive(Debug)]
pub(in crate::api) struct Query<T>(pub(in crate::api) T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(Query(query::read(parts.uri.query())?))
    }
}

/// Pieces of the path, as text.
#[derive(Debug)]
pub(in crate::api) struct Place<T>(pub(in crate::api) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Place<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path: Result<Path<T>, _> = Path::from_request_parts(parts, state).await;
        let Ok(Path(path)) = path else {
            return Err(query::bad_encoding().into());
        };
        Ok(Place(path))
    }
}

/// A company's id in a path: `17`.
pub(super) fn id(typed: &str) -> Result<i64, Failure> {
    let digits = typed.strip_prefix('-').unwrap_or(typed);
    let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    typed.parse().ok().filter(|_| is_number).ok_or_else(|| {
        Failure::new(
            Class::User,
            "bad_id",
            "A company's id is a whole number.",
            "Find it with /v1/entities?q=.",
        )
    })
}
