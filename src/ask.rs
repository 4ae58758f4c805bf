//! The use case: words in, an answer or a failure out.
//!
//! Puts the pure steps (parse, plan, explain) and the adapters (directory,
//! engine) in a row; the clock is a parameter. Every surface asks through
//! [`Why::ask`]; whatever goes wrong comes back as a [`Failure`] that says
//! what to do next.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::answer::Answer;
use crate::catalog::Catalog;
use crate::directory::Directory;
use crate::engine::{Call, Engine};
use crate::error::Failure;
use crate::overview::{Changes, Overview};
use crate::question::{AsOf, LookBack, Question};
use crate::visibility::Audience;

mod answers;
mod compared;
pub mod failure;
pub mod found;
#[cfg(any(feature = "typeahead", feature = "worker"))] // a command line asks once
mod lake;
mod names;
mod open;
#[cfg(test)]
pub(crate) mod tests;

#[cfg(any(feature = "typeahead", feature = "worker"))]
pub use lake::Lake;
pub(crate) use names::a_month_before;
#[cfg(feature = "worker")]
pub(crate) use names::unlinked;
pub use names::{Intent, Names};
#[cfg(any(feature = "cli", feature = "lambda"))]
pub use open::choice;
pub use open::{locate, open_names, read_catalog};

/// A lake that questions can be put to; opened once, shared by concurrent questions.
#[derive(Debug)]
pub struct Why {
    pub catalog: Catalog,
    pub directory: Directory,
    /// The directory's version, where its store names one.
    directory_tag: Option<String>,
    engine: Engine,
    /// How new the newest data was that any answer read.
    newest: Mutex<Option<Timestamp>>,
}

/// A question as it was put: words, and what flags or fields say beside them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Request {
    pub text: String,
    /// Wins over a date in the words.
    pub as_of: Option<AsOf>,
    pub expected: Option<String>,
    pub look_back: Option<LookBack>,
    /// Who will read the answer: it says no more than they may see.
    pub audience: Audience,
    /// What words are about that name no company, and no attribute: that of the thread.
    pub topic: Option<About>,
    /// What the work is for, and how long the reading may take in all.
    pub call: Call,
}

/// What was asked about before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    pub entity_id: i64,
    /// `None` after a company at a glance, or what changed.
    pub attribute: Option<String>,
}

/// What was asked for, answered.
#[derive(Debug, Clone, PartialEq)]
pub enum Response {
    Answer(Box<Answer>),
    /// A company without an attribute (`acme`).
    Overview(Overview),
    /// What changed for a company (`acme changes since yesterday`).
    Changes(Changes),
}

/// A request under way.
struct Asked<'a> {
    request: &'a Request,
    now: Timestamp,
    began: Instant,
}

impl<'a> Asked<'a> {
    fn begin(request: &'a Request, now: Timestamp) -> Self {
        Asked {
            request,
            now,
            began: Instant::now(),
        }
    }

    /// What is left of the budget.
    fn call(&self) -> Call {
        let call = &self.request.call;
        let left = |budget: Duration| budget.saturating_sub(self.began.elapsed());
        Call {
            seed: call.seed.clone(),
            budget: call.budget.map(left),
        }
    }
}

impl Request {
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Request {
            text: text.into(),
            ..Request::default()
        }
    }
}

impl Why {
    /// How new the lake is as far as answers have shown: to look would take a reading of its own.
    #[must_use]
    pub fn data_as_of(&self) -> Option<Timestamp> {
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The questions in a text that holds several; see [`Names::several`].
    #[must_use]
    pub fn several(&self, text: &str, now: Timestamp) -> Vec<String> {
        self.names().several(text, now)
    }

    /// What it takes to understand a question.
    #[must_use]
    pub fn names(&self) -> Names<'_> {
        Names {
            catalog: &self.catalog,
            directory: &self.directory,
        }
    }

    /// From words to a complete question: one company, one attribute.
    pub fn understand(&self, request: &Request, now: Timestamp) -> Result<Question, Failure> {
        self.names().understand(request, now)
    }
}
