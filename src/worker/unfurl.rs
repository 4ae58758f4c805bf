//! Shows under a message what the links of ours in it lead to.
//!
//! A link is asked again when it is pasted, for everybody who reads there: whoever pastes it shows
//! no more than they could by asking in the same place, and a signed link shows no more than its
//! own reader was shown. What may not be shown, or is no link of ours, stays a bare link. What a
//! URL asks is in `ours`. Start at [`Worker::unfurl`].

use serde_json::{Map, Value};

use super::ask::final_failure;
use super::note::Note;
use super::{Task, Trouble, Worker};
use crate::ask::{Request, Response, Why, failure};
use crate::chat::{Error, Unfurl};
use crate::error::Failure;
use crate::job::{Job, Pasted, Place};
use crate::link::{self, Links};
use crate::question::{self, LookBack};
use crate::render::views;
use crate::visibility::{self, Audience, Standing};
use ours::{Ours, Permalink};

mod ours;
#[cfg(test)]
mod tests;

/// Stands for wherever somebody may yet send what they are writing.
const ANYWHERE: &str = "COMPOSER";

impl Worker {
    pub(super) async fn unfurl(
        &self,
        task: &mut Task<'_>,
        urls: &[String],
        pasted: Option<&Pasted>,
    ) -> Result<(), Trouble> {
        let job = task.job;
        let Some(links) = &self.settings.links else {
            tracing::warn!(job.id = %job.id, "links are shown only where the page's URL is known");
            return Ok(());
        };
        let Some(at) = place(&job.place, pasted) else {
            return Ok(());
        };
        let read: Vec<(&String, Ours)> = urls
            .iter()
            .filter_map(|url| Some((url, ours::read(url, &links.base)?)))
            .collect();
        if read.is_empty() {
            tracing::info!(job.id = %job.id, "no link that asks anything");
            return Ok(());
        }
        let why = match self.lake.why().await {
            Ok(why) => why,
            // Nobody waits for it.
            Err(failure) => return final_failure(job, failure).map(drop),
        };
        let audience = self.readers(&why, job).await?;
        let mut unfurls = Map::new();
        for (url, asked) in read {
            if let Some(shown) = self.preview(&why, task, links, &asked, &audience).await? {
                unfurls.insert(url.clone(), shown);
            }
        }
        if unfurls.is_empty() {
            return Ok(());
        }
        match self.chat.unfurl(&at, &Value::Object(unfurls)).await {
            // The message is gone, or somebody does not want it there.
            Err(error @ (Error::Unreachable(_) | Error::Gone(_))) => {
                tracing::warn!(job.id = %job.id, why = %error, "a link is not shown");
                Ok(())
            }
            shown => Ok(shown?),
        }
    }

    /// Everybody who will read it.
    async fn readers(&self, why: &Why, job: &Job) -> Result<Audience, Trouble> {
        match job.place.channel.as_deref() {
            Some(channel) => self.here(&why.catalog, &job.asker, channel).await,
            None => Ok(Audience::Channel {
                channel: ANYWHERE.to_owned(),
                standing: Standing::Outsider,
            }),
        }
    }

    /// `None` where it stays a bare link: why is in the log, and in the audit where it asked.
    async fn preview(
        &self,
        why: &Why,
        task: &Task<'_>,
        links: &Links,
        asked: &Ours,
        audience: &Audience,
    ) -> Result<Option<Value>, Trouble> {
        let job = task.job;
        let now = (self.now)();
        let bare = |reason: &str| {
            tracing::info!(job.id = %job.id, reason, "a link stays a link");
            Ok(None)
        };
        let (request, limit) = match asked {
            Ours::Signed(token) => {
                match link::verify(token, std::slice::from_ref(&links.key), now) {
                    Ok(link) => (Request::new(link.question), Some(link.audience)),
                    Err(refused) => return bare(&refused.to_string()),
                }
            }
            Ours::Permalink(permalink) => match words(permalink, why, now) {
                Some(request) => (request, None),
                None => return bare("it asks nothing"),
            },
        };
        let request = Request {
            audience: audience.clone(),
            call: self.call(task),
            ..request
        };
        let outcome = match within(why, &request, limit.as_ref(), now) {
            Ok(()) => why.respond(&request, now).await,
            Err(failure) => Err(failure),
        };
        self.audit(why, job, &request, &outcome).await?;
        let response = match outcome {
            Ok(response) => response,
            Err(failure) => {
                let Failure { code, class, .. } = final_failure(job, failure)?;
                self.notes.take(Note::Failed { code, class });
                return bare(code);
            }
        };
        self.notes.take(Note::Answered(Box::new(
            super::ask::read(&response).clone(),
        )));
        Ok(Some(match response {
            Response::Answer(answer) => views::unfurled(&answer),
            Response::Overview(overview) => views::unfurled_overview(&overview),
            Response::Changes(_) => return bare("it asks what changed"),
        }))
    }
}

/// Where it is shown; `None` where nothing says where it was pasted.
fn place<'a>(place: &'a Place, pasted: Option<&'a Pasted>) -> Option<Unfurl<'a>> {
    if let Some(pasted) = pasted {
        return Some(Unfurl::Pasted(pasted));
    }
    let (channel, ts) = place.channel.as_deref().zip(place.message_ts.as_deref())?;
    Some(Unfurl::Message { channel, ts })
}

/// What a permalink asks, where the catalog has it.
fn words(permalink: &Permalink, why: &Why, now: jiff::Timestamp) -> Option<Request> {
    let Permalink {
        entity_id,
        attribute,
        as_of,
        expected,
        look_back,
    } = permalink;
    let attribute = match attribute {
        Some(name) => why.catalog.attribute(name)?.name.as_str(),
        None => "",
    };
    let text = format!("#{entity_id} {attribute}");
    let said = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    Some(Request {
        as_of: match said(as_of) {
            Some(when) => Some(question::when(&when, now).ok()?),
            None => None,
        },
        look_back: match said(look_back) {
            Some(back) => Some(read_back(&back, now)?),
            None => None,
        },
        expected: said(expected),
        ..Request::new(text.trim_end())
    })
}

/// As permalinks have it: `30 days`, `all`, `since 2026-01-01`.
fn read_back(back: &str, now: jiff::Timestamp) -> Option<LookBack> {
    let read = match back.strip_prefix("since ") {
        Some(day) => question::day(day, now).map(LookBack::Since),
        None => question::look_back(back),
    };
    read.ok()
}

/// A signed link opens one answer, as far as its own reader may still see it.
fn within(
    why: &Why,
    request: &Request,
    limit: Option<&Audience>,
    now: jiff::Timestamp,
) -> Result<(), Failure> {
    let Some(limit) = limit else {
        return Ok(());
    };
    let asked = why.understand(request, now)?;
    let attribute = why.catalog.attribute(&asked.attribute);
    attribute.map_or(Ok(()), |attribute| {
        visibility::may_see(attribute, limit).map_err(|no| failure::restricted(&no))
    })
}
