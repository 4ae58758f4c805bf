//! Who is let in: every way of saying who one is, at every kind of door, whole requests through the
//! real router. What is behind the door says whom it met.

use std::net::SocketAddr;
use std::num::NonZeroU32;

use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};
use axum::routing::{get, post};
use axum::{Extension, Router};
use jiff::Timestamp;
use tower::ServiceExt;

use super::*;
use crate::access::{self, Scopes, Token};
use crate::api::Settings;
use crate::ask::Lake;
use crate::error::{Class, Failure};
use crate::ledger::Ledger;
use crate::link::{Key, Link};
use crate::visibility::{Audience, Standing};

mod local;
mod pages;
mod tokens;

const HERE: &str = "127.0.0.1:50000";
const AWAY: &str = "203.0.113.7:50000";

fn now() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

fn later(seconds: i64) -> Timestamp {
    Timestamp::from_second(now().as_second() + seconds).unwrap()
}

fn key() -> Key {
    Key::new([7; 32]).unwrap()
}

/// A door with an empty ledger behind it.
struct House {
    api: Arc<Api>,
    router: Router,
    _folder: tempfile::TempDir,
}

async fn met(Extension(reader): Extension<Reader>) -> String {
    format!(
        "{} {} {}",
        reader.through.name(),
        reader.name,
        match reader.audience {
            Audience::Operator => "operator".to_owned(),
            Audience::Person {
                user,
                groups,
                standing,
                ..
            } => format!("{user} {groups:?} {standing:?}"),
            Audience::Channel { channel, .. } => channel,
        }
    )
}

async fn opened(Extension(link): Extension<Link>) -> String {
    link.question
}

async fn house(change: impl FnOnce(&mut Settings)) -> House {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::sqlite(&folder.path().join("f")).await.unwrap();
    let mut settings = Settings {
        link_keys: LinkKeys::told(vec![key()]),
        ..Settings::default()
    };
    change(&mut settings);
    let api = Arc::new(Api {
        lake: Lake::lazy(|| async { Err(Failure::new(Class::User, "no_lake", "none", "")) }),
        ledger,
        queue: None,
        settings,
        now,
    });
    let open = Router::new()
        .route("/", get(met))
        .route("/v1/answer", get(met))
        .route("/v1/feedback", post(met))
        .route("/companies/1", get(met))
        .route("/wrong", get(met).post(met))
        .route("/links/{token}", get(opened))
        .route("/links/{token}/answer.json", get(opened))
        .route("/assets/page.css", get(|| async { "css" }))
        .route("/docs", get(|| async { "docs" }));
    House {
        router: crate::api::wire::wrap(guard(open, &api), &api.settings),
        api,
        _folder: folder,
    }
}

/// What came back.
#[derive(Debug)]
struct Said {
    status: StatusCode,
    headers: axum::http::HeaderMap,
    body: String,
}

impl Said {
    /// All of that name, with commas between.
    fn header(&self, name: &str) -> String {
        let all = self.headers.get_all(name).into_iter();
        let texts = all.map(|value| value.to_str().unwrap());
        texts.collect::<Vec<_>>().join(", ")
    }

    fn code(&self) -> String {
        let problem: serde_json::Value = serde_json::from_str(&self.body).unwrap();
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(problem["status"], self.status.as_u16());
        problem["code"].as_str().unwrap().to_owned()
    }
}

/// A request as it comes over the wire.
struct Call<'a> {
    method: &'a str,
    path: &'a str,
    peer: Option<&'a str>,
    headers: Vec<(&'a str, &'a str)>,
    body: String,
}

fn call<'a>(method: &'a str, path: &'a str, peer: &'a str) -> Call<'a> {
    Call {
        method,
        path,
        peer: Some(peer),
        headers: vec![("host", "localhost:3000")],
        body: String::new(),
    }
}

impl<'a> Call<'a> {
    fn with(mut self, name: &'a str, value: &'a str) -> Self {
        self.headers.retain(|(other, _)| *other != name);
        self.headers.push((name, value));
        self
    }

    fn form(self, body: String) -> Self {
        let form = "application/x-www-form-urlencoded";
        Call {
            body,
            ..self.with("content-type", form)
        }
    }
}

impl House {
    async fn ask(&self, call: Call<'_>) -> Said {
        let mut request = Request::builder().method(call.method).uri(call.path);
        for (name, value) in &call.headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(Body::from(call.body)).unwrap();
        if let Some(peer) = call.peer {
            let peer: SocketAddr = peer.parse().unwrap();
            request.extensions_mut().insert(ConnectInfo(peer));
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 1 << 20).await.unwrap();
        Said {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    /// A token's text.
    async fn token(&self, name: &str, change: impl FnOnce(&mut Token)) -> String {
        let mut token = Token {
            name: name.to_owned(),
            user: "U1".to_owned(),
            groups: vec!["S1".to_owned()],
            standing: Standing::Member,
            may: Scopes::ALL,
            created_at: now(),
            expires_at: None,
        };
        change(&mut token);
        let mut random = [0; 32];
        let bytes = name.as_bytes();
        random[..bytes.len()].copy_from_slice(bytes);
        let text = access::token(&random);
        let ledger = &self.api.ledger;
        let kept = ledger.create_token(&token, &access::hash(&text)).await;
        assert!(kept.unwrap());
        text
    }
}

fn pace(burst: u32, strangers_burst: u32) -> Pace {
    let number = |number| NonZeroU32::new(number).unwrap();
    Pace {
        burst: number(burst),
        a_minute: number(1),
        strangers_burst: number(strangers_burst),
        strangers_a_minute: number(1),
    }
}
