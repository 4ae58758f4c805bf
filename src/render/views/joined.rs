//! Several answers as one message: each has its share of Slack's limits.
//!
//! What is cut is cut from the evidence: every answer keeps its first line and its buttons.
//! Start at [`joined`].

use serde_json::{Value, json};

use crate::render::blocks::limits::{self, length};
use crate::render::blocks::{Message, context};
use crate::slack::actions;

/// More answers than this are no longer read by anybody.
const ANSWERS: usize = 12;

pub(super) fn joined(mut messages: Vec<Message>) -> Message {
    if messages.len() == 1
        && let Some(only) = messages.pop()
    {
        return only;
    }
    let left_out = messages.split_off(messages.len().min(ANSWERS)).len();
    let many = messages.len().max(1);
    let rest = (left_out > 0)
        .then(|| format!("\u{2026} and {left_out} more: ask for them in a message of their own."));
    let mut charts = limits::CHARTS;
    let mut blocks = Vec::new();
    let mut texts = Vec::new();
    for message in messages {
        if !blocks.is_empty() {
            blocks.push(json!({"type": "divider"}));
        }
        // A divider each, and the last line.
        let share = (limits::BLOCKS - 1) / many - 1;
        let mut own = shortened(message.blocks, limits::TABLES / many, &mut charts);
        own.iter_mut().for_each(keep_the_rest);
        blocks.extend(fewer(own, share));
        texts.push(message.text);
    }
    blocks.extend(rest.iter().map(|rest| context(std::slice::from_ref(rest))));
    Message {
        text: text(&texts, rest),
        blocks,
    }
}

/// What is chosen takes the place of its message, which holds the other answers.
fn keep_the_rest(block: &mut Value) {
    let elements = block.get_mut("elements").and_then(Value::as_array_mut);
    for element in elements.into_iter().flatten() {
        let Some(id) = element.get_mut("action_id") else {
            continue;
        };
        let value = id.as_str().map(actions::not_in_place);
        *id = value.map_or(Value::Null, Value::String);
    }
}

/// Tables and charts within the shares.
fn shortened(blocks: Vec<Value>, mut table_room: usize, charts: &mut usize) -> Vec<Value> {
    let mut kept = Vec::new();
    for mut block in blocks {
        match block.get("type").and_then(Value::as_str) {
            Some("data_table") => match cut(&mut block, table_room) {
                Some(used) => table_room -= used,
                None => continue,
            },
            Some("data_visualization") => match charts.checked_sub(1) {
                Some(left) => *charts = left,
                None => continue,
            },
            Some(_) | None => {}
        }
        kept.push(block);
    }
    kept
}

/// Leaves out last rows until the table fits, and says so; how much it then takes, `None` where
/// no row is left beside the head.
fn cut(table: &mut Value, room: usize) -> Option<usize> {
    const SHORTENED: &str = " (shortened)";
    let caption = table.get("caption")?.as_str()?.to_owned();
    let rows = table.get_mut("rows")?.as_array_mut()?;
    let all = rows.len();
    let mut used = length(&caption) + length(SHORTENED);
    let mut fitting = 0;
    for row in rows.iter() {
        let cells = row.as_array().into_iter().flatten();
        let cells = cells.filter_map(|cell| cell.get("text")?.as_str());
        let size: usize = cells.map(length).sum();
        if used + size > room {
            break;
        }
        used += size;
        fitting += 1;
    }
    rows.truncate(fitting);
    if fitting < all {
        let fields = table.as_object_mut()?;
        fields.insert("caption".to_owned(), json!(caption + SHORTENED));
    }
    (fitting > 1).then_some(used)
}

/// So many blocks at most, without the last that are not buttons.
fn fewer(mut blocks: Vec<Value>, most: usize) -> Vec<Value> {
    while blocks.len() > most.max(1) {
        let is_buttons = |block: &Value| block.get("type").is_some_and(|kind| kind == "actions");
        let last = blocks.iter().rposition(|block| !is_buttons(block));
        blocks.remove(last.unwrap_or(0));
    }
    blocks
}

/// As many whole lines of each as fit its share: they are escaped, so none is cut.
fn text(texts: &[String], rest: Option<String>) -> String {
    let room = limits::ALT - 200;
    let share = room / texts.len().max(1);
    let mut joined: Vec<String> = Vec::new();
    for text in texts {
        let mut used = 2;
        let lines = text.lines().take_while(|line| {
            used += length(line) + 1;
            used <= share
        });
        let kept: Vec<&str> = lines.collect();
        // A first line longer than its share still is the answer.
        let first = text.lines().next().unwrap_or_default();
        let so_far: usize = joined.iter().map(|text| length(text) + 2).sum();
        if !kept.is_empty() {
            joined.push(kept.join("\n"));
        } else if so_far + length(first) < room {
            joined.push(first.to_owned());
        }
    }
    joined.extend(rest);
    if joined.is_empty() {
        joined.push("Several answers.".to_owned());
    }
    joined.join("\n\n")
}
