//! An OpenID Connect issuer on this machine: its keys, and tokens for whomever a test likes.

use std::net::Ipv4Addr;

use axum::Router;
use axum::routing::get;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::request::clock;

const KID: &str = "e2e";

pub(super) struct Issuer {
    url: String,
}

fn key(of: &[u8]) -> EncodingKey {
    EncodingKey::from_rsa_der(of)
}

fn own() -> EncodingKey {
    key(include_bytes!("../../data/issuer/rsa.der"))
}

impl Issuer {
    /// On a free port of this machine; ends with the runtime.
    pub(super) async fn start() -> Issuer {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let mut public = Jwk::from_encoding_key(&own(), Algorithm::RS256).unwrap();
        public.common.key_id = Some(KID.to_owned());
        let about = json!({"issuer": url, "jwks_uri": format!("{url}/keys")}).to_string();
        let keys = json!({"keys": [public]}).to_string();
        let router = Router::new()
            .route(
                "/.well-known/openid-configuration",
                get(async move || about.clone()),
            )
            .route("/keys", get(async move || keys.clone()));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Issuer { url }
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Good for five minutes, for this audience; `claims` win.
    pub(super) fn token(&self, audience: &str, claims: &Value) -> String {
        self.signed(&own(), audience, claims)
    }

    /// The same, signed by somebody else.
    pub(super) fn forged(&self, audience: &str) -> String {
        let other = key(include_bytes!("../../data/issuer/other.der"));
        self.signed(&other, audience, &json!({}))
    }

    fn signed(&self, key: &EncodingKey, audience: &str, claims: &Value) -> String {
        let now = clock().as_second();
        let mut all = json!({
            "iss": self.url, "aud": audience, "sub": "U7ADA", "iat": now, "exp": now + 300,
        });
        let fields = claims.as_object().unwrap().clone();
        all.as_object_mut().unwrap().extend(fields);
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(KID.to_owned());
        encode(&header, &all, key).unwrap()
    }
}
