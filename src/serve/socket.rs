//! Socket Mode: what comes over the socket is taken as if it had come over HTTP.
//!
//! Slack knows us by the app-level token here, so nothing is signed. Start at [`Socket`].

use std::sync::Arc;

use tokio::sync::Notify;

use crate::chat::socket::{Receiver, Taken};
use crate::ingress::Ingress;
use crate::slack::request::{self, Endpoint, Request};
use crate::typeahead::Typeahead;

#[cfg(test)]
mod tests;

pub(super) struct Socket {
    pub(super) ingress: Arc<Ingress>,
    pub(super) typeahead: Arc<Typeahead>,
    /// Told when something came in.
    pub(super) wake: Arc<Notify>,
}

impl Socket {
    pub(super) fn receiver(self) -> Receiver {
        let socket = Arc::new(self);
        Receiver::new(move |endpoint, body| {
            let socket = Arc::clone(&socket);
            async move { socket.receive(endpoint, &body).await }
        })
    }

    /// What HTTP would answer with no success is not acknowledged: nobody has it.
    async fn receive(&self, endpoint: Endpoint, body: &[u8]) -> Taken {
        if endpoint == Endpoint::Options
            && let Ok(Request::Options { typed }) = request::read(endpoint, body)
        {
            return match self.typeahead.options(&typed).await {
                Some(options) => Taken::Yes(Some(options)),
                None => Taken::No,
            };
        }
        let (status, answer) = self.ingress.take(endpoint, body).await;
        self.wake.notify_one();
        if status.is_success() {
            Taken::Yes(answer)
        } else {
            Taken::No
        }
    }
}
