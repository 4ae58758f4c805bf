//! The use case: words in, an answer or a failure out.
//!
//! Puts the pure steps (parse, plan, explain) and the adapters (directory,
//! engine) in a row; the clock is a parameter. Every surface asks through
//! [`Why::ask`]; whatever goes wrong comes back as a [`Failure`] that says
//! what to do next.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use futures::StreamExt;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::answer::Answer;
use crate::catalog::Catalog;
use crate::directory::{self, Directory, Entity, Fit, Resolution};
use crate::engine::{self, direct::Engine};
use crate::error::Failure;
use crate::explain;
use crate::layout::utc_date;
use crate::overview::{Changes, Overview};
use crate::plan;
use crate::question::{self, AsOf, EntityRef, LookBack, Question, Reading};
use crate::visibility::Audience;

pub mod failure;

/// Attributes that are looked at in one go, where nothing was found.
const LOOKS_AT_ONCE: usize = 8;

/// A lake that questions can be put to; opened once, shared by concurrent questions.
#[derive(Debug)]
pub struct Why {
    pub catalog: Catalog,
    pub directory: Directory,
    engine: Engine,
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
    /// The company that words without one are about: that of the thread.
    pub topic: Option<i64>,
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
    /// Opens the catalog, the directory and the lake that it names.
    pub async fn open(catalog_file: &Path, s3: &BTreeMap<String, String>) -> Result<Self, Failure> {
        let catalog = read_catalog(catalog_file)?;
        let engine = open_engine(&catalog, catalog_file, s3).await?;
        let directory = open_directory(&catalog, &engine).await?;
        Ok(Why {
            catalog,
            directory,
            engine,
        })
    }

    /// Answers a question, or says why not.
    pub async fn ask(&self, request: &Request, now: Timestamp) -> Result<Answer, Failure> {
        let question = self.understand(request, now)?;
        let plan =
            plan::plan(&question, &self.catalog, now).map_err(|e| e.failure(&question, now))?;
        let rows = self
            .engine
            .read(&plan)
            .await
            .map_err(|e| failure::engine(&e))?;
        let mut answer = explain::explain(&question, rows.decisions, rows.read, &self.catalog, now);
        if let Some(nothing) = &mut answer.nothing {
            nothing.other_attributes = self.other_attributes(&question).await;
        }
        Ok(answer)
    }

    /// Answers whatever the words ask for: one attribute, a company at a glance, what changed.
    pub async fn respond(&self, request: &Request, now: Timestamp) -> Result<Response, Failure> {
        let answer = self.ask(request, now).await?;
        Ok(Response::Answer(Box::new(answer)))
    }

    /// Other attributes for which this company has decisions. A hint beside an answer that is
    /// true without it: an attribute that can't be read is left out.
    async fn other_attributes(&self, question: &Question) -> Vec<String> {
        let names = self.catalog.attributes.iter().map(|a| a.name.clone());
        let looks: Vec<_> = names
            .filter(|name| *name != question.attribute)
            .map(|name| async move {
                let one = [name];
                let looked = self
                    .engine
                    .attributes_with_a_trace(question.entity_id, &one);
                looked.await.unwrap_or_default()
            })
            .collect();
        let found: Vec<Vec<String>> = futures::stream::iter(looks)
            .buffered(LOOKS_AT_ONCE)
            .collect()
            .await;
        found.concat()
    }

    /// From words to a complete question: one company, one attribute.
    pub fn understand(&self, request: &Request, now: Timestamp) -> Result<Question, Failure> {
        Names {
            catalog: &self.catalog,
            directory: &self.directory,
        }
        .understand(request, now)
    }
}

/// What it takes to understand a question, without a lake to answer it from.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    pub catalog: &'a Catalog,
    pub directory: &'a Directory,
}

impl Names<'_> {
    /// From words to a complete question: one company, one attribute.
    pub fn understand(&self, request: &Request, now: Timestamp) -> Result<Question, Failure> {
        let parsed = question::parse(&request.text, self.catalog, now)
            .map_err(|e| failure::question(&e, self.catalog))?;
        let asked = Asked {
            as_of: request.as_of.or(parsed.as_of),
            expected: request.expected.clone().or_else(|| parsed.expected.clone()),
            look_back: request.look_back.unwrap_or(parsed.look_back),
        };
        let as_of = asked.instant(now)?;
        let (attribute, company) = self.choose(&parsed.readings, &asked)?;
        Ok(Question {
            text: parsed.text,
            entity_id: company.entity_id,
            entity_name: company.name,
            attribute,
            as_of,
            expected: asked.expected,
            look_back: asked.look_back,
        })
    }

    /// The reading whose company is surest, the first of several; where none of them is known
    /// by its name, what is missing or unknown, with choices.
    fn choose(&self, readings: &[Reading], asked: &Asked) -> Result<(String, Entity), Failure> {
        let looked_up = |reading| Some((reading, self.look_up(reading)?));
        let mut complete: Vec<(&Reading, LookedUp)> = Vec::new();
        let mut nameless: Vec<(&Reading, LookedUp)> = Vec::new();
        for (reading, found) in readings.iter().filter_map(looked_up) {
            let place = if reading.attribute.is_some() {
                &mut complete
            } else {
                &mut nameless
            };
            place.push((reading, found));
        }
        // Stable: of equally sure readings the parser's first.
        complete.sort_by_key(|(_, found)| found.doubt());
        nameless.sort_by_key(|(_, found)| found.doubt());
        let known = |(_, found): &&(&Reading, LookedUp)| found.doubt() <= Doubt::Known;
        match (complete.first(), nameless.first().filter(known)) {
            (Some(sure), Some(_)) if known(&sure) => settle(sure, asked),
            (Some(_) | None, Some((_, found))) => match found {
                LookedUp::Company(_, entity) => {
                    Err(failure::missing_attribute(entity, self.catalog, asked))
                }
                LookedUp::Several(typed, companies) => {
                    Err(failure::several_companies(typed, companies, None, asked))
                }
                LookedUp::Nobody(typed, near) => {
                    Err(failure::unknown_company(typed, near, None, asked))
                }
            },
            (Some(surest), None) => settle(surest, asked),
            (None, None) => Err(match readings.iter().find_map(|r| r.attribute.as_deref()) {
                Some(attribute) => failure::missing_company(attribute, self.catalog),
                None => self.without_attribute(readings, asked),
            }),
        }
    }

    /// `None` where the reading names no company.
    fn look_up(&self, reading: &Reading) -> Option<LookedUp> {
        Some(match reading.entity.as_ref()? {
            EntityRef::Id(id) => match self.directory.get(*id) {
                Some(entity) => LookedUp::Company(Fit::Id, entity),
                None => LookedUp::Nobody(format!("#{id}"), Vec::new()),
            },
            EntityRef::Name(name) => match self.directory.resolve(name) {
                Resolution::One(found) => LookedUp::Company(found.fit, found.entity),
                Resolution::Several(found) => LookedUp::Several(name.clone(), found),
                Resolution::None(near) => LookedUp::Nobody(name.clone(), near),
            },
        })
    }

    /// No word is an attribute: says which company was understood, if any, and
    /// what the rest may have meant.
    fn without_attribute(&self, readings: &[Reading], asked: &Asked) -> Failure {
        let typed = readings
            .iter()
            .find_map(|reading| match &reading.entity {
                Some(EntityRef::Name(name)) => Some(name.as_str()),
                Some(EntityRef::Id(_)) | None => None,
            })
            .unwrap_or_default();
        let words: Vec<&str> = typed.split_whitespace().collect();
        for at in (1..words.len()).rev() {
            let (head, tail) = words.split_at(at);
            for (company, attribute) in [(head, tail), (tail, head)] {
                let (company, attribute) = (company.join(" "), attribute.join(" "));
                if self.directory.knows(&company)
                    && let Resolution::One(found) = self.directory.resolve(&company)
                {
                    return failure::unknown_attribute(
                        &attribute,
                        &found.entity,
                        self.catalog,
                        asked,
                    );
                }
            }
        }
        match self.directory.resolve(typed) {
            Resolution::One(found) => {
                failure::missing_attribute(&found.entity, self.catalog, asked)
            }
            Resolution::Several(found) => failure::several_companies(typed, &found, None, asked),
            Resolution::None(near) => failure::not_understood(typed, &near, self.catalog),
        }
    }
}

/// Whom a reading's words stand for, with the words where that is not one company.
#[derive(Debug)]
enum LookedUp {
    Company(Fit, Entity),
    Several(String, Vec<directory::Match>),
    Nobody(String, Vec<directory::Match>),
}

/// How far a reading is from certain, surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Doubt {
    /// Its very name.
    None,
    /// Its name, written a little differently, or that of several.
    Known,
    /// Something like its name.
    Like,
    Several,
    Nobody,
}

impl LookedUp {
    fn doubt(&self) -> Doubt {
        let by_name = |fit: Fit| match fit {
            Fit::Id | Fit::Domain | Fit::Exact => Doubt::None,
            Fit::Normalised => Doubt::Known,
            Fit::Prefix | Fit::Typo => Doubt::Like,
        };
        match self {
            LookedUp::Company(fit, _) => by_name(*fit),
            LookedUp::Several(_, found) => match found.first().map(|first| by_name(first.fit)) {
                Some(Doubt::None | Doubt::Known) => Doubt::Known,
                Some(Doubt::Like | Doubt::Several | Doubt::Nobody) | None => Doubt::Several,
            },
            LookedUp::Nobody(..) => Doubt::Nobody,
        }
    }
}

/// One company goes on; several or none become choices.
fn settle(
    (reading, found): &(&Reading, LookedUp),
    asked: &Asked,
) -> Result<(String, Entity), Failure> {
    let attribute = reading.attribute.as_deref();
    match found {
        LookedUp::Company(_, entity) => {
            Ok((attribute.unwrap_or_default().to_owned(), entity.clone()))
        }
        LookedUp::Several(typed, companies) => Err(failure::several_companies(
            typed, companies, attribute, asked,
        )),
        LookedUp::Nobody(typed, near) => {
            Err(failure::unknown_company(typed, near, attribute, asked))
        }
    }
}

/// What was asked beside company and attribute; a choice to press keeps it.
#[derive(Debug, Clone, PartialEq)]
struct Asked {
    as_of: Option<AsOf>,
    expected: Option<String>,
    look_back: LookBack,
}

impl Asked {
    /// The instant asked about, never after now.
    fn instant(&self, now: Timestamp) -> Result<Timestamp, Failure> {
        let today = utc_date(now);
        match self.as_of {
            None => Ok(now),
            Some(AsOf::Day(day)) if day > today => Err(failure::future(&day.to_string())),
            Some(AsOf::Instant(instant)) if instant > now => {
                Err(failure::future(&instant.to_string()))
            }
            Some(AsOf::Day(day)) => Ok(end_of_day(day).min(now)),
            Some(AsOf::Instant(instant)) => Ok(instant),
        }
    }

    /// A whole question about this company, in words that parse back.
    fn phrase(&self, entity_id: i64, attribute: &str) -> String {
        question::phrase(&question::Parts {
            entity_id,
            attribute,
            as_of: self.as_of,
            expected: self.expected.as_deref(),
            look_back: self.look_back,
        })
    }
}

/// The last millisecond of a day, UTC.
fn end_of_day(day: Date) -> Timestamp {
    day.tomorrow()
        .ok()
        .and_then(|next| TimeZone::UTC.to_timestamp(next.at(0, 0, 0, 0)).ok())
        .and_then(|midnight| Timestamp::from_millisecond(midnight.as_millisecond() - 1).ok())
        .unwrap_or(Timestamp::MAX)
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
    } = Why::open(catalog_file, s3).await?;
    Ok((catalog, directory))
}

async fn open_engine(
    catalog: &Catalog,
    catalog_file: &Path,
    s3: &BTreeMap<String, String>,
) -> Result<Engine, Failure> {
    let base = catalog_file
        .parent()
        .map_or_else(PathBuf::new, Path::to_path_buf);
    Engine::open(catalog, &base, s3)
        .await
        .map_err(|e| failure::engine(&e))
}

/// From where the lake is.
async fn open_directory(catalog: &Catalog, engine: &Engine) -> Result<Directory, Failure> {
    let file = catalog.lake.directory_file();
    let bytes = match engine.file(&catalog.lake.directory).await {
        Ok(bytes) => bytes,
        Err(engine::Error::NoLake { reason, .. }) => {
            return Err(failure::directory(&directory::Error::Missing {
                file,
                reason,
            }));
        }
        Err(error) => return Err(failure::engine(&error)),
    };
    Directory::from_bytes(bytes, &file).map_err(|e| failure::directory(&e))
}

/// Reads and checks the catalog file.
pub fn read_catalog(file: &Path) -> Result<Catalog, Failure> {
    let text = std::fs::read_to_string(file).map_err(|e| failure::no_catalog(file, &e))?;
    Catalog::parse(&text, &file.display().to_string()).map_err(|e| e.failure())
}
