//! An issuer on the wire, whose tokens are good, and everything that is nearly one.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jsonwebtoken::{EncodingKey, Header, encode};
use serde_json::json;
use tokio::net::TcpListener;

use super::*;

/// Which keys it shows, and how often it was asked.
#[derive(Clone)]
struct Shown {
    keys: Arc<Mutex<Vec<Value>>>,
    asked: Arc<AtomicUsize>,
    name: Arc<Mutex<String>>,
}

struct Fake {
    url: String,
    shown: Shown,
}

fn rsa() -> EncodingKey {
    EncodingKey::from_rsa_der(include_bytes!("../../tests/data/issuer/rsa.der"))
}

fn other() -> EncodingKey {
    EncodingKey::from_rsa_der(include_bytes!("../../tests/data/issuer/other.der"))
}

fn ec() -> EncodingKey {
    EncodingKey::from_ec_der(include_bytes!("../../tests/data/issuer/ec.der"))
}

fn public(key: &EncodingKey, alg: Algorithm, kid: &str) -> Value {
    let mut key = Jwk::from_encoding_key(key, alg).unwrap();
    key.common.key_id = Some(kid.to_owned());
    serde_json::to_value(key).unwrap()
}

async fn discovery(State((address, shown)): State<(SocketAddr, Shown)>) -> Response {
    let name = shown.name.lock().unwrap().clone();
    if name.is_empty() {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    let about = json!({"issuer": name, "jwks_uri": format!("http://{address}/keys")});
    about.to_string().into_response()
}

async fn keys(State((_, shown)): State<(SocketAddr, Shown)>) -> String {
    shown.asked.fetch_add(1, Ordering::SeqCst);
    let keys = shown.keys.lock().unwrap().clone();
    json!({ "keys": keys }).to_string()
}

impl Fake {
    async fn start(keys_shown: Vec<Value>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let url = format!("http://{address}");
        let shown = Shown {
            keys: Arc::new(Mutex::new(keys_shown)),
            asked: Arc::default(),
            name: Arc::new(Mutex::new(url.clone())),
        };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .with_state((address, shown.clone()));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Fake { url, shown }
    }

    fn issuer(&self) -> Issuer {
        let settings = Settings {
            issuer: self.url.clone(),
            audience: "why".to_owned(),
            user_claim: "sub".to_owned(),
            groups_claim: "groups".to_owned(),
        };
        Issuer::new(settings).unwrap()
    }

    fn asked(&self) -> usize {
        self.shown.asked.load(Ordering::SeqCst)
    }

    fn claims(&self) -> Value {
        let now = now().as_second();
        json!({
            "iss": self.url,
            "aud": "why",
            "sub": "U1",
            "groups": ["S1", "S2"],
            "exp": now + 600,
            "nbf": now - 600,
        })
    }
}

fn now() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

fn signed(claims: &Value, key: &EncodingKey, alg: Algorithm, kid: Option<&str>) -> String {
    let mut header = Header::new(alg);
    header.kid = kid.map(str::to_owned);
    encode(&header, claims, key).unwrap()
}

fn by_rsa(claims: &Value) -> String {
    signed(claims, &rsa(), Algorithm::RS256, Some("rsa"))
}

async fn usual() -> Fake {
    Fake::start(vec![
        public(&rsa(), Algorithm::RS256, "rsa"),
        public(&ec(), Algorithm::ES256, "ec"),
        json!({"kty": "unheard of", "kid": "new"}),
        json!(7),
    ])
    .await
}

fn person() -> Person {
    Person {
        user: "U1".to_owned(),
        groups: vec!["S1".to_owned(), "S2".to_owned()],
    }
}

#[tokio::test]
async fn whoever_it_vouches_for_is_known_by_their_claims() {
    let fake = usual().await;
    let issuer = fake.issuer();
    let claims = fake.claims();
    let tokens = [
        by_rsa(&claims),
        signed(&claims, &ec(), Algorithm::ES256, Some("ec")),
    ];
    for token in tokens {
        assert_eq!(issuer.verify(&token, now()).await, Ok(person()));
    }
    assert_eq!(fake.asked(), 1, "the keys are kept");
    for (claim, value, groups) in [
        ("aud", json!(["other", "why"]), &["S1", "S2"][..]),
        ("groups", json!("S9"), &["S9"]),
        ("groups", json!(null), &[]),
        ("groups", json!({"S1": true}), &[]),
        ("groups", json!(["S1", 7, null]), &["S1"]),
    ] {
        let mut claims = claims.clone();
        claims[claim] = value;
        let person = issuer.verify(&by_rsa(&claims), now()).await.unwrap();
        assert_eq!(person.groups, groups, "{claims}");
    }
}

#[tokio::test]
async fn what_is_nearly_a_token_vouches_for_nobody() {
    let fake = usual().await;
    let issuer = fake.issuer();
    let with = |claim: &str, value: Value| {
        let mut claims = fake.claims();
        claims[claim] = value;
        by_rsa(&claims)
    };
    let without = |claim: &str| {
        let mut claims = fake.claims();
        claims.as_object_mut().unwrap().remove(claim);
        by_rsa(&claims)
    };
    let at = |seconds: i64| json!(now().as_second() + seconds);
    let claims = fake.claims();
    let good = by_rsa(&claims);
    let parts: Vec<&str> = good.split('.').collect();
    let base64 = |text: &str| {
        use base64::Engine;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text)
    };
    let none = base64(r#"{"alg":"none","kid":"rsa"}"#);
    let crit = {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some("rsa".to_owned());
        header.extras.insert("crit", ["exp"]);
        encode(&header, &claims, &rsa()).unwrap()
    };
    // What everybody can read taken for a secret: the modulus, the whole key as it is shown.
    let shown = public(&rsa(), Algorithm::RS256, "rsa");
    let modulus = shown["n"].as_str().unwrap().to_owned();
    let as_secret = |secret: &str| {
        let key = EncodingKey::from_secret(secret.as_bytes()).unwrap();
        signed(&claims, &key, Algorithm::HS256, Some("rsa"))
    };
    let mut others = claims.clone();
    others["sub"] = json!("U2");
    let payload = base64(&others.to_string());
    let rows = [
        (String::new(), Error::NotOne),
        ("a.b.c".to_owned(), Error::NotOne),
        ("..".to_owned(), Error::NotOne),
        (format!("{}.{}.", parts[0], parts[1]), Error::Signature),
        (format!("{none}.{}.", parts[1]), Error::NotOne),
        (format!("{none}.{}.{}", parts[1], parts[2]), Error::NotOne),
        (as_secret(&modulus), Error::Algorithm),
        (as_secret(&shown.to_string()), Error::Algorithm),
        (
            format!("{}.{payload}.{}", parts[0], parts[2]),
            Error::Signature,
        ),
        (
            signed(&claims, &other(), Algorithm::RS256, Some("rsa")),
            Error::Signature,
        ),
        (
            signed(&claims, &rsa(), Algorithm::RS256, Some("unknown")),
            Error::UnknownKey,
        ),
        // Of several keys one must be named.
        (
            signed(&claims, &rsa(), Algorithm::RS256, None),
            Error::UnknownKey,
        ),
        // The key is for another way of signing.
        (
            signed(&claims, &rsa(), Algorithm::RS512, Some("rsa")),
            Error::UnknownKey,
        ),
        (
            signed(&claims, &rsa(), Algorithm::RS256, Some("ec")),
            Error::UnknownKey,
        ),
        (crit, Error::NotOne),
        (with("exp", at(-60)), Error::Expired),
        (with("exp", at(-1_000_000)), Error::Expired),
        (with("exp", json!("never")), Error::NotOne),
        (without("exp"), Error::NotOne),
        (with("nbf", at(61)), Error::NotYet),
        (with("nbf", json!("now")), Error::NotOne),
        (
            with("iss", json!("https://evil.example.com")),
            Error::Issuer,
        ),
        (with("iss", json!(format!("{}/", fake.url))), Error::Issuer),
        (
            with("iss", json!([fake.url, "https://evil.example.com"])),
            Error::Issuer,
        ),
        (without("iss"), Error::NotOne),
        (with("aud", json!("other")), Error::Audience),
        (with("aud", json!(["other", "why2"])), Error::Audience),
        (without("aud"), Error::NotOne),
        (with("sub", json!("")), Error::NoUser),
        (with("sub", json!(7)), Error::NoUser),
        (with("sub", json!("a\nb")), Error::NoUser),
        (without("sub"), Error::NoUser),
        (format!("{good}{}", "x".repeat(LONGEST)), Error::NotOne),
    ];
    for (token, error) in rows {
        assert_eq!(issuer.verify(&token, now()).await, Err(error), "{token}");
    }
    for (claim, value) in [("exp", at(-59)), ("nbf", at(60)), ("nbf", json!(0.5))] {
        let within = issuer.verify(&with(claim, value), now()).await;
        assert_eq!(within, Ok(person()), "clocks differ a little: {claim}");
    }
    assert_eq!(issuer.verify(&good, now()).await, Ok(person()));
}

#[tokio::test]
async fn a_key_that_is_new_is_asked_for_once_in_a_while() {
    let fake = Fake::start(vec![public(&rsa(), Algorithm::RS256, "rsa")]).await;
    let mut issuer = fake.issuer();
    let claims = fake.claims();
    let new = signed(&claims, &ec(), Algorithm::ES256, Some("ec"));
    // The only key there is needs no name.
    let unnamed = signed(&claims, &rsa(), Algorithm::RS256, None);
    assert_eq!(issuer.verify(&unnamed, now()).await, Ok(person()));
    for _ in 0..3 {
        assert_eq!(issuer.verify(&new, now()).await, Err(Error::UnknownKey));
    }
    assert_eq!(fake.asked(), 1, "a moment ago it was not there");
    let keys = Arc::get_mut(&mut issuer.keys).unwrap();
    keys.pace.doubted_every = Duration::ZERO;
    let rotated = public(&ec(), Algorithm::ES256, "ec");
    *fake.shown.keys.lock().unwrap() = vec![rotated];
    assert_eq!(issuer.verify(&new, now()).await, Ok(person()));
    assert_eq!(fake.asked(), 2);
    let withdrawn = issuer.verify(&by_rsa(&claims), now()).await;
    assert_eq!(withdrawn, Err(Error::UnknownKey));
}

#[tokio::test]
async fn an_issuer_that_is_away_is_no_reason_to_let_somebody_in_nor_to_forget_it() {
    let fake = usual().await;
    let good = by_rsa(&fake.claims());
    let away = fake.issuer();
    *fake.shown.name.lock().unwrap() = String::new();
    let unreachable = |error: &Error| matches!(error, Error::Unreachable(_));
    let refused = away.verify(&good, now()).await.unwrap_err();
    assert!(unreachable(&refused), "{refused}");
    assert!(unreachable(&away.ask().await.unwrap_err()));

    *fake.shown.name.lock().unwrap() = fake.url.clone();
    let mut back = fake.issuer();
    assert_eq!(back.verify(&good, now()).await, Ok(person()));
    *fake.shown.name.lock().unwrap() = String::new();
    let keys = Arc::get_mut(&mut back.keys).unwrap();
    keys.pace.fresh = Duration::ZERO;
    assert_eq!(back.verify(&good, now()).await, Ok(person()));
    let keys = Arc::get_mut(&mut back.keys).unwrap();
    keys.pace.kept = Duration::ZERO;
    let refused = back.verify(&good, now()).await.unwrap_err();
    assert!(unreachable(&refused), "what was said long ago");
}

#[tokio::test]
async fn a_discovery_document_of_another_issuer_is_not_believed() {
    let fake = usual().await;
    let good = by_rsa(&fake.claims());
    *fake.shown.name.lock().unwrap() = "https://evil.example.com".to_owned();
    let refused = fake.issuer().verify(&good, now()).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the issuer's keys can't be read: its discovery document is another issuer's"
    );
}
