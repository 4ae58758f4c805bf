//! Athena on the wire: `tests/athena/fake.py` over the lake in MiniStack's S3.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use super::aws::root;
use super::request::call;

/// It ends when its input does, which is when this process ends.
pub(super) struct Athena {
    _child: Child,
    port: u16,
}

impl Athena {
    pub(super) fn start(python: &Path, folder: &Path, lake: &str, s3: &str) -> Athena {
        let log = std::fs::File::create(folder.join("athena.log")).unwrap();
        let mut command = Command::new(python);
        let mut child = command
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .arg(root().join("tests/athena/fake.py"))
            .args(["--until-input-ends", "--lake", lake, "--s3-endpoint", s3])
            .arg("--catalog")
            .arg(folder.join("why.toml"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut said = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut said).unwrap();
        let port = said.trim().parse();
        Athena {
            port: port.unwrap_or_else(|_| panic!("no Athena: see target/e2e/athena.log")),
            _child: child,
        }
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// All queries since the last reset, in order.
    pub(super) async fn queries(&self) -> Vec<Value> {
        let request = Request::get(format!("{}/control/queries", self.url()));
        let reply = call(request.body(Body::empty()).unwrap()).await;
        serde_json::from_str(&reply.body).unwrap()
    }

    /// No faults, and nothing is remembered.
    pub(super) async fn reset(&self) {
        self.tell("reset", &json!({})).await;
    }

    /// Something goes wrong so often.
    pub(super) async fn fault(&self, fault: Value) {
        self.tell("fault", &fault).await;
    }

    async fn tell(&self, what: &str, body: &Value) {
        let request = Request::post(format!("{}/control/{what}", self.url()));
        let reply = call(request.body(Body::from(body.to_string())).unwrap()).await;
        assert_eq!(reply.status, 200, "{reply:?}");
    }
}
