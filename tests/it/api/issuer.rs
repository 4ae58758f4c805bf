//! An OpenID Connect issuer on the wire, with one key, and the tokens it signs; also those that it
//! would never sign.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use jiff::Timestamp;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use tokio::net::TcpListener;

pub(super) const AUDIENCE: &str = "why-of-the-tests";

pub(super) struct Issuer {
    pub(super) url: String,
}

fn own_key() -> EncodingKey {
    EncodingKey::from_rsa_der(include_bytes!("../../data/issuer/rsa.der"))
}

fn other_key() -> EncodingKey {
    EncodingKey::from_rsa_der(include_bytes!("../../data/issuer/other.der"))
}

fn public() -> Value {
    let mut key = Jwk::from_encoding_key(&own_key(), Algorithm::RS256).unwrap();
    key.common.key_id = Some("one".to_owned());
    serde_json::to_value(key).unwrap()
}

async fn discovery(State(address): State<SocketAddr>) -> String {
    let url = format!("http://{address}");
    json!({"issuer": url, "jwks_uri": format!("{url}/keys")}).to_string()
}

impl Issuer {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route(
                "/keys",
                get(async || json!({"keys": [public()]}).to_string()),
            )
            .with_state(address);
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Issuer {
            url: format!("http://{address}"),
        }
    }

    /// Good for a minute or so from now on.
    pub(super) fn claims(&self, user: &str, groups: &[&str]) -> Value {
        json!({
            "iss": self.url,
            "aud": AUDIENCE,
            "sub": user,
            "groups": groups,
            "exp": clock().as_second() + 600,
        })
    }

    pub(super) fn sign(&self, claims: &Value) -> String {
        signed(claims, &own_key(), Algorithm::RS256, "one")
    }

    /// Every token that is nearly one, by what is wrong with it.
    pub(super) fn forgeries(&self, user: &str) -> Vec<(&'static str, String)> {
        let claims = self.claims(user, &[]);
        let with = |name: &str, value: Value| {
            let mut claims = claims.clone();
            claims[name] = value;
            self.sign(&claims)
        };
        let good = self.sign(&claims);
        let payload = good.split('.').nth(1).unwrap();
        let header = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIiwia2lkIjoib25lIn0";
        let modulus = public()["n"].as_str().unwrap().to_owned();
        let secret = EncodingKey::from_secret(modulus.as_bytes()).unwrap();
        vec![
            ("expired", with("exp", json!(clock().as_second() - 61))),
            (
                "wrong issuer",
                with("iss", json!("https://evil.example.com")),
            ),
            ("wrong audience", with("aud", json!("another"))),
            ("alg none", format!("{header}.{payload}.")),
            (
                "HS256 with the public key",
                signed(&claims, &secret, Algorithm::HS256, "one"),
            ),
            (
                "unknown kid",
                signed(&claims, &own_key(), Algorithm::RS256, "two"),
            ),
            (
                "another's key",
                signed(&claims, &other_key(), Algorithm::RS256, "one"),
            ),
        ]
    }
}

fn signed(claims: &Value, key: &EncodingKey, alg: Algorithm, kid: &str) -> String {
    let mut header = Header::new(alg);
    header.kid = Some(kid.to_owned());
    encode(&header, claims, key).unwrap()
}

#[expect(
    clippy::disallowed_methods,
    reason = "a server of its own has the machine's clock in common"
)]
pub(super) fn clock() -> Timestamp {
    Timestamp::now()
}
