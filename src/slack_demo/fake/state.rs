//! The workspace: people, channels, what was said, and what the app under test called.
//!
//! Times are counted, not read: the same conversation always has the same timestamps.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use serde_json::{Value, json};

use super::Fault;

/// The bot's own user.
pub const BOT: &str = "U0WHY";
/// Members; Grace is the one that stewards in examples.
pub const ADA: &str = "U1";
pub const GRACE: &str = "U2";
/// A guest (`is_restricted`) and somebody of another organisation (`is_stranger`).
pub const GUEST: &str = "U3";
pub const STRANGER: &str = "U4";

/// Public, with the bot.
pub const PUBLIC: &str = "C1";
/// Private, without the bot: to it, there is no such channel.
pub const PRIVATE: &str = "C2";
/// Public, without the bot.
pub const NOT_JOINED: &str = "C3";
/// Another organisation reads it.
pub const SHARED: &str = "C4";
pub const ARCHIVED: &str = "C5";
/// Public, with the bot: where reports go.
pub const TRIAGE: &str = "C9";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub name: &'static str,
    pub standing: Standing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Member,
    Guest,
    Stranger,
    Bot,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    pub name: String,
    pub kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    Public,
    PrivateWithoutBot,
    NotJoined,
    Shared,
    Archived,
    /// With this user.
    Direct(String),
}

/// What was said, as it stands now and as it stood.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    pub channel: String,
    pub ts: String,
    pub thread_ts: Option<String>,
    pub user: String,
    pub text: String,
    pub blocks: Vec<Value>,
    /// Only this person sees it.
    pub private_to: Option<String>,
    /// What it was posted with; nobody sees it.
    pub metadata: Value,
    /// Text and blocks before each edit, oldest first.
    pub earlier: Vec<(String, Vec<Value>)>,
    /// What an app shows under the links in it.
    pub unfurls: BTreeMap<String, Value>,
}

impl Message {
    /// A text that only says that something is coming.
    #[must_use]
    pub fn is_placeholder(&self) -> bool {
        self.blocks.is_empty() && (self.text.ends_with('\u{2026}') || self.text.ends_with("..."))
    }

    fn say(&mut self, said: &Value) {
        let blocks = said.get("blocks").and_then(Value::as_array).cloned();
        let text = field(said, "text").unwrap_or_default().to_owned();
        let before = std::mem::replace(&mut self.text, text);
        let blocks = std::mem::replace(&mut self.blocks, blocks.unwrap_or_default());
        self.earlier.push((before, blocks));
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct View {
    pub id: String,
    pub user: String,
    pub view: Value,
    /// Changes with every update.
    pub hash: String,
    pub open: bool,
}

/// A call of the app under test, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// `chat.postMessage`; for response URLs `respond`.
    pub method: String,
    pub arguments: Value,
    /// Slack's error code, and the reason that a person would want to know.
    pub refused: Option<super::limits::Refused>,
}

/// Links of the app that somebody pasted: only these may be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Paste {
    /// Slack's name for the place.
    pub unfurl_id: String,
    /// `composer` or `conversations_history`.
    pub source: &'static str,
    /// The message; `None` where it is still being written.
    pub at: Option<(String, String)>,
    pub links: Vec<String>,
    /// What an app shows while it is written.
    pub preview: BTreeMap<String, Value>,
}

#[derive(Debug)]
pub(super) struct Url {
    pub(super) uses: u8,
    /// On the fake's own clock.
    pub(super) made: Duration,
    pub(super) channel: String,
    pub(super) user: String,
    pub(super) thread_ts: Option<String>,
    /// The message that `replace_original` means.
    pub(super) original: Option<String>,
}

/// Somebody who asked and has no answer yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Waiting {
    pub(super) user: String,
    pub(super) channel: Option<String>,
    pub(super) thread_ts: Option<String>,
}

#[derive(Debug, Default)]
pub struct Workspace {
    pub users: BTreeMap<String, User>,
    pub channels: BTreeMap<String, Channel>,
    /// User groups and who is in them.
    pub groups: BTreeMap<String, Vec<String>>,
    pub messages: Vec<Message>,
    pub views: Vec<View>,
    pub pastes: Vec<Paste>,
    /// Home tabs by user.
    pub homes: BTreeMap<String, Value>,
    pub calls: Vec<Call>,
    /// The scopes that the token has.
    pub scopes: Vec<String>,
    /// No `data_table`, no `data_visualization`.
    pub refuses_rich: bool,
    /// Goes wrong with every call, for as long as it stands here.
    pub outage: Option<Fault>,
    pub(super) urls: BTreeMap<String, Url>,
    /// Triggers by who made them; one that is used is gone.
    pub(super) triggers: BTreeMap<String, String>,
    pub(super) faults: BTreeMap<String, VecDeque<Fault>>,
    pub(super) waiting: Vec<Waiting>,
    /// What the fake's clock shows: it moves when told to.
    pub(super) clock: Duration,
    counted: u64,
}

impl Workspace {
    pub(super) fn new() -> Self {
        let users = [
            (BOT, "why", Standing::Bot),
            (ADA, "ada", Standing::Member),
            (GRACE, "grace", Standing::Member),
            (GUEST, "guest", Standing::Guest),
            (STRANGER, "stranger", Standing::Stranger),
        ];
        let channels = [
            (PUBLIC, "data-support", Kind::Public),
            (PRIVATE, "board", Kind::PrivateWithoutBot),
            (NOT_JOINED, "random", Kind::NotJoined),
            (SHARED, "with-partner", Kind::Shared),
            (ARCHIVED, "old-times", Kind::Archived),
            (TRIAGE, "data-triage", Kind::Public),
        ];
        let scopes = [
            "commands",
            "chat:write",
            "app_mentions:read",
            "im:history",
            "im:write",
            "links:read",
            "links:write",
            "users:read",
            "usergroups:read",
            "channels:read",
            "groups:read",
        ];
        let mut workspace = Workspace {
            users: users
                .map(|(id, name, standing)| (id.to_owned(), User { name, standing }))
                .into(),
            channels: channels
                .map(|(id, name, kind)| {
                    let name = name.to_owned();
                    (id.to_owned(), Channel { name, kind })
                })
                .into(),
            groups: [("S1".to_owned(), vec![GRACE.to_owned()])].into(),
            scopes: scopes.map(str::to_owned).into(),
            ..Workspace::default()
        };
        for user in [ADA, GRACE, GUEST] {
            workspace.direct_channel(user);
        }
        workspace
    }

    /// The next number: of a timestamp, a trigger, a URL.
    pub(super) fn next(&mut self) -> u64 {
        self.counted += 1;
        self.counted
    }

    pub(super) fn next_ts(&mut self) -> String {
        format!("{}.000100", 1_764_000_000 + self.next())
    }

    /// `D1` for `U1`.
    pub(super) fn direct_channel(&mut self, user: &str) -> String {
        let id = user.replacen(['U', 'W'], "D", 1);
        self.channels.entry(id.clone()).or_insert_with(|| Channel {
            name: "direct message".to_owned(),
            kind: Kind::Direct(user.to_owned()),
        });
        id
    }

    pub(super) fn trigger(&mut self, user: &str) -> String {
        let trigger = format!("{}.82.trigger", self.next());
        self.triggers.insert(trigger.clone(), user.to_owned());
        trigger
    }

    pub(super) fn add(&mut self, place: Written<'_>, said: &Value) -> String {
        let ts = self.next_ts();
        self.messages.push(Message {
            channel: place.channel.to_owned(),
            ts: ts.clone(),
            thread_ts: place.thread_ts.map(str::to_owned),
            user: place.user.to_owned(),
            text: field(said, "text").unwrap_or_default().to_owned(),
            blocks: said
                .get("blocks")
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default(),
            private_to: place.private_to.map(str::to_owned),
            metadata: said.get("metadata").cloned().unwrap_or_default(),
            earlier: Vec::new(),
            unfurls: BTreeMap::new(),
        });
        self.answered(&ts);
        ts
    }

    /// False where there is no such message.
    pub(super) fn edit(&mut self, ts: &str, said: &Value) -> bool {
        let Some(message) = self.messages.iter_mut().find(|m| m.ts == ts) else {
            return false;
        };
        message.say(said);
        self.answered(ts);
        true
    }

    /// Whoever waited for this message waits no more.
    fn answered(&mut self, ts: &str) {
        let Some(message) = self.messages.iter().find(|m| m.ts == ts).cloned() else {
            return;
        };
        if message.user != BOT || message.is_placeholder() {
            return;
        }
        let to = message.private_to.clone().or_else(|| {
            let channel = self.channels.get(&message.channel)?;
            match &channel.kind {
                Kind::Direct(user) => Some(user.clone()),
                Kind::Public
                | Kind::PrivateWithoutBot
                | Kind::NotJoined
                | Kind::Shared
                | Kind::Archived => None,
            }
        });
        let is = |wanted: Option<&String>, found: Option<&String>| {
            wanted.is_none_or(|wanted| found == Some(wanted))
        };
        let found = self.waiting.iter().position(|waiting| match &to {
            Some(user) => *user == waiting.user,
            None => {
                is(waiting.channel.as_ref(), Some(&message.channel))
                    && is(waiting.thread_ts.as_ref(), message.thread_ts.as_ref())
            }
        });
        if let Some(at) = found {
            self.waiting.remove(at);
        }
    }

    /// A view was filled for this person.
    pub(super) fn shown(&mut self, user: &str) {
        if let Some(at) = self.waiting.iter().position(|w| w.user == user) {
            self.waiting.remove(at);
        }
    }

    /// By timestamp.
    #[must_use]
    pub fn message(&self, ts: &str) -> Option<&Message> {
        self.messages.iter().find(|message| message.ts == ts)
    }

    /// The bot's newest message that is no placeholder.
    #[must_use]
    pub fn last_answer(&self) -> Option<&Message> {
        let mut newest = self.messages.iter().rev();
        newest.find(|message| message.user == BOT && !message.is_placeholder())
    }

    /// The modal that this person sees.
    #[must_use]
    pub fn open_view(&self, user: &str) -> Option<&View> {
        let mut newest = self.views.iter().rev();
        newest.find(|view| view.open && view.user == user)
    }

    /// The calls of one method, oldest first.
    pub fn calls_of<'a>(&'a self, method: &'a str) -> impl Iterator<Item = &'a Call> {
        self.calls.iter().filter(move |call| call.method == method)
    }

    pub(super) fn user_json(&self, id: &str) -> Option<Value> {
        let user = self.users.get(id)?;
        Some(json!({
            "id": id,
            "team_id": if user.standing == Standing::Stranger { "T2" } else { "T1" },
            "name": user.name,
            "deleted": false,
            "is_bot": user.standing == Standing::Bot,
            "is_restricted": user.standing == Standing::Guest,
            "is_ultra_restricted": false,
            "is_stranger": user.standing == Standing::Stranger,
        }))
    }
}

/// Where somebody writes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Written<'a> {
    pub(super) channel: &'a str,
    pub(super) thread_ts: Option<&'a str>,
    pub(super) user: &'a str,
    pub(super) private_to: Option<&'a str>,
}

pub(super) fn field<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str().filter(|text| !text.is_empty())
}
