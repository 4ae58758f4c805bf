//! AWS as moto speaks it, in a process of its own that ends with whoever started it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_sqs::config::{Credentials, SharedCredentialsProvider};

/// A bucket that is there from the start.
pub(crate) const BUCKET: &str = "acme-lake";

pub(crate) struct Moto {
    /// It ends with its standard input.
    _server: Child,
    pub(crate) url: String,
}

impl Moto {
    pub(crate) fn start() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert!(
            root.join(".venv/.ready").exists(),
            "there is no .venv with an AWS to test against: run `make test`, which makes it"
        );
        let mut server = Command::new(root.join(".venv/bin/python"))
            .arg(root.join("tests/s3/serve.py"))
            .arg(BUCKET)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut port = String::new();
        BufReader::new(server.stdout.take().unwrap())
            .read_line(&mut port)
            .unwrap();
        assert!(
            !port.is_empty(),
            "moto did not start: remove .venv and run `make test`"
        );
        Moto {
            _server: server,
            url: format!("http://127.0.0.1:{}", port.trim()),
        }
    }

    /// One for all tests of this process: each makes its own queues and tables.
    pub(crate) fn shared() -> &'static Moto {
        static SHARED: OnceLock<Moto> = OnceLock::new();
        SHARED.get_or_init(Moto::start)
    }

    pub(crate) fn config(&self) -> SdkConfig {
        config(&self.url)
    }
}

/// AWS at this address. It says nothing of time-outs, as AWS's own defaults do.
pub(crate) fn config(url: &str) -> SdkConfig {
    let credentials = Credentials::new("test", "test", None, None, "test");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .endpoint_url(url)
        .build()
}
