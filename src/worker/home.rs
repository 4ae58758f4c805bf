//! Publishes the Home tab of one person.

use super::{Trouble, Worker};
use crate::job::Job;
use crate::render::views;
use crate::visibility::offered;

/// More than fit on a phone are no help.
const MOST_QUESTIONS: usize = 10;

impl Worker {
    /// How to ask, what they asked last, and what there is that they may see.
    pub(super) async fn home(&self, job: &Job) -> Result<(), Trouble> {
        let user = &job.asker.user;
        let why = self.why().await?;
        let audience = self.person(&why.catalog, &job.asker, &job.place).await?;
        let offered = offered(&why.catalog, &audience);
        let home = views::Home {
            last_questions: self.ledger.last_questions(user, MOST_QUESTIONS).await?,
            companies: why.directory.len(),
            attributes: offered.attributes.into_iter().map(|a| a.label).collect(),
            // Only reading a trace tells, and opening a tab should not read one.
            data_as_of: None,
        };
        self.chat.publish_home(user, &views::home(&home)).await?;
        Ok(())
    }
}
