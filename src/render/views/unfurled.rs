//! What stands under a link to an answer: the answer in short, without anything to press.
//!
//! Who reads it did not ask, so it takes little room; the link itself leads to the rest. Slack
//! takes the same blocks as in a message, at most fifty for a link. Start at [`answer`].

use serde_json::{Value, json};

use super::AsItWas;
use super::Offers;
use super::elements::name;
use crate::answer::Answer;
use crate::overview::Overview;
use crate::render::blocks::{limits, plain};
use crate::render::words::{NAME, headline};

/// Of a company at a glance: its head and the first lines.
const BLOCKS: usize = 3;

pub(super) fn answer(answer: &Answer) -> Value {
    let AsItWas { blocks, .. } = AsItWas::of(answer);
    shown(&blocks, &headline(answer).subject)
}

pub(super) fn overview(overview: &Overview) -> Value {
    let message = super::overview(overview, Offers::default());
    let is_read = |block: &&Value| block.get("type").is_some_and(|kind| kind == "section");
    let blocks: Vec<Value> = message
        .blocks
        .iter()
        .filter(is_read)
        .take(BLOCKS)
        .cloned()
        .collect();
    shown(&blocks, &name(&overview.entity_name, NAME))
}

/// The title is what Slack shows of it where there is no room for blocks.
fn shown(blocks: &[Value], title: &str) -> Value {
    json!({
        "blocks": blocks,
        "preview": {"title": plain(title, limits::BUTTON)},
    })
}
