//! The two headers: what verifies is the true HMAC of just now, and the true one always does.
//!
//! Input: a byte to change and how, a line with the timestamp, a line with the signature, the body.
#![no_main]

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use why::slack::signature::{Headers, MAX_SKEW_S, Secrets, verify};

const SECRETS: [&str; 2] = [
    "8f742231b10e8888abcd99yyyzzz85a5",
    "another, during a rotation",
];
const NOW: u64 = 1_531_420_618;
const BLOCK: usize = 64;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let [at, change, rest @ ..] = data else {
        return;
    };
    let mut parts = rest.splitn(3, |byte| *byte == b'\n');
    let timestamp = parts.next().unwrap_or_default();
    let signature = parts.next().unwrap_or_default();
    let body = parts.next().unwrap_or_default();
    let truth = SECRETS.map(|secret| sign(secret.as_bytes(), timestamp, body));
    let is_fresh = is_fresh(timestamp);

    let is_true = truth.iter().any(|one| one.as_bytes() == signature);
    assert_eq!(verifies(timestamp, signature, body), is_fresh && is_true);
    for one in truth {
        assert_eq!(
            verifies(timestamp, one.as_bytes(), body),
            is_fresh,
            "the true one"
        );
        // One request has one signature, so the same digits in capitals are another's.
        let loud = one.to_uppercase().replacen('V', "v", 1);
        assert!(!verifies(timestamp, loud.as_bytes(), body), "in capitals");
        let mut other = one.into_bytes();
        let at = usize::from(*at) % other.len();
        other[at] ^= change;
        assert_eq!(
            verifies(timestamp, &other, body),
            is_fresh && *change == 0,
            "a changed one"
        );
    }
});

fn verifies(timestamp: &[u8], signature: &[u8], body: &[u8]) -> bool {
    let now = Timestamp::from_second(NOW as i64).expect("a time");
    let secrets = Secrets::new(SECRETS.map(str::to_owned));
    let headers = Headers {
        timestamp: &[timestamp],
        signature: &[signature],
    };
    verify(headers, body, now, &secrets).is_ok()
}

fn is_fresh(timestamp: &[u8]) -> bool {
    let digits = timestamp.iter().all(u8::is_ascii_digit);
    let text = std::str::from_utf8(timestamp).unwrap_or_default();

    digits
        && text
            .parse::<u64>()
            .is_ok_and(|sent| sent.abs_diff(NOW) <= MAX_SKEW_S)
}

/// RFC 2104, by hand.
fn sign(secret: &[u8], timestamp: &[u8], body: &[u8]) -> String {
    let pad = |with: u8| {
        let mut key = [with; BLOCK];
        key.iter_mut()
            .zip(secret)
            .for_each(|(key, byte)| *key ^= byte);
        key
    };
    let inner = Sha256::new()
        .chain_update(pad(0x36))
        .chain_update(b"v0:")
        .chain_update(timestamp);
    let inner = inner.chain_update(b":").chain_update(body).finalize();
    let outer = Sha256::new()
        .chain_update(pad(0x5c))
        .chain_update(inner)
        .finalize();
    let digits: String = outer.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("v0={digits}")
}
