//! The services that the functions call, as fast as they can be: every call is answered at once.

use std::path::Path;

use axum::Router;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::{SECRET, SERVICES};

pub(crate) async fn start() {
    let listener = tokio::net::TcpListener::bind(SERVICES).await.unwrap();
    let router = Router::new().fallback(answer);
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
}

/// Secrets Manager, SQS and DynamoDB by the header that names the operation; else Slack.
async fn answer(headers: HeaderMap, _body: String) -> Response {
    let target = headers
        .get("x-amz-target")
        .and_then(|target| target.to_str().ok());
    let body: Value = match target {
        Some("secretsmanager.GetSecretValue") => {
            let secret = json!({"bot_token": "xoxb-of-the-bench", "signing_secret": SECRET});
            json!({"Name": "why", "VersionId": "1", "SecretString": secret.to_string()})
        }
        Some("AmazonSQS.SendMessage") => json!({
            "MessageId": super::function::request_id(),
            "MD5OfMessageBody": "d41d8cd98f00b204e9800998ecf8427e",
        }),
        Some(_) => json!({}),
        None => json!({
            "ok": true, "url": "https://bench.slack.com/", "team": "Bench", "user": "why",
            "team_id": "T1", "user_id": "U0WHY", "bot_id": "B1", "ts": "1.1", "channel": "C1",
        }),
    };
    let kind = match target {
        Some(_) => "application/x-amz-json-1.0",
        None => "application/json",
    };
    ([(header::CONTENT_TYPE, kind)], body.to_string()).into_response()
}

/// What a function of this project is told; the lake lies beside the bench's other files.
pub(crate) fn variables(name: &str, folder: &Path) -> Vec<(String, String)> {
    let services = format!("http://{SERVICES}");
    let catalog = folder.join("lake/why.toml").display().to_string();
    let all = [
        ("AWS_ENDPOINT_URL", services.clone()),
        ("WHY_CATALOG", catalog),
        ("WHY_SECRET", "why".to_owned()),
        ("WHY_LOG", "error".to_owned()),
        ("SLACK_API_URL", format!("{services}/api")),
        ("WHY_QUEUE_URL", format!("{services}/123456789012/why")),
        (
            "WHY_DEAD_LETTERS_URL",
            format!("{services}/123456789012/why-dead-letters"),
        ),
        ("WHY_LEDGER_TABLE", "why".to_owned()),
        ("WHY_ENGINE", "direct".to_owned()),
    ];
    let told = match name {
        "ingress" => 6,
        _ => all.len(),
    };
    let told = all.into_iter().take(told);
    told.map(|(name, value)| (name.to_owned(), value)).collect()
}
