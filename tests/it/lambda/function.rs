//! A function as Lambda runs it: a process with a clean environment, started when an event needs
//! it, kept for the next one, killed at the deadline.
//!
//! One execution environment at a time, so events wait for each other. Not done here: the freeze
//! between two events and the CPU share of the memory size. Start at [`Function::invoke`]. The
//! bench uses this file too.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use jiff::Timestamp;
use tokio::sync::{oneshot, watch};

use super::runtime::{Ended, Event, LONGEST_START, Runtime};

/// What Lambda knows of a function before it runs.
#[derive(Debug, Clone)]
pub(crate) struct Launch {
    pub(crate) name: String,
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<String>,
    /// Where the zip was unpacked: the working directory.
    pub(crate) task_root: PathBuf,
    /// On top of Lambda's own; the process gets nothing else.
    pub(crate) variables: Vec<(String, String)>,
    pub(crate) timeout: Duration,
    pub(crate) memory_mb: u32,
}

/// What came of one event, as whoever invoked learns it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    Answered(Bytes),
    /// The runtime reported an error; the process lives.
    Failed(super::runtime::Failed),
    /// Killed at the deadline.
    TimedOut,
    /// The process ended by itself.
    Exited,
    /// It never asked for an event: why.
    NotStarted(String),
}

/// One event and what came of it.
#[derive(Debug, Clone)]
pub(crate) struct Invocation {
    pub(crate) outcome: Outcome,
    pub(crate) request_id: String,
    /// From handing over to the answer, without the start.
    pub(crate) took: Duration,
    /// Process start to the first `next`, where this event needed one.
    pub(crate) start: Option<Duration>,
}

/// Resident memory in kB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Memory {
    pub(crate) now: u64,
    pub(crate) most: u64,
}

/// A function and its one execution environment.
#[derive(Debug)]
pub(crate) struct Function {
    launch: Launch,
    sandbox: tokio::sync::Mutex<Option<Sandbox>>,
    log: Log,
}

/// What all its processes wrote.
type Log = Arc<Mutex<String>>;

impl Function {
    pub(crate) fn new(launch: Launch) -> Function {
        Function {
            launch,
            sandbox: tokio::sync::Mutex::new(None),
            log: Log::default(),
        }
    }

    /// Starts a process where none lives.
    pub(crate) async fn invoke(&self, payload: impl Into<Bytes>) -> Invocation {
        let mut place = self.sandbox.lock().await;
        let mut invocation = Invocation {
            outcome: Outcome::Exited,
            request_id: request_id(),
            took: Duration::ZERO,
            start: None,
        };
        if place.as_ref().is_none_or(Sandbox::is_over) {
            *place = None;
            match self.sandbox().await {
                Ok((sandbox, start)) => {
                    invocation.start = Some(start);
                    *place = Some(sandbox);
                }
                Err(why) => {
                    invocation.outcome = Outcome::NotStarted(why);
                    return invocation;
                }
            }
        }
        let Some(sandbox) = place.as_mut() else {
            return invocation;
        };
        let begun = Instant::now();
        invocation.outcome = sandbox.run(&self.launch, &invocation, payload.into()).await;
        invocation.took = begun.elapsed();
        if invocation.outcome == Outcome::TimedOut {
            *place = None;
        }
        invocation
    }

    /// A process that waits for its first event, and how long that took. Lambda tries twice.
    async fn sandbox(&self) -> Result<(Sandbox, Duration), String> {
        let first = Sandbox::start(&self.launch, &self.log).await;
        match first {
            Ok(started) => Ok(started),
            Err(_) => Sandbox::start(&self.launch, &self.log).await,
        }
    }

    /// Starts a process, which waits for its first event: how long it took. For the bench.
    #[allow(dead_code, reason = "the bench measures it")]
    pub(crate) async fn start(&self) -> Result<Duration, String> {
        let mut place = self.sandbox.lock().await;
        let (sandbox, start) = self.sandbox().await?;
        *place = Some(sandbox);
        Ok(start)
    }

    /// `kill -9`, as Lambda does when it needs the place.
    pub(crate) async fn kill(&self) {
        *self.sandbox.lock().await = None;
    }

    /// Of the process that lives.
    pub(crate) async fn memory(&self) -> Option<Memory> {
        let place = self.sandbox.lock().await;
        let id = place.as_ref()?.child.id();
        memory(&Path::new("/proc").join(id.to_string()))
    }

    /// What all its processes wrote to their standard output and error.
    pub(crate) fn log(&self) -> String {
        lock(&self.log).clone()
    }
}

/// One process beside its own Runtime API.
#[derive(Debug)]
struct Sandbox {
    child: Child,
    runtime: Runtime,
    is_over: watch::Receiver<bool>,
}

impl Sandbox {
    /// Until the process asks for its first event; how long that took, or why it never did.
    async fn start(launch: &Launch, log: &Log) -> Result<(Sandbox, Duration), String> {
        let runtime = Runtime::start().await;
        let mut command = Command::new(&launch.program);
        command
            .env_clear()
            .envs(lambdas_own(launch, &runtime.address()))
            .envs(launch.variables.iter().cloned())
            .args(&launch.arguments)
            .current_dir(&launch.task_root)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let begun = Instant::now();
        let spawned = command.spawn();
        let mut child = spawned.map_err(|e| format!("{}: {e}", launch.program.display()))?;
        let (ended, is_over) = watch::channel(false);
        let (out, err) = (child.stdout.take(), child.stderr.take());
        collect(out, log, Some(ended));
        collect(err, log, None);
        let mut sandbox = Sandbox {
            child,
            runtime,
            is_over,
        };
        let started = tokio::select! {
            started = tokio::time::timeout(LONGEST_START, sandbox.runtime.started()) => started,
            () = over(&mut sandbox.is_over) => return Err("it ended before it began".to_owned()),
        };
        match started {
            Ok(Ok(at)) => Ok((sandbox, at - begun)),
            Ok(Err(failed)) => Err(format!("{}: {}", failed.kind, failed.message)),
            Err(_) => Err(format!("no first event within {LONGEST_START:?}")),
        }
    }

    fn is_over(&self) -> bool {
        *self.is_over.borrow()
    }

    async fn run(&mut self, launch: &Launch, it: &Invocation, payload: Bytes) -> Outcome {
        let (ended, end) = oneshot::channel();
        let now = clock().as_millisecond();
        self.runtime.queue(Event {
            request_id: it.request_id.clone(),
            trace_id: trace_id(now),
            arn: arn(&launch.name),
            deadline_ms: now + i64::try_from(launch.timeout.as_millis()).unwrap(),
            payload,
            ended,
        });
        tokio::select! {
            // An answer counts, also of a process that ends at once after it.
            biased;
            end = end => match end {
                Ok(Ended::Answered(body)) => Outcome::Answered(body),
                Ok(Ended::Failed(failed)) => Outcome::Failed(failed),
                Err(_) => Outcome::Exited,
            },
            () = over(&mut self.is_over) => Outcome::Exited,
            () = tokio::time::sleep(launch.timeout) => Outcome::TimedOut,
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // It may be dead already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads to the end; whoever waits for it learns that the process has closed this.
fn collect(
    from: Option<impl Read + Send + 'static>,
    log: &Log,
    ended: Option<watch::Sender<bool>>,
) {
    let log = Arc::clone(log);
    std::thread::spawn(move || {
        let lines = from.map(|from| BufReader::new(from).lines());
        for line in lines.into_iter().flatten().map_while(Result::ok) {
            let mut log = lock(&log);
            log.push_str(&line);
            log.push('\n');
        }
        if let Some(ended) = ended {
            ended.send_replace(true);
        }
    });
}

async fn over(is_over: &mut watch::Receiver<bool>) {
    // The sender goes only after it has said so.
    let _ = is_over.wait_for(|is_over| *is_over).await;
}

/// What Lambda sets for an OS-only runtime ("Defined runtime environment variables").
fn lambdas_own(launch: &Launch, runtime: &str) -> Vec<(&'static str, String)> {
    let root = launch.task_root.display().to_string();
    vec![
        ("AWS_LAMBDA_RUNTIME_API", runtime.to_owned()),
        ("AWS_LAMBDA_FUNCTION_NAME", launch.name.clone()),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".to_owned()),
        (
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
            launch.memory_mb.to_string(),
        ),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand".to_owned()),
        (
            "AWS_LAMBDA_LOG_GROUP_NAME",
            format!("/aws/lambda/{}", launch.name),
        ),
        (
            "AWS_LAMBDA_LOG_STREAM_NAME",
            "2026/11/20/[$LATEST]0".to_owned(),
        ),
        ("AWS_REGION", REGION.to_owned()),
        ("AWS_DEFAULT_REGION", REGION.to_owned()),
        ("AWS_ACCESS_KEY_ID", "test".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "test".to_owned()),
        ("AWS_SESSION_TOKEN", "test".to_owned()),
        ("LAMBDA_TASK_ROOT", root),
        ("LAMBDA_RUNTIME_DIR", "/var/runtime".to_owned()),
        ("_HANDLER", "bootstrap".to_owned()),
        ("TZ", ":UTC".to_owned()),
        ("LANG", "en_US.UTF-8".to_owned()),
        ("PATH", "/usr/local/bin:/usr/bin:/bin".to_owned()),
    ]
}

pub(crate) const REGION: &str = "us-east-1";

pub(crate) fn arn(name: &str) -> String {
    format!("arn:aws:lambda:{REGION}:123456789012:function:{name}")
}

/// A version 4 UUID.
pub(crate) fn request_id() -> String {
    let random = rand::random::<u128>();
    let fixed = (random & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{fixed:032x}");
    let cut = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    let parts = [cut(0, 8), cut(8, 12), cut(12, 16), cut(16, 20), cut(20, 32)];
    parts.join("-")
}

/// `Root=1-SECONDS-96 BITS;Parent=64 BITS;Sampled=0`.
fn trace_id(now_ms: i64) -> String {
    let root = rand::random::<u128>() >> 32;
    let parent = rand::random::<u64>();
    format!(
        "Root=1-{:08x}-{root:024x};Parent={parent:016x};Sampled=0",
        now_ms / 1000
    )
}

/// From `status` in a process's folder under /proc.
pub(crate) fn memory(process: &Path) -> Option<Memory> {
    let status = std::fs::read_to_string(process.join("status")).ok()?;
    let kilobytes = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name))?;
        line.split_ascii_whitespace().nth(1)?.parse().ok()
    };
    Some(Memory {
        now: kilobytes("VmRSS:")?,
        most: kilobytes("VmHWM:")?,
    })
}

fn lock(log: &Mutex<String>) -> MutexGuard<'_, String> {
    log.lock().unwrap_or_else(PoisonError::into_inner)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a deadline is of the machine's clock, which the process reads too"
)]
fn clock() -> Timestamp {
    Timestamp::now()
}
