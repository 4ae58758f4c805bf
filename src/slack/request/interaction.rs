//! Buttons, shortcuts and modals. Each payload has its type, its trigger and who pressed.

use serde_json::Value;

use super::payload::{Payload, text};
use super::{Action, Request, Unreadable, message, submission};
use crate::job::{Place, Reply, is_direct};
use crate::slack::actions::{self, Kept};

pub(super) fn read(payload: &Payload<'_>) -> Result<Request, Unreadable> {
    match payload.need("/type", "type")?.as_str() {
        "block_actions" => pressed(payload),
        "message_action" => message_shortcut(payload),
        "shortcut" => global_shortcut(payload),
        "view_submission" => submission::read(payload),
        "view_closed" => Ok(Request::Ignored("a modal was closed")),
        // Over a socket the typeahead comes this way too.
        "block_suggestion" => Ok(typed(payload)),
        _ => Ok(Request::Ignored("an interaction of another kind")),
    }
}

/// The typeahead's own path.
pub(super) fn options(payload: &Payload<'_>) -> Result<Request, Unreadable> {
    match payload.need("/type", "type")?.as_str() {
        "block_suggestion" => Ok(typed(payload)),
        _ => Ok(Request::Ignored("not a typeahead")),
    }
}

fn typed(payload: &Payload<'_>) -> Request {
    Request::Options {
        typed: payload.owned("/value").unwrap_or_default(),
    }
}

/// Of one press: a trigger is made for it and never used again.
fn id(payload: &Payload<'_>) -> String {
    payload.id("interaction", &[payload.text("/trigger_id")])
}

fn pressed(payload: &Payload<'_>) -> Result<Request, Unreadable> {
    let Some(action) = payload.list("/actions").iter().find_map(ours) else {
        return Ok(Request::Ignored("an action that is not ours"));
    };
    Ok(Request::Pressed {
        id: id(payload),
        asker: payload.asker()?,
        place: place_of_press(payload, &action),
        trigger_id: payload.owned("/trigger_id").unwrap_or_default(),
        action,
    })
}

/// A button has its value, a menu that of the chosen option, a date picker only a day.
fn ours(action: &Value) -> Option<Action> {
    let value = text(action, "/value").or_else(|| text(action, "/selected_option/value"));
    let day = text(action, "/selected_date");
    actions::pressed(text(action, "/action_id")?, value.unwrap_or_default(), day)
}

/// What many read stays as it was asked for: whoever presses under it has the rest alone. A choice
/// of what was meant holds no answer, and becomes it.
fn place_of_press(payload: &Payload<'_>, action: &Action) -> Place {
    let message_ts = payload.first(&["/container/message_ts", "/message/ts"]);
    if message_ts.is_none() {
        return kept(payload).place;
    }
    let channel = payload.first(&["/channel/id", "/container/channel_id"]);
    let has_readers = !channel.as_deref().is_some_and(is_direct);
    let reply = match action {
        _ if payload.is_true("/container/is_ephemeral") => Reply::Ephemeral,
        Action::Ask(_) | Action::AsOf { .. } if has_readers => Reply::Beside,
        Action::Ask(_)
        | Action::AsOf { .. }
        | Action::Choose(_)
        | Action::Share(_)
        | Action::Wrong(_)
        | Action::Triage { .. }
        | Action::Link => Reply::Update,
    };
    Place {
        channel,
        thread_ts: payload.first(&["/container/thread_ts", "/message/thread_ts"]),
        message_ts,
        response_url: payload.response_url(),
        reply,
    }
}

/// What the view that was pressed or sent keeps; one that keeps nothing (the Home tab) answers
/// the asker alone.
pub(super) fn kept(payload: &Payload<'_>) -> Kept {
    let metadata = payload.text("/view/private_metadata");
    metadata.and_then(Kept::decode).unwrap_or_else(|| Kept {
        question: None,
        place: direct(),
    })
}

/// No channel is known: the answer goes to the asker alone.
fn direct() -> Place {
    Place {
        reply: Reply::Thread,
        ..Place::default()
    }
}

fn message_shortcut(payload: &Payload<'_>) -> Result<Request, Unreadable> {
    let message_ts = payload.first(&["/message_ts", "/message/ts"]);
    let place = Place {
        channel: Some(payload.need("/channel/id", "channel")?),
        thread_ts: payload.owned("/message/thread_ts").or(message_ts.clone()),
        message_ts,
        response_url: payload.response_url(),
        reply: Reply::Thread,
    };
    shortcut(payload, place, message::words(payload.at("/message")))
}

fn global_shortcut(payload: &Payload<'_>) -> Result<Request, Unreadable> {
    shortcut(payload, direct(), None)
}

fn shortcut(
    payload: &Payload<'_>,
    place: Place,
    message: Option<String>,
) -> Result<Request, Unreadable> {
    Ok(Request::Shortcut {
        id: id(payload),
        asker: payload.asker()?,
        place,
        trigger_id: payload.need("/trigger_id", "trigger_id")?,
        message,
    })
}
