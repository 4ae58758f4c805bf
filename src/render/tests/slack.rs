//! What Slack would refuse, and what data must never be able to do there.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::render::blocks::Message;

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

fn text_of<'a>(value: &'a Value, what: &str) -> &'a str {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{what} is no text: {value}"))
}

fn within(text: &str, least: usize, most: usize, what: &str) {
    let length = units(text);
    assert!(
        (least..=most).contains(&length),
        "{what} has {length} characters: {text}"
    );
}

/// Panics with the first of Slack's limits that this breaks.
pub(super) fn accepts(message: &Message) {
    within(&message.text, 1, 3_999, "text");
    speaks_no_markup(&message.text, 0);
    assert!(
        (1..=50).contains(&message.blocks.len()),
        "{} blocks",
        message.blocks.len()
    );
    let mut in_tables = 0;
    let mut charts = 0;
    for block in &message.blocks {
        match text_of(&block["type"], "type") {
            "section" => mrkdwn(&block["text"]),
            "context" => {
                let elements = block["elements"].as_array().unwrap();
                assert!((1..=10).contains(&elements.len()));
                elements.iter().for_each(mrkdwn);
            }
            "actions" => actions(block),
            "divider" => {}
            "data_table" => in_tables += table(block),
            "data_visualization" => {
                charts += 1;
                chart(block);
            }
            other => panic!("a block of a kind that is not expected: {other}"),
        }
    }
    assert!(in_tables <= 10_000, "{in_tables} characters in tables");
    assert!(charts <= 2, "{charts} charts");
}

fn mrkdwn(text: &Value) {
    assert_eq!(text["type"], "mrkdwn");
    assert_eq!(text["verbatim"], true);
    let text = text_of(&text["text"], "mrkdwn");
    within(text, 1, 3_000, "mrkdwn");
    speaks_no_markup(text, 2);
}

/// Without our own code: a few plain words between two backticks.
fn without_code(line: &str) -> String {
    let parts: Vec<&str> = line.split('`').collect();
    let plain = |code: &&str| {
        !code.is_empty()
            && code
                .chars()
                .all(|c| c.is_alphanumeric() || " .,:#_-/'?\"".contains(c))
    };
    match parts.len() % 2 == 1 && parts.iter().skip(1).step_by(2).all(plain) {
        true => parts.into_iter().step_by(2).collect(),
        false => line.to_owned(),
    }
}

/// Nothing but our own links and at most so many stars a line: our own bold.
fn speaks_no_markup(text: &str, stars: usize) {
    for line in text.split('\n') {
        assert!(!line.starts_with("&gt;"), "a quotation: {line}");
        let mut rest = line;
        let mut bare = String::new();
        while let Some(at) = rest.find('<') {
            bare.push_str(&rest[..at]);
            let link = &rest[at..];
            assert!(
                link.starts_with("<https://") || link.starts_with("<http://"),
                "a mention or a strange link: {link}"
            );
            let (address, label) = link[1..link.find('>').unwrap()].split_once('|').unwrap();
            assert!(address.bytes().all(|b| b.is_ascii_graphic()), "{address}");
            bare.push_str(label);
            rest = &link[link.find('>').unwrap() + 1..];
        }
        bare.push_str(rest);
        let bare = without_code(&bare);
        assert!(!bare.contains(['<', '>', '`']), "{bare}");
        for (at, _) in bare.match_indices('&') {
            let entity = &bare[at..];
            assert!(
                ["&amp;", "&lt;", "&gt;"]
                    .iter()
                    .any(|e| entity.starts_with(e)),
                "{entity}"
            );
        }
        let active = |mark: char| {
            let chars: Vec<char> = bare.chars().collect();
            let word = |at: Option<usize>| {
                at.and_then(|at| chars.get(at))
                    .is_some_and(char::is_ascii_alphanumeric)
            };
            let inside = |at: usize| word(at.checked_sub(1)) && word(Some(at + 1));
            (0..chars.len())
                .filter(|at| chars[*at] == mark && !inside(*at))
                .count()
        };
        assert!([0, stars].contains(&active('*')), "bold is broken: {bare}");
        assert_eq!((active('_'), active('~')), (0, 0), "{bare}");
    }
    shows_all(text);
}

/// Nothing that turns the order of letters round or hides them.
fn shows_all(text: &str) {
    let acts = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!text.contains(acts), "{text:?}");
}

fn actions(block: &Value) {
    let elements = block["elements"].as_array().unwrap();
    assert!((1..=25).contains(&elements.len()));
    let mut ids = BTreeSet::new();
    for element in elements {
        let id = text_of(&element["action_id"], "action_id");
        within(id, 1, 255, "action_id");
        assert!(ids.insert(id), "twice {id}");
        match text_of(&element["type"], "type") {
            "button" => {
                plain(&element["text"], 75);
                match element["url"].as_str() {
                    Some(url) => within(url, 1, 3_000, "url"),
                    None => within(text_of(&element["value"], "value"), 1, 2_000, "value"),
                }
            }
            "static_select" => menu(element),
            "datepicker" => datepicker(element),
            other => panic!("an element of a kind that is not expected: {other}"),
        }
    }
}

fn plain(text: &Value, most: usize) {
    assert_eq!(text["type"], "plain_text");
    let text = text_of(&text["text"], "plain text");
    within(text, 1, most, "plain text");
    shows_all(text);
}

fn menu(select: &Value) {
    plain(&select["placeholder"], 150);
    let options = select["options"].as_array().unwrap();
    assert!((1..=100).contains(&options.len()));
    options.iter().for_each(choice);
    let chosen = &select["initial_option"];
    assert!(chosen.is_null() || options.contains(chosen), "{chosen}");
}

fn choice(option: &Value) {
    plain(&option["text"], 75);
    within(text_of(&option["value"], "value"), 1, 150, "choice");
}

fn datepicker(picker: &Value) {
    plain(&picker["placeholder"], 150);
    if let Some(day) = picker["initial_date"].as_str() {
        day.parse::<jiff::civil::Date>().unwrap();
    }
}

/// Panics with the first of Slack's limits that this modal or Home tab breaks.
pub(super) fn accepts_view(view: &Value) {
    let blocks = view["blocks"].as_array().unwrap();
    assert!((1..=100).contains(&blocks.len()));
    for block in blocks {
        match text_of(&block["type"], "type") {
            "header" => plain(&block["text"], 150),
            "section" => mrkdwn(&block["text"]),
            "context" => block["elements"]
                .as_array()
                .unwrap()
                .iter()
                .for_each(mrkdwn),
            "actions" => actions(block),
            "input" => input(block),
            other => panic!("a block of a kind that is not expected: {other}"),
        }
    }
    if view["type"] == "home" {
        return;
    }
    assert_eq!(view["type"], "modal");
    plain(&view["title"], 24);
    plain(&view["close"], 24);
    let asks = blocks.iter().any(|block| block["type"] == "input");
    assert_eq!(asks, view["submit"].is_object());
    if asks {
        plain(&view["submit"], 24);
    }
    let kept = text_of(&view["private_metadata"], "private_metadata");
    within(kept, 1, 3_000, "private_metadata");
}

fn input(block: &Value) {
    let element = &block["element"];
    within(text_of(&block["block_id"], "block_id"), 1, 255, "block_id");
    assert_eq!(block["block_id"], element["action_id"]);
    plain(&block["label"], 2_000);
    match text_of(&element["type"], "type") {
        "static_select" => menu(element),
        "datepicker" => datepicker(element),
        "external_select" => {
            plain(&element["placeholder"], 150);
            if element["initial_option"].is_object() {
                choice(&element["initial_option"]);
            }
        }
        "plain_text_input" => {
            if let Some(text) = element["initial_value"].as_str() {
                let most = element["max_length"].as_u64().unwrap();
                within(text, 1, usize::try_from(most).unwrap(), "initial_value");
            }
        }
        "url_text_input" | "conversations_select" => {}
        other => panic!("an input of a kind that is not expected: {other}"),
    }
}

/// How many characters it holds.
fn table(block: &Value) -> usize {
    let caption = text_of(&block["caption"], "caption");
    within(caption, 1, 1_000, "caption");
    shows_all(caption);
    let rows = block["rows"].as_array().unwrap();
    assert!((2..=101).contains(&rows.len()), "{} rows", rows.len());
    let columns = rows[0].as_array().unwrap().len();
    assert!((1..=20).contains(&columns));
    let mut length = units(caption);
    for row in rows {
        let cells = row.as_array().unwrap();
        assert_eq!(cells.len(), columns);
        for cell in cells {
            assert_eq!(cell["type"], "raw_text");
            let text = text_of(&cell["text"], "cell");
            assert!(!text.is_empty());
            shows_all(text);
            length += units(text);
        }
    }
    length
}

fn chart(block: &Value) {
    within(text_of(&block["title"], "title"), 1, 50, "title");
    let chart = &block["chart"];
    assert_eq!(chart["type"], "line");
    let categories = chart["axis_config"]["categories"].as_array().unwrap();
    assert!((2..=20).contains(&categories.len()));
    let distinct: BTreeSet<&str> = categories.iter().map(|c| text_of(c, "category")).collect();
    assert_eq!(
        distinct.len(),
        categories.len(),
        "categories are not distinct"
    );
    distinct
        .iter()
        .for_each(|label| within(label, 1, 20, "category"));
    if let Some(label) = chart["axis_config"]["y_label"].as_str() {
        within(label, 1, 50, "y_label");
    }
    let series = chart["series"].as_array().unwrap();
    assert!((1..=6).contains(&series.len()));
    for line in series {
        within(text_of(&line["name"], "name"), 1, 20, "name");
        let data = line["data"].as_array().unwrap();
        let labels: Vec<&Value> = data.iter().map(|point| &point["label"]).collect();
        assert_eq!(labels, categories.iter().collect::<Vec<_>>());
        assert!(data.iter().all(|point| point["value"].is_number()));
    }
}
