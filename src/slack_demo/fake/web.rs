//! The Web API's methods and the response URLs, as the app under test calls them.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use axum::routing::{any, post};
use serde_json::{Map, Value, json};

use super::limits::{self, Refused};
use super::state::{BOT, Call, Kind, View, Workspace, Written, field};
use super::{Fault, Shared, TOKEN, page};

/// How often a response URL works, and for how long.
const URL_USES: u8 = 5;
const URL_LIFE: Duration = Duration::from_secs(30 * 60);
/// The method under which calls of response URLs are recorded and faults are scripted.
pub(super) const RESPOND: &str = "respond";

pub(super) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/api/{method}", any(method))
        .route("/commands/{*id}", post(respond))
        .merge(page::routes())
        .with_state(shared)
}

async fn method(
    State(shared): State<Arc<Shared>>,
    Path(method): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    // Methods that only read are asked by GET.
    let arguments = match query {
        Some(query) => form(query.as_bytes()),
        None => arguments(&headers, &body),
    };
    let fault = shared.next_fault(&method).await;
    if let Some(answer) = fault.as_ref().and_then(Fault::instead) {
        shared.record(
            &method,
            arguments,
            Some(Refused::new("fault", "as scripted")),
        );
        return answer;
    }
    let done = shared.change(|workspace| {
        let done =
            authorised(&headers, &arguments).and_then(|()| perform(workspace, &method, &arguments));
        workspace.calls.push(Call {
            method: method.clone(),
            arguments,
            refused: done.as_ref().err().cloned(),
        });
        done
    });
    if let Some(answer) = fault.as_ref().and_then(Fault::afterwards) {
        return answer;
    }
    let mut answer = json_response(StatusCode::OK, &outcome(done));
    let scopes = shared.read(|workspace| workspace.scopes.join(","));
    if let Ok(scopes) = scopes.parse() {
        answer.headers_mut().insert("x-oauth-scopes", scopes);
    }
    answer
}

/// `{"ok": true, …}` or the error's code, with the reason where Slack puts it.
fn outcome(done: Result<Value, Refused>) -> Value {
    match done {
        Ok(Value::Object(mut fields)) => {
            fields.insert("ok".to_owned(), json!(true));
            Value::Object(fields)
        }
        Ok(_) => json!({"ok": true}),
        Err(refused) => json!({
            "ok": false,
            "error": refused.code,
            "response_metadata": {"messages": [format!("[ERROR] {}", refused.reason)]},
        }),
    }
}

pub(super) fn json_response(status: StatusCode, body: &Value) -> Response {
    respond_with(status, "application/json; charset=utf-8", body.to_string())
}

pub(super) fn respond_with(status: StatusCode, kind: &'static str, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        axum::http::HeaderValue::from_static(kind),
    );
    response
}

/// JSON, or a form whose fields may hold JSON.
fn arguments(headers: &HeaderMap, body: &[u8]) -> Value {
    let kind = headers.get(header::CONTENT_TYPE);
    let is_json = kind
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/json"));
    if is_json {
        return serde_json::from_slice(body).unwrap_or_default();
    }
    form(body)
}

fn form(fields: &[u8]) -> Value {
    let fields: Map<String, Value> = form_urlencoded::parse(fields)
        .map(|(name, value)| {
            let value = match value.starts_with(['[', '{']) {
                true => serde_json::from_str(&value).unwrap_or_default(),
                false => Value::String(value.into_owned()),
            };
            (name.into_owned(), value)
        })
        .collect();
    Value::Object(fields)
}

fn authorised(headers: &HeaderMap, arguments: &Value) -> Result<(), Refused> {
    let header = headers.get(header::AUTHORIZATION);
    let bearer = header
        .and_then(|header| header.to_str().ok())
        .and_then(|header| header.strip_prefix("Bearer "));
    match bearer.or(field(arguments, "token")) {
        Some(TOKEN) => Ok(()),
        Some(_) => Err(Refused::new("invalid_auth", "another token")),
        None => Err(Refused::new("not_authed", "no token")),
    }
}

fn need<'a>(arguments: &'a Value, name: &str) -> Result<&'a str, Refused> {
    field(arguments, name).ok_or_else(|| Refused::new("invalid_arguments", format!("no {name}")))
}

fn perform(w: &mut Workspace, method: &str, arguments: &Value) -> Result<Value, Refused> {
    match method {
        "auth.test" => Ok(json!({
            "url": "https://lake-house.slack.com/", "team": "Lake House", "user": "why",
            "team_id": "T1", "user_id": BOT, "bot_id": "B1", "is_enterprise_install": false,
        })),
        "chat.postMessage" => post_message(w, arguments),
        "chat.update" => update(w, arguments),
        "chat.unfurl" => unfurl(w, arguments),
        "chat.postEphemeral" => post_ephemeral(w, arguments),
        "conversations.open" => {
            let user = need(arguments, "users")?;
            if !w.users.contains_key(user) {
                return Err(Refused::new("user_not_found", user));
            }
            Ok(json!({"channel": {"id": w.direct_channel(user)}}))
        }
        "conversations.info" => channel_info(w, need(arguments, "channel")?),
        "conversations.history" | "conversations.replies" => history(w, arguments),
        "users.info" => {
            let user = need(arguments, "user")?;
            let found = w.user_json(user);
            let found = found.ok_or_else(|| Refused::new("user_not_found", user))?;
            Ok(json!({"user": found}))
        }
        "usergroups.users.list" => {
            let group = need(arguments, "usergroup")?;
            let users = w.groups.get(group);
            let users = users.ok_or_else(|| Refused::new("no_such_subteam", group))?;
            Ok(json!({"users": users}))
        }
        "views.open" => open_view(w, arguments),
        "views.update" => update_view(w, arguments),
        "views.publish" => {
            let user = need(arguments, "user_id")?;
            let view = view_of(arguments, "home")?;
            w.homes.insert(user.to_owned(), view.clone());
            w.shown(user);
            Ok(json!({"view": {"id": format!("VH{user}"), "type": "home"}}))
        }
        _ => Err(Refused::new("unknown_method", method)),
    }
}

fn checked(w: &Workspace, said: &Value) -> Result<(), Refused> {
    if w.refuses_rich && limits::is_rich(said) {
        return Err(Refused::new(
            "invalid_blocks",
            "no rich blocks in this workspace",
        ));
    }
    limits::message(said)
}

/// Whether the bot may write there; Slack also takes a user's id for their direct messages.
fn writable(w: &mut Workspace, channel: &str) -> Result<String, Refused> {
    if w.users.contains_key(channel) {
        return Ok(w.direct_channel(channel));
    }
    match w.channels.get(channel).map(|channel| &channel.kind) {
        None | Some(Kind::PrivateWithoutBot) => Err(Refused::new("channel_not_found", channel)),
        Some(Kind::NotJoined) => Err(Refused::new("not_in_channel", channel)),
        Some(Kind::Archived) => Err(Refused::new("is_archived", channel)),
        Some(Kind::Public | Kind::Shared | Kind::Direct(_)) => Ok(channel.to_owned()),
    }
}

fn post_message(w: &mut Workspace, said: &Value) -> Result<Value, Refused> {
    let channel = writable(w, need(said, "channel")?)?;
    checked(w, said)?;
    let thread_ts = field(said, "thread_ts");
    if thread_ts.is_some_and(|thread| w.message(thread).is_none()) {
        return Err(Refused::new("thread_not_found", "no such message"));
    }
    let ts = w.add(
        Written {
            channel: &channel,
            thread_ts,
            user: BOT,
            private_to: None,
        },
        said,
    );
    Ok(json!({"channel": channel, "ts": ts, "message": {"ts": ts, "text": field(said, "text")}}))
}

fn update(w: &mut Workspace, said: &Value) -> Result<Value, Refused> {
    let channel = writable(w, need(said, "channel")?)?;
    checked(w, said)?;
    let ts = need(said, "ts")?;
    match w.message(ts) {
        Some(m) if m.channel == channel && m.private_to.is_none() => {
            if m.user != BOT {
                return Err(Refused::new("cant_update_message", "another's message"));
            }
        }
        Some(_) | None => return Err(Refused::new("message_not_found", ts)),
    }
    w.edit(ts, said);
    Ok(json!({"channel": channel, "ts": ts, "text": field(said, "text")}))
}

fn post_ephemeral(w: &mut Workspace, said: &Value) -> Result<Value, Refused> {
    let channel = writable(w, need(said, "channel")?)?;
    let user = need(said, "user")?;
    if !w.users.contains_key(user) {
        return Err(Refused::new("user_not_in_channel", user));
    }
    checked(w, said)?;
    let ts = w.add(
        Written {
            channel: &channel,
            thread_ts: field(said, "thread_ts"),
            user: BOT,
            private_to: Some(user),
        },
        said,
    );
    Ok(json!({"message_ts": ts}))
}

/// Under a message that holds the links, or in what somebody is writing.
fn unfurl(w: &mut Workspace, said: &Value) -> Result<Value, Refused> {
    if !w.scopes.iter().any(|has| has == "links:write") {
        return Err(Refused::new("missing_scope", "links:write"));
    }
    let shown = said.get("unfurls").and_then(Value::as_object);
    let shown = shown.ok_or_else(|| Refused::new("missing_unfurls", "no unfurls"))?;
    let found = match (field(said, "unfurl_id"), field(said, "source")) {
        (Some(id), Some(source)) => w
            .pastes
            .iter_mut()
            .find(|paste| paste.unfurl_id == id && paste.source == source)
            .ok_or_else(|| Refused::new("invalid_unfurl_id", id))?,
        (None, None) => {
            let at = (
                need(said, "channel")?.to_owned(),
                need(said, "ts")?.to_owned(),
            );
            let found = w
                .pastes
                .iter_mut()
                .find(|paste| paste.at.as_ref() == Some(&at));
            found.ok_or_else(|| Refused::new("cannot_unfurl_message", at.1))?
        }
        (Some(_), None) => return Err(Refused::new("missing_source", "no source")),
        (None, Some(_)) => return Err(Refused::new("missing_unfurl_id", "no unfurl_id")),
    };
    for (link, preview) in shown {
        if !found.links.contains(link) {
            return Err(Refused::new("cannot_unfurl_url", link));
        }
        limits::unfurl(preview)?;
    }
    let shown = shown.clone().into_iter();
    let Some((_, ts)) = found.at.clone() else {
        found.preview.extend(shown);
        return Ok(json!({}));
    };
    let message = w.messages.iter_mut().find(|message| message.ts == ts);
    let message = message.ok_or_else(|| Refused::new("cannot_find_message", ts))?;
    message.unfurls.extend(shown);
    Ok(json!({}))
}

fn channel_info(w: &Workspace, id: &str) -> Result<Value, Refused> {
    let found = w
        .channels
        .get(id)
        .filter(|c| c.kind != Kind::PrivateWithoutBot);
    let channel = found.ok_or_else(|| Refused::new("channel_not_found", id))?;
    let is_direct = matches!(channel.kind, Kind::Direct(_));
    Ok(json!({"channel": {
        "id": id,
        "name": channel.name,
        "is_channel": !is_direct,
        "is_im": is_direct,
        "is_private": is_direct,
        "is_archived": channel.kind == Kind::Archived,
        "is_member": channel.kind != Kind::NotJoined,
        "is_shared": channel.kind == Kind::Shared,
        "is_ext_shared": channel.kind == Kind::Shared,
        "is_org_shared": false,
        "is_pending_ext_shared": false,
    }}))
}

/// What was said in a channel, the newest first, or in a thread, the first first.
fn history(w: &Workspace, arguments: &Value) -> Result<Value, Refused> {
    let id = need(arguments, "channel")?;
    let channel = w.channels.get(id);
    let channel = channel.ok_or_else(|| Refused::new("channel_not_found", id))?;
    let scope = match channel.kind {
        Kind::Direct(_) => "im:history",
        Kind::PrivateWithoutBot => return Err(Refused::new("channel_not_found", id)),
        Kind::NotJoined => return Err(Refused::new("not_in_channel", id)),
        Kind::Public | Kind::Shared | Kind::Archived => "channels:history",
    };
    if !w.scopes.iter().any(|has| has == scope) {
        return Err(Refused::new("missing_scope", scope));
    }
    let thread = field(arguments, "ts");
    let with_metadata = field(arguments, "include_all_metadata") == Some("true");
    let is_there = |m: &&super::state::Message| {
        let is_here = match thread {
            Some(ts) => m.ts == ts || m.thread_ts.as_deref() == Some(ts),
            None => m.thread_ts.is_none(),
        };
        m.channel == id && m.private_to.is_none() && is_here
    };
    let shown = |m: &super::state::Message| {
        let metadata = with_metadata.then_some(&m.metadata);
        json!({
            "type": "message", "user": m.user, "ts": m.ts, "thread_ts": m.thread_ts,
            "text": m.text, "blocks": m.blocks, "metadata": metadata,
        })
    };
    let mut messages: Vec<Value> = w.messages.iter().filter(is_there).map(shown).collect();
    if thread.is_none() {
        messages.reverse();
    }
    Ok(json!({"messages": messages, "has_more": false}))
}

fn view_of<'a>(arguments: &'a Value, kind: &str) -> Result<&'a Value, Refused> {
    let view = arguments.get("view").unwrap_or(&Value::Null);
    limits::view(view)?;
    if field(view, "type") != Some(kind) {
        return Err(Refused::new("invalid_arguments", format!("not a {kind}")));
    }
    Ok(view)
}

fn open_view(w: &mut Workspace, arguments: &Value) -> Result<Value, Refused> {
    let view = view_of(arguments, "modal")?;
    let trigger = need(arguments, "trigger_id")?;
    let user = w.triggers.remove(trigger);
    let user = user.ok_or_else(|| Refused::new("invalid_trigger_id", "unknown or used"))?;
    // One that can be sent is complete; one that can't is filled later.
    if view.get("submit").is_some() {
        w.shown(&user);
    }
    let id = format!("V{}", w.next());
    w.views.push(View {
        id: id.clone(),
        user,
        view: view.clone(),
        hash: format!("{id}.0"),
        open: true,
    });
    Ok(json!({"view": {"id": id, "hash": format!("{id}.0"), "type": "modal"}}))
}

fn update_view(w: &mut Workspace, arguments: &Value) -> Result<Value, Refused> {
    let view = view_of(arguments, "modal")?;
    let id = need(arguments, "view_id")?;
    let hash = format!("{id}.{}", w.next());
    // Whoever closed it waits for nothing.
    let closed = w.views.iter().find(|view| view.id == id && !view.open);
    if let Some(user) = closed.map(|view| view.user.clone()) {
        w.shown(&user);
    }
    let found = w.views.iter_mut().find(|view| view.id == id && view.open);
    let found = found.ok_or_else(|| Refused::new("not_found", "no such view is open"))?;
    if field(arguments, "hash").is_some_and(|hash| hash != found.hash) {
        return Err(Refused::new("hash_conflict", "updated meanwhile"));
    }
    found.view = view.clone();
    found.hash.clone_from(&hash);
    let user = found.user.clone();
    w.shown(&user);
    Ok(json!({"view": {"id": id, "hash": hash, "type": "modal"}}))
}

async fn respond(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let said = arguments(&headers, &body);
    let fault = shared.next_fault(RESPOND).await;
    if let Some(answer) = fault.as_ref().and_then(Fault::instead) {
        shared.record(RESPOND, said, Some(Refused::new("fault", "as scripted")));
        return answer;
    }
    let done = shared.change(|w| {
        let done = use_url(w, &id, &said);
        w.calls.push(Call {
            method: RESPOND.to_owned(),
            arguments: said,
            refused: done.as_ref().err().cloned(),
        });
        done
    });
    if let Some(answer) = fault.as_ref().and_then(Fault::afterwards) {
        return answer;
    }
    match done {
        Ok(()) => json_response(StatusCode::OK, &json!({"ok": true})),
        Err(refused) => json_response(StatusCode::NOT_FOUND, &outcome(Err(refused))),
    }
}

/// What is posted to a response URL: five times, for half an hour.
pub(super) fn use_url(w: &mut Workspace, id: &str, said: &Value) -> Result<(), Refused> {
    let clock = w.clock;
    let url = w.urls.get_mut(id);
    let url = url.ok_or_else(|| Refused::new("no_such_url", "never given out"))?;
    if clock.saturating_sub(url.made) > URL_LIFE {
        return Err(Refused::new("expired_url", "older than 30 minutes"));
    }
    if url.uses >= URL_USES {
        return Err(Refused::new("used_url", "five uses are over"));
    }
    url.uses += 1;
    let (channel, user) = (url.channel.clone(), url.user.clone());
    let thread_ts = field(said, "thread_ts").map(str::to_owned);
    let thread_ts = thread_ts.or_else(|| url.thread_ts.clone());
    let original = url.original.clone();
    let is_true = |name| said.get(name).and_then(Value::as_bool) == Some(true);
    if is_true("delete_original") {
        w.messages
            .retain(|message| Some(&message.ts) != original.as_ref());
        return Ok(());
    }
    checked(w, said)?;
    if is_true("replace_original")
        && let Some(ts) = &original
        && w.edit(ts, said)
    {
        return Ok(());
    }
    let is_public = field(said, "response_type") == Some("in_channel");
    let ts = w.add(
        Written {
            channel: &channel,
            thread_ts: thread_ts.as_deref(),
            user: BOT,
            private_to: (!is_public).then_some(user.as_str()),
        },
        said,
    );
    if let Some(url) = w.urls.get_mut(id)
        && url.original.is_none()
    {
        url.original = Some(ts);
    }
    Ok(())
}
