//! A modal that was sent becomes words, as if they had been typed.

use jiff::civil::Date;
use serde_json::Value;

use super::interaction::kept;
use super::payload::{Payload, text};
use super::{Request, Submission, Unreadable};
use crate::job::{Place, Reply, ResponseUrl};
use crate::slack::actions::{
    AS_OF, ASK_MODAL, ATTRIBUTE, COMPANY, EXPECTED, Kept, LINK, REPORT_MODAL, WRONG,
};

pub(super) fn read(payload: &Payload<'_>) -> Result<Request, Unreadable> {
    let Kept { question, place } = kept(payload);
    let place = chosen_channel(payload, place);
    let submission = match payload.text("/view/callback_id") {
        Some(ASK_MODAL) => Submission::Ask {
            text: words(payload)?,
            place,
        },
        Some(REPORT_MODAL) => Submission::Report {
            text: question.ok_or(Unreadable::Missing("question"))?,
            wrong: input(payload, WRONG).ok_or(Unreadable::Missing(WRONG))?,
            expected: input(payload, EXPECTED),
            link: input(payload, LINK),
            place,
        },
        Some(_) | None => return Ok(Request::Ignored("a modal that is not ours")),
    };
    // A modal that is sent twice has the same hash; one that was filled anew has another.
    let parts = ["/view/id", "/view/hash"].map(|pointer| payload.text(pointer));
    Ok(Request::Submitted {
        id: payload.id("submission", &parts),
        asker: payload.asker()?,
        submission,
    })
}

/// `#17 revenue as of 2025-03-01 expected "10M"`.
fn words(payload: &Payload<'_>) -> Result<String, Unreadable> {
    let mut words = input(payload, COMPANY).ok_or(Unreadable::Missing(COMPANY))?;
    if let Some(attribute) = input(payload, ATTRIBUTE) {
        words.push_str(&format!(" {attribute}"));
    }
    if let Some(day) = input(payload, AS_OF).filter(|day| day.parse::<Date>().is_ok()) {
        words.push_str(&format!(" as of {day}"));
    }
    if let Some(expected) = input(payload, EXPECTED).and_then(|typed| quotable(&typed)) {
        words.push_str(&format!(" expected \"{expected}\""));
    }
    Ok(words)
}

/// On one line, and without what would close the quotes around it.
fn quotable(typed: &str) -> Option<String> {
    let plain = typed.replace(['"', '\u{201c}', '\u{201d}'], "");
    let line = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    (!line.is_empty()).then_some(line)
}

/// What an input says, whatever kind it is.
fn input(payload: &Payload<'_>, block_id: &str) -> Option<String> {
    let input: &Value = payload
        .at("/view/state/values")
        .get(block_id)?
        .as_object()?
        .values()
        .next()?;
    ["/selected_option/value", "/selected_date", "/value"]
        .iter()
        .find_map(|pointer| text(input, pointer))
        .map(|said| said.trim().to_owned())
}

/// A modal that was opened from nowhere asks where the answer should go.
fn chosen_channel(payload: &Payload<'_>, place: Place) -> Place {
    let chosen = payload.list("/response_urls").iter().find_map(|chosen| {
        let url = text(chosen, "/response_url")?.to_owned();
        Some((text(chosen, "/channel_id").map(str::to_owned), url))
    });
    match chosen {
        Some((channel, url)) => Place {
            channel: channel.or(place.channel),
            response_url: Some(ResponseUrl(url)),
            reply: Reply::Beside,
            ..place
        },
        None => place,
    }
}
