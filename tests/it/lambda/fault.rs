//! What can be wrong with a service, and how each service says so in its own protocol.

use std::time::Duration;

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
    pub(super) fn throttles(self) -> String {
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

    pub(super) fn breaks(self) -> String {
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

pub(super) fn answer(status: &str, kind: &str, more: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n{more}\r\n{body}"
    )
}
