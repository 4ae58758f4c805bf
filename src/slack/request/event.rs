//! The Events API: mentions, direct messages, the Home tab, links of ours.
//!
//! Most of what comes is not for us, above all what bots post: answering one could go on for ever.

use super::payload::Payload;
use super::{Request, Surface, Unreadable};
use crate::job::{self, Asker, Pasted, Place, Reply, Source};

/// Slack's own assistant, which posts as a person.
const SLACKBOT: &str = "USLACKBOT";
/// Slack's channel of what somebody is still writing.
const COMPOSER: &str = "COMPOSER";
/// Links that are looked at in one message: more than these nobody reads under it.
const LINKS: usize = 5;
/// The longest of them, in bytes; ours are shorter.
const LINK: usize = 4_000;

pub(super) fn read(payload: &Payload<'_>) -> Result<Request, Unreadable> {
    match payload.need("/type", "type")?.as_str() {
        "url_verification" => Ok(Request::Challenge(payload.need("/challenge", "challenge")?)),
        "event_callback" => match payload.need("/event/type", "event type")?.as_str() {
            "app_mention" => words(payload, Surface::Mention),
            "message" if is_direct(payload) => words(payload, Surface::Direct),
            "message" => Ok(Request::Ignored("a message that is not direct")),
            "app_home_opened" => home(payload),
            "link_shared" => links(payload),
            _ => Ok(Request::Ignored("an event of another kind")),
        },
        "app_rate_limited" => Ok(Request::Ignored(
            "Slack holds events back: too many an hour",
        )),
        _ => Ok(Request::Ignored("a callback of another kind")),
    }
}

/// Old payloads do not tell the type of the channel; its id does.
fn is_direct(payload: &Payload<'_>) -> bool {
    match payload.text("/event/channel_type") {
        None | Some("app_home") => payload.text("/event/channel").is_some_and(job::is_direct),
        Some(kind) => kind == "im",
    }
}

fn words(payload: &Payload<'_>, surface: Surface) -> Result<Request, Unreadable> {
    if let Some(why) = not_for_us(payload) {
        return Ok(Request::Ignored(why));
    }
    let text = payload.text("/event/text").unwrap_or_default();
    let text = without_mention(text, myself(payload), surface);
    let message_ts = payload.need("/event/ts", "ts")?;
    // A mention is answered in its thread, or begins one; a direct message is one already.
    let thread_ts = payload.owned("/event/thread_ts").or(match surface {
        Surface::Mention => Some(message_ts.clone()),
        Surface::Direct | Surface::Command => None,
    });
    Ok(Request::Words {
        id: id(payload),
        asker: asker(payload)?,
        place: Place {
            channel: Some(payload.need("/event/channel", "channel")?),
            thread_ts,
            message_ts: Some(message_ts),
            response_url: None,
            reply: Reply::Thread,
        },
        text: text.to_owned(),
        surface,
    })
}

fn not_for_us(payload: &Payload<'_>) -> Option<&'static str> {
    let subtype = payload.text("/event/subtype");
    let user = payload.text("/event/user");
    if payload.has("/event/edited") || subtype == Some("message_changed") {
        return Some("an edit");
    }
    if user.is_some() && user == myself(payload) {
        return Some("our own post");
    }
    let by_bot = payload.has("/event/bot_id")
        || payload.has("/event/bot_profile")
        || subtype == Some("bot_message")
        || user == Some(SLACKBOT);
    if by_bot {
        return Some("a bot's post");
    }
    match subtype {
        None | Some("file_share" | "thread_broadcast") => None,
        Some(_) => Some("a message that nobody wrote"),
    }
}

/// Our bot's user, where Slack names it.
fn myself<'p>(payload: &'p Payload<'_>) -> Option<&'p str> {
    let is_bot = payload.is_true("/authorizations/0/is_bot");
    is_bot.then(|| payload.text("/authorizations/0/user_id"))?
}

/// Without our own mention at its start. Where Slack does not name our user, what was mentioned
/// in a channel is ours; in a direct message it may be anybody.
fn without_mention<'t>(text: &'t str, myself: Option<&str>, surface: Surface) -> &'t str {
    let text = text.trim();
    let rest = text
        .strip_prefix("<@")
        .and_then(|mention| mention.split_once('>'));
    let Some((mention, rest)) = rest else {
        return text;
    };
    let (user, _) = mention.split_once('|').unwrap_or((mention, ""));
    let ours = match surface {
        Surface::Mention => myself.is_none_or(|myself| myself == user),
        Surface::Direct | Surface::Command => myself == Some(user),
    };
    if ours { rest.trim_start() } else { text }
}

fn home(payload: &Payload<'_>) -> Result<Request, Unreadable> {
    if payload.text("/event/tab") != Some("home") {
        return Ok(Request::Ignored("another tab than Home"));
    }
    Ok(Request::HomeOpened {
        id: id(payload),
        asker: asker(payload)?,
    })
}

/// Slack does not send what the app itself posts; nor is anybody else's bot answered.
fn links(payload: &Payload<'_>) -> Result<Request, Unreadable> {
    let Some(user) = payload.text("/event/user") else {
        return Ok(Request::Ignored("links that nobody wrote"));
    };
    if Some(user) == myself(payload) || user == SLACKBOT || payload.has("/event/bot_id") {
        return Ok(Request::Ignored("a bot's post"));
    }
    let urls = payload.list("/event/links").iter();
    let links: Vec<String> = urls
        .filter_map(|link| link.get("url")?.as_str())
        .filter(|url| url.len() <= LINK)
        .take(LINKS)
        .map(str::to_owned)
        .collect();
    if links.is_empty() {
        return Ok(Request::Ignored("no link"));
    }
    let source = payload.text("/event/source").and_then(Source::named);
    let unfurl_id = payload.owned("/event/unfurl_id");
    let pasted = unfurl_id
        .zip(source)
        .map(|(unfurl_id, source)| Pasted { unfurl_id, source });
    let channel = payload.need("/event/channel", "channel")?;
    let is_sent = channel != COMPOSER && source != Some(Source::Composer);
    if !is_sent && pasted.is_none() {
        return Ok(Request::Ignored("links in a place without a name"));
    }
    let place = match is_sent {
        true => Place {
            channel: Some(channel),
            thread_ts: payload.owned("/event/thread_ts"),
            message_ts: Some(payload.need("/event/message_ts", "message_ts")?),
            response_url: None,
            reply: Reply::Thread,
        },
        false => Place::default(),
    };
    Ok(Request::Links {
        id: id(payload),
        asker: asker(payload)?,
        place,
        links,
        pasted,
    })
}

/// In a shared channel the asker's team is another than the one that the event came to.
fn asker(payload: &Payload<'_>) -> Result<Asker, Unreadable> {
    Ok(Asker {
        user: payload.need("/event/user", "user")?,
        team: payload.first(&["/event/user_team", "/event/team", "/team_id"]),
        enterprise: payload.owned("/enterprise_id"),
    })
}

fn id(payload: &Payload<'_>) -> String {
    match payload.text("/event_id") {
        Some(event) => payload.id("event", &[Some(event)]),
        None => {
            let parts = ["/team_id", "/event/channel", "/event/event_ts"];
            payload.id("event", &parts.map(|pointer| payload.text(pointer)))
        }
    }
}
