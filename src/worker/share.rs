//! Posts an answer for everybody in a channel, as they may see it.

use super::ask::{Outcomes, final_failure, forms};
use super::delivery::Forms;
use super::delivery::ways::Purpose;
use super::{Task, Trouble, Worker};
use crate::chat::Error;
use crate::error::{Class, Failure};
use crate::render::blocks;
use crate::render::views::{Offered, Offers};
use crate::visibility;

impl Worker {
    /// Asked again for the channel: rights are checked now, whatever the button was under.
    pub(super) async fn share(&self, task: &mut Task<'_>, text: &str) -> Result<(), Trouble> {
        let job = task.job;
        let Some(channel) = &job.place.channel else {
            return self.not_shared(task, no_channel()).await;
        };
        let why = match self.lake.why().await {
            Ok(why) => why,
            Err(failure) => {
                let failure = final_failure(job, failure)?;
                return self.not_shared(task, failure).await;
            }
        };
        let audience = self.here(&why.catalog, &job.asker, channel).await?;
        let outcomes = self.respond(&why, task, text, &audience).await?;
        if let Some(failure) = refusal(&outcomes) {
            return self.not_shared(task, failure).await;
        }
        let offers = Offers {
            share: Offered::No,
            report: match self.settings.triage_channel {
                Some(_) => Offered::Yes,
                None => Offered::No,
            },
        };
        let catalog = visibility::offered(&why.catalog, &audience);
        let line = format!("Asked by <@{}>", job.asker.user);
        let forms = forms(&outcomes, &catalog, offers, self.pages(&audience)).with_line(&line);
        match self.tell(task, Purpose::Share, &forms).await {
            Err(Trouble::Chat(Error::Unreachable(_))) => self.not_shared(task, no_access()).await,
            told => {
                told?;
                self.count(job, &outcomes);
                Ok(())
            }
        }
    }

    async fn not_shared(&self, task: &mut Task<'_>, failure: Failure) -> Result<(), Trouble> {
        let forms = Forms::simple(blocks::failure(&failure));
        self.tell(task, Purpose::Note, &forms).await?;
        self.count(task.job, &vec![Err(failure)]);
        Ok(())
    }
}

/// The first that may not be shown: then nothing is.
fn refusal(outcomes: &Outcomes) -> Option<Failure> {
    outcomes
        .iter()
        .find_map(|outcome| outcome.as_ref().err().cloned())
}

fn no_channel() -> Failure {
    not_shared(
        "There is no channel to share this in.",
        "Ask in the channel itself: `/why acme revenue`, then press Share.",
    )
}

fn no_access() -> Failure {
    not_shared(
        "I can't post in this channel, so the answer was not shared.",
        "Add me with `/invite`, then press Share again.",
    )
}

fn not_shared(text: &str, advice: &str) -> Failure {
    Failure::new(Class::User, "not_shared", text, advice)
}
