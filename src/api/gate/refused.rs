//! Why somebody is not let in, told as they can use it: problem details where data was asked for,
//! a page where a person looks.
//!
//! Says no more than they know already. Start at [`Refused::response`].

use std::time::Duration;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Surface, sign_in};
use crate::api::problem;
use crate::error::{Class, Failure};
use crate::link;
use crate::render::page;

/// After a store or an issuer did not answer.
const AGAIN_S: u64 = 5;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// They did not say who they are.
    Unknown,
    /// What they said it with is no token, or no longer one.
    Token,
    /// They may not do that.
    Scope(&'static str),
    /// A page of somebody else's made them ask.
    Elsewhere,
    Link(link::Refused),
    /// Not before this long.
    TooMany(Duration),
    /// Nobody can tell now who they are.
    Unavailable,
    /// What they send does not end.
    Slow,
}

impl Refused {
    pub(super) fn code(self) -> &'static str {
        match self {
            Refused::Unknown => "no_login",
            Refused::Token => "bad_token",
            Refused::Scope(_) => "scope",
            Refused::Elsewhere => "other_origin",
            Refused::Link(link::Refused::Expired) => "link_expired",
            Refused::Link(link::Refused::Unsigned) => "bad_link",
            Refused::TooMany(_) => "too_many_requests",
            Refused::Unavailable => "login_unavailable",
            Refused::Slow => "too_slow",
        }
    }

    pub(super) fn failure(self) -> Failure {
        let said = |text: &str, advice: &str| {
            let class = match self {
                Refused::TooMany(_) | Refused::Unavailable => Class::Retry,
                Refused::Unknown
                | Refused::Token
                | Refused::Scope(_)
                | Refused::Elsewhere
                | Refused::Link(_)
                | Refused::Slow => Class::User,
            };
            Failure::new(class, self.code(), text, advice)
        };
        match self {
            Refused::Unknown => said(
                "Nobody knows who asks.",
                "Send a token in the header Authorization (`Bearer why_…`); `why token create` makes one, or your issuer does.",
            ),
            Refused::Token => said(
                "This token opens nothing: it is wrong, has expired or was revoked.",
                "Get a new one from whoever runs why (`why token create`), or from your issuer.",
            ),
            Refused::Scope("feedback") => said(
                "Whoever this is may only read here.",
                "Say it in Slack, or ask for a token with the scope feedback.",
            ),
            Refused::Scope(_) => said(
                "This token may not ask.",
                "Ask for a token with the scope ask.",
            ),
            Refused::Elsewhere => said(
                "A page of another origin asked for this.",
                "Open the page itself and try again there.",
            ),
            Refused::Link(link::Refused::Expired) => said(
                "This link has expired.",
                "Ask again in Slack: the answer has a new one. Or sign in.",
            ),
            Refused::Link(link::Refused::Unsigned) => said(
                "This link opens nothing: it is not complete, or nobody here made it.",
                "Copy the whole link, or ask again in Slack.",
            ),
            Refused::TooMany(_) => {
                said("So many requests at once are not taken.", "Wait a moment.")
            }
            Refused::Unavailable => said(
                "Nobody can tell at the moment who asks.",
                "Try again in a moment; if it lasts, tell whoever runs why.",
            ),
            Refused::Slow => said("The request did not end in time.", "Send it again at once."),
        }
    }

    /// `asked_for`: the path and query that somebody is to come back to once they have signed in.
    pub(super) fn response(self, surface: Surface, asked_for: &str) -> Response {
        let mut response = match (surface, self) {
            (Surface::Page, Refused::Unknown | Refused::Token) => {
                let next = utf8_percent_encode(asked_for, NON_ALPHANUMERIC);
                return Redirect::to(&format!("/sign-in?next={next}")).into_response();
            }
            (Surface::Page, _) => self.page(),
            (Surface::Api, _) => self.problem(),
        };
        if let Some(value) = self.challenge() {
            let headers = response.headers_mut();
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(value));
        }
        if let Some(seconds) = self.again_in() {
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }

    fn problem(self) -> Response {
        let failure = self.failure();
        let status = problem::status(failure.class, failure.code);
        let json = [(header::CONTENT_TYPE, problem::MEDIA_TYPE)];
        (status, json, problem::body(&failure, status).to_string()).into_response()
    }

    fn page(self) -> Response {
        let failure = self.failure();
        let page = sign_in::shell(
            &failure.text,
            &html! {
                p { (page::with_code(&failure.advice)) }
                p { a href="/sign-in" { "Sign in" } }
            },
        );
        sign_in::html(problem::status(failure.class, failure.code), page)
    }

    fn challenge(self) -> Option<&'static str> {
        match self {
            Refused::Unknown => Some("Bearer realm=\"why\""),
            Refused::Token => Some("Bearer realm=\"why\", error=\"invalid_token\""),
            Refused::Scope(_) => Some("Bearer realm=\"why\", error=\"insufficient_scope\""),
            Refused::Elsewhere
            | Refused::Link(_)
            | Refused::TooMany(_)
            | Refused::Unavailable
            | Refused::Slow => None,
        }
    }

    /// Whole seconds, rounded up: sooner is too soon.
    fn again_in(self) -> Option<u64> {
        match self {
            Refused::TooMany(wait) => Some(wait.as_secs() + 1),
            Refused::Unavailable => Some(AGAIN_S),
            Refused::Unknown
            | Refused::Token
            | Refused::Scope(_)
            | Refused::Elsewhere
            | Refused::Link(_)
            | Refused::Slow => None,
        }
    }
}
