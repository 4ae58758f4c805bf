//! What the page and the API are told: how people reach them, and who vouches for people.
//!
//! The same for `why serve` and for the api function, whose variables have the same names. Start at
//! [`Web`].

use std::num::NonZeroUsize;

use super::serve::{Told, loopback_host, user};
use super::{
    API_AT_ONCE, CORS, OIDC_AUDIENCE, OIDC_GROUPS_CLAIM, OIDC_ISSUER, OIDC_USER_CLAIM, PAGE_URL,
    Variable,
};
use crate::error::Failure;

#[cfg(test)]
mod tests;

const DEFAULT_USER_CLAIM: &str = "sub";
const DEFAULT_GROUPS_CLAIM: &str = "groups";
/// With more there might as well be no bound.
const MOST_AT_ONCE: usize = 10_000;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Web {
    /// Without a path.
    pub page_url: Option<String>,
    pub issuer: Option<Issuer>,
    /// Origins, as browsers say them.
    pub cors: Vec<String>,
    /// Questions that may read the lake at once, if it is said.
    pub at_once: Option<NonZeroUsize>,
}

impl Web {
    /// Then being at this machine tells nothing.
    #[must_use]
    pub fn is_reached_from_elsewhere(&self) -> bool {
        let url = self.page_url.as_deref();
        url.is_some_and(|url| url.starts_with("https://"))
    }
}

/// Whom an OpenID Connect issuer vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    /// As it calls itself in its tokens: to the last character.
    pub url: String,
    pub audience: String,
    pub user_claim: String,
    pub groups_claim: String,
}

impl Told {
    /// # Errors
    /// What is no URL, origin or number, and an issuer without an audience.
    pub fn web(&self) -> Result<Web, Failure> {
        Ok(Web {
            page_url: self.page_url()?,
            issuer: self.issuer()?,
            cors: self.cors()?,
            at_once: self.at_once()?,
        })
    }

    fn page_url(&self) -> Result<Option<String>, Failure> {
        let Some(said) = self.get(PAGE_URL) else {
            return Ok(None);
        };
        let url = said.trim_end_matches('/');
        let host = url.split_once("://").map_or(url, |(_, host)| host);
        if is_web(url) && !host.contains(['?', '#', '@', '/']) {
            return Ok(Some(url.to_owned()));
        }
        Err(user(
            "bad_page_url",
            format!(
                "{} is no address at which people can open the page over https.",
                shown(said)
            ),
            "Write it like https://why.example.com, without a path: the page wants a host of its own. Only on this machine it may begin with http://127.0.0.1.",
        ))
    }

    fn issuer(&self) -> Result<Option<Issuer>, Failure> {
        let said = |variable: Variable| self.get(variable).map(str::to_owned);
        let (url, audience) = (said(OIDC_ISSUER), said(OIDC_AUDIENCE));
        match (url, audience) {
            (None, None) => Ok(None),
            (Some(url), Some(audience)) if is_web(&url) => Ok(Some(Issuer {
                url,
                audience,
                user_claim: said(OIDC_USER_CLAIM).unwrap_or_else(|| DEFAULT_USER_CLAIM.to_owned()),
                groups_claim: said(OIDC_GROUPS_CLAIM)
                    .unwrap_or_else(|| DEFAULT_GROUPS_CLAIM.to_owned()),
            })),
            (Some(url), Some(_)) => Err(user(
                "bad_issuer",
                format!(
                    "{} is no issuer: it is neither https nor on this machine.",
                    shown(&url)
                ),
                "Write it as its tokens do (`iss`), such as https://login.example.com/tenant.",
            )),
            // Tokens that were made for another program would open this one.
            (Some(_), None) => Err(user(
                "no_audience",
                "There is an issuer (WHY_OIDC_ISSUER), but no audience.",
                "Put the client id that the issuer gave this program into WHY_OIDC_AUDIENCE: without it tokens made for others would be taken.",
            )),
            (None, Some(_)) => Err(user(
                "no_issuer",
                "There is an audience (WHY_OIDC_AUDIENCE), but no issuer.",
                "Put the issuer\u{2019}s URL into WHY_OIDC_ISSUER, or leave both out.",
            )),
        }
    }

    fn at_once(&self) -> Result<Option<NonZeroUsize>, Failure> {
        let Some(said) = self.get(API_AT_ONCE) else {
            return Ok(None);
        };
        let number = said.parse().ok();
        match number.filter(|number: &NonZeroUsize| number.get() <= MOST_AT_ONCE) {
            Some(number) => Ok(Some(number)),
            None => Err(user(
                "bad_at_once",
                format!("{} is no number of questions at once.", shown(said)),
                format!(
                    "Write a whole number from 1 to {MOST_AT_ONCE} into {}, or leave it out.",
                    API_AT_ONCE.name
                ),
            )),
        }
    }

    fn cors(&self) -> Result<Vec<String>, Failure> {
        let said = self.get(CORS).unwrap_or_default();
        let origins = said.split(',').map(str::trim).filter(|o| !o.is_empty());
        origins
            .map(|origin| match is_origin(origin) {
                true => Ok(origin.to_ascii_lowercase()),
                false => Err(user(
                    "bad_origin",
                    format!("{} is no origin of a page.", shown(origin)),
                    "Write it like https://dashboard.example.com: no path, no slash at its end, no `*`.",
                )),
            })
            .collect()
    }
}

/// Over https, or to this machine.
fn is_web(url: &str) -> bool {
    let is_plain = |url: &str| url.chars().all(|c| c.is_ascii_graphic() && c != '\\');
    let host = url.strip_prefix("https://");
    let is_safe = host.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'));
    is_plain(url)
        && (is_safe || loopback_host(url).is_some() || url.starts_with("http://localhost:"))
}

fn is_origin(origin: &str) -> bool {
    let host = origin
        .strip_prefix("https://")
        .or_else(|| origin.strip_prefix("http://"));
    host.is_some_and(|host| {
        let is_fine =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
        !host.is_empty() && host.chars().all(is_fine)
    })
}

/// As much of what was said as fits into a line.
fn shown(said: &str) -> String {
    const MOST: usize = 100;
    said.chars()
        .filter(|c| !c.is_control())
        .take(MOST)
        .collect()
}
