//! This looks wrong: the form, and that it was passed on.

use maud::html;

use super::View;
use super::frame::Page;
use crate::render::words::SENTENCE;
use crate::render::words::clean::clean;

/// What a report says so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Draft<'a> {
    /// In words that parse (`#17 revenue as of …`).
    pub question: &'a str,
    /// Line one of the answer it is about, where there is one.
    pub about: Option<&'a str>,
    pub wrong: &'a str,
    pub expected: &'a str,
    pub link: &'a str,
    /// Where to go back to.
    pub back: &'a str,
    /// What can't be taken as it is.
    pub refused: Option<&'a str>,
}

pub(super) fn form(draft: &Draft<'_>, view: &View<'_>) -> Page {
    let about = clean(draft.about.unwrap_or(draft.question), SENTENCE);
    let body = html! {
        article.form {
            h1 { "What looks wrong?" }
            p.now { bdi { (about) } }
            @if let Some(refused) = draft.refused { p.refused role="alert" { (refused) } }
            @if view.may_report {
                form method="post" action="/wrong" {
                    input type="hidden" name="question" value=(draft.question);
                    div.field {
                        label for="wrong" { "What is wrong with it" }
                        textarea #wrong name="wrong" rows="4" maxlength="3000" dir="auto" required { (draft.wrong) }
                    }
                    div.field {
                        label for="expected" { "What it should be " span.hint { "(if you know)" } }
                        input #expected name="expected" value=(draft.expected) maxlength="200" dir="auto";
                    }
                    div.field {
                        label for="link" { "Where that can be seen " span.hint { "(a link)" } }
                        input #link name="link" type="url" value=(draft.link) maxlength="2000" placeholder="https://";
                    }
                    button.primary type="submit" { "Report" }
                    " " a href=(draft.back) { "Back to the answer" }
                }
                p.hint { "Stewards get the answer as it is now, with your words." }
            } @else {
                p { "You may read here, but not report. Ask whoever gave you access for the scope \u{201c}feedback\u{201d}." }
                p { a href=(draft.back) { "Back to the answer" } }
            }
        }
    };
    Page {
        title: "What looks wrong?".to_owned(),
        body,
    }
}

pub(super) fn told(question: &str, back: &str, view: &View<'_>) -> Page {
    let body = html! {
        article.form {
            h1 { "Reported" }
            p { "Your report is kept" @if view.to_stewards { ", and goes to the stewards\u{2019} channel in Slack" } ": " bdi { (clean(question, SENTENCE)) } "." }
            p { a href=(back) { "Back to the answer" } }
        }
    };
    Page {
        title: "Reported".to_owned(),
        body,
    }
}
