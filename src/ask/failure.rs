//! Every way in which a question is not answered, in words: what was wrong, what to do next.
//!
//! One module, so that the texts can be read and mended together. Choices are
//! whole questions (`#17 revenue`), ready to be pressed or typed.

use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;

use super::names::Asked;
use crate::catalog::{Attribute, Catalog};
use crate::ddl;
use crate::directory::{self, Entity};
use crate::engine;
use crate::error::{Class, Failure, Match, sentence};
use crate::layout::Layout;
use crate::plan::Plan;
use crate::question::{self, LookBack, Parts, Question};
use crate::visibility::Restricted;

/// A look-back that is offered instead of one that would scan too much.
const NARROWER_DAYS: i64 = 90;
/// The most choices that are offered at once.
const MOST: usize = 10;

fn user(code: &'static str, text: String, advice: String) -> Failure {
    Failure::new(Class::User, code, text, advice)
}

fn internal(code: &'static str, text: String, advice: String) -> Failure {
    Failure::new(Class::Internal, code, text, advice)
}

/// Words or a flag that can't be read.
#[must_use]
pub fn question(error: &question::Error, catalog: &Catalog) -> Failure {
    user(error.code(), sentence(error), error.advice(catalog))
}

pub(in crate::ask) fn future(as_of: &str) -> Failure {
    user(
        "future",
        format!("{as_of} lies in the future."),
        "Ask about today or an earlier day.".to_owned(),
    )
}

pub(in crate::ask) fn missing_company(attribute: &str, catalog: &Catalog) -> Failure {
    let label = catalog
        .attribute(attribute)
        .map_or(attribute, |a| a.label.as_str());
    user(
        "missing_company",
        format!("Which company's {label}?"),
        format!(
            "Name it, or give its domain or id: `acme {attribute}`, `acme.com {attribute}`, `#17 {attribute}`."
        ),
    )
}

pub(in crate::ask) fn missing_attribute(
    entity: &Entity,
    catalog: &Catalog,
    asked: &Asked,
) -> Failure {
    let mut failure = user(
        "missing_attribute",
        format!("What about {}?", entity.name),
        "Name one of its attributes.".to_owned(),
    );
    failure.matches = catalog
        .attributes
        .iter()
        .map(|attribute| choice(attribute, entity, asked))
        .collect();
    failure
}

pub(in crate::ask) fn unknown_attribute(
    typed: &str,
    entity: &Entity,
    catalog: &Catalog,
    asked: &Asked,
) -> Failure {
    let near = question::suggest_attributes(typed, catalog);
    let advice = match near.first() {
        Some(first) => format!("Did you mean {first}?"),
        None => {
            let names: Vec<&str> = catalog.attributes.iter().map(|a| a.name.as_str()).collect();
            format!("There is: {}.", names.join(", "))
        }
    };
    let mut failure = user(
        "unknown_attribute",
        format!(
            "There is no attribute \u{201c}{typed}\u{201d} for {}.",
            entity.name
        ),
        advice,
    );
    failure.matches = catalog
        .attributes
        .iter()
        .filter(|attribute| near.is_empty() || near.contains(&attribute.name))
        .map(|attribute| choice(attribute, entity, asked))
        .collect();
    failure
}

pub(in crate::ask) fn unknown_company(
    typed: &str,
    near: &[directory::Match],
    attribute: Option<&str>,
    asked: &Asked,
) -> Failure {
    let advice = if near.is_empty() {
        "Check the spelling, or give its domain or its id (`#17`)."
    } else {
        "Did you mean one of these?"
    };
    let mut failure = user(
        "unknown_company",
        format!("I know no company called \u{201c}{typed}\u{201d}."),
        advice.to_owned(),
    );
    failure.matches = companies(near, attribute, asked);
    failure
}

pub(in crate::ask) fn several_companies(
    typed: &str,
    found: &[directory::Match],
    attribute: Option<&str>,
    asked: &Asked,
) -> Failure {
    let mut failure = user(
        "several_companies",
        format!("Several companies fit \u{201c}{typed}\u{201d}."),
        "Which one?".to_owned(),
    );
    failure.matches = companies(found, attribute, asked);
    failure
}

/// Neither the company nor the attribute is written as we know it, and both are like something.
pub(in crate::ask) fn like(
    typed: &str,
    near: &[directory::Match],
    attribute: &str,
    catalog: &Catalog,
    asked: &Asked,
) -> Failure {
    let label = catalog
        .attribute(attribute)
        .map_or(attribute, |a| a.label.as_str());
    let mut failure = user(
        "not_understood",
        format!("I can't quite read \u{201c}{typed}\u{201d}."),
        format!("Did you mean {label} of one of these?"),
    );
    failure.matches = companies(near, Some(attribute), asked);
    failure
}

pub(in crate::ask) fn not_understood(
    typed: &str,
    near: &[directory::Match],
    catalog: &Catalog,
    asked: &Asked,
) -> Failure {
    let names: Vec<&str> = catalog.attributes.iter().map(|a| a.name.as_str()).collect();
    let example = names.first().copied().unwrap_or("revenue");
    let (missing, which) = match near.is_empty() {
        true => ("neither a company nor an attribute", ""),
        false => ("no attribute", " These companies are like what you wrote."),
    };
    let mut failure = user(
        "not_understood",
        format!("I found {missing} in \u{201c}{typed}\u{201d}."),
        format!(
            "Ask like `acme {example}`. Attributes: {}.{which}",
            names.join(", ")
        ),
    );
    failure.matches = companies(near, None, asked);
    failure
}

pub(in crate::ask) fn no_catalog(file: &Path, error: &std::io::Error) -> Failure {
    user(
        "no_catalog",
        format!("There is no catalog at {}: {error}.", file.display()),
        "Name it with --catalog or WHY_CATALOG. `make demo` makes a lake to try; `why catalog example` prints a catalog to start from.".to_owned(),
    )
}

pub(crate) fn engine(error: &engine::Error) -> Failure {
    Failure::new(error.class(), error.code(), sentence(error), error.advice())
}

/// The engine's own words; where a narrower question would do, that question beside them.
pub(in crate::ask) fn reading(
    error: &engine::Error,
    question: &Question,
    (plan, layout, now): (&Plan, &Layout, Timestamp),
) -> Failure {
    let mut failure = engine(error);
    let engine::Error::ScanCutOff { .. } = error else {
        return failure;
    };
    let Some(since) = narrower(plan, layout) else {
        return failure;
    };
    failure.advice = format!("Ask for a shorter time: since {since}, for instance.");
    failure.matches = vec![Match {
        label: format!("since {since}"),
        detail: String::new(),
        question: question::phrase(&Parts {
            look_back: LookBack::Since(since),
            ..Parts::of(question, now)
        }),
    }];
    failure
}

/// The last three months of what was asked for, or its last half where it is shorter; none
/// where that reads the same partitions.
fn narrower(plan: &Plan, layout: &Layout) -> Option<Date> {
    let (newest, oldest) = (plan.rungs.first()?, plan.rungs.last()?);
    let days = newest.to.duration_since(oldest.from).as_hours() / 24;
    let back = (days / 2).min(NARROWER_DAYS);
    let since = newest
        .to
        .checked_sub(jiff::Span::new().try_days(back).ok()?);
    let since = since.ok().filter(|since| *since < newest.to)?;
    (layout.floor(since.yesterday().ok()?) > oldest.from).then_some(since)
}

#[cfg(any(feature = "cli", feature = "lambda"))]
pub(in crate::ask) fn not_a_choice(error: &engine::NotAChoice) -> Failure {
    user("bad_engine", sentence(error), error.advice().to_owned())
}

pub(in crate::ask) fn directory(error: &directory::Error) -> Failure {
    internal(
        "no_directory",
        sentence(error),
        "Make it again: `why import` writes it beside the lake.".to_owned(),
    )
}

/// An attribute that is not for whoever asks.
#[must_use]
pub fn restricted(restricted: &Restricted) -> Failure {
    user(
        "restricted",
        sentence(restricted),
        "Ask where it may be seen, or ask whoever owns the catalog for the right to see it."
            .to_owned(),
    )
}

/// A file of questions that can't be opened or read on.
#[must_use]
pub fn no_batch(file: &Path, error: &std::io::Error) -> Failure {
    user(
        "no_batch",
        format!(
            "The questions in {} can't be read: {error}.",
            file.display()
        ),
        "Name a file with one question a line, or `-` for standard input.".to_owned(),
    )
}

/// A line of a batch that is no text; numbers begin with 1.
#[must_use]
pub fn no_text(line: u64) -> Failure {
    user(
        "no_text",
        format!("Line {line} of the questions is no UTF-8 text."),
        "Save the questions as UTF-8, then ask this one again.".to_owned(),
    )
}

/// A search that found nobody.
#[must_use]
pub fn no_company_found(typed: &str) -> Failure {
    user(
        "unknown_company",
        format!("No company is called anything like \u{201c}{typed}\u{201d}."),
        "Try fewer letters, the domain, the ticker or the id (`#17`).".to_owned(),
    )
}

/// The DDL needs a location on S3.
#[must_use]
pub fn ddl(error: &ddl::Error) -> Failure {
    user(
        "bad_location",
        format!("{error}."),
        error.advice().to_owned(),
    )
}

fn choice(attribute: &Attribute, entity: &Entity, asked: &Asked) -> Match {
    Match {
        label: attribute.label.clone(),
        detail: String::new(),
        question: asked.phrase(entity.entity_id, &attribute.name),
    }
}

fn companies(found: &[directory::Match], attribute: Option<&str>, asked: &Asked) -> Vec<Match> {
    found
        .iter()
        .take(MOST)
        .map(|company| Match {
            label: company.entity.name.clone(),
            detail: company.detail(),
            question: asked.phrase(company.entity.entity_id, attribute.unwrap_or_default()),
        })
        .collect()
}
