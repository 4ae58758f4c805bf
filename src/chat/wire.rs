//! Carries one call to Slack and back: connector, time-outs, URLs that are allowed.
//!
//! Bodies and answers are plain JSON; nothing here knows what a method means. Start at
//! [`Wire::call`].

use std::time::Duration;

use bytes::Bytes;
use http::{Request, header};
use http_body_util::{BodyExt, Empty};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client as HttpClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use serde_json::Value;
use slack_morphism::errors::SlackClientError;
use slack_morphism::hyper_tokio::SlackClientHyperConnector;
use slack_morphism::{
    SlackApiToken, SlackApiTokenValue, SlackClient, SlackClientApiCallContext,
    SlackClientHttpConnector,
};
use url::Url;

use super::fault::{self, Effect};
use super::tally::Tally;
use super::{Error, Settings};
use crate::job::ResponseUrl;

type Connector = HttpsConnector<HttpConnector>;

/// Connections that are reused, and what every call needs. No `Debug`: it holds the token.
pub(super) struct Wire {
    pub(super) settings: Settings,
    token: SlackApiToken,
    slack: SlackClient<SlackClientHyperConnector<Connector>>,
    /// For the one answer whose headers matter: slack-morphism keeps them to itself.
    http: HttpClient<Connector, Empty<Bytes>>,
    pub(super) tally: Tally,
}

/// A method of the Web API, and what calling it twice does.
#[derive(Debug, Clone, Copy)]
pub(super) struct Method(pub(super) &'static str, pub(super) Effect);

/// What `auth.test` says.
pub(super) struct Identity {
    pub(super) answer: Value,
    pub(super) scopes: Vec<String>,
    /// When it was said, to the second, by Slack's clock.
    pub(super) date: Option<Timestamp>,
}

impl Wire {
    pub(super) fn new(settings: Settings) -> Result<Self, Error> {
        let api_url = settings.api_url.trim_end_matches('/').to_owned();
        let settings = Settings {
            api_url,
            ..settings
        };
        if !Url::parse(&settings.api_url).is_ok_and(|url| is_safe(&url, "https", "http")) {
            return Err(Error::Unreachable(
                "the API's URL must be https (http only on this machine)".to_owned(),
            ));
        }
        let connector = connector(settings.timeout)?;
        Ok(Wire {
            token: token(&settings.token)?,
            slack: SlackClient::new(
                SlackClientHyperConnector::with_connector(connector.clone())
                    .with_slack_api_url(&settings.api_url),
            ),
            http: HttpClient::builder(TokioExecutor::new()).build(connector),
            tally: Tally::default(),
            settings,
        })
    }

    /// A method that takes JSON, with the bot's token.
    pub(super) async fn call(&self, method: Method, body: &Value) -> Result<Value, Error> {
        self.call_as(&self.token, method, body).await
    }

    /// The same with the app-level token.
    #[cfg(feature = "serve")]
    pub(super) async fn call_as_app(
        &self,
        app_token: &str,
        method: Method,
        body: &Value,
    ) -> Result<Value, Error> {
        self.call_as(&token(app_token)?, method, body).await
    }

    async fn call_as(
        &self,
        token: &SlackApiToken,
        Method(name, effect): Method,
        body: &Value,
    ) -> Result<Value, Error> {
        let session = self.slack.open_session(token);
        let answer = session.http_session_api.http_post(name, body, None);
        self.finish(answer, effect).await
    }

    /// A method that takes no JSON, only parameters; all of these only read.
    pub(super) async fn read(
        &self,
        name: &'static str,
        parameters: &[(&str, &str)],
    ) -> Result<Value, Error> {
        let session = self.slack.open_session(&self.token);
        let parameters = parameters.iter().map(|(name, value)| (*name, Some(*value)));
        let parameters: Vec<(&str, Option<&str>)> = parameters.collect();
        let answer = session.http_session_api.http_get(name, &parameters, None);
        self.finish(answer, Effect::Repeatable).await
    }

    async fn finish(
        &self,
        answer: impl Future<Output = Result<Value, SlackClientError>>,
        effect: Effect,
    ) -> Result<Value, Error> {
        let answered = self.in_time(effect, answer).await;
        let answered = answered.and_then(|answer| {
            let answer = answer.map_err(|e| fault::of_call(e, effect))?;
            said_yes(answer, effect)
        });
        self.tally.counted(answered)
    }

    /// Connecting has a shorter limit of its own: what runs out here was most likely sent.
    async fn in_time<T>(
        &self,
        effect: Effect,
        answer: impl Future<Output = T>,
    ) -> Result<T, Error> {
        tokio::time::timeout(self.settings.timeout, answer)
            .await
            .map_err(|_| fault::undecided(effect, "no answer in time"))
    }

    /// `auth.test`, with what stands in headers.
    pub(super) async fn identity(&self) -> Result<Identity, Error> {
        let effect = Effect::Repeatable;
        let answered = self.in_time(effect, self.ask_identity()).await;
        self.tally.counted(answered.and_then(|answer| answer))
    }

    async fn ask_identity(&self) -> Result<Identity, Error> {
        let effect = Effect::Repeatable;
        let broke = || fault::undecided(effect, "the connection broke");
        let request = Request::post(format!("{}/auth.test", self.settings.api_url))
            .header(
                header::AUTHORIZATION,
                format!("Bearer {}", self.settings.token),
            )
            .body(Empty::new())
            .map_err(|_| Error::Auth("the token is none".to_owned()))?;
        let (head, body) = self
            .http
            .request(request)
            .await
            .map_err(|_| broke())?
            .into_parts();
        let text = |name: &str| head.headers.get(name)?.to_str().ok();
        match head.status.as_u16() {
            200 => {}
            429 => {
                let seconds = text("retry-after").and_then(|s| s.trim().parse().ok());
                return Err(fault::rate_limited(seconds.map(Duration::from_secs)));
            }
            status => return Err(fault::of_status(status, effect)),
        }
        let scopes = text("x-oauth-scopes")
            .unwrap_or_default()
            .split(',')
            .map(|scope| scope.trim().to_owned())
            .filter(|scope| !scope.is_empty())
            .collect();
        let date = text("date").and_then(|date| rfc2822::parse(date).ok());
        let date = date.map(|date| date.timestamp());
        let body = body.collect().await.map_err(|_| broke())?.to_bytes();
        let answer = serde_json::from_slice(&body).unwrap_or_default();
        Ok(Identity {
            answer: said_yes(answer, effect)?,
            scopes,
            date,
        })
    }

    /// Posts to a response URL, without a token.
    pub(super) async fn respond(
        &self,
        url: &ResponseUrl,
        body: &Value,
        effect: Effect,
    ) -> Result<(), Error> {
        self.tally
            .counted(self.respond_once(url, body, effect).await)
    }

    async fn respond_once(
        &self,
        url: &ResponseUrl,
        body: &Value,
        effect: Effect,
    ) -> Result<(), Error> {
        let url = self.allowed(url)?;
        let span = tracing::Span::none();
        let context = SlackClientApiCallContext {
            rate_control_params: None,
            token: None,
            tracing_span: &span,
            is_sensitive_url: true,
        };
        let connector = &self.slack.http_api.connector;
        let answer = connector.http_post_uri::<_, Value>(url, body, context);
        match self.in_time(effect, answer).await? {
            Ok(_) => Ok(()),
            // What Slack says here, if a server forgets to say that it is text.
            Err(SlackClientError::ProtocolError(e)) if e.json_body.as_deref() == Some("ok") => {
                Ok(())
            }
            Err(SlackClientError::ApiError(e))
                if ["used_url", "expired_url"].contains(&e.code.as_str()) =>
            {
                Err(Error::Gone(e.code))
            }
            Err(SlackClientError::HttpError(e)) if !e.status_code.is_server_error() => {
                Err(Error::Gone(format!("HTTP {}", e.status_code.as_u16())))
            }
            Err(e) => Err(fault::of_call(e, effect)),
        }
    }

    /// Whoever could make us post elsewhere would read answers, or reach into our network.
    fn allowed(&self, url: &ResponseUrl) -> Result<Url, Error> {
        let url = Url::parse(&url.0).map_err(|_| Error::Gone("not a URL".to_owned()))?;
        let host = url.host_str().unwrap_or_default();
        let with_port = url
            .port_or_known_default()
            .map(|port| format!("{host}:{port}"));
        let is_listed = self.settings.response_hosts.iter().any(|listed| {
            let as_written = url.scheme() == "https" && url.port().is_none() && listed == host;
            let as_fake =
                ["https", "http"].contains(&url.scheme()) && with_port.as_ref() == Some(listed);
            as_written || as_fake
        });
        if is_listed {
            Ok(url)
        } else {
            Err(Error::Gone("its host is not one of Slack's".to_owned()))
        }
    }
}

/// A token travels in clear only inside this machine.
pub(super) fn is_safe(url: &Url, secure: &str, plain: &str) -> bool {
    let is_local = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => return false,
    };
    url.scheme() == secure || (url.scheme() == plain && is_local)
}

/// slack-morphism looks for `error` only, and takes a page that is no JSON for an empty answer.
fn said_yes(answer: Value, effect: Effect) -> Result<Value, Error> {
    match answer.get("ok").and_then(Value::as_bool) {
        Some(true) => Ok(answer),
        Some(false) => {
            let code = answer.get("error").and_then(Value::as_str);
            Err(fault::of_code(code.unwrap_or_default(), effect))
        }
        None => Err(fault::undecided(effect, "unreadable")),
    }
}

fn token(token: &str) -> Result<SlackApiToken, Error> {
    if token.is_empty() || !token.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(Error::Auth(
            "the token is empty or holds characters that no token has".to_owned(),
        ));
    }
    Ok(SlackApiToken::new(SlackApiTokenValue(token.to_owned())))
}

fn connector(timeout: Duration) -> Result<Connector, Error> {
    let mut http = HttpConnector::new();
    http.enforce_http(false);
    http.set_nodelay(true);
    http.set_connect_timeout(Some(timeout / 2));
    let tls = HttpsConnectorBuilder::new()
        .with_native_roots()
        .map_err(|e| {
            Error::Unreachable(format!(
                "no root certificates on this machine ({}): install ca-certificates",
                e.kind()
            ))
        })?;
    Ok(tls
        .https_or_http()
        .enable_all_versions()
        .wrap_connector(http))
}
