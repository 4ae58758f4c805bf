//! Where things are: the addresses of pages, and of the same in JSON and CSV.
//!
//! The one home of these paths for renderers; the router names them a second time, and a test
//! follows every link. Start at [`Place`].

use form_urlencoded::Serializer;

use crate::answer::Answer;
use crate::error::Match;
use crate::question::{AsOf, LookBack, Parts, Question};
use crate::render::words::asked_about;

/// The reference of the JSON API.
pub(super) const API: &str = "/docs";

/// Where a page stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Place<'a> {
    /// Among all others: everything can be asked.
    #[default]
    Open,
    /// Behind a signed link, that opens this one answer.
    Link { token: &'a str },
}

impl Place<'_> {
    /// Whether other pages may be led to.
    #[must_use]
    pub fn is_open(self) -> bool {
        match self {
            Place::Open => true,
            Place::Link { .. } => false,
        }
    }

    pub(super) fn json(self, answer: &Answer) -> String {
        match self {
            Place::Open => {
                let parts = parts(&answer.question);
                let id = parts.entity_id.to_string();
                let own = [("entity", id.as_str()), ("attribute", parts.attribute)];
                with_query("/v1/answer", &own, &parts)
            }
            Place::Link { token } => format!("/links/{}/answer.json", segment(token)),
        }
    }

    /// The changes, up to when they were asked as of; where all can be asked for, those that fit.
    pub(super) fn csv(self, answer: &Answer, fit: &[(&str, &str)]) -> String {
        match self {
            Place::Open => {
                let parts = parts(&answer.question);
                let path = format!(
                    "/v1/entities/{}/attributes/{}/changes",
                    parts.entity_id,
                    segment(parts.attribute)
                );
                let until = parts.as_of.map(instant);
                let ends = fit.iter().any(|(name, _)| *name == "to");
                let to = until.iter().filter(|_| !ends);
                let to = to.map(|until| ("to", until.as_str()));
                let said = [("format", "csv")].into_iter().chain(fit.iter().copied());
                let said: Vec<_> = said.chain(to).collect();
                format!("{path}?{}", encoded(&said))
            }
            Place::Link { token } => format!("/links/{}/changes.csv", segment(token)),
        }
    }
}

/// What a question asks, to be asked again: a day that was typed is a day again.
#[must_use]
pub fn parts(question: &Question) -> Parts<'_> {
    Parts {
        entity_id: question.entity_id,
        attribute: &question.attribute,
        as_of: asked_about(question.as_of),
        expected: question.expected.as_deref(),
        look_back: question.look_back,
    }
}

/// The permalink of an answer.
#[must_use]
pub fn answer(parts: &Parts<'_>) -> String {
    with_query(&answer_path(parts), &[], parts)
}

fn answer_path(parts: &Parts<'_>) -> String {
    format!(
        "/companies/{}/{}",
        parts.entity_id,
        segment(parts.attribute)
    )
}

pub(super) fn history(parts: &Parts<'_>) -> String {
    let parts = Parts {
        expected: None,
        look_back: LookBack::Auto,
        ..*parts
    };
    let path = format!("{}/history", answer_path(&parts));
    with_query(&path, &[], &parts)
}

/// A company at a glance.
#[must_use]
pub fn overview(entity_id: i64, as_of: Option<AsOf>) -> String {
    let path = format!("/companies/{entity_id}");
    match as_of {
        None => path,
        Some(as_of) => format!("{path}?as_of={}", instant(as_of)),
    }
}

/// What changed for a company since a day.
#[must_use]
pub fn changes(entity_id: i64, since: jiff::civil::Date) -> String {
    format!("/companies/{entity_id}?since={since}")
}

pub(super) fn wrong(question: &str) -> String {
    format!("/wrong?{}", encoded(&[("question", question)]))
}

/// It was passed on.
#[must_use]
pub fn reported(question: &str) -> String {
    format!(
        "/wrong?{}",
        encoded(&[("question", question), ("done", "1")])
    )
}

/// Where a choice leads: to the question that it asks.
#[must_use]
pub fn choice(found: &Match) -> String {
    search(&found.question)
}

/// A question in words, to be looked up.
pub(super) fn search(words: &str) -> String {
    format!("/?{}", encoded(&[("q", words)]))
}

/// Two of one company's, or of two companies'.
#[must_use]
pub fn compare(pairs: &[(&str, &str)]) -> String {
    format!("/compare?{}", encoded(pairs))
}

/// `2025-03-01`, `2025-03-01T10:00:00Z`
#[must_use]
pub fn instant(as_of: AsOf) -> String {
    match as_of {
        AsOf::Day(day) => day.to_string(),
        AsOf::Instant(instant) => instant.to_string(),
    }
}

/// As `look_back=` has it.
fn look_back(look_back: LookBack) -> Option<String> {
    match look_back {
        LookBack::Auto => None,
        LookBack::Latest | LookBack::All | LookBack::Days(_) | LookBack::Since(_) => {
            Some(look_back.to_string())
        }
    }
}

fn with_query(path: &str, own: &[(&str, &str)], parts: &Parts<'_>) -> String {
    let mut query = Serializer::new(String::new());
    query.extend_pairs(own);
    if let Some(as_of) = parts.as_of {
        query.append_pair("as_of", &instant(as_of));
    }
    if let Some(expected) = parts.expected {
        query.append_pair("expected", expected);
    }
    if let Some(look_back) = look_back(parts.look_back) {
        query.append_pair("look_back", &look_back);
    }
    match query.finish().as_str() {
        "" => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}

pub(super) fn encoded(pairs: &[(&str, &str)]) -> String {
    Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// One step of a path.
pub(super) fn segment(text: &str) -> String {
    let encoded: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
    encoded.replace('+', "%20")
}
