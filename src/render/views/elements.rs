//! The parts of which views are made: names, menus, inputs, runs of sections.
//!
//! Start at [`menu`], which asks the question of whatever is chosen.

use serde_json::{Value, json};

use crate::question::{LookBack, Parts, phrase};
use crate::render::blocks::mrkdwn::escape;
use crate::render::blocks::{limits, plain, section};
use crate::render::words::clean::clean_name;
use crate::slack::actions;
use crate::slack::request::Action;

/// The most sections that a list of lines may take.
const SECTIONS: usize = 8;

/// A name on one line, never nothing.
pub(super) fn name(text: &str, columns: usize) -> String {
    match clean_name(text, columns) {
        blank if blank.trim().is_empty() => "(no name)".to_owned(),
        name => name,
    }
}

/// The question about a company, now; of all its attributes where none is named.
pub(super) fn about(entity_id: i64, attribute: &str) -> Parts<'_> {
    Parts {
        entity_id,
        attribute,
        as_of: None,
        expected: None,
        look_back: LookBack::Auto,
    }
}

/// A choice of a menu; `None` where its value does not fit.
pub(super) fn choice(label: &str, value: &str) -> Option<Value> {
    let fits = (1..=limits::CHOICE_VALUE).contains(&limits::length(value));
    fits.then(
        || json!({"text": plain(&name(label, limits::BUTTON), limits::BUTTON), "value": value}),
    )
}

/// A menu that asks what is chosen; `None` where there is nothing to choose.
pub(super) fn menu(
    placeholder: &str,
    questions: &[(String, Parts<'_>)],
    index: usize,
) -> Option<Value> {
    let first = phrase(&questions.first()?.1);
    let action_id = actions::button(&Action::Ask(first), index)?.action_id;
    let options: Vec<Value> = questions
        .iter()
        .filter_map(|(label, parts)| choice(label, &phrase(parts)))
        .take(limits::CHOICES)
        .collect();
    (!options.is_empty()).then(|| {
        json!({
            "type": "static_select",
            "action_id": action_id,
            "placeholder": plain(placeholder, limits::BUTTON),
            "options": options,
        })
    })
}

/// A link to the answer as a page. What Slack tells us when it is pressed asks nothing. `None`
/// where a button can't hold the address.
pub(super) fn page_button(url: &str) -> Option<Value> {
    let action_id = actions::button(&Action::Link, 0)?.action_id;
    let fits = (1..=limits::BUTTON_URL).contains(&limits::length(url));
    fits.then(|| {
        json!({
            "type": "button",
            "action_id": action_id,
            "text": plain("Open as a page", limits::BUTTON),
            "url": url,
        })
    })
}

/// One block of these; none of none.
pub(super) fn actions(elements: Vec<Value>) -> Option<Value> {
    (!elements.is_empty()).then(|| json!({"type": "actions", "elements": elements}))
}

/// Lines in as many sections as they take; says how many are left out.
pub(super) fn sections(lines: &[String]) -> Vec<Value> {
    // Room for what `fitting` says of the rest.
    let room = limits::TEXT - 100;
    let mut blocks = Vec::new();
    let mut rest = lines;
    while !rest.is_empty() && blocks.len() < SECTIONS {
        let mut used = 0;
        let fitting = rest.iter().take_while(|line| {
            used += limits::length(line) + 1;
            used <= room
        });
        let last = blocks.len() + 1 == SECTIONS;
        let taken = if last {
            rest.len()
        } else {
            fitting.count().max(1)
        };
        let (now, later) = rest.split_at(taken);
        blocks.push(section(now));
        rest = later;
    }
    blocks
}

/// A person, by the id that Slack gave (`U012AB3CD`); anything else stays data.
pub(super) fn mention(user: &str) -> String {
    match crate::job::is_in_slack(user) {
        true => format!("<@{user}>"),
        false => escape(&name(user, 32)),
    }
}
