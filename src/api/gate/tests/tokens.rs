//! Tokens and links: what they open, for how long, and what becomes of those that are none.

use super::*;
use crate::link;

fn bearer(path: &'static str, method: &'static str, token: &str) -> (String, Call<'static>) {
    (format!("Bearer {token}"), call(method, path, AWAY))
}

async fn with_token(house: &House, method: &'static str, path: &'static str, token: &str) -> Said {
    let (value, call) = bearer(path, method, token);
    house.ask(call.with("authorization", &value)).await
}

#[tokio::test]
async fn a_token_opens_what_its_scopes_say_for_whom_it_says() {
    let house = house(|_| {}).await;
    let both = house
        .token("both", |t| t.standing = Standing::Outsider)
        .await;
    let only = |ask, feedback| move |t: &mut Token| t.may = Scopes { ask, feedback };
    let asks = house.token("asks", only(true, false)).await;
    let says = house.token("says", only(false, true)).await;
    for (token, asked, told) in [
        (&both, "token both U1 [\"S1\"] Outsider", ""),
        (&asks, "token asks U1 [\"S1\"] Member", "scope"),
        (&says, "scope", "token says U1 [\"S1\"] Member"),
    ] {
        for (method, path, expected) in
            [("GET", "/v1/answer", asked), ("POST", "/v1/feedback", told)]
        {
            let said = with_token(&house, method, path, token).await;
            match expected {
                "" => assert_eq!(said.status, StatusCode::OK),
                "scope" => {
                    assert_eq!(said.status, StatusCode::FORBIDDEN);
                    assert_eq!(said.code(), "scope");
                    assert!(
                        said.header("www-authenticate")
                            .contains("insufficient_scope")
                    );
                }
                body => assert_eq!(said.body, body),
            }
        }
    }
}

#[tokio::test]
async fn a_token_opens_nothing_once_it_expired_or_was_revoked_or_altered() {
    let house = house(|_| {}).await;
    let good = house.token("good", |t| t.expires_at = Some(later(1))).await;
    let over = house.token("over", |t| t.expires_at = Some(later(0))).await;
    let gone = house.token("gone", |_| {}).await;
    let met = with_token(&house, "GET", "/v1/answer", &good).await;
    assert_eq!(met.status, StatusCode::OK);
    assert_eq!(
        with_token(&house, "GET", "/v1/answer", &gone).await.status,
        StatusCode::OK
    );
    assert!(house.api.ledger.revoke_token("gone").await.unwrap());
    let mut altered = good.clone();
    let last = if altered.pop() == Some('A') { 'B' } else { 'A' };
    altered.push(last);
    let hash = access::hash(&good);
    for token in [&over, &gone, &altered, &hash, "", "why_", "a.b.c", "x"] {
        for by in ["header", "cookie"] {
            let (header, cookie) = (format!("Bearer {token}"), format!("why_session={token}"));
            let call = call("GET", "/v1/answer", AWAY);
            let said = match by {
                "header" => house.ask(call.with("authorization", &header)).await,
                _ => house.ask(call.with("cookie", &cookie)).await,
            };
            assert_eq!(said.status, StatusCode::UNAUTHORIZED, "{by} {token}");
            assert!(!said.body.contains("why_") || token.is_empty() || !said.body.contains(token));
        }
    }
}

#[tokio::test]
async fn a_token_in_a_header_counts_alone() {
    let house = house(|_| {}).await;
    let good = house.token("good", |_| {}).await;
    let cookie = format!("why_session={good}");
    // Neither the cookie nor this machine makes up for one that is wrong.
    let wrong = call("GET", "/v1/answer", HERE)
        .with("authorization", "Bearer why_wrong")
        .with("cookie", &cookie);
    let said = house.ask(wrong).await;
    assert_eq!(said.code(), "bad_token");
    assert!(said.header("www-authenticate").contains("invalid_token"));
    let mut doubled = call("GET", "/v1/answer", HERE);
    let header = format!("Bearer {good}");
    doubled.headers.push(("authorization", &header));
    doubled.headers.push(("authorization", "Bearer why_wrong"));
    assert_eq!(house.ask(doubled).await.code(), "bad_token");
    // Here too somebody may look through another's eyes.
    let as_holder = call("GET", "/v1/answer", HERE).with("cookie", &cookie);
    assert!(house.ask(as_holder).await.body.starts_with("token good"));
}

fn link(audience: Audience, seconds: i64) -> Link {
    Link {
        question: "#17 revenue as of 2025-03-01T10:00:00Z".to_owned(),
        audience,
        expires_at: later(seconds),
    }
}

#[tokio::test]
async fn a_link_opens_its_answer_and_no_other_door() {
    let house = house(|_| {}).await;
    let member = Audience::Person {
        user: "U1".to_owned(),
        groups: Vec::new(),
        channel: None,
        standing: Standing::Member,
    };
    let good = link(member.clone(), 60).sign(&key());
    let old = link(member.clone(), 0).sign(&key());
    let forged = link(member, 60).sign(&Key::new([8; 32]).unwrap());
    let mut altered = good.clone();
    altered.replace_range(
        3..4,
        if altered.as_bytes()[3] == b'A' {
            "B"
        } else {
            "A"
        },
    );
    for (text, page, data) in [
        (&good, StatusCode::OK, ""),
        (&old, StatusCode::GONE, "link_expired"),
        (&forged, StatusCode::NOT_FOUND, "bad_link"),
        (&altered, StatusCode::NOT_FOUND, "bad_link"),
        (&"x".to_owned(), StatusCode::NOT_FOUND, "bad_link"),
    ] {
        // Also for whoever sits here: what it shows is what it was made for.
        for peer in [AWAY, HERE] {
            let path = format!("/links/{text}");
            let said = house.ask(call("GET", &path, peer)).await;
            assert_eq!(said.status, page, "{text} {}", said.body);
            let path = format!("/links/{text}/answer.json");
            let said = house.ask(call("GET", &path, peer)).await;
            match data {
                "" => assert_eq!(said.body, "#17 revenue as of 2025-03-01T10:00:00Z"),
                code => assert_eq!(said.code(), code),
            }
        }
    }
    for (method, path, expected) in [
        ("POST", format!("/links/{good}"), StatusCode::FORBIDDEN),
        // It is no token.
        ("GET", "/v1/answer".to_owned(), StatusCode::UNAUTHORIZED),
        (
            "GET",
            format!("/v1/answer?link={good}"),
            StatusCode::UNAUTHORIZED,
        ),
        (
            "GET",
            format!("/links/{good}/../../v1/answer"),
            StatusCode::NOT_FOUND,
        ),
        (
            "GET",
            format!("/links/{good}/nothing"),
            StatusCode::NOT_FOUND,
        ),
    ] {
        let (header, cookie) = (format!("Bearer {good}"), format!("why_session={good}"));
        let said = house
            .ask(
                call(method, &path, AWAY)
                    .with("authorization", &header)
                    .with("cookie", &cookie),
            )
            .await;
        assert_eq!(said.status, expected, "{method} {path}");
    }
}

#[tokio::test]
async fn without_a_key_no_link_opens() {
    let house = house(|s| s.link_keys = LinkKeys::default()).await;
    let text = link(Audience::Operator, 60).sign(&key());
    let path = format!("/links/{text}");
    let said = house.ask(call("GET", &path, AWAY)).await;
    assert_eq!(said.status, StatusCode::NOT_FOUND);
    assert_eq!(
        link::verify(&text, &[], now()),
        Err(link::Refused::Unsigned)
    );
}

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_come_back_and_nobody_else_is() {
    let house = house(|s| s.pace = pace(3, 2)).await;
    let (one, two) = (
        house.token("one", |_| {}).await,
        house.token("two", |_| {}).await,
    );
    for _ in 0..3 {
        let said = with_token(&house, "GET", "/v1/answer", &one).await;
        assert_eq!(said.status, StatusCode::OK);
    }
    let said = with_token(&house, "GET", "/v1/answer", &one).await;
    assert_eq!(said.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(said.code(), "too_many_requests");
    let wait: u64 = said.header("retry-after").parse().unwrap();
    assert!((1..=61).contains(&wait), "{wait}");
    let other = with_token(&house, "GET", "/v1/answer", &two).await;
    assert_eq!(other.status, StatusCode::OK);
    // Guesses, by where they come from; whoever sits here is not held back.
    let guess = |peer| call("GET", "/v1/answer", peer).with("authorization", "Bearer why_x");
    for expected in [401, 401, 429] {
        assert_eq!(house.ask(guess(AWAY)).await.status.as_u16(), expected);
    }
    assert_eq!(house.ask(guess("203.0.113.8:1")).await.status.as_u16(), 401);
    for _ in 0..20 {
        let here = house.ask(call("GET", "/v1/answer", HERE)).await;
        assert_eq!(here.status, StatusCode::OK);
    }
    let networks = [
        "[2001:db8::1]:1",
        "[2001:db8::2]:1",
        "[2001:db8:0:0:9::3]:1",
        "[2001:db8:0:1::1]:1",
    ];
    for (peer, expected) in networks.into_iter().zip([401, 401, 429, 401]) {
        assert_eq!(
            house.ask(guess(peer)).await.status.as_u16(),
            expected,
            "{peer}"
        );
    }
}
