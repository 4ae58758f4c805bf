//! The stage: MiniStack with the deployed stack, the lake, the fake Slack, and doors between them.
//!
//! `tests/e2e/stage.py` runs MiniStack and does what AWS's tools do; this tells it what. Start at
//! [`Stage::set`]; a case talks through [`Stage::slack`] and ends with [`Stage::settled`].

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicI64, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::runtime::Runtime;
use why::slack_demo::fake::state::{BOT, Channel, Kind, Message, Standing, User, Workspace};
use why::slack_demo::fake::{Fake, SECRET, TOKEN};

use super::athena::Athena;
use super::aws::{Aws, python, root};
use super::door::{Door, Traffic};
use super::issuer::Issuer;
use super::request::{Question, clock};

/// For an answer: a cold start of a debug build, and a try or two again.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);
pub(super) const POLL: Duration = Duration::from_millis(100);
/// Where reports go; the template takes only what looks like a channel of Slack's.
const TRIAGE: &str = "C0TRIAGE";
/// Seconds until a job whose worker died is seen again: six minutes in the template.
pub(super) const VISIBLE_AFTER: &str = "10";
/// A minute in the template; the lease of a worker that dies lasts as long.
const WORKER_SECONDS: u32 = 15;
pub(super) const WORKER: &str = "why-worker";
const BUCKET: &str = "sp500-lake";
const PREFIX: &str = "why/sp500";
/// What links to the page are signed with.
pub(super) const LINK_KEY: &str = "of-the-fake-0123456789012345678901234567890123";
/// For whom the fake issuer's tokens are made out.
pub(super) const AUDIENCE: &str = "why-e2e";

/// `make e2e` says so; plain `cargo test` needs no AWS.
#[expect(
    clippy::disallowed_methods,
    reason = "cargo hands a test nothing but variables"
)]
pub(super) fn is_wanted() -> bool {
    std::env::var_os("WHY_E2E").is_some_and(|wanted| !wanted.is_empty())
}

pub(super) struct Stage {
    runtime: Runtime,
    aws: Mutex<Aws>,
    /// MiniStack's.
    address: SocketAddr,
    pub(super) slack: Fake,
    /// In front of SQS and S3, for the functions alone.
    pub(super) queue_door: Door,
    pub(super) lake_door: Door,
    pub(super) athena: Athena,
    pub(super) issuer: Issuer,
    /// The lake, as it was imported, and its catalog.
    pub(super) lake: PathBuf,
    pub(super) stack: Stack,
    /// Logs, zips, the template as deployed.
    folder: PathBuf,
    zips: Value,
    /// Where in MiniStack's log the case begins, and when it does.
    log_begins: AtomicUsize,
    began: AtomicI64,
}

/// What the template puts out.
#[derive(Debug, Clone)]
pub(super) struct Stack {
    outputs: Value,
}

impl Stack {
    pub(super) fn output(&self, name: &str) -> &str {
        let found = self.outputs.get(name).and_then(Value::as_str);
        found.unwrap_or_else(|| panic!("the template has no output {name}: {}", self.outputs))
    }
}

impl Stage {
    /// Everything, once.
    pub(super) fn set() -> Stage {
        let runtime = Runtime::new().unwrap();
        let folder = root().join("target/e2e");
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let lake = import(&folder);
        let (slack, queue_door, lake_door) =
            runtime.block_on(async { (Fake::start().await, Door::new().await, Door::new().await) });
        let issuer = runtime.block_on(Issuer::start());
        let mut aws = Aws::start(&folder, &[("SQS", &queue_door), ("S3", &lake_door)]);
        let address = aws.address();
        queue_door.leads_to(address);
        lake_door.leads_to(address);

        let catalog = folder.join("why.toml");
        let text = std::fs::read_to_string(lake.join("why.toml")).unwrap();
        let there = format!("location = \"s3://{BUCKET}/{PREFIX}\"");
        let on_s3 = text.replacen("location = \".\"", &there, 1);
        assert_ne!(text, on_s3, "the catalog's location is no longer \".\"");
        std::fs::write(&catalog, on_s3).unwrap();
        let template = folder.join("template.yaml");
        let printed = why(&["infra", "--catalog", catalog.to_str().unwrap()]);
        std::fs::write(&template, printed).unwrap();

        let there = format!("s3://{BUCKET}/{PREFIX}");
        let athena = Athena::start(&python(), &folder, &there, &format!("http://{address}"));
        let mut zips = json!({});
        for (name, binary) in [
            ("ingress", env!("CARGO_BIN_EXE_ingress")),
            ("worker", env!("CARGO_BIN_EXE_worker")),
            ("api", env!("CARGO_BIN_EXE_api")),
        ] {
            let files = json!({"bootstrap": binary, "why.toml": catalog});
            zips[name] = aws.ask(json!({"do": "zip", "name": name, "files": files}));
        }
        let mut stage = Stage {
            runtime,
            aws: Mutex::new(aws),
            address,
            slack: slack.unwrap(),
            queue_door,
            lake_door,
            athena,
            issuer,
            lake,
            stack: Stack { outputs: json!({}) },
            folder,
            zips,
            log_begins: AtomicUsize::new(0),
            began: AtomicI64::new(0),
        };
        stage.slack.change(|w| {
            let (name, kind) = ("triage".to_owned(), Kind::Public);
            w.channels.insert(TRIAGE.to_owned(), Channel { name, kind });
        });
        stage.stack = stage.deploy("direct");
        stage.fill();
        stage
    }

    /// What no template holds: the lake's files, the secret's value, the address of the API.
    fn fill(&self) {
        let upload =
            json!({"do": "upload", "folder": self.lake, "bucket": BUCKET, "prefix": PREFIX});
        self.ask(upload);
        self.put_secret(SECRET);
        for queue in ["QueueUrl", "DeadLettersUrl"] {
            self.set_visibility(queue, VISIBLE_AFTER);
        }
        // By path, where no name can be given.
        let path = format!("/_aws/execute-api/{}/$default", self.api_id());
        self.slack.connect(&self.url(&path));
    }

    fn api_id(&self) -> &str {
        let url = self.stack.output("ApiUrl");
        url.split(['/', '.']).nth(2).unwrap()
    }

    /// The API's own name here.
    pub(super) fn api_host(&self) -> String {
        format!(
            "{}.execute-api.localhost:{}",
            self.api_id(),
            self.address.port()
        )
    }

    /// At MiniStack's address.
    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The stack with this engine, with one question to an invocation.
    pub(super) fn deploy(&self, engine: &str) -> Stack {
        self.deploy_for_batches(engine, 1)
    }

    /// With so many questions to an invocation.
    pub(super) fn deploy_for_batches(&self, engine: &str, most: u8) -> Stack {
        let parameters = json!({
            "Architecture": "arm64",
            "Engine": engine,
            "WorkerBatchSize": most.to_string(),
            "CreateLakeBucket": "true",
            "SlackApiUrl": self.slack.api_url(),
            "AthenaEndpointUrl": self.athena.url(),
            "TriageChannel": TRIAGE,
            "OidcIssuer": self.issuer.url(),
            "OidcAudience": AUDIENCE,
        });
        let outputs = self.ask(json!({
            "do": "deploy", "template": self.folder.join("template.yaml"), "zips": self.zips,
            "parameters": parameters,
        }));
        let sooner = json!({"FunctionName": WORKER, "Timeout": WORKER_SECONDS});
        self.aws("lambda", "update_function_configuration", sooner);
        Stack { outputs }
    }

    /// After so many seconds a message is seen again whose function died.
    pub(super) fn set_visibility(&self, queue: &str, seconds: &str) {
        let url = self.stack.output(queue);
        let attributes = json!({"VisibilityTimeout": seconds});
        let arguments = json!({"QueueUrl": url, "Attributes": attributes});
        self.aws("sqs", "set_queue_attributes", arguments);
    }

    /// The signing secret of now; the one before stays as the previous version.
    pub(super) fn put_secret(&self, signing_secret: &str) {
        let value = json!({
            "bot_token": TOKEN, "signing_secret": signing_secret, "link_key": LINK_KEY,
        });
        let secret = self.stack.output("SecretArn");
        self.aws(
            "secretsmanager",
            "put_secret_value",
            json!({"SecretId": secret, "SecretString": value.to_string()}),
        );
    }

    /// A call of AWS, as its Python SDK has it.
    pub(super) fn aws(&self, service: &str, operation: &str, arguments: Value) -> Value {
        self.ask(json!({
            "do": "aws", "service": service, "operation": operation, "arguments": arguments,
        }))
    }

    pub(super) fn ask(&self, command: Value) -> Value {
        let mut aws = self.aws.lock().unwrap_or_else(PoisonError::into_inner);
        aws.ask(command)
    }

    /// A case, after what another that failed may have left.
    pub(super) fn play(&'static self, case: impl AsyncFnOnce(&'static Stage)) {
        self.queue_door.set(Traffic::Open);
        self.queue_door.forget();
        self.lake_door.set(Traffic::Open);
        self.slack.change(|w| w.outage = None);
        for queue in ["QueueUrl", "DeadLettersUrl"] {
            self.aws(
                "sqs",
                "purge_queue",
                json!({"QueueUrl": self.stack.output(queue)}),
            );
        }
        self.runtime.block_on(self.athena.reset());
        self.log_begins
            .store(self.whole_log().len(), Ordering::Relaxed);
        self.began
            .store(clock().as_millisecond(), Ordering::Relaxed);
        self.runtime.block_on(case(self));
        let log = self.log();
        // Tokens, signing secrets and response URLs of the fake are named so; signatures begin so.
        for secret in ["of-the-fake", "v0="] {
            let line = log.lines().find(|line| line.contains(secret));
            assert_eq!(line, None, "a secret is in the log");
        }
    }

    /// What the functions logged since the case began, as CloudWatch has it, and MiniStack itself.
    pub(super) fn log(&self) -> String {
        let whole = self.whole_log();
        let mut log = whole[self.log_begins.load(Ordering::Relaxed)..].to_owned();
        for function in ["ingress", "api"] {
            log += &self.log_of(function);
        }
        log
    }

    /// Of a function that the API calls; MiniStack's own log has the others'.
    pub(super) fn log_of(&self, function: &str) -> String {
        let since = self.began.load(Ordering::Relaxed);
        let group = format!("/aws/lambda/why-{function}");
        let arguments = json!({"logGroupName": group, "startTime": since});
        let found = self.aws("logs", "filter_log_events", arguments);
        let events = found["events"].as_array().unwrap().iter();
        events
            .map(|event| format!("{}\n", event["message"].as_str().unwrap()))
            .collect()
    }

    fn whole_log(&self) -> String {
        let log = std::fs::read(self.folder.join("ministack.log")).unwrap();
        String::from_utf8_lossy(&log).into_owned()
    }

    /// Somebody who asks nothing else.
    pub(super) fn somebody(&self) -> String {
        static KNOWN: AtomicU32 = AtomicU32::new(0);
        let number = KNOWN.fetch_add(1, Ordering::Relaxed);
        let user = format!("U7{number:06}");
        self.slack.change(|w| {
            let (name, standing) = ("somebody", Standing::Member);
            w.users.insert(user.clone(), User { name, standing });
        });
        user
    }

    /// Both queues are empty and nothing is under way.
    pub(super) async fn settled(&self) {
        let end = Instant::now() + PATIENCE;
        loop {
            let waiting = self.depth("QueueUrl") + self.depth("DeadLettersUrl");
            if waiting == 0 {
                return;
            }
            assert!(
                Instant::now() < end,
                "{waiting} messages are left:\n{}",
                self.slack.transcript()
            );
            tokio::time::sleep(POLL).await;
        }
    }

    /// Messages that wait or are under way.
    pub(super) fn depth(&self, queue: &str) -> u64 {
        let url = self.stack.output(queue);
        let found = self.aws(
            "sqs",
            "get_queue_attributes",
            json!({"QueueUrl": url, "AttributeNames": ["All"]}),
        );
        let count = |name: &str| -> u64 {
            let count = found["Attributes"][name].as_str().unwrap();
            count.parse().unwrap()
        };
        count("ApproximateNumberOfMessages")
            + count("ApproximateNumberOfMessagesNotVisible")
            + count("ApproximateNumberOfMessagesDelayed")
    }

    /// What the bot said to a question, but for placeholders.
    pub(super) fn answers_to(&self, question: &Question) -> Vec<Message> {
        self.slack.read(|w| answers(w, question))
    }

    /// Messages in a question's thread that only say that something is coming.
    pub(super) fn placeholders(&self, question: &Question) -> usize {
        let here = |m: &&Message| m.thread_ts.is_some() && m.thread_ts == question.thread;
        self.slack.read(|w| {
            let messages = w.messages.iter().filter(here);
            messages.filter(|m| m.is_placeholder()).count()
        })
    }

    /// The first answer, once it is there.
    pub(super) async fn answer(&self, question: &Question) -> Message {
        let answer = self.first_answer(question).await;
        answer.unwrap_or_else(|| panic!("no answer to {question:?}:\n{}", self.log()))
    }

    pub(super) async fn first_answer(&self, question: &Question) -> Option<Message> {
        let found = |w: &Workspace| answers(w, question).into_iter().next();
        self.slack.wait_for(found, PATIENCE).await
    }
}

fn answers(w: &Workspace, question: &Question) -> Vec<Message> {
    let user = &question.user;
    let direct = user.replacen('U', "D", 1);
    let is_theirs = |m: &&Message| {
        let is_here = question.thread.is_some() && m.thread_ts == question.thread;
        let is_private = m.private_to.as_ref() == Some(user) || m.channel == direct;
        m.user == BOT && !m.is_placeholder() && (is_here || is_private)
    };
    w.messages.iter().filter(is_theirs).cloned().collect()
}

/// `why` as on anybody's machine.
pub(super) fn why(arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_why"));
    let run = command.env_clear().args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "why {arguments:?}: {said}");
    String::from_utf8(run.stdout).unwrap()
}

fn import(folder: &Path) -> PathBuf {
    let (data, lake) = (root().join("data/sp500"), folder.join("lake"));
    let path = |path: &Path| path.to_str().unwrap().to_owned();
    why(&[
        "import",
        "--latest",
        "--catalog",
        &path(&data.join("why.toml")),
        "--decisions",
        &path(&data.join("attribute_trace.jsonl.gz")),
        "--entities",
        &path(&data.join("entities.jsonl")),
        "--into",
        &path(&lake),
    ]);
    lake
}
