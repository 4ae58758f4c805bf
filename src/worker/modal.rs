//! Fills the "Ask why…" modal that ingress opened.
//!
//! What a message says (an alert, a customer's question) is searched for companies and an
//! attribute; the person corrects the rest in the modal. Start at [`found::found`].

use super::{Trouble, Worker};
use crate::ask::Names;
use crate::chat::Error;
use crate::job::Job;
use crate::render::views;
use crate::visibility::offered;

mod found;
#[cfg(test)]
mod tests;
mod words;

impl Worker {
    /// Companies and an attribute found in what the message says, best first.
    pub(super) async fn fill_modal(
        &self,
        job: &Job,
        view_id: &str,
        message: Option<&str>,
    ) -> Result<(), Trouble> {
        let why = self.why().await?;
        let audience = self.person(&why.catalog, &job.asker, &job.place).await?;
        let catalog = offered(&why.catalog, &audience);
        let names = Names {
            catalog: &catalog,
            directory: &why.directory,
        };
        let found = found::found(message.unwrap_or_default(), names, (self.now)());
        let modal = views::AskModal {
            companies: found.companies,
            attribute: found.attribute,
            as_of: found.as_of,
            expected: found.expected,
            place: job.place.clone(),
        };
        let view = views::ask(&modal, &catalog);
        match self.chat.update_view(view_id, &view).await {
            // Closed before it was filled: whoever opened it does not wait for it.
            Err(Error::Unreachable(code)) => {
                tracing::info!(job.id = %job.id, code, "a form is closed");
                Ok(())
            }
            updated => Ok(updated?),
        }
    }
}
