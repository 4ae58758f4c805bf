//! Socket Mode: Slack's requests over a WebSocket that we open; no public URL is needed.
//!
//! Connects, acknowledges, reconnects; hands each payload on as if it had come over HTTP. Knows
//! nothing of what a payload says. Start at [`Client::listen`].

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, timeout};
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use url::Url;

use super::fault::Effect;
use super::wire::{self, Method};
use super::{Client, Error};
use crate::slack::request::Endpoint;
use envelope::Said;

mod envelope;

#[cfg(test)]
mod tests;

/// What became of one payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// Acknowledged, with the body that Slack takes for some (an ephemeral message, options, errors
    /// of a modal).
    Yes(Option<Value>),
    /// Nobody has it. It is not acknowledged: Slack sends an event again, and tells a person that
    /// it failed.
    No,
}

/// Takes payloads as they come: what [`crate::slack::request::read`] takes, within Slack's three
/// seconds.
#[derive(Clone)]
pub struct Receiver(Arc<dyn Fn(Endpoint, Vec<u8>) -> Receiving + Send + Sync>);

type Receiving = Pin<Box<dyn Future<Output = Taken> + Send>>;

impl Receiver {
    pub fn new<F, Fut>(receive: F) -> Self
    where
        F: Fn(Endpoint, Vec<u8>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Taken> + Send + 'static,
    {
        Receiver(Arc::new(move |endpoint, body| {
            Box::pin(receive(endpoint, body))
        }))
    }
}

impl std::fmt::Debug for Receiver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Receiver(…)")
    }
}

const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// A connection that is silent for this many time-outs, though it was pinged in each, is dead.
const SILENT_TIMEOUTS: u32 = 3;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Acknowledgements in the making, as the text to send, if any. They outlive a connection: what was
/// received is queued even if Slack hangs up meanwhile.
type Pending = JoinSet<Option<String>>;

/// Why a connection ended.
#[derive(Debug, PartialEq, Eq)]
enum End {
    /// Slack asked us to come back: at once.
    Refresh,
    /// It broke, or never said hello: after a pause.
    Broken,
    /// Socket Mode was turned off.
    TurnedOff,
}

impl Client {
    /// Runs until it is dropped or the app-level token is refused; reconnects by itself.
    ///
    /// # Errors
    /// [`Error::Auth`]: trying again is of no use.
    pub async fn listen(&self, app_token: &str, receiver: Receiver) -> Result<(), Error> {
        let mut pending = Pending::new();
        let mut pause = FIRST_PAUSE;
        loop {
            let wait = match self.connect(app_token).await {
                Ok(socket) => {
                    let mut line = Line {
                        socket,
                        timeout: self.wire.settings.timeout,
                        greeted: false,
                    };
                    let end = line.run(&receiver, &mut pending).await;
                    if line.greeted {
                        pause = FIRST_PAUSE;
                    }
                    match end {
                        End::TurnedOff => return Err(Error::Auth("link_disabled".to_owned())),
                        End::Refresh if line.greeted => Duration::ZERO,
                        End::Refresh | End::Broken => pause,
                    }
                }
                Err(error @ Error::Auth(_)) => return Err(error),
                Err(Error::RateLimited(wait)) => wait,
                Err(error) => {
                    tracing::warn!(%error, "Socket Mode could not connect");
                    pause
                }
            };
            if !wait.is_zero() {
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
            // Jitter: many apps that were cut off together must not come back together.
            tokio::time::sleep(wait.mul_f64(rand::random_range(1.0..1.5))).await;
        }
    }

    /// `apps.connections.open`: where to connect. A secret, and good for one use.
    async fn socket_url(&self, app_token: &str) -> Result<String, Error> {
        let method = Method("apps.connections.open", Effect::Repeatable);
        let answer = self.wire.call_as_app(app_token, method, &json!({})).await?;
        super::need(&answer, "/url", Effect::Repeatable)
    }

    /// Whether Slack would let this token listen; connects to nothing.
    ///
    /// # Errors
    /// [`Error::Auth`] where the token, its scope or Socket Mode is missing.
    pub async fn may_listen(&self, app_token: &str) -> Result<(), Error> {
        self.socket_url(app_token).await.map(drop)
    }

    /// A new connection.
    async fn connect(&self, app_token: &str) -> Result<Socket, Error> {
        let url = self.socket_url(app_token).await?;
        if !Url::parse(&url).is_ok_and(|url| wire::is_safe(&url, "wss", "ws")) {
            return Err(Error::Retry("Socket Mode's URL is not wss".to_owned()));
        }
        let opening = tokio_tungstenite::connect_async(url);
        match timeout(self.wire.settings.timeout, opening).await {
            Ok(Ok((socket, _))) => Ok(socket),
            Ok(Err(error)) => Err(Error::Retry(broken(&error))),
            Err(_) => Err(Error::Retry("no WebSocket in time".to_owned())),
        }
    }
}

/// One connection.
struct Line {
    socket: Socket,
    timeout: Duration,
    /// Slack said hello.
    greeted: bool,
}

impl Line {
    async fn run(&mut self, receiver: &Receiver, pending: &mut Pending) -> End {
        let mut heard = Instant::now();
        let mut ping = tokio::time::interval_at(heard + self.timeout, self.timeout);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let ended = tokio::select! {
                message = self.socket.next() => {
                    heard = Instant::now();
                    self.hear(message, receiver, pending)
                }
                Some(done) = pending.join_next() => match done {
                    Ok(Some(text)) => self.say(Message::text(text)).await,
                    Ok(None) => None,
                    // Not acknowledged either.
                    Err(_) => {
                        tracing::error!("a payload of Socket Mode was dropped: its task panicked");
                        None
                    }
                },
                _ = ping.tick() => {
                    if !self.greeted || heard.elapsed() > self.timeout * SILENT_TIMEOUTS {
                        tracing::warn!("Socket Mode is silent");
                        Some(End::Broken)
                    } else {
                        self.say(Message::Ping(bytes::Bytes::new())).await
                    }
                }
            };
            if let Some(end) = ended {
                tracing::info!(?end, "Socket Mode's connection ended");
                return end;
            }
        }
    }

    fn hear(
        &mut self,
        message: Option<Result<Message, tungstenite::Error>>,
        receiver: &Receiver,
        pending: &mut Pending,
    ) -> Option<End> {
        match message {
            Some(Ok(Message::Text(text))) => self.take(envelope::read(&text), receiver, pending),
            // The library answers pings by itself.
            Some(Ok(
                Message::Ping(_) | Message::Pong(_) | Message::Binary(_) | Message::Frame(_),
            )) => None,
            Some(Ok(Message::Close(_))) | None => Some(End::Broken),
            Some(Err(error)) => {
                tracing::warn!(reason = broken(&error), "Socket Mode broke");
                Some(End::Broken)
            }
        }
    }

    fn take(&mut self, said: Said, receiver: &Receiver, pending: &mut Pending) -> Option<End> {
        match said {
            Said::Hello => {
                self.greeted = true;
                tracing::info!("Socket Mode is connected");
            }
            Said::Refresh => return Some(End::Refresh),
            Said::TurnedOff => return Some(End::TurnedOff),
            Said::Payload(payload) => {
                let receiver = receiver.clone();
                pending.spawn(async move {
                    match (receiver.0)(payload.endpoint, payload.body).await {
                        Taken::Yes(answer) => {
                            let answer = answer.filter(|_| payload.takes_answer);
                            Some(envelope::acknowledge(&payload.id, answer))
                        }
                        Taken::No => None,
                    }
                });
            }
            Said::NotForUs { id: Some(id) } => {
                pending.spawn(async move { Some(envelope::acknowledge(&id, None)) });
            }
            Said::NotForUs { id: None } => tracing::debug!("Socket Mode said something else"),
        }
        None
    }

    async fn say(&mut self, message: Message) -> Option<End> {
        match timeout(self.timeout, self.socket.send(message)).await {
            Ok(Ok(())) => None,
            Ok(Err(error)) => {
                tracing::warn!(reason = broken(&error), "Socket Mode broke");
                Some(End::Broken)
            }
            Err(_) => Some(End::Broken),
        }
    }
}

/// Without what the library quotes: its texts may hold URLs and messages.
fn broken(error: &tungstenite::Error) -> String {
    if let tungstenite::Error::Io(error) = error {
        format!("WebSocket: {}", error.kind())
    } else if let tungstenite::Error::Http(answer) = error {
        format!("WebSocket: HTTP {}", answer.status().as_u16())
    } else {
        "WebSocket: not understood".to_owned()
    }
}
