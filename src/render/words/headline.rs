//! The answer in one line, and why in the next.
//!
//! Line one: whose attribute, when it was asked about, the value, since when.
//! Line two begins with `because`. Neither guesses: without one winner it says so.

use jiff::Timestamp;

use super::candidates::shared_reason;
use super::clean::{clean, clean_name};
use super::{NAME, REMARK, VALUE, day, minute, rule, source_label};
use crate::answer::{Answer, Cause, Current, Explained, Status};
use crate::explain::list;
use crate::layout::utc_date;
use crate::question::AsOf;

/// Line one in its parts, to be set off from each other: `subject: value`, then
/// `since` with its comma.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::render) struct Headline {
    pub(in crate::render) subject: String,
    pub(in crate::render) value: String,
    pub(in crate::render) since: String,
}

pub(in crate::render) fn headline(answer: &Answer) -> Headline {
    let subject = format!(
        "{} \u{b7} {}{}",
        clean_name(&answer.question.entity_name, NAME),
        clean(&answer.attribute.label, NAME),
        asked_at(answer.question.as_of)
    );
    let Some(current) = &answer.current else {
        return Headline {
            subject,
            value: "no decision found".to_owned(),
            since: String::new(),
        };
    };
    let at_least = if current.since_at_least {
        "at least "
    } else {
        ""
    };
    Headline {
        subject,
        value: value(answer, current),
        since: format!(", {at_least}since {}", day(current.since)),
    }
}

/// ` on 2025-03-01`, ` at 2025-03-01 12:00 UTC`, or nothing for now.
fn asked_at(as_of: Timestamp) -> String {
    match asked_about(as_of) {
        Some(AsOf::Day(day)) => format!(" on {day}"),
        Some(AsOf::Instant(instant)) => format!(" at {}", minute(instant)),
        None => String::new(),
    }
}

/// The day or the instant that was asked about; `None` is now.
///
/// A typed day ends in its last millisecond, and an instant that is typed or pressed has whole
/// milliseconds; the clock, which stands for now, is finer.
pub(in crate::render) fn asked_about(as_of: Timestamp) -> Option<AsOf> {
    let second = as_of.subsec_nanosecond();
    let ends_day = as_of.strftime("%H:%M:%S").to_string() == "23:59:59";
    match second {
        999_000_000 if ends_day => Some(AsOf::Day(utc_date(as_of))),
        _ if second % 1_000_000 == 0 => Some(AsOf::Instant(as_of)),
        _ => None,
    }
}

/// `12.4M USD`, `no value (cleared by jane.doe)`
fn value(answer: &Answer, current: &Current) -> String {
    if current.value.is_some() {
        return clean(&current.display, VALUE);
    }
    let began = answer.changes.iter().find(|c| c.at == current.since);
    let cleared = began.is_some_and(|c| match c.cause {
        Cause::Cleared | Cause::Override => c.from.is_some(),
        Cause::FirstSeen
        | Cause::NotRead
        | Cause::Reconfirmed
        | Cause::OverrideLifted
        | Cause::FormatOnly
        | Cause::RuleChanged
        | Cause::Filled
        | Cause::Withdrawn
        | Cause::Rekeyed
        | Cause::Overtaken
        | Cause::Corrected
        | Cause::NewObservation
        | Cause::Unknown => false,
    });
    let by = began.and_then(|c| c.actor.as_deref());
    match (cleared, by) {
        (true, Some(actor)) => format!("no value (cleared by {})", clean(actor, NAME)),
        (true, None) => "no value (cleared)".to_owned(),
        (false, _) => "no value".to_owned(),
    }
}

/// Why, in one sentence that begins with `because`.
pub(in crate::render) fn because(answer: &Answer) -> Option<String> {
    let current = answer.current.as_ref()?;
    let why = if current.is_override {
        by_hand(current)
    } else if current.value.is_none() {
        format!("{}{}", without_value(current), decided(current))
    } else {
        match current.winner() {
            Some(winner) => won(answer, current, winner),
            None => format!(
                "the pipeline said so{}; {}",
                decided(current),
                undecided(current)
            ),
        }
    };
    Some(format!("because {why}."))
}

fn by_hand(current: &Current) -> String {
    let mut why = "a person decided".to_owned();
    if let Some(actor) = &current.actor {
        why.push_str(&format!(": {}", clean(actor, NAME)));
    }
    let remarks: Vec<&str> = current.reason.as_deref().into_iter().collect();
    why + &remark(&remarks)
}

/// ` (“fixed by hand”)`; nothing for nothing.
fn remark(remarks: &[&str]) -> String {
    let quoted: Vec<String> = remarks
        .iter()
        .filter(|text| !text.is_empty())
        .map(|text| format!("\u{201c}{}\u{201d}", clean(text, REMARK)))
        .collect();
    match quoted.is_empty() {
        true => String::new(),
        false => format!(" ({})", quoted.join(", ")),
    }
}

fn without_value(current: &Current) -> &'static str {
    let mut values = current.candidates.iter().map(|c| &c.candidate.value);
    match values.next() {
        None => "the pipeline recorded no value and no source",
        Some(None) if values.all(Option::is_none) => "no source had a value",
        Some(_) => "the pipeline cleared it",
    }
}

/// ` under source_priority v3 (“most trusted source with a value”)`: what the
/// pipeline says of the winner, then of the decision.
fn decided(current: &Current) -> String {
    let winners = current.winner().and_then(|w| w.candidate.reason.as_deref());
    let decisions = current.reason.as_deref();
    let rule = rule(current.rule.as_deref(), current.rule_version.as_deref());
    let under = rule.map(|rule| format!(" under {rule}"));
    let remarks: Vec<&str> = match winners == decisions {
        true => winners.into_iter().collect(),
        false => winners.into_iter().chain(decisions).collect(),
    };
    under.unwrap_or_default() + &remark(&remarks)
}

fn won(answer: &Answer, current: &Current, winner: &Explained) -> String {
    let label = source_label(answer, &winner.candidate.source);
    format!("{label} won{}; {}", decided(current), others(current))
}

/// `CRM and Vendor lost (“lower priority”)`. Where some lost, they are what
/// matters: the list of candidates has those that agree.
fn others(current: &Current) -> String {
    let labels = |status| labels(&current.candidates, status);
    let (lost, agree, empty) = (
        labels(Status::Lost),
        labels(Status::Agrees),
        labels(Status::NoValue),
    );
    if !lost.is_empty() {
        let reason: Vec<&str> = shared_reason(current).into_iter().collect();
        return format!("{} lost{}", list(&lost), remark(&reason));
    }
    let verb = if agree.len() == 1 { "agrees" } else { "agree" };
    let said: Vec<String> = [(agree, verb), (empty, "had no value")]
        .iter()
        .filter(|(labels, _)| !labels.is_empty())
        .map(|(labels, verb)| format!("{} {verb}", list(labels)))
        .collect();
    match said.is_empty() {
        true => "it is the only candidate".to_owned(),
        false => said.join(", "),
    }
}

/// The labels of candidates of a status, once each.
fn labels(candidates: &[Explained], status: Status) -> Vec<String> {
    let mut labels: Vec<String> = Vec::new();
    for candidate in candidates.iter().filter(|c| c.status == status) {
        let label = clean(&candidate.label, NAME);
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    labels
}

fn undecided(current: &Current) -> String {
    let selected: Vec<String> = current
        .candidates
        .iter()
        .filter(|c| c.candidate.selected)
        .map(|c| clean(&c.label, NAME))
        .collect();
    if current.candidates.is_empty() {
        return "no candidate was recorded, so which source it came from is not known".to_owned();
    }
    let marked = match selected.is_empty() {
        true => "no candidate is marked as the winner".to_owned(),
        false => format!("{} are marked as winners", list(&selected)),
    };
    format!("{marked}, so what decided can't be told")
}
