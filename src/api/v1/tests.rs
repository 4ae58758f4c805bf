//! Each path over the lake of acme, for whoever asks.
//!
//! The door is left out: a test says who asks.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use axum::{Extension, Router};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::*;
use crate::access::{Reader, Scopes, Through};
use crate::api::Settings;
use crate::ask::Lake;
use crate::ask::tests::{now, why};
use crate::ledger::{Access, Ledger};
use crate::visibility::{Audience, Standing};

mod answers;
mod busy;
mod documented;
mod errors;
mod examples;
mod lists;
mod reports;
mod wire;

/// The API, and who asks.
struct Site {
    api: Arc<Api>,
    reader: Reader,
    _folder: tempfile::TempDir,
}

async fn site() -> Site {
    site_with(Settings::default()).await
}

async fn site_with(settings: Settings) -> Site {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::sqlite(&folder.path().join("state.sqlite")).await;
    Site {
        api: Arc::new(Api {
            lake: Lake::opened(Arc::new(why().await)),
            ledger: ledger.unwrap(),
            queue: None,
            settings,
            now,
        }),
        reader: Reader::operator(),
        _folder: folder,
    }
}

/// Somebody with a token.
fn person(user: &str, standing: Standing, may: Scopes) -> Reader {
    Reader {
        name: "robot".to_owned(),
        audience: Audience::Person {
            user: user.to_owned(),
            groups: Vec::new(),
            channel: None,
            standing,
        },
        may,
        through: Through::Token,
    }
}

const ALL: Scopes = Scopes {
    ask: true,
    feedback: true,
};

/// What came back.
#[derive(Debug)]
struct Seen {
    status: StatusCode,
    headers: axum::http::HeaderMap,
    body: String,
}

async fn seen(response: Response) -> Seen {
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    Seen {
        status: parts.status,
        headers: parts.headers,
        body: String::from_utf8(bytes.to_vec()).unwrap(),
    }
}

impl Seen {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).map(|value| value.to_str().unwrap());
        value.unwrap_or_default()
    }

    /// `404 unknown_company`, or the status alone.
    fn outcome(&self) -> String {
        let code = serde_json::from_str::<Value>(&self.body).ok();
        let code = code.and_then(|body| body["code"].as_str().map(str::to_owned));
        let number = self.status.as_u16();
        code.map_or(number.to_string(), |code| format!("{number} {code}"))
    }
}

impl Site {
    fn by_reader(mut self, reader: Reader) -> Self {
        self.reader = reader;
        self
    }

    fn router(&self) -> Router {
        router(self.api.clone()).layer(Extension(self.reader.clone()))
    }

    async fn send(&self, request: Request<Body>) -> Seen {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let seen = seen(self.router().oneshot(request).await.unwrap()).await;
        assert_eq!(documented::unlisted(&method, &path, &seen), None);
        seen
    }

    async fn get(&self, uri: &str) -> Seen {
        self.get_with(uri, &[]).await
    }

    async fn get_with(&self, uri: &str, headers: &[(&str, &str)]) -> Seen {
        self.method(Method::GET, uri, headers).await
    }

    async fn method(&self, method: Method, uri: &str, headers: &[(&str, &str)]) -> Seen {
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Who asked what, newest first.
    async fn accesses(&self) -> Vec<Access> {
        self.api.ledger.accesses(100, now()).await.unwrap()
    }
}

/// The schema of a file in `schema/`, by itself or a part of it.
fn schema(place: &str) -> jsonschema::Validator {
    let document = crate::api::openapi::document();
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": format!("#/components/schemas/{place}"),
        "components": document["components"],
    });
    jsonschema::validator_for(&schema).unwrap()
}

fn check(place: &str, seen: &Seen) -> Value {
    let said = seen.json();
    let schema = schema(place);
    let wrong: Vec<String> = schema.iter_errors(&said).map(|e| e.to_string()).collect();
    assert!(wrong.is_empty(), "{wrong:?}\n{said:#}");
    said
}
