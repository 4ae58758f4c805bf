//! A company at a glance: a line for each attribute, and a menu to ask why.

use super::Offers;
use super::buttons::share;
use super::elements::{about, actions, menu, name, sections};
use crate::overview::{Overview, Row, State};
use crate::question::{Parts, phrase};
use crate::render::blocks::mrkdwn::escape;
use crate::render::blocks::{Message, alt, button, context, section};
use crate::render::words::clean::clean;
use crate::render::words::{self, NAME, SENTENCE, VALUE, count, day};
use crate::slack::request::Action;

pub(super) fn overview(overview: &Overview, offers: Offers) -> Message {
    let company = name(&overview.entity_name, NAME);
    let said: Vec<Said> = overview.rows.iter().map(said).collect();
    let summary = summary(overview);
    let head = format!("*{}*{}", escape(&company), escape(&summary));
    let lines: Vec<String> = said.iter().map(Said::mrkdwn).collect();
    let mut blocks = vec![section(&[head])];
    blocks.extend(sections(&lines));
    blocks.extend(offered(overview, offers));
    let read = words::what_was_read(&overview.read);
    blocks.push(context(&[escape(&read)]));
    let head = format!("{company}{summary}.");
    let text: Vec<String> = std::iter::once(head)
        .chain(said.iter().map(Said::sentence))
        .collect();
    Message {
        text: alt::fitted(&text, Some(&read)),
        blocks,
    }
}

/// ` · 7 of 9 attributes have a value, 1 looks wrong`
fn summary(overview: &Overview) -> String {
    let served = |row: &&Row| match &row.state {
        State::Served { .. } => true,
        State::Nothing | State::Restricted | State::Unread(_) => false,
    };
    let alarming = |row: &&Row| match &row.state {
        State::Served { alarms, .. } => !alarms.is_empty(),
        State::Nothing | State::Restricted | State::Unread(_) => false,
    };
    let (all, alarms) = (
        overview.rows.len(),
        overview.rows.iter().filter(alarming).count(),
    );
    let asked = match words::asked_about(overview.as_of) {
        Some(_) => format!(" on {}", day(overview.as_of)),
        None => String::new(),
    };
    let looks = match alarms {
        0 => String::new(),
        1 => ", 1 looks wrong".to_owned(),
        many => format!(", {many} look wrong"),
    };
    format!(
        " \u{b7} {} of {} decided{asked}{looks}",
        overview.rows.iter().filter(served).count(),
        count(all, "attribute"),
    )
}

/// An attribute in pieces.
#[derive(Debug)]
struct Said {
    label: String,
    /// What stands out; empty where there is no value.
    value: String,
    rest: String,
    alarms: String,
}

fn said(row: &Row) -> Said {
    let mut said = Said {
        label: name(&row.attribute.label, NAME),
        value: String::new(),
        rest: String::new(),
        alarms: String::new(),
    };
    match &row.state {
        State::Served {
            display,
            since,
            since_at_least,
            alarms,
        } => {
            let at_least = if *since_at_least { "at least " } else { "" };
            said.value = name(&clean(display, VALUE), VALUE);
            said.rest = format!(", {at_least}since {}", day(*since));
            said.alarms = alarms.join(", ").replace('_', " ");
        }
        State::Nothing => "no decision found".clone_into(&mut said.rest),
        State::Restricted => "restricted: not shown here".clone_into(&mut said.rest),
        State::Unread(why) => said.rest = format!("not read: {}", clean(why, SENTENCE)),
    }
    said
}

impl Said {
    fn mrkdwn(&self) -> String {
        let value = match self.value.as_str() {
            "" => String::new(),
            value => format!("*{}*", escape(value)),
        };
        let alarms = match self.alarms.as_str() {
            "" => String::new(),
            alarms => format!(" :warning: {}", escape(alarms)),
        };
        let label = escape(&self.label);
        format!("\u{2022} {label}: {value}{}{alarms}", escape(&self.rest))
    }

    fn sentence(&self) -> String {
        let alarms = match self.alarms.as_str() {
            "" => String::new(),
            alarms => format!("; warning: {alarms}"),
        };
        format!("{}: {}{}{alarms}.", self.label, self.value, self.rest)
    }
}

/// Of what may be seen: a restricted attribute is not worth asking for.
fn offered(overview: &Overview, offers: Offers) -> Option<serde_json::Value> {
    let as_of = words::asked_about(overview.as_of);
    let ask = |attribute| Parts {
        as_of,
        ..about(overview.entity_id, attribute)
    };
    let questions: Vec<(String, Parts<'_>)> = overview
        .rows
        .iter()
        .filter(|row| row.state != State::Restricted)
        .map(|row| (row.attribute.label.clone(), ask(&row.attribute.name)))
        .collect();
    let id = overview.entity_id;
    let changes = Action::Ask(format!("#{id} changes in the last 30 days"));
    let elements = [
        menu("Ask why\u{2026}", &questions, 0),
        as_of
            .is_none()
            .then(|| button("What changed lately", &changes, 1))
            .flatten(),
        share(&phrase(&ask("")), offers),
    ];
    actions(elements.into_iter().flatten().collect())
}
