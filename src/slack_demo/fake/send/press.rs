//! Buttons, pickers and menus, of a message, the Home tab or an open modal.

use serde_json::{Value, json};

use super::shapes::{as_sent, as_slack_has_it, filled, person};
use super::{INTERACTIONS, Spot, Trouble};
use crate::slack_demo::fake::Fake;
use crate::slack_demo::fake::state::{Waiting, field};

impl Fake {
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
        let opens = action.get("url").is_some();
        let (url, trigger) = self.change(|w| {
            // A link opens in the browser: nobody waits for the app.
            if !opens {
                w.waiting.push(Waiting {
                    user: user.to_owned(),
                    channel: Some(message.channel.clone()),
                    thread_ts: None,
                });
            }
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
