//! The page and its API in the function: who is let in, with which key, and in whose time.

use axum::body::to_bytes;
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::*;
use crate::config::EngineSaid;
use crate::config::web::Web;
use crate::lambda::tests::{CURRENT, Fake, PREVIOUS, SIGNING, now};
use crate::link::{Key, Links};
use crate::visibility::Audience;

const BASE: &str = "https://why.example.com";

struct Room {
    door: Door,
    _fake: Fake,
    _folder: tempfile::TempDir,
}

#[derive(Debug)]
struct Reply {
    status: StatusCode,
    location: String,
    body: String,
}

fn key(letter: &str) -> String {
    letter.repeat(44)
}

impl Room {
    /// With keys of these letters.
    async fn with(keys: &[(&str, &str)]) -> Room {
        let (fake, folder) = (Fake::start().await, tempfile::tempdir().unwrap());
        for (stage, letter) in keys {
            let secret = json!({
                "bot_token": "xoxb-1", "signing_secret": SIGNING, "link_key": key(letter),
            });
            fake.set_value(stage, &secret.to_string());
        }
        let told = Told {
            // There is no lake: whoever is let in is told so.
            catalog_file: folder.path().join("why.toml"),
            secret: "why".to_owned(),
            stack: "why".to_owned(),
            queue_url: format!("http://{}/000000000000/questions", fake.address),
            ledger_table: "why".to_owned(),
            web: Web {
                page_url: Some(BASE.to_owned()),
                ..Web::default()
            },
            engine: EngineSaid::default(),
            s3: std::collections::BTreeMap::new(),
        };
        let door = open(told, Choice::Direct, &fake.sdk(), now).await.unwrap();
        Room {
            door: Door {
                count: |_, _, _| {},
                ..door
            },
            _fake: fake,
            _folder: folder,
        }
    }

    /// As API Gateway sends it, from wherever somebody claims to be.
    async fn get(&self, path: &str, headers: Value) -> Reply {
        let (raw, query) = path.split_once('?').unwrap_or((path, ""));
        let mut all = json!({"host": "abc123.execute-api.eu-west-1.amazonaws.com"});
        let extra = headers.as_object().unwrap().clone();
        all.as_object_mut().unwrap().extend(extra);
        let event = json!({
            "version": "2.0", "routeKey": "$default", "rawPath": raw, "rawQueryString": query,
            "headers": all, "isBase64Encoded": false,
            "requestContext": {
                "accountId": "000000000000", "apiId": "abc123", "stage": "$default",
                "domainName": "abc123.execute-api.eu-west-1.amazonaws.com",
                "domainPrefix": "abc123", "requestId": "r1", "routeKey": "$default",
                "time": "24/Nov/2026:12:00:00 +0000", "timeEpoch": now().as_millisecond(),
                "http": {
                    "method": "GET", "path": raw, "protocol": "HTTP/1.1",
                    "sourceIp": "127.0.0.1", "userAgent": "test",
                },
            },
        });
        let request = lambda_http::request::from_str(&event.to_string()).unwrap();
        let response = self.door.clone().take(request).await;
        let location = response.headers().get("location");
        Reply {
            status: response.status(),
            location: location.map_or("", |at| at.to_str().unwrap()).to_owned(),
            body: {
                let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
                String::from_utf8_lossy(&body).into_owned()
            },
        }
    }
}

fn link(letter: &str) -> String {
    let links = Links {
        base: String::new(),
        key: Key::new(key(letter)).unwrap(),
        kept: Duration::from_secs(60),
    };
    links.url_of("#17 revenue", &Audience::Operator, now())
}

#[tokio::test]
async fn nobody_is_let_in_for_being_near() {
    let room = Room::with(&[(CURRENT, "a")]).await;
    for headers in [
        json!({}),
        json!({"host": "localhost"}),
        json!({"host": "127.0.0.1:3000"}),
        json!({"x-forwarded-for": "127.0.0.1"}),
        json!({"authorization": "Bearer why_abc"}),
        json!({"cookie": "__Host-why_session=why_abc"}),
    ] {
        let reply = room.get("/v1/answer?q=acme+revenue", headers.clone()).await;
        assert_eq!(reply.status, 401, "{headers}: {reply:?}");
        let reply = room.get("/companies/17/revenue", headers.clone()).await;
        assert_eq!(reply.status, 303, "{headers}: {reply:?}");
        assert!(reply.location.starts_with("/sign-in"), "{reply:?}");
    }
}

#[tokio::test]
async fn a_link_opens_by_the_key_in_the_secret_and_by_the_one_before() {
    let after_a_rotation = [(PREVIOUS, "a"), (CURRENT, "b")];
    for (keys, opens) in [
        (vec![(CURRENT, "a")], vec![true, false, false]),
        (after_a_rotation.to_vec(), vec![true, true, false]),
    ] {
        let room = Room::with(&keys).await;
        for (letter, opens) in ["a", "b", "c"].into_iter().zip(opens) {
            let reply = room.get(&link(letter), json!({})).await;
            let is_refused = reply.body.contains("opens nothing");
            assert_eq!(is_refused, !opens, "{letter}: {reply:?}");
        }
    }
}

#[test]
fn everything_ends_before_whoever_waits_goes() {
    assert!(SECRET.operation + PATIENCE <= TYPING);
    assert!(TYPING < Duration::from_secs(3), "Slack");
    assert!(BUDGET < PAGE && PAGE < WHOLE);
}
