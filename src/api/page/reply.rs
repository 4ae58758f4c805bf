//! A page on its way: whole, with its status; or begun, where the answer takes its time.
//!
//! Nobody should look at nothing while a lake is read: after [`PATIENCE`] the frame is sent with a
//! notice, and the answer follows in the same reply. Its status is 200 by then, whatever follows; so
//! nothing is sent before it is the reader's turn and the lake is being read, a report is answered
//! whole, to be sent once, and all is where nothing can be sent in parts. Start at [`respond`].

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use futures::StreamExt;
use futures::stream;
use tokio::time::timeout;

use super::visit::{Frame, Visit};
use crate::access::Through;
use crate::api::problem;
use crate::error::{Class, Failure, Match};
use crate::render::page::{self, Page, Place, links};

/// How long an answer is waited for before its page begins without it.
const PATIENCE: Duration = Duration::from_millis(700);
const HTML: &str = "text/html; charset=utf-8";

/// What a handler found to show.
pub(super) enum Shown {
    Page {
        status: StatusCode,
        page: Page,
        frame: Frame,
    },
    /// The same answer has an address of its own.
    Elsewhere(String),
}

impl Shown {
    pub(super) fn page(page: Page, frame: Frame) -> Self {
        Shown::Page {
            status: StatusCode::OK,
            page,
            frame,
        }
    }
}

/// Where the choices of a failure lead.
pub(super) type Lead = fn(&Visit, &Match) -> String;

/// Sends what `work` comes to.
pub(super) async fn respond<W, F>(visit: Visit, work: W) -> Response
where
    W: FnOnce(Visit) -> F,
    F: Future<Output = Result<Shown, Failure>> + Send + 'static,
{
    respond_leading(visit, |_, found| links::choice(found), work).await
}

pub(super) async fn respond_leading<W, F>(visit: Visit, lead: Lead, work: W) -> Response
where
    W: FnOnce(Visit) -> F,
    F: Future<Output = Result<Shown, Failure>> + Send + 'static,
{
    let mut work = Box::pin(work(visit.clone()));
    if visit.changes_something || visit.api.settings.is_buffered {
        let ended = work.await;
        return whole(&visit, lead, ended).await;
    }
    loop {
        match timeout(PATIENCE, &mut work).await {
            Ok(ended) => return whole(&visit, lead, ended).await,
            Err(_) if visit.is_being_read() => break,
            // Whether there is an answer to come is not known before it is this reader's turn.
            Err(_) => {}
        }
    }
    let begun = page::begun(&visit.shell(&Frame::default())).into_string();
    let rest = async move {
        let page = match work.await {
            Ok(Shown::Page { page, .. }) => page,
            Ok(Shown::Elsewhere(address)) => page::moved(&address),
            Err(failure) => failed(&visit, lead, failure).await.1,
        };
        page.rest().into_string()
    };
    let parts = stream::once(async { begun }).chain(stream::once(rest));
    let parts = parts.map(|part| Ok::<_, Infallible>(Bytes::from(part)));
    let mut response = Body::from_stream(parts).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(HTML));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // A compressor would keep the beginning until the end is there.
    headers.insert(
        header::CONTENT_ENCODING,
        HeaderValue::from_static("identity"),
    );
    response
}

async fn whole(visit: &Visit, lead: Lead, ended: Result<Shown, Failure>) -> Response {
    match ended {
        Ok(Shown::Page {
            status,
            page,
            frame,
        }) => html(visit, status, page, &frame),
        Ok(Shown::Elsewhere(address)) => Redirect::to(&address).into_response(),
        Err(failure) => {
            let status = problem::status(failure.class, failure.code);
            let (frame, page) = failed(visit, lead, failure).await;
            html(visit, status, page, &frame)
        }
    }
}

fn html(visit: &Visit, status: StatusCode, page: Page, frame: &Frame) -> Response {
    let body = page.whole(&visit.shell(frame)).into_string();
    let headers = [
        (header::CONTENT_TYPE, HTML),
        (header::CACHE_CONTROL, "private, no-cache"),
    ];
    let mut response = (status, headers, body).into_response();
    if let Some(seconds) = problem::again(status) {
        let headers = response.headers_mut();
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// The page of a failure. What is wrong with the lake is for the log; whoever asked gets a name
/// under which it is found there.
async fn failed(visit: &Visit, lead: Lead, failure: Failure) -> (Frame, Page) {
    let failure = problem::told(failure);
    let words = visit.parameters.get("q").unwrap_or_default();
    let frame = match (failure.class, visit.why().await) {
        (Class::User, Ok(why)) => visit.frame(&why, words),
        (_, Ok(_) | Err(_)) => Frame {
            words: words.to_owned(),
            ..Frame::default()
        },
    };
    // Whoever came by a link may open nothing else.
    let place = match visit.reader.through {
        Through::Link => Place::Link { token: "" },
        Through::Slack | Through::Loopback | Through::Token | Through::Issuer => Place::Open,
    };
    let view = visit.view(&frame, place);
    let page = page::failure(&failure, &|found| lead(visit, found), &view);
    (frame, page)
}
