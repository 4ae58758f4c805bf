//! Slack's Web API, outbound: posts, updates, modals, and who somebody is.
//!
//! Through slack-morphism's connector with our own bodies; every call has a time-out; errors are
//! sorted by what to do next and never print a body, a token or a response URL. Knows no question
//! and no answer. Start at [`Client`].

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use crate::job::{self, Pasted, Posted, ResponseUrl};
use crate::visibility::Standing;
use fault::Effect;
use lately::Lately;
use wire::{Method, Wire};

mod fault;
mod lately;
#[cfg(feature = "serve")]
pub mod socket;
mod tally;
mod wire;

#[cfg(test)]
mod tests;

/// How to reach Slack.
#[derive(Clone)]
pub struct Settings {
    /// `xoxb-…`.
    pub token: String,
    /// `https://slack.com/api`; a fake's on one machine.
    pub api_url: String,
    /// Hosts that a response URL may name; Slack's own in production.
    /// `host` for https; `host:port` also for a fake that speaks http.
    pub response_hosts: Vec<String>,
    /// For one call, from connecting to the last byte of the answer.
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

/// Cheap to clone: all clones share their connections.
#[derive(Clone)]
pub struct Client {
    wire: Arc<Wire>,
    /// Asked for once, when somebody's standing is first needed.
    home: Arc<OnceCell<Home>>,
    people: Arc<Lately<Standing>>,
    groups: Arc<Lately<Vec<String>>>,
}

/// The workspace and the organisation that the token belongs to, and what it may do there.
struct Home {
    team: Option<String>,
    enterprise: Option<String>,
    scopes: Vec<String>,
}

/// Where links stand that are to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfurl<'a> {
    Pasted(&'a Pasted),
    Message { channel: &'a str, ts: &'a str },
}

/// Names our metadata to Slack.
const MARK: &str = "why_job";
/// As many messages as Slack gives at once, the newest of a conversation or the first of a thread.
const MOST_MESSAGES: &str = "999";

/// A message's metadata, which nobody sees: what it was posted for, so that
/// [`Client::posted_for`] finds it.
#[must_use]
pub fn mark(job: &str) -> Value {
    json!({"event_type": MARK, "event_payload": {"job": job}})
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Client({})", self.wire.settings.api_url)
    }
}

impl Client {
    /// Connects to nothing yet.
    ///
    /// # Errors
    /// A URL that is none or would carry the token in clear; a token that can't be one.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        Ok(Client {
            wire: Arc::new(Wire::new(settings)?),
            home: Arc::default(),
            people: Arc::default(),
            groups: Arc::default(),
        })
    }

    /// How many calls failed since the client was made, by the class of their [`Error`].
    #[must_use]
    pub fn errors(&self) -> [(&'static str, u64); 7] {
        self.wire.tally.numbers()
    }

    /// `chat.postMessage`; `message` holds text, blocks and, for a thread, thread_ts.
    pub async fn post(&self, channel: &str, message: &Value) -> Result<Posted, Error> {
        let body = with(
            message,
            json!({ "channel": channel, "unfurl_links": false, "unfurl_media": false }),
        );
        let method = Method("chat.postMessage", Effect::Once);
        let answer = self.wire.call(method, &body).await?;
        // Posted, whatever else: a second time would be a second message.
        Ok(Posted {
            channel: need(&answer, "/channel", Effect::Once)?,
            ts: need(&answer, "/ts", Effect::Once)?,
        })
    }

    /// `chat.update`.
    pub async fn update(&self, at: &Posted, message: &Value) -> Result<(), Error> {
        let body = with(message, json!({ "channel": at.channel, "ts": at.ts }));
        let method = Method("chat.update", Effect::Repeatable);
        self.wire.call(method, &body).await.map(drop)
    }

    /// `conversations.replies` or `conversations.history`: the message that was posted with this
    /// job's [`mark`]. `None` as well where we may not read: the manifest asks for direct messages
    /// alone (`im:history`), a workspace may add `channels:history` and `groups:history`.
    pub async fn posted_for(
        &self,
        job: &str,
        channel: &str,
        thread_ts: Option<&str>,
    ) -> Result<Option<Posted>, Error> {
        let scopes: &[&str] = match job::is_direct(channel) {
            true => &["im:history"],
            false => &["channels:history", "groups:history"],
        };
        let home = self.home().await?;
        if !home.scopes.iter().any(|has| scopes.contains(&has.as_str())) {
            return Ok(None);
        }
        let mut parameters = vec![
            ("channel", channel),
            ("include_all_metadata", "true"),
            ("limit", MOST_MESSAGES),
        ];
        let method = match thread_ts {
            Some(ts) => {
                parameters.push(("ts", ts));
                "conversations.replies"
            }
            None => "conversations.history",
        };
        let answer = match self.wire.read(method, &parameters).await {
            Ok(answer) => answer,
            Err(e) if is_unknowable(&e) => return Ok(None),
            Err(e) => return Err(e),
        };
        let messages = answer.get("messages").and_then(Value::as_array);
        let ours = mark(job);
        let mut found = messages.into_iter().flatten().filter(|message| {
            message.pointer("/metadata/event_type") == ours.get("event_type")
                && message.pointer("/metadata/event_payload") == ours.get("event_payload")
        });
        Ok(found.find_map(|message| {
            Some(Posted {
                channel: channel.to_owned(),
                ts: text(message, "/ts")?,
            })
        }))
    }

    /// `chat.postEphemeral`.
    pub async fn ephemeral(&self, channel: &str, user: &str, message: &Value) -> Result<(), Error> {
        let body = with(message, json!({ "channel": channel, "user": user }));
        let method = Method("chat.postEphemeral", Effect::Once);
        self.wire.call(method, &body).await.map(drop)
    }

    /// `conversations.open`: the channel of a direct message.
    pub async fn open_dm(&self, user: &str) -> Result<String, Error> {
        let method = Method("conversations.open", Effect::Repeatable);
        let answer = self.wire.call(method, &json!({ "users": user })).await?;
        need(&answer, "/channel/id", Effect::Repeatable)
    }

    /// Posts to a response URL; `message` holds response_type, replace_original and the rest.
    /// Replacing may be repeated; anything else that may have been done is [`Error::Unknown`].
    pub async fn respond(&self, url: &ResponseUrl, message: &Value) -> Result<(), Error> {
        let body = with(
            message,
            json!({ "unfurl_links": false, "unfurl_media": false }),
        );
        let effect = match message.get("replace_original").and_then(Value::as_bool) {
            Some(true) => Effect::Repeatable,
            Some(false) | None => Effect::Once,
        };
        self.wire.respond(url, &body, effect).await
    }

    /// `chat.unfurl`; `unfurls` holds what to show for each link, as Slack wrote it. Done again it
    /// shows in the same place.
    pub async fn unfurl(&self, at: &Unfurl<'_>, unfurls: &Value) -> Result<(), Error> {
        let body = match at {
            Unfurl::Pasted(pasted) => json!({
                "unfurl_id": pasted.unfurl_id,
                "source": pasted.source.name(),
                "unfurls": unfurls,
            }),
            Unfurl::Message { channel, ts } => {
                json!({ "channel": channel, "ts": ts, "unfurls": unfurls })
            }
        };
        let method = Method("chat.unfurl", Effect::Repeatable);
        self.wire.call(method, &body).await.map(drop)
    }

    /// `views.open`; gives the view's id.
    pub async fn open_view(&self, trigger_id: &str, view: &Value) -> Result<String, Error> {
        let body = json!({ "trigger_id": trigger_id, "view": view });
        let method = Method("views.open", Effect::Once);
        let answer = self.wire.call(method, &body).await?;
        need(&answer, "/view/id", Effect::Once)
    }

    /// `views.update`.
    pub async fn update_view(&self, view_id: &str, view: &Value) -> Result<(), Error> {
        let body = json!({ "view_id": view_id, "view": view });
        let method = Method("views.update", Effect::Repeatable);
        self.wire.call(method, &body).await.map(drop)
    }

    /// `views.publish`: the Home tab.
    pub async fn publish_home(&self, user: &str, view: &Value) -> Result<(), Error> {
        let body = json!({ "user_id": user, "view": view });
        let method = Method("views.publish", Effect::Repeatable);
        self.wire.call(method, &body).await.map(drop)
    }

    /// `users.info`: guests and strangers are outside, and so is whom Slack does not tell us of
    /// (no scope `users:read`, unknown, not visible): the side that shows less.
    pub async fn standing(&self, user: &str) -> Result<Standing, Error> {
        let answer = match self.wire.read("users.info", &[("user", user)]).await {
            Ok(answer) => answer,
            Err(e) if is_unknowable(&e) => return Ok(Standing::Outsider),
            Err(e) => return Err(e),
        };
        let home = self.home().await?;
        let user = answer.get("user").unwrap_or(&Value::Null);
        let is_guest = ["/is_restricted", "/is_ultra_restricted", "/is_stranger"]
            .iter()
            .any(|flag| is_true(user, flag));
        Ok(if is_guest || !home.has(user) {
            Standing::Outsider
        } else {
            Standing::Member
        })
    }

    /// The same, as Slack said it within the last minute.
    pub async fn standing_lately(&self, user: &str) -> Result<Standing, Error> {
        if let Some(standing) = self.people.said(user, Instant::now()) {
            return Ok(standing);
        }
        let standing = self.standing(user).await?;
        self.people.keep(user, standing, Instant::now());
        Ok(standing)
    }

    /// `conversations.info`: whether people of other organisations read this channel, or soon
    /// will. True as well where Slack does not tell us (no scope, not a member of it). A direct
    /// message is as far outside as the person in it.
    pub async fn is_shared_outside(&self, channel: &str) -> Result<bool, Error> {
        let answer = match self
            .wire
            .read("conversations.info", &[("channel", channel)])
            .await
        {
            Ok(answer) => answer,
            Err(e) if is_unknowable(&e) => return Ok(true),
            Err(e) => return Err(e),
        };
        let flag = |name: &str| answer.pointer(name).and_then(Value::as_bool);
        let is_shared = flag("/channel/is_ext_shared");
        if is_shared == Some(true) || flag("/channel/is_pending_ext_shared") == Some(true) {
            return Ok(true);
        }
        if flag("/channel/is_im") == Some(true) {
            return match text(&answer, "/channel/user") {
                Some(user) => Ok(self.standing(&user).await? == Standing::Outsider),
                None => Ok(true),
            };
        }
        Ok(is_shared.is_none())
    }

    /// `usergroups.users.list`.
    pub async fn group_members(&self, group: &str) -> Result<Vec<String>, Error> {
        let answer = self
            .wire
            .read("usergroups.users.list", &[("usergroup", group)])
            .await?;
        let users = answer.get("users").and_then(Value::as_array);
        let users = users.ok_or_else(|| fault::undecided(Effect::Repeatable, "unreadable"))?;
        Ok(users
            .iter()
            .filter_map(|user| Some(user.as_str()?.to_owned()))
            .collect())
    }

    /// The same, as Slack said it within the last minute.
    pub async fn group_members_lately(&self, group: &str) -> Result<Vec<String>, Error> {
        if let Some(members) = self.groups.said(group, Instant::now()) {
            return Ok(members);
        }
        let members = self.group_members(group).await?;
        self.groups.keep(group, members.clone(), Instant::now());
        Ok(members)
    }

    /// `auth.test`: our own user, team and the token's scopes.
    pub async fn who_am_i(&self) -> Result<Myself, Error> {
        let identity = self.wire.identity().await?;
        Ok(Myself {
            user: need(&identity.answer, "/user_id", Effect::Repeatable)?,
            bot: text(&identity.answer, "/bot_id"),
            team: text(&identity.answer, "/team_id"),
            scopes: identity.scopes,
            date: identity.date,
        })
    }

    async fn home(&self) -> Result<&Home, Error> {
        let ask = || async {
            let identity = self.wire.identity().await?;
            Ok(Home {
                team: text(&identity.answer, "/team_id"),
                enterprise: text(&identity.answer, "/enterprise_id"),
                scopes: identity.scopes,
            })
        };
        self.home.get_or_try_init(ask).await
    }
}

impl Home {
    /// Somebody's own workspace, one of those they are in, or their organisation is ours.
    fn has(&self, user: &Value) -> bool {
        let theirs = |pointer: &str| user.pointer(pointer).and_then(Value::as_str);
        let workspaces = user
            .pointer("/enterprise_user/teams")
            .and_then(Value::as_array);
        let is_in_team = self.team.as_deref().is_some_and(|team| {
            theirs("/team_id") == Some(team)
                || workspaces.is_some_and(|teams| teams.iter().any(|t| t.as_str() == Some(team)))
        });
        let is_in_enterprise = self.enterprise.as_deref().is_some_and(|enterprise| {
            [theirs("/team_id"), theirs("/enterprise_user/enterprise_id")]
                .contains(&Some(enterprise))
        });
        is_in_team || is_in_enterprise
    }
}

/// Slack will not tell us, now or later.
fn is_unknowable(error: &Error) -> bool {
    match error {
        Error::Auth(code) => code == "missing_scope",
        Error::Unreachable(_) => true,
        Error::RateLimited(_)
        | Error::Retry(_)
        | Error::Gone(_)
        | Error::Refused(_)
        | Error::Unknown(_) => false,
    }
}

/// The message with these fields, which win.
fn with(message: &Value, fields: Value) -> Value {
    let mut body = message.clone();
    if let (Some(body), Value::Object(fields)) = (body.as_object_mut(), fields) {
        body.extend(fields);
    }
    body
}

fn is_true(json: &Value, pointer: &str) -> bool {
    json.pointer(pointer).and_then(Value::as_bool) == Some(true)
}

fn text(answer: &Value, pointer: &str) -> Option<String> {
    Some(answer.pointer(pointer)?.as_str()?.to_owned())
}

fn need(answer: &Value, pointer: &str, effect: Effect) -> Result<String, Error> {
    text(answer, pointer).ok_or_else(|| fault::undecided(effect, "unreadable"))
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Myself {
    pub user: String,
    pub bot: Option<String>,
    pub team: Option<String>,
    /// From the `x-oauth-scopes` header.
    pub scopes: Vec<String>,
    /// Slack's clock, to the second, from the `date` header.
    pub date: Option<Timestamp>,
}
