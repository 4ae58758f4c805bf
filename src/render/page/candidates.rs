//! The candidates of the current decision: who won, who lost, why.

use maud::{Markup, html};

use crate::answer::{Answer, Explained, Status};
use crate::render::words::clean::clean;
use crate::render::words::{self, CandidateWords};

/// The longest value that stands whole in a cell.
const WHOLE: usize = 2_000;

pub(super) fn table(answer: &Answer) -> Markup {
    let Some(current) = answer.current.as_ref().filter(|c| !c.candidates.is_empty()) else {
        return html! {};
    };
    let rows: Vec<(&Explained, CandidateWords)> = current
        .candidates
        .iter()
        .map(|explained| (explained, words::candidate(answer, current, explained)))
        .collect();
    html! {
        section aria-labelledby="candidates" {
            h2 #candidates { "Candidates" }
            div.scroll tabindex="0" role="region" aria-label="The table of candidates" {
                table.candidates {
                    thead {
                        tr {
                            th scope="col" { "Source" }
                            th scope="col" { "Value" }
                            th scope="col" { "Outcome" }
                            th.figure scope="col" { "Observed" }
                            th.figure scope="col" { "Confidence" }
                        }
                    }
                    @for (explained, told) in &rows { (row(explained, told)) }
                }
            }
        }
    }
}

/// Winner and losers in a line each, where there is little room.
pub(super) fn short(answer: &Answer) -> Markup {
    let Some(current) = answer.current.as_ref().filter(|c| !c.candidates.is_empty()) else {
        return html! {};
    };
    html! {
        ul.candidates-short aria-label="Candidates" {
            @for explained in &current.candidates {
                @let told = words::candidate(answer, current, explained);
                li {
                    span.outcome.(explained.status.as_str()) { (sign(explained.status)) " " (told.outcome) } " "
                    bdi { (told.source) } " " bdi.val { (told.value) }
                }
            }
        }
    }
}

fn row(explained: &Explained, told: &CandidateWords) -> Markup {
    html! {
        tbody.(explained.status.as_str()) {
            tr {
                th scope="row" { (source(explained, told)) }
                td { (value(explained, &told.value)) }
                td { span.outcome.(explained.status.as_str()) { (sign(explained.status)) " " (told.outcome) } }
                td.figure data-label="observed" { (or_dash(&told.observed)) }
                td.figure data-label="confidence" { (or_dash(&told.confidence)) }
            }
            @if !told.why.is_empty() {
                tr.why { td colspan="5" { bdi { (told.why) } } }
            }
        }
    }
}

fn source(explained: &Explained, told: &CandidateWords) -> Markup {
    let link = explained.url.as_deref().filter(|url| is_web(url));
    html! {
        @match link {
            Some(url) => a href=(url) rel="noreferrer noopener external" dir="auto" { (told.source) },
            None => bdi { (told.source) },
        }
    }
}

/// A lake holds whatever it was given: only addresses of the web become links.
fn is_web(url: &str) -> bool {
    let low = url.get(..8).unwrap_or(url).to_ascii_lowercase();
    (low.starts_with("https://") || low.starts_with("http://")) && !url.contains(char::is_control)
}

/// Short; the whole of what was cut off in its title.
fn value(explained: &Explained, shown: &str) -> Markup {
    let stored = explained.candidate.value.as_deref().unwrap_or_default();
    let whole = shown.contains('\u{2026}').then(|| clean(stored, WHOLE));
    html! { bdi.val title=[whole] { (shown) } }
}

fn sign(status: Status) -> &'static str {
    match status {
        Status::Winner => "\u{2713}",
        Status::Agrees => "=",
        Status::NoValue => "\u{2205}",
        Status::Lost => "\u{2717}",
        Status::Undecided => "?",
    }
}

fn or_dash(text: &str) -> Markup {
    html! {
        @if text.is_empty() { span.none aria-label="not recorded" role="img" { "\u{2013}" } } @else { (text) }
    }
}
