//! The use case: words in, an answer or a failure out.
//!
//! Puts the pure steps (parse, plan, explain) and the adapters (directory,
//! engine) in a row; the clock is a parameter. Every surface asks through
//! [`Why::ask`]; whatever goes wrong comes back as a [`Failure`] that says
//! what to do next.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures::StreamExt;
use jiff::{Span, Timestamp};

use crate::answer::{Answer, AttributeInfo};
use crate::catalog::{Attribute, Catalog};
use crate::directory::{self, Directory};
use crate::engine::{self, Call, Choice, Engine, File};
use crate::error::{Class, Failure};
use crate::explain;
use crate::layout::utc_date;
use crate::overview::{self, Changes, Outcome, Overview};
use crate::plan::{self, Plan};
use crate::question::{AsOf, LookBack, Question};
use crate::visibility::{self, Audience};

mod compared;
pub mod failure;
pub mod found;
#[cfg(any(feature = "typeahead", feature = "worker"))] // a command line asks once
mod lake;
mod names;
#[cfg(test)]
pub(crate) mod tests;

#[cfg(any(feature = "typeahead", feature = "worker"))]
pub use lake::Lake;
pub(crate) use names::a_month_before;
#[cfg(feature = "worker")]
pub(crate) use names::unlinked;
pub use names::{Intent, Names};

/// Attributes that are asked about in one go, for all that a company has.
const ATTRIBUTES_AT_ONCE: usize = 8;

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
    /// Opens the catalog, the directory and the lake that it names, which this process reads.
    pub async fn open(catalog_file: &Path, s3: &BTreeMap<String, String>) -> Result<Self, Failure> {
        Why::open_with(catalog_file, s3, &Choice::Direct).await
    }

    /// The same with another engine. `aws` are AWS's variables in lower case, for S3 and Athena.
    pub async fn open_with(
        catalog_file: &Path,
        aws: &BTreeMap<String, String>,
        choice: &Choice,
    ) -> Result<Self, Failure> {
        Why::open_at((catalog_file, None), aws, choice).await
    }

    /// The same, of a lake that lies elsewhere than its catalog says, if that is said.
    pub async fn open_at(
        (catalog_file, lake): (&Path, Option<&str>),
        aws: &BTreeMap<String, String>,
        choice: &Choice,
    ) -> Result<Self, Failure> {
        let mut catalog = read_catalog(catalog_file)?;
        let base = locate(&mut catalog, catalog_file, lake);
        // Boxed, here and where it is read: the futures of object_store and the SDK nest deeply.
        let engine = Box::pin(open_engine(&catalog, &base, aws, choice)).await?;
        // Before the directory: where there is no lake at all, that is what is to be said.
        checked(&engine).await?;
        Why::over(catalog, engine).await
    }

    /// The same without a look at the lake's tables: who only needs the companies waits for
    /// nothing else, and needs no right to anything else.
    pub async fn unchecked(
        catalog_file: &Path,
        aws: &BTreeMap<String, String>,
        choice: &Choice,
    ) -> Result<Self, Failure> {
        let mut catalog = read_catalog(catalog_file)?;
        let base = locate(&mut catalog, catalog_file, None);
        let engine = Box::pin(open_engine(&catalog, &base, aws, choice)).await?;
        Why::over(catalog, engine).await
    }

    async fn over(catalog: Catalog, engine: Engine) -> Result<Self, Failure> {
        let (directory, directory_tag) = Box::pin(open_directory(&catalog, &engine)).await?;
        Ok(Why {
            catalog,
            directory,
            directory_tag,
            engine,
            newest: Mutex::default(),
        })
    }

    /// Whether the lake's tables are there and can be read, where this process reads them.
    ///
    /// # Errors
    /// What is wrong with one, or that it can't be found out.
    pub async fn check(&self) -> Result<(), Failure> {
        checked(&self.engine).await
    }

    /// How new the lake is as far as answers have shown: to look would take a reading of its own.
    #[must_use]
    pub fn data_as_of(&self) -> Option<Timestamp> {
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the directory is still the one that was opened. True as well where its store
    /// names no versions.
    ///
    /// # Errors
    /// It can't be looked at, or is gone.
    pub async fn is_current(&self) -> Result<bool, Failure> {
        let tag = self.engine.tag(&self.catalog.lake.directory).await;
        Ok(tag.map_err(|e| failure::engine(&e))? == self.directory_tag)
    }

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

    fn plan(&self, question: &Question, now: Timestamp) -> Result<Plan, Failure> {
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

/// The catalog and the directory, without touching the trace.
///
/// # Errors
/// What is wrong with either, and what to do.
pub async fn open_names(
    catalog_file: &Path,
    s3: &BTreeMap<String, String>,
) -> Result<(Catalog, Directory), Failure> {
    let Why {
        catalog, directory, ..
    } = Why::unchecked(catalog_file, s3, &Choice::Direct).await?;
    Ok((catalog, directory))
}

async fn open_engine(
    catalog: &Catalog,
    base: &Path,
    aws: &BTreeMap<String, String>,
    choice: &Choice,
) -> Result<Engine, Failure> {
    Engine::unchecked(catalog, base, aws, choice)
        .await
        .map_err(|e| failure::engine(&e))
}

async fn checked(engine: &Engine) -> Result<(), Failure> {
    let checked = Box::pin(engine.check()).await;
    checked.map_err(|e| failure::engine(&e))
}

/// From where the lake is.
async fn open_directory(
    catalog: &Catalog,
    engine: &Engine,
) -> Result<(Directory, Option<String>), Failure> {
    let file = catalog.lake.directory_file();
    let File { bytes, tag } = match engine.file(&catalog.lake.directory).await {
        Ok(file) => file,
        Err(engine::Error::NoLake { reason, .. }) => {
            return Err(failure::directory(&directory::Error::Missing {
                file,
                reason,
            }));
        }
        Err(error) => return Err(failure::engine(&error)),
    };
    let directory = Directory::from_bytes(bytes, &file);
    Ok((directory.map_err(|e| failure::directory(&e))?, tag))
}

/// The engine that was said; the direct one where nothing was.
///
/// # Errors
/// Words that can't be meant.
#[cfg(any(feature = "cli", feature = "lambda"))]
pub fn choice(said: crate::config::EngineSaid) -> Result<Choice, Failure> {
    let parsed = Choice::parse(
        said.engine.as_deref(),
        said.workgroup.as_deref(),
        said.reuse_minutes.as_deref(),
    );
    parsed.map_err(|error| failure::not_a_choice(&error))
}

/// Puts where the lake lies, if that is said, into its catalog; gives the folder that a relative
/// location starts at: for what was typed the one where it was, for the catalog's its own.
pub fn locate(catalog: &mut Catalog, catalog_file: &Path, lake: Option<&str>) -> PathBuf {
    match lake {
        Some(lake) => {
            lake.clone_into(&mut catalog.lake.location);
            PathBuf::new()
        }
        None => catalog_file
            .parent()
            .map_or_else(PathBuf::new, Path::to_path_buf),
    }
}

/// Reads and checks the catalog file.
pub fn read_catalog(file: &Path) -> Result<Catalog, Failure> {
    let text = std::fs::read_to_string(file).map_err(|e| failure::no_catalog(file, &e))?;
    Catalog::parse(&text, &file.display().to_string()).map_err(|e| e.failure())
}
