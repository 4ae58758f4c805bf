//! What was not answered: choices where there are some, else what to do next.

use maud::html;

use super::View;
use super::frame::Page;
use super::parts::with_code;
use crate::error::{Class, Failure, Match};
use crate::render::words;

pub(super) fn page(failure: &Failure, lead: &dyn Fn(&Match) -> String, view: &View<'_>) -> Page {
    let said = words::what_failed(failure);
    let title = said.first().cloned().unwrap_or_default();
    let matches = words::matches(failure);
    let body = html! {
        article.failure.(failure.class.as_str()) {
            p.kicker { (kind(failure)) }
            @for (at, line) in said.iter().enumerate() {
                @if at == 0 { h1 { bdi { (with_code(line)) } } } @else { p { bdi { (with_code(line)) } } }
            }
            @for line in words::sentences(&failure.advice) { p.advice { bdi { (with_code(&line)) } } }
            @if !matches.is_empty() && view.place.is_open() {
                ul.choices.rich {
                    @for found in &matches {
                        li {
                            a href=(lead(found)) {
                                bdi { (found.label) }
                                @if !found.detail.is_empty() { " " span.detail { bdi { (found.detail) } } }
                            }
                        }
                    }
                }
            }
            @if let Some(reference) = words::reference(failure) { p.reference { (reference) } }
            @if view.place.is_open() && matches.is_empty() {
                p { a href="/" { "Ask something else" } }
            }
        }
    };
    Page { title, body }
}

/// A word before the sentence, so that it is known at a glance what kind of thing it is.
fn kind(failure: &Failure) -> &'static str {
    match failure.class {
        Class::Rejected => "Refused",
        Class::User if failure.code == "restricted" => "Restricted",
        Class::User if !failure.matches.is_empty() => "Not clear yet",
        Class::User => "Not answered",
        Class::Retry => "Try again in a moment",
        Class::Internal => "Something is broken",
    }
}
