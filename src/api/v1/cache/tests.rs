//! What has one tag, and what may be kept.

use axum::http::header::HeaderName;

use super::*;

fn answer(as_of: &str, value: &str, ms: f64) -> Value {
    json!({
        "question": {"as_of": as_of},
        "value": value,
        "id": as_of,
        "read": {"complete": true, "from": "2023-01-01", "to": as_of, "total_ms": ms},
    })
}

#[test]
fn what_reading_took_and_when_now_is_make_no_other_tag() {
    let of = |said: &Value, kept| tag(said, Form::Json, kept);
    let (one, other) = (
        answer("2026-11-20", "10M", 1.0),
        answer("2026-11-21", "10M", 9.0),
    );
    assert_eq!(of(&one, Kept::Now), of(&other, Kept::Now));
    assert_ne!(of(&one, Kept::Minute), of(&other, Kept::Minute));
    let third = answer("2026-11-20", "11M", 1.0);
    assert_ne!(of(&one, Kept::Now), of(&third, Kept::Now));
    assert_ne!(of(&one, Kept::Now), tag(&one, Form::Csv, Kept::Now));
    let mut partly = one.clone();
    partly["read"]["complete"] = json!(false);
    assert_ne!(of(&one, Kept::Now), of(&partly, Kept::Now));
}

#[test]
fn only_the_settled_past_of_a_url_that_means_the_same_is_immutable() {
    let now: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
    let ago = |hours: i64| Some(now - SignedDuration::from_hours(hours));
    assert_eq!(kept(None, Means::TheSame, now), Kept::Now);
    assert_eq!(kept(ago(167), Means::TheSame, now), Kept::Minute);
    assert_eq!(kept(ago(168), Means::TheSame, now), Kept::Settled);
    assert_eq!(
        kept(ago(9_000), Means::SomethingElseTomorrow, now),
        Kept::Minute
    );
    assert!(is_fixed("2025-03-01") && is_fixed("2025-03-01T00:00:00Z"));
    assert!(!is_fixed("yesterday") && !is_fixed("2025") && !is_fixed("a year ago"));
}

#[test]
fn a_known_tag_is_not_sent_again() {
    let known = |said: &str| {
        let mut headers = HeaderMap::new();
        headers.insert(
            HeaderName::from_static("if-none-match"),
            said.parse().unwrap(),
        );
        is_known(&headers, "W/\"ab\"")
    };
    assert!(known("W/\"ab\"") && known("\"ab\"") && known("*"));
    assert!(known("\"x\", W/\"ab\" , \"y\""));
    assert!(!known("\"abc\"") && !known("ab") && !known(""));
}
