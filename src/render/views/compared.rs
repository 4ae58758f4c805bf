//! What an attribute is and what it was, in one line above both answers.

use crate::answer::Answer;
use crate::question::AsOf;
use crate::render::blocks::mrkdwn::escape;
use crate::render::blocks::{Message, section};
use crate::render::words::clean::clean;
use crate::render::words::{NAME, asked_about, headline, minute};

pub(super) fn compare(now: &Answer, then: &Answer, message: &mut Message) {
    let (asked, before) = (&now.question, &then.question);
    let one_attribute = asked.entity_id == before.entity_id && asked.attribute == before.attribute;
    if !one_attribute || asked.as_of <= before.as_of {
        return;
    }
    let company = super::elements::name(&asked.entity_name, NAME);
    let label = clean(&now.attribute.label, NAME);
    let line = format!(
        "{company} \u{b7} {label}: {}, {}; before, {}, {}",
        when(now),
        headline(now).value,
        when(then),
        headline(then).value,
    );
    message.blocks.insert(0, section(&[escape(&line)]));
    message.text = format!("{}\n{}", escape(&line), message.text);
}

fn when(answer: &Answer) -> String {
    match asked_about(answer.question.as_of) {
        None => "now".to_owned(),
        Some(AsOf::Day(day)) => format!("on {day}"),
        Some(AsOf::Instant(instant)) => format!("at {}", minute(instant)),
    }
}
