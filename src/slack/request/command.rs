//! `/why …`: Slack never says in which thread, and its text is what was typed.

use super::payload::Payload;
use super::{Request, Surface, Unreadable};
use crate::job::{Asker, Place, Reply};

pub(super) fn read(payload: &Payload<'_>) -> Result<Request, Unreadable> {
    if payload.text("/ssl_check") == Some("1") {
        return Ok(Request::SslCheck);
    }
    payload.need("/command", "command")?;
    Ok(Request::Words {
        id: payload.id("command", &[payload.text("/trigger_id")]),
        asker: Asker {
            user: payload.need("/user_id", "user_id")?,
            team: payload.owned("/team_id"),
            enterprise: payload.owned("/enterprise_id"),
        },
        place: Place {
            channel: payload.owned("/channel_id"),
            response_url: payload.response_url(),
            reply: Reply::Ephemeral,
            ..Place::default()
        },
        text: payload.owned("/text").unwrap_or_default(),
        surface: Surface::Command,
    })
}
