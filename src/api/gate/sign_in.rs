//! Signing in on the page: a form that takes a token and keeps it in a cookie, and the way out.
//!
//! The cookie holds the token itself: nothing is kept here of who signed in, and a token that is
//! revoked opens nothing from then on. Start at [`router`].

use std::borrow::Cow;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use maud::{Markup, html};

use super::Door;
use super::cookie;
use super::refused::Refused;
use crate::render::page;

/// Of a form, or of an address: what was typed under a name, if anything.
fn said<'a>(fields: &'a [(Cow<'_, str>, Cow<'_, str>)], name: &str) -> &'a str {
    let found = fields.iter().find(|(known, _)| known == name);
    found.map_or("", |(_, value)| value.trim())
}

pub(super) fn router(door: Door) -> Router {
    Router::new()
        .route("/sign-in", get(show).post(sign_in))
        .route("/sign-out", post(sign_out))
        .with_state(door)
}

async fn show(RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let fields: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
    html(StatusCode::OK, form(None, said(&fields, "next")))
}

async fn sign_in(State(door): State<Door>, headers: HeaderMap, body: Bytes) -> Response {
    let fields: Vec<_> = form_urlencoded::parse(&body).collect();
    let (token, next) = (said(&fields, "token"), said(&fields, "next"));
    if token.is_empty() {
        let page = form(Some("There was no token in what was sent."), next);
        return html(StatusCode::BAD_REQUEST, page);
    }
    match door.by_token(token).await {
        Ok(_) => {}
        Err(refused @ Refused::Unavailable) => {
            let said = refused.failure().to_string();
            return html(StatusCode::SERVICE_UNAVAILABLE, form(Some(&said), next));
        }
        Err(refused) => {
            let said = refused.failure().to_string();
            return html(StatusCode::UNAUTHORIZED, form(Some(&said), next));
        }
    }
    let Some(cookie) = cookie::set(token, &headers, &door.api.settings) else {
        let said = "This token is too long for a browser's cookie: send it in the header \
             Authorization, or ask your issuer for one with fewer claims.";
        return html(StatusCode::UNPROCESSABLE_ENTITY, form(Some(said), next));
    };
    let mut response = Redirect::to(inside(next)).into_response();
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    response
}

async fn sign_out(State(door): State<Door>, headers: HeaderMap) -> Response {
    let mut response = Redirect::to("/sign-in").into_response();
    if let Some(cleared) = cookie::cleared(&headers, &door.api.settings) {
        response.headers_mut().insert(header::SET_COOKIE, cleared);
    }
    response
}

/// A path of ours, and nothing that a browser would take for somebody else's.
fn inside(next: &str) -> &str {
    let is_path = next.starts_with('/') && !next.starts_with("//");
    let is_plain = next.chars().all(|c| c.is_ascii_graphic() && c != '\\');
    let is_here = next.starts_with("/sign-in") || next.starts_with("/sign-out");
    match is_path && is_plain && !is_here {
        true => next,
        false => "/",
    }
}

fn form(wrong: Option<&str>, next: &str) -> Markup {
    shell(
        "Sign in",
        &html! {
            @if let Some(wrong) = wrong {
                p.refused role="alert" id="wrong" { (page::with_code(wrong)) }
            }
            form method="post" action="/sign-in" {
                input type="hidden" name="next" value=(inside(next));
                div.field {
                    label for="token" { "Token" }
                    input id="token" name="token" type="password" required autofocus
                        autocomplete="current-password" spellcheck="false"
                        aria-describedby=[wrong.map(|_| "wrong")];
                }
                button.primary type="submit" { "Sign in" }
            }
            p.hint {
                "Whoever runs why makes a token with " code { "why token create" }
                "; a token of your organisation\u{2019}s issuer does as well."
            }
        },
    )
}

/// In the frame of every page, without what only somebody who is known may use.
pub(super) fn shell(title: &str, body: &Markup) -> Markup {
    let body = html! {
        article.form {
            h1 { (title) }
            (body)
        }
    };
    page::shell(title, html! {}, body, &page::Shell::default())
}

pub(super) fn html(status: StatusCode, page: Markup) -> Response {
    let html = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    (status, html, page.into_string()).into_response()
}
