//! The app's secrets, as they lie in Secrets Manager: read once, kept, read again when doubted.
//!
//! One secret holds `{"bot_token": "xoxb-…", "signing_secret": "…", "link_key": "…"}`; the last is
//! what signs links to the page, and may be left out. The signing secret of the version before
//! (AWSPREVIOUS) is accepted too, for an hour after the newest was put in, so that rotating it refuses
//! nothing that is under way and what has leaked is worth nothing for long; its key still opens the
//! links that it signed. Every call has time-outs, and nothing of a value is ever printed. Start at
//! [`Kept`].

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::{DisplayErrorContext, SdkError};
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;
use jiff::Timestamp;
use serde::Deserialize;
use tokio::time::Instant;

use crate::link::Key;
use crate::slack::signature::Secrets;

#[cfg(test)]
mod tests;

/// A signature that does not fit may be anybody's: no more often than this is it a reason to ask.
const DOUBTED_EVERY: Duration = Duration::from_secs(30);
/// How long the signing secret before is accepted beside a new one.
const BOTH_FOR: Duration = Duration::from_secs(60 * 60);
/// The first wait before a call is tried again.
const FIRST_WAIT: Duration = Duration::from_millis(50);
/// Less is no secret of Slack's, but what stood there before somebody filled it in.
const SHORTEST: usize = 16;
const CURRENT: &str = "AWSCURRENT";
const PREVIOUS: &str = "AWSPREVIOUS";

/// What the app needs to be known by Slack, and to know Slack.
#[derive(Clone)]
pub struct Secret {
    /// `xoxb-…`.
    pub bot_token: String,
    signing: Secrets,
    before: Option<Before>,
    /// Signs links; none where the secret has none, or what is too short for one.
    pub link_key: Option<Key>,
    /// Of the version before: links that it signed still open.
    pub link_key_before: Option<Key>,
}

/// The signing secrets during a rotation.
#[derive(Clone)]
struct Before {
    both: Secrets,
    until: Timestamp,
}

impl Secret {
    /// The signing secrets that are accepted at this moment.
    #[must_use]
    pub fn signing(&self, now: Timestamp) -> Secrets {
        let before = self.before.as_ref().filter(|before| now < before.until);
        let signing = before.map_or(&self.signing, |before| &before.both);
        signing.clone()
    }

    /// By which links are known.
    #[must_use]
    pub fn link_keys(&self) -> Vec<Key> {
        let both = [&self.link_key, &self.link_key_before];
        both.into_iter().flatten().cloned().collect()
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secret(…, {:?})", self.signing)
    }
}

/// How long a reading may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    pub attempt: Duration,
    /// Retries included: no reading takes longer.
    pub operation: Duration,
}

/// Why there is no secret. The Display text is for the log.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("Secrets Manager did not answer in time")]
    TimedOut,
    #[error("Secrets Manager failed: {0}")]
    Failed(String),
    /// The value itself is never quoted.
    #[error(
        "the secret's value is not JSON of the form {{\"bot_token\": \"xoxb-…\", \"signing_secret\": \"…\"}}"
    )]
    Shape,
}

/// What asking again came to.
#[derive(Debug)]
pub enum Asked {
    /// It was asked a moment ago: what is known stands.
    Lately,
    Now(Arc<Secret>),
    /// There is none, and none could be had.
    None,
}

/// A secret that was read, and when.
#[derive(Debug)]
pub struct Kept {
    client: Client,
    /// Its name, or its ARN.
    id: String,
    times: Times,
    doubted_every: Duration,
    last: Mutex<Last>,
    /// Held while reading, so that who asks meanwhile waits for the same reading.
    reading: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Last {
    secret: Option<Arc<Secret>>,
    /// Of the last try, however it went.
    tried: Option<Instant>,
    /// Of the last that went well.
    read: Option<Instant>,
}

impl Kept {
    /// Reads nothing yet.
    #[must_use]
    pub fn new(config: &SdkConfig, id: impl Into<String>, times: Times) -> Self {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(times.attempt)
            .operation_attempt_timeout(times.attempt)
            .operation_timeout(times.operation.mul_f64(0.9))
            .build();
        let config = aws_sdk_secretsmanager::config::Builder::from(config)
            .timeout_config(timeouts)
            .retry_config(RetryConfig::standard().with_initial_backoff(FIRST_WAIT))
            .build();
        Kept {
            client: Client::from_conf(config),
            id: id.into(),
            times,
            doubted_every: DOUBTED_EVERY,
            last: Mutex::default(),
            reading: tokio::sync::Mutex::default(),
        }
    }

    #[cfg(test)]
    pub(crate) fn doubted_every(self, doubted_every: Duration) -> Self {
        Kept {
            doubted_every,
            ..self
        }
    }

    /// What was read last.
    #[must_use]
    pub fn known(&self) -> Option<Arc<Secret>> {
        self.last().secret.clone()
    }

    /// What is known, which is read again where that was not tried within this: a version may have
    /// been taken away. Where nothing is known nothing is asked: see [`Kept::doubted`].
    pub async fn tried_within(&self, age: Duration) -> Option<Arc<Secret>> {
        self.known()?;
        let is_fresh = |last: &Last| last.tried.is_some_and(|at| at.elapsed() < age);
        self.unless(is_fresh).await.ok()
    }

    /// What is known, if it was read within this; else read now. Where that fails, what is known
    /// still stands.
    ///
    /// # Errors
    /// Nothing is known, and why nothing could be read.
    pub async fn within(&self, age: Duration) -> Result<Arc<Secret>, Error> {
        let is_fresh = |last: &Last| last.read.is_some_and(|at| at.elapsed() < age);
        self.unless(is_fresh).await
    }

    /// What is known does not fit: read now, unless that was tried in the last 30 s. Where nothing
    /// is known it is always tried.
    pub async fn doubted(&self) -> Asked {
        let before = self.last().tried;
        let is_lately = |last: &Last| {
            let again = last
                .tried
                .is_some_and(|at| at.elapsed() < self.doubted_every);
            last.secret.is_some() && again
        };
        match self.unless(is_lately).await {
            Ok(_) if self.last().tried == before => Asked::Lately,
            Ok(secret) => Asked::Now(secret),
            Err(_) => Asked::None,
        }
    }

    async fn unless(&self, is_good: impl Fn(&Last) -> bool) -> Result<Arc<Secret>, Error> {
        let known = |last: &Last| last.secret.clone().filter(|_| is_good(last));
        if let Some(secret) = known(&self.last()) {
            return Ok(secret);
        }
        let _reading = self.reading.lock().await;
        if let Some(secret) = known(&self.last()) {
            return Ok(secret);
        }
        let read = self.read().await;
        let mut last = self.last();
        last.tried = Some(Instant::now());
        match read {
            Ok(secret) => {
                last.read = last.tried;
                let secret = Arc::new(secret);
                last.secret = Some(Arc::clone(&secret));
                Ok(secret)
            }
            Err(error) => {
                let is_known = last.secret.is_some();
                tracing::error!(%error, is_known, "ALARM: the secret can't be read");
                last.secret.clone().ok_or(error)
            }
        }
    }

    async fn read(&self) -> Result<Secret, Error> {
        // The SDK's time-outs do not hold for what it does before it sends.
        let both = async { tokio::join!(self.version(CURRENT), self.version(PREVIOUS)) };
        let (current, previous) = tokio::time::timeout(self.times.operation, both)
            .await
            .map_err(|_| Error::TimedOut)?;
        let current =
            current?.ok_or_else(|| Error::Failed("there is no such secret".to_owned()))?;
        let (signing_before, link_before) = match previous {
            Ok(Some(Version { value, .. })) => (Some(value.signing_secret), value.link_key),
            Ok(None) => (None, None),
            Err(error) => {
                tracing::warn!(%error, "the secret's version before can't be read");
                (None, None)
            }
        };
        let Version { value, created } = current;
        let now = value.signing_secret;
        let accepted = |secrets: &[&String]| {
            let long = secrets.iter().filter(|secret| secret.len() >= SHORTEST);
            Secrets::new(long.map(|secret| (*secret).clone()))
        };
        Ok(Secret {
            bot_token: value.bot_token,
            signing: accepted(&[&now]),
            before: signing_before.zip(created).map(|(before, created)| Before {
                both: accepted(&[&now, &before]),
                until: created.saturating_add(BOTH_FOR).unwrap_or(Timestamp::MIN),
            }),
            link_key: value.link_key.and_then(Key::new),
            link_key_before: link_before.and_then(Key::new),
        })
    }

    /// `None` where there is no such version: a secret that was never rotated has no previous one.
    async fn version(&self, stage: &str) -> Result<Option<Version>, Error> {
        let call = self.client.get_secret_value();
        let answer = call.secret_id(&self.id).version_stage(stage).send().await;
        match answer {
            Ok(answer) => {
                let text = answer.secret_string().unwrap_or_default();
                let created = answer.created_date().map(|at| at.as_nanos());
                Ok(Some(Version {
                    value: serde_json::from_str(text).map_err(|_| Error::Shape)?,
                    created: created.and_then(|at| Timestamp::from_nanosecond(at).ok()),
                }))
            }
            Err(SdkError::ServiceError(error)) if error.err().is_resource_not_found_exception() => {
                Ok(None)
            }
            Err(error) => Err(failed(error)),
        }
    }

    fn last(&self) -> std::sync::MutexGuard<'_, Last> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn failed(error: SdkError<GetSecretValueError>) -> Error {
    if matches!(error, SdkError::TimeoutError(_)) {
        return Error::TimedOut;
    }
    Error::Failed(DisplayErrorContext(error).to_string())
}

struct Version {
    value: Value,
    /// When it was put in.
    created: Option<Timestamp>,
}

/// What lies in Secrets Manager. No `Debug`.
#[derive(Deserialize)]
struct Value {
    bot_token: String,
    signing_secret: String,
    #[serde(default)]
    link_key: Option<String>,
}
