//! What happened in Slack becomes the work to do, and its job. Pure.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::catalog::Catalog;
use crate::job::{Asker, Job, Place, Work};
use crate::question::{self, AsOf, EntityRef, Parts};
use crate::slack::request::Submission;

/// Who wants it, where to, and what makes it the same at every delivery.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) id: String,
    pub(super) asker: Asker,
    pub(super) place: Place,
}

impl Wanted {
    /// The request's id is the job's: a redelivery's log lines belong to the same question.
    pub(super) fn job(self, work: Work, now: Timestamp) -> Job {
        Job {
            request_id: self.id.clone(),
            id: self.id,
            accepted_at: now,
            asker: self.asker,
            place: self.place,
            work,
        }
    }
}

pub(super) fn submitted(submission: Submission) -> (Work, Place) {
    match submission {
        Submission::Ask { text, place } => (Work::Ask { text }, place),
        Submission::Report {
            text,
            wrong,
            expected,
            link,
            place,
        } => {
            let work = Work::Report {
                text,
                wrong,
                expected,
                link,
            };
            (work, place)
        }
    }
}

/// The question as of another day, instead of the moment that it names. Words that name no
/// company by its id are not ours to rewrite: they get the day added.
pub(super) fn as_of(text: &str, day: &str, catalog: &Catalog, now: Timestamp) -> String {
    rewritten(text, day, catalog, now).unwrap_or_else(|| format!("{text} as of {day}"))
}

fn rewritten(text: &str, day: &str, catalog: &Catalog, now: Timestamp) -> Option<String> {
    let parsed = question::parse(text, catalog, now).ok()?;
    let reading = parsed.readings.first()?;
    let entity_id = match reading.entity.as_ref()? {
        EntityRef::Id(id) => *id,
        EntityRef::Name(_) => return None,
    };
    Some(question::phrase(&Parts {
        entity_id,
        attribute: reading.attribute.as_deref().unwrap_or_default(),
        as_of: Some(AsOf::Day(day.parse::<Date>().ok()?)),
        expected: parsed.expected.as_deref(),
        look_back: parsed.look_back,
    }))
}
