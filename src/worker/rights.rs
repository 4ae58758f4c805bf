//! Who will read what is about to be posted.

use super::{Trouble, Worker};
use crate::job::{Asker, Place};
use crate::visibility::Audience;

impl Worker {
    /// The asker alone, where the answer is private (an ephemeral message, a direct message, the
    /// Home tab).
    pub(super) async fn person(&self, asker: &Asker, place: &Place) -> Result<Audience, Trouble> {
        let _ = (asker, place);
        Ok(Audience::default())
    }

    /// Everybody who reads this channel.
    pub(super) async fn everybody(&self, channel: &str) -> Result<Audience, Trouble> {
        let _ = channel;
        Ok(Audience::default())
    }
}
