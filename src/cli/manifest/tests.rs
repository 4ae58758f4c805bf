//! Tests of the manifests: Slack's schema, the router, and what the code really uses.

use std::collections::BTreeSet;
use std::path::Path;

use super::*;
use crate::slack::request::{self, Request};

/// What each method of Slack's Web API asks of the bot.
const METHODS: [(&str, &[&str]); 16] = [
    ("apps.connections.open", &[]), // the app-level token's
    ("auth.test", &[]),
    ("chat.postEphemeral", &["chat:write"]),
    ("chat.postMessage", &["chat:write"]),
    ("chat.unfurl", &["links:write"]),
    ("chat.update", &["chat:write"]),
    // Channels are read where a workspace adds their scopes: see `chat::Client::posted_for`.
    ("conversations.history", &["im:history"]),
    ("conversations.info", &["channels:read", "groups:read"]),
    ("conversations.open", &["im:write"]),
    ("conversations.replies", &["im:history"]),
    ("usergroups.users.list", &["usergroups:read"]),
    ("users.info", &["users:read"]),
    ("views.open", &[]),
    ("views.publish", &[]),
    ("views.push", &[]),
    ("views.update", &[]),
];

/// What events and features ask for.
const FEATURES: [(&str, &str); 4] = [
    ("app_mention", "app_mentions:read"),
    ("link_shared", "links:read"),
    ("message.im", "im:history"),
    ("slash_commands", "commands"),
];

fn both() -> [(&'static str, Value); 2] {
    [
        (
            "production",
            manifest(Way::Http(PLACEHOLDER), Some(PLACEHOLDER)),
        ),
        ("socket-mode", manifest(Way::Socket, None)),
    ]
}

#[test]
fn both_manifests_are_valid_by_slacks_schema() {
    let schema = include_str!("../../../tests/data/slack/manifest.schema.2.0.0.json");
    let schema = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
    for (name, manifest) in both() {
        let wrong: Vec<String> = schema
            .iter_errors(&manifest)
            .map(|error| error.to_string())
            .collect();
        assert_eq!(wrong, [""; 0], "{name}");
    }
    let mut broken = manifest(Way::Socket, None);
    broken["features"]["app_home"]["home_tab_enabled"] = json!("yes");
    assert!(!schema.is_valid(&broken), "the schema refuses nothing");
}

#[test]
fn the_files_in_manifests_are_what_the_command_prints() {
    let production = include_str!("../../../manifests/production.json");
    let socket = include_str!("../../../manifests/socket-mode.json");
    assert_eq!(production, text(Way::Http(PLACEHOLDER), Some(PLACEHOLDER)));
    assert_eq!(socket, text(Way::Socket, None));
}

/// Every address in it.
fn urls(json: &Value) -> Vec<String> {
    match json {
        Value::String(text) if text.starts_with("https://") => vec![text.clone()],
        Value::Array(all) => all.iter().flat_map(urls).collect(),
        Value::Object(all) => all.values().flat_map(urls).collect(),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}

#[test]
fn slack_is_sent_to_every_path_of_the_router_and_over_a_socket_to_none() {
    let mut told = urls(&manifest(Way::Http("https://a.example/prefix"), None));
    told.sort();
    let all = ["commands", "events", "interactions", "options"];
    let expected = all.map(|path| format!("https://a.example/prefix/slack/{path}"));
    assert_eq!(told, expected);
    assert_eq!(urls(&manifest(Way::Socket, None)), [""; 0]);
}

/// Slack takes a host alone; scopes that nothing needs are not asked for.
#[test]
fn links_are_shown_where_the_page_has_a_host_that_slack_takes() {
    let check = |page: Option<&str>, domain: Option<&str>| {
        let manifest = manifest(Way::Socket, page);
        let domains = domain.map(|domain| json!([domain]));
        assert_eq!(
            manifest.pointer("/features/unfurl_domains"),
            domains.as_ref(),
            "{page:?}"
        );
        let text = manifest.to_string();
        for needed in PAGE_SCOPES.into_iter().chain(PAGE_EVENTS) {
            assert_eq!(text.contains(needed), domain.is_some(), "{page:?} {needed}");
        }
    };
    check(None, None);
    check(Some("https://Why.example.com"), Some("why.example.com"));
    check(
        Some("https://why.example.com:8443/a"),
        Some("why.example.com"),
    );
    check(Some("https://[::1]:8443"), None);
}

#[test]
fn an_address_is_taken_only_if_slack_can_call_it() {
    let check = |typed: &str, expected: Option<&str>| {
        assert_eq!(base(typed).ok().as_deref(), expected, "{typed}");
    };
    check("https://why.example.com", Some("https://why.example.com"));
    check(
        "https://why.example.com/a/",
        Some("https://why.example.com/a"),
    );
    check(
        "https://why.example.com:8443/",
        Some("https://why.example.com:8443"),
    );
    check("http://why.example.com", None);
    check("why.example.com", None);
    check("https://", None);
    check("https://why.example.com/?a=b", None);
    check("https://ada:secret@why.example.com", None);
}

/// Methods of the Web API that these files name.
fn methods(path: &Path, found: &mut BTreeSet<String>) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).unwrap() {
            methods(&entry.unwrap().path(), found);
        }
        return;
    }
    let families = [
        "apps",
        "auth",
        "chat",
        "conversations",
        "usergroups",
        "users",
        "views",
    ];
    let code = std::fs::read_to_string(path).unwrap();
    for quoted in code.split(['"', '`']) {
        let words: Vec<&str> = quoted.split('.').collect();
        let is_method = words.len() > 1
            && words
                .iter()
                .all(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphabetic()));
        if is_method && families.contains(&words[0]) && words.last() != Some(&"rs") {
            found.insert(quoted.to_owned());
        }
    }
}

#[test]
fn the_scopes_are_exactly_those_that_are_used() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut called = BTreeSet::new();
    methods(&src.join("chat.rs"), &mut called);
    methods(&src.join("chat"), &mut called);
    assert!(called.contains("chat.postMessage"), "the scan sees nothing");
    let mut needed = BTreeSet::new();
    for method in &called {
        let Some((_, scopes)) = METHODS.iter().find(|(name, _)| name == method) else {
            panic!("say in METHODS which scopes {method} needs");
        };
        needed.extend(scopes.iter().copied());
    }
    let manifest = manifest(Way::Socket, Some(PLACEHOLDER)).to_string();
    for (feature, scope) in FEATURES {
        assert!(manifest.contains(feature), "{feature}");
        needed.insert(scope);
    }
    let all = SCOPES.into_iter().chain(PAGE_SCOPES);
    assert_eq!(needed, all.collect());
}

#[test]
fn every_event_that_is_asked_for_is_read() {
    for event in EVENTS.into_iter().chain(PAGE_EVENTS) {
        let (kind, channel_type) = event.split_once('.').unwrap_or((event, ""));
        let body = json!({
            "type": "event_callback",
            "event_id": "Ev1",
            "team_id": "T1",
            "event": {
                "type": kind, "channel_type": channel_type, "channel": "D1", "user": "U1",
                "text": "acme revenue", "ts": "1.1", "tab": "home", "message_ts": "1.1",
                "links": [{"domain": "why.example.com", "url": "https://why.example.com/links/a"}],
            },
        });
        let request = request::read(Endpoint::Events, body.to_string().as_bytes()).unwrap();
        let is_read = matches!(
            request,
            Request::Words { .. } | Request::HomeOpened { .. } | Request::Links { .. }
        );
        assert!(is_read, "{event}: {request:?}");
    }
}

#[test]
fn both_shortcuts_open_the_modal() {
    let manifest = manifest(Way::Socket, None);
    for shortcut in manifest["features"]["shortcuts"].as_array().unwrap() {
        let kind = match shortcut["type"].as_str() {
            Some("message") => "message_action",
            _ => "shortcut",
        };
        let body = json!({
            "type": kind, "callback_id": shortcut["callback_id"], "trigger_id": "1.2.t",
            "user": {"id": "U1"}, "channel": {"id": "C1"}, "message_ts": "1.1",
            "message": {"text": "acme revenue", "ts": "1.1"},
        });
        let request = request::read(Endpoint::Interactions, body.to_string().as_bytes()).unwrap();
        assert!(
            matches!(request, Request::Shortcut { .. }),
            "{shortcut}: {request:?}"
        );
    }
}
