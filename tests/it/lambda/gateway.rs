//! An HTTP API in front of a function: requests become events of payload format 2.0, and what the
//! function returns becomes the response.
//!
//! Like API Gateway it sends a body as base64 unless its type says text or JSON; Slack's forms come
//! so. Start at [`Gateway::start`]. The bench uses [`event`] too.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use aws_lambda_events::encodings::Base64Data;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, Response, StatusCode, Uri};
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::function::{Function, Invocation, Outcome};

/// It ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Gateway {
    address: SocketAddr,
    server: JoinHandle<()>,
}

/// As the template's routes.
#[derive(Debug, Clone)]
struct Routes {
    ingress: Arc<Function>,
    api: Arc<Function>,
}

impl Gateway {
    pub(crate) async fn start(ingress: Arc<Function>, api: Arc<Function>) -> Gateway {
        let routes = Routes { ingress, api };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().fallback(pass).with_state(routes);
        let server = tokio::spawn(async move {
            // Ends with the task: there is nobody to tell.
            let _ = axum::serve(listener, router).await;
        });
        Gateway { address, server }
    }

    /// `http://127.0.0.1:PORT`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn pass(
    State(routes): State<Routes>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let event = event(&method, &uri, &headers, &body).to_string();
    let function = match uri.path() {
        "/slack/options" => routes.api,
        _ => routes.ingress,
    };
    let invocation = function.invoke(event).await;
    read(&invocation).unwrap_or_else(|| {
        let body = r#"{"message":"Internal Server Error"}"#;
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        response
    })
}

/// The event of one request.
pub(crate) fn event(method: &Method, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Value {
    let named = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let kind = named("content-type").unwrap_or_default();
    let is_text = kind.starts_with("text/") || kind.starts_with("application/json");
    let body = match is_text {
        true => json!(String::from_utf8_lossy(body)),
        false => {
            let mut data = Base64Data::default();
            data.0 = body.to_vec();
            json!(data)
        }
    };
    let headers: Map<String, Value> = headers
        .iter()
        .map(|(name, value)| {
            (
                name.to_string(),
                json!(String::from_utf8_lossy(value.as_bytes())),
            )
        })
        .collect();
    json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": uri.path(),
        "rawQueryString": uri.query().unwrap_or_default(),
        "headers": headers,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "a1b2c3d4e5",
            "domainName": "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com",
            "domainPrefix": "a1b2c3d4e5",
            "http": {
                "method": method.as_str(),
                "path": uri.path(),
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": "$default",
            "stage": "$default",
            "time": "20/Nov/2026:12:00:00 +0000",
            "timeEpoch": 1_795_176_000_000_i64,
        },
        "body": body,
        "isBase64Encoded": !is_text,
    })
}

/// The HTTP response in what a function returned.
pub(crate) fn read(invocation: &Invocation) -> Option<Response<Body>> {
    let Outcome::Answered(returned) = &invocation.outcome else {
        return None;
    };
    let returned: Value = serde_json::from_slice(returned).ok()?;
    let status = returned.get("statusCode")?.as_u64()?;
    let mut response = Response::builder().status(u16::try_from(status).ok()?);
    for (name, value) in returned
        .get("headers")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        response = response.header(name, value.as_str()?);
    }
    let body = returned.get("body").filter(|body| !body.is_null());
    let body = match (
        body,
        returned.get("isBase64Encoded").and_then(Value::as_bool),
    ) {
        (None, _) => Vec::new(),
        (Some(body), Some(true)) => serde_json::from_value::<Base64Data>(body.clone()).ok()?.0,
        (Some(body), _) => body.as_str()?.as_bytes().to_vec(),
    };
    response.body(Body::from(body)).ok()
}
