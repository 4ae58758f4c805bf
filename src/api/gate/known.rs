//! Who it is: a token's or an issuer's, in a header or a cookie, or whoever sits at this machine.
//!
//! A token in a header counts alone: where it is wrong nobody is let in by another door. Start at
//! [`Door::who`].

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, HeaderName, Method, Uri, Version, header};

use super::Door;
use super::cookie;
use super::host;
use super::refused::Refused;
use crate::access::{self, Reader};
use crate::api::Settings;
use crate::oidc;

/// What is looked at of a request. No `Debug`: it holds tokens.
pub(super) struct Asked {
    pub(super) method: Method,
    pub(super) headers: HeaderMap,
    /// The other end of the connection; `None` behind API Gateway.
    pub(super) peer: Option<IpAddr>,
    uri: Uri,
    version: Version,
}

impl Asked {
    pub(super) fn of(request: &Request) -> Self {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
        Asked {
            method: request.method().clone(),
            headers: request.headers().clone(),
            peer: peer.map(|peer| peer.0.ip().to_canonical()),
            uri: request.uri().clone(),
            version: request.version(),
        }
    }

    /// What stands there once; `None` for a header that is missing, doubled or no text.
    pub(super) fn only(&self, name: impl Into<HeaderName>) -> Option<&str> {
        let mut values = self.headers.get_all(name.into()).into_iter();
        match (values.next(), values.next()) {
            (Some(value), None) => value.to_str().ok(),
            (None, _) | (Some(_), Some(_)) => None,
        }
    }
}

/// Who asks.
pub(super) enum Known {
    Nobody,
    Somebody { reader: Reader, by: By },
}

/// How they are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// They said it: a script put it there on purpose.
    Header,
    /// A browser says it by itself, whoever made it ask.
    Ambient,
}

impl Door {
    pub(super) async fn who(&self, asked: &Asked) -> Result<Known, Refused> {
        if let Some(token) = bearer(asked)? {
            let reader = self.by_token(token).await?;
            let by = By::Header;
            return Ok(Known::Somebody { reader, by });
        }
        let by = By::Ambient;
        let signed_in = match cookie::held(&asked.headers, &self.api.settings) {
            Some(token) => self.by_token(token).await.map(Some),
            None => Ok(None),
        };
        match signed_in {
            Ok(Some(reader)) => Ok(Known::Somebody { reader, by }),
            Ok(None) | Err(Refused::Token) if is_local(asked, &self.api.settings) => {
                let reader = Reader::operator();
                Ok(Known::Somebody { reader, by })
            }
            Ok(None) => Ok(Known::Nobody),
            Err(refused) => Err(refused),
        }
    }

    /// Of a token of ours, or of the issuer's.
    pub(super) async fn by_token(&self, token: &str) -> Result<Reader, Refused> {
        let now = (self.api.now)();
        if access::is_token(token) {
            return match self.api.ledger.token(&access::hash(token), now).await {
                Ok(Some(token)) => Ok(Reader::of_token(&token)),
                Ok(None) => Err(Refused::Token),
                Err(error) => {
                    tracing::error!(%error, "ALARM: the tokens can't be read");
                    Err(Refused::Unavailable)
                }
            };
        }
        let Some(issuer) = &self.api.settings.issuer else {
            return Err(Refused::Token);
        };
        match issuer.verify(token, now).await {
            Ok(person) => Ok(Reader::of_issuer(&person.user, person.groups)),
            Err(error @ oidc::Error::Unreachable(_)) => {
                tracing::error!(%error, "ALARM: nobody can tell who somebody is");
                Err(Refused::Unavailable)
            }
            Err(error) => {
                tracing::info!(reason = %error, "a token is not taken");
                Err(Refused::Token)
            }
        }
    }
}

/// The token of the one header there is; another scheme's (a proxy's own login) is not ours.
fn bearer(asked: &Asked) -> Result<Option<&str>, Refused> {
    let said = asked.headers.get_all(header::AUTHORIZATION).iter().count();
    if said == 0 {
        return Ok(None);
    }
    let only = asked.only(header::AUTHORIZATION).ok_or(Refused::Token)?;
    let (scheme, token) = only.split_once(' ').unwrap_or((only, ""));
    match scheme.eq_ignore_ascii_case("bearer") {
        true => Ok(Some(token.trim())),
        false => Ok(None),
    }
}

/// Whether it comes from this machine, was meant for it, and nobody passed it on.
///
/// A tunnel or a proxy beside us connects from this machine too. Those that are honest leave a
/// trace: the name that the world calls, or who called. A browser here that somebody's DNS led to
/// us names that somebody as host.
fn is_local(asked: &Asked, settings: &Settings) -> bool {
    let is_ours = |host: &str| host::is_loopback_host(host);
    // The page is reached by the world: whatever comes may come from there.
    let is_public = settings
        .public_url
        .as_deref()
        .is_some_and(|url| !is_ours(authority(url)));
    let is_meant = asked.only(header::HOST).is_some_and(is_ours)
        && asked.uri.authority().is_none_or(|a| is_ours(a.as_str()));
    !is_public
        && !settings.is_published
        && asked.peer.is_some_and(|peer| peer.is_loopback())
        && is_meant
        && !asked.headers.keys().any(is_trace)
        // What proxies speak where nobody told them otherwise, and browsers never.
        && asked.version != Version::HTTP_10
        && asked.version != Version::HTTP_09
}

/// `why.example.com:8443` of `https://why.example.com:8443/path`.
pub(super) fn authority(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or_default()
}

/// A header that only whoever passes requests on would add.
fn is_trace(name: &HeaderName) -> bool {
    const NAMES: [&str; 7] = [
        "authorization",
        "client-ip",
        "fastly-client-ip",
        "forwarded",
        "proxy-authorization",
        "true-client-ip",
        "via",
    ];
    const BEGINNINGS: [&str; 8] = [
        "cf-",
        "x-amzn-",
        "x-client-",
        "x-envoy-",
        "x-forwarded",
        "x-original-",
        "x-proxy",
        "x-real-",
    ];
    let name = name.as_str();
    NAMES.contains(&name) || BEGINNINGS.iter().any(|b| name.starts_with(b))
}
