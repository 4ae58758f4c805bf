//! A question, or one for each attribute of a company, is planned, read and explained.
//!
//! Start at [`Why::respond`].

use std::sync::PoisonError;

use futures::StreamExt;
use jiff::{Span, Timestamp};

use super::{Asked, Intent, Request, Response, Why, failure};
use crate::answer::{Answer, AttributeInfo};
use crate::catalog::Attribute;
use crate::engine::Call;
use crate::error::{Class, Failure};
use crate::explain;
use crate::layout::utc_date;
use crate::overview::{self, Outcome};
use crate::plan::{self, Plan};
use crate::question::{LookBack, Question};
use crate::visibility;

/// Attributes that are asked about in one go, for all that a company has.
const ATTRIBUTES_AT_ONCE: usize = 8;

impl Why {
    /// Answers a question about one attribute, or says why not.
    pub async fn ask(&self, request: &Request, now: Timestamp) -> Result<Answer, Failure> {
        let question = self.understand(request, now)?;
        self.answer(&question, &Asked::begin(request, now)).await
    }

    /// Answers whatever the words ask for: one attribute, a company at a glance, what changed.
    pub async fn respond(&self, request: &Request, now: Timestamp) -> Result<Response, Failure> {
        let asked = &Asked::begin(request, now);
        Ok(match self.names().intent(request, now)? {
            Intent::Attribute(question) => {
                let answer = self.answer(&question, asked).await?;
                Response::Answer(Box::new(answer))
            }
            Intent::Overview(about) => {
                let each = self.each(&about, None, asked).await?;
                Response::Overview(overview::overview(each))
            }
            Intent::Changes(about, since) => {
                let each = self.each(&about, Some(since), asked).await?;
                Response::Changes(overview::changes(each, since))
            }
        })
    }

    /// A company at a glance with each attribute's whole answer, for whoever draws its past beside.
    /// Words that name an attribute are about its company.
    ///
    /// # Errors
    /// Which company is meant is not clear, or nothing of it could be read.
    pub async fn glance(
        &self,
        request: &Request,
        now: Timestamp,
    ) -> Result<overview::Asked, Failure> {
        let about = match self.names().intent(request, now)? {
            Intent::Attribute(about) | Intent::Overview(about) | Intent::Changes(about, _) => about,
        };
        let whole = Question {
            look_back: request.look_back.unwrap_or(LookBack::Auto),
            ..about
        };
        self.each(&whole, None, &Asked::begin(request, now)).await
    }

    async fn answer(&self, question: &Question, asked: &Asked<'_>) -> Result<Answer, Failure> {
        let request = asked.request;
        if let Some(attribute) = self.catalog.attribute(&question.attribute) {
            visibility::may_see(attribute, &request.audience)
                .map_err(|restricted| failure::restricted(&restricted))?;
        }
        let mut answer = self.read(question, asked).await?;
        if let Some(nothing) = &mut answer.nothing {
            let others = self.catalog.attributes.iter().filter(|other| {
                other.name != question.attribute
                    && visibility::may_see(other, &request.audience).is_ok()
            });
            let others: Vec<String> = others.map(|other| other.name.clone()).collect();
            let plan = self.plan(question, asked.now)?;
            let (engine, call) = (&self.engine, asked.call());
            nothing.other_attributes = engine.attributes_with_a_trace(&plan, &others, &call).await;
        }
        Ok(answer)
    }

    pub(super) fn plan(&self, question: &Question, now: Timestamp) -> Result<Plan, Failure> {
        plan::plan(question, &self.catalog, now).map_err(|e| e.failure(question, now))
    }

    /// Plans, reads and explains what this audience may see.
    async fn read(&self, question: &Question, asked: &Asked<'_>) -> Result<Answer, Failure> {
        let now = asked.now;
        let plan = self.plan(question, now)?;
        let call = asked.call();
        let read = Box::pin(self.engine.read(&plan, &call)).await;
        let rows =
            read.map_err(|e| failure::reading(&e, question, (&plan, &self.catalog.layout, now)))?;
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        *newest = newest.max(rows.read.data_as_of);
        drop(newest);
        let (decisions, catalog) =
            visibility::redact(rows.decisions, &self.catalog, &asked.request.audience);
        Ok(explain::explain(
            question, decisions, rows.read, &catalog, now,
        ))
    }

    /// An answer whose changes since then have their causes, as far back as the ladder reaches.
    async fn changed(
        &self,
        question: &Question,
        since: Timestamp,
        asked: &Asked<'_>,
    ) -> Result<Answer, Failure> {
        let answer = self.read(question, asked).await?;
        if !overview::lacks_a_cause(&answer, since) {
            return Ok(answer);
        }
        let days = self.catalog.ladder_days.last().copied().unwrap_or_default();
        let back = utc_date(since).saturating_sub(Span::new().days(i64::from(days)));
        let further = Question {
            look_back: LookBack::Since(back),
            ..question.clone()
        };
        // Beside an answer that is true without it.
        Ok(match self.read(&further, asked).await {
            Ok(whole) => Answer {
                read: overview::read_twice(answer.read, whole.read),
                ..whole
            },
            Err(_) => answer,
        })
    }

    /// One question for each attribute of the catalog, a few at a time. One that can't be
    /// answered leaves the others; only where none can it is a failure.
    async fn each(
        &self,
        about: &Question,
        changed_since: Option<Timestamp>,
        asked: &Asked<'_>,
    ) -> Result<overview::Asked, Failure> {
        let outcomes: Vec<(AttributeInfo, Result<Outcome, Failure>)> =
            futures::stream::iter(self.catalog.attributes.clone())
                .map(|attribute| async move {
                    let question = Question {
                        attribute: attribute.name.clone(),
                        ..about.clone()
                    };
                    let outcome = match visibility::may_see(&attribute, &asked.request.audience) {
                        Err(restricted) => Ok(Outcome::Restricted(format!(
                            "restricted: {}",
                            restricted.why
                        ))),
                        Ok(()) => match changed_since {
                            Some(since) => self.changed(&question, since, asked).await,
                            None => self.read(&question, asked).await,
                        }
                        .map(|answer| Outcome::Answered(Box::new(answer))),
                    };
                    (info(attribute), outcome)
                })
                .buffered(ATTRIBUTES_AT_ONCE)
                .collect()
                .await;
        let answered = outcomes
            .iter()
            .any(|(_, o)| matches!(o, Ok(Outcome::Answered(_))));
        let first_failure = outcomes.iter().find_map(|(_, o)| o.as_ref().err());
        if let (false, Some(failure)) = (answered, first_failure) {
            return Err(failure.clone());
        }
        let told = |(attribute, outcome): (AttributeInfo, Result<Outcome, Failure>)| {
            let outcome = outcome.unwrap_or_else(|failure| Outcome::Unread(unread(failure)));
            (attribute, outcome)
        };
        Ok(overview::Asked {
            entity_id: about.entity_id,
            entity_name: about.entity_name.clone(),
            as_of: about.as_of,
            outcomes: outcomes.into_iter().map(told).collect(),
        })
    }

    /// The attributes that a company has a decision of, as far as that is cheap to tell.
    ///
    /// # Errors
    /// A catalog by which nothing can be planned.
    pub async fn attributes_of(
        &self,
        entity_id: i64,
        now: Timestamp,
    ) -> Result<Vec<String>, Failure> {
        let all = &self.catalog.attributes;
        let names: Vec<String> = all.iter().map(|attribute| attribute.name.clone()).collect();
        let question = Question {
            text: String::new(),
            entity_id,
            entity_name: String::new(),
            attribute: names.first().cloned().unwrap_or_default(),
            as_of: now,
            expected: None,
            look_back: LookBack::Auto,
        };
        let plan = self.plan(&question, now)?;
        let call = Call::default();
        Ok(self
            .engine
            .attributes_with_a_trace(&plan, &names, &call)
            .await)
    }
}

/// What is wrong in the lake is for its operators: whoever asks for the attribute alone is led there.
fn unread(failure: Failure) -> String {
    match failure.class {
        Class::Internal => "something is wrong in the lake: ask for it alone".to_owned(),
        Class::Rejected | Class::User | Class::Retry => failure.text,
    }
}

fn info(attribute: Attribute) -> AttributeInfo {
    AttributeInfo {
        name: attribute.name,
        label: attribute.label,
        kind: attribute.kind,
        unit: attribute.unit,
    }
}
