//! Tests of the signature: Slack's documented vector, and everything near it.

use proptest::prelude::*;

use super::*;

const SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";
const SENT: &str = "1531420618";
const BODY: &str = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
const SIGNATURE: &str = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

fn secrets(all: &[&str]) -> Secrets {
    Secrets::new(all.iter().map(|secret| (*secret).to_owned()))
}

fn judge(timestamp: &[&str], signature: &[&str], body: &[u8], now: i64) -> Result<(), Refused> {
    let timestamp: Vec<&[u8]> = timestamp.iter().map(|value| value.as_bytes()).collect();
    let signature: Vec<&[u8]> = signature.iter().map(|value| value.as_bytes()).collect();
    let headers = Headers {
        timestamp: &timestamp,
        signature: &signature,
    };
    verify(headers, body, at(now), &secrets(&[SECRET]))
}

#[test]
fn slacks_documented_request_verifies() {
    assert_eq!(BODY.len(), 362);
    assert_eq!(
        judge(&[SENT], &[SIGNATURE], BODY.as_bytes(), 1_531_420_618),
        Ok(())
    );
    assert_eq!(sign(SECRET, SENT, BODY.as_bytes()), SIGNATURE);
}

#[test]
fn the_clock_may_differ_by_five_minutes_either_way_and_no_more() {
    for (now, expected) in [
        (1_531_420_618 + 300, Ok(())),
        (1_531_420_618 - 300, Ok(())),
        (1_531_420_618 + 301, Err(Refused::Stale)),
        (1_531_420_618 - 301, Err(Refused::Stale)),
    ] {
        assert_eq!(
            judge(&[SENT], &[SIGNATURE], BODY.as_bytes(), now),
            expected,
            "{now}"
        );
    }
}

#[test]
fn every_malformed_header_is_refused_by_its_kind() {
    let upper = SIGNATURE.to_uppercase();
    let upper_digits = format!("v0={}", SIGNATURE.trim_start_matches("v0=").to_uppercase());
    let cases: [(&[&str], &[&str], Refused); 19] = [
        (&[], &[SIGNATURE], Refused::NoTimestamp),
        (&[SENT], &[], Refused::NoSignature),
        (&[SENT, SENT], &[SIGNATURE], Refused::Doubled),
        (&[SENT], &[SIGNATURE, SIGNATURE], Refused::Doubled),
        (&[""], &[SIGNATURE], Refused::BadTimestamp),
        (&["now"], &[SIGNATURE], Refused::BadTimestamp),
        (&["-1531420618"], &[SIGNATURE], Refused::BadTimestamp),
        (&["+1531420618"], &[SIGNATURE], Refused::BadTimestamp),
        (&["1531420618.0"], &[SIGNATURE], Refused::BadTimestamp),
        (&[" 1531420618"], &[SIGNATURE], Refused::BadTimestamp),
        (
            &["99999999999999999999"],
            &[SIGNATURE],
            Refused::BadTimestamp,
        ),
        (&["9223372036854775807"], &[SIGNATURE], Refused::Stale),
        (&[SENT], &[""], Refused::BadSignature),
        (&[SENT], &["v0="], Refused::BadSignature),
        (&[SENT], &[&SIGNATURE[3..]], Refused::BadSignature),
        (&[SENT], &[&SIGNATURE[..66]], Refused::BadSignature),
        (&[SENT], &[&upper], Refused::BadSignature),
        (&[SENT], &[&upper_digits], Refused::BadSignature),
        (&["1531420619"], &[SIGNATURE], Refused::Mismatch),
    ];
    for (timestamp, signature, expected) in cases {
        let judged = judge(timestamp, signature, BODY.as_bytes(), 1_531_420_618);
        assert_eq!(judged, Err(expected), "{timestamp:?} {signature:?}");
    }
}

#[test]
fn during_a_rotation_both_secrets_hold_and_an_empty_one_never() {
    let timestamp: &[&[u8]] = &[SENT.as_bytes()];
    for (all, expected) in [
        (vec!["new", SECRET], Ok(())),
        (vec![SECRET, "new"], Ok(())),
        (vec!["new"], Err(Refused::Mismatch)),
        (vec![], Err(Refused::Mismatch)),
    ] {
        let signature: &[&[u8]] = &[SIGNATURE.as_bytes()];
        let headers = Headers {
            timestamp,
            signature,
        };
        let judged = verify(headers, BODY.as_bytes(), at(1_531_420_618), &secrets(&all));
        assert_eq!(judged, expected, "{}", all.len());
    }
    let forged = sign("", SENT, BODY.as_bytes());
    let signature: &[&[u8]] = &[forged.as_bytes()];
    let headers = Headers {
        timestamp,
        signature,
    };
    let judged = verify(headers, BODY.as_bytes(), at(1_531_420_618), &secrets(&[""]));
    assert_eq!(judged, Err(Refused::Mismatch));
    assert!(secrets(&[""]).is_empty());
}

#[test]
fn secrets_are_never_printed() {
    assert_eq!(format!("{:?}", secrets(&[SECRET])), "Secrets(1)");
}

proptest! {
    #[test]
    fn no_change_of_one_bit_passes(body in prop::collection::vec(any::<u8>(), 0..200), bit in any::<prop::sample::Index>()) {
        let signature = sign(SECRET, SENT, &body);
        prop_assert_eq!(judge(&[SENT], &[&signature], &body, 1_531_420_618), Ok(()));
        let message = [SENT.as_bytes(), signature.as_bytes(), &body].concat();
        let bit = bit.index(message.len() * 8);
        let mut changed = message;
        changed[bit / 8] ^= 1 << (bit % 8);
        let (timestamp, rest) = changed.split_at(SENT.len());
        let (signature, body) = rest.split_at(67);
        let headers = Headers { timestamp: &[timestamp], signature: &[signature] };
        prop_assert!(verify(headers, body, at(1_531_420_618), &secrets(&[SECRET])).is_err());
    }
}
