//! The door: who asks. Puts a [`Reader`] into each request's extensions, or answers in its place.
//!
//! Every path needs somebody who may ask, but for the few that are listed here as open; a path that
//! is added later is closed. Of a request nothing is logged but what became of it: tokens stand in
//! headers, links in paths. Start at [`guard`]; who it is, is found out in `known`.
//!
//! | who | by what | may |
//! |---|---|---|
//! | whoever sits at this machine | the connection comes from it, was meant for it, and nobody passed it on | ask, say what is wrong |
//! | a token's holder | `Authorization: Bearer why_…`, or the cookie that signing in sets | what its scopes say |
//! | whom the issuer vouches for | its token, in the same places | ask, say what is wrong |
//! | a link's holder | `/links/{token}` | read that one answer |

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::Method;
use axum::middleware::{self, Next};
use axum::response::Response;

use super::Api;
use crate::access::Reader;
use crate::link::{self, Link};
pub use keys::LinkKeys;
use known::{Asked, Known};
use limits::Limits;
pub use limits::Pace;
use refused::Refused;

mod cookie;
mod headers;
mod host;
mod keys;
mod known;
mod limits;
mod origin;
mod refused;
mod sign_in;
#[cfg(feature = "serve")]
#[cfg(test)]
mod tests;

/// A body is a form or a short report.
const MOST_BYTES: usize = 64 * 1024;
/// Within this a body must be there and be answered; without one the handlers' own budgets hold.
const BODY_TIMEOUT: Duration = Duration::from_secs(20);

/// What a path asks of whoever calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needs<'a> {
    /// Anybody may have it: it tells nothing of the lake.
    Nothing,
    /// The link in it is all that counts.
    Link(&'a str),
    Ask,
    Feedback,
}

impl<'a> Needs<'a> {
    fn of(method: &Method, path: &'a str) -> Self {
        const OPEN: [&str; 4] = ["/sign-in", "/sign-out", "/openapi.json", "/docs"];
        if OPEN.contains(&path) || path.starts_with("/assets/") {
            return Needs::Nothing;
        }
        if let Some(rest) = path.strip_prefix("/links/") {
            return Needs::Link(rest.split('/').next().unwrap_or_default());
        }
        match is_safe(method) {
            true => Needs::Ask,
            false => Needs::Feedback,
        }
    }
}

/// Whether it changes nothing.
fn is_safe(method: &Method) -> bool {
    [Method::GET, Method::HEAD, Method::OPTIONS].contains(method)
}

/// How a refusal is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Surface {
    Api,
    Page,
}

impl Surface {
    fn of(path: &str) -> Self {
        let is_data = path.ends_with(".json") || path.ends_with(".csv");
        match path == "/v1" || path.starts_with("/v1/") || is_data {
            true => Surface::Api,
            false => Surface::Page,
        }
    }
}

#[derive(Debug, Clone)]
struct Door {
    api: Arc<Api>,
    limits: Arc<Limits>,
}

/// Signing in and out, and whoever knocks at all else.
pub(super) fn guard(router: Router, api: &Arc<Api>) -> Router {
    let door = Door {
        api: Arc::clone(api),
        limits: Arc::new(Limits::new(api.settings.pace)),
    };
    router
        .merge(sign_in::router(door.clone()))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .layer(middleware::from_fn_with_state(door, admit))
        .layer(middleware::from_fn_with_state(
            headers::Headers::new(api.settings.public_url.as_deref()),
            headers::add,
        ))
}

async fn admit(State(door): State<Door>, mut request: Request, next: Next) -> Response {
    let surface = Surface::of(request.uri().path());
    // For the way back after signing in: never logged.
    let has_body = !is_safe(request.method());
    let asked_for = request
        .uri()
        .path_and_query()
        .map_or("/", |path| path.as_str())
        .to_owned();
    match door.let_in(&mut request).await {
        Ok(()) if has_body => match tokio::time::timeout(BODY_TIMEOUT, next.run(request)).await {
            Ok(response) => response,
            Err(_) => Refused::Slow.response(surface, &asked_for),
        },
        Ok(()) => next.run(request).await,
        Err(refused) => {
            let outcome = refused.code();
            tracing::info!(outcome, "not let in");
            refused.response(surface, &asked_for)
        }
    }
}

impl Door {
    /// Whoever may come in stands in the request's extensions afterwards.
    async fn let_in(&self, request: &mut Request) -> Result<(), Refused> {
        let path = request.uri().path().to_owned();
        let asked = Asked::of(request);
        let needs = Needs::of(&asked.method, &path);
        if let Needs::Link(text) = needs {
            let (reader, link) = self.by_link(text, &asked)?;
            self.limits.reader(&reader)?;
            request.extensions_mut().insert(reader);
            request.extensions_mut().insert(link);
            return Ok(());
        }
        let known = match self.who(&asked).await {
            Ok(known) => known,
            // Whoever signs in anew holds a stale cookie.
            Err(_) if needs == Needs::Nothing => Known::Nobody,
            Err(refused) => {
                self.stranger(&asked)?;
                return Err(refused);
            }
        };
        if !origin::is_own(&asked, &known, Surface::of(&path), &self.api.settings) {
            return Err(Refused::Elsewhere);
        }
        let Known::Somebody { reader, .. } = known else {
            return self.nobody(needs, &asked);
        };
        self.limits.reader(&reader)?;
        match needs {
            Needs::Ask if !reader.may.ask => return Err(Refused::Scope("ask")),
            Needs::Feedback if !reader.may.feedback => return Err(Refused::Scope("feedback")),
            Needs::Nothing | Needs::Link(_) | Needs::Ask | Needs::Feedback => {}
        }
        request.extensions_mut().insert(reader);
        Ok(())
    }

    /// Behind somebody who passes requests on all have one address: who counts them is before us.
    fn stranger(&self, asked: &Asked) -> Result<(), Refused> {
        let settings = &self.api.settings;
        let is_passed_on = settings.is_published || settings.public_url.is_some();
        self.limits.stranger(asked.peer.filter(|_| !is_passed_on))
    }

    fn nobody(&self, needs: Needs<'_>, asked: &Asked) -> Result<(), Refused> {
        match needs {
            // What costs nothing may be had as often as one likes; a guess may not.
            Needs::Nothing if is_safe(&asked.method) => Ok(()),
            Needs::Nothing => self.stranger(asked),
            Needs::Ask | Needs::Feedback | Needs::Link(_) => {
                self.stranger(asked)?;
                Err(Refused::Unknown)
            }
        }
    }

    /// Whoever holds a link is its reader, whoever else they are: it shows the same to all.
    fn by_link(&self, text: &str, asked: &Asked) -> Result<(Reader, Link), Refused> {
        let keys = self.api.settings.link_keys.now();
        match link::verify(text, &keys, (self.api.now)()) {
            Ok(_) if !is_safe(&asked.method) => Err(Refused::Scope("feedback")),
            Ok(link) => Ok((Reader::of_link(link.audience.clone()), link)),
            Err(refused) => {
                self.stranger(asked)?;
                Err(Refused::Link(refused))
            }
        }
    }
}
