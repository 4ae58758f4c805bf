//! Stands between a function and one service, and breaks what passes through.
//!
//! Written over sockets and not over an HTTP library: half a body before a reset, a port that
//! refuses and a peer that accepts and says nothing are below what one lets a server do. One request
//! at a time on a connection, bodies with a content-length: what our clients send. Start at
//! [`Proxy::start`], then [`Proxy::set`].

use std::io::{Error, ErrorKind, Result};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

/// What is wrong with a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Done at once, but the answer comes after [`SLOW`].
    Slow,
    /// Nobody listens; open connections are reset.
    Refusing,
    /// Accepts, reads and says nothing.
    Hanging,
    /// Done, but the connection is reset in the middle of the answer's body.
    Reset,
    /// Not done: the service says that there were too many calls.
    Throttled,
    /// Not done: the service says that it failed.
    Broken,
    /// Done, but the answer is a web page.
    Garbage,
}

/// Longer than the queue's attempt may take, shorter than all its attempts.
pub(crate) const SLOW: Duration = Duration::from_millis(700);

impl Fault {
    pub(crate) const ALL: [Fault; 7] = [
        Fault::Slow,
        Fault::Refusing,
        Fault::Hanging,
        Fault::Reset,
        Fault::Throttled,
        Fault::Broken,
        Fault::Garbage,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Fault::Slow => "slow",
            Fault::Refusing => "refusing",
            Fault::Hanging => "hanging",
            Fault::Reset => "reset mid-body",
            Fault::Throttled => "throttled",
            Fault::Broken => "5xx",
            Fault::Garbage => "garbage",
        }
    }
}

/// Which requests meet it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Often {
    Always,
    /// One in three: so that it comes between any two steps of what the caller does. A port can't
    /// refuse so; the connection is reset before anything was done instead.
    NowAndThen,
}

impl Often {
    pub(crate) const ALL: [Often; 2] = [Often::Always, Often::NowAndThen];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Often::Always => "always",
            Often::NowAndThen => "1 in 3",
        }
    }
}

/// Whose words a refusal is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    SecretsManager,
    Sqs,
    DynamoDb,
    Athena,
    Slack,
}

impl Service {
    pub(crate) const ALL: [Service; 5] = [
        Service::SecretsManager,
        Service::Sqs,
        Service::DynamoDb,
        Service::Athena,
        Service::Slack,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Service::SecretsManager => "Secrets Manager",
            Service::Sqs => "SQS",
            Service::DynamoDb => "DynamoDB",
            Service::Athena => "Athena",
            Service::Slack => "Slack",
        }
    }

    /// As each service says it, in its own protocol.
    fn throttles(self) -> String {
        let (status, kind) = match self {
            Service::SecretsManager => ("400 Bad Request", "ThrottlingException"),
            Service::Sqs => ("403 Forbidden", "com.amazonaws.sqs#RequestThrottled"),
            Service::DynamoDb => (
                "400 Bad Request",
                "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
            ),
            Service::Athena => ("400 Bad Request", "TooManyRequestsException"),
            Service::Slack => {
                let body = r#"{"ok":false,"error":"ratelimited"}"#;
                return answer(
                    "429 Too Many Requests",
                    "application/json",
                    "retry-after: 1\r\n",
                    body,
                );
            }
        };
        let body = format!(r#"{{"__type":"{kind}","message":"Rate exceeded"}}"#);
        answer(status, "application/x-amz-json-1.1", "", &body)
    }

    fn breaks(self) -> String {
        let kind = match self {
            Service::Slack => {
                return answer("503 Service Unavailable", "text/html", "", "<h1>Oh</h1>");
            }
            Service::SecretsManager => "InternalServiceError",
            Service::Sqs | Service::DynamoDb => "InternalServerError",
            Service::Athena => "InternalServerException",
        };
        let body = format!(r#"{{"__type":"{kind}","message":"Something is wrong here"}}"#);
        answer(
            "500 Internal Server Error",
            "application/x-amz-json-1.1",
            "",
            &body,
        )
    }
}

fn answer(status: &str, kind: &str, more: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n{more}\r\n{body}"
    )
}

/// What is wrong now, and which requests it meets.
type Weather = Option<(Fault, Often)>;

/// A port of its own; it ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Proxy {
    address: SocketAddr,
    fault: watch::Sender<Weather>,
    listens: watch::Receiver<bool>,
    passed: Arc<AtomicUsize>,
    broken: Arc<AtomicUsize>,
    server: JoinHandle<()>,
}

#[derive(Debug, Clone)]
struct Way {
    service: Service,
    upstream: SocketAddr,
    fault: watch::Receiver<Weather>,
    passed: Arc<AtomicUsize>,
    broken: Arc<AtomicUsize>,
}

impl Proxy {
    pub(crate) fn start(service: Service, upstream: SocketAddr) -> Proxy {
        // Bound and never listening: the port stays ours, and refuses, while nobody listens.
        let place = socket((Ipv4Addr::LOCALHOST, 0).into());
        let address = place.local_addr().unwrap();
        let (fault, seen) = watch::channel(None);
        let (passed, broken) = (Arc::default(), Arc::default());
        let way = Way {
            service,
            upstream,
            fault: seen,
            passed: Arc::clone(&passed),
            broken: Arc::clone(&broken),
        };
        let listener = listen(address);
        let (listening, listens) = watch::channel(true);
        let server = tokio::spawn(async move {
            let _place = place;
            serve(listener, way, listening).await;
        });
        Proxy {
            address,
            fault,
            listens,
            passed,
            broken,
            server,
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:PORT`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From when this returns; `None` lets everything pass.
    pub(crate) async fn set(&self, fault: Option<(Fault, Often)>) {
        self.fault.send_replace(fault);
        let is_to_listen = !refuses(&fault);
        let mut listens = self.listens.clone();
        let listens = listens.wait_for(|listens| *listens == is_to_listen).await;
        listens.unwrap();
    }

    /// Requests that went through unharmed.
    pub(crate) fn passed(&self) -> usize {
        self.passed.load(Ordering::Relaxed)
    }

    /// Requests that met a fault; a port that refuses sees none.
    pub(crate) fn broken(&self) -> usize {
        self.broken.load(Ordering::Relaxed)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn socket(address: SocketAddr) -> TcpSocket {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_reuseaddr(true).unwrap();
    socket.bind(address).unwrap();
    socket
}

fn listen(address: SocketAddr) -> TcpListener {
    socket(address).listen(64).unwrap()
}

fn refuses(fault: &Weather) -> bool {
    *fault == Some((Fault::Refusing, Often::Always))
}

async fn serve(listener: TcpListener, way: Way, listening: watch::Sender<bool>) {
    let address = listener.local_addr().unwrap();
    let mut fault = way.fault.clone();
    let mut listener = Some(listener);
    let mut connections = JoinSet::new();
    loop {
        let Some(open) = &listener else {
            if fault.wait_for(|fault| !refuses(fault)).await.is_err() {
                return;
            }
            listener = Some(listen(address));
            listening.send_replace(true);
            continue;
        };
        tokio::select! {
            is_over = async { fault.wait_for(refuses).await.is_err() } => {
                if is_over {
                    return;
                }
                listener = None;
                // Each resets its peer when it is dropped.
                connections.shutdown().await;
                listening.send_replace(false);
            }
            Ok((stream, _)) = open.accept() => {
                let way = way.clone();
                connections.spawn(async move {
                    // Whoever called is gone, or was meant to be.
                    let _ = connection(stream, way).await;
                });
            }
        }
    }
}

async fn connection(mut client: TcpStream, way: Way) -> Result<()> {
    client.set_nodelay(true)?;
    // Whatever way it ends in the midst of a request, it ends hard.
    client.set_zero_linger()?;
    let mut read = Vec::new();
    while let Some(request) = message(&mut client, &mut read).await? {
        let fault = match *way.fault.borrow() {
            Some((_, Often::NowAndThen)) if rand::random_range(0..3) > 0 => None,
            weather => weather.map(|(fault, _)| fault),
        };
        let count = if fault.is_some() {
            &way.broken
        } else {
            &way.passed
        };
        count.fetch_add(1, Ordering::Relaxed);
        match fault {
            Some(Fault::Hanging) => {
                // Until the caller has enough.
                let mut rest = [0; 1];
                let _ = client.read(&mut rest).await;
                return Ok(());
            }
            Some(Fault::Throttled) => client.write_all(way.service.throttles().as_bytes()).await?,
            Some(Fault::Broken) => client.write_all(way.service.breaks().as_bytes()).await?,
            Some(Fault::Refusing) => return Ok(()),
            None => {
                client
                    .write_all(&ask(way.upstream, &request).await?)
                    .await?
            }
            Some(Fault::Slow) => {
                let answer = ask(way.upstream, &request).await?;
                tokio::time::sleep(SLOW).await;
                client.write_all(&answer).await?;
            }
            Some(Fault::Garbage) => {
                ask(way.upstream, &request).await?;
                let page = answer("200 OK", "text/html", "", "<html>not JSON</html>");
                client.write_all(page.as_bytes()).await?;
            }
            Some(Fault::Reset) => {
                let answer = ask(way.upstream, &request).await?;
                let head = head_length(&answer).unwrap_or(answer.len());
                let half = head + (answer.len() - head) / 2;
                client
                    .write_all(answer.get(..half).unwrap_or_default())
                    .await?;
                // What is sent may be on its way: a reset that overtakes it leaves no half.
                tokio::time::sleep(Duration::from_millis(20)).await;
                return Ok(());
            }
        }
    }
    Ok(())
}

/// The service's whole answer, with its length said, so that the connection can live on.
async fn ask(upstream: SocketAddr, request: &[u8]) -> Result<Vec<u8>> {
    let mut stream = TcpStream::connect(upstream).await?;
    stream
        .write_all(&with_header(request, "connection", "close"))
        .await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let body = answer.len() - head_length(&answer).ok_or(ErrorKind::UnexpectedEof)?;
    let answer = with_header(&answer, "connection", "keep-alive");
    if header(&answer, "transfer-encoding").is_some() || header(&answer, "content-length").is_some()
    {
        return Ok(answer);
    }
    Ok(with_header(&answer, "content-length", &body.to_string()))
}

/// One request: what is read too much stays in `read`. `None` where the peer has no more.
async fn message(stream: &mut TcpStream, read: &mut Vec<u8>) -> Result<Option<Vec<u8>>> {
    loop {
        if let Some(head) = head_length(read) {
            if header(read, "transfer-encoding").is_some() {
                return Err(Error::new(ErrorKind::Unsupported, "a chunked request"));
            }
            let length = header(read, "content-length").map_or(Ok(0), |length| length.parse());
            let whole = head + length.map_err(|e| Error::new(ErrorKind::InvalidData, e))?;
            if read.len() >= whole {
                let rest = read.split_off(whole);
                return Ok(Some(std::mem::replace(read, rest)));
            }
        }
        if stream.read_buf(read).await? == 0 {
            return Ok(None);
        }
    }
}

/// Up to and with the empty line.
fn head_length(message: &[u8]) -> Option<usize> {
    let end = message.windows(4).position(|four| four == b"\r\n\r\n")?;
    Some(end + 4)
}

fn header(message: &[u8], name: &str) -> Option<String> {
    let head = message.get(..head_length(message)?)?;
    let head = String::from_utf8_lossy(head);
    let mut fields = head.lines().filter_map(|line| line.split_once(':'));
    let found = fields.find(|(field, _)| field.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.trim().to_owned())
}

/// The same with this header, in place of any that is called so.
fn with_header(message: &[u8], name: &str, value: &str) -> Vec<u8> {
    let (head, body) = message.split_at(head_length(message).unwrap_or_default());
    let head = String::from_utf8_lossy(head);
    let is_other = |line: &&str| {
        let field = line.split_once(':').map(|(field, _)| field);
        !line.is_empty() && !field.is_some_and(|field| field.eq_ignore_ascii_case(name))
    };
    let mut new: String = head
        .lines()
        .filter(is_other)
        .flat_map(|line| [line, "\r\n"])
        .collect();
    new.push_str(&format!("{name}: {value}\r\n\r\n"));
    [new.as_bytes(), body].concat()
}
