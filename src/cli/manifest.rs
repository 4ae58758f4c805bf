//! `why manifest`: the app as Slack is told of it, for its own server or for Socket Mode.
//!
//! Paths come from the router, and tests hold scopes, events and ids to what is used. The files
//! in `manifests/` are this command's output. Start at [`manifest`].

use clap::Args;
use serde_json::{Value, json};

use super::{Context, Stop, Terminal};
use crate::error::{Class, Failure};
use crate::ingress::path;
use crate::slack::app::{EVENTS, SCOPES};
use crate::slack::request::Endpoint;

#[cfg(test)]
mod tests;

/// Stands in for an address that is not known yet.
pub(crate) const PLACEHOLDER: &str = "https://why.example.com";

/// Slack wants one for each shortcut; both open the same modal.
const MESSAGE_SHORTCUT: &str = "ask_why";
const GLOBAL_SHORTCUT: &str = "ask_why_anywhere";

#[derive(Debug, Args)]
pub(crate) struct Manifest {
    /// Where Slack reaches `why serve` (`https://why.example.com`)
    #[arg(long, value_name = "URL", conflicts_with = "socket")]
    url: Option<String>,
    /// For Socket Mode, which needs no address
    #[arg(long)]
    socket: bool,
}

/// How Slack reaches the app.
#[derive(Debug, Clone, Copy)]
enum Way<'a> {
    /// Its address, without a slash at the end.
    Http(&'a str),
    Socket,
}

impl Manifest {
    pub(crate) fn run(&self, _: &Context<'_>, terminal: &mut Terminal) -> Result<u8, Stop> {
        let url = self.url.as_deref().map(base).transpose()?;
        let way = match (self.socket, &url) {
            (true, _) => Way::Socket,
            (false, url) => Way::Http(url.as_deref().unwrap_or(PLACEHOLDER)),
        };
        if !self.socket && url.is_none() {
            writeln!(
                terminal.err,
                "{PLACEHOLDER} stands where your server's address belongs: `why manifest --url \
                 https://…` fills it in, `--socket` needs none."
            )?;
        }
        write!(terminal.out, "{}", text(way))?;
        Ok(0)
    }
}

/// The address, ready to have a path added.
fn base(typed: &str) -> Result<String, Failure> {
    let parsed = url::Url::parse(typed).ok().filter(|url| {
        url.scheme() == "https"
            && url.has_host()
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none()
    });
    match parsed {
        Some(url) => Ok(url.as_str().trim_end_matches('/').to_owned()),
        None => Err(Failure::new(
            Class::User,
            "bad_url",
            format!("\u{201c}{typed}\u{201d} is no address that Slack can call."),
            "Give one that begins with https:// and has neither a query nor a password: \
                     `why manifest --url https://why.example.com`. Without a public address use \
                     `why manifest --socket`.",
        )),
    }
}

fn text(way: Way<'_>) -> String {
    format!("{:#}\n", manifest(way))
}

fn manifest(way: Way<'_>) -> Value {
    json!({
        "_metadata": {"major_version": 2},
        "display_information": {
            "name": "why",
            "description": "Why does this attribute of this company have this value?",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": true,
                "messages_tab_enabled": true,
                "messages_tab_read_only_enabled": false,
            },
            "bot_user": {"display_name": "why", "always_online": true},
            "shortcuts": [
                {
                    "name": "Ask why\u{2026}",
                    "type": "message",
                    "callback_id": MESSAGE_SHORTCUT,
                    "description": "Why a value is what it is, in this message's thread",
                },
                {
                    "name": "Ask why\u{2026}",
                    "type": "global",
                    "callback_id": GLOBAL_SHORTCUT,
                    "description": "Why a value of a company is what it is",
                },
            ],
            "slash_commands": [command(way)],
        },
        "oauth_config": {"scopes": {"bot": SCOPES}},
        "settings": {
            "event_subscriptions": events(way),
            "interactivity": interactivity(way),
            "org_deploy_enabled": true,
            "socket_mode_enabled": matches!(way, Way::Socket),
            "token_rotation_enabled": false,
        },
    })
}

fn address(base: &str, endpoint: Endpoint) -> String {
    format!("{base}{}", path(endpoint))
}

fn command(way: Way<'_>) -> Value {
    let mut command = json!({
        "command": "/why",
        "description": "Why a value of a company is what it is",
        "usage_hint": "acme revenue as of 2025-03-01",
        "should_escape": false,
    });
    if let (Way::Http(base), Some(fields)) = (way, command.as_object_mut()) {
        let url = address(base, Endpoint::Commands);
        fields.insert("url".to_owned(), json!(url));
    }
    command
}

fn events(way: Way<'_>) -> Value {
    match way {
        Way::Http(base) => {
            json!({"request_url": address(base, Endpoint::Events), "bot_events": EVENTS})
        }
        Way::Socket => json!({ "bot_events": EVENTS }),
    }
}

fn interactivity(way: Way<'_>) -> Value {
    match way {
        Way::Http(base) => json!({
            "is_enabled": true,
            "request_url": address(base, Endpoint::Interactions),
            "message_menu_options_url": address(base, Endpoint::Options),
        }),
        Way::Socket => json!({ "is_enabled": true }),
    }
}
