//! The issuer's public keys: found through its discovery document, kept, read again when a token
//! names one that is not known, and from time to time.
//!
//! Anybody may send a token with a key that nobody knows: it is a reason to ask now and then, not
//! each time. Start at [`Keys::named`].

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::{Request, StatusCode, Uri, header};
use http_body_util::{BodyExt, Empty, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use jsonwebtoken::jwk::Jwk;
use serde_json::Value;
use tokio::time::Instant;

use super::Error;

/// Two documents are read within this: somebody waits.
const PATIENCE: Duration = Duration::from_secs(5);
/// An issuer's documents are some kilobytes.
const MOST_BYTES: usize = 256 * 1024;
const MOST_KEYS: usize = 100;

/// How long what is known is good enough.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// A key that the issuer has withdrawn opens nothing after this.
    pub(super) fresh: Duration,
    /// While the issuer is away, what it said last counts for so long.
    pub(super) kept: Duration,
    /// Between two tries because of a key that is not known.
    pub(super) doubted_every: Duration,
    /// Between two tries while nothing is known.
    pub(super) failed_for: Duration,
}

const USUAL: Pace = Pace {
    fresh: Duration::from_secs(60 * 60),
    kept: Duration::from_secs(24 * 60 * 60),
    doubted_every: Duration::from_secs(30),
    failed_for: Duration::from_secs(2),
};

type Http = Client<HttpsConnector<HttpConnector>, Empty<&'static [u8]>>;

pub(super) struct Keys {
    issuer: String,
    http: Http,
    pub(super) pace: Pace,
    last: Mutex<Last>,
    /// Held while reading, so that who asks meanwhile waits for the same reading.
    reading: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Last {
    keys: Option<Arc<Vec<Jwk>>>,
    /// When those were read.
    read: Option<Instant>,
    /// Of the last try, and how it failed if it did.
    tried: Option<(Instant, Option<Error>)>,
}

impl Keys {
    pub(super) fn new(issuer: &str) -> Result<Self, Error> {
        let uri: Uri = issuer.parse().map_err(|_| unreachable("not a URL"))?;
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        let tls = HttpsConnectorBuilder::new()
            .with_native_roots()
            .map_err(|_| unreachable("no root certificates on this machine"))?;
        // In clear only inside this machine; whoever read the settings saw to that.
        let tls = match uri.scheme_str() {
            Some("http") => tls.https_or_http(),
            Some(_) | None => tls.https_only(),
        };
        let connector = tls.enable_http1().wrap_connector(http);
        Ok(Keys {
            issuer: issuer.to_owned(),
            http: Client::builder(TokioExecutor::new()).build(connector),
            pace: USUAL,
            last: Mutex::default(),
            reading: tokio::sync::Mutex::default(),
        })
    }

    /// Those of that name; where a token names none, the only one there is.
    pub(super) async fn named(&self, kid: Option<&str>) -> Result<Vec<Jwk>, Error> {
        let found = |keys: &[Jwk]| -> Vec<Jwk> {
            match kid {
                Some(kid) => {
                    let is_it = |key: &&Jwk| key.common.key_id.as_deref() == Some(kid);
                    keys.iter().filter(is_it).cloned().collect()
                }
                None => match keys {
                    [only] => vec![only.clone()],
                    _ => Vec::new(),
                },
            }
        };
        let keys = self.known().await?;
        let fitting = found(&keys);
        if !fitting.is_empty() {
            return Ok(fitting);
        }
        match kid {
            Some(_) => Ok(found(&self.doubted(&keys).await)),
            None => Ok(fitting),
        }
    }

    /// What is known, read now if need be.
    async fn known(&self) -> Result<Arc<Vec<Jwk>>, Error> {
        let pace = self.pace;
        if let Some(keys) = self.last().younger_than(pace.fresh) {
            return Ok(keys);
        }
        let _reading = self.reading.lock().await;
        {
            let last = self.last();
            if let Some(keys) = last.younger_than(pace.fresh) {
                return Ok(keys);
            }
            if let Some((at, Some(error))) = &last.tried
                && at.elapsed() < pace.failed_for
            {
                return last.younger_than(pace.kept).ok_or_else(|| error.clone());
            }
        }
        match self.read().await {
            Ok(keys) => Ok(keys),
            Err(error) => self.last().younger_than(pace.kept).ok_or(error),
        }
    }

    /// Read anew, unless that was tried a moment ago; else what is known.
    async fn doubted(&self, known: &Arc<Vec<Jwk>>) -> Arc<Vec<Jwk>> {
        let _reading = self.reading.lock().await;
        {
            let last = self.last();
            let is_lately = last
                .tried
                .as_ref()
                .is_some_and(|(at, _)| at.elapsed() < self.pace.doubted_every);
            if is_lately {
                return last.keys.clone().unwrap_or_else(|| Arc::clone(known));
            }
        }
        self.read().await.unwrap_or_else(|_| Arc::clone(known))
    }

    pub(super) async fn read_now(&self) -> Result<Arc<Vec<Jwk>>, Error> {
        let _reading = self.reading.lock().await;
        self.read().await
    }

    async fn read(&self) -> Result<Arc<Vec<Jwk>>, Error> {
        let read = tokio::time::timeout(PATIENCE, self.fetch()).await;
        let read = read.unwrap_or_else(|_| Err(unreachable("it did not answer in time")));
        let mut last = self.last();
        last.tried = Some((Instant::now(), read.as_ref().err().cloned()));
        match read {
            Ok(keys) => {
                let keys = Arc::new(keys);
                last.read = Some(Instant::now());
                last.keys = Some(Arc::clone(&keys));
                Ok(keys)
            }
            Err(error) => {
                tracing::warn!(%error, "the issuer's keys stay as they were");
                Err(error)
            }
        }
    }

    async fn fetch(&self) -> Result<Vec<Jwk>, Error> {
        let base = self.issuer.trim_end_matches('/');
        let about = self
            .document(&format!("{base}/.well-known/openid-configuration"))
            .await?;
        let text = |name: &str| about.get(name).and_then(Value::as_str);
        if text("issuer") != Some(&self.issuer) {
            return Err(unreachable("its discovery document is another issuer's"));
        }
        let place =
            text("jwks_uri").ok_or_else(|| unreachable("it does not say where they are"))?;
        let set = self.document(place).await?;
        let keys = set.get("keys").and_then(Value::as_array);
        let keys = keys.ok_or_else(|| unreachable("there are none where it says they are"))?;
        // One by one: a key of a kind that is not known yet is no reason to lose the others.
        let read = |key: &Value| serde_json::from_value(key.clone()).ok();
        Ok(keys.iter().filter_map(read).take(MOST_KEYS).collect())
    }

    async fn document(&self, url: &str) -> Result<Value, Error> {
        let request = Request::get(url)
            .header(header::ACCEPT, "application/json")
            .body(Empty::new())
            .map_err(|_| unreachable("not a URL"))?;
        let answer = self.http.request(request).await;
        let answer = answer.map_err(|_| unreachable("the connection broke"))?;
        if answer.status() != StatusCode::OK {
            let status = answer.status().as_u16();
            return Err(Error::Unreachable(format!(
                "it answered with HTTP {status}"
            )));
        }
        let body = Limited::new(answer.into_body(), MOST_BYTES).collect().await;
        let body = body.map_err(|_| unreachable("its answer broke off, or is too long"))?;
        serde_json::from_slice(&body.to_bytes()).map_err(|_| unreachable("its answer is no JSON"))
    }

    fn last(&self) -> std::sync::MutexGuard<'_, Last> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Last {
    fn younger_than(&self, age: Duration) -> Option<Arc<Vec<Jwk>>> {
        let is_young = self.read.is_some_and(|at| at.elapsed() < age);
        self.keys.clone().filter(|_| is_young)
    }
}

fn unreachable(reason: &str) -> Error {
    Error::Unreachable(reason.to_owned())
}
