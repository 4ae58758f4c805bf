//! A peer at the wire that answers as its script says: not at all, half, wrongly, late, or by
//! passing on what moto says.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::moto::Moto;

#[derive(Debug, Clone, Copy)]
pub(super) enum Answer {
    /// Reads, and says nothing.
    Hang,
    /// Reads, and closes.
    HangUp,
    /// Closes in the middle of what it says.
    HalfBody,
    Says(u16, &'static str),
    /// What moto says.
    PassOn,
    /// What moto says, after a while.
    Late(Duration),
    /// Moto does it, and nobody hears so.
    Lost,
}

pub(super) struct Peer {
    pub(super) url: String,
    seen: Arc<Mutex<Vec<String>>>,
    _task: tokio::task::JoinSet<()>,
}

impl Peer {
    /// One answer a request; the last of them to all that come later.
    pub(super) async fn start(script: &[Answer]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (script, record) = (script.to_vec(), Arc::clone(&seen));
        let mut task = tokio::task::JoinSet::new();
        task.spawn(async move {
            let mut under_way = tokio::task::JoinSet::new();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (script, record) = (script.clone(), Arc::clone(&record));
                under_way.spawn(async move {
                    // Whoever asks may have gone.
                    let _ = serve(stream, &script, &record).await;
                });
            }
        });
        Peer {
            url,
            seen,
            _task: task,
        }
    }

    /// The operations that were asked for, as `DynamoDB.PutItem`, in their order.
    pub(super) fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

/// An address at which nobody listens.
pub(super) async fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

async fn serve(
    mut stream: TcpStream,
    script: &[Answer],
    seen: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let request = read(&mut stream).await?;
    if request.is_empty() {
        return Ok(());
    }
    let answer = {
        let mut seen = seen.lock().unwrap();
        seen.push(operation(&request));
        script[(seen.len() - 1).min(script.len() - 1)]
    };
    match answer {
        Answer::Hang => tokio::time::sleep(Duration::from_secs(60)).await,
        Answer::HangUp => {}
        Answer::HalfBody => {
            let half = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"Mess";
            stream.write_all(half.as_bytes()).await?;
        }
        Answer::Says(status, body) => {
            let said = format!(
                "HTTP/1.1 {status} Said\r\ncontent-type: application/x-amz-json-1.0\r\n\
                 connection: close\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(said.as_bytes()).await?;
        }
        Answer::PassOn => stream.write_all(&passed_on(&request).await?).await?,
        Answer::Late(wait) => {
            tokio::time::sleep(wait).await;
            stream.write_all(&passed_on(&request).await?).await?;
        }
        Answer::Lost => {
            passed_on(&request).await?;
        }
    }
    Ok(())
}

/// Head and body.
async fn read(stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut all = Vec::new();
    loop {
        let mut some = [0; 4096];
        let count = stream.read(&mut some).await?;
        all.extend_from_slice(&some[..count]);
        let head = all.windows(4).position(|four| four == b"\r\n\r\n");
        let whole = head.map(|end| end + 4 + length(&all[..end]));
        if count == 0 || whole.is_some_and(|whole| all.len() >= whole) {
            return Ok(all);
        }
    }
}

fn length(head: &[u8]) -> usize {
    header(head, "content-length").map_or(0, |length| length.parse().unwrap())
}

fn header(head: &[u8], name: &str) -> Option<String> {
    let head = String::from_utf8_lossy(head).into_owned();
    head.lines().find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found
            .eq_ignore_ascii_case(name)
            .then(|| value.trim().to_owned())
    })
}

fn operation(request: &[u8]) -> String {
    let target = header(request, "x-amz-target").unwrap_or_default();
    let (service, operation) = target.split_once('.').unwrap_or_default();
    let service = service.split('_').next().unwrap_or_default();
    format!("{service}.{operation}")
}

/// What moto says to it. One request a connection: whoever asked is told so.
async fn passed_on(request: &[u8]) -> std::io::Result<Vec<u8>> {
    let moto = Moto::shared().url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(moto).await?;
    stream.write_all(request).await?;
    let mut answer = read(&mut stream).await?;
    let end = answer.windows(2).position(|two| two == b"\r\n").unwrap();
    answer.splice(end..end, *b"\r\nconnection: close");
    Ok(answer)
}
