//! One deployment: the four functions, the API and the queues between them, and a proxy before
//! each service that they call.
//!
//! The functions are the real binaries. Start at [`Scene::start`].

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use why::slack_demo::fake::{Fake, SECRET, TOKEN};

use super::aws::{Aws, Stack};
use super::fault::Service;
use super::function::{Function, Launch};
use super::gateway::Gateway;
use super::mapping::Mapping;
use super::proxy::Proxy;
use crate::faults::{self, Means, Question, Reply};

/// The functions' own time, and how long a message is hidden: shorter than in the template, so that
/// what is left undone comes again soon.
const TIMEOUT: Duration = Duration::from_secs(10);
const VISIBILITY_S: u32 = 12;

pub(crate) struct Scene {
    pub(crate) slack: Fake,
    stack: Stack,
    proxies: Vec<(Service, Proxy)>,
    functions: Vec<Arc<Function>>,
    gateway: Gateway,
    /// Of questions and of dead letters.
    mappings: Vec<Mapping>,
    asked: AtomicUsize,
}

impl Scene {
    /// `lake` holds the catalog; `athena` answers for Athena where the engine asks one.
    pub(crate) async fn start(lake: &Path, engine: &str, athena: Option<SocketAddr>) -> Scene {
        let slack = Fake::start().await.unwrap();
        let stack = Stack::make(VISIBILITY_S, TOKEN, SECRET).await;
        let aws = Aws::get().address;
        let upstream = |service| match service {
            Service::SecretsManager | Service::Sqs | Service::DynamoDb => aws,
            Service::Athena => athena.unwrap_or(aws),
            Service::Slack => slack.address(),
        };
        let proxies: Vec<(Service, Proxy)> = Service::ALL
            .map(|service| (service, Proxy::start(service, upstream(service))))
            .into();
        let variables = variables(&stack, &proxies, engine);
        let function = |name: &str, binary: PathBuf| {
            Arc::new(Function::new(Launch {
                name: name.to_owned(),
                program: binary,
                arguments: Vec::new(),
                task_root: lake.to_owned(),
                variables: variables.clone(),
                timeout: TIMEOUT,
                memory_mb: 512,
            }))
        };
        let worker = || PathBuf::from(env!("CARGO_BIN_EXE_worker"));
        let ingress = packaged_ingress().unwrap_or_else(|| env!("CARGO_BIN_EXE_ingress").into());
        let ingress = function("ingress", ingress);
        let dead_letters = function("dead-letters", worker());
        let worker = function("worker", worker());
        let api = function("api", env!("CARGO_BIN_EXE_api").into());
        let gateway = Gateway::start(Arc::clone(&ingress), Arc::clone(&api)).await;
        let mut scene = Scene {
            slack,
            stack,
            proxies,
            functions: vec![ingress, worker, dead_letters, api],
            gateway,
            mappings: Vec::new(),
            asked: AtomicUsize::new(0),
        };
        scene.deliver();
        scene
    }

    /// Nothing is delivered, as where both triggers are disabled.
    pub(crate) fn hold(&mut self) {
        self.mappings.clear();
    }

    pub(crate) fn deliver(&mut self) {
        let [_, worker, dead_letters, _] = self.functions.as_slice() else {
            unreachable!("four are made");
        };
        self.mappings = vec![
            Mapping::start(self.stack.queue.clone(), Arc::clone(worker)),
            Mapping::start(self.stack.dead_letters.clone(), Arc::clone(dead_letters)),
        ];
    }

    /// What waits was received so often, by workers that left nothing behind.
    pub(crate) async fn receive(&self, times: u32) {
        for _ in 0..times {
            self.stack.queue.receive_and_leave().await;
        }
    }

    /// A form of Slack's, signed: what its answer is.
    pub(crate) async fn send(&self, path: &str, payload: &str) -> Reply {
        faults::send_form(&self.gateway.url(), path, payload).await
    }

    pub(crate) fn proxy(&self, service: Service) -> &Proxy {
        let (_, proxy) = self.proxies.iter().find(|(of, _)| *of == service).unwrap();
        proxy
    }

    /// Somebody's question, whose answer goes through the proxy too.
    pub(crate) fn question(&self, means: Means) -> Question {
        let number = self.asked.fetch_add(1, Ordering::Relaxed);
        let mut question = Question::new(&self.slack, means, number);
        let port = |address: SocketAddr| format!("127.0.0.1%3A{}%2F", address.port());
        let (slack, proxy) = (self.slack.address(), self.proxy(Service::Slack).address());
        question.body = question.body.replace(&port(slack), &port(proxy));
        question
    }

    pub(crate) async fn ask(&self, question: &Question) -> Reply {
        question.send(&self.gateway.url()).await.unwrap()
    }

    /// Every process is gone: whoever is needed next starts anew.
    pub(crate) async fn make_cold(&self) {
        for function in &self.functions {
            function.kill().await;
        }
    }

    /// Nothing waits or is worked on, for a while; false where that took too long.
    pub(crate) async fn settled(&self, patience: Duration) -> bool {
        let begun = Instant::now();
        let mut quiet = 0;
        while quiet < 3 {
            let depth = self.stack.queue.depth().await + self.stack.dead_letters.depth().await;
            quiet = if depth == 0 { quiet + 1 } else { 0 };
            if begun.elapsed() > patience {
                return false;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        true
    }

    /// What the functions wrote, for whoever finds something wrong.
    pub(crate) fn log(&self) -> String {
        let logs = self.functions.iter().map(|function| function.log());
        logs.collect::<Vec<_>>().join("\n--\n")
    }
}

/// The ingress as it is packaged, where one is named: its replies are what is timed.
#[expect(
    clippy::disallowed_methods,
    reason = "cargo hands a test nothing but variables"
)]
pub(crate) fn packaged_ingress() -> Option<PathBuf> {
    let named = std::env::var("WHY_FAULT_INGRESS").ok();
    let named = named.filter(|named| !named.is_empty())?;
    Some(Path::new(&named).canonicalize().unwrap())
}

/// All that any of the functions reads.
fn variables(stack: &Stack, proxies: &[(Service, Proxy)], engine: &str) -> Vec<(String, String)> {
    let url = |service| {
        let mut found = proxies.iter().filter(|(of, _)| *of == service);
        found.next().map(|(_, proxy)| proxy.url()).unwrap()
    };
    let through = |queue: &str| {
        let path = queue.splitn(4, '/').nth(3).unwrap_or_default();
        format!("{}/{path}", url(Service::Sqs))
    };
    [
        ("WHY_CATALOG", "why.toml".to_owned()),
        ("WHY_SECRET", stack.secret.clone()),
        ("WHY_QUEUE_URL", through(&stack.queue.url)),
        ("WHY_DEAD_LETTERS_URL", through(&stack.dead_letters.url)),
        ("WHY_LEDGER_TABLE", stack.table.clone()),
        ("WHY_ENGINE", engine.to_owned()),
        ("WHY_ATHENA_WORKGROUP", "why".to_owned()),
        ("WHY_LOG", "info".to_owned()),
        ("SLACK_API_URL", format!("{}/api", url(Service::Slack))),
        ("AWS_ENDPOINT_URL", format!("http://{}", Aws::get().address)),
        (
            "AWS_ENDPOINT_URL_SECRETS_MANAGER",
            url(Service::SecretsManager),
        ),
        ("AWS_ENDPOINT_URL_SQS", url(Service::Sqs)),
        ("AWS_ENDPOINT_URL_DYNAMODB", url(Service::DynamoDb)),
        ("AWS_ENDPOINT_URL_ATHENA", url(Service::Athena)),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}
