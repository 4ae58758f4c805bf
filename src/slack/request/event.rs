//! The Events API: mentions, direct messages, the Home tab.
//!
//! Most of what comes is not for us, above all what bots post: answering one could go on for ever.

use super::payload::Payload;
use super::{Request, Surface, Unreadable};
use crate::job::{self, Asker, Place, Reply};

/// Slack's own assistant, which posts as a person.
const SLACKBOT: &str = "USLACKBOT";

pub(super) fn read(payload: &Payload<'_>) -> Result<Request, Unreadable> {
    match payload.need("/type", "type")?.as_str() {
        "url_verification" => Ok(Request::Challenge(payload.need("/challenge", "challenge")?)),
        "event_callback" => match payload.need("/event/type", "event type")?.as_str() {
            "app_mention" => words(payload, Surface::Mention),
            "message" if is_direct(payload) => words(payload, Surface::Direct),
            "message" => Ok(Request::Ignored("a message that is not direct")),
            "app_home_opened" => home(payload),
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
