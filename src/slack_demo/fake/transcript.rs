//! The conversation as people see it, in plain text: for snapshots and for `why slack-demo`.
//!
//! Threads stand under what began them; tables are rows, buttons are `[words]`. Without
//! timestamps, so that the same conversation always reads the same.

use std::fmt::Write;

use serde_json::Value;

use super::state::{BOT, Kind, Message, Workspace, field};

pub(super) fn transcript(w: &Workspace) -> String {
    let mut out = String::new();
    for (id, channel) in &w.channels {
        let here: Vec<&Message> = w.messages.iter().filter(|m| m.channel == *id).collect();
        if here.is_empty() {
            continue;
        }
        let name = match &channel.kind {
            Kind::Direct(user) => format!("Direct messages of {}", name(w, user)),
            Kind::Public
            | Kind::PrivateWithoutBot
            | Kind::NotJoined
            | Kind::Shared
            | Kind::Archived => format!("#{}", channel.name),
        };
        let _ = writeln!(
            out,
            "{}== {name} ==",
            if out.is_empty() { "" } else { "\n" }
        );
        let begins = |m: &&&Message| m.thread_ts.as_ref().is_none_or(|thread| *thread == m.ts);
        for message in here.iter().filter(begins) {
            write_message(&mut out, w, message, "");
            let replies = here.iter().filter(|m| {
                m.ts != message.ts && m.thread_ts.as_deref() == Some(message.ts.as_str())
            });
            for reply in replies {
                write_message(&mut out, w, reply, "    ");
            }
        }
    }
    for view in w.views.iter().filter(|view| view.open) {
        let _ = writeln!(out, "\n== A modal that {} sees ==", name(w, &view.user));
        write_view(&mut out, &view.view);
    }
    for (user, home) in &w.homes {
        let _ = writeln!(out, "\n== Home of {} ==", name(w, user));
        write_view(&mut out, home);
    }
    out
}

fn name(w: &Workspace, user: &str) -> String {
    w.users
        .get(user)
        .map_or_else(|| user.to_owned(), |user| user.name.to_owned())
}

fn write_message(out: &mut String, w: &Workspace, message: &Message, indent: &str) {
    let mut who = name(w, &message.user);
    if let Some(user) = &message.private_to {
        let _ = write!(who, " (only {} sees this)", name(w, user));
    }
    if !message.earlier.is_empty() {
        who.push_str(" (edited)");
    }
    let _ = writeln!(out, "{indent}{who}:");
    let said = match message.blocks.is_empty() {
        true => vec![plain(&message.text)],
        false => message.blocks.iter().flat_map(block).collect(),
    };
    let said = said.join("\n").replace(&format!("<@{BOT}>"), "@why");
    for line in said.lines() {
        let _ = writeln!(out, "{}", format!("{indent}  {line}").trim_end());
    }
    for unfurl in message.unfurls.values() {
        for line in items(unfurl, "blocks").iter().flat_map(block) {
            let _ = writeln!(out, "{indent}  | {line}");
        }
    }
}

fn write_view(out: &mut String, view: &Value) {
    if let Some(title) = view.pointer("/title/text").and_then(Value::as_str) {
        let _ = writeln!(out, "{title}");
    }
    for line in items(view, "blocks").iter().flat_map(block) {
        let _ = writeln!(out, "  {line}");
    }
}

/// A block as lines.
fn block(block: &Value) -> Vec<String> {
    match field(block, "type").unwrap_or_default() {
        "section" => {
            let text = block.get("text").map(words);
            let fields = items(block, "fields").iter().map(words);
            let accessory = block.get("accessory").map(element);
            text.into_iter().chain(fields).chain(accessory).collect()
        }
        "header" | "alert" => block.get("text").map(words).into_iter().collect(),
        "markdown" => vec![field(block, "text").unwrap_or_default().to_owned()],
        "context" => vec![joined(items(block, "elements").iter().map(words), " ")],
        "actions" => vec![joined(items(block, "elements").iter().map(element), " ")],
        "input" => {
            let label = block.get("label").map(words).unwrap_or_default();
            let element = block.get("element").map(element).unwrap_or_default();
            vec![format!("{label}: {element}")]
        }
        "divider" => vec!["---".to_owned()],
        "data_table" => table(block),
        "data_visualization" => chart(block),
        other => vec![format!("({other})")],
    }
}

fn table(block: &Value) -> Vec<String> {
    let caption = field(block, "caption").unwrap_or_default().to_owned();
    let rows = items(block, "rows").iter().map(|row| {
        let cells = row.as_array().map_or(&[][..], Vec::as_slice);
        format!("| {} |", joined(cells.iter().map(cell), " | "))
    });
    std::iter::once(caption).chain(rows).collect()
}

fn cell(cell: &Value) -> String {
    match (field(cell, "text"), cell.get("value")) {
        (Some(text), _) => text.to_owned(),
        (None, Some(value)) => value.to_string(),
        (None, None) => String::new(),
    }
}

fn chart(block: &Value) -> Vec<String> {
    let title = field(block, "title").unwrap_or_default();
    let series = block.get("chart").map(|chart| items(chart, "series"));
    let lines = series.unwrap_or_default().iter().map(|series| {
        let points = items(series, "data").iter().map(|point| {
            let label = field(point, "label").unwrap_or_default();
            format!("{label} {}", point.get("value").unwrap_or(&Value::Null))
        });
        joined(points, ", ")
    });
    std::iter::once(format!("Chart: {title}"))
        .chain(lines)
        .collect()
}

fn element(element: &Value) -> String {
    let says = |name: &str| element.get(name).map(words);
    let label = says("text").or_else(|| says("placeholder"));
    let initial = field(element, "initial_value")
        .or_else(|| field(element, "initial_date"))
        .map(str::to_owned)
        .or_else(|| element.pointer("/initial_option/text").map(words));
    let kind = field(element, "type").unwrap_or_default();
    format!("[{}]", initial.or(label).unwrap_or_else(|| kind.to_owned()))
}

/// A text object's words.
fn words(object: &Value) -> String {
    plain(field(object, "text").unwrap_or_default())
}

/// Without Slack's escapes; links as `label (address)`.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, link)) = rest.split_once("<http") {
        out.push_str(before);
        let Some((link, after)) = link.split_once('>') else {
            break;
        };
        match link.split_once('|') {
            Some((address, label)) => {
                let _ = write!(out, "{label} (http{address})");
            }
            None => {
                let _ = write!(out, "http{link}");
            }
        }
        rest = after;
    }
    out.push_str(rest);
    out.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

fn joined(parts: impl Iterator<Item = String>, between: &str) -> String {
    parts.collect::<Vec<_>>().join(between)
}

fn items<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    let items = value.get(name).and_then(Value::as_array);
    items.map_or(&[], Vec::as_slice)
}
