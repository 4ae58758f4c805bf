//! AWS as moto speaks it, in a process of its own that ends with whoever started it.

use std::process::{Child, Stdio};
use std::sync::OnceLock;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_sqs::config::{Credentials, SharedCredentialsProvider};

use crate::python;

/// A bucket that is there from the start.
pub(crate) const BUCKET: &str = "acme-lake";

pub(crate) struct Moto {
    /// It ends with its standard input.
    _server: Child,
    pub(crate) url: String,
}

impl Moto {
    pub(crate) fn start() -> Self {
        let (server, port) = python::serve("s3/serve.py", |command| {
            command.arg(BUCKET).stderr(Stdio::null());
        });
        Moto {
            _server: server,
            url: format!("http://127.0.0.1:{port}"),
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
