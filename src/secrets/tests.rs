//! What is kept of a secret, when it is read again, and that reading never takes long.

use std::time::Instant as Clock;

use jiff::Timestamp;

use super::*;
use crate::lambda::tests::{CURRENT as NOW, Fake, Fault, PREVIOUS as BEFORE, SIGNING, now};
use crate::slack::signature::{Headers, sign, verify};

const OLD: &str = "0ld00000000000000000000000000000";
const TIMES: Times = Times {
    attempt: Duration::from_millis(200),
    operation: Duration::from_millis(300),
};
const FRESH: Duration = Duration::from_secs(300);

fn kept(fake: &Fake) -> Kept {
    Kept::new(&fake.sdk(), "why", TIMES)
}

fn accepts(secret: &Secret, signing: &str) -> bool {
    let at: Timestamp = now();
    let timestamp = at.as_second().to_string();
    let signature = sign(signing, &timestamp, b"body");
    let headers = Headers {
        timestamp: &[timestamp.as_bytes()],
        signature: &[signature.as_bytes()],
    };
    verify(headers, b"body", at, &secret.signing(at)).is_ok()
}

#[tokio::test]
async fn a_secret_is_read_once_and_kept() {
    let fake = Fake::start().await;
    let kept = kept(&fake);
    assert!(kept.known().is_none());
    let secret = kept.within(FRESH).await.unwrap();
    assert_eq!(secret.bot_token, "xoxb-1");
    assert!(accepts(&secret, SIGNING) && !accepts(&secret, OLD));
    let both = tokio::join!(kept.within(FRESH), kept.within(FRESH));
    assert!(both.0.is_ok() && both.1.is_ok() && kept.known().is_some());
    // One for each version.
    assert_eq!(fake.calls("GetSecretValue").len(), 2);
}

#[tokio::test]
async fn during_a_rotation_the_signing_secret_before_is_accepted_and_its_token_not_used() {
    let fake = Fake::start().await;
    fake.set_secret(BEFORE, "xoxb-0", OLD);
    let secret = kept(&fake).within(FRESH).await.unwrap();
    assert_eq!(secret.bot_token, "xoxb-1");
    assert!(accepts(&secret, SIGNING) && accepts(&secret, OLD));
    // What stood there before somebody filled it in lets nobody in.
    fake.set_value(BEFORE, "fill me in");
    let secret = kept(&fake).within(FRESH).await.unwrap();
    assert!(accepts(&secret, SIGNING) && !accepts(&secret, OLD));
    fake.set_secret(BEFORE, "", "fill-me-in");
    let secret = kept(&fake).within(FRESH).await.unwrap();
    assert!(accepts(&secret, SIGNING) && !accepts(&secret, "fill-me-in"));
}

#[tokio::test]
async fn the_signing_secret_before_is_refused_an_hour_after_the_new_one_was_put_in() {
    let fake = Fake::start().await;
    fake.set_secret(BEFORE, "xoxb-0", OLD);
    fake.age(BOTH_FOR - Duration::from_secs(1));
    let secret = kept(&fake).within(FRESH).await.unwrap();
    assert!(accepts(&secret, SIGNING) && accepts(&secret, OLD));
    // By whoever read it in time as well.
    let later = now() + Duration::from_secs(1);
    assert_eq!(format!("{:?}", secret.signing(now())), "Secrets(2)");
    assert_eq!(format!("{:?}", secret.signing(later)), "Secrets(1)");
    fake.age(BOTH_FOR);
    let secret = kept(&fake).within(FRESH).await.unwrap();
    assert!(accepts(&secret, SIGNING) && !accepts(&secret, OLD));
}

#[tokio::test]
async fn what_was_taken_away_is_found_out_after_a_while_and_a_manager_that_fails_is_asked_once() {
    let fake = Fake::start().await;
    fake.set_secret(BEFORE, "xoxb-0", OLD);
    let kept = kept(&fake);
    assert!(kept.tried_within(Duration::ZERO).await.is_none());
    assert_eq!(fake.calls("GetSecretValue").len(), 0);
    kept.within(FRESH).await.unwrap();
    fake.take_away(BEFORE);
    let secret = kept.tried_within(FRESH).await.unwrap();
    assert!(accepts(&secret, OLD));
    let secret = kept.tried_within(Duration::ZERO).await.unwrap();
    assert!(accepts(&secret, SIGNING) && !accepts(&secret, OLD));
    fake.fault("GetSecretValue", Fault::Garbage);
    assert!(kept.tried_within(Duration::ZERO).await.is_some());
    let asked = fake.calls("GetSecretValue").len();
    assert!(kept.tried_within(FRESH).await.is_some());
    assert_eq!(fake.calls("GetSecretValue").len(), asked);
}

#[tokio::test]
async fn what_is_doubted_is_read_again_but_not_for_every_doubt() {
    let fake = Fake::start().await;
    let kept = kept(&fake);
    kept.within(FRESH).await.unwrap();
    fake.set_secret(NOW, "xoxb-2", OLD);
    // It was read a moment ago.
    assert!(matches!(kept.doubted().await, Asked::Lately));
    let kept = kept.doubted_every(Duration::ZERO);
    let Asked::Now(secret) = kept.doubted().await else {
        panic!("not asked");
    };
    assert!(accepts(&secret, OLD) && secret.bot_token == "xoxb-2");
    assert_eq!(fake.calls("GetSecretValue").len(), 4);
}

#[tokio::test]
async fn a_reading_that_fails_leaves_what_is_known_and_nothing_known_is_always_asked_for() {
    let fake = Fake::start().await;
    fake.fault("GetSecretValue", Fault::Fails);
    let kept = kept(&fake);
    assert!(kept.within(FRESH).await.is_err());
    assert!(matches!(kept.doubted().await, Asked::None));
    fake.mend("GetSecretValue");
    assert!(matches!(kept.doubted().await, Asked::Now(_)));
    fake.fault("GetSecretValue", Fault::Garbage);
    assert_eq!(
        kept.within(Duration::ZERO).await.unwrap().bot_token,
        "xoxb-1"
    );
}

#[tokio::test]
async fn a_manager_that_hangs_costs_no_more_than_its_time() {
    let fake = Fake::start().await;
    fake.fault("GetSecretValue", Fault::Hangs);
    let began = Clock::now();
    let error = kept(&fake).within(FRESH).await.unwrap_err();
    let took = began.elapsed();
    assert!(
        took < TIMES.operation + Duration::from_millis(150),
        "{took:?}"
    );
    assert!(matches!(error, Error::TimedOut), "{error}");
}

#[tokio::test]
async fn no_error_and_no_print_says_what_a_secret_is() {
    let fake = Fake::start().await;
    for value in [
        "xoxb-hush",
        r#"{"bot_token": "xoxb-hush"}"#,
        r#"{"bot_token": ["hush"]}"#,
    ] {
        fake.set_value(NOW, value);
        let error = kept(&fake).within(FRESH).await.unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hush"), "{error:?}");
    }
    fake.set_secret(NOW, "xoxb-hush", "hush-hush-hush-hush-hush");
    let kept = kept(&fake);
    let secret = kept.within(FRESH).await.unwrap();
    let printed = format!("{secret:?} {kept:?}");
    assert!(!printed.contains("hush"), "{printed}");
}

#[tokio::test]
async fn the_key_of_links_may_be_missing_and_the_one_before_still_opens_what_it_signed() {
    let fake = Fake::start().await;
    let value = |key: &str| {
        let value = serde_json::json!({
            "bot_token": "xoxb-1", "signing_secret": SIGNING, "link_key": key,
        });
        value.to_string()
    };
    let (new, old) = ("n".repeat(44), "o".repeat(44));
    let secret = kept(&fake).within(FRESH).await.unwrap();
    assert_eq!((&secret.link_key, secret.link_keys().len()), (&None, 0));
    fake.set_value(NOW, &value(&new));
    fake.set_value(BEFORE, &value(&old));
    let secret = kept(&fake).within(FRESH).await.unwrap();
    let keys = [new, old].map(|key| Key::new(key).unwrap());
    assert_eq!(secret.link_keys(), keys);
    assert_eq!(secret.link_key.as_ref(), keys.first());
    let printed = format!("{secret:?}");
    assert!(!printed.contains("nnn"), "{printed}");
    // What is too short can be guessed.
    fake.set_value(NOW, &value("short"));
    let secret = kept(&fake).within(FRESH).await.unwrap();
    assert_eq!(secret.link_key, None);
}
