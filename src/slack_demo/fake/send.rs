//! What people do in Slack, sent to the app under test in Slack's own shapes, signed.

use axum::body::Body;
use axum::http::{Request, header};
use http_body_util::BodyExt;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Map, Value, json};

use super::state::{BOT, Message, Url, Waiting, Workspace, Written, field};
use super::{Fake, SECRET, Shared, lock};
use crate::slack::signature::sign;

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

    /// Presses a button of the message with this timestamp, by its label or action_id.
    ///
    /// # Errors
    /// There is none, or the app can't be reached or refuses.
    pub async fn press(&self, user: &str, ts: &str, button: &str) -> Result<(), Trouble> {
        self.act(user, ts, button, None).await
    }

    /// Picks a day, or an option's value, in a message's picker or menu, by its action_id.
    ///
    /// # Errors
    /// There is none, or the app can't be reached or refuses.
    pub async fn pick(&self, user: &str, ts: &str, id: &str, value: &str) -> Result<(), Trouble> {
        self.act(user, ts, id, Some(value)).await
    }

    async fn act(
        &self,
        user: &str,
        ts: &str,
        what: &str,
        picked: Option<&str>,
    ) -> Result<(), Trouble> {
        let missing = || Trouble::Missing(format!("message or {what}"));
        let message = self.read(|w| w.message(ts).cloned()).ok_or_else(missing)?;
        let action = action(&message.blocks, what, picked).ok_or_else(missing)?;
        let is_ephemeral = message.private_to.is_some();
        let (url, trigger) = self.change(|w| {
            w.waiting.push(Waiting {
                user: user.to_owned(),
                channel: Some(message.channel.clone()),
                thread_ts: None,
            });
            let spot = Spot {
                user,
                channel: &message.channel,
                thread_ts: message.thread_ts.as_deref(),
                original: Some(ts),
            };
            (self.shared.new_url(w, spot), w.trigger(user))
        });
        let mut payload = json!({
            "type": "block_actions",
            "user": person(user),
            "api_app_id": "A1",
            "container": {
                "type": "message", "message_ts": ts, "channel_id": message.channel,
                "is_ephemeral": is_ephemeral, "thread_ts": message.thread_ts,
            },
            "trigger_id": trigger,
            "team": {"id": "T1", "domain": "lake-house"},
            "enterprise": null,
            "is_enterprise_install": false,
            "channel": {"id": message.channel},
            "state": {"values": {}},
            "response_url": url,
            "actions": [action],
        });
        if let (Value::Object(fields), false) = (&mut payload, is_ephemeral) {
            fields.insert("message".to_owned(), as_slack_has_it(&message));
        }
        self.shared.interaction(INTERACTIONS, payload).await?;
        Ok(())
    }

    /// Presses a button of the Home tab or of the open modal.
    ///
    /// # Errors
    /// There is none, or the app can't be reached or refuses.
    pub async fn press_in_view(&self, user: &str, button: &str) -> Result<(), Trouble> {
        let missing = || Trouble::Missing(format!("view or {button}"));
        let view = self.read(|w| match w.open_view(user) {
            Some(view) => Some(as_sent(&view.id, &view.hash, &view.view)),
            None => w.homes.get(user).map(|home| as_sent("VH", "0", home)),
        });
        let view = view.ok_or_else(missing)?;
        let blocks = view.get("blocks").and_then(Value::as_array);
        let action = blocks.and_then(|blocks| action(blocks, button, None));
        let action = action.ok_or_else(missing)?;
        let trigger = self.asked(user);
        let payload = json!({
            "type": "block_actions",
            "user": person(user),
            "api_app_id": "A1",
            "container": {"type": "view", "view_id": view.get("id")},
            "trigger_id": trigger,
            "team": {"id": "T1", "domain": "lake-house"},
            "view": view,
            "actions": [action],
        });
        self.shared.interaction(INTERACTIONS, payload).await?;
        Ok(())
    }

    /// "Ask why…" on a message, or from the shortcuts menu.
    ///
    /// # Errors
    /// There is no such message, or the app can't be reached or refuses.
    pub async fn shortcut(&self, user: &str, message: Option<&str>) -> Result<(), Trouble> {
        let message = match message {
            None => None,
            Some(ts) => Some(
                self.read(|w| w.message(ts).cloned())
                    .ok_or_else(|| Trouble::Missing("message".to_owned()))?,
            ),
        };
        let trigger = self.asked(user);
        let payload = match message {
            None => json!({
                "type": "shortcut",
                "team": {"id": "T1", "domain": "lake-house"},
                "user": person(user),
                "callback_id": "ask_why",
                "trigger_id": trigger,
            }),
            Some(message) => json!({
                "type": "message_action",
                "team": {"id": "T1", "domain": "lake-house"},
                "user": person(user),
                "channel": {"id": message.channel},
                "is_enterprise_install": false,
                "enterprise": null,
                "callback_id": "ask_why",
                "trigger_id": trigger,
                "response_url": self.change(|w| self.shared.new_url(w, Spot {
                    user,
                    channel: &message.channel,
                    thread_ts: message.thread_ts.as_deref(),
                    original: None,
                })),
                "message_ts": message.ts,
                "message": as_slack_has_it(&message),
            }),
        };
        self.shared.interaction(INTERACTIONS, payload).await?;
        Ok(())
    }

    /// Sends the open modal with these fields, by block_id; what the app answers (errors, if any).
    ///
    /// # Errors
    /// None is open, or the app can't be reached or refuses.
    pub async fn submit(&self, user: &str, fields: &[(&str, &str)]) -> Result<Value, Trouble> {
        let view = self.read(|w| w.open_view(user).cloned());
        let view = view.ok_or_else(|| Trouble::Missing("modal".to_owned()))?;
        let values: Map<String, Value> = fields
            .iter()
            .filter_map(|(id, value)| {
                let blocks = view.view.get("blocks")?.as_array()?;
                let block = blocks.iter().find(|b| field(b, "block_id") == Some(id))?;
                let element = block.get("element")?;
                let action_id = field(element, "action_id")?;
                Some(((*id).to_owned(), json!({action_id: filled(element, value)})))
            })
            .collect();
        let mut sent = as_sent(&view.id, &view.hash, &view.view);
        if let Value::Object(sent) = &mut sent {
            sent.insert("state".to_owned(), json!({"values": values}));
        }
        let payload = json!({
            "type": "view_submission",
            "team": {"id": "T1", "domain": "lake-house"},
            "user": person(user),
            "api_app_id": "A1",
            "trigger_id": self.asked(user),
            "view": sent,
            "response_urls": [],
            "is_enterprise_install": false,
            "enterprise": null,
        });
        let answer = self.shared.interaction(INTERACTIONS, payload).await?;
        if field(&answer, "response_action") == Some("errors") {
            self.change(|w| w.shown(user));
        } else {
            self.change(|w| {
                let open = w.views.iter_mut().filter(|open| open.id == view.id);
                open.for_each(|view| view.open = false);
            });
        }
        Ok(answer)
    }

    /// What the app offers for what was typed so far into a field of a modal.
    ///
    /// # Errors
    /// The app can't be reached or refuses.
    pub async fn suggest(&self, user: &str, id: &str, typed: &str) -> Result<Value, Trouble> {
        let payload = json!({
            "type": "block_suggestion",
            "user": person(user),
            "team": {"id": "T1", "domain": "lake-house"},
            "api_app_id": "A1",
            "action_id": id,
            "block_id": id,
            "value": typed,
        });
        self.shared.interaction("/slack/options", payload).await
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

/// The app's 200 comes before or after its answer: the later of both must not hide the answer.
fn place_first_words(w: &mut Workspace, url: &str, said: &Value) {
    let Some(id) = url.split_once("/commands/").map(|(_, id)| id.to_owned()) else {
        return;
    };
    let Some(found) = w.urls.get(&id) else {
        return;
    };
    if found.original.is_some() {
        return;
    }
    let (channel, user) = (found.channel.clone(), found.user.clone());
    let place = Written {
        channel: &channel,
        thread_ts: None,
        user: BOT,
        private_to: Some(&user),
    };
    let ts = w.add(place, said);
    if let Some(url) = w.urls.get_mut(&id) {
        url.original = Some(ts);
    }
}

/// The element that is called so, as Slack sends it when it is used.
fn action(blocks: &[Value], what: &str, picked: Option<&str>) -> Option<Value> {
    let elements = blocks.iter().flat_map(|block| {
        let elements = block.get("elements").and_then(Value::as_array);
        let accessory = block.get("accessory");
        elements.into_iter().flatten().chain(accessory)
    });
    let label = |element: &Value| {
        let label = element.pointer("/text/text").and_then(Value::as_str);
        label == Some(what) || field(element, "action_id") == Some(what)
    };
    let mut used = elements
        .filter(|e| e.get("action_id").is_some())
        .find(|e| label(e))?
        .clone();
    if let Some(picked) = picked
        && let (Value::Object(fields), Value::Object(used)) = (filled(&used, picked), &mut used)
    {
        used.extend(fields);
    }
    Some(used)
}

/// A field's state, as Slack has it in `view.state` and in actions.
fn filled(element: &Value, value: &str) -> Value {
    let kind = field(element, "type").unwrap_or_default();
    match kind {
        "datepicker" => json!({"type": kind, "selected_date": value}),
        "static_select" | "external_select" | "overflow" | "radio_buttons" => json!({
            "type": kind,
            "selected_option": {"text": {"type": "plain_text", "text": value}, "value": value},
        }),
        _ => json!({"type": kind, "value": value}),
    }
}

fn person(user: &str) -> Value {
    json!({"id": user, "username": user, "name": user, "team_id": "T1"})
}

fn as_sent(id: &str, hash: &str, view: &Value) -> Value {
    let mut sent = view.clone();
    if let Value::Object(fields) = &mut sent {
        fields.insert("id".to_owned(), json!(id));
        fields.insert("hash".to_owned(), json!(hash));
        fields.insert("state".to_owned(), json!({"values": {}}));
    }
    sent
}

fn as_slack_has_it(message: &Message) -> Value {
    json!({
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "team": "T1",
        "text": message.text,
        "blocks": message.blocks,
        "thread_ts": message.thread_ts,
    })
}
