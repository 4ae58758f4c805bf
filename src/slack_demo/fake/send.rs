//! What people do in Slack, sent to the app under test in Slack's own shapes, signed.
//!
//! What they write is here, what they press in `press`, what they fill in in `forms`. Start at
//! [`Fake::command`].

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, header};
use http_body_util::BodyExt;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};

use super::state::{BOT, Paste, Url, Waiting, Workspace, Written};
use super::{Fake, SECRET, Shared, lock};
use crate::slack::signature::sign;

mod forms;
mod press;
mod shapes;

/// Why nothing was sent, or what the app made of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    #[error("no app is connected: call Fake::connect first")]
    NotConnected,
    #[error("there is no {0} to use")]
    Missing(String),
    #[error("the app could not be reached: {0}")]
    Unreachable(String),
    #[error("the app answered {path} with {status}")]
    Status { path: String, status: u16 },
}

/// Who acts where, for a response URL.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot<'a> {
    pub(super) user: &'a str,
    pub(super) channel: &'a str,
    pub(super) thread_ts: Option<&'a str>,
    pub(super) original: Option<&'a str>,
}

impl Shared {
    pub(super) fn new_url(&self, w: &mut Workspace, spot: Spot<'_>) -> String {
        let id = format!("T1/{}/of-the-fake", w.next());
        let made = w.clock;
        w.urls.insert(
            id.clone(),
            Url {
                uses: 0,
                made,
                channel: spot.channel.to_owned(),
                user: spot.user.to_owned(),
                thread_ts: spot.thread_ts.map(str::to_owned),
                original: spot.original.map(str::to_owned),
            },
        );
        format!("http://{}/commands/{id}", self.address)
    }

    /// The app's answer to a signed request.
    pub(super) async fn send(
        &self,
        path: &str,
        kind: &str,
        body: String,
    ) -> Result<Value, Trouble> {
        let app = lock(&self.app).clone().ok_or(Trouble::NotConnected)?;
        let timestamp = (self.now)().as_second().to_string();
        let signature = sign(SECRET, &timestamp, body.as_bytes());
        let unreachable = |error: &dyn std::fmt::Display| Trouble::Unreachable(error.to_string());
        let request = Request::post(format!("{app}{path}"))
            .header(header::CONTENT_TYPE, kind)
            .header("x-slack-request-timestamp", timestamp)
            .header("x-slack-signature", signature)
            .body(Body::from(body))
            .map_err(|e| unreachable(&e))?;
        let client = Client::builder(TokioExecutor::new()).build_http();
        let answer = client.request(request).await.map_err(|e| unreachable(&e))?;
        let status = answer.status();
        let body = answer.into_body().collect().await;
        let body = body.map_err(|e| unreachable(&e))?.to_bytes();
        if !status.is_success() {
            return Err(Trouble::Status {
                path: path.to_owned(),
                status: status.as_u16(),
            });
        }
        let text = || Value::String(String::from_utf8_lossy(&body).into_owned());
        Ok(match body.is_empty() {
            true => Value::Null,
            false => serde_json::from_slice(&body).unwrap_or_else(|_| text()),
        })
    }

    async fn event(&self, event: Value) -> Result<Value, Trouble> {
        let number = self.change(Workspace::next);
        let body = json!({
            "token": "verification",
            "team_id": "T1",
            "api_app_id": "A1",
            "event": event,
            "type": "event_callback",
            "event_id": format!("Ev{number}"),
            "event_time": (self.now)().as_second(),
            "authorizations": [{
                "enterprise_id": null, "team_id": "T1", "user_id": BOT, "is_bot": true,
                "is_enterprise_install": false,
            }],
            "is_ext_shared_channel": false,
        });
        self.send("/slack/events", "application/json", body.to_string())
            .await
    }

    async fn interaction(&self, path: &str, payload: Value) -> Result<Value, Trouble> {
        self.send(path, FORM, form(&[("payload", &payload.to_string())]))
            .await
    }
}

/// What the app's 200 takes until its words are shown.
const ON_THE_WAY: Duration = Duration::from_millis(50);
const FORM: &str = "application/x-www-form-urlencoded";
const INTERACTIONS: &str = "/slack/interactions";

fn form(fields: &[(&str, &str)]) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields);
    form.finish()
}

impl Fake {
    /// `/why …`; what the app says at once stands there as an ephemeral message.
    ///
    /// # Errors
    /// The app can't be reached or refuses.
    pub async fn command(&self, user: &str, channel: &str, text: &str) -> Result<Value, Trouble> {
        let (url, trigger, name) = self.change(|w| {
            let spot = Spot {
                user,
                channel,
                thread_ts: None,
                original: None,
            };
            let url = self.shared.new_url(w, spot);
            w.waiting.push(Waiting {
                user: user.to_owned(),
                channel: Some(channel.to_owned()),
                thread_ts: None,
            });
            let name = w.channels.get(channel).map(|c| c.name.clone());
            (url, w.trigger(user), name.unwrap_or_default())
        });
        let body = form(&[
            ("token", "verification"),
            ("team_id", "T1"),
            ("team_domain", "lake-house"),
            ("channel_id", channel),
            ("channel_name", &name),
            ("user_id", user),
            ("user_name", user),
            ("command", "/why"),
            ("text", text),
            ("api_app_id", "A1"),
            ("is_enterprise_install", "false"),
            ("response_url", &url),
            ("trigger_id", &trigger),
        ]);
        let answer = self.shared.send("/slack/commands", FORM, body).await?;
        let said = match answer.as_str() {
            Some(text) => json!({"text": text}),
            None => answer.clone(),
        };
        if said.get("text").is_some() {
            tokio::time::sleep(ON_THE_WAY).await;
            self.change(|w| place_first_words(w, &url, &said));
        }
        Ok(answer)
    }

    /// `@why …` in a channel, or in this thread of it; the message's timestamp.
    ///
    /// # Errors
    /// The app can't be reached or refuses.
    pub async fn mention(
        &self,
        user: &str,
        channel: &str,
        thread: Option<&str>,
        text: &str,
    ) -> Result<String, Trouble> {
        self.mention_in(user, channel, thread, &format!("<@{BOT}> {text}"))
            .await
    }

    /// Words that name the app, anywhere in them.
    pub(super) async fn mention_in(
        &self,
        user: &str,
        channel: &str,
        thread: Option<&str>,
        text: &str,
    ) -> Result<String, Trouble> {
        self.write(user, channel, thread, text, "app_mention").await
    }

    /// A direct message to the bot; its timestamp.
    ///
    /// # Errors
    /// The app can't be reached or refuses.
    pub async fn direct(&self, user: &str, text: &str) -> Result<String, Trouble> {
        let channel = self.change(|w| w.direct_channel(user));
        self.write(user, &channel, None, text, "message").await
    }

    /// What people say to each other; nothing is sent to the app.
    pub fn say(&self, user: &str, channel: &str, thread: Option<&str>, text: &str) -> String {
        self.change(|w| {
            let place = Written {
                channel,
                thread_ts: thread,
                user,
                private_to: None,
            };
            w.add(place, &json!({"text": text}))
        })
    }

    async fn write(
        &self,
        user: &str,
        channel: &str,
        thread: Option<&str>,
        text: &str,
        kind: &str,
    ) -> Result<String, Trouble> {
        let ts = self.say(user, channel, thread, text);
        let is_direct = kind == "message";
        self.change(|w| {
            w.waiting.push(Waiting {
                user: user.to_owned(),
                channel: Some(channel.to_owned()),
                thread_ts: (!is_direct).then(|| thread.unwrap_or(&ts).to_owned()),
            });
        });
        let mut event = json!({
            "type": kind, "text": text, "user": user, "ts": ts, "team": "T1",
            "channel": channel, "event_ts": ts,
        });
        if let Value::Object(fields) = &mut event {
            if let Some(thread) = thread {
                fields.insert("thread_ts".to_owned(), json!(thread));
            }
            if is_direct {
                fields.insert("channel_type".to_owned(), json!("im"));
            }
        }
        self.shared.event(event).await?;
        Ok(ts)
    }

    /// Pastes links of the app into a channel; the message's timestamp. Slack tells the app
    /// wherever it is pasted, also where the app is no member.
    ///
    /// # Errors
    /// The app can't be reached or refuses.
    pub async fn paste(
        &self,
        user: &str,
        channel: &str,
        thread: Option<&str>,
        links: &[&str],
    ) -> Result<String, Trouble> {
        let ts = self.say(user, channel, thread, &links.join(" "));
        let unfurl_id = format!("{channel}.{ts}");
        let at = Some((channel.to_owned(), ts.clone()));
        self.pasted(unfurl_id.clone(), "conversations_history", at, links);
        let mut event = json!({
            "type": "link_shared", "user": user, "channel": channel, "message_ts": ts,
            "is_bot_user_member": true, "unfurl_id": unfurl_id,
            "source": "conversations_history", "links": as_links(links), "event_ts": ts,
        });
        if let (Value::Object(fields), Some(thread)) = (&mut event, thread) {
            fields.insert("thread_ts".to_owned(), json!(thread));
        }
        self.shared.event(event).await?;
        Ok(ts)
    }

    /// Writes links of the app and does not send them yet; Slack's name for where they stand.
    ///
    /// # Errors
    /// The app can't be reached or refuses.
    pub async fn compose(&self, user: &str, links: &[&str]) -> Result<String, Trouble> {
        let number = self.change(Workspace::next);
        let unfurl_id = format!("{user}-909b5454-{number}");
        self.pasted(unfurl_id.clone(), "composer", None, links);
        let event = json!({
            "type": "link_shared", "user": user, "channel": "COMPOSER", "message_ts": unfurl_id,
            "is_bot_user_member": true, "unfurl_id": unfurl_id, "source": "composer",
            "links": as_links(links), "event_ts": format!("{number}.0"),
        });
        self.shared.event(event).await?;
        Ok(unfurl_id)
    }

    /// The words that are links to the app under test, whose address stands in for its domain.
    pub(super) fn links_in(&self, text: &str) -> Vec<String> {
        let Some(app) = lock(&self.shared.app).clone() else {
            return Vec::new();
        };
        let ours = text
            .split_whitespace()
            .filter(|word| word.starts_with(&app));
        ours.map(str::to_owned).collect()
    }

    fn pasted(
        &self,
        unfurl_id: String,
        source: &'static str,
        at: Option<(String, String)>,
        links: &[&str],
    ) {
        let links = links.iter().map(|link| (*link).to_owned()).collect();
        self.change(|w| {
            w.pastes.push(Paste {
                unfurl_id,
                source,
                at,
                links,
                preview: std::collections::BTreeMap::new(),
            });
        });
    }

    /// Opens the Home tab.
    ///
    /// # Errors
    /// The app can't be reached or refuses.
    pub async fn open_home(&self, user: &str) -> Result<(), Trouble> {
        self.asked(user);
        let channel = self.change(|w| w.direct_channel(user));
        let ts = self.change(Workspace::next_ts);
        let event = json!({
            "type": "app_home_opened", "user": user, "channel": channel, "tab": "home",
            "event_ts": ts,
        });
        self.shared.event(event).await?;
        Ok(())
    }

    /// Somebody waits for a view or for an answer; the trigger of what they did.
    fn asked(&self, user: &str) -> String {
        self.change(|w| {
            w.waiting.push(Waiting {
                user: user.to_owned(),
                channel: None,
                thread_ts: None,
            });
            w.trigger(user)
        })
    }
}

fn as_links(links: &[&str]) -> Vec<Value> {
    let host = |link: &str| {
        let rest = link.split_once("://").map_or(link, |(_, rest)| rest);
        rest.split(['/', ':']).next().unwrap_or_default().to_owned()
    };
    let links = links.iter();
    links
        .map(|link| json!({"domain": host(link), "url": link}))
        .collect()
}

/// What the app's 200 says is one more ephemeral message, even where the answer was there first.
fn place_first_words(w: &mut Workspace, url: &str, said: &Value) {
    let Some(id) = url.split_once("/commands/").map(|(_, id)| id.to_owned()) else {
        return;
    };
    let Some(found) = w.urls.get(&id) else {
        return;
    };
    let (channel, user) = (found.channel.clone(), found.user.clone());
    let place = Written {
        channel: &channel,
        thread_ts: None,
        user: BOT,
        private_to: Some(&user),
    };
    let ts = w.add(place, said);
    if let Some(url) = w.urls.get_mut(&id)
        && url.original.is_none()
    {
        url.original = Some(ts);
    }
}
