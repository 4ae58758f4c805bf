//! Slack's `views.open`, and nothing else of Slack: what ingress needs within a trigger's seconds.
//!
//! A client of a few lines instead of the worker's, which would make this small function a big
//! one. Starts no connection before it is needed. Start at [`views`].

use std::sync::{Arc, OnceLock};

use axum::http::{Request, Uri, header};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};

use crate::ingress::Views;
use crate::secrets::{Asked, Kept};

#[cfg(test)]
mod tests;

/// Slack's answer holds the view, which has its own limit far below this.
const MOST_BYTES: usize = 1024 * 1024;
/// The codes that say that the token is no longer one.
const TOKEN_GONE: [&str; 5] = [
    "account_inactive",
    "invalid_auth",
    "not_authed",
    "token_expired",
    "token_revoked",
];

type Http = Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

struct Slack {
    /// `https://slack.com/api/views.open`.
    url: String,
    kept: Arc<Kept>,
    /// Made when it is first needed: most requests open no view.
    http: OnceLock<Http>,
}

/// Why no view was opened; the Display text is for the log.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("there is no bot token")]
    NoToken,
    #[error("Slack can't be reached: {0}")]
    Unreachable(&'static str),
    #[error("Slack answered with HTTP {0}")]
    Status(u16),
    #[error("Slack refused: {0}")]
    Refused(String),
    #[error("Slack's answer could not be read")]
    Unreadable,
}

/// `api_url` is `https://slack.com/api`, or a fake's on this machine.
pub(super) fn views(api_url: &str, kept: Arc<Kept>) -> Views {
    let slack = Arc::new(Slack {
        url: format!("{}/views.open", api_url.trim_end_matches('/')),
        kept,
        http: OnceLock::new(),
    });
    Views::new(move |trigger_id, view| {
        let slack = Arc::clone(&slack);
        let body = json!({ "trigger_id": trigger_id, "view": view }).to_string();
        async move { slack.open(body).await.map_err(|error| error.to_string()) }
    })
}

impl Slack {
    /// Once more where the token was changed since it was read: nothing was opened by the first.
    async fn open(&self, body: String) -> Result<String, Error> {
        let secret = match self.kept.known() {
            Some(secret) => secret,
            None => self.newer().await.ok_or(Error::NoToken)?,
        };
        match self.call(&secret.bot_token, body.clone()).await {
            Err(Error::Refused(code)) if TOKEN_GONE.contains(&code.as_str()) => {
                match self.newer().await {
                    Some(newer) if newer.bot_token != secret.bot_token => {
                        self.call(&newer.bot_token, body).await
                    }
                    Some(_) | None => Err(Error::Refused(code)),
                }
            }
            opened => opened,
        }
    }

    async fn newer(&self) -> Option<Arc<crate::secrets::Secret>> {
        match self.kept.doubted().await {
            Asked::Now(secret) => Some(secret),
            Asked::Lately | Asked::None => None,
        }
    }

    async fn call(&self, token: &str, body: String) -> Result<String, Error> {
        let request = Request::post(&self.url)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
            .body(Full::new(Bytes::from(body)))
            .map_err(|_| Error::NoToken)?;
        let broke = |_| Error::Unreachable("the connection broke");
        let answer = self.http()?.request(request).await.map_err(broke)?;
        if !answer.status().is_success() {
            return Err(Error::Status(answer.status().as_u16()));
        }
        let body = Limited::new(answer.into_body(), MOST_BYTES).collect().await;
        let body = body.map_err(|_| Error::Unreadable)?.to_bytes();
        view_id(&body)
    }

    fn http(&self) -> Result<&Http, Error> {
        if let Some(http) = self.http.get() {
            return Ok(http);
        }
        let connector = connector(&self.url)?;
        let http = Client::builder(TokioExecutor::new()).build(connector);
        Ok(self.http.get_or_init(|| http))
    }
}

/// A token travels in clear only inside this machine; whoever read the environment saw to that.
fn connector(url: &str) -> Result<HttpsConnector<HttpConnector>, Error> {
    let uri: Uri = url.parse().map_err(|_| Error::Unreachable("not a URL"))?;
    let mut http = HttpConnector::new();
    http.enforce_http(false);
    http.set_nodelay(true);
    let tls = HttpsConnectorBuilder::new()
        .with_native_roots()
        .map_err(|_| Error::Unreachable("no root certificates on this machine"))?;
    let tls = match uri.scheme_str() {
        Some("http") => tls.https_or_http(),
        Some(_) | None => tls.https_only(),
    };
    Ok(tls.enable_http1().wrap_connector(http))
}

fn view_id(body: &[u8]) -> Result<String, Error> {
    let answer: Value = serde_json::from_slice(body).map_err(|_| Error::Unreadable)?;
    let text = |pointer: &str| answer.pointer(pointer).and_then(Value::as_str);
    match answer.get("ok").and_then(Value::as_bool) {
        Some(true) => Ok(text("/view/id").ok_or(Error::Unreadable)?.to_owned()),
        Some(false) => {
            let code = text("/error").unwrap_or_default();
            // Only what looks like one of Slack's codes reaches the log.
            let is_code = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            match code.len() <= 64 && !code.is_empty() && code.chars().all(is_code) {
                true => Err(Error::Refused(code.to_owned())),
                false => Err(Error::Unreadable),
            }
        }
        None => Err(Error::Unreadable),
    }
}
