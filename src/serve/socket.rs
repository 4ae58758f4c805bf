//! Socket Mode: what comes over the socket is taken as if it had come over HTTP.
//!
//! Slack knows us by the app-level token here, so nothing is signed. Start at [`Socket`].

use std::sync::Arc;

use tokio::sync::Notify;

use crate::chat::socket::{Acknowledgement, Receiver};
use crate::ingress::Ingress;
use crate::slack::request::{self, Endpoint, Request};
use crate::typeahead::Typeahead;

pub(super) struct Socket {
    pub(super) ingress: Arc<Ingress>,
    pub(super) typeahead: Arc<Typeahead>,
    /// Told when something came in.
    pub(super) wake: Arc<Notify>,
}

impl Receiver for Socket {
    async fn receive(&self, endpoint: Endpoint, body: Vec<u8>) -> Acknowledgement {
        if endpoint == Endpoint::Options
            && let Ok(Request::Options { typed }) = request::read(endpoint, &body)
        {
            return self.typeahead.options(&typed).await;
        }
        let (_, answer) = self.ingress.take(endpoint, &body).await;
        self.wake.notify_one();
        answer
    }
}
