//! The Home tab: how to ask, the last questions, what is in the lake.

use serde_json::{Value, json};

use super::Home;
use super::elements::{actions, name};
use crate::render::blocks::mrkdwn::escape;
use crate::render::blocks::{button, context, limits, plain, section};
use crate::render::words::{NAME, count, minute};
use crate::slack::request::Action;

/// Questions to press.
const QUESTIONS: usize = 10;
/// Attributes that are named.
const ATTRIBUTES: usize = 40;

pub(super) fn home(home: &Home) -> Value {
    let mut blocks = vec![
        json!({"type": "header", "text": plain("Why does a company have this value?", 150)}),
        section(&how_to_ask(home)),
    ];
    let questions: Vec<Value> = home
        .last_questions
        .iter()
        .take(QUESTIONS)
        .enumerate()
        .filter_map(|(at, words)| {
            button(
                &name(words, limits::BUTTON),
                &Action::Ask(words.clone()),
                at,
            )
        })
        .collect();
    if let Some(questions) = actions(questions) {
        blocks.push(section(&["*Your last questions*".to_owned()]));
        blocks.push(questions);
    }
    blocks.push(section(&lake(home)));
    blocks.extend(
        home.data_as_of
            .map(|at| context(&[format!("Data as of {}, as far as I have read", minute(at))])),
    );
    json!({"type": "home", "blocks": blocks})
}

fn how_to_ask(home: &Home) -> Vec<String> {
    let attribute = |at: usize| {
        let found = home.attributes.get(at).or(home.attributes.first());
        escape(&name(found.map_or("revenue", String::as_str), NAME))
    };
    let (first, second) = (attribute(0), attribute(1));
    vec![
        "*How to ask*".to_owned(),
        format!("\u{2022} /why acme {first}"),
        format!("\u{2022} /why {second} of acme.com as of 2025-03-01"),
        format!("\u{2022} /why #17 {first} expected 10M"),
        "\u{2022} /why acme: all its attributes; /why acme changes since yesterday".to_owned(),
        "\u{2022} In a thread, mention me with the same words, or choose \u{201c}Ask why\u{2026}\u{201d} from a message\u{2019}s menu".to_owned(),
    ]
}

fn lake(home: &Home) -> Vec<String> {
    let named = home.attributes.iter().take(ATTRIBUTES);
    let mut names: Vec<String> = named.map(|label| escape(&name(label, NAME))).collect();
    let more = home.attributes.len().saturating_sub(ATTRIBUTES);
    if more > 0 {
        names.push(format!("and {more} more"));
    }
    let companies = match home.companies {
        1 => "1 company".to_owned(),
        many => format!("{many} companies"),
    };
    let mut lines = vec![
        "*In the lake*".to_owned(),
        format!("{companies}, {}", count(home.attributes.len(), "attribute")),
    ];
    lines.extend(names.chunks(10).map(|names| names.join(", ")));
    lines
}
