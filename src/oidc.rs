//! Whom an OpenID Connect issuer vouches for: its keys, fetched and kept, and its tokens, verified.
//!
//! A token is a JWT signed with one of the issuer's public keys, for our audience, now. Which
//! algorithms count is said here and not by the token: none with a shared secret, nor `none`. Knows
//! no route and no catalog. Start at [`Issuer::verify`].

use std::sync::Arc;

use jiff::Timestamp;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Map, Value};

use keys::Keys;

mod keys;
#[cfg(feature = "api")] // its fake is axum's
#[cfg(test)]
mod tests;

/// Clocks differ by this much.
const LEEWAY_S: f64 = 60.0;
/// More is no token that fits into a header.
const LONGEST: usize = 16 * 1024;
/// The most of one person's groups that are looked at.
const MOST_GROUPS: usize = 1_000;
/// With a public key, all of them: a shared secret would have to be ours too.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// Whom to believe, and about whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// As its tokens say it (`iss`), to the last character; https, or http on this machine.
    pub issuer: String,
    /// One of those that its tokens are made for (`aud`).
    pub audience: String,
    /// The claim with somebody's id as the catalog names people.
    pub user_claim: String,
    /// The claim with their groups as the catalog names them.
    pub groups_claim: String,
}

/// Somebody that the issuer vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub user: String,
    pub groups: Vec<String>,
}

/// Why nobody is vouched for. Names the kind, never a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("it is no token of an issuer")]
    NotOne,
    #[error("it is signed in a way that is not accepted")]
    Algorithm,
    #[error("its key is none of the issuer's")]
    UnknownKey,
    #[error("its signature does not fit")]
    Signature,
    #[error("it has expired")]
    Expired,
    #[error("it is not valid yet")]
    NotYet,
    #[error("it is another issuer's")]
    Issuer,
    #[error("it is made for another program")]
    Audience,
    #[error("it does not say who somebody is")]
    NoUser,
    /// Nobody can tell now.
    #[error("the issuer's keys can't be read: {0}")]
    Unreachable(String),
}

/// Cheap to clone: all clones share the keys.
#[derive(Clone)]
pub struct Issuer {
    settings: Arc<Settings>,
    keys: Arc<Keys>,
}

impl std::fmt::Debug for Issuer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Issuer({})", self.settings.issuer)
    }
}

impl Issuer {
    /// Asks for nothing yet.
    ///
    /// # Errors
    /// [`Error::Unreachable`], where nothing could ever be asked.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        Ok(Issuer {
            keys: Arc::new(Keys::new(&settings.issuer)?),
            settings: Arc::new(settings),
        })
    }

    /// How many keys it has now.
    ///
    /// # Errors
    /// [`Error::Unreachable`].
    pub async fn ask(&self) -> Result<usize, Error> {
        Ok(self.keys.read_now().await?.len())
    }

    /// Who it is, if the issuer says so, to us, now.
    ///
    /// # Errors
    /// Everything else.
    pub async fn verify(&self, token: &str, now: Timestamp) -> Result<Person, Error> {
        if token.len() > LONGEST {
            return Err(Error::NotOne);
        }
        let header = decode_header(token).map_err(|_| Error::NotOne)?;
        if !ALGORITHMS.contains(&header.alg) {
            return Err(Error::Algorithm);
        }
        // What must be understood and is not.
        if header.extras.inner().contains_key("crit") {
            return Err(Error::NotOne);
        }
        let keys = self.keys.named(header.kid.as_deref()).await?;
        let mut refused = Error::UnknownKey;
        for key in keys.iter().filter(|key| signs(key, header.alg)) {
            match self.claims(token, key, header.alg) {
                Ok(claims) => return self.person(&claims, now),
                Err(error) => refused = error,
            }
        }
        Err(refused)
    }

    fn claims(&self, token: &str, key: &Jwk, alg: Algorithm) -> Result<Map<String, Value>, Error> {
        let key = DecodingKey::from_jwk(key).map_err(|_| Error::UnknownKey)?;
        let mut validation = Validation::new(alg);
        validation.set_issuer(&[&self.settings.issuer]);
        validation.set_audience(&[&self.settings.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        // By our clock instead, below: the library reads the machine's.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        let decoded = decode(token, &key, &validation);
        let decoded = decoded.map_err(|error| {
            let kind = error.kind();
            if matches!(kind, ErrorKind::InvalidSignature) {
                Error::Signature
            } else if matches!(kind, ErrorKind::InvalidIssuer) {
                Error::Issuer
            } else if matches!(kind, ErrorKind::InvalidAudience) {
                Error::Audience
            } else if matches!(kind, ErrorKind::InvalidAlgorithm) {
                Error::Algorithm
            } else {
                Error::NotOne
            }
        })?;
        Ok(decoded.claims)
    }

    fn person(&self, claims: &Map<String, Value>, now: Timestamp) -> Result<Person, Error> {
        // The library also takes a list that it is in.
        if claims.get("iss").and_then(Value::as_str) != Some(&self.settings.issuer) {
            return Err(Error::Issuer);
        }
        let now = now.as_duration().as_secs_f64();
        let expires = claims.get("exp").and_then(Value::as_f64);
        if expires.ok_or(Error::NotOne)? + LEEWAY_S <= now {
            return Err(Error::Expired);
        }
        if let Some(from) = claims.get("nbf") {
            let from = from.as_f64().ok_or(Error::NotOne)?;
            if from - LEEWAY_S > now {
                return Err(Error::NotYet);
            }
        }
        let user = claims.get(&self.settings.user_claim);
        let user = user.and_then(Value::as_str).map(str::trim);
        let user = user.filter(|user| is_shown(user)).ok_or(Error::NoUser)?;
        let groups = match claims.get(&self.settings.groups_claim) {
            Some(Value::String(group)) => vec![group.clone()],
            Some(Value::Array(groups)) => {
                let named = groups.iter().filter_map(Value::as_str).map(str::to_owned);
                named.take(MOST_GROUPS).collect()
            }
            Some(_) | None => Vec::new(),
        };
        Ok(Person {
            user: user.to_owned(),
            groups,
        })
    }
}

/// It stands in the audit.
fn is_shown(user: &str) -> bool {
    const MOST: usize = 256;
    !user.is_empty() && user.len() <= MOST && !user.chars().any(char::is_control)
}

/// Whether this key may have made a signature of that kind.
fn signs(key: &Jwk, alg: Algorithm) -> bool {
    let common = &key.common;
    let for_signing = match &common.public_key_use {
        Some(PublicKeyUse::Signature) | None => true,
        Some(_) => false,
    };
    let is_said = common
        .key_algorithm
        .is_none_or(|said| said.to_string() == format!("{alg:?}"));
    let is_public = matches!(
        key.algorithm,
        AlgorithmParameters::RSA(_)
            | AlgorithmParameters::EllipticCurve(_)
            | AlgorithmParameters::OctetKeyPair(_)
    );
    for_signing && is_said && is_public
}
