//! `why serve` as people reach it over HTTP: the real binary over acme's lake, without Slack, and
//! whole requests over the wire.

use std::io::{BufRead, BufReader, Read};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU8, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;

use crate::harness::{self, acme_lake, scratch};

mod access;
mod issuer;
mod starting;

/// For a group that the catalog of these tests names beside people and a channel.
const GROUP: &str = "S0CREDIT1";
const NAMED: &str = "U0BRANDT1";

/// The acme lake, whose credit limit a group may see as well.
fn lake() -> PathBuf {
    let lake = scratch().join("api-lake");
    static COPIED: std::sync::Once = std::sync::Once::new();
    COPIED.call_once(|| {
        let mut copy = Command::new("cp");
        copy.arg("-R").arg(acme_lake()).arg(&lake);
        assert!(copy.status().unwrap().success());
        let file = lake.join("why.toml");
        let catalog = std::fs::read_to_string(&file).unwrap();
        let channels = "channels = [\"C0CREDIT1\"]";
        assert_eq!(catalog.matches(channels).count(), 1);
        let groups = format!("{channels}\ngroups = [\"{GROUP}\"]");
        std::fs::write(&file, catalog.replace(channels, &groups)).unwrap();
    });
    lake
}

/// A server that runs, until it is dropped.
struct Served {
    address: SocketAddr,
    state: PathBuf,
    child: Child,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve_command(state: &Path, variables: &[(&str, &str)]) -> Command {
    let mut command = harness::command();
    command
        .arg("serve")
        .envs([
            ("WHY_CATALOG", lake().to_str().unwrap()),
            ("WHY_STATE", state.to_str().unwrap()),
            ("WHY_LISTEN", "127.0.0.1:0"),
            ("WHY_METRICS", "off"),
            ("WHY_LOG", "trace"),
        ])
        .envs(variables.iter().copied());
    command
}

/// Its own folder for the state file.
fn state(name: &str) -> PathBuf {
    let folder = scratch().join(format!("api-{name}"));
    std::fs::create_dir_all(&folder).unwrap();
    folder.join("state.sqlite")
}

impl Served {
    fn start(state: PathBuf, variables: &[(&str, &str)]) -> Self {
        let log = std::fs::File::create(state.with_extension("log")).unwrap();
        let mut child = serve_command(&state, variables)
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut said = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut said).unwrap();
        let served = said.split("http://").nth(1).and_then(|rest| {
            let end = rest.find(|c: char| c != '.' && c != ':' && !c.is_ascii_digit());
            rest[..end.unwrap_or(rest.len())]
                .trim_end_matches(':')
                .parse()
                .ok()
        });
        let log = || std::fs::read_to_string(state.with_extension("log")).unwrap();
        let address = served.unwrap_or_else(|| panic!("{said}{}", log()));
        Served {
            address,
            state,
            child,
        }
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.state.with_extension("log")).unwrap()
    }

    /// `why token …`, as somebody types it; what it prints.
    fn token(&self, words: &str) -> String {
        token(&self.state, words)
    }
}

fn token(state: &Path, words: &str) -> String {
    let output = harness::command()
        .args(words.split(' '))
        .env("WHY_STATE", state)
        .output()
        .unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{words}: {err}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// A request, as it goes over the wire.
#[derive(Debug, Clone, Default)]
struct Call {
    method: String,
    path: String,
    /// Over the usual ones.
    headers: Vec<(String, String)>,
    body: String,
}

/// What came back.
#[derive(Debug)]
struct Said {
    status: u16,
    head: String,
    body: String,
}

impl Call {
    fn new(method: &str, path: &str) -> Self {
        Call {
            method: method.to_owned(),
            path: path.to_owned(),
            ..Call::default()
        }
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    fn form(self, body: &str) -> Self {
        Call {
            body: body.to_owned(),
            ..self.with("Content-Type", "application/x-www-form-urlencoded")
        }
    }

    /// From an address of this machine that nobody else asks from: strangers are counted by theirs.
    async fn send(&self, to: SocketAddr) -> Said {
        static USED: AtomicU8 = AtomicU8::new(1);
        let mine = USED.fetch_add(1, Ordering::Relaxed);
        let socket = TcpSocket::new_v4().unwrap();
        let from = Ipv4Addr::new(127, 8, mine, 1);
        socket.bind(SocketAddr::from((from, 0))).unwrap();
        let mut stream = socket.connect(to).await.unwrap();
        let has = |name: &str| {
            self.headers
                .iter()
                .any(|(n, _)| n.eq_ignore_ascii_case(name))
        };
        let mut request = format!(
            "{} {} HTTP/1.1\r\nConnection: close\r\n",
            self.method, self.path
        );
        if !has("host") {
            request.push_str(&format!("Host: {to}\r\n"));
        }
        if self.method != "GET" {
            request.push_str(&format!("Content-Length: {}\r\n", self.body.len()));
        }
        for (name, value) in &self.headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str("\r\n");
        request.push_str(&self.body);
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        Said {
            status: status.unwrap_or_else(|| panic!("{answer}")),
            head: head.to_owned(),
            body: body.to_owned(),
        }
    }
}

impl Said {
    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (said, value) = line.split_once(':')?;
            said.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }
}

/// What a server says that does not start.
fn refused(state: &Path, variables: &[(&str, &str)]) -> String {
    let mut child = serve_command(state, variables)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    let mut err = child.stderr.take().unwrap();
    err.read_to_string(&mut said).unwrap();
    let ended = child.wait().unwrap();
    assert!(!ended.success(), "{said}");
    // Not what it logs.
    let lines = said.lines().filter(|line| !line.starts_with('{'));
    lines.map(|line| format!("{line}\n")).collect()
}
