//! What Slack takes and what it refuses, payload by payload.

use serde_json::{Value, json};

use super::{message, view};

fn check(payload: &Value, expected: &str) {
    let found = match message(payload) {
        Ok(()) => "ok".to_owned(),
        Err(refused) => refused.to_string(),
    };
    assert_eq!(found, expected, "{payload}");
}

/// One block in a message.
fn check_block(block: &Value, expected: &str) {
    let expected = match expected {
        "ok" => "ok".to_owned(),
        reason => format!("invalid_blocks: block 0 ({}): {reason}", super::kind(block)),
    };
    check(&json!({"text": "t", "blocks": [block]}), &expected);
}

fn check_view(payload: &Value, expected: &str) {
    let found = match view(payload) {
        Ok(()) => "ok".to_owned(),
        Err(refused) => refused.to_string(),
    };
    assert_eq!(found, expected, "{payload}");
}

fn mrkdwn(text: &str) -> Value {
    json!({"type": "mrkdwn", "text": text})
}

fn section(length: usize) -> Value {
    json!({"type": "section", "text": mrkdwn(&"x".repeat(length))})
}

fn button(text: &str, id: &str) -> Value {
    json!({"type": "button", "text": {"type": "plain_text", "text": text}, "action_id": id})
}

#[test]
fn a_message_needs_words_and_takes_so_many() {
    check(&json!({"text": "hello"}), "ok");
    check(&json!({"blocks": [section(1)]}), "ok");
    check(&json!({"text": ""}), "no_text: neither text nor blocks");
    check(&json!({"text": "x".repeat(40_000)}), "ok");
    check(
        &json!({"text": "x".repeat(40_001)}),
        "msg_too_long: text has 40001 characters",
    );
    let many = |n| json!({"text": "t", "blocks": vec![json!({"type": "divider"}); n]});
    check(&many(50), "ok");
    check(&many(51), "invalid_blocks: 51 blocks, at most 50");
    let twice = json!({"type": "divider", "block_id": "a"});
    check(
        &json!({"blocks": [twice, twice]}),
        "invalid_blocks: block_id \"a\" comes twice",
    );
}

#[test]
fn each_block_is_held_to_its_limits() {
    check_block(&section(3_000), "ok");
    check_block(&section(3_001), "3001 characters in text, at most 3000");
    check_block(&section(0), "0 characters in text, at least 1");
    let emoji = "\u{1f600}".repeat(1_501);
    check_block(
        &json!({"type": "section", "text": mrkdwn(&emoji)}),
        "3002 characters in text, at most 3000",
    );
    let fields = |n| json!({"type": "section", "fields": vec![mrkdwn("f"); n]});
    check_block(&fields(10), "ok");
    check_block(&fields(11), "11 fields, at most 10");
    check_block(
        &json!({"type": "header", "text": mrkdwn("h")}),
        "text is \"mrkdwn\", not one of [\"plain_text\"]",
    );
    let context = |n| json!({"type": "context", "elements": vec![mrkdwn("c"); n]});
    check_block(&context(10), "ok");
    check_block(&context(11), "11 elements, at most 10");
    check_block(
        &json!({"type": "carousel"}),
        "no block is called \"carousel\"",
    );
    check(
        &json!({"blocks": [{"type": "alert", "text": mrkdwn("a")}]}),
        "invalid_blocks: block 0: alert does not go here",
    );
}

#[test]
fn buttons_and_menus_are_held_to_their_limits() {
    let actions = |elements: Vec<Value>| json!({"type": "actions", "elements": elements});
    let buttons = |n| (0..n).map(|i| button("b", &format!("id{i}"))).collect();
    check_block(&actions(buttons(25)), "ok");
    check_block(&actions(buttons(26)), "26 elements, at most 25");
    check_block(
        &actions(vec![button("a", "x"), button("b", "x")]),
        "action_id \"x\" comes twice",
    );
    check_block(
        &actions(vec![button(&"x".repeat(76), "a")]),
        "76 characters in button, at most 75",
    );
    let mut long = button("b", "a");
    long["value"] = json!("v".repeat(2_001));
    check_block(
        &actions(vec![long]),
        "2001 characters in value, at most 2000",
    );
    let select = |n| {
        let option = json!({"text": {"type": "plain_text", "text": "o"}, "value": "v"});
        json!({"type": "static_select", "action_id": "s", "options": vec![option; n]})
    };
    check_block(&actions(vec![select(100)]), "ok");
    check_block(&actions(vec![select(101)]), "101 options, at most 100");
    check_block(
        &actions(vec![json!({"type": "datepicker", "initial_date": "today"})]),
        "initial_date \"today\" is no day",
    );
}

fn table(rows: usize, columns: usize, length: usize) -> Value {
    let cell = json!({"type": "raw_text", "text": "x".repeat(length)});
    json!({"type": "data_table", "caption": "c", "rows": vec![vec![cell; columns]; rows]})
}

#[test]
fn tables_are_held_to_their_limits() {
    check_block(&table(101, 20, 1), "ok");
    check_block(&table(1, 2, 1), "1 rows, at least 2");
    check_block(&table(102, 2, 1), "102 rows, at most 101");
    check_block(&table(2, 21, 1), "21 columns, at most 20");
    check_block(&table(2, 2, 0), "0 characters in cell, at least 1");
    let mut ragged = table(3, 2, 1);
    ragged["rows"][2] = json!([{"type": "raw_text", "text": "x"}]);
    check_block(&ragged, "row 2 has 1 cells, not 2");
    let mut nameless = table(2, 2, 1);
    nameless["caption"] = json!("");
    check_block(&nameless, "0 characters in caption, at least 1");
    let two = |length| json!({"text": "t", "blocks": [table(50, 10, length), table(50, 10, 10)]});
    check(&two(9), "ok");
    check(
        &two(10),
        "invalid_blocks: 10002 characters in tables, at most 10000",
    );
}

fn chart(categories: &[&str], labels: &[&str]) -> Value {
    let data: Vec<Value> = labels
        .iter()
        .map(|l| json!({"label": l, "value": 1}))
        .collect();
    json!({
        "type": "data_visualization", "title": "t",
        "chart": {
            "type": "line",
            "series": [{"name": "s", "data": data}],
            "axis_config": {"categories": categories},
        },
    })
}

#[test]
fn charts_are_held_to_their_limits() {
    check_block(&chart(&["a", "b"], &["a", "b"]), "ok");
    let missing = "a series needs one point for each category";
    check_block(&chart(&["a", "b"], &["a"]), missing);
    check_block(&chart(&["a", "b"], &["a", "c"]), missing);
    check_block(&chart(&["a", "a"], &["a", "a"]), "a category comes twice");
    let long = "x".repeat(21);
    check_block(
        &chart(&[&long], &[&long]),
        "21 characters in category, at most 20",
    );
    let one = chart(&["a"], &["a"]);
    check(
        &json!({"text": "t", "blocks": [one, one, one]}),
        "invalid_blocks: 3 charts, at most 2",
    );
}

#[test]
fn a_modal_needs_a_title_and_a_way_to_send_its_inputs() {
    let input = json!({
        "type": "input", "label": {"type": "plain_text", "text": "l"},
        "element": {"type": "plain_text_input", "action_id": "a"},
    });
    let plain = |text: &str| json!({"type": "plain_text", "text": text});
    let modal = |title: &str| json!({"type": "modal", "title": plain(title), "submit": plain("Send"), "blocks": [input]});
    check_view(&modal(&"t".repeat(24)), "ok");
    check_view(
        &modal(&"t".repeat(25)),
        "invalid_arguments: 25 characters in title, at most 24",
    );
    let mut unsendable = modal("t");
    unsendable.as_object_mut().unwrap().remove("submit");
    check_view(
        &unsendable,
        "invalid_arguments: a modal with inputs needs submit",
    );
    let mut full = modal("t");
    full["private_metadata"] = json!("m".repeat(3_001));
    check_view(
        &full,
        "invalid_arguments: 3001 characters in private_metadata, at most 3000",
    );
    let home = |n| json!({"type": "home", "blocks": vec![json!({"type": "divider"}); n]});
    check_view(&home(100), "ok");
    check_view(&home(101), "invalid_arguments: 101 blocks, at most 100");
    check_view(&Value::Null, "invalid_arguments: a view without blocks");
}
