//! What Slack puts into what it sends: people, messages, views, the state of a field.

use serde_json::{Value, json};

use crate::slack_demo::fake::state::{Message, field};

/// A field's state, as Slack has it in `view.state` and in actions.
pub(super) fn filled(element: &Value, value: &str) -> Value {
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

pub(super) fn person(user: &str) -> Value {
    json!({"id": user, "username": user, "name": user, "team_id": "T1"})
}

pub(super) fn as_sent(id: &str, hash: &str, view: &Value) -> Value {
    let mut sent = view.clone();
    if let Value::Object(fields) = &mut sent {
        fields.insert("id".to_owned(), json!(id));
        fields.insert("hash".to_owned(), json!(hash));
        fields.insert("state".to_owned(), json!({"values": {}}));
    }
    sent
}

pub(super) fn as_slack_has_it(message: &Message) -> Value {
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
