//! A Slack that speaks HTTP: the Web API's methods and response URLs that are used.
//!
//! Holds a small workspace ([`state`]), refuses what Slack refuses ([`limits`]), records every call
//! and sends what people do, signed, to the app under test ([`send`]). Everything that goes wrong
//! can be scripted ([`Fault`]). Start at [`Fake::start`], then [`Fake::connect`].

use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::chat::Settings;
use crate::slack::signature::Secrets;

pub mod limits;
mod page;
pub mod send;
pub mod state;
mod transcript;
mod web;

#[cfg(test)]
mod tests;

use limits::Refused;
use state::{Call, Workspace};

/// The token that the fake takes.
pub const TOKEN: &str = "xoxb-of-the-fake";
/// What it signs with.
pub const SECRET: &str = "signing-secret-of-the-fake";

/// What goes wrong with one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// 429 with this many seconds in Retry-After.
    RateLimited(u32),
    Status(u16),
    /// Done, but answered with this status.
    StatusAfter(u16),
    /// `{"ok": false, "error": …}`.
    Error(&'static str),
    /// Done and answered, but only after this.
    Slow(Duration),
    /// Done, but the connection closes in the middle of the answer.
    Hangup,
    /// Done, but the answer is no JSON.
    Garbage,
}

impl Fault {
    /// What is answered instead of doing anything.
    fn instead(&self) -> Option<Response> {
        match self {
            Fault::RateLimited(seconds) => {
                let body = json!({"ok": false, "error": "ratelimited"});
                let mut answer = web::json_response(StatusCode::TOO_MANY_REQUESTS, &body);
                let seconds = HeaderValue::from(*seconds);
                answer.headers_mut().insert(header::RETRY_AFTER, seconds);
                Some(answer)
            }
            Fault::Status(status) => Some(oh(*status)),
            Fault::Error(code) => {
                let body = json!({"ok": false, "error": code});
                Some(web::json_response(StatusCode::OK, &body))
            }
            Fault::StatusAfter(_) | Fault::Slow(_) | Fault::Hangup | Fault::Garbage => None,
        }
    }

    /// What is answered though all was done.
    fn afterwards(&self) -> Option<Response> {
        match self {
            Fault::Hangup => {
                let parts = [
                    Ok(Bytes::from_static(b"{\"ok\":")),
                    Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset)),
                ];
                let mut answer = web::json_response(StatusCode::OK, &Value::Null);
                *answer.body_mut() = Body::from_stream(futures::stream::iter(parts));
                Some(answer)
            }
            Fault::Garbage => {
                let body = "<html>not JSON</html>".to_owned();
                Some(web::respond_with(StatusCode::OK, "application/json", body))
            }
            Fault::StatusAfter(status) => Some(oh(*status)),
            Fault::RateLimited(_) | Fault::Status(_) | Fault::Error(_) | Fault::Slow(_) => None,
        }
    }
}

fn oh(status: u16) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    web::respond_with(status, "text/html", "<h1>Oh</h1>".to_owned())
}

/// The fake; it ends when this is dropped.
#[derive(Debug)]
pub struct Fake {
    shared: Arc<Shared>,
    /// `None` for another hand on one that runs.
    server: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    address: SocketAddr,
    now: fn() -> Timestamp,
    /// Where the app under test listens: `http://127.0.0.1:8080`.
    app: Mutex<Option<String>>,
    workspace: Mutex<Workspace>,
    changed: Notify,
}

impl Fake {
    /// On a free loopback port, signing with the time that it is.
    ///
    /// # Errors
    /// There is no such port.
    pub async fn start() -> std::io::Result<Fake> {
        #[expect(
            clippy::disallowed_methods,
            reason = "Slack signs with the time that it is"
        )]
        Fake::start_at(Timestamp::now).await
    }

    /// Signs with this clock.
    ///
    /// # Errors
    /// No free port.
    pub async fn start_at(now: fn() -> Timestamp) -> std::io::Result<Fake> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let shared = Arc::new(Shared {
            address: listener.local_addr()?,
            now,
            app: Mutex::new(None),
            workspace: Mutex::new(Workspace::new()),
            changed: Notify::new(),
        });
        let router = web::router(Arc::clone(&shared));
        let server = tokio::spawn(async move {
            // Ends with the task: there is nobody to tell.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Fake {
            shared,
            server: Some(server),
        })
    }

    /// Another hand on one that runs.
    fn of(shared: Arc<Shared>) -> Fake {
        Fake {
            shared,
            server: None,
        }
    }

    /// Where people's requests are sent: `http://127.0.0.1:8080`.
    pub fn connect(&self, app: &str) {
        let mut connected = lock(&self.shared.app);
        *connected = Some(app.trim_end_matches('/').to_owned());
    }

    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.shared.address
    }

    /// `http://127.0.0.1:PORT/api`.
    #[must_use]
    pub fn api_url(&self) -> String {
        format!("http://{}/api", self.shared.address)
    }

    /// For a client that talks to this fake.
    #[must_use]
    pub fn settings(&self) -> Settings {
        Settings {
            token: TOKEN.to_owned(),
            api_url: self.api_url(),
            response_hosts: self.response_hosts(),
            timeout: Duration::from_secs(5),
        }
    }

    #[must_use]
    pub fn response_hosts(&self) -> Vec<String> {
        vec![self.shared.address.to_string()]
    }

    #[must_use]
    pub fn secrets(&self) -> Secrets {
        Secrets::new([SECRET.to_owned()])
    }

    /// Something goes wrong with the next call of this method (`respond`: of a response URL).
    pub fn fault(&self, method: &str, fault: Fault) {
        self.change(|workspace| {
            let faults = workspace.faults.entry(method.to_owned()).or_default();
            faults.push_back(fault);
        });
    }

    /// A response URL, as if somebody had asked here.
    #[must_use]
    pub fn response_url(&self, user: &str, channel: &str) -> String {
        self.change(|workspace| {
            self.shared.new_url(
                workspace,
                send::Spot {
                    user,
                    channel,
                    thread_ts: None,
                    original: None,
                },
            )
        })
    }

    /// A trigger, good for one modal.
    #[must_use]
    pub fn trigger(&self, user: &str) -> String {
        self.change(|workspace| workspace.trigger(user))
    }

    /// The clock of the response URLs goes on.
    pub fn pass(&self, time: Duration) {
        self.change(|workspace| workspace.clock += time);
    }

    /// Looks at the workspace.
    pub fn read<T>(&self, look: impl FnOnce(&Workspace) -> T) -> T {
        self.shared.read(look)
    }

    /// Sets up the workspace.
    pub fn change<T>(&self, set: impl FnOnce(&mut Workspace) -> T) -> T {
        self.shared.change(set)
    }

    /// The first thing that `found` finds, now or within this time.
    pub async fn wait_for<T>(
        &self,
        found: impl Fn(&Workspace) -> Option<T>,
        timeout: Duration,
    ) -> Option<T> {
        let look = async {
            loop {
                let mut changed = std::pin::pin!(self.shared.changed.notified());
                changed.as_mut().enable();
                if let Some(found) = self.read(&found) {
                    return found;
                }
                changed.await;
            }
        };
        tokio::time::timeout(timeout, look).await.ok()
    }

    /// Everybody who asked has an answer that is no placeholder; false where the time was not enough.
    pub async fn settled(&self, timeout: Duration) -> bool {
        let all = |workspace: &Workspace| workspace.waiting.is_empty().then_some(());
        self.wait_for(all, timeout).await.is_some()
    }

    /// The conversation as people see it, in plain text.
    #[must_use]
    pub fn transcript(&self) -> String {
        self.read(transcript::transcript)
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        if let Some(server) = &self.server {
            server.abort();
        }
    }
}

impl Shared {
    fn read<T>(&self, look: impl FnOnce(&Workspace) -> T) -> T {
        look(&lock(&self.workspace))
    }

    fn change<T>(&self, set: impl FnOnce(&mut Workspace) -> T) -> T {
        let changed = set(&mut lock(&self.workspace));
        self.changed.notify_waiters();
        changed
    }

    /// The scripted fault, after the time that it takes.
    async fn next_fault(&self, method: &str) -> Option<Fault> {
        let fault = self.change(|workspace| {
            let scripted = workspace
                .faults
                .get_mut(method)
                .and_then(VecDeque::pop_front);
            scripted.or(workspace.outage)
        });
        if let Some(Fault::Slow(time)) = fault {
            tokio::time::sleep(time).await;
        }
        fault
    }

    fn record(&self, method: &str, arguments: Value, refused: Option<Refused>) {
        self.change(|workspace| {
            workspace.calls.push(Call {
                method: method.to_owned(),
                arguments,
                refused,
            });
        });
    }
}

/// A test that panicked while it looked leaves nothing half done.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
