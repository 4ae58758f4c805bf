//! Queues, a table and a secret that speak AWS's protocols: moto's, one server for all tests.
//!
//! Called with plain JSON, as on the wire, so that nothing of ours stands between a test and what
//! the service holds. Start at [`Aws::get`]; what one test needs is a [`Stack`] of its own.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Child, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};

use super::function::REGION;
use crate::harness;
use crate::moto::Moto;
use crate::python;

/// The moto that all tests share.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Aws {
    pub(crate) address: SocketAddr,
}

impl Aws {
    pub(crate) fn get() -> Aws {
        let address = Moto::shared().url.strip_prefix("http://");
        Aws {
            address: address.unwrap().parse().unwrap(),
        }
    }

    /// One operation: `AmazonSQS.SendMessage`, `DynamoDB_20120810.Scan`.
    pub(crate) async fn call(&self, service: &str, target: &str, body: Value) -> Value {
        let scope = format!("test/20261120/{REGION}/{service}/aws4_request");
        let request = Request::post(format!("http://{}/", self.address))
            .header("content-type", "application/x-amz-json-1.0")
            .header("x-amz-target", target)
            .header(
                "authorization",
                format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"),
            )
            .body(Body::from(body.to_string()))
            .unwrap();
        let client = Client::builder(TokioExecutor::new()).build_http();
        let answer = client.request(request).await.unwrap();
        let status = answer.status();
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        let text = String::from_utf8_lossy(&body);
        assert!(status.is_success(), "{target}: {status} {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    pub(crate) async fn sqs(&self, operation: &str, body: Value) -> Value {
        self.call("sqs", &format!("AmazonSQS.{operation}"), body)
            .await
    }
}

/// An Athena over the acme lake, for all tests: it ends with its standard input.
pub(crate) fn athena() -> SocketAddr {
    static ATHENA: OnceLock<(Child, SocketAddr)> = OnceLock::new();
    ATHENA.get_or_init(start_athena).1
}

fn start_athena() -> (Child, SocketAddr) {
    let (server, port) = python::serve("athena/fake.py", |command| {
        command
            .args(["--until-input-ends", "--lake"])
            .arg(harness::acme_lake())
            .stderr(Stdio::null());
    });
    (server, (Ipv4Addr::LOCALHOST, port).into())
}

/// What one deployment has.
#[derive(Debug, Clone)]
pub(crate) struct Stack {
    pub(crate) queue: Queue,
    pub(crate) dead_letters: Queue,
    pub(crate) table: String,
    pub(crate) secret: String,
}

#[derive(Debug, Clone)]
pub(crate) struct Queue {
    pub(crate) url: String,
    pub(crate) arn: String,
}

/// After so many receives SQS moves a message to the dead letters.
const MOST_RECEIVES: u32 = 10;

impl Stack {
    /// `visibility`: how long a received message is hidden, in seconds.
    pub(crate) async fn make(visibility: u32, bot_token: &str, signing_secret: &str) -> Stack {
        static COUNTED: AtomicUsize = AtomicUsize::new(0);
        let aws = Aws::get();
        let name = format!("lambda-{}", COUNTED.fetch_add(1, Ordering::Relaxed));
        let hidden = visibility.to_string();
        let dead_letters = queue(
            &format!("{name}-dead-letters"),
            json!({"VisibilityTimeout": hidden}),
        )
        .await;
        let redrive = json!({
            "deadLetterTargetArn": dead_letters.arn, "maxReceiveCount": MOST_RECEIVES,
        });
        let attributes = json!({
            "VisibilityTimeout": hidden, "RedrivePolicy": redrive.to_string(),
        });
        let queue = queue(&name, attributes).await;
        let keys = json!([
            {"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"},
        ]);
        let types = json!([
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "S"},
        ]);
        let table = json!({
            "TableName": name, "KeySchema": keys, "AttributeDefinitions": types,
            "BillingMode": "PAY_PER_REQUEST",
        });
        aws.call("dynamodb", "DynamoDB_20120810.CreateTable", table)
            .await;
        let value = json!({"bot_token": bot_token, "signing_secret": signing_secret});
        let secret = json!({"Name": name, "SecretString": value.to_string()});
        aws.call("secretsmanager", "secretsmanager.CreateSecret", secret)
            .await;
        Stack {
            queue,
            dead_letters,
            table: name.clone(),
            secret: name,
        }
    }
}

async fn queue(name: &str, attributes: Value) -> Queue {
    let aws = Aws::get();
    let made = json!({"QueueName": name, "Attributes": attributes});
    aws.sqs("CreateQueue", made).await;
    Queue {
        // The address that AWS would give; the tests' own calls go to moto all the same.
        url: format!("http://{}/123456789012/{name}", aws.address),
        arn: format!("arn:aws:sqs:{REGION}:123456789012:{name}"),
    }
}

impl Queue {
    /// Every message that waits counts as received once more, and waits again.
    pub(crate) async fn receive_and_leave(&self) {
        let asked = json!({
            "QueueUrl": self.url, "MaxNumberOfMessages": 10, "VisibilityTimeout": 0,
        });
        let received = Aws::get().sqs("ReceiveMessage", asked).await;
        assert!(received["Messages"].is_array(), "{received}");
    }

    /// Messages that wait, and messages that somebody works on.
    pub(crate) async fn depth(&self) -> u64 {
        let asked = json!({"QueueUrl": self.url, "AttributeNames": ["All"]});
        let answer = Aws::get().sqs("GetQueueAttributes", asked).await;
        let count = |name: &str| {
            let count = answer["Attributes"][name].as_str();
            count.map_or(0, |count| count.parse::<u64>().unwrap())
        };
        count("ApproximateNumberOfMessages")
            + count("ApproximateNumberOfMessagesNotVisible")
            + count("ApproximateNumberOfMessagesDelayed")
    }
}
