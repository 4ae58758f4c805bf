//! Shortcuts and the modals that they open: filled in, suggested to, sent.

use serde_json::{Map, Value, json};

use super::shapes::{as_sent, as_slack_has_it, filled, person};
use super::{INTERACTIONS, Spot, Trouble};
use crate::slack_demo::fake::state::{PUBLIC, View, Workspace, field};
use crate::slack_demo::fake::{Fake, Shared};

impl Shared {
    /// A response URL for the conversation that is chosen in a modal, where it asks for one: the
    /// current one, unless a field says another, or none.
    fn chosen(
        &self,
        w: &mut Workspace,
        view: &View,
        user: &str,
        fields: &[(&str, &str)],
    ) -> Vec<Value> {
        let blocks = view.view.get("blocks").and_then(Value::as_array);
        let asks = |block: &&Value| {
            block.pointer("/element/response_url_enabled") == Some(&Value::Bool(true))
        };
        let Some(block) = blocks.and_then(|blocks| blocks.iter().find(asks)) else {
            return Vec::new();
        };
        let block_id = field(block, "block_id");
        let said = fields.iter().find(|(id, _)| Some(*id) == block_id);
        let channel = match said {
            Some((_, channel)) => *channel,
            None if block.pointer("/element/default_to_current_conversation")
                == Some(&Value::Bool(true)) =>
            {
                PUBLIC
            }
            None => "",
        };
        if channel.is_empty() {
            return Vec::new();
        }
        let spot = Spot {
            user,
            channel,
            thread_ts: None,
            original: None,
        };
        vec![json!({
            "block_id": block_id,
            "action_id": block.pointer("/element/action_id"),
            "channel_id": channel,
            "response_url": self.new_url(w, spot),
        })]
    }
}

impl Fake {
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
        let response_urls = self.change(|w| self.shared.chosen(w, &view, user, fields));
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
            "response_urls": response_urls,
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
}
