//! The search alone: how to ask, with examples from this catalog.

use jiff::Timestamp;
use maud::html;

use super::frame::Page;
use super::{View, links, parts};
use crate::render::words::clean::clean;
use crate::render::words::{NAME, minute};
use crate::value::grouped;

/// Attributes that are named.
const MOST: usize = 40;

/// What the lake holds, for a welcome.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    pub companies: usize,
    pub data_as_of: Option<Timestamp>,
    /// A company that exists, for examples that answer.
    pub example: Option<&'a str>,
}

pub(super) fn home(known: &Known<'_>, view: &View<'_>) -> Page {
    let first = view
        .shell
        .attributes
        .first()
        .map_or("revenue", |(_, label)| label);
    let company = known
        .example
        .map_or_else(|| "acme".to_owned(), parts::company);
    let examples = [
        format!("{company} {first}"),
        format!("why is the {first} of {company} what it is?"),
        format!("{company} {first} as of yesterday"),
        format!("{company} changes in the last 90 days"),
        company,
    ];
    let body = html! {
        article.home {
            h1 { "Why does this company have this value?" }
            p.lead { "Name a company and one of its attributes. The answer says the value, since when, which source and rule made it win, what lost, and what looks wrong." }
            section aria-labelledby="ask" {
                h2 #ask { "Ask like this" }
                ul.examples { @for example in examples { li { a href=(links::search(&example)) dir="auto" { (example) } } } }
            }
            section aria-labelledby="attributes" {
                h2 #attributes { "Attributes" }
                ul.tags {
                    @for (_, label) in view.shell.attributes.iter().take(MOST) {
                        li { (clean(label, NAME)) }
                    }
                }
            }
            p.read-line {
                (grouped(known.companies)) " companies"
                @if let Some(at) = known.data_as_of { "; data as of " (minute(at)) }
                ". " a href=(links::API) { "JSON API" }
            }
        }
    };
    Page {
        title: "Ask".to_owned(),
        body,
    }
}
