//! Tests of reading: payloads in the shapes that Slack's SDKs test with, and what becomes of them.
//!
//! A row is one of the payloads, what is different in it, and the request in one line.

use serde_json::{Value, json};

use super::*;

mod commands;
mod events;
mod ids;
mod interactions;
mod links;
mod properties;
mod submissions;
mod unreadable;

/// Every good payload and where it comes in.
const PAYLOADS: [(&str, Endpoint, &str); 11] = [
    (
        "command",
        Endpoint::Commands,
        include_str!("tests/payloads/command.json"),
    ),
    (
        "mention",
        Endpoint::Events,
        include_str!("tests/payloads/mention.json"),
    ),
    (
        "direct",
        Endpoint::Events,
        include_str!("tests/payloads/direct.json"),
    ),
    (
        "home_opened",
        Endpoint::Events,
        include_str!("tests/payloads/home_opened.json"),
    ),
    (
        "links",
        Endpoint::Events,
        include_str!("tests/payloads/links.json"),
    ),
    (
        "press",
        Endpoint::Interactions,
        include_str!("tests/payloads/press.json"),
    ),
    (
        "message_shortcut",
        Endpoint::Interactions,
        include_str!("tests/payloads/message_shortcut.json"),
    ),
    (
        "global_shortcut",
        Endpoint::Interactions,
        include_str!("tests/payloads/global_shortcut.json"),
    ),
    (
        "ask_submission",
        Endpoint::Interactions,
        include_str!("tests/payloads/ask_submission.json"),
    ),
    (
        "report_submission",
        Endpoint::Interactions,
        include_str!("tests/payloads/report_submission.json"),
    ),
    (
        "suggestion",
        Endpoint::Options,
        include_str!("tests/payloads/suggestion.json"),
    ),
];

/// Stands for null in a patch, where null removes.
const NULL: &str = "<null>";

fn payload(name: &str) -> (Endpoint, Value) {
    let (_, endpoint, text) = PAYLOADS.iter().find(|(own, ..)| *own == name).unwrap();
    (*endpoint, serde_json::from_str(text).unwrap())
}

/// A JSON merge patch.
fn patch(target: &mut Value, changes: &Value) {
    let Some(changes) = changes.as_object() else {
        *target = if changes == NULL {
            Value::Null
        } else {
            changes.clone()
        };
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    let fields = target.as_object_mut().unwrap();
    for (name, change) in changes {
        if change.is_null() {
            fields.remove(name);
        } else {
            patch(fields.entry(name.clone()).or_insert(Value::Null), change);
        }
    }
}

fn patched(name: &str, changes: &Value) -> (Endpoint, Value) {
    let (endpoint, mut json) = payload(name);
    patch(&mut json, changes);
    (endpoint, json)
}

/// As Slack sends it to this path.
fn body(endpoint: Endpoint, json: &Value) -> Vec<u8> {
    let mut form = form_urlencoded::Serializer::new(String::new());
    match endpoint {
        Endpoint::Events => return json.to_string().into_bytes(),
        Endpoint::Commands => {
            for (name, value) in json.as_object().unwrap() {
                form.append_pair(name, value.as_str().unwrap());
            }
        }
        Endpoint::Interactions | Endpoint::Options => {
            form.append_pair("payload", &json.to_string());
        }
    }
    form.finish().into_bytes()
}

fn read_patched(name: &str, changes: &Value) -> Result<Request, Unreadable> {
    let (endpoint, json) = patched(name, changes);
    read(endpoint, &body(endpoint, &json))
}

fn check(name: &str, rows: &[(Value, &str)]) {
    for (changes, expected) in rows {
        let found = match read_patched(name, changes) {
            Ok(request) => show(&request),
            Err(unreadable) => format!("unreadable: {unreadable}"),
        };
        assert_eq!(found, *expected, "{name} with {changes}");
    }
}

fn show(request: &Request) -> String {
    match request {
        Request::SslCheck => "ssl check".to_owned(),
        Request::Challenge(challenge) => format!("challenge {challenge}"),
        Request::Ignored(why) => format!("ignored: {why}"),
        Request::Words {
            asker,
            place,
            text,
            surface,
            ..
        } => {
            format!("{surface:?} {} {}: {text}", who(asker), at(place))
        }
        Request::HomeOpened { asker, .. } => format!("Home {}", who(asker)),
        Request::Links {
            asker,
            place,
            links,
            pasted,
            ..
        } => {
            let named = |p: &Pasted| format!("{} ({})", p.unfurl_id, p.source.name());
            let pasted = pasted.as_ref().map_or("-".to_owned(), named);
            let links = links.join(" ");
            format!("Links {} {} at {pasted}: {links}", who(asker), at(place))
        }
        Request::Shortcut {
            asker,
            place,
            trigger_id,
            message,
            ..
        } => format!(
            "Shortcut {} {} by {trigger_id}: {message:?}",
            who(asker),
            at(place)
        ),
        Request::Pressed {
            asker,
            place,
            trigger_id,
            action,
            ..
        } => format!(
            "Pressed {} {} by {trigger_id}: {action:?}",
            who(asker),
            at(place)
        ),
        Request::Submitted {
            asker, submission, ..
        } => match submission {
            Submission::Ask { text, place } => {
                format!("Ask {} {}: {text}", who(asker), at(place))
            }
            Submission::Report {
                text,
                wrong,
                expected,
                link,
                place,
            } => format!(
                "Report {} {}: {text} | {wrong:?} | {expected:?} | {link:?}",
                who(asker),
                at(place)
            ),
        },
        Request::Options { typed } => format!("Options {typed:?}"),
    }
}

/// `U1@T1/E1`
fn who(asker: &Asker) -> String {
    let or_none = |id: &Option<String>| id.clone().unwrap_or_else(|| "-".to_owned());
    format!(
        "{}@{}/{}",
        asker.user,
        or_none(&asker.team),
        or_none(&asker.enterprise)
    )
}

/// `C1 >thread !message +url Ephemeral`
fn at(place: &Place) -> String {
    let part = |mark: &str, id: &Option<String>| {
        id.as_ref()
            .map_or(String::new(), |id| format!("{mark}{id} "))
    };
    let url = match &place.response_url {
        // Only the host: the rest is as good as a secret, and the same in every row.
        Some(url) => format!("+{} ", url.0.split('/').nth(2).unwrap_or_default()),
        None => String::new(),
    };
    format!(
        "{}{}{}{url}{:?}",
        part("", &place.channel),
        part(">", &place.thread_ts),
        part("!", &place.message_ts),
        place.reply
    )
}

fn id_of(request: &Request) -> Option<&str> {
    match request {
        Request::SslCheck
        | Request::Challenge(_)
        | Request::Ignored(_)
        | Request::Options { .. } => None,
        Request::Words { id, .. }
        | Request::HomeOpened { id, .. }
        | Request::Links { id, .. }
        | Request::Shortcut { id, .. }
        | Request::Pressed { id, .. }
        | Request::Submitted { id, .. } => Some(id),
    }
}
