//! Signing in and out, and the headers on everything.

use super::*;

fn form(token: &str, next: &str) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("token", token).append_pair("next", next);
    form.finish()
}

#[tokio::test]
async fn somebody_unknown_is_led_to_the_form_and_back_to_where_they_were() {
    let house = house(|_| {}).await;
    let away = call("GET", "/companies/1?as_of=2025-03-01&x=%22%3E", AWAY);
    let said = house.ask(away).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER);
    let place = said.header("location");
    assert!(
        place.starts_with("/sign-in?next=%2Fcompanies%2F1%3Fas%5Fof"),
        "{place}"
    );
    let said = house.ask(call("GET", &place, AWAY)).await;
    assert_eq!(said.status, StatusCode::OK);
    assert!(
        said.body
            .contains("value=\"/companies/1?as_of=2025-03-01&amp;x=%22%3E\""),
        "{}",
        said.body
    );
    let token = house.token("holder", |_| {}).await;
    let back = "/companies/1?as_of=2025-03-01";
    let said = house
        .ask(call("POST", "/sign-in", AWAY).form(form(&format!(" {token}\n"), back)))
        .await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    assert_eq!(said.header("location"), back);
    let cookie = said.header("set-cookie");
    assert_eq!(
        cookie,
        format!("why_session={token}; Path=/; HttpOnly; SameSite=Lax")
    );
    let pair = cookie.split(';').next().unwrap();
    let said = house
        .ask(call("GET", back, AWAY).with("cookie", pair))
        .await;
    assert!(said.body.starts_with("token holder"), "{}", said.body);
    let out = call("POST", "/sign-out", AWAY).with("cookie", pair);
    let said = house.ask(out).await;
    assert_eq!(said.header("location"), "/sign-in");
    assert!(said.header("set-cookie").contains("Max-Age=0"));
}

#[tokio::test]
async fn the_cookie_is_for_tls_alone_but_on_this_machine() {
    let house = house(|_| {}).await;
    let token = house.token("holder", |_| {}).await;
    let sign_in = call("POST", "/sign-in", AWAY)
        .form(form(&token, ""))
        .with("host", "why.example.com");
    let said = house.ask(sign_in).await;
    let cookie = said.header("set-cookie");
    let expected = format!("__Host-why_session={token}; Path=/; HttpOnly; SameSite=Lax; Secure");
    assert_eq!(cookie, expected);
    let ours = cookie.split(';').next().unwrap().to_owned();
    // A neighbour's page may set the plain name for both hosts.
    let neighbours = format!("why_session={token}");
    for (cookie, status) in [
        (&ours, StatusCode::OK),
        (&neighbours, StatusCode::SEE_OTHER),
    ] {
        let call = call("GET", "/", AWAY).with("host", "why.example.com");
        assert_eq!(house.ask(call.with("cookie", cookie)).await.status, status);
    }
    let out = call("POST", "/sign-out", AWAY).with("host", "why.example.com");
    let said = house.ask(out.with("cookie", &ours)).await;
    let cleared = said.header("set-cookie");
    assert!(cleared.starts_with("__Host-why_session=;"), "{cleared}");
}

#[tokio::test]
async fn a_form_without_a_token_is_shown_again_and_says_so() {
    let house = house(|_| {}).await;
    for (body, kind) in [
        (
            form("", "/companies/1"),
            "application/x-www-form-urlencoded",
        ),
        ("{}".to_owned(), "application/json"),
    ] {
        let sent = call("POST", "/sign-in", AWAY).form(body);
        let said = house.ask(sent.with("content-type", kind)).await;
        assert_eq!(said.status, StatusCode::BAD_REQUEST, "{kind}");
        assert!(said.body.contains("There was no token"), "{}", said.body);
    }
}

#[tokio::test]
async fn a_wrong_token_is_not_kept_nor_shown_again_and_guessing_ends() {
    let house = house(|s| s.pace = pace(3, 3)).await;
    for expected in [401, 401, 401, 429] {
        let guess = call("POST", "/sign-in", AWAY).form(form("why_hush", "/companies/1"));
        let said = house.ask(guess).await;
        assert_eq!(said.status.as_u16(), expected);
        assert_eq!(said.header("set-cookie"), "");
        assert!(!said.body.contains("hush"), "{}", said.body);
        if expected == 401 {
            assert!(said.body.contains("role=\"alert\"") && said.body.contains("/companies/1"));
        }
    }
}

#[tokio::test]
async fn nobody_is_led_away_nor_signed_in_by_another_page() {
    let house = house(|_| {}).await;
    let token = house.token("holder", |_| {}).await;
    for next in [
        "https://evil.example.com",
        "//evil.example.com",
        "/\\evil.example.com",
        "\\/evil.example.com",
        "javascript:alert(1)",
        "/\t/evil.example.com",
        "/\r\nSet-Cookie: x=y",
        "/sign-in",
        "/sign-out",
        "",
    ] {
        let said = house
            .ask(call("POST", "/sign-in", AWAY).form(form(&token, next)))
            .await;
        assert_eq!(said.header("location"), "/", "{next}");
    }
    for (name, value) in [
        ("origin", "https://evil.example.com"),
        ("sec-fetch-site", "cross-site"),
    ] {
        for path in ["/sign-in", "/sign-out"] {
            let said = house
                .ask(
                    call("POST", path, AWAY)
                        .form(form(&token, ""))
                        .with(name, value),
                )
                .await;
            assert_eq!(said.status, StatusCode::FORBIDDEN, "{path} {name}");
            assert_eq!(said.header("set-cookie"), "");
        }
    }
}

#[tokio::test]
async fn everything_has_the_headers_that_keep_it_ours() {
    let house = house(|s| s.public_url = Some("https://why.example.com".to_owned())).await;
    let paths = [
        "/",
        "/v1/answer",
        "/v1/nothing",
        "/nothing",
        "/links/x",
        "/links/x/answer.json",
        "/sign-in",
        "/docs",
        "/assets/page.css",
        "/assets/none",
    ];
    for path in paths {
        for method in ["GET", "HEAD", "POST", "OPTIONS", "DELETE"] {
            let said = house.ask(call(method, path, AWAY)).await;
            let policy = said.header("content-security-policy");
            assert!(policy.starts_with("default-src 'none';"), "{method} {path}");
            assert!(!policy.contains("unsafe"), "{policy}");
            assert_eq!(said.header("referrer-policy"), "no-referrer");
            assert_eq!(said.header("x-content-type-options"), "nosniff");
            assert_eq!(said.header("cache-control"), "private, no-store");
            assert!(said.header("vary").to_lowercase().contains("cookie") || method == "OPTIONS");
            assert!(
                said.header("strict-transport-security")
                    .starts_with("max-age=")
            );
        }
    }
    let house = super::house(|_| {}).await;
    let said = house.ask(call("GET", "/", HERE)).await;
    assert_eq!(said.header("strict-transport-security"), "");
}

#[tokio::test]
async fn a_path_that_nobody_thought_of_is_closed() {
    let house = house(|_| {}).await;
    for (path, expected) in [
        ("/v1/whatever", StatusCode::UNAUTHORIZED),
        ("/v1/../sign-in", StatusCode::UNAUTHORIZED),
        ("/v1/links/x", StatusCode::UNAUTHORIZED),
        ("/whatever", StatusCode::SEE_OTHER),
        ("/sign-in/x", StatusCode::SEE_OTHER),
        ("//assets/x", StatusCode::SEE_OTHER),
        ("/ASSETS/x", StatusCode::SEE_OTHER),
        ("/docs/x", StatusCode::SEE_OTHER),
        ("/links", StatusCode::SEE_OTHER),
        ("/docs", StatusCode::OK),
        ("/assets/page.css", StatusCode::OK),
    ] {
        let said = house.ask(call("GET", path, AWAY)).await;
        assert_eq!(said.status, expected, "{path}");
    }
    // Known, they are told that there is nothing.
    let said = house.ask(call("GET", "/whatever", HERE)).await;
    assert_eq!(said.status, StatusCode::NOT_FOUND);
}
