//! `why manifest`: the app as Slack is told of it, for its own server or for Socket Mode.
//!
//! Paths come from the router, and tests hold scopes, events and ids to what is used. The files
//! in `manifests/` are this command's output. Start at [`manifest`].

use clap::Args;
use serde_json::{Value, json};

use super::{Context, Stop, Terminal};
use crate::error::{Class, Failure};
use crate::ingress::path;
use crate::slack::app::{EVENTS, PAGE_EVENTS, PAGE_SCOPES, SCOPES};
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
    /// Where people reach the page, if elsewhere: links to it are shown in Slack
    #[arg(long, value_name = "URL")]
    page: Option<String>,
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
        let page = self.page.as_deref().map(base).transpose()?;
        let way = match (self.socket, &url) {
            (true, _) => Way::Socket,
            (false, url) => Way::Http(url.as_deref().unwrap_or(PLACEHOLDER)),
        };
        // One server has both, unless somebody says otherwise.
        let page = page.as_deref().or(match way {
            Way::Http(base) => Some(base),
            Way::Socket => None,
        });
        if !self.socket && url.is_none() {
            writeln!(
                terminal.err,
                "{PLACEHOLDER} stands where your server's address belongs: `why manifest --url \
                 https://…` fills it in, `--socket` needs none."
            )?;
        }
        write!(terminal.out, "{}", text(way, page))?;
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

fn text(way: Way<'_>, page: Option<&str>) -> String {
    format!("{:#}\n", manifest(way, page))
}

/// `page` is the address whose links are shown in Slack.
fn manifest(way: Way<'_>, page: Option<&str>) -> Value {
    let domain = page.and_then(domain);
    let mut manifest = app(way, page.filter(|_| domain.is_some()));
    let features = manifest.pointer_mut("/features");
    if let (Some(domain), Some(features)) = (domain, features.and_then(Value::as_object_mut)) {
        features.insert("unfurl_domains".to_owned(), json!([domain]));
    }
    manifest
}

/// The host of an address, as Slack takes it: without a port.
fn domain(page: &str) -> Option<String> {
    let host = page.split_once("://")?.1.split(['/', ':']).next()?;
    let host = host.to_ascii_lowercase();
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    (host.len() > 1 && host.chars().all(fits)).then_some(host)
}

fn with<const N: usize, const M: usize>(
    always: [&'static str; N],
    page: Option<&str>,
    also: [&'static str; M],
) -> Vec<&'static str> {
    let also = also.into_iter().filter(|_| page.is_some());
    let mut all: Vec<&str> = always.into_iter().chain(also).collect();
    all.sort_unstable();
    all
}

fn app(way: Way<'_>, page: Option<&str>) -> Value {
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
        "oauth_config": {"scopes": {"bot": with(SCOPES, page, PAGE_SCOPES)}},
        "settings": {
            "event_subscriptions": events(way, page),
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

fn events(way: Way<'_>, page: Option<&str>) -> Value {
    let events = with(EVENTS, page, PAGE_EVENTS);
    match way {
        Way::Http(base) => {
            json!({"request_url": address(base, Endpoint::Events), "bot_events": events})
        }
        Way::Socket => json!({ "bot_events": events }),
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
