//! From words to what they ask for: which company, and what about it.
//!
//! The parser gives every reading of the words, the directory says which of them is surest.
//! Knows no lake. Start at [`Names::intent`].

use jiff::civil::Date;
use jiff::{Span, Timestamp};

use super::{Request, failure};
use crate::catalog::Catalog;
use crate::directory::{self, Directory, Entity, Fit, Resolution};
use crate::error::Failure;
use crate::layout::{end_of_day, start_of_day, utc_date};
use crate::plan;
use crate::question::{self, AsOf, EntityRef, LookBack, Parsed, Question, Reading};
use crate::visibility::{self, Audience};

mod fields;

/// What stands for an attribute in a question about what changed.
const CHANGES: &str = "changes";
/// Days of what changed, where none are named.
const WEEK: u32 = 7;
/// A calendar's.
const MOST_DAYS: u32 = 3_650_000;

/// From a little before a day. A decision of before tells why the first change within came; most
/// pipelines decide at least once a month.
pub(crate) fn a_month_before(day: Date) -> LookBack {
    LookBack::Since(day.saturating_sub(Span::new().days(31)))
}

/// What is asked for; the question of an overview and of changes has an empty attribute, and is
/// to be asked for each.
#[derive(Debug, Clone, PartialEq)]
pub enum Intent {
    Attribute(Question),
    Overview(Question),
    /// Since when.
    Changes(Question, Timestamp),
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
        let (parsed, asked) = self.read(request, now)?;
        let as_of = asked.instant(now)?;
        match self.choose(&parsed, &asked, request)? {
            (Topic::Attribute(attribute), company) => Ok(Question {
                text: parsed.text,
                entity_id: company.entity_id,
                entity_name: company.name,
                attribute,
                as_of,
                expected: asked.expected,
                look_back: asked.look_back,
            }),
            (Topic::Overview | Topic::Changes, company) => {
                let offered = visibility::offered(self.catalog, &request.audience);
                Err(failure::missing_attribute(&company, &offered, &asked))
            }
        }
    }

    /// From words to what they ask for.
    pub fn intent(&self, request: &Request, now: Timestamp) -> Result<Intent, Failure> {
        let (parsed, asked) = self.read(request, now)?;
        let as_of = asked.instant(now)?;
        let (topic, company) = self.choose(&parsed, &asked, request)?;
        let question = Question {
            text: parsed.text,
            entity_id: company.entity_id,
            entity_name: company.name,
            attribute: String::new(),
            as_of,
            expected: asked.expected,
            look_back: asked.look_back,
        };
        Ok(match topic {
            Topic::Attribute(attribute) => Intent::Attribute(Question {
                attribute,
                ..question
            }),
            Topic::Overview => Intent::Overview(Question {
                look_back: LookBack::Latest,
                ..question
            }),
            Topic::Changes => self.changes(question, parsed.from, now)?,
        })
    }

    /// Since when, by default for a week; and a question that reads so far back that the first
    /// change within has one before it to be compared with.
    fn changes(
        &self,
        question: Question,
        from: Option<Date>,
        now: Timestamp,
    ) -> Result<Intent, Failure> {
        let today = utc_date(question.as_of);
        let back = |days: u32| today.saturating_sub(Span::new().days(i64::from(days)));
        let first = self.catalog.layout.first_date;
        let since = match question.look_back {
            LookBack::Since(day) => day,
            // More days than a calendar has are all of them.
            LookBack::Days(days) => back(days.min(MOST_DAYS)).max(first),
            LookBack::All => first,
            LookBack::Auto | LookBack::Latest => from.unwrap_or_else(|| back(WEEK)),
        };
        if since > today {
            let error = plan::Error::SinceAfterAsOf {
                since,
                as_of: today,
            };
            return Err(error.failure(&question, now));
        }
        let about = Question {
            look_back: a_month_before(since),
            ..question
        };
        Ok(Intent::Changes(about, start_of_day(since)))
    }

    /// The questions in a text that holds several: attributes as [`question::several`] parts
    /// them, then companies (`revenue of acme and globex`) where the words together are no
    /// company's name and each of them is. At most [`question::MOST_AT_ONCE`].
    #[must_use]
    pub fn several(&self, text: &str, now: Timestamp) -> Vec<String> {
        let parts = question::several(text, self.catalog, now).into_iter();
        let mut all: Vec<String> = parts
            .flat_map(|part| self.companies(&part, now).unwrap_or_else(|| vec![part]))
            .collect();
        all.truncate(question::MOST_AT_ONCE);
        all
    }

    fn companies(&self, text: &str, now: Timestamp) -> Option<Vec<String>> {
        let parsed = question::parse(text, self.catalog, now).ok()?;
        let companies = parsed.readings.iter().filter_map(|r| r.entity.as_ref());
        let surest = companies.map(|company| self.look_up(company).doubt()).min();
        if surest.is_some_and(|doubt| doubt <= Doubt::Known) {
            return None;
        }
        // Where nobody is called anything like the whole, one of the parts may be a choice.
        let most = match surest {
            Some(Doubt::Nobody) => Doubt::Several,
            Some(Doubt::None | Doubt::Known | Doubt::Like | Doubt::Several) | None => Doubt::Known,
        };
        parsed.readings.iter().find_map(|reading| {
            let attribute = reading.attribute.as_deref()?;
            let Some(EntityRef::Name(name)) = &reading.entity else {
                return None;
            };
            let names = self.each_known(&question::names_in(name), most)?;
            let about = |name: &String| {
                let parts = question::Parts {
                    entity_id: 0,
                    attribute,
                    as_of: parsed.as_of,
                    expected: parsed.expected.as_deref(),
                    look_back: parsed.look_back,
                };
                question::about(name, &parts)
            };
            Some(names.iter().map(about).collect())
        })
    }

    /// The names, put together again where a company is called so (`Johnson and Johnson`), if
    /// there are several, one is known, and each of the others is or may be a choice.
    fn each_known(&self, parts: &[String], most: Doubt) -> Option<Vec<String>> {
        let known = |name: &str| self.directory.knows(name);
        let meant = |name: &str| {
            known(name) || self.look_up(&EntityRef::Name(name.to_owned())).doubt() <= most
        };
        let mut names = Vec::new();
        let mut rest = parts;
        while !rest.is_empty() {
            let (length, name) = (1..=rest.len()).rev().find_map(|length| {
                let name = rest.get(..length)?.join(" and ");
                let found = if length > 1 {
                    known(&name)
                } else {
                    meant(&name)
                };
                found.then_some((length, name))
            })?;
            names.push(name);
            rest = rest.get(length..)?;
        }
        let one_is_known = names.iter().any(|name| known(name));
        (names.len() > 1 && one_is_known).then_some(names)
    }

    fn read(&self, request: &Request, now: Timestamp) -> Result<(Parsed, Asked), Failure> {
        let parsed = match self.repeated(request, now) {
            Some(parsed) => parsed,
            None => question::parse(&request.text, self.catalog, now)
                .map_err(|e| failure::question(&e, self.catalog))?,
        };
        let asked = Asked {
            as_of: request.as_of.or(parsed.as_of),
            expected: request.expected.clone().or_else(|| parsed.expected.clone()),
            look_back: request.look_back.unwrap_or(parsed.look_back),
        };
        Ok((parsed, asked))
    }

    /// `as of 2024?`, `and last year?`: a moment, a span or a value alone asks the last question
    /// of the thread again.
    fn repeated(&self, request: &Request, now: Timestamp) -> Option<Parsed> {
        let about = request.topic.as_ref()?;
        let words = unlinked(&request.text);
        let alone = question::parse(words, self.catalog, now);
        if alone != Err(question::Error::Empty) {
            return None;
        }
        let last = match &about.attribute {
            Some(attribute) => attribute.clone(),
            None => format!("#{}", about.entity_id),
        };
        let again = question::parse(&format!("{last} {words}"), self.catalog, now).ok()?;
        let says_something =
            again.as_of.is_some() || again.expected.is_some() || again.look_back != LookBack::Auto;
        says_something.then_some(again)
    }

    /// The reading whose company is surest, the first of several: with an attribute before what
    /// changed before a company alone. Words without a company are about the topic's. Where
    /// none of them is known by its name, what is missing or unknown, with choices.
    fn choose(
        &self,
        parsed: &Parsed,
        asked: &Asked,
        request: &Request,
    ) -> Result<(Topic, Entity), Failure> {
        let found = self.found(parsed);
        let topic = request.topic.as_ref();
        let topic = topic.and_then(|about| self.directory.get(about.entity_id));
        let bare = |reading: &&Reading| reading.attribute.is_some() && reading.entity.is_none();
        let of_topic = |reading: &Reading| {
            let attribute = reading.attribute.clone().unwrap_or_default();
            Some((Topic::Attribute(attribute), topic.clone()?))
        };
        if let Some(chosen) = parsed.readings.first().filter(bare).and_then(of_topic) {
            return Ok(chosen);
        }
        let known = |found: &&Found| found.looked_up.doubt() <= Doubt::Known;
        if let Some(sure) = found.iter().find(known) {
            return settle(sure, asked);
        }
        if let Some(chosen) = parsed.readings.iter().find(bare).and_then(of_topic) {
            return Ok(chosen);
        }
        if let (Some(topic), true) = (topic, parsed.changes.contains(&None)) {
            return Ok((Topic::Changes, topic));
        }
        // `revenue growth` is an attribute before it is the revenue of who begins with "growth".
        if let Some(attribute) = parsed.readings.iter().find(bare) {
            let name = attribute.attribute.as_deref().unwrap_or_default();
            return Err(failure::missing_company(name, self.catalog));
        }
        let complete = |found: &&Found| matches!(found.topic, Topic::Attribute(_));
        if let Some(surest) = found.iter().find(complete) {
            return settle(surest, asked);
        }
        let changes = |found: &&Found| found.topic == Topic::Changes;
        if let Some(surest) = found.iter().find(changes) {
            return settle(surest, asked);
        }
        if parsed.changes.is_empty() {
            self.without_attribute(&parsed.readings, asked, &request.audience)
        } else {
            Err(failure::missing_company(CHANGES, self.catalog))
        }
    }

    /// Every reading that names a company: those with an attribute first, then what changed,
    /// then companies alone; the surest first in each.
    fn found(&self, parsed: &Parsed) -> Vec<Found> {
        let readings = parsed.readings.iter().filter_map(|reading| {
            let topic = match &reading.attribute {
                Some(attribute) => Topic::Attribute(attribute.clone()),
                None => Topic::Overview,
            };
            Some((topic, reading.entity.as_ref()?))
        });
        let changes = parsed.changes.iter().flatten();
        let all = readings.chain(changes.map(|company| (Topic::Changes, company)));
        let looked_up = |(topic, company)| Found {
            topic,
            looked_up: self.look_up(company),
        };
        let mut found: Vec<Found> = all.map(looked_up).collect();
        // Stable: of equally sure readings the parser's first.
        found.sort_by_key(|found| (found.topic.place(), found.looked_up.doubt()));
        found
    }

    fn look_up(&self, company: &EntityRef) -> LookedUp {
        match company {
            EntityRef::Id(id) => match self.directory.get(*id) {
                Some(entity) => LookedUp::Company(Fit::Id, entity),
                None => LookedUp::Nobody(format!("#{id}"), Vec::new()),
            },
            EntityRef::Name(name) => match self.directory.resolve(name) {
                Resolution::One(found) => LookedUp::Company(found.fit, found.entity),
                Resolution::Several(found) => LookedUp::Several(name.clone(), found),
                Resolution::None(near) => LookedUp::Nobody(name.clone(), near),
            },
        }
    }

    /// No word is an attribute: a company alone, or which one was understood, if any, and
    /// what the rest may have meant.
    fn without_attribute(
        &self,
        readings: &[Reading],
        asked: &Asked,
        audience: &Audience,
    ) -> Result<(Topic, Entity), Failure> {
        let catalog = &visibility::offered(self.catalog, audience);
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
                    return Err(failure::unknown_attribute(
                        &attribute,
                        &found.entity,
                        catalog,
                        asked,
                    ));
                }
            }
        }
        match self.directory.resolve(typed) {
            Resolution::One(found) => Ok((Topic::Overview, found.entity)),
            Resolution::Several(found) => {
                Err(failure::several_companies(typed, &found, None, asked))
            }
            Resolution::None(near) => {
                let (name, attribute) = attribute_like(&words, catalog);
                let near = match self.directory.resolve(&name) {
                    Resolution::One(found) if attribute.is_some() => vec![found],
                    Resolution::Several(found) if attribute.is_some() => found,
                    Resolution::None(found) if attribute.is_some() && !found.is_empty() => found,
                    Resolution::One(_) | Resolution::Several(_) | Resolution::None(_) => near,
                };
                match attribute {
                    Some(attribute) if !near.is_empty() => {
                        Err(failure::like(typed, &near, &attribute, catalog, asked))
                    }
                    Some(_) | None => Err(failure::not_understood(typed, &near, catalog, asked)),
                }
            }
        }
    }
}

/// Without the `and` that goes on with a conversation.
pub(crate) fn unlinked(text: &str) -> &str {
    let text = text.trim_start();
    match text.split_once(char::is_whitespace) {
        Some((and, rest)) if and.eq_ignore_ascii_case("and") => rest,
        Some(_) | None => text,
    }
}

/// The attribute that the words at the end, or at the beginning, are likest to; and the rest.
fn attribute_like(words: &[&str], catalog: &Catalog) -> (String, Option<String>) {
    let ends = (1..words.len()).rev().flat_map(|at| {
        let (head, tail) = words.split_at(at);
        [(head, tail), (tail, head)]
    });
    let like = |(company, typed): (&[&str], &[&str])| {
        let near = question::suggest_attributes(&typed.join(" "), catalog);
        Some((company.join(" "), Some(near.into_iter().next()?)))
    };
    ends.into_iter()
        .find_map(like)
        .unwrap_or_else(|| (words.join(" "), None))
}

/// What a company is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Topic {
    Attribute(String),
    Changes,
    Overview,
}

impl Topic {
    /// The order in which readings are tried.
    fn place(&self) -> u8 {
        match self {
            Topic::Attribute(_) => 0,
            Topic::Changes => 1,
            Topic::Overview => 2,
        }
    }
}

#[derive(Debug)]
struct Found {
    topic: Topic,
    looked_up: LookedUp,
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
fn settle(found: &Found, asked: &Asked) -> Result<(Topic, Entity), Failure> {
    let about = match &found.topic {
        Topic::Attribute(attribute) => Some(attribute.as_str()),
        Topic::Changes => Some(CHANGES),
        Topic::Overview => None,
    };
    match &found.looked_up {
        LookedUp::Company(_, entity) => Ok((found.topic.clone(), entity.clone())),
        LookedUp::Several(typed, companies) => {
            Err(failure::several_companies(typed, companies, about, asked))
        }
        LookedUp::Nobody(typed, near) => Err(failure::unknown_company(typed, near, about, asked)),
    }
}

/// What was asked beside company and attribute; a choice to press keeps it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Asked {
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
    pub(super) fn phrase(&self, entity_id: i64, attribute: &str) -> String {
        question::phrase(&question::Parts {
            entity_id,
            attribute,
            as_of: self.as_of,
            expected: self.expected.as_deref(),
            look_back: self.look_back,
        })
    }
}
