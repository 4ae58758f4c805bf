//! The page that looks like a channel, and the two endpoints that it uses: `/state` and `/act`.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::{Value, json};

use super::send::Trouble;
use super::state::{ADA, BOT, Kind, Workspace, field};
use super::web::{json_response, respond_with};
use super::{Fake, Shared};

const PAGE: &str = include_str!("page.html");

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/", get(page))
        .route("/state", get(state))
        .route("/act", post(act))
}

async fn page() -> Response {
    respond_with(StatusCode::OK, "text/html; charset=utf-8", PAGE.to_owned())
}

async fn state(State(shared): State<Arc<Shared>>) -> Response {
    json_response(StatusCode::OK, &shared.read(seen))
}

/// As Ada sees it, who sits in front of the page.
fn seen(w: &Workspace) -> Value {
    let messages: Vec<Value> = w
        .messages
        .iter()
        .filter(|m| m.private_to.as_deref().is_none_or(|user| user == ADA))
        .map(|m| {
            let name = w.users.get(&m.user).map(|user| user.name);
            json!({
                "channel": m.channel, "ts": m.ts, "thread_ts": m.thread_ts, "name": name,
                "text": m.text, "blocks": m.blocks, "private": m.private_to.is_some(),
                "edited": !m.earlier.is_empty(), "bot": m.user == BOT,
                "unfurls": m.unfurls.values().collect::<Vec<_>>(),
            })
        })
        .collect();
    let channels: Vec<Value> = w
        .channels
        .iter()
        .filter(|(_, c)| matches!(&c.kind, Kind::Public) || c.kind == Kind::Direct(ADA.to_owned()))
        .map(|(id, channel)| json!({"id": id, "name": channel.name}))
        .collect();
    let refused = w.calls.iter().rev().find_map(|call| {
        let refused = call.refused.as_ref()?;
        Some(format!("{}: {refused}", call.method))
    });
    json!({
        "channels": channels,
        "messages": messages,
        "view": w.open_view(ADA).map(|view| &view.view),
        "home": w.homes.get(ADA),
        "refused": refused,
    })
}

/// Only as JSON: another page in the same browser can't send that without being asked first.
async fn act(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    let is_json = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind == "application/json");
    if !is_json {
        let said = json!({"error": "send JSON"});
        return json_response(StatusCode::UNSUPPORTED_MEDIA_TYPE, &said);
    }
    let what: Value = serde_json::from_slice(&body).unwrap_or_default();
    match perform(&Fake::of(shared), &what).await {
        Ok(answer) => json_response(StatusCode::OK, &json!({"answer": answer})),
        Err(trouble) => json_response(StatusCode::OK, &json!({"error": trouble.to_string()})),
    }
}

async fn perform(fake: &Fake, what: &Value) -> Result<Value, Trouble> {
    let said = |name: &str| field(what, name).unwrap_or_default();
    match said("do") {
        "type" => write(fake, said("channel"), field(what, "thread"), said("text")).await,
        "press" => {
            match field(what, "value") {
                Some(value) => fake.pick(ADA, said("ts"), said("id"), value).await?,
                None => fake.press(ADA, said("ts"), said("id")).await?,
            }
            Ok(Value::Null)
        }
        "press_in_view" => {
            fake.press_in_view(ADA, said("id")).await?;
            Ok(Value::Null)
        }
        "shortcut" => {
            fake.shortcut(ADA, field(what, "ts")).await?;
            Ok(Value::Null)
        }
        "submit" => {
            let fields = what.get("fields").and_then(Value::as_object);
            let fields: Vec<(&str, &str)> = fields
                .into_iter()
                .flatten()
                .filter_map(|(id, value)| Some((id.as_str(), value.as_str()?)))
                .collect();
            fake.submit(ADA, &fields).await
        }
        "suggest" => fake.suggest(ADA, said("id"), said("typed")).await,
        "close" => {
            let views = |w: &mut Workspace| w.views.iter_mut().for_each(|view| view.open = false);
            fake.change(views);
            Ok(Value::Null)
        }
        "home" => {
            fake.open_home(ADA).await?;
            Ok(Value::Null)
        }
        other => Err(Trouble::Missing(format!("action {other:?}"))),
    }
}

/// `/why …` is a command, `… @why …` a mention, anything else is only said (or asked directly).
async fn write(
    fake: &Fake,
    channel: &str,
    thread: Option<&str>,
    text: &str,
) -> Result<Value, Trouble> {
    if let Some(words) = text.strip_prefix("/why") {
        return fake.command(ADA, channel, words.trim()).await;
    }
    let mentions = text.split_whitespace().any(|word| word.starts_with("@why"));
    if mentions {
        fake.mention_in(
            ADA,
            channel,
            thread,
            &text.replacen("@why", &format!("<@{BOT}>"), 1),
        )
        .await?;
    } else if channel.starts_with('D') {
        fake.direct(ADA, text).await?;
    } else if let links = fake.links_in(text)
        && !links.is_empty()
    {
        let links: Vec<&str> = links.iter().map(String::as_str).collect();
        fake.paste(ADA, channel, thread, &links).await?;
    } else {
        fake.say(ADA, channel, thread, text);
    }
    Ok(Value::Null)
}
